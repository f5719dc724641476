/*
 * What would fail: senders that the account does not own or that can't send, pools that are too
 * full. Found before the first write, all of it.
 */
#include "plan/plan.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

int plan_check_pools(const struct plan *plan, struct diag *diag)
{
    int result = 0;
    size_t i, kind;

    for (i = 0; i < plan->roster_count; i++) {
        const struct plan_service *service = &plan->services[i];
        size_t count = 0;
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            if (sender_types[kind].shares_pool_limit)
                count += service->senders[kind].after;
        if (count <= SENDER_POOL_MAX || service->change_count == 0)
            continue;
        diag_error(diag, &service->desired->span,
                   "\"%s\" would have %zu phone numbers and short codes; %d are allowed",
                   service->name, count, SENDER_POOL_MAX);
        diag_help(diag, "senders that the roster does not manage count too (Twilio error 21714)");
        result = -1;
    }
    return result;
}

static bool is_unresolved(const struct change *change, enum sender_kind kind)
{
    return change->kind == CHANGE_ADD_SENDER && change->sender_kind == kind &&
           sender_types[kind].origin != SENDER_MINTED && change->sender.sid == NULL;
}

size_t plan_unresolved(struct plan *plan, enum sender_kind kind, const char *const **identities)
{
    const char **found = NULL;
    size_t count = 0, i;

    for (i = 0; i < plan->change_count; i++)
        count += is_unresolved(&plan->changes[i], kind);
    if (identities == NULL)
        return count;
    found = arena_array(&plan->arena, count, sizeof(*found));
    count = 0;
    for (i = 0; i < plan->change_count; i++)
        if (is_unresolved(&plan->changes[i], kind))
            found[count++] = plan->changes[i].sender.identity;
    *identities = found;
    return count;
}

static int compare_senders(const void *left, const void *right)
{
    const struct sender *const *a = left, *const *b = right;
    return sender_compare(*a, *b);
}

/* What the account owns of a kind, sorted by identity. */
struct owned {
    const struct sender **sorted;
    size_t count;
};

static struct owned sort_owned(struct arena *arena, const struct live_state *live,
                               enum sender_kind kind)
{
    const struct live_senders *list = &live->owned[kind];
    struct owned owned = {arena_array(arena, list->count, sizeof(*owned.sorted)), list->count};
    size_t i;

    for (i = 0; i < list->count; i++)
        owned.sorted[i] = &list->items[i];
    qsort(owned.sorted, owned.count, sizeof(*owned.sorted), compare_senders);
    return owned;
}

static const struct sender *find_owned(const struct owned *owned, const struct sender *sender)
{
    const struct sender **found =
        bsearch(&sender, owned->sorted, owned->count, sizeof(*owned->sorted), compare_senders);
    return found == NULL ? NULL : *found;
}

size_t plan_perhaps_taken(struct plan *plan, const struct live_state *live, enum sender_kind kind,
                          const char *const **identities)
{
    struct owned owned = sort_owned(&plan->arena, live, kind);
    const char **found = arena_array(&plan->arena, plan->change_count, sizeof(*found));
    size_t count = 0, i;

    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->kind != CHANGE_ADD_SENDER || change->sender_kind != kind ||
            !sender_types[kind].exclusive)
            continue;
        if (sender_types[kind].origin == SENDER_LISTED ||
            find_owned(&owned, &change->sender) != NULL)
            found[count++] = change->sender.identity;
    }
    *identities = found;
    return count;
}

static int report_unresolved(const struct change *change, struct diag *diag)
{
    const struct sender_type *type = &sender_types[change->sender_kind];
    const char *shown = change->written == NULL ? change->sender.identity : change->written;

    if (type->origin == SENDER_LISTED) {
        diag_error(diag, &change->span, "the SID of %s %s is not known", type->label, shown);
        diag_help(diag, "Twilio lists channel senders only in services, and this one is in none: "
                        "write its SID (XE…) instead");
        return -1;
    }
    diag_error(diag, &change->span, "the account does not own %s %s", type->label, shown);
    diag_help(diag, "roster buys nothing: get it in the Twilio Console first, or check the "
                    "account and the digits");
    return -1;
}

static void report_mute(const struct field_origin *origin, const char *identity, struct diag *diag)
{
    diag_error(diag, &origin->span,
               "phone number %s can't send messages (no SMS or MMS capability)",
               origin->written == NULL ? identity : origin->written);
    diag_help(diag, "Twilio would refuse it with error 21715; use another number");
}

