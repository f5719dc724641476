/*
 * The steps of a rehearsal (rehearsal.h); for cli/rehearsal*.c only.
 */
#ifndef ROSTER_CLI_REHEARSAL_PARTS_H
#define ROSTER_CLI_REHEARSAL_PARTS_H

#include "cli/rehearsal.h"

/*
 * Reads the whole account with the session's client and writes it into `state` (initialised by the
 * caller) as a state file, for memory only: it has the passwords of URLs that the account has, for
 * without them settings would differ. What the sandbox does not take goes into the rehearsal's
 * limits. Reports and returns -1 when reading failed.
 */
MUST_CHECK int rehearsal_copy(struct rehearsal *rehearsal, struct session *session,
                              const struct options *options, struct buf *state, struct diag *diag);

/* A client of the sandbox, with the session's limits; NULL when it was reported. */
struct twilio_client *rehearsal_client(const struct rehearsal_sandbox *sandbox,
                                       const struct session *session, const struct options *options,
                                       struct diag *diag);

/*
 * What of the session counts for another plan of the same roster, with a client that stays the
 * caller's. Released by rehearsal_scene_release().
 */
struct session rehearsal_scene(const struct session *session, struct twilio_client *client);
void rehearsal_scene_release(struct session *scene);

/* Fetches and plans, as apply does, what is in the scene's desired state. NULL, or what is wrong,
 * in `arena`. */
const char *rehearsal_plan(struct session *scene, const struct rehearsal_sandbox *sandbox,
                           struct arena *arena);

/* Carries the plan out and verifies it, as apply does. */
void rehearsal_apply(struct rehearsed_apply *apply, const struct plan *plan,
                     struct twilio_client *client, const struct rehearsal_sandbox *sandbox,
                     const struct options *options, struct arena *arena);

#endif
