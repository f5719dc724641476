/*
 * What people type who know other tools, or only nearly know this one: which command, option or
 * choice they may have meant.
 */
#ifndef ROSTER_CLI_OPTION_HABITS_H
#define ROSTER_CLI_OPTION_HABITS_H

#include <stddef.h>

/* What the command of another tool is here, "apply" for "deploy"; NULL: nothing known. */
const char *habit_command(const char *name);

/* What the option, with its dashes, is here: "--auto-approve" for "-y"; NULL: nothing known. */
const char *habit_option(const char *token);

/*
 * The one of the words that `word` may be: the nearest by str_closest(), or the only one that it
 * begins; NULL when there is none.
 */
const char *habit_word(const char *word, const char *const *words, size_t count);

#endif
