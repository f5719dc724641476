#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void test_comparing(void **state)
{
    const char *words[] = {"b", "a", "ab"};
    const char *a = "a", *b = "b";
    (void)state;
    assert_true(str_equal(NULL, NULL));
    assert_false(str_equal("a", NULL));
    assert_false(str_equal(NULL, "a"));
    assert_true(str_equal("ab", "ab"));
    assert_false(str_equal("ab", "aB"));
    assert_true(str_equal_nocase("", ""));
    assert_true(str_equal_nocase("aBz-1", "AbZ-1"));
    assert_false(str_equal_nocase("a", "ab"));
    assert_false(str_equal_nocase("ab", "a"));
    /* neighbours of the letters, and letters that are not ASCII */
    assert_false(str_equal_nocase("@[", "`{"));
    assert_false(str_equal_nocase("é", "É"));
    assert_true(str_is_empty(NULL));
    assert_true(str_is_empty(""));
    assert_false(str_is_empty(" "));
    assert_true(str_starts_with("abc", "ab"));
    assert_true(str_starts_with("abc", ""));
    assert_false(str_starts_with("a", "ab"));
    assert_true(str_ends_with("abc", "bc"));
    assert_true(str_ends_with("abc", ""));
    assert_false(str_ends_with("c", "bc"));
    assert_false(str_ends_with("abc", "ab"));
    assert_true(str_compare(&a, &b) < 0);
    qsort(words, COUNT_OF(words), sizeof(*words), str_compare);
    assert_string_equal(words[0], "a");
    assert_string_equal(words[1], "ab");
    assert_string_equal(words[2], "b");
}

static void test_digits(void **state)
{
    (void)state;
    assert_true(str_is_digits("0189", 4));
    assert_true(str_is_digits("12a", 2));
    assert_false(str_is_digits("", 0));
    assert_false(str_is_digits("1a", 2));
    assert_false(str_is_digits("/", 1));
    assert_false(str_is_digits(":", 1));
    assert_true(str_is_hex("09afAF", 6));
    assert_false(str_is_hex("", 0));
    assert_false(str_is_hex("g", 1));
    assert_false(str_is_hex("@", 1));
    assert_false(str_is_hex("`", 1));
    assert_true(str_is_sid("MG0123456789abcdefABCDEF0123456789", "MG"));
    assert_false(str_is_sid("MG0123456789abcdefABCDEF0123456789", "PN"));
    assert_false(str_is_sid("MG0123456789abcdefABCDEF012345678", "MG"));
    assert_false(str_is_sid("MG0123456789abcdefABCDEF01234567890", "MG"));
    assert_false(str_is_sid("MG0123456789abcdefABCDEF012345678x", "MG"));
    assert_false(str_is_sid("", "MG"));
}

static void test_to_int64(void **state)
{
    static const struct {
        const char *text;
        int result;
        int64_t value;
    } cases[] = {
        {"0", 0, 0},
        {"-0", 0, 0},
        {"+17", 0, 17},
        {"-17", 0, -17},
        {"007", 0, 7},
        {"9223372036854775807", 0, INT64_MAX},
        {"-9223372036854775808", 0, INT64_MIN},
        {"9223372036854775808", -1, 0},
        {"-9223372036854775809", -1, 0},
        {"", -1, 0},
        {"-", -1, 0},
        {"+-1", -1, 0},
        {" 1", -1, 0},
        {"1 ", -1, 0},
        {"1.0", -1, 0},
        {"0x1", -1, 0},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 4711;
        assert_int_equal(str_to_int64(cases[i].text, &value), cases[i].result);
        assert_true(value == (cases[i].result == 0 ? cases[i].value : 4711));
    }
}

