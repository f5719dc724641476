#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply/verify.h"
#include "apply_fixture.h"

#define MG1 "MG00000000000000000000000000000001"
#define MG2 "MG00000000000000000000000000000002"
#define PN1 "PN00000000000000000000000000000001"
#define PN2 "PN00000000000000000000000000000002"
#define PN3 "PN00000000000000000000000000000003"
#define MG3 "MG00000000000000000000000000000003"
#define AI1 "AI00000000000000000000000000000001"
#define XE1 "XE00000000000000000000000000000001"
#define ADD(service, pn) "POST /v1/Services/" service "/PhoneNumbers PhoneNumberSid=" pn
#define NUMBER(sid, digit)                                         \
    "{\"sid\": \"" sid "\", \"phone_number\": \"+1500555000" digit \
    "\", \"capabilities\": [\"SMS\"]}"
#define OWNED "\"owned\": {\"phone_numbers\": [" NUMBER(PN1, "1") ", " NUMBER(PN2, "2") "]}"
#define REFUSED "{\"code\": 21712, \"message\": \"elsewhere\", \"status\": 409}"

static void test_create_goes_before_its_senders(void **state)
{
    static const struct fake_route routes[] = {
        {"POST /v1/Services FriendlyName=A&StickySender=false", 201,
         "{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\", \"sticky_sender\": false}"},
        {ADD(MG1, PN1), 201, NUMBER(PN1, "1")},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(
        &fixture,
        HEAD
        "  - friendly_name: A\n    sticky_sender: false\n    phone_numbers: ['+15005550001']\n",
        "{" OWNED "}", routes, 2);
    fake_server_stop(&fixture.fake);
    assert_string_equal(buf_text(&fixture.fake.log),
                        "POST /v1/Services FriendlyName=A&StickySender=false\n" ADD(MG1, PN1) "\n");
    assert_int_equal(fixture.execution.done, 2);
    assert_string_equal(fixture.execution.service_sids[0], MG1);
    assert_string_equal(buf_text(&fixture.progress), "0:2 1:2 ");
    fixture_release(&fixture);
}

static void test_failure_skips_only_dependents(void **state)
{
    static const struct fake_route routes[] = {
        {"POST /v1/Services FriendlyName=A", 500, ""},
        {"POST /v1/Services FriendlyName=B", 201,
         "{\"sid\": \"" MG2 "\", \"friendly_name\": \"B\"}"},
        {ADD(MG2, PN2), 409, REFUSED},
    };
    struct fixture fixture;
    const struct change_outcome *outcomes;
    (void)state;
    fixture_run(&fixture,
                HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001']\n"
                     "  - friendly_name: B\n    phone_numbers: ['+15005550002']\n",
                "{" OWNED "}", routes, 3);
    fake_server_stop(&fixture.fake);
    outcomes = fixture.execution.outcomes;
    assert_int_equal(outcomes[0].state, CHANGE_FAILED);
    assert_true(outcomes[0].unclear);
    assert_int_equal(outcomes[1].state, CHANGE_NOT_ATTEMPTED);
    assert_int_equal(outcomes[1].because_of, 0);
    assert_int_equal(outcomes[2].state, CHANGE_DONE);
    assert_int_equal(outcomes[3].state, CHANGE_FAILED);
    assert_false(outcomes[3].unclear);
    assert_non_null(strstr(outcomes[3].problem, "HTTP 409, Twilio error 21712: elsewhere (request "
                                                "RQ00000000000000000000000000000001)"));
    assert_non_null(outcomes[3].hint);
    assert_null(fixture.execution.service_sids[0]);
    assert_int_equal(fixture.execution.done, 1);
    assert_int_equal(fixture.execution.failed, 2);
    assert_int_equal(fixture.execution.not_attempted, 1);
    fixture_release(&fixture);
}

static void test_already_there_and_already_gone_are_done(void **state)
{
    static const struct fake_route routes[] = {
        {ADD(MG1, PN2), 409, "{\"code\": 21710, \"message\": \"already\", \"status\": 409}"},
        {"DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1, 404, "{\"code\": 20404}"},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550002']\n",
                "{\"services\": [{\"sid\": \"" MG1
                "\", \"friendly_name\": \"A\", \"phone_numbers\": "
                "[" NUMBER(PN1, "1") "]}], " OWNED "}",
                routes, 2);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.done, 2);
    /* The addition is over before the removal starts. */
    assert_string_equal(buf_text(&fixture.fake.log),
                        ADD(MG1, PN2) "\nDELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1 "\n");
    fixture_release(&fixture);
}

static void test_alpha_sender_waits_for_its_place(void **state)
{
    static const struct fake_route routes[] = {
        {"DELETE /v1/Services/" MG1 "/AlphaSenders/" AI1, 403, "{\"code\": 20403}"},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD "  - friendly_name: A\n    alpha_senders: [NEW]\n",
                "{\"services\": [{\"sid\": \"" MG1
                "\", \"friendly_name\": \"A\", \"alpha_senders\": "
                "[{\"sid\": \"" AI1 "\", \"alpha_sender\": \"OLD\"}]}]}",
                routes, 1);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 1);
    assert_int_equal(fixture.execution.not_attempted, 1);
    assert_string_equal(buf_text(&fixture.fake.log),
                        "DELETE /v1/Services/" MG1 "/AlphaSenders/" AI1 "\n");
    fixture_release(&fixture);
}

/* What is to go for good is not put back, whatever became of it. */
static void test_a_removal_without_a_clear_end(void **state)
{
    static const struct fake_route route = {"DELETE /v1/Services/" MG1 "/AlphaSenders/" AI1, 500,
                                            ""};
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD "  - friendly_name: A\n    alpha_senders: []\n",
                "{\"services\": [{\"sid\": \"" MG1
                "\", \"friendly_name\": \"A\", \"alpha_senders\": "
                "[{\"sid\": \"" AI1 "\", \"alpha_sender\": \"OLD\"}]}]}",
                &route, 1);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 1);
    assert_true(fixture.execution.outcomes[0].unclear);
    assert_int_equal(fixture.execution.outcomes[0].put_back, PUT_BACK_NONE);
    assert_null(strstr(buf_text(&fixture.fake.log), "POST"));
    fixture_release(&fixture);
}

