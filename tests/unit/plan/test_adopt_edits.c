#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "plan/adopt.h"
#include "support/live_text.h"
#include "support/plan_text.h"
#include "support/roster_text.h"

#include <string.h>

#define ORDERS LIVE_SERVICE("1", "Orders")
#define OTHERS LIVE_SERVICE("2", "Others")
#define THIRD LIVE_SERVICE("3", "Third")
#define NUMBERS(list) "\"phone_numbers\": [" list "]"

struct fixture {
    struct roster_text roster;
    struct live_state live;
    struct plan plan;
    struct diag diag;
    struct adopt_file file;
    struct adopt adopt;
};

static char *lookup(const char *name)
{
    static char secret[] = "hunter2";
    return strcmp(name, "ROSTER_SECRET_1") == 0 ? secret : roster_text_lookup(name);
}

static void fixture_init(struct fixture *fixture, const char *yaml, const char *services)
{
    char *live = NULL;
    struct buf text;

    memset(fixture, 0, sizeof(*fixture));
    diag_init(&fixture->diag);
    buf_init(&text, 1024 * 1024);
    buf_printf(&text, "{\"services\": [%s]}", services);
    live = strdup(buf_text(&text));
    buf_release(&text);
    roster_text_read(&fixture->roster, yaml);
    if (fixture->roster.result != 0)
        fail_msg("%s", buf_text(&fixture->roster.report));
    fixture->roster.desired.lookup = lookup;
    live_text_read(&fixture->live, live);
    free(live);
    if (plan_build(&fixture->plan, &fixture->roster.desired, &fixture->live, &fixture->diag) != 0)
        assert_int_equal(fixture->diag.errors, plan_missing_pins(&fixture->plan));
    fixture->file = (struct adopt_file){
        .name = "roster.yaml",
        .doc = &fixture->roster.doc,
        .text = yaml,
        .size = strlen(yaml),
    };
    assert_int_equal(adopt_begin(&fixture->adopt, &fixture->plan, &fixture->live, &fixture->file, 1,
                                 &fixture->diag),
                     0);
}

static void fixture_release(struct fixture *fixture)
{
    adopt_release(&fixture->adopt);
    plan_release(&fixture->plan);
    live_state_release(&fixture->live);
    diag_release(&fixture->diag);
    roster_text_release(&fixture->roster);
}

static const char *edited(struct fixture *fixture)
{
    adopt_prepare(&fixture->adopt, &fixture->diag);
    adopt_edit(&fixture->adopt);
    return fixture->file.changed ? buf_text(&fixture->file.result) : fixture->file.text;
}

static void choose_all(struct fixture *fixture)
{
    size_t i;
    for (i = 0; i < fixture->adopt.count; i++)
        fixture->adopt.items[i].chosen = true;
}

