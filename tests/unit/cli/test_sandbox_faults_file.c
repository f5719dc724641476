/*
 * The file of --faults: what its keys become, and what is said of mistakes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "cli/sandbox_faults_file.h"

#include <stdlib.h>
#include <string.h>

static int parse(struct sandbox_faults_file *file, const char *text, struct diag *diag)
{
    memset(file, 0, sizeof(*file));
    diag_init(diag);
    return sandbox_faults_file_parse(file, "f.yaml", text, strlen(text), diag);
}

static void test_keys(void **state)
{
    static const char text[] =
        "faults:\n"
        "  - {request: 7, reset: before, delay: 2s}\n"
        "  - {method: POST, path: \"/v1/*\", skip: 3, count: 4, status: 503, code: 20503,\n"
        "     retry_after: 9, effect: true, duplicate: true}\n"
        "  - {probability: 0.25, status: 200, body: \"\", content_type: text/html}\n"
        "  - {until: 1m, count: 2, reset: after}\n"
        "  - {until: 300ms, truncate: 0, garbage: true, drip: 50}\n"
        "  - {count: all, truncate: 20, garbage: false}\n";
    struct sandbox_faults_file file;
    const struct sandbox_fault_rule *rules;
    struct diag diag;

    (void)state;
    assert_int_equal(parse(&file, text, &diag), 0);
    rules = file.faults.rules;
    assert_int_equal(file.faults.count, 6);
    assert_int_equal(rules[0].request, 7);
    assert_int_equal(rules[0].count, 1);
    assert_true(rules[0].probability >= 1);
    assert_int_equal(rules[0].fault.reset, SANDBOX_RESET_BEFORE);
    assert_int_equal(rules[0].fault.delay_ms, 2000);
    assert_int_equal(rules[1].request, 0);
    assert_string_equal(rules[1].method, "POST");
    assert_string_equal(rules[1].path, "/v1/*");
    assert_int_equal(rules[1].skip, 3);
    assert_int_equal(rules[1].count, 4);
    assert_int_equal(rules[1].fault.status, 503);
    assert_int_equal(rules[1].fault.code, 20503);
    assert_string_equal(rules[1].fault.retry_after, "9");
    assert_true(rules[1].fault.effect && rules[1].fault.duplicate);
    assert_null(rules[1].fault.body);
    assert_true(rules[2].probability > 0.249 && rules[2].probability < 0.251);
    assert_true(rules[2].count == SANDBOX_FAULT_ALL);
    assert_string_equal(rules[2].fault.body, "");
    assert_string_equal(rules[2].fault.content_type, "text/html");
    assert_int_equal(rules[3].until_ms, 60000);
    assert_int_equal(rules[3].count, 2);
    assert_int_equal(rules[3].fault.reset, SANDBOX_RESET_AFTER);
    assert_true(rules[4].count == SANDBOX_FAULT_ALL);
    assert_int_equal(rules[4].until_ms, 300);
    assert_true(rules[4].fault.truncate && rules[4].fault.garbage);
    assert_int_equal(rules[4].fault.truncate_at, 0);
    assert_int_equal(rules[4].fault.drip, 50);
    assert_true(rules[5].count == SANDBOX_FAULT_ALL);
    assert_false(rules[5].fault.garbage);
    sandbox_faults_file_release(&file);
    diag_release(&diag);
}

static void test_none(void **state)
{
    struct sandbox_faults_file file;
    struct diag diag;

    (void)state;
    assert_int_equal(parse(&file, "faults: []\n", &diag), 0);
    assert_int_equal(file.faults.count, 0);
    sandbox_faults_file_release(&file);
    diag_release(&diag);
}

/* The two lists that are about messages. */
static void test_message_rules(void **state)
{
    static const char text[] =
        "callbacks:\n"
        "  - {status: delivered, to: \"+1415*\", skip: 2, count: 3, lost: true}\n"
        "  - {probability: 0.5, delay: 2s, duplicate: true, bad_signature: true}\n"
        "  - {count: all, out_of_order: true}\n"
        "recipients:\n"
        "  - {to: \"+14155550100\", code: 30003}\n"
        "  - {to: \"+1415*\", status: failed, code: 30007}\n"
        "  - {to: \"+1*\", status: sent}\n"
        "  - {to: \"*\", status: delivered}\n";
    const struct sandbox_callback_rule *rules;
    const struct sandbox_recipient *recipients;
    struct sandbox_faults_file file;
    struct diag diag;

    (void)state;
    assert_int_equal(parse(&file, text, &diag), 0);
    assert_int_equal(file.faults.count, 0);
    assert_int_equal(file.callbacks.count, 3);
    rules = file.callbacks.rules;
    assert_string_equal(rules[0].status, "delivered");
    assert_string_equal(rules[0].to, "+1415*");
    assert_int_equal(rules[0].skip, 2);
    assert_int_equal(rules[0].count, 3);
    assert_true(rules[0].probability >= 1 && rules[0].fault.lost);
    assert_null(rules[1].status);
    assert_true(rules[1].count == SANDBOX_FAULT_ALL && rules[1].probability < 0.6);
    assert_int_equal(rules[1].fault.late_ms, 2000);
    assert_true(rules[1].fault.duplicate && rules[1].fault.bad_signature && !rules[1].fault.lost);
    assert_true(rules[2].count == SANDBOX_FAULT_ALL && rules[2].fault.out_of_order);
    assert_int_equal(file.recipients.count, 4);
    recipients = file.recipients.rules;
    assert_string_equal(recipients[0].to, "+14155550100");
    assert_int_equal(recipients[0].outcome.status, SANDBOX_UNDELIVERED);
    assert_int_equal(recipients[0].outcome.error_code, 30003);
    assert_int_equal(recipients[1].outcome.status, SANDBOX_FAILED);
    assert_int_equal(recipients[1].outcome.error_code, 30007);
    assert_int_equal(recipients[2].outcome.status, SANDBOX_SENT);
    assert_int_equal(recipients[3].outcome.status, SANDBOX_DELIVERED);
    assert_int_equal(recipients[3].outcome.error_code, 0);
    sandbox_faults_file_release(&file);
    diag_release(&diag);
}