static void test_utf8(void **state)
{
    static const struct {
        const char *text;
        size_t valid;  /* bytes that are */
        size_t length; /* characters of those */
    } cases[] = {
        {"", 0, 0},
        {"abc", 3, 3},
        {"\x7f", 1, 1},
        {"\xc2\x80\xdf\xbf", 4, 2},
        {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 12, 4},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8, 2},
        /* a continuation alone; overlong forms; surrogates; past U+10FFFF; never in UTF-8 */
        {"a\x80", 1, 1},
        {"\xc0\x80", 0, 0},
        {"\xc1\xbf", 0, 0},
        {"\xe0\x9f\xbf", 0, 0},
        {"\xf0\x8f\xbf\xbf", 0, 0},
        {"é\xed\xa0\x80", 2, 1},
        {"\xed\xbf\xbf", 0, 0},
        {"\xf4\x90\x80\x80", 0, 0},
        {"\xf5\x80\x80\x80", 0, 0},
        {"\xfe", 0, 0},
        {"\xff", 0, 0},
        /* cut off; a lead where a continuation should be */
        {"a\xc3", 1, 1},
        {"a\xe2\x82", 1, 1},
        {"a\xf0\x9f\x98", 1, 1},
        {"\xc3\x41", 0, 0},
        {"\xe2\x82\x41", 0, 0},
        {"\xe2\xe2\x82\xac", 0, 0},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        size_t valid = str_utf8_valid(cases[i].text, strlen(cases[i].text));
        assert_int_equal(valid, cases[i].valid);
        assert_int_equal(str_utf8_length(cases[i].text, valid), cases[i].length);
    }
}

static void test_utf8_decode(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        size_t step;
        uint32_t codepoint;
    } cases[] = {
        {"a", 1, 1, 'a'},       {"\0", 1, 1, 0},
        {"é", 2, 2, 0xe9},      {"€x", 4, 3, 0x20ac},
        {"😀", 4, 4, 0x1f600},   {"€", 2, 1, 0xfffd},
        {"\xff", 1, 1, 0xfffd}, {"\xef\xbf\xbd", 3, 3, 0xfffd},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        uint32_t codepoint = 0;
        assert_int_equal(str_utf8_decode(cases[i].text, cases[i].size, &codepoint), cases[i].step);
        assert_int_equal(codepoint, cases[i].codepoint);
    }
}

static void test_columns(void **state)
{
    (void)state;
    assert_int_equal(str_columns('a'), 1);
    assert_int_equal(str_columns(0x07), 1);
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        skip();
    assert_int_equal(str_columns(0xe9), 1);
    assert_int_equal(str_columns(0x4e2d), 2);
    assert_int_equal(str_columns(0x0301), 0);
    assert_int_equal(str_columns(0x9f), 1);
    setlocale(LC_CTYPE, "C");
    assert_int_equal(str_columns(0x4e2d), 1);
}

static void test_closest(void **state)
{
    static const char *const keys[] = {"sticky_sender", "services", "version", "numbers",
                                       "guards",        "prune",    "to",      "ab"};
    static const struct {
        const char *word;
        const char *found;
    } cases[] = {
        {"sticky_sendr", "sticky_sender"},
        {"stickySender", "sticky_sender"},
        {"STICKY_SENDER", "sticky_sender"},
        {"sevrices", "services"},
        {"service", "services"},
        {"verison", "version"},
        {"numbres", "numbers"},
        {"tp", "to"},
        {"ot", "to"},
        {"t", "to"},
        {"pruen", "prune"},
        {"prxyz", NULL},
        {"something_else", NULL},
        {"x", NULL},
        {"", NULL},
    };
    static const char *const same[] = {"cat", "bat"};
    char longest[100];
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const char *found = str_closest(cases[i].word, keys, COUNT_OF(keys));
        if (!str_equal(found, cases[i].found))
            print_error("for: %s\n", cases[i].word);
        assert_true(str_equal(found, cases[i].found));
    }
    assert_string_equal(str_closest("hat", same, 2), "cat");
    assert_null(str_closest("a", NULL, 0));
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_null(str_closest(longest, keys, COUNT_OF(keys)));
}

