#include "base/mdoc.h"

#include "base/str.h"

#include <stdbool.h>
#include <string.h>

enum { WIDTH = 76, WORD_MAX = 256 };

void mdoc_begin(struct buf *out, const char *source, const char *title, int section)
{
    buf_printf(out, ".\\\" Made from %s; do not edit.\n.Dd November 24, 2026\n.Dt %s %d\n.Os\n",
               source, title, section);
}

static void add_bytes(struct buf *out, const char *text, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++) {
        if (text[i] == '\\')
            buf_add_text(out, "\\e");
        else if (text[i] == '"')
            buf_add_text(out, "\\(dq");
        else if (text[i] == '-')
            buf_add_text(out, "\\-");
        else
            buf_add_char(out, text[i]);
    }
}

void mdoc_add_text(struct buf *out, const char *text)
{
    add_bytes(out, text, strlen(text));
}

/* A word between what opens and what closes around it: "(--out)," is "(", "--out" and ")", ",". */
struct word {
    const char *text;
    size_t opening, size, closing;
};

static bool is_in(const char *set, char byte)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

/* In backticks a word may hold blanks. */
static size_t word_size(const char *text)
{
    const size_t opening = strspn(text, "(");
    const char *end = text[opening] == '`' ? strchr(text + opening + 1, '`') : NULL;

    return end == NULL ? strcspn(text, " \n") : (size_t)(end - text) + strcspn(end, " \n");
}

static struct word split(const char *text, size_t size)
{
    struct word word = {.text = text, .opening = strspn(text, "(")};

    while (word.opening + word.closing < size && is_in(".,:;)", text[size - 1 - word.closing]))
        word.closing++;
    /* "roster(1)" has its parenthesis itself. */
    if (size > word.closing + 3 && text[size - word.closing] == ')' &&
        text[size - word.closing - 2] == '(')
        word.closing--;
    word.size = size - word.opening - word.closing;
    return word;
}

static bool is_variable(const char *text, size_t size)
{
    size_t i, lines = 0;

    for (i = 0; i < size; i++) {
        lines += text[i] == '_';
        if (!(text[i] >= 'A' && text[i] <= 'Z') && text[i] != '_')
            return false;
    }
    return lines > 0;
}

static bool is_page(const char *text, size_t size)
{
    return size > 3 && text[size - 1] == ')' && text[size - 3] == '(' && text[size - 2] >= '1' &&
           text[size - 2] <= '9';
}

/* The macro and its argument for a word that is marked; false for any other. */
static bool add_mark(struct buf *out, const char *text, size_t size)
{
    if (size > 2 && text[0] == '-' && text[1] == '-' && text[2] >= 'a' && text[2] <= 'z') {
        buf_add_text(out, "Fl ");
        add_bytes(out, text + 1, size - 1);
    } else if (is_variable(text, size)) {
        buf_add_text(out, "Ev ");
        add_bytes(out, text, size);
    } else if (is_page(text, size)) {
        buf_printf(out, "Xr %.*s %c", (int)(size - 3), text, text[size - 2]);
    } else if (size > 2 && text[0] == '`' && text[size - 1] == '`') {
        buf_add_text(out, "Ql ");
        add_bytes(out, text + 1, size - 2);
    } else {
        return false;
    }
    return true;
}

/* A line of its own for a marked word, with what is around it. */
static bool add_marked(struct buf *out, const struct word *word, bool begins)
{
    struct buf mark;
    size_t i;

    buf_init(&mark, 2 * WORD_MAX);
    if (!add_mark(&mark, word->text + word->opening, word->size)) {
        buf_release(&mark);
        return false;
    }
    buf_printf(out, "%s.%.*s", begins ? "" : "\n", 2, buf_text(&mark));
    for (i = 0; i < word->opening; i++)
        buf_add_text(out, " (");
    buf_add_text(out, buf_text(&mark) + 2);
    for (i = 0; i < word->closing; i++)
        buf_printf(out, " %c", word->text[word->opening + word->size + i]);
    buf_add_char(out, '\n');
    buf_release(&mark);
    return true;
}

