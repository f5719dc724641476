/*
 * What one run of watch came to, and its way from the process that made the run to the one that
 * shows it, as one line of JSON.
 */
#ifndef ROSTER_CLI_WATCH_REPORT_H
#define ROSTER_CLI_WATCH_REPORT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum watch_state {
    WATCH_IN_SYNC,     /* the account is as the roster says */
    WATCH_DIFFERS,     /* it is not, and nothing was to be applied */
    WATCH_REFUSED,     /* a guard refuses the plan */
    WATCH_WAITS,       /* no change window is open */
    WATCH_TRIED,       /* applying this plan has failed before */
    WATCH_APPLIED,     /* it was not, and is now */
    WATCH_TEST_FAILED, /* likewise, but a test message did not end as expected */
    WATCH_INCOMPLETE,  /* an apply that ended with failures, or was cut off */
    WATCH_ERROR, /* there is no plan, or nothing could be applied: roster, network, API, … */
    WATCH_STATE_COUNT,
};

/* "in_sync", …: for metrics and JSON. */
const char *watch_state_name(enum watch_state state);

/* Whether the account is now as the roster says, as far as the run can tell. */
bool watch_state_is_sync(enum watch_state state);

/* Whether a run that ended so has done its part: it got to know the account. */
bool watch_state_is_success(enum watch_state state);

/* All strings may be NULL: not known. All zero is a valid start. */
struct watch_report {
    struct arena arena; /* of the strings */
    enum watch_state state;
    const char *account, *location, *sha256;
    const char *commit, *author, *date; /* of a roster from git */
    const char *key;                    /* which plan, of which roster: watch_attempts.h */
    bool planned;                       /* the members below are of a plan */
    size_t counts[CHANGE_KIND_COUNT], changes;
    const char *words; /* "2 to update, 1 to add" */
    bool applied;      /* an apply was begun */
    size_t done, failed, not_attempted;
    int64_t opens_ms;    /* WATCH_WAITS: when a window opens; 0: not soon */
    const char *problem; /* one line: why it is not in sync or not applied */
    const char *log;     /* what the run said, as roster apply would; not in the line */
    const char *plan;    /* the plan document */
    size_t plan_size;
    const char *html; /* the plan's sections for a page */
    size_t html_size;
};

/* Adds the report as one line of JSON, without its end. */
void watch_report_write(const struct watch_report *report, struct buf *out);

/*
 * Reads such a line into `report`, zeroed by the caller and released by it. Returns -1 when it is
 * none.
 */
MUST_CHECK int watch_report_read(struct watch_report *report, const char *line, size_t size);

/* Accepts a report that is all zero, which it leaves so. */
void watch_report_release(struct watch_report *report);

#endif
