#include "document/doc_text.h"

#include "base/str.h"

#include <stdint.h>
#include <string.h>

void doc_text_unify_breaks(char *bytes, size_t size)
{
    char *at = bytes, *end = bytes + size;
    while (at < end && (at = memchr(at, '\r', (size_t)(end - at))) != NULL) {
        if (at + 1 == end || at[1] != '\n')
            *at = '\n';
        at++;
    }
}

size_t doc_text_bom(const char *text, size_t size)
{
    return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* The name of another encoding that the first bytes tell of, or NULL. */
static const char *foreign_encoding(const char *text, size_t size)
{
    if (size >= 4 && (memcmp(text, "\xff\xfe\0\0", 4) == 0 || memcmp(text, "\0\0\xfe\xff", 4) == 0))
        return "UTF-32";
    if (size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return "UTF-16";
    /* Without a mark: YAML begins with an ASCII character, whose other bytes are NUL. */
    if (size >= 4 && ((memcmp(text, "\0\0\0", 3) == 0 && text[3] != '\0') ||
                      (memcmp(text + 1, "\0\0\0", 3) == 0 && text[0] != '\0')))
        return "UTF-32";
    return size >= 2 && (text[0] == '\0') != (text[1] == '\0') ? "UTF-16" : NULL;
}

static bool is_allowed(uint32_t codepoint)
{
    if (codepoint < 0x20)
        return codepoint == '\t' || codepoint == '\n' || codepoint == '\r';
    return codepoint < 0x7f || (codepoint >= 0xa0 && codepoint != 0x2028 && codepoint != 0x2029 &&
                                codepoint != 0xfeff && codepoint != 0xfffe && codepoint != 0xffff);
}

static struct diag_span span_of_offset(const struct diag_source *source, size_t offset)
{
    const char *at = source->text, *end = at + offset, *line = at;
    struct diag_span span = {.source = source, .line = 1, .length = 1};

    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        line = ++at;
        span.line++;
    }
    span.column = (uint32_t)str_utf8_length(line, (size_t)(end - line)) + 1;
    return span;
}

static void report_character(const struct diag_source *source, size_t offset, size_t step,
                             uint32_t codepoint, struct diag *diag)
{
    struct diag_span span = span_of_offset(source, offset);

    if (codepoint == 0xfffd && step == 1) {
        diag_error(diag, &span, "byte 0x%02x is not valid UTF-8",
                   (unsigned char)source->text[offset]);
        diag_help(diag, "save the file as UTF-8");
    } else if (codepoint == 0xfeff) {
        diag_error(diag, &span, "a byte order mark (U+FEFF) inside of the text");
        diag_help(diag, "remove it: it is invisible in most editors");
    } else {
        diag_error(diag, &span, "character U+%04X is not allowed in YAML text",
                   (unsigned)codepoint);
        diag_help(diag, "inside of double quotes it is written \"\\u%04X\"", (unsigned)codepoint);
    }
}

enum { WORD = sizeof(uint64_t) };

static uint64_t load_word(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof(word));
    return word;
}

/*
 * Whether all bytes of the word are printable ASCII, which is none below 0x20 and none above 0x7e,
 * or line feeds, which become asterisks first.
 */
static bool is_printable_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80, lows = ~highs;
    const uint64_t others = word ^ ones * '\n';
    const uint64_t feeds = ~(((others & lows) + lows) | others | lows); /* 0x80 at each of them */

    word |= feeds >> 2;
    return ((word | (word - ones * 0x20) | (word + ones)) & highs) == 0;
}

