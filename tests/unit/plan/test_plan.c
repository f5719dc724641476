#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/buf.h"
#include "plan/plan.h"
#include "support/live_text.h"
#include "support/roster_text.h"

#include <string.h>

struct fixture {
    struct roster_text roster;
    struct live_state live;
    struct plan plan;
    struct diag diag;
    int result;
};

static void fixture_init(struct fixture *fixture, const char *yaml, const char *live)
{
    memset(fixture, 0, sizeof(*fixture));
    roster_text_read(&fixture->roster, yaml);
    if (fixture->roster.result != 0)
        fail_msg("%s", buf_text(&fixture->roster.report));
    live_text_read(&fixture->live, live);
    diag_init(&fixture->diag);
    fixture->result =
        plan_build(&fixture->plan, &fixture->roster.desired, &fixture->live, &fixture->diag);
}

static void fixture_release(struct fixture *fixture)
{
    plan_release(&fixture->plan);
    live_state_release(&fixture->live);
    diag_release(&fixture->diag);
    roster_text_release(&fixture->roster);
}

/*
 * The plan in one line a change: "add_sender A +1… needs 0 after_adds". For comparing, without the
 * renderers.
 */
static void dump(const struct plan *plan, struct buf *out)
{
    size_t i, j;
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        buf_printf(out, "%s %s", change_kind_name(change->kind),
                   plan->services[change->service].name);
        if (change->kind == CHANGE_ADD_SENDER || change->kind == CHANGE_REMOVE_SENDER)
            buf_printf(out, " %s", change->sender.identity);
        else
            for (j = 0; j < resource_service.field_count; j++)
                if ((change->rows >> j & 1) != 0)
                    buf_printf(out, " %s", resource_service.fields[j].yaml_key);
        for (j = 0; j < COUNT_OF(change->needs); j++)
            if (change->needs[j] != CHANGE_NONE)
                buf_printf(out, " needs %ld", change->needs[j]);
        buf_printf(out, "%s%s\n", change->after_adds ? " after_adds" : "",
                   change->after_removals ? " after_removals" : "");
    }
}

#define HEAD "version: 1\nservices:\n"
#define SID(prefix, digit) prefix "0000000000000000000000000000000" digit
#define PN(digit)                                                               \
    "{\"sid\": \"" SID("PN", digit) "\", \"phone_number\": \"+1500555000" digit \
                                    "\", \"capabilities\": [\"SMS\"]}"
#define LIVE_A                                                               \
    "{\"sid\": \"" SID(                                                      \
        "MG", "a") "\", \"friendly_name\": \"A\", \"sticky_sender\": true, " \
                   "\"status_callback\": \"https://old.example/\", \"usecase\": \"marketing\""

static const struct {
    const char *name, *yaml, *live, *expected;
} cases[] = {
    {"an empty roster", "version: 1\nservices: []\n", "{\"services\": [" LIVE_A "}]}", ""},
    {"a new service, its senders after it",
     HEAD "  - friendly_name: A\n    sticky_sender: false\n    status_callback: null\n"
          "    phone_numbers: ['+15005550001']\n    alpha_senders: [ACME]\n",
     "{}",
     "create_service A friendly_name status_callback sticky_sender\n"
     "add_sender A +15005550001 needs 0\n"
     "add_sender A ACME needs 0\n"},
    {"only managed settings are compared", HEAD "  - friendly_name: A\n    sticky_sender: true\n",
     "{\"services\": [" LIVE_A "}]}", ""},
    {"settings that differ",
     HEAD "  - friendly_name: A\n    sticky_sender: false\n    status_callback: null\n",
     "{\"services\": [" LIVE_A "}]}", "update_service A status_callback sticky_sender\n"},
    {"a list is a set",
     HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550002', '+15005550001']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") ", " PN("2") "]}]}", ""},
    {"an unmanaged list is left alone", HEAD "  - friendly_name: A\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}", ""},
    {"an empty list removes all", HEAD "  - friendly_name: A\n    phone_numbers: []\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") ", " PN("2") "]}]}",
     "remove_sender A +15005550001\nremove_sender A +15005550002\n"},
    {"additions go before removals",
     HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550003']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}",
     "add_sender A +15005550003\nremove_sender A +15005550001 after_adds\n"},
    {"an alpha sender is removed, then added",
     HEAD "  - friendly_name: A\n    alpha_senders: [NEW]\n",
     "{\"services\": [" LIVE_A
     ", \"alpha_senders\": [{\"sid\": \"" SID("AI", "1") "\", \"alpha_sender\": \"OLD\"}]}]}",
     "remove_sender A OLD\nadd_sender A NEW needs 0\n"},
    {"a number that changes services is removed there first",
     HEAD "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
          "  - friendly_name: A\n    phone_numbers: ['+15005550002']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}, {\"sid\": \"" SID(
         "MG", "b") "\", \"friendly_name\": \"B\", \"phone_numbers\": [" PN("2") "]}]}",
     "add_sender B +15005550001 needs 3\nremove_sender B +15005550002\n"
     "add_sender A +15005550002 needs 1\nremove_sender A +15005550001\n"},
    {"another service's change does not show", HEAD "  - friendly_name: B\n",
     "{\"services\": [" LIVE_A "}]}", "create_service B friendly_name\n"},
};

static void test_changes(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        struct buf out;
        print_message("  %s\n", cases[i].name);
        buf_init(&out, 64 * 1024);
        fixture_init(&fixture, cases[i].yaml, cases[i].live);
        assert_int_equal(fixture.result, 0);
        dump(&fixture.plan, &out);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_release(&out);
        fixture_release(&fixture);
    }
}

