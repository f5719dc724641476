/*
 * From the live state to a plan: what is looked up, in which order, and how often the plan is made
 * anew by what was found.
 */
#include "cli/session.h"
#include "cli/session_wait.h"

#include "model/select.h"
#include "plan/guard.h"
#include "twilio/live_fetch.h"

#include <string.h>

/* The one identity that is wanted of a kind, be it asked for twice; NULL when there are more. */
static const char *only_one(const char *const *identities, size_t count,
                            const struct desired_number *numbers, size_t number_count)
{
    const char *only = count != 0 ? identities[0] : numbers[0].sender.identity;
    size_t i;

    for (i = 0; i < count; i++)
        if (strcmp(identities[i], only) != 0)
            return NULL;
    for (i = 0; i < number_count; i++)
        if (strcmp(numbers[i].sender.identity, only) != 0)
            return NULL;
    return only;
}

/*
 * Looks up what the account owns of a kind, once: one by a filter, several by the whole list. Phone
 * numbers are wanted for `numbers` too.
 */
static int fetch_owned_kind(struct session *session, enum sender_kind kind, struct diag *diag)
{
    const struct desired *desired = &session->desired;
    const char *const *identities;
    size_t count = plan_unresolved(&session->plan, kind, &identities);
    size_t numbers = kind == SENDER_PHONE_NUMBER ? desired->number_count : 0;

    if (sender_types[kind].origin != SENDER_OWNED || session->live.owned[kind].fetched ||
        count + numbers == 0)
        return 0;
    return live_fetch_owned(session->client, kind,
                            only_one(identities, count, desired->numbers, numbers), &session->live,
                            diag);
}

static int fetch_owned(struct session *session, struct diag *diag)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (fetch_owned_kind(session, (enum sender_kind)kind, diag) != 0)
            return -1;
    return 0;
}

/* Lists that the roster does not manage, and that a limit or a guard needs to know. */
static int fetch_lacking(struct session *session, bool *again, struct diag *diag)
{
    struct live_service **services =
        arena_array(&session->arena, session->live.count, sizeof(*services));
    size_t kind, i, count;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        count = 0;
        for (i = 0; i < session->plan.service_count; i++)
            if (plan_lacks_list(&session->plan, i, (enum sender_kind)kind))
                services[count++] = live_state_own(&session->live, session->plan.services[i].live);
        if (count == 0)
            continue;
        *again = true;
        if (live_fetch_lists(session->client, services, count, (enum sender_kind)kind,
                             &session->live, diag) != 0)
            return -1;
    }
    return 0;
}

/* Looks whether what is to be added is in a service that was not looked at; once a kind. */
static int find_taken(struct session *session, bool *searched, bool *again, struct diag *diag)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const char *const *identities;
        size_t count, found;
        if (searched[kind])
            continue;
        count =
            plan_perhaps_taken(&session->plan, &session->live, (enum sender_kind)kind, &identities);
        if (count == 0)
            continue;
        searched[kind] = true;
        if (live_search(session->client, (enum sender_kind)kind, identities, count, &session->live,
                        &found, diag) != 0)
            return -1;
        if (found != 0)
            *again = true;
    }
    return 0;
}

/*
 * Builds the plan, and builds it anew as long as it asks for lists that were not read. When the
 * roster and the account do not fit together, `*fits` says so and only ownership is still checked.
 */
static int build(struct session *session, bool *fits, struct diag *diag)
{
    bool searched[SENDER_KIND_COUNT] = {false}, again = true;

    while (again) {
        again = false;
        plan_release(&session->plan);
        *fits = plan_build(&session->plan, &session->desired, &session->live, diag) == 0;
        if (fetch_owned(session, diag) != 0)
            return -1;
        if (!*fits)
            break;
        if (fetch_lacking(session, &again, diag) != 0 ||
            (!again && find_taken(session, searched, &again, diag) != 0))
            return -1;
    }
    return 0;
}

/* Everything that would fail, in one pass. */
static int preflight(struct session *session, bool fits, struct diag *diag)
{
    int result = fits ? plan_resolve(&session->plan, &session->live, diag)
                      : plan_resolve_owned(&session->plan, &session->live, diag);

    if (session->desired.number_count != 0 &&
        plan_check_numbers(&session->desired, &session->live, diag) != 0)
        result = -1;
    if (plan_check_pools(&session->plan, diag) != 0)
        result = -1;
    diag_sort(diag);
    return result;
}

enum session_build session_build(struct session *session, struct diag *diag)
{
    bool fits = false;

    if (build(session, &fits, diag) != 0)
        return BUILD_ERROR;
    return preflight(session, fits, diag) != 0 || !fits ? BUILD_UNFIT : BUILD_GOOD;
}

int session_compare(struct session *session, const struct options *options, struct diag *diag)
{
    struct session_wait wait;
    bool fits = false;
    int result = -1;

    session_wait_begin(&wait, session->client, options, "Reading the account", &session->live);
    if (live_fetch(session->client, &session->desired, &session->live, diag) == 0 &&
        desired_check_targets(&session->desired, &session->live, diag) == 0 &&
        build(session, &fits, diag) == 0)
        result = 0;
    session_wait_end(&wait);
    if (result != 0 || (!fits && diag->errors != plan_missing_pins(&session->plan)))
        return -1;
    diag_release(diag);
    session->plan.origin = session->origin;
    return 0;
}

int session_plan(struct session *session, const struct options *options, struct diag *diag)
{
    struct session_wait wait;
    int result = -1;

    session_wait_begin(&wait, session->client, options, "Reading the account", &session->live);
    if (live_fetch(session->client, &session->desired, &session->live, diag) == 0 &&
        desired_check_targets(&session->desired, &session->live, diag) == 0 &&
        session_build(session, diag) == BUILD_GOOD)
        result = 0;
    session_wait_end(&wait);
    if (result != 0)
        return -1;
    guard_check(&session->plan, &options->limits);
    guard_warn(&session->plan, &session->live, diag);
    session->plan.origin = session->origin;
    logger_say(options->log, LOG_INFO, "the plan has %zu change%s%s", session->plan.change_count,
               session->plan.change_count == 1 ? "" : "s",
               session->plan.refusal_count == 0 ? "" : ", and a guard refuses it");
    return 0;
}