int doc_text_check(const struct diag_source *source, struct diag *diag)
{
    const char *encoding = foreign_encoding(source->text, source->size);
    size_t at = 0;

    if (encoding != NULL) {
        /* No excerpt: the bytes mean nothing to the reader. */
        const struct diag_source bare = {.name = source->name};
        const struct diag_span start = {.source = &bare, .line = 1, .column = 1};
        diag_error(diag, &start, "the text is %s, not UTF-8", encoding);
        diag_help(diag, "save the file as UTF-8");
        return -1;
    }
    while (at < source->size) {
        unsigned char byte = (unsigned char)source->text[at];
        uint32_t codepoint;
        size_t step;
        if (source->size - at >= WORD && is_printable_word(load_word(source->text + at))) {
            at += WORD;
            continue;
        }
        if ((byte >= 0x20 && byte < 0x7f) || byte == '\n') {
            at++;
            continue;
        }
        step = str_utf8_decode(source->text + at, source->size - at, &codepoint);
        if (!is_allowed(codepoint) || (codepoint == 0xfffd && step == 1)) {
            report_character(source, at, step, codepoint, diag);
            return -1;
        }
        at += step;
    }
    return 0;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

void doc_text_init(struct doc_text *text, const struct diag_source *source)
{
    const uint64_t highs = UINT64_C(0x8080808080808080);
    uint64_t words = 0;
    unsigned char bytes = 0;
    size_t i = 0;

    for (; source->size - i >= WORD; i += WORD)
        words |= load_word(source->text + i);
    for (; i < source->size; i++)
        bytes |= (unsigned char)source->text[i];
    *text = (struct doc_text){.source = source, .ascii = bytes < 0x80 && (words & highs) == 0};
}

size_t doc_text_offset(struct doc_text *text, size_t index)
{
    const char *bytes = text->source->text;
    size_t size = text->source->size, offset = text->offset;

    if (text->ascii)
        return index < size ? index : size;
    for (; text->index < index && offset < size; text->index++) {
        offset++;
        while (offset < size && is_continuation(bytes[offset]))
            offset++;
    }
    for (; text->index > index; text->index--) {
        offset--;
        while (is_continuation(bytes[offset]))
            offset--;
    }
    text->offset = offset;
    return offset;
}

struct diag_span doc_text_span(const struct doc_text *text, const yaml_mark_t *mark)
{
    return (struct diag_span){
        .source = text->source,
        .line = (uint32_t)mark->line + 1,
        .column = (uint32_t)mark->column + 1,
        .length = 1,
    };
}

/* A position that walks through the text. */
struct walker {
    const struct diag_source *source;
    size_t at, end;
    uint32_t line, column;
};

static void walk(struct walker *walker)
{
    if (walker->source->text[walker->at] == '\n') {
        walker->line++;
        walker->column = 1;
    } else {
        walker->column++;
    }
    do {
        walker->at++;
    } while (walker->at < walker->end && is_continuation(walker->source->text[walker->at]));
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static struct diag_span walk_word(struct walker *walker)
{
    struct diag_span span = {
        .source = walker->source, .line = walker->line, .column = walker->column};
    while (walker->at < walker->end && !is_space(walker->source->text[walker->at]))
        walk(walker);
    span.length = walker->column - span.column;
    return span;
}

/* Moves past anchor, tag and what stands between them and the node itself. */
static void walk_properties(struct walker *walker, struct doc_location *out)
{
    while (walker->at < walker->end) {
        char byte = walker->source->text[walker->at];
        if (byte == '&') {
            out->anchor = walk_word(walker);
        } else if (byte == '!') {
            out->tag_offset = walker->at;
            out->tag = walk_word(walker);
            out->tag_size = walker->at - out->tag_offset;
        } else if (byte == '#') {
            while (walker->at < walker->end && walker->source->text[walker->at] != '\n')
                walk(walker);
        } else if (is_space(byte)) {
            walk(walker);
        } else {
            return;
        }
    }
}

static uint32_t first_line_length(const struct walker *start, const yaml_event_t *event)
{
    const char *bytes = start->source->text + start->at, *stop;
    size_t size = start->source->size - start->at;
    yaml_scalar_style_t style = event->data.scalar.style;

    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
        return (uint32_t)strspn(bytes, "|>+-0123456789");
    if (start->line == event->end_mark.line + 1)
        return (uint32_t)event->end_mark.column + 1 - start->column;
    stop = memchr(bytes, '\n', size);
    if (stop == NULL)
        stop = bytes + size;
    while (stop > bytes && is_space(stop[-1]))
        stop--;
    return (uint32_t)str_utf8_length(bytes, (size_t)(stop - bytes));
}

void doc_text_locate(struct doc_text *text, const yaml_event_t *event, struct doc_location *out)
{
    struct walker walker = {
        .source = text->source,
        .at = doc_text_offset(text, event->start_mark.index),
        .line = (uint32_t)event->start_mark.line + 1,
        .column = (uint32_t)event->start_mark.column + 1,
    };

    memset(out, 0, sizeof(*out));
    walker.end = doc_text_offset(text, event->end_mark.index);
    walk_properties(&walker, out);
    out->content = (struct diag_span){
        .source = text->source, .line = walker.line, .column = walker.column, .length = 1};
    if (event->type == YAML_SCALAR_EVENT)
        out->content.length = first_line_length(&walker, event);
    else if (event->type == YAML_ALIAS_EVENT)
        out->content.length = (uint32_t)(walker.end - walker.at);
}
