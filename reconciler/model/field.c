#include "model/field.h"

#include "base/form.h"
#include "base/str.h"

#include <assert.h>
#include <string.h>

static uint64_t bit(size_t row)
{
    assert(row < 64);
    return UINT64_C(1) << row;
}

bool field_is_present(const struct field_set *set, size_t row)
{
    return (set->present & bit(row)) != 0;
}

bool field_has_value(const struct field_set *set, size_t row)
{
    return (set->present & ~set->null & bit(row)) != 0;
}

bool field_is_null(const struct field_set *set, size_t row)
{
    return (set->present & set->null & bit(row)) != 0;
}

void field_mark_value(struct field_set *set, size_t row)
{
    set->present |= bit(row);
    set->null &= ~bit(row);
}

void field_mark_null(struct field_set *set, size_t row)
{
    set->present |= bit(row);
    set->null |= bit(row);
}

void *field_member(const struct field *field, void *object)
{
    return (char *)object + field->offset;
}

const void *field_member_const(const struct field *field, const void *object)
{
    return (const char *)object + field->offset;
}

uint64_t resource_all_rows(const struct resource *resource)
{
    assert(resource->field_count > 0 && resource->field_count <= 64);
    return UINT64_MAX >> (64 - resource->field_count);
}

enum { NO_ROW = 64, MAX_KEYS = 96 };

static size_t find_row(const struct resource *resource, const char *yaml_key)
{
    size_t row;
    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].yaml_key != NULL &&
            strcmp(resource->fields[row].yaml_key, yaml_key) == 0)
            return row;
    return NO_ROW;
}

static void report_unknown_key(const struct resource *resource, const struct doc_node *key,
                               const char *const *others, size_t other_count, struct diag *diag)
{
    const char *known[MAX_KEYS];
    const char *nearest;
    size_t count = 0, i;

    for (i = 0; i < resource->field_count; i++)
        if (resource->fields[i].yaml_key != NULL)
            known[count++] = resource->fields[i].yaml_key;
    for (i = 0; i < other_count && count < MAX_KEYS; i++)
        known[count++] = others[i];
    diag_error(diag, &key->span, "unknown key \"%s\" in a %s", key->text, resource->name);
    nearest = str_closest(key->text, known, count);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"?", nearest);
}

static int parse_value(const struct field *field, size_t row, const struct doc_node *node,
                       void *object, struct field_reader *reader)
{
    if (node->kind != DOC_NULL) {
        if (field->type->parse(field, node, field_member(field, object), reader) != 0)
            return -1;
        field_mark_value(object, row);
        return 0;
    }
    if ((field->flags & FIELD_CLEARABLE) == 0) {
        diag_error(reader->diag, &node->span, "\"%s\" can't be null", field->yaml_key);
        if ((field->flags & FIELD_REQUIRED) != 0)
            diag_help(reader->diag, "it must be %s", field->type->name);
        else
            diag_help(reader->diag, "write %s, or remove the key to leave the setting unmanaged",
                      field->type->name);
        return -1;
    }
    field_mark_null(object, row);
    return 0;
}

static bool is_other(const char *key, const char *const *others, size_t other_count)
{
    size_t i;
    for (i = 0; i < other_count; i++)
        if (strcmp(others[i], key) == 0)
            return true;
    return false;
}

static int check_required(const struct resource *resource, const struct doc_node *mapping,
                          uint64_t seen, struct field_reader *reader)
{
    int result = 0;
    size_t row;

    for (row = 0; row < resource->field_count; row++) {
        const struct field *field = &resource->fields[row];
        if ((field->flags & FIELD_REQUIRED) == 0 || (seen & bit(row)) != 0)
            continue;
        diag_error(reader->diag, &mapping->span, "a %s must have \"%s\"", resource->name,
                   field->yaml_key);
        result = -1;
    }
    return result;
}

