#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/fake_server.h"
#include "support/roster_text.h"
#include "twilio/live_fetch.h"

#define AC "AC00000000000000000000000000000001"
#define MG1 "MG00000000000000000000000000000001"
#define MG2 "MG00000000000000000000000000000002"
#define MG3 "MG00000000000000000000000000000003"
#define SERVICE(sid, name)                                                           \
    "{\"sid\": \"" sid "\", \"account_sid\": \"" AC "\", \"friendly_name\": \"" name \
    "\", \"sticky_sender\": true}"
#define NUMBER                                                                               \
    "{\"sid\": \"PN00000000000000000000000000000001\", \"phone_number\": \"+15005550001\", " \
    "\"capabilities\": [\"SMS\"]}"
#define OWNED "GET /2010-04-01/Accounts/AC00000000000000000000000000000001/"
#define LIST_SERVICES "GET /v1/Services?PageSize=1000"
#define LIST_NUMBERS "GET /v1/Services/" MG1 "/PhoneNumbers?PageSize=1000"
#define HEAD "version: 1\nservices:\n"

struct fixture {
    struct fake_server fake;
    struct roster_text roster;
    struct live_state live;
};

static void start(struct fixture *fixture, const char *yaml, const struct fake_route *routes,
                  size_t count)
{
    memset(fixture, 0, sizeof(*fixture));
    roster_text_read(&fixture->roster, yaml);
    assert_int_equal(fixture->roster.result, 0);
    fake_server_start(&fixture->fake, routes, count);
}

static void release(struct fixture *fixture)
{
    live_state_release(&fixture->live);
    roster_text_release(&fixture->roster);
    fake_server_release(&fixture->fake);
}

/* All services, but lists only of the named one, and only the managed one. */
static void test_only_what_the_roster_manages(void **state)
{
    static const struct fake_route routes[] = {
        {LIST_SERVICES, 200,
         "{\"services\": [" SERVICE(MG1, "A") ", " SERVICE(MG2, "Not ours") "]}"},
        {LIST_NUMBERS, 200, "{\"phone_numbers\": [" NUMBER "]}"},
    };
    struct fixture fixture;
    (void)state;
    start(&fixture, HEAD "  - friendly_name: A\n    phone_numbers: []\n", routes, 2);
    assert_int_equal(
        live_fetch(fixture.fake.client, &fixture.roster.desired, &fixture.live, &fixture.fake.diag),
        0);
    fake_server_stop(&fixture.fake);
    assert_string_equal(buf_text(&fixture.fake.log), LIST_SERVICES "\n" LIST_NUMBERS "\n");
    assert_int_equal(fixture.live.count, 2);
    assert_string_equal(fixture.live.services[0]->service.sid, MG1);
    assert_true(fixture.live.services[0]->service.sticky_sender);
    assert_true(fixture.live.services[0]->senders[SENDER_PHONE_NUMBER].fetched);
    assert_int_equal(fixture.live.services[0]->senders[SENDER_PHONE_NUMBER].count, 1);
    assert_false(fixture.live.services[0]->senders[SENDER_SHORT_CODE].fetched);
    assert_string_equal(fixture.live.services[1]->service.sid, MG2);
    assert_false(fixture.live.services[1]->senders[SENDER_PHONE_NUMBER].fetched);
    release(&fixture);
}

#define LIST(sid, segment) "GET /v1/Services/" sid "/" segment "?PageSize=1000"
#define PAGE(services) "{\"services\": [" services "]}"
#define PAGE_BEFORE(services)                                       \
    "{\"services\": [" services "], \"meta\": {\"next_page_url\": " \
    "\"{origin}/v1/Services?Page=1\"}}"

