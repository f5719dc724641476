#include "plan/plan.h"

#include "plan/diff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[] = {
        [CHANGE_CREATE_SERVICE] = "create_service",
        [CHANGE_UPDATE_SERVICE] = "update_service",
        [CHANGE_ADD_SENDER] = "add_sender",
        [CHANGE_REMOVE_SENDER] = "remove_sender",
    };
    return names[kind];
}

/* The live services that one service of the roster may be, by how it came to them. */
struct claims {
    const struct live_service *first[CLAIM_NONE];
    size_t count[CLAIM_NONE];
};

/* What may be shown of a text member of a service of the roster. */
static const char *shown_text(const struct desired_service *service, size_t offset)
{
    size_t row = resource_row_at(&resource_service, offset);
    const struct field *field = &resource_service.fields[row];

    if (service->origins[row].written != NULL)
        return service->origins[row].written;
    return *(const char *const *)field_member_const(field, &service->service);
}

static const struct diag_span *span_of(const struct desired_service *service, size_t offset)
{
    return &service->origins[resource_row_at(&resource_service, offset)].span;
}

static void report_ambiguous(const struct desired *desired, const struct plan_service *service,
                             const struct live_state *live, enum desired_claim how, size_t count,
                             struct diag *diag)
{
    size_t offset = how == CLAIM_NAME ? offsetof(struct service, friendly_name)
                                      : offsetof(struct service, renamed_from);
    size_t i;

    diag_error(diag, span_of(service->desired, offset),
               "the account has %zu services called \"%s\"", count,
               shown_text(service->desired, offset));
    diag_help(diag, "pin the right one with \"sid\"");
    for (i = 0; i < live->count; i++) {
        enum desired_claim claim;
        if (desired_claim(desired, &live->services[i]->service, &claim) == service->desired &&
            claim == how)
            diag_note(diag, NULL, "%s", live->services[i]->service.sid);
    }
}

static int match_service(const struct desired *desired, struct plan_service *service,
                         const struct claims *claims, const struct live_state *live,
                         struct diag *diag)
{
    size_t how;

    for (how = CLAIM_SID; how < CLAIM_NONE; how++) {
        if (claims->count[how] == 0)
            continue;
        service->live = claims->first[how];
        if (claims->count[how] == 1)
            return 0;
        report_ambiguous(desired, service, live, (enum desired_claim)how, claims->count[how], diag);
        return -1;
    }
    if (service->desired->service.sid == NULL)
        return 0;
    diag_error(diag, span_of(service->desired, offsetof(struct service, sid)),
               "the account has no service %s",
               shown_text(service->desired, offsetof(struct service, sid)));
    diag_help(diag, "remove \"sid\" to find the service by its name, or to create it");
    return -1;
}

/* Finds for each service of the plan the live one. */
static int match_services(struct plan *plan, const struct desired *desired,
                          const struct live_state *live, struct diag *diag)
{
    struct claims *claims = arena_array(&plan->arena, desired->service_count, sizeof(*claims));
    int result = 0;
    size_t i;

    for (i = 0; i < live->count; i++) {
        enum desired_claim how;
        const struct desired_service *claimant =
            desired_claim(desired, &live->services[i]->service, &how);
        struct claims *of;
        if (claimant == NULL)
            continue;
        of = &claims[claimant - desired->services];
        if (of->count[how]++ == 0)
            of->first[how] = live->services[i];
    }
    for (i = 0; i < desired->service_count; i++)
        if (match_service(desired, &plan->services[i], &claims[i], live, diag) != 0)
            result = -1;
    return result;
}

int plan_build(struct plan *plan, const struct desired *desired, const struct live_state *live,
               struct diag *diag)
{
    size_t i;

    plan->services = arena_array(&plan->arena, desired->service_count, sizeof(*plan->services));
    plan->service_count = desired->service_count;
    for (i = 0; i < desired->service_count; i++) {
        plan->services[i].desired = &desired->services[i];
        plan->services[i].name =
            shown_text(&desired->services[i], offsetof(struct service, friendly_name));
    }
    if (match_services(plan, desired, live, diag) != 0)
        return -1;
    for (i = 0; i < plan->service_count; i++)
        diff_service(plan, i);
    diff_link(plan);
    return 0;
}

