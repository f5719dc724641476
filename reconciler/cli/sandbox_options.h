/*
 * The command line of roster-sandbox.
 */
#ifndef ROSTER_CLI_SANDBOX_OPTIONS_H
#define ROSTER_CLI_SANDBOX_OPTIONS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct sandbox_options {
    const char *state, *log, *faults; /* files; NULL: none */
    bool log_bodies, generate, has_seed, has_port, alpha_in_destinations;
    bool manual_clock, synchronous_pool_errors, call_out;
    int64_t services, numbers, seed, latency_ms, message_delay_ms, port;
    int64_t rate, max_concurrency; /* 0: not limited */
    char **command;                /* NULL: none */
};

/*
 * Reads the arguments into `options`, zeroed by the caller; texts point into `argv`. Returns 0, -1
 * for bad usage, which it has said, or 1 when all that was wanted (help, version) has been printed.
 */
MUST_CHECK int sandbox_options_read(int argc, char **argv, struct sandbox_options *options);

/* Says it on standard error, behind the program's name; returns -1. */
int sandbox_complain(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
