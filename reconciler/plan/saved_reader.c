/*
 * Members of a saved plan, by type.
 */
#include "plan/saved.h"

#include "base/str.h"

#include <string.h>

int saved_reject(struct saved_reader *reader, const char *where, const char *what)
{
    if (!reader->failed) {
        diag_error(reader->diag, NULL, "%s is not a valid plan: \"%s\" %s", reader->saved->path,
                   where, what);
        diag_help(reader->diag, "make it anew with \"roster plan --out\"");
    }
    reader->failed = true;
    return -1;
}

const json_t *saved_object(struct saved_reader *reader, const json_t *parent, const char *key)
{
    const json_t *value = json_object_get(parent, key);

    if (json_is_object(value))
        return value;
    saved_reject(reader, key, "is not an object");
    return NULL;
}

const json_t *saved_array(struct saved_reader *reader, const json_t *parent, const char *key)
{
    const json_t *value = json_object_get(parent, key);

    if (json_is_array(value))
        return value;
    saved_reject(reader, key, "is not a list");
    return NULL;
}

const char *saved_string(struct saved_reader *reader, const json_t *parent, const char *key)
{
    const json_t *value = json_object_get(parent, key);

    if (json_is_string(value))
        return json_string_value(value);
    saved_reject(reader, key, "is not a string");
    return NULL;
}

bool saved_boolean(struct saved_reader *reader, const json_t *parent, const char *key)
{
    const json_t *value = json_object_get(parent, key);

    if (!json_is_boolean(value))
        saved_reject(reader, key, "is not true or false");
    return json_is_true(value);
}

int64_t saved_integer(struct saved_reader *reader, const json_t *parent, const char *key,
                      int64_t most)
{
    const json_t *value = json_object_get(parent, key);

    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= most)
        return json_integer_value(value);
    saved_reject(reader, key, "is not a number in its range");
    return 0;
}

/* "${" in a plain value is no variable. */
static char *escape(struct arena *arena, const char *text)
{
    struct buf out;
    char *copy;

    buf_init(&out, DOC_MAX_SIZE);
    for (; *text != '\0'; text++) {
        if (text[0] == '$' && text[1] == '{')
            buf_add_char(&out, '$');
        buf_add_char(&out, *text);
    }
    copy = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return copy;
}

/* The value as a node of a roster; -1 when it is none that a plan has. */
static int to_node(struct saved_reader *reader, const json_t *value, struct doc_node *node)
{
    struct arena *arena = &reader->saved->arena;
    const char *written = json_string_value(json_object_get(value, "from_env"));

    memset(node, 0, sizeof(*node));
    if (json_is_boolean(value)) {
        node->kind = DOC_BOOLEAN;
        node->text = json_is_true(value) ? "true" : "false";
    } else if (json_is_integer(value)) {
        node->kind = DOC_INTEGER;
        node->text = arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else if (json_is_string(value)) {
        node->kind = DOC_STRING;
        node->text = escape(arena, json_string_value(value));
    } else if (written != NULL) {
        node->kind = DOC_STRING;
        node->text = written;
    } else {
        return -1;
    }
    node->size = strlen(node->text);
    return 0;
}

/* Each variable has to be among those whose values were held against the plan's digests. */
static int check_known(struct saved_reader *reader, const char *written, const char *where)
{
    const json_t *variables = json_object_get(reader->saved->document, "variables");
    const char *name;
    size_t size;

    while (written != NULL && (written = field_next_variable(written, &name, &size)) != NULL) {
        name = arena_strndup(&reader->saved->arena, name, size);
        if (json_object_get(variables, name) == NULL)
            return saved_reject(reader, where, "takes a variable that the plan has no digest of");
    }
    return 0;
}

static int parse_member(struct saved_reader *reader, const struct field *field,
                        const struct doc_node *node, void *object, struct field_origin *origin,
                        const char *where)
{
    struct diag mistakes;
    struct field_reader fields = {
        .arena = &reader->desired->arena,
        .diag = &mistakes,
        .lookup = reader->desired->lookup,
        .redactions = &reader->desired->redactions,
    };
    int result;

    diag_init(&mistakes);
    result = field->type->parse(field, node, field_member(field, object), &fields);
    if (result != 0)
        saved_reject(reader, where, mistakes.items[0].message);
    else if (origin != NULL)
        origin->written = fields.written;
    diag_release(&mistakes);
    return result;
}

int saved_member(struct saved_reader *reader, const struct resource *resource, size_t row,
                 const json_t *value, void *object, struct field_origin *origin, const char *where)
{
    const struct field *field = &resource->fields[row];
    struct field_set *set = object;
    struct doc_node node;

    if (json_is_null(value) && (field->flags & FIELD_CLEARABLE) != 0) {
        field_mark_null(set, row);
        return 0;
    }
    if (json_object_get(value, "masked") != NULL)
        return saved_reject(reader, where, "has a password, which no plan file holds");
    if (to_node(reader, value, &node) != 0)
        return saved_reject(reader, where, "is no value of a setting");
    if (check_known(reader, json_string_value(json_object_get(value, "from_env")), where) != 0)
        return -1;
    if (parse_member(reader, field, &node, object, origin, where) != 0)
        return -1;
    field_mark_value(set, row);
    return 0;
}
