/*
 * Looking for senders in the lists of many services.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/fake_server.h"
#include "twilio/live_fetch.h"

enum { SERVICES = 40, AT_ONCE = 16 };

#define NUMBER(digit)                                     \
    "{\"sid\": \"PN0000000000000000000000000000000" digit \
    "\", \"phone_number\": \"+1500555000" digit "\"}"
#define NUMBERS(list) "{\"phone_numbers\": [" list "]}"
#define CHANNEL                                                                     \
    "{\"senders\": [{\"sid\": \"XE00000000000000000000000000000001\", \"sender\": " \
    "\"whatsapp:+15005550001\"}]}"

/* Services that are in the live state, none with a list read, and their empty lists. */
struct fixture {
    struct fake_server fake;
    struct live_state live;
    struct fake_route routes[SERVICES];
    char requests[SERVICES][128];
};

static void fixture_init(struct fixture *fixture, const char *segment, const char *empty)
{
    size_t i;

    memset(fixture, 0, sizeof(*fixture));
    for (i = 0; i < SERVICES; i++) {
        struct live_service *service = live_state_add_service(&fixture->live);
        service->service.sid = arena_printf(&fixture->live.arena, "MG%032zx", i);
        snprintf(fixture->requests[i], sizeof(fixture->requests[i]),
                 "GET /v1/Services/MG%032zx/%s?PageSize=1000", i, segment);
        fixture->routes[i] = (struct fake_route){fixture->requests[i], 200, empty};
    }
}

static void fixture_serve(struct fixture *fixture, unsigned parallelism)
{
    fake_server_start_with(&fixture->fake, fixture->routes, SERVICES,
                           &(struct http_engine_config){.parallelism = parallelism});
}

static void fixture_release(struct fixture *fixture)
{
    fake_server_stop(&fixture->fake);
    live_state_release(&fixture->live);
    fake_server_release(&fixture->fake);
}

static size_t search(struct fixture *fixture, enum sender_kind kind, const char *const *wanted,
                     size_t count)
{
    size_t found = 99;
    assert_int_equal(live_search(fixture->fake.client, kind, wanted, count, &fixture->live, &found,
                                 &fixture->fake.diag),
                     0);
    return found;
}

static size_t requests_of(const struct fixture *fixture)
{
    return twilio_client_stats(fixture->fake.client)->requests;
}

/* How many lists are read, one at a time, until all is found: what was asked for is not undone. */
static const struct {
    const char *name;
    const char *wanted[2];
    size_t wanted_count;
    size_t at[2]; /* services that have something */
    const char *lists[2];
    size_t found, read;
} cases[] = {
    {"in the first list", {"+15005550001"}, 1, {0}, {NUMBERS(NUMBER("1"))}, 1, AT_ONCE},
    {"in the fifth", {"+15005550001"}, 1, {4}, {NUMBERS(NUMBER("1"))}, 1, AT_ONCE + 4},
    {"in the last", {"+15005550001"}, 1, {39}, {NUMBERS(NUMBER("1"))}, 1, SERVICES},
    {"by its SID",
     {"PN00000000000000000000000000000001"},
     1,
     {4},
     {NUMBERS(NUMBER("1"))},
     1,
     AT_ONCE + 4},
    {"two in one list",
     {"+15005550002", "+15005550001"},
     2,
     {4},
     {NUMBERS(NUMBER("3") ", " NUMBER("1") ", " NUMBER("2"))},
     2,
     AT_ONCE + 4},
    {"two in two lists",
     {"+15005550002", "+15005550001"},
     2,
     {4, 8},
     {NUMBERS(NUMBER("1")), NUMBERS(NUMBER("2"))},
     2,
     AT_ONCE + 8},
    {"one of two", {"+15005550002", "+15005550001"}, 2, {4}, {NUMBERS(NUMBER("1"))}, 1, SERVICES},
    {"one that a shifting page shows twice is no other one",
     {"+15005550002", "+15005550001"},
     2,
     {4, 30},
     {NUMBERS(NUMBER("1") ", " NUMBER("1")), NUMBERS(NUMBER("2"))},
     2,
     SERVICES},
    {"none", {"+15005550001"}, 1, {4}, {NUMBERS(NUMBER("3"))}, 0, SERVICES},
};

