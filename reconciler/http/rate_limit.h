/*
 * Token bucket: so many requests a second, with a small burst. Pure: the clock is passed in, in
 * milliseconds, and never goes back.
 *
 * Rates are in thousandths of a request a second, credit in millionths of a request: a millisecond
 * adds exactly `rate` of them, so nothing is rounded and nothing drifts.
 *
 * The burst is one request and what a twentieth of a second brings. It makes up for wake-ups that
 * come late, and leaves a server that allows a tenth of a second's requests at once room for what
 * the network bunches up on the way.
 *
 *     rate_limit_init(&limit, RATE_LIMIT_UNIT * 100, now_ms);
 *     if (rate_limit_wait_ms(&limit, now_ms) == 0) {
 *         rate_limit_take(&limit, now_ms);
 *         send();
 *     }
 */
#ifndef ROSTER_HTTP_RATE_LIMIT_H
#define ROSTER_HTTP_RATE_LIMIT_H

#include <stdint.h>

/* One request a second. */
#define RATE_LIMIT_UNIT ((int64_t)1000)
/* Larger rates are cut to this one, which is as good as none: a million requests a second. */
#define RATE_LIMIT_MAX (RATE_LIMIT_UNIT * 1000 * 1000)

/* All zero is a valid bucket without a limit. */
struct rate_limit {
    int64_t rate; /* 0: no limit */
    int64_t credit, capacity;
    int64_t filled_ms; /* until when `credit` counts */
};

/* Starts with a full bucket. A rate of 0: no limit. */
void rate_limit_init(struct rate_limit *limit, int64_t rate, int64_t now_ms);

/* Another rate from now on; what was saved up is kept as far as the new burst allows. */
void rate_limit_change(struct rate_limit *limit, int64_t rate, int64_t now_ms);

/* Forgets what was saved up: what was held back until now goes out one by one. */
void rate_limit_empty(struct rate_limit *limit, int64_t now_ms);

/* How long until the next request may be sent: 0 when at once. */
int64_t rate_limit_wait_ms(const struct rate_limit *limit, int64_t now_ms);

/* Counts a request that is sent. */
void rate_limit_take(struct rate_limit *limit, int64_t now_ms);

#endif
