/*
 * The folders that roster keeps things in: journals and locks in $XDG_STATE_HOME/roster, or without
 * an absolute path there, $HOME/.local/state/roster; copies of git repositories, which may be
 * deleted at any time, in $XDG_CACHE_HOME/roster/git, or $HOME/.cache/roster/git.
 */
#ifndef ROSTER_CLI_STATE_FOLDER_H
#define ROSTER_CLI_STATE_FOLDER_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"

/* Gives the value of an environment variable, NULL when it is not set: getenv(). */
typedef char *state_lookup(const char *name);

/* The folder, in the arena; reports and returns NULL when the environment names none. */
const char *state_folder(state_lookup *lookup, struct arena *arena, struct diag *diag);

/* The account's file in it: FOLDER/ACCOUNT.EXTENSION, whatever the case of the SID's digits. */
const char *state_file(const char *folder, const char *account, const char *extension,
                       struct arena *arena);

/* Makes it, and what is missing above it, with mode 0700. Reports and returns -1 on failure. */
MUST_CHECK int state_folder_make(const char *folder, struct diag *diag);

/* The same for the copies of git repositories. */
const char *cache_folder(state_lookup *lookup, struct arena *arena, struct diag *diag);
MUST_CHECK int cache_folder_make(const char *folder, struct diag *diag);

#endif
