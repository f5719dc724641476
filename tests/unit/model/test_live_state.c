#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "model/live_state.h"

/* Lists grow by copying, so what points to a service must stay good. */
static void test_services_stay_at_their_address(void **state)
{
    struct live_state live = {0};
    struct live_service *first = live_state_add_service(&live);
    int i;
    (void)state;
    for (i = 0; i < 1000; i++)
        live_state_add_service(&live);
    assert_int_equal(live.count, 1001);
    assert_ptr_equal(live.services[0], first);
    live_state_release(&live);
    assert_int_equal(live.count, 0);
}

static void test_senders_are_found_by_identity(void **state)
{
    struct live_state live = {0};
    struct live_senders list = {0};
    int i;
    (void)state;
    for (i = 0; i < 100; i++)
        live_state_add_sender(&live, &list)->identity =
            arena_printf(&live.arena, "+1500555%04d", i);
    assert_int_equal(list.count, 100);
    assert_ptr_equal(live_senders_find(&list, "+15005550042"), &list.items[42]);
    assert_null(live_senders_find(&list, "+15005559999"));
    live_state_release(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_services_stay_at_their_address),
        cmocka_unit_test(test_senders_are_found_by_identity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
