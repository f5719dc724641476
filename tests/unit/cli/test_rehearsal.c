/*
 * The parts of a rehearsal: which request is which, the estimate of the time, the troubles that are
 * built in, and the sandbox with its copy of an account.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/rehearsal.h"
#include "cli/rehearsal_faults.h"
#include "http/rate_limit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static void test_request_kinds(void **state)
{
    static const struct {
        const char *method, *path;
        enum request_kind kind;
    } cases[] = {
        {"GET", "/v1/Services", REQUEST_LIST_SERVICES},
        {"POST", "/v1/Services", REQUEST_CREATE_SERVICE},
        {"PUT", "/v1/Services", REQUEST_OTHER_WRITE},
        {"GET", "/v1/Services/MG1", REQUEST_READ_SERVICE},
        {"POST", "/v1/Services/MG1", REQUEST_UPDATE_SERVICE},
        {"DELETE", "/v1/Services/MG1", REQUEST_DELETE_SERVICE},
        {"GET", "/v1/Services/MG1/PhoneNumbers", REQUEST_LIST_SENDERS},
        {"POST", "/v1/Services/MG1/AlphaSenders", REQUEST_ADD_SENDER},
        {"DELETE", "/v1/Services/MG1/AlphaSenders", REQUEST_OTHER_WRITE},
        {"DELETE", "/v1/Services/MG1/AlphaSenders/AI1", REQUEST_REMOVE_SENDER},
        {"GET", "/v1/Services/MG1/AlphaSenders/AI1", REQUEST_OTHER_READ},
        {"GET", "/2010-04-01/Accounts/AC1/SMS/ShortCodes.json", REQUEST_LIST_OWNED},
        {"DELETE", "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json", REQUEST_OTHER_WRITE},
        {"GET", "/else", REQUEST_OTHER_READ},
        {"POST", "/else", REQUEST_OTHER_WRITE},
    };
    struct request_counts counts = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(request_kind_of(cases[i].method, cases[i].path), cases[i].kind);
        counts.of[cases[i].kind]++;
    }
    assert_int_equal(request_counts_reads(&counts), 6);
    assert_int_equal(request_counts_writes(&counts), 9);
    for (i = 0; i < REQUEST_KIND_COUNT; i++)
        assert_non_null(request_kind_name((enum request_kind)i));
}

static void test_estimate(void **state)
{
    static const struct {
        int64_t latency_us, rate;
        size_t reads, writes, rounds;
        int64_t least_ms, most_ms;
    } cases[] = {
        {100000, 0, 10, 30, 6, 600, 4000},
        {100000, 0, 1, 1, 2, 200, 200},
        /* The rate decides where it is slower than the answers. */
        {100000, 20 * RATE_LIMIT_UNIT, 10, 30, 6, 2000, 4000},
        {100000, 5 * RATE_LIMIT_UNIT, 10, 30, 6, 8000, 8000},
        {100000, RATE_LIMIT_UNIT / 2, 1, 0, 1, 2000, 2000},
        {0, 0, 10, 30, 6, 0, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rehearsal_pace pace = {.latency_us = cases[i].latency_us, .rate = cases[i].rate};
        struct rehearsal_duration duration = {
            .plan_reads = cases[i].reads, .writes = cases[i].writes, .rounds = cases[i].rounds};
        rehearsal_estimate(&pace, &duration);
        assert_int_equal(duration.least_ms, cases[i].least_ms);
        assert_int_equal(duration.most_ms, cases[i].most_ms);
    }
}

static void test_troubles(void **state)
{
    static const char *const names[] = {"429", "5xx", "lost-answers", "resets", "outage"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct sandbox_faults_file file = {0};
        struct diag diag;
        diag_init(&diag);
        assert_int_equal(rehearsal_faults_read(names[i], &file, &diag), 0);
        assert_true(file.faults.count > 0);
        assert_non_null(rehearsal_faults_meaning(names[i]));
        sandbox_faults_file_release(&file);
        diag_release(&diag);
    }
    assert_null(rehearsal_faults_meaning("faults.yaml"));
}

