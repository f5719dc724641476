#include "base/wrap.h"

#include <locale.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static void test_add(void **state)
{
    static const struct {
        const char *text;
        size_t column, indent, width;
        const char *expected;
    } cases[] = {
        {"one two three", 0, 0, 0, "one two three"},
        {"one two three", 5, 2, 0, " one two three"},
        {"one two three", 0, 0, 13, "one two three"},
        {"one two three", 0, 0, 12, "one two\nthree"},
        {"one two three", 0, 2, 6, "one\n  two\n  three"},
        {"one two three", 6, 4, 10, " one\n    two\n    three"},
        {"one two three", 9, 4, 10, "\n    one\n    two\n    three"},
        /* A word that fits nowhere stays whole; blanks that nothing breaks at stay as many. */
        {"a extraordinary b", 0, 0, 6, "a\nextraordinary\nb"},
        {"two  blanks", 0, 0, 20, "two  blanks"},
        {"two  blanks", 0, 0, 6, "two\nblanks"},
        {"日本 日本 日本", 0, 0, 9, "日本 日本\n日本"},
        {"", 3, 0, 9, ""},
    };
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 1000);
        wrap_add(&out, cases[i].text, cases[i].column, cases[i].indent, cases[i].width);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_release(&out);
    }
}

static void test_page(void **state)
{
    static const struct {
        size_t width;
        const char *page, *expected;
    } cases[] = {
        {0, "  --rate N    requests a second, at most\n",
         "  --rate N    requests a second, at most\n"},
        {40, "  --rate N    requests a second, at most\n",
         "  --rate N    requests a second, at most\n"},
        {39, "  --rate N    requests a second, at most\n",
         "  --rate N    requests a second, at\n              most\n"},
        {37, "  --rate N    requests a second, at most\n",
         "  --rate N\n      requests a second, at most\n"},
        {12, "a line of text\n\n  and one more\n", "a line of\ntext\n\n  and one\n  more\n"},
        {12, "no end of line", "no end of\nline"},
        {12, "", ""},
    };
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 1000);
        wrap_page(&out, cases[i].page, cases[i].width);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_add), cmocka_unit_test(test_page)};
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