#define RULE(text) "faults: [{" text "}]"
#define CALLBACK(text) "callbacks: [{" text "}]"
#define RECIPIENT(text) "recipients: [{" text "}]"

/* One mistake each, but where more follow. */
static const struct {
    const char *text;
    const char *message, *help; /* help NULL: none */
    unsigned line, column;
} mistakes[] = {
    {"", "a file of faults must be a mapping with a list \"faults\"",
     "write \"faults: []\" for none", 1, 1},
    {"- a", "a file of faults must be a mapping with a list \"faults\"",
     "write \"faults: []\" for none", 1, 1},
    {"{}", "a file of faults must have \"faults\"", NULL, 1, 1},
    {"fault: []", "unknown key \"fault\" in a file of faults", "did you mean \"faults\"?", 1, 1},
    {"faults: []\nmore: 1", "unknown key \"more\" in a file of faults", NULL, 2, 1},
    {"faults: 3", "\"faults\" must be a list, not an integer", NULL, 1, 9},
    {"faults:", "\"faults\" must be a list, not null", NULL, 1, 8},
    {"faults: [x]", "a fault must be a mapping, not a string", NULL, 1, 10},
    {"faults: [", "the text ends where a value is expected", NULL, 1, 0},
    {RULE(""), "a fault must have something that goes wrong",
     "for instance \"status: 503\" or \"reset: before\"", 1, 10},
    {RULE("request: 3"), "a fault must have something that goes wrong",
     "for instance \"status: 503\" or \"reset: before\"", 1, 10},
    {RULE("garbage: true, metod: GET"), "unknown key \"metod\" in a fault",
     "did you mean \"method\"?", 1, 26},
    {RULE("garbage: true, colour: 1"), "unknown key \"colour\" in a fault", NULL, 1, 26},
    {RULE("garbage: \"yes\""), "\"garbage\" must be true or false, not a string", NULL, 1, 20},
    {RULE("request: 0, garbage: true"), "\"request\" must be from 1 to 1000000000, not 0", NULL, 1,
     20},
    {RULE("status: 199"), "\"status\" must be from 200 to 599, not 199", NULL, 1, 19},
    {RULE("status: 600"), "\"status\" must be from 200 to 599, not 600", NULL, 1, 19},
    {RULE("status: 99999999999999999999"),
     "\"status\" must be from 200 to 599, not 99999999999999999999", NULL, 1, 19},
    {RULE("status: 5.5"), "\"status\" must be a whole number, not a number", NULL, 1, 19},
    {RULE("status: null"), "\"status\" must be a whole number, not null", NULL, 1, 19},
    {RULE("drip: 0"), "\"drip\" must be from 1 to 1000000000, not 0", NULL, 1, 17},
    {RULE("truncate: -1"), "\"truncate\" must be from 0 to 1000000000, not -1", NULL, 1, 21},
    {RULE("drip: 1, count: every"), "\"count\" must be a whole number or \"all\", not a string",
     NULL, 1, 27},
    {RULE("drip: 1, count: 0"), "\"count\" must be from 1 to 1000000000, not 0", NULL, 1, 27},
    {RULE("drip: 1, probability: 1.1"), "\"probability\" must be from 0 to 1, not 1.1", NULL, 1,
     33},
    {RULE("drip: 1, probability: .nan"), "\"probability\" must be from 0 to 1, not .nan", NULL, 1,
     33},
    {RULE("drip: 1, probability: a"), "\"probability\" must be a number from 0 to 1, not a string",
     NULL, 1, 33},
    {RULE("delay: 3"), "\"delay\" must be a duration, not an integer",
     "write its unit too, for instance 3ms", 1, 18},
    {RULE("delay: 3h"), "\"3h\" is not a duration",
     "write a whole number and ms, s or m, for instance 300ms or 2s", 1, 18},
    {RULE("delay: -3s"), "\"-3s\" is not a duration",
     "write a whole number and ms, s or m, for instance 300ms or 2s", 1, 18},
    {RULE("delay: 0s"), "\"delay\" must be from 1ms to 600s, not 0s", NULL, 1, 18},
    {RULE("delay: 11m"), "\"delay\" must be from 1ms to 600s, not 11m", NULL, 1, 18},
    {RULE("drip: 1, method: get"), "\"method\" can't be \"get\"", "did you mean \"GET\"?", 1, 28},
    {RULE("drip: 1, method: BREWING"), "\"method\" can't be \"BREWING\"",
     "it is one of: GET, POST, DELETE, PUT, PATCH, HEAD, OPTIONS, *", 1, 28},
    {RULE("reset: aftr"), "\"reset\" can't be \"aftr\"", "did you mean \"after\"?", 1, 18},
    {RULE("reset: true"), "\"reset\" must be a string, not a boolean",
     "it is one of: before, after", 1, 18},
    {RULE("status: 500, body: 3"), "\"body\" must be a string, not an integer",
     "put it in quotes: \"3\"", 1, 30},
    {RULE("status: 500, body: \"a\\0b\""), "\"body\" has a NUL character in it", NULL, 1, 30},
    {RULE("content_type: \"a\\nb\""),
     "\"content_type\" must have printable ASCII characters, and no others", NULL, 1, 25},
    {RULE("content_type: \"\""),
     "\"content_type\" must have printable ASCII characters, and no others", NULL, 1, 25},
    /* What does not go together */
    {RULE("delay: 1s, code: 20500"), "\"code\" needs \"status\"", NULL, 1, 22},
    {RULE("delay: 1s, retry_after: 1"), "\"retry_after\" needs \"status\"", NULL, 1, 22},
    {RULE("request: 1, method: GET, drip: 1"), "\"method\" does not go with \"request\"", NULL, 1,
     23},
    {RULE("status: 500, code: 20500, body: x"), "\"code\" does not go with \"body\"", NULL, 1, 24},
    {RULE("reset: after, status: 500"), "\"status\" does not go with \"reset\"", NULL, 1, 25},
    {RULE("reset: after, truncate: 5"), "\"truncate\" does not go with \"reset\"", NULL, 1, 25},
    {RULE("status: 503, duplicate: true"), "\"duplicate\" needs a request that takes effect",
     "add \"effect: true\"", 1, 24},
    {RULE("reset: before, duplicate: true"), "\"duplicate\" needs a request that takes effect",
     NULL, 1, 26},
    /* Of messages */
    {"callback: []", "unknown key \"callback\" in a file of faults", "did you mean \"callbacks\"?",
     1, 1},
    {"callbacks: 3", "\"callbacks\" must be a list, not an integer", NULL, 1, 12},
    {CALLBACK("status: sent"), "a rule of callbacks must have something that goes wrong",
     "for instance \"lost: true\" or \"delay: 2s\"", 1, 13},
    {CALLBACK("lost: true, stats: sent"), "unknown key \"stats\" in a rule of callbacks",
     "did you mean \"status\"?", 1, 26},
    {CALLBACK("lost: true, status: sending"), "\"status\" can't be \"sending\"",
     "it is one of: queued, sent, delivered, undelivered, failed", 1, 34},
    {CALLBACK("lost: true, delay: 1s"), "\"delay\" does not go with \"lost\"", NULL, 1, 26},
    {CALLBACK("delay: 1s, out_of_order: true"), "\"out_of_order\" does not go with \"delay\"", NULL,
     1, 25},
    {CALLBACK("duplicate: true, out_of_order: true"),
     "\"out_of_order\" does not go with \"duplicate\"", NULL, 1, 31},
    {CALLBACK("lost: true, to: 14155550100"), "\"to\" must be a string, not an integer",
     "put it in quotes: \"14155550100\"", 1, 30},
    {RECIPIENT("code: 30003"), "\"code\" needs \"to\"", NULL, 1, 15},
    {RECIPIENT("to: \"*\""), "a rule of recipients must have an end",
     "for instance \"status: delivered\" or \"code: 30003\"", 1, 14},
    {RECIPIENT("to: \"*\", status: delivered, code: 30003"),
     "the status \"delivered\" does not go with a \"code\"", NULL, 1, 24},
    {RECIPIENT("to: \"*\", status: failed"), "the status \"failed\" needs a \"code\"", NULL, 1, 24},
    {RECIPIENT("to: \"*\", code: 30099"), "the code 30099 is not a known one, and needs \"status\"",
     NULL, 1, 24},
    {RECIPIENT("to: \"*\", status: lost"), "\"status\" can't be \"lost\"",
     "it is one of: sent, delivered, undelivered, failed", 1, 32},
};

