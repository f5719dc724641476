#include "cli/session.h"

#include "cli/session_lock.h"
#include "cli/session_source.h"
#include "cli/terminal.h"

#include "base/clock.h"
#include "base/str.h"
#include "plan/plan_file.h"
#include "twilio/credentials_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *session_roster(const struct options *options)
{
    return options->argument_count > 0 ? options->arguments[0] : "roster.yaml";
}

/* Documents with mistakes are looked through for more, unless nothing of them is left. */
static int read_desired(struct session *session, int parsed, struct diag *diag)
{
    const struct doc **docs = arena_array(&session->arena, session->doc_count, sizeof(*docs));
    size_t count = 0, i;

    for (i = 0; i < session->doc_count; i++)
        if (parsed == 0 || session->docs[i].root != NULL)
            docs[count++] = &session->docs[i];
    if (count == 0)
        return -1;
    session->desired.incomplete = count != session->doc_count;
    if (desired_parse(&session->desired, docs, count, getenv, diag) != 0)
        return -1;
    return parsed;
}

int session_refuse_plan(const struct source *source, struct diag *diag)
{
    const struct source_text *first = &source->items[0];

    if (source->count != 1 || !plan_file_is_plan("", buf_text(&first->text), first->text.size))
        return 0;
    diag_error(diag, NULL, "%s is a saved plan, not a roster", first->name);
    diag_help(diag, "\"roster plan\" shows it and \"roster apply\" applies it, by the name of its "
                    "file");
    return -1;
}

int session_load(struct session *session, const struct options *options, struct diag *diag)
{
    const char *location = session_roster(options);

    if (session_source_load(&session->source, location, NULL, options, &session->arena, diag) != 0)
        return -1;
    if (session_refuse_plan(&session->source, diag) != 0)
        return -1;
    session_source_origin(&session->source, location, &session->origin, &session->arena);
    return session_read(session, diag);
}

int session_read(struct session *session, struct diag *diag)
{
    int result = 0;
    size_t i;

    session->doc_count = session->source.count;
    session->docs = arena_array(&session->arena, session->doc_count, sizeof(*session->docs));
    for (i = 0; i < session->doc_count; i++) {
        struct source_text *file = &session->source.items[i];
        if (doc_parse(&session->docs[i], file->name, buf_text(&file->text), file->text.size,
                      diag) != 0)
            result = -1;
        if (!session->keep_texts)
            buf_release(&file->text); /* the document has its own copy */
    }
    result = read_desired(session, result, diag);
    diag_sort(diag);
    return result;
}

int session_read_key(struct session *session, struct diag *diag)
{
    enum { SHORTEST = 16 };
    const char *key = getenv("ROSTER_PLAN_KEY");

    if (key == NULL)
        return 0;
    /* Pipelines pass a secret that they lack as an empty one: that must not switch signing off. */
    if (strlen(key) < SHORTEST) {
        diag_error(diag, NULL, "ROSTER_PLAN_KEY is shorter than %d characters", SHORTEST);
        diag_help(diag, "make one with \"openssl rand -hex 32\"");
        return -1;
    }
    session->plan_key = key;
    return 0;
}

/* Now, or for files that are to be the same bytes each time, SOURCE_DATE_EPOCH. */
static int64_t creation_time(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;

    if (epoch != NULL && str_to_int64(epoch, &seconds) == 0 && seconds >= 0)
        return seconds;
    return clock_wall(&clock_system) / 1000;
}

int session_target(struct session *session, const struct options *options, struct diag *diag)
{
    return desired_select(&session->desired, options->targets.items, options->targets.count, diag);
}

static int check_account(const struct session *session, const char *account, struct diag *diag)
{
    const char *wanted = session->desired.head.account_sid;

    if (wanted == NULL || str_equal_nocase(wanted, account))
        return 0;
    diag_error(diag, &desired_account_origin(&session->desired)->span,
               "the roster is for another account than the credentials, which are for %s", account);
    diag_help(diag, "use the credentials of that account, or another roster");
    return -1;
}

int session_credentials(struct session *session, const struct options *options, struct diag *diag)
{
    int64_t timeout_ms = CREDENTIALS_COMMAND_MS;

    if (session->variables.lookup != NULL)
        return 0;
    if (options->timeout != 0 && options->timeout * 1000 < timeout_ms)
        timeout_ms = options->timeout * 1000;
    if (credentials_command_run(options->credentials_command, timeout_ms, options->log,
                                &session->given, &session->arena, diag) != 0)
        return -1;
    session->variables = (struct twilio_variables){.lookup = getenv, .given = &session->given};
    return 0;
}

