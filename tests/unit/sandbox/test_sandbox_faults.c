/*
 * Which fault a request gets, and what it is called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/sandbox_faults.h"

#include <string.h>

static void test_matches(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"*", "", true},
        {"*", "/v1/Services", true},
        {"/v1/Services", "/v1/Services", true},
        {"/v1/Services", "/v1/Services/MG1", false},
        {"/v1/Services", "/v1/services", false},
        {"/v1/Services*", "/v1/Services", true},
        {"/v1/Services/*/PhoneNumbers", "/v1/Services/MG1/PhoneNumbers", true},
        {"/v1/Services/*/PhoneNumbers", "/v1/Services/MG1/PhoneNumbers/PN1", false},
        {"*.json", "/2010-04-01/Accounts/AC1.json", true},
        {"*.json", "/2010-04-01/Accounts/AC1.json.", false},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b*", "xxbxxaxx", false},
        {"*aab", "aaaab", true},
        {"**", "x", true},
        {"a*", "ba", false},
        {"?", "x", false},
        {"[x]", "x", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        if (sandbox_faults_matches(cases[i].pattern, cases[i].text) != cases[i].matches)
            fail_msg("\"%s\" with \"%s\"", cases[i].pattern, cases[i].text);
}

enum { RULES_MAX = 4, REQUESTS_MAX = 8 };

/* Each of a case's requests gets the rule of that index as a digit, "-" for none. */
static const struct {
    struct sandbox_fault_rule rules[RULES_MAX]; /* with count 0: no more rules */
    const char *requests[REQUESTS_MAX];         /* "GET /a", one each 100 ms */
    const char *wanted;
} walks[] = {
    /* By number */
    {{{.request = 2, .count = 1}}, {"GET /a", "GET /a", "GET /a"}, "-0-"},
    {{{.request = 9, .count = 1}}, {"GET /a", "GET /a"}, "--"},
    /* By method and path */
    {{{.method = "GET", .count = 1}}, {"POST /a", "GET /a", "GET /a"}, "-0-"},
    {{{.path = "/a", .count = 2}}, {"GET /b", "GET /a", "POST /a", "GET /a"}, "-00-"},
    {{{.method = "GET", .path = "/a*", .count = 9}}, {"GET /ab", "POST /ab", "GET /b"}, "0--"},
    {{{.count = SANDBOX_FAULT_ALL}}, {"GET /ab", "POST /ab", "GET /b"}, "000"},
    /* Skipping counts what the rule would have taken */
    {{{.path = "/a", .skip = 2, .count = 1}},
     {"GET /a", "GET /b", "GET /a", "GET /a", "GET /a"},
     "---0-"},
    /* The first rule that takes a request; the others don't see it */
    {{{.count = 1}, {.count = 1}, {.count = 1}}, {"GET /a", "GET /a", "GET /a", "GET /a"}, "012-"},
    {{{.path = "/a", .count = 1}, {.skip = 1, .count = 1}},
     {"GET /a", "GET /a", "GET /a", "GET /a"},
     "0-1-"},
    {{{.request = 2, .count = 1}, {.count = 2}}, {"GET /a", "GET /a", "GET /a", "GET /a"}, "101-"},
    /* Until a time: requests come at 0, 100, 200 ms ... */
    {{{.until_ms = 200, .count = SANDBOX_FAULT_ALL}}, {"GET /a", "GET /a", "GET /a"}, "00-"},
    {{{.until_ms = 200, .count = 1}}, {"GET /a", "GET /a", "GET /a"}, "0--"},
    {{{.until_ms = 100, .count = 9}, {.count = 9}}, {"GET /a", "GET /a"}, "01"},
};

static char walk(struct sandbox_faults *faults, uint64_t number, const char *request)
{
    char method[8] = "";
    const char *path = strchr(request, ' ') + 1;
    const struct sandbox_fault *fault;

    memcpy(method, request, (size_t)(path - request) - 1);
    fault = sandbox_faults_choose(faults, number, method, path, (int64_t)(number - 1) * 100);
    return fault == NULL ? '-' : (char)('0' + fault->status);
}

