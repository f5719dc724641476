/*
 * Which plans watch has tried to apply by itself, so that it does not try one again that failed.
 *
 * A plan's key is a digest of all that it is: the roster's commit or digest, and what differs. An
 * attempt that failed bars its key, until the account is in sync again; another commit or other
 * drift has another key. One that was cut off (a kill, a power cut) did not fail, and may be made
 * again, but not for ever.
 *
 * They are kept in a file, written before anything is sent, so that they outlive the process.
 */
#ifndef ROSTER_CLI_WATCH_ATTEMPTS_H
#define ROSTER_CLI_WATCH_ATTEMPTS_H

#include "base/attributes.h"
#include "base/diag.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WATCH_ATTEMPTS_MAX = 100, /* the oldest are forgotten */
    WATCH_CUT_OFF_MAX = 3,    /* attempts of one plan that may be cut off */
};

struct watch_attempt {
    char key[DIGEST_HEX_SIZE];
    int64_t begun; /* how often it was begun */
    bool failed;   /* the last time it came to an end, which was not a good one */
};

/* All zero is a valid start: none. */
struct watch_attempts {
    struct watch_attempt items[WATCH_ATTEMPTS_MAX]; /* the oldest first */
    size_t count;
};

enum watch_attempt_verdict {
    WATCH_ATTEMPT_FREE,    /* it may be tried */
    WATCH_ATTEMPT_FAILED,  /* it was tried, and failed */
    WATCH_ATTEMPT_CUT_OFF, /* it was cut off too often */
};

enum watch_attempt_verdict watch_attempts_judge(const struct watch_attempts *attempts,
                                                const char *key);

/* How an attempt ended. */
enum watch_attempt_end {
    WATCH_ATTEMPT_WORKED,
    WATCH_ATTEMPT_DID_NOT,
    WATCH_ATTEMPT_WITHDRAWN, /* nothing was sent, or it was interrupted: it does not count */
};

void watch_attempts_begin(struct watch_attempts *attempts, const char *key);
void watch_attempts_end(struct watch_attempts *attempts, const char *key,
                        enum watch_attempt_end end);

/* A file that is not there has none. Reports and returns -1 when it can't be read or understood. */
MUST_CHECK int watch_attempts_read(struct watch_attempts *attempts, const char *path,
                                   struct diag *diag);
/* Replaces the file, which is on the disk then. */
MUST_CHECK int watch_attempts_write(const struct watch_attempts *attempts, const char *path,
                                    struct diag *diag);

#endif
