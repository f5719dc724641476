#include "twilio/webhook_messages.h"

#include "base/digest.h"
#include "base/lru.h"
#include "base/memory.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* Up to four callbacks a message are usual; each is known by its signature and its token. */
enum { SEEN_A_MESSAGE = 8 };

struct webhook_messages {
    struct lru *messages; /* by SID; enum message_status */
    struct lru *seen;     /* by signature, and by the digest of the idempotency token */
};

struct webhook_messages *webhook_messages_new(size_t max_messages)
{
    struct webhook_messages *messages = memory_zeroed(sizeof(*messages));

    if (max_messages == 0)
        max_messages = WEBHOOK_MESSAGES_DEFAULT;
    messages->messages = lru_new(max_messages, sizeof(enum message_status));
    messages->seen = lru_new(max_messages * SEEN_A_MESSAGE, 1);
    return messages;
}

void webhook_messages_free(struct webhook_messages *messages)
{
    if (messages == NULL)
        return;
    lru_free(messages->messages);
    lru_free(messages->seen);
    free(messages);
}

static bool seen_before(struct webhook_messages *messages, const char *name)
{
    if (lru_find(messages->seen, name) != NULL)
        return true;
    (void)lru_add(messages->seen, name);
    return false;
}

static bool is_repeated(struct webhook_messages *messages, const struct webhook_event *event)
{
    bool repeated = seen_before(messages, event->signature);
    char digest[DIGEST_HEX_SIZE];

    if (str_is_empty(event->idempotency_token))
        return repeated;
    digest_sha256(event->idempotency_token, strlen(event->idempotency_token), digest);
    /* Both are remembered, whichever was there. */
    return seen_before(messages, digest) || repeated;
}

void webhook_messages_note(struct webhook_messages *messages, struct webhook_event *event)
{
    enum message_status arrived = message_status_of(event->status);
    enum message_status *current = lru_find(messages->messages, event->message_sid);

    if (current == NULL)
        current = lru_add(messages->messages, event->message_sid);
    event->duplicate = is_repeated(messages, event);
    if (event->kind == WEBHOOK_INBOUND && *current != MESSAGE_STATUS_NONE && *current == arrived)
        event->duplicate = true;
    event->late = !event->duplicate && arrived != MESSAGE_STATUS_NONE &&
                  !message_status_advances(*current, arrived);
    if (!event->duplicate && message_status_advances(*current, arrived))
        *current = arrived;
    event->current = *current;
}

size_t webhook_messages_count(const struct webhook_messages *messages)
{
    return lru_count(messages->messages);
}

uint64_t webhook_messages_forgotten(const struct webhook_messages *messages)
{
    return lru_forgotten(messages->messages);
}
