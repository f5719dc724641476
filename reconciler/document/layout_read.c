#include "document/layout.h"

#include "base/memory.h"
#include "base/str.h"
#include "document/doc_scalar.h"
#include "document/doc_text.h"

#include <string.h>
#include <yaml.h>

/* A comment of the text, in file order. */
struct found {
    size_t offset, line, column; /* line and column from 0 */
    bool own_line;
    struct layout_comment comment;
};

struct reader {
    struct layout *layout;
    const char *text;
    size_t size;
    struct found *comments;
    size_t count, capacity;
    size_t next;    /* comments that have found their place */
    size_t *dashes; /* offsets of those of block sequences, in file order */
    size_t dash_count, dash_capacity, next_dash;
    yaml_parser_t yaml;
    struct doc_text marks;
    yaml_event_t event; /* the current one */
};

static size_t offset_of(struct reader *reader, const yaml_mark_t *mark)
{
    return doc_text_offset(&reader->marks, mark->index);
}

/* Comments */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static size_t line_start(const struct reader *reader, size_t offset)
{
    while (offset > 0 && reader->text[offset - 1] != '\n')
        offset--;
    return offset;
}

static size_t line_end(const struct reader *reader, size_t offset)
{
    while (offset < reader->size && reader->text[offset] != '\n')
        offset++;
    return offset;
}

/* Whether the line before the one of that offset is there and empty. */
static bool has_gap(const struct reader *reader, size_t offset)
{
    size_t start = line_start(reader, offset), at;

    if (start == 0)
        return false;
    for (at = line_start(reader, start - 1); at + 1 < start; at++)
        if (!is_blank(reader->text[at]) && reader->text[at] != '\r')
            return false;
    return true;
}

static void add_found(struct reader *reader, size_t offset, size_t line)
{
    struct arena *arena = &reader->layout->arena;
    size_t start = line_start(reader, offset), end = line_end(reader, offset), at = start;
    struct found *found;

    while (at < offset && is_blank(reader->text[at]))
        at++;
    while (end > offset && (is_blank(reader->text[end - 1]) || reader->text[end - 1] == '\r'))
        end--;
    reader->comments = arena_grow(arena, reader->comments, reader->count, &reader->capacity,
                                  sizeof(*reader->comments));
    found = &reader->comments[reader->count++];
    *found = (struct found){
        .offset = offset,
        .line = line,
        .column = str_utf8_length(reader->text + start, offset - start),
        .own_line = at == offset,
        .comment = {arena_strndup(arena, reader->text + offset, end - offset),
                    at == offset && has_gap(reader, offset)},
    };
}

/* Between two tokens there is nothing but blanks, line ends and comments. */
static void find_between(struct reader *reader, size_t from, size_t to, size_t line)
{
    for (; from < to; from++) {
        if (reader->text[from] == '\n')
            line++;
        if (reader->text[from] != '#')
            continue;
        add_found(reader, from, line);
        from = line_end(reader, from) - 1;
    }
}

static void start_parser(struct reader *reader, const struct doc *doc)
{
    if (!yaml_parser_initialize(&reader->yaml))
        memory_exhausted();
    yaml_parser_set_encoding(&reader->yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->yaml, (const unsigned char *)doc->source.text,
                                 doc->source.size);
    doc_text_init(&reader->marks, &doc->source);
}

static void add_dash(struct reader *reader, size_t offset)
{
    reader->dashes = arena_grow(&reader->layout->arena, reader->dashes, reader->dash_count,
                                &reader->dash_capacity, sizeof(*reader->dashes));
    reader->dashes[reader->dash_count++] = offset;
}

static void find_comments(struct reader *reader, const struct doc *doc)
{
    size_t from = 0, line = 0;
    bool end = false;

    start_parser(reader, doc);
    while (!end) {
        yaml_token_t token;
        if (!yaml_parser_scan(&reader->yaml, &token))
            break; /* doc_parse() would have said */
        find_between(reader, from, offset_of(reader, &token.start_mark), line);
        from = offset_of(reader, &token.end_mark);
        line = token.end_mark.line;
        if (token.type == YAML_BLOCK_ENTRY_TOKEN)
            add_dash(reader, offset_of(reader, &token.start_mark));
        end = token.type == YAML_STREAM_END_TOKEN;
        yaml_token_delete(&token);
    }
    find_between(reader, from, reader->size, line);
    yaml_parser_delete(&reader->yaml);
    reader->layout->comment_count = reader->count;
}

static struct found *next_comment(struct reader *reader)
{
    return reader->next < reader->count ? &reader->comments[reader->next] : NULL;
}

