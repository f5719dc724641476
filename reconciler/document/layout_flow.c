/*
 * Lists in brackets, and mappings in braces.
 */
#include "document/layout_lines.h"

#include "document/doc_emit.h"

#include <string.h>

/* An item of the list and what belongs to it. */
struct item {
    size_t begin, end;
    size_t behind; /* behind the comma, or like `end` when there is none */
    bool own_line; /* nothing else but a comment stands on its lines */
    bool removed;
};

struct flow {
    struct layout_edits *edits;
    const struct doc *doc;
    const struct layout_node *list;
    const struct layout_node *key; /* NULL: it has none */
    struct item *items;
    size_t count;
};

/* Behind the comma that follows; between it and the item are only blanks and comments. */
static size_t behind_comma(const struct flow *flow, size_t at)
{
    const char *text = flow->doc->source.text;
    size_t end = at;

    for (; end < flow->list->end; end++) {
        if (text[end] == '#')
            end = lines_end(flow->doc, end);
        else if (text[end] == ',')
            return end + 1;
        else if (strchr(" \t\r\n", text[end]) == NULL)
            break;
    }
    return at;
}

static void read_items(struct flow *flow, const bool *removed)
{
    size_t i;

    flow->count = flow->list->count;
    flow->items = arena_array(flow->edits->arena, flow->count, sizeof(*flow->items));
    for (i = 0; i < flow->count; i++) {
        const struct layout_entry *entry = &flow->list->entries[i];
        struct item *item = &flow->items[i];
        item->begin = entry->at;
        item->end = entry->value->end;
        item->behind = behind_comma(flow, item->end);
        item->own_line =
            lines_begins_with(flow->doc, item->begin) && lines_ends_with(flow->doc, item->behind);
        item->removed = removed[i];
    }
}

/* The nearest one that stays in front of an index, or at or behind it; `count` when there is none.
 */
static size_t kept_before(const struct flow *flow, size_t index)
{
    while (index > 0)
        if (!flow->items[--index].removed)
            return index;
    return flow->count;
}

static size_t kept_from(const struct flow *flow, size_t index)
{
    while (index < flow->count && flow->items[index].removed)
        index++;
    return index;
}

/* Removal */

static void cut(const struct flow *flow, size_t from, size_t to)
{
    layout_edit_add(flow->edits, from, to - from, "");
}

static void remove_item(const struct flow *flow, size_t index)
{
    const struct item *item = &flow->items[index], *next = item + 1;

    if (item->own_line)
        lines_remove(flow->edits, lines_start(flow->doc, item->begin),
                     lines_next(flow->doc, item->behind));
    else if (index + 1 < flow->count && !lines_break(flow->doc, item->end, next->begin))
        cut(flow, item->begin, next->begin);
    else
        cut(flow, item->begin, item->behind);
}

/* The last ones go with the comma in front of them where all is on one line. */
static void remove_items(const struct flow *flow)
{
    const size_t last = kept_before(flow, flow->count);
    size_t i, end = flow->count;

    if (last < flow->count && last + 1 < flow->count &&
        !lines_break(flow->doc, flow->items[last].end, flow->items[flow->count - 1].end)) {
        cut(flow, flow->items[last].end, flow->items[flow->count - 1].end);
        end = last;
    }
    for (i = 0; i < end; i++)
        if (flow->items[i].removed)
            remove_item(flow, i);
}

/* Addition */

static const char *text_of(const struct flow *flow, const char *before, size_t like,
                           const struct layout_value *value, const char *after)
{
    const struct layout_node *node =
        like < flow->count ? flow->list->entries[like].value : flow->key;
    const char *copy;
    struct buf text;

    buf_init(&text, DOC_MAX_SIZE);
    buf_add_text(&text, before);
    lines_add_value(&text, node, true, value);
    buf_add_text(&text, after);
    copy = arena_strdup(flow->edits->arena, buf_text(&text));
    buf_release(&text);
    return copy;
}

static const char *indent_of(const struct flow *flow, const struct item *item)
{
    const size_t start = lines_start(flow->doc, item->begin);
    const char *line = flow->doc->source.text + start;

    return arena_strndup(flow->edits->arena, line, strspn(line, " \t"));
}

/* Behind an item that has lines of its own. */
static void add_lines_behind(const struct flow *flow, size_t index,
                             const struct layout_addition *additions, size_t count)
{
    const struct item *item = &flow->items[index];
    const bool comma = item->behind != item->end;
    const char *indent = indent_of(flow, item);
    size_t i;

    if (!comma)
        layout_edit_add(flow->edits, item->end, 0, ",");
    for (i = 0; i < count; i++)
        lines_insert(flow->edits, lines_next(flow->doc, item->behind),
                     text_of(flow, indent, index, &additions[i].value,
                             comma || i + 1 < count ? ",\n" : "\n"));
}

static void add_behind(const struct flow *flow, size_t index,
                       const struct layout_addition *additions, size_t count)
{
    const struct item *item = &flow->items[index];
    size_t i;

    if (item->own_line) {
        add_lines_behind(flow, index, additions, count);
        return;
    }
    for (i = 0; i < count; i++)
        layout_edit_add(flow->edits, item->end, 0,
                        text_of(flow, ", ", index, &additions[i].value, ""));
}

