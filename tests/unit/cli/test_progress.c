#include "cli/progress.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static const struct {
    size_t done, failed, not_attempted;
    struct http_engine_pulse pulse;
    const char *line;
} cases[] = {
    {.line = "[0/2000] 0/s, 0 in flight, window 0"},
    {.done = 120,
     .pulse = {.per_second = 87, .in_flight = 24, .window = 32},
     .line = "[120/2000] 87/s, 24 in flight, window 32"},
    {.done = 120,
     .pulse = {.per_second = 87, .in_flight = 24, .window = 32, .wait = HTTP_WAIT_RATE_LIMIT},
     .line = "[120/2000] 87/s, 24 in flight, window 32, waiting for the rate limit"},
    {.done = 1,
     .failed = 2,
     .not_attempted = 3,
     .pulse = {.per_second = 98, .in_flight = 3, .window = 10, .wait = HTTP_WAIT_PACE},
     .line = "[6/2000] 2 failed, 98/s, 3 in flight, window 10, slowed down by the API"},
    {.pulse = {.window = 8, .wait = HTTP_WAIT_PAUSE, .wait_ms = 1001},
     .line = "[0/2000] 0/s, 0 in flight, window 8, paused by the API for 2 s"},
    {.pulse = {.window = 8, .wait = HTTP_WAIT_RETRIES, .wait_ms = 20},
     .line = "[0/2000] 0/s, 0 in flight, window 8, trying again in 1 s"},
};

static void test_line(void **state)
{
    const struct plan plan = {.change_count = 2000};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct execution execution = {.done = cases[i].done,
                                            .failed = cases[i].failed,
                                            .not_attempted = cases[i].not_attempted};
        struct buf line;

        buf_init(&line, BUF_LIMIT_DEFAULT);
        progress_add_line(&plan, &execution, &cases[i].pulse, &line);
        assert_string_equal(buf_text(&line), cases[i].line);
        buf_release(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
