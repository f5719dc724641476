#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/buf.h"

#include <string.h>

static void test_adding(void **state)
{
    struct buf buf;
    (void)state;
    buf_init(&buf, 1000);
    assert_string_equal(buf_text(&buf), "");
    buf_add(&buf, NULL, 0);
    assert_string_equal(buf_text(&buf), "");
    buf_add(&buf, "abc", 2);
    buf_add_text(&buf, "-");
    buf_add_char(&buf, 'c');
    buf_add_fill(&buf, '.', 3);
    buf_add_fill(&buf, 'x', 0);
    buf_printf(&buf, "%d %s", 12, "end");
    assert_string_equal(buf_text(&buf), "ab-c...12 end");
    assert_int_equal(buf.size, 13);
    assert_false(buf.full);
    buf_release(&buf);
}

static void test_bytes_may_be_nul(void **state)
{
    struct buf buf;
    (void)state;
    buf_init(&buf, 1000);
    buf_add(&buf, "a\0b", 3);
    buf_add_char(&buf, '\0');
    assert_int_equal(buf.size, 4);
    assert_memory_equal(buf.data, "a\0b\0", 5);
    buf_release(&buf);
}

static void test_growing_keeps_content(void **state)
{
    struct buf buf;
    size_t i;
    (void)state;
    buf_init(&buf, BUF_LIMIT_DEFAULT);
    for (i = 0; i < 100000; i++)
        buf_add_char(&buf, (char)('a' + i % 26));
    assert_int_equal(buf.size, 100000);
    for (i = 0; i < 100000; i++)
        assert_int_equal(buf.data[i], 'a' + i % 26);
    assert_int_equal(buf.data[100000], '\0');
    assert_true(buf.capacity < 4 * 100000);
    buf_release(&buf);
}

/* Past the limit an addition is left out whole, and what fits later still goes in. */
static void test_limit(void **state)
{
    struct buf buf;
    (void)state;
    buf_init(&buf, 5);
    buf_add_text(&buf, "12345");
    assert_false(buf.full);
    buf_add_text(&buf, "");
    assert_false(buf.full);
    buf_add_char(&buf, '6');
    assert_true(buf.full);
    assert_string_equal(buf_text(&buf), "12345");
    buf_clear(&buf);
    assert_false(buf.full);
    assert_string_equal(buf_text(&buf), "");
    buf_add_text(&buf, "123");
    buf_printf(&buf, "%s", "456");
    assert_true(buf.full);
    assert_string_equal(buf_text(&buf), "123");
    buf_clear(&buf);
    buf_add_fill(&buf, 'x', 6);
    assert_true(buf.full);
    buf_clear(&buf);
    buf_add(&buf, "x", SIZE_MAX);
    assert_true(buf.full);
    assert_string_equal(buf_text(&buf), "");
    buf_release(&buf);
}

static void test_limit_of_nothing(void **state)
{
    struct buf buf;
    (void)state;
    buf_init(&buf, 0);
    buf_add_text(&buf, "");
    assert_false(buf.full);
    buf_add_char(&buf, 'x');
    assert_true(buf.full);
    assert_string_equal(buf_text(&buf), "");
    buf_release(&buf);
}

static void test_release_keeps_the_limit(void **state)
{
    struct buf buf;
    (void)state;
    buf_init(&buf, 3);
    buf_add_text(&buf, "abc");
    buf_add_text(&buf, "d");
    buf_release(&buf);
    assert_null(buf.data);
    assert_int_equal(buf.size, 0);
    assert_false(buf.full);
    assert_int_equal(buf.limit, 3);
    buf_add_text(&buf, "ef");
    assert_string_equal(buf_text(&buf), "ef");
    buf_release(&buf);
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adding),
        cmocka_unit_test(test_bytes_may_be_nul),
        cmocka_unit_test(test_growing_keeps_content),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_limit_of_nothing),
        cmocka_unit_test(test_release_keeps_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
