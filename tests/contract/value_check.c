#include "value_check.h"

#include "formats.h"

#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t enter(struct contract *contract, const char *before, const char *member)
{
    size_t mark = contract->place.size;

    if (mark > 0)
        buf_add_text(&contract->place, before);
    buf_add_text(&contract->place, member);
    return mark;
}

size_t place_enter(struct contract *contract, const char *member)
{
    return enter(contract, ".", member);
}

size_t place_enter_element(struct contract *contract)
{
    return enter(contract, "", "[]");
}

void place_leave(struct contract *contract, size_t mark)
{
    contract->place.size = mark;
    if (contract->place.data != NULL)
        contract->place.data[mark] = '\0';
}

/* Schema words that say something about a value; others are documentation. */
static void check_keywords(struct contract *contract, json_t *schema)
{
    static const char *const known[] = {
        "type",    "format",      "enum",    "pattern",  "minLength",  "maxLength",
        "minimum", "maximum",     "items",   "nullable", "properties", "required",
        "title",   "description", "default", "example",  "deprecated",
    };
    const char *word;
    json_t *unused;

    json_object_foreach(schema, word, unused)
    {
        size_t i = 0;
        while (i < COUNT_OF(known) && strcmp(known[i], word) != 0)
            i++;
        if (i == COUNT_OF(known) && !str_starts_with(word, "x-"))
            contract_report(contract, FINDING_SCHEMA, NULL,
                            "the schema says \"%s\", which this check does not know", word);
    }
}

/* The compiled pattern, which the description holds; NULL when it can't be compiled. */
static const regex_t *pattern_of(struct contract *contract, const char *pattern)
{
    for (size_t i = 0; i < contract->pattern_count; i++) {
        if (contract->patterns[i].pattern == pattern)
            return &contract->patterns[i].regex;
    }
    assert(contract->pattern_count < CONTRACT_MAX_PATTERNS);
    if (regcomp(&contract->patterns[contract->pattern_count].regex, pattern,
                REG_EXTENDED | REG_NOSUB) != 0)
        return NULL;
    contract->patterns[contract->pattern_count].pattern = pattern;
    return &contract->patterns[contract->pattern_count++].regex;
}

static void check_pattern(struct contract *contract, json_t *schema, const char *text)
{
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    const json_t *shortest = json_object_get(schema, "minLength");
    const json_t *longest = json_object_get(schema, "maxLength");
    json_int_t length = (json_int_t)str_utf8_length(text, strlen(text));
    const regex_t *regex;

    if (pattern != NULL) {
        regex = pattern_of(contract, pattern);
        if (regex == NULL)
            contract_report(contract, FINDING_SCHEMA, NULL, "the pattern %s can't be read",
                            pattern);
        else if (regexec(regex, text, 0, NULL, 0) != 0)
            contract_report(contract, FINDING_PATTERN, text, "\"%s\" does not match %s", text,
                            pattern);
    } else if ((shortest != NULL && length < json_integer_value(shortest)) ||
               (longest != NULL && length > json_integer_value(longest))) {
        contract_report(contract, FINDING_PATTERN, text, "\"%s\" is too short or too long", text);
    }
}

static void check_format(struct contract *contract, json_t *schema, const char *text)
{
    const char *format = json_string_value(json_object_get(schema, "format"));

    if (format == NULL)
        return;
    switch (format_check(format, text)) {
    case FORMAT_HOLDS:
        break;
    case FORMAT_BROKEN:
        contract_report(contract, FINDING_FORMAT, text, "\"%s\" is not of format %s", text, format);
        break;
    case FORMAT_UNKNOWN:
        contract_report(contract, FINDING_SCHEMA, NULL,
                        "the schema's format \"%s\" is not known to this check", format);
        break;
    }
}

static void check_string(struct contract *contract, json_t *schema, const char *text)
{
    const json_t *choices = json_object_get(schema, "enum");
    size_t i = 0;

    if (choices != NULL) {
        while (i < json_array_size(choices) &&
               !str_equal(json_string_value(json_array_get(choices, i)), text))
            i++;
        if (i == json_array_size(choices))
            contract_report(contract, FINDING_CHOICE, text, "\"%s\" is not one of the choices",
                            text);
    }
    check_pattern(contract, schema, text);
    check_format(contract, schema, text);
}

static void check_range(struct contract *contract, json_t *schema, double value)
{
    const json_t *smallest = json_object_get(schema, "minimum");
    const json_t *largest = json_object_get(schema, "maximum");

    if ((smallest != NULL && value < json_number_value(smallest)) ||
        (largest != NULL && value > json_number_value(largest)))
        contract_report(contract, FINDING_RANGE, NULL, "%g is out of range", value);
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "object";
    case JSON_ARRAY:
        return "array";
    case JSON_STRING:
        return "string";
    case JSON_INTEGER:
        return "integer";
    case JSON_REAL:
        return "number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "boolean";
    case JSON_NULL:
        break;
    }
    return "null";
}

