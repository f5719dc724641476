/*
 * A sandbox in process whose webhooks are kept, for tests of messages.
 */
#ifndef ROSTER_TESTS_MESSAGES_FIXTURE_H
#define ROSTER_TESTS_MESSAGES_FIXTURE_H

#include "test_fixture.h"

#include "base/form.h"
#include "sandbox/sandbox_webhook.h"

#define MESSAGES API "/Messages.json"
#define BY_ORDERS "&MessagingServiceSid=" ORDERS

enum { POSTED_MAX = 64 };

struct posted {
    struct sandbox_webhook *webhooks[POSTED_MAX];
    size_t count;
};

static inline void posted_take(void *context, struct sandbox_webhook *webhook)
{
    struct posted *posted = context;

    assert_true(posted->count < POSTED_MAX);
    posted->webhooks[posted->count++] = sandbox_webhook_keep(webhook);
}

static inline void posted_clear(struct posted *posted)
{
    while (posted->count > 0)
        sandbox_webhook_free(posted->webhooks[--posted->count]);
}

/* The events in the order of posting, those that are lost in brackets: "queued sent (delivered)".
 */
static inline const char *posted_events(const struct posted *posted, char out[1024])
{
    size_t i, size = 0;

    out[0] = '\0';
    for (i = 0; i < posted->count; i++)
        size +=
            (size_t)snprintf(out + size, 1024 - size, posted->webhooks[i]->lost ? "%s(%s)" : "%s%s",
                             i == 0 ? "" : " ", posted->webhooks[i]->event);
    return out;
}

static inline void posted_expect(const struct posted *posted, const char *wanted)
{
    char text[1024];
    assert_string_equal(posted_events(posted, text), wanted);
}

/* A message to the number, through the service; returns the answer's status. */
static inline int messages_send(struct fixture *f, const char *to, const char *service)
{
    char form[512];

    snprintf(form, sizeof(form), "To=%%2B%s&MessagingServiceSid=%s&Body=x", to, service);
    return fixture_call(f, form, "POST " MESSAGES);
}

/* A member of the newest message, as text. */
static inline const char *messages_last(struct fixture *f, const char *member, char out[1024])
{
    char path[256];

    fixture_call(f, NULL, "GET " API "/Messages/%s.json",
                 f->store.messages.rows[f->store.messages.count - 1]->sid);
    snprintf(path, sizeof(path), "%s", member);
    return fixture_text(f, path, out);
}

#endif