/* What is read of which service; MG2 is not in the roster, MG3 is shown on two pages. */
static const struct {
    const char *name, *yaml, *target;
    struct fake_route pages[2];
    const char *read[7]; /* lists, in any order; nothing else is */
    size_t services;
} reads[] = {
    {"all lists of what is pruned",
     "version: 1\nprune: true\nservices:\n  - {friendly_name: A, phone_numbers: []}\n",
     NULL,
     {{LIST_SERVICES, 200, PAGE(SERVICE(MG1, "A") ", " SERVICE(MG2, "Not ours"))}},
     {LIST(MG1, "PhoneNumbers"), LIST(MG2, "PhoneNumbers"), LIST(MG2, "ShortCodes"),
      LIST(MG2, "AlphaSenders"), LIST(MG2, "DestinationAlphaSenders"), LIST(MG2, "ChannelSenders")},
     2},
    {"no lists of what is left out",
     HEAD "  - {friendly_name: A, phone_numbers: []}\n  - {friendly_name: B, short_codes: []}\n",
     "B",
     {{LIST_SERVICES, 200, PAGE(SERVICE(MG1, "A") ", " SERVICE(MG2, "B"))}},
     {LIST(MG2, "ShortCodes")},
     2},
    {"no lists of what is pruned by no target",
     "version: 1\nprune: true\nservices:\n  - {friendly_name: A, phone_numbers: []}\n",
     "A",
     {{LIST_SERVICES, 200, PAGE(SERVICE(MG1, "A") ", " SERVICE(MG2, "Not ours"))}},
     {LIST(MG1, "PhoneNumbers")},
     2},
    {"a service that two pages show",
     HEAD "  - {friendly_name: A, phone_numbers: []}\n  - {friendly_name: C, phone_numbers: []}\n",
     NULL,
     {{LIST_SERVICES, 200, PAGE_BEFORE(SERVICE(MG1, "A") ", " SERVICE(MG3, "C"))},
      {"GET /v1/Services?Page=1", 200, PAGE(SERVICE(MG3, "C") ", " SERVICE(MG2, "Not ours"))}},
     {LIST(MG1, "PhoneNumbers"), LIST(MG3, "PhoneNumbers")},
     3},
    {"a service that one page shows twice",
     HEAD "  - {friendly_name: C, phone_numbers: []}\n",
     NULL,
     {{LIST_SERVICES, 200, PAGE(SERVICE(MG3, "C") ", " SERVICE(MG3, "C"))}},
     {LIST(MG3, "PhoneNumbers")},
     1},
};

/* An answer to each list that is expected to be read, and to the pages. */
static size_t add_routes(struct fake_route *routes, const struct fake_route *pages,
                         const char *const *read, size_t most)
{
    static const char empty[] = "{\"phone_numbers\": [], \"short_codes\": [], "
                                "\"alpha_senders\": [], \"senders\": []}";
    size_t count = 0, i;

    for (i = 0; i < 2 && pages[i].request != NULL; i++)
        routes[count++] = pages[i];
    for (i = 0; i < most && read[i] != NULL; i++)
        routes[count++] = (struct fake_route){read[i], 200, empty};
    return count;
}

static void test_which_lists_are_read(void **state)
{
    size_t i, k;
    (void)state;
    for (i = 0; i < COUNT_OF(reads); i++) {
        struct fake_route routes[9];
        size_t count = add_routes(routes, reads[i].pages, reads[i].read, COUNT_OF(reads[i].read));
        struct fixture fixture;
        print_message("  %s\n", reads[i].name);
        start(&fixture, reads[i].yaml, routes, count);
        if (reads[i].target != NULL)
            assert_int_equal(
                desired_select(&fixture.roster.desired, &reads[i].target, 1, &fixture.fake.diag),
                0);
        assert_int_equal(live_fetch(fixture.fake.client, &fixture.roster.desired, &fixture.live,
                                    &fixture.fake.diag),
                         0);
        assert_int_equal(twilio_client_stats(fixture.fake.client)->requests, count);
        fake_server_stop(&fixture.fake);
        for (k = 0; k < count; k++)
            assert_int_equal(fixture.fake.used[k], 1);
        assert_int_equal(fixture.live.count, reads[i].services);
        release(&fixture);
    }
}

