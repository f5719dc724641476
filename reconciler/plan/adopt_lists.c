/*
 * Lists of senders.
 */
#include "plan/adopt_making.h"

#include "base/str.h"

static struct making_list *list_of(struct making *making, const struct desired_service *service,
                                   enum sender_kind kind)
{
    struct making_list *list;
    size_t i;

    for (i = making->list_count; i-- > 0;)
        if (making->lists[i].service == service && making->lists[i].kind == kind)
            return &making->lists[i];
    making->lists = arena_grow(&making->arena, making->lists, making->list_count,
                               &making->list_capacity, sizeof(*making->lists));
    list = &making->lists[making->list_count++];
    *list = (struct making_list){.service = service, .kind = kind};
    list->removed =
        arena_array(&making->arena, service->senders[kind].count, sizeof(*list->removed));
    return list;
}

static void take_out(struct making *making, const struct change *change)
{
    const struct desired_service *service = adopt_desired(making->adopt, change->service);
    const struct desired_senders *senders = &service->senders[change->sender_kind];
    const size_t index = adopt_sender_index(senders, change);

    if (index == senders->count)
        making->failed = true;
    else
        list_of(making, service, change->sender_kind)->removed[index] = true;
}

static struct layout_value value_of(struct making *making, const struct sender_type *type,
                                    const struct export_sender *sender)
{
    const struct resource *resource = type->section->resource;
    struct layout_piece *pieces =
        arena_array(&making->arena, resource->field_count, sizeof(*pieces));
    size_t count = 0, row;

    for (row = 0; row < resource->field_count; row++)
        if (sender->values[row].how == EXPORT_WRITTEN)
            pieces[count++] = (struct layout_piece){
                .key = type->section->shape == SECTION_MAPPINGS ? resource->fields[row].yaml_key
                                                                : NULL,
                .kind = sender->values[row].kind,
                .text = sender->values[row].text,
            };
    return (struct layout_value){pieces, count};
}

/* Where the sender goes: to its place in a list that is sorted, else to the end. */
static size_t position(const struct desired_senders *list, const struct sender *sender)
{
    size_t i;

    for (i = 1; i < list->count; i++)
        if (export_compare(&list->items[i - 1].sender, &list->items[i].sender) >= 0)
            return list->count;
    for (i = 0; i < list->count && list->count > 1; i++)
        if (export_compare(&list->items[i].sender, sender) > 0)
            return i;
    return list->count;
}

static void put_in(struct making *making, const struct desired_service *service,
                   const struct change *change, const struct export_sender *sender)
{
    struct making_list *list = list_of(making, service, change->sender_kind);
    struct layout_addition addition = {
        .before = position(&service->senders[change->sender_kind], &change->sender),
        .value = value_of(making, &sender_types[change->sender_kind], sender),
    };
    size_t at;

    list->additions = arena_grow(&making->arena, list->additions, list->count, &list->capacity,
                                 sizeof(*list->additions));
    list->added = arena_grow(&making->arena, (void *)list->added, list->count,
                             &list->added_capacity, sizeof(*list->added));
    for (at = list->count; at > 0; at--) {
        const struct layout_addition *other = &list->additions[at - 1];
        if (other->before < addition.before ||
            (other->before == addition.before &&
             export_compare(list->added[at - 1], &change->sender) <= 0))
            break;
        list->additions[at] = *other;
        list->added[at] = list->added[at - 1];
    }
    list->additions[at] = addition;
    list->added[at] = &change->sender;
    list->count++;
}

void making_senders(struct making *making, const struct adopt_item *item)
{
    const struct adopt *adopt = making->adopt;
    size_t i;

    for (i = 0; i < item->count; i++) {
        const struct change *change = &adopt->plan->changes[item->first + i];
        const bool created = adopt_change(adopt, item)->kind == CHANGE_CREATE_SERVICE;
        if (!change_is_of_sender(change->kind))
            continue;
        if (change->kind != CHANGE_REMOVE_SENDER && !created)
            take_out(making, change);
        if (change->kind == CHANGE_REMOVE_SENDER)
            put_in(making, adopt_desired(adopt, change->service), change, &item->senders[i]);
        else if (change->kind == CHANGE_MOVE_SENDER && adopt_home(adopt, change) != NULL)
            put_in(making, adopt_home(adopt, change), change, &item->senders[i]);
    }
}

/* An item of the roster as it is written there. */
static struct layout_value written_value(struct making *making, const struct sender_type *type,
                                         const struct desired_sender *item)
{
    const struct resource *resource = type->section->resource;
    struct layout_piece *pieces =
        arena_array(&making->arena, resource->field_count, sizeof(*pieces));
    const char *written[] = {item->origin.written, item->country_written};
    size_t count = 0, row;

    for (row = 0; row < resource->field_count && count < COUNT_OF(written); row++) {
        const struct field *field = &resource->fields[row];
        struct buf text;
        if (field->yaml_key == NULL || !field_has_value(&item->sender.set, row))
            continue;
        buf_init(&text, DOC_MAX_SIZE);
        if (written[count] != NULL)
            buf_add_text(&text, written[count]);
        else
            field->type->yaml(field, field_member_const(field, &item->sender), &text);
        pieces[count++] = (struct layout_piece){
            .key = type->section->shape == SECTION_MAPPINGS ? field->yaml_key : NULL,
            .kind = DOC_STRING,
            .text = arena_strdup(&making->arena, buf_text(&text)),
        };
        buf_release(&text);
    }
    return (struct layout_value){pieces, count};
}

/* A list that is not the service's own, written anew and in brackets. */
static void write_list(struct making *making, const struct making_list *list)
{
    const struct sender_type *type = &sender_types[list->kind];
    const struct desired_senders *senders = &list->service->senders[list->kind];
    struct layout_piece piece = {.kind = DOC_SEQUENCE, .raw = true};
    const char *separator = "[";
    size_t i, next = 0;
    struct buf text;

    buf_init(&text, DOC_MAX_SIZE);
    for (i = 0; i <= senders->count; i++) {
        for (; next < list->count && list->additions[next].before == i; next++) {
            buf_add_text(&text, separator);
            layout_add_value(&text, NULL, &list->additions[next].value);
            separator = ", ";
        }
        if (i < senders->count && !list->removed[i]) {
            const struct layout_value value = written_value(making, type, &senders->items[i]);
            buf_add_text(&text, separator);
            layout_add_value(&text, NULL, &value);
            separator = ", ";
        }
    }
    buf_add_text(&text, separator[0] == '[' ? "[]" : "]");
    piece.text = arena_strdup(&making->arena, buf_text(&text));
    buf_release(&text);
    making_set_key(making, making_place(making, list->service), type->section->yaml_key, &piece);
}

void making_add_list(struct making *making, const struct making_list *list)
{
    struct adopt_place *place = making_place(making, list->service);
    const struct layout_entry *entry =
        layout_find(place->node, sender_types[list->kind].section->yaml_key);

    if (!place->own)
        making->failed = true;
    else if (entry != NULL && entry->value->form == LAYOUT_SEQUENCE)
        layout_edit_list(making_edits(making, place->file), entry, list->removed, list->additions,
                         list->count);
    else
        write_list(making, list);
}
