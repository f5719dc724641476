/*
 * What the error codes of messages mean, and what to do about them, in our words.
 *
 * From Twilio's error dictionary and the pages of its codes
 * (https://www.twilio.com/docs/api/errors). Twilio re-splits codes from time to time and advises
 * against programming on them: they are shown and explained, and decide nothing.
 */
#ifndef ROSTER_TWILIO_MESSAGE_ERROR_H
#define ROSTER_TWILIO_MESSAGE_ERROR_H

#include <stddef.h>
#include <stdint.h>

struct message_error {
    int code;
    const char *meaning;
    const char *advice; /* what to do */
};

extern const struct message_error message_errors[];
extern const size_t message_error_count;

/* NULL for a code that is not in the table. */
const struct message_error *message_error_find(int64_t code);

#endif
