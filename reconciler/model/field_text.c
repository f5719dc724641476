#include "model/field_text.h"

#include "base/form.h"
#include "base/str.h"

#include <string.h>

const char *field_text_of(const void *member)
{
    return *(const char *const *)member;
}

void field_text_set(void *member, const char *text)
{
    *(const char **)member = text;
}

int field_report_kind(const struct field *field, const struct doc_node *node, struct diag *diag)
{
    diag_error(diag, &node->span, "\"%s\" must be %s, not %s", field->yaml_key, field->type->name,
               doc_kind_name(node->kind));
    return -1;
}

/* The length of the variable name at the text, 0 when there is none. */
static size_t name_size(const char *text)
{
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    static const char rest[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return strspn(text, first) == 0 ? 0 : strspn(text, rest);
}

const char *field_next_variable(const char *text, const char **name, size_t *size)
{
    const char *at = text;

    while ((at = strstr(at, "${")) != NULL) {
        bool literal = at > text && at[-1] == '$';
        *name = at + 2;
        *size = name_size(at + 2);
        at += 2;
        if (!literal && *size != 0 && at[*size] == '}')
            return at + *size + 1;
    }
    return NULL;
}

static bool is_variables_only(const char *text, size_t size)
{
    const char *end = text + size;

    while (text < end) {
        size_t name = text[0] == '$' && text[1] == '{' ? name_size(text + 2) : 0;
        if (name == 0 || text[2 + name] != '}')
            return false;
        text += name + 3;
    }
    return true;
}

bool field_add_masked(struct buf *out, const char *text, bool written)
{
    const char *password;
    bool masked = false;
    size_t size;

    while ((password = str_find_password(text, &size)) != NULL) {
        buf_add(out, text, (size_t)(password - text));
        text = password + size;
        if (written && is_variables_only(password, size)) {
            buf_add(out, password, size);
            continue;
        }
        buf_add_text(out, "***");
        masked = true;
    }
    buf_add_text(out, text);
    return masked;
}

/* The value, and the value as it stands in the query of a URL. */
static void add_redactions(struct field_reader *reader, const char *value, const char *shown)
{
    struct buf encoded;

    redactions_add(reader->redactions, reader->arena, value, shown);
    buf_init(&encoded, DOC_MAX_SIZE);
    form_add(&encoded, "", value);
    if (strcmp(buf_text(&encoded) + 1, value) != 0)
        redactions_add(reader->redactions, reader->arena, buf_text(&encoded) + 1, shown);
    buf_release(&encoded);
}

/* Adds the value of the ${NAME} at the text; returns the bytes that it takes there, 0 when
 * reported. */
static size_t add_variable(const struct doc_node *node, const char *at, struct buf *value,
                           struct field_reader *reader)
{
    size_t size = name_size(at + 2);
    const char *name, *content;

    if (size == 0 || at[2 + size] != '}') {
        diag_error(reader->diag, &node->span, "\"${\" does not begin the name of a variable");
        diag_help(reader->diag, "write ${NAME} for the environment variable NAME, or $${ for a "
                                "literal ${");
        return 0;
    }
    name = arena_strndup(reader->arena, at + 2, size);
    content = reader->lookup == NULL ? NULL : reader->lookup(name);
    if (str_is_empty(content)) {
        diag_error(reader->diag, &node->span, "the environment variable %s is not set", name);
        diag_help(reader->diag, "set it, or write $${ for a literal ${");
        return 0;
    }
    if (str_utf8_valid(content, strlen(content)) != strlen(content)) {
        diag_error(reader->diag, &node->span, "the environment variable %s is not UTF-8", name);
        return 0;
    }
    add_redactions(reader, content, arena_printf(reader->arena, "${%s}", name));
    buf_add_text(value, content);
    return size + 3;
}

/* Resolves ${NAME} and $${; `*used` tells whether there was a variable. */
static int substitute(const struct doc_node *node, struct buf *value, bool *used,
                      struct field_reader *reader)
{
    const char *at = node->text, *next;

    *used = false;
    while ((next = strstr(at, "${")) != NULL) {
        bool literal = next > at && next[-1] == '$';
        size_t taken;
        buf_add(value, at, (size_t)(next - at) - (literal ? 1 : 0));
        if (literal) {
            buf_add_text(value, "${");
            at = next + 2;
            continue;
        }
        taken = add_variable(node, next, value, reader);
        if (taken == 0)
            return -1;
        *used = true;
        at = next + taken;
    }
    buf_add_text(value, at);
    return 0;
}

static int take_substituted(const struct doc_node *node, struct field_string *out,
                            struct field_reader *reader)
{
    struct buf value;
    int result = -1;
    bool used;

    buf_init(&value, DOC_MAX_SIZE);
    if (substitute(node, &value, &used, reader) == 0) {
        if (used)
            reader->written = out->shown = node->text;
        out->text = arena_strndup(reader->arena, buf_text(&value), value.size);
        out->size = value.size;
        if (!used)
            out->shown = out->text;
        result = 0;
    }
    buf_release(&value);
    return result;
}

/* Where quotes make of it what was probably meant. */
static void suggest_quotes(const struct field *field, const struct doc_node *node,
                           struct diag *diag)
{
    if (field->type == &field_string || field->type == &field_alpha_sender)
        diag_help(diag, "put it in quotes: \"%s\"", node->text);
    else if (field->type == &field_phone_number && node->kind == DOC_INTEGER)
        diag_help(diag, "put it in quotes: \"%s%s\"", node->text[0] == '+' ? "" : "+", node->text);
    else if (field->type == &field_short_code && node->kind == DOC_INTEGER)
        diag_help(diag, "put it in quotes: \"%s\"", node->text);
    else if (field->type == &field_duration && node->kind == DOC_INTEGER)
        diag_help(diag, "write its unit too, for instance %ss", node->text);
}

int field_take_string(const struct field *field, const struct doc_node *node,
                      struct field_string *out, struct field_reader *reader)
{
    reader->written = NULL;
    if (node->kind == DOC_SEQUENCE || node->kind == DOC_MAPPING)
        return field_report_kind(field, node, reader->diag);
    if (node->kind != DOC_STRING) {
        field_report_kind(field, node, reader->diag);
        suggest_quotes(field, node, reader->diag);
        return -1;
    }
    if (strlen(node->text) != node->size) {
        diag_error(reader->diag, &node->span, "\"%s\" has a NUL character in it", field->yaml_key);
        return -1;
    }
    if (strstr(node->text, "${") != NULL)
        return take_substituted(node, out, reader);
    *out = (struct field_string){node->text, node->text, node->size};
    return 0;
}

void field_text_schema(json_t *out, const char *pattern)
{
    json_object_set_new(out, "type", json_string("string"));
    if (pattern != NULL)
        json_object_set_new(out, "pattern", json_sprintf("^(?:%s)(?![\\s\\S])|\\$\\{", pattern));
}

int field_text_decode(const struct field *field, const json_t *value, void *member,
                      struct field_reader *reader)
{
    (void)field;
    if (!json_is_string(value))
        return -1;
    if (json_string_length(value) == 0)
        return 1;
    field_text_set(member, arena_strdup(reader->arena, json_string_value(value)));
    return 0;
}

void field_text_encode(const struct field *field, const void *member, struct buf *out)
{
    (void)field;
    buf_add_text(out, field_text_of(member));
}

void field_add_literal(struct buf *out, const char *text, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++) {
        if (text[i] == '$' && i + 1 < size && text[i + 1] == '{')
            buf_add_char(out, '$');
        buf_add_char(out, text[i]);
    }
}

void field_text_yaml(const struct field *field, const void *member, struct buf *out)
{
    (void)field;
    field_add_literal(out, field_text_of(member), strlen(field_text_of(member)));
}

const char *field_no_secret(const struct field *field, const char *text, size_t *size)
{
    (void)field;
    (void)text;
    (void)size;
    return NULL;
}

json_t *field_text_json(const struct field *field, const void *member)
{
    (void)field;
    return json_string(field_text_of(member));
}

bool field_text_equal(const struct field *field, const void *a, const void *b)
{
    (void)field;
    return str_equal(field_text_of(a), field_text_of(b));
}

void field_text_print_quoted(const struct field *field, const void *member, struct buf *out)
{
    (void)field;
    str_add_quoted(out, field_text_of(member));
}

void field_text_print_bare(const struct field *field, const void *member, struct buf *out)
{
    (void)field;
    str_add_visible(out, field_text_of(member), strlen(field_text_of(member)));
}