#define TWO_WANTED "  - friendly_name: A\n    phone_numbers: ['+15005550002', '+15005550003']\n"
#define ONE_LIVE                                                                               \
    "{\"services\": [{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\", \"phone_numbers\": "     \
    "[" NUMBER(PN1, "1") "]}], \"owned\": {\"phone_numbers\": [" NUMBER(PN2, "2") ", " NUMBER( \
        PN3, "3") "]}}"

static void test_removal_goes_on_after_some_failed_additions(void **state)
{
    static const struct fake_route routes[] = {
        {ADD(MG1, PN2), 409, REFUSED},
        {ADD(MG1, PN3), 201, NUMBER(PN3, "3")},
        {"DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1, 204, NULL},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD TWO_WANTED, ONE_LIVE, routes, 3);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 1);
    assert_int_equal(fixture.execution.done, 2);
    fixture_release(&fixture);
}

/* Else a service whose replacement numbers are all refused would end without any. */
static void test_nothing_is_removed_when_no_addition_worked(void **state)
{
    static const struct fake_route routes[] = {
        {ADD(MG1, PN2), 409, REFUSED},
        {ADD(MG1, PN3), 409, REFUSED},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD TWO_WANTED, ONE_LIVE, routes, 2);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 2);
    assert_int_equal(fixture.execution.not_attempted, 1);
    assert_int_equal(fixture.execution.outcomes[2].state, CHANGE_NOT_ATTEMPTED);
    assert_null(strstr(buf_text(&fixture.fake.log), "DELETE"));
    fixture_release(&fixture);
}

/* An alpha sender can't stand in for the phone numbers of a service. */
static void test_other_kinds_do_not_license_removals(void **state)
{
    static const struct fake_route routes[] = {
        {ADD(MG1, PN2), 409, REFUSED},
        {"POST /v1/Services/" MG1 "/AlphaSenders AlphaSender=ACME", 201,
         "{\"sid\": \"" AI1 "\", \"alpha_sender\": \"ACME\"}"},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture,
                HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550002']\n"
                     "    alpha_senders: [ACME]\n",
                ONE_LIVE, routes, 2);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.done, 1);
    assert_int_equal(fixture.execution.failed, 1);
    assert_int_equal(fixture.execution.not_attempted, 1);
    assert_null(strstr(buf_text(&fixture.fake.log), "DELETE"));
    fixture_release(&fixture);
}

/* It is there, though one setting of it is not as wanted. */
static void test_a_created_service_gets_its_senders(void **state)
{
    static const struct fake_route routes[] = {
        {"POST /v1/Services FriendlyName=A&StickySender=false", 201,
         "{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\", \"sticky_sender\": true}"},
        {ADD(MG1, PN1), 201, NUMBER(PN1, "1")},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(
        &fixture,
        HEAD
        "  - friendly_name: A\n    sticky_sender: false\n    phone_numbers: ['+15005550001']\n",
        "{" OWNED "}", routes, 2);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 1);
    assert_int_equal(fixture.execution.done, 1);
    assert_false(fixture.execution.outcomes[0].unclear);
    fixture_release(&fixture);
}

