/*
 * What is done in two halves: moves, and alpha senders that replace others.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply_fixture.h"
#include "unit/http/raw_server.h"

#define MG1 "MG00000000000000000000000000000001"
#define MG2 "MG00000000000000000000000000000002"
#define PN1 "PN00000000000000000000000000000001"
#define PN2 "PN00000000000000000000000000000002"
#define XE1 "XE00000000000000000000000000000001"
#define XE2 "XE00000000000000000000000000000002"
#define AI1 "AI00000000000000000000000000000001"
#define AI2 "AI00000000000000000000000000000002"
#define AI3 "AI00000000000000000000000000000003"
#define NUMBER(sid, digit) "{\"sid\": \"" sid "\", \"phone_number\": \"+1500555000" digit "\"}"
#define CHANNEL(sid, digit) "{\"sid\": \"" sid "\", \"sender\": \"whatsapp:+1500555000" digit "\"}"
#define ALPHA(sid, text) "{\"sid\": \"" sid "\", \"alpha_sender\": \"" text "\"}"
#define SERVICE(sid, name, senders) \
    "{\"sid\": \"" sid "\", \"friendly_name\": \"" name "\", " senders "}"

/* The four requests that there may be, in the order of their letters in a case. */
enum request { TAKE_OUT, PUT_IN, LOOK, PUT_BACK, REQUEST_COUNT };

/* What is done in two halves, by one change or by two. */
struct subject {
    const char *name, *yaml, *live;
    const char *requests[REQUEST_COUNT];
    const char *added, *other; /* the body of an answer, as wanted and of another sender */
    int there_status, absent_status;
    const char *there, *absent; /* how it looks when looked for */
    size_t changes;             /* 2: the first one is a removal */
};

static const struct subject subjects[] = {
    {
        .name = "phone number",
        .yaml = HEAD "  - friendly_name: A\n    phone_numbers: []\n"
                     "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n",
        .live = "{\"services\": [" SERVICE(
            MG1, "A",
            "\"phone_numbers\": [" NUMBER(PN1, "1") "]") ", " SERVICE(MG2, "B",
                                                                      "\"phone_numbers\": []") "]}",
        .requests = {"DELETE /v1/Services/" MG1 "/PhoneNumbers/" PN1,
                     "POST /v1/Services/" MG2 "/PhoneNumbers PhoneNumberSid=" PN1,
                     "GET /v1/Services/" MG2 "/PhoneNumbers/" PN1,
                     "POST /v1/Services/" MG1 "/PhoneNumbers PhoneNumberSid=" PN1},
        .added = NUMBER(PN1, "1"),
        .other = NUMBER(PN2, "2"),
        .there_status = 200,
        .there = NUMBER(PN1, "1"),
        .absent_status = 404,
        .absent = "{\"code\": 20404}",
        .changes = 1,
    },
    {
        .name = "channel sender",
        .yaml = HEAD "  - friendly_name: A\n    channel_senders: []\n"
                     "  - friendly_name: B\n    channel_senders: ['" XE1 "']\n",
        .live = "{\"services\": [" SERVICE(
            MG1, "A",
            "\"channel_senders\": [" CHANNEL(
                XE1, "1") "]") ", " SERVICE(MG2, "B", "\"channel_senders\": []") "]}",
        .requests = {"DELETE /v1/Services/" MG1 "/ChannelSenders/" XE1,
                     "POST /v1/Services/" MG2 "/ChannelSenders Sid=" XE1,
                     "GET /v1/Services/" MG2 "/ChannelSenders/" XE1,
                     "POST /v1/Services/" MG1 "/ChannelSenders Sid=" XE1},
        .added = CHANNEL(XE1, "1"),
        .other = CHANNEL(XE2, "2"),
        .there_status = 200,
        .there = CHANNEL(XE1, "1"),
        .absent_status = 404,
        .absent = "{\"code\": 20404}",
        .changes = 1,
    },
    {
        .name = "alpha sender",
        .yaml = HEAD "  - friendly_name: A\n    alpha_senders: [NEW]\n",
        .live =
            "{\"services\": [" SERVICE(MG1, "A", "\"alpha_senders\": [" ALPHA(AI1, "OLD") "]") "]}",
        .requests = {"DELETE /v1/Services/" MG1 "/AlphaSenders/" AI1,
                     "POST /v1/Services/" MG1 "/AlphaSenders AlphaSender=NEW",
                     "GET /v1/Services/" MG1 "/AlphaSenders",
                     "POST /v1/Services/" MG1 "/AlphaSenders AlphaSender=OLD"},
        .added = ALPHA(AI2, "NEW"),
        .other = ALPHA(AI3, "Newer"),
        .there_status = 200,
        .there = "{\"alpha_senders\": [" ALPHA(AI2, "NEW") "]}",
        .absent_status = 200,
        .absent = "{\"alpha_senders\": [" ALPHA(AI3, "Newer") "]}",
        .changes = 2,
    },
};

