/*
 * When the next request may be sent: one answer out of the window (window.h), the fixed rate of the
 * user, the rate that was learned (pace.h), and pauses that the server orders. Pure: the clock is
 * passed in, in milliseconds.
 *
 * A refusal (429) halves the window. Which rate the server allows is learned when the refusal says
 * how long to wait (a limit that counts time, not what is in flight), or when there is no window
 * left to halve.
 *
 * Retry-After always binds the request that was refused (retry.h). It holds everything back when
 * the server refused more than it answered in the last second: then it is a pause, and what is sent
 * in it would only be refused, too. When most is answered, a refusal is the limiter's way of saying
 * "a little less": a second of silence each time that a limit is passed by one request would leave
 * a good part of it unused, and what was learned sees to it that few are refused.
 *
 * No thundering herd: after a pause requests leave one by one, at the learned rate; when none could
 * be learned, at as many a second as the halved window holds, and twice as many each second. After
 * a halving without a pause, nothing leaves until half of what is in flight was answered, and then
 * one request for each answer.
 */
#ifndef ROSTER_HTTP_FLOW_H
#define ROSTER_HTTP_FLOW_H

#include "http/pace.h"
#include "http/rate_limit.h"
#include "http/window.h"

#include <stdbool.h>
#include <stdint.h>

/* What requests wait for. */
enum flow_wait {
    FLOW_FREE,       /* nothing */
    FLOW_WINDOW,     /* an answer: as many are in flight as may be */
    FLOW_RATE_LIMIT, /* the user's rate */
    FLOW_PACE,       /* the rate that was learned */
    FLOW_PAUSE,      /* the server asked for it */
};

struct flow {
    struct window window;
    struct rate_limit rate;
    struct pace pace;
    int64_t pause_end_ms;
    bool paused;
};

/* `rate`: requests a second; 0: any. */
void flow_init(struct flow *flow, unsigned parallelism, unsigned rate, int64_t now_ms);

/* Requests begin after a time without any. */
void flow_start(struct flow *flow, int64_t now_ms);

/*
 * What the next request waits for. `*wait_ms` is how long: 0 when it may be sent now, -1 when only
 * an answer can help.
 */
enum flow_wait flow_next(struct flow *flow, int64_t now_ms, int64_t *wait_ms);

/* How long the server's pause still takes; 0 when there is none. */
int64_t flow_pause_ms(const struct flow *flow, int64_t now_ms);

/* Counts a request that is sent, which flow_next() allowed; returns its number, for its end. */
uint64_t flow_sent(struct flow *flow, int64_t now_ms);

/* How a request ended; each calls for one of these. `kind` is less than WINDOW_KINDS. */
void flow_answered(struct flow *flow, uint64_t number, unsigned kind, int64_t latency_us,
                   int64_t now_ms);
/* With 429. `pause_ms` is what the server asks for, -1 when nothing that can be obeyed. */
void flow_refused(struct flow *flow, uint64_t number, int64_t pause_ms, int64_t now_ms);
void flow_timed_out(struct flow *flow, uint64_t number);
void flow_lost(struct flow *flow);

#endif