static void test_walks(void **state)
{
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT_OF(walks); i++) {
        struct sandbox_fault_rule rules[RULES_MAX];
        struct sandbox_faults faults = {.rules = rules};
        char got[REQUESTS_MAX + 1] = "";
        memcpy(rules, walks[i].rules, sizeof(rules));
        while (faults.count < RULES_MAX && rules[faults.count].count != 0) {
            rules[faults.count].probability = 1;
            rules[faults.count].fault.status = (int)faults.count;
            faults.count++;
        }
        for (k = 0; k < REQUESTS_MAX && walks[i].requests[k] != NULL; k++)
            got[k] = walk(&faults, k + 1, walks[i].requests[k]);
        assert_string_equal(got, walks[i].wanted);
    }
}

static void draw(uint64_t seed, double probability, char out[201])
{
    struct sandbox_fault_rule rule = {.count = SANDBOX_FAULT_ALL, .probability = probability};
    struct sandbox_faults faults = {.rules = &rule, .count = 1};
    size_t i;

    random_seed(&faults.random, seed);
    for (i = 0; i < 200; i++)
        out[i] = sandbox_faults_choose(&faults, i + 1, "GET", "/", 0) == NULL ? '-' : 'x';
    out[200] = '\0';
}

static size_t count_of(const char *text, char byte)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == byte;
    return count;
}

/* A seed decides all; another one decides otherwise; and it is about as often as was said. */
static void test_probability(void **state)
{
    char first[201], again[201], other[201];

    (void)state;
    draw(1, 0.2, first);
    draw(1, 0.2, again);
    draw(2, 0.2, other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_in_range(count_of(first, 'x'), 20, 60);
    draw(1, 0, first);
    assert_int_equal(count_of(first, 'x'), 0);
    draw(1, 1, first);
    assert_int_equal(count_of(first, 'x'), 200);
}

/* What chance has let pass is not among the `count`. */
static void test_probability_and_count(void **state)
{
    struct sandbox_fault_rule rule = {.count = 3, .probability = 0.2};
    struct sandbox_faults faults = {.rules = &rule, .count = 1};
    size_t taken = 0, i;

    (void)state;
    random_seed(&faults.random, 1);
    for (i = 0; i < 200; i++)
        taken += sandbox_faults_choose(&faults, i + 1, "GET", "/", 0) != NULL;
    assert_int_equal(taken, 3);
}

static void test_names_and_effects(void **state)
{
    static const struct {
        struct sandbox_fault fault;
        const char *name;
        unsigned effects;
    } cases[] = {
        {{.status = 503}, "status", 0},
        {{.status = 503, .effect = true}, "status", 1},
        {{.status = 503, .effect = true, .duplicate = true}, "duplicate+status", 2},
        {{.status = 503, .content_type = "text/html"}, "status", 0},
        {{.content_type = "text/html"}, "content_type", 1},
        {{.delay_ms = 1}, "delay", 1},
        {{.delay_ms = 1, .status = 503}, "delay+status", 0},
        {{.reset = SANDBOX_RESET_BEFORE}, "reset_before", 0},
        {{.reset = SANDBOX_RESET_AFTER}, "reset_after", 1},
        {{.reset = SANDBOX_RESET_AFTER, .duplicate = true}, "duplicate+reset_after", 2},
        {{.truncate = true}, "truncate", 1},
        {{.garbage = true, .drip = 3, .truncate = true}, "garbage+drip+truncate", 1},
        {{.duplicate = true}, "duplicate", 2},
    };
    struct buf name;
    size_t i;

    (void)state;
    buf_init(&name, 1000);
    for (i = 0; i < COUNT_OF(cases); i++) {
        buf_clear(&name);
        sandbox_fault_name(&cases[i].fault, &name);
        assert_string_equal(buf_text(&name), cases[i].name);
        assert_int_equal(sandbox_fault_effects(&cases[i].fault), cases[i].effects);
    }
    assert_int_equal(sandbox_fault_effects(NULL), 1);
    buf_release(&name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),           cmocka_unit_test(test_walks),
        cmocka_unit_test(test_probability),       cmocka_unit_test(test_probability_and_count),
        cmocka_unit_test(test_names_and_effects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
