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
    assert_int_equal(desired_account_origin(&roster.desired)->span.line, 2);
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
    assert_int_equal(first->senders[SENDER_PHONE_NUMBER].items[1].origin.span.column, 37);
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
     "help: write [] for no phone numbers, or remove the key\n"},
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

#define TAIL "services:\n  - friendly_name: A\n"

/* The language beyond services and their first lists; each with one mistake. */
static const struct mistake more_mistakes[] = {
    {HEAD "  - friendly_name: A\n    sid: MG1\n",
     "4:10: error: \"sid\" must be a SID: MG and 32 hexadecimal digits\n"},
    {HEAD "  - friendly_name: A\n    renamed_from: A\n",
     "4:19: error: \"renamed_from\" is the service's own name\n"},
    {HEAD "  - friendly_name: A\n    renamed_from: B\n  - friendly_name: B\n",
     "4:19: error: \"renamed_from\" names a service that the roster has as well\n"},
    {HEAD "  - friendly_name: A\n    renamed_from: C\n  - friendly_name: B\n    renamed_from: C\n",
     "6:19: error: two services are renamed from \"C\"\n"},
    {HEAD "  - friendly_name: A\n    destination_alpha_senders: [{alpha_sender: X}]\n",
     "4:33: error: a destination alpha sender must have \"iso_country_code\"\n"},
    {HEAD "  - friendly_name: A\n    destination_alpha_senders:\n"
          "      - {alpha_sender: X, iso_country_code: gb}\n",
     "5:45: error: \"gb\" is not a country code\n"},
    {HEAD "  - friendly_name: A\n    destination_alpha_senders:\n"
          "      - {alpha_sender: X, iso_country_code: GB}\n"
          "      - {alpha_sender: X, iso_country_code: GB}\n",
     "6:24: error: destination alpha sender X is listed twice\n"},
    {HEAD "  - friendly_name: A\n    channel_senders: [whatsapp:15005550001]\n",
     "4:23: error: \"whatsapp:15005550001\" is not a channel sender\n"},
    {"version: 1\ndefaults: {friendly_name: B}\n" TAIL,
     "2:12: error: unknown key \"friendly_name\" in \"defaults\"\n"},
    {"version: 1\ndefaults: {sticky_sender: 1}\n" TAIL,
     "2:27: error: \"sticky_sender\" must be a boolean, not an integer\n"},
    {"version: 1\nprune: yes\n" TAIL, "2:8: error: \"prune\" must be a boolean, not a string\n"},
    {"version: 1\nnumbers: [{}]\n" TAIL, "2:11: error: a number must have \"phone_number\"\n"},
    {"version: 1\nnumbers: [{phone_number: '+15005550001'}, {phone_number: '+15005550001'}]\n" TAIL,
     "2:58: error: \"+15005550001\" is listed twice in \"numbers\"\n"},
    {"version: 1\nguards: {max_removals: -1}\n" TAIL,
     "2:24: error: \"max_removals\" must be between 0 and 1000000, not -1\n"},
    {"version: 1\nguards: {protect: [A, A]}\n" TAIL,
     "2:23: error: \"A\" is listed twice in \"protect\"\n"},
    {"version: 1\ntest_sends: [{name: t, service: B, to: '+447700900123', body: x}]\n" TAIL,
     "2:33: error: the roster has no service \"B\"\n"},
    {"version: 1\ntest_sends: [{name: t, service: A, to: '+447700900123', body: x, timeout: "
     "0s}]\n" TAIL,
     "error: \"0s\" is not a duration\n"},
    {"version: 1\ntest_sends: [{name: t, service: A, to: '+447700900123', body: x, expect: "
     "{status: delivred}}]\n" TAIL,
     "  help: did you mean \"delivered\"?\n"},
    {HEAD "  - friendly_name: A\n    status_callback: ${UNSET}/x\n",
     "4:22: error: the environment variable UNSET is not set\n"},
    {HEAD "  - friendly_name: A\n    status_callback: https://${x\n",
     "4:22: error: \"${\" does not begin the name of a variable\n"},
    /* One mistake is one error: nothing can be said of names that could not be read. */
    {"version: 1\nservices: [{friendly_name: 5}]\nguards: {protect: [A]}\n"
     "test_sends: [{name: t, service: A, to: '+447700900123', body: x}]\n",
     "2:28: error: \"friendly_name\" must be a string, not an integer\n"},
    {"version: 1\nservices: {}\n"
     "test_sends: [{name: t, service: A, to: '+447700900123', body: x}]\n",
     "2:11: error: \"services\" must be a list, not a mapping\n"},
    {HEAD "  - &a {friendly_name: A, sticky_sender: 1}\n  - {<<: *a, friendly_name: B}\n",
     "3:42: error: \"sticky_sender\" must be a boolean, not an integer\n"},
    /* The value of a variable is never shown. */
    {HEAD "  - friendly_name: A\n    phone_numbers: ['${SECRET}']\n",
     "4:21: error: \"${SECRET}\" is not a phone number in E.164 form\n"},
};

