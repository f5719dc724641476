#include "document/layout_edit.h"

#include "document/layout_lines.h"

#include <string.h>

struct layout_entry *layout_find(const struct layout_node *mapping, const char *key)
{
    size_t i;

    for (i = 0; i < mapping->count && mapping->form == LAYOUT_MAPPING; i++) {
        const struct layout_node *name = mapping->entries[i].key;
        if ((name->form == LAYOUT_STRING || name->form == LAYOUT_PLAIN) &&
            strcmp(name->text, key) == 0)
            return &mapping->entries[i];
    }
    return NULL;
}

struct layout_node *layout_resolve(struct layout_node *node)
{
    return node->form == LAYOUT_ALIAS ? node->target : node;
}

static const char *kept(struct layout_edits *edits, struct buf *text)
{
    const char *copy = arena_strndup(edits->arena, buf_text(text), text->size);
    buf_release(text);
    return copy;
}

/* Behind the colon of a key. */
static size_t behind_colon(const struct layout_edits *edits, const struct layout_node *key)
{
    const char *text = edits->doc->source.text;
    size_t at = key->end + strcspn(text + key->end, ":");
    return text[at] == ':' ? at + 1 : at;
}

void layout_set_scalar(struct layout_edits *edits, const struct layout_node *node,
                       const struct layout_node *behind, bool flow,
                       const struct layout_piece *piece)
{
    size_t from = node->tag != NULL && node->anchor == NULL ? node->begin : node->content;
    struct buf text;

    buf_init(&text, DOC_MAX_SIZE);
    /* Where nothing is written there is no place but behind the colon, or behind the anchor. */
    if (node->form == LAYOUT_PLAIN && node->content == node->end && from == node->end) {
        from = node->begin == node->end && behind != NULL ? behind_colon(edits, behind) : node->end;
        buf_add_char(&text, ' ');
        lines_add_piece(&text, node, flow, piece);
        layout_edit_add(edits, from, 0, kept(edits, &text));
        return;
    }
    lines_add_piece(&text, node, flow, piece);
    layout_edit_add(edits, from, node->end - from, kept(edits, &text));
}

/* Block style */

/* Blanks up to the column of an offset. */
static void add_indent(struct buf *out, const struct doc *doc, size_t offset)
{
    buf_add_fill(out, ' ', offset - lines_start(doc, offset));
}

/* The key of an entry when it is in double quotes, as in JSON; else NULL. */
static const struct layout_node *quoted_key(const struct layout_entry *entry)
{
    return entry->key != NULL && entry->key->quote == '"' ? entry->key : NULL;
}

static void add_flow_key(struct layout_edits *edits, const struct layout_node *mapping,
                         size_t after, const char *key, const struct layout_piece *piece)
{
    const struct layout_node *like = quoted_key(&mapping->entries[after]);
    struct buf text;

    buf_init(&text, DOC_MAX_SIZE);
    buf_add_text(&text, ", ");
    lines_add_key(&text, like, key);
    lines_add_piece(&text, like, true, piece);
    layout_edit_add(edits, mapping->entries[after].value->end, 0, kept(edits, &text));
}

void layout_add_key(struct layout_edits *edits, const struct layout_node *mapping, size_t after,
                    const char *key, const struct layout_piece *piece)
{
    const struct layout_entry *entry = &mapping->entries[after];
    struct buf text;

    if (mapping->braces) {
        add_flow_key(edits, mapping, after, key, piece);
        return;
    }
    buf_init(&text, DOC_MAX_SIZE);
    add_indent(&text, edits->doc, entry->at);
    buf_printf(&text, "%s: ", key);
    lines_add_piece(&text, NULL, false, piece);
    buf_add_char(&text, '\n');
    lines_insert(edits, lines_next(edits->doc, entry->value->end), kept(edits, &text));
}

void layout_remove_key(struct layout_edits *edits, const struct layout_node *mapping, size_t index)
{
    const struct layout_entry *entry = &mapping->entries[index];
    const size_t end = lines_next(edits->doc, entry->value->end);

    if (mapping->braces) {
        bool *removed = arena_array(edits->arena, mapping->count, sizeof(*removed));
        removed[index] = true;
        flow_edit_list(edits, mapping, NULL, removed, NULL, 0);
    } else if (!lines_begins_with(edits->doc, entry->at) && index + 1 < mapping->count) {
        /* It stands behind a dash, where the next one has to go. */
        lines_remove(edits, entry->at, mapping->entries[index + 1].at);
    } else {
        lines_remove(edits, lines_start(edits->doc, entry->at), end);
    }
}

