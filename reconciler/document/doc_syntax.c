#include "document/doc_syntax.h"

#include "base/memory.h"
#include "base/str.h"

#include <string.h>

enum { KEY_MAX = 1024 }; /* characters that a key on a line of its own may have, by YAML's rules */

/* What there is to say about a syntax error, and to say it with. */
struct trouble {
    const char *problem, *context;       /* libyaml's words; context "" when it has none */
    struct diag_span span, context_span; /* context_span is nowhere when there is no context */
    size_t offset, context_offset;       /* the same places in the text */
    const struct diag_span *open;        /* NULL: no collection is */
    const char *text;                    /* of the source */
    size_t size;
    struct diag *diag;
};

static bool at_end(const struct trouble *trouble)
{
    return trouble->offset >= trouble->size;
}

static char byte_at(const struct trouble *trouble, size_t offset)
{
    return offset < trouble->size ? trouble->text[offset] : '\n';
}

static size_t line_start(const struct trouble *trouble, size_t offset)
{
    while (offset > 0 && trouble->text[offset - 1] != '\n')
        offset--;
    return offset;
}

static size_t line_end(const struct trouble *trouble, size_t offset)
{
    while (offset < trouble->size && trouble->text[offset] != '\n' && trouble->text[offset] != '\r')
        offset++;
    return offset;
}

static size_t skip_blanks(const struct trouble *trouble, size_t offset)
{
    while (byte_at(trouble, offset) == ' ' || byte_at(trouble, offset) == '\t')
        offset++;
    return offset;
}

