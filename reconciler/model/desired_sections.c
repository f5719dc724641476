/*
 * Numbers, guards and test sends.
 */
#include "model/desired_read.h"

#include <string.h>

int desired_read_numbers(struct desired *desired, const struct doc_node *list,
                         struct field_reader *reader)
{
    int result = 0;
    size_t i;

    if (desired_check_list(list, SECTION_KEY_NUMBERS, "number", reader->diag) != 0)
        return -1;
    for (i = 0; i < list->count; i++) {
        struct desired_number *number;
        struct field_origin origin = {{0}, NULL};
        desired->numbers = arena_grow(&desired->arena, desired->numbers, desired->number_count,
                                      &desired->number_capacity, sizeof(*desired->numbers));
        number = &desired->numbers[desired->number_count];
        memset(number, 0, sizeof(*number));
        if (resource_parse(&resource_number, list->items[i], &number->sender, &origin, reader) !=
            0) {
            result = -1;
            continue;
        }
        number->origin = origin;
        desired->number_count++;
    }
    return result;
}

static int read_protect(struct guards *guards, const struct doc_node *list,
                        struct field_reader *reader)
{
    const struct field *field = &resource_protect.fields[0];
    int result = 0;
    size_t i;

    if (desired_check_list(list, field->yaml_key, "service", reader->diag) != 0)
        return -1;
    guards->protect = arena_array(reader->arena, list->count, sizeof(*guards->protect));
    for (i = 0; i < list->count; i++) {
        struct desired_name *name = &guards->protect[guards->protect_count];
        const struct doc_node *node = list->items[i];
        if (node->reported) {
            result = -1;
            continue;
        }
        if (node->kind == DOC_NULL) {
            diag_error(reader->diag, &node->span, "an entry of \"%s\" is empty", field->yaml_key);
            result = -1;
            continue;
        }
        name->span = node->span;
        if (field->type->parse(field, node, &name->name, reader) != 0) {
            result = -1;
            continue;
        }
        name->shown = reader->written == NULL ? name->name : reader->written;
        guards->protect_count++;
    }
    return result;
}

int desired_read_guards(struct desired *desired, const struct doc_node *mapping,
                        struct field_reader *reader)
{
    const struct doc_node *protect;
    int result = 0;

    if (desired_check_mapping(mapping, SECTION_KEY_GUARDS, reader->diag) != 0)
        return -1;
    if (resource_parse(&resource_guards, mapping, &desired->guards, NULL, reader) != 0)
        result = -1;
    protect = doc_get(mapping, "protect");
    if (protect != NULL && read_protect(&desired->guards, protect, reader) != 0)
        result = -1;
    return result;
}

static int read_test_send(struct test_send *out, const struct doc_node *node,
                          struct field_reader *reader)
{
    const struct doc_node *expect;
    int result = 0;

    out->span = node->span;
    out->origins =
        arena_array(reader->arena, resource_test_send.field_count, sizeof(*out->origins));
    if (resource_parse(&resource_test_send, node, out, out->origins, reader) != 0)
        result = -1;
    if (node->kind != DOC_MAPPING)
        return -1;
    expect = doc_get(node, "expect");
    if (expect != NULL &&
        (desired_check_mapping(expect, "expect", reader->diag) != 0 ||
         resource_parse(&resource_expectation, expect, &out->expect, NULL, reader) != 0))
        result = -1;
    return result;
}

int desired_read_test_sends(struct desired *desired, const struct doc_node *list,
                            struct field_reader *reader)
{
    int result = 0;
    size_t i;

    if (desired_check_list(list, SECTION_KEY_TEST_SENDS, "test send", reader->diag) != 0)
        return -1;
    for (i = 0; i < list->count; i++) {
        struct test_send *send;
        desired->test_sends =
            arena_grow(&desired->arena, desired->test_sends, desired->test_send_count,
                       &desired->test_send_capacity, sizeof(*desired->test_sends));
        send = &desired->test_sends[desired->test_send_count++];
        memset(send, 0, sizeof(*send));
        if (read_test_send(send, list->items[i], reader) != 0)
            result = -1;
    }
    return result;
}
