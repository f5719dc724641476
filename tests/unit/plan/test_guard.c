#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/buf.h"
#include "plan/guard.h"
#include "support/plan_text.h"

#include <string.h>

#define HEAD "version: 1\nservices:\n"
#define PRUNE "version: 1\nprune: true\nservices:\n"
#define ONE "    phone_numbers: ['+15005550001']\n"
#define NONE "    phone_numbers: []\n"
#define A "  - friendly_name: A\n"
#define B "  - friendly_name: B\n"
#define LIVE(services) "{\"services\": [" services "]}"
#define LIVE_A LIVE_SERVICE("a", "A")
#define LIVE_B LIVE_SERVICE("b", "B")
#define NUMBERS(list) ", \"phone_numbers\": [" list "]"

/* What the command line says. */
#define LIMITS(removals, deletes)                         \
    {                                                     \
        .max_removals = removals, .max_deletes = deletes, \
    }
#define FLAG(flag)                                                                    \
    {                                                                                 \
        .max_removals = GUARD_UNLIMITED, .max_deletes = GUARD_UNLIMITED, .flag = true \
    }
#define NO_LIMITS LIMITS(GUARD_UNLIMITED, GUARD_UNLIMITED)

/* Three numbers live, one of them wanted: two removals. */
#define TWO_OUT \
    LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER("2") ", " LIVE_NUMBER("3")) "}")
/* Three services live; rosters that name A only delete two. */
#define THREE LIVE(LIVE_A "}, " LIVE_B "}, " LIVE_SERVICE("c", "C") "}")
#define A_HAS_ONE LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) "}")
#define CAMPAIGN LIVE(LIVE_A "}, " LIVE_B ", \"us_app_to_person_registered\": true}")

#define REMOVALS_ALLOW ", or a larger \"max_removals\" in the roster's guards\n"
#define DELETES_ALLOW ", or a larger \"max_deletes\" in the roster's guards\n"
#define PROTECT_ALLOW "its removal from \"guards.protect\" in the roster\n"

