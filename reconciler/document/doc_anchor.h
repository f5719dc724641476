/*
 * The anchors of a document by name, the latest definition of each.
 */
#ifndef ROSTER_DOCUMENT_DOC_ANCHOR_H
#define ROSTER_DOCUMENT_DOC_ANCHOR_H

#include "base/arena.h"
#include "document/doc.h"

struct layout_node;

struct doc_anchor {
    const char *name;
    struct diag_span span;      /* of "&name" */
    struct doc_node *node;      /* NULL: what it stands for was found wrong, and reported */
    bool open;                  /* the node's end was not reached yet */
    size_t weight;              /* nodes in it, aliases expanded */
    size_t height;              /* nested collections, aliases expanded; 0 for a scalar */
    struct layout_node *layout; /* the same as it is written; set by the reader of layouts */
};

/* All zero is an empty table. */
struct doc_anchors {
    struct arena arena;
    void *tree;
};

void doc_anchors_release(struct doc_anchors *anchors);

/* The anchor of that name, new or with its old definition, for the caller to fill in. */
struct doc_anchor *doc_anchors_define(struct doc_anchors *anchors, const char *name);

/* NULL when there is none. */
const struct doc_anchor *doc_anchors_find(const struct doc_anchors *anchors, const char *name);

#endif
