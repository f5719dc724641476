#include "document/doc_mapping.h"

#include "document/doc_quote.h"

#include <stdlib.h>
#include <string.h>

/* A pair that may become one of the mapping. */
struct candidate {
    struct doc_pair pair;
    const struct doc_node *first; /* the key of an earlier candidate that is the same; NULL: none */
    uint32_t hash;                /* of the key */
};

void doc_mappings_release(struct doc_mappings *mappings)
{
    arena_release(&mappings->scratch);
}

int doc_mappings_charge(struct doc_mappings *mappings, size_t nodes)
{
    if (nodes > mappings->aliased_max - mappings->aliased)
        return -1;
    mappings->aliased += nodes;
    return 0;
}

/* Room for so many candidates at once: a large mapping is not copied while it grows. */
static void reserve_candidates(struct doc_mappings *mappings, size_t count)
{
    size_t larger = mappings->capacity * 2;

    if (count <= mappings->capacity)
        return;
    mappings->capacity = count > larger ? count : larger;
    mappings->candidates =
        arena_array(&mappings->scratch, mappings->capacity, sizeof(*mappings->candidates));
}

/* FNV-1a (draft-eastlake-fnv). Keys made to collide cost no more than sorting them all. */
static uint32_t hash_key(const struct doc_node *key)
{
    uint32_t hash = UINT32_C(2166136261);
    size_t i;

    for (i = 0; i < key->size; i++)
        hash = (hash ^ (unsigned char)key->text[i]) * UINT32_C(16777619);
    return hash;
}

static void add_candidate(struct doc_mappings *mappings, struct doc_node *key,
                          struct doc_node *value, bool merged)
{
    struct candidate *candidate;

    mappings->candidates = arena_grow(&mappings->scratch, mappings->candidates, mappings->count,
                                      &mappings->capacity, sizeof(*mappings->candidates));
    candidate = &mappings->candidates[mappings->count++];
    candidate->pair = (struct doc_pair){.key = key, .value = value, .merged = merged};
    candidate->first = NULL;
    candidate->hash = hash_key(key);
}

bool doc_mapping_is_merge_key(const struct doc_node *key)
{
    return key->plain && key->size == 2 && memcmp(key->text, "<<", 2) == 0;
}

static void report_duplicate(struct doc_mappings *mappings, const struct doc_node *key,
                             const struct doc_node *first)
{
    diag_error(mappings->diag, &key->span, "duplicate key " QUOTE_FORMAT,
               QUOTE_ARGUMENTS(key->text, key->size));
    diag_note(mappings->diag, &first->span, "first set here");
}

static int compare_keys(const struct doc_node *a, const struct doc_node *b)
{
    int order;
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    order = memcmp(a->text, b->text, a->size);
    return order;
}

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = *(struct candidate *const *)left;
    const struct candidate *b = *(struct candidate *const *)right;
    int order = (a->hash > b->hash) - (a->hash < b->hash);
    if (order == 0)
        order = compare_keys(a->pair.key, b->pair.key);
    return order != 0 ? order : (a > b) - (a < b);
}

/* Fills `first` of the candidates whose keys fell into one bucket. */
static void find_duplicates_among(struct candidate **bucket, size_t count)
{
    const struct doc_node *first = NULL;
    size_t i;

    qsort(bucket, count, sizeof(*bucket), compare_candidates);
    for (i = 0; i < count; i++) {
        if (first != NULL && compare_keys(first, bucket[i]->pair.key) == 0)
            bucket[i]->first = first;
        else
            first = bucket[i]->pair.key;
    }
}

/*
 * Spreads the candidates over as many buckets as there are candidates, or some more. Afterwards
 * `ends` has the place in `order` where each bucket ends. Returns the number of buckets.
 */
static size_t fill_buckets(struct doc_mappings *mappings)
{
    size_t buckets = 1, start = 0, i;

    while (buckets < mappings->count)
        buckets *= 2;
    if (buckets > mappings->bucket_capacity) {
        mappings->bucket_capacity = buckets;
        mappings->order = arena_array(&mappings->scratch, buckets, sizeof(*mappings->order));
        mappings->ends = arena_array(&mappings->scratch, buckets, sizeof(*mappings->ends));
    }
    memset(mappings->ends, 0, buckets * sizeof(*mappings->ends));
    for (i = 0; i < mappings->count; i++)
        mappings->ends[mappings->candidates[i].hash & (buckets - 1)]++;
    for (i = 0; i < buckets; i++) {
        size_t size = mappings->ends[i];
        mappings->ends[i] = start;
        start += size;
    }
    for (i = 0; i < mappings->count; i++) {
        struct candidate *candidate = &mappings->candidates[i];
        mappings->order[mappings->ends[candidate->hash & (buckets - 1)]++] = candidate;
    }
    return buckets;
}

