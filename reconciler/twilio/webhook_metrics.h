/*
 * A receiver's counts in Prometheus' text format (version 0.0.4).
 */
#ifndef ROSTER_TWILIO_WEBHOOK_METRICS_H
#define ROSTER_TWILIO_WEBHOOK_METRICS_H

#include "base/buf.h"
#include "twilio/webhook_receiver.h"

#define WEBHOOK_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

void webhook_metrics_add(struct buf *out, const struct webhook_counts *counts);

#endif
