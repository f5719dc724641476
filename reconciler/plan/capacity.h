/*
 * What the senders of a service can carry by Twilio's documented figures, in SMS segments a second;
 * part of making a plan (see plan.h) and private to plan/.
 *
 *     number of the US or Canada   1    docs/api/errors/30001; messages to the US and Canada
 *     toll-free number             3    "Toll-Free SMS and MMS messaging throughput (MPS)"
 *     number of another country   10    the same article: the standard throughput outside of +1
 *     short code                 100    docs/messaging/services: the default; more can be bought
 *     alpha sender                10    "Can I increase message throughput (MPS) for an
 *                                       Alphanumeric Sender ID?": the default
 *
 * "Understanding Twilio Rate Limits and Message Queues" (support.twilio.com, 115002943027) is the
 * overview of them. A registered A2P campaign has a rate of its own to the US. Numbers of +1
 * outside the US and Canada have no figure: of a service with one nothing is said. Channel senders
 * don't send SMS and count for nothing. The sum is what the pool can carry at the most, for which
 * of its senders serve a recipient depends on the country.
 */
#ifndef ROSTER_PLAN_CAPACITY_H
#define ROSTER_PLAN_CAPACITY_H

#include "plan/plan.h"

#include <stdint.h>

enum capacity_class {
    CAPACITY_NORTH_AMERICAN,
    CAPACITY_TOLL_FREE,
    CAPACITY_OTHER_NUMBER,
    CAPACITY_SHORT_CODE,
    CAPACITY_ALPHA,
    CAPACITY_CLASS_COUNT,
    CAPACITY_UNKNOWN = CAPACITY_CLASS_COUNT, /* no figure is documented */
    CAPACITY_NONE,                           /* it sends no SMS */
};

enum capacity_class capacity_class_of(enum sender_kind kind, const char *identity);

/* SMS segments a second of one such sender. */
int64_t capacity_rate(enum capacity_class which);

/* Adds a hint to the plan for each service of the roster whose expected_rate is more than that. */
void plan_check_capacity(struct plan *plan);

#endif
