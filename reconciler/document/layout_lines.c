#include "document/layout_lines.h"

#include "base/str.h"
#include "document/doc_emit.h"
#include "document/doc_text.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

size_t lines_start(const struct doc *doc, size_t offset)
{
    while (offset > 0 && doc->source.text[offset - 1] != '\n')
        offset--;
    return offset;
}

size_t lines_end(const struct doc *doc, size_t offset)
{
    while (offset < doc->source.size && doc->source.text[offset] != '\n')
        offset++;
    return offset;
}

size_t lines_next(const struct doc *doc, size_t offset)
{
    size_t end = lines_end(doc, offset);
    return end < doc->source.size ? end + 1 : end;
}

bool lines_is_blank(const struct doc *doc, size_t from, size_t to)
{
    while (from < to && is_blank(doc->source.text[from]))
        from++;
    return from >= to;
}

bool lines_begins_with(const struct doc *doc, size_t offset)
{
    return lines_is_blank(doc, lines_start(doc, offset), offset);
}

bool lines_ends_with(const struct doc *doc, size_t offset)
{
    size_t end = lines_end(doc, offset);

    while (offset < end && is_blank(doc->source.text[offset]))
        offset++;
    return offset == end || doc->source.text[offset] == '#';
}

bool lines_break(const struct doc *doc, size_t from, size_t to)
{
    return from < to && memchr(doc->source.text + from, '\n', to - from) != NULL;
}

bool lines_comment(const struct doc *doc, size_t from, size_t to)
{
    return from < to && memchr(doc->source.text + from, '#', to - from) != NULL;
}

static bool is_comment_line(const struct doc *doc, size_t line)
{
    size_t end = lines_end(doc, line);

    while (line < end && is_blank(doc->source.text[line]))
        line++;
    return line < end && doc->source.text[line] == '#';
}

size_t lines_head(const struct doc *doc, size_t offset, size_t from)
{
    size_t line = lines_start(doc, offset);

    while (line > 0) {
        size_t above = lines_start(doc, line - 1);
        if (above < from || !is_comment_line(doc, above))
            break;
        line = above;
    }
    return line;
}

static struct layout_edit *add(struct layout_edits *edits)
{
    edits->items = arena_grow(edits->arena, edits->items, edits->count, &edits->capacity,
                              sizeof(*edits->items));
    return &edits->items[edits->count++];
}

void layout_edit_add(struct layout_edits *edits, size_t at, size_t size, const char *text)
{
    *add(edits) = (struct layout_edit){.at = at, .size = size, .text = text};
}

void lines_remove(struct layout_edits *edits, size_t from, size_t to)
{
    layout_edit_add(edits, from, to - from, "");
}

void lines_insert(struct layout_edits *edits, size_t at, const char *text)
{
    *add(edits) = (struct layout_edit){.at = at, .text = text, .lines = true};
}

/* Applying */

static int compare_edits(const void *left, const void *right)
{
    const struct layout_edit *a = *(const struct layout_edit *const *)left;
    const struct layout_edit *b = *(const struct layout_edit *const *)right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if ((a->size == 0) != (b->size == 0))
        return a->size == 0 ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* How lines end where an edit is: as the one before it, else as the next one. */
static const char *line_break(const char *text, size_t size, size_t at)
{
    size_t i = at;

    while (i > 0 && text[i - 1] != '\n' && text[i - 1] != '\r')
        i--;
    if (i == 0)
        i = at + strcspn(text + at, "\r\n") + 1;
    if (i > size)
        return "\n";
    if (text[i - 1] == '\r')
        return i < size && text[i] == '\n' ? "\r\n" : "\r";
    return i > 1 && text[i - 2] == '\r' ? "\r\n" : "\n";
}

static bool ends_line(const struct buf *out)
{
    const char last = out->size == 0 ? '\n' : out->data[out->size - 1];
    return last == '\n' || last == '\r';
}

static void add_text(struct buf *out, const struct layout_edit *edit, const char *text, size_t size,
                     size_t at)
{
    const char *end_of_line = line_break(text, size, at), *from;

    if (edit->lines && !ends_line(out))
        buf_add_text(out, end_of_line);
    for (from = edit->text; *from != '\0'; from++) {
        if (*from == '\n')
            buf_add_text(out, end_of_line);
        else
            buf_add_char(out, *from);
    }
}

static void drop_line_break(struct buf *out, size_t start)
{
    if (out->size > start && out->data[out->size - 1] == '\n')
        out->size--;
    if (out->size > start && out->data[out->size - 1] == '\r')
        out->size--;
    if (out->data != NULL)
        out->data[out->size] = '\0';
}

/* What was dropped at the end is in no span. */
static void clip_spans(struct layout_edits *edits, size_t size)
{
    size_t i = edits->count;

    while (i-- > 0 && edits->spans[i].new_at + edits->spans[i].new_size > size) {
        struct diff_span *span = &edits->spans[i];
        span->new_at = span->new_at < size ? span->new_at : size;
        span->new_size = size - span->new_at;
    }
}

int layout_edits_apply(struct layout_edits *edits, const char *text, size_t size, struct buf *out)
{
    const size_t bom = doc_text_bom(text, size), start = out->size;
    const struct layout_edit **sorted = arena_array(edits->arena, edits->count, sizeof(*sorted));
    size_t at = 0, i;

    edits->spans = arena_array(edits->arena, edits->count, sizeof(*edits->spans));
    for (i = 0; i < edits->count; i++)
        sorted[i] = &edits->items[i];
    if (edits->count != 0)
        qsort(sorted, edits->count, sizeof(*sorted), compare_edits);
    for (i = 0; i < edits->count; i++) {
        size_t from = sorted[i]->at + bom;
        if (from < at || from + sorted[i]->size > size)
            return -1;
        buf_add(out, text + at, from - at);
        edits->spans[i] = (struct diff_span){
            .old_at = from, .old_size = sorted[i]->size, .new_at = out->size - start};
        add_text(out, sorted[i], text, size, from);
        edits->spans[i].new_size = out->size - start - edits->spans[i].new_at;
        at = from + sorted[i]->size;
    }
    buf_add(out, text + at, size - at);
    if (edits->count != 0 && size > bom && text[size - 1] != '\n' && text[size - 1] != '\r' &&
        !out->full)
        drop_line_break(out, start);
    clip_spans(edits, out->size - start);
    return 0;
}

/* Values */

/* Single quotes know no escapes. */
static bool fits_single_quotes(const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        uint32_t codepoint;
        size_t step = str_utf8_decode(text, left, &codepoint);
        if (!str_is_harmless(codepoint) || codepoint == 0xfffe || codepoint == 0xffff)
            return false;
        text += step;
        left -= step;
    }
    return true;
}

