/*
 * What a shell may complete a word of a command line to. The scripts (completion.bash, .zsh and
 * .fish) ask for it with the hidden command "__complete", see completion_main().
 *
 * Nothing here reads the environment's options, sends a request, runs a program or says anything on
 * standard error: a roster that is broken or not there is one without names.
 */
#ifndef ROSTER_CLI_COMPLETION_H
#define ROSTER_CLI_COMPLETION_H

#include "base/arena.h"
#include "cli/option_rows.h"

#include <stdbool.h>
#include <stddef.h>

enum completion_kind {
    COMPLETION_WORDS,    /* the items, or nothing */
    COMPLETION_FILES,    /* files of some extensions, and the folders on the way to them */
    COMPLETION_FOLDERS,  /* folders */
    COMPLETION_COMMANDS, /* programs */
};

struct completion_item {
    const char *text; /* a whole word */
    const char *help; /* what it means, a short line; NULL: nothing to say */
};

struct completion {
    enum completion_kind kind;
    const char *extensions; /* of files, with blanks between: "yaml yml"; "": any */
    const char *prefix;     /* what the word begins with before the items or files: "--target=" */
    const char *rest;       /* the part of the word behind it, as far as it is typed */
    struct completion_item *items;
    size_t count, capacity;
    struct arena arena; /* has all of it */
};

/* A command line without quotes; words[0] is the program, words[current] what is completed. */
struct completion_line {
    const char *const *words;
    size_t count, current;
};

/*
 * Fills `completion`, zeroed by the caller, with all that can stand there, whatever has been typed
 * of the word but for its dashes and an option's name before "=".
 */
typedef void completion_finder(struct completion *completion, const struct completion_line *line);

completion_finder completion_of_roster, completion_of_sandbox;

void completion_release(struct completion *completion);

/* For finders. The texts have to live as long as the completion. */
void completion_add(struct completion *completion, const char *text, const char *help);
void completion_files(struct completion *completion, const char *extensions);

/* Adds the names of services, or of test sends, that the roster in that file or folder has. */
void completion_add_names(struct completion *completion, enum option_names names,
                          const char *roster);

/*
 * The hidden command, with what follows its name:
 *
 *     bash HEAD TAIL BREAKS   the line before and behind the cursor, and $COMP_WORDBREAKS
 *     zsh INDEX WORD...       the words without quotes, and which one is completed; 0: the program
 *     fish INDEX WORD...      the same
 *
 * Prints a line with the kind ("words", "files", "folders", "commands"), for bash and fish a line
 * with what is typed of a file's name, then a line for each item. For bash these are what replaces
 * the last part of the line that readline takes for a word, quoted as it has to be; for the others
 * items as they are, with a tab before the help, for fish behind their prefix. Returns the
 * program's exit status; nothing is ever wrong enough to be said.
 */
int completion_main(completion_finder *find, int argc, char **argv);

#endif
