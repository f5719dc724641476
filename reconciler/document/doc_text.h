/*
 * The text of a document: what may stand in it, and how libyaml's marks become spans.
 *
 * libyaml counts characters, diagnostics show bytes of a line: the offset of a mark is found from
 * the one asked for before, so asking in file order costs one pass over the text in all.
 */
#ifndef ROSTER_DOCUMENT_DOC_TEXT_H
#define ROSTER_DOCUMENT_DOC_TEXT_H

#include "base/attributes.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

/*
 * Lines that end in a lone carriage return get a line feed instead, which means the same in YAML
 * and lets all readers count lines alike.
 */
void doc_text_unify_breaks(char *bytes, size_t size);

/* Bytes of a UTF-8 byte order mark at the start: 3 or 0. */
size_t doc_text_bom(const char *text, size_t size);

/*
 * Reports the first thing that YAML text may not hold: another encoding than UTF-8, malformed
 * UTF-8, a control character, a byte order mark inside, or a line break of YAML 1.1 only (U+0085,
 * U+2028, U+2029), which YAML 1.2 reads as an ordinary character and libyaml does not.
 */
MUST_CHECK int doc_text_check(const struct diag_source *source, struct diag *diag);

struct doc_text {
    const struct diag_source *source;
    bool ascii;           /* all of it: a character's index is its offset */
    size_t index, offset; /* the mark asked for last */
};

void doc_text_init(struct doc_text *text, const struct diag_source *source);

/* Byte offset of the character with that index, at most the text's size. */
size_t doc_text_offset(struct doc_text *text, size_t index);

/* The character at a mark. */
struct diag_span doc_text_span(const struct doc_text *text, const yaml_mark_t *mark);

/* Where the parts of a node stand. Spans are nowhere (line 0) for what it does not have. */
struct doc_location {
    struct diag_span anchor, tag;
    size_t tag_offset, tag_size; /* bytes of the tag as written, "!!str" */
    struct diag_span content;    /* scalars: to the end of the first line; else one character */
};

/* For the events of scalars, aliases and the starts of collections. */
void doc_text_locate(struct doc_text *text, const yaml_event_t *event, struct doc_location *out);

#endif