static void test_number_stays_when_its_new_service_fails(void **state)
{
    static const struct fake_route routes[] = {
        {"POST /v1/Services FriendlyName=B", 400, "{\"code\": 20002}"},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture,
                HEAD "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n"
                     "  - friendly_name: A\n    phone_numbers: []\n",
                "{\"services\": [{\"sid\": \"" MG1
                "\", \"friendly_name\": \"A\", \"phone_numbers\": "
                "[" NUMBER(PN1, "1") "]}], " OWNED "}",
                routes, 1);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 1);
    assert_int_equal(fixture.execution.not_attempted, 1);
    assert_int_equal(fixture.execution.outcomes[1].because_of, 0);
    assert_int_equal(fixture.execution.outcomes[1].put_back, PUT_BACK_NONE);
    assert_string_equal(buf_text(&fixture.fake.log), "POST /v1/Services FriendlyName=B\n");
    fixture_release(&fixture);
}

#define ROW_OF_MOVES                                                   \
    HEAD "  - friendly_name: C\n    phone_numbers: ['+15005550002']\n" \
         "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n" \
         "  - friendly_name: A\n    phone_numbers: []\n"
#define ROW_OF_SERVICES                                                        \
    "{\"services\": [{\"sid\": \"" MG1                                         \
    "\", \"friendly_name\": \"A\", \"phone_numbers\": [" NUMBER(               \
        PN1, "1") "]}, {\"sid\": \"" MG2                                       \
                  "\", \"friendly_name\": \"B\", \"phone_numbers\": [" NUMBER( \
                      PN2, "2") "]}, {\"sid\": \"" MG3 "\", \"friendly_name\": \"C\"}]}"
#define TAKE(service, pn) "DELETE /v1/Services/" service "/PhoneNumbers/" pn

/* B has the number of A before it gives its own to C. */
static void test_row_of_moves_leaves_no_service_empty(void **state)
{
    static const struct fake_route routes[] = {
        {TAKE(MG1, PN1), 204, NULL},
        {ADD(MG2, PN1), 201, NUMBER(PN1, "1")},
        {TAKE(MG2, PN2), 204, NULL},
        {ADD(MG3, PN2), 201, NUMBER(PN2, "2")},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, ROW_OF_MOVES, ROW_OF_SERVICES, routes, COUNT_OF(routes));
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.done, 2);
    assert_string_equal(buf_text(&fixture.fake.log), TAKE(MG1, PN1) "\n" ADD(MG2, PN1) "\n" TAKE(
                                                         MG2, PN2) "\n" ADD(MG3, PN2) "\n");
    fixture_release(&fixture);
}

/* When B does not get it, B keeps its own. */
static void test_row_of_moves_stops_where_one_fails(void **state)
{
    static const struct fake_route routes[] = {
        {TAKE(MG1, PN1), 204, NULL},
        {ADD(MG2, PN1), 409, REFUSED},
        {ADD(MG1, PN1), 201, NUMBER(PN1, "1")},
    };
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, ROW_OF_MOVES, ROW_OF_SERVICES, routes, COUNT_OF(routes));
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.outcomes[0].state, CHANGE_NOT_ATTEMPTED);
    assert_int_equal(fixture.execution.outcomes[0].because_of, 1);
    assert_int_equal(fixture.execution.outcomes[1].put_back, PUT_BACK_DONE);
    assert_string_equal(buf_text(&fixture.fake.log),
                        TAKE(MG1, PN1) "\n" ADD(MG2, PN1) "\n" ADD(MG1, PN1) "\n");
    fixture_release(&fixture);
}

/* The API ignores what it does not know, so a 200 alone proves nothing. */
static const struct {
    const char *body, *problem;
} ignored[] = {
    {"{\"sid\": \"" MG1 "\", \"sticky_sender\": true, \"usecase\": \"poll\"}",
     "Twilio accepted the request but did not take: sticky_sender (request "
     "RQ00000000000000000000000000000001)"},
    {"{\"sid\": \"" MG1 "\"}",
     "Twilio accepted the request but did not take: sticky_sender, usecase (request "
     "RQ00000000000000000000000000000001)"},
    {"{}", "Twilio's answer is not a service (request RQ00000000000000000000000000000001)"},
    {"{\"sid\": 5}",
     "Twilio's answer is not a service (request RQ00000000000000000000000000000001)"},
};

