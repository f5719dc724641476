#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "twilio/message_status.h"

static void test_names_are_found(void **state)
{
    unsigned i;

    (void)state;
    for (i = MESSAGE_STATUS_NONE + 1; i < MESSAGE_STATUS_COUNT; i++)
        assert_int_equal(message_status_of(message_status_name((enum message_status)i)), i);
    assert_null(message_status_name(MESSAGE_STATUS_NONE));
    assert_int_equal(message_status_of("Sent"), MESSAGE_STATUS_NONE);
    assert_int_equal(message_status_of(""), MESSAGE_STATUS_NONE);
    assert_int_equal(message_status_of(NULL), MESSAGE_STATUS_NONE);
}

/* Each of these goes on to all that follow it, and none of them back. */
static void test_the_ways_of_a_message(void **state)
{
    static const enum message_status ways[][8] = {
        {MESSAGE_SCHEDULED, MESSAGE_ACCEPTED, MESSAGE_QUEUED, MESSAGE_SENDING, MESSAGE_SENT,
         MESSAGE_DELIVERED, MESSAGE_READ},
        {MESSAGE_ACCEPTED, MESSAGE_QUEUED, MESSAGE_SENDING, MESSAGE_SENT,
         MESSAGE_PARTIALLY_DELIVERED, MESSAGE_UNDELIVERED},
        {MESSAGE_ACCEPTED, MESSAGE_QUEUED, MESSAGE_FAILED},
        {MESSAGE_SCHEDULED, MESSAGE_CANCELED},
        {MESSAGE_RECEIVING, MESSAGE_RECEIVED},
    };
    size_t way, i, j;

    (void)state;
    for (way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
        for (i = 0; i < 8 && ways[way][i] != MESSAGE_STATUS_NONE; i++) {
            assert_true(message_status_advances(MESSAGE_STATUS_NONE, ways[way][i]));
            for (j = 0; j <= i; j++) {
                assert_int_equal(message_status_advances(ways[way][j], ways[way][i]), i != j);
                assert_false(message_status_advances(ways[way][i], ways[way][j]));
            }
        }
        assert_true(message_status_is_final(ways[way][i - 1]));
    }
}

static void test_final_ones_stay(void **state)
{
    static const enum message_status finals[] = {MESSAGE_DELIVERED, MESSAGE_UNDELIVERED,
                                                 MESSAGE_FAILED, MESSAGE_CANCELED};
    size_t i, j;

    (void)state;
    for (i = 0; i < 4; i++)
        for (j = 0; j < 4; j++)
            assert_false(message_status_advances(finals[i], finals[j]));
    assert_false(message_status_is_final(MESSAGE_SENT));
    assert_false(message_status_is_final(MESSAGE_STATUS_NONE));
    assert_true(message_status_is_final(MESSAGE_READ));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_found),
        cmocka_unit_test(test_the_ways_of_a_message),
        cmocka_unit_test(test_final_ones_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
