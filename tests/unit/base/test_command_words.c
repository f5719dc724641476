#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "base/command_words.h"

static const struct {
    const char *text;
    const char *words[6]; /* none: refused */
} cases[] = {
    {"op", {"op"}},
    {"  op  read\t op://a/b\n", {"op", "read", "op://a/b"}},
    {"a 'b c' \"d e\"", {"a", "b c", "d e"}},
    {"a'b'\"c\"d", {"abcd"}},
    {"a '' \"\"", {"a", "", ""}},
    {"'a\\b' \"a\\b\\\"\\\\\" a\\ b", {"a\\b", "a\\b\"\\", "a b"}},
    {"echo $HOME `id` *; rm", {"echo", "$HOME", "`id`", "*;", "rm"}},
    {"", {NULL}},
    {" \t", {NULL}},
    {"a 'b", {NULL}},
    {"a \"b", {NULL}},
    {"a \"b\\\"", {NULL}},
    {"a \\", {NULL}},
};

static void test_split(void **state)
{
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const char *const *argv = NULL, *what = NULL;
        struct arena arena = {0};
        int result = command_words_split(cases[i].text, &arena, &argv, &what);
        if (cases[i].words[0] == NULL) {
            assert_int_equal(result, -1);
            assert_non_null(what);
            assert_null(argv);
        } else {
            assert_int_equal(result, 0);
            for (j = 0; cases[i].words[j] != NULL; j++) {
                assert_non_null(argv[j]);
                assert_string_equal(argv[j], cases[i].words[j]);
            }
            assert_null(argv[j]);
        }
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