/* All of it. */
static void test_edits(void **state)
{
    static const struct {
        const char *before, *live, *after;
    } cases[] = {
        /* values */
        {"version: 1\nservices:\n  - friendly_name: Orders\n    sticky_sender: true  # c\n",
         ORDERS ", \"sticky_sender\": false}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    sticky_sender: false  # c\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    status_callback: 'https://a.b/'\n",
         ORDERS "}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    status_callback: null\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    status_callback: ~\n",
         ORDERS ", \"status_callback\": \"https://a.b/${x}\"}",
         "version: 1\nservices:\n  - friendly_name: Orders\n"
         "    status_callback: https://a.b/$${x}\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    status_callback: "
         "\"https://a.b/\"\n",
         ORDERS ", \"status_callback\": \"https://u:hunter2@a.b/\"}",
         "version: 1\nservices:\n  - friendly_name: Orders\n"
         "    status_callback: \"https://u:${ROSTER_SECRET_1}@a.b/\"\n"},
        /* from elsewhere: the service gets a key of its own */
        {"version: 1\ndefaults: {sticky_sender: true, validity_period: 60}\nservices:\n"
         "  - friendly_name: Orders\n    phone_numbers: []\n  - friendly_name: Others\n",
         ORDERS ", \"sticky_sender\": false, \"validity_period\": 90}, " OTHERS
                ", \"sticky_sender\": true, \"validity_period\": 60}",
         "version: 1\ndefaults: {sticky_sender: true, validity_period: 60}\nservices:\n"
         "  - friendly_name: Orders\n    sticky_sender: false\n    validity_period: 90\n"
         "    phone_numbers: []\n  - friendly_name: Others\n"},
        {"version: 1\ndefaults: &d\n  sticky_sender: true\nservices:\n"
         "  - <<: *d\n    friendly_name: Orders\n",
         ORDERS ", \"sticky_sender\": false}",
         "version: 1\ndefaults: &d\n  sticky_sender: true\nservices:\n"
         "  - <<: *d\n    friendly_name: Orders\n    sticky_sender: false\n"},
        {"version: 1\ndefaults: {sticky_sender: true}\nservices: [{friendly_name: Orders}]\n",
         ORDERS ", \"sticky_sender\": false}",
         "version: 1\ndefaults: {sticky_sender: true}\n"
         "services: [{friendly_name: Orders, sticky_sender: false}]\n"},
        /* an alias becomes the value, and an anchor goes to the first that goes on using it */
        {"version: 1\nservices:\n  - friendly_name: Orders\n    validity_period: &v 60\n"
         "  - friendly_name: Others\n    validity_period: *v\n",
         ORDERS ", \"validity_period\": 60}, " OTHERS ", \"validity_period\": 90}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    validity_period: &v 60\n"
         "  - friendly_name: Others\n    validity_period: 90\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    validity_period: &v 60 # c\n"
         "  - friendly_name: Others\n    validity_period: *v\n"
         "  - friendly_name: Third\n    validity_period: *v # d\n",
         ORDERS ", \"validity_period\": 70}, " OTHERS ", \"validity_period\": 90}, " THIRD
                ", \"validity_period\": 60}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    validity_period: 70 # c\n"
         "  - friendly_name: Others\n    validity_period: 90\n"
         "  - friendly_name: Third\n    validity_period: &v 60 # d\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    validity_period: &v 60\n"
         "  - friendly_name: Others\n    validity_period: *v\n",
         ORDERS ", \"validity_period\": 70}, " OTHERS ", \"validity_period\": 70}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    validity_period: &v 70\n"
         "  - friendly_name: Others\n    validity_period: *v\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    alpha_senders: &a [ACME]\n"
         "  - friendly_name: Others\n    alpha_senders: *a\n",
         ORDERS ", \"alpha_senders\": [" LIVE_ALPHA("1", "ACME") "]}, " OTHERS "}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    alpha_senders: &a [ACME]\n"
         "  - friendly_name: Others\n    alpha_senders: []\n"},
        /* a mapping that others merge, when they change alike */
        {"version: 1\nservices:\n  - &o\n    friendly_name: Orders\n    sticky_sender: true\n"
         "  - <<: *o\n    friendly_name: Others\n",
         ORDERS ", \"sticky_sender\": false}, " OTHERS ", \"sticky_sender\": false}",
         "version: 1\nservices:\n  - &o\n    friendly_name: Orders\n    sticky_sender: false\n"
         "  - <<: *o\n    friendly_name: Others\n    sticky_sender: false\n"},
        /* names */
        {"version: 1\nservices:\n  - sid: " LIVE_SID(
             "MG", "1") "\n    friendly_name: 'Old'\n"
                        "test_sends:\n  - {name: a, service: Old, to: \"+15005550001\", body: x}\n"
                        "guards: {protect: [Old, Older]}\n",
         ORDERS "}",
         "version: 1\nservices:\n  - sid: " LIVE_SID(
             "MG",
             "1") "\n    friendly_name: 'Orders'\n"
                  "test_sends:\n  - {name: a, service: Orders, to: \"+15005550001\", body: x}\n"
                  "guards: {protect: [Orders, Older]}\n"},
        {"version: 1\nservices:\n  - friendly_name: New\n    renamed_from: Orders  # soon\n",
         ORDERS "}", "version: 1\nservices:\n  - friendly_name: Orders\n"},
        /* senders */
        {"version: 1\nservices:\n  - friendly_name: Orders\n    phone_numbers:\n"
         "      - \"+15005550001\"\n      - \"+15005550003\"  # c\n      - \"+15005550004\"\n",
         ORDERS ", " NUMBERS(LIVE_NUMBER("4") ", " LIVE_NUMBER("2") ", " LIVE_NUMBER("1")) "}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    phone_numbers:\n"
         "      - \"+15005550001\"\n      - \"+15005550002\"\n      - \"+15005550004\"\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n"
         "    phone_numbers: ['+15005550003', '+15005550001']\n",
         ORDERS ", " NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER("3") ", " LIVE_NUMBER(
             "2") ", " LIVE_NUMBER("4")) "}",
         "version: 1\nservices:\n  - friendly_name: Orders\n"
         "    phone_numbers: ['+15005550003', '+15005550001', '+15005550002', '+15005550004']\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    phone_numbers: [\"+15005550001\"]\n"
         "  - friendly_name: Others\n    phone_numbers:\n    - \"+15005550002\"\n",
         ORDERS ", " NUMBERS(LIVE_NUMBER("2")) "}, " OTHERS ", " NUMBERS(LIVE_NUMBER("1")) "}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    phone_numbers: [\"+15005550002\"]\n"
         "  - friendly_name: Others\n    phone_numbers:\n    - \"+15005550001\"\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    phone_numbers: [\"+15005550001\"]\n"
         "  - friendly_name: Others\n",
         ORDERS "}, " OTHERS ", " NUMBERS(LIVE_NUMBER("1")) "}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    phone_numbers: []\n"
         "  - friendly_name: Others\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    alpha_senders: [OLD] # c\n",
         ORDERS ", \"alpha_senders\": [" LIVE_ALPHA("1", "no") "]}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    alpha_senders: [\"no\"] # c\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    destination_alpha_senders:\n"
         "      - {alpha_sender: &a ACME, iso_country_code: GB}\n"
         "      - {alpha_sender: *a, iso_country_code: DE} # c\n"
         "      - {alpha_sender: *a, iso_country_code: NO}\n",
         ORDERS ", \"destination_alpha_senders\": ["
                "{\"sid\": \"" LIVE_SID("AI", "1") "\", \"alpha_sender\": \"ACME\", "
                                                   "\"iso_country_code\": \"GB\"}, "
                                                   "{\"sid\": \"" LIVE_SID(
                                                       "AI", "2") "\", \"alpha_sender\": \"ACME\", "
                                                                  "\"iso_country_code\": \"NO\"}]}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    destination_alpha_senders:\n"
         "      - {alpha_sender: &a ACME, iso_country_code: GB}\n"
         "      - {alpha_sender: *a, iso_country_code: NO}\n"},
        /* services */
        {"version: 1\nservices:\n  # of orders\n  - friendly_name: Orders\n\n  # gone\n"
         "  - friendly_name: Gone\n    phone_numbers: [\"+15005550001\"]\n  - friendly_name: "
         "Others\n"
         "    phone_numbers: []\n",
         ORDERS "}, " OTHERS ", " NUMBERS(LIVE_NUMBER("1")) "}",
         "version: 1\nservices:\n  # of orders\n  - friendly_name: Orders\n\n"
         "  - friendly_name: Others\n    phone_numbers: [\"+15005550001\"]\n"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    sticky_sender: true\n"
         "  - {sid: " LIVE_SID("MG", "f") ", friendly_name: Pinned}\n",
         ORDERS ", \"sticky_sender\": false}",
         "version: 1\nservices:\n  - friendly_name: Orders\n    sticky_sender: false\n"},
        {"version: 1\nprune: true\ndefaults: {sticky_sender: true}\nservices: []\n",
         ORDERS ", \"sticky_sender\": true, " NUMBERS(LIVE_NUMBER("1")) "}",
         "version: 1\nprune: true\ndefaults: {sticky_sender: true}\nservices:\n"
         "  # " LIVE_SID(
             "MG", "1") "\n  - friendly_name: Orders\n    sticky_sender: true\n"
                        "    phone_numbers:\n      - \"+15005550001\"  # SMS\n    short_codes: []\n"
                        "    alpha_senders: []\n    destination_alpha_senders: []\n    "
                        "channel_senders: []\n"},
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        fixture_init(&fixture, cases[i].before, cases[i].live);
        assert_int_not_equal(fixture.adopt.count, 0);
        choose_all(&fixture);
        assert_string_equal(edited(&fixture), cases[i].after);
        for (j = 0; j < fixture.adopt.count; j++)
            assert_true(fixture.adopt.items[j].adopted);
        fixture_release(&fixture);
    }
}

