#include "base/diag.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

void diag_init(struct diag *diag)
{
    memset(diag, 0, sizeof(*diag));
}

void diag_release(struct diag *diag)
{
    arena_release(&diag->arena);
    diag_init(diag);
}

/* The line of the source with that number; NULL when there is none. */
static const char *find_line(const struct diag_source *source, uint32_t number, size_t *size)
{
    const char *at = source->text, *end = source->text + source->size, *stop;

    while (--number > 0) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL)
            return NULL;
        at++;
    }
    stop = at == end ? end : memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL)
        stop = end;
    if (stop > at && stop[-1] == '\r')
        stop--;
    *size = (size_t)(stop - at);
    return at;
}

enum { STRIDE = 4096 }; /* bytes */

/* Bytes that the first `characters` characters of the text take, at most all of it. */
static size_t bytes_of(const char *text, size_t size, size_t characters)
{
    size_t at = 0;
    /* In strides, for a text of megabytes that is all one line. */
    while (characters > STRIDE && size - at > STRIDE) {
        characters -= str_utf8_length(text + at, STRIDE);
        at += STRIDE;
        while (at < size && ((unsigned char)text[at] & 0xc0) == 0x80)
            at++;
    }
    while (characters > 0 && at < size) {
        uint32_t codepoint;
        at += str_utf8_decode(text + at, size - at, &codepoint);
        characters--;
    }
    return at;
}

/*
 * Only a window of a long line is kept, so many characters to either side of the place: nobody
 * reads a megabyte under a caret.
 */
enum { WINDOW = 100 };

/* Whether the line may have a URL with a password in it, which is never shown. */
static bool has_url(const char *line, size_t size)
{
    const char *at = line, *end = line + size;

    while ((at = memchr(at, ':', (size_t)(end - at))) != NULL) {
        if (end - at >= 3 && at[1] == '/' && at[2] == '/')
            return true;
        at++;
    }
    return false;
}

static struct diag_place place_of(struct diag *diag, const struct diag_span *span)
{
    struct diag_place place = {0};
    const char *line;
    size_t size = 0, front, start, end;
    struct buf masked;

    if (span == NULL || span->source == NULL || span->line == 0)
        return place;
    place.file = arena_strdup(&diag->arena, span->source->name);
    place.line = span->line;
    place.column = span->column;
    place.length = span->length;
    if (span->source->text == NULL)
        return place;
    line = find_line(span->source, span->line, &size);
    if (line == NULL)
        return place;
    buf_init(&masked, span->source->size);
    if (has_url(line, size)) {
        buf_add(&masked, line, size);
        size = str_mask_passwords(masked.data, masked.size);
        line = masked.data;
    }
    if (span->column > WINDOW + 1)
        place.source_line_skipped = span->column - WINDOW - 1;
    front = bytes_of(line, size, place.source_line_skipped);
    start = front + bytes_of(line + front, size - front,
                             span->column > 0 ? span->column - 1 - place.source_line_skipped : 0);
    end = start + bytes_of(line + start, size - start, WINDOW);
    place.source_line = arena_strndup(&diag->arena, line + front, end - front);
    place.source_line_size = end - front;
    buf_release(&masked);
    return place;
}

/* Whatever a message repeats, it repeats without passwords. */
static const char *shown_text(struct diag *diag, const char *format, va_list arguments)
{
    char *text = arena_vprintf(&diag->arena, format, arguments);
    str_mask_passwords(text, strlen(text));
    return text;
}

/* A node that aliases repeat is looked at more than once, and reported once. */
static bool is_known(const struct diag *diag, enum diag_level level, const struct diag_span *where,
                     const char *message)
{
    size_t i;

    if (where == NULL || where->source == NULL)
        return false;
    for (i = 0; i < diag->count; i++) {
        const struct diag_item *item = &diag->items[i];
        if (item->level == level && item->place.line == where->line &&
            item->place.column == where->column && str_equal(item->message, message) &&
            str_equal(item->place.file, where->source->name))
            return true;
    }
    return false;
}

static void report(struct diag *diag, enum diag_level level, const struct diag_span *where,
                   const char *format, va_list arguments)
{
    const char *message = shown_text(diag, format, arguments);
    struct diag_item *item;

    diag->last = NULL;
    if (is_known(diag, level, where, message))
        return;
    if (level == DIAG_ERROR)
        diag->errors++;
    else
        diag->warnings++;
    if (diag->count >= DIAG_MAX) {
        diag->dropped++;
        return;
    }
    diag->items =
        arena_grow(&diag->arena, diag->items, diag->count, &diag->capacity, sizeof(*diag->items));
    item = &diag->items[diag->count++];
    memset(item, 0, sizeof(*item));
    item->level = level;
    item->place = place_of(diag, where);
    item->message = message;
    diag->last = item;
}

void diag_error(struct diag *diag, const struct diag_span *where, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(diag, DIAG_ERROR, where, format, arguments);
    va_end(arguments);
}

void diag_warning(struct diag *diag, const struct diag_span *where, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(diag, DIAG_WARNING, where, format, arguments);
    va_end(arguments);
}

void diag_help(struct diag *diag, const char *format, ...)
{
    va_list arguments;
    if (diag->last == NULL)
        return;
    va_start(arguments, format);
    diag->last->help = shown_text(diag, format, arguments);
    va_end(arguments);
}

void diag_note(struct diag *diag, const struct diag_span *where, const char *format, ...)
{
    struct diag_item *item = diag->last;
    struct diag_note *note;
    va_list arguments;

    if (item == NULL)
        return;
    item->notes = arena_grow(&diag->arena, item->notes, item->note_count, &item->note_capacity,
                             sizeof(*item->notes));
    note = &item->notes[item->note_count++];
    note->place = place_of(diag, where);
    va_start(arguments, format);
    note->message = shown_text(diag, format, arguments);
    va_end(arguments);
}

void diag_drop_warnings(struct diag *diag)
{
    size_t kept = 0, i;

    for (i = 0; i < diag->count; i++)
        if (diag->items[i].level == DIAG_ERROR)
            diag->items[kept++] = diag->items[i];
    diag->count = kept;
    diag->dropped = diag->errors - kept;
    diag->warnings = 0;
    diag->last = NULL;
}

struct sort_key {
    struct diag_item item;
    size_t file;  /* rank of the file by first appearance */
    size_t index; /* makes the order stable */
};

static int compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = compare_numbers(a->file, b->file);
    if (order == 0)
        order = compare_numbers(a->item.place.line, b->item.place.line);
    if (order == 0)
        order = compare_numbers(a->item.place.column, b->item.place.column);
    return order != 0 ? order : compare_numbers(a->index, b->index);
}

static size_t file_rank(const struct diag *diag, size_t index)
{
    const char *file = diag->items[index].place.file;
    size_t i;

    if (file == NULL)
        return 0;
    for (i = 0; i < index; i++)
        if (str_equal(diag->items[i].place.file, file))
            break;
    return i + 1;
}

void diag_sort(struct diag *diag)
{
    struct sort_key *keys = arena_array(&diag->arena, diag->count, sizeof(*keys));
    size_t i;

    for (i = 0; i < diag->count; i++) {
        keys[i].item = diag->items[i];
        keys[i].file = file_rank(diag, i);
        keys[i].index = i;
    }
    qsort(keys, diag->count, sizeof(*keys), compare_keys);
    for (i = 0; i < diag->count; i++)
        diag->items[i] = keys[i].item;
    diag->last = NULL;
}
