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
 * The plan in one line a change: "add_sender A +1… create 0 after_adds". For comparing, without the
 * renderers.
 */
static void dump(const struct plan *plan, struct buf *out)
{
    size_t i, j;
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        buf_printf(out, "%s %s", change_kind_name(change->kind),
                   plan->services[change->service].name);
        if (change_is_of_sender(change->kind))
            buf_printf(out, " %s", change->sender.identity);
        else
            for (j = 0; j < resource_service.field_count; j++)
                if ((change->rows >> j & 1) != 0)
                    buf_printf(out, " %s", resource_service.fields[j].yaml_key);
        if (change->kind == CHANGE_MOVE_SENDER)
            buf_printf(out, " from %s%s", plan->services[change->from].name,
                       change->take_over ? " take_over" : "");
        if (change->create != CHANGE_NONE)
            buf_printf(out, " create %ld", change->create);
        if (change->replaces != CHANGE_NONE)
            buf_printf(out, " replaces %ld", change->replaces);
        buf_printf(out, "%s%s%s\n", change->after_adds ? " after_adds" : "",
                   change->after_moves ? " after_moves" : "",
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

#define LIVE(letter, name, numbers)                                   \
    "{\"sid\": \"" SID("MG", letter) "\", \"friendly_name\": \"" name \
                                     "\", \"phone_numbers\": [" numbers "]}"

static const struct {
    const char *name, *yaml, *live, *expected;
} cases[] = {
    {"an empty roster", "version: 1\nservices: []\n", "{\"services\": [" LIVE_A "}]}", ""},
    {"a new service, its senders after it",
     HEAD "  - friendly_name: A\n    sticky_sender: false\n    status_callback: null\n"
          "    phone_numbers: ['+15005550001']\n    alpha_senders: [ACME]\n",
     "{}",
     "create_service A friendly_name status_callback sticky_sender\n"
     "add_sender A +15005550001 create 0\n"
     "add_sender A ACME create 0\n"},
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
     "remove_sender A OLD\nadd_sender A NEW replaces 0\n"},
    {"numbers that change services are moved",
     HEAD "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
          "  - friendly_name: A\n    phone_numbers: ['+15005550002']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}, {\"sid\": \"" SID(
         "MG", "b") "\", \"friendly_name\": \"B\", \"phone_numbers\": [" PN("2") "]}]}",
     "move_sender B +15005550001 from A\nmove_sender A +15005550002 from B after_moves\n"},
    {"in a row of moves each service gets one before it gives its own",
     HEAD "  - friendly_name: C\n    phone_numbers: ['+15005550002']\n"
          "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
          "  - friendly_name: A\n    phone_numbers: []\n",
     "{\"services\": [" LIVE("a", "A", PN("1")) ", " LIVE("b", "B", PN("2")) ", " LIVE("c", "C",
                                                                                       "") "]}",
     "move_sender C +15005550002 from B after_moves\nmove_sender B +15005550001 from A\n"},
    {"of a circle of moves one does not wait",
     HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550003']\n"
          "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
          "  - friendly_name: C\n    phone_numbers: ['+15005550002']\n",
     "{\"services\": [" LIVE("a", "A", PN("1")) ", " LIVE("b", "B", PN("2")) ", " LIVE(
         "c", "C", PN("3")) "]}",
     "move_sender A +15005550003 from C after_moves\n"
     "move_sender B +15005550001 from A after_moves\nmove_sender C +15005550002 from B\n"},
    {"a number moves when its old service got another one",
     HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550002']\n"
          "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}",
     "add_sender A +15005550002\ncreate_service B friendly_name\n"
     "move_sender B +15005550001 from A create 1 after_adds\n"},
    {"out of a service that the roster does not name",
     HEAD "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}",
     "create_service B friendly_name\nmove_sender B +15005550001 from A take_over create 0\n"},
    {"out of a list that the roster does not manage",
     HEAD "  - friendly_name: A\n  - friendly_name: B\n    phone_numbers: ['+15005550001']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}",
     "create_service B friendly_name\nmove_sender B +15005550001 from A take_over create 0\n"},
    {"out of a service that is pruned",
     "version: 1\nprune: true\nservices:\n"
     "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}",
     "create_service B friendly_name\nmove_sender B +15005550001 from A create 0\n"
     "delete_service A\n"},
    {"what the roster may mean is not pruned",
     "version: 1\nprune: true\nservices:\n"
     "  - {friendly_name: New, renamed_from: A}\n",
     "{\"services\": [" LIVE_A "}, {\"sid\": \"" SID(
         "MG", "b") "\", \"friendly_name\": \"New\"}, "
                    "{\"sid\": \"" SID("MG", "c") "\", \"friendly_name\": \"C\"}]}",
     "delete_service C\n"},
    {"a pinned service is renamed", HEAD "  - {friendly_name: New, sid: " SID("MG", "a") "}\n",
     "{\"services\": [" LIVE_A "}]}", "update_service New friendly_name\n"},
    {"a service is adopted by its old name", HEAD "  - {friendly_name: New, renamed_from: A}\n",
     "{\"services\": [" LIVE_A "}]}", "update_service New friendly_name\n"},
    {"an old name does not count when the new one is there",
     HEAD "  - {friendly_name: New, renamed_from: A}\n",
     "{\"services\": [" LIVE_A "}, {\"sid\": \"" SID("MG", "b") "\", \"friendly_name\": \"New\"}]}",
     ""},
    {"neither is there", HEAD "  - {friendly_name: New, renamed_from: Old}\n", "{}",
     "create_service New friendly_name\n"},
    {"destination alpha senders are told apart by country",
     HEAD "  - friendly_name: A\n    destination_alpha_senders:\n"
          "      - {alpha_sender: X, iso_country_code: GB}\n"
          "      - {alpha_sender: X, iso_country_code: DE}\n",
     "{\"services\": [" LIVE_A ", \"destination_alpha_senders\": [{\"sid\": \"" SID(
         "AI", "1") "\", \"alpha_sender\": \"X\", \"iso_country_code\": \"DE\"}, {\"sid\": "
                    "\"" SID("AI", "2") "\", \"alpha_sender\": \"X\", \"iso_country_code\": "
                                        "\"FR\"}]}]}",
     "add_sender A X\nremove_sender A X\n"},
    {"a channel sender by SID or by address is the same",
     HEAD "  - friendly_name: A\n    channel_senders: ['whatsapp:+15005550001', " SID(
         "XE", "2") ", " SID("XE", "3") "]\n",
     "{\"services\": [" LIVE_A
     ", \"channel_senders\": [{\"sid\": \"" SID("XE", "1") "\", \"sender\": "
                                                           "\"whatsapp:+15005550001\"}, {\"sid\": "
                                                           "\"" SID("XE", "2") "\", \"sender\": "
                                                                               "\"rcs:brand\"}]}]}",
     "add_sender A " SID("XE", "3") "\n"},
    {"a channel sender moves by its SID",
     HEAD "  - {friendly_name: B, channel_senders: [" SID(
         "XE", "1") "]}\n"
                    "  - {friendly_name: A, channel_senders: []}\n",
     "{\"services\": [" LIVE_A ", \"channel_senders\": [{\"sid\": \"" SID(
         "XE", "1") "\", \"sender\": \"whatsapp:+15005550001\"}]}]}",
     "create_service B friendly_name\n"
     "move_sender B whatsapp:+15005550001 from A create 0\n"},
    {"a number moves to a new service once that is there",
     HEAD "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
          "  - friendly_name: A\n    phone_numbers: []\n",
     "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}",
     "create_service B friendly_name\nmove_sender B +15005550001 from A create 0\n"},
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
    const char *const *identities;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001']\n"
                      "    short_codes: ['85555']\n    alpha_senders: [ACME]\n",
                 OWNED);
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_PHONE_NUMBER, &identities), 1);
    assert_string_equal(identities[0], "+15005550001");
    assert_int_equal(
        plan_perhaps_taken(&fixture.plan, &fixture.live, SENDER_PHONE_NUMBER, &identities), 1);
    assert_string_equal(identities[0], "+15005550001");
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_SHORT_CODE, NULL), 1);
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_ALPHA_SENDER, NULL), 0);
    assert_int_equal(plan_resolve(&fixture.plan, &fixture.live, &fixture.diag), 0);
    assert_string_equal(fixture.plan.changes[1].sender.sid, SID("PN", "1"));
    assert_string_equal(fixture.plan.changes[2].sender.sid, SID("SC", "1"));
    assert_int_equal(plan_unresolved(&fixture.plan, SENDER_PHONE_NUMBER, NULL), 0);
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
    /* One place is lacking, so one goes first, and the others wait. */
    assert_false(fixture.plan.changes[1].after_adds);
    assert_true(fixture.plan.changes[2].after_adds);
    assert_true(fixture.plan.changes[SENDER_POOL_MAX].after_adds);
    buf_release(&live);
    fixture_release(&fixture);
}