/* What can't be adopted, and why; the text stays as it is. */
static void test_refused(void **state)
{
    static const struct {
        const char *before, *live, *problem;
    } cases[] = {
        {"version: 1\nservices:\n  - friendly_name: Orders\n    status_callback: ${HOOKS}/a\n",
         ORDERS ", \"status_callback\": \"https://new.b/\"}",
         "the roster takes it from the environment: ${HOOKS}/a"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    phone_numbers: ['${NUMBER}']\n",
         ORDERS "}", "the roster takes it from the environment: ${NUMBER}"},
        {"version: 1\nservices:\n  - friendly_name: ${TEAM}\n", "",
         "the roster takes it from the environment: ${TEAM}"},
        {"version: 1\nservices:\n  - {sid: '${SID}', friendly_name: Pinned}\n", "",
         "the roster takes it from the environment: ${SID}"},
        /* the value of a variable that the roster uses elsewhere */
        {"version: 1\nservices:\n  - friendly_name: Orders\n    status_callback: ${HOOKS}/a\n"
         "    fallback_url: null\n",
         ORDERS ", \"status_callback\": \"https://hooks.example.com/a\", "
                "\"fallback_url\": \"https://hooks.example.com/b\"}",
         "the account's value is, or has in it, that of a variable of the roster or a secret of "
         "roster's own"},
        /* what a roster can't say */
        {"version: 1\nservices:\n  - friendly_name: Orders\n    usecase: poll\n",
         ORDERS ", \"usecase\": \"something_new\"}", "\"usecase\" can't be \"something_new\""},
        {"version: 1\nservices:\n  - friendly_name: Orders\n    usecase: poll\n", ORDERS "}",
         "the account has no value for it, and a roster can't say that"},
        /* others see what is written there */
        {"version: 1\nservices:\n  - &o\n    friendly_name: Orders\n    sticky_sender: true\n"
         "  - <<: *o\n    friendly_name: Others\n",
         ORDERS ", \"sticky_sender\": false}, " OTHERS ", \"sticky_sender\": true}",
         "the edit would change \"Others\", too: an alias or a merge key leads there"},
        {"version: 1\nservices:\n  - friendly_name: Orders\n  - &g {friendly_name: Gone, "
         "sticky_sender: true}\n  - {<<: *g, friendly_name: Others}\n",
         ORDERS "}, " OTHERS ", \"sticky_sender\": true}",
         "the roster would not be right any more: unknown alias \"*g\""},
        /* something names the service */
        {"version: 1\nservices:\n  - friendly_name: Gone\n"
         "test_sends:\n  - {name: a, service: Gone, to: \"+15005550001\", body: x}\n",
         "", "the roster would not be right any more: the roster has no service \"Gone\""},
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        size_t refused = 0;
        fixture_init(&fixture, cases[i].before, cases[i].live);
        choose_all(&fixture);
        assert_string_equal(edited(&fixture), cases[i].before);
        for (j = 0; j < fixture.adopt.count; j++) {
            assert_false(fixture.adopt.items[j].adopted);
            refused += strstr(fixture.adopt.items[j].problem, cases[i].problem) != NULL;
        }
        if (refused == 0)
            fail_msg("%s", fixture.adopt.items[0].problem);
        fixture_release(&fixture);
    }
}

