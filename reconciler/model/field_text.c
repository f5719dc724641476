#include "model/field_text.h"

#include "base/str.h"

#include <string.h>

/* Text members are all `const char *`. */
const char *field_text_of(const void *member)
{
    return *(const char *const *)member;
}

void field_text_set(void *member, const char *text)
{
    *(const char **)member = text;
}

/* "must be X, not Y", and what to write instead where that can be told. */
int field_report_kind(const struct field *field, const struct doc_node *node, struct diag *diag)
{
    diag_error(diag, &node->span, "\"%s\" must be %s, not %s", field->yaml_key, field->type->name,
               doc_kind_name(node->kind));
    return -1;
}

/*
 * A string that was written without quotes and so became a number or a boolean: the commonest
 * mistake with phone numbers and short codes.
 */
int field_take_string(const struct field *field, const struct doc_node *node, const char **text,
                      struct diag *diag)
{
    if (node->kind == DOC_SEQUENCE || node->kind == DOC_MAPPING)
        return field_report_kind(field, node, diag);
    if (node->kind != DOC_STRING) {
        field_report_kind(field, node, diag);
        diag_help(diag, "put it in quotes: \"%s\"", node->text);
        return -1;
    }
    if (strlen(node->text) != node->size) {
        diag_error(diag, &node->span, "\"%s\" has a NUL character in it", field->yaml_key);
        return -1;
    }
    *text = node->text;
    return 0;
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