static void test_pin_that_is_not_there(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture, HEAD "  - friendly_name: A\n    sid: " SID("MG", "9") "\n",
                 "{\"services\": [" LIVE_A "}]}");
    assert_int_equal(fixture.result, -1);
    assert_string_equal(fixture.diag.items[0].message,
                        "the account has no service " SID("MG", "9"));
    assert_int_equal(fixture.diag.items[0].place.line, 4);
    fixture_release(&fixture);
}

static void test_channel_senders_get_sids_from_other_services(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - friendly_name: B\n    channel_senders: ['whatsapp:+15005550001', "
                      "'rcs:nowhere']\n  - friendly_name: A\n    channel_senders: []\n",
                 "{\"services\": [" LIVE_A ", \"channel_senders\": [{\"sid\": \"" SID(
                     "XE", "1") "\", \"sender\": \"whatsapp:+15005550001\"}]}]}");
    assert_int_equal(plan_resolve(&fixture.plan, &fixture.live, &fixture.diag), -1);
    assert_int_equal(fixture.diag.errors, 1);
    assert_string_equal(fixture.diag.items[0].message,
                        "the SID of channel sender rcs:nowhere is not known");
    assert_string_equal(fixture.plan.changes[1].sender.sid, SID("XE", "1"));
    fixture_release(&fixture);
}

