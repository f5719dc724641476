#include "cli/drift_metrics.h"

#include "base/str.h"
#include "plan/drift.h"

#include <inttypes.h>
#include <string.h>

static void add_head(const char *name, const char *help, struct buf *out)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* As the text format has it: a backslash before each quote and backslash. */
static void add_label(const char *name, const char *value, struct buf *out)
{
    struct buf visible;
    const char *at;

    buf_init(&visible, out->limit);
    str_add_visible(&visible, value, strlen(value));
    buf_printf(out, "%s=\"", name);
    for (at = buf_text(&visible); *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *at);
    }
    buf_add_char(out, '"');
    buf_release(&visible);
}

static void add_name(const char *name, const char *roster, struct buf *out)
{
    buf_printf(out, "%s{", name);
    add_label("roster", roster, out);
}

static void add_gauge(const char *name, const char *help, const char *roster, int64_t value,
                      struct buf *out)
{
    add_head(name, help, out);
    add_name(name, roster, out);
    buf_printf(out, "} %" PRId64 "\n", value);
}

static void add_differences(const struct drift_metrics *metrics, struct buf *out)
{
    static const char name[] = "roster_drift_differences";
    size_t kind;

    add_head(name, "Differences between account and roster: a setting each, else a change each.",
             out);
    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++) {
        const enum drift_class classes[] = {drift_class_of((enum change_kind)kind),
                                            DRIFT_ROSTER_AHEAD};
        size_t i;
        for (i = 0; i < COUNT_OF(classes); i++) {
            add_name(name, metrics->roster, out);
            buf_printf(out, ",kind=\"%s\",class=\"%s\"} %zu\n",
                       change_kind_name((enum change_kind)kind), drift_class_name(classes[i]),
                       metrics->plan->drift.counts[kind][classes[i]]);
        }
    }
}

void drift_metrics_write(const struct drift_metrics *metrics, struct buf *out)
{
    add_head("roster_build_info", "Version of the roster that wrote this.", out);
    add_name("roster_build_info", metrics->roster, out);
    buf_add_char(out, ',');
    add_label("version", metrics->version, out);
    buf_add_text(out, "} 1\n");
    add_gauge("roster_drift_success", "Whether the last run could compare account and roster.",
              metrics->roster, metrics->plan != NULL, out);
    add_gauge("roster_drift_last_run_timestamp_seconds", "When the last run ended.",
              metrics->roster, metrics->now, out);
    add_head("roster_drift_duration_seconds", "How long the last run took.", out);
    add_name("roster_drift_duration_seconds", metrics->roster, out);
    buf_printf(out, "} %" PRId64 ".%03d\n", metrics->duration_ms / 1000,
               (int)(metrics->duration_ms % 1000));
    add_gauge("roster_drift_requests", "Requests that the last run sent to Twilio.",
              metrics->roster, (int64_t)metrics->requests, out);
    if (metrics->plan == NULL)
        return;
    add_gauge("roster_drift_in_sync", "Whether nothing was changed by hand.", metrics->roster,
              drift_by_hand(metrics->plan) == 0, out);
    add_differences(metrics, out);
}
