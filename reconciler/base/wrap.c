#include "base/wrap.h"

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

static void wrap_line(struct buf *out, const char *text, size_t width)
{
    const size_t first = strspn(text, " "), head = hanging(text, strlen(text));
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
}

/*
 * Whether `next` goes on where the line, whose last part has so many columns, was broken. People
 * break theirs a few words earlier than programs.
 */
static bool goes_on(const char *line, size_t columns, const char *next, size_t made)
{
    const size_t indent = strspn(next, " ");

    return next[indent] != '\0' && next[indent] != '\n' && *line != '\0' &&
           indent == hanging(line, strlen(line)) && columns >= made * 3 / 4;
}

/* Takes a line and those that go on with it; returns what is behind them. */
static const char *take_line(struct buf *line, const char *page, size_t made)
{
    size_t size = strcspn(page, "\n"), columns = wrap_columns(page, size);

    buf_add(line, page, size);
    while (page[size] == '\n' && goes_on(buf_text(line), columns, page + size + 1, made)) {
        page += size + 1;
        size = strcspn(page, "\n");
        columns = wrap_columns(page, size);
        buf_add_char(line, ' ');
        buf_add(line, page + strspn(page, " "), size - strspn(page, " "));
    }
    return page + size;
}

void wrap_page(struct buf *out, const char *page, size_t made, size_t width)
{
    struct buf line;

    if (width == 0 || width >= made) {
        buf_add_text(out, page);
        return;
    }
    while (*page != '\0') {
        buf_init(&line, BUF_LIMIT_DEFAULT);
        page = take_line(&line, page, made);
        if (wrap_columns(buf_text(&line), line.size) <= width)
            buf_add_text(out, buf_text(&line));
        else
            wrap_line(out, buf_text(&line), width);
        buf_release(&line);
        if (*page == '\n') {
            buf_add_char(out, '\n');
            page++;
        }
    }
}
