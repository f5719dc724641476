#include "twilio/credentials_command.h"

#include "base/clock.h"
#include "base/command_words.h"
#include "base/str.h"
#include "base/subprocess.h"

#include <errno.h>
#include <jansson.h>
#include <stddef.h>
#include <string.h>

enum { ERRORS_KEPT = 256 * 1024 };

/* What a secrets manager has no use for, and what it is to replace. */
static const char *const without_secrets[] = {
    "TWILIO_AUTH_TOKEN",
    NULL,
    "TWILIO_API_SECRET",
    NULL,
    "ROSTER_PLAN_KEY",
    NULL,
    "ROSTER_GIT_TOKEN",
    NULL,
    "ROSTER_NOTIFY_URL",
    NULL,
    "ROSTER_GIT_SSH_PASSPHRASE",
    NULL,
    NULL,
};

static const struct {
    const char *name, *variable;
    size_t offset;
} members[] = {
    {"account_sid", "TWILIO_ACCOUNT_SID", offsetof(struct twilio_given, account_sid)},
    {"auth_token", "TWILIO_AUTH_TOKEN", offsetof(struct twilio_given, auth_token)},
    {"api_key", "TWILIO_API_KEY", offsetof(struct twilio_given, api_key)},
    {"api_secret", "TWILIO_API_SECRET", offsetof(struct twilio_given, api_secret)},
    {"region", "TWILIO_REGION", offsetof(struct twilio_given, region)},
    {"edge", "TWILIO_EDGE", offsetof(struct twilio_given, edge)},
};

static const char shape[] = "its standard output has to be a JSON object with \"account_sid\" and "
                            "\"auth_token\", or \"api_key\" and \"api_secret\"";

/* `program` is all that is shown of the command: its arguments may be secrets, too. */
static int report_outcome(const char *program, enum subprocess_outcome outcome, int status,
                          int64_t timeout_ms, struct diag *diag)
{
    switch (outcome) {
    case SUBPROCESS_ENDED:
        if (status == 0)
            return 0;
        diag_error(diag, NULL, "the credentials command %s failed: exit status %d", program,
                   status);
        diag_help(diag, "what it said is above, if it said anything");
        break;
    case SUBPROCESS_MISSING:
        diag_error(diag, NULL, "there is no program %s, which is to give the credentials", program);
        diag_help(diag, "--credentials-command takes a program and its arguments; it is run "
                        "without a shell");
        break;
    case SUBPROCESS_TIMEOUT:
        diag_error(diag, NULL, "the credentials command %s gave no answer within %lld s", program,
                   (long long)(timeout_ms + 999) / 1000);
        diag_help(diag, "it can't ask: its standard input is empty");
        break;
    case SUBPROCESS_TOO_LONG:
        diag_error(diag, NULL, "the credentials command %s wrote more than %d KiB", program,
                   CREDENTIALS_OUTPUT_MAX / 1024);
        diag_help(diag, "%s", shape);
        break;
    case SUBPROCESS_STOPPED:
    case SUBPROCESS_FAILED:
        diag_error(diag, NULL, "cannot run the credentials command %s: %s", program,
                   strerror(errno));
        break;
    }
    return -1;
}

static int report_member(const char *program, const char *name, const char *what, struct diag *diag)
{
    diag_error(diag, NULL, "the credentials command %s gives a \"%s\" that %s", program, name,
               what);
    diag_help(diag, "%s", shape);
    return -1;
}

/* The text of a member; NULL when it is not there, null or empty. */
static int read_text(const json_t *answer, const char *program, const char *name, const char **out,
                     struct diag *diag)
{
    const json_t *value = json_object_get(answer, name);

    *out = NULL;
    if (value == NULL || json_is_null(value))
        return 0;
    if (!json_is_string(value))
        return report_member(program, name, "is no string", diag);
    if (strlen(json_string_value(value)) != 0)
        *out = json_string_value(value);
    return 0;
}

static int read_member(const json_t *answer, const char *program, size_t member,
                       struct twilio_given *given, struct arena *arena, struct diag *diag)
{
    const char **into = (const char **)((char *)given + members[member].offset);
    const char *value, *other;

    if (read_text(answer, program, members[member].name, &value, diag) != 0 ||
        read_text(answer, program, members[member].variable, &other, diag) != 0)
        return -1;
    if (value != NULL && other != NULL && strcmp(value, other) != 0)
        return report_member(program, members[member].name,
                             arena_printf(arena, "is not its \"%s\"", members[member].variable),
                             diag);
    *into = arena_strdup(arena, value != NULL ? value : other);
    return 0;
}

static int check_login(const struct twilio_given *given, const char *program, struct diag *diag)
{
    const char *missing = NULL;

    if (given->api_key != NULL && given->api_secret == NULL)
        missing = "\"api_secret\", which \"api_key\" needs";
    else if (given->api_key == NULL && given->api_secret != NULL)
        missing = "\"api_key\", which \"api_secret\" needs";
    else if (given->api_key == NULL && given->auth_token == NULL)
        missing = "\"auth_token\", and no \"api_key\" either";
    if (missing == NULL)
        return 0;
    diag_error(diag, NULL, "the credentials command %s gives no %s", program, missing);
    diag_help(diag, "%s", shape);
    return -1;
}

