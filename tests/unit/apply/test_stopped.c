/*
 * Executions that are stopped: nothing new starts, and what is half done is finished or put back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply_fixture.h"

#define MG1 "MG00000000000000000000000000000001"
#define MG2 "MG00000000000000000000000000000002"
#define MG3 "MG00000000000000000000000000000003"
#define PN1 "PN00000000000000000000000000000001"
#define PN2 "PN00000000000000000000000000000002"
#define AI1 "AI00000000000000000000000000000001"
#define AI2 "AI00000000000000000000000000000002"
#define NUMBER(sid, digit)                                         \
    "{\"sid\": \"" sid "\", \"phone_number\": \"+1500555000" digit \
    "\", \"capabilities\": [\"SMS\"]}"
#define ALPHA(sid, text) "{\"sid\": \"" sid "\", \"alpha_sender\": \"" text "\"}"
#define SERVICE(sid, name, senders) \
    "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\", " senders "}"
#define TWO_ADDS HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001', '+15005550002']\n"
#define TWO_OWNED "\"owned\": {\"phone_numbers\": [" NUMBER(PN1, "1") ", " NUMBER(PN2, "2") "]}"

enum { ROUTES_MAX = 4, CHANGES_MAX = 5 };

static const struct {
    const char *name, *yaml, *live;
    unsigned calls; /* which call of `interrupted` says so; the first is before any request */
    struct fake_route routes[ROUTES_MAX];
    const char *log;
    enum change_state states[CHANGES_MAX];
} cases[] = {
    {
        .name = "before anything was sent",
        .yaml = TWO_ADDS,
        .live = "{\"services\": [" SERVICE(MG1, "A", "\"phone_numbers\": []") "], " TWO_OWNED "}",
        .calls = 1,
        .log = "",
        .states = {CHANGE_NOT_ATTEMPTED, CHANGE_NOT_ATTEMPTED},
    },
    {
        .name = "the first of two additions is in flight",
        .yaml = TWO_ADDS,
        .live = "{\"services\": [" SERVICE(MG1, "A", "\"phone_numbers\": []") "], " TWO_OWNED "}",
        .calls = 2,
        .routes = {{"POST /v1/Services/" MG1 "/PhoneNumbers PhoneNumberSid=" PN1, 201,
                    NUMBER(PN1, "1")}},
        .log = "POST /v1/Services/" MG1 "/PhoneNumbers PhoneNumberSid=" PN1 "\n",
        .states = {CHANGE_DONE, CHANGE_NOT_ATTEMPTED},
    },
    {
        .name = "a creation is in flight",
        .yaml = TWO_ADDS,
        .live = "{\"services\": [], " TWO_OWNED "}",
        .calls = 2,
        .routes = {{"POST /v1/Services FriendlyName=A", 201,
                    "{\"sid\": \"" MG3 "\", \"friendly_name\": \"A\"}"}},
        .log = "POST /v1/Services FriendlyName=A\n",
        .states = {CHANGE_DONE, CHANGE_NOT_ATTEMPTED, CHANGE_NOT_ATTEMPTED},
    },
    {
        .name = "a deletion waits",
        .yaml = "version: 1\nprune: true\nservices:\n  - friendly_name: A\n"
                "    sticky_sender: false\n",
        .live = "{\"services\": [" SERVICE(MG1, "A", "\"sticky_sender\": true") ", " SERVICE(
            MG2, "B", "\"phone_numbers\": []") "]}",
        .calls = 2,
        .routes = {{"POST /v1/Services/" MG1 " StickySender=false", 200,
                    "{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\", \"sticky_sender\": false}"}},
        .log = "POST /v1/Services/" MG1 " StickySender=false\n",
        .states = {CHANGE_DONE, CHANGE_NOT_ATTEMPTED},
    },
    {
        .name = "a move is between its halves, another one waits",
        .yaml = HEAD "  - friendly_name: A\n    phone_numbers: []\n"
                     "  - friendly_name: B\n    phone_numbers: ['+15005550001', '+15005550002']\n",
        .live = "{\"services\": [" SERVICE(
            MG1, "A",
            "\"phone_numbers\": [" NUMBER(PN1, "1") ", " NUMBER(
                PN2, "2") "]") ", " SERVICE(MG2, "B", "\"phone_numbers\": []") "]}",
        .calls = 2,
        .routes = {{"DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1, 204, NULL},
                   {"POST /v1/Services/" MG2 "/PhoneNumbers PhoneNumberSid=" PN1, 201,
                    NUMBER(PN1, "1")}},
        .log = "DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1 "\n"
               "POST /v1/Services/" MG2 "/PhoneNumbers PhoneNumberSid=" PN1 "\n",
        .states = {CHANGE_DONE, CHANGE_NOT_ATTEMPTED},
    },
    {
        .name = "a move whose second half is refused is put back",
        .yaml = HEAD "  - friendly_name: A\n    phone_numbers: []\n"
                     "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n",
        .live = "{\"services\": [" SERVICE(
            MG1, "A",
            "\"phone_numbers\": [" NUMBER(PN1, "1") "]") ", " SERVICE(MG2, "B",
                                                                      "\"phone_numbers\": []") "]}",
        .calls = 2,
        .routes = {{"DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1, 204, NULL},
                   {"POST /v1/Services/" MG2 "/PhoneNumbers PhoneNumberSid=" PN1, 400,
                    "{\"code\": 21712, \"message\": \"no\"}"},
                   {"POST /v1/Services/" MG1 "/PhoneNumbers PhoneNumberSid=" PN1, 201,
                    NUMBER(PN1, "1")}},
        .log = "DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1 "\n"
               "POST /v1/Services/" MG2 "/PhoneNumbers PhoneNumberSid=" PN1 "\n"
               "POST /v1/Services/" MG1 "/PhoneNumbers PhoneNumberSid=" PN1 "\n",
        .states = {CHANGE_FAILED},
    },
    {
        .name = "an alpha sender is being taken out for another one",
        .yaml = HEAD "  - friendly_name: A\n    alpha_senders: [NEW]\n",
        .live =
            "{\"services\": [" SERVICE(MG1, "A", "\"alpha_senders\": [" ALPHA(AI1, "OLD") "]") "]}",
        .calls = 2,
        .routes = {{"DELETE /v1/Services/" MG1 "/AlphaSenders/" AI1, 204, NULL},
                   {"POST /v1/Services/" MG1 "/AlphaSenders AlphaSender=NEW", 201,
                    ALPHA(AI2, "NEW")}},
        .log = "DELETE /v1/Services/" MG1 "/AlphaSenders/" AI1 "\n"
               "POST /v1/Services/" MG1 "/AlphaSenders AlphaSender=NEW\n",
        .states = {CHANGE_DONE, CHANGE_DONE},
    },
    {
        .name = "an alpha sender was not taken out yet",
        .yaml = HEAD "  - friendly_name: A\n    alpha_senders: [NEW]\n",
        .live =
            "{\"services\": [" SERVICE(MG1, "A", "\"alpha_senders\": [" ALPHA(AI1, "OLD") "]") "]}",
        .calls = 1,
        .log = "",
        .states = {CHANGE_NOT_ATTEMPTED, CHANGE_NOT_ATTEMPTED},
    },
};

struct countdown {
    unsigned calls, at;
    struct twilio_client **ends; /* NULL: it is an interrupt; else the client that ends */
};

static enum execution_stop is_due(void *context)
{
    struct countdown *countdown = context;

    if (++countdown->calls < countdown->at)
        return EXECUTION_WHOLE;
    if (countdown->ends == NULL)
        return EXECUTION_INTERRUPTED;
    twilio_client_end_at(*countdown->ends, 1);
    return EXECUTION_WHOLE;
}

static void run_cases(enum execution_stop why)
{
    size_t i, change;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct countdown countdown = {.at = cases[i].calls};
        const struct execution_config config = {
            .interrupted = is_due, .context = &countdown, .window = 1};
        struct fixture fixture;
        size_t routes = 0;

        while (routes < ROUTES_MAX && cases[i].routes[routes].request != NULL)
            routes++;
        if (why == EXECUTION_OUT_OF_TIME)
            countdown.ends = &fixture.fake.client;
        fixture_plan(&fixture, cases[i].yaml, cases[i].live);
        fixture_execute_with(&fixture, cases[i].routes, routes, &(struct http_engine_config){0},
                             &config);
        fake_server_stop(&fixture.fake);
        print_message("%s\n", cases[i].name);
        assert_string_equal(buf_text(&fixture.fake.log), cases[i].log);
        assert_int_equal(fixture.execution.stopped, why);
        for (change = 0; change < fixture.plan.change_count; change++) {
            assert_int_equal(fixture.execution.outcomes[change].state, cases[i].states[change]);
            assert_int_equal(fixture.execution.outcomes[change].because_of, CHANGE_NONE);
        }
        fixture_release(&fixture);
    }
}

static void test_interrupted(void **state)
{
    (void)state;
    run_cases(EXECUTION_INTERRUPTED);
}

static void test_out_of_time(void **state)
{
    (void)state;
    run_cases(EXECUTION_OUT_OF_TIME);
}

/* What the client has, but has not sent at the end, was not attempted. */
static void test_handed_over(void **state)
{
    struct fixture fixture;
    struct countdown countdown = {.at = 2, .ends = &fixture.fake.client};
    const struct execution_config config = {
        .interrupted = is_due, .context = &countdown, .window = 5};
    const struct fake_route routes[] = {
        {"POST /v1/Services FriendlyName=A", 201,
         "{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\"}"},
    };
    (void)state;

    fixture_plan(&fixture, HEAD "  - friendly_name: A\n  - friendly_name: B\n",
                 "{\"services\": []}");
    fixture_execute_with(&fixture, routes, 1, &(struct http_engine_config){.parallelism = 1},
                         &config);
    fake_server_stop(&fixture.fake);
    assert_string_equal(buf_text(&fixture.fake.log), "POST /v1/Services FriendlyName=A\n");
    assert_int_equal(fixture.execution.outcomes[0].state, CHANGE_DONE);
    assert_int_equal(fixture.execution.outcomes[1].state, CHANGE_NOT_ATTEMPTED);
    assert_null(fixture.execution.outcomes[1].problem);
    fixture_release(&fixture);
}

/* However many there are, no more than a window full is with the client. */
static void test_window(void **state)
{
    struct countdown countdown = {.at = 2};
    const struct execution_config config = {
        .interrupted = is_due, .context = &countdown, .window = 5};
    struct fixture fixture;
    struct buf yaml;
    size_t i;
    (void)state;

    buf_init(&yaml, 64 * 1024);
    buf_add_text(&yaml, HEAD);
    for (i = 0; i < 100; i++)
        buf_printf(&yaml, "  - friendly_name: S%zu\n", i);
    fixture_plan(&fixture, buf_text(&yaml), "{\"services\": []}");
    fixture_execute_with(&fixture, NULL, 0, &(struct http_engine_config){0}, &config);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 5);
    assert_int_equal(fixture.execution.not_attempted, 95);
    fixture_release(&fixture);
    buf_release(&yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_out_of_time),
        cmocka_unit_test(test_handed_over),
        cmocka_unit_test(test_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
