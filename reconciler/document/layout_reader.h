/*
 * What the files of the layout's reader share; private to document/layout_*.c.
 */
#ifndef ROSTER_DOCUMENT_LAYOUT_READER_H
#define ROSTER_DOCUMENT_LAYOUT_READER_H

#include "document/doc_anchor.h"
#include "document/doc_text.h"
#include "document/layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

/* A comment of the text, in file order. */
struct layout_found {
    size_t offset, line, column; /* line and column from 0 */
    bool own_line;
    struct layout_comment comment;
};

struct layout_reader {
    struct layout *layout;
    const char *text;
    size_t size;
    struct layout_found *comments;
    size_t count, capacity;
    size_t next;    /* comments that have found their place */
    size_t *dashes; /* offsets of those of block sequences, in file order */
    size_t dash_count, dash_capacity, next_dash;
    struct doc_anchors anchors;
    yaml_parser_t yaml;
    struct doc_text marks;
    yaml_event_t event; /* the current one */
};

/* Begins to read the document with libyaml. */
void layout_start_parser(struct layout_reader *reader, const struct doc *doc);

size_t layout_offset_of(struct layout_reader *reader, const yaml_mark_t *mark);

bool layout_is_blank(char byte);
/* Where the line of an offset begins, and where it ends: at its line feed. */
size_t layout_line_start(const struct layout_reader *reader, size_t offset);
size_t layout_line_end(const struct layout_reader *reader, size_t offset);
/* Whether the line before the one of that offset is there and empty. */
bool layout_has_gap(const struct layout_reader *reader, size_t offset);

/* Finds all comments and dashes. */
void layout_find_comments(struct layout_reader *reader, const struct doc *doc);
/* The first that has not found its place; NULL when all have. */
struct layout_found *layout_next_comment(struct layout_reader *reader);
/* Gives it its place. */
void layout_keep_comment(struct layout_reader *reader, struct layout_comments *list);
/* Those in front of an offset. */
void layout_take_before(struct layout_reader *reader, size_t offset, struct layout_comments *list);
/* The one on the line on which the current event ended, with nothing but a comma in between. */
const char *layout_take_note(struct layout_reader *reader);

#endif
