/* What becomes of creations, additions and updates whose answers are lost. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply/again.h"
#include "apply_fixture.h"

#define MG1 "MG00000000000000000000000000000001"
#define MG2 "MG00000000000000000000000000000002"
#define MG3 "MG00000000000000000000000000000003"
#define PN1 "PN00000000000000000000000000000001"
#define AI1 "AI00000000000000000000000000000001"
#define NUMBER \
    "{\"sid\": \"" PN1 "\", \"phone_number\": \"+15005550001\", \"capabilities\": [\"SMS\"]}"
#define OWNED "\"owned\": {\"phone_numbers\": [" NUMBER "]}"
#define SERVICE(sid, name) "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\"}"
#define LIST(rows) "{\"services\": [" rows "], \"meta\": {\"next_page_url\": null}}"
#define CREATE_A "POST /v1/Services FriendlyName=A"
#define LOOK "GET /v1/Services?PageSize=1000"
#define ADD_TO(service) "POST /v1/Services/" service "/PhoneNumbers PhoneNumberSid=" PN1
#define MEMBER_OF(service) "GET /v1/Services/" service "/PhoneNumbers/" PN1
#define TAKE_OUT "DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1
#define ADD_GB \
    "POST /v1/Services/" MG1 "/DestinationAlphaSenders AlphaSender=ACME&IsoCountryCode=GB"
#define DESTINATION(country) \
    "{\"sid\": \"" AI1 "\", \"alpha_sender\": \"ACME\", \"iso_country_code\": \"" country "\"}"
#define GONE "{\"code\": 20404, \"message\": \"not found\", \"status\": 404}"
#define REFUSED "{\"code\": 21712, \"message\": \"elsewhere\", \"status\": 409}"
#define A HEAD "  - friendly_name: A\n"
#define A_LIVE "{\"services\": [" SERVICE(MG1, "A") "]}"
#define A_WITH_NUMBER HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001']\n"
#define A_WITHOUT                      \
    "{\"services\": [{\"sid\": \"" MG1 \
    "\", \"friendly_name\": \"A\", \"phone_numbers\": []}], " OWNED "}"
#define MOVED                                            \
    HEAD "  - friendly_name: A\n    phone_numbers: []\n" \
         "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
#define MOVED_LIVE                                                                                 \
    "{\"services\": [{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\", \"phone_numbers\": [" NUMBER \
    "]}, {\"sid\": \"" MG2 "\", \"friendly_name\": \"B\", \"phone_numbers\": []}]}"

static const struct retry_policy thrice = {
    .max_attempts = 3, .base_delay_ms = 1, .max_delay_ms = 1, .max_elapsed_ms = 60 * 1000};

static const struct {
    const char *name, *yaml, *live;
    struct fake_route routes[6];
    const char *log;
    enum change_state state; /* of the first change */
    bool unclear;
    enum put_back put_back;
    const char *problem; /* a part of it; NULL: there is none */
} cases[] = {
    {.name = "a service that is not there is created again",
     .yaml = A,
     .live = "{}",
     .routes = {{CREATE_A, 500, ""}, {CREATE_A, 201, SERVICE(MG1, "A")}, {LOOK, 200, LIST("")}},
     .log = CREATE_A "\n" LOOK "\n" CREATE_A "\n",
     .state = CHANGE_DONE},
    {.name = "one that is there is not",
     .yaml = A,
     .live = "{}",
     .routes = {{CREATE_A, 500, ""}, {LOOK, 200, LIST(SERVICE(MG2, "B") ", " SERVICE(MG1, "A"))}},
     .log = CREATE_A "\n" LOOK "\n",
     .state = CHANGE_DONE},
    {.name = "an answer that is no JSON is looked up, too",
     .yaml = A,
     .live = "{}",
     .routes = {{CREATE_A, 201, "<html>"}, {LOOK, 200, LIST(SERVICE(MG1, "A"))}},
     .log = CREATE_A "\n" LOOK "\n",
     .state = CHANGE_DONE},
    {.name = "one that is there with other settings has failed",
     .yaml = A "    sticky_sender: false\n",
     .live = "{}",
     .routes = {{CREATE_A "&StickySender=false", 500, ""},
                {LOOK, 200,
                 LIST("{\"sid\": \"" MG1
                      "\", \"friendly_name\": \"A\", \"sticky_sender\": true}")}},
     .log = CREATE_A "&StickySender=false\n" LOOK "\n",
     .state = CHANGE_FAILED,
     .problem = "did not take: sticky_sender"},
    {.name = "two of that name are nobody's guess",
     .yaml = A,
     .live = "{}",
     .routes = {{CREATE_A, 500, ""}, {LOOK, 200, LIST(SERVICE(MG1, "A") ", " SERVICE(MG2, "A"))}},
     .log = CREATE_A "\n" LOOK "\n",
     .state = CHANGE_FAILED,
     .unclear = true,
     .problem = "there are 2 services of that name now"},
    {.name = "without an answer to the look, the end stays unclear",
     .yaml = A,
     .live = "{}",
     .routes = {{CREATE_A, 500, ""}, {LOOK, 500, ""}},
     .log = CREATE_A "\n" LOOK "\n",
     .state = CHANGE_FAILED,
     .unclear = true,
     .problem = "HTTP 500"},
    {.name = "it is given up in the end",
     .yaml = A,
     .live = "{}",
     .routes = {{CREATE_A, 500, ""}, {LOOK, 200, LIST("")}},
     .log = CREATE_A "\n" LOOK "\n" CREATE_A "\n" LOOK "\n" CREATE_A "\n" LOOK "\n",
     .state = CHANGE_FAILED,
     .problem = "HTTP 500"},
    {.name = "a refusal of the second time counts",
     .yaml = A,
     .live = "{}",
     .routes = {{CREATE_A, 500, ""}, {CREATE_A, 400, "{\"code\": 20001}"}, {LOOK, 200, LIST("")}},
     .log = CREATE_A "\n" LOOK "\n" CREATE_A "\n",
     .state = CHANGE_FAILED,
     .problem = "Twilio error 20001"},
    {.name = "an update is sent again",
     .yaml = A "    sticky_sender: false\n",
     .live = A_LIVE,
     .routes = {{"POST /v1/Services/" MG1 " StickySender=false", 500, ""},
                {"POST /v1/Services/" MG1 " StickySender=false", 200,
                 "{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\", \"sticky_sender\": false}"}},
     .log = "POST /v1/Services/" MG1 " StickySender=false\n"
            "POST /v1/Services/" MG1 " StickySender=false\n",
     .state = CHANGE_DONE},
    {.name = "a number that is not there is added again",
     .yaml = A_WITH_NUMBER,
     .live = A_WITHOUT,
     .routes = {{ADD_TO(MG1), 500, ""}, {ADD_TO(MG1), 201, NUMBER}, {MEMBER_OF(MG1), 404, GONE}},
     .log = ADD_TO(MG1) "\n" MEMBER_OF(MG1) "\n" ADD_TO(MG1) "\n",
     .state = CHANGE_DONE},
    {.name = "one that is there is not",
     .yaml = A_WITH_NUMBER,
     .live = A_WITHOUT,
     .routes = {{ADD_TO(MG1), 500, ""}, {MEMBER_OF(MG1), 200, NUMBER}},
     .log = ADD_TO(MG1) "\n" MEMBER_OF(MG1) "\n",
     .state = CHANGE_DONE},
    {.name = "an alpha sender is looked for in the list",
     .yaml = A "    alpha_senders: [ACME]\n",
     .live = "{\"services\": [{\"sid\": \"" MG1
             "\", \"friendly_name\": \"A\", \"alpha_senders\": []}]}",
     .routes = {{"POST /v1/Services/" MG1 "/AlphaSenders AlphaSender=ACME", 500, ""},
                {"GET /v1/Services/" MG1 "/AlphaSenders", 200,
                 "{\"alpha_senders\": [{\"sid\": \"" AI1 "\", \"alpha_sender\": \"ACME\"}]}"}},
     .log = "POST /v1/Services/" MG1 "/AlphaSenders AlphaSender=ACME\n"
            "GET /v1/Services/" MG1 "/AlphaSenders\n",
     .state = CHANGE_DONE},
    {.name = "one for another country is not it",
     .yaml = A "    destination_alpha_senders: [{alpha_sender: ACME, iso_country_code: GB}]\n",
     .live = "{\"services\": [{\"sid\": \"" MG1
             "\", \"friendly_name\": \"A\", \"destination_alpha_senders\": []}]}",
     .routes = {{ADD_GB, 500, ""},
                {ADD_GB, 201, DESTINATION("GB")},
                {"GET /v1/Services/" MG1 "/DestinationAlphaSenders", 200,
                 "{\"alpha_senders\": [" DESTINATION("FR") "]}"}},
     .log = ADD_GB "\nGET /v1/Services/" MG1 "/DestinationAlphaSenders\n" ADD_GB "\n",
     .state = CHANGE_DONE},
    {.name = "a move's second half is done again",
     .yaml = MOVED,
     .live = MOVED_LIVE,
     .routes = {{TAKE_OUT, 204, NULL},
                {ADD_TO(MG2), 500, ""},
                {ADD_TO(MG2), 201, NUMBER},
                {MEMBER_OF(MG2), 404, GONE}},
     .log = TAKE_OUT "\n" ADD_TO(MG2) "\n" MEMBER_OF(MG2) "\n" ADD_TO(MG2) "\n",
     .state = CHANGE_DONE},
    {.name = "so is putting back",
     .yaml = MOVED,
     .live = MOVED_LIVE,
     .routes = {{TAKE_OUT, 204, NULL},
                {ADD_TO(MG2), 409, REFUSED},
                {ADD_TO(MG1), 500, ""},
                {ADD_TO(MG1), 201, NUMBER}},
     .log = TAKE_OUT "\n" ADD_TO(MG2) "\n" ADD_TO(MG1) "\n" ADD_TO(MG1) "\n",
     .state = CHANGE_FAILED,
     .put_back = PUT_BACK_DONE,
     .problem = "Twilio error 21712"},
};

