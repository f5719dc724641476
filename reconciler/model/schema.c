#include "model/schema.h"

#include "base/str.h"
#include "model/desired.h"

#include <jansson.h>
#include <string.h>

static json_t *resource_schema(const struct resource *resource, bool settings_only);

/* A default or example of a row as JSON: a number, a boolean, or the text without its quotes. */
static json_t *scalar_json(const struct field *field, const char *text)
{
    size_t size = strlen(text);
    int64_t number;

    if (field->type == &field_boolean)
        return json_boolean(strcmp(text, "true") == 0);
    if (field->type == &field_integer && str_to_int64(text, &number) == 0)
        return json_integer(number);
    if (size >= 2 && text[0] == '"')
        return json_stringn(text + 1, size - 2);
    return json_string(text);
}

/* null beside what the type says. */
static json_t *or_null(json_t *schema)
{
    json_t *type = json_object_get(schema, "type");

    if (json_is_string(type)) {
        json_object_set_new(schema, "type", json_pack("[Os]", type, "null"));
        return schema;
    }
    return json_pack("{s[o{ss}]}", "anyOf", schema, "type", "null");
}

static const char *remark(const struct field *field)
{
    if ((field->flags & FIELD_RESERVED) != 0)
        return " It may have no effect.";
    if ((field->flags & FIELD_CLEARABLE) != 0)
        return " null clears it.";
    return "";
}

static json_t *field_schema(const struct field *field)
{
    json_t *schema = json_object();

    field->type->schema(field, schema);
    if ((field->flags & FIELD_CLEARABLE) != 0)
        schema = or_null(schema);
    json_object_set_new(schema, "description", json_sprintf("%s%s", field->help, remark(field)));
    if (field->default_text != NULL)
        json_object_set_new(schema, "default", scalar_json(field, field->default_text));
    if (field->example != NULL)
        json_object_set_new(schema, "examples",
                            json_pack("[o]", scalar_json(field, field->example)));
    if ((field->flags & FIELD_OBSOLETE) != 0)
        json_object_set_new(schema, "deprecated", json_true());
    return schema;
}

static json_t *section_schema(const struct section *section)
{
    json_t *schema, *item;

    if (section->shape == SECTION_MAPPING) {
        schema = resource_schema(section->resource, section->settings_only);
    } else {
        item = section->shape == SECTION_MAPPINGS ? resource_schema(section->resource, false)
                                                  : field_schema(&section->resource->fields[0]);
        schema = json_pack("{ssso}", "type", "array", "items", item);
        if (section->unique)
            json_object_set_new(schema, "uniqueItems", json_true());
        if (section->most != 0)
            json_object_set_new(schema, "maxItems", json_integer((json_int_t)section->most));
    }
    json_object_set_new(schema, "description", json_string(section->help));
    return schema;
}

static void add_fields(const struct resource *resource, bool settings_only, json_t *properties,
                       json_t *required)
{
    size_t i;

    for (i = 0; i < resource->field_count; i++) {
        const struct field *field = &resource->fields[i];
        if (field->yaml_key == NULL || (settings_only && (field->flags & FIELD_SETTING) == 0))
            continue;
        json_object_set_new(properties, field->yaml_key, field_schema(field));
        if ((field->flags & FIELD_REQUIRED) != 0 && !settings_only)
            json_array_append_new(required, json_string(field->yaml_key));
    }
}

static json_t *resource_schema(const struct resource *resource, bool settings_only)
{
    json_t *schema = json_object(), *properties = json_object(), *required = json_array();
    size_t i;

    json_object_set_new(schema, "type", json_string("object"));
    json_object_set_new(schema, "title", json_string(settings_only ? "defaults" : resource->name));
    if (resource->help != NULL)
        json_object_set_new(schema, "description", json_string(resource->help));
    add_fields(resource, settings_only, properties, required);
    for (i = 0; i < resource->section_count && !settings_only; i++) {
        const struct section *section = &resource->sections[i];
        json_object_set_new(properties, section->yaml_key, section_schema(section));
        if (section->required)
            json_array_append_new(required, json_string(section->yaml_key));
    }
    json_object_set_new(schema, "properties", properties);
    if (json_array_size(required) != 0)
        json_object_set(schema, "required", required);
    json_decref(required);
    json_object_set_new(schema, "additionalProperties", json_false());
    return schema;
}

static int add_bytes(const char *bytes, size_t size, void *context)
{
    buf_add(context, bytes, size);
    return 0;
}

void schema_write_roster(struct buf *out)
{
    json_t *schema = json_object(), *roster = resource_schema(&resource_roster, false);

    json_object_set_new(schema, "$schema",
                        json_string("https://json-schema.org/draft/2020-12/schema"));
    json_object_update(schema, roster);
    json_decref(roster);
    json_dump_callback(schema, add_bytes, out, JSON_INDENT(2));
    buf_add_char(out, '\n');
    json_decref(schema);
}
