/*
 * The rate that the server allows, learned from its refusals, and requests held to it. Pure: the
 * clock is passed in, in milliseconds.
 *
 * A window (window.h) can't obey a limit in requests a second: at 30 ms a request, 100 a second are
 * three in flight, and two or four make 67 or 133. So requests are also paced by a token bucket, as
 * soon as refusals tell its rate; it keeps them apart after a pause, too.
 *
 * - Down. What a limiter lets through while it refuses is what it allows: on a refusal the rate
 *   becomes a little less than what was answered well over the last second, as BBR takes the
 *   delivery rate for the bottleneck's (Cardwell et al. 2016). It never falls by more than half at
 *   once: a server that answers nothing at all is no measure.
 * - Up. As BIC does with a window: half of the distance to the last rate that was refused each
 *   second, then a slow probe that doubles its steps each second (1/64 of the rate, 1/32, ...)
 * until something is refused. Only a rate that really held requests back grows.
 * - Neither. While refusals come by chance (chance.h) they lower nothing, and the rate goes up.
 *
 * A limiter has its own bucket, which hides for a while that its rate is passed, and makes more
 * come through than it allows until it is empty. Each further refusal, a round trip later, corrects
 * that; such corrections are also why one refusal takes off little. Nothing is paced before the
 * first refusal.
 */
#ifndef ROSTER_HTTP_PACE_H
#define ROSTER_HTTP_PACE_H

#include "http/chance.h"
#include "http/meter.h"
#include "http/rate_limit.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero is a valid pace that has learned nothing. */
struct pace {
    struct rate_limit bucket; /* its rate is the learned one; 0: none yet */
    int64_t ceiling;          /* to come back to; in thousandths of a request a second */
    int64_t grown_ms;         /* when the rate was looked at last */
    unsigned calm;            /* seconds of probing without a refusal */
    bool binding;             /* it has held requests back since then */
    struct meter good, refused;
    struct chance chance;
};

/* Measures anew: after a time without requests, which would count as a low rate. */
void pace_start(struct pace *pace, int64_t now_ms);

/* How long until the next request may be sent: 0 when at once. Lets the rate grow. */
int64_t pace_wait_ms(struct pace *pace, int64_t now_ms);

void pace_sent(struct pace *pace, int64_t now_ms);
void pace_answered(struct pace *pace, int64_t now_ms);

void pace_refused(struct pace *pace, int64_t now_ms);

/*
 * Slows down for the refusal that was counted last; once a round trip. Does nothing when there is
 * neither a rate yet nor an answer to learn one from.
 */
void pace_slow_down(struct pace *pace, int64_t now_ms);

/* A rate to begin with where none is known; it doubles each second that it holds back requests. */
void pace_guess(struct pace *pace, int64_t rate, int64_t now_ms);

/* Whether requests are held back by what was learned. */
bool pace_is_binding(const struct pace *pace);

/* Whether, of the last second's requests, more were refused than answered or still are `open`. */
bool pace_is_refused(const struct pace *pace, unsigned open, int64_t now_ms);

#endif
