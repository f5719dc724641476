#include "base/wrap.h"

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    NARROWEST = 24, /* columns that a second part needs to be read */
    DEEPER = 4,
};

size_t wrap_columns(const char *text, size_t size)
{
    size_t at = 0, columns = 0;

    while (at < size) {
        uint32_t codepoint;
        at += str_utf8_decode(text + at, size - at, &codepoint);
        columns += str_columns(codepoint);
    }
    return columns;
}

void wrap_add(struct buf *out, const char *text, size_t column, size_t indent, size_t width)
{
    size_t blanks = column > indent ? 1 : 0;

    if (width == 0) {
        buf_printf(out, "%s%s", blanks == 1 ? " " : "", text);
        return;
    }
    while (*text != '\0') {
        const size_t size = strcspn(text, " "), columns = wrap_columns(text, size);
        if (column > indent && column + blanks + columns > width) {
            buf_add_char(out, '\n');
            buf_add_fill(out, ' ', indent);
            column = indent;
            blanks = 0;
        }
        buf_add_fill(out, ' ', blanks);
        buf_add(out, text, size);
        column += blanks + columns;
        text += size;
        blanks = strspn(text, " ");
        text += blanks;
    }
}

/* Where the text of a line begins that others of it go below. */
static size_t hanging(const char *line, size_t size)
{
    size_t indent = strspn(line, " "), at;

    for (at = indent; at + 2 < size; at++)
        if (line[at] == ' ' && line[at + 1] == ' ')
            return at + strspn(line + at, " ");
    return indent;
}

static void wrap_line(struct buf *out, const char *line, size_t size, size_t width)
{
    struct arena scratch = {0};
    const char *text = arena_strndup(&scratch, line, size);
    const size_t first = strspn(text, " "), head = hanging(text, size);
    size_t indent = wrap_columns(text, head), end = head;

    if (head > first && indent + NARROWEST > width) {
        /* No room beside the first part: below it. */
        while (end > first && text[end - 1] == ' ')
            end--;
        indent = first + DEEPER;
        buf_add(out, text, end);
        buf_add_char(out, '\n');
        buf_add_fill(out, ' ', indent);
    } else {
        buf_add(out, text, head);
    }
    wrap_add(out, text + head, indent, indent, width);
    arena_release(&scratch);
}

void wrap_page(struct buf *out, const char *page, size_t width)
{
    while (*page != '\0') {
        const size_t size = strcspn(page, "\n");
        if (width == 0 || wrap_columns(page, size) <= width)
            buf_add(out, page, size);
        else
            wrap_line(out, page, size, width);
        page += size;
        if (*page == '\n') {
            buf_add_char(out, '\n');
            page++;
        }
    }
}
