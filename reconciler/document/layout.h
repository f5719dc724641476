/*
 * A YAML document as it is written: entries with their comments, anchors, aliases, tags and quotes,
 * to be written again in one canonical form.
 *
 * The form: two blanks a level, lists below their keys deeper than these, one blank behind ":" and
 * "-", two in front of a comment behind a value, strings quoted as doc_emit.h does, no blanks at
 * the end of a line, at most one empty line at a time, none at the end. A flow collection on one
 * line stays one; one on several lines becomes block style. Block scalars keep their lines.
 *
 * Comments keep their neighbours: those on lines of their own belong to what follows, or at the end
 * of a collection to that if they are indented like it; those at the top of the document stay
 * there.
 *
 *     struct layout layout;
 *     layout_read(&layout, &doc, diag);
 *     layout_write(&layout, &out);
 *     layout_release(&layout);
 */
#ifndef ROSTER_DOCUMENT_LAYOUT_H
#define ROSTER_DOCUMENT_LAYOUT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "document/doc.h"

#include <stdbool.h>
#include <stddef.h>

struct layout_comment {
    const char *text; /* from the # on, without blanks at the end */
    bool gap;         /* an empty line is in front of it */
};

struct layout_comments {
    struct layout_comment *items;
    size_t count, capacity;
};

enum layout_form {
    LAYOUT_ALIAS,
    LAYOUT_PLAIN, /* a scalar that is no string, as written; "" for nothing at all */
    LAYOUT_STRING,
    LAYOUT_LINES, /* a block scalar */
    LAYOUT_SEQUENCE,
    LAYOUT_MAPPING,
};

struct layout_entry;

struct layout_node {
    enum layout_form form;
    const char *anchor, *tag; /* as written, without the &; NULL: none */
    const char *text;         /* scalars; of an alias the name; LINES: the header line */
    size_t size;
    char quote;         /* STRING: ' or ", 0 when it has none */
    bool flow;          /* a collection on one line */
    bool braces;        /* a collection in brackets or braces, on one line or several */
    bool keeps;         /* LINES: empty lines at the end count */
    const char **lines; /* LINES: the content, without its indentation */
    size_t line_count;
    struct layout_entry *entries;
    size_t count, capacity;
    struct layout_comments foot; /* in front of a collection's end */
    struct layout_node *target;  /* ALIAS: what it stands for */
    size_t uses;                 /* aliases that stand for it */
    /*
     * Where it is in the text of the document, in bytes: its first one, the first behind anchor and
     * tag, and the one behind its last. A block collection ends with its last value, a block scalar
     * with its last line that is not empty. All three are the same where nothing is written.
     */
    size_t begin, content, end;
};

struct layout_entry {
    struct layout_comments before;
    bool gap;                /* an empty line is in front of it and its comments */
    bool inner_gap;          /* an empty line is between these comments and it */
    struct layout_node *key; /* NULL: an item */
    size_t at;               /* offset of the dash of an item, else of its key or value */
    const char *opening;     /* a comment behind the key or dash of a block collection; or NULL */
    struct layout_node *value;
    const char *note; /* a comment behind the value; NULL: none */
};

struct layout {
    struct arena arena;
    bool explicit_start; /* "---" */
    struct layout_comments head;
    bool head_gap; /* an empty line is behind the head */
    struct layout_node *root;
    size_t comment_count;
};

/*
 * Reads a document that doc_parse() found nothing wrong with. Reports and returns -1 when it has
 * directives, or is no collection. `layout` is released by the caller in both cases.
 */
MUST_CHECK int layout_read(struct layout *layout, const struct doc *doc, struct diag *diag);

/* Comments in front of the first entry of an item go in front of the item's dash first. */
void layout_write(struct layout *layout, struct buf *out);

/* Accepts one that is all zero. */
void layout_release(struct layout *layout);

/* Whether an anchor is set in the node or below it. */
bool layout_has_anchor(const struct layout_node *node);

/*
 * Whether two documents mean the same: the same nodes, those of mappings in any order, with the
 * same keys merged.
 */
bool layout_same_meaning(const struct doc_node *a, const struct doc_node *b);

#endif
