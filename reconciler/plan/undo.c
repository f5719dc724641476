#include "plan/undo.h"

#include "base/redact.h"
#include "base/str.h"

#include <stddef.h>
#include <string.h>

/* What came to a list and what left it. What the addition made has no SID here. */
struct undo_list {
    const struct sender **came, **left;
    size_t came_count, came_capacity, left_count, left_capacity;
};

struct undo_service {
    struct undo_list lists[SENDER_KIND_COUNT];
};

/* While it is made. */
struct maker {
    struct undo *undo;
    struct desired *desired;
    const struct plan *plan;
    const char *const *service_sids;
    size_t *entry; /* by service of the plan: its index in the desired state, or NO_ENTRY */
    struct diag *diag;
};

#define NO_ENTRY ((size_t)-1)

/* The entry of a service that was there before and is there now, made when it has none. */
static struct desired_service *entry_of(struct maker *maker, size_t service)
{
    struct desired *desired = maker->desired;
    const struct plan_service *planned = &maker->plan->services[service];
    struct desired_service *wanted;

    if (maker->entry[service] != NO_ENTRY)
        return &desired->services[maker->entry[service]];
    maker->entry[service] = desired->service_count;
    wanted = &desired->services[desired->service_count++];
    wanted->origins =
        arena_array(&desired->arena, resource_service.field_count, sizeof(*wanted->origins));
    wanted->service.sid = maker->service_sids[service];
    wanted->service.friendly_name = planned->name;
    return wanted;
}

/* Whether the service was there before the apply and is there after it. */
static bool stays(const struct maker *maker, size_t service)
{
    return maker->plan->services[service].live != NULL && !maker->plan->services[service].deleted;
}

/* Whether a sender that left may stand in a file: it is not the value of a variable. */
static bool may_return(struct maker *maker, size_t service, enum sender_kind kind,
                       const struct sender *sender)
{
    struct arena scratch = {0};
    const bool shown = redact_text(&maker->plan->desired->redactions, &scratch, sender->identity) ==
                       sender->identity;

    arena_release(&scratch);
    if (!shown)
        diag_warning(maker->diag, NULL,
                     "the old %s %s of \"%s\" may be a secret, so the way back does not have it",
                     sender_types[kind].label, sender_shown(sender),
                     maker->plan->services[service].name);
    return shown;
}

static void note_sender(struct maker *maker, size_t service, const struct change *change, bool came)
{
    struct undo_list *list;
    struct desired_service *wanted;

    if (!stays(maker, service) ||
        (!came && !may_return(maker, service, change->sender_kind, &change->sender)))
        return;
    wanted = entry_of(maker, service);
    wanted->senders[change->sender_kind].managed = true;
    list = &maker->undo->services[maker->entry[service]].lists[change->sender_kind];
    if (came) {
        list->came = arena_grow(&maker->undo->arena, list->came, list->came_count,
                                &list->came_capacity, sizeof(struct sender *));
        list->came[list->came_count++] = &change->sender;
    } else {
        list->left = arena_grow(&maker->undo->arena, list->left, list->left_count,
                                &list->left_capacity, sizeof(struct sender *));
        list->left[list->left_count++] = &change->sender;
    }
}

/* Whether an old value may stand in a file: no password, and no variable's value. */
static bool may_be_kept(struct maker *maker, const struct plan_service *service, size_t row)
{
    json_t *value = resource_json_value(&resource_service, row, &service->live->service);
    const char *text = json_string_value(value);
    struct arena scratch = {0};
    bool kept = service->desired == NULL || service->desired->origins[row].written == NULL;

    if (text != NULL) {
        char *masked = arena_strdup(&scratch, text);
        size_t size = str_mask_passwords(masked, strlen(masked));
        kept = kept && strlen(text) == size && memcmp(masked, text, size) == 0 &&
               redact_text(&maker->plan->desired->redactions, &scratch, text) == text;
    }
    arena_release(&scratch);
    json_decref(value);
    return kept;
}

static void take_row(struct maker *maker, const struct plan_service *service,
                     struct desired_service *wanted, size_t row)
{
    const struct field *field = &resource_service.fields[row];

    if (!may_be_kept(maker, service, row)) {
        diag_warning(maker->diag, NULL,
                     "the old \"%s\" of \"%s\" may be a secret, so the way back does not have it",
                     field->yaml_key, service->name);
        return;
    }
    if (field_has_value(&service->live->service.set, row)) {
        resource_copy_row(&resource_service, row, &wanted->service, &service->live->service);
        field_mark_value(&wanted->service.set, row);
    } else if ((field->flags & FIELD_CLEARABLE) != 0) {
        field_mark_null(&wanted->service.set, row);
    }
}

static void undo_update(struct maker *maker, const struct change *change)
{
    const struct plan_service *service = &maker->plan->services[change->service];
    struct desired_service *wanted = entry_of(maker, change->service);
    size_t row;

    for (row = 0; row < resource_service.field_count; row++)
        if ((change->rows >> row & 1) != 0)
            take_row(maker, service, wanted, row);
}