/* Fills `first` of every candidate: a mapping may have millions of keys, also made to collide. */
static void find_duplicates(struct doc_mappings *mappings)
{
    size_t buckets = fill_buckets(mappings), start = 0, i;

    for (i = 0; i < buckets; i++) {
        if (mappings->ends[i] - start > 1)
            find_duplicates_among(mappings->order + start, mappings->ends[i] - start);
        start = mappings->ends[i];
    }
}

/* The mapping's own pairs become candidates; returns the merge pair's place in `children`. */
static size_t add_own(struct doc_mappings *mappings, struct doc_node *const *children, size_t count)
{
    size_t merge = count, i;

    mappings->count = 0;
    reserve_candidates(mappings, count / 2 + count % 2);
    for (i = 0; i < count; i += 2) {
        struct doc_node *key = children[i];
        if (key == NULL)
            continue;
        if (!doc_mapping_is_merge_key(key))
            add_candidate(mappings, key, i + 1 < count ? children[i + 1] : NULL, false);
        else if (merge == count)
            merge = i;
        else
            report_duplicate(mappings, key, children[merge]);
    }
    return merge;
}

static void report_own_duplicates(struct doc_mappings *mappings)
{
    size_t i;
    for (i = 0; i < mappings->count; i++) {
        const struct candidate *candidate = &mappings->candidates[i];
        if (candidate->first != NULL && !candidate->pair.merged)
            report_duplicate(mappings, candidate->pair.key, candidate->first);
    }
}

/* An alias was paid for where it stands; what is written in place has to be paid for here. */
static bool is_written_in_place(const struct doc_node *node, const struct doc_node *merge_key)
{
    const struct diag_span *a = &node->span, *b = &merge_key->span;
    return a->line > b->line || (a->line == b->line && a->column > b->column);
}

static int merge_one(struct doc_mappings *mappings, const struct doc_node *key,
                     const struct doc_node *from)
{
    size_t i;

    if (from->kind != DOC_MAPPING) {
        diag_error(mappings->diag, &key->span, "\"<<\" merges mappings, not %s",
                   doc_kind_name(from->kind));
        diag_note(mappings->diag, &from->span, "this is %s", doc_kind_name(from->kind));
        return 0;
    }
    if (is_written_in_place(from, key) && doc_mappings_charge(mappings, from->count) != 0) {
        diag_error(mappings->diag, &key->span, "merges add more than %zu nodes to the document",
                   mappings->aliased_max);
        return -1;
    }
    for (i = 0; i < from->count; i++)
        add_candidate(mappings, from->pairs[i].key, from->pairs[i].value, true);
    return 0;
}

static int merge_all(struct doc_mappings *mappings, const struct doc_node *key,
                     const struct doc_node *from)
{
    size_t i;

    if (from == NULL)
        return 0;
    if (from->kind != DOC_SEQUENCE)
        return merge_one(mappings, key, from);
    for (i = 0; i < from->count; i++)
        if (merge_one(mappings, key, from->items[i]) != 0)
            return -1;
    return 0;
}

static bool is_kept(const struct candidate *candidate)
{
    if (candidate->pair.value == NULL)
        return false;
    return !candidate->pair.merged || candidate->first == NULL;
}

int doc_mapping_finish(struct doc_mappings *mappings, struct doc_node *mapping,
                       struct doc_node *const *children, size_t count)
{
    size_t merge = add_own(mappings, children, count), kept = 0, i;

    if (merge + 1 < count && merge_all(mappings, children[merge], children[merge + 1]) != 0)
        return -1;
    if (mappings->count > 1)
        find_duplicates(mappings);
    report_own_duplicates(mappings);
    for (i = 0; i < mappings->count; i++)
        kept += is_kept(&mappings->candidates[i]);
    mapping->pairs = arena_array(mappings->arena, kept, sizeof(*mapping->pairs));
    for (i = 0; i < mappings->count; i++)
        if (is_kept(&mappings->candidates[i]))
            mapping->pairs[mapping->count++] = mappings->candidates[i].pair;
    return 0;
}

void doc_mapping_check(struct doc_mappings *mappings, struct doc_node *const *children,
                       size_t count)
{
    add_own(mappings, children, count);
    if (mappings->count > 1)
        find_duplicates(mappings);
    report_own_duplicates(mappings);
}
