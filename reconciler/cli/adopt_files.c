#include "cli/adopt_files.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file on its way. */
struct target {
    const struct adopt_file *file;
    char *path; /* no symbolic link; free() */
    mode_t mode;
    struct buf temporary; /* the new file beside it, not yet in its place */
};

static int report(const char *name, struct diag *diag)
{
    diag_error(diag, NULL, "cannot write %s: %s", name, strerror(errno));
    return -1;
}

static int check_unchanged(const struct adopt_file *file, struct diag *diag)
{
    struct buf now;
    bool same;

    buf_init(&now, DOC_MAX_SIZE);
    if (file_read(file->name, &now, diag) != 0) {
        buf_release(&now);
        return -1;
    }
    same = now.size == file->size && memcmp(buf_text(&now), file->text, file->size) == 0;
    buf_release(&now);
    if (same)
        return 0;
    diag_error(diag, NULL, "%s was changed by somebody else meanwhile", file->name);
    diag_help(diag, "nothing was written; run roster adopt again");
    return -1;
}

static int prepare(struct target *target, const struct adopt_file *file, struct diag *diag)
{
    struct stat info;

    target->file = file;
    buf_init(&target->temporary, 64 * 1024);
    target->path = realpath(file->name, NULL);
    if (target->path == NULL || stat(target->path, &info) != 0)
        return report(file->name, diag);
    target->mode = info.st_mode & 07777;
    return check_unchanged(file, diag);
}

/* What was replaced before one failed. */
static void put_back(const struct target *targets, size_t count, struct diag *diag)
{
    while (count-- > 0)
        if (file_write_atomic(targets[count].path, targets[count].file->text,
                              targets[count].file->size, targets[count].mode, diag) != 0)
            diag_help(diag, "%s is left as it was edited", targets[count].file->name);
}

/* All are written beside what they replace: a full disk is noticed while nothing has changed. */
static int write_beside(struct target *targets, size_t count, struct diag *diag)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const struct buf *text = &targets[i].file->result;
        if (file_write_beside(targets[i].path, buf_text(text), text->size, targets[i].mode,
                              &targets[i].temporary, diag) == 0)
            continue;
        while (i-- > 0)
            unlink(buf_text(&targets[i].temporary));
        return -1;
    }
    return 0;
}

static int replace_all(const struct target *targets, size_t count, struct diag *diag)
{
    size_t i, j;

    for (i = 0; i < count; i++) {
        if (file_rename_over(buf_text(&targets[i].temporary), targets[i].path, diag) == 0)
            continue;
        for (j = i + 1; j < count; j++)
            unlink(buf_text(&targets[j].temporary));
        put_back(targets, i, diag);
        return -1;
    }
    for (i = 0; i < count; i++) {
        if (file_sync_folder(targets[i].path) == 0)
            continue;
        diag_error(diag, NULL, "cannot sync the folder of %s: %s", targets[i].path,
                   strerror(errno));
        return -1;
    }
    return 0;
}

int adopt_write_files(const struct adopt *adopt, struct diag *diag)
{
    struct arena scratch = {0};
    struct target *targets = arena_array(&scratch, adopt->file_count, sizeof(*targets));
    size_t count = 0, i;
    int result = 0;

    for (i = 0; i < adopt->file_count; i++)
        if (adopt->files[i].changed && prepare(&targets[count++], &adopt->files[i], diag) != 0)
            result = -1;
    if (result == 0)
        result = write_beside(targets, count, diag);
    if (result == 0)
        result = replace_all(targets, count, diag);
    for (i = 0; i < count; i++) {
        free(targets[i].path);
        buf_release(&targets[i].temporary);
    }
    arena_release(&scratch);
    return result;
}
