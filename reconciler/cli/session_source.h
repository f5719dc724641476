/*
 * Getting the roster's text for a session, from wherever the options say.
 */
#ifndef ROSTER_CLI_SESSION_SOURCE_H
#define ROSTER_CLI_SESSION_SOURCE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "cli/options.h"
#include "plan/plan.h"
#include "source/source.h"

/*
 * Reads the roster at `location`; of one from git, with `commit` that commit and no other. What
 * there is to say of it goes to standard error. `source` is as source_load() has it; strings for
 * the read are in the arena. Reports and returns -1 on failure.
 */
MUST_CHECK int session_source_load(struct source *source, const char *location, const char *commit,
                                   const struct options *options, struct arena *arena,
                                   struct diag *diag);

/* Fills in what the source says of a plan's origin; strings are the source's or the arena's. */
void session_source_origin(const struct source *source, const char *location,
                           struct plan_origin *origin, struct arena *arena);

#endif
