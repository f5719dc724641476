/*
 * The last runs of watch, in a ring of fixed size, and what is counted over all of them.
 */
#ifndef ROSTER_CLI_WATCH_HISTORY_H
#define ROSTER_CLI_WATCH_HISTORY_H

#include "cli/watch_report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WATCH_HISTORY_MAX = 100, WATCH_SHORT_ID = 12, WATCH_LINE_MAX = 400 };

/* Why a run was made. */
enum watch_trigger {
    WATCH_TRIGGER_START,
    WATCH_TRIGGER_INTERVAL,
    WATCH_TRIGGER_HANGUP, /* SIGHUP */
    WATCH_TRIGGER_HOOK,
    WATCH_TRIGGER_WINDOW, /* a change window has opened */
    WATCH_TRIGGER_COUNT,
};

const char *watch_trigger_name(enum watch_trigger trigger);

struct watch_past_run {
    int64_t number;   /* from 1 on */
    int64_t began_ms; /* wall clock */
    int64_t lasted_ms;
    enum watch_trigger trigger;
    enum watch_state state;
    size_t changes, done, failed;
    char commit[WATCH_SHORT_ID + 1]; /* "" : not from git, or not known */
    char line[WATCH_LINE_MAX];       /* what came of it, in one line; cut */
};

/* All zero is a valid start. */
struct watch_history {
    struct watch_past_run runs[WATCH_HISTORY_MAX];
    int64_t count;                        /* all that were ever added */
    uint64_t by_state[WATCH_STATE_COUNT]; /* likewise */
    uint64_t changes_done, changes_failed;
    unsigned failures;  /* in a row, up to now */
    int64_t success_ms; /* when the last run ended that was none of them; wall clock; 0: none */
};

void watch_history_add(struct watch_history *history, const struct watch_report *report,
                       enum watch_trigger trigger, int64_t began_ms, int64_t lasted_ms);

/* How many can be looked at, and those, the latest first. */
size_t watch_history_size(const struct watch_history *history);
const struct watch_past_run *watch_history_at(const struct watch_history *history, size_t index);

/* "differs: 2 to update; not applied: ...": what came of a run, for people, in one line. */
void watch_report_add_line(const struct watch_report *report, struct buf *out);

#endif
