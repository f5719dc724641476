/*
 * Carrying out a plan: a ready queue over the plan's dependencies, on the client's one thread.
 *
 * A change starts when what it waits for has ended (see struct change); independent ones run at
 * once, as many as the client's limits allow. A change that fails skips only what depends on
 * it. What the API answers is compared with what was sent, because it ignores parameters that it
 * does not know. Removals, and moves, that wait for what comes to the service that they leave are
 * skipped when none of that worked. "Already in this service" for an add and "not found" for a
 * removal are successes.
 *
 * When the answer to an update was lost, it is sent again, for it has the same effect twice. A
 * creation or an addition is looked up first: a service by its name among those that were not
 * there before, a sender in the list of its service. It is sent again only when it is not there,
 * and the creation of a service not when there was no answer in time, for it may still happen.
 *
 * A move is two requests, the second before anything else that waits. When the second half fails,
 * or the answer to the first was lost, the sender is put back where it was; when the answer to the
 * second was lost, the new service is looked at first, and it is sent again when it is not there.
 * An alpha sender that was removed for another one is put back in the same way. Services are
 * deleted only when everything else worked: what else failed may have needed them.
 *
 * A run can be stopped: by `interrupted`, at the client's end (twilio_client_end_at()), or because
 * the journal can't be written. Then nothing new starts; what is half done (a move between its
 * halves, an alpha sender that was taken out for another) is finished, or put back.
 */
#ifndef ROSTER_APPLY_EXECUTOR_H
#define ROSTER_APPLY_EXECUTOR_H

#include "base/arena.h"
#include "base/attributes.h"
#include "plan/plan.h"
#include "twilio/client.h"

#include <stdbool.h>
#include <stddef.h>

struct journal;

enum change_state {
    CHANGE_WAITING,
    CHANGE_RUNNING,
    CHANGE_DONE,
    CHANGE_FAILED,
    CHANGE_NOT_ATTEMPTED, /* something that it needs failed, or the run was stopped */
};

/* What became of a sender that was taken out for a change that then failed. */
enum put_back {
    PUT_BACK_NONE,   /* nothing was taken out, or the change worked */
    PUT_BACK_DONE,   /* it is where it was */
    PUT_BACK_FAILED, /* it may be in no service now */
};

struct change_outcome {
    enum change_state state;
    const char *problem; /* failed: Twilio's code, message and request id in one line */
    const char *hint;    /* failed: what to do, or NULL */
    bool unclear;        /* failed, but it may have happened */
    long because_of;     /* not attempted: the index of the change that failed, or CHANGE_NONE */
    enum put_back put_back;
    const char *put_back_problem; /* PUT_BACK_FAILED: why; NULL: it was not tried */
};

/* Why nothing new was started any more. */
enum execution_stop {
    EXECUTION_WHOLE, /* it was not stopped */
    EXECUTION_INTERRUPTED,
    EXECUTION_OUT_OF_TIME, /* the client's end has come */
    EXECUTION_UNRECORDED,  /* the journal could not be written */
};

struct execution {
    struct arena arena;
    struct change_outcome *outcomes; /* one for each change of the plan */
    const char **service_sids;       /* one for each service of the plan; NULL: never created */
    size_t done, failed, not_attempted;
    enum execution_stop stopped;
};

/* Called after each change has ended. */
typedef void execution_progress(void *context, const struct plan *plan,
                                const struct execution *execution, size_t change);

/* Why to start nothing new, or EXECUTION_WHOLE; asked again and again. */
typedef enum execution_stop execution_interrupted(void *context);

/* All zero is a run without any of it. */
struct execution_config {
    execution_progress *progress; /* NULL: none */
    execution_interrupted *interrupted;
    void *context;                    /* of both */
    struct journal *journal;          /* after journal_begin(); NULL: none is kept */
    size_t window;                    /* requests handed to the client at once; 0: 16 */
    const struct retry_policy *retry; /* for what is unclear; NULL: retry_policy_default */
};

/*
 * Runs the whole plan. `execution` is zeroed by the caller and released by it. Failures are in the
 * outcomes; there is no other kind.
 */
void execution_run(struct execution *execution, const struct plan *plan,
                   struct twilio_client *client, const struct execution_config *config);

/* Accepts an execution that is all zero. */
void execution_release(struct execution *execution);

#endif
