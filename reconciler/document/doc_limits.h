/*
 * doc_parse() with limits of the caller's choice: tests reach them with small texts.
 */
#ifndef ROSTER_DOCUMENT_DOC_LIMITS_H
#define ROSTER_DOCUMENT_DOC_LIMITS_H

#include "document/doc.h"

struct doc_limits {
    size_t size;    /* bytes of text */
    size_t nodes;   /* nodes as written */
    size_t aliased; /* nodes that aliases and merges add */
};

MUST_CHECK int doc_parse_within(struct doc *doc, const char *name, const char *text, size_t size,
                                const struct doc_limits *limits, struct diag *diag);

#endif
