#include "twilio/webhook_metrics.h"

#include <inttypes.h>

static void add_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_one(struct buf *out, const char *name, const char *type, const char *help,
                    uint64_t value)
{
    add_head(out, name, type, help);
    buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

void webhook_metrics_add(struct buf *out, const struct webhook_counts *counts)
{
    unsigned i;

    add_head(out, "roster_listen_requests_total", "counter",
             "Requests, by what became of them; only those accepted were printed.");
    for (i = 0; i < WEBHOOK_OUTCOME_COUNT; i++)
        buf_printf(out, "roster_listen_requests_total{outcome=\"%s\"} %" PRIu64 "\n",
                   webhook_outcome_name((enum webhook_outcome)i), counts->outcomes[i]);
    add_head(out, "roster_listen_webhooks_total", "counter", "Accepted webhooks, by kind.");
    for (i = 0; i < WEBHOOK_KIND_COUNT; i++)
        buf_printf(out, "roster_listen_webhooks_total{kind=\"%s\"} %" PRIu64 "\n",
                   webhook_kind_name((enum webhook_kind)i), counts->kinds[i]);
    add_one(out, "roster_listen_duplicates_total", "counter",
            "Accepted webhooks that were there before.", counts->duplicates);
    add_one(out, "roster_listen_late_total", "counter",
            "Accepted statuses of messages that were that far on already.", counts->late);
    add_one(out, "roster_listen_messages", "gauge", "Messages whose current status is known.",
            counts->messages);
    add_one(out, "roster_listen_forgotten_messages_total", "counter",
            "Messages that were forgotten because there were too many.", counts->forgotten);
}