/* Named by its SID in one service and by its address in another: it can't be in both. */
static void test_channel_sender_that_stays_elsewhere(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(
        &fixture,
        HEAD "  - {friendly_name: A, channel_senders: [" SID(
            "XE", "1") "]}\n"
                       "  - {friendly_name: B, channel_senders: ['whatsapp:+15005550001']}\n",
        "{\"services\": [" LIVE_A ", \"channel_senders\": [{\"sid\": \"" SID(
            "XE", "1") "\", \"sender\": \"whatsapp:+15005550001\"}]}]}");
    assert_int_equal(plan_resolve(&fixture.plan, &fixture.live, &fixture.diag), -1);
    assert_string_equal(fixture.diag.items[0].message,
                        "channel sender whatsapp:+15005550001 is in another service of the roster");
    fixture_release(&fixture);
}

/* The same where neither service has it yet, and within one list: one mistake is one error. */
static void test_channel_sender_wanted_twice(void **state)
{
    static const char live[] = "{\"services\": [" LIVE_A ", \"channel_senders\": [{\"sid\": \"" SID(
        "XE", "1") "\", \"sender\": \"whatsapp:+15005550001\"}]}]}";
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - {friendly_name: A, channel_senders: []}\n"
                      "  - {friendly_name: B, channel_senders: [" SID(
                          "XE", "1") "]}\n"
                                     "  - friendly_name: C\n"
                                     "    channel_senders: ['whatsapp:+15005550001']\n",
                 live);
    assert_int_equal(plan_resolve(&fixture.plan, &fixture.live, &fixture.diag), -1);
    assert_int_equal(fixture.diag.errors, 1);
    assert_string_equal(fixture.diag.items[0].message,
                        "channel sender whatsapp:+15005550001 is in another service of the roster");
    assert_int_equal(fixture.diag.items[0].place.line, 6);
    assert_int_equal(fixture.diag.items[0].notes[0].place.line, 4);
    fixture_release(&fixture);
    fixture_init(&fixture,
                 HEAD "  - friendly_name: B\n    channel_senders:\n"
                      "      - 'whatsapp:+15005550001'\n      - " SID("XE", "1") "\n",
                 live);
    assert_int_equal(plan_resolve(&fixture.plan, &fixture.live, &fixture.diag), -1);
    assert_int_equal(fixture.diag.errors, 1);
    assert_string_equal(fixture.diag.items[0].message,
                        "channel sender whatsapp:+15005550001 is listed twice");
    assert_int_equal(fixture.diag.items[0].place.line, 6);
    fixture_release(&fixture);
}

/* What came from the environment is named as it is written, in messages and in moves. */
static void test_values_of_variables_stay_hidden(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - friendly_name: B\n    phone_numbers: ['${NUMBER}']\n"
                      "  - friendly_name: A\n    phone_numbers: []\n",
                 "{\"services\": [" LIVE_A ", \"phone_numbers\": [" PN("1") "]}]}");
    assert_int_equal(fixture.plan.changes[1].kind, CHANGE_MOVE_SENDER);
    assert_string_equal(fixture.plan.changes[1].written, "${NUMBER}");
    fixture_release(&fixture);
    fixture_init(
        &fixture, HEAD "  - {friendly_name: B, renamed_from: '${SECRET}'}\n",
        "{\"services\": [{\"sid\": \"" SID(
            "MG", "a") "\", \"friendly_name\": \"s3cret\"}, "
                       "{\"sid\": \"" SID("MG", "b") "\", \"friendly_name\": \"s3cret\"}]}");
    assert_int_equal(fixture.result, -1);
    assert_string_equal(fixture.diag.items[0].message,
                        "the account has 2 services called \"${SECRET}\"");
    fixture_release(&fixture);
}

