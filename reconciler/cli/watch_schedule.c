#include "cli/watch_schedule.h"

enum { JITTER_PARTS = 1000, LONGEST_DOUBLING = 30, FRESH_INTERVALS = 3, FRESH_MIN_MS = 10 * 1000 };

int64_t watch_schedule_wait_ms(int64_t interval_ms, unsigned failures, uint64_t chance)
{
    int64_t wait_ms = interval_ms, backoff_ms = WATCH_BACKOFF_MS;

    if (failures > 0 && failures <= LONGEST_DOUBLING) {
        backoff_ms <<= failures - 1;
        if (backoff_ms < wait_ms)
            wait_ms = backoff_ms;
    }
    /* From -10 % to +10 %. */
    return wait_ms + wait_ms * ((int64_t)(chance % (2 * JITTER_PARTS + 1)) - JITTER_PARTS) /
                         (10 * JITTER_PARTS);
}

bool watch_schedule_window(int64_t *wait_ms, int64_t opens_ms, int64_t wall_ms)
{
    if (opens_ms == 0 || opens_ms - wall_ms >= *wait_ms)
        return false;
    *wait_ms = opens_ms > wall_ms ? opens_ms - wall_ms : 0;
    return true;
}

int64_t watch_schedule_fresh_ms(int64_t interval_ms)
{
    const int64_t fresh_ms = interval_ms * FRESH_INTERVALS;

    return fresh_ms < FRESH_MIN_MS ? FRESH_MIN_MS : fresh_ms;
}
