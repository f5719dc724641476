/*
 * Full pools, as the executor carries them out: what is sent in which order, one at a time.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply_fixture.h"
#include "base/str.h"
#include "parties.h"

/*
 * `sent` is each request in its order: - for taking out, + for putting in, * for a creation; the
 * service and the sender. All of them work, but those in `refused`.
 */
static const struct pool_case {
    const char *name;
    struct party parties[PARTIES_MAX];
    const char *sent, *refused;
    size_t done, failed, not_attempted;
} cases[] = {
    {"a swap of two full services",
     {{"A", 399, "a", "b"}, {"B", 399, "b", "a"}},
     "-Bb -Aa +Ba +Ab ",
     "",
     .done = 2},
    {"a swap of two full services, one way of which is refused",
     {{"A", 399, "a", "b"}, {"B", 399, "b", "a"}},
     "-Bb -Aa +Ba +Ab +Aa ",
     "+Ba ",
     .done = 1,
     .failed = 1},
    {"a swap of which a first half is refused: the other one has no room",
     {{"A", 399, "a", "b"}, {"B", 399, "b", "a"}},
     "-Bb -Aa +Ab +Bb ",
     "-Aa +Ab ",
     .failed = 2},
    {"a circle",
     {{"A", 399, "a", "c"}, {"B", 399, "b", "a"}, {"C", 399, "c", "b"}},
     "-Cc -Aa +Ac -Bb +Cb +Ba ",
     "",
     .done = 3},
    {"what is put back finds its place",
     {{"A", 399, "a", "x"}, {"B", 0, "", "a"}},
     "-Aa +Ba +Aa +Ax ",
     "+Ba +Ax ",
     .failed = 2},
    {"a chain, and something new at its beginning",
     {{"A", 399, "a", "x"}, {"B", 399, "b", "a"}, {"C", 399, "c", "b"}},
     "-Aa -Cc -Bb +Cb +Ba +Ax ",
     "",
     .done = 4},
    {"removals before what takes their place, and the others after",
     {{"A", 397, "pqr", "bc"}, {"B", 0, "bc", ""}},
     "-Ap -Aq -Bb +Ab -Bc +Ac -Ar ",
     "",
     .done = 5},
    {"a move that never starts makes no room, and is not waited for",
     {{"A", 399, "a", "x"}, {"B", 0, NULL, "a"}},
     "*B +Ax ",
     "*B +Ax ",
     .failed = 2,
     .not_attempted = 1},
    {"a second half does not wait for a move that never starts",
     {{"A", 399, "a", "b"}, {"B", 0, NULL, "a"}, {"C", 0, "b", ""}},
     "-Cb *B +Ab +Cb ",
     "*B +Ab ",
     .failed = 2,
     .not_attempted = 1},
    {"a move that failed makes no room, and is not waited for",
     {{"A", 399, "a", "x"}, {"B", 0, "", "a"}},
     "-Aa +Ax ",
     "-Aa +Ax ",
     .failed = 2},
    {"the last sender stays when what should come is refused",
     {{"A", 0, "a", "x"}, {"B", 0, "", "a"}},
     "+Ax ",
     "+Ax ",
     .failed = 1,
     .not_attempted = 1},
    {"one addition that worked will do",
     {{"A", 0, "a", "xy"}, {"B", 0, "", "a"}},
     "+Ax +Ay -Aa +Ba ",
     "+Ax ",
     .done = 2,
     .failed = 1},
};

/* "PN…61" and "MG…42" end in the code of their letter. */
static char letter_at(const char *sid)
{
    return (char)strtol(sid + 32, NULL, 16);
}

/* A line of the server's log in the words of a case. */
static void add_request(struct buf *out, const char *line)
{
    const char *service = strstr(line, "MG"), *sender = strstr(line, "PN0");

    if (str_starts_with(line, "POST /v1/Services "))
        buf_printf(out, "*%c ", line[strcspn(line, "=") + 1]);
    else
        buf_printf(out, "%c%c%c ", line[0] == 'D' ? '-' : '+', letter_at(service),
                   letter_at(sender));
}

static void add_route(struct fake_route *route, const struct pool_case *expected,
                      const char *request)
{
    struct buf words;

    buf_init(&words, 64);
    add_request(&words, request);
    route->request = request;
    route->status = 409;
    if (strstr(expected->refused, buf_text(&words)) != NULL)
        route->body = "{\"code\": 21714}";
    else if (request[0] == 'D')
        route->status = 204;
    else
        route->body = "{\"code\": 21710}"; /* it is there */
    buf_release(&words);
}

/* Everything that a change can ask for. */
static size_t add_routes(struct fixture *fixture, struct fake_route *routes,
                         const struct pool_case *expected)
{
    const struct plan *plan = &fixture->plan;
    size_t count = 0, i;

    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        const struct live_service *here = plan->services[change->service].live;
        const struct live_service *from = plan->services[change->from].live;
        if (change->kind == CHANGE_REMOVE_SENDER)
            from = here;
        if (!change_is_of_sender(change->kind) || here == NULL)
            continue;
        if (change->kind != CHANGE_ADD_SENDER) {
            add_route(&routes[count++], expected,
                      arena_printf(&fixture->live.arena, "DELETE /v1/Services/%s/PhoneNumbers/%s",
                                   from->service.sid, change->sender.sid));
            add_route(&routes[count++], expected,
                      arena_printf(&fixture->live.arena,
                                   "POST /v1/Services/%s/PhoneNumbers PhoneNumberSid=%s",
                                   from->service.sid, change->sender.sid));
        }
        add_route(&routes[count++], expected,
                  arena_printf(&fixture->live.arena,
                               "POST /v1/Services/%s/PhoneNumbers PhoneNumberSid=%s",
                               here->service.sid, change->sender.sid));
    }
    return count;
}

static void plan_case(struct fixture *fixture, const struct pool_case *expected)
{
    struct buf yaml, live;

    buf_init(&yaml, 1024 * 1024);
    buf_init(&live, 1024 * 1024);
    parties_yaml(&yaml, expected->parties);
    parties_live(&live, expected->parties);
    fixture_plan(fixture, buf_text(&yaml), buf_text(&live));
    buf_release(&yaml);
    buf_release(&live);
}

static void assert_sent(const struct fixture *fixture, const char *expected)
{
    const char *line = buf_text(&fixture->fake.log);
    struct buf words;

    buf_init(&words, 4096);
    for (; *line != '\0'; line = strchr(line, '\n') + 1)
        add_request(&words, line);
    assert_string_equal(buf_text(&words), expected);
    buf_release(&words);
}

static void test_order_of_requests(void **state)
{
    static const struct http_engine_config one_by_one = {.parallelism = 1};
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fake_route routes[32] = {{0}};
        struct fixture fixture;
        print_message("  %s\n", cases[i].name);
        plan_case(&fixture, &cases[i]);
        fixture_execute(&fixture, routes, add_routes(&fixture, routes, &cases[i]), &one_by_one);
        fake_server_stop(&fixture.fake);
        assert_sent(&fixture, cases[i].sent);
        assert_int_equal(fixture.execution.done, cases[i].done);
        assert_int_equal(fixture.execution.failed, cases[i].failed);
        assert_int_equal(fixture.execution.not_attempted, cases[i].not_attempted);
        fixture_release(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order_of_requests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
