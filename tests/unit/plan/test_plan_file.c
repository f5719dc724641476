#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "plan/guard.h"
#include "plan/plan_document.h"
#include "plan/plan_file.h"
#include "support/live_text.h"
#include "support/roster_text.h"

#include <string.h>

#define KEY "0123456789abcdef0123456789abcdef"
#define SID(prefix, digit) prefix "0000000000000000000000000000000" digit
#define PN(digit)                                                               \
    "{\"sid\": \"" SID("PN", digit) "\", \"phone_number\": \"+1500555000" digit \
                                    "\", \"capabilities\": [\"SMS\"]}"

/* One of everything that a plan can do, to what a plan can do it. */
static const char roster_yaml[] =
    "version: 1\n"
    "prune: true\n"
    "services:\n"
    "  - friendly_name: Orders\n"
    "    sticky_sender: false\n"
    "    status_callback: ${HOOKS}/status\n"
    "    phone_numbers: ['+15005550001', '+15005550003', '+15005550004']\n"
    "    alpha_senders: [NEW]\n"
    "    destination_alpha_senders: [{alpha_sender: ACMEUK, iso_country_code: GB}]\n"
    "  - friendly_name: Marketing\n"
    "    phone_numbers: []\n"
    "  - friendly_name: Brand new\n"
    "    renamed_from: Nothing\n"
    "    validity_period: 60\n"
    "    inbound_request_url: null\n"
    "    channel_senders: ['" SID("XE", "1") "']\n"
                                             "guards:\n"
                                             "  max_deletes: 3\n"
                                             "  protect: [Nobody]\n";

static const char live_json[] =
    "{\"services\": ["
    "{\"sid\": \"" SID(
        "MG",
        "1") "\", \"friendly_name\": \"Orders\", \"sticky_sender\": true, "
             "\"status_callback\": \"https://old.example/\", \"phone_numbers\": [" PN("1") ", " PN(
                 "2") "], "
                      "\"alpha_senders\": [{\"sid\": \"" SID(
                          "AI",
                          "1") "\", \"alpha_sender\": \"OLD\"}]}, "
                               "{\"sid\": \"" SID(
                                   "MG",
                                   "2") "\", \"friendly_name\": \"Marketing\", \"phone_numbers\": "
                                        "[" PN("3") "]}, "
                                                    "{\"sid\": \"" SID(
                                                        "MG",
                                                        "3") "\", \"friendly_name\": \"Doomed\", "
                                                             "\"phone_numbers\": "
                                                             "[" PN("5") "]}], "
                                                                         "\"owned\": "
                                                                         "{\"phone_numbers\": [" PN(
                                                                             "4") "]}}";

struct fixture {
    struct roster_text roster;
    struct live_state live;
    struct plan plan;
    struct diag diag;
};

static void fixture_init(struct fixture *fixture)
{
    static const struct guard_limits limits = {
        GUARD_UNLIMITED, GUARD_UNLIMITED, false, true, false, false};
    memset(fixture, 0, sizeof(*fixture));
    diag_init(&fixture->diag);
    roster_text_read(&fixture->roster, roster_yaml);
    assert_int_equal(fixture->roster.result, 0);
    live_text_read(&fixture->live, live_json);
    assert_int_equal(
        plan_build(&fixture->plan, &fixture->roster.desired, &fixture->live, &fixture->diag), 0);
    assert_int_equal(plan_resolve(&fixture->plan, &fixture->live, &fixture->diag), 0);
    guard_check(&fixture->plan, &limits);
    assert_int_equal(fixture->plan.refusal_count, 0);
    fixture->plan.origin = (struct plan_origin){
        .account_sid = SID("AC", "1"),
        .location = "roster.yaml",
        .sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        .created = 1700000000,
    };
}

static void fixture_release(struct fixture *fixture)
{
    plan_release(&fixture->plan);
    live_state_release(&fixture->live);
    roster_text_release(&fixture->roster);
    diag_release(&fixture->diag);
}

static int know_source(void *context, const char *service_sid, enum sender_kind kind)
{
    assert_true(live_state_find(context, service_sid)->senders[kind].fetched);
    return 0;
}

