#include "plan/drift.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/json_text.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

const char *drift_class_name(enum drift_class class)
{
    static const char *const names[DRIFT_CLASS_COUNT] = {
        [DRIFT_CHANGED_BY_HAND] = "changed_by_hand",
        [DRIFT_MISSING_LIVE] = "missing_live",
        [DRIFT_EXTRA_LIVE] = "extra_live",
        [DRIFT_ROSTER_AHEAD] = "roster_ahead",
    };
    return names[class];
}

enum drift_class drift_class_of(enum change_kind kind)
{
    static const enum drift_class classes[CHANGE_KIND_COUNT] = {
        [CHANGE_CREATE_SERVICE] = DRIFT_MISSING_LIVE,
        [CHANGE_UPDATE_SERVICE] = DRIFT_CHANGED_BY_HAND,
        [CHANGE_ADD_SENDER] = DRIFT_MISSING_LIVE,
        [CHANGE_MOVE_SENDER] = DRIFT_CHANGED_BY_HAND,
        [CHANGE_REMOVE_SENDER] = DRIFT_EXTRA_LIVE,
        [CHANGE_DELETE_SERVICE] = DRIFT_EXTRA_LIVE,
    };
    return classes[kind];
}

enum drift_class drift_setting_class(const struct change *change, size_t row)
{
    return (change->ahead >> row & 1) != 0 ? DRIFT_ROSTER_AHEAD : change->drift;
}

static size_t count_rows(uint64_t rows)
{
    size_t count = 0;

    for (; rows != 0; rows &= rows - 1)
        count++;
    return count;
}

static void count_changes(struct plan *plan)
{
    size_t i;

    memset(plan->drift.counts, 0, sizeof(plan->drift.counts));
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        size_t *counts = plan->drift.counts[change->kind];
        if (change->kind != CHANGE_UPDATE_SERVICE) {
            counts[change->drift]++;
            continue;
        }
        counts[DRIFT_ROSTER_AHEAD] += count_rows(change->ahead);
        counts[DRIFT_CHANGED_BY_HAND] += count_rows(change->rows & ~change->ahead);
    }
    plan->drift.reported = true;
}

void drift_classify(struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->change_count; i++)
        plan->changes[i].drift = drift_class_of(plan->changes[i].kind);
    count_changes(plan);
}

/* The plan of the baseline, with its changes of senders in the order of kind and sender. */
struct baseline {
    struct plan plan;
    const struct change **senders;
    size_t sender_count;
};

static int compare_changes(const void *left, const void *right)
{
    const struct change *const *a = left, *const *b = right;

    if ((*a)->sender_kind != (*b)->sender_kind)
        return (*a)->sender_kind < (*b)->sender_kind ? -1 : 1;
    return sender_compare(&(*a)->sender, &(*b)->sender);
}

static void index_senders(struct baseline *baseline)
{
    struct plan *plan = &baseline->plan;
    size_t i;

    baseline->senders = arena_array(&plan->arena, plan->change_count, sizeof(*baseline->senders));
    for (i = 0; i < plan->change_count; i++)
        if (change_is_of_sender(plan->changes[i].kind))
            baseline->senders[baseline->sender_count++] = &plan->changes[i];
    if (baseline->sender_count != 0)
        qsort(baseline->senders, baseline->sender_count, sizeof(*baseline->senders),
              compare_changes);
}

/* Lists that nobody read are nobody's business. */
static void forget_unread(struct desired *baseline, const struct live_state *live)
{
    size_t i, kind;

    for (i = 0; i < live->count; i++) {
        enum desired_claim how;
        const struct desired_service *claimant =
            desired_claim(baseline, &live->services[i]->service, &how);
        for (kind = 0; kind < SENDER_KIND_COUNT && claimant != NULL; kind++)
            if (!live->services[i]->senders[kind].fetched)
                baseline->services[claimant - baseline->services].senders[kind].managed = false;
    }
}

/* Whether both are one service: live, or the name by which it would be found. */
static bool same_service(const struct plan_service *a, const struct plan_service *b)
{
    const struct service *now, *then;

    if (a->live != NULL || b->live != NULL)
        return a->live == b->live;
    now = &a->desired->service;
    then = &b->desired->service;
    return str_equal(now->friendly_name, then->friendly_name) ||
           (now->renamed_from != NULL && str_equal(now->renamed_from, then->friendly_name));
}

/* The baseline's change of that kind to the same service; NULL when it has none. */
static const struct change *find_of_service(const struct baseline *baseline,
                                            const struct plan *plan, const struct change *change)
{
    const struct plan *then = &baseline->plan;
    size_t i;

    for (i = 0; i < then->service_count; i++) {
        const struct plan_service *service = &then->services[i];
        if (service->change_count != 0 &&
            then->changes[service->first_change].kind == change->kind &&
            same_service(&plan->services[change->service], service))
            return &then->changes[service->first_change];
    }
    return NULL;
}

