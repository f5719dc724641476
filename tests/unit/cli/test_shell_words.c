#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "cli/shell_words.h"

#include <string.h>

static const struct {
    const char *line;
    const char *words[8]; /* operators begin with a colon */
    char quote;
    bool unfinished;
} cases[] = {
    {.line = ""},
    {.line = "  "},
    {.line = "roster plan", .words = {"roster", "plan"}, .unfinished = true},
    {.line = "roster plan ", .words = {"roster", "plan"}},
    {.line = "a \"b c\" 'd \"e' f\\ g ", .words = {"a", "b c", "d \"e", "f g"}},
    {.line = "a \"b c", .words = {"a", "b c"}, .quote = '"', .unfinished = true},
    {.line = "a 'b\\", .words = {"a", "b\\"}, .quote = '\'', .unfinished = true},
    {.line = "a b\\", .words = {"a", "b"}, .unfinished = true},
    {.line = "\"a\\n\\\"\\$\\\\\\`\" ", .words = {"a\\n\"$\\`"}},
    {.line = "a'b'\"c\"d ", .words = {"abcd"}},
    {.line = "a '' ", .words = {"a", ""}},
    {.line = "a>b 2>c|d ", .words = {"a", ":>", "b", ":2>", "c", ":|", "d"}},
    {.line = "a <(b) ;", .words = {"a", ":<(", "b", ":)", ":;"}},
    {.line = "a 2 ", .words = {"a", "2"}},
    {.line = "a \\\nb ", .words = {"a", "b"}},
    {.line = "Größe\\ € ", .words = {"Größe €"}},
};

static void test_words(void **state)
{
    size_t i, j;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct shell_words words = {0};
        struct arena arena = {0};
        print_message("  %zu: %s\n", i, cases[i].line);
        shell_words_read(&words, cases[i].line, strlen(cases[i].line), &arena);
        for (j = 0; j < COUNT_OF(cases[i].words) && cases[i].words[j] != NULL; j++) {
            const char *expected = cases[i].words[j];
            bool is_operator = expected[0] == ':';
            assert_in_range(j + 1, 1, words.count);
            assert_int_equal(words.items[j].is_operator, is_operator);
            assert_string_equal(words.items[j].text, expected + is_operator);
        }
        assert_int_equal(words.count, j);
        assert_int_equal(words.quote, cases[i].quote);
        assert_int_equal(words.finished, !cases[i].unfinished);
        arena_release(&arena);
    }
}

/* What is quoted reads as it was, whatever it is and whichever quote is open. */
static void test_quote(void **state)
{
    static const char *const texts[] = {
        "plain",    "a b",   "it's",    "say \"hi\"", "$HOME `id` \\x", "a;b|c&d<e>f(g)",
        "*?[a]{b}", "#x ~y", "Größe €", "a:b=c",      "bang!",
    };
    static const char quotes[] = {0, '"', '\''};
    size_t i, j;
    (void)state;
    for (i = 0; i < COUNT_OF(texts); i++) {
        for (j = 0; j < COUNT_OF(quotes); j++) {
            struct shell_words words = {0};
            struct arena arena = {0};
            struct buf line;
            buf_init(&line, 1024);
            if (quotes[j] != 0)
                buf_add_char(&line, quotes[j]);
            shell_quote(&line, texts[i], quotes[j]);
            if (quotes[j] != 0)
                buf_add_char(&line, quotes[j]);
            shell_words_read(&words, buf_text(&line), line.size, &arena);
            assert_int_equal(words.count, 1);
            assert_int_equal(words.quote, 0);
            assert_string_equal(words.items[0].text, texts[i]);
            buf_release(&line);
            arena_release(&arena);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
