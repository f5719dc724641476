#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "cli/webhook_address.h"

#include "base/str.h"
#include "twilio/credentials_command.h"
#include "twilio/webhook_receiver.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    /* Twilio itself gives up after 15 seconds. */
    REQUEST_TIMEOUT_S = 10,
    IDLE_TIMEOUT_S = 10,
    /* A signal may come just before the wait begins, and a reader of standard output just goes. */
    LONGEST_TURN_MS = 200,
    /* Refusals of one kind are told of so often. */
    REFUSAL_GAP_MS = 60 * 1000,
};

struct listening {
    const struct options *options;
    struct diag *diag;
    struct arena arena;
    const char *token;
    struct listen_address address;
    struct webhook_receiver *receiver;
    struct http_server *server;
    struct buf line;
    int64_t accepted;
    bool output_failed;
    int64_t next_refusal_ms[WEBHOOK_OUTCOME_COUNT]; /* when one may be told of again */
    uint64_t untold[WEBHOOK_OUTCOME_COUNT];
};

static int print_event(void *context, const struct webhook_event *event)
{
    struct listening *listening = context;

    if (listening->output_failed)
        return -1;
    buf_clear(&listening->line);
    webhook_event_add_line(event, &listening->line);
    if (terminal_write(&listening->line, listening->diag) != 0) {
        listening->output_failed = true;
        return -1;
    }
    listening->accepted++;
    return 0;
}

/* What is from outside is cut short. */
static void add_outside(struct buf *out, const char *text)
{
    enum { LONGEST = 200 };
    size_t size = strlen(text);

    str_add_visible(out, text, size < LONGEST ? size : LONGEST);
    if (size > LONGEST)
        buf_add_text(out, "...");
}

static void note_refusal(void *context, const struct webhook_refusal *refusal)
{
    struct listening *listening = context;
    int64_t now_ms = clock_monotonic(&clock_system);
    enum webhook_outcome outcome = refusal->outcome;
    struct buf note;

    if (now_ms < listening->next_refusal_ms[outcome]) {
        listening->untold[outcome]++;
        return;
    }
    listening->next_refusal_ms[outcome] = now_ms + REFUSAL_GAP_MS;
    buf_init(&note, 8 * 1024);
    buf_add_text(&note, "refused ");
    if (refusal->path != NULL) {
        add_outside(&note, refusal->method);
        buf_add_char(&note, ' ');
        add_outside(&note, refusal->path);
    } else {
        buf_add_text(&note, "a request");
    }
    buf_printf(&note, " (%s): ", webhook_outcome_name(outcome));
    add_outside(&note, refusal->why);
    if (outcome == WEBHOOK_OUTCOME_FORGED && refusal->url != NULL) {
        buf_add_text(&note, "; checked against ");
        webhook_address_add_shown(&note, refusal->url);
        if (listening->options->public_url == NULL)
            buf_add_text(&note, "; when Twilio calls another URL, give --public-url");
    }
    if (listening->untold[outcome] > 0)
        buf_printf(&note, "; %" PRIu64 " more since the last of these", listening->untold[outcome]);
    listening->untold[outcome] = 0;
    buf_add_char(&note, '\n');
    logger_text(listening->options->log, LOG_NOTE, &note);
    buf_release(&note);
}

static int check_paths(const struct options *options, struct diag *diag)
{
    size_t i;

    for (i = 0; i < options->paths.count; i++) {
        const char *path = options->paths.items[i];
        if (path[0] == '/' && strpbrk(path, "?# ") == NULL && strcmp(path, "/healthz") != 0 &&
            strcmp(path, "/metrics") != 0)
            continue;
        diag_error(diag, NULL, "--path can't be \"%s\"", path);
        diag_help(diag, "it is a path like /status, without a query; /healthz and /metrics are "
                        "roster's own");
        return -1;
    }
    return 0;
}

/* Everything that can be wrong is reported in one run. */
static int read_settings(struct listening *listening)
{
    const struct options *options = listening->options;
    struct diag *diag = listening->diag;
    struct twilio_given given = {0};
    const struct twilio_variables variables = {.lookup = getenv, .given = &given};
    int result = credentials_command_run(options->credentials_command, CREDENTIALS_COMMAND_MS,
                                         options->log, &given, &listening->arena, diag);

    if (result == 0)
        result = twilio_auth_token_read(&listening->token, &variables, &listening->arena, diag);
    if (check_paths(options, diag) != 0)
        result = -1;
    if (webhook_address_read(&listening->address, options, LISTEN_ADDRESS_DEFAULT, diag) != 0)
        result = -1;
    return result;
}

