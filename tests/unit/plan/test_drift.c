#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "plan/drift.h"
#include "support/plan_text.h"

#define ROSTER(services) "version: 1\nservices:\n" services
#define A "  - friendly_name: A\n"
#define B "  - friendly_name: B\n"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define OWNED "], \"owned\": {\"phone_numbers\": [" LIVE_NUMBER("1") ", " LIVE_NUMBER("2") "]}}"

/* One difference, and its class without a baseline and against each of three. */
static const struct {
    const char *name, *roster, *live;
    enum change_kind kind;
    enum drift_class alone;
    struct {
        const char *roster; /* NULL: no more */
        enum drift_class class;
    } baselines[4];
} cases[] = {
    {"a service is gone",
     ROSTER(A),
     "{\"services\": []}",
     CHANGE_CREATE_SERVICE,
     DRIFT_MISSING_LIVE,
     {{ROSTER(A), DRIFT_MISSING_LIVE}, {ROSTER(B), DRIFT_ROSTER_AHEAD}}},
    {"a service that is gone was renamed in the roster since",
     ROSTER(A "    renamed_from: B\n"),
     "{\"services\": []}",
     CHANGE_CREATE_SERVICE,
     DRIFT_MISSING_LIVE,
     {{ROSTER(B), DRIFT_MISSING_LIVE}}},
    {"a setting",
     ROSTER(A "    validity_period: 10\n"),
     "{\"services\": [" LIVE_SERVICE("1", "A") ", \"validity_period\": 20}]}",
     CHANGE_UPDATE_SERVICE,
     DRIFT_CHANGED_BY_HAND,
     {{ROSTER(A "    validity_period: 10\n"), DRIFT_CHANGED_BY_HAND},
      {ROSTER(A "    validity_period: 20\n"), DRIFT_ROSTER_AHEAD},
      {ROSTER(A "    validity_period: 30\n"), DRIFT_CHANGED_BY_HAND},
      {ROSTER(A), DRIFT_ROSTER_AHEAD}}},
    {"a number is gone",
     ROSTER(A "    phone_numbers: [\"+15005550001\"]\n"),
     "{\"services\": [" LIVE_SERVICE("1", "A") "}" OWNED,
     CHANGE_ADD_SENDER,
     DRIFT_MISSING_LIVE,
     {{ROSTER(A "    phone_numbers: [\"+15005550001\"]\n"), DRIFT_MISSING_LIVE},
      {ROSTER(A "    phone_numbers: [\"+15005550002\"]\n"), DRIFT_ROSTER_AHEAD},
      {ROSTER(A "    phone_numbers: []\n"), DRIFT_ROSTER_AHEAD},
      {ROSTER(B "    phone_numbers: [\"+15005550001\"]\n"), DRIFT_MISSING_LIVE}}},
    {"a number came",
     ROSTER(A "    phone_numbers: []\n"),
     "{\"services\": [" LIVE_SERVICE("1", "A") ", \"phone_numbers\": [" LIVE_NUMBER("1") "]}" OWNED,
     CHANGE_REMOVE_SENDER,
     DRIFT_EXTRA_LIVE,
     {{ROSTER(A "    phone_numbers: []\n"), DRIFT_EXTRA_LIVE},
      {ROSTER(A "    phone_numbers: [\"+15005550001\"]\n"), DRIFT_ROSTER_AHEAD},
      {ROSTER(A), DRIFT_ROSTER_AHEAD}}},
    {"a number moved",
     ROSTER(A "    phone_numbers: [\"+15005550001\"]\n"),
     "{\"services\": [" LIVE_SERVICE("1", "A") "}, " LIVE_SERVICE(
         "2", "B") ", \"phone_numbers\": [" LIVE_NUMBER("1") "]}" OWNED,
     CHANGE_MOVE_SENDER,
     DRIFT_CHANGED_BY_HAND,
     {{ROSTER(A "    phone_numbers: [\"+15005550001\"]\n"), DRIFT_CHANGED_BY_HAND},
      {ROSTER(B "    phone_numbers: [\"+15005550001\"]\n"), DRIFT_ROSTER_AHEAD},
      {ROSTER(A "    phone_numbers: []\n" B), DRIFT_ROSTER_AHEAD}}},
    {"an alpha sender that another service has, too",
     ROSTER(A "    alpha_senders: [ACME]\n"),
     "{\"services\": [" LIVE_SERVICE("1", "A") "}, " LIVE_SERVICE("2", "B") "}]}",
     CHANGE_ADD_SENDER,
     DRIFT_MISSING_LIVE,
     {{ROSTER(A "    alpha_senders: [ACME]\n"), DRIFT_MISSING_LIVE},
      {ROSTER(B "    alpha_senders: [ACME]\n"), DRIFT_ROSTER_AHEAD},
      {ROSTER(B "    alpha_senders: [ACME]\n" A "    alpha_senders: [ACME]\n"),
       DRIFT_MISSING_LIVE}}},
    {"a service came",
     ROSTER(A) "prune: true\n",
     "{\"services\": [" LIVE_SERVICE("1", "A") "}, " LIVE_SERVICE("2", "B") "}]}",
     CHANGE_DELETE_SERVICE,
     DRIFT_EXTRA_LIVE,
     {{ROSTER(A) "prune: true\n", DRIFT_EXTRA_LIVE},
      {ROSTER(A B) "prune: true\n", DRIFT_ROSTER_AHEAD},
      {ROSTER(A), DRIFT_ROSTER_AHEAD}}},
};