static void keep(struct reader *reader, struct layout_comments *list)
{
    list->items = arena_grow(&reader->layout->arena, list->items, list->count, &list->capacity,
                             sizeof(*list->items));
    list->items[list->count++] = reader->comments[reader->next++].comment;
}

/* Those in front of an offset. */
static void take_before(struct reader *reader, size_t offset, struct layout_comments *list)
{
    struct found *found;

    while ((found = next_comment(reader)) != NULL && found->offset < offset)
        keep(reader, list);
}

/* The one on the line on which the current event ended, with nothing but a comma in between. */
static const char *take_note(struct reader *reader)
{
    struct found *found = next_comment(reader);
    size_t at = offset_of(reader, &reader->event.end_mark);

    if (found == NULL || found->own_line || found->line != reader->event.end_mark.line)
        return NULL;
    while (at < found->offset && (is_blank(reader->text[at]) || reader->text[at] == ','))
        at++;
    if (at < found->offset)
        return NULL;
    reader->next++;
    return found->comment.text;
}

/* Nodes */

static void next_event(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    if (!yaml_parser_parse(&reader->yaml, &reader->event))
        memory_exhausted(); /* all else doc_parse() would have said */
}

static const char *copy(struct reader *reader, const yaml_char_t *text)
{
    return arena_strdup(&reader->layout->arena, (const char *)text);
}

