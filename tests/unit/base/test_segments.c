#include "base/segments.h"

#include "base/attributes.h"

#include <string.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static void test_segments(void **state)
{
    static const struct {
        const char *part;
        unsigned count, segments; /* the part so many times */
    } cases[] = {
        {"", 0, 1},
        {"a", 160, 1},
        {"a", 161, 2},
        {"a", 306, 2},
        {"a", 307, 3},
        {"\xe2\x82\xac", 80, 1},
        {"\xe2\x82\xac", 81, 2},
        {"[", 80, 1},
        {"\xc3\xa9", 160, 1},
        {"\xd0\x96", 70, 1},
        {"\xd0\x96", 71, 2},
        {"\xf0\x9f\x91\x8d", 35, 1},
        {"\xf0\x9f\x91\x8d", 36, 2},
    };
    size_t i, n;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        char text[1024] = "";
        size_t size = strlen(cases[i].part);
        for (n = 0; n < cases[i].count; n++)
            memcpy(text + n * size, cases[i].part, size + 1);
        assert_int_equal(segments_of(text), cases[i].segments);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