enum reply {
    NEVER, /* not asked */
    WORKS,
    GONE,
    REFUSED,
    FULL,
    ALREADY,
    OTHER,  /* a 201 that shows another sender */
    BROKEN, /* a 500, again and again */
    SILENT, /* no answer in time, again and again */
    THERE,
    ABSENT,
};

static struct fake_route answer(const struct subject *subject, enum request request,
                                enum reply reply)
{
    const struct fake_route routes[] = {
        [NEVER] = {NULL, 0, NULL},
        [WORKS] = {NULL, request == TAKE_OUT ? 204 : 201,
                   request == TAKE_OUT ? NULL : subject->added},
        [GONE] = {NULL, 404, "{\"code\": 20404}"},
        [REFUSED] = {NULL, 400, "{\"code\": 21712, \"message\": \"no\"}"},
        [FULL] = {NULL, 412, "{\"code\": 21714, \"message\": \"full\"}"},
        [ALREADY] = {NULL, 409, "{\"code\": 21710, \"message\": \"already\"}"},
        [OTHER] = {NULL, 201, subject->other},
        [BROKEN] = {NULL, 500, "{\"code\": 20500, \"message\": \"broken\"}"},
        [SILENT] = {NULL, FAKE_SERVER_SILENT, NULL},
        [THERE] = {NULL, subject->there_status, subject->there},
        [ABSENT] = {NULL, subject->absent_status, subject->absent},
    };
    struct fake_route route = routes[reply];
    route.request = subject->requests[request];
    return route;
}

/*
 * What is sent for each way that the requests may end, "TILB" for the four of them. Each but a POST
 * is tried twice. `problem` and `put_back_problem` are parts of the texts.
 */
