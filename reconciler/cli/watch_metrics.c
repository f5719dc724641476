#include "cli/watch_metrics.h"

#include "base/attributes.h"

#include <inttypes.h>

static void add_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Thousandths are what all times have. */
static void add_seconds(struct buf *out, const char *name, const char *help, int64_t ms)
{
    add_head(out, name, "gauge", help);
    buf_printf(out, "%s %" PRId64 ".%03d\n", name, ms / 1000, (int)(ms % 1000));
}

static void add_count(struct buf *out, const char *name, const char *type, const char *help,
                      uint64_t value)
{
    add_head(out, name, type, help);
    buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

static void add_runs(const struct watch_status *status, struct buf *out)
{
    const struct watch_history *history = &status->history;
    size_t state;

    add_head(out, "roster_watch_runs_total", "counter", "Runs, by what came of them.");
    for (state = 0; state < WATCH_STATE_COUNT; state++)
        buf_printf(out, "roster_watch_runs_total{state=\"%s\"} %" PRIu64 "\n",
                   watch_state_name((enum watch_state)state), history->by_state[state]);
    add_count(out, "roster_watch_failures_in_a_row", "gauge",
              "Runs since the last one that worked.", history->failures);
    add_count(out, "roster_watch_running", "gauge", "Whether a run goes on.",
              status->running_since_ms != 0);
    if (history->count > 0) {
        const struct watch_past_run *last = watch_history_at(history, 0);
        add_seconds(out, "roster_watch_last_run_timestamp_seconds", "When the last run ended.",
                    last->began_ms + last->lasted_ms);
        add_seconds(out, "roster_watch_last_run_duration_seconds", "How long the last run took.",
                    last->lasted_ms);
    }
    if (history->success_ms != 0)
        add_seconds(out, "roster_watch_last_success_timestamp_seconds",
                    "When the last run ended that worked.", history->success_ms);
    if (status->next_ms != 0)
        add_seconds(out, "roster_watch_next_run_timestamp_seconds", "When the next run begins.",
                    status->next_ms);
    add_seconds(out, "roster_watch_interval_seconds", "How long there is between two runs.",
                status->interval_ms);
}

/* Of a plan that was applied, nothing is left. */
static void add_plan(const struct watch_status *status, struct buf *out)
{
    size_t kind;

    if (!status->sync_known)
        return;
    add_count(out, "roster_watch_in_sync", "gauge",
              "Whether the account was as the roster says when it was last looked at.",
              status->in_sync);
    add_head(out, "roster_watch_changes", "gauge",
             "Changes that lead from the account to the roster, by kind.");
    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        buf_printf(out, "roster_watch_changes{kind=\"%s\"} %zu\n",
                   change_kind_name((enum change_kind)kind),
                   status->in_sync ? 0 : status->planned.counts[kind]);
}

void watch_metrics_add(const struct watch_status *status, struct buf *out)
{
    add_head(out, "roster_build_info", "gauge", "The version of roster.");
    buf_printf(out, "roster_build_info{version=\"%s\"} 1\n", ROSTER_VERSION);
    add_runs(status, out);
    add_plan(status, out);
    add_count(out, "roster_watch_drifts_total", "counter",
              "Differences between account and roster that were not there in the run before.",
              status->drifts);
    add_head(out, "roster_watch_applied_changes_total", "counter",
             "Changes that were applied, by what became of them.");
    buf_printf(out, "roster_watch_applied_changes_total{outcome=\"done\"} %" PRIu64 "\n",
               status->history.changes_done);
    buf_printf(out, "roster_watch_applied_changes_total{outcome=\"failed\"} %" PRIu64 "\n",
               status->history.changes_failed);
    add_head(out, "roster_watch_hooks_total", "counter", "Webhooks of git repositories, by kind.");
    buf_printf(out, "roster_watch_hooks_total{kind=\"genuine\"} %" PRIu64 "\n", status->hooks);
    buf_printf(out, "roster_watch_hooks_total{kind=\"ping\"} %" PRIu64 "\n", status->pings);
    buf_printf(out, "roster_watch_hooks_total{kind=\"refused\"} %" PRIu64 "\n",
               status->forged_hooks);
}
