/*
 * A command line as a shell would read it, as far as its words go: quotes and backslashes are
 * understood, nothing is expanded. The line may be unfinished, as it is while somebody types it.
 */
#ifndef ROSTER_CLI_SHELL_WORDS_H
#define ROSTER_CLI_SHELL_WORDS_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct shell_word {
    const char *text;  /* without quotes and backslashes; of an operator as it stands: "|", "2>" */
    size_t start, end; /* its bytes in the line */
    bool is_operator;  /* one of | & ; ( ) < > and what is made of them */
};

struct shell_words {
    struct shell_word *items;
    size_t count, capacity;
    char quote;    /* the one that is open at the end of the line, ' or "; 0: none */
    bool finished; /* the last word has ended: a blank or an operator stands behind it */
};

/* Reads the line into `words`, zeroed by the caller; texts are in the arena. */
void shell_words_read(struct shell_words *words, const char *line, size_t size,
                      struct arena *arena);

/* Adds the text so that bash reads it as it is, inside of that quote, or with 0 outside of any. */
void shell_quote(struct buf *out, const char *text, char quote);

#endif
