#include "plan/capacity.h"

#include "base/buf.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *label;
    int64_t rate;
} classes[CAPACITY_CLASS_COUNT] = {
    [CAPACITY_NORTH_AMERICAN] = {"US or Canadian number", 1},
    [CAPACITY_TOLL_FREE] = {"toll-free number", 3},
    [CAPACITY_OTHER_NUMBER] = {"number of another country", 10},
    [CAPACITY_SHORT_CODE] = {"short code", 100},
    [CAPACITY_ALPHA] = {"alpha sender", 10},
};

/* Area codes of +1, sorted. */
static const char *const toll_free[] = {"800", "833", "844", "855", "866", "877", "888"};
/* Of neither the US nor Canada. */
static const char *const elsewhere[] = {"242", "246", "264", "268", "284", "345", "441",
                                        "473", "649", "658", "664", "721", "758", "767",
                                        "784", "809", "829", "849", "868", "869", "876"};

static bool is_listed(const char *area, const char *const *list, size_t count)
{
    return bsearch(&area, list, count, sizeof(*list), str_compare) != NULL;
}

static enum capacity_class class_of_number(const char *number)
{
    char area[4] = "";

    if (!str_starts_with(number, "+1"))
        return CAPACITY_OTHER_NUMBER;
    if (strlen(number) != strlen("+15005550001"))
        return CAPACITY_UNKNOWN;
    memcpy(area, number + 2, 3);
    if (is_listed(area, toll_free, COUNT_OF(toll_free)))
        return CAPACITY_TOLL_FREE;
    return is_listed(area, elsewhere, COUNT_OF(elsewhere)) ? CAPACITY_UNKNOWN
                                                           : CAPACITY_NORTH_AMERICAN;
}

enum capacity_class capacity_class_of(enum sender_kind kind, const char *identity)
{
    switch (kind) {
    case SENDER_PHONE_NUMBER:
        return class_of_number(identity);
    case SENDER_SHORT_CODE:
        return CAPACITY_SHORT_CODE;
    case SENDER_ALPHA_SENDER:
    case SENDER_DESTINATION_ALPHA_SENDER:
        return CAPACITY_ALPHA;
    case SENDER_CHANNEL_SENDER:
    case SENDER_KIND_COUNT:
        break;
    }
    return CAPACITY_NONE;
}

int64_t capacity_rate(enum capacity_class which)
{
    return classes[which].rate;
}

/* How many senders of each class a service has after the plan. */
struct pool {
    int64_t counts[CAPACITY_CLASS_COUNT];
    bool unknown; /* there is one without a figure, or a list that was not read */
};

static void count_sender(struct pool *pool, enum sender_kind kind, const struct sender *sender)
{
    enum capacity_class which = capacity_class_of(kind, sender->identity);

    if (which < CAPACITY_CLASS_COUNT)
        pool->counts[which]++;
    else if (which == CAPACITY_UNKNOWN)
        pool->unknown = true;
}

/* Whether the plan takes the sender out of a list that it does not manage. */
static bool moves_away(const struct plan *plan, size_t service, enum sender_kind kind,
                       const struct sender *sender)
{
    size_t i;

    if (plan->services[service].senders[kind].moved_out == 0)
        return false;
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->kind == CHANGE_MOVE_SENDER && change->from == service &&
            change->sender_kind == kind && sender_compare(&change->sender, sender) == 0)
            return true;
    }
    return false;
}

static void count_list(const struct plan *plan, size_t index, enum sender_kind kind,
                       struct pool *pool)
{
    const struct plan_service *service = &plan->services[index];
    const struct desired_senders *wanted = &service->desired->senders[kind];
    size_t i;

    if (kind == SENDER_CHANNEL_SENDER)
        return;
    for (i = 0; wanted->managed && i < wanted->count; i++)
        count_sender(pool, kind, &wanted->items[i].sender);
    if (wanted->managed || service->live == NULL)
        return;
    if (!service->live->senders[kind].fetched)
        pool->unknown = true;
    for (i = 0; i < service->live->senders[kind].count; i++)
        if (!moves_away(plan, index, kind, &service->live->senders[kind].items[i]))
            count_sender(pool, kind, &service->live->senders[kind].items[i]);
}

static void add_text(const struct pool *pool, const char *name, int64_t expected, int64_t carried,
                     struct buf *out)
{
    bool any = false;
    int i;

    buf_printf(out, "\"%s\" expects %" PRId64 " message%s a second", name, expected,
               expected == 1 ? "" : "s");
    if (carried == 0) {
        buf_add_text(out, ", and has no sender for SMS");
        return;
    }
    buf_printf(out, ", and its senders carry %" PRId64 " at most by Twilio's documented figures: ",
               carried);
    for (i = 0; i < CAPACITY_CLASS_COUNT; i++) {
        if (pool->counts[i] == 0)
            continue;
        buf_printf(out, "%s%" PRId64 " ", any ? ", " : "", pool->counts[i]);
        if (i == CAPACITY_OTHER_NUMBER && pool->counts[i] != 1)
            buf_add_text(out, "numbers of other countries");
        else
            buf_printf(out, "%s%s", classes[i].label, pool->counts[i] == 1 ? "" : "s");
        buf_printf(out, " at %" PRId64, classes[i].rate);
        any = true;
    }
    if (pool->counts[CAPACITY_NORTH_AMERICAN] != 0)
        buf_add_text(out, "; to the US, a registered A2P campaign has a rate of its own");
}

static void check_service(struct plan *plan, size_t index)
{
    static const size_t offset = offsetof(struct service, expected_rate);
    const size_t row = resource_row_at(&resource_service, offset);
    const struct desired_service *desired = plan->services[index].desired;
    struct pool pool = {.unknown = false};
    int64_t carried = 0;
    struct buf text;
    size_t i;

    if (desired->left_out || !field_has_value(&desired->service.set, row))
        return;
    for (i = 0; i < SENDER_KIND_COUNT; i++)
        count_list(plan, index, (enum sender_kind)i, &pool);
    for (i = 0; i < CAPACITY_CLASS_COUNT; i++)
        carried += pool.counts[i] * classes[i].rate;
    if (pool.unknown || desired->service.expected_rate <= carried)
        return;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    add_text(&pool, plan->services[index].name, desired->service.expected_rate, carried, &text);
    plan->hints = arena_grow(&plan->arena, plan->hints, plan->hint_count, &plan->hint_capacity,
                             sizeof(*plan->hints));
    plan->hints[plan->hint_count++] =
        (struct plan_hint){.service = index,
                           .span = desired->origins[row].span,
                           .message = arena_strdup(&plan->arena, buf_text(&text))};
    buf_release(&text);
}

void plan_check_capacity(struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->roster_count; i++)
        check_service(plan, i);
}
