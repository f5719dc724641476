/*
 * What is shown on standard error while a plan is carried out: on a terminal one line that is
 * written over (base/logger.h), elsewhere a line for each change that ended.
 */
#ifndef ROSTER_CLI_PROGRESS_H
#define ROSTER_CLI_PROGRESS_H

#include "apply/executor.h"
#include "base/buf.h"
#include "cli/options.h"
#include "plan/plan.h"
#include "twilio/client.h"

#include <stddef.h>

/* "Order notifications: add phone number +1..." */
void progress_add_change(const struct plan *plan, size_t index, struct buf *out);

/*
 * "[120/2000] 87/s, 24 in flight, window 32, waiting for the rate limit", without an end of
 * line.
 */
void progress_add_line(const struct plan *plan, const struct execution *execution,
                       const struct http_engine_pulse *pulse, struct buf *out);

/*
 * Carries out the plan (see execution_run), with as many requests at once as the options allow,
 * shows how it goes, and starts nothing new once cli/interrupt.h has seen a signal.
 */
void progress_run(struct execution *execution, const struct plan *plan,
                  struct twilio_client *client, struct journal *journal,
                  const struct options *options);

#endif
