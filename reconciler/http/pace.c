#include "http/pace.h"

enum {
    STEP_MS = 1000,
    STEP_MAX = 6,        /* doublings of the probe: up to the rate itself */
    MARGIN_PERCENT = 98, /* of what came through */
};

void pace_start(struct pace *pace, int64_t now_ms)
{
    meter_start(&pace->good, now_ms);
    meter_start(&pace->refused, now_ms);
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void set_rate(struct pace *pace, int64_t rate, int64_t now_ms)
{
    rate_limit_change(&pace->bucket, larger(rate, RATE_LIMIT_UNIT), now_ms);
}

static void grow(struct pace *pace, int64_t now_ms)
{
    int64_t rate = pace->bucket.rate, probe = rate >> STEP_MAX;

    if (now_ms - pace->grown_ms < STEP_MS)
        return;
    pace->grown_ms = now_ms;
    if (!pace->binding)
        return;
    pace->binding = false;
    if (pace->ceiling - rate > probe) {
        rate += larger((pace->ceiling - rate) / 2, probe);
    } else {
        rate += probe << pace->calm;
        if (pace->calm < STEP_MAX)
            pace->calm++;
    }
    set_rate(pace, rate, now_ms);
}

int64_t pace_wait_ms(struct pace *pace, int64_t now_ms)
{
    int64_t wait_ms;

    if (pace->bucket.rate == 0)
        return 0;
    grow(pace, now_ms);
    wait_ms = rate_limit_wait_ms(&pace->bucket, now_ms);
    if (wait_ms > 0)
        pace->binding = true;
    return wait_ms;
}

void pace_sent(struct pace *pace, int64_t now_ms)
{
    rate_limit_take(&pace->bucket, now_ms);
}

void pace_answered(struct pace *pace, int64_t now_ms)
{
    meter_add(&pace->good, now_ms);
    chance_answered(&pace->chance);
}

void pace_guess(struct pace *pace, int64_t rate, int64_t now_ms)
{
    if (pace->bucket.rate != 0)
        return;
    set_rate(pace, rate, now_ms);
    pace->ceiling = 0;
    pace->calm = STEP_MAX;
    pace->grown_ms = now_ms;
}

void pace_refused(struct pace *pace, int64_t now_ms)
{
    int64_t sent;

    meter_add(&pace->refused, now_ms);
    sent = chance_refused(&pace->chance, now_ms);
    if (sent > pace->bucket.rate && pace->bucket.rate != 0)
        set_rate(pace, sent, now_ms);
}

void pace_slow_down(struct pace *pace, int64_t now_ms)
{
    int64_t known = pace->bucket.rate, next = meter_rate(&pace->good, now_ms);

    if ((known == 0 && next == 0) || pace->chance.believed)
        return;
    if (known != 0 && next > known)
        next = known;
    next = next * MARGIN_PERCENT / 100;
    if (next >= known / 2) {
        pace->ceiling = next;
    } else {
        pace->ceiling = larger(pace->ceiling, known);
        next = known / 2;
    }
    pace->calm = 0;
    pace->grown_ms = now_ms;
    set_rate(pace, next, now_ms);
    rate_limit_empty(&pace->bucket, now_ms);
}

bool pace_is_binding(const struct pace *pace)
{
    return pace->bucket.rate != 0 && pace->binding;
}

bool pace_is_refused(const struct pace *pace, unsigned open, int64_t now_ms)
{
    return !pace->chance.believed &&
           meter_count(&pace->refused, now_ms) > meter_count(&pace->good, now_ms) + open;
}
