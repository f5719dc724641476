#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "cli/watch_window.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "2026-03-29 00:59" in UTC, as milliseconds. */
static int64_t at(const char *text)
{
    struct tm parts = {0};

    assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &parts));
    return (int64_t)timegm(&parts) * 1000;
}

static const struct {
    const char *window, *when; /* `when` is UTC */
    bool open;
} cases[] = {
    /* Wednesdays: winter time is UTC+1, summer time UTC+2. */
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-01-14 07:59", false},
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-01-14 08:00", true},
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-01-14 15:59", true},
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-01-14 16:00", false},
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-07-15 06:59", false},
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-07-15 07:00", true},
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-07-15 15:00", false},
    {"Mon-Fri 09:00-17:00 Europe/Berlin", "2026-01-17 10:00", false}, /* Saturday */
    /* The day is that of the zone: Monday there, Sunday in UTC. */
    {"Mon 00:00-02:00 Europe/Berlin", "2026-01-11 23:30", true},
    {"Sun 22:00-24:00 Pacific/Kiritimati", "2026-01-11 08:30", true},
    {"daily 00:00-24:00 UTC", "2026-01-17 23:59", true},
    {"DAILY 00:00-24:00 UTC", "2026-01-17 00:00", true},
    /* Lists, and ranges over the end of the week. */
    {"Mon,wed 09:00-10:00,14:00-15:00 UTC", "2026-01-14 14:30", true},
    {"Mon,Wed 09:00-10:00,14:00-15:00 UTC", "2026-01-14 12:00", false},
    {"Mon,Wed 09:00-10:00 UTC", "2026-01-13 09:30", false},
    {"Sat-Mon 09:00-10:00 UTC", "2026-01-11 09:30", true},
    {"Sat-Mon 09:00-10:00 UTC", "2026-01-13 09:30", false},
    /* Over midnight, from the day on which it begins. */
    {"Fri 22:00-04:00 UTC", "2026-01-16 22:00", true},
    {"Fri 22:00-04:00 UTC", "2026-01-17 03:59", true},
    {"Fri 22:00-04:00 UTC", "2026-01-17 04:00", false},
    {"Fri 22:00-04:00 UTC", "2026-01-16 03:00", false},
    /* Clocks go forward, from 02:00 to 03:00, at 01:00 UTC: half past two is never. */
    {"Sun 02:30-03:30 Europe/Berlin", "2026-03-29 00:59", false},
    {"Sun 02:30-03:30 Europe/Berlin", "2026-03-29 01:00", true},
    {"Sun 02:30-03:30 Europe/Berlin", "2026-03-29 01:30", false},
    {"Sun 02:00-03:00 Europe/Berlin", "2026-03-29 00:59", false},
    {"Sun 02:00-03:00 Europe/Berlin", "2026-03-29 01:00", false},
    /* They go back, from 03:00 to 02:00, at 01:00 UTC: half past two is twice. */
    {"Sun 02:00-03:00 Europe/Berlin", "2026-10-24 23:59", false},
    {"Sun 02:00-03:00 Europe/Berlin", "2026-10-25 00:30", true},
    {"Sun 02:00-03:00 Europe/Berlin", "2026-10-25 01:30", true},
    {"Sun 02:00-03:00 Europe/Berlin", "2026-10-25 02:00", false},
    /* By half an hour, at 15:00 UTC. */
    {"Sun 01:45-02:00 Australia/Lord_Howe", "2026-04-04 14:50", true},
    {"Sun 01:45-02:00 Australia/Lord_Howe", "2026-04-04 15:05", false},
    {"Sun 01:45-02:00 Australia/Lord_Howe", "2026-04-04 15:20", true},
    {"Sun 03:00-04:00 America/New_York", "2026-03-08 07:00", true},
    {"Sun 03:00-04:00 America/New_York", "2026-03-08 06:59", false},
};

static void test_open(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct watch_windows windows = {0};
        struct diag diag;
        diag_init(&diag);
        assert_int_equal(watch_windows_add(&windows, cases[i].window, &diag), 0);
        if (watch_windows_open(&windows, at(cases[i].when)) != cases[i].open)
            fail_msg("%s at %s", cases[i].window, cases[i].when);
        diag_release(&diag);
    }
}

static void test_zone_stays(void **state)
{
    struct watch_windows windows = {0};
    struct diag diag;
    (void)state;

    diag_init(&diag);
    assert_int_equal(watch_windows_add(&windows, "daily 12:00-13:00 Asia/Tokyo", &diag), 0);
    setenv("TZ", "America/New_York", 1);
    tzset();
    assert_true(watch_windows_open(&windows, at("2026-01-14 03:30")));
    assert_string_equal(getenv("TZ"), "America/New_York");
    unsetenv("TZ");
    assert_true(watch_windows_open(&windows, at("2026-01-14 03:30")));
    assert_null(getenv("TZ"));
    diag_release(&diag);
}