static void add_single_quoted(struct buf *out, const char *text)
{
    buf_add_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_add_char(out, '\'');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '\'');
}

void lines_add_piece(struct buf *out, const struct layout_node *like, bool flow,
                     const struct layout_piece *piece)
{
    const char quote = like == NULL || like->form != LAYOUT_STRING ? '\0' : like->quote;

    if (piece->raw || piece->kind != DOC_STRING)
        buf_add_text(out, piece->text);
    else if (quote == '\'' && fits_single_quotes(piece->text))
        add_single_quoted(out, piece->text);
    else if (quote == '"')
        doc_emit_quoted(out, piece->text, strlen(piece->text));
    else
        doc_emit_string(out, piece->text, strlen(piece->text), flow);
}

void lines_add_key(struct buf *out, const struct layout_node *like, const char *key)
{
    const struct layout_piece piece = {.kind = DOC_STRING, .text = key};

    lines_add_piece(out, like, true, &piece);
    buf_add_text(out, ": ");
}

static const struct layout_piece *piece_of(const struct layout_value *value, const char *key)
{
    size_t i;
    for (i = 0; i < value->count; i++)
        if (strcmp(value->pieces[i].key, key) == 0)
            return &value->pieces[i];
    return NULL;
}

/* Whether the neighbour is a mapping with just the keys of the value. */
static bool is_alike(const struct layout_node *like, const struct layout_value *value)
{
    size_t i;

    if (like == NULL || like->form != LAYOUT_MAPPING || like->count != value->count)
        return false;
    for (i = 0; i < like->count; i++)
        if (like->entries[i].key->form != LAYOUT_STRING ||
            piece_of(value, like->entries[i].key->text) == NULL)
            return false;
    return true;
}

void lines_add_value(struct buf *out, const struct layout_node *like, bool flow,
                     const struct layout_value *value)
{
    const bool single = value->pieces[0].key == NULL, alike = !single && is_alike(like, value);
    size_t i;

    if (single) {
        lines_add_piece(out, like, flow, &value->pieces[0]);
        return;
    }
    buf_add_char(out, '{');
    for (i = 0; i < value->count; i++) {
        const struct layout_node *as = alike ? like->entries[i].value : NULL;
        const struct layout_piece *piece =
            alike ? piece_of(value, like->entries[i].key->text) : &value->pieces[i];
        /* Without such a neighbour, what is in quotes like JSON stays so. */
        const struct layout_node *name = alike ? like->entries[i].key : NULL;
        if (!alike && like != NULL)
            name = as = like->form != LAYOUT_MAPPING ? like : NULL;
        buf_add_text(out, i == 0 ? "" : ", ");
        lines_add_key(out, name, piece->key);
        lines_add_piece(out, as, true, piece);
    }
    buf_add_char(out, '}');
}

void layout_add_value(struct buf *out, const struct layout_node *like,
                      const struct layout_value *value)
{
    lines_add_value(out, like, true, value);
}
