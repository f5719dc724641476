#include "document/doc_anchor.h"

#include "base/memory.h"

#include <search.h>
#include <string.h>

static int compare_names(const void *left, const void *right)
{
    const struct doc_anchor *a = left, *b = right;
    return strcmp(a->name, b->name);
}

void doc_anchors_release(struct doc_anchors *anchors)
{
    while (anchors->tree != NULL) {
        const struct doc_anchor *top = *(struct doc_anchor **)anchors->tree;
        tdelete(top, &anchors->tree, compare_names);
    }
    arena_release(&anchors->arena);
}

struct doc_anchor *doc_anchors_define(struct doc_anchors *anchors, const char *name)
{
    struct doc_anchor wanted = {.name = name}, *anchor;
    struct doc_anchor **slot = tfind(&wanted, &anchors->tree, compare_names);

    if (slot != NULL)
        return *slot;
    anchor = arena_alloc(&anchors->arena, sizeof(*anchor));
    anchor->name = arena_strdup(&anchors->arena, name);
    if (tsearch(anchor, &anchors->tree, compare_names) == NULL)
        memory_exhausted();
    return anchor;
}

const struct doc_anchor *doc_anchors_find(const struct doc_anchors *anchors, const char *name)
{
    struct doc_anchor wanted = {.name = name};
    struct doc_anchor **slot = tfind(&wanted, &anchors->tree, compare_names);
    return slot == NULL ? NULL : *slot;
}