static void run(struct fixture *fixture, size_t index)
{
    size_t count = 0;

    while (cases[index].routes[count].request != NULL)
        count++;
    fixture_plan(fixture, cases[index].yaml, cases[index].live);
    fixture_execute_with(fixture, cases[index].routes, count, &(struct http_engine_config){0},
                         &(struct execution_config){.retry = &thrice});
    fake_server_stop(&fixture->fake);
}

static void test_lost_answers(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        const struct change_outcome *outcome;
        print_message("  %s\n", cases[i].name);
        run(&fixture, i);
        outcome = &fixture.execution.outcomes[0];
        assert_string_equal(buf_text(&fixture.fake.log), cases[i].log);
        assert_int_equal(outcome->state, cases[i].state);
        assert_int_equal(outcome->unclear, cases[i].unclear);
        assert_int_equal(outcome->put_back, cases[i].put_back);
        if (cases[i].problem == NULL)
            assert_null(outcome->problem);
        else
            assert_non_null(strstr(outcome->problem, cases[i].problem));
        fixture_release(&fixture);
    }
}

/* The pinned service still has the name that the new one gets. */
static void test_a_service_that_is_to_be_renamed_is_not_it(void **state)
{
    static const struct fake_route routes[] = {
        {"POST /v1/Services/" MG1 " FriendlyName=B", 400, "{\"code\": 20001}"},
        {CREATE_A, 500, ""},
        {CREATE_A, 201, SERVICE(MG3, "A")},
        {LOOK, 200, LIST(SERVICE(MG1, "A"))},
    };
    struct fixture fixture;
    (void)state;
    fixture_plan(&fixture, HEAD "  - friendly_name: B\n    sid: " MG1 "\n  - friendly_name: A\n",
                 A_LIVE);
    fixture_execute_with(&fixture, routes, COUNT_OF(routes), &(struct http_engine_config){0},
                         &(struct execution_config){.retry = &thrice});
    fake_server_stop(&fixture.fake);
    assert_string_equal(fixture.execution.service_sids[1], MG3);
    assert_int_equal(fixture.execution.done, 1);
    fixture_release(&fixture);
}

