/*
 * What the types of text members share; private to model/field_types*.c. A text member is a
 * `const char *`.
 */
#ifndef ROSTER_MODEL_FIELD_TEXT_H
#define ROSTER_MODEL_FIELD_TEXT_H

#include "model/field.h"

const char *field_text_of(const void *member);
void field_text_set(void *member, const char *text);

/* Reports `"key" must be X, not Y`, and for a mapping or list nothing more; returns -1. */
int field_report_kind(const struct field *field, const struct doc_node *node, struct diag *diag);

/* A string of the roster. */
struct field_string {
    const char *text;  /* the value, ${NAME} replaced */
    const char *shown; /* what messages may show: the text as written when ${NAME} is in it */
    size_t size;       /* bytes of text */
};

/*
 * Takes the text of a string node, with each ${NAME} replaced and $${ for a literal ${; then
 * reader->written is set. A scalar that was written without quotes and so became a number or a
 * boolean, the commonest mistake with phone numbers and short codes, is reported with the quoted
 * form.
 */
MUST_CHECK int field_take_string(const struct field *field, const struct doc_node *node,
                                 struct field_string *out, struct field_reader *reader);

/* Schema: `out` gets "type": "string", and a pattern that also takes any string with ${ in it. */
void field_text_schema(json_t *out, const char *pattern);

/* Slots of struct field_type. Decoding copies into the arena and takes "" for unset. */
int field_text_decode(const struct field *field, const json_t *value, void *member,
                      struct field_reader *reader);
void field_text_encode(const struct field *field, const void *member, struct buf *out);
void field_text_yaml(const struct field *field, const void *member, struct buf *out);
json_t *field_text_json(const struct field *field, const void *member);
bool field_text_equal(const struct field *field, const void *a, const void *b);
const char *field_no_secret(const struct field *field, const char *text, size_t *size);
void field_text_print_quoted(const struct field *field, const void *member, struct buf *out);
void field_text_print_bare(const struct field *field, const void *member, struct buf *out);

#endif
