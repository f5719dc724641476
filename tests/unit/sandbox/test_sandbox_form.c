#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "sandbox/sandbox_form.h"

static void test_decoding(void **state)
{
    /* The pairs as they come out, at most two. */
    static const struct {
        const char *text;
        size_t count;
        const char *name1, *value1, *name2, *value2;
    } cases[] = {
        {"", 0, NULL, NULL, NULL, NULL},
        {"&&", 0, NULL, NULL, NULL, NULL},
        {"a=b", 1, "a", "b", NULL, NULL},
        {"a", 1, "a", "", NULL, NULL},
        {"=b", 1, "", "b", NULL, NULL},
        {"a=b=c", 1, "a", "b=c", NULL, NULL},
        {"To=%2B1415+555&From=x%20y", 2, "To", "+1415 555", "From", "x y"},
        {"MediaUrl=1&MediaUrl=2", 2, "MediaUrl", "1", "MediaUrl", "2"},
        {"DateSent%3E=2008", 1, "DateSent>", "2008", NULL, NULL},
        {"a=%c3%A9", 1, "a", "\xc3\xa9", NULL, NULL},
        {"a=100%&b=%4", 2, "a", "100%", "b", "%4"},
        {"a=%zz", 1, "a", "%zz", NULL, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct sandbox_form form;
        assert_int_equal(sandbox_form_parse(cases[i].text, &arena, &form), 0);
        assert_int_equal(form.count, cases[i].count);
        if (form.count > 0) {
            assert_string_equal(form.pairs[0].name, cases[i].name1);
            assert_string_equal(form.pairs[0].value, cases[i].value1);
        }
        if (form.count > 1) {
            assert_string_equal(form.pairs[1].name, cases[i].name2);
            assert_string_equal(form.pairs[1].value, cases[i].value2);
        }
        arena_release(&arena);
    }
}

static void test_rejects(void **state)
{
    static const char *const cases[] = {"a=%00", "a=%ff", "%c3=b", "a=1&b=%ed%a0%80"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct sandbox_form form;
        assert_int_equal(sandbox_form_parse(cases[i], &arena, &form), -1);
        assert_int_equal(form.count, 0);
        arena_release(&arena);
    }
}

static void test_lookup(void **state)
{
    struct arena arena = {0};
    struct sandbox_form form;

    (void)state;
    assert_int_equal(sandbox_form_parse("A=1&B=&A=2", &arena, &form), 0);
    assert_string_equal(sandbox_form_get(&form, "A"), "1");
    assert_string_equal(sandbox_form_get(&form, "B"), "");
    assert_null(sandbox_form_get(&form, "a"));
    assert_int_equal(sandbox_form_count(&form, "A"), 2);
    assert_int_equal(sandbox_form_count(&form, "C"), 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_rejects),
        cmocka_unit_test(test_lookup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