/* Whatever an answer or a setting repeats of it, it is not to be shown. */
static void redact_login(struct session *session, const struct twilio_credentials *credentials)
{
    struct redactions *redactions = &session->desired.redactions;
    const struct twilio_given *given = &session->given;

    redactions_add(redactions, &session->desired.arena, credentials->password, "(secret)");
    if (given->auth_token != NULL)
        redactions_add(redactions, &session->desired.arena, given->auth_token, "(secret)");
}

static void say_connection(const struct options *options, const struct twilio_client_config *config)
{
    const struct twilio_credentials *credentials = &config->credentials;
    const bool same = strcmp(config->hosts.messaging, config->hosts.api) == 0;
    json_t *fields = logger_fields(options->log, LOG_INFO);
    char rate[32] = "any rate";

    if (options->rate != 0)
        snprintf(rate, sizeof(rate), "at most %lld a second", (long long)options->rate);
    logger_set_text(fields, "account", credentials->account_sid);
    logger_set_text(fields, "user", credentials->user);
    logger_record(
        options->log, LOG_INFO, fields,
        "account %s, as %s, by credentials from %s; requests go to %s%s%s, at most %lld at "
        "once, %s",
        credentials->account_sid, credentials->user,
        options->credentials_command == NULL ? "the environment" : "the credentials command",
        config->hosts.messaging, same ? "" : " and ", same ? "" : config->hosts.api,
        (long long)options->parallelism, rate);
}

void session_guard_log(struct session *session, const struct options *options)
{
    session->log = options->log;
    if (session->log != NULL)
        session->log->redactions = &session->desired.redactions;
    session->trace = (struct http_trace){
        .logger = options->log,
        .redactions = &session->desired.redactions,
    };
    session->observer = http_trace_observer(&session->trace);
}

int session_connect(struct session *session, const struct options *options, struct diag *diag)
{
    struct twilio_client_config config = {
        .http =
            {
                .parallelism = (unsigned)options->parallelism,
                .rate = (unsigned)options->rate,
                .connect_timeout_ms = options->connect_timeout * 1000,
                .total_timeout_ms = options->request_timeout * 1000,
                .ca_file = options->ca_file,
                .user_agent = "roster/" ROSTER_VERSION,
                .read_only = options->read_only,
                .observer = &session->observer,
            },
        .redactions = &session->desired.redactions,
    };
    int result = 0;

    if (session_credentials(session, options, diag) != 0)
        return -1;
    if (twilio_credentials_read(&config.credentials, &session->variables, &session->arena, diag) !=
        0)
        result = -1;
    if (twilio_hosts_read(&config.hosts, options->api_url, &session->variables, &session->arena,
                          diag) != 0)
        result = -1;
    if (result != 0 || check_account(session, config.credentials.account_sid, diag) != 0)
        return -1;
    redact_login(session, &config.credentials);
    session_guard_log(session, options);
    say_connection(options, &config);
    session->origin.account_sid = config.credentials.account_sid;
    session->origin.created = creation_time();
    session->client = twilio_client_new(&config, diag);
    if (session->client == NULL)
        return -1;
    if (options->timeout != 0)
        session->end_ms = clock_monotonic(&clock_system) + options->timeout * 1000;
    twilio_client_end_at(session->client, session->end_ms);
    return options->exclusive ? session_lock(session, options, diag) : 0;
}

bool session_ask(struct session *session, const char *question)
{
    int64_t asked_ms = clock_monotonic(&clock_system);
    bool yes = terminal_ask(question);

    if (session->end_ms != 0) {
        session->end_ms += clock_monotonic(&clock_system) - asked_ms;
        twilio_client_end_at(session->client, session->end_ms);
    }
    return yes;
}

int session_start(struct session *session, const struct options *options, struct diag *diag)
{
    if (session_load(session, options, diag) != 0 || session_target(session, options, diag) != 0 ||
        session_read_key(session, diag) != 0 || session_connect(session, options, diag) != 0)
        return -1;
    terminal_diagnostics(options, diag);
    return session_plan(session, options, diag);
}

void session_release(struct session *session)
{
    size_t i;

    plan_release(&session->plan);
    live_state_release(&session->live);
    twilio_client_free(session->client);
    session_unlock(session);
    if (session->log != NULL && session->log->redactions == &session->desired.redactions)
        session->log->redactions = NULL;
    desired_release(&session->desired);
    for (i = 0; i < session->doc_count; i++)
        doc_release(&session->docs[i]);
    source_release(&session->source);
    arena_release(&session->arena);
}
