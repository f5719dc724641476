#include "base/diag.h"
#include "base/str.h"
#include "base/wrap.h"

#include <string.h>

enum {
    INDENT = 4,
    EXCERPT_BEFORE = 60, /* characters in front of the caret that are still shown all */
};

struct style {
    bool color;
    size_t columns; /* of the terminal; 0: any */
};

static const char *paint(const struct style *style, const char *code)
{
    return style->color ? code : "";
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

/* The part of a line that is shown. */
struct excerpt {
    const char *line;
    size_t size;
    size_t column;  /* of the caret, in characters from the part's beginning */
    size_t columns; /* that the part may take */
    bool cut;       /* in front */
};

/* What leaves room for the caret and something behind it. */
static void choose_part(const struct diag_place *place, const struct style *style,
                        struct excerpt *part)
{
    size_t most = EXCERPT_BEFORE, skip = 0, left;

    *part = (struct excerpt){
        .line = place->source_line,
        .size = place->source_line_size,
        .column = place->column > 0 ? place->column - 1 : 0,
        .columns = style->columns == 0 ? SIZE_MAX : style->columns - INDENT,
    };
    if (style->columns != 0 && part->columns * 2 / 3 < most)
        most = part->columns * 2 / 3;
    part->cut = part->column > most;
    part->column -= place->source_line_skipped;
    if (!part->cut)
        return;
    left = most / 2;
    columns_of(part->line, part->size, part->column - left, &skip);
    part->column = left;
    part->line += skip;
    part->size -= skip;
    part->columns--;
}

static void render_excerpt(const struct diag_place *place, struct buf *out,
                           const struct style *style, const char *tint)
{
    size_t before, marked, used;
    struct excerpt part;
    struct buf line;

    if (place->source_line == NULL || place->source_line_size == 0)
        return;
    choose_part(place, style, &part);
    buf_init(&line, BUF_LIMIT_DEFAULT);
    str_add_visible(&line, part.line, part.size);
    buf_add_text(out, part.cut ? "    …" : "    ");
    str_add_fitted(out, buf_text(&line), part.columns);
    buf_release(&line);
    buf_add_char(out, '\n');
    before = columns_of(part.line, part.size, part.column, &used);
    marked = columns_of(part.line + used, part.size - used, place->length, &used);
    if (before + marked > part.columns)
        marked = before < part.columns ? part.columns - before : 1;
    buf_add_fill(out, ' ', (part.cut ? INDENT + 1u : INDENT) + before);
    buf_printf(out, "%s^", paint(style, tint));
    if (marked > 1)
        buf_add_fill(out, '~', marked - 1);
    buf_printf(out, "%s\n", paint(style, "\033[0m"));
}

/* What stands in front of a message, and takes no more columns than it has bytes but for a name. */
static size_t render_place(const struct diag_place *place, struct buf *out)
{
    struct buf text;
    size_t columns;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    if (place->file == NULL) {
        buf_add_text(&text, "roster: ");
    } else {
        str_add_visible(&text, place->file, strlen(place->file));
        buf_printf(&text, ":%u:%u: ", (unsigned)place->line, (unsigned)place->column);
    }
    buf_add(out, buf_text(&text), text.size);
    columns = wrap_columns(buf_text(&text), text.size);
    buf_release(&text);
    return columns;
}

/* Line ends in a message came from outside, like any other control character. `column` is where
 * the line is. */
static void render_message(const char *message, size_t column, const struct style *style,
                           struct buf *out)
{
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    str_add_visible(&text, message, strlen(message));
    wrap_add(out, buf_text(&text), column, INDENT, style->columns);
    buf_add_char(out, '\n');
    buf_release(&text);
}

static void render_item(const struct diag_item *item, struct buf *out, const struct style *style)
{
    const char *tint = item->level == DIAG_ERROR ? "\033[1;31m" : "\033[1;33m";
    const char *level = item->level == DIAG_ERROR ? "error:" : "warning:";
    size_t column, i;

    buf_add_text(out, paint(style, "\033[1m"));
    column = render_place(&item->place, out) + strlen(level);
    buf_printf(out, "%s%s%s", paint(style, tint), level, paint(style, "\033[0m"));
    render_message(item->message, column, style, out);
    render_excerpt(&item->place, out, style, tint);
    if (item->help != NULL) {
        buf_printf(out, "  %shelp:%s", paint(style, "\033[1;32m"), paint(style, "\033[0m"));
        render_message(item->help, strlen("  help:"), style, out);
    }
    for (i = 0; i < item->note_count; i++) {
        const struct diag_note *note = &item->notes[i];
        buf_add_text(out, "  ");
        column = strlen("  note:");
        if (note->place.file != NULL)
            column += render_place(&note->place, out);
        buf_printf(out, "%snote:%s", paint(style, "\033[1;36m"), paint(style, "\033[0m"));
        render_message(note->message, column, style, out);
        render_excerpt(&note->place, out, style, "\033[1;36m");
    }
}

void diag_render_text_within(const struct diag *diag, struct buf *out, bool color, size_t columns)
{
    const struct style style = {.color = color, .columns = columns};
    size_t i;

    for (i = 0; i < diag->count; i++)
        render_item(&diag->items[i], out, &style);
    if (diag->dropped != 0)
        buf_printf(out, "roster: %zu more not shown\n", diag->dropped);
}

void diag_render_text(const struct diag *diag, struct buf *out, bool color)
{
    diag_render_text_within(diag, out, color, 0);
}
