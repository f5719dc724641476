#include "cli/watch_status.h"

#include "cli/watch_schedule.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "base/str.h"

#include <string.h>

/* Whether the plan is another one than that of the last run which had one. */
static bool is_new_drift(const struct watch_status *status, const struct watch_report *report)
{
    return report->planned && report->changes > 0 &&
           (status->in_sync || !str_equal(status->planned.key, report->key));
}

void watch_status_conclude(struct watch_status *status, struct watch_report *report,
                           enum watch_trigger trigger, int64_t began_ms, int64_t lasted_ms)
{
    watch_history_add(&status->history, report, trigger, began_ms, lasted_ms);
    if (is_new_drift(status, report))
        status->drifts++;
    arena_release(&status->latest.arena);
    status->latest = *report;
    if (report->planned) {
        arena_release(&status->planned.arena);
        status->planned = *report;
        memset(&status->latest.arena, 0, sizeof(status->latest.arena));
        status->in_sync = watch_state_is_sync(report->state);
        status->sync_known = true;
    }
    memset(report, 0, sizeof(*report));
    status->sequence++;
}

bool watch_status_ready(const struct watch_status *status, int64_t now_ms, const char **why)
{
    *why = "no run has worked yet";
    if (status->history.success_ms == 0)
        return false;
    *why = "no run has worked for more than three intervals";
    return now_ms - status->history.success_ms <= watch_schedule_fresh_ms(status->interval_ms);
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text == NULL ? json_null() : json_string(text));
}

static void set_time(json_t *object, const char *key, int64_t wall_ms)
{
    char text[CLOCK_ISO_SIZE];

    set_text(object, key, wall_ms == 0 ? NULL : clock_iso(wall_ms, text));
}

static void set_counts(json_t *object, const struct watch_report *report)
{
    json_t *kinds = json_object();
    size_t kind;

    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        json_object_set_new(kinds, change_kind_name((enum change_kind)kind),
                            json_integer((json_int_t)report->counts[kind]));
    json_object_set_new(object, "changes", kinds);
    json_object_set_new(object, "done", json_integer((json_int_t)report->done));
    json_object_set_new(object, "failed", json_integer((json_int_t)report->failed));
    json_object_set_new(object, "not_attempted", json_integer((json_int_t)report->not_attempted));
}

json_t *watch_status_last_run(const struct watch_status *status)
{
    const struct watch_report *report = &status->latest;
    const struct watch_past_run *run;
    json_t *object;

    if (watch_history_size(&status->history) == 0)
        return json_null();
    run = watch_history_at(&status->history, 0);
    object = json_object();
    json_object_set_new(object, "number", json_integer(run->number));
    set_time(object, "began_at", run->began_ms);
    json_object_set_new(object, "duration_ms", json_integer(run->lasted_ms));
    set_text(object, "trigger", watch_trigger_name(run->trigger));
    set_text(object, "state", watch_state_name(report->state));
    set_text(object, "summary", run->line);
    set_text(object, "problem", report->problem);
    set_text(object, "account_sid", report->account);
    set_text(object, "location", report->location);
    set_text(object, "sha256", report->sha256);
    set_text(object, "commit", report->commit);
    set_text(object, "author", report->author);
    set_text(object, "date", report->date);
    set_text(object, "key", report->key);
    if (report->planned)
        set_counts(object, report);
    else
        set_text(object, "changes", NULL);
    set_time(object, "window_opens_at", report->opens_ms);
    return object;
}

void watch_status_add_json(const struct watch_status *status, struct buf *out)
{
    json_t *object = json_object();

    json_object_set_new(object, "sequence", json_integer((json_int_t)status->sequence));
    set_time(object, "started_at", status->started_ms);
    set_text(object, "roster", status->location);
    json_object_set_new(object, "in_sync",
                        status->sync_known ? json_boolean(status->in_sync) : json_null());
    json_object_set_new(object, "running", json_boolean(status->running_since_ms != 0));
    json_object_set_new(object, "applying", json_boolean(status->applying));
    json_object_set_new(object, "auto_apply", json_boolean(status->auto_apply));
    json_object_set_new(object, "interval_ms", json_integer(status->interval_ms));
    json_object_set_new(object, "runs", json_integer(status->history.count));
    json_object_set_new(object, "failures_in_a_row", json_integer(status->history.failures));
    set_time(object, "next_run_at", status->next_ms);
    json_object_set_new(object, "last_run", watch_status_last_run(status));
    json_text_add_document(out, object);
    json_decref(object);
}

const char *watch_status_words(const struct watch_status *status)
{
    if (!status->sync_known)
        return status->history.count == 0 ? "Not known yet: the first run goes on"
                                          : "Not known: no run has worked yet";
    if (status->in_sync)
        return "In sync: the account is as the roster says";
    return "Differs: the account is not as the roster says";
}

void watch_status_release(struct watch_status *status)
{
    arena_release(&status->latest.arena);
    arena_release(&status->planned.arena);
}