/* Additions to a service's pool. */
static size_t pool_additions(const struct plan *plan, const struct plan_service *service)
{
    size_t count = 0, i;
    for (i = 0; i < service->change_count; i++) {
        const struct change *change = &plan->changes[service->first_change + i];
        if (change->kind == CHANGE_ADD_SENDER &&
            sender_types[change->sender_kind].shares_pool_limit)
            count++;
    }
    return count;
}

/* What a service's pool has now, as far as it is known. */
static size_t pool_now(const struct plan_service *service)
{
    size_t count = 0, kind;
    for (kind = 0; kind < SENDER_KIND_COUNT && service->live != NULL; kind++)
        if (sender_types[kind].shares_pool_limit)
            count += service->live->senders[kind].count;
    return count;
}

bool plan_lacks_list(const struct plan *plan, size_t index, enum sender_kind kind)
{
    /* Few accounts have more short codes than this; beyond, a look costs one request. */
    enum { UNKNOWN_AT_MOST = 100 };
    const struct plan_service *service = &plan->services[index];
    size_t additions = pool_additions(plan, service);

    return sender_types[kind].shares_pool_limit && service->live != NULL &&
           !service->live->senders[kind].fetched && additions != 0 &&
           pool_now(service) + additions > SENDER_POOL_MAX - UNKNOWN_AT_MOST;
}

int plan_check_pools(const struct plan *plan, struct diag *diag)
{
    int result = 0;
    size_t i, kind;

    for (i = 0; i < plan->service_count; i++) {
        const struct plan_service *service = &plan->services[i];
        size_t count = 0;
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
            if (!sender_types[kind].shares_pool_limit)
                continue;
            if (service->desired->senders[kind].managed)
                count += service->desired->senders[kind].count;
            else if (service->live != NULL)
                count += service->live->senders[kind].count;
        }
        if (count <= SENDER_POOL_MAX)
            continue;
        diag_error(diag, &service->desired->span,
                   "\"%s\" would have %zu phone numbers and short codes; %d are allowed",
                   service->name, count, SENDER_POOL_MAX);
        diag_help(diag, "senders that the roster does not manage count too (Twilio error 21714)");
        result = -1;
    }
    return result;
}

static bool is_unresolved(const struct change *change)
{
    return change->kind == CHANGE_ADD_SENDER &&
           sender_types[change->sender_kind].origin != SENDER_MINTED && change->sender.sid == NULL;
}

size_t plan_unresolved(const struct plan *plan, enum sender_kind kind, const struct change **first)
{
    size_t count = 0, i;

    *first = NULL;
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->sender_kind != kind || !is_unresolved(change))
            continue;
        if (*first == NULL)
            *first = change;
        count++;
    }
    return count;
}

static int compare_senders(const void *left, const void *right)
{
    const struct sender *const *a = left, *const *b = right;
    return sender_compare(*a, *b);
}

static int report_unresolved(const struct change *change, struct diag *diag)
{
    const struct sender_type *type = &sender_types[change->sender_kind];
    const char *shown = change->written == NULL ? change->sender.identity : change->written;

    if (type->origin == SENDER_LISTED) {
        diag_error(diag, &change->span, "the SID of %s %s is not known", type->label, shown);
        diag_help(diag, "Twilio lists channel senders only in services, and this one is in none of "
                        "the roster's: write its SID (XE…) instead");
        return -1;
    }
    diag_error(diag, &change->span, "the account does not own %s %s", type->label, shown);
    diag_help(diag, "roster buys nothing: get it in the Twilio Console first, or check the "
                    "account and the digits");
    return -1;
}

/* What says nothing of its capabilities may be able to. */
static bool can_send(const struct sender *number)
{
    const struct resource *resource = sender_types[SENDER_PHONE_NUMBER].section->resource;
    size_t row = resource_row_at(resource, offsetof(struct sender, capabilities));

    return !field_has_value(&number->set, row) ||
           (number->capabilities & (CAPABILITY_SMS | CAPABILITY_MMS)) != 0;
}