/*
 * Whether the baseline wants something of the same sender. One that can be in one service only need
 * not be wanted in the same one: then it is neither where it was nor where it is to be.
 */
static bool differs_from(const struct baseline *baseline, const struct plan *plan,
                         const struct change *change)
{
    const struct change **found, **end = baseline->senders + baseline->sender_count;

    if (baseline->sender_count == 0)
        return false;
    found = bsearch(&change, baseline->senders, baseline->sender_count, sizeof(*baseline->senders),
                    compare_changes);
    if (found == NULL || sender_types[change->sender_kind].exclusive)
        return found != NULL;
    while (found > baseline->senders && compare_changes(found - 1, found) == 0)
        found--;
    for (; found < end && compare_changes(found, &change) == 0; found++)
        if (same_service(&plan->services[change->service],
                         &baseline->plan.services[(*found)->service]))
            return true;
    return false;
}

static void classify_change(const struct baseline *baseline, const struct plan *plan,
                            struct change *change)
{
    const struct change *then;
    bool by_hand;

    if (change_is_of_sender(change->kind)) {
        by_hand = differs_from(baseline, plan, change);
    } else {
        then = find_of_service(baseline, plan, change);
        by_hand = then != NULL;
        if (change->kind == CHANGE_UPDATE_SERVICE) {
            change->ahead = then == NULL ? change->rows : change->rows & ~then->rows;
            by_hand = change->ahead != change->rows;
        }
    }
    change->drift = by_hand ? drift_class_of(change->kind) : DRIFT_ROSTER_AHEAD;
}

int drift_classify_against(struct plan *plan, struct desired *desired, const char *commit,
                           const struct live_state *live, struct diag *diag)
{
    struct baseline baseline = {.senders = NULL};
    int result;
    size_t i;

    forget_unread(desired, live);
    result = plan_build(&baseline.plan, desired, live, diag);
    if (result == 0) {
        index_senders(&baseline);
        for (i = 0; i < plan->change_count; i++)
            classify_change(&baseline, plan, &plan->changes[i]);
        plan->drift.baseline = commit;
        count_changes(plan);
    }
    plan_release(&baseline.plan);
    return result;
}

size_t drift_count(const struct plan *plan, enum drift_class class)
{
    size_t count = 0, kind;

    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        count += plan->drift.counts[kind][class];
    return count;
}

size_t drift_by_hand(const struct plan *plan)
{
    return drift_count(plan, DRIFT_CHANGED_BY_HAND) + drift_count(plan, DRIFT_MISSING_LIVE) +
           drift_count(plan, DRIFT_EXTRA_LIVE);
}

/* All of it: the renderers' would be without the passwords of URLs. */
static void digest_value(size_t row, const struct service *service, struct buf *out)
{
    json_t *value = resource_json_value(&resource_service, row, service);

    (void)json_text_add(out, value, JSON_ENCODE_ANY);
    json_decref(value);
}

static void digest_settings(const struct plan *plan, const struct change *change, struct buf *out)
{
    const struct plan_service *service = &plan->services[change->service];
    size_t row;

    for (row = 0; row < resource_service.field_count; row++) {
        if (((change->rows & ~change->ahead) >> row & 1) == 0)
            continue;
        buf_printf(out, " %s=", resource_service.fields[row].yaml_key);
        digest_value(row, &service->live->service, out);
        buf_add_text(out, "->");
        digest_value(row, &service->desired->service, out);
    }
}

static void digest_change(const struct plan *plan, const struct change *change, struct buf *out)
{
    const struct plan_service *service = &plan->services[change->service];

    buf_printf(out, "%s ", change_kind_name(change->kind));
    str_add_quoted(out, service->live != NULL ? service->live->service.sid : service->name);
    if (change_is_of_sender(change->kind)) {
        buf_printf(out, " %d ", (int)change->sender_kind);
        str_add_quoted(out, change->sender.identity);
        str_add_quoted(out, change->sender.country == NULL ? "" : change->sender.country);
    }
    if (change->kind == CHANGE_MOVE_SENDER)
        str_add_quoted(out, plan->services[change->from].live->service.sid);
    if (change->kind == CHANGE_UPDATE_SERVICE)
        digest_settings(plan, change, out);
    buf_add_char(out, '\n');
}

void drift_digest(const struct plan *plan, const char *salt, char hex[DRIFT_DIGEST_SIZE])
{
    struct buf text;
    size_t i;

    _Static_assert((int)DRIFT_DIGEST_SIZE == (int)DIGEST_HEX_SIZE, "it is a digest in hexadecimal");
    buf_init(&text, BUF_LIMIT_DEFAULT);
    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].drift != DRIFT_ROSTER_AHEAD)
            digest_change(plan, &plan->changes[i], &text);
    digest_slow(salt, buf_text(&text), text.size, hex);
    buf_release(&text);
}