static void test_stops_when_all_is_found(void **state)
{
    size_t i, k;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        print_message("  %s\n", cases[i].name);
        fixture_init(&fixture, "PhoneNumbers", NUMBERS(""));
        for (k = 0; k < COUNT_OF(cases[i].at) && cases[i].lists[k] != NULL; k++)
            fixture.routes[cases[i].at[k]].body = cases[i].lists[k];
        fixture_serve(&fixture, 1);
        assert_int_equal(
            search(&fixture, SENDER_PHONE_NUMBER, cases[i].wanted, cases[i].wanted_count),
            cases[i].found);
        assert_int_equal(requests_of(&fixture), cases[i].read);
        fixture_release(&fixture);
    }
}

/* Lists that were read before, by a search or else, are known. */
static void test_reads_no_list_twice(void **state)
{
    static const char *const first[] = {"+15005550001"}, *const second[] = {"+15005550002"};
    struct fixture fixture;
    size_t i;
    (void)state;
    fixture_init(&fixture, "PhoneNumbers", NUMBERS(""));
    fixture.routes[4].body = NUMBERS(NUMBER("1"));
    fixture.live.services[20]->senders[SENDER_PHONE_NUMBER].fetched = true;
    fixture_serve(&fixture, 1);
    assert_int_equal(search(&fixture, SENDER_PHONE_NUMBER, first, 1), 1);
    assert_int_equal(requests_of(&fixture), AT_ONCE + 4);
    assert_int_equal(search(&fixture, SENDER_PHONE_NUMBER, second, 1), 0);
    assert_int_equal(search(&fixture, SENDER_PHONE_NUMBER, second, 1), 0);
    assert_int_equal(requests_of(&fixture), SERVICES - 1);
    for (i = 0; i < SERVICES; i++)
        assert_int_equal(fixture.fake.used[i], i == 20 ? 0 : 1);
    assert_true(fixture.live.services[4]->senders[SENDER_PHONE_NUMBER].fetched);
    assert_int_equal(fixture.live.services[4]->senders[SENDER_PHONE_NUMBER].count, 1);
    assert_false(fixture.live.services[4]->senders[SENDER_SHORT_CODE].fetched);
    fixture_release(&fixture);
}

static void test_so_many_at_once(void **state)
{
    static const char *const wanted[] = {"+15005550001"};
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture, "PhoneNumbers", NUMBERS(""));
    fixture_serve(&fixture, SERVICES * 2);
    assert_int_equal(search(&fixture, SENDER_PHONE_NUMBER, wanted, 1), 0);
    assert_int_equal(twilio_client_stats(fixture.fake.client)->in_flight_peak, AT_ONCE);
    assert_int_equal(requests_of(&fixture), SERVICES);
    fixture_release(&fixture);
}

/* What is asked for by then is waited for; nothing else is asked. */
static void test_a_list_that_fails(void **state)
{
    static const char *const wanted[] = {"+15005550001"};
    struct fixture fixture;
    size_t found;
    (void)state;
    fixture_init(&fixture, "PhoneNumbers", NUMBERS(""));
    fixture.routes[4].status = 500;
    fixture.routes[5].status = 500;
    fixture_serve(&fixture, 1);
    assert_int_equal(live_search(fixture.fake.client, SENDER_PHONE_NUMBER, wanted, 1, &fixture.live,
                                 &found, &fixture.fake.diag),
                     -1);
    assert_int_equal(requests_of(&fixture), AT_ONCE + 4);
    assert_int_equal(fixture.fake.diag.errors, 1);
    assert_non_null(strstr(fixture.fake.diag.items[0].message, "4/PhoneNumbers?PageSize=1000"));
    fixture_release(&fixture);
}

/* Channel senders have lists of their own, and the roster may name them by either. */
static void test_channel_senders(void **state)
{
    static const char *const wanted[] = {"whatsapp:+15005550001",
                                         "XE00000000000000000000000000000001"};
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(wanted); i++) {
        struct fixture fixture;
        fixture_init(&fixture, "ChannelSenders", "{\"senders\": []}");
        fixture.routes[4].body = CHANNEL;
        fixture_serve(&fixture, 1);
        assert_int_equal(search(&fixture, SENDER_CHANNEL_SENDER, &wanted[i], 1), 1);
        assert_int_equal(requests_of(&fixture), AT_ONCE + 4);
        fixture_release(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stops_when_all_is_found), cmocka_unit_test(test_reads_no_list_twice),
        cmocka_unit_test(test_so_many_at_once),         cmocka_unit_test(test_a_list_that_fails),
        cmocka_unit_test(test_channel_senders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