static void test_numbers_must_be_owned(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture,
                 "version: 1\nservices: []\nnumbers: [{phone_number: '+15005550001'}, "
                 "{phone_number: '+15005550009'}]\n",
                 OWNED);
    assert_int_equal(plan_check_numbers(&fixture.roster.desired, &fixture.live, &fixture.diag), -1);
    assert_int_equal(fixture.diag.errors, 1);
    assert_string_equal(fixture.diag.items[0].message,
                        "the account does not own phone number +15005550009");
    fixture_release(&fixture);
}

/* 395 numbers live; of the two short codes that the roster does not manage nothing is known. */
static void test_unmanaged_list_counts_near_the_limit(void **state)
{
    struct fixture fixture;
    struct buf live, yaml;
    int i;
    (void)state;
    buf_init(&live, 1024 * 1024);
    buf_init(&yaml, 1024 * 1024);
    buf_add_text(&live, "{\"services\": [" LIVE_A ", \"phone_numbers\": [");
    buf_add_text(&yaml, HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001'");
    for (i = 0; i < 398; i++) {
        buf_printf(&live, "%s{\"sid\": \"PN%032d\", \"phone_number\": \"+1600555%04d\"}",
                   i == 0 ? "" : ", ", i, i);
        buf_printf(&yaml, ", '+1600555%04d'", i);
    }
    buf_add_text(
        &live,
        "], \"short_codes\": [{\"sid\": \"" SID(
            "SC",
            "1") "\", \"short_code\": \"10001\"}, {\"sid\": \"" SID("SC",
                                                                    "2") "\", \"short_code\": "
                                                                         "\"10002\"}]}]}");
    buf_add_text(&yaml, "]\n");
    fixture_init(&fixture, buf_text(&yaml), buf_text(&live));
    assert_false(plan_lacks_list(&fixture.plan, 0, SENDER_SHORT_CODE)); /* it is fetched */
    fixture.live.services[0]->senders[SENDER_SHORT_CODE].fetched = false;
    assert_true(plan_lacks_list(&fixture.plan, 0, SENDER_SHORT_CODE));
    assert_false(plan_lacks_list(&fixture.plan, 0, SENDER_ALPHA_SENDER));
    assert_int_equal(plan_check_pools(&fixture.plan, &fixture.diag), -1);
    assert_string_equal(fixture.diag.items[0].message,
                        "\"A\" would have 401 phone numbers and short codes; 400 are allowed");
    buf_release(&live);
    buf_release(&yaml);
    fixture_release(&fixture);
}

/* Whether A and B swap all that they have is only known with their short codes. */
static void test_swap_wants_all_of_both_pools_known(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture,
                 HEAD "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
                      "  - friendly_name: A\n    phone_numbers: ['+15005550002']\n",
                 "{\"services\": [" LIVE("a", "A", PN("1")) ", " LIVE("b", "B", PN("2")) "]}");
    assert_false(plan_lacks_list(&fixture.plan, 0, SENDER_SHORT_CODE));
    fixture.live.services[1]->senders[SENDER_SHORT_CODE].fetched = false;
    assert_true(plan_lacks_list(&fixture.plan, 0, SENDER_SHORT_CODE));
    assert_false(plan_lacks_list(&fixture.plan, 1, SENDER_SHORT_CODE));
    fixture_release(&fixture);
}

/* Numbers may fill the pool, so that even the first short code wants them known. */
static void test_unmanaged_numbers_always_count(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_init(&fixture, HEAD "  - {friendly_name: A, short_codes: ['10001']}\n",
                 "{\"services\": [" LIVE_A "}]}");
    fixture.live.services[0]->senders[SENDER_PHONE_NUMBER].fetched = false;
    assert_true(plan_lacks_list(&fixture.plan, 0, SENDER_PHONE_NUMBER));
    fixture_release(&fixture);
    fixture_init(&fixture, HEAD "  - {friendly_name: A, phone_numbers: ['+15005550001']}\n",
                 "{\"services\": [" LIVE_A "}]}");
    fixture.live.services[0]->senders[SENDER_SHORT_CODE].fetched = false;
    assert_false(plan_lacks_list(&fixture.plan, 0, SENDER_SHORT_CODE));
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
        cmocka_unit_test(test_pin_that_is_not_there),
        cmocka_unit_test(test_channel_senders_get_sids_from_other_services),
        cmocka_unit_test(test_channel_sender_that_stays_elsewhere),
        cmocka_unit_test(test_channel_sender_wanted_twice),
        cmocka_unit_test(test_values_of_variables_stay_hidden),
        cmocka_unit_test(test_numbers_must_be_owned),
        cmocka_unit_test(test_unmanaged_list_counts_near_the_limit),
        cmocka_unit_test(test_unmanaged_numbers_always_count),
        cmocka_unit_test(test_swap_wants_all_of_both_pools_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