static void check(const char *name, size_t which, const struct plan *plan, enum change_kind kind,
                  enum drift_class class)
{
    if (plan->change_count != 1 || plan->changes[0].kind != kind)
        fail_msg("%s: not the one change that was meant", name);
    if (plan->changes[0].drift != class)
        fail_msg("%s, %zu: is %s", name, which, drift_class_name(plan->changes[0].drift));
    assert_true(plan->drift.reported);
    assert_int_equal(drift_count(plan, class), 1);
    assert_int_equal(drift_by_hand(plan), class != DRIFT_ROSTER_AHEAD);
}

static void test_classes(void **state)
{
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct plan_text text;
        plan_text_make(&text, cases[i].roster, cases[i].live);
        drift_classify(&text.plan);
        check(cases[i].name, 0, &text.plan, cases[i].kind, cases[i].alone);
        for (j = 0; j < 4 && cases[i].baselines[j].roster != NULL; j++) {
            struct roster_text baseline;
            roster_text_read(&baseline, cases[i].baselines[j].roster);
            assert_int_equal(baseline.result, 0);
            assert_int_equal(drift_classify_against(&text.plan, &baseline.desired, COMMIT,
                                                    &text.live, &text.diag),
                             0);
            check(cases[i].name, j + 1, &text.plan, cases[i].kind, cases[i].baselines[j].class);
            assert_string_equal(text.plan.drift.baseline, COMMIT);
            roster_text_release(&baseline);
        }
        plan_text_release(&text);
    }
}

/* Of an update, each setting for itself. */
static void test_settings(void **state)
{
    struct roster_text baseline;
    struct plan_text text;
    const struct change *change;

    (void)state;
    plan_text_make(&text, ROSTER(A "    validity_period: 10\n    sticky_sender: false\n"),
                   "{\"services\": [" LIVE_SERVICE(
                       "1", "A") ", \"validity_period\": 20, \"sticky_sender\": true}]}");
    roster_text_read(&baseline, ROSTER(A "    validity_period: 10\n    sticky_sender: true\n"));
    assert_int_equal(
        drift_classify_against(&text.plan, &baseline.desired, COMMIT, &text.live, &text.diag), 0);
    change = &text.plan.changes[0];
    assert_int_equal(change->drift, DRIFT_CHANGED_BY_HAND);
    assert_int_equal(
        drift_setting_class(
            change, resource_row_at(&resource_service, offsetof(struct service, validity_period))),
        DRIFT_CHANGED_BY_HAND);
    assert_int_equal(
        drift_setting_class(
            change, resource_row_at(&resource_service, offsetof(struct service, sticky_sender))),
        DRIFT_ROSTER_AHEAD);
    assert_int_equal(drift_count(&text.plan, DRIFT_CHANGED_BY_HAND), 1);
    assert_int_equal(drift_count(&text.plan, DRIFT_ROSTER_AHEAD), 1);
    roster_text_release(&baseline);
    plan_text_release(&text);
}

