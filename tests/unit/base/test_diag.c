#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/diag.h"
#include "base/str.h"

#include <locale.h>
#include <string.h>

static void assert_rendered(const struct diag *diag, bool color, const char *expected)
{
    struct buf out;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    diag_render_text(diag, &out, color);
    assert_string_equal(buf_text(&out), expected);
    buf_release(&out);
}

struct render_case {
    const char *text;
    uint32_t line, column, length;
    const char *rendered;
};

static void check_rendered(const struct render_case *cases, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++) {
        struct diag_source source = {"r.yaml", cases[i].text, strlen(cases[i].text)};
        struct diag_span span = {&source, cases[i].line, cases[i].column, cases[i].length};
        struct diag diag;
        diag_init(&diag);
        diag_error(&diag, &span, "bad");
        assert_rendered(&diag, false, cases[i].rendered);
        diag_release(&diag);
    }
}

static void test_excerpts(void **state)
{
    static const struct render_case cases[] = {
        {"a: b\nc: def\n", 2, 4, 3, "r.yaml:2:4: error: bad\n    c: def\n       ^~~\n"},
        {"a: b", 1, 1, 1, "r.yaml:1:1: error: bad\n    a: b\n    ^\n"},
        /* length 0 is shown as 1; column 0 as the line's start */
        {"a: b", 1, 4, 0, "r.yaml:1:4: error: bad\n    a: b\n       ^\n"},
        {"a: b", 1, 0, 2, "r.yaml:1:0: error: bad\n    a: b\n    ^~\n"},
        /* behind the line, and longer than it */
        {"a: b\n", 1, 5, 1, "r.yaml:1:5: error: bad\n    a: b\n        ^\n"},
        {"a: b\n", 1, 9, 1, "r.yaml:1:9: error: bad\n    a: b\n        ^\n"},
        {"a: b\nc", 1, 4, 99, "r.yaml:1:4: error: bad\n    a: b\n       ^\n"},
        /* CR LF */
        {"a: b\r\nc: d\r\n", 1, 4, 9, "r.yaml:1:4: error: bad\n    a: b\n       ^\n"},
        {"a: b\r\nc: d\r\n", 2, 1, 1, "r.yaml:2:1: error: bad\n    c: d\n    ^\n"},
        /* an empty line shows nothing */
        {"a\n", 2, 1, 0, "r.yaml:2:1: error: bad\n"},
        {"a\n", 3, 1, 0, "r.yaml:3:1: error: bad\n"},
        {"", 1, 1, 0, "r.yaml:1:1: error: bad\n"},
        {"", 2, 1, 0, "r.yaml:2:1: error: bad\n"},
        /* tabs and other control characters as they are shown */
        {"a:\t\tb", 1, 5, 1, "r.yaml:1:5: error: bad\n    a:\\t\\tb\n          ^\n"},
        {"\tb", 1, 1, 1, "r.yaml:1:1: error: bad\n    \\tb\n    ^~\n"},
        {"\x1b[1m: \x7f", 1, 7, 1,
         "r.yaml:1:7: error: bad\n    \\x1b[1m: \\x7f\n             ^~~~\n"},
        {"\xe2\x80\xae: b", 1, 4, 1, "r.yaml:1:4: error: bad\n    \\u{202e}: b\n              ^\n"},
        /* passwords of URLs are never shown, wherever the mistake is */
        {"a: https://u:pw@x/ # b", 1, 1, 1,
         "r.yaml:1:1: error: bad\n    a: https://u:**@x/ # b\n    ^\n"},
        /* characters, not bytes; a malformed byte is one */
        {"é: ü b", 1, 4, 3, "r.yaml:1:4: error: bad\n    é: ü b\n       ^~~\n"},
        {"a\xff"
         "b",
         1, 3, 1, "r.yaml:1:3: error: bad\n    a\\xffb\n         ^\n"},
        {"a\xff"
         "b",
         1, 2, 2, "r.yaml:1:2: error: bad\n    a\\xffb\n     ^~~~~\n"},
    };
    (void)state;
    check_rendered(cases, COUNT_OF(cases));
}

static void test_wide_characters(void **state)
{
    static const struct render_case cases[] = {
        {"中文: b", 1, 5, 1, "r.yaml:1:5: error: bad\n    中文: b\n          ^\n"},
        {"a: 中文", 1, 4, 2, "r.yaml:1:4: error: bad\n    a: 中文\n       ^~~~\n"},
        {"e\xcc\x81: b", 1, 5, 1, "r.yaml:1:5: error: bad\n    e\xcc\x81: b\n       ^\n"},
    };
    (void)state;
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        skip();
    check_rendered(cases, COUNT_OF(cases));
    setlocale(LC_CTYPE, "C");
}

