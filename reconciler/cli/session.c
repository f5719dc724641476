#include "cli/session.h"

#include "base/str.h"
#include "source/source.h"
#include "twilio/live_fetch.h"

#include <stdlib.h>

const char *session_roster(const struct options *options)
{
    return options->argument_count > 0 ? options->arguments[0] : "roster.yaml";
}

int session_load(struct session *session, const struct options *options, struct diag *diag)
{
    const char *location = session_roster(options);
    struct buf text;
    int result = -1;

    buf_init(&text, DOC_MAX_SIZE);
    if (source_load(location, &text, diag) == 0) {
        result = doc_parse(&session->doc, location, buf_text(&text), text.size, diag);
        /* A document with mistakes is looked through for more, unless nothing of it is left. */
        if ((result == 0 || session->doc.root != NULL) &&
            desired_parse(&session->desired, &session->doc, diag) != 0)
            result = -1;
        diag_sort(diag);
    }
    buf_release(&text);
    return result;
}

static int check_account(const struct session *session, const char *account, struct diag *diag)
{
    const char *wanted = session->desired.head.account_sid;

    if (wanted == NULL || str_equal_nocase(wanted, account))
        return 0;
    diag_error(diag, &session->desired.account_span,
               "the roster is for account %s, but the credentials are for %s", wanted, account);
    diag_help(diag, "use the credentials of that account, or another roster");
    return -1;
}

int session_connect(struct session *session, const struct options *options, struct diag *diag)
{
    struct twilio_client_config config = {
        .http =
            {
                .parallelism = (unsigned)options->parallelism,
                .connect_timeout_ms = options->connect_timeout * 1000,
                .total_timeout_ms = options->request_timeout * 1000,
                .ca_file = options->ca_file,
                .user_agent = "roster/" ROSTER_VERSION,
            },
    };
    int result = 0;

    if (twilio_credentials_read(&config.credentials, getenv, &session->arena, diag) != 0)
        result = -1;
    if (twilio_hosts_read(&config.hosts, options->api_url, getenv, &session->arena, diag) != 0)
        result = -1;
    if (result != 0 || check_account(session, config.credentials.account_sid, diag) != 0)
        return -1;
    session->client = twilio_client_new(&config, diag);
    return session->client == NULL ? -1 : 0;
}

/* Looks up the SIDs of what is to be added: one by a filter, several by the whole list. */
static int fetch_owned(struct session *session, struct diag *diag)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct change *first;
        size_t count = plan_unresolved(&session->plan, (enum sender_kind)kind, &first);
        if (count == 0)
            continue;
        if (live_fetch_owned(session->client, (enum sender_kind)kind,
                             count == 1 ? first->sender.identity : NULL, &session->live, diag) != 0)
            return -1;
    }
    return 0;
}

int session_plan(struct session *session, struct diag *diag)
{
    if (live_fetch(session->client, &session->desired, &session->live, diag) != 0)
        return -1;
    if (plan_build(&session->plan, &session->desired, &session->live, diag) != 0)
        return -1;
    if (fetch_owned(session, diag) != 0)
        return -1;
    return plan_resolve(&session->plan, &session->live, diag);
}

void session_release(struct session *session)
{
    plan_release(&session->plan);
    live_state_release(&session->live);
    twilio_client_free(session->client);
    desired_release(&session->desired);
    doc_release(&session->doc);
    arena_release(&session->arena);
}
