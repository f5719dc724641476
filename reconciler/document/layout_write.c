#include "document/layout.h"

#include "document/doc_emit.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    struct buf *out;
    bool no_gap; /* an empty line would become part of the block scalar that was written last */
};

static void line(struct writer *writer, size_t indent, const char *text)
{
    buf_add_fill(writer->out, ' ', indent);
    buf_add_text(writer->out, text);
    buf_add_char(writer->out, '\n');
    writer->no_gap = false;
}

static void gap(struct writer *writer)
{
    if (writer->out->size != 0 && !writer->no_gap)
        buf_add_char(writer->out, '\n');
}

static void write_comments(struct writer *writer, const struct layout_comments *comments,
                           size_t indent)
{
    size_t i;
    for (i = 0; i < comments->count; i++) {
        if (comments->items[i].gap)
            gap(writer);
        line(writer, indent, comments->items[i].text);
    }
}

/* Anchor and tag, each with a blank in front. */
static void add_properties(struct buf *out, const struct layout_node *node)
{
    if (node->anchor != NULL)
        buf_printf(out, " &%s", node->anchor);
    if (node->tag != NULL)
        buf_printf(out, " %s", node->tag);
}

static void add_inline(struct buf *out, const struct layout_node *node, bool flow);

static void add_flow(struct buf *out, const struct layout_node *node)
{
    const bool mapping = node->form == LAYOUT_MAPPING;
    size_t i;

    buf_add_char(out, mapping ? '{' : '[');
    for (i = 0; i < node->count; i++) {
        const struct layout_entry *entry = &node->entries[i];
        struct buf part;
        buf_init(&part, out->limit);
        if (entry->key != NULL) {
            add_inline(&part, entry->key, true);
            buf_add_text(&part, entry->key->form == LAYOUT_ALIAS ? " :" : ":");
        }
        add_inline(&part, entry->value, true);
        buf_add_text(out, i == 0 ? "" : ", ");
        buf_add_text(out, buf_text(&part) + (buf_text(&part)[0] == ' '));
        buf_release(&part);
    }
    buf_add_char(out, mapping ? '}' : ']');
}

/* A node that needs no lines of its own, with a blank in front of each of its parts. */
static void add_inline(struct buf *out, const struct layout_node *node, bool flow)
{
    add_properties(out, node);
    switch (node->form) {
    case LAYOUT_ALIAS:
        buf_printf(out, " *%s", node->text);
        break;
    case LAYOUT_PLAIN:
        if (node->size != 0)
            buf_printf(out, " %s", node->text);
        break;
    case LAYOUT_STRING:
        buf_add_char(out, ' ');
        doc_emit_string(out, node->text, node->size, flow);
        break;
    case LAYOUT_SEQUENCE:
    case LAYOUT_MAPPING:
        buf_add_char(out, ' ');
        add_flow(out, node);
        break;
    case LAYOUT_LINES:
        break;
    }
}

static void write_lines(struct writer *writer, const struct layout_node *node, size_t indent)
{
    size_t i;

    for (i = 0; i < node->line_count; i++) {
        if (node->lines[i][0] != '\0')
            buf_add_fill(writer->out, ' ', indent);
        buf_add_text(writer->out, node->lines[i]);
        buf_add_char(writer->out, '\n');
    }
    writer->no_gap = node->keeps;
}

static void write_entries(struct writer *writer, const struct layout_node *node, size_t indent,
                          bool on_line);

/* Whether an item's collection begins on the line of its dash. */
static bool goes_on_dash(const struct layout_entry *entry)
{
    return entry->key == NULL && entry->opening == NULL && entry->value->anchor == NULL &&
           entry->value->tag == NULL;
}

static void write_value(struct writer *writer, const struct layout_entry *entry, size_t indent)
{
    const struct layout_node *node = entry->value;
    const bool collection = node->form == LAYOUT_SEQUENCE || node->form == LAYOUT_MAPPING;

    if (collection && !node->flow) {
        if (goes_on_dash(entry)) {
            buf_add_char(writer->out, ' ');
            write_entries(writer, node, indent + 2, true);
            return;
        }
        add_properties(writer->out, node);
        if (entry->opening != NULL)
            buf_printf(writer->out, "  %s", entry->opening);
        buf_add_char(writer->out, '\n');
        write_entries(writer, node, indent + 2, false);
        return;
    }
    if (node->form == LAYOUT_LINES) {
        add_properties(writer->out, node);
        buf_printf(writer->out, " %s\n", node->text);
        write_lines(writer, node, indent + 2);
        return;
    }
    add_inline(writer->out, node, false);
    if (entry->note != NULL)
        buf_printf(writer->out, "  %s", entry->note);
    buf_add_char(writer->out, '\n');
}

/* A key without the blank in front of it. */
static void add_key(struct buf *out, const struct layout_node *key)
{
    struct buf part;

    buf_init(&part, out->limit);
    add_inline(&part, key, false);
    buf_add_text(out, buf_text(&part) + (part.size != 0));
    buf_add_text(out, key->form == LAYOUT_ALIAS ? " :" : ":");
    buf_release(&part);
}

