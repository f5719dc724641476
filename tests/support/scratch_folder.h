/*
 * For unit tests that write files: a folder of their own, removed with all that is in it.
 */
#ifndef ROSTER_TESTS_SCRATCH_FOLDER_H
#define ROSTER_TESTS_SCRATCH_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

struct scratch_folder {
    char path[64];
};

static inline void scratch_folder_make(struct scratch_folder *folder)
{
    snprintf(folder->path, sizeof(folder->path), "/tmp/roster-test-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        abort();
}

static inline int scratch_folder_entry(const char *path, const struct stat *info, int type,
                                       struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

static inline void scratch_folder_remove(const struct scratch_folder *folder)
{
    if (nftw(folder->path, scratch_folder_entry, 8, FTW_DEPTH | FTW_PHYS) != 0)
        abort();
}

#endif
