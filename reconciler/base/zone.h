/*
 * Local time in a zone of the IANA data, as the system has it (TZDIR, /usr/share/zoneinfo).
 *
 *     if (zone_check("Europe/Berlin") == 0) {
 *         zone_enter(&zone, "Europe/Berlin");
 *         zone_local(wall_ms, &local);
 *         zone_leave(&zone);
 *     }
 *
 * Between enter and leave the process is in that zone, its variable TZ too; so not for threads.
 */
#ifndef ROSTER_BASE_ZONE_H
#define ROSTER_BASE_ZONE_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct zone {
    char *before; /* TZ as it was; NULL: unset */
};

/* What clocks on the wall show. */
struct zone_time {
    int weekday; /* 0: Sunday */
    int minute;  /* of the day, 0 to 1439 */
};

/* Whether the system knows the zone: 0, or -1. "UTC" is always known. */
MUST_CHECK int zone_check(const char *name);

void zone_enter(struct zone *zone, const char *name);
void zone_local(int64_t wall_ms, struct zone_time *out);
void zone_leave(struct zone *zone);

#endif