static int resolve_change(struct change *change, const struct owned *owned, struct diag *diag)
{
    const struct sender *found = find_owned(owned, &change->sender);

    if (found == NULL)
        return report_unresolved(change, diag);
    if (!sender_can_send(found, change->sender_kind)) {
        const struct field_origin origin = {change->span, change->written};
        report_mute(&origin, change->sender.identity, diag);
        return -1;
    }
    change->sender = *found;
    return 0;
}

/* Whether an entry of a list means the sender that moves, by its address or by its SID. */
static bool means(const struct desired_sender *entry, const struct change *change)
{
    return str_equal(entry->sender.identity, change->sender.identity) ||
           str_equal_nocase(entry->sender.identity, change->sender.sid);
}

/* Whether a change belongs to an entry of the list of the service that the sender moves to. */
static bool asks_for(const struct desired_sender *entry, const struct change *change)
{
    return entry->origin.span.line == change->span.line &&
           entry->origin.span.column == change->span.column;
}

/*
 * Another entry of the roster that means the sender, and the service that has it. Of two that are
 * both moves only the second gives the first, so that one mistake is reported once.
 */
static const struct desired_sender *other_mention(const struct plan *plan,
                                                  const struct change *change, size_t *service)
{
    size_t i, j;

    for (i = 0; i < plan->roster_count; i++) {
        const struct desired_service *desired = plan->services[i].desired;
        const struct desired_senders *list = &desired->senders[change->sender_kind];
        if (i > change->service && i != change->from && !desired->left_out)
            continue;
        for (j = 0; j < list->count; j++) {
            if (i == change->service && asks_for(&list->items[j], change))
                break;
            if (!means(&list->items[j], change))
                continue;
            *service = i;
            return &list->items[j];
        }
    }
    return NULL;
}

/*
 * A channel sender may stand in the roster by its SID and by its address; only now it shows that
 * both are one, which can be in one service only.
 */
static int check_move(const struct plan *plan, const struct change *change, struct diag *diag)
{
    const struct desired_sender *other;
    size_t service;

    if (sender_types[change->sender_kind].origin != SENDER_LISTED)
        return 0;
    other = other_mention(plan, change, &service);
    if (other == NULL)
        return 0;
    diag_error(diag, &change->span, "channel sender %s is %s",
               change->written == NULL ? change->sender.identity : change->written,
               service == change->service ? "listed twice" : "in another service of the roster");
    diag_help(diag, "take it out there (it may stand there by its SID, %s)", change->sender.sid);
    diag_note(diag, &other->origin.span, "it is here");
    return -1;
}

int plan_resolve_owned(struct plan *plan, const struct live_state *live, struct diag *diag)
{
    int result = 0;
    size_t kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        struct owned owned;
        if (sender_types[kind].origin != SENDER_OWNED)
            continue;
        owned = sort_owned(&plan->arena, live, (enum sender_kind)kind);
        for (i = 0; i < plan->change_count; i++)
            if (is_unresolved(&plan->changes[i], (enum sender_kind)kind) &&
                resolve_change(&plan->changes[i], &owned, diag) != 0)
                result = -1;
    }
    return result;
}

int plan_resolve(struct plan *plan, const struct live_state *live, struct diag *diag)
{
    int result = plan_resolve_owned(plan, live, diag);
    size_t i;

    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->kind == CHANGE_ADD_SENDER &&
            sender_types[change->sender_kind].origin == SENDER_LISTED &&
            change->sender.sid == NULL) {
            if (report_unresolved(change, diag) != 0)
                result = -1;
        } else if (change->kind == CHANGE_MOVE_SENDER && check_move(plan, change, diag) != 0) {
            result = -1;
        }
    }
    return result;
}

int plan_check_numbers(const struct desired *desired, const struct live_state *live,
                       struct diag *diag)
{
    struct arena scratch = {0};
    struct owned owned = sort_owned(&scratch, live, SENDER_PHONE_NUMBER);
    int result = 0;
    size_t i;

    for (i = 0; i < desired->number_count; i++) {
        const struct desired_number *number = &desired->numbers[i];
        const struct sender *found = find_owned(&owned, &number->sender);
        if (found != NULL && sender_can_send(found, SENDER_PHONE_NUMBER))
            continue;
        result = -1;
        if (found != NULL) {
            report_mute(&number->origin, number->sender.identity, diag);
            continue;
        }
        diag_error(diag, &number->origin.span, "the account does not own phone number %s",
                   number->origin.written == NULL ? number->sender.identity
                                                  : number->origin.written);
        diag_help(diag, "roster buys nothing: get it in the Twilio Console first, or check the "
                        "account and the digits");
    }
    arena_release(&scratch);
    return result;
}
