#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/form.h"

#include <string.h>

static void test_pairs_are_joined(void **state)
{
    struct buf form;
    (void)state;
    buf_init(&form, 1024);
    form_add(&form, "A", "1");
    form_add(&form, "B", "");
    form_add(&form, "DateSent<", "x");
    assert_string_equal(buf_text(&form), "A=1&B=&DateSent%3C=x");
    buf_release(&form);
}

static void test_only_unreserved_characters_stay(void **state)
{
    struct buf form;
    (void)state;
    buf_init(&form, 1024);
    form_add(&form, "v", "aZ09-._~ +&=%/\xc3\xa4\x7f");
    assert_string_equal(buf_text(&form), "v=aZ09-._~%20%2B%26%3D%25%2F%C3%A4%7F");
    buf_release(&form);
}

static void test_decodes(void **state)
{
    static const struct {
        const char *text;
        bool lenient;
        const char *value, *why;
    } cases[] = {
        {"a+b%20c%2B", false, "a b c+", NULL},
        {"%C3%A4", false, "\xc3\xa4", NULL},
        {"", false, "", NULL},
        {"100%", false, NULL, "a broken percent encoding"},
        {"%4", false, NULL, "a broken percent encoding"},
        {"%g0", false, NULL, "a broken percent encoding"},
        {"100%+%g0", true, "100% %g0", NULL},
        {"a%00b", false, NULL, "a NUL character"},
        {"a%00b", true, NULL, "a NUL character"},
        {"%FF", true, NULL, "text that is not UTF-8"},
    };
    struct arena arena = {0};
    const char *value, *why;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        value = form_decode(&arena, cases[i].text, strlen(cases[i].text), cases[i].lenient, &why);
        assert_int_equal(value == NULL, cases[i].value == NULL);
        if (value != NULL)
            assert_string_equal(value, cases[i].value);
        else
            assert_string_equal(why, cases[i].why);
    }
    arena_release(&arena);
}

static void test_parses_pairs(void **state)
{
    static const char text[] = "&a=1&&b&=c&a=2=3&";
    struct arena arena = {0};
    const char *why = NULL;
    struct form form;

    (void)state;
    assert_int_equal(form_parse(&form, &arena, text, strlen(text), &why), 0);
    assert_int_equal(form.count, 4);
    assert_string_equal(form_get(&form, "a"), "1");
    assert_string_equal(form_get(&form, "b"), "");
    assert_string_equal(form_get(&form, ""), "c");
    assert_string_equal(form.pairs[3].value, "2=3");
    assert_null(form_get(&form, "A"));
    assert_int_equal(form_parse(&form, &arena, "a=1&b=%", 7, &why), -1);
    assert_int_equal(form.count, 0);
    assert_string_equal(why, "a broken percent encoding");
    arena_release(&arena);
}

static void test_counts_pairs(void **state)
{
    struct arena arena = {0};
    const char *why = NULL;
    struct form form;
    struct buf text;
    size_t i;

    (void)state;
    buf_init(&text, 10000);
    for (i = 0; i < FORM_MAX_PAIRS; i++)
        buf_add_text(&text, "a=&");
    assert_int_equal(form_parse(&form, &arena, buf_text(&text), text.size, &why), 0);
    assert_int_equal(form.count, FORM_MAX_PAIRS);
    buf_add_text(&text, "b");
    assert_int_equal(form_parse(&form, &arena, buf_text(&text), text.size, &why), -1);
    assert_string_equal(why, "too many parameters");
    buf_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_are_joined),
        cmocka_unit_test(test_only_unreserved_characters_stay),
        cmocka_unit_test(test_decodes),
        cmocka_unit_test(test_parses_pairs),
        cmocka_unit_test(test_counts_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
