/*
 * One change as one request, and the verdict on its answer; private to apply/.
 */
#ifndef ROSTER_APPLY_OPERATION_H
#define ROSTER_APPLY_OPERATION_H

#include "apply/executor.h"

#include <stddef.h>

/* Sends the request of a change whose needs are met. */
void operation_start(const struct plan *plan, size_t index, const struct execution *execution,
                     struct twilio_client *client, twilio_callback *callback, void *context);

/*
 * Sets the outcome of the change from the answer: done or failed. A service that was created gives
 * its SID to the execution.
 */
void operation_finish(const struct plan *plan, size_t index, const struct twilio_answer *answer,
                      struct execution *execution);

#endif
