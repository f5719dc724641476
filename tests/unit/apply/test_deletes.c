/*
 * Deletions of services: last, and only when everything else worked.
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
#define MG4 "MG00000000000000000000000000000004"
#define PN1 "PN00000000000000000000000000000001"
#define PN2 "PN00000000000000000000000000000002"
#define PN3 "PN00000000000000000000000000000003"
#define PRUNE "version: 1\nprune: true\nservices:\n"
#define NUMBER(sid, digit)                                         \
    "{\"sid\": \"" sid "\", \"phone_number\": \"+1500555000" digit \
    "\", \"capabilities\": [\"SMS\"]}"
#define SERVICE(sid, name, numbers) \
    "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\", \"phone_numbers\": [" numbers "]}"
#define OUT(service, pn) "DELETE /v1/Services/" service "/PhoneNumbers/" pn
#define IN(service, pn) "POST /v1/Services/" service "/PhoneNumbers PhoneNumberSid=" pn
#define GOES(service) "DELETE /v1/Services/" service
#define REFUSED "{\"code\": 21712, \"message\": \"no\"}"

/*
 * B keeps one number of its own, gets the one of C, and A's number goes as a whole; C and D are
 * pruned. The changes: 0 the update of B, 1 the move, 2 A's addition, 3 A's removal, 4 and 5 the
 * deletions.
 */
static const char everything[] =
    PRUNE "  - {friendly_name: B, sticky_sender: false, phone_numbers: ['+15005550001']}\n"
          "  - {friendly_name: A, phone_numbers: ['+15005550002']}\n";
static const char account[] =
    "{\"services\": [" SERVICE(MG1, "A", NUMBER(PN3, "3")) ", " SERVICE(MG2, "B", "") ", " SERVICE(
        MG3, "C", NUMBER(PN1, "1")) ", " SERVICE(MG4, "D",
                                                 "") "], "
                                                     "\"owned\": {\"phone_numbers\": [" NUMBER(
                                                         PN2, "2") "]}}";

enum { CHANGES = 6, DELETE_C = 4, DELETE_D = 5 };

#define UPDATED "{\"sid\": \"" MG2 "\", \"friendly_name\": \"B\", \"sticky_sender\": false}"

/* All goes well; what a case puts before them wins. */
#define ROUTES                                                                                  \
    {"POST /v1/Services/" MG2 " StickySender=false", 200, UPDATED}, {OUT(MG3, PN1), 204, NULL}, \
        {IN(MG2, PN1), 201, NUMBER(PN1, "1")}, {IN(MG1, PN2), 201, NUMBER(PN2, "2")},           \
        {OUT(MG1, PN3), 204, NULL}, {GOES(MG3), 204, NULL},                                     \
    {                                                                                           \
        GOES(MG4), 204, NULL                                                                    \
    }

static size_t count_lines(const char *text, const char *line)
{
    size_t count = 0, length = strlen(line);
    for (; *text != '\0'; text = strchr(text, '\n') + 1)
        count += strncmp(text, line, length) == 0 && text[length] == '\n';
    return count;
}

static void test_deletions_come_last(void **state)
{
    static const struct fake_route routes[] = {ROUTES};
    struct fixture fixture;
    const char *log, *first;
    size_t before = 0;
    (void)state;
    fixture_run(&fixture, everything, account, routes, COUNT_OF(routes));
    fake_server_stop(&fixture.fake);
    assert_int_equal(fixture.plan.change_count, CHANGES);
    assert_int_equal(fixture.execution.done, CHANGES);
    log = buf_text(&fixture.fake.log);
    first = strstr(log, GOES(MG3) "\n");
    assert_non_null(first);
    assert_non_null(strstr(log, GOES(MG4) "\n"));
    if (strstr(log, GOES(MG4) "\n") < first)
        first = strstr(log, GOES(MG4) "\n");
    for (; log != first; log = strchr(log, '\n') + 1)
        before++;
    assert_int_equal(before, 5);
    fixture_release(&fixture);
}

/* Each thing that may go wrong, and what the deletions are skipped for. */
static const struct {
    const char *name;
    struct fake_route wrong;
    size_t because_of;
    size_t failed, not_attempted;
} failures[] = {
    {"a setting", {"POST /v1/Services/" MG2 " StickySender=false", 400, REFUSED}, 0, 1, 2},
    {"a setting that did not take",
     {"POST /v1/Services/" MG2 " StickySender=false", 200, "{\"sid\": \"" MG2 "\"}"},
     0,
     1,
     2},
    {"the first half of a move", {OUT(MG3, PN1), 400, REFUSED}, 1, 1, 2},
    {"the second half of a move", {IN(MG2, PN1), 400, REFUSED}, 1, 1, 2},
    {"an addition, and so a removal", {IN(MG1, PN2), 400, REFUSED}, 2, 1, 3},
    {"a removal", {OUT(MG1, PN3), 400, REFUSED}, 3, 1, 2},
};

