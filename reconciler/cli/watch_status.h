/*
 * What watch knows and shows: its runs, the last plan, what it is doing. The page, the metrics and
 * the JSON documents are made from it; only the loop writes it.
 */
#ifndef ROSTER_CLI_WATCH_STATUS_H
#define ROSTER_CLI_WATCH_STATUS_H

#include "cli/watch_history.h"
#include "cli/watch_report.h"

#include "base/attributes.h"
#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* All times are of the wall clock, in milliseconds; 0: none. All zero is a valid start. */
struct watch_status {
    const char *location; /* of the roster */
    int64_t interval_ms, started_ms, next_ms;
    bool auto_apply, stopping;
    size_t window_count;
    int64_t running_since_ms; /* of the run that goes on */
    bool applying;            /* that run has begun to apply */
    uint64_t hooks, pings, forged_hooks;
    uint64_t drifts;   /* plans with changes that were not there in the run before */
    uint64_t sequence; /* grows whenever something of this changes */
    struct watch_history history;
    struct watch_report latest;  /* of the last run; strings may be those of `planned` */
    struct watch_report planned; /* the last one that had a plan */
    bool in_sync, sync_known;    /* as of `planned` */
};

/* Takes over the report of a run that has ended, and leaves `report` empty. */
void watch_status_conclude(struct watch_status *status, struct watch_report *report,
                           enum watch_trigger trigger, int64_t began_ms, int64_t lasted_ms);

/* Whether a run that worked is recent enough; else `*why` says what is missing. */
bool watch_status_ready(const struct watch_status *status, int64_t now_ms, const char **why);

/* The last run as a JSON object, a new reference; null before the first. */
json_t *watch_status_last_run(const struct watch_status *status);

/* The whole but for the plan, as /status.json. */
void watch_status_add_json(const struct watch_status *status, struct buf *out);

/* In a few words: "in sync", "differs from the roster", "not known yet". */
const char *watch_status_words(const struct watch_status *status);

void watch_status_release(struct watch_status *status);

#endif
