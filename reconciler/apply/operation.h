/*
 * The requests of one change, and the verdicts on their answers; private to apply/.
 */
#ifndef ROSTER_APPLY_OPERATION_H
#define ROSTER_APPLY_OPERATION_H

#include "apply/executor.h"

#include <stdbool.h>
#include <stddef.h>

/* One request of a change. */
enum step {
    STEP_DO,       /* the only one that most changes have */
    STEP_TAKE_OUT, /* a move's first half */
    STEP_PUT_IN,   /* its second */
    STEP_LOOK,     /* whether a creation or addition whose answer was lost has happened */
    STEP_PUT_BACK, /* what was taken out, to where it was */
};

enum verdict {
    VERDICT_DONE,
    VERDICT_FAILED,
    VERDICT_UNCLEAR, /* failed, but it may have happened */
};

/*
 * Whether something is out of its place until the step is done, so that it goes before others, and
 * even when nothing new is started.
 */
bool operation_completes(const struct change *change, enum step step);

/* A request on its way together. */
struct operation {
    struct arena arena;
    enum http_method method;
    const char *path;
    struct buf form;
    bool lists_services; /* the rows of the answer are services */
    struct twilio_when when;
};

/* What a look for a service that may have been created has found; zeroed by the caller. */
struct created {
    json_t *row; /* the first one; released by operation_judge_created() */
    size_t count;
};

/* Makes the request of a step of a change; it ends with operation_send() or _drop(). */
void operation_prepare(struct operation *operation, const struct plan *plan, size_t index,
                       enum step step, const struct execution *execution);
/* `row` is for the services that STEP_LOOK for a service that may have been created goes through.
 */
void operation_send(struct operation *operation, struct twilio_client *client, twilio_row *row,
                    twilio_callback *callback, void *context);
void operation_drop(struct operation *operation);

/*
 * Judges the answer to a step; for STEP_LOOK, DONE means that the sender is there, FAILED that it
 * is not. Notes the problem in the change's outcome, but not its state: the first problem of a
 * change stays. A service that was created gives its SID to the execution.
 */
enum verdict operation_judge(const struct plan *plan, size_t index, enum step step,
                             const struct twilio_answer *answer, struct execution *execution);

/* Takes a live service into account that STEP_LOOK found on the way. */
void operation_note_service(struct created *created, const struct plan *plan, size_t index,
                            const struct execution *execution, const json_t *row);

/*
 * Judges the end of STEP_LOOK for a service that may have been created: FAILED when it was not.
 * When it was, but is not as it should be, that is UNCLEAR, and the execution has its SID.
 */
enum verdict operation_judge_created(const struct plan *plan, size_t index, struct created *created,
                                     const struct twilio_answer *answer,
                                     struct execution *execution);

#endif
