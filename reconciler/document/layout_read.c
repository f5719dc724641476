#include "document/layout_reader.h"

#include "base/memory.h"
#include "base/str.h"
#include "document/doc_scalar.h"

#include <string.h>

static void next_event(struct layout_reader *reader)
{
    yaml_event_delete(&reader->event);
    if (!yaml_parser_parse(&reader->yaml, &reader->event))
        memory_exhausted(); /* all else doc_parse() would have said */
}

static const char *copy(struct layout_reader *reader, const yaml_char_t *text)
{
    return arena_strdup(&reader->layout->arena, (const char *)text);
}

/* A tag as it is written: the text before the content, behind a "!". */
static const char *written_tag(struct layout_reader *reader, const yaml_char_t *tag)
{
    struct doc_location where;
    if (tag == NULL)
        return NULL;
    doc_text_locate(&reader->marks, &reader->event, &where);
    return arena_strndup(&reader->layout->arena, reader->text + where.tag_offset, where.tag_size);
}

static size_t leading_blanks(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && text[at] == ' ')
        at++;
    return at;
}

/* The blanks in front of the first line of the value that is not empty. */
static size_t value_indent(const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const char *end = text + event->data.scalar.length;

    while (text < end && *text == '\n')
        text++;
    return leading_blanks(text, (size_t)(end - text));
}

/* The lines of a block scalar, from behind its header line to `end`. */
static void take_lines(struct layout_reader *reader, struct layout_node *node, size_t at,
                       size_t end, size_t extra)
{
    struct arena *arena = &reader->layout->arena;
    size_t indent = SIZE_MAX, capacity = 0;

    while (at < end) {
        size_t stop = layout_line_end(reader, at), size = stop - at;
        size_t blanks = leading_blanks(reader->text + at, size);
        if (size > 0 && reader->text[stop - 1] == '\r')
            size--;
        if (indent == SIZE_MAX && blanks < size)
            indent = blanks >= extra ? blanks - extra : 0;
        if (indent != SIZE_MAX && blanks > indent)
            blanks = indent;
        node->lines = arena_grow(arena, (void *)node->lines, node->line_count, &capacity,
                                 sizeof(*node->lines));
        node->lines[node->line_count++] =
            arena_strndup(arena, reader->text + at + blanks, size - blanks);
        at = stop + 1;
    }
    while (!node->keeps && node->line_count > 0 && node->lines[node->line_count - 1][0] == '\0')
        node->line_count--;
}

/* "|-" and the like, with the comment behind it; an indentation is given where it is needed. */
static void take_block_scalar(struct layout_reader *reader, struct layout_node *node,
                              size_t content)
{
    const yaml_event_t *event = &reader->event;
    size_t end = layout_offset_of(reader, &event->end_mark),
           stop = layout_line_end(reader, content);
    size_t size = strspn(reader->text + content, "|>+-0123456789"), extra = value_indent(event);
    struct buf header;
    size_t i;

    buf_init(&header, DOC_MAX_SIZE);
    buf_add_char(&header, reader->text[content]);
    if (extra > 0)
        buf_add_char(&header, '2');
    for (i = 1; i < size; i++)
        if (reader->text[content + i] == '+' || reader->text[content + i] == '-')
            buf_add_char(&header, reader->text[content + i]);
    node->keeps = memchr(reader->text + content, '+', size) != NULL;
    for (i = content + size; i < stop && reader->text[i] != '#'; i++)
        continue;
    while (stop > i && (layout_is_blank(reader->text[stop - 1]) || reader->text[stop - 1] == '\r'))
        stop--;
    if (i < stop) {
        buf_add_text(&header, "  ");
        buf_add(&header, reader->text + i, stop - i);
    }
    node->form = LAYOUT_LINES;
    node->text = arena_strdup(&reader->layout->arena, buf_text(&header));
    buf_release(&header);
    take_lines(reader, node, layout_line_end(reader, content) + 1, end, extra);
}

/* Where the content of a scalar begins, behind its anchor and tag. */
static size_t content_offset(struct layout_reader *reader)
{
    size_t at = layout_offset_of(reader, &reader->event.start_mark);

    while (reader->text[at] == '&' || reader->text[at] == '!') {
        at += strcspn(reader->text + at, " \t\r\n");
        at += strspn(reader->text + at, " \t\r\n");
    }
    return at;
}

