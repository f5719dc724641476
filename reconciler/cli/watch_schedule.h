/*
 * When watch runs next. Pure: time and chance are passed in; all times are milliseconds.
 *
 * After a run that worked, the next one starts an interval later, give or take a tenth of it, so
 * that many watchers don't ask at once. After one that failed it starts sooner: the waits begin
 * with ten seconds and double until they are the interval again.
 */
#ifndef ROSTER_CLI_WATCH_SCHEDULE_H
#define ROSTER_CLI_WATCH_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WATCH_INTERVAL_DEFAULT_MS = 5 * 60 * 1000,
    WATCH_INTERVAL_MIN_MS = 50,
    WATCH_BACKOFF_MS = 10 * 1000,
};

/* How long to wait after `failures` runs in a row that failed; `chance` is any number. */
int64_t watch_schedule_wait_ms(int64_t interval_ms, unsigned failures, uint64_t chance);

/*
 * A change window that something waits for opens at `opens_ms` (0: none does): whether that is
 * sooner than `*wait_ms` from `wall_ms` on, which then becomes the wait for it.
 */
bool watch_schedule_window(int64_t *wait_ms, int64_t opens_ms, int64_t wall_ms);

/* How old the last run that worked may be, for watch to be ready. */
int64_t watch_schedule_fresh_ms(int64_t interval_ms);

#endif