static const struct {
    const char *windows[2], *when, *opens;
} next_cases[] = {
    {{"Mon-Fri 09:00-17:00 Europe/Berlin", NULL}, "2026-01-16 16:00", "2026-01-19 08:00"},
    {{"Mon-Fri 09:00-17:00 Europe/Berlin", NULL}, "2026-03-27 16:00", "2026-03-30 07:00"},
    {{"Sun 02:30-03:30 Europe/Berlin", NULL}, "2026-03-28 12:00", "2026-03-29 01:00"},
    {{"Sun 02:00-03:00 Europe/Berlin", NULL}, "2026-03-28 12:00", "2026-04-05 00:00"},
    {{"Fri 09:00-10:00 UTC", "Tue 09:00-10:00 UTC"}, "2026-01-16 10:00", "2026-01-20 09:00"},
};

static void test_next(void **state)
{
    size_t i, j;
    (void)state;

    for (i = 0; i < COUNT_OF(next_cases); i++) {
        struct watch_windows windows = {0};
        struct diag diag;
        diag_init(&diag);
        for (j = 0; j < COUNT_OF(next_cases[i].windows); j++)
            if (next_cases[i].windows[j] != NULL)
                assert_int_equal(watch_windows_add(&windows, next_cases[i].windows[j], &diag), 0);
        assert_int_equal(watch_windows_next(&windows, at(next_cases[i].when) + 12345),
                         at(next_cases[i].opens));
        diag_release(&diag);
    }
}

static void test_none(void **state)
{
    struct watch_windows windows = {0};
    (void)state;

    assert_true(watch_windows_open(&windows, 0));
}

static const struct {
    const char *window, *problem;
} wrong[] = {
    {"", "is not DAYS TIMES ZONE"},
    {"Mon-Fri 09:00-17:00", "is not DAYS TIMES ZONE"},
    {"Mon-Fri 09:00 - 17:00 UTC", "is not DAYS TIMES ZONE"},
    {"Mon-Fri 09:00-17:00 UTC x", "is not DAYS TIMES ZONE"},
    {"Mo-Fri 09:00-17:00 UTC", "\"Mo-Fri\" is no day of the week"},
    {"Mon,,Fri 09:00-17:00 UTC", "\"\" is no day of the week"},
    {"Mon- 09:00-17:00 UTC", "\"Mon-\" is no day of the week"},
    {"Mon 9:00-17:00 UTC", "\"9:00-17:00\" is no range of times"},
    {"Mon 09:00-17:60 UTC", "\"09:00-17:60\" is no range of times"},
    {"Mon 09:00-24:01 UTC", "\"09:00-24:01\" is no range of times"},
    {"Mon 24:00-01:00 UTC", "\"24:00-01:00\" is no range of times"},
    {"Mon 09:00 UTC", "\"09:00\" is no range of times"},
    {"Mon 09:00-10:00, UTC", "\"\" is no range of times"},
    {"Mon 09:00-09:00 UTC", "ends when it begins"},
    {"Mon 01:00-01:01,02:00-02:01,03:00-03:01,04:00-04:01,05:00-05:01,06:00-06:01,07:00-07:01,"
     "08:00-08:01,09:00-09:01 UTC",
     "\"09:00-09:01\" is one range of times too many"},
    {"Mon 09:00-17:00 Europe/Berlni", "\"Europe/Berlni\" is no time zone"},
    {"Mon 09:00-17:00 CEST+", "\"CEST+\" is no time zone"},
    {"Mon 09:00-17:00 ../../etc/passwd", "is no time zone"},
    {"Mon 09:00-17:00 /usr/share/zoneinfo/UTC", "is no time zone"},
    {"Mon 09:00-17:00 Europe", "\"Europe\" is no time zone"},
};

static void test_wrong(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(wrong); i++) {
        struct watch_windows windows = {0};
        struct diag diag;
        diag_init(&diag);
        assert_int_equal(watch_windows_add(&windows, wrong[i].window, &diag), -1);
        assert_int_equal(diag.errors, 1);
        if (strstr(diag.items[0].message, wrong[i].problem) == NULL)
            fail_msg("%s: %s", wrong[i].window, diag.items[0].message);
        assert_non_null(diag.items[0].help);
        assert_int_equal(windows.count, 0);
        diag_release(&diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open), cmocka_unit_test(test_zone_stays), cmocka_unit_test(test_next),
        cmocka_unit_test(test_none), cmocka_unit_test(test_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
