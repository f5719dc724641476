/*
 * The changes of a saved plan, as what they make of the services.
 */
#include "plan/saved.h"

#include "base/str.h"
#include "plan/plan_document.h"

#include <string.h>

/* One change while it is read. */
struct entry {
    const json_t *json;
    const char *where; /* "changes[3]" */
    enum change_kind kind;
    struct saved_service *service, *from; /* from: moves only */
    enum sender_kind sender_kind;
    const json_t *sender;
    struct diag_span span;
};

static int find_name(struct saved_reader *reader, const struct entry *entry, const json_t *parent,
                     const char *(*name)(size_t index), size_t count, size_t *found)
{
    const char *text = saved_string(reader, parent, "kind");

    for (*found = 0; text != NULL && *found < count; (*found)++)
        if (strcmp(text, name(*found)) == 0)
            return 0;
    return saved_reject(reader, entry->where, "has a kind that no plan has");
}

static const char *change_name(size_t kind)
{
    return change_kind_name((enum change_kind)kind);
}

static const char *sender_name(size_t kind)
{
    return plan_sender_kind_name((enum sender_kind)kind);
}

static struct saved_service *read_index(struct saved_reader *reader, const struct entry *entry,
                                        const char *key)
{
    struct plan_saved *saved = reader->saved;

    if (saved->service_count == 0) {
        saved_reject(reader, entry->where, "is of a service that is not there");
        return NULL;
    }
    return &saved->services[saved_integer(reader, entry->json, key,
                                          (int64_t)saved->service_count - 1)];
}

/* Where in the roster the change comes from. The roster's text is not here. */
static void read_place(struct saved_reader *reader, struct entry *entry)
{
    const json_t *place = json_object_get(entry->json, "place");
    struct arena *arena = &reader->desired->arena;
    struct diag_source *source;

    if (json_is_null(place))
        return;
    source = arena_alloc(arena, sizeof(*source));
    source->name = saved_string(reader, place, "file");
    source->text = "";
    entry->span.source = source;
    entry->span.line = (uint32_t)saved_integer(reader, place, "line", UINT32_MAX);
    entry->span.column = (uint32_t)saved_integer(reader, place, "column", UINT32_MAX);
}

static struct desired_service *wanted_of(struct saved_reader *reader, const struct entry *entry)
{
    if (entry->service->desired == SAVED_UNMANAGED) {
        saved_reject(reader, entry->where, "is of a service that the plan does not manage");
        return NULL;
    }
    return &reader->desired->services[entry->service->desired];
}

static size_t find_row(const char *key)
{
    size_t row;

    for (row = 0; row < resource_service.field_count; row++)
        if (resource_service.fields[row].form_key != NULL &&
            str_equal(resource_service.fields[row].yaml_key, key))
            break;
    return row;
}

static int read_setting(struct saved_reader *reader, const struct entry *entry, const json_t *json,
                        struct desired_service *wanted)
{
    const char *key = saved_string(reader, json, "key");
    const json_t *after = json_object_get(json, "after");
    size_t row = key == NULL ? resource_service.field_count : find_row(key);

    if (row == resource_service.field_count || after == NULL)
        return saved_reject(reader, entry->where, "has a setting that no service has");
    return saved_member(reader, &resource_service, row, after, &wanted->service,
                        &wanted->origins[row],
                        arena_printf(&reader->saved->arena, "%s.%s", entry->where, key));
}

static int read_settings(struct saved_reader *reader, const struct entry *entry)
{
    const json_t *settings = saved_array(reader, entry->json, "settings");
    struct desired_service *wanted = wanted_of(reader, entry);
    size_t i;

    if (settings == NULL || wanted == NULL)
        return -1;
    if ((entry->kind == CHANGE_CREATE_SERVICE) != (entry->service->sid == NULL))
        return saved_reject(reader, entry->where, "does not fit the service");
    wanted->span = entry->span;
    for (i = 0; i < json_array_size(settings); i++)
        if (read_setting(reader, entry, json_array_get(settings, i), wanted) != 0)
            return -1;
    return 0;
}

