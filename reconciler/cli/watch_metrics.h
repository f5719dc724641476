/*
 * What watch counts, in Prometheus' text format.
 */
#ifndef ROSTER_CLI_WATCH_METRICS_H
#define ROSTER_CLI_WATCH_METRICS_H

#include "cli/watch_status.h"

#include "base/buf.h"

#define WATCH_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

void watch_metrics_add(const struct watch_status *status, struct buf *out);

#endif
