/*
 * A drift report as a notification: a JSON document for a webhook.
 *
 * It says which services and senders are concerned and which settings, never the settings' values.
 * What was named by others is inert in it: no service takes it for formatting, links or mentions.
 * However large the drift is, the document is not: it has the first changes, and services refuse
 * large ones (Teams from 28 KB on).
 */
#ifndef ROSTER_CLI_DRIFT_PAYLOAD_H
#define ROSTER_CLI_DRIFT_PAYLOAD_H

#include "base/buf.h"
#include "plan/plan.h"

/*
 * Adds the document in the format:
 *
 *     "generic"  {"event": "drift" or "in_sync", "account_sid": …, "roster": …, "commit": …,
 *                 "baseline": …, "created": …, "summary": …, "differences": {"extra_live": 1, …},
 *                 "changes": [{"service": …, "service_sid": …, "kind": …, "class": …, "what": …,
 *                 "settings": […]}], "changes_left_out": 0}
 *     "slack"    "text" and "blocks", for incoming webhooks
 *     "teams"    a message with an adaptive card, for webhooks of workflows
 *
 * Changes are those that were made by hand.
 */
void drift_payload_write(const char *format, const struct plan *plan, struct buf *out);

#endif