/* It may still happen: twice would be once too often. */
static void test_a_late_creation_is_not_repeated(void **state)
{
    static const struct fake_route routes[] = {{CREATE_A, FAKE_SERVER_SILENT, NULL},
                                               {LOOK, 200, LIST("")}};
    struct fixture fixture;
    (void)state;
    fixture_plan(&fixture, A, "{}");
    fixture_execute_with(&fixture, routes, COUNT_OF(routes),
                         &(struct http_engine_config){.total_timeout_ms = 300},
                         &(struct execution_config){.retry = &thrice});
    fake_server_stop(&fixture.fake);
    assert_string_equal(buf_text(&fixture.fake.log), CREATE_A "\n" LOOK "\n");
    assert_int_equal(fixture.execution.outcomes[0].state, CHANGE_FAILED);
    assert_true(fixture.execution.outcomes[0].unclear);
    fixture_release(&fixture);
}

static enum execution_stop stopped_later(void *context)
{
    unsigned *turns = context;

    return ++*turns > 1 ? EXECUTION_INTERRUPTED : EXECUTION_WHOLE;
}

static void test_nothing_is_repeated_once_stopped(void **state)
{
    unsigned turns = 0;
    struct fixture fixture;
    (void)state;
    fixture_plan(&fixture, cases[0].yaml, cases[0].live);
    fixture_execute_with(&fixture, cases[0].routes, 3, &(struct http_engine_config){0},
                         &(struct execution_config){
                             .retry = &thrice, .interrupted = stopped_later, .context = &turns});
    fake_server_stop(&fixture.fake);
    assert_string_equal(buf_text(&fixture.fake.log), CREATE_A "\n" LOOK "\n");
    assert_int_equal(fixture.execution.outcomes[0].state, CHANGE_FAILED);
    assert_false(fixture.execution.outcomes[0].unclear);
    fixture_release(&fixture);
}

static void test_the_policy_bounds_tries_and_waits(void **state)
{
    struct random_state random;
    struct again again = {0};
    int64_t delay_ms;
    unsigned tries = 1;
    (void)state;
    random_seed(&random, 1);
    again_sent(&again);
    while (again_allowed(&again, &retry_policy_default, &random, &delay_ms)) {
        assert_in_range(delay_ms, 0, retry_policy_default.base_delay_ms << (tries - 1));
        again_sent(&again);
        tries++;
    }
    assert_int_equal(tries, retry_policy_default.max_attempts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_answers),
        cmocka_unit_test(test_a_service_that_is_to_be_renamed_is_not_it),
        cmocka_unit_test(test_a_late_creation_is_not_repeated),
        cmocka_unit_test(test_nothing_is_repeated_once_stopped),
        cmocka_unit_test(test_the_policy_bounds_tries_and_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