int resource_parse(const struct resource *resource, const struct doc_node *mapping, void *object,
                   const char *const *others, size_t other_count, struct diag_span *spans,
                   struct field_reader *reader)
{
    uint64_t seen = 0; /* keys that are there, good or bad: a bad one is not missing */
    int result = 0;
    size_t i;

    if (mapping->kind != DOC_MAPPING) {
        diag_error(reader->diag, &mapping->span, "a %s must be a mapping, not %s", resource->name,
                   doc_kind_name(mapping->kind));
        return -1;
    }
    for (i = 0; i < mapping->count; i++) {
        const struct doc_pair *pair = &mapping->pairs[i];
        size_t row = find_row(resource, pair->key->text);
        if (row == NO_ROW) {
            if (is_other(pair->key->text, others, other_count))
                continue;
            report_unknown_key(resource, pair->key, others, other_count, reader->diag);
            result = -1;
            continue;
        }
        seen |= bit(row);
        if (spans != NULL)
            spans[row] = pair->value->span;
        if (parse_value(&resource->fields[row], row, pair->value, object, reader) != 0)
            result = -1;
    }
    if (check_required(resource, mapping, seen, reader) != 0)
        result = -1;
    return result;
}

static int decode_value(const struct field *field, size_t row, const json_t *value, void *object,
                        const char *what, struct field_reader *reader)
{
    int decoded;

    if (json_is_null(value)) {
        field_mark_null(object, row);
        return 0;
    }
    decoded = field->type->decode(field, value, field_member(field, object), reader);
    if (decoded < 0) {
        diag_error(reader->diag, NULL, "%s: \"%s\" is not %s", what, field->json_key,
                   field->type->name);
        return -1;
    }
    if (decoded > 0)
        field_mark_null(object, row);
    else
        field_mark_value(object, row);
    return 0;
}

int resource_decode(const struct resource *resource, const json_t *json, void *object,
                    const char *what, struct field_reader *reader)
{
    int result = 0;
    size_t row;

    if (!json_is_object(json)) {
        diag_error(reader->diag, NULL, "%s: not a JSON object", what);
        return -1;
    }
    for (row = 0; row < resource->field_count; row++) {
        const struct field *field = &resource->fields[row];
        const json_t *value;
        if (field->json_key == NULL)
            continue;
        value = json_object_get(json, field->json_key);
        if (value != NULL && decode_value(field, row, value, object, what, reader) != 0)
            result = -1;
    }
    return result;
}

void resource_encode(const struct resource *resource, const void *object, uint64_t mask,
                     struct buf *form)
{
    const struct field_set *set = object;
    struct buf value;
    size_t row;

    buf_init(&value, form->limit);
    for (row = 0; row < resource->field_count; row++) {
        const struct field *field = &resource->fields[row];
        if ((mask & bit(row)) == 0 || field->form_key == NULL || !field_is_present(set, row))
            continue;
        buf_clear(&value);
        if (field_has_value(set, row))
            field->type->encode(field, field_member_const(field, object), &value);
        form_add(form, field->form_key, buf_text(&value));
    }
    buf_release(&value);
}

uint64_t resource_diff(const struct resource *resource, const void *wanted, const void *live)
{
    const struct field_set *want = wanted, *have = live;
    uint64_t different = 0;
    size_t row;

    for (row = 0; row < resource->field_count; row++) {
        const struct field *field = &resource->fields[row];
        bool wants, has;
        if (!field_is_present(want, row) || field->form_key == NULL || field->yaml_key == NULL)
            continue;
        wants = field_has_value(want, row);
        has = field_has_value(have, row);
        if (wants != has || (wants && !field->type->equal(field, field_member_const(field, wanted),
                                                          field_member_const(field, live))))
            different |= bit(row);
    }
    return different;
}

void resource_print_value(const struct resource *resource, size_t row, const void *object,
                          struct buf *out)
{
    const struct field *field = &resource->fields[row];
    if (field_has_value(object, row))
        field->type->print(field, field_member_const(field, object), out);
    else
        buf_add_text(out, "null");
}
