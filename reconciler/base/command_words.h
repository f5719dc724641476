/*
 * A command line as one text, taken apart without a shell.
 */
#ifndef ROSTER_BASE_COMMAND_WORDS_H
#define ROSTER_BASE_COMMAND_WORDS_H

#include "base/arena.h"
#include "base/attributes.h"

/*
 * Splits at blanks. Single quotes keep everything, double quotes all but \" and \\, and a backslash
 * outside of quotes keeps the next character. Nothing else means anything: no variables, no globs,
 * no pipes. `*argv` ends with NULL and is in the arena, like its words. Returns -1, with what is
 * wrong in `*what`, for a text without a word, and for quotes and a backslash without an end.
 */
MUST_CHECK int command_words_split(const char *text, struct arena *arena, const char *const **argv,
                                   const char **what);

#endif