static const struct {
    const char *name;
    struct fake_route routes[2];
    const char *message; /* a part of the only error */
} failures[] = {
    {"refused",
     {{LIST_SERVICES, 401, "{\"code\": 20003, \"message\": \"Authenticate\"}"}},
     "HTTP 401, Twilio error 20003: Authenticate"},
    {"a service without a SID",
     {{LIST_SERVICES, 200, "{\"services\": [{\"friendly_name\": \"A\"}]}"}},
     "a service in Twilio's answer has no SID"},
    {"a setting of the wrong type",
     {{LIST_SERVICES, 200,
       "{\"services\": [{\"sid\": \"" MG1 "\", \"sticky_sender\": \"yes\"}, {}]}"}},
     "service: \"sticky_sender\" is not a boolean"},
    {"an entry that is no object",
     {{LIST_SERVICES, 200, "{\"services\": [5, 6]}"}},
     "service: not a JSON object"},
    {"another account",
     {{LIST_SERVICES, 200,
       "{\"services\": [{\"sid\": \"" MG1
       "\", \"account_sid\": \"AC00000000000000000000000000000002\"}]}"}},
     "the credentials are for account AC00000000000000000000000000000002, not " AC},
    {"a list that fails",
     {{LIST_SERVICES, 200, "{\"services\": [" SERVICE(MG1, "A") "]}"}, {LIST_NUMBERS, 500, ""}},
     "PhoneNumbers?PageSize=1000: HTTP 500"},
    {"a sender without a number",
     {{LIST_SERVICES, 200, "{\"services\": [" SERVICE(MG1, "A") "]}"},
      {LIST_NUMBERS, 200,
       "{\"phone_numbers\": [{\"sid\": \"PN00000000000000000000000000000001\"}]}"}},
     "phone number in Twilio's answer has no SID or no value"},
};

static void test_failures_are_reported_once(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(failures); i++) {
        struct fixture fixture;
        print_message("  %s\n", failures[i].name);
        start(&fixture, HEAD "  - friendly_name: A\n    phone_numbers: []\n", failures[i].routes,
              failures[i].routes[1].request == NULL ? 1 : 2);
        assert_int_equal(live_fetch(fixture.fake.client, &fixture.roster.desired, &fixture.live,
                                    &fixture.fake.diag),
                         -1);
        fake_server_stop(&fixture.fake);
        assert_int_equal(fixture.fake.diag.errors, 1);
        if (strstr(fixture.fake.diag.items[0].message, failures[i].message) == NULL)
            fail_msg("%s", fixture.fake.diag.items[0].message);
        release(&fixture);
    }
}

static void test_owned_by_filter_or_whole(void **state)
{
    static const struct fake_route routes[] = {
        {"GET /2010-04-01/Accounts/" AC
         "/IncomingPhoneNumbers.json?PageSize=1000&PhoneNumber=%2B15005550001",
         200, "{\"incoming_phone_numbers\": [" NUMBER "]}"},
        {"GET /2010-04-01/Accounts/" AC "/SMS/ShortCodes.json?PageSize=1000", 200,
         "{\"short_codes\": []}"},
    };
    struct fixture fixture;
    (void)state;
    start(&fixture, "version: 1\nservices: []\n", routes, 2);
    assert_int_equal(live_fetch_owned(fixture.fake.client, SENDER_PHONE_NUMBER, "+15005550001",
                                      &fixture.live, &fixture.fake.diag),
                     0);
    assert_int_equal(live_fetch_owned(fixture.fake.client, SENDER_SHORT_CODE, NULL, &fixture.live,
                                      &fixture.fake.diag),
                     0);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.live.owned[SENDER_PHONE_NUMBER].count, 1);
    assert_non_null(live_senders_find(&fixture.live.owned[SENDER_PHONE_NUMBER], "+15005550001"));
    assert_null(live_senders_find(&fixture.live.owned[SENDER_PHONE_NUMBER], "+15005550002"));
    assert_true(fixture.live.owned[SENDER_SHORT_CODE].fetched);
    release(&fixture);
}

static void test_services_by_sid_leave_out_what_is_gone(void **state)
{
    static const struct fake_route routes[] = {
        {"GET /v1/Services/" MG1, 200, SERVICE(MG1, "A")},
        {LIST_NUMBERS, 200, "{\"phone_numbers\": []}"},
    };
    struct live_wanted wanted[2] = {{.sid = MG1}, {.sid = MG2}};
    struct fixture fixture;
    (void)state;
    start(&fixture, HEAD "  - friendly_name: A\n    phone_numbers: []\n", routes, 2);
    wanted[0].desired = &fixture.roster.desired.services[0];
    wanted[1].desired = &fixture.roster.desired.services[0];
    assert_int_equal(
        live_fetch_services(fixture.fake.client, wanted, 2, &fixture.live, &fixture.fake.diag), 0);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.live.count, 1);
    assert_string_equal(fixture.live.services[0]->service.friendly_name, "A");
    release(&fixture);
}