/*
 * What apply does with a document: "" when it may be carried out, else the first error. `plan` gets
 * the plan that was made anew when it is not NULL.
 */
static void take(const json_t *document, const char *key, struct live_state *live,
                 struct buf *verdict, size_t *changes)
{
    struct plan_saved saved = {0};
    struct desired desired = {0};
    struct plan plan = {0};
    struct diag diag;

    diag_init(&diag);
    buf_clear(verdict);
    if (plan_file_load(&saved, &desired, "plan.json", document, key, roster_text_lookup, &diag) ==
            0 &&
        plan_file_sources(&saved, know_source, live) == 0 &&
        !plan_file_stale(&saved, &desired, live, &diag)) {
        plan_file_settle(&saved, &desired, live);
        if (plan_build(&plan, &desired, live, &diag) == 0 &&
            plan_resolve(&plan, live, &diag) == 0) {
            plan.origin = saved.origin;
            guard_check(&plan, &saved.limits);
            if (plan_file_compare(&saved, &plan, &diag) == 0 && plan.refusal_count == 0)
                *changes = plan.change_count;
            else if (diag.errors == 0)
                buf_add_text(verdict, "refused");
        }
    }
    if (diag.errors != 0)
        buf_add_text(verdict, diag.items[0].message);
    plan_release(&plan);
    desired_release(&desired);
    plan_saved_release(&saved);
    diag_release(&diag);
}

static json_t *reread(const json_t *document, const char *key)
{
    enum plan_file_verdict verdict = PLAN_FILE_BAD;
    struct diag diag;
    struct buf text;
    json_t *again;

    diag_init(&diag);
    buf_init(&text, BUF_LIMIT_DEFAULT);
    plan_document_write(document, &text);
    again = plan_file_parse("plan.json", buf_text(&text), text.size, key, &verdict, &diag);
    buf_release(&text);
    diag_release(&diag);
    return again;
}

static void test_round_trip(void **state)
{
    static const char *const keys[] = {NULL, KEY};
    struct fixture fixture;
    struct buf verdict;
    size_t i;

    (void)state;
    fixture_init(&fixture);
    buf_init(&verdict, 64 * 1024);
    for (i = 0; i < COUNT_OF(keys); i++) {
        json_t *document = plan_document(&fixture.plan, keys[i]), *again;
        json_t *same = plan_document(&fixture.plan, keys[i]);
        size_t changes = 0;
        assert_true(json_equal(document, same));
        again = reread(document, keys[i]);
        assert_non_null(again);
        take(again, keys[i], &fixture.live, &verdict, &changes);
        assert_string_equal(buf_text(&verdict), "");
        assert_int_equal(changes, fixture.plan.change_count);
        /* With another key, or none, it is not even read. */
        assert_null(reread(document, keys[1 - i]));
        json_decref(document);
        json_decref(same);
        json_decref(again);
    }
    buf_release(&verdict);
    fixture_release(&fixture);
}

/* Another value of the same type. */
static json_t *other_value(const json_t *value)
{
    if (json_is_string(value))
        return json_sprintf("%s9", json_string_value(value));
    if (json_is_integer(value))
        return json_integer(json_integer_value(value) + 1);
    if (json_is_boolean(value))
        return json_boolean(!json_is_true(value));
    return json_string("other");
}

/* What only people read; and what the plan wants, which nothing but a key can protect. */
static bool may_differ(const char *path)
{
    static const char *const free_parts[] = {
        /* For people, or worked out anew. */
        ".created", ".notes", ".summary", ".refusals", ".senders", ".in_roster", ".integrity",
        ".location", ".commit", ".author", ".date", ".targets", ".place",
        /* Limits, where a wider one is none that was broken. */
        ".max_removals", ".max_deletes", ".protect", ".take_over", ".allow_empty",
        ".allow_campaign",
        /* Bound by the digest of the settings. */
        ".before",
        /* What is wanted. */
        ".after", ".identity", ".country", ".renamed_from", "services[].name", "].service"};
    size_t i;

    for (i = 0; i < COUNT_OF(free_parts); i++)
        if (strstr(path, free_parts[i]) != NULL)
            return true;
    return false;
}

