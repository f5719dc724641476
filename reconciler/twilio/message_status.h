/*
 * The statuses of a message, and which of them is further on.
 *
 * Callbacks come out of order and more than once, so that only a rank tells whether one is news:
 *
 *     scheduled < accepted < queued < sending < sent < partially_delivered
 *               < delivered, undelivered, failed, canceled < read
 *     receiving < received                                            (of inbound messages)
 */
#ifndef ROSTER_TWILIO_MESSAGE_STATUS_H
#define ROSTER_TWILIO_MESSAGE_STATUS_H

#include <stdbool.h>

enum message_status {
    MESSAGE_STATUS_NONE, /* none yet, or one that we don't know */
    MESSAGE_SCHEDULED,
    MESSAGE_ACCEPTED,
    MESSAGE_QUEUED,
    MESSAGE_SENDING,
    MESSAGE_SENT,
    MESSAGE_PARTIALLY_DELIVERED,
    MESSAGE_DELIVERED,
    MESSAGE_UNDELIVERED,
    MESSAGE_FAILED,
    MESSAGE_CANCELED,
    MESSAGE_READ,
    MESSAGE_RECEIVING,
    MESSAGE_RECEIVED,
    MESSAGE_STATUS_COUNT
};

/* NONE for a text that is no status that we know; NULL is none. */
enum message_status message_status_of(const char *text);

/* As the API spells it; NULL for NONE. */
const char *message_status_name(enum message_status status);

/* Nothing but `read` comes after it. `sent` is not final, though it may stay the last one. */
bool message_status_is_final(enum message_status status);

/* undelivered, failed, canceled. */
bool message_status_is_failure(enum message_status status);

/* Whether a message goes on from one to the other. Of two final ones the first stays. */
bool message_status_advances(enum message_status from, enum message_status to);

#endif
