#include "base/diag.h"
#include "base/str.h"

#include <string.h>

enum {
    EXCERPT_BEFORE = 60, /* characters in front of the caret that are still shown all */
};

static const char *paint(bool color, const char *code)
{
    return color ? code : "";
}

/* Terminal columns that a character takes as str_add_visible() writes it. */
static size_t shown_columns(const char *text, size_t step, uint32_t codepoint)
{
    struct buf one;
    size_t columns;

    if (codepoint >= 0x20 && codepoint < 0x7f)
        return 1;
    buf_init(&one, 64);
    str_add_visible(&one, text, step);
    columns = one.size == step && codepoint >= 0x80 ? str_columns(codepoint) : one.size;
    buf_release(&one);
    return columns;
}

/* Columns of `count` characters from `text`; `*bytes` gets their size. */
static size_t columns_of(const char *text, size_t size, size_t count, size_t *bytes)
{
    size_t at = 0, columns = 0;
    while (count-- > 0 && at < size) {
        uint32_t codepoint;
        size_t step = str_utf8_decode(text + at, size - at, &codepoint);
        columns += shown_columns(text + at, step, codepoint);
        at += step;
    }
    *bytes = at;
    return columns;
}

static void render_excerpt(const struct diag_place *place, struct buf *out, bool color,
                           const char *tint)
{
    const char *line = place->source_line;
    size_t size = place->source_line_size, skip = 0, before, marked, used;
    size_t column = place->column > 0 ? place->column - 1 : 0;
    bool cut = column > EXCERPT_BEFORE;

    if (line == NULL || place->source_line_size == 0)
        return;
    column -= place->source_line_skipped;
    if (cut) {
        columns_of(line, size, column - EXCERPT_BEFORE / 2, &skip);
        column = EXCERPT_BEFORE / 2;
    }
    line += skip;
    size -= skip;
    buf_add_text(out, cut ? "    …" : "    ");
    str_add_visible(out, line, size);
    buf_add_char(out, '\n');
    before = columns_of(line, size, column, &used);
    marked = columns_of(line + used, size - used, place->length, &used);
    buf_add_fill(out, ' ', (cut ? 5u : 4u) + before);
    buf_printf(out, "%s^", paint(color, tint));
    if (marked > 1)
        buf_add_fill(out, '~', marked - 1);
    buf_printf(out, "%s\n", paint(color, "\033[0m"));
}

static void render_place(const struct diag_place *place, struct buf *out)
{
    if (place->file == NULL) {
        buf_add_text(out, "roster: ");
        return;
    }
    str_add_visible(out, place->file, strlen(place->file));
    buf_printf(out, ":%u:%u: ", (unsigned)place->line, (unsigned)place->column);
}

/* Line ends in a message came from outside, like any other control character. */
static void render_message(const char *message, struct buf *out)
{
    str_add_visible(out, message, strlen(message));
    buf_add_char(out, '\n');
}

static void render_item(const struct diag_item *item, struct buf *out, bool color)
{
    const char *tint = item->level == DIAG_ERROR ? "\033[1;31m" : "\033[1;33m";
    size_t i;

    buf_add_text(out, paint(color, "\033[1m"));
    render_place(&item->place, out);
    buf_printf(out, "%s%s:%s ", paint(color, tint), item->level == DIAG_ERROR ? "error" : "warning",
               paint(color, "\033[0m"));
    render_message(item->message, out);
    render_excerpt(&item->place, out, color, tint);
    if (item->help != NULL) {
        buf_printf(out, "  %shelp:%s ", paint(color, "\033[1;32m"), paint(color, "\033[0m"));
        render_message(item->help, out);
    }
    for (i = 0; i < item->note_count; i++) {
        const struct diag_note *note = &item->notes[i];
        buf_add_text(out, "  ");
        if (note->place.file != NULL)
            render_place(&note->place, out);
        buf_printf(out, "%snote:%s ", paint(color, "\033[1;36m"), paint(color, "\033[0m"));
        render_message(note->message, out);
        render_excerpt(&note->place, out, color, "\033[1;36m");
    }
}

void diag_render_text(const struct diag *diag, struct buf *out, bool color)
{
    size_t i;
    for (i = 0; i < diag->count; i++)
        render_item(&diag->items[i], out, color);
    if (diag->dropped != 0)
        buf_printf(out, "roster: %zu more not shown\n", diag->dropped);
}