static void test_settings_that_were_not_taken(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(ignored); i++) {
        const struct fake_route route = {
            "POST /v1/Services/" MG1 " StickySender=false&Usecase=poll", 200, ignored[i].body};
        struct fixture fixture;
        fixture_run(&fixture,
                    HEAD "  - friendly_name: A\n    sticky_sender: false\n    usecase: poll\n",
                    "{\"services\": [{\"sid\": \"" MG1
                    "\", \"friendly_name\": \"A\", \"sticky_sender\": true}]}",
                    &route, 1);
        fake_server_stop(&fixture.fake);
        assert_int_equal(fixture.execution.failed, 1);
        assert_string_equal(fixture.execution.outcomes[0].problem, ignored[i].problem);
        fixture_release(&fixture);
    }
}

static void test_another_sender_than_asked_for(void **state)
{
    static const struct fake_route route = {ADD(MG1, PN1), 201, NUMBER(PN2, "2")};
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001']\n",
                "{\"services\": [{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\"}], " OWNED "}",
                &route, 1);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.failed, 1);
    assert_non_null(strstr(fixture.execution.outcomes[0].problem, "Twilio added +15005550002"));
    fixture_release(&fixture);
}

/* The roster names it by its SID, the answer shows its address, too. */
static void test_a_channel_sender_by_its_sid(void **state)
{
    static const struct fake_route route = {
        "POST /v1/Services/" MG1 "/ChannelSenders Sid=" XE1, 201,
        "{\"sid\": \"" XE1 "\", \"sender\": \"whatsapp:+15005550001\"}"};
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD "  - friendly_name: A\n    channel_senders: [" XE1 "]\n",
                "{\"services\": [{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\"}]}", &route, 1);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.execution.done, 1);
    fixture_release(&fixture);
}

/* The answer said yes, but reading again shows that the number is not there. */
static void test_verification_reads_again(void **state)
{
    static const struct fake_route routes[] = {
        {ADD(MG1, PN1), 201, NUMBER(PN1, "1")},
        {"GET /v1/Services/" MG1, 200,
         "{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\", \"account_sid\": "
         "\"AC00000000000000000000000000000001\"}"},
        {"GET /v1/Services/" MG1 "/PhoneNumbers?PageSize=1000", 200, "{\"phone_numbers\": []}"},
        {"GET /v1/Services/" MG1 "/PhoneNumbers?PageSize=1000", 200,
         "{\"phone_numbers\": [" NUMBER(PN1, "1") "]}"},
    };
    static const size_t expected[] = {1, 0};
    struct fixture fixture;
    size_t i;
    (void)state;
    fixture_run(&fixture, HEAD "  - friendly_name: A\n    phone_numbers: ['+15005550001']\n",
                "{\"services\": [{\"sid\": \"" MG1 "\", \"friendly_name\": \"A\"}], " OWNED "}",
                routes, 4);
    for (i = 0; i < COUNT_OF(expected); i++) {
        struct desired touched = {0};
        struct live_state live = {0};
        struct plan rest = {0};
        assert_int_equal(verify_execution(&fixture.execution, &fixture.plan, fixture.fake.client,
                                          &touched, &live, &rest, &fixture.fake.diag),
                         0);
        assert_int_equal(rest.change_count, expected[i]);
        plan_release(&rest);
        live_state_release(&live);
        desired_release(&touched);
    }
    fake_server_stop(&fixture.fake);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_goes_before_its_senders),
        cmocka_unit_test(test_failure_skips_only_dependents),
        cmocka_unit_test(test_already_there_and_already_gone_are_done),
        cmocka_unit_test(test_alpha_sender_waits_for_its_place),
        cmocka_unit_test(test_a_removal_without_a_clear_end),
        cmocka_unit_test(test_removal_goes_on_after_some_failed_additions),
        cmocka_unit_test(test_nothing_is_removed_when_no_addition_worked),
        cmocka_unit_test(test_other_kinds_do_not_license_removals),
        cmocka_unit_test(test_a_created_service_gets_its_senders),
        cmocka_unit_test(test_number_stays_when_its_new_service_fails),
        cmocka_unit_test(test_row_of_moves_leaves_no_service_empty),
        cmocka_unit_test(test_row_of_moves_stops_where_one_fails),
        cmocka_unit_test(test_settings_that_were_not_taken),
        cmocka_unit_test(test_another_sender_than_asked_for),
        cmocka_unit_test(test_a_channel_sender_by_its_sid),
        cmocka_unit_test(test_verification_reads_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