static const struct half_case {
    const char *name;
    enum reply replies[REQUEST_COUNT];
    const char *sent;
    enum put_back put_back;
    bool works, unclear;
    const char *problem, *put_back_problem;
    enum reply again; /* to TAKE_OUT, the second time */
} cases[] = {
    {"both work", {WORKS, WORKS}, "TI", .works = true},
    {"it is out already", {GONE, WORKS}, "TI", .works = true},
    {"it is in already", {WORKS, ALREADY}, "TI", .works = true},
    {"it went out, but the answer was lost", {BROKEN, WORKS}, "TTI", .works = true, .again = GONE},
    {"the first is refused", {REFUSED}, "T", .problem = "21712: no"},
    {"the first has no clear end",
     {BROKEN, NEVER, NEVER, WORKS},
     "TTB",
     PUT_BACK_DONE,
     .problem = "20500: broken"},
    {"the first has no answer, and it never went out",
     {SILENT, NEVER, NEVER, ALREADY},
     "TTB",
     PUT_BACK_DONE,
     .problem = "no whole answer in time"},
    {"the first has no clear end, and no way back",
     {BROKEN, NEVER, NEVER, REFUSED},
     "TTB",
     PUT_BACK_FAILED,
     .unclear = true,
     .problem = "20500: broken",
     .put_back_problem = "21712: no"},
    {"the second is refused",
     {WORKS, REFUSED, NEVER, WORKS},
     "TIB",
     PUT_BACK_DONE,
     .problem = "21712: no"},
    {"no room", {WORKS, FULL, NEVER, WORKS}, "TIB", PUT_BACK_DONE, .problem = "21714: full"},
    {"the second is refused, and it is back already",
     {WORKS, REFUSED, NEVER, ALREADY},
     "TIB",
     PUT_BACK_DONE,
     .problem = "21712: no"},
    {"the way back is refused",
     {WORKS, REFUSED, NEVER, FULL},
     "TIB",
     PUT_BACK_FAILED,
     .problem = "21712: no",
     .put_back_problem = "21714: full"},
    {"the way back has no clear end",
     {WORKS, REFUSED, NEVER, BROKEN},
     "TIB",
     PUT_BACK_FAILED,
     .problem = "21712: no",
     .put_back_problem = "20500: broken"},
    {"the second has no clear end, but it is in", {WORKS, BROKEN, THERE}, "TIL", .works = true},
    {"the second has no answer, but it is in", {WORKS, SILENT, THERE}, "TIL", .works = true},
    {"the second has no clear end, and it is not in",
     {WORKS, BROKEN, ABSENT, WORKS},
     "TILB",
     PUT_BACK_DONE,
     .problem = "20500: broken"},
    {"the service is gone",
     {WORKS, BROKEN, GONE, WORKS},
     "TILB",
     PUT_BACK_DONE,
     .problem = "20500: broken"},
    {"it is not in, and there is no way back",
     {WORKS, BROKEN, ABSENT, REFUSED},
     "TILB",
     PUT_BACK_FAILED,
     .problem = "20500: broken",
     .put_back_problem = "21712: no"},
    {"the look has no clear end",
     {WORKS, BROKEN, BROKEN},
     "TILL",
     PUT_BACK_FAILED,
     .unclear = true,
     .problem = "20500: broken"},
    {"the look is refused",
     {WORKS, SILENT, REFUSED},
     "TIL",
     PUT_BACK_FAILED,
     .unclear = true,
     .problem = "no whole answer in time"},
    {"another one came in, too", {WORKS, OTHER, THERE}, "TIL", .works = true},
    {"another one came in instead",
     {WORKS, OTHER, ABSENT, WORKS},
     "TILB",
     PUT_BACK_DONE,
     .problem = "instead (request RQ"},
};

static void run_case(struct fixture *fixture, const struct subject *subject,
                     const struct half_case *expected)
{
    static const struct retry_policy twice = {
        .max_attempts = 2, .base_delay_ms = 1, .max_delay_ms = 1, .max_elapsed_ms = 60000};
    struct http_engine_config http = {.retry = &twice};
    struct fake_route routes[REQUEST_COUNT + 1];
    size_t count = 0, i;

    for (i = 0; i < REQUEST_COUNT; i++) {
        if (expected->replies[i] == SILENT)
            http.total_timeout_ms = 150;
        if (expected->replies[i] != NEVER)
            routes[count++] = answer(subject, (enum request)i, expected->replies[i]);
        if (i == TAKE_OUT && expected->again != NEVER)
            routes[count++] = answer(subject, TAKE_OUT, expected->again);
    }
    fixture_plan(fixture, subject->yaml, subject->live);
    assert_int_equal(fixture->plan.change_count, subject->changes);
    fixture_execute(fixture, routes, count, &http);
    fake_server_stop(&fixture->fake);
}

static void assert_sent(const struct fixture *fixture, const struct subject *subject,
                        const char *letters)
{
    static const char all[] = "TILB";
    struct buf wanted;

    buf_init(&wanted, 64 * 1024);
    for (; *letters != '\0'; letters++)
        buf_printf(&wanted, "%s\n", subject->requests[strchr(all, *letters) - all]);
    assert_string_equal(buf_text(&fixture->fake.log), buf_text(&wanted));
    buf_release(&wanted);
}

/* Both have no text, or the first one is in the second. */
static void assert_text(const char *part, const char *text)
{
    if (part == NULL)
        assert_null(text);
    else if (text == NULL || strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, text == NULL ? "" : text);
}

static void assert_outcome(const struct change_outcome *outcome, const struct half_case *expected)
{
    assert_int_equal(outcome->state, expected->works ? CHANGE_DONE : CHANGE_FAILED);
    assert_int_equal(outcome->put_back, expected->put_back);
    assert_int_equal(outcome->unclear, expected->unclear);
    assert_text(expected->problem, outcome->problem);
    assert_text(expected->put_back_problem, outcome->put_back_problem);
    if (expected->works)
        assert_null(outcome->hint);
}