static void test_more_mistakes(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(more_mistakes); i++) {
        struct roster_text roster;
        roster_text_read(&roster, more_mistakes[i].yaml);
        if (strstr(buf_text(&roster.report), more_mistakes[i].report) == NULL)
            fail_msg("case %zu:\n%s\nis not in\n%s", i, more_mistakes[i].report,
                     buf_text(&roster.report));
        assert_int_equal(roster.result, -1);
        assert_int_equal(roster.diag.errors, 1);
        assert_null(strstr(buf_text(&roster.report), "s3cret"));
        roster_text_release(&roster);
    }
}

static void test_defaults_fill_what_a_service_leaves_out(void **state)
{
    struct roster_text roster;
    const struct desired_service *services;
    size_t row = resource_row_at(&resource_service, offsetof(struct service, sticky_sender));
    (void)state;
    roster_text_read(&roster, "version: 1\ndefaults:\n  sticky_sender: true\n"
                              "  status_callback: ${HOOKS}/status\n  fallback_url: null\n"
                              "services:\n  - friendly_name: A\n    sticky_sender: false\n"
                              "  - friendly_name: B\n    status_callback: null\n");
    assert_string_equal(buf_text(&roster.report), "");
    services = roster.desired.services;
    assert_false(services[0].service.sticky_sender);
    assert_int_equal(services[0].origins[row].span.line, 8);
    assert_string_equal(services[0].service.status_callback, "https://hooks.example.com/status");
    assert_true(services[1].service.sticky_sender);
    assert_int_equal(services[1].origins[row].span.line, 3);
    assert_null(services[1].service.status_callback);
    row = resource_row_at(&resource_service, offsetof(struct service, fallback_url));
    assert_true(field_is_null(&services[0].service.set, row));
    row = resource_row_at(&resource_service, offsetof(struct service, status_callback));
    assert_true(field_is_null(&services[1].service.set, row));
    assert_string_equal(services[0].origins[row].written, "${HOOKS}/status");
    roster_text_release(&roster);
}

static void test_variables_and_literals(void **state)
{
    struct roster_text roster;
    const struct desired_service *service;
    (void)state;
    roster_text_read(&roster, "version: 1\nservices:\n  - friendly_name: a $${HOME} and $5\n"
                              "    status_callback: ${HOOKS}/${SECRET}\n"
                              "    phone_numbers: ['${NUMBER}', '+15005550002']\n");
    assert_string_equal(buf_text(&roster.report), "");
    service = &roster.desired.services[0];
    assert_string_equal(service->service.friendly_name, "a ${HOME} and $5");
    assert_string_equal(service->service.status_callback, "https://hooks.example.com/s3cret");
    assert_string_equal(service->senders[SENDER_PHONE_NUMBER].items[0].sender.identity,
                        "+15005550001");
    assert_string_equal(service->senders[SENDER_PHONE_NUMBER].items[0].origin.written, "${NUMBER}");
    assert_null(service->senders[SENDER_PHONE_NUMBER].items[1].origin.written);
    /* As they are, and as they stand in the query of a URL where that is different. */
    assert_int_equal(roster.desired.redactions.count, 5);
    assert_string_equal(roster.desired.redactions.items[0].value, "https://hooks.example.com");
    assert_string_equal(roster.desired.redactions.items[1].value,
                        "https%3A%2F%2Fhooks.example.com");
    assert_string_equal(roster.desired.redactions.items[1].shown, "${HOOKS}");
    assert_string_equal(roster.desired.redactions.items[2].value, "s3cret");
    assert_string_equal(roster.desired.redactions.items[2].shown, "${SECRET}");
    roster_text_release(&roster);
}

static void test_the_other_sections(void **state)
{
    struct roster_text roster;
    const struct test_send *send;
    (void)state;
    roster_text_read(
        &roster, "version: 1\nprune: true\nnumbers: [{phone_number: '+15005550001'}]\n"
                 "guards: {max_removals: 5, max_deletes: 0, protect: [A]}\n"
                 "test_sends:\n  - name: t\n    service: A\n    to: '+447700900123'\n"
                 "    body: hello\n    timeout: 2m\n    expect: {status: sent, from: ACME}\n" TAIL
                 "    destination_alpha_senders: [{alpha_sender: X, iso_country_code: GB}]\n"
                 "    channel_senders: ['whatsapp:+15005550003', "
                 "XE00000000000000000000000000000001]\n");
    assert_string_equal(buf_text(&roster.report), "");
    assert_true(roster.desired.head.prune);
    assert_string_equal(roster.desired.numbers[0].sender.identity, "+15005550001");
    assert_int_equal(roster.desired.guards.max_removals, 5);
    assert_string_equal(roster.desired.guards.protect[0].name, "A");
    send = &roster.desired.test_sends[0];
    assert_string_equal(send->to, "+447700900123");
    assert_int_equal(send->timeout_ms, 120000);
    assert_string_equal(send->expect.status, "sent");
    assert_string_equal(send->expect.from, "ACME");
    assert_string_equal(
        roster.desired.services[0].senders[SENDER_DESTINATION_ALPHA_SENDER].items[0].sender.country,
        "GB");
    assert_int_equal(roster.desired.services[0].senders[SENDER_CHANNEL_SENDER].count, 2);
    roster_text_release(&roster);
}

