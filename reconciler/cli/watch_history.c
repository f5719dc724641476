#include "cli/watch_history.h"

#include "base/clock.h"
#include "base/str.h"

#include <assert.h>
#include <string.h>

const char *watch_trigger_name(enum watch_trigger trigger)
{
    static const char *const names[WATCH_TRIGGER_COUNT] = {
        [WATCH_TRIGGER_START] = "start",   [WATCH_TRIGGER_INTERVAL] = "interval",
        [WATCH_TRIGGER_HANGUP] = "SIGHUP", [WATCH_TRIGGER_HOOK] = "webhook",
        [WATCH_TRIGGER_WINDOW] = "window",
    };
    return names[trigger];
}

static void add_counts(const struct watch_report *report, struct buf *out)
{
    buf_printf(out, "%zu done, %zu failed, %zu not attempted", report->done, report->failed,
               report->not_attempted);
}

static void add_problem(const struct watch_report *report, const char *before, struct buf *out)
{
    if (report->problem == NULL)
        return;
    buf_add_text(out, before);
    buf_add_text(out, report->problem);
}

void watch_report_add_line(const struct watch_report *report, struct buf *out)
{
    char opens[CLOCK_ISO_SIZE];

    switch (report->state) {
    case WATCH_IN_SYNC:
        buf_add_text(out, "in sync");
        break;
    case WATCH_DIFFERS:
        buf_printf(out, "differs: %s; not applied, for --auto-apply is not given", report->words);
        break;
    case WATCH_REFUSED:
        buf_printf(out, "differs: %s; not applied", report->words);
        add_problem(report, ": ", out);
        break;
    case WATCH_WAITS:
        buf_printf(out, "differs: %s; waits for a change window", report->words);
        if (report->opens_ms != 0)
            buf_printf(out, ", which opens at %s", clock_iso(report->opens_ms, opens));
        break;
    case WATCH_TRIED:
        buf_printf(out, "differs: %s; not applied again", report->words);
        add_problem(report, ": ", out);
        break;
    case WATCH_APPLIED:
        buf_printf(out, "applied: %s", report->words);
        break;
    case WATCH_TEST_FAILED:
        buf_printf(out, "applied: %s; but", report->words);
        add_problem(report, " ", out);
        break;
    case WATCH_INCOMPLETE:
        buf_add_text(out, "apply failed: ");
        add_counts(report, out);
        add_problem(report, "; ", out);
        break;
    case WATCH_ERROR:
        buf_add_text(out, "failed");
        add_problem(report, ": ", out);
        break;
    case WATCH_STATE_COUNT:
        break;
    }
}

static void set_line(struct watch_past_run *run, const struct watch_report *report)
{
    struct buf line;
    size_t size;

    buf_init(&line, 64 * 1024);
    watch_report_add_line(report, &line);
    size = line.size < sizeof(run->line) ? line.size : sizeof(run->line) - 1;
    /* Not in the midst of a character. */
    size = str_utf8_valid(buf_text(&line), size);
    memcpy(run->line, buf_text(&line), size);
    run->line[size] = '\0';
    buf_release(&line);
}

void watch_history_add(struct watch_history *history, const struct watch_report *report,
                       enum watch_trigger trigger, int64_t began_ms, int64_t lasted_ms)
{
    struct watch_past_run *run = &history->runs[history->count % WATCH_HISTORY_MAX];

    memset(run, 0, sizeof(*run));
    run->number = ++history->count;
    run->began_ms = began_ms;
    run->lasted_ms = lasted_ms;
    run->trigger = trigger;
    run->state = report->state;
    run->changes = report->changes;
    run->done = report->done;
    run->failed = report->failed;
    if (report->commit != NULL)
        memcpy(run->commit, report->commit, strnlen(report->commit, WATCH_SHORT_ID));
    set_line(run, report);
    history->by_state[report->state]++;
    history->changes_done += report->done;
    history->changes_failed += report->failed;
    if (watch_state_is_success(report->state)) {
        history->failures = 0;
        history->success_ms = began_ms + lasted_ms;
    } else {
        history->failures++;
    }
}

size_t watch_history_size(const struct watch_history *history)
{
    return history->count < WATCH_HISTORY_MAX ? (size_t)history->count : WATCH_HISTORY_MAX;
}

const struct watch_past_run *watch_history_at(const struct watch_history *history, size_t index)
{
    assert(index < watch_history_size(history));
    return &history->runs[(size_t)(history->count - 1 - (int64_t)index) % WATCH_HISTORY_MAX];
}
