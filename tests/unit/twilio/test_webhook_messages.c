#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "twilio/webhook_messages.h"

#include "base/attributes.h"

#include <stdio.h>

/* The steps of each case go to messages of their own. */
static const struct {
    const char *sid, *status, *signature, *token;
    enum message_status current;
    bool duplicate, late;
} steps[] = {
    /* In order. */
    {"SM1", "queued", "1", "t1", MESSAGE_QUEUED, false, false},
    {"SM1", "sent", "2", "t2", MESSAGE_SENT, false, false},
    {"SM1", "delivered", "3", "t3", MESSAGE_DELIVERED, false, false},
    {"SM1", "read", "4", "t4", MESSAGE_READ, false, false},
    {"SM1", "delivered", "5", NULL, MESSAGE_READ, false, true},
    /* Out of order. */
    {"SM2", "delivered", "6", "t6", MESSAGE_DELIVERED, false, false},
    {"SM2", "queued", "7", "t7", MESSAGE_DELIVERED, false, true},
    {"SM2", "sent", "8", "t8", MESSAGE_DELIVERED, false, true},
    {"SM2", "failed", "9", "t9", MESSAGE_DELIVERED, false, true},
    /* The same once more, by its signature, by its token, by both. */
    {"SM3", "sent", "10", "t10", MESSAGE_SENT, false, false},
    {"SM3", "sent", "10", NULL, MESSAGE_SENT, true, false},
    {"SM3", "sent", "10", "other", MESSAGE_SENT, true, false},
    {"SM3", "delivered", "11", "t10", MESSAGE_SENT, true, false},
    {"SM3", "delivered", "11", "t11", MESSAGE_SENT, true, false},
    {"SM3", "delivered", "12", "t12", MESSAGE_DELIVERED, false, false},
    /* The same status with other words is late. */
    {"SM4", "sent", "13", "", MESSAGE_SENT, false, false},
    {"SM4", "sent", "14", "", MESSAGE_SENT, false, true},
    /* What we don't know changes nothing. */
    {"SM5", "teleported", "15", NULL, MESSAGE_STATUS_NONE, false, false},
    {"SM5", "sent", "16", NULL, MESSAGE_SENT, false, false},
    {"SM5", "teleported", "17", NULL, MESSAGE_SENT, false, false},
    /* An inbound message that comes to another URL, too. */
    {"SM6", "received", "18", NULL, MESSAGE_RECEIVED, false, false},
    {"SM6", "received", "19", NULL, MESSAGE_RECEIVED, true, false},
};

static struct webhook_event event_of(const char *sid, const char *status, const char *signature,
                                     const char *token)
{
    enum message_status known = message_status_of(status);

    return (struct webhook_event){.kind =
                                      known == MESSAGE_RECEIVED ? WEBHOOK_INBOUND : WEBHOOK_STATUS,
                                  .message_sid = sid,
                                  .status = status,
                                  .signature = signature,
                                  .idempotency_token = token};
}

static void test_statuses_never_step_back(void **state)
{
    struct webhook_messages *messages = webhook_messages_new(0);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(steps); i++) {
        struct webhook_event event =
            event_of(steps[i].sid, steps[i].status, steps[i].signature, steps[i].token);
        webhook_messages_note(messages, &event);
        if (event.current != steps[i].current || event.duplicate != steps[i].duplicate ||
            event.late != steps[i].late)
            fail_msg("step %zu: current %d, duplicate %d, late %d", i, (int)event.current,
                     event.duplicate, event.late);
    }
    assert_int_equal(webhook_messages_count(messages), 6);
    webhook_messages_free(messages);
}

/* The message heard of longest ago is forgotten, with its webhooks some time later. */
static void test_memory_is_bounded(void **state)
{
    struct webhook_messages *messages = webhook_messages_new(2);
    struct webhook_event event;
    char name[16];
    int i;

    (void)state;
    for (i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "SM%d", i);
        event = event_of(name, "delivered", name, NULL);
        webhook_messages_note(messages, &event);
        assert_false(event.duplicate || event.late);
    }
    assert_int_equal(webhook_messages_count(messages), 2);
    assert_int_equal(webhook_messages_forgotten(messages), 98);
    event = event_of("SM99", "sent", "x", NULL);
    webhook_messages_note(messages, &event);
    assert_true(event.late);
    event = event_of("SM90", "sent", "SM90", NULL);
    webhook_messages_note(messages, &event);
    assert_true(event.duplicate);
    event = event_of("SM1", "sent", "SM1", NULL);
    webhook_messages_note(messages, &event);
    assert_false(event.duplicate || event.late);
    assert_int_equal(event.current, MESSAGE_SENT);
    webhook_messages_free(messages);
    webhook_messages_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses_never_step_back),
        cmocka_unit_test(test_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