static void add_in_front(const struct flow *flow, size_t index,
                         const struct layout_addition *additions, size_t count)
{
    const struct item *item = &flow->items[index];
    const char *indent = indent_of(flow, item);
    size_t i;

    for (i = 0; i < count; i++) {
        if (item->own_line)
            lines_insert(flow->edits, lines_head(flow->doc, item->begin, flow->list->content),
                         text_of(flow, indent, index, &additions[i].value, ",\n"));
        else
            layout_edit_add(flow->edits, item->begin, 0,
                            text_of(flow, "", index, &additions[i].value, ", "));
    }
}

/* Into a list that has nothing in it, or will have. */
static void add_alone(const struct flow *flow, const struct layout_addition *additions,
                      size_t count, size_t at, size_t size)
{
    struct buf text;
    size_t i;

    buf_init(&text, DOC_MAX_SIZE);
    for (i = 0; i < count; i++)
        buf_add_text(&text, text_of(flow, i == 0 ? "" : ", ", 0, &additions[i].value, ""));
    layout_edit_add(flow->edits, at, size, arena_strdup(flow->edits->arena, buf_text(&text)));
    buf_release(&text);
}

/* In the place of the first one, when that has lines of its own. */
static void replace_lines(const struct flow *flow, const struct layout_addition *additions,
                          size_t count)
{
    const struct item *first = &flow->items[0], *last = &flow->items[flow->count - 1];
    const char *indent = indent_of(flow, first);
    size_t i;

    for (i = 0; i < count; i++)
        lines_insert(flow->edits, lines_start(flow->doc, first->begin),
                     text_of(flow, indent, 0, &additions[i].value,
                             i + 1 < count || last->behind != last->end ? ",\n" : "\n"));
    remove_items(flow);
}

/* Whether there is a comment that does not go with an item. */
static bool has_comments(const struct flow *flow)
{
    size_t at = flow->list->content + 1, i;

    for (i = 0; i < flow->count; i++) {
        const struct item *item = &flow->items[i];
        if (lines_comment(flow->doc, at, item->begin))
            return true;
        at = item->own_line ? lines_next(flow->doc, item->behind) : item->behind;
    }
    return lines_comment(flow->doc, at, flow->list->end);
}

/* Nothing of what is in the list stays. */
static void exchange_all(const struct flow *flow, const struct layout_addition *additions,
                         size_t count)
{
    const size_t begin = flow->list->content + 1, end = flow->list->end - 1;

    if (count != 0 && flow->count != 0 && flow->items[0].own_line) {
        replace_lines(flow, additions, count);
        return;
    }
    if (!has_comments(flow)) {
        add_alone(flow, additions, count, begin, end - begin);
        return;
    }
    add_alone(flow, additions, count, begin, 0);
    remove_items(flow);
}

void flow_edit_list(struct layout_edits *edits, const struct layout_node *list,
                    const struct layout_node *key, const bool *removed,
                    const struct layout_addition *additions, size_t count)
{
    struct flow flow = {.edits = edits, .doc = edits->doc, .list = list, .key = key};
    size_t i, same;

    read_items(&flow, removed);
    if (kept_from(&flow, 0) == flow.count) {
        exchange_all(&flow, additions, count);
        return;
    }
    for (i = 0; i < count; i += same) {
        const size_t before = kept_before(&flow, additions[i].before);
        for (same = 1; i + same < count && kept_before(&flow, additions[i + same].before) == before;
             same++)
            continue;
        if (before < flow.count)
            add_behind(&flow, before, additions + i, same);
        else
            add_in_front(&flow, kept_from(&flow, 0), additions + i, same);
    }
    remove_items(&flow);
}

/* Rewriting in brackets */

static void add_node(struct buf *out, const struct layout_node *node, bool quoted)
{
    size_t i;

    if (node->form == LAYOUT_STRING && quoted) {
        doc_emit_quoted(out, node->text, node->size);
    } else if (node->form == LAYOUT_STRING) {
        doc_emit_string(out, node->text, node->size, true);
    } else if (node->form == LAYOUT_PLAIN) {
        buf_add_text(out, node->text);
    } else {
        const bool mapping = node->form == LAYOUT_MAPPING;
        buf_add_char(out, mapping ? '{' : '[');
        for (i = 0; i < node->count; i++) {
            buf_add_text(out, i == 0 ? "" : ", ");
            if (mapping) {
                add_node(out, node->entries[i].key, quoted);
                buf_add_text(out, ": ");
            }
            add_node(out, node->entries[i].value, quoted);
        }
        buf_add_char(out, mapping ? '}' : ']');
    }
}

const char *flow_item(struct layout_edits *edits, const char *block, bool quoted)
{
    struct layout layout = {0};
    const char *item = NULL;
    struct diag found;
    struct doc doc;
    struct buf text;

    diag_init(&found);
    buf_init(&text, DOC_MAX_SIZE);
    if (doc_parse(&doc, "", block, strlen(block), &found) == 0 &&
        layout_read(&layout, &doc, &found) == 0) {
        add_node(&text, layout.root->entries[0].value, quoted);
        item = arena_strdup(edits->arena, buf_text(&text));
    }
    buf_release(&text);
    layout_release(&layout);
    doc_release(&doc);
    diag_release(&found);
    return item;
}
