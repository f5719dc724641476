/*
 * What is known of the messages that webhooks spoke of, to tell news from what is late or repeated.
 *
 * - A webhook is a duplicate when one with the same signature (the same URL and content) or the
 *   same idempotency token was there before, or when the same inbound message was.
 * - A status is late when the message is that far on already, and it is not a duplicate. Neither
 *   changes the current status, which never steps back (see message_status.h).
 *
 * Memory is bounded: of so many messages and eight times as many webhooks that were seen last is
 * something known. One that was forgotten counts as new when it comes again.
 */
#ifndef ROSTER_TWILIO_WEBHOOK_MESSAGES_H
#define ROSTER_TWILIO_WEBHOOK_MESSAGES_H

#include "twilio/webhook_event.h"

#include <stddef.h>
#include <stdint.h>

struct webhook_messages;

enum { WEBHOOK_MESSAGES_DEFAULT = 50000 };

/* `max_messages` 0: WEBHOOK_MESSAGES_DEFAULT. */
struct webhook_messages *webhook_messages_new(size_t max_messages);
/* Accepts NULL. */
void webhook_messages_free(struct webhook_messages *messages);

/* Sets the event's `duplicate`, `late` and `current`, and remembers it. */
void webhook_messages_note(struct webhook_messages *messages, struct webhook_event *event);

/* Messages known now, and forgotten so far. */
size_t webhook_messages_count(const struct webhook_messages *messages);
uint64_t webhook_messages_forgotten(const struct webhook_messages *messages);

#endif