/* `on_line`: the first entry goes on the line that is begun. */
static void write_entries(struct writer *writer, const struct layout_node *node, size_t indent,
                          bool on_line)
{
    size_t i;

    for (i = 0; i < node->count; i++) {
        const struct layout_entry *entry = &node->entries[i];
        if (i > 0 && entry->gap)
            gap(writer);
        if (!(on_line && i == 0)) {
            write_comments(writer, &entry->before, indent);
            if (entry->before.count != 0 && entry->inner_gap)
                gap(writer);
            buf_add_fill(writer->out, ' ', indent);
        }
        writer->no_gap = false;
        if (entry->key != NULL)
            add_key(writer->out, entry->key);
        else
            buf_add_char(writer->out, '-');
        write_value(writer, entry, indent);
    }
    write_comments(writer, &node->foot, indent);
}

static void append(struct arena *arena, struct layout_comments *to,
                   const struct layout_comments *from)
{
    size_t i;
    for (i = 0; i < from->count; i++) {
        to->items = arena_grow(arena, to->items, to->count, &to->capacity, sizeof(*to->items));
        to->items[to->count++] = from->items[i];
    }
}

/* There is no line for them between the dash and what stands on its line. */
static void hoist_comments(struct arena *arena, struct layout_entry *item)
{
    struct layout_entry *first = &item->value->entries[0];

    if (first->before.count == 0)
        return;
    if (item->before.count == 0)
        item->gap = item->gap || first->gap;
    else
        first->before.items[0].gap = first->gap || item->inner_gap;
    item->inner_gap = first->inner_gap;
    append(arena, &item->before, &first->before);
    memset(&first->before, 0, sizeof(first->before));
}

static void settle(struct arena *arena, struct layout_node *node)
{
    size_t i;

    for (i = 0; i < node->count; i++) {
        struct layout_entry *entry = &node->entries[i];
        const struct layout_node *value = entry->value;
        settle(arena, entry->value);
        if ((value->form == LAYOUT_SEQUENCE || value->form == LAYOUT_MAPPING) && !value->flow &&
            goes_on_dash(entry))
            hoist_comments(arena, entry);
    }
}

void layout_write(struct layout *layout, struct buf *out)
{
    const struct layout_node *root = layout->root;
    struct writer writer = {.out = out};

    settle(&layout->arena, layout->root);
    write_comments(&writer, &layout->head, 0);
    if (layout->head_gap)
        gap(&writer);
    if (layout->explicit_start)
        line(&writer, 0, "---");
    if (root->flow) {
        struct layout_entry entry = {.value = layout->root};
        struct buf part;
        buf_init(&part, out->limit);
        add_inline(&part, entry.value, false);
        line(&writer, 0, buf_text(&part) + 1);
        buf_release(&part);
        write_comments(&writer, &root->foot, 0);
        return;
    }
    write_entries(&writer, root, 0, false);
}

bool layout_has_anchor(const struct layout_node *node)
{
    size_t i;

    if (node->anchor != NULL)
        return true;
    for (i = 0; i < node->count; i++)
        if ((node->entries[i].key != NULL && layout_has_anchor(node->entries[i].key)) ||
            layout_has_anchor(node->entries[i].value))
            return true;
    return false;
}

static bool same_text(const struct doc_node *a, const struct doc_node *b)
{
    return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct doc_pair *a = *(const struct doc_pair *const *)left;
    const struct doc_pair *b = *(const struct doc_pair *const *)right;
    const size_t least = a->key->size < b->key->size ? a->key->size : b->key->size;
    int order = memcmp(a->key->text, b->key->text, least);
    return order != 0 ? order : (a->key->size > b->key->size) - (a->key->size < b->key->size);
}

static const struct doc_pair **sorted_pairs(const struct doc_node *node, struct arena *arena)
{
    const struct doc_pair **pairs = arena_array(arena, node->count, sizeof(*pairs));
    size_t i;

    for (i = 0; i < node->count; i++)
        pairs[i] = &node->pairs[i];
    if (node->count != 0)
        qsort(pairs, node->count, sizeof(*pairs), compare_pairs);
    return pairs;
}

static bool same_pairs(const struct doc_node *a, const struct doc_node *b)
{
    struct arena scratch = {0};
    const struct doc_pair **left = sorted_pairs(a, &scratch), **right = sorted_pairs(b, &scratch);
    bool same = true;
    size_t i;

    for (i = 0; i < a->count && same; i++)
        same = same_text(left[i]->key, right[i]->key) && left[i]->merged == right[i]->merged &&
               left[i]->key->kind == right[i]->key->kind &&
               layout_same_meaning(left[i]->value, right[i]->value);
    arena_release(&scratch);
    return same;
}

bool layout_same_meaning(const struct doc_node *a, const struct doc_node *b)
{
    size_t i;

    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind == DOC_MAPPING)
        return same_pairs(a, b);
    if (a->kind != DOC_SEQUENCE)
        return same_text(a, b);
    for (i = 0; i < a->count; i++)
        if (!layout_same_meaning(a->items[i], b->items[i]))
            return false;
    return true;
}