static void test_visible(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        const char *shown;
    } cases[] = {
        {"plain \\ \" text", 14, "plain \\ \" text"},
        {"é€😀", 9, "é€😀"},
        {"a\n\t\rb", 5, "a\\n\\t\\rb"},
        {"\0\x01\x1b[31m\x7f", 8, "\\x00\\x01\\x1b[31m\\x7f"},
        {"\xc2\x85\xc2\x9b", 4, "\\u{85}\\u{9b}"},
        {"\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8f", 9, "\\u{202e}\\u{2066}\\u{200f}"},
        {"\xe2\x80\xa8\xe2\x80\xa9\xd8\x9c", 8, "\\u{2028}\\u{2029}\\u{61c}"},
        {"a\xff\xe2\x82", 4, "a\\xff\\xe2\\x82"},
        {"\xef\xbf\xbd", 3, "\xef\xbf\xbd"},
        {"", 0, ""},
    };
    struct buf out;
    size_t i;
    (void)state;
    buf_init(&out, 1000);
    for (i = 0; i < COUNT_OF(cases); i++) {
        buf_clear(&out);
        str_add_visible(&out, cases[i].text, cases[i].size);
        assert_string_equal(buf_text(&out), cases[i].shown);
    }
    buf_clear(&out);
    str_add_quoted(&out, "a \"b\" \\ \n é\xff");
    assert_string_equal(buf_text(&out), "\"a \\\"b\\\" \\\\ \\n é\\xff\"");
    buf_release(&out);
}

static void test_mask_passwords(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"no URL: a:b@c", "no URL: a:b@c"},
        {"https://a.example/x", "https://a.example/x"},
        {"https://user@a.example/x", "https://user@a.example/x"},
        {"https://user:pass@a.example/x:y@z", "https://user:****@a.example/x:y@z"},
        {"x: \"HTTP://u:p@a/\" and ftp://u:q@b", "x: \"HTTP://u:*@a/\" and ftp://u:*@b"},
        {"https://u:p@ss@a/", "https://u:****@a/"},
        {"https://u:p\xc3\xa4@a/", "https://u:**@a/"},
        {"https://u:@a/", "https://u:@a/"},
        {"://", "://"},
        {"", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[128];
        size_t size = strlen(cases[i].text);
        memcpy(text, cases[i].text, size + 1);
        assert_int_equal(str_mask_passwords(text, size), strlen(cases[i].expected));
        assert_string_equal(text, cases[i].expected);
    }
}

static void test_find_password(void **state)
{
    static const struct {
        const char *text, *passwords; /* each with a blank behind it */
    } cases[] = {
        {"no URL: a:b@c", ""},
        {"https://user@a.example/x", ""},
        {"https://user:pass@a.example/x:y@z", "pass "},
        {"x: \"HTTP://u:p@a/\" and ftp://u:qqqqq@b", "p qqqqq "},
        {"https://u:${SECRET}@a/****", "${SECRET} "},
        {"https://u:p@ss@a/", "p@ss "},
        {"https://u:://@a/ https://u:p@b", "p "},
        {"https://u:@a/", ""},
        {"://://", ""},
        {"", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *at = cases[i].text;
        struct buf found;
        size_t size;
        buf_init(&found, 128);
        for (; (at = str_find_password(at, &size)) != NULL; at += size) {
            buf_add(&found, at, size);
            buf_add_char(&found, ' ');
        }
        assert_string_equal(buf_text(&found), cases[i].passwords);
        buf_release(&found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparing),      cmocka_unit_test(test_digits),
        cmocka_unit_test(test_to_int64),       cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_utf8_decode),    cmocka_unit_test(test_columns),
        cmocka_unit_test(test_closest),        cmocka_unit_test(test_visible),
        cmocka_unit_test(test_mask_passwords), cmocka_unit_test(test_find_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
