#include "apply/test_run.h"

#include "base/clock.h"
#include "base/form.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/fake_server.h"
#include "support/roster_text.h"

#define ACCOUNT "/2010-04-01/Accounts/AC00000000000000000000000000000001"
#define SM "SM00000000000000000000000000000001"
#define MG "MG00000000000000000000000000000001"
#define MESSAGE(status, rest)                                                             \
    "{\"sid\": \"" SM "\", \"status\": \"" status "\", \"from\": \"+15005550001\", " rest \
    "\"num_segments\": \"1\", \"error_code\": null}"
#define POLL "GET " ACCOUNT "/Messages/" SM ".json"
/* Stand for what only the run knows: its request, a list that has its message, and the lists. */
#define POST "POST"
#define FOUND "FOUND"
#define BY_DATE "LIST since yesterday"
#define ALL "LIST all"

enum { ROUTES_MAX = 6, TEXT_MAX = 1024 };

static const struct {
    const char *name;
    int64_t timeout_ms;
    struct fake_route routes[ROUTES_MAX];
    enum test_outcome outcome;
    const char *history; /* "STATUS:SOURCE " each */
    unsigned posts, lists;
} cases[] = {
    {"delivered",
     9000,
     {{POST, 201, MESSAGE("accepted", "")},
      {POLL, 200, MESSAGE("queued", "")},
      {POLL, 200, MESSAGE("sent", "")},
      {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "accepted:answer queued:poll sent:poll delivered:poll ",
     1,
     0},
    {"a look that fails is no end",
     9000,
     {{POST, 201, MESSAGE("accepted", "")},
      {POLL, 500, NULL},
      {POLL, 404, "{\"code\": 20404, \"message\": \"not yet\", \"status\": 404}"},
      {POLL, 200, "[]"},
      {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "accepted:answer delivered:poll ",
     1,
     0},
    {"no step back",
     9000,
     {{POST, 201, MESSAGE("sent", "")},
      {POLL, 200, MESSAGE("queued", "")},
      {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "sent:answer queued:poll delivered:poll ",
     1,
     0},
    {"still sent at the deadline",
     200,
     {{POST, 201, MESSAGE("accepted", "")}, {POLL, 200, MESSAGE("sent", "")}},
     TEST_UNCONFIRMED,
     "accepted:answer sent:poll ",
     1,
     0},
    {"undelivered",
     9000,
     {{POST, 201, MESSAGE("accepted", "")}, {POLL, 200, MESSAGE("undelivered", "")}},
     TEST_FAILED,
     "accepted:answer undelivered:poll ",
     1,
     0},
    {"refused",
     9000,
     {{POST, 400, "{\"code\": 21211, \"message\": \"no number\", \"status\": 400}"}},
     TEST_FAILED,
     "",
     1,
     0},
    {"what is no judgement on the message was not sent",
     9000,
     {{POST, 401, "{\"code\": 20003, \"message\": \"Authenticate\", \"status\": 401}"}},
     TEST_NOT_SENT,
     "",
     1,
     0},
    {"nor was what was refused for its rate",
     9000,
     {{POST, 429, "{\"code\": 20429, \"message\": \"Too Many Requests\", \"status\": 429}"}},
     TEST_NOT_SENT,
     "",
     1,
     0},
    {"it is looked at once, however short its time",
     1,
     {{POST, 201, MESSAGE("accepted", "")}, {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "accepted:answer delivered:poll ",
     1,
     0},
    {"and searched for",
     1,
     {{POST, 503, NULL}, {BY_DATE, 200, FOUND}, {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "queued:poll delivered:poll ",
     1,
     1},
    {"a lost answer, and the message is there",
     9000,
     {{POST, 503, NULL}, {BY_DATE, 200, FOUND}, {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "queued:poll delivered:poll ",
     1,
     1},
    {"an answer that is none",
     9000,
     {{POST, 201, "{}"}, {BY_DATE, 200, FOUND}, {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "queued:poll delivered:poll ",
     1,
     1},
    {"it has no date yet",
     9000,
     {{POST, 500, NULL},
      {BY_DATE, 200, "{\"messages\": []}"},
      {ALL, 200, FOUND},
      {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "queued:poll delivered:poll ",
     1,
     2},
    {"it is there later",
     9000,
     {{POST, 500, NULL},
      {BY_DATE, 200, "{\"messages\": []}"},
      {ALL, 503, NULL},
      {BY_DATE, 200, FOUND},
      {POLL, 200, MESSAGE("delivered", "")}},
     TEST_PASSED,
     "queued:poll delivered:poll ",
     1,
     3},
    {"others to the same number are not it",
     300,
     {{POST, 500, NULL},
      {BY_DATE, 200,
       "{\"messages\": [" MESSAGE("delivered", "\"body\": \"roster test #00000000\", ") "]}"},
      {ALL, 200, "{\"messages\": []}"}},
     TEST_UNCLEAR,
     "",
     1,
     0},
};

struct place {
    struct fake_server fake;
    struct roster_text roster;
    struct test_run run;
    char post[TEXT_MAX], found[TEXT_MAX], by_date[TEXT_MAX + 128], all[TEXT_MAX];
    struct fake_route routes[ROUTES_MAX];
    size_t route_count;
};

static void note_request(struct place *place)
{
    const struct test_message *message = &place->run.messages[0];
    time_t yesterday = (time_t)(clock_wall(&clock_system) / 1000 - 24 * 60 * 60);
    struct tm day;
    char date[64];
    struct buf form;

    assert_non_null(gmtime_r(&yesterday, &day));
    strftime(date, sizeof(date), "%Y-%m-%dT00%%3A00%%3A00Z", &day);
    buf_init(&form, TEXT_MAX);
    form_add(&form, "To", "+447700900123");
    form_add(&form, "MessagingServiceSid", MG);
    form_add(&form, "Body", message->body);
    snprintf(place->post, TEXT_MAX, "POST " ACCOUNT "/Messages.json %s", buf_text(&form));
    snprintf(place->found, TEXT_MAX,
             "{\"messages\": [{\"sid\": \"SM9\", \"body\": \"other\"}, " MESSAGE(
                 "queued", "\"body\": \"%s\", ") "]}",
             message->body);
    snprintf(place->all, TEXT_MAX,
             "GET " ACCOUNT "/Messages.json?PageSize=1000&To=%%2B447700900123");
    snprintf(place->by_date, sizeof(place->by_date), "%s&DateSent%%3E=%s", place->all, date);
    buf_release(&form);
}

static void add_routes(struct place *place, const struct fake_route *routes)
{
    for (; place->route_count < ROUTES_MAX && routes[place->route_count].request != NULL;
         place->route_count++) {
        struct fake_route *route = &place->routes[place->route_count];
        *route = routes[place->route_count];
        if (strcmp(route->request, POST) == 0)
            route->request = place->post;
        if (strcmp(route->request, BY_DATE) == 0)
            route->request = place->by_date;
        if (strcmp(route->request, ALL) == 0)
            route->request = place->all;
        if (route->body != NULL && strcmp(route->body, FOUND) == 0)
            route->body = place->found;
    }
}

static void place_init(struct place *place, const struct fake_route *routes, int64_t timeout_ms)
{
    memset(place, 0, sizeof(*place));
    roster_text_read(&place->roster,
                     "version: 1\nservices: [{friendly_name: A}]\ntest_sends:\n"
                     "  - {name: t, service: A, to: '+447700900123', body: roster test}\n");
    assert_int_equal(place->roster.result, 0);
    place->roster.desired.test_sends[0].timeout_ms = timeout_ms;
    test_run_add(&place->run, &place->roster.desired.test_sends[0]);
    place->run.messages[0].service_sid = MG;
    note_request(place);
    add_routes(place, routes);
    fake_server_start(&place->fake, place->routes, place->route_count);
}

static void place_release(struct place *place)
{
    test_run_release(&place->run);
    roster_text_release(&place->roster);
    fake_server_release(&place->fake);
}

static unsigned count(const struct place *place, const char *what)
{
    const char *at = buf_text(&place->fake.log);
    unsigned found = 0;

    while ((at = strstr(at, what)) != NULL) {
        found++;
        at++;
    }
    return found;
}

static void check_history(const struct test_message *message, const char *expected)
{
    struct buf text;
    size_t i;

    buf_init(&text, TEXT_MAX);
    for (i = 0; i < message->history_count; i++)
        buf_printf(&text, "%s:%s ", message->history[i].status,
                   test_source_name(test_status_first(&message->history[i])));
    assert_string_equal(buf_text(&text), expected);
    buf_release(&text);
}

static void test_cases(void **state)
{
    const struct test_run_config config = {.poll_ms = 20};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct place place;
        print_message("%s\n", cases[i].name);
        place_init(&place, cases[i].routes, cases[i].timeout_ms);
        test_run_execute(&place.run, place.fake.client, &config);
        fake_server_stop(&place.fake);
        assert_int_equal(place.run.messages[0].outcome, cases[i].outcome);
        assert_int_equal(place.run.outcomes[cases[i].outcome], 1);
        check_history(&place.run.messages[0], cases[i].history);
        assert_int_equal(count(&place, "POST "), cases[i].posts);
        if (cases[i].outcome != TEST_UNCLEAR)
            assert_int_equal(count(&place, "Messages.json?"), cases[i].lists);
        else
            assert_true(count(&place, "Messages.json?") >= 2);
        place_release(&place);
    }
}

/* A body ends with its token, and no two are alike. */
static void test_tokens(void **state)
{
    struct roster_text roster;
    struct test_run run = {0};
    size_t i, j;

    (void)state;
    roster_text_read(&roster,
                     "version: 1\nservices: [{friendly_name: A}]\ntest_sends:\n"
                     "  - {name: t, service: A, to: '+447700900123', body: roster test}\n");
    for (i = 0; i < 50; i++)
        test_run_add(&run, &roster.desired.test_sends[0]);
    for (i = 0; i < run.count; i++) {
        assert_int_equal(strlen(run.messages[i].token), 9);
        assert_int_equal(run.messages[i].token[0], '#');
        assert_string_equal(run.messages[i].body + strlen("roster test "), run.messages[i].token);
        for (j = 0; j < i; j++)
            assert_string_not_equal(run.messages[i].token, run.messages[j].token);
    }
    test_run_release(&run);
    roster_text_release(&roster);
}

/* What a listener would hand over: before the answer to the sending, in time, and of strangers. */
struct listener {
    struct test_run *run;
    unsigned turns;
};

static void on_turn(void *context)
{
    struct listener *listener = context;

    switch (listener->turns++) {
    case 0:
        assert_false(test_run_callback(listener->run, SM, "queued"));
        assert_false(
            test_run_callback(listener->run, "SM00000000000000000000000000000002", "sent"));
        break;
    default:
        if (listener->run->messages[0].facts.message.sid != NULL &&
            listener->run->messages[0].history_count == 3)
            assert_true(test_run_callback(listener->run, SM, "delivered"));
        break;
    }
}

static void test_callbacks(void **state)
{
    const struct fake_route routes[ROUTES_MAX] = {{POST, 201, MESSAGE("accepted", "")},
                                                  {POLL, 200, MESSAGE("sent", "")},
                                                  {POLL, 200, MESSAGE("delivered", "")}};
    struct listener listener = {0};
    const struct test_run_config config = {
        .poll_ms = 20, .turn = on_turn, .descriptor = -1, .context = &listener};
    const struct test_status *history;
    struct place place;

    (void)state;
    place_init(&place, routes, 9000);
    listener.run = &place.run;
    test_run_execute(&place.run, place.fake.client, &config);
    fake_server_stop(&place.fake);
    assert_int_equal(place.run.messages[0].outcome, TEST_PASSED);
    check_history(&place.run.messages[0],
                  "accepted:answer queued:callback sent:poll delivered:callback ");
    history = place.run.messages[0].history;
    assert_true(history[1].after_ms[TEST_BY_POLL] < 0);
    assert_true(history[3].after_ms[TEST_BY_CALLBACK] <= history[3].after_ms[TEST_BY_POLL]);
    place_release(&place);
}

static enum test_stop after_sending(void *context)
{
    const struct test_run *run = context;

    return run->messages[0].facts.message.sid == NULL ? TEST_WHOLE : TEST_INTERRUPTED;
}

/* Who is interrupted sends nothing more, and does not wait for what was sent. */
static void test_interrupted(void **state)
{
    const struct fake_route routes[ROUTES_MAX] = {{POST, 201, MESSAGE("accepted", "")},
                                                  {POLL, 200, MESSAGE("sent", "")}};
    struct place place;
    struct test_run_config config = {
        .window = 1, .poll_ms = 20, .interrupted = after_sending, .context = &place.run};

    (void)state;
    place_init(&place, routes, 60 * 1000);
    test_run_add(&place.run, &place.roster.desired.test_sends[0]);
    place.run.messages[1].service_sid = MG;
    test_run_execute(&place.run, place.fake.client, &config);
    fake_server_stop(&place.fake);
    assert_int_equal(place.run.stopped, TEST_INTERRUPTED);
    assert_int_equal(place.run.messages[0].outcome, TEST_UNCONFIRMED);
    assert_int_equal(place.run.messages[1].outcome, TEST_NOT_SENT);
    assert_int_equal(count(&place, "POST "), 1);
    place_release(&place);
}

static void test_out_of_time(void **state)
{
    const struct fake_route routes[ROUTES_MAX] = {{POST, 201, MESSAGE("accepted", "")}};
    const struct test_run_config config = {.poll_ms = 20};
    struct place place;

    (void)state;
    place_init(&place, routes, 60 * 1000);
    twilio_client_end_at(place.fake.client, 1);
    test_run_execute(&place.run, place.fake.client, &config);
    fake_server_stop(&place.fake);
    assert_int_equal(place.run.stopped, TEST_OUT_OF_TIME);
    assert_int_equal(place.run.messages[0].outcome, TEST_NOT_SENT);
    assert_int_equal(count(&place, "POST "), 0);
    place_release(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),       cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_callbacks),   cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_out_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
