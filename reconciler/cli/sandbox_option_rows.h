/*
 * The table of roster-sandbox's options; parsing, help, completion and the manual page walk it.
 */
#ifndef ROSTER_CLI_SANDBOX_OPTION_ROWS_H
#define ROSTER_CLI_SANDBOX_OPTION_ROWS_H

#include "base/buf.h"

#include <stddef.h>

enum sandbox_option_id {
    SANDBOX_OPTION_STATE = 256, /* above all characters, as getopt_long() wants it */
    SANDBOX_OPTION_GENERATE,
    SANDBOX_OPTION_SEED,
    SANDBOX_OPTION_LATENCY,
    SANDBOX_OPTION_FAULTS,
    SANDBOX_OPTION_RATE,
    SANDBOX_OPTION_MAX_CONCURRENCY,
    SANDBOX_OPTION_MESSAGE_DELAY,
    SANDBOX_OPTION_CLOCK,
    SANDBOX_OPTION_SYNCHRONOUS_POOL_ERRORS,
    SANDBOX_OPTION_CALL_OUT,
    SANDBOX_OPTION_ALPHA_IN_DESTINATIONS,
    SANDBOX_OPTION_LOG,
    SANDBOX_OPTION_LOG_BODIES,
    SANDBOX_OPTION_PORT,
    SANDBOX_OPTION_HELP,
    SANDBOX_OPTION_VERSION,
};

struct sandbox_option_row {
    const char *name;  /* without dashes */
    const char *value; /* what stands for its value in the help; NULL: it takes none */
    enum sandbox_option_id id;
    const char *help;
};

extern const struct sandbox_option_row sandbox_option_rows[];
extern const size_t sandbox_option_row_count;

/* More than there are, for arrays with an entry a row. */
enum { SANDBOX_OPTION_ROWS_MAX = 32 };

/*
 * The parts of --help behind the options: the file of --faults, what is under /-/, and examples.
 */
extern const char sandbox_help_faults[], sandbox_help_control[], sandbox_help_examples[];

/* Adds what --help prints, in lines of that width; examples are whole. */
void sandbox_help(struct buf *out, size_t width);

#endif
