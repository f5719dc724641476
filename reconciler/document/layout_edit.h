/*
 * Edits of a document's text that touch nothing else: a value is exchanged, an entry taken out or
 * put in, and every other byte stays.
 *
 * The edits of one document are collected, all of them by the places of its layout, and then
 * applied together:
 *
 *     struct layout_edits edits = {.arena = &arena, .doc = &doc};
 *     layout_set_scalar(&edits, value, false, DOC_BOOLEAN, "false");
 *     layout_edits_apply(&edits, text, size, &out);
 *
 * Whether the result means what it should is the caller's to find out, by reading it again: a text
 * may be written in ways that these functions don't foresee.
 *
 * What they do as people would:
 * - A value keeps its quotes where it can be written in them, its anchor, and the comment behind
 * it.
 * - With an item goes the comment behind it on its line. Comments on lines of their own stay, but
 *   for those right above what layout_remove_entry() takes out.
 * - A new item looks like its neighbour: quotes, braces, order of keys, indentation, and whether
 *   items have lines of their own. What is JSON stays JSON.
 * - A block list that loses its last item becomes []; a file without an end of line at its end
 *   keeps none; new lines end as those around them do (CRLF).
 */
#ifndef ROSTER_DOCUMENT_LAYOUT_EDIT_H
#define ROSTER_DOCUMENT_LAYOUT_EDIT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/unified_diff.h"
#include "document/doc.h"
#include "document/layout.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the document's text and what comes in their place; lines of it end in line feeds. */
struct layout_edit {
    size_t at, size;
    const char *text;
    bool lines; /* whole lines: they begin on a line of their own */
};

/* All zero but for the first two is a start. */
struct layout_edits {
    struct arena *arena;
    const struct doc *doc;
    struct layout_edit *items;
    size_t count, capacity;
    struct diff_span *spans; /* one for each edit once they were applied, in order of place */
};

void layout_edit_add(struct layout_edits *edits, size_t at, size_t size, const char *text);

/*
 * Adds to `out` what the edits make of the text, `text` being what the document was read from, with
 * its byte order mark and its line ends. Edits of one place come in the order in which they were
 * added. Returns -1 when two of them touch the same bytes. A text without an end of line at its end
 * gets none.
 */
MUST_CHECK int layout_edits_apply(struct layout_edits *edits, const char *text, size_t size,
                                  struct buf *out);

/*
 * A value: a scalar, or a mapping of scalars with a key for each piece. `raw`: the text is YAML
 * already.
 */
struct layout_piece {
    const char *key; /* NULL: the value is this piece alone */
    enum doc_kind kind;
    const char *text;
    bool raw;
};

struct layout_value {
    const struct layout_piece *pieces;
    size_t count;
};

/*
 * Exchanges a scalar, or an alias, for another scalar. `flow`: it stands in a flow collection. An
 * anchor stays. `behind` is the key that it belongs to, for a value for which nothing is written.
 */
void layout_set_scalar(struct layout_edits *edits, const struct layout_node *node,
                       const struct layout_node *behind, bool flow,
                       const struct layout_piece *piece);

/* Puts a key into a mapping, behind the entry `after` and on a line of its own unless in braces. */
void layout_add_key(struct layout_edits *edits, const struct layout_node *mapping, size_t after,
                    const char *key, const struct layout_piece *piece);

/* A new item of a list, in front of the item `before`; at the end when that is their count. */
struct layout_addition {
    size_t before;
    struct layout_value value;
};

/*
 * Takes items out of a list and puts new ones in, those of one place in their order. `removed` has
 * a flag for each item. The list is the value of an entry of a mapping.
 */
void layout_edit_list(struct layout_edits *edits, const struct layout_entry *entry,
                      const bool *removed, const struct layout_addition *additions, size_t count);

/* Takes one entry out of a mapping. */
void layout_remove_key(struct layout_edits *edits, const struct layout_node *mapping, size_t index);

/*
 * Takes items out of a list, with the comments right above them, and puts new ones at its end:
 * blocks of lines as doc_emit.h writes the items of a list at the left margin, each with an empty
 * line before it if the list's others have one. A list in brackets gets them on one line, without
 * comments; an empty one becomes one in block style unless it stands in a flow collection itself
 * (`flow`). Returns -1 when a block is no item.
 */
MUST_CHECK int layout_edit_blocks(struct layout_edits *edits, const struct layout_entry *entry,
                                  bool flow, const bool *removed, const char *const *blocks,
                                  size_t count);

/* Adds a value as it is written in a flow collection; like its neighbour, when there is one. */
void layout_add_value(struct buf *out, const struct layout_node *like,
                      const struct layout_value *value);

/* The own entry of a mapping with that key; NULL when it has none. */
struct layout_entry *layout_find(const struct layout_node *mapping, const char *key);

/* The node itself, or what it stands for. */
struct layout_node *layout_resolve(struct layout_node *node);

#endif
