/*
 * What a scalar means: YAML 1.2's core schema, and the tags that it knows.
 */
#ifndef ROSTER_DOCUMENT_DOC_SCALAR_H
#define ROSTER_DOCUMENT_DOC_SCALAR_H

#include "document/doc.h"

/* The kind of a plain scalar without a tag. */
enum doc_kind doc_scalar_kind(const char *text, size_t size);

/* The kind that a resolved tag ("tag:yaml.org,2002:str") asks for; -1 for an unknown one. */
MUST_CHECK int doc_tag_kind(const char *tag, enum doc_kind *kind);

/* Whether a scalar with this text may carry a tag for that kind. */
bool doc_tag_fits(enum doc_kind wanted, const char *text, size_t size);

#endif