/* What was not read for the plan is not looked at, rather than taken for empty. */
static void test_unread_lists(void **state)
{
    struct roster_text baseline;
    struct plan_text text;

    (void)state;
    plan_text_make(&text, ROSTER(A "    validity_period: 10\n"),
                   "{\"services\": [" LIVE_SERVICE("1", "A") ", \"validity_period\": 20}]}");
    text.live.services[0]->senders[SENDER_PHONE_NUMBER] = (struct live_senders){.fetched = false};
    roster_text_read(&baseline, ROSTER(A "    phone_numbers: [\"+15005550001\"]\n"));
    assert_int_equal(
        drift_classify_against(&text.plan, &baseline.desired, COMMIT, &text.live, &text.diag), 0);
    assert_int_equal(text.plan.changes[0].drift, DRIFT_ROSTER_AHEAD);
    roster_text_release(&baseline);
    plan_text_release(&text);
}

/* A baseline that pins what is not there is no baseline. */
static void test_unfit_baseline(void **state)
{
    struct roster_text baseline;
    struct plan_text text;

    (void)state;
    plan_text_make(&text, ROSTER(A), "{\"services\": []}");
    roster_text_read(&baseline, ROSTER(A "    sid: " LIVE_SID("MG", "9") "\n"));
    assert_int_equal(
        drift_classify_against(&text.plan, &baseline.desired, COMMIT, &text.live, &text.diag), -1);
    assert_false(text.plan.drift.reported);
    assert_int_equal(text.diag.errors, 1);
    roster_text_release(&baseline);
    plan_text_release(&text);
}

static void digest(const char *roster, const char *baseline, const char *live, const char *salt,
                   char hex[DRIFT_DIGEST_SIZE])
{
    struct roster_text applied;
    struct plan_text text;

    plan_text_make(&text, roster, live);
    roster_text_read(&applied, baseline);
    assert_int_equal(
        drift_classify_against(&text.plan, &applied.desired, COMMIT, &text.live, &text.diag), 0);
    drift_digest(&text.plan, salt, hex);
    roster_text_release(&applied);
    plan_text_release(&text);
}

#define URL_ROSTER(url) ROSTER(A "    status_callback: " url "\n")
#define URL_LIVE(url) \
    "{\"services\": [" LIVE_SERVICE("1", "A") ", \"status_callback\": \"" url "\"}]}"

/* The same drift has one digest; another value, be it a password, or salt has another. */
static void test_digest(void **state)
{
    static const char roster[] = URL_ROSTER("https://u:a@example.com/x");
    static const char ahead[] = URL_ROSTER("https://u:a@example.com/x") "    validity_period: 10\n";
    char first[DRIFT_DIGEST_SIZE], other[DRIFT_DIGEST_SIZE];

    (void)state;
    digest(roster, roster, URL_LIVE("https://u:b@example.com/x"), "salt", first);
    digest(roster, roster, URL_LIVE("https://u:b@example.com/x"), "salt", other);
    assert_string_equal(first, other);
    digest(ahead, roster, URL_LIVE("https://u:b@example.com/x"), "salt", other);
    assert_string_equal(first, other);
    digest(roster, roster, URL_LIVE("https://u:c@example.com/x"), "salt", other);
    assert_string_not_equal(first, other);
    digest(roster, roster, URL_LIVE("https://u:b@example.com/x"), "pepper", other);
    assert_string_not_equal(first, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),      cmocka_unit_test(test_settings),
        cmocka_unit_test(test_unread_lists), cmocka_unit_test(test_unfit_baseline),
        cmocka_unit_test(test_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
