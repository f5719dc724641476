#include "model/desired.h"

#include "model/validate.h"

#include <stdlib.h>
#include <string.h>

static const char *const prefix_account[] = {"AC"};

static const struct field roster_fields[] = {
    {
        .yaml_key = "version",
        .type = &field_integer,
        .offset = FIELD_OFFSET(struct roster_head, int64_t, version),
        .flags = FIELD_REQUIRED,
        .min = 1,
        .max = 1,
        .help = "Version of the roster format: 1.",
    },
    {
        .yaml_key = "account_sid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct roster_head, const char *, account_sid),
        .choices = prefix_account,
        .choice_count = 1,
        .help = "The account that the roster is for; any other is refused before the first write.",
    },
};

enum { ROW_VERSION, ROW_ACCOUNT_SID, ROSTER_ROWS };

_Static_assert(COUNT_OF(roster_fields) == ROSTER_ROWS, "rows of the roster");

const struct resource resource_roster = {
    .name = "roster",
    .fields = roster_fields,
    .field_count = COUNT_OF(roster_fields),
    .size = sizeof(struct roster_head),
};

static const char key_services[] = "services";

/* A row is found by what it describes, so that tables can be reordered freely. */
static size_t row_at(const struct resource *resource, size_t offset)
{
    size_t row;
    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].offset == offset)
            break;
    return row;
}

static int parse_sender_list(const struct sender_type *type, const struct doc_node *node,
                             struct desired_senders *out, struct field_reader *reader)
{
    size_t row = (size_t)(type->identity - type->resource.fields), i;
    int result = 0;

    out->managed = true;
    out->span = node->span;
    if (node->kind != DOC_SEQUENCE) {
        diag_error(reader->diag, &node->span, "\"%s\" must be a list, not %s", type->yaml_key,
                   doc_kind_name(node->kind));
        if (node->kind == DOC_NULL)
            diag_help(reader->diag,
                      "write [] for no %ss, or remove the key to leave them unmanaged",
                      type->label);
        return -1;
    }
    out->items = arena_array(reader->arena, node->count, sizeof(*out->items));
    for (i = 0; i < node->count; i++) {
        struct desired_sender *item = &out->items[out->count];
        const struct doc_node *value = node->items[i];
        if (value->kind == DOC_NULL) {
            diag_error(reader->diag, &value->span, "an entry of \"%s\" is empty", type->yaml_key);
            result = -1;
            continue;
        }
        item->span = value->span;
        if (type->identity->type->parse(type->identity, value, &item->sender.identity, reader) !=
            0) {
            result = -1;
            continue;
        }
        field_mark_value(&item->sender.set, row);
        out->count++;
    }
    return result;
}

static int parse_service(const struct doc_node *node, struct desired_service *out,
                         struct field_reader *reader)
{
    static const size_t name_offset = offsetof(struct service, friendly_name);
    const char *keys[SENDER_KIND_COUNT];
    int result = 0;
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        keys[kind] = sender_types[kind].yaml_key;
    out->spans = arena_array(reader->arena, resource_service.field_count, sizeof(*out->spans));
    out->span = node->span;
    if (resource_parse(&resource_service, node, &out->service, keys, COUNT_OF(keys), out->spans,
                       reader) != 0)
        result = -1;
    if (node->kind != DOC_MAPPING)
        return -1;
    if (out->service.friendly_name != NULL)
        out->span = out->spans[row_at(&resource_service, name_offset)];
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct doc_node *list = doc_get(node, keys[kind]);
        if (list != NULL &&
            parse_sender_list(&sender_types[kind], list, &out->senders[kind], reader) != 0)
            result = -1;
    }
    return result;
}

static int parse_services(struct desired *desired, const struct doc_node *root,
                          struct field_reader *reader)
{
    const struct doc_node *list = doc_get(root, key_services);
    int result = 0;
    size_t i;

    if (list == NULL) {
        diag_error(reader->diag, &root->span, "a roster must have \"services\"");
        diag_help(reader->diag, "write \"services: []\" for none");
        return -1;
    }
    if (list->kind != DOC_SEQUENCE) {
        diag_error(reader->diag, &list->span, "\"services\" must be a list, not %s",
                   doc_kind_name(list->kind));
        if (list->kind == DOC_NULL)
            diag_help(reader->diag, "write \"services: []\" for none");
        return -1;
    }
    desired->services = arena_array(&desired->arena, list->count, sizeof(*desired->services));
    desired->service_count = list->count;
    for (i = 0; i < list->count; i++)
        if (parse_service(list->items[i], &desired->services[i], reader) != 0)
            result = -1;
    return result;
}

static int compare_names(const void *left, const void *right)
{
    const struct desired_service *const *a = left, *const *b = right;
    return strcmp((*a)->service.friendly_name, (*b)->service.friendly_name);
}

static void index_names(struct desired *desired)
{
    size_t i;

    desired->by_name =
        arena_array(&desired->arena, desired->service_count, sizeof(*desired->by_name));
    for (i = 0; i < desired->service_count; i++)
        if (desired->services[i].service.friendly_name != NULL)
            desired->by_name[desired->named_count++] = &desired->services[i];
    qsort(desired->by_name, desired->named_count, sizeof(*desired->by_name), compare_names);
}

static int compare_name_to(const void *key, const void *element)
{
    const struct desired_service *const *service = element;
    return strcmp(key, (*service)->service.friendly_name);
}

const struct desired_service *desired_find_service(const struct desired *desired,
                                                   const char *friendly_name)
{
    const struct desired_service *const *found =
        bsearch(friendly_name, desired->by_name, desired->named_count, sizeof(*desired->by_name),
                compare_name_to);
    return found == NULL ? NULL : *found;
}

int desired_parse(struct desired *desired, const struct doc *doc, struct diag *diag)
{
    static const char *const sections[] = {key_services};
    struct field_reader reader = {&desired->arena, diag};
    struct diag_span spans[ROSTER_ROWS];
    int result = 0;

    memset(spans, 0, sizeof(spans));
    if (doc->root == NULL || doc->root->kind == DOC_NULL) {
        struct diag_span start = {&doc->source, 1, 1, 0};
        diag_error(diag, &start, "the roster is empty");
        diag_help(diag, "it needs at least \"version: 1\" and \"services: []\"");
        return -1;
    }
    if (resource_parse(&resource_roster, doc->root, &desired->head, sections, COUNT_OF(sections),
                       spans, &reader) != 0)
        result = -1;
    if (doc->root->kind != DOC_MAPPING)
        return -1;
    desired->account_span = spans[ROW_ACCOUNT_SID];
    if (parse_services(desired, doc->root, &reader) != 0)
        result = -1;
    index_names(desired);
    if (validate_desired(desired, diag) != 0)
        result = -1;
    return result;
}

void desired_release(struct desired *desired)
{
    arena_release(&desired->arena);
    memset(desired, 0, sizeof(*desired));
}