static int open_server(struct listening *listening)
{
    const struct options *options = listening->options;
    struct webhook_receiver_config config = {
        .token = listening->token,
        .paths = options->paths.items,
        .path_count = options->paths.count,
        .max_rate = options->max_rate,
        .clock = &clock_system,
        .on_event = print_event,
        .on_refused = note_refusal,
        .context = listening,
    };
    struct http_server_config http = {
        .address = listening->address.host,
        .port = listening->address.port,
        .max_body = WEBHOOK_MAX_BODY,
        .idle_timeout_s = IDLE_TIMEOUT_S,
        .request_timeout_s = REQUEST_TIMEOUT_S,
        .handler = webhook_receiver_handle,
        .lost = webhook_receiver_lost,
    };
    char own[LISTEN_URL_SIZE];
    struct buf note;

    listening->receiver = http.context = webhook_receiver_new(&config);
    listening->server = http_server_new(&http, listening->diag);
    if (listening->server == NULL)
        return -1;
    listen_address_url(&listening->address, http_server_port(listening->server), own);
    webhook_address_add_bases(&listening->address, options, http_server_port(listening->server),
                              listening->receiver);
    buf_init(&note, 8 * 1024);
    buf_printf(&note, "listening on %s", own);
    if (options->public_url != NULL) {
        buf_add_text(&note, " for what is called as ");
        webhook_address_add_shown(&note, options->public_url);
    }
    buf_add_char(&note, '\n');
    logger_text(listening->options->log, LOG_NOTE, &note);
    buf_release(&note);
    return 0;
}

/* A pipe whose reader has gone is noticed before there is something to write. */
static void check_output(struct listening *listening)
{
    struct pollfd polled = {.fd = STDOUT_FILENO};

    if (listening->output_failed || poll(&polled, 1, 0) <= 0 ||
        (polled.revents & (POLLERR | POLLNVAL)) == 0)
        return;
    listening->output_failed = true;
    diag_error(listening->diag, NULL, "nobody reads standard output any more");
}

static int turn(struct listening *listening, int64_t longest_ms)
{
    int wait_ms = longest_ms < LONGEST_TURN_MS ? (int)longest_ms : LONGEST_TURN_MS;

    if (http_server_turn(listening->server, wait_ms < 0 ? 0 : wait_ms) != 0) {
        diag_error(listening->diag, NULL, "the HTTP listener has failed");
        return -1;
    }
    check_output(listening);
    return 0;
}

static bool has_enough(const struct listening *listening)
{
    return listening->options->count > 0 && listening->accepted >= listening->options->count;
}

/* Until a signal, the end of the time, enough webhooks, or an output that is closed. */
static int serve(struct listening *listening)
{
    int64_t now_ms = clock_monotonic(&clock_system), duration = listening->options->duration;
    int64_t end_ms = duration == 0 ? INT64_MAX : now_ms + duration * 1000;

    while (!interrupt_came() && !has_enough(listening) && !listening->output_failed &&
           now_ms < end_ms) {
        if (turn(listening, end_ms - now_ms) != 0)
            return -1;
        now_ms = clock_monotonic(&clock_system);
    }
    return 0;
}

/* Requests that have begun are answered; none takes longer than REQUEST_TIMEOUT_S. */
static int drain(struct listening *listening)
{
    int64_t end_ms = clock_monotonic(&clock_system) + (REQUEST_TIMEOUT_S + 1) * 1000;

    /* What has arrived, but was not looked at yet, has begun. */
    if (turn(listening, 0) != 0)
        return -1;
    http_server_stop_accepting(listening->server);
    do {
        if (turn(listening, LONGEST_TURN_MS / 10) != 0)
            return -1;
    } while (http_server_requests(listening->server) > 0 &&
             clock_monotonic(&clock_system) < end_ms);
    return 0;
}

static void show_summary(const struct listening *listening)
{
    struct webhook_counts counts;
    struct buf note;
    bool any = false;
    unsigned i;

    buf_init(&note, 4 * 1024);
    webhook_receiver_counts(listening->receiver, &counts);
    buf_printf(&note, "%" PRIu64 " accepted (%" PRIu64 " late, %" PRIu64 " duplicate)",
               counts.outcomes[WEBHOOK_OUTCOME_ACCEPTED], counts.late, counts.duplicates);
    for (i = WEBHOOK_OUTCOME_ACCEPTED + 1; i < WEBHOOK_OUTCOME_COUNT; i++) {
        if (counts.outcomes[i] == 0)
            continue;
        buf_printf(&note, "%s%" PRIu64 " %s", any ? ", " : "; refused: ", counts.outcomes[i],
                   webhook_outcome_name((enum webhook_outcome)i));
        any = true;
    }
    buf_add_char(&note, '\n');
    logger_text(listening->options->log, LOG_NOTE, &note);
    buf_release(&note);
}

static enum exit_code listen_until_end(struct listening *listening)
{
    const struct options *options = listening->options;
    struct interrupt_watch watch;
    bool worked, interrupted;

    interrupt_watch(&watch, false);
    worked = open_server(listening) == 0 && serve(listening) == 0 && drain(listening) == 0;
    interrupted = interrupt_came();
    interrupt_unwatch(&watch);
    if (listening->server != NULL)
        show_summary(listening);
    if (!worked || listening->output_failed)
        return EXIT_ERROR;
    if (options->count > 0 && !has_enough(listening) && !interrupted) {
        diag_error(listening->diag, NULL, "only %" PRId64 " of %" PRId64 " webhooks came in time",
                   listening->accepted, options->count);
        return EXIT_ERROR;
    }
    return EXIT_OK;
}

enum exit_code cmd_listen(const struct options *options, struct diag *diag)
{
    struct listening listening = {.options = options, .diag = diag};
    enum exit_code code = EXIT_ERROR;

    buf_init(&listening.line, BUF_LIMIT_DEFAULT);
    if (read_settings(&listening) == 0)
        code = listen_until_end(&listening);
    http_server_free(listening.server);
    webhook_receiver_free(listening.receiver);
    buf_release(&listening.line);
    arena_release(&listening.arena);
    return code;
}