/* A mapping as an item in block style, its lines below one another. */
static void add_block_mapping(struct buf *out, const struct doc *doc,
                              const struct layout_node *like, const struct layout_value *value)
{
    size_t i, j;

    for (i = 0; i < like->count; i++) {
        const struct layout_piece *piece = NULL;
        for (j = 0; j < value->count; j++)
            if (strcmp(value->pieces[j].key, like->entries[i].key->text) == 0)
                piece = &value->pieces[j];
        if (i != 0)
            add_indent(out, doc, like->entries[0].at);
        buf_printf(out, "%s: ", piece->key);
        lines_add_piece(out, like->entries[i].value, false, piece);
        if (i + 1 < like->count)
            buf_add_char(out, '\n');
    }
}

static bool has_keys(const struct layout_node *node, const struct layout_value *value)
{
    size_t i;

    if (node->form != LAYOUT_MAPPING || node->count != value->count)
        return false;
    for (i = 0; i < value->count; i++)
        if (value->pieces[i].key == NULL || layout_find(node, value->pieces[i].key) == NULL)
            return false;
    return true;
}

/* A line, or lines, of a new item that looks like its neighbour. */
static const char *block_item(struct layout_edits *edits, const struct layout_entry *like,
                              const struct layout_value *value)
{
    const struct doc *doc = edits->doc;
    const size_t dash = like->at + 1, begin = like->value->begin;
    struct buf text;

    buf_init(&text, DOC_MAX_SIZE);
    add_indent(&text, doc, like->at);
    buf_add_char(&text, '-');
    buf_add_fill(&text, ' ', begin > dash && lines_is_blank(doc, dash, begin) ? begin - dash : 1);
    if (!like->value->braces && has_keys(like->value, value) &&
        !lines_break(doc, like->at, like->value->content))
        add_block_mapping(&text, doc, like->value, value);
    else
        lines_add_value(&text, like->value, false, value);
    buf_add_char(&text, '\n');
    return kept(edits, &text);
}

/* Where the line of a new item goes in front of the one of that index. */
static size_t block_place(const struct layout_edits *edits, const struct layout_entry *entry,
                          size_t before)
{
    const struct layout_node *list = entry->value;

    if (before == 0)
        return lines_head(edits->doc, list->entries[0].at, entry->key->end);
    return lines_next(edits->doc, list->entries[before - 1].value->end);
}

static size_t count_kept(const struct layout_node *list, const bool *removed)
{
    size_t count = 0, i;
    for (i = 0; i < list->count; i++)
        count += !removed[i];
    return count;
}

/* "[]" behind the key, or behind the anchor and tag of the list. */
static void set_empty(struct layout_edits *edits, const struct layout_entry *entry)
{
    const struct layout_node *list = entry->value;
    const char *text = edits->doc->source.text;
    size_t at = list->begin;

    if (list->anchor == NULL && list->tag == NULL) {
        layout_edit_add(edits, behind_colon(edits, entry->key), 0, " []");
        return;
    }
    while (text[at] == '&' || text[at] == '!') {
        const size_t end = at + strcspn(text + at, " \t\r\n");
        const size_t next = end + strspn(text + end, " \t");
        if (text[next] != '&' && text[next] != '!') {
            layout_edit_add(edits, end, 0, " []");
            return;
        }
        at = next;
    }
}

static void edit_block_list(struct layout_edits *edits, const struct layout_entry *entry,
                            const bool *removed, const struct layout_addition *additions,
                            size_t count)
{
    const struct layout_node *list = entry->value;
    size_t i;

    for (i = 0; i < count; i++) {
        const size_t before = additions[i].before;
        const struct layout_entry *like = &list->entries[before == 0 ? 0 : before - 1];
        lines_insert(edits, block_place(edits, entry, before),
                     block_item(edits, like, &additions[i].value));
    }
    for (i = 0; i < list->count; i++)
        if (removed[i])
            lines_remove(edits, lines_start(edits->doc, list->entries[i].at),
                         lines_next(edits->doc, list->entries[i].value->end));
    if (count == 0 && count_kept(list, removed) == 0)
        set_empty(edits, entry);
}

void layout_edit_list(struct layout_edits *edits, const struct layout_entry *entry,
                      const bool *removed, const struct layout_addition *additions, size_t count)
{
    if (entry->value->braces)
        flow_edit_list(edits, entry->value, quoted_key(entry), removed, additions, count);
    else
        edit_block_list(edits, entry, removed, additions, count);
}

/* Blocks of lines */

static bool is_empty_line(const struct doc *doc, size_t line)
{
    return line < doc->source.size && lines_is_blank(doc, line, lines_end(doc, line));
}