/* It is made anew, as it was. */
static void undo_delete(struct maker *maker, const struct change *change)
{
    const struct plan_service *service = &maker->plan->services[change->service];
    struct desired_service *wanted = entry_of(maker, change->service);
    size_t row, kind, i;

    wanted->service.sid = NULL;
    for (row = 0; row < resource_service.field_count; row++)
        if (resource_service.fields[row].form_key != NULL &&
            field_has_value(&service->live->service.set, row))
            take_row(maker, service, wanted, row);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct live_senders *list = &service->live->senders[kind];
        struct undo_list *into = &maker->undo->services[maker->entry[change->service]].lists[kind];
        wanted->senders[kind].managed = list->fetched;
        into->left = arena_array(&maker->undo->arena, list->count, sizeof(struct sender *));
        for (i = 0; i < list->count; i++)
            if (may_return(maker, change->service, (enum sender_kind)kind, &list->items[i]))
                into->left[into->left_count++] = &list->items[i];
    }
}

static void undo_change(struct maker *maker, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_CREATE_SERVICE:
        maker->undo->prune_sids[maker->desired->prune_sid_count++] =
            maker->service_sids[change->service];
        break;
    case CHANGE_UPDATE_SERVICE:
        undo_update(maker, change);
        break;
    case CHANGE_ADD_SENDER:
        note_sender(maker, change->service, change, true);
        break;
    case CHANGE_MOVE_SENDER:
        note_sender(maker, change->service, change, true);
        note_sender(maker, change->from, change, false);
        break;
    case CHANGE_REMOVE_SENDER:
        note_sender(maker, change->service, change, false);
        break;
    case CHANGE_DELETE_SERVICE:
        undo_delete(maker, change);
        break;
    case CHANGE_KIND_COUNT:
        break;
    }
}

void undo_init(struct undo *undo, struct desired *desired, const struct plan *plan,
               const bool *effects, const char *const *service_sids, struct diag *diag)
{
    struct maker maker = {undo, desired, plan, service_sids, NULL, diag};
    size_t i;

    maker.entry = arena_array(&undo->arena, plan->service_count, sizeof(*maker.entry));
    for (i = 0; i < plan->service_count; i++)
        maker.entry[i] = NO_ENTRY;
    undo->services = arena_array(&undo->arena, plan->service_count, sizeof(*undo->services));
    undo->prune_sids =
        arena_array(&undo->arena, plan->counts[CHANGE_CREATE_SERVICE], sizeof(*undo->prune_sids));
    desired->services =
        arena_array(&desired->arena, plan->service_count, sizeof(*desired->services));
    desired->prune_sids = undo->prune_sids;
    desired->guards = plan->desired->guards;
    desired->redactions = plan->desired->redactions;
    desired->lookup = plan->desired->lookup;
    desired->declared_count = plan->desired->declared_count;
    for (i = 0; i < plan->change_count; i++)
        if (effects[i])
            undo_change(&maker, &plan->changes[i]);
    desired_index(desired);
}

static bool came_here(const struct undo_list *list, const struct sender *sender)
{
    size_t i;

    for (i = 0; i < list->came_count; i++)
        if (list->came[i]->sid == NULL ? sender_compare(list->came[i], sender) == 0
                                       : str_equal_nocase(list->came[i]->sid, sender->sid))
            return true;
    return false;
}

static bool is_in(const struct live_senders *have, const struct sender *sender)
{
    size_t i;

    for (i = 0; have != NULL && i < have->count; i++)
        if (sender_compare(&have->items[i], sender) == 0)
            return true;
    return false;
}

/* As a roster would say it: the SID that it had in the list is gone with it. */
static struct sender wanted_again(size_t kind, const struct sender *left)
{
    const struct sender_type *type = &sender_types[kind];
    struct sender sender = {.country = left->country};

    sender.identity = type->origin == SENDER_LISTED ? left->sid : left->identity;
    field_mark_value(&sender.set, 0);
    if (sender.country != NULL)
        field_mark_value(&sender.set, resource_row_at(type->section->resource,
                                                      offsetof(struct sender, country)));
    return sender;
}

static void settle_list(struct desired *desired, size_t kind, struct desired_senders *wanted,
                        const struct undo_list *list, const struct live_senders *have)
{
    const size_t most = (have == NULL ? 0 : have->count) + list->left_count;
    size_t i;

    wanted->items = arena_array(&desired->arena, most, sizeof(*wanted->items));
    for (i = 0; have != NULL && i < have->count; i++)
        if (!came_here(list, &have->items[i]))
            wanted->items[wanted->count++].sender = have->items[i];
    for (i = 0; i < list->left_count; i++)
        if (!is_in(have, list->left[i]))
            wanted->items[wanted->count++].sender = wanted_again(kind, list->left[i]);
}

void undo_settle(const struct undo *undo, struct desired *desired, const struct live_state *live)
{
    size_t i, j, kind;

    for (i = 0; i < desired->service_count; i++) {
        struct desired_service *wanted = &desired->services[i];
        const struct live_service *now = NULL;
        for (j = 0; j < live->count && wanted->service.sid != NULL; j++)
            if (str_equal_nocase(live->services[j]->service.sid, wanted->service.sid))
                now = live->services[j];
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            if (wanted->senders[kind].managed)
                settle_list(desired, kind, &wanted->senders[kind], &undo->services[i].lists[kind],
                            now == NULL ? NULL : &now->senders[kind]);
    }
}

void undo_release(struct undo *undo)
{
    arena_release(&undo->arena);
    memset(undo, 0, sizeof(*undo));
}