static bool is_first_of_line(const struct trouble *trouble)
{
    size_t start = line_start(trouble, trouble->offset);
    return skip_blanks(trouble, start) >= trouble->offset;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void note_context(const struct trouble *trouble, const char *message)
{
    if (trouble->context_span.line != 0)
        diag_note(trouble->diag, &trouble->context_span, "%s", message);
}

static void report_tab(const struct trouble *trouble)
{
    if (is_first_of_line(trouble)) {
        diag_error(trouble->diag, &trouble->span, "a tab in the indentation");
        diag_help(trouble->diag, "indent with spaces");
    } else {
        diag_error(trouble->diag, &trouble->span, "a tab cannot stand here");
        diag_help(trouble->diag, "use spaces");
    }
}

static void explain_token(const struct trouble *trouble)
{
    char byte = byte_at(trouble, trouble->offset);

    if (byte == '\t') {
        report_tab(trouble);
        return;
    }
    diag_error(trouble->diag, &trouble->span, "unquoted text cannot begin with \"%c\"", byte);
    diag_help(trouble->diag, "put it in quotes");
}

/*
 * Where the line has a colon that is followed by neither blank nor slash, which is to say where a
 * space after it is missing most likely; else the line's end.
 */
static size_t find_tight_colon(const struct trouble *trouble, size_t start)
{
    size_t end = line_end(trouble, start), at;

    for (at = start; at < end; at++) {
        if (trouble->text[at] == '#' || trouble->text[at] == '"' || trouble->text[at] == '\'')
            return end;
        if (trouble->text[at] == ':')
            return is_blank(byte_at(trouble, at + 1)) || byte_at(trouble, at + 1) == '/' ? end : at;
    }
    return end;
}

/* The span of a byte on a line whose start is known. */
static struct diag_span span_on_line(const struct trouble *trouble, uint32_t line, size_t start,
                                     size_t offset, size_t size)
{
    return (struct diag_span){
        .source = trouble->span.source,
        .line = line,
        .column = (uint32_t)str_utf8_length(trouble->text + start, offset - start) + 1,
        .length = (uint32_t)str_utf8_length(trouble->text + offset, size),
    };
}

static bool report_tight_colon(const struct trouble *trouble, uint32_t line, size_t start)
{
    size_t at = find_tight_colon(trouble, start);
    struct diag_span span;

    if (at == line_end(trouble, start))
        return false;
    span = span_on_line(trouble, line, start, at, 1);
    diag_error(trouble->diag, &span, "a space is missing after this \":\"");
    diag_help(trouble->diag, "keys are written `key: value`");
    return true;
}

/* "a: b: c": whether another key's colon stands before the trouble on its line. */
static bool has_earlier_colon(const struct trouble *trouble)
{
    size_t at = line_start(trouble, trouble->offset);
    for (; at < trouble->offset; at++)
        if (trouble->text[at] == ':' && is_blank(byte_at(trouble, at + 1)))
            return true;
    return false;
}

/* Finds the line with something on it before the trouble's; false when there is none. */
static bool find_line_before(const struct trouble *trouble, size_t *start, uint32_t *line)
{
    size_t at = line_start(trouble, trouble->offset);

    *line = trouble->span.line;
    while (at > 0) {
        size_t first;
        at = line_start(trouble, at - 1);
        (*line)--;
        first = skip_blanks(trouble, at);
        if (!is_blank(byte_at(trouble, first)) && byte_at(trouble, first) != '#') {
            *start = at;
            return true;
        }
    }
    return false;
}

/* "mapping values are not allowed in this context": a colon where no key can be. */
static void explain_colon(const struct trouble *trouble)
{
    struct diag_span span;
    size_t start = 0, first, here;
    uint32_t line = 0;

    if (has_earlier_colon(trouble)) {
        diag_error(trouble->diag, &trouble->span, "a second \": \" on the line of a key");
        diag_help(trouble->diag, "put the value in quotes if the colon belongs to it");
        return;
    }
    here = line_start(trouble, trouble->offset);
    if (trouble->offset - skip_blanks(trouble, here) > KEY_MAX) {
        diag_error(trouble->diag, &trouble->span, "a key longer than %d characters", KEY_MAX);
        return;
    }
    if (!find_line_before(trouble, &start, &line)) {
        diag_error(trouble->diag, &trouble->span, "a key cannot stand here");
        return;
    }
    first = skip_blanks(trouble, start);
    span = span_on_line(trouble, line, start, first, line_end(trouble, first) - first);
    if (skip_blanks(trouble, here) - here > first - start) {
        diag_error(trouble->diag, &trouble->span,
                   "bad indentation: this key is deeper than a line that has a value already");
        diag_note(trouble->diag, &span, "the line above");
        diag_help(trouble->diag,
                  "indent keys of one mapping alike; put text with \": \" in quotes");
    } else if (!report_tight_colon(trouble, line, start)) {
        diag_error(trouble->diag, &span, "a \":\" is missing after this key");
        diag_note(trouble->diag, &trouble->span, "the next key ends here");
        diag_help(trouble->diag, "keys are written `key: value`");
    }
}

/* "could not find expected ':'": the context is where the key begins; the problem far behind it. */
static void explain_missing_colon(const struct trouble *trouble)
{
    size_t start = line_start(trouble, trouble->context_offset);
    size_t end = line_end(trouble, trouble->context_offset);
    uint32_t line = trouble->context_span.line;
    struct diag_span span =
        span_on_line(trouble, line, start, trouble->context_offset, end - trouble->context_offset);

    if (report_tight_colon(trouble, line, start))
        return;
    if (span.length > KEY_MAX)
        diag_error(trouble->diag, &span, "a key longer than %d characters, or without \":\"",
                   KEY_MAX);
    else
        diag_error(trouble->diag, &span, "a \":\" is missing after this key");
    diag_help(trouble->diag, "keys are written `key: value`");
}

static void explain_open_quote(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "the text ends inside of quotes");
    note_context(trouble, "the quotes open here");
    diag_help(trouble->diag, "close them with %c", byte_at(trouble, trouble->context_offset));
}

static void explain_marker_in_quotes(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "a line that begins with \"%.3s\" inside of quotes",
               trouble->text + trouble->offset);
    note_context(trouble, "the quotes open here");
    diag_help(trouble->diag, "close them before, or indent the line");
}