/* `count` letters a to z in turn from the one of that number. */
static void add_letters(struct buf *out, size_t first, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        buf_add_char(out, (char)('a' + (first + i) % 26));
}

static void check_cut(size_t size, uint32_t column, uint32_t length, size_t shown_from,
                      size_t shown)
{
    struct buf line, expected;
    struct diag_source source = {"r.yaml", NULL, 0};
    struct diag_span span = {&source, 2, column, length};
    struct diag diag;
    bool cut = shown_from > 0;

    buf_init(&line, BUF_LIMIT_DEFAULT);
    buf_init(&expected, BUF_LIMIT_DEFAULT);
    buf_add_text(&line, "x\n");
    add_letters(&line, 0, size);
    buf_add_text(&line, "\nx\n");
    source.text = line.data;
    source.size = line.size;
    diag_init(&diag);
    diag_error(&diag, &span, "bad");
    buf_printf(&expected, "r.yaml:2:%u: error: bad\n    %s", column, cut ? "…" : "");
    add_letters(&expected, shown_from, shown);
    buf_add_char(&expected, '\n');
    buf_add_fill(&expected, ' ', (cut ? 5u : 4u) + column - 1 - shown_from);
    buf_add_char(&expected, '^');
    buf_add_fill(&expected, '~', length - 1);
    buf_add_char(&expected, '\n');
    assert_rendered(&diag, false, buf_text(&expected));
    assert_true(diag.items[0].place.source_line_size <= 200);
    diag_release(&diag);
    buf_release(&line);
    buf_release(&expected);
}

/* The front is cut to 30 characters when there are more than 60, the rest to 100. */
static void test_long_lines(void **state)
{
    (void)state;
    check_cut(500, 1, 2, 0, 100);
    check_cut(500, 61, 5, 0, 160);
    check_cut(500, 62, 5, 31, 130);
    check_cut(500, 101, 5, 70, 130);
    check_cut(500, 102, 5, 71, 130);
    check_cut(500, 250, 100, 219, 130);
    check_cut(500, 490, 11, 459, 41);
    check_cut(20000, 4200, 3, 4169, 130);
    check_cut(20000, 19999, 2, 19968, 32);
}

/* Counting characters in strides must not lose its way in characters of several bytes. */
static void test_long_lines_of_other_characters(void **state)
{
    enum { COUNT = 10000 };
    struct diag_source source = {"r.yaml", NULL, 0};
    struct diag_span span = {&source, 1, COUNT + 1, 1};
    struct buf line;
    struct diag diag;
    const struct diag_place *place;
    int i;
    (void)state;
    buf_init(&line, BUF_LIMIT_DEFAULT);
    for (i = 0; i < COUNT; i++)
        buf_add_text(&line, i % 2 ? "€" : i % 3 ? "é" : "😀");
    buf_add_text(&line, "x");
    source.text = line.data;
    source.size = line.size;
    diag_init(&diag);
    diag_error(&diag, &span, "bad");
    place = &diag.items[0].place;
    assert_int_equal(place->source_line_skipped, COUNT - 100);
    assert_int_equal(str_utf8_valid(place->source_line, place->source_line_size),
                     place->source_line_size);
    assert_int_equal(str_utf8_length(place->source_line, place->source_line_size), 101);
    assert_int_equal(place->source_line[place->source_line_size - 1], 'x');
    diag_release(&diag);
    buf_release(&line);
}

static void test_levels_help_and_notes(void **state)
{
    struct diag_source source = {"r.yaml", "a: 1\nb: 2\na: 3\n", 15};
    struct diag_span first = {&source, 1, 1, 1}, second = {&source, 3, 1, 1};
    struct diag_span nowhere = {NULL, 0, 0, 0};
    struct diag diag;
    (void)state;
    diag_init(&diag);
    diag_error(&diag, &second, "duplicate key \"%s\"", "a");
    diag_help(&diag, "not this");
    diag_help(&diag, "take one %s", "out");
    diag_note(&diag, &first, "first set here");
    diag_note(&diag, NULL, "without a place");
    diag_warning(&diag, &nowhere, "odd");
    diag_warning(&diag, NULL, "two\nlines\x1b");
    assert_int_equal(diag.count, 3);
    assert_int_equal(diag.errors, 1);
    assert_int_equal(diag.warnings, 2);
    assert_rendered(&diag, false,
                    "r.yaml:3:1: error: duplicate key \"a\"\n"
                    "    a: 3\n"
                    "    ^\n"
                    "  help: take one out\n"
                    "  r.yaml:1:1: note: first set here\n"
                    "    a: 1\n"
                    "    ^\n"
                    "  note: without a place\n"
                    "roster: warning: odd\n"
                    "roster: warning: two\\nlines\\x1b\n");
    diag_release(&diag);
}

