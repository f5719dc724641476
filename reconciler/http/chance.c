#include "http/chance.h"

enum {
    REFUSALS = 8,        /* a span has so many, */
    SHORTEST_MS = 1000,  /* lasts so long, */
    LONGEST_MS = 300000, /* and older ones say nothing of today */
    LESS_PERCENT = 90,   /* of what got through: clearly less */
    MILLION = 1000 * 1000,
    /* Of what chance would let through, so much refused on top is a rate's doing. */
    EXCESS_PERCENT = 15,
};

void chance_start(struct chance *chance, int64_t now_ms)
{
    chance->now = (struct chance_span){.begun_ms = now_ms};
}

void chance_answered(struct chance *chance)
{
    chance->now.good++;
}

static int64_t share(const struct chance_span *span)
{
    return span->refused * MILLION / (span->good + span->refused);
}

/* Thousandths of a request a second. */
static int64_t rate(const struct chance_span *span, int64_t count)
{
    return count * 1000 * 1000 / span->lasted_ms;
}

/* Less was sent than got through before, and about as much was refused. */
static bool in_vain(const struct chance_span *best, const struct chance_span *now)
{
    return best->lasted_ms != 0 &&
           rate(now, now->good + now->refused) * 100 <= rate(best, best->good) * LESS_PERCENT &&
           share(now) * 2 >= share(best) && share(now) <= share(best) * 2;
}

static bool is_excess(const struct chance *chance)
{
    return share(&chance->now) - chance->share > (MILLION - chance->share) / 100 * EXCESS_PERCENT;
}

/* The span is over: what it says. Returns what chance_refused() does. */
static int64_t judge(struct chance *chance)
{
    struct chance_span *now = &chance->now, *best = &chance->best;

    if (chance->believed) {
        if (!is_excess(chance))
            return 0;
        chance->believed = false;
        *best = (struct chance_span){0};
        return 0;
    }
    if (in_vain(best, now)) {
        chance->believed = true;
        chance->share = share(now);
        return rate(best, best->good + best->refused);
    }
    if (best->lasted_ms == 0 || rate(now, now->good) >= rate(best, best->good))
        *best = *now;
    return 0;
}

int64_t chance_refused(struct chance *chance, int64_t now_ms)
{
    struct chance_span *now = &chance->now;
    int64_t lasted_ms = now_ms - now->begun_ms, sent;

    now->refused++;
    if (now->refused < REFUSALS || lasted_ms < SHORTEST_MS)
        return 0;
    now->lasted_ms = lasted_ms;
    if (now_ms - chance->best.begun_ms > LONGEST_MS)
        chance->best = (struct chance_span){0};
    if (lasted_ms > LONGEST_MS)
        chance->believed = false;
    sent = judge(chance);
    *now = (struct chance_span){.begun_ms = now_ms};
    return sent;
}