struct walk {
    json_t *document;
    struct live_state *live;
    struct buf verdict;
    size_t tried;
};

static void try_change(struct walk *walk, const char *path)
{
    json_t *again;
    size_t changes;

    json_object_set_new(walk->document, "integrity", plan_integrity(walk->document, NULL));
    again = reread(walk->document, NULL);
    walk->tried++;
    if (again != NULL)
        take(again, NULL, walk->live, &walk->verdict, &changes);
    if (again != NULL && walk->verdict.size == 0 && !may_differ(path))
        fail_msg("%s may be altered", path);
    json_decref(again);
}

static void walk_values(struct walk *walk, json_t *node, const char *path)
{
    char below[512];
    const char *key;
    json_t *value;
    void *next;
    size_t i;

    json_object_foreach_safe(node, next, key, value)
    {
        json_t *kept;
        if (strcmp(key, "integrity") == 0)
            continue; /* it is mended all the time */
        kept = json_deep_copy(value);
        snprintf(below, sizeof(below), "%s.%s", path, key);
        if (json_is_object(value) || json_is_array(value)) {
            walk_values(walk, value, below);
        } else {
            json_object_set_new(node, key, other_value(value));
            try_change(walk, below);
            json_object_set(node, key, kept);
        }
        json_decref(kept);
    }
    for (i = 0; i < json_array_size(node); i++) {
        json_t *kept = json_deep_copy(json_array_get(node, i));
        snprintf(below, sizeof(below), "%s[]", path);
        if (json_is_object(kept)) {
            walk_values(walk, json_array_get(node, i), below);
        } else {
            json_array_set_new(node, i, other_value(kept));
            try_change(walk, below);
            json_array_set(node, i, kept);
        }
        json_decref(kept);
    }
}

/* Each value, altered by somebody who can mend the digest: nothing that counts goes unnoticed. */
static void test_every_value_counts(void **state)
{
    struct fixture fixture;
    struct walk walk = {0};
    size_t changes = 0;

    (void)state;
    fixture_init(&fixture);
    buf_init(&walk.verdict, 64 * 1024);
    walk.document = plan_document(&fixture.plan, NULL);
    walk.live = &fixture.live;
    walk_values(&walk, walk.document, "");
    assert_true(walk.tried > 150);
    /* All was put back. */
    json_object_set_new(walk.document, "integrity", plan_integrity(walk.document, NULL));
    take(walk.document, NULL, &fixture.live, &walk.verdict, &changes);
    assert_string_equal(buf_text(&walk.verdict), "");
    json_decref(walk.document);
    buf_release(&walk.verdict);
    fixture_release(&fixture);
}

/* Each change left out, or there twice, by somebody who can mend the digest. */
static void test_every_change_counts(void **state)
{
    struct fixture fixture;
    struct buf verdict;
    json_t *document;
    size_t i, count, changes;

    (void)state;
    fixture_init(&fixture);
    buf_init(&verdict, 64 * 1024);
    document = plan_document(&fixture.plan, NULL);
    count = json_array_size(json_object_get(document, "changes"));
    assert_int_equal(count, fixture.plan.change_count);
    for (i = 0; i < count; i++) {
        json_t *copy = json_deep_copy(document);
        json_array_append(json_object_get(copy, "changes"),
                          json_array_get(json_object_get(document, "changes"), i));
        json_object_set_new(copy, "integrity", plan_integrity(copy, NULL));
        take(copy, NULL, &fixture.live, &verdict, &changes);
        if (verdict.size == 0)
            fail_msg("change %zu may be there twice", i);
        json_decref(copy);
    }
    json_decref(document);
    buf_release(&verdict);
    fixture_release(&fixture);
}