static void test_color(void **state)
{
    struct diag_source source = {"r.yaml", "a: bc", 5};
    struct diag_span span = {&source, 1, 4, 2};
    struct diag diag;
    (void)state;
    diag_init(&diag);
    diag_error(&diag, &span, "bad");
    diag_help(&diag, "mend it");
    diag_note(&diag, &span, "here");
    diag_warning(&diag, NULL, "odd");
    assert_rendered(&diag, true,
                    "\033[1mr.yaml:1:4: \033[1;31merror:\033[0m bad\n"
                    "    a: bc\n"
                    "       \033[1;31m^~\033[0m\n"
                    "  \033[1;32mhelp:\033[0m mend it\n"
                    "  r.yaml:1:4: \033[1;36mnote:\033[0m here\n"
                    "    a: bc\n"
                    "       \033[1;36m^~\033[0m\n"
                    "\033[1mroster: \033[1;33mwarning:\033[0m odd\n");
    diag_release(&diag);
}

static void test_outside_text_is_escaped(void **state)
{
    struct diag_source source = {"r\x1b]0;x.yaml", "a", 1};
    struct diag_span span = {&source, 1, 1, 1};
    struct diag diag;
    (void)state;
    diag_init(&diag);
    diag_error(&diag, &span, "key \"%s\"", "\x1b[2J\xe2\x80\xae\xff");
    assert_rendered(&diag, false,
                    "r\\x1b]0;x.yaml:1:1: error: key \"\\x1b[2J\\u{202e}\\xff\"\n    a\n    ^\n");
    diag_release(&diag);
}

/* Texts are copied: the source may go right after the call. */
static void test_nothing_is_borrowed(void **state)
{
    char name[] = "r.yaml", text[] = "a: b", message[] = "bad";
    struct diag_source source = {name, text, 4};
    struct diag_span span = {&source, 1, 4, 1};
    struct diag diag;
    (void)state;
    diag_init(&diag);
    diag_error(&diag, &span, "%s", message);
    memset(name, 'x', 6);
    memset(text, 'x', 4);
    memset(message, 'x', 3);
    assert_rendered(&diag, false, "r.yaml:1:4: error: bad\n    a: b\n       ^\n");
    diag_release(&diag);
}

static void test_a_source_without_text(void **state)
{
    struct diag_source source = {"r.yaml", NULL, 0};
    struct diag_span span = {&source, 7, 3, 1};
    struct diag diag;
    (void)state;
    diag_init(&diag);
    diag_error(&diag, &span, "bad");
    assert_rendered(&diag, false, "r.yaml:7:3: error: bad\n");
    diag_release(&diag);
}

static void test_too_many(void **state)
{
    struct diag diag;
    struct buf out;
    int i;
    (void)state;
    diag_init(&diag);
    for (i = 0; i < DIAG_MAX; i++)
        diag_error(&diag, NULL, "error %d", i);
    diag_help(&diag, "help of the last");
    diag_warning(&diag, NULL, "dropped");
    diag_help(&diag, "dropped with it");
    diag_note(&diag, NULL, "dropped with it");
    diag_error(&diag, NULL, "dropped");
    assert_int_equal(diag.count, DIAG_MAX);
    assert_int_equal(diag.errors, DIAG_MAX + 1);
    assert_int_equal(diag.warnings, 1);
    assert_int_equal(diag.dropped, 2);
    assert_string_equal(diag.items[DIAG_MAX - 1].help, "help of the last");
    assert_int_equal(diag.items[DIAG_MAX - 1].note_count, 0);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    diag_render_text(&diag, &out, false);
    assert_true(str_ends_with(buf_text(&out), "roster: error: error 99\n  help: help of the last\n"
                                              "roster: 2 more not shown\n"));
    buf_release(&out);
    diag_release(&diag);
    assert_int_equal(diag.count, 0);
    assert_int_equal(diag.errors, 0);
}