/* What nothing is written for has no content to look for. */
static bool is_nothing(const yaml_event_t *event)
{
    return event->data.scalar.length == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static void place_scalar(struct layout_reader *reader, struct layout_node *node)
{
    const yaml_scalar_style_t style = reader->event.data.scalar.style;

    if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
        node->quote = style == YAML_SINGLE_QUOTED_SCALAR_STYLE ? '\'' : '"';
    node->begin = layout_offset_of(reader, &reader->event.start_mark);
    node->end = layout_offset_of(reader, &reader->event.end_mark);
    node->content = is_nothing(&reader->event) ? node->end : content_offset(reader);
    while (node->form == LAYOUT_LINES && node->end > node->content &&
           strchr(" \t\r\n", reader->text[node->end - 1]) != NULL)
        node->end--;
}

static void read_scalar(struct layout_reader *reader, struct layout_node *node)
{
    const yaml_event_t *event = &reader->event;
    const char *text = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;

    node->anchor = copy(reader, event->data.scalar.anchor);
    node->tag = written_tag(reader, event->data.scalar.tag);
    node->text = arena_strndup(&reader->layout->arena, text, size);
    node->size = size;
    if (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
        event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE)
        take_block_scalar(reader, node, content_offset(reader));
    else if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
             (node->tag != NULL || doc_scalar_kind(text, size) != DOC_STRING ||
              strcmp(text, "<<") == 0))
        node->form = LAYOUT_PLAIN;
    else
        node->form = LAYOUT_STRING;
    place_scalar(reader, node);
}

/* `column` is that of the collection around it; -1: none is. */
static struct layout_node *read_node(struct layout_reader *reader, long column);

static struct layout_entry *add_entry(struct layout_reader *reader, struct layout_node *node)
{
    struct layout_entry *entry;

    node->entries = arena_grow(&reader->layout->arena, node->entries, node->count, &node->capacity,
                               sizeof(*node->entries));
    entry = &node->entries[node->count++];
    memset(entry, 0, sizeof(*entry));
    return entry;
}

static bool is_block(const struct layout_node *node)
{
    return (node->form == LAYOUT_SEQUENCE || node->form == LAYOUT_MAPPING) && !node->flow;
}

/* A comment behind a key whose value is on the next line goes behind that, or in front of all. */
static void place_opening(struct layout_reader *reader, struct layout_entry *entry)
{
    if (entry->opening == NULL || is_block(entry->value))
        return;
    if (entry->note == NULL) {
        entry->note = entry->opening;
    } else {
        entry->before.items =
            arena_grow(&reader->layout->arena, entry->before.items, entry->before.count,
                       &entry->before.capacity, sizeof(*entry->before.items));
        entry->before.items[entry->before.count++] = (struct layout_comment){entry->opening, false};
    }
    entry->opening = NULL;
}

/* What stands in front of an entry, whose dash or key is at the offset. */
static void begin_entry(struct layout_reader *reader, struct layout_entry *entry, size_t offset)
{
    layout_take_before(reader, offset, &entry->before);
    if (entry->before.count != 0) {
        entry->gap = entry->before.items[0].gap;
        entry->before.items[0].gap = false;
        entry->inner_gap = layout_has_gap(reader, offset);
    } else {
        entry->gap = layout_has_gap(reader, offset);
    }
}

static bool is_block_start(const yaml_event_t *event)
{
    return (event->type == YAML_MAPPING_START_EVENT &&
            event->data.mapping_start.style != YAML_FLOW_MAPPING_STYLE) ||
           (event->type == YAML_SEQUENCE_START_EVENT &&
            event->data.sequence_start.style != YAML_FLOW_SEQUENCE_STYLE);
}

/*
 * What stands between a dash and its item. What has a line of its own goes in front of the dash,
 * unless a comment on the dash's line keeps what follows from going there.
 */
static void begin_item(struct layout_reader *reader, struct layout_entry *entry)
{
    const size_t count = entry->before.count,
                 start = layout_offset_of(reader, &reader->event.start_mark);
    struct layout_found *found = layout_next_comment(reader);

    if (found != NULL && found->offset < start && !found->own_line) {
        entry->opening = found->comment.text;
        reader->next++;
    }
    if (entry->opening != NULL && is_block_start(&reader->event))
        return;
    layout_take_before(reader, start, &entry->before);
    if (entry->before.count == count)
        return;
    entry->before.items[count].gap = count != 0 && entry->inner_gap;
    entry->inner_gap = false;
}

