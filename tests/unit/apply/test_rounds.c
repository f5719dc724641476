#include "apply/rounds.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "parties.h"
#include "support/live_text.h"
#include "support/roster_text.h"

static const struct rounds_case {
    struct party parties[PARTIES_MAX];
    size_t parallelism, writes, rounds;
} cases[] = {
    {{{"A", 0, "a", "a"}}, 8, 0, 0},
    /* All at once, but no more than may be. */
    {{{"A", 0, "", "abcdefg"}}, 8, 7, 1},
    {{{"A", 0, "", "abcdefg"}}, 7, 7, 1},
    {{{"A", 0, "", "abcdefg"}}, 3, 7, 3},
    {{{"A", 0, "", "abcdefg"}}, 1, 7, 7},
    /* A service is there before its senders. */
    {{{"A", 0, NULL, "ab"}}, 8, 3, 2},
    {{{"A", 0, NULL, "ab"}, {"B", 0, NULL, "c"}}, 8, 5, 2},
    /* What leaves goes after what comes; in a full pool it is the other way round. */
    {{{"A", 0, "a", "b"}}, 8, 2, 2},
    {{{"A", 399, "a", "b"}}, 8, 2, 2},
    /* A move has two halves; a row of them follow each other, with a service each. */
    {{{"A", 0, "a", ""}, {"B", 0, "", "a"}}, 8, 2, 2},
    {{{"A", 0, "ab", ""}, {"B", 0, "", "ab"}}, 8, 4, 2},
    {{{"A", 0, "ab", ""}, {"B", 0, "", "ab"}}, 1, 4, 4},
    {{{"A", 0, "a", "b"}, {"B", 0, "b", "a"}}, 8, 4, 4},
    {{{"A", 399, "a", "b"}, {"B", 399, "b", "a"}}, 8, 4, 2},
    /* A deletion is the last of all. */
    {{{"A", 0, "", "bc"}, {"B", 0, "", NULL}, {"C", 0, "", NULL}}, 8, 4, 2},
    {{{"A", 0, "", NULL}}, 8, 1, 1},
};

static void test_rounds(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct rounds_case *test = &cases[i];
        struct roster_text roster;
        struct live_state live;
        struct plan plan = {0};
        struct buf text;
        struct diag diag;

        diag_init(&diag);
        buf_init(&text, 1024 * 1024);
        parties_yaml(&text, test->parties);
        roster_text_read(&roster, buf_text(&text));
        buf_clear(&text);
        parties_live(&text, test->parties);
        live_text_read(&live, buf_text(&text));
        assert_int_equal(plan_build(&plan, &roster.desired, &live, &diag), 0);
        if (plan_writes(&plan) != test->writes)
            fail_msg("case %zu: %zu writes", i, plan_writes(&plan));
        if (plan_rounds(&plan, test->parallelism) != test->rounds)
            fail_msg("case %zu: %zu rounds", i, plan_rounds(&plan, test->parallelism));
        /* One at a time, nothing is ever idle. */
        assert_int_equal(plan_rounds(&plan, 1), test->writes);
        plan_release(&plan);
        live_state_release(&live);
        roster_text_release(&roster);
        buf_release(&text);
        diag_release(&diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
