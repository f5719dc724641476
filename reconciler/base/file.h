/*
 * Whole files: reading with a cap, writing atomically.
 */
#ifndef ROSTER_BASE_FILE_H
#define ROSTER_BASE_FILE_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <sys/types.h>

/*
 * Reads the whole of `path` into `out`, whose limit caps the size ("-" is a file of that name, not
 * standard input). Reports and returns -1 when it can't be read, is not a regular file or pipe, or
 * is larger than the limit.
 */
MUST_CHECK int file_read(const char *path, struct buf *out, struct diag *diag);

/* The same for an open descriptor; `name` is for messages. */
MUST_CHECK int file_read_descriptor(int descriptor, const char *name, struct buf *out,
                                    struct diag *diag);

/*
 * Replaces `path` by the bytes: written to a temporary file beside it, synced, given `mode`,
 * renamed over it, and the folder synced. A reader sees the old content or the new, never a part;
 * on failure the old file is untouched and no temporary file is left. What is there already must be
 * a regular file: a device, a pipe, a symbolic link or a folder is refused.
 */
MUST_CHECK int file_write_atomic(const char *path, const void *bytes, size_t size, mode_t mode,
                                 struct diag *diag);

/*
 * The two halves of it, for several files at once: the bytes go to a temporary file beside `path`,
 * synced, whose name is added to `temporary`; and that is renamed over it, without syncing the
 * folder. What fails leaves no temporary file.
 */
MUST_CHECK int file_write_beside(const char *path, const void *bytes, size_t size, mode_t mode,
                                 struct buf *temporary, struct diag *diag);
MUST_CHECK int file_rename_over(const char *temporary, const char *path, struct diag *diag);

/* Whether file_write_atomic() could begin with `path` now: reports and returns -1 when not. */
MUST_CHECK int file_check_writable(const char *path, struct diag *diag);

/*
 * Makes a file that was made or renamed there last: syncs the folder of `path`. Returns -1 with
 * errno set.
 */
MUST_CHECK int file_sync_folder(const char *path);

/* Writes all bytes to the descriptor, going on after interruptions. Returns -1 with errno set. */
MUST_CHECK int file_write_all(int descriptor, const void *bytes, size_t size);

#endif