/* What is behind a flow collection that will be in block style. */
static void take_closing(struct layout_reader *reader, struct layout_entry *entry)
{
    const char *note = layout_take_note(reader);

    if (note != NULL && entry->opening == NULL) {
        entry->opening = note;
    } else if (note != NULL) {
        reader->next--;
        layout_keep_comment(reader, &entry->value->foot);
    }
}

/* The comment behind the anchor or tag of a block collection that begins at the offset. */
static void take_behind_properties(struct layout_reader *reader, struct layout_entry *entry,
                                   size_t at)
{
    const struct layout_found *found = layout_next_comment(reader);

    if (found == NULL || found->own_line || entry->opening != NULL)
        return;
    while (reader->text[at] == '&' || reader->text[at] == '!') {
        at += strcspn(reader->text + at, " \t\r\n");
        at += strspn(reader->text + at, " \t");
    }
    if (at != found->offset)
        return;
    entry->opening = found->comment.text;
    reader->next++;
}

/* The value that begins at the current event, with the comments on both sides of it. */
static void read_value(struct layout_reader *reader, struct layout_entry *entry, long column)
{
    const size_t start = layout_offset_of(reader, &reader->event.start_mark);
    const bool block = is_block_start(&reader->event);
    struct layout_found *found = layout_next_comment(reader);

    if (entry->key != NULL && found != NULL && !found->own_line && found->offset < start) {
        entry->opening = found->comment.text;
        reader->next++;
    }
    if (entry->key != NULL && !block)
        layout_take_before(reader, start, &entry->before);
    if (block)
        take_behind_properties(reader, entry, start);
    entry->value = read_node(reader, column);
    if (!is_block(entry->value) && entry->value->form != LAYOUT_LINES)
        entry->note = layout_take_note(reader);
    else if (is_block(entry->value) && !block)
        take_closing(reader, entry);
    place_opening(reader, entry);
}

/* Comments in front of the end of a block collection that are indented like it. */
static void take_foot(struct layout_reader *reader, struct layout_node *node, long own, long around)
{
    const size_t end = layout_offset_of(reader, &reader->event.start_mark);
    struct layout_found *found;

    while ((found = layout_next_comment(reader)) != NULL && found->offset < end &&
           found->own_line &&
           ((long)found->column > own || ((long)found->column == own && own != around)))
        layout_keep_comment(reader, &node->foot);
}

static long column_of(const struct layout_reader *reader, size_t offset)
{
    const size_t start = layout_line_start(reader, offset);
    return (long)str_utf8_length(reader->text + start, offset - start);
}

static void read_entries(struct layout_reader *reader, struct layout_node *node, bool block,
                         long around)
{
    const yaml_event_type_t end =
        node->form == LAYOUT_MAPPING ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    const size_t first_line = reader->event.start_mark.line;
    long column = -1;

    node->begin = layout_offset_of(reader, &reader->event.start_mark);
    node->content = node->end = block ? node->begin : content_offset(reader);
    for (next_event(reader); reader->event.type != end; next_event(reader)) {
        struct layout_entry *entry = add_entry(reader, node);
        const bool dash = block && node->form == LAYOUT_SEQUENCE;
        const size_t offset = dash ? reader->dashes[reader->next_dash++]
                                   : layout_offset_of(reader, &reader->event.start_mark);
        if (column < 0)
            column = column_of(reader, offset);
        entry->at = offset;
        begin_entry(reader, entry, offset);
        if (dash)
            begin_item(reader, entry);
        if (node->form == LAYOUT_MAPPING) {
            entry->key = read_node(reader, column);
            next_event(reader);
        }
        read_value(reader, entry, column);
    }
    node->braces = !block;
    node->flow = !block && (node->count == 0 || first_line == reader->event.end_mark.line);
    if (!block) {
        node->end = layout_offset_of(reader, &reader->event.end_mark);
    } else if (node->count != 0) {
        node->content = node->entries[0].at;
        node->end = node->entries[node->count - 1].value->end;
    }
    if (block)
        take_foot(reader, node, column, around);
    else if (!node->flow)
        layout_take_before(reader, layout_offset_of(reader, &reader->event.start_mark),
                           &node->foot);
}