static int resolve_change(struct change *change, const struct sender **sorted, size_t count,
                          struct diag *diag)
{
    const struct sender *key = &change->sender;
    const struct sender **found = bsearch(&key, sorted, count, sizeof(*sorted), compare_senders);

    if (found == NULL)
        return report_unresolved(change, diag);
    if (change->sender_kind == SENDER_PHONE_NUMBER && !can_send(*found)) {
        diag_error(diag, &change->span, "%s %s can't send messages (no SMS or MMS capability)",
                   sender_types[change->sender_kind].label,
                   change->written == NULL ? change->sender.identity : change->written);
        diag_help(diag, "Twilio would refuse it with error 21715; use another number");
        return -1;
    }
    if (sender_types[change->sender_kind].origin == SENDER_LISTED &&
        change->needs[1] == CHANGE_NONE) {
        diag_error(diag, &change->span, "channel sender %s is in another service of the roster",
                   change->written == NULL ? change->sender.identity : change->written);
        diag_help(diag, "take it out there (it may stand there by its SID, %s)", (*found)->sid);
        return -1;
    }
    change->sender = **found;
    return 0;
}

/* Where SIDs of the kind may come from, sorted by identity. */
static const struct sender **known_senders(struct arena *arena, const struct live_state *live,
                                           enum sender_kind kind, size_t *count)
{
    const struct sender **sorted;
    size_t total = live->owned[kind].count, i, j;

    for (i = 0; i < live->count; i++)
        total += live->services[i]->senders[kind].count;
    sorted = arena_array(arena, total, sizeof(*sorted));
    *count = 0;
    for (i = 0; i < live->owned[kind].count; i++)
        sorted[(*count)++] = &live->owned[kind].items[i];
    for (i = 0; i < live->count && sender_types[kind].origin == SENDER_LISTED; i++)
        for (j = 0; j < live->services[i]->senders[kind].count; j++)
            sorted[(*count)++] = &live->services[i]->senders[kind].items[j];
    qsort(sorted, *count, sizeof(*sorted), compare_senders);
    return sorted;
}

static int resolve_kind(struct plan *plan, const struct live_state *live, enum sender_kind kind,
                        struct diag *diag)
{
    size_t count, i;
    const struct sender **sorted = known_senders(&plan->arena, live, kind, &count);
    int result = 0;

    for (i = 0; i < plan->change_count; i++) {
        struct change *change = &plan->changes[i];
        if (change->sender_kind == kind && is_unresolved(change) &&
            resolve_change(change, sorted, count, diag) != 0)
            result = -1;
    }
    return result;
}

int plan_resolve(struct plan *plan, const struct live_state *live, struct diag *diag)
{
    int result = 0;
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].origin != SENDER_MINTED &&
            resolve_kind(plan, live, (enum sender_kind)kind, diag) != 0)
            result = -1;
    return result;
}

int plan_check_numbers(const struct desired *desired, const struct live_state *live,
                       struct diag *diag)
{
    struct arena scratch = {0};
    int result = 0;
    size_t count, i;
    const struct sender **sorted = known_senders(&scratch, live, SENDER_PHONE_NUMBER, &count);

    for (i = 0; i < desired->number_count; i++) {
        const struct desired_number *number = &desired->numbers[i];
        const struct sender *key = &number->sender;
        if (bsearch(&key, sorted, count, sizeof(*sorted), compare_senders) != NULL)
            continue;
        diag_error(diag, &number->origin.span, "the account does not own phone number %s",
                   number->origin.written == NULL ? number->sender.identity
                                                  : number->origin.written);
        diag_help(diag, "roster buys nothing yet: get it in the Twilio Console first");
        result = -1;
    }
    arena_release(&scratch);
    return result;
}

void plan_release(struct plan *plan)
{
    arena_release(&plan->arena);
    memset(plan, 0, sizeof(*plan));
}
