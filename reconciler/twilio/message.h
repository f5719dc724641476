/*
 * Messages of the 2010-04-01 API: paths and bodies. Their statuses are in message_status.h.
 */
#ifndef ROSTER_TWILIO_MESSAGE_H
#define ROSTER_TWILIO_MESSAGE_H

#include "base/arena.h"
#include "base/attributes.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What is read of a message; texts are NULL where the API has none yet. */
struct message {
    const char *sid, *status;
    const char *from; /* chosen only after the message was accepted */
    const char *body;
    int64_t segments; /* 0: not known yet */
    int64_t error_code;
    const char *error_message;
    const char *price; /* as the API writes it, without its sign: "0.00750" */
    const char *price_unit;
};

/* Reads a body into the arena; returns -1 when it has no SID and status. */
MUST_CHECK int message_read(struct message *message, const json_t *body, struct arena *arena);

/* /2010-04-01/Accounts/AC…/Messages.json, and …/Messages/SM….json */
char *message_list_path(struct arena *arena, const char *account_sid);
char *message_path(struct arena *arena, const char *account_sid, const char *message_sid);

/* Twilio's word for what a sender is: "phone_number", "short_code", "channel_sender", else
 * "alpha_sender". */
const char *message_sender_kind(const char *from);

#endif
