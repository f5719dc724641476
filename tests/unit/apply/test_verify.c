/*
 * What is read again after an apply, and what counts as a difference.
 */
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
#define NUMBER \
    "{\"sid\": \"" PN1 "\", \"phone_number\": \"+15005550001\", \"capabilities\": [\"SMS\"]}"
#define SERVICE(sid, name, numbers) \
    "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\", \"phone_numbers\": [" numbers "]}"
#define READ(sid) "GET /v1/Services/" sid
#define LIST(sid) READ(sid) "/PhoneNumbers?PageSize=1000"
#define FOUND(sid, name)                                                          \
    {                                                                             \
        READ(sid), 200, "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\"}" \
    }
#define HAS(sid, numbers)                                    \
    {                                                        \
        LIST(sid), 200, "{\"phone_numbers\": [" numbers "]}" \
    }
#define SERVICE_ALONE(sid, name) "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\"}"
#define MOVED                                                                     \
    {"DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1, 204, NULL},                 \
    {                                                                             \
        "POST /v1/Services/" MG2 "/PhoneNumbers PhoneNumberSid=" PN1, 201, NUMBER \
    }
#define A_AND_B "{\"services\": [" SERVICE(MG1, "A", NUMBER) ", " SERVICE(MG2, "B", "") "]}"
#define TO_B "  - {friendly_name: B, phone_numbers: ['+15005550001']}\n"
#define NOTHING_OF_A "  - {friendly_name: A, phone_numbers: []}\n"

static const struct {
    const char *name, *yaml, *live;
    struct fake_route routes[6];
    const char *read[5];  /* in any order; nothing else is */
    const char *still[3]; /* kinds of the changes that are left, and their services' names */
} cases[] = {
    {"a move between two services of the roster",
     HEAD TO_B NOTHING_OF_A,
     A_AND_B,
     {MOVED, FOUND(MG1, "A"), FOUND(MG2, "B"), HAS(MG1, ""), HAS(MG2, NUMBER)},
     {READ(MG1), READ(MG2), LIST(MG1), LIST(MG2)},
     {NULL}},
    {"the source has it still",
     HEAD TO_B NOTHING_OF_A,
     A_AND_B,
     {MOVED, FOUND(MG1, "A"), FOUND(MG2, "B"), HAS(MG1, NUMBER), HAS(MG2, "")},
     {READ(MG1), READ(MG2), LIST(MG1), LIST(MG2)},
     {"move_sender", "B"}},
    {"a move out of a list that the roster does not manage",
     HEAD TO_B "  - {friendly_name: A}\n",
     A_AND_B,
     {MOVED, FOUND(MG1, "A"), FOUND(MG2, "B"), HAS(MG2, NUMBER)},
     {READ(MG1), READ(MG2), LIST(MG2)},
     {NULL}},
    {"a move out of a service that the roster does not name",
     HEAD TO_B,
     A_AND_B,
     {MOVED, FOUND(MG2, "B"), HAS(MG2, NUMBER)},
     {READ(MG2), LIST(MG2)},
     {NULL}},
    {"a move out of a service that is deleted",
     "version: 1\nprune: true\nservices:\n" TO_B,
     A_AND_B,
     {MOVED, {"DELETE /v1/Services/" MG1, 204, NULL}, FOUND(MG2, "B"), HAS(MG2, NUMBER)},
     {READ(MG1), READ(MG2), LIST(MG2)},
     {NULL}},
    {"a service that is still there after its deletion",
     "version: 1\nprune: true\nservices: []\n",
     "{\"services\": [" SERVICE(MG1, "A", "") "]}",
     {{"DELETE /v1/Services/" MG1, 204, NULL}, FOUND(MG1, "A")},
     {READ(MG1)},
     {"delete_service", "A"}},
    {"a service that is gone",
     "version: 1\nprune: true\nservices: []\n",
     "{\"services\": [" SERVICE(MG1, "A", "") "]}",
     {{"DELETE /v1/Services/" MG1, 404, "{}"}},
     {READ(MG1)},
     {NULL}},
    {"a service that was not deleted because of a failure",
     "version: 1\nprune: true\nservices:\n  - {friendly_name: B, sticky_sender: false}\n",
     "{\"services\": [" SERVICE(MG1, "A", "") ", " SERVICE(MG2, "B", "") "]}",
     {{"POST /v1/Services/" MG2 " StickySender=false", 400, "{}"},
      FOUND(MG1, "A"),
      {READ(MG2), 200,
       "{\"sid\": \"" MG2 "\", \"friendly_name\": \"B\", \"sticky_sender\": true}"}},
     {READ(MG1), READ(MG2)},
     {"update_service", "B", "delete_service"}},
};

static size_t count_text(const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr(text, part)) != NULL) {
        count++;
        text += strlen(part);
    }
    return count;
}

/* Each of them once, and no other GET. */
static void assert_read(const struct buf *log, const char *const *read, size_t most)
{
    size_t count = 0;

    for (; count < most && read[count] != NULL; count++) {
        char line[256];
        snprintf(line, sizeof(line), "%s\n", read[count]);
        if (count_text(buf_text(log), line) != 1)
            fail_msg("\"%s\" is not once in:\n%s", read[count], buf_text(log));
    }
    assert_int_equal(count_text(buf_text(log), "GET "), count);
}