static void set_anchor(struct layout_reader *reader, struct layout_node *node)
{
    if (node->anchor != NULL)
        doc_anchors_define(&reader->anchors, node->anchor)->layout = node;
}

static void read_alias(struct layout_reader *reader, struct layout_node *node)
{
    const struct doc_anchor *anchor;

    node->form = LAYOUT_ALIAS;
    node->text = copy(reader, reader->event.data.alias.anchor);
    node->begin = node->content = layout_offset_of(reader, &reader->event.start_mark);
    node->end = layout_offset_of(reader, &reader->event.end_mark);
    anchor = doc_anchors_find(&reader->anchors, node->text);
    node->target = anchor->layout; /* doc_parse() would have said that there is none */
    node->target->uses++;
}

static struct layout_node *read_node(struct layout_reader *reader, long column)
{
    struct layout_node *node = arena_alloc(&reader->layout->arena, sizeof(*node));
    const yaml_event_t *event = &reader->event;
    const bool block = is_block_start(event);

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        read_alias(reader, node);
        break;
    case YAML_SEQUENCE_START_EVENT:
        node->form = LAYOUT_SEQUENCE;
        node->anchor = copy(reader, event->data.sequence_start.anchor);
        node->tag = written_tag(reader, event->data.sequence_start.tag);
        set_anchor(reader, node);
        read_entries(reader, node, block, column);
        break;
    case YAML_MAPPING_START_EVENT:
        node->form = LAYOUT_MAPPING;
        node->anchor = copy(reader, event->data.mapping_start.anchor);
        node->tag = written_tag(reader, event->data.mapping_start.tag);
        set_anchor(reader, node);
        read_entries(reader, node, block, column);
        break;
    default:
        read_scalar(reader, node);
        set_anchor(reader, node);
        break;
    }
    return node;
}

/* Comments at the very top, which stay there whatever moves. */
static void take_head(struct layout *layout)
{
    struct layout_entry *first = layout->root->count == 0 ? NULL : &layout->root->entries[0];

    if (first == NULL)
        return;
    layout->head = first->before;
    layout->head_gap = first->inner_gap;
    memset(&first->before, 0, sizeof(first->before));
}

static void take_rest(struct layout_reader *reader)
{
    while (layout_next_comment(reader) != NULL)
        layout_keep_comment(reader, &reader->layout->root->foot);
}

static int read_document(struct layout_reader *reader, const struct doc *doc, struct diag *diag)
{
    const struct diag_span start = {&doc->source, 1, 1, 0};

    next_event(reader); /* stream */
    next_event(reader);
    if (reader->event.type != YAML_DOCUMENT_START_EVENT ||
        reader->event.data.document_start.version_directive != NULL ||
        reader->event.data.document_start.tag_directives.start !=
            reader->event.data.document_start.tag_directives.end) {
        diag_error(diag, &start,
                   "a document with directives (%%YAML, %%TAG) can't be formatted or edited");
        diag_help(diag, "a roster needs none: remove them");
        return -1;
    }
    reader->layout->explicit_start = !reader->event.data.document_start.implicit;
    next_event(reader);
    reader->layout->root = read_node(reader, -1);
    if (reader->layout->root->form != LAYOUT_MAPPING &&
        reader->layout->root->form != LAYOUT_SEQUENCE) {
        diag_error(diag, &start, "the document is neither a mapping nor a list");
        return -1;
    }
    take_rest(reader);
    take_head(reader->layout);
    return 0;
}

int layout_read(struct layout *layout, const struct doc *doc, struct diag *diag)
{
    struct layout_reader reader = {
        .layout = layout,
        .text = doc->source.text,
        .size = doc->source.size,
    };
    int result;

    memset(layout, 0, sizeof(*layout));
    layout_find_comments(&reader, doc);
    layout_start_parser(&reader, doc);
    result = read_document(&reader, doc, diag);
    doc_anchors_release(&reader.anchors);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.yaml);
    return result;
}

void layout_release(struct layout *layout)
{
    arena_release(&layout->arena);
    memset(layout, 0, sizeof(*layout));
}
