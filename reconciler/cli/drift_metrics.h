/*
 * What `roster drift` found, for node_exporter's textfile collector.
 */
#ifndef ROSTER_CLI_DRIFT_METRICS_H
#define ROSTER_CLI_DRIFT_METRICS_H

#include "base/buf.h"
#include "plan/plan.h"

#include <stddef.h>
#include <stdint.h>

struct drift_metrics {
    const char *roster;      /* the label of every sample: files of two rosters have to differ */
    const char *version;     /* of roster */
    const struct plan *plan; /* the drift report; NULL: the run failed */
    int64_t now;             /* seconds since 1970 */
    int64_t duration_ms;     /* of the run */
    size_t requests;         /* sent to Twilio, repeats included */
};

/*
 * Adds them in Prometheus' text format, by which a failed run has no figures of drift. How many
 * samples there are does not depend on what was found.
 */
void drift_metrics_write(const struct drift_metrics *metrics, struct buf *out);

#endif
