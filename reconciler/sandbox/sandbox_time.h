/*
 * Dates as the two APIs write them. Times are seconds since 1970-01-01T00:00:00Z.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_TIME_H
#define ROSTER_SANDBOX_SANDBOX_TIME_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/* Room for either form with its NUL. */
enum { SANDBOX_TIME_SIZE = 40 };

/* Messaging v1: "2015-07-30T20:12:31Z". Returns `out`. */
const char *sandbox_time_iso(int64_t seconds, char out[SANDBOX_TIME_SIZE]);
/* The same with milliseconds, for the log: "2015-07-30T20:12:31.250Z". */
const char *sandbox_time_iso_ms(int64_t milliseconds, char out[SANDBOX_TIME_SIZE]);
/* 2010-04-01: "Thu, 30 Jul 2015 23:19:04 +0000". */
const char *sandbox_time_rfc2822(int64_t seconds, char out[SANDBOX_TIME_SIZE]);

/* A carrier's receipt: YYMMDDhhmm. */
const char *sandbox_time_minute(int64_t seconds, char out[SANDBOX_TIME_SIZE]);

/* Reads either form, in UTC. Returns -1, leaving `*out` alone, for anything else. */
MUST_CHECK int sandbox_time_parse(const char *text, int64_t *out);

/*
 * Reads a date filter: one of the forms above, or a mere day ("2015-07-30"), of which it gives the
 * first second and sets `*day`. Returns -1 for anything else.
 */
MUST_CHECK int sandbox_time_parse_filter(const char *text, int64_t *out, bool *day);

#endif
