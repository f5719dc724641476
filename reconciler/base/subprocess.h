/*
 * A child process with a deadline: another program, without a shell, or a function of ours.
 *
 * The child leads a process group of its own, so that it is ended with all that it started, and it
 * dies with us (Linux), however we end. Its standard input is what is given, then its end; what it
 * writes to standard output and standard error is collected, up to the limits of the buffers.
 * It never has our terminal for its input, so it can't ask anybody.
 *
 *     static const char *const argv[] = {"git", "credential", "fill", NULL};
 *     struct subprocess process = {.argv = argv, .timeout_ms = 5000};
 *     outcome = subprocess_run(&process, &out, &errors, &status);
 */
#ifndef ROSTER_BASE_SUBPROCESS_H
#define ROSTER_BASE_SUBPROCESS_H

#include "base/attributes.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct subprocess {
    const char *const *argv; /* ends with NULL; the program is looked for in PATH. NULL: `run` */
    /*
     * Set in the child besides: names and values in turn, ends with a name that is NULL; a value
     * that is NULL takes the variable away. May be NULL.
     */
    const char *const *environment;
    /* Runs in the child instead: writes its answer to `out`; what it returns is the status. */
    int (*run)(void *context, int out);
    void *context;
    const void *input;
    size_t input_size;
    int64_t timeout_ms;
    bool (*stopped)(void); /* asked several times a second whether to give up; may be NULL */
    /* Called as often, and at the end; may empty the buffers. NULL: nothing is. */
    void (*tick)(void *context);
    void *tick_context;
};

enum subprocess_outcome {
    SUBPROCESS_ENDED,    /* `status` is its exit status, 128 + N when signal N ended it */
    SUBPROCESS_MISSING,  /* there is no such program */
    SUBPROCESS_TIMEOUT,  /* it was ended at the deadline */
    SUBPROCESS_STOPPED,  /* it was ended because stopped() said so */
    SUBPROCESS_TOO_LONG, /* it wrote more than fits, and was ended */
    SUBPROCESS_FAILED,   /* no process could be made: errno says why */
};

/* Runs it to its end. `errors` may be NULL: its standard error is thrown away. */
MUST_CHECK enum subprocess_outcome subprocess_run(const struct subprocess *process, struct buf *out,
                                                  struct buf *errors, int *status);

/* Whether PATH has an executable program of that name. */
bool subprocess_exists(const char *program);

#endif