static const struct {
    const char *name, *yaml, *live;
    struct guard_limits limits;
    const char *expected; /* a line each: guard, message, what would allow it */
} cases[] = {
    {"no guard", HEAD A ONE, TWO_OUT, NO_LIMITS, ""},
    {"more removals than the roster allows", HEAD A ONE "guards: {max_removals: 1}\n", TWO_OUT,
     NO_LIMITS,
     "max_removals: the plan takes 2 senders out of services; 1 is allowed: "
     "--max-removals 2" REMOVALS_ALLOW},
    {"as many as the roster allows", HEAD A ONE "guards: {max_removals: 2}\n", TWO_OUT, NO_LIMITS,
     ""},
    {"the flag allows more", HEAD A ONE "guards: {max_removals: 0}\n", TWO_OUT,
     LIMITS(2, GUARD_UNLIMITED), ""},
    {"the flag allows less, and only a flag helps", HEAD A ONE "guards: {max_removals: 9}\n",
     TWO_OUT, LIMITS(0, GUARD_UNLIMITED),
     "max_removals: the plan takes 2 senders out of services; 0 are allowed: --max-removals 2\n"},
    {"a move is a removal", HEAD B ONE A "    phone_numbers: ['+15005550002']\n",
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER("2")) "}, " LIVE_B "}"),
     LIMITS(0, GUARD_UNLIMITED),
     "max_removals: the plan takes 1 sender out of services; 0 are allowed: --max-removals 1\n"},
    {"what goes down with its service is removed, too", PRUNE A,
     LIVE(LIVE_A "}, " LIVE_B NUMBERS(LIVE_NUMBER("1")) "}"), LIMITS(0, GUARD_UNLIMITED),
     "max_removals: the plan takes 1 sender out of services; 0 are allowed: --max-removals 1\n"},
    {"more deletions than the roster allows", PRUNE A "guards: {max_deletes: 1}\n", THREE,
     NO_LIMITS,
     "max_deletes: the plan deletes 2 services; 1 is allowed: --max-deletes 2" DELETES_ALLOW},
    {"as many deletions as the roster allows", PRUNE A "guards: {max_deletes: 2}\n", THREE,
     NO_LIMITS, ""},
    {"the flag allows more deletions", PRUNE A "guards: {max_deletes: 0}\n", THREE,
     LIMITS(GUARD_UNLIMITED, 2), ""},
    {"the flag allows fewer deletions", PRUNE A, THREE, LIMITS(GUARD_UNLIMITED, 1),
     "max_deletes: the plan deletes 2 services; 1 is allowed: --max-deletes 2\n"},
    {"a protected service is deleted", PRUNE A "guards: {protect: [A, C]}\n", THREE, NO_LIMITS,
     "protect: \"C\" is protected and would be deleted: " PROTECT_ALLOW},
    {"no flag allows it",
     PRUNE A "guards: {protect: [C]}\n",
     THREE,
     {9, 9, true, true, true, true},
     "protect: \"C\" is protected and would be deleted: " PROTECT_ALLOW},
    {"a protected service is emptied", HEAD A NONE "guards: {protect: [A]}\n", A_HAS_ONE,
     FLAG(allow_empty_service),
     "protect: \"A\" is protected and would be left without senders: " PROTECT_ALLOW},
    {"a protected service by the name that it loses",
     HEAD "  - {friendly_name: New, renamed_from: A, phone_numbers: []}\n"
          "guards: {protect: [A]}\n",
     A_HAS_ONE, FLAG(allow_empty_service),
     "protect: \"A\" is protected and would be left without senders: " PROTECT_ALLOW},
    {"and by the one that it gets",
     HEAD "  - {friendly_name: New, renamed_from: A, phone_numbers: []}\n"
          "guards: {protect: [New]}\n",
     A_HAS_ONE, FLAG(allow_empty_service),
     "protect: \"New\" is protected and would be left without senders: " PROTECT_ALLOW},
    {"a protected service may change, and may have been empty",
     HEAD A "    sticky_sender: false\n" NONE "guards: {protect: [A]}\n",
     LIVE(LIVE_A ", \"sticky_sender\": true}"), NO_LIMITS, ""},
    {"the last sender", HEAD A NONE, A_HAS_ONE, NO_LIMITS,
     "empty_service: the plan takes the last sender out of \"A\": --allow-empty-service\n"},
    {"the last sender, allowed", HEAD A NONE, A_HAS_ONE, FLAG(allow_empty_service), ""},
    {"one sender of another kind is left", HEAD A NONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) ", \"alpha_senders\": [" LIVE_ALPHA("1", "X") "]}"),
     NO_LIMITS, ""},
    {"the last sender moves", HEAD A NONE B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) "}, " LIVE_B "}"), NO_LIMITS,
     "empty_service: the plan takes the last sender out of \"A\": --allow-empty-service\n"},
    {"a service that goes needs no sender", PRUNE B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) "}, " LIVE_B "}"), NO_LIMITS, ""},
    {"an empty roster that prunes", "version: 1\nprune: true\nservices: []\n", LIVE(LIVE_A "}"),
     NO_LIMITS,
     "empty_roster: the roster has no services, and \"prune\" would delete 1 of the account's: "
     "--allow-empty-roster\n"},
    {"an empty roster that prunes, allowed", "version: 1\nprune: true\nservices: []\n",
     LIVE(LIVE_A "}"), FLAG(allow_empty_roster), ""},
    {"an empty roster and an empty account", "version: 1\nprune: true\nservices: []\n", "{}",
     NO_LIMITS, ""},
    {"an empty roster that does not prune", "version: 1\nservices: []\n", LIVE(LIVE_A "}"),
     NO_LIMITS, ""},
    {"out of a service that the roster does not name", HEAD B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER("2")) "}, " LIVE_B "}"), NO_LIMITS,
     "take_over: the plan moves senders out of \"A\", where it does not manage them: "
     "--take-over\n"},
    {"out of it, allowed", HEAD B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER("2")) "}, " LIVE_B "}"), FLAG(take_over),
     ""},
    {"a registered campaign", PRUNE A, CAMPAIGN, NO_LIMITS,
     "campaign_loss: the plan deletes the registered A2P campaign of \"B\": US sending stops at "
     "once: --allow-campaign-loss\n"},
    {"a registered campaign, allowed", PRUNE A, CAMPAIGN, FLAG(allow_campaign_loss), ""},
    {"a registered campaign of a service that stays", PRUNE A B, CAMPAIGN, NO_LIMITS, ""},
    {"names that came from the environment stay hidden",
     HEAD "  - {friendly_name: '${SECRET}', phone_numbers: []}\n"
          "guards: {protect: ['${SECRET}']}\n",
     LIVE(LIVE_SERVICE("a", "s3cret") NUMBERS(LIVE_NUMBER("1")) "}"), NO_LIMITS,
     "protect: \"${SECRET}\" is protected and would be left without senders: " PROTECT_ALLOW
     "empty_service: the plan takes the last sender out of \"${SECRET}\": "
     "--allow-empty-service\n"},
    {"all at once",
     PRUNE A NONE B "    phone_numbers: ['+15005550002']\nguards: {max_removals: 1, "
                    "max_deletes: 0, protect: [A]}\n",
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) ", \"short_codes\": []}, " LIVE_B "}, " LIVE_SERVICE(
         "c", "C") NUMBERS(LIVE_NUMBER("2")) ", \"us_app_to_person_registered\": true}"),
     NO_LIMITS,
     "max_removals: the plan takes 2 senders out of services; 1 is allowed: "
     "--max-removals 2" REMOVALS_ALLOW
     "max_deletes: the plan deletes 1 service; 0 are allowed: --max-deletes 1" DELETES_ALLOW
     "protect: \"A\" is protected and would be left without senders: " PROTECT_ALLOW
     "empty_service: the plan takes the last sender out of \"A\": --allow-empty-service\n"
     "campaign_loss: the plan deletes the registered A2P campaign of \"C\": US sending stops at "
     "once: --allow-campaign-loss\n"},
};