static int read_added(struct saved_reader *reader, const struct entry *entry)
{
    const struct resource *resource = sender_types[entry->sender_kind].section->resource;
    struct desired_service *wanted = wanted_of(reader, entry);
    struct saved_list *list = &entry->service->lists[entry->sender_kind];
    struct desired_sender *added;
    struct field_origin country = {{0}, NULL};
    const size_t row = resource_row_at(resource, offsetof(struct sender, country));

    if (wanted == NULL)
        return -1;
    list->added = arena_grow(&reader->saved->arena, list->added, list->added_count,
                             &list->added_capacity, sizeof(*list->added));
    added = &list->added[list->added_count];
    memset(added, 0, sizeof(*added));
    if (saved_member(reader, resource, 0, json_object_get(entry->sender, "identity"),
                     &added->sender, &added->origin, entry->where) != 0)
        return -1;
    if (row < resource->field_count &&
        saved_member(reader, resource, row, json_object_get(entry->sender, "country"),
                     &added->sender, &country, entry->where) != 0)
        return -1;
    added->country_written = country.written;
    added->origin.span = entry->span;
    wanted->senders[entry->sender_kind].managed = true;
    list->added_count++;
    return 0;
}

/* A live identity that is a variable's value has to be known as that, to be shown as it was. */
static int read_hidden(struct saved_reader *reader, const struct entry *entry)
{
    const struct resource *resource = sender_types[entry->sender_kind].section->resource;
    const json_t *identity = json_object_get(entry->sender, "identity");
    struct sender unused;

    memset(&unused, 0, sizeof(unused));
    return json_is_object(identity)
               ? saved_member(reader, resource, 0, identity, &unused, NULL, entry->where)
               : 0;
}

static int read_removed(struct saved_reader *reader, const struct entry *entry,
                        struct saved_service *service)
{
    struct saved_list *list = &service->lists[entry->sender_kind];
    const char *sid = saved_string(reader, entry->sender, "sid");

    if (sid == NULL || read_hidden(reader, entry) != 0)
        return -1;
    if (service->deleted)
        return 0;
    if (!service->touched.senders[entry->sender_kind]) {
        service->source[entry->sender_kind] = service->sid != NULL;
        return service->sid != NULL
                   ? 0
                   : saved_reject(reader, entry->where, "takes a sender out of a new service");
    }
    list->removed = arena_grow(&reader->saved->arena, list->removed, list->removed_count,
                               &list->removed_capacity, sizeof(*list->removed));
    list->removed[list->removed_count++] = sid;
    return 0;
}

static int read_sender_change(struct saved_reader *reader, struct entry *entry)
{
    size_t kind;

    entry->sender = saved_object(reader, entry->json, "sender");
    if (entry->sender == NULL ||
        find_name(reader, entry, entry->sender, sender_name, SENDER_KIND_COUNT, &kind) != 0)
        return -1;
    entry->sender_kind = (enum sender_kind)kind;
    if (entry->kind == CHANGE_REMOVE_SENDER) {
        struct desired_service *wanted = wanted_of(reader, entry);
        if (wanted == NULL)
            return -1;
        wanted->senders[kind].span = entry->span;
        return read_removed(reader, entry, entry->service);
    }
    if (entry->kind == CHANGE_MOVE_SENDER) {
        entry->from = read_index(reader, entry, "from");
        if (entry->from == NULL || read_removed(reader, entry, entry->from) != 0)
            return -1;
    }
    return read_added(reader, entry);
}

static int read_change(struct saved_reader *reader, const json_t *json, size_t index)
{
    struct entry entry = {
        .json = json,
        .where = arena_printf(&reader->saved->arena, "changes[%zu]", index),
    };
    size_t kind;

    if (find_name(reader, &entry, json, change_name, CHANGE_KIND_COUNT, &kind) != 0)
        return -1;
    entry.kind = (enum change_kind)kind;
    entry.service = read_index(reader, &entry, "service");
    read_place(reader, &entry);
    if (reader->failed || entry.service == NULL)
        return -1;
    if (change_is_of_sender(entry.kind))
        return read_sender_change(reader, &entry);
    if (entry.kind != CHANGE_DELETE_SERVICE)
        return read_settings(reader, &entry);
    desired_place_prune(reader->desired, &entry.span);
    return entry.service->deleted ? 0
                                  : saved_reject(reader, entry.where, "does not fit the service");
}

int saved_read_changes(struct saved_reader *reader)
{
    const json_t *changes = saved_array(reader, reader->saved->document, "changes");
    size_t i;

    for (i = 0; i < json_array_size(changes); i++)
        if (read_change(reader, json_array_get(changes, i), i) != 0)
            return -1;
    return reader->failed ? -1 : 0;
}
