/*
 * Text of the document inside of a message: between quotes, a long one cut. For printf:
 *
 *     diag_error(diag, &span, "duplicate key " QUOTE_FORMAT, QUOTE_ARGUMENTS(text, size));
 */
#ifndef ROSTER_DOCUMENT_DOC_QUOTE_H
#define ROSTER_DOCUMENT_DOC_QUOTE_H

#include <stddef.h>

enum { QUOTE_MAX = 60 }; /* bytes shown */

#define QUOTE_FORMAT "\"%.*s%s\""
#define QUOTE_ARGUMENTS(text, size) \
    doc_quote_size((text), (size)), (text), ((size) > QUOTE_MAX ? "…" : "")

/* Bytes of the text to show; never cuts a character. */
static inline int doc_quote_size(const char *text, size_t size)
{
    if (size <= QUOTE_MAX)
        return (int)size;
    size = QUOTE_MAX;
    while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
        size--;
    return (int)size;
}

#endif
