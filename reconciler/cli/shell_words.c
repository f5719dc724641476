#include "cli/shell_words.h"

#include "base/str.h"

#include <string.h>

struct reader {
    const char *line;
    size_t size, at;
    struct arena *arena;
    struct shell_words *words;
};

static bool is_in(const char *set, char byte)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

static void add_word(struct reader *reader, size_t start, const char *text, bool is_operator)
{
    struct shell_words *words = reader->words;

    words->items = arena_grow(reader->arena, words->items, words->count, &words->capacity,
                              sizeof(*words->items));
    words->items[words->count++] = (struct shell_word){
        .text = text, .start = start, .end = reader->at, .is_operator = is_operator};
}

/* Takes the byte behind a backslash; in double quotes only some lose theirs. */
static void read_escaped(struct reader *reader, struct buf *text)
{
    const char quote = reader->words->quote;

    reader->at++;
    if (reader->at == reader->size)
        return;
    if (quote == '"' && !is_in("\"$`\\\n", reader->line[reader->at]))
        buf_add_char(text, '\\');
    if (reader->line[reader->at] != '\n')
        buf_add_char(text, reader->line[reader->at]);
    reader->at++;
}

/* One byte of a word. Returns false at the byte that ends it. */
static bool read_byte(struct reader *reader, struct buf *text)
{
    const char byte = reader->line[reader->at];
    char *quote = &reader->words->quote;

    if (*quote != 0 && byte == *quote) {
        *quote = 0;
    } else if (byte == '\\' && *quote != '\'') {
        read_escaped(reader, text);
        return true;
    } else if (*quote == 0 && (byte == '\'' || byte == '"')) {
        *quote = byte;
    } else if (*quote == 0 && is_in(" \t\n|&;()<>", byte)) {
        return false;
    } else {
        buf_add_char(text, byte);
    }
    reader->at++;
    return true;
}

static void read_operator(struct reader *reader, size_t start)
{
    while (reader->at < reader->size && is_in("|&;()<>", reader->line[reader->at]))
        reader->at++;
    add_word(reader, start, arena_strndup(reader->arena, reader->line + start, reader->at - start),
             true);
}

static void read_word(struct reader *reader)
{
    const size_t start = reader->at;
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    while (reader->at < reader->size && read_byte(reader, &text))
        ;
    /* The number of a descriptor belongs to its redirection. */
    if (reader->at < reader->size && is_in("<>", reader->line[reader->at]) &&
        str_is_digits(reader->line + start, reader->at - start))
        read_operator(reader, start);
    else
        add_word(reader, start, arena_strdup(reader->arena, buf_text(&text)), false);
    buf_release(&text);
}

void shell_words_read(struct shell_words *words, const char *line, size_t size, struct arena *arena)
{
    struct reader reader = {.line = line, .size = size, .arena = arena, .words = words};

    words->finished = true;
    while (reader.at < size) {
        words->finished = is_in(" \t\n", line[reader.at]);
        if (words->finished) {
            reader.at++;
        } else if (is_in("|&;()<>", line[reader.at])) {
            read_operator(&reader, reader.at);
            words->finished = true;
        } else {
            read_word(&reader);
        }
    }
}

static void quote_byte(struct buf *out, char byte, char quote)
{
    if (quote == '\'' && byte == '\'') {
        buf_add_text(out, "'\\''");
    } else if (quote == '"' && byte == '!') {
        buf_add_text(out, "\"'!'\""); /* in double quotes history has no escape */
    } else if ((quote == '"' && is_in("\"$`\\", byte)) ||
               (quote == 0 && is_in(" \t\"'\\$`!*?[]{}()<>|&;#~^", byte))) {
        buf_add_char(out, '\\');
        buf_add_char(out, byte);
    } else {
        buf_add_char(out, byte);
    }
}

void shell_quote(struct buf *out, const char *text, char quote)
{
    for (; *text != '\0'; text++)
        quote_byte(out, *text, quote);
}