static void dump(const struct plan *plan, struct buf *out)
{
    size_t i;

    for (i = 0; i < plan->refusal_count; i++)
        buf_printf(out, "%s: %s: %s\n", plan->refusals[i].guard, plan->refusals[i].message,
                   plan->refusals[i].allow);
}

static void test_guards(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct plan_text text;
        struct buf out;
        print_message("  %s\n", cases[i].name);
        plan_text_make(&text, cases[i].yaml, cases[i].live);
        guard_check(&text.plan, &cases[i].limits);
        buf_init(&out, 64 * 1024);
        dump(&text.plan, &out);
        assert_string_equal(buf_text(&out), cases[i].expected);
        /* Looking again finds the same, not twice as much. */
        guard_check(&text.plan, &cases[i].limits);
        buf_clear(&out);
        dump(&text.plan, &out);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_release(&out);
        plan_text_release(&text);
    }
}

/* The plan file has the limits that were in force. */
static void test_limits_in_force(void **state)
{
    const struct guard_limits flag = {
        .max_removals = 7,
        .max_deletes = GUARD_UNLIMITED,
        .take_over = true,
    };
    struct plan_text text;

    (void)state;
    plan_text_make(&text, HEAD A "guards: {max_removals: 1, max_deletes: 2}\n", "{}");
    guard_check(&text.plan, &guard_limits_default);
    assert_int_equal(text.plan.limits.max_removals, 1);
    assert_int_equal(text.plan.limits.max_deletes, 2);
    assert_false(text.plan.limits.take_over);
    guard_check(&text.plan, &flag);
    assert_int_equal(text.plan.limits.max_removals, 7);
    assert_int_equal(text.plan.limits.max_deletes, 2);
    assert_true(text.plan.limits.take_over);
    plan_text_release(&text);
    plan_text_make(&text, HEAD A, "{}");
    guard_check(&text.plan, &guard_limits_default);
    assert_int_equal(text.plan.limits.max_removals, GUARD_UNLIMITED);
    plan_text_release(&text);
}

/* A message has the first few services, however many there are. */
static void test_long_lists_are_cut(void **state)
{
    struct plan_text text;
    struct buf yaml, live;
    int i;

    (void)state;
    buf_init(&yaml, 64 * 1024);
    buf_init(&live, 64 * 1024);
    buf_add_text(&yaml, HEAD);
    for (i = 0; i < 8; i++) {
        buf_printf(&yaml, "  - {friendly_name: S%d, phone_numbers: []}\n", i);
        buf_printf(&live,
                   "%s{\"sid\": \"MG%032d\", \"friendly_name\": \"S%d\", \"phone_numbers\": "
                   "[{\"sid\": \"PN%032d\", \"phone_number\": \"+1500555000%d\"}]}",
                   i == 0 ? "{\"services\": [" : ", ", i, i, i, i);
    }
    buf_add_text(&live, "]}");
    plan_text_make(&text, buf_text(&yaml), buf_text(&live));
    guard_check(&text.plan, &guard_limits_default);
    assert_int_equal(text.plan.refusal_count, 1);
    assert_string_equal(text.plan.refusals[0].message,
                        "the plan takes the last sender out of \"S0\", \"S1\", \"S2\", \"S3\", "
                        "\"S4\" and 3 more");
    plan_text_release(&text);
    buf_release(&yaml);
    buf_release(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_limits_in_force),
        cmocka_unit_test(test_long_lists_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