static void test_unknown_trouble(void **state)
{
    static const struct {
        const char *name, *message, *help;
    } cases[] = {
        {"lost-answer", "--faults: there is no file lost-answer, and no trouble of that name",
         "did you mean \"lost-answers\"?"},
        {"nowhere/faults.yaml",
         "--faults: there is no file nowhere/faults.yaml, and no trouble of that name",
         "it takes a file as roster-sandbox does, or 429, 5xx, lost-answers, resets, outage"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sandbox_faults_file file = {0};
        struct diag diag;
        diag_init(&diag);
        assert_int_equal(rehearsal_faults_read(cases[i].name, &file, &diag), -1);
        assert_string_equal(diag.items[0].message, cases[i].message);
        assert_string_equal(diag.items[0].help, cases[i].help);
        sandbox_faults_file_release(&file);
        diag_release(&diag);
    }
}

/* The sandbox */

#define ACCOUNT "AC000000000000000000000000000000aa"
#define TOKEN "0000000000000000000000000000000b"

struct rehearsed {
    struct rehearsal_sandbox *sandbox;
    struct twilio_client *client;
    struct twilio_client_config config;
    struct diag diag;
};

static void start(struct rehearsed *rehearsed, const struct sandbox_faults *faults)
{
    static const struct retry_policy once = {.max_attempts = 1};
    struct buf state;

    memset(rehearsed, 0, sizeof(*rehearsed));
    diag_init(&rehearsed->diag);
    buf_init(&state, 64 * 1024);
    buf_add_text(&state, "{\"version\": 1, \"account\": {\"sid\": \"" ACCOUNT "\", "
                         "\"auth_token\": \"" TOKEN "\"}, \"services\": []}");
    rehearsed->sandbox = rehearsal_sandbox_start(&state, faults, &rehearsed->diag);
    buf_release(&state);
    assert_non_null(rehearsed->sandbox);
    rehearsed->config.http.retry = &once;
    rehearsal_sandbox_login(rehearsed->sandbox, &rehearsed->config);
    rehearsed->client = twilio_client_new(&rehearsed->config, &rehearsed->diag);
}

static void stop(struct rehearsed *rehearsed)
{
    twilio_client_free(rehearsed->client);
    rehearsal_sandbox_stop(rehearsed->sandbox);
    diag_release(&rehearsed->diag);
}

static void keep_status(void *context, const struct twilio_answer *answer)
{
    int *status = context;
    *status = answer->status;
}

static int ask(struct rehearsed *rehearsed, enum http_method method, const char *form)
{
    int status = -1;

    twilio_request(rehearsed->client, method, TWILIO_MESSAGING, "/v1/Services", form, keep_status,
                   &status);
    twilio_client_run(rehearsed->client);
    return status;
}

static void test_sandbox(void **state)
{
    struct sandbox_fault_rule rule = {
        .count = SANDBOX_FAULT_ALL, .probability = 1, .skip = 2, .fault = {.status = 503}};
    const struct sandbox_faults faults = {.rules = &rule, .count = 1};
    struct request_counts counts;
    struct rehearsed rehearsed;

    (void)state;
    start(&rehearsed, &faults);
    assert_string_equal(rehearsed.config.credentials.account_sid, ACCOUNT);
    assert_int_equal(ask(&rehearsed, HTTP_POST, "FriendlyName=One"), 201);
    assert_int_equal(ask(&rehearsed, HTTP_GET, NULL), 200);
    assert_int_equal(ask(&rehearsed, HTTP_GET, NULL), 503);
    assert_int_equal(ask(&rehearsed, HTTP_POST, "FriendlyName=Two"), 503);
    rehearsal_sandbox_calm(rehearsed.sandbox);
    assert_int_equal(ask(&rehearsed, HTTP_GET, NULL), 200);
    rehearsal_sandbox_counts(rehearsed.sandbox, &counts);
    assert_int_equal(counts.of[REQUEST_CREATE_SERVICE], 2);
    assert_int_equal(counts.of[REQUEST_LIST_SERVICES], 3);
    assert_int_equal(counts.faults, 2);
    /* The caller's rules are as they were. */
    assert_int_equal(rule.seen, 0);
    stop(&rehearsed);
}

/* Two at a time have nothing to do with each other, and each is gone when it was stopped. */
static void test_two_sandboxes(void **state)
{
    struct rehearsed first, second;
    struct request_counts counts;

    (void)state;
    start(&first, NULL);
    start(&second, NULL);
    /* Who knows the token of the copy, or of another one, does not get in. */
    assert_int_equal(strlen(first.config.credentials.password), 32);
    assert_string_not_equal(first.config.credentials.password, TOKEN);
    assert_string_not_equal(first.config.credentials.password, second.config.credentials.password);
    assert_int_equal(ask(&first, HTTP_POST, "FriendlyName=One"), 201);
    rehearsal_sandbox_counts(second.sandbox, &counts);
    assert_int_equal(request_counts_writes(&counts), 0);
    rehearsal_sandbox_stop(first.sandbox);
    first.sandbox = NULL;
    assert_int_equal(ask(&second, HTTP_GET, NULL), 200);
    stop(&first);
    stop(&second);
}

static void test_bad_copy(void **state)
{
    struct buf text;
    struct diag diag;

    (void)state;
    diag_init(&diag);
    buf_init(&text, 1024);
    buf_add_text(&text, "{\"version\": 2}");
    assert_null(rehearsal_sandbox_start(&text, NULL, &diag));
    assert_int_equal(diag.errors, 1);
    buf_release(&text);
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_kinds), cmocka_unit_test(test_estimate),
        cmocka_unit_test(test_troubles),      cmocka_unit_test(test_unknown_trouble),
        cmocka_unit_test(test_sandbox),       cmocka_unit_test(test_two_sandboxes),
        cmocka_unit_test(test_bad_copy),
    };
    unsetenv("http_proxy");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
