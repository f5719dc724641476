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

enum { MAX_KEYS = 96 };

/* What a mapping may have: all of its resource, or settings only. */
struct mapping_rules {
    const struct resource *resource;
    bool settings_only;
    bool part; /* one of several mappings that are joined: sections may be elsewhere */
};

static bool allows(const struct mapping_rules *rules, const struct field *field)
{
    return field->yaml_key != NULL &&
           (!rules->settings_only || (field->flags & FIELD_SETTING) != 0);
}

/* The row of a key; field_count when there is none. */
static size_t find_row(const struct mapping_rules *rules, const char *yaml_key)
{
    size_t row;
    for (row = 0; row < rules->resource->field_count; row++)
        if (allows(rules, &rules->resource->fields[row]) &&
            strcmp(rules->resource->fields[row].yaml_key, yaml_key) == 0)
            break;
    return row;
}

static bool is_section(const struct mapping_rules *rules, const char *yaml_key)
{
    size_t i;
    for (i = 0; i < rules->resource->section_count && !rules->settings_only; i++)
        if (strcmp(rules->resource->sections[i].yaml_key, yaml_key) == 0)
            return true;
    return false;
}

static const char *article(const char *noun)
{
    return strchr("aeiou", noun[0]) == NULL ? "a" : "an";
}

/* Returns the key that was probably meant, NULL when none is near. */
static const char *report_unknown_key(const struct mapping_rules *rules, const struct doc_node *key,
                                      struct diag *diag)
{
    const struct resource *resource = rules->resource;
    const char *where = rules->settings_only ? "\"defaults\"" : NULL;
    const char *known[MAX_KEYS];
    const char *nearest;
    size_t count = 0, i;

    for (i = 0; i < resource->field_count; i++)
        if (allows(rules, &resource->fields[i]))
            known[count++] = resource->fields[i].yaml_key;
    for (i = 0; i < resource->section_count && !rules->settings_only; i++)
        known[count++] = resource->sections[i].yaml_key;
    if (where != NULL)
        diag_error(diag, &key->span, "unknown key \"%s\" in %s", key->text, where);
    else
        diag_error(diag, &key->span, "unknown key \"%s\" in %s %s", key->text,
                   article(resource->name), resource->name);
    nearest = str_closest(key->text, known, count);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"?", nearest);
    return nearest;
}

static int parse_value(const struct field *field, size_t row, const struct doc_node *node,
                       void *object, struct field_reader *reader)
{
    if (node->reported)
        return -1;
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
            diag_help(reader->diag, "write %s, or remove the key", field->type->name);
        return -1;
    }
    field_mark_null(object, row);
    return 0;
}

/* There, or meant by a key that is not known and was reported as such. */
static bool section_is_there(const struct mapping_rules *rules, const struct doc_node *mapping,
                             const struct section *section)
{
    size_t i;

    for (i = 0; i < mapping->count; i++) {
        const char *key = mapping->pairs[i].key->text;
        if (strcmp(key, section->yaml_key) == 0)
            return true;
        if (find_row(rules, key) == rules->resource->field_count && !is_section(rules, key) &&
            str_closest(key, &section->yaml_key, 1) != NULL)
            return true;
    }
    return false;
}

static int check_required(const struct mapping_rules *rules, const struct doc_node *mapping,
                          uint64_t seen, struct field_reader *reader)
{
    const struct resource *resource = rules->resource;
    int result = 0;
    size_t row, i;

    for (row = 0; row < resource->field_count; row++) {
        const struct field *field = &resource->fields[row];
        if ((field->flags & FIELD_REQUIRED) == 0 || (seen & bit(row)) != 0)
            continue;
        diag_error(reader->diag, &mapping->span, "%s %s must have \"%s\"", article(resource->name),
                   resource->name, field->yaml_key);
        result = -1;
    }
    for (i = 0; i < resource->section_count; i++) {
        const struct section *section = &resource->sections[i];
        if (!section->required || rules->part || section_is_there(rules, mapping, section))
            continue;
        diag_error(reader->diag, &mapping->span, "%s %s must have \"%s\"", article(resource->name),
                   resource->name, section->yaml_key);
        if (section->shape != SECTION_MAPPING)
            diag_help(reader->diag, "write \"%s: []\" for none", section->yaml_key);
        result = -1;
    }
    return result;
}

