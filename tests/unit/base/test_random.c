#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "base/random.h"

#include <string.h>

/* The first values of Vigna's reference splitmix64.c for these seeds. */
static void test_reference_values(void **state)
{
    static const uint64_t zero[] = {UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4),
                                    UINT64_C(0x06c45d188009454f)};
    static const uint64_t other[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                     UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                     UINT64_C(16408922859458223821)};
    struct random_state random;
    size_t i;
    (void)state;
    random_seed(&random, 0);
    for (i = 0; i < COUNT_OF(zero); i++)
        assert_true(random_next(&random) == zero[i]);
    random_seed(&random, 1234567);
    for (i = 0; i < COUNT_OF(other); i++)
        assert_true(random_next(&random) == other[i]);
}

static void test_below(void **state)
{
    struct random_state random;
    unsigned seen[7] = {0};
    int i;
    (void)state;
    random_seed(&random, 1);
    assert_true(random_below(&random, 0) == 0);
    for (i = 0; i < 100; i++)
        assert_true(random_below(&random, 1) == 0);
    for (i = 0; i < 7000; i++)
        seen[random_below(&random, 7)]++;
    for (i = 0; i < 7; i++)
        assert_in_range(seen[i], 850, 1150);
    /* Just past half of all values: every second one is drawn again. */
    for (i = 0; i < 100; i++)
        assert_true(random_below(&random, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63);
    for (i = 0; i < 100; i++)
        assert_true(random_below(&random, UINT64_MAX) < UINT64_MAX);
}

/* A value below 2^64 mod limit is drawn again. */
static void test_below_is_uniform(void **state)
{
    const uint64_t limit = (UINT64_C(1) << 63) + 1, reject = UINT64_MAX - limit + 1;
    struct random_state random, again;
    int i, rejected = 0;
    (void)state;
    random_seed(&random, 5);
    again = random;
    for (i = 0; i < 200; i++) {
        uint64_t value = random_next(&again);
        while (value < reject) {
            rejected++;
            value = random_next(&again);
        }
        assert_true(random_below(&random, limit) == value % limit);
    }
    assert_true(rejected > 100);
}

static void test_unit(void **state)
{
    struct random_state random;
    double sum = 0;
    int i;
    (void)state;
    random_seed(&random, 2);
    for (i = 0; i < 10000; i++) {
        double value = random_unit(&random);
        assert_true(value >= 0 && value < 1);
        sum += value;
    }
    assert_true(sum > 4850 && sum < 5150);
}

static void test_hex(void **state)
{
    struct random_state random;
    char text[34], other[33];
    (void)state;
    random_seed(&random, 3);
    memset(text, '#', sizeof(text));
    random_hex(&random, text, 32);
    assert_int_equal(strspn(text, "0123456789abcdef"), 32);
    assert_int_equal(text[32], '\0');
    assert_int_equal(text[33], '#');
    random_hex(&random, other, 32);
    assert_string_not_equal(text, other);
    random_hex(&random, text, 0);
    assert_string_equal(text, "");
    random_seed(&random, 3);
    random_hex(&random, text, 32);
    random_seed(&random, 3);
    random_hex(&random, other, 32);
    assert_string_equal(text, other);
}

static void test_the_system_seeds(void **state)
{
    struct random_state a, b;
    (void)state;
    random_init(&a);
    random_init(&b);
    assert_true(a.state != b.state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_values),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_below_is_uniform),
        cmocka_unit_test(test_unit),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_the_system_seeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
