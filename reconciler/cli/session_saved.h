/*
 * Applying a saved plan (plan/plan_file.h): a session without a roster.
 */
#ifndef ROSTER_CLI_SESSION_SAVED_H
#define ROSTER_CLI_SESSION_SAVED_H

#include "cli/options.h"
#include "cli/session.h"
#include "plan/plan_file.h"

enum saved_outcome {
    SAVED_GOOD,  /* the session has the plan */
    SAVED_ERROR, /* network, credentials, a file that can't be read */
    SAVED_BAD,   /* the file is not to be trusted */
    SAVED_STALE, /* what it touches is not what it was */
};

struct saved_plan {
    struct buf text;
    json_t *document;
    struct plan_saved saved;
};

/* Whether the command's argument is a saved plan; its text is in `text` then. */
bool session_is_saved(const struct options *options, struct buf *text, struct diag *diag);

/*
 * Makes the session's plan from the file in plan->text, after all checks; reports what is wrong.
 * What the session points to is the plan's, which has to outlive it.
 */
enum saved_outcome session_start_saved(struct session *session, struct saved_plan *plan,
                                       const struct options *options, struct diag *diag);

/*
 * The part of that which talks to the account: fetches what the plan touches, holds it against the
 * plan, and makes the plan anew, which must be the same. The session is connected, and has what
 * plan_file_load() made of the plan. `given` widens the plan's own limits.
 */
enum saved_outcome session_plan_saved(struct session *session, const struct plan_saved *saved,
                                      const struct guard_limits *given, struct diag *diag);

void saved_plan_release(struct saved_plan *plan);

#endif