/* A removal and the addition that replaces what it takes out. */
static void assert_pair(const struct execution *execution, const struct half_case *expected)
{
    const struct change_outcome *removal = &execution->outcomes[0], *addition = removal + 1;

    if (strchr(expected->sent, 'I') == NULL) {
        assert_outcome(removal, expected);
        assert_int_equal(addition->state, CHANGE_NOT_ATTEMPTED);
        assert_int_equal(addition->because_of, 0);
        return;
    }
    assert_outcome(addition, expected);
    assert_int_equal(removal->put_back, PUT_BACK_NONE);
    if (expected->put_back == PUT_BACK_DONE) {
        assert_int_equal(removal->state, CHANGE_FAILED);
        assert_text("it was put back, because its replacement could not be added",
                    removal->problem);
    } else {
        assert_int_equal(removal->state, CHANGE_DONE);
        assert_null(removal->problem);
    }
}

static void assert_counts(const struct execution *execution, size_t changes)
{
    size_t counts[CHANGE_NOT_ATTEMPTED + 1] = {0}, i;

    for (i = 0; i < changes; i++)
        counts[execution->outcomes[i].state]++;
    assert_int_equal(execution->done, counts[CHANGE_DONE]);
    assert_int_equal(execution->failed, counts[CHANGE_FAILED]);
    assert_int_equal(execution->not_attempted, counts[CHANGE_NOT_ATTEMPTED]);
}

static void test_every_way_that_halves_end(void **state)
{
    size_t i, k;
    (void)state;
    for (i = 0; i < COUNT_OF(subjects); i++) {
        for (k = 0; k < COUNT_OF(cases); k++) {
            struct fixture fixture;
            print_message("  %s: %s\n", subjects[i].name, cases[k].name);
            run_case(&fixture, &subjects[i], &cases[k]);
            assert_sent(&fixture, &subjects[i], cases[k].sent);
            if (subjects[i].changes == 2)
                assert_pair(&fixture.execution, &cases[k]);
            else
                assert_outcome(&fixture.execution.outcomes[0], &cases[k]);
            assert_counts(&fixture.execution, subjects[i].changes);
            fixture_release(&fixture);
        }
    }
}