/* One that can't be adopted does not keep the others from it. */
static void test_some(void **state)
{
    static const char roster[] = "version: 1\nservices:\n"
                                 "  - &o\n    friendly_name: Orders\n    sticky_sender: true\n"
                                 "    validity_period: 60\n"
                                 "  - <<: *o\n    friendly_name: Others\n    validity_period: 70\n";
    static const char live[] =
        ORDERS ", \"sticky_sender\": false, \"validity_period\": 61}, " OTHERS
               ", \"sticky_sender\": true, \"validity_period\": 71}";
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture, roster, live);
    choose_all(&fixture);
    assert_string_equal(edited(&fixture),
                        "version: 1\nservices:\n"
                        "  - &o\n    friendly_name: Orders\n    sticky_sender: true\n"
                        "    validity_period: 61\n"
                        "  - <<: *o\n    friendly_name: Others\n    validity_period: 71\n");
    assert_int_equal(fixture.adopt.count, 3);
    fixture_release(&fixture);
}

/* A pinned service that is not there, and that nobody took out, is not in the way of others. */
static void test_missing_pin(void **state)
{
    static const char roster[] =
        "version: 1\nservices:\n"
        "  - {sid: " LIVE_SID("MG", "f") ", friendly_name: Pinned}\n"
                                         "  - {friendly_name: Orders, sticky_sender: true}\n";
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture, roster, ORDERS ", \"sticky_sender\": false}");
    assert_int_equal(fixture.adopt.count, 2);
    fixture.adopt.items[1].chosen = true;
    assert_string_equal(
        edited(&fixture),
        "version: 1\nservices:\n"
        "  - {sid: " LIVE_SID("MG", "f") ", friendly_name: Pinned}\n"
                                         "  - {friendly_name: Orders, sticky_sender: false}\n");
    fixture_release(&fixture);
}

/* Only what is chosen is adopted. */
static void test_chosen(void **state)
{
    static const char roster[] = "version: 1\nservices:\n  - friendly_name: Orders\n"
                                 "    sticky_sender: true\n    validity_period: 60\n";
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture, roster, ORDERS ", \"sticky_sender\": false, \"validity_period\": 61}");
    assert_int_equal(fixture.adopt.count, 2);
    fixture.adopt.items[1].chosen = true;
    assert_string_equal(edited(&fixture), "version: 1\nservices:\n  - friendly_name: Orders\n"
                                          "    sticky_sender: true\n    validity_period: 61\n");
    assert_false(fixture.adopt.items[0].adopted);
    assert_true(fixture.adopt.items[1].adopted);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edits),  cmocka_unit_test(test_refused),
        cmocka_unit_test(test_some),   cmocka_unit_test(test_missing_pin),
        cmocka_unit_test(test_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
