/*
 * Lines of a document's text, for edits; private to document/layout_edit*.c. An offset of a line is
 * that of its first byte; a carriage return before a line feed counts as a blank.
 */
#ifndef ROSTER_DOCUMENT_LAYOUT_LINES_H
#define ROSTER_DOCUMENT_LAYOUT_LINES_H

#include "document/layout_edit.h"

size_t lines_start(const struct doc *doc, size_t offset);
/* The line feed at the end of the line, or the end of the text. */
size_t lines_end(const struct doc *doc, size_t offset);
/* The line after that of the offset; the end of the text when there is none. */
size_t lines_next(const struct doc *doc, size_t offset);
/* Whether only blanks are between the two. */
bool lines_is_blank(const struct doc *doc, size_t from, size_t to);
/* Whether the line of the offset, up to it, is nothing but blanks. */
bool lines_begins_with(const struct doc *doc, size_t offset);
/* Whether behind the offset the line has nothing but blanks and a comment. */
bool lines_ends_with(const struct doc *doc, size_t offset);
/* Whether there is a line feed between the two. */
bool lines_break(const struct doc *doc, size_t from, size_t to);
/* Whether a comment begins between the two, where no scalar is. */
bool lines_comment(const struct doc *doc, size_t from, size_t to);
/* The first of the comment lines right above the line of the offset, not above `from`. */
size_t lines_head(const struct doc *doc, size_t offset, size_t from);

/* Takes whole lines out. */
void lines_remove(struct layout_edits *edits, size_t from, size_t to);
/* Puts lines in at the offset of a line, or at the text's end; `text` ends in a line feed. */
void lines_insert(struct layout_edits *edits, size_t at, const char *text);

/* Adds a value as its neighbour `like` has it (NULL: none); a mapping has braces. */
void lines_add_piece(struct buf *out, const struct layout_node *like, bool flow,
                     const struct layout_piece *piece);
void lines_add_value(struct buf *out, const struct layout_node *like, bool flow,
                     const struct layout_value *value);

/* Adds a key as its neighbour has it, with the colon and a blank. */
void lines_add_key(struct buf *out, const struct layout_node *like, const char *key);

/*
 * Takes items out of a flow list and puts new ones in; see layout_edit_list(). A list without items
 * is written like its key, which may be NULL.
 */
void flow_edit_list(struct layout_edits *edits, const struct layout_node *list,
                    const struct layout_node *key, const bool *removed,
                    const struct layout_addition *additions, size_t count);
/* A text that is the only item of a block list, as an item of one in brackets. */
const char *flow_item(struct layout_edits *edits, const char *block, bool quoted);

#endif
