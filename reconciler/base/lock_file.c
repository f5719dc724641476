#include "base/lock_file.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A second name of something else must not be emptied. */
static int check_kind(int descriptor, const char *path, struct diag *diag)
{
    struct stat info;

    if (fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode))
        return 0;
    diag_error(diag, NULL, "%s is not a regular file, so it can't be a lock", path);
    return -1;
}

enum lock_outcome lock_file_try(const char *path, int *descriptor, struct buf *holder,
                                struct diag *diag)
{
    int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600), taken;

    if (opened < 0) {
        diag_error(diag, NULL, "cannot open the lock %s: %s", path, strerror(errno));
        return LOCK_ERROR;
    }
    if (check_kind(opened, path, diag) != 0) {
        close(opened);
        return LOCK_ERROR;
    }
    do
        taken = flock(opened, LOCK_EX | LOCK_NB);
    while (taken != 0 && errno == EINTR);
    if (taken == 0) {
        *descriptor = opened;
        return LOCK_TAKEN;
    }
    if (errno != EWOULDBLOCK) {
        diag_error(diag, NULL, "cannot lock %s: %s", path, strerror(errno));
        close(opened);
        return LOCK_ERROR;
    }
    buf_clear(holder);
    taken = file_read_descriptor(opened, path, holder, diag);
    close(opened);
    return taken == 0 ? LOCK_HELD : LOCK_ERROR;
}

int lock_file_describe(int descriptor, const struct buf *text)
{
    if (ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0)
        return -1;
    return file_write_all(descriptor, buf_text(text), text->size);
}

void lock_file_release(int descriptor)
{
    /* What is left there would only be out of date. */
    if (ftruncate(descriptor, 0) != 0)
        errno = 0;
    close(descriptor);
}
