/*
 * The environment variables that roster reads beside those of options (option_rows.h); help and
 * manual pages print them.
 */
#ifndef ROSTER_CLI_ENVIRONMENT_H
#define ROSTER_CLI_ENVIRONMENT_H

#include <stddef.h>

struct environment_row {
    const char *name;     /* several that go together: with ", " between */
    const char *commands; /* those that read it, with blanks between; NULL: most do */
    const char *help;     /* without a full stop */
};

extern const struct environment_row environment_rows[];
extern const size_t environment_row_count;

#endif
