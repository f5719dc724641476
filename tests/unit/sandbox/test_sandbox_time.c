#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "sandbox/sandbox_time.h"

static void test_forms(void **state)
{
    static const struct {
        int64_t seconds;
        const char *iso, *rfc2822;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"},
        {1438298344, "2015-07-30T23:19:04Z", "Thu, 30 Jul 2015 23:19:04 +0000"},
        {951782399, "2000-02-28T23:59:59Z", "Mon, 28 Feb 2000 23:59:59 +0000"},
        {951782400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 +0000"},
    };
    char text[SANDBOX_TIME_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        int64_t seconds = -1;
        assert_string_equal(sandbox_time_iso(cases[i].seconds, text), cases[i].iso);
        assert_string_equal(sandbox_time_rfc2822(cases[i].seconds, text), cases[i].rfc2822);
        assert_int_equal(sandbox_time_parse(cases[i].iso, &seconds), 0);
        assert_int_equal(seconds, cases[i].seconds);
        seconds = -1;
        assert_int_equal(sandbox_time_parse(cases[i].rfc2822, &seconds), 0);
        assert_int_equal(seconds, cases[i].seconds);
    }
    assert_string_equal(sandbox_time_iso_ms(1438298344007, text), "2015-07-30T23:19:04.007Z");
    assert_int_equal(sandbox_time_parse("2015-07-30T23:19:04.007Z", &(int64_t){0}), 0);
}

static void test_rejects(void **state)
{
    static const char *const cases[] = {
        "",
        "2015-07-30",
        "2015-07-30T23:19:04",
        "2015-07-30T23:19:04+01:00",
        "2015-13-30T23:19:04Z",
        "2015-07-30T24:19:04Z",
        "2015-07-30T23:19:04Z ",
        "Thu, 30 Jul 2015 23:19:04 +0100",
        "30 Jul 2015 23:19:04 +0000",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        int64_t seconds = 7;
        assert_int_equal(sandbox_time_parse(cases[i], &seconds), -1);
        assert_int_equal(seconds, 7);
    }
}

static void test_filters(void **state)
{
    int64_t seconds;
    bool day;

    (void)state;
    assert_int_equal(sandbox_time_parse_filter("1970-01-02", &seconds, &day), 0);
    assert_int_equal(seconds, 86400);
    assert_true(day);
    assert_int_equal(sandbox_time_parse_filter("1970-01-02T00:00:01Z", &seconds, &day), 0);
    assert_int_equal(seconds, 86401);
    assert_false(day);
    assert_int_equal(sandbox_time_parse_filter("1970-01", &seconds, &day), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_rejects),
        cmocka_unit_test(test_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