static void test_sorting(void **state)
{
    struct diag_source a = {"b.yaml", "1\n2\n", 4}, b = {"a.yaml", "1\n2\n", 4};
    static const struct {
        int source;
        uint32_t line, column;
    } reported[] = {{0, 2, 1}, {1, 2, 1}, {-1, 0, 0}, {0, 1, 5},
                    {0, 1, 5}, {1, 1, 1}, {0, 1, 2},  {-1, 0, 0}};
    static const char *const order[] = {"2", "7", "6", "3", "4", "0", "5", "1"};
    struct diag diag;
    size_t i;
    (void)state;
    diag_init(&diag);
    diag_sort(&diag);
    for (i = 0; i < COUNT_OF(reported); i++) {
        struct diag_span span = {reported[i].source == 0 ? &a : &b, reported[i].line,
                                 reported[i].column, 1};
        diag_error(&diag, reported[i].source < 0 ? NULL : &span, "%zu", i);
        diag_help(&diag, "%zu", i);
    }
    diag_sort(&diag);
    assert_int_equal(diag.count, COUNT_OF(order));
    for (i = 0; i < COUNT_OF(order); i++) {
        assert_string_equal(diag.items[i].message, order[i]);
        assert_string_equal(diag.items[i].help, order[i]);
    }
    /* What belonged to the last item does so no more. */
    diag_note(&diag, NULL, "lost");
    for (i = 0; i < COUNT_OF(order); i++)
        assert_int_equal(diag.items[i].note_count, 0);
    diag_release(&diag);
}

/* On a terminal nothing goes past its last column, and the caret stays below its place. */
static void test_within(void **state)
{
    static const struct {
        size_t columns;
        uint32_t column, length;
        const char *rendered;
    } cases[] = {
        {0, 30, 9,
         "r.yaml:1:30: error: a message of some words\n"
         "    one two three four five six, seven eight nine ten eleven twelve\n"
         "                                 ^~~~~~~~~\n  help: mend it like this and that\n"},
        {40, 5, 3,
         "r.yaml:1:5: error: a message of some\n    words\n"
         "    one two three four five six, seven …\n        ^~~\n"
         "  help: mend it like this and that\n"},
        {40, 20, 99,
         "r.yaml:1:20: error: a message of some\n    words\n"
         "    one two three four five six, seven …\n                       ^~~~~~~~~~~~~~~~~\n"
         "  help: mend it like this and that\n"},
        {40, 51, 3,
         "r.yaml:1:51: error: a message of some\n    words\n"
         "    …ht nine ten eleven twelve\n                 ^~~\n"
         "  help: mend it like this and that\n"},
        {30, 30, 9,
         "r.yaml:1:30: error: a message\n    of some words\n"
         "    …ve six, seven eight nine…\n             ^~~~~~~~~\n"
         "  help: mend it like this and\n    that\n"},
    };
    static const char text[] = "one two three four five six, seven eight nine ten eleven twelve";
    const struct diag_source source = {"r.yaml", text, sizeof(text) - 1};
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct diag_span span = {&source, 1, cases[i].column, cases[i].length};
        struct diag diag;
        struct buf out;
        diag_init(&diag);
        diag_error(&diag, &span, "a message of some words");
        diag_help(&diag, "mend it like this and that");
        buf_init(&out, BUF_LIMIT_DEFAULT);
        diag_render_text_within(&diag, &out, false, cases[i].columns);
        assert_string_equal(buf_text(&out), cases[i].rendered);
        buf_release(&out);
        diag_release(&diag);
    }
}

static void test_drop_warnings(void **state)
{
    struct diag diag;
    (void)state;

    diag_init(&diag);
    diag_warning(&diag, NULL, "first");
    diag_error(&diag, NULL, "second");
    diag_help(&diag, "help");
    diag_warning(&diag, NULL, "third");
    diag_drop_warnings(&diag);
    assert_int_equal(diag.warnings, 0);
    assert_int_equal(diag.errors, 1);
    assert_rendered(&diag, false, "roster: error: second\n  help: help\n");
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_within),
        cmocka_unit_test(test_drop_warnings),
        cmocka_unit_test(test_excerpts),
        cmocka_unit_test(test_wide_characters),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_long_lines_of_other_characters),
        cmocka_unit_test(test_levels_help_and_notes),
        cmocka_unit_test(test_color),
        cmocka_unit_test(test_outside_text_is_escaped),
        cmocka_unit_test(test_nothing_is_borrowed),
        cmocka_unit_test(test_a_source_without_text),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