/* Several documents are one roster. */
static void parse_two(const char *first, const char *second, struct desired *desired,
                      struct diag *diag, struct doc docs[2], int expected)
{
    const struct doc *both[2] = {&docs[0], &docs[1]};
    memset(docs, 0, 2 * sizeof(*docs));
    memset(desired, 0, sizeof(*desired));
    diag_init(diag);
    assert_int_equal(doc_parse(&docs[0], "a.yaml", first, strlen(first), diag), 0);
    assert_int_equal(doc_parse(&docs[1], "b.yaml", second, strlen(second), diag), 0);
    assert_int_equal(desired_parse(desired, both, 2, roster_text_lookup, diag), expected);
}

static void release_two(struct desired *desired, struct diag *diag, struct doc docs[2])
{
    desired_release(desired);
    diag_release(diag);
    doc_release(&docs[0]);
    doc_release(&docs[1]);
}

static const struct {
    const char *first, *second, *message; /* NULL: fine */
    size_t services;
} joined[] = {
    {"version: 1\nservices: [{friendly_name: A}]\n", "version: 1\nservices: [{friendly_name: B}]\n",
     NULL, 2},
    {"version: 1\ndefaults: {sticky_sender: true}\n",
     "version: 1\nservices: [{friendly_name: B}]\n", NULL, 1},
    {"version: 1\nservices: [{friendly_name: A}]\n", "version: 1\nservices: [{friendly_name: A}]\n",
     "two services are called \"A\"", 2},
    {"version: 1\nservices: []\n", "services: []\n", "a roster must have \"version\"", 0},
    {"version: 1\n", "version: 1\n", "no file of the roster has \"services\"", 0},
    {"version: 1\nprune: true\nservices: []\n", "version: 1\nprune: true\n",
     "\"prune\" is in two files of the roster", 0},
    {"version: 1\nguards: {}\nservices: []\n", "version: 1\nguards: {}\n",
     "\"guards\" is in two files of the roster", 0},
};

static void test_joined_documents(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(joined); i++) {
        struct desired desired;
        struct diag diag;
        struct doc docs[2];
        print_message("  %zu\n", i);
        parse_two(joined[i].first, joined[i].second, &desired, &diag, docs,
                  joined[i].message == NULL ? 0 : -1);
        assert_int_equal(desired.service_count, joined[i].services);
        if (joined[i].message != NULL) {
            assert_int_equal(diag.errors, 1);
            assert_string_equal(diag.items[0].message, joined[i].message);
        } else if (i == 1) {
            assert_true(desired.services[0].service.sticky_sender);
        }
        release_two(&desired, &diag, docs);
    }
}

static void test_who_claims_a_live_service(void **state)
{
    static const struct {
        const char *sid, *name, *claimant;
        enum desired_claim how;
    } cases[] = {
        {"MG0000000000000000000000000000000a", "whatever", "Pinned", CLAIM_SID},
        {"MG0000000000000000000000000000000A", "whatever", "Pinned", CLAIM_SID},
        {"MG00000000000000000000000000000001", "Pinned", NULL, CLAIM_NONE},
        {"MG00000000000000000000000000000001", "Plain", "Plain", CLAIM_NAME},
        {"MG00000000000000000000000000000001", "Old", "Renamed", CLAIM_RENAMED},
        {"MG00000000000000000000000000000001", "Renamed", "Renamed", CLAIM_NAME},
        {"MG00000000000000000000000000000001", "Nobody's", NULL, CLAIM_NONE},
        {"MG00000000000000000000000000000001", NULL, NULL, CLAIM_NONE},
    };
    struct roster_text roster;
    size_t i;
    (void)state;
    roster_text_read(&roster, HEAD "  - friendly_name: Pinned\n"
                                   "    sid: MG0000000000000000000000000000000a\n"
                                   "  - friendly_name: Plain\n"
                                   "  - {friendly_name: Renamed, renamed_from: Old}\n");
    assert_string_equal(buf_text(&roster.report), "");
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct service live = {.sid = cases[i].sid, .friendly_name = cases[i].name};
        enum desired_claim how;
        const struct desired_service *claimant = desired_claim(&roster.desired, &live, &how);
        assert_int_equal(how, cases[i].how);
        if (cases[i].claimant == NULL)
            assert_null(claimant);
        else
            assert_string_equal(claimant->service.friendly_name, cases[i].claimant);
    }
    roster_text_release(&roster);
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
        cmocka_unit_test(test_more_mistakes),
        cmocka_unit_test(test_defaults_fill_what_a_service_leaves_out),
        cmocka_unit_test(test_variables_and_literals),
        cmocka_unit_test(test_the_other_sections),
        cmocka_unit_test(test_joined_documents),
        cmocka_unit_test(test_who_claims_a_live_service),
        cmocka_unit_test(test_alpha_sender_in_two_services),
        cmocka_unit_test(test_all_mistakes_in_one_run),
        cmocka_unit_test(test_pool_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