/* A tag as it is written: the text before the content, behind a "!". */
static const char *written_tag(struct reader *reader, const yaml_char_t *tag)
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
static void take_lines(struct reader *reader, struct layout_node *node, size_t at, size_t end,
                       size_t extra)
{
    struct arena *arena = &reader->layout->arena;
    size_t indent = SIZE_MAX, capacity = 0;

    while (at < end) {
        size_t stop = line_end(reader, at), size = stop - at;
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
static void take_block_scalar(struct reader *reader, struct layout_node *node, size_t content)
{
    const yaml_event_t *event = &reader->event;
    size_t end = offset_of(reader, &event->end_mark), stop = line_end(reader, content);
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
    while (stop > i && (is_blank(reader->text[stop - 1]) || reader->text[stop - 1] == '\r'))
        stop--;
    if (i < stop) {
        buf_add_text(&header, "  ");
        buf_add(&header, reader->text + i, stop - i);
    }
    node->form = LAYOUT_LINES;
    node->text = arena_strdup(&reader->layout->arena, buf_text(&header));
    buf_release(&header);
    take_lines(reader, node, line_end(reader, content) + 1, end, extra);
}

/* Where the content of a scalar begins, behind its anchor and tag. */
static size_t content_offset(struct reader *reader)
{
    size_t at = offset_of(reader, &reader->event.start_mark);

    while (reader->text[at] == '&' || reader->text[at] == '!') {
        at += strcspn(reader->text + at, " \t\r\n");
        at += strspn(reader->text + at, " \t\r\n");
    }
    return at;
}

static void read_scalar(struct reader *reader, struct layout_node *node)
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
}

/* `column` is that of the collection around it; -1: none is. */
static struct layout_node *read_node(struct reader *reader, long column);

static struct layout_entry *add_entry(struct reader *reader, struct layout_node *node)
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
static void place_opening(struct reader *reader, struct layout_entry *entry)
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
static void begin_entry(struct reader *reader, struct layout_entry *entry, size_t offset)
{
    take_before(reader, offset, &entry->before);
    if (entry->before.count != 0) {
        entry->gap = entry->before.items[0].gap;
        entry->before.items[0].gap = false;
        entry->inner_gap = has_gap(reader, offset);
    } else {
        entry->gap = has_gap(reader, offset);
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
static void begin_item(struct reader *reader, struct layout_entry *entry)
{
    const size_t count = entry->before.count, start = offset_of(reader, &reader->event.start_mark);
    struct found *found = next_comment(reader);

    if (found != NULL && found->offset < start && !found->own_line) {
        entry->opening = found->comment.text;
        reader->next++;
    }
    if (entry->opening != NULL && is_block_start(&reader->event))
        return;
    take_before(reader, start, &entry->before);
    if (entry->before.count == count)
        return;
    entry->before.items[count].gap = count != 0 && entry->inner_gap;
    entry->inner_gap = false;
}

/* What is behind a flow collection that will be in block style. */
static void take_closing(struct reader *reader, struct layout_entry *entry)
{
    const char *note = take_note(reader);

    if (note != NULL && entry->opening == NULL) {
        entry->opening = note;
    } else if (note != NULL) {
        reader->next--;
        keep(reader, &entry->value->foot);
    }
}

/* The comment behind the anchor or tag of a block collection that begins at the offset. */
static void take_behind_properties(struct reader *reader, struct layout_entry *entry, size_t at)
{
    const struct found *found = next_comment(reader);

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
static void read_value(struct reader *reader, struct layout_entry *entry, long column)
{
    const size_t start = offset_of(reader, &reader->event.start_mark);
    const bool block = is_block_start(&reader->event);
    struct found *found = next_comment(reader);

    if (entry->key != NULL && found != NULL && !found->own_line && found->offset < start) {
        entry->opening = found->comment.text;
        reader->next++;
    }
    if (entry->key != NULL && !block)
        take_before(reader, start, &entry->before);
    if (block)
        take_behind_properties(reader, entry, start);
    entry->value = read_node(reader, column);
    if (!is_block(entry->value) && entry->value->form != LAYOUT_LINES)
        entry->note = take_note(reader);
    else if (is_block(entry->value) && !block)
        take_closing(reader, entry);
    place_opening(reader, entry);
}

/* Comments in front of the end of a block collection that are indented like it. */
static void take_foot(struct reader *reader, struct layout_node *node, long own, long around)
{
    const size_t end = offset_of(reader, &reader->event.start_mark);
    struct found *found;

    while ((found = next_comment(reader)) != NULL && found->offset < end && found->own_line &&
           ((long)found->column > own || ((long)found->column == own && own != around)))
        keep(reader, &node->foot);
}

static long column_of(const struct reader *reader, size_t offset)
{
    const size_t start = line_start(reader, offset);
    return (long)str_utf8_length(reader->text + start, offset - start);
}

static void read_entries(struct reader *reader, struct layout_node *node, bool block, long around)
{
    const yaml_event_type_t end =
        node->form == LAYOUT_MAPPING ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    const size_t first_line = reader->event.start_mark.line;
    long column = -1;

    for (next_event(reader); reader->event.type != end; next_event(reader)) {
        struct layout_entry *entry = add_entry(reader, node);
        const bool dash = block && node->form == LAYOUT_SEQUENCE;
        const size_t offset = dash ? reader->dashes[reader->next_dash++]
                                   : offset_of(reader, &reader->event.start_mark);
        if (column < 0)
            column = column_of(reader, offset);
        begin_entry(reader, entry, offset);
        if (dash)
            begin_item(reader, entry);
        if (node->form == LAYOUT_MAPPING) {
            entry->key = read_node(reader, column);
            next_event(reader);
        }
        read_value(reader, entry, column);
    }
    node->flow = !block && (node->count == 0 || first_line == reader->event.end_mark.line);
    if (block)
        take_foot(reader, node, column, around);
    else if (!node->flow)
        take_before(reader, offset_of(reader, &reader->event.start_mark), &node->foot);
}

static struct layout_node *read_node(struct reader *reader, long column)
{
    struct layout_node *node = arena_alloc(&reader->layout->arena, sizeof(*node));
    const yaml_event_t *event = &reader->event;
    const bool block = is_block_start(event);

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        node->form = LAYOUT_ALIAS;
        node->text = copy(reader, event->data.alias.anchor);
        break;
    case YAML_SEQUENCE_START_EVENT:
        node->form = LAYOUT_SEQUENCE;
        node->anchor = copy(reader, event->data.sequence_start.anchor);
        node->tag = written_tag(reader, event->data.sequence_start.tag);
        read_entries(reader, node, block, column);
        break;
    case YAML_MAPPING_START_EVENT:
        node->form = LAYOUT_MAPPING;
        node->anchor = copy(reader, event->data.mapping_start.anchor);
        node->tag = written_tag(reader, event->data.mapping_start.tag);
        read_entries(reader, node, block, column);
        break;
    default:
        read_scalar(reader, node);
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

static void take_rest(struct reader *reader)
{
    while (next_comment(reader) != NULL)
        keep(reader, &reader->layout->root->foot);
}

static int read_document(struct reader *reader, const struct doc *doc, struct diag *diag)
{
    const struct diag_span start = {&doc->source, 1, 1, 0};

    next_event(reader); /* stream */
    next_event(reader);
    if (reader->event.type != YAML_DOCUMENT_START_EVENT ||
        reader->event.data.document_start.version_directive != NULL ||
        reader->event.data.document_start.tag_directives.start !=
            reader->event.data.document_start.tag_directives.end) {
        diag_error(diag, &start, "a document with directives (%%YAML, %%TAG) can't be formatted");
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
    struct reader reader = {
        .layout = layout,
        .text = doc->source.text,
        .size = doc->source.size,
    };
    int result;

    memset(layout, 0, sizeof(*layout));
    find_comments(&reader, doc);
    start_parser(&reader, doc);
    result = read_document(&reader, doc, diag);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.yaml);
    return result;
}

void layout_release(struct layout *layout)
{
    arena_release(&layout->arena);
    memset(layout, 0, sizeof(*layout));
}
