/*
 * The table of options; parsing, the environment and the help texts walk it. Private to
 * cli/options*.c.
 */
#ifndef ROSTER_CLI_OPTION_ROWS_H
#define ROSTER_CLI_OPTION_ROWS_H

#include "cli/options.h"

enum option_type {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_LIST,
    OPTION_INTEGER,
    OPTION_DURATION,
    OPTION_INTERVAL
};

/* What can stand for the value of an option, beside its choices, when a shell completes it. */
enum option_names {
    OPTION_NAMES_NONE, /* a file for FILE, a folder for DIR, else nothing that is known */
    OPTION_NAMES_SERVICES,
    OPTION_NAMES_TEST_SENDS,
};

struct option_row {
    const char *name; /* long form, without the dashes */
    char letter;      /* short form; 0: none */
    enum option_type type;
    /* In struct options: bool, const char *, struct option_list, int64_t (durations: seconds,
     * intervals: milliseconds). */
    size_t offset;
    const char *value;       /* what stands for its value in the help */
    const char *environment; /* NULL: none */
    const char *const *choices;
    size_t choice_count;
    int64_t min, max, fallback;
    enum option_names names;
    const char *commands; /* those that take it, with blanks between; NULL: every one */
    const char *help;
};

/*
 * The table has three parts: the global options, those of commands that look, and those of commands
 * that run something. The help of a command shows its options in this order.
 */
extern const struct option_row option_rows_looking[], option_rows_running[];
extern const size_t option_rows_looking_count, option_rows_running_count;

/* The row of the whole table at `index`; NULL past the end. */
const struct option_row *option_row(size_t index);
size_t option_row_count(void);

/* Whether the option is one of the command's own, or for NULL, of all commands. */
bool option_taken_by(const struct option_row *row, const struct command *command);

/* More than there are (test_options holds it), for arrays with an entry a row. */
enum { OPTION_ROWS_MAX = 128 };

#endif
