#include "model/roster_layout.h"

#include "document/layout.h"
#include "model/desired.h"

#include <stdlib.h>
#include <string.h>

/* An entry on its way to its place. */
struct ranked {
    struct layout_entry entry;
    size_t rank, index;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static const struct section *find_section(const struct resource *resource, const char *key)
{
    size_t i;
    for (i = 0; i < resource->section_count; i++)
        if (strcmp(resource->sections[i].yaml_key, key) == 0)
            return &resource->sections[i];
    return NULL;
}

static const char *key_text(const struct layout_entry *entry)
{
    return entry->key->form == LAYOUT_STRING || entry->key->form == LAYOUT_PLAIN ? entry->key->text
                                                                                 : "";
}

/* Merged mappings first, then fields, then sections, then what is not known. */
static size_t rank_of(const struct resource *resource, const char *key)
{
    const struct section *section = find_section(resource, key);
    size_t row;

    if (strcmp(key, "<<") == 0)
        return 0;
    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].yaml_key != NULL &&
            strcmp(resource->fields[row].yaml_key, key) == 0)
            return 1 + row;
    row = section == NULL ? resource->section_count : (size_t)(section - resource->sections);
    return 1 + resource->field_count + row;
}

static void sort_entries(struct layout_node *node, const struct resource *resource)
{
    struct arena scratch = {0};
    struct ranked *ranked;
    size_t i;

    for (i = 0; i < node->count; i++)
        if (layout_has_anchor(node->entries[i].value))
            return;
    ranked = arena_array(&scratch, node->count, sizeof(*ranked));
    for (i = 0; i < node->count; i++)
        ranked[i] =
            (struct ranked){node->entries[i], rank_of(resource, key_text(&node->entries[i])), i};
    if (node->count != 0)
        qsort(ranked, node->count, sizeof(*ranked), compare_ranked);
    for (i = 0; i < node->count; i++)
        node->entries[i] = ranked[i].entry;
    arena_release(&scratch);
}

static void arrange(struct layout_node *node, const struct resource *resource)
{
    size_t i, j;

    if (node->form != LAYOUT_MAPPING)
        return;
    sort_entries(node, resource);
    for (i = 0; i < node->count; i++) {
        const struct section *section = find_section(resource, key_text(&node->entries[i]));
        struct layout_node *value = node->entries[i].value;
        if (section == NULL)
            continue;
        if (section->shape == SECTION_MAPPING)
            arrange(value, section->resource);
        for (j = 0; section->shape == SECTION_MAPPINGS && value->form == LAYOUT_SEQUENCE &&
                    j < value->count;
             j++)
            arrange(value->entries[j].value, section->resource);
    }
}

static int refuse(const struct doc *doc, struct diag *diag)
{
    const struct diag_span start = {&doc->source, 1, 1, 0};

    diag_error(diag, &start, "it can't be formatted without changing what it says");
    diag_help(diag, "nothing was written; this is a mistake of roster's own: please report it");
    return -1;
}

/* Reads the result again. */
static int prove(const struct doc *doc, const struct layout *layout, const struct buf *out,
                 struct diag *diag)
{
    struct layout again = {0};
    struct doc written;
    struct diag found;
    bool same;

    diag_init(&found);
    same = doc_parse(&written, doc->source.name, buf_text(out), out->size, &found) == 0 &&
           written.root != NULL && layout_same_meaning(doc->root, written.root) &&
           layout_read(&again, &written, &found) == 0 &&
           again.comment_count == layout->comment_count;
    layout_release(&again);
    doc_release(&written);
    diag_release(&found);
    return same ? 0 : refuse(doc, diag);
}

int roster_layout_format(const struct doc *doc, struct buf *out, struct diag *diag)
{
    struct layout layout = {0};
    int result = -1;

    if (doc->root == NULL) {
        const struct diag_span start = {&doc->source, 1, 1, 0};
        diag_error(diag, &start, "the roster is empty");
        return -1;
    }
    if (layout_read(&layout, doc, diag) == 0) {
        arrange(layout.root, &resource_roster);
        layout_write(&layout, out);
        result = prove(doc, &layout, out, diag);
    }
    layout_release(&layout);
    return result;
}
