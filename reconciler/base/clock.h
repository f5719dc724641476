/*
 * Injectable time. Code that waits, backs off or ages things takes a `const struct clock *`, so
 * that tests move time by hand. All values are milliseconds.
 */
#ifndef ROSTER_BASE_CLOCK_H
#define ROSTER_BASE_CLOCK_H

#include <stdint.h>

struct clock {
    /* Never goes back; its zero means nothing. For intervals. */
    int64_t (*monotonic_ms)(void *context);
    /* Since 1970-01-01T00:00:00Z. For what people and the API read. */
    int64_t (*wall_ms)(void *context);
    void *context;
};

/* The machine's clocks. */
extern const struct clock clock_system;

int64_t clock_monotonic(const struct clock *clock);
int64_t clock_wall(const struct clock *clock);

/*
 * Milliseconds since 1970 as "2026-01-31T12:00:00.000Z"; returns `out`. What the calendar can't
 * hold gives 1900-01-00.
 */
enum { CLOCK_ISO_SIZE = 64 };
const char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE]);

#endif
