/*
 * Services, their sender lists, and defaults.
 */
#include "model/desired_read.h"

#include <string.h>

int desired_check_mapping(const struct doc_node *node, const char *yaml_key, struct diag *diag)
{
    if (node->reported)
        return -1;
    if (node->kind == DOC_MAPPING)
        return 0;
    diag_error(diag, &node->span, "\"%s\" must be a mapping, not %s", yaml_key,
               doc_kind_name(node->kind));
    if (node->kind == DOC_NULL)
        diag_help(diag, "write {} for an empty one, or remove the key");
    return -1;
}

int desired_check_list(const struct doc_node *node, const char *yaml_key, const char *label,
                       struct diag *diag)
{
    if (node->reported)
        return -1;
    if (node->kind == DOC_SEQUENCE)
        return 0;
    diag_error(diag, &node->span, "\"%s\" must be a list, not %s", yaml_key,
               doc_kind_name(node->kind));
    if (node->kind == DOC_NULL && label == NULL)
        diag_help(diag, "write \"%s: []\" for none", yaml_key);
    else if (node->kind == DOC_NULL)
        diag_help(diag, "write [] for no %ss, or remove the key", label);
    else if (node->kind != DOC_MAPPING)
        diag_help(diag, "begin the entry with \"- \", or put it in square brackets");
    return -1;
}

static int parse_sender(const struct sender_type *type, const struct doc_node *node,
                        struct desired_sender *out, struct field_reader *reader)
{
    const struct resource *resource = type->section->resource;
    const struct field *identity = &resource->fields[0];

    out->origin.span = node->span;
    reader->written = NULL;
    if (node->reported)
        return -1;
    if (node->kind == DOC_NULL) {
        diag_error(reader->diag, &node->span, "an entry of \"%s\" is empty",
                   type->section->yaml_key);
        return -1;
    }
    if (type->section->shape == SECTION_MAPPINGS) {
        struct field_origin origins[64];
        memset(origins, 0, sizeof(origins));
        if (resource_parse(resource, node, &out->sender, origins, reader) != 0)
            return -1;
        out->origin = origins[0];
        out->country_written =
            origins[resource_row_at(resource, offsetof(struct sender, country))].written;
        return 0;
    }
    if (identity->type->parse(identity, node, field_member(identity, &out->sender), reader) != 0)
        return -1;
    out->origin.written = reader->written;
    field_mark_value(&out->sender.set, 0);
    return 0;
}

static int parse_sender_list(const struct sender_type *type, const struct doc_node *node,
                             struct desired_senders *out, struct field_reader *reader)
{
    int result = 0;
    size_t i;

    out->managed = true;
    out->span = node->span;
    if (desired_check_list(node, type->section->yaml_key, type->label, reader->diag) != 0)
        return -1;
    out->items = arena_array(reader->arena, node->count, sizeof(*out->items));
    for (i = 0; i < node->count; i++) {
        if (parse_sender(type, node->items[i], &out->items[out->count], reader) == 0)
            out->count++;
        else
            result = -1;
    }
    return result;
}

static int parse_service(const struct doc_node *node, struct desired_service *out,
                         struct field_reader *reader)
{
    size_t name_row = resource_row_at(&resource_service, offsetof(struct service, friendly_name));
    int result = 0;
    size_t kind;

    out->origins = arena_array(reader->arena, resource_service.field_count, sizeof(*out->origins));
    out->span = node->span;
    if (resource_parse(&resource_service, node, &out->service, out->origins, reader) != 0)
        result = -1;
    if (node->kind != DOC_MAPPING || node->reported)
        return -1;
    if (out->service.friendly_name != NULL)
        out->span = out->origins[name_row].span;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct sender_type *type = &sender_types[kind];
        const struct doc_node *list = doc_get(node, type->section->yaml_key);
        if (list != NULL && parse_sender_list(type, list, &out->senders[kind], reader) != 0)
            result = -1;
    }
    return result;
}

int desired_read_services(struct desired *desired, const struct doc_node *list,
                          struct field_reader *reader)
{
    int result = 0;
    size_t i;

    if (desired_check_list(list, SECTION_KEY_SERVICES, NULL, reader->diag) != 0)
        return -1;
    for (i = 0; i < list->count; i++) {
        desired->services = arena_grow(&desired->arena, desired->services, desired->service_count,
                                       &desired->service_capacity, sizeof(*desired->services));
        memset(&desired->services[desired->service_count], 0, sizeof(*desired->services));
        if (parse_service(list->items[i], &desired->services[desired->service_count], reader) != 0)
            result = -1;
        desired->service_count++;
    }
    return result;
}

int desired_apply_defaults(struct desired *desired, const struct doc_node *mapping,
                           struct field_reader *reader)
{
    struct field_origin *origins =
        arena_array(reader->arena, resource_service.field_count, sizeof(*origins));
    struct service defaults;
    size_t row, i;

    memset(&defaults, 0, sizeof(defaults));
    if (desired_check_mapping(mapping, SECTION_KEY_DEFAULTS, reader->diag) != 0 ||
        resource_parse_settings(&resource_service, mapping, &defaults, origins, reader) != 0)
        return -1;
    for (i = 0; i < desired->service_count; i++) {
        struct desired_service *service = &desired->services[i];
        for (row = 0; row < resource_service.field_count; row++) {
            if (!field_is_present(&defaults.set, row) ||
                field_is_present(&service->service.set, row) || service->origins == NULL)
                continue;
            resource_copy_row(&resource_service, row, &service->service, &defaults);
            service->origins[row] = origins[row];
        }
    }
    return 0;
}