static void test_mistakes(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(mistakes); i++) {
        struct sandbox_faults_file file;
        struct diag diag;
        assert_int_equal(parse(&file, mistakes[i].text, &diag), -1);
        assert_int_equal(diag.count, 1);
        if (strstr(diag.items[0].message, mistakes[i].message) == NULL)
            fail_msg("%s: \"%s\"", mistakes[i].text, diag.items[0].message);
        if (!str_equal(diag.items[0].help, mistakes[i].help) && mistakes[i].column != 0)
            fail_msg("%s: help \"%s\"", mistakes[i].text, diag.items[0].help);
        assert_string_equal(diag.items[0].place.file, "f.yaml");
        assert_int_equal(diag.items[0].place.line, mistakes[i].line);
        if (mistakes[i].column != 0 && diag.items[0].place.column != mistakes[i].column)
            fail_msg("%s: column %u", mistakes[i].text, (unsigned)diag.items[0].place.column);
        sandbox_faults_file_release(&file);
        diag_release(&diag);
    }
}

/* One run finds them all, in the order of the file, next to those of YAML itself. */
static void test_all_at_once(void **state)
{
    static const char text[] = "faults:\n"
                               "  - {status: 1, delay: x, colour: red}\n"
                               "  - {reset: befor, drip: 3}\n"
                               "  - {drip: 3, drip: 4}\n"
                               "more: 1\n";
    static const unsigned lines[] = {2, 2, 2, 3, 3, 4, 5};
    struct sandbox_faults_file file;
    struct diag diag;
    size_t i;

    (void)state;
    assert_int_equal(parse(&file, text, &diag), -1);
    assert_int_equal(diag.count, COUNT_OF(lines));
    for (i = 0; i < COUNT_OF(lines); i++)
        assert_int_equal(diag.items[i].place.line, lines[i]);
    sandbox_faults_file_release(&file);
    diag_release(&diag);
}

static void test_read(void **state)
{
    struct sandbox_faults_file file = {0};
    struct diag diag;

    (void)state;
    diag_init(&diag);
    assert_int_equal(
        sandbox_faults_file_read(&file, TEST_SOURCE_DIR "/examples/faults.yaml", &diag), 0);
    assert_true(file.faults.count > 0);
    sandbox_faults_file_release(&file);
    assert_int_equal(sandbox_faults_file_read(&file, TEST_SOURCE_DIR "/no-such-file", &diag), -1);
    assert_int_equal(diag.count, 1);
    sandbox_faults_file_release(&file);
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),     cmocka_unit_test(test_none),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_all_at_once),
        cmocka_unit_test(test_read),     cmocka_unit_test(test_message_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
