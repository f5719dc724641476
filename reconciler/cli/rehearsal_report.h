/*
 * What a rehearsal has shown, in words and as JSON.
 */
#ifndef ROSTER_CLI_REHEARSAL_REPORT_H
#define ROSTER_CLI_REHEARSAL_REPORT_H

#include "base/buf.h"
#include "cli/rehearsal.h"
#include "plan/plan.h"

/* How a rehearsal came out. */
enum rehearsal_result {
    REHEARSAL_NOTHING_TO_DO, /* the plan has no changes */
    REHEARSAL_REFUSED,       /* a guard refuses the plan */
    REHEARSAL_CONVERGES,
    REHEARSAL_DIFFERS, /* it does not, or not under one of the troubles */
};

/* `rehearsal` may be NULL for the first two, when there was none. */
void rehearsal_report_text(const struct plan *plan, enum rehearsal_result result,
                           const struct rehearsal *rehearsal, struct buf *out);

/*
 * One document:
 *
 *     {"format": "roster-rehearsal", "version": 1, "account_sid", "roster", "result",
 *      "changes": {"create_service": 1, ...}, "refusals": [{"guard", "message", "allow"}],
 *      "apply": APPLY, "requests": {"plan_reads", "writes", "verify_reads", "rounds",
 * "copy_reads"}, "duration": {"least_ms", "most_ms", "latency_us", "parallelism", "rate",
 * "rate_from", "throttled"}, "copy": {"same_plan", "limits": []}, "faults": [{"name", "recovers",
 * "duplicates", "apply": APPLY, "again": APPLY or null}]}
 *
 * from "apply" on only with a rehearsal. APPLY is {"done", "failed", "not_attempted", "exit_code",
 * "verified", "problem", "left", "requests": {"list_services": 1, ...}, "faults"}; "problem" and
 * "left" may be null.
 */
void rehearsal_report_json(const struct plan *plan, enum rehearsal_result result,
                           const struct rehearsal *rehearsal, struct buf *out);

#endif
