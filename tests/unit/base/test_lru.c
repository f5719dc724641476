#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/lru.h"

#include <stdio.h>
#include <string.h>

static void put(struct lru *lru, const char *name, int value)
{
    int *place = lru_add(lru, name);
    assert_int_equal(*place, 0);
    *place = value;
}

static int get(struct lru *lru, const char *name)
{
    const int *place = lru_find(lru, name);
    return place == NULL ? -1 : *place;
}

static void test_the_oldest_gives_way(void **state)
{
    struct lru *lru = lru_new(3, sizeof(int));

    (void)state;
    assert_int_equal(get(lru, "a"), -1);
    put(lru, "a", 1);
    put(lru, "b", 2);
    put(lru, "c", 3);
    assert_int_equal(get(lru, "a"), 1);
    put(lru, "d", 4);
    assert_int_equal(get(lru, "b"), -1);
    put(lru, "e", 5);
    assert_int_equal(get(lru, "c"), -1);
    assert_int_equal(get(lru, "a"), 1);
    assert_int_equal(get(lru, "d"), 4);
    assert_int_equal(get(lru, "e"), 5);
    assert_int_equal(lru_count(lru), 3);
    assert_int_equal(lru_forgotten(lru), 2);
    lru_free(lru);
}

static void test_one_entry(void **state)
{
    struct lru *lru = lru_new(1, sizeof(int));

    (void)state;
    put(lru, "", 1);
    assert_int_equal(get(lru, ""), 1);
    put(lru, "b", 2);
    assert_int_equal(get(lru, ""), -1);
    assert_int_equal(get(lru, "b"), 2);
    lru_free(lru);
    lru_free(NULL);
}

/* Against the plainest thing that can be: names are numbers, the newest 1,000 are there. */
static void test_many(void **state)
{
    enum { CAPACITY = 1000, COUNT = 5000 };
    struct lru *lru = lru_new(CAPACITY, sizeof(int));
    char name[16];
    int i, j;

    (void)state;
    for (i = 0; i < COUNT; i++) {
        snprintf(name, sizeof(name), "%d", i);
        put(lru, name, i);
        for (j = i - 1200; j <= i; j += 199) {
            snprintf(name, sizeof(name), "%d", j);
            if (j < 0 || j == i)
                continue;
            /* Looking makes it young: only what is too old anyhow, or the newest, is looked at. */
            if (j <= i - CAPACITY)
                assert_int_equal(get(lru, name), -1);
        }
    }
    for (i = COUNT - CAPACITY; i < COUNT; i++) {
        snprintf(name, sizeof(name), "%d", i);
        assert_int_equal(get(lru, name), i);
    }
    assert_int_equal(lru_count(lru), CAPACITY);
    assert_int_equal(lru_forgotten(lru), COUNT - CAPACITY);
    lru_free(lru);
}

static void test_longest_name(void **state)
{
    char name[LRU_NAME_SIZE];
    struct lru *lru = lru_new(2, sizeof(int));

    (void)state;
    memset(name, 'x', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    put(lru, name, 7);
    assert_int_equal(get(lru, name), 7);
    name[sizeof(name) - 2] = '\0';
    assert_int_equal(get(lru, name), -1);
    lru_free(lru);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_oldest_gives_way),
        cmocka_unit_test(test_one_entry),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_longest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
