#include "render/html_escape.h"

#include "base/str.h"

#include <string.h>

/* Escapes text that is visible already. */
static void add_escaped(struct buf *out, const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t plain = 0;
        while (at + plain < size && strchr("&<>\"'", text[at + plain]) == NULL)
            plain++;
        buf_add(out, text + at, plain);
        at += plain;
        if (at == size)
            return;
        switch (text[at++]) {
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        default:
            buf_add_text(out, "&#39;");
        }
    }
}

void html_add_text(struct buf *out, const char *text)
{
    struct buf visible;

    buf_init(&visible, out->limit);
    str_add_visible(&visible, text, strlen(text));
    add_escaped(out, buf_text(&visible), visible.size);
    buf_release(&visible);
}

void html_add_lines(struct buf *out, const char *text)
{
    struct buf visible;

    buf_init(&visible, out->limit);
    while (text[0] != '\0') {
        size_t size = strcspn(text, "\n");
        str_add_visible(&visible, text, size);
        text += size;
        if (text[0] == '\n') {
            buf_add_char(&visible, '\n');
            text++;
        }
    }
    add_escaped(out, buf_text(&visible), visible.size);
    buf_release(&visible);
}

/* How many bytes of the text fit, all of them when the whole does, and the columns of those. */
static size_t fitting(const char *text, size_t size, size_t columns, size_t *used)
{
    size_t at = 0, width = 0, characters = 0, before_last = 0;

    *used = 0;
    while (at < size) {
        uint32_t codepoint;
        size_t step = str_utf8_decode(text + at, size - at, &codepoint);
        width += str_columns(codepoint);
        if (width > columns || ++characters > columns * HTML_CUT_PER_COLUMN)
            return before_last;
        at += step;
        /* One column stays for the "…". */
        if (width < columns) {
            before_last = at;
            *used = width;
        }
    }
    *used = width;
    return size;
}

size_t html_add_cut(struct buf *out, const char *text, size_t columns)
{
    struct buf visible;
    size_t size, used;

    buf_init(&visible, out->limit);
    str_add_visible(&visible, text, strlen(text));
    size = fitting(buf_text(&visible), visible.size, columns, &used);
    add_escaped(out, buf_text(&visible), size);
    if (size < visible.size) {
        buf_add_text(out, "…");
        used++;
    }
    buf_release(&visible);
    return used;
}
