#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "http/http_clients.h"

static int connections[3];

/* Whoever is waited for the longest is taken first, and only when it is late. */
static void test_late_ones_in_order(void **state)
{
    struct http_clients clients = {0};
    struct http_client *a = http_clients_add(&clients, &connections[0], 100);
    struct http_client *b = http_clients_add(&clients, &connections[1], 200);
    struct http_client *c = http_clients_add(&clients, &connections[2], 300);

    (void)state;
    assert_null(http_clients_take_late(&clients, 99));
    http_clients_begin(&clients, a);
    assert_int_equal(clients.requests, 1);
    http_clients_answer(&clients, a);
    assert_null(http_clients_take_late(&clients, 199));
    http_clients_end(&clients, a, 400);
    assert_int_equal(clients.requests, 0);
    assert_ptr_equal(http_clients_take_late(&clients, 300), b);
    assert_true(b->too_slow);
    assert_ptr_equal(http_clients_take_late(&clients, 300), c);
    assert_null(http_clients_take_late(&clients, 399));
    assert_ptr_equal(http_clients_take_late(&clients, 400), a);
    assert_null(http_clients_take_late(&clients, INT64_MAX));
    http_clients_remove(&clients, a);
    http_clients_remove(&clients, b);
    http_clients_remove(&clients, c);
}

/* A request that has begun is still waited for, from when its connection was. */
static void test_begun_is_not_whole(void **state)
{
    struct http_clients clients = {0};
    struct http_client *a = http_clients_add(&clients, &connections[0], 100);

    (void)state;
    http_clients_begin(&clients, a);
    http_clients_begin(&clients, a);
    assert_int_equal(clients.requests, 1);
    assert_ptr_equal(http_clients_take_late(&clients, 100), a);
    http_clients_end(&clients, a, 500);
    assert_null(http_clients_take_late(&clients, INT64_MAX));
    http_clients_begin(&clients, a);
    http_clients_remove(&clients, a);
    assert_int_equal(clients.requests, 0);
}

/* From the middle of the list, too. */
static void test_removal(void **state)
{
    struct http_clients clients = {0};
    struct http_client *a = http_clients_add(&clients, &connections[0], 1);
    struct http_client *b = http_clients_add(&clients, &connections[1], 2);
    struct http_client *c = http_clients_add(&clients, &connections[2], 3);

    (void)state;
    http_clients_remove(&clients, b);
    assert_ptr_equal(clients.first, a);
    assert_ptr_equal(clients.last, c);
    assert_ptr_equal(a->next, c);
    assert_ptr_equal(c->previous, a);
    http_clients_remove(&clients, c);
    http_clients_remove(&clients, a);
    assert_null(clients.first);
    assert_null(clients.last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late_ones_in_order),
        cmocka_unit_test(test_begun_is_not_whole),
        cmocka_unit_test(test_removal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
