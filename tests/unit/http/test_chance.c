#include "http/chance.h"

#include "base/attributes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

/* A span of so many seconds; the refusals come evenly, the last at its end. Returns what it says.
 */
static int64_t span(struct chance *chance, int64_t *now_ms, int64_t seconds, int64_t good,
                    int64_t refused)
{
    int64_t begun_ms = *now_ms, i, told = 0;

    for (i = 0; i < good; i++)
        chance_answered(chance);
    for (i = 1; i <= refused; i++) {
        /* Only the last of them ends the span. */
        *now_ms = i < refused ? begun_ms + 1 : begun_ms + seconds * 1000;
        told = chance_refused(chance, *now_ms);
    }
    return told;
}

/* What a second span says after a first of 10 s with 900 answers and 100 refusals: 100 a second. */
static const struct {
    const char *name;
    int64_t seconds, good, refused;
    bool believed;
} seconds[] = {
    {"less is sent, as much is refused", 10, 630, 70, true},
    {"less is sent, half as much is refused", 10, 760, 40, true},
    {"as much is sent", 10, 900, 100, false},
    {"hardly less is sent than got through", 10, 765, 85, false},
    {"less is sent, hardly anything refused", 10, 792, 8, false},
    {"a server that refuses nearly all of it", 10, 10, 90, false},
};

static void test_second_span(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(seconds); i++) {
        struct chance chance = {0};
        int64_t now_ms = 5000, told;

        chance_start(&chance, now_ms);
        assert_int_equal(span(&chance, &now_ms, 10, 900, 100), 0);
        assert_false(chance.believed);
        told = span(&chance, &now_ms, seconds[i].seconds, seconds[i].good, seconds[i].refused);
        if (chance.believed != seconds[i].believed ||
            told != (seconds[i].believed ? 100 * 1000 : 0))
            fail_msg("%s: %s, %lld", seconds[i].name, chance.believed ? "believed" : "not believed",
                     (long long)told);
    }
}

/* At the lowest rate there is no going lower; the best of the last minutes still tells. */
static void test_best(void **state)
{
    struct chance chance = {0};
    int64_t now_ms = 0;

    (void)state;
    chance_start(&chance, now_ms);
    assert_int_equal(span(&chance, &now_ms, 10, 900, 100), 0);
    assert_int_equal(span(&chance, &now_ms, 40, 3550, 20), 0);
    assert_int_equal(span(&chance, &now_ms, 60, 80, 8), 100 * 1000);
    assert_true(chance.believed);
}

/* What was long ago is no measure. */
static void test_old(void **state)
{
    struct chance chance = {0};
    int64_t now_ms = 0;

    (void)state;
    chance_start(&chance, now_ms);
    assert_int_equal(span(&chance, &now_ms, 10, 900, 100), 0);
    now_ms += 400 * 1000;
    chance_start(&chance, now_ms);
    assert_int_equal(span(&chance, &now_ms, 10, 630, 70), 0);
    assert_false(chance.believed);
}

/* More is refused than chance explains: there is a rate, and what was measured is forgotten. */
static void test_rate_after_all(void **state)
{
    struct chance chance = {0};
    int64_t now_ms = 0;

    (void)state;
    chance_start(&chance, now_ms);
    span(&chance, &now_ms, 10, 900, 100);
    span(&chance, &now_ms, 10, 630, 70);
    assert_true(chance.believed);
    span(&chance, &now_ms, 10, 850, 150);
    assert_true(chance.believed);
    span(&chance, &now_ms, 10, 700, 300);
    assert_false(chance.believed);
    assert_int_equal(span(&chance, &now_ms, 10, 630, 70), 0);
    assert_false(chance.believed);
}

/* A few refusals, or a moment, are no evidence. */
static void test_too_little(void **state)
{
    struct chance chance = {0};
    int64_t i, now_ms = 0;

    (void)state;
    chance_start(&chance, now_ms);
    for (i = 0; i < 100; i++)
        assert_int_equal(chance_refused(&chance, now_ms + 999), 0);
    assert_int_equal(chance.now.refused, 100);
    assert_int_equal(chance_refused(&chance, now_ms + 1000), 0);
    assert_int_equal(chance.now.refused, 0);
    for (i = 0; i < 7; i++)
        assert_int_equal(chance_refused(&chance, now_ms + 100 * 1000), 0);
    assert_int_equal(chance.now.refused, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_second_span), cmocka_unit_test(test_best),
        cmocka_unit_test(test_old),         cmocka_unit_test(test_rate_after_all),
        cmocka_unit_test(test_too_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
