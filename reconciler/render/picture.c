#include "render/picture.h"

#include "base/str.h"
#include "render/words.h"

#include <stdlib.h>
#include <string.h>

/* A live sender that the plan takes out of its service. */
struct leaver {
    size_t service;
    const char *sid;
};

struct maker {
    const struct plan *plan;
    struct picture *picture;
    struct leaver *leavers; /* sorted; of services that have a row */
    size_t leaver_count;
};

static struct picture_row *row_of(const struct maker *maker, size_t service)
{
    return (struct picture_row *)picture_find(maker->picture, service);
}

static int compare_rows(const void *left, const void *right)
{
    const struct picture_row *a = left, *b = right;
    return a->service < b->service ? -1 : a->service > b->service;
}

const struct picture_row *picture_find(const struct picture *picture, size_t service)
{
    const struct picture_row key = {.service = service};
    if (picture->row_count == 0)
        return NULL;
    return bsearch(&key, picture->rows, picture->row_count, sizeof(key), compare_rows);
}

/* What is known of a name that a service has now: where the roster takes it from ${NAME}, as it is
 * written there. */
static const char *live_name(const struct plan_service *service)
{
    const struct service *live = &service->live->service;
    const size_t name = resource_row_at(&resource_service, offsetof(struct service, friendly_name));
    const size_t old = resource_row_at(&resource_service, offsetof(struct service, renamed_from));
    const struct desired_service *desired = service->desired;

    if (desired == NULL || desired->origins[name].written != NULL || live->friendly_name == NULL)
        return service->name;
    if (desired->origins[old].written != NULL &&
        str_equal(live->friendly_name, desired->service.renamed_from))
        return desired->origins[old].written;
    return live->friendly_name;
}

static void add_row(struct picture *picture, const struct plan *plan, size_t index)
{
    const struct plan_service *service = &plan->services[index];
    struct picture_row *row;
    size_t kind;

    if (picture->row_count == PICTURE_ROWS_MAX) {
        picture->beyond++;
        return;
    }
    row = &picture->rows[picture->row_count++];
    row->service = index;
    row->before.there = service->live != NULL;
    row->after.there = !service->deleted;
    row->name_before = row->before.there ? live_name(service) : NULL;
    row->name_after = row->after.there ? service->name : NULL;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (!service->senders[kind].known)
            picture->lists_unknown = true;
}

static void choose_rows(struct picture *picture, const struct plan *plan)
{
    bool *drawn = arena_array(&picture->arena, plan->service_count, sizeof(*drawn));
    size_t i;

    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->kind != CHANGE_UPDATE_SERVICE)
            drawn[change->service] = true;
        if (change->kind == CHANGE_MOVE_SENDER)
            drawn[change->from] = true;
    }
    picture->rows = arena_array(&picture->arena, PICTURE_ROWS_MAX, sizeof(*picture->rows));
    for (i = 0; i < plan->service_count; i++) {
        if (drawn[i])
            add_row(picture, plan, i);
        else if (plan->services[i].change_count != 0)
            picture->settings_only++;
    }
}

static void add_changing(struct picture_side *side, struct chip chip)
{
    side->changing++;
    if (side->chip_count == PICTURE_CHIPS_MAX)
        side->more++;
    else
        side->chips[side->chip_count++] = chip;
}

static void add_change(const struct maker *maker, size_t index)
{
    const struct change *change = &maker->plan->changes[index];
    const bool moves = change->kind == CHANGE_MOVE_SENDER;
    struct picture_row *to = row_of(maker, change->service);
    struct picture_row *from = moves ? row_of(maker, change->from) : NULL;
    struct chip chip = {
        .state = moves                               ? CHIP_MOVED
                 : change->kind == CHANGE_ADD_SENDER ? CHIP_ADDED
                                                     : CHIP_REMOVED,
        .kind = change->sender_kind,
        .identity = words_identity(change),
        .country = words_country(change),
        .change = index,
    };

    if (from != NULL) {
        chip.other = change->service;
        add_changing(&from->before, chip);
    }
    chip.other = change->from;
    if (to != NULL)
        add_changing(change->kind == CHANGE_REMOVE_SENDER ? &to->before : &to->after, chip);
}