static void assert_still(const struct plan *rest, const char *const *still)
{
    const size_t count = still[0] == NULL ? 0 : still[2] == NULL ? 1 : 2;

    assert_int_equal(rest->change_count, count);
    if (count == 0)
        return;
    assert_string_equal(change_kind_name(rest->changes[0].kind), still[0]);
    assert_string_equal(rest->services[rest->changes[0].service].name, still[1]);
    if (count == 2)
        assert_string_equal(change_kind_name(rest->changes[1].kind), still[2]);
}

static void test_what_is_read_again(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        size_t routes = 0;
        struct desired touched = {0};
        struct live_state live = {0};
        struct plan rest = {0};
        struct fixture fixture;
        print_message("  %s\n", cases[i].name);
        while (routes < COUNT_OF(cases[i].routes) && cases[i].routes[routes].request != NULL)
            routes++;
        fixture_run(&fixture, cases[i].yaml, cases[i].live, cases[i].routes, routes);
        assert_int_equal(verify_execution(&fixture.execution, &fixture.plan, fixture.fake.client,
                                          &touched, &live, &rest, &fixture.fake.diag),
                         0);
        fake_server_stop(&fixture.fake);
        assert_read(&fixture.fake.log, cases[i].read, COUNT_OF(cases[i].read));
        assert_still(&rest, cases[i].still);
        plan_release(&rest);
        live_state_release(&live);
        desired_release(&touched);
        fixture_release(&fixture);
    }
}

/* A pinned service that is not looked at has the name that is created: the plan knows it. */
static void test_a_service_that_is_known_is_no_twin(void **state)
{
    static const struct fake_route routes[] = {
        {"POST /v1/Services FriendlyName=A", 201, SERVICE_ALONE(MG2, "A")},
        {READ(MG2), 200, SERVICE_ALONE(MG2, "A")},
        {"GET /v1/Services?PageSize=1000", 200,
         "{\"services\": [" SERVICE_ALONE(MG1, "A") ", " SERVICE_ALONE(MG2, "A") "]}"},
    };
    static const char *const targets[] = {"A"};
    struct desired touched = {0};
    struct live_state live = {0};
    struct plan rest = {0};
    struct fixture fixture;
    (void)state;
    fixture_plan_targets(&fixture,
                         HEAD "  - {friendly_name: B, sid: " MG1 "}\n  - friendly_name: A\n",
                         "{\"services\": [" SERVICE_ALONE(MG1, "A") "]}", targets, 1);
    fixture_execute(&fixture, routes, COUNT_OF(routes), &(struct http_engine_config){0});
    assert_int_equal(fixture.execution.done, 1);
    assert_int_equal(verify_execution(&fixture.execution, &fixture.plan, fixture.fake.client,
                                      &touched, &live, &rest, &fixture.fake.diag),
                     0);
    fake_server_stop(&fixture.fake);
    assert_int_equal(rest.change_count, 0);
    plan_release(&rest);
    live_state_release(&live);
    desired_release(&touched);
    fixture_release(&fixture);
}

/* The other one is not the roster's, but which of them is? */
static void test_a_creation_that_took_effect_twice(void **state)
{
    static const struct fake_route routes[] = {
        {"POST /v1/Services FriendlyName=A", 201, SERVICE_ALONE(MG1, "A")},
        {READ(MG1), 200, SERVICE_ALONE(MG1, "A")},
        {"GET /v1/Services?PageSize=1000", 200,
         "{\"services\": [" SERVICE_ALONE(MG1, "A") ", " SERVICE_ALONE(MG2, "A") "]}"},
    };
    struct desired touched = {0};
    struct live_state live = {0};
    struct plan rest = {0};
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD "  - friendly_name: A\n", "{}", routes, COUNT_OF(routes));
    assert_int_equal(fixture.execution.done, 1);
    assert_int_equal(verify_execution(&fixture.execution, &fixture.plan, fixture.fake.client,
                                      &touched, &live, &rest, &fixture.fake.diag),
                     -1);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.fake.diag.errors, 1);
    plan_release(&rest);
    live_state_release(&live);
    desired_release(&touched);
    fixture_release(&fixture);
}

/* What can't be read is no proof. */
static void test_reading_fails(void **state)
{
    static const struct fake_route routes[] = {MOVED, FOUND(MG2, "B"), {LIST(MG2), 500, ""}};
    struct desired touched = {0};
    struct live_state live = {0};
    struct plan rest = {0};
    struct fixture fixture;
    (void)state;
    fixture_run(&fixture, HEAD TO_B, A_AND_B, routes, COUNT_OF(routes));
    assert_int_equal(verify_execution(&fixture.execution, &fixture.plan, fixture.fake.client,
                                      &touched, &live, &rest, &fixture.fake.diag),
                     -1);
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.fake.diag.errors, 1);
    plan_release(&rest);
    live_state_release(&live);
    desired_release(&touched);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_again),
        cmocka_unit_test(test_a_creation_that_took_effect_twice),
        cmocka_unit_test(test_a_service_that_is_known_is_no_twin),
        cmocka_unit_test(test_reading_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
