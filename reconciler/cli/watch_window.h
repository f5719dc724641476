/*
 * Change windows: when watch may apply, from --window 'DAYS TIMES ZONE'.
 *
 *     Mon-Fri 09:00-12:00,13:00-17:00 Europe/Berlin
 *     Sat,Sun 22:00-04:00 America/New_York
 *     daily 00:00-24:00 UTC
 *
 * A window is open when the clocks on the walls of its zone say so: on the day that clocks go
 * forward, what would be open from 02:30 to 03:30 is open from 03:00 on; when they go back, what is
 * open from 02:00 to 03:00 is open twice. Times that end before they begin end on the next day, and
 * belong to the day on which they begin.
 */
#ifndef ROSTER_CLI_WATCH_WINDOW_H
#define ROSTER_CLI_WATCH_WINDOW_H

#include "base/attributes.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WATCH_WINDOW_TIMES = 8, WATCH_WINDOWS_MAX = 64 };

struct watch_window {
    bool days[7]; /* Sunday first */
    struct {
        int from, to; /* minutes of the day; `to` may be less, and 1440 is midnight */
    } times[WATCH_WINDOW_TIMES];
    size_t time_count;
    const char *zone; /* in the text that it was read from */
};

/* None: always open. */
struct watch_windows {
    struct watch_window items[WATCH_WINDOWS_MAX];
    size_t count;
};

/* Reads one more, whose text has to outlive it. Reports what is wrong with it and returns -1. */
MUST_CHECK int watch_windows_add(struct watch_windows *windows, const char *text,
                                 struct diag *diag);

/* Whether any is open. */
bool watch_windows_open(const struct watch_windows *windows, int64_t wall_ms);

/*
 * When one opens after `wall_ms`, at which none is open, to the minute; 0 when none does within
 * eight days.
 */
int64_t watch_windows_next(const struct watch_windows *windows, int64_t wall_ms);

#endif