/* Everything: all services, all lists of those that are wanted, and what is owned. */
static bool is_called(void *name, const struct service *service)
{
    return strcmp(service->friendly_name, name) == 0;
}

#define ALPHA(sid, country) \
    "{\"sid\": \"" sid "\", \"alpha_sender\": \"ACME\", \"iso_country_code\": " country "}"

static const struct fake_route everything[] = {
    {LIST_SERVICES, 200, PAGE(SERVICE(MG1, "A") ", " SERVICE(MG2, "B") ", " SERVICE(MG1, "A"))},
    {LIST(MG1, "PhoneNumbers"), 200, "{\"phone_numbers\": [" NUMBER "]}"},
    {LIST(MG1, "ShortCodes"), 200, "{\"short_codes\": []}"},
    {LIST(MG1, "AlphaSenders"), 200, "{\"alpha_senders\": []}"},
    {LIST(MG1, "DestinationAlphaSenders"), 200,
     "{\"alpha_senders\": [" ALPHA("AI00000000000000000000000000000001", "\"\"") ", " ALPHA(
         "AI00000000000000000000000000000002", "\"GB\"") "]}"},
    {LIST(MG1, "ChannelSenders"), 200, "{\"senders\": []}"},
    {OWNED "IncomingPhoneNumbers.json?PageSize=1000", 200,
     "{\"incoming_phone_numbers\": [" NUMBER "]}"},
    {OWNED "SMS/ShortCodes.json?PageSize=1000", 200, "{\"short_codes\": []}"},
};

static void test_everything(void **state)
{
    struct fixture fixture;
    char name[] = "A";
    const struct live_senders *list;

    (void)state;
    start(&fixture, "version: 1\nservices: []\n", everything, COUNT_OF(everything));
    assert_int_equal(
        live_fetch_all(fixture.fake.client, is_called, name, &fixture.live, &fixture.fake.diag), 0);
    assert_int_equal(twilio_client_stats(fixture.fake.client)->requests, COUNT_OF(everything));
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.live.count, 2);
    assert_int_equal(fixture.live.services[0]->senders[SENDER_PHONE_NUMBER].count, 1);
    assert_false(fixture.live.services[1]->senders[SENDER_PHONE_NUMBER].fetched);
    assert_int_equal(fixture.live.owned[SENDER_PHONE_NUMBER].count, 1);
    assert_true(fixture.live.owned[SENDER_SHORT_CODE].fetched);
    list = &fixture.live.services[0]->senders[SENDER_DESTINATION_ALPHA_SENDER];
    assert_int_equal(list->count, 1);
    assert_string_equal(list->items[0].country, "GB");
    assert_int_equal(list->elsewhere_count, 1);
    assert_null(list->elsewhere[0].country);
    release(&fixture);
}

/* One list that can't be read is enough: half an account must not look like a whole one. */
static void test_everything_or_nothing(void **state)
{
    size_t missing;

    (void)state;
    for (missing = 0; missing < COUNT_OF(everything); missing++) {
        struct fake_route routes[COUNT_OF(everything)];
        struct fixture fixture;
        char name[] = "A";
        memcpy(routes, everything, sizeof(routes));
        routes[missing].status = 404;
        routes[missing].body = "{\"code\": 20404, \"message\": \"gone\", \"status\": 404}";
        start(&fixture, "version: 1\nservices: []\n", routes, COUNT_OF(routes));
        assert_int_equal(
            live_fetch_all(fixture.fake.client, is_called, name, &fixture.live, &fixture.fake.diag),
            -1);
        assert_int_equal(fixture.fake.diag.errors, 1);
        fake_server_stop(&fixture.fake);
        release(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_the_roster_manages),
        cmocka_unit_test(test_which_lists_are_read),
        cmocka_unit_test(test_failures_are_reported_once),
        cmocka_unit_test(test_owned_by_filter_or_whole),
        cmocka_unit_test(test_services_by_sid_leave_out_what_is_gone),
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_everything_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
