#include "document/doc_emit.h"

#include "base/str.h"

#include <assert.h>
#include <string.h>

/* What YAML 1.1 (yaml.org/type) reads as a boolean or null, and names of numbers, in any case. */
static bool is_word_of_yaml(const char *text)
{
    static const char *const words[] = {"y",    "n",    "yes",   "no",  "on", "off",
                                        "true", "null", "false", "inf", "nan"};
    size_t i;

    for (i = 0; i < COUNT_OF(words); i++)
        if (str_equal_nocase(text, words[i]))
            return true;
    return false;
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/*
 * A colon before a blank or at the end makes a key; in flow style old readers stop at any, and at
 * any question mark.
 */
static bool is_plain_byte(const char *text, size_t size, size_t at, bool flow)
{
    static const char harmless[] = "0123456789 _-+./&()@%=~";

    if (text[at] == ':')
        return !flow && at + 1 < size && text[at + 1] != ' ';
    if (strchr("?${}", text[at]) != NULL && text[at] != '\0')
        return !flow;
    return is_letter(text[at]) || memchr(harmless, text[at], sizeof(harmless) - 1) != NULL;
}

/*
 * Whether every reader takes the text without quotes for that very string: it begins with a letter
 * or a variable, which no number, date or indicator does.
 */
static bool is_plain(const char *text, size_t size, bool flow)
{
    size_t i;

    if (size == 0 || !(is_letter(text[0]) || (text[0] == '$' && text[1] == '{')) ||
        text[size - 1] == ' ' || is_word_of_yaml(text))
        return false;
    for (i = 0; i < size; i++) {
        if (!is_plain_byte(text, size, i, flow))
            return false;
    }
    return true;
}

static void add_escaped(struct buf *out, const char *text, size_t step, uint32_t codepoint)
{
    /* Not in YAML's set of printable characters, and libyaml refuses them. */
    bool is_unprintable = codepoint == 0xfffe || codepoint == 0xffff;

    if (codepoint == '"' || codepoint == '\\')
        buf_printf(out, "\\%c", (char)codepoint);
    else if (str_is_harmless(codepoint) && !is_unprintable)
        buf_add(out, text, step);
    else if (codepoint == '\n')
        buf_add_text(out, "\\n");
    else if (codepoint == '\r')
        buf_add_text(out, "\\r");
    else if (codepoint == '\t')
        buf_add_text(out, "\\t");
    else if (codepoint <= 0xff)
        buf_printf(out, "\\x%02x", (unsigned)codepoint);
    else if (codepoint <= 0xffff)
        buf_printf(out, "\\u%04x", (unsigned)codepoint);
    else
        buf_printf(out, "\\U%08x", (unsigned)codepoint);
}

void doc_emit_quoted(struct buf *out, const char *text, size_t size)
{
    size_t at = 0;

    buf_add_char(out, '"');
    while (at < size) {
        uint32_t codepoint;
        size_t step = str_utf8_decode(text + at, size - at, &codepoint);
        add_escaped(out, text + at, step, codepoint);
        at += step;
    }
    buf_add_char(out, '"');
}

void doc_emit_string(struct buf *out, const char *text, size_t size, bool flow)
{
    if (is_plain(text, size, flow))
        buf_add(out, text, size);
    else
        doc_emit_quoted(out, text, size);
}

void doc_emit_init(struct doc_emit *emit, struct buf *out)
{
    memset(emit, 0, sizeof(*emit));
    emit->out = out;
}

static void indent(struct doc_emit *emit)
{
    buf_add_fill(emit->out, ' ', emit->depth == 0 ? 0 : (emit->depth - 1) * 2);
}

/* Where a line of the innermost collection begins; its first one may be on that of a dash. */
static void begin_line(struct doc_emit *emit)
{
    if (emit->depth != 0 && emit->levels[emit->depth - 1].dash_open)
        emit->levels[emit->depth - 1].dash_open = false;
    else
        indent(emit);
}

/* Begins a value: behind its key, or as an item. */
static void begin_value(struct doc_emit *emit)
{
    if (emit->key_open) {
        emit->key_open = false;
        buf_add_char(emit->out, ' ');
        return;
    }
    if (emit->depth == 0)
        return;
    assert(emit->levels[emit->depth - 1].kind == DOC_SEQUENCE);
    emit->levels[emit->depth - 1].count++;
    begin_line(emit);
    buf_add_text(emit->out, "- ");
}

static void end_value(struct doc_emit *emit)
{
    if (emit->depth == 0 || !emit->levels[emit->depth - 1].flow)
        buf_add_char(emit->out, '\n');
}

static void push(struct doc_emit *emit, enum doc_kind kind, bool flow, bool dash_open)
{
    assert(emit->depth < DOC_EMIT_MAX_DEPTH);
    emit->levels[emit->depth].kind = kind;
    emit->levels[emit->depth].flow = flow;
    emit->levels[emit->depth].dash_open = dash_open;
    emit->levels[emit->depth].count = 0;
    emit->depth++;
}

void doc_emit_begin(struct doc_emit *emit, enum doc_kind kind)
{
    bool is_item = emit->depth != 0 && !emit->key_open;

    if (emit->key_open) {
        emit->key_open = false;
        buf_add_char(emit->out, '\n');
    } else if (is_item) {
        begin_value(emit);
    }
    push(emit, kind, false, is_item);
}

void doc_emit_begin_flow(struct doc_emit *emit)
{
    begin_value(emit);
    buf_add_char(emit->out, '{');
    push(emit, DOC_MAPPING, true, false);
}

void doc_emit_end(struct doc_emit *emit)
{
    assert(emit->depth > 0 && !emit->key_open);
    emit->depth--;
    if (emit->levels[emit->depth].flow)
        buf_add_text(emit->out, "}\n");
    else
        assert(emit->levels[emit->depth].count != 0);
}

void doc_emit_empty(struct doc_emit *emit, enum doc_kind kind)
{
    begin_value(emit);
    buf_add_text(emit->out, kind == DOC_SEQUENCE ? "[]" : "{}");
    end_value(emit);
}

void doc_emit_key(struct doc_emit *emit, const char *key)
{
    bool flow;

    assert(emit->depth > 0 && !emit->key_open && emit->levels[emit->depth - 1].kind == DOC_MAPPING);
    flow = emit->levels[emit->depth - 1].flow;
    if (!flow)
        begin_line(emit);
    else if (emit->levels[emit->depth - 1].count != 0)
        buf_add_text(emit->out, ", ");
    emit->levels[emit->depth - 1].count++;
    doc_emit_string(emit->out, key, strlen(key), flow);
    buf_add_char(emit->out, ':');
    emit->key_open = true;
}

void doc_emit_scalar(struct doc_emit *emit, enum doc_kind kind, const char *text)
{
    bool flow = emit->depth != 0 && emit->levels[emit->depth - 1].flow;

    begin_value(emit);
    if (kind == DOC_STRING)
        doc_emit_string(emit->out, text, strlen(text), flow);
    else
        buf_add_text(emit->out, text);
    end_value(emit);
}

void doc_emit_comment(struct doc_emit *emit, const char *text)
{
    size_t size;

    assert(!emit->key_open);
    for (;; text += size + 1) {
        size = strcspn(text, "\n");
        begin_line(emit);
        buf_add_text(emit->out, size == 0 ? "#" : "# ");
        str_add_visible(emit->out, text, size);
        buf_add_char(emit->out, '\n');
        if (text[size] == '\0')
            return;
    }
}

void doc_emit_note(struct doc_emit *emit, const char *text)
{
    struct buf *out = emit->out;

    if (out->full)
        return;
    assert(out->size > 0 && out->data[out->size - 1] == '\n');
    out->data[--out->size] = '\0';
    buf_add_text(out, "  # ");
    str_add_visible(out, text, strlen(text));
    buf_add_char(out, '\n');
}

void doc_emit_gap(struct doc_emit *emit)
{
    buf_add_char(emit->out, '\n');
}