static void explain_flow(const struct trouble *trouble)
{
    bool list = strstr(trouble->problem, "']'") != NULL;
    char closing = list ? ']' : '}';

    if (at_end(trouble))
        diag_error(trouble->diag, &trouble->span, "the text ends inside of a %s",
                   list ? "list" : "mapping");
    else
        diag_error(trouble->diag, &trouble->span, "\",\" or \"%c\" is missing before this",
                   closing);
    note_context(trouble, list ? "the list opens here" : "the mapping opens here");
    diag_help(trouble->diag, "separate its %s with \",\" and close it with \"%c\"",
              list ? "items" : "pairs", closing);
}

static void explain_indentation(const struct trouble *trouble, bool list)
{
    bool dash = byte_at(trouble, trouble->offset) == '-', item;

    item = dash && is_blank(byte_at(trouble, trouble->offset + 1));
    if (list && dash && !item) {
        diag_error(trouble->diag, &trouble->span, "a space is missing after this \"-\"");
        return;
    }
    if (!list && item)
        diag_error(trouble->diag, &trouble->span, "a list item where a key is expected");
    else
        diag_error(trouble->diag, &trouble->span, "bad indentation: this fits no %s above",
                   list ? "list item" : "key");
    note_context(trouble, list ? "the list begins here" : "the mapping begins here");
    if (list || item)
        diag_help(trouble->diag, "begin all items of a list in the same column");
    else
        diag_help(trouble->diag, "begin all keys of a mapping in the same column");
}

/* Something that fits no key of a mapping or no item of a list that is written line by line. */
static void explain_block(const struct trouble *trouble)
{
    char byte = byte_at(trouble, trouble->offset);

    if (byte == ']' || byte == '}' || byte == ',') {
        diag_error(trouble->diag, &trouble->span, "unexpected \"%c\"", byte);
    } else if (byte == ':') {
        diag_error(trouble->diag, &trouble->span, "a key is missing before this \":\"");
    } else if (!is_first_of_line(trouble)) {
        diag_error(trouble->diag, &trouble->span, "unexpected text after the value");
        diag_help(trouble->diag, "put the whole value in quotes");
    } else {
        explain_indentation(trouble, strstr(trouble->problem, "'-'") != NULL);
    }
}

static void explain_content(const struct trouble *trouble)
{
    char byte = byte_at(trouble, trouble->offset);

    if (at_end(trouble)) {
        diag_error(trouble->diag, &trouble->span, "the text ends where a value is expected");
        if (trouble->open != NULL)
            diag_note(trouble->diag, trouble->open, "inside of what begins here");
    } else if (byte == ',') {
        diag_error(trouble->diag, &trouble->span, "a value is expected before this \",\"");
    } else {
        diag_error(trouble->diag, &trouble->span, "unexpected \"%c\"", byte);
    }
}

static void explain_list_item(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "a list item cannot stand here");
    diag_help(trouble->diag, "begin lists on a line of their own, or write [a, b]");
}

static void explain_escape(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "unknown escape in double quotes");
    note_context(trouble, "the quotes open here");
    diag_help(trouble->diag, "write \\\\ for a backslash, or use single quotes");
}

static void explain_hex_escape(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "this escape names no character");
    note_context(trouble, "the quotes open here");
    diag_help(trouble->diag, "the forms are \\xNN, \\uNNNN and \\UNNNNNNNN, in hexadecimal");
}

static void explain_name(const struct trouble *trouble)
{
    bool alias = strstr(trouble->context, "alias") != NULL;

    diag_error(trouble->diag, &trouble->span, "the name of an %s consists of A-Z a-z 0-9 - and _",
               alias ? "alias" : "anchor");
    diag_help(trouble->diag, "put text that begins with \"%c\" in quotes", alias ? '*' : '&');
}

static void explain_tag(const struct trouble *trouble)
{
    size_t at = trouble->offset, size = 0;
    struct diag_span span = trouble->span;

    while (!is_blank(byte_at(trouble, at + size)))
        size++;
    span.length = (uint32_t)str_utf8_length(trouble->text + at, size);
    diag_error(trouble->diag, &span, "unknown tag \"%.*s\"", size > 60 ? 60 : (int)size,
               trouble->text + at);
    diag_help(trouble->diag, "put text that begins with \"!\" in quotes");
}

