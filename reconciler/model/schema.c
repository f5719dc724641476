#include "model/schema.h"

#include "base/json_text.h"
#include "document/doc.h"
#include "model/desired.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

static json_t *resource_schema(const struct resource *resource, bool settings_only);

static json_t *node_json(const struct doc_node *node);

static json_t *collection_json(const struct doc_node *node)
{
    json_t *out = node->kind == DOC_SEQUENCE ? json_array() : json_object();
    size_t i;

    for (i = 0; i < node->count; i++) {
        if (node->kind == DOC_SEQUENCE)
            json_array_append_new(out, node_json(node->items[i]));
        else
            json_object_set_new(out, node->pairs[i].key->text, node_json(node->pairs[i].value));
    }
    return out;
}

static json_t *node_json(const struct doc_node *node)
{
    int64_t number;

    switch (node->kind) {
    case DOC_SEQUENCE:
    case DOC_MAPPING:
        return collection_json(node);
    case DOC_NULL:
        return json_null();
    case DOC_BOOLEAN:
        return json_boolean(doc_boolean(node));
    case DOC_INTEGER:
        if (doc_integer(node, &number) == 0)
            return json_integer(number);
        break;
    case DOC_FLOAT:
    case DOC_STRING:
        break;
    }
    return json_string(node->text);
}

/* A default or an example of a table, which is written in YAML there. */
static json_t *yaml_json(const char *yaml)
{
    json_t *out = NULL;
    struct diag diag;
    struct doc doc;

    diag_init(&diag);
    if (doc_parse(&doc, "table", yaml, strlen(yaml), &diag) == 0 && doc.root != NULL)
        out = node_json(doc.root);
    doc_release(&doc);
    diag_release(&diag);
    assert(out != NULL); /* the tables are ours */
    return out;
}

/* "friendly name" for friendly_name. */
static json_t *title(const char *yaml_key)
{
    json_t *out;
    struct buf text;
    size_t i;

    buf_init(&text, 256);
    for (i = 0; yaml_key[i] != '\0'; i++)
        buf_add_char(&text, yaml_key[i] == '_' ? ' ' : yaml_key[i]);
    out = json_string(buf_text(&text));
    buf_release(&text);
    return out;
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
    json_object_set_new(schema, "title", title(field->yaml_key));
    json_object_set_new(schema, "description", json_sprintf("%s%s", field->help, remark(field)));
    if (field->default_text != NULL)
        json_object_set_new(schema, "default", yaml_json(field->default_text));
    if (field->example != NULL)
        json_object_set_new(schema, "examples", json_pack("[o]", yaml_json(field->example)));
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
    json_object_set_new(schema, "title", title(section->yaml_key));
    json_object_set_new(schema, "description", json_string(section->help));
    if (section->example != NULL)
        json_object_set_new(schema, "examples", json_pack("[o]", yaml_json(section->example)));
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

void schema_write_roster(struct buf *out)
{
    json_t *schema = json_object(), *roster = resource_schema(&resource_roster, false);

    json_object_set_new(schema, "$schema",
                        json_string("https://json-schema.org/draft/2020-12/schema"));
    json_object_update(schema, roster);
    json_decref(roster);
    json_text_add_document(out, schema);
    json_decref(schema);
}