/* The schema's type; one that lists properties without a type is an object's. "": any. */
static const char *schema_type(json_t *schema)
{
    const char *type = json_string_value(json_object_get(schema, "type"));

    if (type != NULL)
        return type;
    return json_object_get(schema, "properties") != NULL ? "object" : "";
}

/* A map of names that the description leaves open ("uri-map"): its values are URIs. */
static void check_map(struct contract *contract, json_t *schema, json_t *value)
{
    bool of_uris = str_equal(json_string_value(json_object_get(schema, "format")), "uri-map");
    const char *name;
    json_t *element;

    json_object_foreach(value, name, element)
    {
        size_t mark = place_enter(contract, name);
        const char *text = json_string_value(element);
        if (of_uris && text == NULL)
            contract_report(contract, FINDING_TYPE, NULL, "is of type %s, not a URI",
                            type_name(element));
        else if (of_uris && format_check("uri", text) != FORMAT_HOLDS)
            contract_report(contract, FINDING_FORMAT, text, "\"%s\" is not of format uri", text);
        place_leave(contract, mark);
    }
}

static void check_object(struct contract *contract, json_t *root, json_t *schema, json_t *value)
{
    json_t *properties = json_object_get(schema, "properties"), *element;
    const char *name;

    if (properties == NULL) {
        check_map(contract, schema, value);
        return;
    }
    json_object_foreach(properties, name, element)
    {
        json_t *member = json_object_get(value, name);
        size_t mark = place_enter(contract, name);
        if (member == NULL)
            contract_report(contract, FINDING_MISSING, NULL, "is missing");
        else
            value_check_json(contract, root, element, member);
        place_leave(contract, mark);
    }
    json_object_foreach(value, name, element)
    {
        size_t mark = place_enter(contract, name);
        if (json_object_get(properties, name) == NULL)
            contract_report(contract, FINDING_EXTRA, NULL, "is not in the description");
        place_leave(contract, mark);
    }
}

static void check_array(struct contract *contract, json_t *root, json_t *schema, json_t *value)
{
    json_t *items = json_object_get(schema, "items"), *element;
    size_t index;

    json_array_foreach(value, index, element)
    {
        size_t mark = place_enter_element(contract);
        if (items != NULL)
            value_check_json(contract, root, items, element);
        place_leave(contract, mark);
    }
}

static bool has_type(const char *type, const json_t *value)
{
    return *type == '\0' || strcmp(type, type_name(value)) == 0 ||
           (strcmp(type, "number") == 0 && json_is_number(value));
}

void value_check_json(struct contract *contract, json_t *root, json_t *schema, json_t *value)
{
    const char *type;

    schema = openapi_resolve(root, schema);
    if (schema == NULL) {
        contract_report(contract, FINDING_SCHEMA, NULL, "the schema's $ref leads nowhere");
        return;
    }
    check_keywords(contract, schema);
    type = schema_type(schema);
    if (json_is_null(value) && (*type == '\0' || json_is_true(json_object_get(schema, "nullable"))))
        return;
    if (!has_type(type, value))
        contract_report(contract, FINDING_TYPE, NULL, "is of type %s, not %s", type_name(value),
                        type);
    else if (strcmp(type, "object") == 0)
        check_object(contract, root, schema, value);
    else if (strcmp(type, "array") == 0)
        check_array(contract, root, schema, value);
    else if (strcmp(type, "string") == 0)
        check_string(contract, schema, json_string_value(value));
    else if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0)
        check_range(contract, schema, json_number_value(value));
}

bool value_check_is_list(json_t *root, json_t *schema)
{
    schema = openapi_resolve(root, schema);
    return schema != NULL && strcmp(schema_type(schema), "array") == 0;
}

static void check_integer_text(struct contract *contract, json_t *schema, const char *text)
{
    int64_t value;

    if (str_to_int64(text, &value) != 0)
        contract_report(contract, FINDING_TYPE, text, "\"%s\" is not an integer", text);
    else
        check_range(contract, schema, (double)value);
}

static void check_number_text(struct contract *contract, json_t *schema, const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0')
        contract_report(contract, FINDING_TYPE, text, "\"%s\" is not a number", text);
    else
        check_range(contract, schema, value);
}

void value_check_text(struct contract *contract, json_t *root, json_t *schema, const char *text)
{
    const char *type;

    schema = openapi_resolve(root, schema);
    if (schema == NULL) {
        contract_report(contract, FINDING_SCHEMA, NULL, "the schema's $ref leads nowhere");
        return;
    }
    check_keywords(contract, schema);
    type = schema_type(schema);
    if (strcmp(type, "boolean") == 0) {
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
            contract_report(contract, FINDING_TYPE, text, "\"%s\" is not a boolean", text);
    } else if (strcmp(type, "integer") == 0) {
        check_integer_text(contract, schema, text);
    } else if (strcmp(type, "number") == 0) {
        check_number_text(contract, schema, text);
    } else if (strcmp(type, "array") == 0) {
        value_check_text(contract, root, json_object_get(schema, "items"), text);
    } else if (strcmp(type, "string") == 0) {
        check_string(contract, schema, text);
    }
}
