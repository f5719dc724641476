/*
 * A fetch in a child process: libgit2 1.5 has no time limits of its own, and a server that says
 * nothing would hold it forever. The child does all that talks to the network, and is ended at the
 * deadline; what it had half written in the copy is left out by the next fetch.
 */
#ifndef ROSTER_SOURCE_REPO_FETCH_H
#define ROSTER_SOURCE_REPO_FETCH_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/logger.h"
#include "source/remote_fetch.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Strings of the answer are in the arena. Never fails but by its outcome. How it goes on is shown
 * as a wait of `log`, which may be NULL.
 */
void repo_fetch(const struct fetch_request *request, int64_t timeout_ms, bool (*stopped)(void),
                struct logger *log, struct arena *arena, struct fetch_answer *answer);

/* Reports an answer that is not FETCH_DONE. */
void repo_fetch_report(const struct fetch_answer *answer, struct diag *diag);

#endif
