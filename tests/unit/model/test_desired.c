#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/roster_text.h"

static void test_a_whole_roster(void **state)
{
    struct roster_text roster;
    const struct desired_service *first, *second;
    (void)state;
    roster_text_read(&roster, "version: 1\n"
                              "account_sid: AC00000000000000000000000000000001\n"
                              "services:\n"
                              "  - friendly_name: Orders\n"
                              "    sticky_sender: false\n"
                              "    status_callback: null\n"
                              "    phone_numbers: [\"+15005550001\", \"+15005550002\"]\n"
                              "    short_codes: []\n"
                              "  - friendly_name: Marketing\n"
                              "    alpha_senders: [ACME]\n");
    assert_string_equal(buf_text(&roster.report), "");
    assert_int_equal(roster.result, 0);
    assert_string_equal(roster.desired.head.account_sid, "AC00000000000000000000000000000001");
    assert_int_equal(roster.desired.account_span.line, 2);
    assert_int_equal(roster.desired.service_count, 2);
    first = desired_find_service(&roster.desired, "Orders");
    second = desired_find_service(&roster.desired, "Marketing");
    assert_ptr_equal(first, &roster.desired.services[0]);
    assert_ptr_equal(second, &roster.desired.services[1]);
    assert_null(desired_find_service(&roster.desired, "Order"));
    assert_int_equal(first->span.line, 4);
    assert_true(first->senders[SENDER_PHONE_NUMBER].managed);
    assert_int_equal(first->senders[SENDER_PHONE_NUMBER].count, 2);
    assert_string_equal(first->senders[SENDER_PHONE_NUMBER].items[1].sender.identity,
                        "+15005550002");
    assert_int_equal(first->senders[SENDER_PHONE_NUMBER].items[1].span.column, 37);
    /* An empty list is managed, a missing one is not. */
    assert_true(first->senders[SENDER_SHORT_CODE].managed);
    assert_int_equal(first->senders[SENDER_SHORT_CODE].count, 0);
    assert_false(first->senders[SENDER_ALPHA_SENDER].managed);
    assert_true(second->senders[SENDER_ALPHA_SENDER].managed);
    roster_text_release(&roster);
}

struct mistake {
    const char *yaml;
    const char *report;
};

#define HEAD "version: 1\nservices:\n"

static const struct mistake mistakes[] = {
    {"", "roster.yaml:1:1: error: the roster is empty\n"},
    {"# nothing\n", "roster.yaml:1:1: error: the roster is empty\n"},
    {"services: []\n", "roster.yaml:1:1: error: a roster must have \"version\"\n"},
    {"version: 1\n", "roster.yaml:1:1: error: a roster must have \"services\"\n"},
    {"version: 2\nservices: []\n", "roster.yaml:1:10: error: \"version\" must be 1, not 2\n"},
    {"version: 1\nservices:\n", "error: \"services\" must be a list, not null\n"},
    {"version: 1\nservices: {}\n",
     "roster.yaml:2:11: error: \"services\" must be a list, not a mapping\n"},
    {"[]\n", "roster.yaml:1:1: error: a roster must be a mapping, not a list\n"},
    {"version: 1\nservices: []\nservice: []\n",
     "roster.yaml:3:1: error: unknown key \"service\" in a roster\n"
     "    service: []\n"
     "    ^~~~~~~\n"
     "  help: did you mean \"services\"?\n"},
    {HEAD "  - Orders\n", "roster.yaml:3:5: error: a service must be a mapping, not a string\n"},
    {HEAD "  - sticky_sender: true\n",
     "roster.yaml:3:5: error: a service must have \"friendly_name\"\n"},
    {HEAD "  - friendly_name: A\n    phone_numbers: \"+15005550001\"\n",
     "roster.yaml:4:20: error: \"phone_numbers\" must be a list, not a string\n"},
    {HEAD "  - friendly_name: A\n    phone_numbers: null\n",
     "help: write [] for no phone numbers, or remove the key to leave them unmanaged\n"},
    {HEAD "  - friendly_name: A\n    phone_numbers: [+15005550001]\n",
     "  help: put it in quotes: \"+15005550001\"\n"},
    {HEAD "  - friendly_name: A\n    phone_numbers: [~]\n",
     "roster.yaml:4:21: error: an entry of \"phone_numbers\" is empty\n"},
    {HEAD "  - friendly_name: A\n  - friendly_name: A\n",
     "roster.yaml:4:20: error: two services are called \"A\"\n"
     "      - friendly_name: A\n"
     "                       ^\n"
     "  roster.yaml:3:20: note: the other one is here\n"},
    {HEAD "  - friendly_name: A\n    phone_numbers: [\"+15005550001\", \"+15005550001\"]\n",
     "roster.yaml:4:37: error: phone number +15005550001 is listed twice\n"
     "        phone_numbers: [\"+15005550001\", \"+15005550001\"]\n"
     "                                        ^~~~~~~~~~~~~~\n"
     "  roster.yaml:4:21: note: first listed here\n"},
    {HEAD "  - friendly_name: A\n    short_codes: ['85555']\n"
          "  - friendly_name: B\n    short_codes: ['85555']\n",
     "roster.yaml:6:19: error: short code 85555 can't be in two services\n"
     "        short_codes: ['85555']\n"
     "                      ^~~~~~~\n"
     "  roster.yaml:4:19: note: it is in \"A\" already\n"},
    {HEAD "  - friendly_name: A\n    alpha_senders: [ACME, Other]\n",
     "roster.yaml:4:27: error: a service can have 1 alpha sender, not 2\n"},
};

