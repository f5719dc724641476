/*
 * Whether refusals (429) come from the rate that requests are sent at, or by chance: from another
 * limit, a busy server, somebody else on the account. Slower requests help against the former only;
 * against the latter they are a run that never ends. Pure: the clock is passed in, in milliseconds.
 *
 * A limiter of a rate lets a part through that is the same whatever is asked for, so who asks for
 * clearly less than that is refused nothing more. Time is cut into spans of some refusals each, and
 * each is held against the best of the last minutes: when clearly less was sent than got through
 * then, and about as large a share of it was refused, it is not the rate. That is believed until
 * the share grows by more than chance can explain: then there is a rate, too.
 *
 * All zero is a valid state: nothing counted, no chance.
 */
#ifndef ROSTER_HTTP_CHANCE_H
#define ROSTER_HTTP_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

/* What came of the requests of a span of time. */
struct chance_span {
    int64_t begun_ms, lasted_ms; /* lasted: 0 while it goes on */
    int64_t good, refused;
};

struct chance {
    struct chance_span now, best;
    bool believed;
    int64_t share; /* refused of a million, when it was last believed */
};

/* Forgets the span that goes on: after a time without requests. */
void chance_start(struct chance *chance, int64_t now_ms);

void chance_answered(struct chance *chance);

/*
 * Counts a refusal. Returns a rate to come back to, in thousandths of a request a second, when the
 * belief in chance has begun with it: what was sent before it was lowered in vain. Else 0.
 */
int64_t chance_refused(struct chance *chance, int64_t now_ms);

#endif
