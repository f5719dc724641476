#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_descriptor(int descriptor, const char *path, struct buf *out, struct diag *diag)
{
    char chunk[64 * 1024];
    for (;;) {
        ssize_t got = read(descriptor, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            diag_error(diag, NULL, "cannot read %s: %s", path, strerror(errno));
            return -1;
        }
        if (got == 0)
            return 0;
        buf_add(out, chunk, (size_t)got);
        if (out->full) {
            diag_error(diag, NULL, "%s is larger than the limit of %zu bytes", path, out->limit);
            return -1;
        }
    }
}

int file_read(const char *path, struct buf *out, struct diag *diag)
{
    struct stat info;
    int descriptor, result = -1;

    descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        diag_error(diag, NULL, "cannot open %s: %s", path, strerror(errno));
        return -1;
    }
    if (fstat(descriptor, &info) != 0)
        diag_error(diag, NULL, "cannot read %s: %s", path, strerror(errno));
    else if (S_ISDIR(info.st_mode))
        diag_error(diag, NULL, "%s is a folder, not a file", path);
    else if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode))
        diag_error(diag, NULL, "%s is neither a file nor a pipe", path);
    else
        result = file_read_descriptor(descriptor, path, out, diag);
    close(descriptor);
    return result;
}

int file_write_all(int descriptor, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t wrote = write(descriptor, at, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return -1;
        at += wrote;
        size -= (size_t)wrote;
    }
    return 0;
}

int file_sync_folder(const char *path)
{
    struct buf folder;
    const char *slash = strrchr(path, '/');
    int descriptor, result = -1;

    buf_init(&folder, 64 * 1024);
    if (slash == NULL)
        buf_add_char(&folder, '.');
    else
        buf_add(&folder, path, (size_t)(slash - path) + 1);
    descriptor = open(buf_text(&folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        /* Some file systems cannot sync a folder; the rename itself has still happened. */
        result = fsync(descriptor) == 0 || errno == EINVAL ? 0 : -1;
        close(descriptor);
    }
    buf_release(&folder);
    return result;
}

/* Renaming over a device, such as /dev/null, would put a plain file in its place. */
static int check_replaceable(const char *path, struct diag *diag)
{
    struct stat info;

    if (lstat(path, &info) != 0 || S_ISREG(info.st_mode))
        return 0;
    if (S_ISDIR(info.st_mode))
        diag_error(diag, NULL, "%s is a folder", path);
    else
        diag_error(diag, NULL, "%s is not a regular file", path);
    diag_help(diag, "name a file that is new, or may be replaced");
    return -1;
}

/* A new file that can be renamed to `path`; its name goes to `temporary`. */
static int create_beside(const char *path, struct buf *temporary, struct diag *diag)
{
    int descriptor;

    if (check_replaceable(path, diag) != 0)
        return -1;
    buf_printf(temporary, "%s.XXXXXX", path);
    errno = ENAMETOOLONG;
    descriptor = temporary->full ? -1 : mkstemp(temporary->data);
    if (descriptor < 0)
        diag_error(diag, NULL, "cannot create a file beside %s: %s", path, strerror(errno));
    return descriptor;
}

int file_check_writable(const char *path, struct diag *diag)
{
    struct buf temporary;
    int descriptor;

    buf_init(&temporary, 64 * 1024);
    descriptor = create_beside(path, &temporary, diag);
    if (descriptor >= 0) {
        close(descriptor);
        unlink(temporary.data);
    }
    buf_release(&temporary);
    return descriptor < 0 ? -1 : 0;
}

int file_write_beside(const char *path, const void *bytes, size_t size, mode_t mode,
                      struct buf *temporary, struct diag *diag)
{
    int descriptor = create_beside(path, temporary, diag);
    bool written;

    if (descriptor < 0)
        return -1;
    written = fchmod(descriptor, mode) == 0 && file_write_all(descriptor, bytes, size) == 0 &&
              fsync(descriptor) == 0;
    if (!written)
        diag_error(diag, NULL, "cannot write %s: %s", path, strerror(errno));
    if (close(descriptor) != 0 && written) {
        diag_error(diag, NULL, "cannot write %s: %s", path, strerror(errno));
        written = false;
    }
    if (!written)
        unlink(temporary->data);
    return written ? 0 : -1;
}

int file_rename_over(const char *temporary, const char *path, struct diag *diag)
{
    if (rename(temporary, path) == 0)
        return 0;
    diag_error(diag, NULL, "cannot replace %s: %s", path, strerror(errno));
    unlink(temporary);
    return -1;
}

int file_write_atomic(const char *path, const void *bytes, size_t size, mode_t mode,
                      struct diag *diag)
{
    struct buf temporary;
    int result = -1;

    buf_init(&temporary, 64 * 1024);
    if (file_write_beside(path, bytes, size, mode, &temporary, diag) == 0 &&
        file_rename_over(buf_text(&temporary), path, diag) == 0) {
        result = file_sync_folder(path);
        if (result != 0)
            diag_error(diag, NULL, "cannot sync the folder of %s: %s", path, strerror(errno));
    }
    buf_release(&temporary);
    return result;
}
