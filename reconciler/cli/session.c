#include "cli/session.h"

#include "cli/terminal.h"

#include "base/str.h"
#include "twilio/live_fetch.h"

#include <stdlib.h>

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

int session_load(struct session *session, const struct options *options, struct diag *diag)
{
    int result = 0;
    size_t i;

    if (source_load(&session->source, session_roster(options), DOC_MAX_SIZE, diag) != 0)
        return -1;
    session->doc_count = session->source.count;
    session->docs = arena_array(&session->arena, session->doc_count, sizeof(*session->docs));
    for (i = 0; i < session->doc_count; i++) {
        struct source_text *file = &session->source.items[i];
        if (doc_parse(&session->docs[i], file->name, buf_text(&file->text), file->text.size,
                      diag) != 0)
            result = -1;
        buf_release(&file->text); /* the document has its own copy */
    }
    result = read_desired(session, result, diag);
    diag_sort(diag);
    return result;
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
        .redactions = &session->desired.redactions,
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

/*
 * Looks up what the account owns of a kind: one by a filter, several by the whole list. Phone
 * numbers are wanted for `numbers` too.
 */
static int fetch_owned_kind(struct session *session, enum sender_kind kind, struct diag *diag)
{
    const struct desired *desired = &session->desired;
    const struct change *first;
    size_t count = plan_unresolved(&session->plan, kind, &first), numbers = 0;
    const char *only = count == 1 ? first->sender.identity : NULL;

    if (sender_types[kind].origin != SENDER_OWNED)
        return 0;
    if (kind == SENDER_PHONE_NUMBER)
        numbers = desired->number_count;
    if (count == 0 && numbers == 1)
        only = desired->numbers[0].sender.identity;
    if (count + numbers == 0)
        return 0;
    return live_fetch_owned(session->client, kind, count + numbers == 1 ? only : NULL,
                            &session->live, diag);
}

/* Lists that the roster does not manage, of services whose pools get nearly full. */
static int fetch_tight_pools(struct session *session, bool *again, struct diag *diag)
{
    struct live_service **services =
        arena_array(&session->arena, session->plan.service_count, sizeof(*services));
    size_t kind, i, j;

    *again = false;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        size_t count = 0;
        for (i = 0; i < session->plan.service_count; i++) {
            if (!plan_lacks_list(&session->plan, i, (enum sender_kind)kind))
                continue;
            for (j = 0; j < session->live.count; j++)
                if (session->live.services[j] == session->plan.services[i].live)
                    services[count++] = session->live.services[j];
        }
        if (count == 0)
            continue;
        *again = true;
        if (live_fetch_lists(session->client, services, count, (enum sender_kind)kind,
                             &session->live, diag) != 0)
            return -1;
    }
    return 0;
}

static int build_plan(struct session *session, struct diag *diag)
{
    bool again;

    if (plan_build(&session->plan, &session->desired, &session->live, diag) != 0 ||
        fetch_tight_pools(session, &again, diag) != 0)
        return -1;
    if (!again)
        return 0;
    plan_release(&session->plan);
    return plan_build(&session->plan, &session->desired, &session->live, diag);
}

/* Everything that would fail, in one pass. */
static int preflight(struct session *session, struct diag *diag)
{
    int result = plan_resolve(&session->plan, &session->live, diag);

    if (session->desired.number_count != 0 &&
        plan_check_numbers(&session->desired, &session->live, diag) != 0)
        result = -1;
    if (plan_check_pools(&session->plan, diag) != 0)
        result = -1;
    diag_sort(diag);
    return result;
}

int session_plan(struct session *session, struct diag *diag)
{
    size_t kind;

    if (live_fetch(session->client, &session->desired, &session->live, diag) != 0 ||
        build_plan(session, diag) != 0)
        return -1;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (fetch_owned_kind(session, (enum sender_kind)kind, diag) != 0)
            return -1;
    return preflight(session, diag);
}

/* Keys of the roster that this version reads and checks, but does not act on. */
void session_warn(const struct session *session, struct diag *diag)
{
    const struct desired *desired = &session->desired;

    if (desired->head.prune) {
        diag_warning(diag, NULL, "\"prune\" is not carried out yet: no service is deleted");
        diag_help(diag, "delete services by hand until then");
    }
    if (desired->guards.set.present != 0 || desired->guards.protect_count != 0) {
        diag_warning(diag, NULL, "\"guards\" are not enforced yet");
        diag_help(diag, "read the plan before you apply it");
    }
}

int session_start(struct session *session, const struct options *options, struct diag *diag)
{
    if (session_load(session, options, diag) != 0)
        return -1;
    session_warn(session, diag);
    if (session_connect(session, options, diag) != 0)
        return -1;
    terminal_diagnostics(options, diag);
    return session_plan(session, diag);
}

void session_release(struct session *session)
{
    size_t i;

    plan_release(&session->plan);
    live_state_release(&session->live);
    twilio_client_free(session->client);
    desired_release(&session->desired);
    for (i = 0; i < session->doc_count; i++)
        doc_release(&session->docs[i]);
    source_release(&session->source);
    arena_release(&session->arena);
}
