#include "render/markdown_escape.h"

#include "base/str.h"

#include <string.h>

size_t markdown_longest_run(const char *text)
{
    size_t longest = 0;

    while ((text = strchr(text, '`')) != NULL) {
        size_t run = strspn(text, "`");
        if (run > longest)
            longest = run;
        text += run;
    }
    return longest;
}

/* Bytes of the first `count` characters, or of all of them. */
static size_t prefix_size(const struct buf *text, size_t count)
{
    size_t at = 0;

    for (; count > 0 && at < text->size; count--) {
        uint32_t codepoint;
        at += str_utf8_decode(text->data + at, text->size - at, &codepoint);
    }
    return at;
}

static void add_cut(struct buf *out, const struct buf *visible)
{
    size_t size = prefix_size(visible, MARKDOWN_VALUE_MAX);

    buf_add(out, buf_text(visible), size);
    if (size < visible->size)
        buf_printf(out, "… (%zu more characters)",
                   str_utf8_length(visible->data + size, visible->size - size));
}

void markdown_add_line(struct buf *out, const char *text)
{
    struct buf visible;

    buf_init(&visible, out->limit);
    str_add_visible(&visible, text, strlen(text));
    add_cut(out, &visible);
    buf_release(&visible);
}

/* Spaces at both ends belong to the marks: one each is taken away when there is one at each. */
static bool needs_padding(const struct buf *text)
{
    const char first = text->data[0], last = text->data[text->size - 1];

    return first == '`' || last == '`' || (first == ' ' && last == ' ');
}

void markdown_add_code(struct buf *out, const char *text)
{
    struct buf shown;
    const char *padding;
    size_t marks;

    if (text[0] == '\0') {
        buf_add_text(out, "(empty)");
        return;
    }
    buf_init(&shown, out->limit);
    markdown_add_line(&shown, text);
    marks = markdown_longest_run(shown.data) + 1;
    padding = needs_padding(&shown) ? " " : "";
    buf_add_fill(out, '`', marks);
    buf_printf(out, "%s%s%s", padding, shown.data, padding);
    buf_add_fill(out, '`', marks);
    buf_release(&shown);
}

void markdown_add_html(struct buf *out, const char *text)
{
    struct buf shown;
    const char *at;

    buf_init(&shown, out->limit);
    markdown_add_line(&shown, text);
    for (at = buf_text(&shown); *at != '\0'; at++) {
        if (*at == '<')
            buf_add_text(out, "&lt;");
        else if (*at == '>')
            buf_add_text(out, "&gt;");
        else if (*at == '&')
            buf_add_text(out, "&amp;");
        else if (*at == '"')
            buf_add_text(out, "&quot;");
        else
            buf_add_char(out, *at);
    }
    buf_release(&shown);
}

/* Our own words; should a value ever get there, at least it can't format. */
static void add_words(struct buf *out, const char *text, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++) {
        if (strchr("\\`*_[]<>&#|~!@", text[i]) != NULL)
            buf_add_char(out, '\\');
        buf_add_char(out, text[i]);
    }
}

static void add_code_of(struct buf *out, const char *text, size_t size)
{
    struct buf part;

    buf_init(&part, out->limit);
    buf_add(&part, text, size);
    markdown_add_code(out, buf_text(&part));
    buf_release(&part);
}

void markdown_add_sentence(struct buf *out, const char *text)
{
    const char *first, *last;

    if (str_starts_with(text, "--")) {
        size_t size = strcspn(text, ",");
        add_code_of(out, text, size);
        text += size;
    }
    first = strchr(text, '"');
    last = strrchr(text, '"');
    if (first == NULL) {
        add_words(out, text, strlen(text));
        return;
    }
    add_words(out, text, (size_t)(first - text));
    add_code_of(out, first, (size_t)(last - first) + 1);
    add_words(out, last + 1, strlen(last + 1));
}