/* Moves come first, so that as many as possible have both of their ends in the picture. */
static void add_changes(const struct maker *maker)
{
    size_t i;

    for (i = 0; i < maker->plan->change_count; i++)
        if (maker->plan->changes[i].kind == CHANGE_MOVE_SENDER)
            add_change(maker, i);
    for (i = 0; i < maker->plan->change_count; i++)
        if (maker->plan->changes[i].kind == CHANGE_ADD_SENDER ||
            maker->plan->changes[i].kind == CHANGE_REMOVE_SENDER)
            add_change(maker, i);
}

static int compare_leavers(const void *left, const void *right)
{
    const struct leaver *a = left, *b = right;
    if (a->service != b->service)
        return a->service < b->service ? -1 : 1;
    return strcmp(a->sid, b->sid);
}

static void index_leavers(struct maker *maker)
{
    const struct plan *plan = maker->plan;
    size_t i;

    maker->leavers =
        arena_array(&maker->picture->arena, plan_removals(plan), sizeof(*maker->leavers));
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        size_t service = change->kind == CHANGE_MOVE_SENDER ? change->from : change->service;
        if ((change->kind != CHANGE_MOVE_SENDER && change->kind != CHANGE_REMOVE_SENDER) ||
            change->sender.sid == NULL || row_of(maker, service) == NULL)
            continue;
        maker->leavers[maker->leaver_count++] = (struct leaver){service, change->sender.sid};
    }
    if (maker->leaver_count != 0)
        qsort(maker->leavers, maker->leaver_count, sizeof(*maker->leavers), compare_leavers);
}

static bool leaves(const struct maker *maker, size_t service, const struct sender *sender)
{
    const struct leaver key = {service, sender->sid};
    return maker->leaver_count != 0 && sender->sid != NULL &&
           bsearch(&key, maker->leavers, maker->leaver_count, sizeof(key), compare_leavers) != NULL;
}

/* A live sender as it may be shown: as the roster has it, where its list names it by ${NAME}. */
static struct chip live_chip(const struct plan_service *service, enum sender_kind kind,
                             const struct sender *sender, enum chip_state state)
{
    struct chip chip = {state, kind, sender_shown(sender), sender->country, 0, 0};
    const struct desired_senders *list =
        service->desired == NULL ? NULL : &service->desired->senders[kind];
    size_t i;

    for (i = 0; list != NULL && i < list->count; i++) {
        const struct desired_sender *item = &list->items[i];
        if (sender_compare(&item->sender, sender) != 0 &&
            (sender->sid == NULL || !str_equal_nocase(item->sender.identity, sender->sid)))
            continue;
        if (item->origin.written != NULL)
            chip.identity = item->origin.written;
        if (item->country_written != NULL)
            chip.country = item->country_written;
        break;
    }
    return chip;
}

/* What no change names: all that a deleted service still has is removed with it, else it stays. */
static void add_rest(const struct maker *maker, struct picture_row *row, bool as_chips)
{
    const struct plan_service *service = &maker->plan->services[row->service];
    size_t kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT && service->live != NULL; kind++) {
        const struct live_senders *list = &service->live->senders[kind];
        for (i = 0; i < list->count; i++) {
            const struct sender *sender = &list->items[i];
            if (leaves(maker, row->service, sender))
                continue;
            if (service->deleted) {
                add_changing(&row->before,
                             live_chip(service, (enum sender_kind)kind, sender, CHIP_REMOVED));
            } else if (as_chips) {
                const struct chip chip =
                    live_chip(service, (enum sender_kind)kind, sender, CHIP_STAYS);
                row->before.chips[row->before.chip_count++] = chip;
                row->after.chips[row->after.chip_count++] = chip;
            } else {
                row->stay[kind]++;
            }
        }
    }
}

/* Senders that stay are counted first, and drawn when they are few. */
static void add_staying(const struct maker *maker, struct picture_row *row)
{
    size_t total = 0, kind;

    add_rest(maker, row, false);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        total += row->stay[kind];
    if (total == 0 || total > PICTURE_KEPT_MAX)
        return;
    memset(row->stay, 0, sizeof(row->stay));
    add_rest(maker, row, true);
}

void picture_init(struct picture *picture, const struct plan *plan)
{
    struct maker maker = {.plan = plan, .picture = picture};
    size_t i;

    memset(picture, 0, sizeof(*picture));
    choose_rows(picture, plan);
    add_changes(&maker);
    index_leavers(&maker);
    for (i = 0; i < picture->row_count; i++)
        add_staying(&maker, &picture->rows[i]);
}

void picture_release(struct picture *picture)
{
    arena_release(&picture->arena);
    memset(picture, 0, sizeof(*picture));
}