static void add_sentences(struct buf *out, const char *text, size_t length)
{
    const char *end = text + length;
    struct buf bytes; /* of a word */
    size_t column = 0;

    buf_init(&bytes, BUF_LIMIT_DEFAULT);
    while (text < end) {
        const size_t size = word_size(text);
        const struct word word = split(text, size);
        const bool ends = size > 0 && text[size - 1] == '.';
        if (add_marked(out, &word, column == 0)) {
            column = 0;
        } else {
            buf_clear(&bytes);
            add_bytes(&bytes, text, size);
            if (column != 0 && column + 1 + bytes.size > WIDTH) {
                buf_add_char(out, '\n');
                column = 0;
            }
            if (column != 0)
                buf_add_char(out, ' ');
            else if (is_in(".'", text[0]))
                buf_add_text(out, "\\&"); /* else it would be a macro */
            buf_add(out, bytes.data, bytes.size);
            column += bytes.size + 1;
        }
        text += size;
        while (text < end && is_in(" \n", *text))
            text++;
        if (ends && text < end && column != 0) {
            buf_add_char(out, '\n');
            column = 0;
        }
    }
    if (column != 0)
        buf_add_char(out, '\n');
    buf_release(&bytes);
}

void mdoc_add_sentences(struct buf *out, const char *text)
{
    add_sentences(out, text, strlen(text));
}

void mdoc_add_literal(struct buf *out, const char *text)
{
    buf_add_text(out, ".Bd -literal -offset indent\n");
    while (*text != '\0') {
        const size_t size = strcspn(text, "\n");
        if (is_in(".'", text[0]))
            buf_add_text(out, "\\&");
        add_bytes(out, text, size);
        buf_add_char(out, '\n');
        text += size + (text[size] == '\n');
    }
    buf_add_text(out, ".Ed\n");
}

/* "- TERM: text", from behind the dash to the next item or the end. */
static void add_item(struct buf *out, const char *text, size_t size)
{
    const char *colon = strstr(text, ": ");
    const size_t term = colon == NULL || colon >= text + size ? size : (size_t)(colon - text);

    buf_add_text(out, ".It ");
    if (!add_mark(out, text, term)) {
        buf_add_text(out, "Cm ");
        add_bytes(out, text, term);
    }
    buf_add_char(out, '\n');
    if (term < size)
        add_sentences(out, text + term + 2, size - term - 2);
}

static void add_list(struct buf *out, const char *text, size_t size)
{
    const char *end = text + size;

    buf_add_text(out, ".Bl -tag -width Ds\n");
    while (text < end) {
        const char *next = strstr(text + 2, "\n- ");
        if (next == NULL || next >= end)
            next = end;
        add_item(out, text + 2, (size_t)(next - text) - 2);
        text = next + (next < end);
    }
    buf_add_text(out, ".El\n");
}

static void add_example(struct buf *out, const char *text, size_t size)
{
    struct buf lines;
    const char *end = text + size;

    buf_init(&lines, BUF_LIMIT_DEFAULT);
    while (text < end) {
        const size_t line = strcspn(text, "\n");
        const size_t indent = str_starts_with(text, "    ") ? 4 : 0;
        buf_add(&lines, text + indent, line - indent);
        buf_add_char(&lines, '\n');
        text += line + 1;
    }
    mdoc_add_literal(out, buf_text(&lines));
    buf_release(&lines);
}

void mdoc_add_prose(struct buf *out, const char *text)
{
    bool follows = false; /* a paragraph comes behind another, not behind a heading */

    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        const size_t size = end == NULL ? strlen(text) : (size_t)(end - text);
        const bool heading = str_starts_with(text, "# ");
        if (heading) {
            buf_printf(out, ".Ss %.*s\n", (int)size - 2, text + 2);
        } else if (str_starts_with(text, "- ")) {
            add_list(out, text, size);
        } else if (str_starts_with(text, "    ")) {
            add_example(out, text, size);
        } else {
            if (follows)
                buf_add_text(out, ".Pp\n");
            add_sentences(out, text, size);
        }
        follows = !heading;
        text += size;
        text += strspn(text, "\n");
    }
}