static void test_mistakes(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(mistakes); i++) {
        struct roster_text roster;
        roster_text_read(&roster, mistakes[i].yaml);
        if (strstr(buf_text(&roster.report), mistakes[i].report) == NULL)
            fail_msg("case %zu:\n%s\nis not in\n%s", i, mistakes[i].report,
                     buf_text(&roster.report));
        assert_int_equal(roster.result, -1);
        assert_int_equal(roster.diag.errors, 1);
        roster_text_release(&roster);
    }
}

/* An alpha sender is minted by each add, so two services may use the same one. */
static void test_alpha_sender_in_two_services(void **state)
{
    struct roster_text roster;
    (void)state;
    roster_text_read(&roster, HEAD "  - friendly_name: A\n    alpha_senders: [ACME]\n"
                                   "  - friendly_name: B\n    alpha_senders: [ACME]\n");
    assert_string_equal(buf_text(&roster.report), "");
    assert_int_equal(roster.result, 0);
    roster_text_release(&roster);
}

static void test_all_mistakes_in_one_run(void **state)
{
    struct roster_text roster;
    (void)state;
    roster_text_read(&roster, "version: one\n"
                              "services:\n"
                              "  - friendly_name: A\n"
                              "    sticky_sender: yes\n"
                              "    validity_period: 0\n"
                              "    phone_numbers: [12345678, \"+15005550001\"]\n"
                              "  - usecase: markting\n");
    assert_int_equal(roster.diag.errors, 6);
    assert_int_equal(roster.diag.items[0].place.line, 1);
    assert_int_equal(roster.diag.items[1].place.line, 4);
    assert_int_equal(roster.diag.items[2].place.line, 5);
    assert_int_equal(roster.diag.items[3].place.line, 6);
    assert_int_equal(roster.diag.items[4].place.line, 7);
    assert_int_equal(roster.diag.items[5].place.line, 7);
    roster_text_release(&roster);
}

/* 399 numbers and `codes` short codes. */
static void read_pool(struct roster_text *roster, const char *codes)
{
    struct buf yaml;
    int i;

    buf_init(&yaml, 64 * 1024);
    buf_add_text(&yaml, HEAD "  - friendly_name: A\n    phone_numbers:\n");
    for (i = 0; i < 399; i++)
        buf_printf(&yaml, "      - \"+1500555%04d\"\n", i);
    buf_printf(&yaml, "    short_codes: [%s]\n", codes);
    roster_text_read(roster, buf_text(&yaml));
    buf_release(&yaml);
}

static void test_pool_limit(void **state)
{
    struct roster_text roster;
    (void)state;
    read_pool(&roster, "'10001'");
    assert_int_equal(roster.result, 0);
    roster_text_release(&roster);
    read_pool(&roster, "'10001', '10002'");
    assert_int_equal(roster.result, -1);
    assert_int_equal(roster.diag.errors, 1);
    assert_string_equal(roster.diag.items[0].message,
                        "a service can have 400 phone numbers and short codes, not 401");
    assert_int_equal(roster.diag.items[0].place.line, 404);
    assert_int_equal(roster.diag.items[0].place.column, 28);
    roster_text_release(&roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_roster),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_alpha_sender_in_two_services),
        cmocka_unit_test(test_all_mistakes_in_one_run),
        cmocka_unit_test(test_pool_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
