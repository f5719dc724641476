/*
 * The end of a mapping: duplicate keys are reported, merge keys resolved.
 */
#ifndef ROSTER_DOCUMENT_DOC_MAPPING_H
#define ROSTER_DOCUMENT_DOC_MAPPING_H

#include "base/arena.h"
#include "document/doc.h"

struct candidate;

/* Shared by all mappings of a document; `scratch` onwards is working memory and starts all zero. */
struct doc_mappings {
    struct arena *arena; /* for the pairs */
    struct diag *diag;
    size_t aliased, aliased_max; /* nodes that aliases and merges added so far, and may add */
    struct arena scratch;
    struct candidate *candidates;
    size_t count, capacity;
    struct candidate **order; /* the candidates by bucket of their keys' hash */
    size_t *ends;             /* of each bucket, in `order` */
    size_t bucket_capacity;   /* of both */
};

void doc_mappings_release(struct doc_mappings *mappings);

/* Adds to `aliased`. Returns -1 when that is more than allowed; nothing is reported. */
MUST_CHECK int doc_mappings_charge(struct doc_mappings *mappings, size_t nodes);

/* A plain "<<". */
bool doc_mapping_is_merge_key(const struct doc_node *key);

/*
 * Sets the pairs of `mapping` from its children: key, value, key, … where NULL is what was found
 * wrong and reported. Returns -1 only when merged nodes go past the limit.
 */
MUST_CHECK int doc_mapping_finish(struct doc_mappings *mappings, struct doc_node *mapping,
                                  struct doc_node *const *children, size_t count);

/* Only reports duplicate keys, of a mapping whose end was never reached. */
void doc_mapping_check(struct doc_mappings *mappings, struct doc_node *const *children,
                       size_t count);

#endif