/* Else a forged plan could have any variable of the environment sent somewhere. */
static void test_variables_are_complete(void **state)
{
    struct fixture fixture;
    struct buf verdict;
    json_t *document;
    size_t changes;

    (void)state;
    fixture_init(&fixture);
    buf_init(&verdict, 64 * 1024);
    document = plan_document(&fixture.plan, NULL);
    json_object_clear(json_object_get(document, "variables"));
    json_object_set_new(document, "integrity", plan_integrity(document, NULL));
    take(document, NULL, &fixture.live, &verdict, &changes);
    assert_non_null(strstr(buf_text(&verdict), "takes a variable that the plan has no digest of"));
    json_decref(document);
    buf_release(&verdict);
    fixture_release(&fixture);
}

static void test_is_plan(void **state)
{
    static const struct {
        const char *path, *text;
        bool expected;
    } cases[] = {
        {"plan.json", "", true},
        {"roster.yaml", "", false},
        {"plan", "{\"format\": \"roster-plan\"", true},
        {"plan", " \n{\n  \"format\" : \"roster-plan\",", true},
        {"plan", "{\"format\": \"other\"", false},
        {"plan", "{\"version\": 1, \"format\": \"roster-plan\"}", false},
        {"roster.yaml", "{\"version\": 1, \"services\": []}", false},
        {"plan", "{", false},
        {"plan", "{\"format\"", false},
        {"plan", "   ", false},
        {"plan", "format: roster-plan", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(plan_file_is_plan(cases[i].path, cases[i].text, strlen(cases[i].text)),
                         cases[i].expected);
}

static void test_verdicts(void **state)
{
    static const struct {
        const char *text, *key;
        enum plan_file_verdict verdict;
        const char *message;
    } cases[] = {
        {"", NULL, PLAN_FILE_BAD, "plan.json is empty"},
        {"{\"format\": \"ros", NULL, PLAN_FILE_BAD, "plan.json was cut off: it ends in line 1"},
        {"{}", NULL, PLAN_FILE_UNREADABLE, "plan.json is not a plan file: it has no \"format\""},
        {"[]", NULL, PLAN_FILE_UNREADABLE, "plan.json is not a plan file: it has no \"format\""},
        {"{\"format\": \"roster-plan\", \"version\": 2}", NULL, PLAN_FILE_UNREADABLE,
         "plan.json has plan version 2; this roster reads 1"},
        {"{\"format\": \"roster-plan\", \"version\": 1}", NULL, PLAN_FILE_BAD,
         "plan.json was altered after it was made"},
        {"{\"format\": \"roster-plan\", \"version\": 1}", KEY, PLAN_FILE_BAD,
         "plan.json is not signed"},
        {"{\"format\": \"roster-plan\", \"version\": 1, \"integrity\": {\"algorithm\": "
         "\"hmac-sha256\", \"value\": \"00\"}}",
         NULL, PLAN_FILE_UNREADABLE, "plan.json is signed, and without ROSTER_PLAN_KEY"},
        {"{\"format\": \"roster-plan\", \"version\": 1, \"integrity\": {\"algorithm\": "
         "\"hmac-sha256\", \"value\": \"00\"}}",
         KEY, PLAN_FILE_BAD, "plan.json was altered after it was made, or signed with another key"},
        {"{\"format\": \"roster-plan\", \"version\": 1, \"integrity\": 5}", NULL, PLAN_FILE_BAD,
         "plan.json was altered"},
        {"{\"version\": 1} {", NULL, PLAN_FILE_BAD, "plan.json is not a plan file: end of file"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        enum plan_file_verdict verdict = PLAN_FILE_GOOD;
        struct diag diag;
        diag_init(&diag);
        assert_null(plan_file_parse("plan.json", cases[i].text, strlen(cases[i].text), cases[i].key,
                                    &verdict, &diag));
        assert_int_equal(verdict, cases[i].verdict);
        assert_int_equal(diag.errors, 1);
        if (strncmp(diag.items[0].message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("%s", diag.items[0].message);
        assert_non_null(diag.items[0].help);
        diag_release(&diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_every_value_counts),
        cmocka_unit_test(test_every_change_counts),
        cmocka_unit_test(test_variables_are_complete),
        cmocka_unit_test(test_is_plan),
        cmocka_unit_test(test_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
