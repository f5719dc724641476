/*
 * Where the comments of a document are.
 */
#include "document/layout_reader.h"

#include "base/memory.h"
#include "base/str.h"

#include <string.h>

size_t layout_offset_of(struct layout_reader *reader, const yaml_mark_t *mark)
{
    return doc_text_offset(&reader->marks, mark->index);
}

bool layout_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

size_t layout_line_start(const struct layout_reader *reader, size_t offset)
{
    while (offset > 0 && reader->text[offset - 1] != '\n')
        offset--;
    return offset;
}

size_t layout_line_end(const struct layout_reader *reader, size_t offset)
{
    while (offset < reader->size && reader->text[offset] != '\n')
        offset++;
    return offset;
}

/* Whether the line before the one of that offset is there and empty. */
bool layout_has_gap(const struct layout_reader *reader, size_t offset)
{
    size_t start = layout_line_start(reader, offset), at;

    if (start == 0)
        return false;
    for (at = layout_line_start(reader, start - 1); at + 1 < start; at++)
        if (!layout_is_blank(reader->text[at]) && reader->text[at] != '\r')
            return false;
    return true;
}

static void add_found(struct layout_reader *reader, size_t offset, size_t line)
{
    struct arena *arena = &reader->layout->arena;
    size_t start = layout_line_start(reader, offset), end = layout_line_end(reader, offset),
           at = start;
    struct layout_found *found;

    while (at < offset && layout_is_blank(reader->text[at]))
        at++;
    while (end > offset &&
           (layout_is_blank(reader->text[end - 1]) || reader->text[end - 1] == '\r'))
        end--;
    reader->comments = arena_grow(arena, reader->comments, reader->count, &reader->capacity,
                                  sizeof(*reader->comments));
    found = &reader->comments[reader->count++];
    *found = (struct layout_found){
        .offset = offset,
        .line = line,
        .column = str_utf8_length(reader->text + start, offset - start),
        .own_line = at == offset,
        .comment = {arena_strndup(arena, reader->text + offset, end - offset),
                    at == offset && layout_has_gap(reader, offset)},
    };
}

/* Between two tokens there is nothing but blanks, line ends and comments. */
static void find_between(struct layout_reader *reader, size_t from, size_t to, size_t line)
{
    for (; from < to; from++) {
        if (reader->text[from] == '\n')
            line++;
        if (reader->text[from] != '#')
            continue;
        add_found(reader, from, line);
        from = layout_line_end(reader, from) - 1;
    }
}

void layout_start_parser(struct layout_reader *reader, const struct doc *doc)
{
    if (!yaml_parser_initialize(&reader->yaml))
        memory_exhausted();
    yaml_parser_set_encoding(&reader->yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->yaml, (const unsigned char *)doc->source.text,
                                 doc->source.size);
    doc_text_init(&reader->marks, &doc->source);
}

static void add_dash(struct layout_reader *reader, size_t offset)
{
    reader->dashes = arena_grow(&reader->layout->arena, reader->dashes, reader->dash_count,
                                &reader->dash_capacity, sizeof(*reader->dashes));
    reader->dashes[reader->dash_count++] = offset;
}

void layout_find_comments(struct layout_reader *reader, const struct doc *doc)
{
    size_t from = 0, line = 0;
    bool end = false;

    layout_start_parser(reader, doc);
    while (!end) {
        yaml_token_t token;
        if (!yaml_parser_scan(&reader->yaml, &token))
            break; /* doc_parse() would have said */
        find_between(reader, from, layout_offset_of(reader, &token.start_mark), line);
        from = layout_offset_of(reader, &token.end_mark);
        line = token.end_mark.line;
        if (token.type == YAML_BLOCK_ENTRY_TOKEN)
            add_dash(reader, layout_offset_of(reader, &token.start_mark));
        end = token.type == YAML_STREAM_END_TOKEN;
        yaml_token_delete(&token);
    }
    find_between(reader, from, reader->size, line);
    yaml_parser_delete(&reader->yaml);
    reader->layout->comment_count = reader->count;
}

struct layout_found *layout_next_comment(struct layout_reader *reader)
{
    return reader->next < reader->count ? &reader->comments[reader->next] : NULL;
}

void layout_keep_comment(struct layout_reader *reader, struct layout_comments *list)
{
    list->items = arena_grow(&reader->layout->arena, list->items, list->count, &list->capacity,
                             sizeof(*list->items));
    list->items[list->count++] = reader->comments[reader->next++].comment;
}

/* Those in front of an offset. */
void layout_take_before(struct layout_reader *reader, size_t offset, struct layout_comments *list)
{
    struct layout_found *found;

    while ((found = layout_next_comment(reader)) != NULL && found->offset < offset)
        layout_keep_comment(reader, list);
}

/* The one on the line on which the current event ended, with nothing but a comma in between. */
const char *layout_take_note(struct layout_reader *reader)
{
    struct layout_found *found = layout_next_comment(reader);
    size_t at = layout_offset_of(reader, &reader->event.end_mark);

    if (found == NULL || found->own_line || found->line != reader->event.end_mark.line)
        return NULL;
    while (at < found->offset && (layout_is_blank(reader->text[at]) || reader->text[at] == ','))
        at++;
    if (at < found->offset)
        return NULL;
    reader->next++;
    return found->comment.text;
}
