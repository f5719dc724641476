/*
 * JSON as text, for what is collected in buffers.
 */
#ifndef ROSTER_BASE_JSON_TEXT_H
#define ROSTER_BASE_JSON_TEXT_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

/*
 * Appends the value as json_dumps() writes it with the `flags`. Returns -1 when jansson refuses,
 * for want of memory or for a value that is no array or object without JSON_ENCODE_ANY; a buffer
 * that is full says so itself.
 */
int json_text_add(struct buf *out, const json_t *value, size_t flags);

/* Appends it as people read it: indented, with an end of line. */
void json_text_add_document(struct buf *out, const json_t *value);

/*
 * A new JSON string of the text, as it is; of one that is not UTF-8, as names of files may be, what
 * can't be shown becomes \xNN, so that JSON has it at all.
 */
json_t *json_text_string(const char *text);

#endif