static void explain_document_start(const struct trouble *trouble)
{
    if (trouble->text[0] == '%') {
        diag_error(trouble->diag, &trouble->span, "\"---\" is missing after the directives");
        return;
    }
    diag_error(trouble->diag, &trouble->span, "the document is complete before this");
    diag_help(trouble->diag, "check the indentation, or put the whole value in quotes");
}

static void explain_block_header(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "unexpected text after \"%c\"",
               byte_at(trouble, trouble->context_offset));
    diag_help(trouble->diag, "the text begins on the next line");
}

static void explain_flow_colon(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "unexpected \":\"");
    diag_help(trouble->diag, "put a space after it, or the text in quotes");
}

static void explain_version(const struct trouble *trouble)
{
    diag_error(trouble->diag, &trouble->span, "the version of YAML is not 1.1 or 1.2");
}

static const struct {
    const char *problem;
    void (*explain)(const struct trouble *trouble);
} explanations[] = {
    {"found character that cannot start any token", explain_token},
    {"found a tab character that violates indentation", report_tab},
    {"found a tab character where an indentation space is expected", report_tab},
    {"mapping values are not allowed in this context", explain_colon},
    {"could not find expected ':'", explain_missing_colon},
    {"found unexpected end of stream", explain_open_quote},
    {"found unexpected document indicator", explain_marker_in_quotes},
    {"did not find expected ',' or ']'", explain_flow},
    {"did not find expected ',' or '}'", explain_flow},
    {"did not find expected key", explain_block},
    {"did not find expected '-' indicator", explain_block},
    {"did not find expected node content", explain_content},
    {"block sequence entries are not allowed in this context", explain_list_item},
    {"found unknown escape character", explain_escape},
    {"did not find expected hexdecimal number", explain_hex_escape},
    {"found invalid Unicode character escape code", explain_hex_escape},
    {"did not find expected alphabetic or numeric character", explain_name},
    {"found undefined tag handle", explain_tag},
    {"did not find expected <document start>", explain_document_start},
    {"did not find expected comment or line break", explain_block_header},
    {"found unexpected ':'", explain_flow_colon},
    {"found incompatible YAML document", explain_version},
};

static void explain(const struct trouble *trouble)
{
    size_t i;
    for (i = 0; i < COUNT_OF(explanations); i++) {
        if (strcmp(explanations[i].problem, trouble->problem) == 0) {
            explanations[i].explain(trouble);
            return;
        }
    }
    diag_error(trouble->diag, &trouble->span, "bad YAML: %s", trouble->problem);
    if (trouble->context[0] != '\0')
        note_context(trouble, trouble->context);
}

/* The end of the text is shown behind its last line, not on the empty one that follows. */
static void move_to_last_line(struct trouble *trouble)
{
    size_t at = trouble->size, start;
    uint32_t line = 1;

    while (at > 0 && is_blank(trouble->text[at - 1]))
        at--;
    for (start = 0; start < at; start++)
        line += trouble->text[start] == '\n';
    start = line_start(trouble, at);
    trouble->span = span_on_line(trouble, line, start, at, 0);
}

void doc_syntax_report(const yaml_parser_t *parser, struct doc_text *text,
                       const struct diag_span *open, struct diag *diag)
{
    struct trouble trouble = {
        .problem = parser->problem == NULL ? "unreadable" : parser->problem,
        .context = parser->context == NULL ? "" : parser->context,
        .span = doc_text_span(text, &parser->problem_mark),
        .offset = doc_text_offset(text, parser->problem_mark.index),
        .text = text->source->text,
        .size = text->source->size,
        .open = open,
        .diag = diag,
    };

    if (parser->error == YAML_MEMORY_ERROR)
        memory_exhausted();
    if (parser->context != NULL) {
        trouble.context_span = doc_text_span(text, &parser->context_mark);
        trouble.context_offset = doc_text_offset(text, parser->context_mark.index);
    }
    if (at_end(&trouble))
        move_to_last_line(&trouble);
    explain(&trouble);
}
