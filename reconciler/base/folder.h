/*
 * Whole folders.
 */
#ifndef ROSTER_BASE_FOLDER_H
#define ROSTER_BASE_FOLDER_H

#include "base/attributes.h"

/* Removes a folder with all that is in it, following no symbolic link; one that is not there is
 * fine. Returns -1 with errno set. */
MUST_CHECK int folder_remove(const char *path);

/* Whether the folder is there, belongs to us, and nobody else may write to it: 0; else -1 with
 * errno set, EPERM when others could. */
MUST_CHECK int folder_check_private(const char *path);

#endif