/* A required key that was only misspelt is not reported as missing on top of that. */
static uint64_t meant_row(const struct mapping_rules *rules, const char *meant)
{
    size_t row = meant == NULL ? rules->resource->field_count : find_row(rules, meant);
    return row == rules->resource->field_count ? 0 : bit(row);
}

static int parse_mapping(const struct mapping_rules *rules, const struct doc_node *mapping,
                         void *object, struct field_origin *origins, struct field_reader *reader)
{
    uint64_t seen = 0; /* keys that are there, good or bad: a bad one is not missing */
    int result = 0;
    size_t i;

    for (i = 0; i < mapping->count; i++) {
        const struct doc_pair *pair = &mapping->pairs[i];
        size_t row = find_row(rules, pair->key->text);
        const char *meant;
        if (strlen(pair->key->text) != pair->key->size) {
            diag_error(reader->diag, &pair->key->span, "a key has a NUL character in it");
            result = -1;
            continue;
        }
        if (row == rules->resource->field_count) {
            if (is_section(rules, pair->key->text))
                continue;
            meant = report_unknown_key(rules, pair->key, reader->diag);
            seen |= meant_row(rules, meant);
            result = -1;
            continue;
        }
        seen |= bit(row);
        reader->written = NULL;
        if (parse_value(&rules->resource->fields[row], row, pair->value, object, reader) != 0)
            result = -1;
        if (origins != NULL)
            origins[row] = (struct field_origin){pair->value->span, reader->written};
    }
    if (!rules->settings_only && check_required(rules, mapping, seen, reader) != 0)
        result = -1;
    return result;
}

static int parse_if_mapping(const struct mapping_rules *rules, const struct doc_node *mapping,
                            void *object, struct field_origin *origins, struct field_reader *reader)
{
    if (mapping->reported)
        return -1;
    if (mapping->kind == DOC_MAPPING)
        return parse_mapping(rules, mapping, object, origins, reader);
    if (rules->settings_only)
        diag_error(reader->diag, &mapping->span, "\"defaults\" must be a mapping, not %s",
                   doc_kind_name(mapping->kind));
    else
        diag_error(reader->diag, &mapping->span, "%s %s must be a mapping, not %s",
                   article(rules->resource->name), rules->resource->name,
                   doc_kind_name(mapping->kind));
    return -1;
}

int resource_parse(const struct resource *resource, const struct doc_node *mapping, void *object,
                   struct field_origin *origins, struct field_reader *reader)
{
    const struct mapping_rules rules = {.resource = resource};
    return parse_if_mapping(&rules, mapping, object, origins, reader);
}

int resource_parse_part(const struct resource *resource, const struct doc_node *mapping,
                        void *object, struct field_origin *origins, struct field_reader *reader)
{
    const struct mapping_rules rules = {.resource = resource, .part = true};
    return parse_if_mapping(&rules, mapping, object, origins, reader);
}

int resource_parse_settings(const struct resource *resource, const struct doc_node *mapping,
                            void *object, struct field_origin *origins, struct field_reader *reader)
{
    const struct mapping_rules rules = {.resource = resource, .settings_only = true};
    return parse_if_mapping(&rules, mapping, object, origins, reader);
}

void resource_copy_row(const struct resource *resource, size_t row, void *to, const void *from)
{
    const struct field *field = &resource->fields[row];
    const struct field_set *set = from;

    memcpy(field_member(field, to), field_member_const(field, from), field->type->size);
    if (field_is_null(set, row))
        field_mark_null(to, row);
    else if (field_is_present(set, row))
        field_mark_value(to, row);
}

size_t resource_row_at(const struct resource *resource, size_t offset)
{
    size_t row;
    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].offset == offset)
            break;
    return row;
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

json_t *resource_json_value(const struct resource *resource, size_t row, const void *object)
{
    const struct field *field = &resource->fields[row];
    return field_has_value(object, row)
               ? field->type->json(field, field_member_const(field, object))
               : json_null();
}