/* jansson's own words for what is wrong quote the text. */
static json_t *parse(const struct buf *out, const char *program, struct diag *diag)
{
    json_error_t error;
    json_t *answer = json_loadb(buf_text(out), out->size, JSON_REJECT_DUPLICATES, &error);

    if (json_is_object(answer))
        return answer;
    if (out->size == 0)
        diag_error(diag, NULL, "the credentials command %s wrote nothing", program);
    else if (answer != NULL)
        diag_error(diag, NULL, "the credentials command %s wrote JSON that is no object", program);
    else
        diag_error(diag, NULL,
                   "the credentials command %s wrote something that is not JSON, or has a member "
                   "twice: line %d, column %d",
                   program, error.line, error.column);
    diag_help(diag, "%s", shape);
    json_decref(answer);
    return NULL;
}

static int read_answer(const struct buf *out, const char *program, struct twilio_given *given,
                       struct arena *arena, struct diag *diag)
{
    json_t *answer = parse(out, program, diag);
    struct twilio_given read = {0};
    int result = answer == NULL ? -1 : 0;
    size_t i;

    for (i = 0; i < COUNT_OF(members) && answer != NULL; i++)
        if (read_member(answer, program, i, &read, arena, diag) != 0)
            result = -1;
    if (result == 0)
        result = check_login(&read, program, diag);
    if (result == 0)
        *given = read;
    json_decref(answer);
    return result;
}

/* What the command is, and what it says on standard error. */
struct running {
    struct logger *log;
    const char *program;
    int64_t begun_ms;
    struct buf errors;
};

/* All but a line that has no end yet, unless it is the last. */
static void say_lines(struct running *running, bool last)
{
    const char *at = buf_text(&running->errors), *end;
    struct buf rest;

    while ((end = strchr(at, '\n')) != NULL || (last && at[0] != '\0')) {
        size_t size = end == NULL ? strlen(at) : (size_t)(end - at);
        json_t *fields = logger_fields(running->log, LOG_NOTE);
        logger_set_text(fields, "program", running->program);
        logger_record(running->log, LOG_NOTE, fields, "%.*s", (int)size, at);
        at += size + (end != NULL);
    }
    buf_init(&rest, running->errors.limit);
    buf_add_text(&rest, at);
    buf_release(&running->errors);
    running->errors = rest;
}

/* What it says may be meant for who waits: "touch your key". */
static void pass_on(struct running *running, bool last)
{
    if (running->log != NULL && running->log->json) {
        say_lines(running, last);
    } else {
        logger_pass(running->log, buf_text(&running->errors), running->errors.size);
        buf_clear(&running->errors);
    }
}

static void attend(void *context)
{
    struct running *running = context;

    if (logger_shows(running->log, LOG_NOTE))
        pass_on(running, false);
    else if (running->errors.size > ERRORS_KEPT)
        buf_clear(&running->errors);
    logger_wait(running->log, "Waiting for the credentials command %s, %lld s", running->program,
                (long long)(clock_monotonic(&clock_system) - running->begun_ms) / 1000);
}

/* With --quiet nobody wants to hear of it unless it failed. */
static void end_errors(struct running *running, bool failed)
{
    struct logger loud;

    if (failed && running->log != NULL && !logger_shows(running->log, LOG_NOTE)) {
        loud = *running->log;
        loud.level = LOG_NOTE;
        running->log = &loud;
    }
    if (logger_shows(running->log, LOG_NOTE))
        pass_on(running, true);
    buf_release(&running->errors);
}

static enum subprocess_outcome run(struct subprocess *process, struct logger *log, struct buf *out,
                                   int *status)
{
    struct running running = {
        .log = log,
        .program = process->argv[0],
        .begun_ms = clock_monotonic(&clock_system),
    };
    enum subprocess_outcome outcome;

    buf_init(&running.errors, 2 * ERRORS_KEPT);
    process->tick = attend;
    process->tick_context = &running;
    logger_wait_begin(log);
    outcome = subprocess_run(process, out, &running.errors, status);
    logger_wait_end(log);
    end_errors(&running, outcome != SUBPROCESS_ENDED || *status != 0);
    if (outcome == SUBPROCESS_ENDED)
        logger_say(log, LOG_INFO, "the credentials command %s ended with status %d in %lld ms",
                   process->argv[0], *status,
                   (long long)(clock_monotonic(&clock_system) - running.begun_ms));
    return outcome;
}

int credentials_command_run(const char *command, int64_t timeout_ms, struct logger *log,
                            struct twilio_given *given, struct arena *arena, struct diag *diag)
{
    struct subprocess process = {.environment = without_secrets, .timeout_ms = timeout_ms};
    enum subprocess_outcome outcome;
    int status, result;
    const char *what;
    struct buf out;

    if (command == NULL)
        return 0;
    if (command_words_split(command, arena, &process.argv, &what) != 0) {
        diag_error(diag, NULL, "--credentials-command can't be taken apart: %s", what);
        diag_help(diag, "it is a program and its arguments, with blanks between; quotes keep what "
                        "has blanks in it together");
        return -1;
    }
    buf_init(&out, CREDENTIALS_OUTPUT_MAX);
    outcome = run(&process, log, &out, &status);
    result = report_outcome(process.argv[0], outcome, status, timeout_ms, diag);
    if (result == 0)
        result = read_answer(&out, process.argv[0], given, arena, diag);
    if (out.data != NULL)
        explicit_bzero(out.data, out.size);
    buf_release(&out);
    return result;
}
