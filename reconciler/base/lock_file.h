/*
 * A lock that one process of the machine holds at a time, with a text in the file that says who.
 *
 * The lock is the kernel's (flock), not the file: it ends with its process, however that ends, and
 * what a dead holder left in the file is overwritten by the next. The file is never deleted, for
 * somebody may be waiting on it.
 */
#ifndef ROSTER_BASE_LOCK_FILE_H
#define ROSTER_BASE_LOCK_FILE_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <stdbool.h>

enum lock_outcome {
    LOCK_TAKEN,
    LOCK_HELD, /* another process has it; nothing was reported */
    LOCK_ERROR,
};

/*
 * Tries to take the lock at `path`, a file that is made with mode 0600 when it is missing. On
 * LOCK_TAKEN, `*descriptor` is to be given back by lock_file_release(). On LOCK_HELD, `holder`
 * becomes the text of who has it, "" when that process has not written it yet. On LOCK_ERROR the
 * problem is reported. Never waits.
 */
MUST_CHECK enum lock_outcome lock_file_try(const char *path, int *descriptor, struct buf *holder,
                                           struct diag *diag);

/* Replaces the text of a lock that is held. Returns -1 with errno set. */
MUST_CHECK int lock_file_describe(int descriptor, const struct buf *text);

/* Empties the file and lets go of the lock. */
void lock_file_release(int descriptor);

#endif