static void test_counts_places_and_reasons(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - friendly_name: A\n    sticky_sender: false\n"
                      "    phone_numbers: ['+15005550003']\n",
                 "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}");
    assert_int_equal(fixture.plan.counts[CHANGE_CREATE_SERVICE], 0);
    assert_int_equal(fixture.plan.counts[CHANGE_UPDATE_SERVICE], 1);
    assert_int_equal(fixture.plan.counts[CHANGE_ADD_SENDER], 1);
    assert_int_equal(fixture.plan.counts[CHANGE_REMOVE_SENDER], 1);
    assert_int_equal(fixture.plan.changes[0].reason, REASON_DIFFERS);
    assert_int_equal(fixture.plan.changes[0].span.line, 3);
    assert_int_equal(fixture.plan.changes[1].reason, REASON_ONLY_ROSTER);
    assert_int_equal(fixture.plan.changes[1].span.line, 5);
    assert_int_equal(fixture.plan.changes[1].span.column, 21);
    assert_int_equal(fixture.plan.changes[2].reason, REASON_ONLY_LIVE);
    assert_int_equal(fixture.plan.changes[2].span.line, 5);
    assert_string_equal(fixture.plan.changes[2].sender.sid, SID("PN", "1"));
    fixture_release(&fixture);
}

static void test_two_live_services_of_one_name(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture, HEAD "  - friendly_name: A\n",
                 "{\"services\": [" LIVE_A
                 "}, {\"sid\": \"" SID("MG", "f") "\", \"friendly_name\": \"A\"}]}");
    assert_int_equal(fixture.result, -1);
    assert_string_equal(fixture.diag.items[0].message, "the account has 2 services called \"A\"");
    assert_int_equal(fixture.diag.items[0].place.line, 3);
    assert_int_equal(fixture.diag.items[0].note_count, 2);
    assert_string_equal(fixture.diag.items[0].notes[0].message, SID("MG", "a"));
    assert_string_equal(fixture.diag.items[0].notes[1].message, SID("MG", "f"));
    fixture_release(&fixture);
}

#define OWNED                                                                                 \
    "{\"owned\": {\"phone_numbers\": [" PN("1") ", {\"sid\": \"" SID(                         \
        "PN", "2") "\", "                                                                     \
                   "\"phone_number\": \"+15005550002\", \"capabilities\": {\"voice\": true, " \
                   "\"sms\": false}}], "                                                      \
                   "\"short_codes\": [{\"sid\": \"" SID("SC",                                 \
                                                        "1") "\", \"short_code\": \"85555\"}]}}"

static void test_resolving_gives_sids(void **state)
{
    struct fixture fixture;
    const struct change *first;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001']\n"
                      "    short_codes: ['85555']\n    alpha_senders: [ACME]\n",
                 OWNED);
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_PHONE_NUMBER, &first), 1);
    assert_string_equal(first->sender.identity, "+15005550001");
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_SHORT_CODE, &first), 1);
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_ALPHA_SENDER, &first), 0);
    assert_null(first);
    assert_int_equal(plan_resolve(&fixture.plan, &fixture.live, &fixture.diag), 0);
    assert_string_equal(fixture.plan.changes[1].sender.sid, SID("PN", "1"));
    assert_string_equal(fixture.plan.changes[2].sender.sid, SID("SC", "1"));
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_PHONE_NUMBER, &first), 0);
    fixture_release(&fixture);
}

static void test_preflight_reports_all_at_once(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - friendly_name: A\n"
                      "    phone_numbers: ['+15005550002', '+15005550009']\n"
                      "    short_codes: ['99999']\n",
                 OWNED);
    assert_int_equal(plan_resolve(&fixture.plan, &fixture.live, &fixture.diag), -1);
    assert_int_equal(fixture.diag.errors, 3);
    assert_string_equal(fixture.diag.items[0].message,
                        "phone number +15005550002 can't send messages (no SMS or MMS capability)");
    assert_int_equal(fixture.diag.items[0].place.line, 4);
    assert_string_equal(fixture.diag.items[1].message,
                        "the account does not own phone number +15005550009");
    assert_string_equal(fixture.diag.items[2].message, "the account does not own short code 99999");
    fixture_release(&fixture);
}

/* With a full pool there is no room for new senders beside the old ones. */
static void test_full_pool_removes_first(void **state)
{
    struct fixture fixture;
    struct buf live;
    int i;
    (void)state;
    buf_init(&live, 1024 * 1024);
    buf_add_text(&live, "{\"services\": [" LIVE_A ", \"phone_numbers\": [");
    for (i = 0; i < SENDER_POOL_MAX; i++)
        buf_printf(&live, "%s{\"sid\": \"PN%032d\", \"phone_number\": \"+1600555%04d\"}",
                   i == 0 ? "" : ", ", i, i);
    buf_add_text(&live, "]}]}");
    fixture_init(&fixture, HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001']\n",
                 buf_text(&live));
    assert_int_equal(fixture.plan.change_count, SENDER_POOL_MAX + 1);
    assert_int_equal(fixture.plan.changes[0].kind, CHANGE_ADD_SENDER);
    assert_true(fixture.plan.changes[0].after_removals);
    assert_false(fixture.plan.changes[1].after_adds);
    buf_release(&live);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_counts_places_and_reasons),
        cmocka_unit_test(test_two_live_services_of_one_name),
        cmocka_unit_test(test_resolving_gives_sids),
        cmocka_unit_test(test_preflight_reports_all_at_once),
        cmocka_unit_test(test_full_pool_removes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