static void test_deletions_are_skipped_when_anything_failed(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(failures); i++) {
        const struct fake_route routes[] = {failures[i].wrong, ROUTES};
        struct fixture fixture;
        print_message("  %s\n", failures[i].name);
        fixture_run(&fixture, everything, account, routes, COUNT_OF(routes));
        fake_server_stop(&fixture.fake);
        assert_int_equal(fixture.execution.failed, failures[i].failed);
        assert_int_equal(fixture.execution.not_attempted, failures[i].not_attempted);
        assert_int_equal(fixture.execution.outcomes[DELETE_C].state, CHANGE_NOT_ATTEMPTED);
        assert_int_equal(fixture.execution.outcomes[DELETE_C].because_of, failures[i].because_of);
        assert_int_equal(fixture.execution.outcomes[DELETE_D].state, CHANGE_NOT_ATTEMPTED);
        assert_int_equal(fixture.execution.outcomes[DELETE_D].because_of, failures[i].because_of);
        assert_int_equal(count_lines(buf_text(&fixture.fake.log), GOES(MG3)), 0);
        assert_int_equal(count_lines(buf_text(&fixture.fake.log), GOES(MG4)), 0);
        fixture_release(&fixture);
    }
}

/*
 * The move of A's number waits for A's addition, and B's removal for the move; both are skipped for
 * the addition, and so is the deletion, though the skipped ones stand before it.
 */
static void test_skipped_for_what_failed_not_for_what_was_skipped(void **state)
{
    static const struct fake_route routes[] = {{IN(MG1, PN2), 400, REFUSED}};
    struct fixture fixture;
    size_t i;
    (void)state;
    fixture_run(
        &fixture,
        PRUNE "  - {friendly_name: B, phone_numbers: ['+15005550001']}\n"
              "  - {friendly_name: A, phone_numbers: ['+15005550002']}\n",
        "{\"services\": [" SERVICE(MG1, "A", NUMBER(PN1, "1")) ", " SERVICE(
            MG2, "B", NUMBER(PN3, "3")) ", " SERVICE(MG3, "C",
                                                     "") "], "
                                                         "\"owned\": {\"phone_numbers\": [" NUMBER(
                                                             PN2, "2") "]}}",
        routes, COUNT_OF(routes));
    fake_server_stop(&fixture.fake);
    assert_string_equal(buf_text(&fixture.fake.log), IN(MG1, PN2) "\n");
    assert_int_equal(fixture.plan.change_count, 4);
    assert_int_equal(fixture.plan.changes[2].kind, CHANGE_ADD_SENDER);
    for (i = 0; i < fixture.plan.change_count; i++) {
        if (i == 2)
            continue;
        assert_int_equal(fixture.execution.outcomes[i].state, CHANGE_NOT_ATTEMPTED);
        assert_int_equal(fixture.execution.outcomes[i].because_of, 2);
    }
    fixture_release(&fixture);
}

/* How a deletion may end; another one works all the same. */
static const struct {
    int status;
    const char *body;
    enum change_state state;
    bool unclear;
} ends[] = {
    {204, NULL, CHANGE_DONE, false},
    {404, "{\"code\": 20404}", CHANGE_DONE, false},
    {400, REFUSED, CHANGE_FAILED, false},
    {500, "", CHANGE_FAILED, true},
};

static void test_ends_of_a_deletion(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(ends); i++) {
        const struct fake_route routes[] = {{GOES(MG3), ends[i].status, ends[i].body},
                                            {GOES(MG4), 204, NULL}};
        struct fixture fixture;
        fixture_run(&fixture, "version: 1\nprune: true\nservices: []\n",
                    "{\"services\": [" SERVICE(MG3, "C", "") ", " SERVICE(MG4, "D", "") "]}",
                    routes, COUNT_OF(routes));
        fake_server_stop(&fixture.fake);
        assert_int_equal(fixture.plan.change_count, 2);
        assert_int_equal(fixture.execution.outcomes[0].state, ends[i].state);
        assert_int_equal(fixture.execution.outcomes[0].unclear, ends[i].unclear);
        assert_int_equal(fixture.execution.outcomes[1].state, CHANGE_DONE);
        fixture_release(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deletions_come_last),
        cmocka_unit_test(test_deletions_are_skipped_when_anything_failed),
        cmocka_unit_test(test_skipped_for_what_failed_not_for_what_was_skipped),
        cmocka_unit_test(test_ends_of_a_deletion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
