/*
 * Writing YAML that people read, review and edit: block style, two blanks a level, with comments.
 *
 * Scalars are written so that readers of YAML 1.1 and of YAML 1.2 see the same value, ours among
 * them: a string stands without quotes only when none could take it for anything else (`no`, `1e3`,
 * `2024-01-01`, `~` and +15005550001 are quoted), and is never folded. What would not be seen, or
 * would be seen as something else (control characters, bidirectional overrides), is escaped. Texts
 * are well-formed UTF-8.
 *
 *     struct doc_emit emit;
 *     doc_emit_init(&emit, &out);
 *     doc_emit_begin(&emit, DOC_MAPPING);
 *     doc_emit_key(&emit, "senders");
 *     doc_emit_begin(&emit, DOC_SEQUENCE);
 *     doc_emit_scalar(&emit, DOC_STRING, "ACME");
 *     doc_emit_note(&emit, "since 2024");
 *     doc_emit_end(&emit);
 *     doc_emit_end(&emit);
 *
 * gives
 *
 *     senders:
 *       - ACME  # since 2024
 *
 * An empty collection is written with doc_emit_empty(): `[]` or `{}`.
 */
#ifndef ROSTER_DOCUMENT_DOC_EMIT_H
#define ROSTER_DOCUMENT_DOC_EMIT_H

#include "base/buf.h"
#include "document/doc.h"

#include <stdbool.h>
#include <stddef.h>

enum { DOC_EMIT_MAX_DEPTH = 16 };

struct doc_emit {
    struct buf *out;
    size_t depth; /* collections that are open */
    struct {
        enum doc_kind kind;
        bool flow;      /* on one line, in braces */
        bool dash_open; /* of a mapping: its first key goes on the line of the dash before it */
        size_t count;   /* entries */
    } levels[DOC_EMIT_MAX_DEPTH];
    bool key_open; /* a key waits for its value */
};

/* `out` stays the caller's. */
void doc_emit_init(struct doc_emit *emit, struct buf *out);

/* Opens a mapping or sequence: the document, the value of the last key, or an item. */
void doc_emit_begin(struct doc_emit *emit, enum doc_kind kind);
/* The same for a mapping of scalars on one line: {alpha_sender: ACMEUK, iso_country_code: GB}. */
void doc_emit_begin_flow(struct doc_emit *emit);
void doc_emit_end(struct doc_emit *emit);
void doc_emit_empty(struct doc_emit *emit, enum doc_kind kind);

void doc_emit_key(struct doc_emit *emit, const char *key);
/* A value or item. But for DOC_STRING the text is written as it is. */
void doc_emit_scalar(struct doc_emit *emit, enum doc_kind kind, const char *text);

/*
 * A comment on lines of its own, where the next key or item would begin. Line feeds begin new
 * lines of it; other control characters are shown escaped. "" is a lone #. Not between a key and
 * its value, nor within a flow mapping.
 */
void doc_emit_comment(struct doc_emit *emit, const char *text);
/* A comment behind what was written last, which is a scalar, a flow mapping or an empty one. */
void doc_emit_note(struct doc_emit *emit, const char *text);
/* An empty line. */
void doc_emit_gap(struct doc_emit *emit);

/* One string as it is written within block or flow style; `size` counts, it may hold NUL. */
void doc_emit_string(struct buf *out, const char *text, size_t size, bool flow);
/* The same in double quotes, whether it needs them or not. */
void doc_emit_quoted(struct buf *out, const char *text, size_t size);

#endif
