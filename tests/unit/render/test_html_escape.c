#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "render/html_assets.h"
#include "render/html_escape.h"

#include <locale.h>
#include <string.h>

static void test_text(void **state)
{
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"", ""},
        {"Order notifications", "Order notifications"},
        {"Größe 通知 📨", "Größe 通知 📨"},
        {"a & b", "a &amp; b"},
        {"&amp;", "&amp;amp;"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\" onload=\"x", "&quot; onload=&quot;x"},
        {"' onload='x", "&#39; onload=&#39;x"},
        {"-->", "--&gt;"},
        {"]]>", "]]&gt;"},
        {"\\<", "\\&lt;"},
        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        {"\033[31m\a\177", "\\x1b[31m\\x07\\x7f"},
        {"\xc2\x9b", "\\u{9b}"},
        {"\xe2\x80\xae"
         "gnp.exe",
         "\\u{202e}gnp.exe"},
        {"\xe2\x81\xa6<\xe2\x81\xa9", "\\u{2066}&lt;\\u{2069}"},
        {"bad \xff\xc3", "bad \\xff\\xc3"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 1024);
        html_add_text(&out, cases[i].text);
        assert_string_equal(buf_text(&out), cases[i].html);
        buf_release(&out);
    }
}

/* Whatever the byte, nothing is left that ends a text or an attribute. */
static void test_every_byte(void **state)
{
    unsigned first, second;

    (void)state;
    for (first = 1; first < 256; first++) {
        for (second = 1; second < 256; second++) {
            const char text[] = {(char)first, (char)second, '\0'};
            struct buf out;
            const char *at;
            buf_init(&out, 1024);
            html_add_text(&out, text);
            assert_null(strpbrk(buf_text(&out), "<>\"'"));
            for (at = buf_text(&out); *at != '\0'; at++)
                assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
            buf_release(&out);
        }
    }
}

static void test_cut(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *html;
        size_t taken;
    } cases[] = {
        {"", 3, "", 0},
        {"abc", 3, "abc", 3},
        {"abcd", 3, "ab…", 3},
        {"abcd", 1, "…", 1},
        {"<<<<", 3, "&lt;&lt;…", 3},
        {"a\nb", 4, "a\\nb", 4},
        {"a\nb", 3, "a\\…", 3},
        {"通知書", 6, "通知書", 6},
        {"通知書", 5, "通知…", 5},
        {"通知書", 4, "通…", 3},
        {"e\xcc\x81gal", 4, "e\xcc\x81gal", 4},
        /* Marks take no column, but not without end. */
        {"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", 2,
         "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81…", 2},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 1024);
        assert_int_equal(html_add_cut(&out, cases[i].text, cases[i].columns), cases[i].taken);
        assert_string_equal(buf_text(&out), cases[i].html);
        buf_release(&out);
    }
}

static bool contains(const struct html_asset *asset, const char *text)
{
    size_t size = strlen(text), i;
    for (i = 0; i + size <= asset->size; i++)
        if (memcmp(asset->bytes + i, text, size) == 0)
            return true;
    return false;
}

/* They stand in the page as they are, so they must not end their element, or name what is outside.
 */
static void test_assets(void **state)
{
    static const char *const bad[] = {"</", "<!--", "@import", "url(", "http:", "https:", "fetch("};
    size_t i;

    (void)state;
    assert_true(contains(&html_style, "prefers-color-scheme"));
    assert_true(contains(&html_script, "\"use strict\""));
    for (i = 0; i < COUNT_OF(bad); i++) {
        assert_false(contains(&html_style, bad[i]));
        assert_false(contains(&html_script, bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_assets),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
