#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/arena.h"

#include <string.h>

static void test_memory_is_zeroed_aligned_and_apart(void **state)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 1000, 65535, 65536, 65537, 1000000, 3};
    struct arena arena = {0};
    unsigned char *blocks[COUNT_OF(sizes)];
    size_t i, j, round;
    (void)state;
    for (round = 0; round < 3; round++) {
        for (i = 0; i < COUNT_OF(sizes); i++) {
            blocks[i] = arena_alloc(&arena, sizes[i]);
            assert_non_null(blocks[i]);
            assert_true((uintptr_t)blocks[i] % _Alignof(max_align_t) == 0);
            for (j = 0; j < sizes[i]; j++)
                assert_int_equal(blocks[i][j], 0);
            memset(blocks[i], (int)i + 1, sizes[i]);
        }
        for (i = 0; i < COUNT_OF(sizes); i++)
            for (j = 0; j < sizes[i]; j++)
                assert_int_equal(blocks[i][j], i + 1);
    }
    arena_release(&arena);
}

static void test_a_large_block_leaves_the_room_of_the_current_one(void **state)
{
    struct arena arena = {0};
    char *first, *second;
    (void)state;
    first = arena_alloc(&arena, 16);
    arena_alloc(&arena, 1000000);
    second = arena_alloc(&arena, 16);
    assert_ptr_equal(second, first + 16);
    arena_release(&arena);
}

static void test_an_arena_is_used_again_after_release(void **state)
{
    struct arena arena = {0};
    (void)state;
    arena_release(&arena);
    arena_alloc(&arena, 10);
    arena_release(&arena);
    assert_null(arena.blocks);
    assert_string_equal(arena_strdup(&arena, "again"), "again");
    arena_release(&arena);
}

static void test_arrays(void **state)
{
    struct arena arena = {0};
    uint64_t *numbers = arena_array(&arena, 100, sizeof(*numbers));
    (void)state;
    assert_int_equal(numbers[0], 0);
    assert_int_equal(numbers[99], 0);
    assert_non_null(arena_array(&arena, 0, 8));
    assert_non_null(arena_array(&arena, 8, 0));
    arena_release(&arena);
}

static void test_growing(void **state)
{
    struct arena arena = {0};
    size_t *numbers = NULL, capacity = 0, count;
    (void)state;
    for (count = 0; count < 1000; count++) {
        size_t before = capacity;
        numbers = arena_grow(&arena, numbers, count, &capacity, sizeof(*numbers));
        assert_true(capacity > count);
        assert_true(capacity == before || capacity == 2 * before || before == 0);
        numbers[count] = count;
    }
    for (count = 0; count < 1000; count++)
        assert_int_equal(numbers[count], count);
    arena_release(&arena);
}

static void test_strings(void **state)
{
    struct arena arena = {0};
    char source[] = "source", *copy = arena_strdup(&arena, source);
    (void)state;
    source[0] = 'S';
    assert_string_equal(copy, "source");
    assert_null(arena_strdup(&arena, NULL));
    assert_null(arena_strndup(&arena, NULL, 3));
    assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(&arena, "abcdef", 0), "");
    assert_memory_equal(arena_strndup(&arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(arena_printf(&arena, "%s-%d", "a", 3), "a-3");
    assert_string_equal(arena_printf(&arena, "%s", ""), "");
    assert_int_equal(strlen(arena_printf(&arena, "%100000d", 1)), 100000);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(test_a_large_block_leaves_the_room_of_the_current_one),
        cmocka_unit_test(test_an_arena_is_used_again_after_release),
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_growing),
        cmocka_unit_test(test_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