/* Connections that are closed without an answer, on a server that does just that. */
static const struct {
    struct raw_step steps[4];
    size_t count;
    enum change_state state;
    enum put_back put_back;
    const char *last; /* request */
} closed[] = {
    {{{"", 0, RAW_CLOSE}, {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", 0, RAW_CLOSE}},
     2,
     CHANGE_FAILED,
     PUT_BACK_DONE,
     "POST /v1/Services/" MG1 "/PhoneNumbers "},
    {{{"HTTP/1.1 204 No Content\r\n\r\n", 0, RAW_KEEP},
      {"", 0, RAW_CLOSE},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 0, RAW_CLOSE}},
     3,
     CHANGE_DONE,
     PUT_BACK_NONE,
     "GET /v1/Services/" MG2 "/PhoneNumbers/" PN1 " "},
    {{{"HTTP/1.1 204 No Content\r\n\r\n", 0, RAW_KEEP},
      {"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{", 0, RAW_CLOSE},
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", 0, RAW_KEEP},
      {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", 0, RAW_CLOSE}},
     4,
     CHANGE_FAILED,
     PUT_BACK_DONE,
     "POST /v1/Services/" MG1 "/PhoneNumbers "},
};

static void execute_raw(struct fixture *fixture, unsigned port)
{
    char origin[64];
    const struct twilio_client_config config = {
        .credentials = {.account_sid = "AC1", .user = "AC1", .password = "secret"},
        .hosts = {.messaging = origin, .api = origin},
        .http = {.retry = fake_server_no_retry()},
    };
    struct diag diag;
    struct twilio_client *client;

    snprintf(origin, sizeof(origin), "http://127.0.0.1:%u", port);
    diag_init(&diag);
    client = twilio_client_new(&config, &diag);
    assert_non_null(client);
    execution_run(&fixture->execution, &fixture->plan, client,
                  &(struct execution_config){.retry = fake_server_no_retry()});
    twilio_client_free(client);
    diag_release(&diag);
}

static void test_closed_connections(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(closed); i++) {
        struct raw_server server = {0};
        struct fixture fixture;
        fixture_plan(&fixture, subjects[0].yaml, subjects[0].live);
        execute_raw(&fixture, raw_server_start(&server, closed[i].steps, closed[i].count));
        raw_server_stop(&server);
        assert_int_equal(atomic_load(&server.requests), closed[i].count);
        assert_int_equal(strncmp(buf_text(&server.last), closed[i].last, strlen(closed[i].last)),
                         0);
        assert_int_equal(fixture.execution.outcomes[0].state, closed[i].state);
        assert_int_equal(fixture.execution.outcomes[0].put_back, closed[i].put_back);
        assert_false(fixture.execution.outcomes[0].unclear);
        raw_server_free(&server);
        fixture_release(&fixture);
    }
}

/* Hundreds of numbers to add before and after what is done in halves. */
enum { CROWD = 250 };

static void add_crowd(struct buf *yaml, struct buf *live)
{
    size_t i;

    buf_add_text(yaml, HEAD);
    buf_add_text(live, "{\"owned\": {\"phone_numbers\": [");
    for (i = 0; i < CROWD * 2; i++)
        buf_printf(live,
                   "%s{\"sid\": \"PN%032zx\", \"phone_number\": \"+1600555%04zu\", "
                   "\"capabilities\": [\"SMS\"]}",
                   i == 0 ? "" : ", ", i + 256, i);
    buf_add_text(live, "]}, \"services\": [" SERVICE("MG0000000000000000000000000000000c", "C",
                                                     "\"phone_numbers\": []") ", ");
    buf_add_text(live,
                 SERVICE("MG0000000000000000000000000000000d", "D", "\"phone_numbers\": []") ", ");
}

static void add_crowd_service(struct buf *yaml, const char *name, size_t first)
{
    size_t i;

    buf_printf(yaml, "  - friendly_name: %s\n    phone_numbers:\n", name);
    for (i = first; i < first + CROWD; i++)
        buf_printf(yaml, "      - '+1600555%04zu'\n", i);
}

/* The subject between two services with many additions. */
static void plan_in_crowd(struct fixture *fixture, const struct subject *subject)
{
    struct buf yaml, live;

    buf_init(&yaml, 1024 * 1024);
    buf_init(&live, 1024 * 1024);
    add_crowd(&yaml, &live);
    add_crowd_service(&yaml, "C", 0);
    buf_add_text(&yaml, subject->yaml + strlen(HEAD));
    add_crowd_service(&yaml, "D", CROWD);
    buf_add_text(&live, subject->live + strlen("{\"services\": ["));
    fixture_plan(fixture, buf_text(&yaml), buf_text(&live));
    buf_release(&yaml);
    buf_release(&live);
}

/* Nothing comes between the halves, and not between a refusal and the way back either. */
static void test_halves_are_adjacent(void **state)
{
    static const struct http_engine_config one_by_one = {.parallelism = 1};
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(subjects); i++) {
        const struct fake_route routes[] = {
            answer(&subjects[i], TAKE_OUT, WORKS), answer(&subjects[i], PUT_IN, BROKEN),
            answer(&subjects[i], LOOK, ABSENT), answer(&subjects[i], PUT_BACK, WORKS)};
        struct fixture fixture;
        struct buf wanted;
        const char *begun;
        size_t k;
        print_message("  %s\n", subjects[i].name);
        plan_in_crowd(&fixture, &subjects[i]);
        fixture_execute(&fixture, routes, COUNT_OF(routes), &one_by_one);
        fake_server_stop(&fixture.fake);
        buf_init(&wanted, 64 * 1024);
        for (k = 0; k < REQUEST_COUNT; k++)
            buf_printf(&wanted, "%s\n", subjects[i].requests[k]);
        begun = strstr(buf_text(&fixture.fake.log), subjects[i].requests[TAKE_OUT]);
        assert_non_null(begun);
        assert_true(begun != buf_text(&fixture.fake.log));
        if (strncmp(begun, buf_text(&wanted), wanted.size) != 0)
            fail_msg("%.600s", begun);
        assert_non_null(strstr(begun + wanted.size, "POST "));
        buf_release(&wanted);
        fixture_release(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_way_that_halves_end),
        cmocka_unit_test(test_closed_connections),
        cmocka_unit_test(test_halves_are_adjacent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
