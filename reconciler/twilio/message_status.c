#include "twilio/message_status.h"

#include "base/str.h"

#include <stddef.h>

enum { RANK_FINAL = 7 };

static const struct {
    const char *name;
    int rank;
} statuses[MESSAGE_STATUS_COUNT] = {
    [MESSAGE_SCHEDULED] = {"scheduled", 1},
    [MESSAGE_ACCEPTED] = {"accepted", 2},
    [MESSAGE_QUEUED] = {"queued", 3},
    [MESSAGE_SENDING] = {"sending", 4},
    [MESSAGE_SENT] = {"sent", 5},
    [MESSAGE_PARTIALLY_DELIVERED] = {"partially_delivered", 6},
    [MESSAGE_DELIVERED] = {"delivered", RANK_FINAL},
    [MESSAGE_UNDELIVERED] = {"undelivered", RANK_FINAL},
    [MESSAGE_FAILED] = {"failed", RANK_FINAL},
    [MESSAGE_CANCELED] = {"canceled", RANK_FINAL},
    [MESSAGE_READ] = {"read", RANK_FINAL + 1},
    [MESSAGE_RECEIVING] = {"receiving", 1},
    [MESSAGE_RECEIVED] = {"received", RANK_FINAL},
};

enum message_status message_status_of(const char *text)
{
    unsigned i;

    for (i = MESSAGE_STATUS_NONE + 1; i < MESSAGE_STATUS_COUNT; i++)
        if (str_equal(statuses[i].name, text))
            return (enum message_status)i;
    return MESSAGE_STATUS_NONE;
}

const char *message_status_name(enum message_status status)
{
    return statuses[status].name;
}

bool message_status_is_final(enum message_status status)
{
    return statuses[status].rank >= RANK_FINAL;
}

bool message_status_is_failure(enum message_status status)
{
    return status == MESSAGE_UNDELIVERED || status == MESSAGE_FAILED || status == MESSAGE_CANCELED;
}

bool message_status_advances(enum message_status from, enum message_status to)
{
    return statuses[to].rank > statuses[from].rank;
}