/* Whether the line before the offset's is there and empty. */
static bool has_gap(const struct doc *doc, size_t offset)
{
    const size_t line = lines_start(doc, offset);
    return line > 0 && is_empty_line(doc, lines_start(doc, line - 1));
}

/* An item with the comments right above it, and with the empty lines on one side. */
static void remove_block(struct layout_edits *edits, const struct layout_entry *entry, size_t index)
{
    const struct layout_node *list = entry->value;
    const struct doc *doc = edits->doc;
    const size_t above = index == 0 ? entry->key->end : list->entries[index - 1].value->end;
    size_t from = lines_head(doc, list->entries[index].at, above);
    size_t to = lines_next(doc, list->entries[index].value->end);

    if (index + 1 < list->count) {
        while (is_empty_line(doc, to))
            to = lines_next(doc, to);
    } else {
        while (from > lines_next(doc, above) && has_gap(doc, from))
            from = lines_start(doc, from - 1);
    }
    lines_remove(edits, from, to);
}

/* A block that was written at the left margin, at the given one. */
static const char *indented(struct layout_edits *edits, const char *block, size_t indent, bool gap)
{
    struct buf text;

    buf_init(&text, DOC_MAX_SIZE);
    if (gap)
        buf_add_char(&text, '\n');
    while (*block != '\0') {
        const size_t size = strcspn(block, "\n") + 1;
        buf_add_fill(&text, ' ', *block == '\n' ? 0 : indent);
        buf_add(&text, block, size);
        block += size;
    }
    return kept(edits, &text);
}

/* An empty list becomes one of blocks. */
static void fill_empty(struct layout_edits *edits, const struct layout_entry *entry,
                       const char *const *blocks, size_t count)
{
    const struct layout_node *list = entry->value;
    const struct doc *doc = edits->doc;
    const size_t indent = entry->at - lines_start(doc, entry->at) + 2;
    size_t at = list->content, i;

    while (at > 0 && doc->source.text[at - 1] == ' ')
        at--;
    layout_edit_add(edits, at, list->end - at, "");
    for (i = 0; i < count; i++)
        lines_insert(edits, lines_next(doc, list->end), indented(edits, blocks[i], indent, i > 0));
}

/* Whether the items of a list look like JSON, or its key when it has none. */
static bool is_quoted(const struct layout_entry *entry)
{
    const struct layout_node *first =
        entry->value->count == 0 ? NULL : entry->value->entries[0].value;

    if (first != NULL && first->form == LAYOUT_MAPPING && first->count != 0)
        return quoted_key(&first->entries[0]) != NULL;
    return quoted_key(entry) != NULL;
}

/* A list in brackets keeps them. */
static int edit_flow_blocks(struct layout_edits *edits, const struct layout_entry *entry,
                            const bool *removed, const char *const *blocks, size_t count)
{
    struct layout_piece *pieces = arena_array(edits->arena, count, sizeof(*pieces));
    struct layout_addition *additions = arena_array(edits->arena, count, sizeof(*additions));
    size_t i;

    for (i = 0; i < count; i++) {
        pieces[i] = (struct layout_piece){
            .kind = DOC_MAPPING,
            .text = flow_item(edits, blocks[i], is_quoted(entry)),
            .raw = true,
        };
        additions[i] = (struct layout_addition){entry->value->count, {&pieces[i], 1}};
        if (pieces[i].text == NULL)
            return -1;
    }
    flow_edit_list(edits, entry->value, NULL, removed, additions, count);
    return 0;
}

int layout_edit_blocks(struct layout_edits *edits, const struct layout_entry *entry, bool flow,
                       const bool *removed, const char *const *blocks, size_t count)
{
    const struct layout_node *list = entry->value;
    const struct layout_entry *last;
    const struct doc *doc = edits->doc;
    const bool emptied = count_kept(list, removed) == 0;
    size_t indent, i;
    bool gap;

    if (list->braces && list->count == 0 && !flow &&
        !lines_comment(doc, list->content, list->end)) {
        fill_empty(edits, entry, blocks, count);
        return 0;
    }
    if (list->braces)
        return edit_flow_blocks(edits, entry, removed, blocks, count);
    for (i = 0; i < list->count; i++)
        if (removed[i])
            remove_block(edits, entry, i);
    last = &list->entries[list->count - 1];
    indent = last->at - lines_start(doc, last->at);
    gap = list->count == 1 ||
          has_gap(doc, lines_head(doc, last->at, list->entries[list->count - 2].value->end));
    for (i = 0; i < count; i++)
        lines_insert(edits, lines_next(doc, last->value->end),
                     indented(edits, blocks[i], indent, gap && (i > 0 || !emptied)));
    if (emptied && count == 0)
        set_empty(edits, entry);
    return 0;
}
