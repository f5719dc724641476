#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "doc_fixture.h"

struct syntax_case {
    const char *text;
    const char *report;
};

static void check_reports(const struct syntax_case *cases, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++) {
        struct doc_fixture fixture;
        doc_fixture_read(&fixture, cases[i].text, strlen(cases[i].text), NULL);
        if (!str_equal(buf_text(&fixture.report), cases[i].report))
            print_error("for: %s\n", cases[i].text);
        assert_string_equal(buf_text(&fixture.report), cases[i].report);
        assert_int_equal(fixture.result, -1);
        assert_null(fixture.doc.root);
        doc_fixture_release(&fixture);
    }
}

static void test_tabs(void **state)
{
    static const struct syntax_case cases[] = {
        {"a:\n\tb: 1\n", "2:1+1 a tab in the indentation; help indent with spaces"},
        {"a:\n  - b\n\t- c\n", "3:1+1 a tab in the indentation; help indent with spaces"},
        {"a: |\n\tb\n", "2:1+1 a tab in the indentation; help indent with spaces"},
        {"\ta: 1\n", "1:1+1 a tab in the indentation; help indent with spaces"},
        {"a: b\n  \tc: d\n",
         "2:5+1 bad indentation: this key is deeper than a line that has a value already; note 1:1 "
         "the line above; help indent keys of one mapping alike; put text with \": \" in quotes"},
        {"? a\n:\tb: c\n", "2:2+1 a tab cannot stand here; help use spaces"},
    };
    (void)state;
    check_reports(cases, COUNT_OF(cases));
}

static void test_colons(void **state)
{
    static const struct syntax_case cases[] = {
        {"a:1\nb: 2\n",
         "1:2+1 a space is missing after this \":\"; help keys are written `key: value`"},
        {"a: 1\nb:2\nc: 3\n",
         "2:2+1 a space is missing after this \":\"; help keys are written `key: value`"},
        {"a: 1\nurl:http://x\nb: 2\n",
         "2:4+1 a space is missing after this \":\"; help keys are written `key: value`"},
        {"a: b: c\n", "1:5+1 a second \": \" on the line of a key; help put the value in quotes if "
                      "the colon belongs to it"},
        {"a: 1\n  b: 2\n",
         "2:4+1 bad indentation: this key is deeper than a line that has a value already; note 1:1 "
         "the line above; help indent keys of one mapping alike; put text with \": \" in quotes"},
        {"aaa\n  b: c\n",
         "2:4+1 bad indentation: this key is deeper than a line that has a value already; note 1:1 "
         "the line above; help indent keys of one mapping alike; put text with \": \" in quotes"},
        {"a: 1\n  # x\n\n  b: 2\n",
         "4:3+1 bad indentation: this fits no key above; note 1:1 the mapping begins here; help "
         "begin all keys of a mapping in the same column"},
        {"- c: d\n   e: f\n",
         "2:5+1 bad indentation: this key is deeper than a line that has a value already; note 1:1 "
         "the line above; help indent keys of one mapping alike; put text with \": \" in quotes"},
        {"a\nb: 1\n", "1:1+1 a \":\" is missing after this key; note 2:2 the next key ends here; "
                      "help keys are written `key: value`"},
        {"a: 1\nb\nc: 2\n", "2:1+1 a \":\" is missing after this key; help keys are written `key: "
                            "value`"},
        {"a: 1\nb", "2:1+1 a \":\" is missing after this key; help keys are written `key: value`"},
        {"a: 1\nétat\nc: 2\n", "2:1+4 a \":\" is missing after this key; help keys are written "
                               "`key: value`"},
        {"http://x\nb: 1\n", "1:1+8 a \":\" is missing after this key; note 2:2 the next key ends "
                             "here; help keys are written `key: value`"},
        {": a\n", "1:1+1 a key is missing before this \":\""},
    };
    (void)state;
    check_reports(cases, COUNT_OF(cases));
}

static void test_quotes(void **state)
{
    static const struct syntax_case cases[] = {
        {"a: \"x\nb: 2\n", "2:5+0 the text ends inside of quotes; note 1:4 the quotes open here; "
                           "help close them with \""},
        {"a: 'x\nb: 2\n\n", "2:5+0 the text ends inside of quotes; note 1:4 the quotes open here; "
                            "help close them with '"},
        {" \"", "1:3+0 the text ends inside of quotes; note 1:2 the quotes open here; help close "
                "them with \""},
        {"a: \"b\n---\nc\"\n", "2:1+1 a line that begins with \"---\" inside of quotes; note 1:4 "
                               "the quotes open here; help close them before, or indent the line"},
        {"a: \"b\n...\n", "2:1+1 a line that begins with \"...\" inside of quotes; note 1:4 the "
                          "quotes open here; help close them before, or indent the line"},
        {"a: \"\\q\"\n", "1:5+1 unknown escape in double quotes; note 1:4 the quotes open here; "
                         "help write \\\\ for a backslash, or use single quotes"},
        {"a: \"\\xzz\"\n", "1:7+1 this escape names no character; note 1:4 the quotes open here; "
                           "help the forms are \\xNN, \\uNNNN and \\UNNNNNNNN, in hexadecimal"},
        {"a: \"\\ud800\"\n", "1:7+1 this escape names no character; note 1:4 the quotes open here; "
                             "help the forms are \\xNN, \\uNNNN and \\UNNNNNNNN, in hexadecimal"},
        {"a: \"b\" c\n",
         "1:8+1 unexpected text after the value; help put the whole value in quotes"},
        {"a: 'it's'\n",
         "1:8+1 unexpected text after the value; help put the whole value in quotes"},
        {"- \"a\"\n- \"b\" \"c\"\n",
         "2:7+1 unexpected text after the value; help put the whole value in quotes"},
    };
    (void)state;
    check_reports(cases, COUNT_OF(cases));
}

static void test_brackets(void **state)
{
    static const struct syntax_case cases[] = {
        {"a: [1, 2\nb: 3\n", "2:2+1 \",\" or \"]\" is missing before this; note 1:4 the list opens "
                             "here; help separate its items with \",\" and close it with \"]\""},
        {"a: {b: 1\nc: 3\n",
         "2:2+1 \",\" or \"}\" is missing before this; note 1:4 the mapping opens here; help "
         "separate its pairs with \",\" and close it with \"}\""},
        {"a: {b: 1", "1:9+0 the text ends inside of a mapping; note 1:4 the mapping opens here; "
                     "help separate its pairs with \",\" and close it with \"}\""},
        {"a: [1", "1:6+0 the text ends inside of a list; note 1:4 the list opens here; help "
                  "separate its items with \",\" and close it with \"]\""},
        {"a: [",
         "1:5+0 the text ends where a value is expected; note 1:4 inside of what begins here"},
        {"a: {b:",
         "1:7+0 the text ends where a value is expected; note 1:4 inside of what begins here"},
        {"a: ]\n", "1:4+1 unexpected \"]\""},
        {"a: [1]]\n", "1:7+1 unexpected \"]\""},
        {"a: [1 2]}\n", "1:9+1 unexpected \"}\""},
        {"a: [b] c\n", "1:8+1 unexpected text after the value; help put the whole value in quotes"},
        {"[a, {d]}", "1:7+1 \",\" or \"}\" is missing before this; note 1:5 the mapping opens "
                     "here; help separate its pairs with \",\" and close it with \"}\""},
        {"a: [b,,c]\n", "1:7+1 a value is expected before this \",\""},
        {"a: {b: c, , d}\n", "1:11+1 a value is expected before this \",\""},
    };
    (void)state;
    check_reports(cases, COUNT_OF(cases));
}

static void test_indentation(void **state)
{
    static const struct syntax_case cases[] = {
        {"a:\n  b: 1\n c: 2\n",
         "3:2+1 bad indentation: this fits no key above; note 1:1 the mapping begins here; help "
         "begin all keys of a mapping in the same column"},
        {"a:\n  - b\n - c\n", "3:2+1 a list item where a key is expected; note 1:1 the mapping "
                              "begins here; help begin all items of a list in the same column"},
        {"a: 1\n- b\n", "2:1+1 a list item where a key is expected; note 1:1 the mapping begins "
                        "here; help begin all items of a list in the same column"},
        {"- a\nb: 1\n", "2:1+1 bad indentation: this fits no list item above; note 1:1 the list "
                        "begins here; help begin all items of a list in the same column"},
        {"- a\n-b: c\n", "2:1+1 a space is missing after this \"-\""},
        {"- - a\n b\n", "2:2+1 bad indentation: this fits no list item above; note 1:1 the list "
                        "begins here; help begin all items of a list in the same column"},
        {"a:\n  - x: 1\n    y: 2\n   z: 3\n",
         "4:4+1 bad indentation: this fits no list item above; note 2:3 the list begins here; help "
         "begin all items of a list in the same column"},
        {"a: |\n  b\n c\n", "3:2+1 bad indentation: this fits no key above; note 1:1 the mapping "
                            "begins here; help begin all keys of a mapping in the same column"},
        {"a: \"b\"\n  c: d\n",
         "2:3+1 bad indentation: this fits no key above; note 1:1 the mapping begins here; help "
         "begin all keys of a mapping in the same column"},
        {"a: - b\n", "1:4+1 a list item cannot stand here; help begin lists on a line of their "
                     "own, or write [a, b]"},
        {"a: ? b\n", "1:4+1 bad YAML: mapping keys are not allowed in this context"},
    };
    (void)state;
    check_reports(cases, COUNT_OF(cases));
}

static void test_special_characters(void **state)
{
    static const struct syntax_case cases[] = {
        {"a: @b\n", "1:4+1 unquoted text cannot begin with \"@\"; help put it in quotes"},
        {"a: `b`\n", "1:4+1 unquoted text cannot begin with \"`\"; help put it in quotes"},
        {"a: %b\n", "1:4+1 unquoted text cannot begin with \"%\"; help put it in quotes"},
        {"a: *\n", "1:5+1 the name of an alias consists of A-Z a-z 0-9 - and _; help put text that "
                   "begins with \"*\" in quotes"},
        {"a: *.x\n", "1:5+1 the name of an alias consists of A-Z a-z 0-9 - and _; help put text "
                     "that begins with \"*\" in quotes"},
        {"a: &\n", "1:5+1 the name of an anchor consists of A-Z a-z 0-9 - and _; help put text "
                   "that begins with \"&\" in quotes"},
        {"a: *x y\n", "1:4+2 unknown alias \"*x\"; help its anchor \"&x\" must stand before it; "
                      "text that begins with \"*\" is put in quotes\n1:7+1 unexpected text after "
                      "the value; help put the whole value in quotes"},
        {"a: &b &c d\n",
         "1:7+1 unexpected text after the value; help put the whole value in quotes"},
        {"a: !e!x y\n",
         "1:4+4 unknown tag \"!e!x\"; help put text that begins with \"!\" in quotes"},
        {"a: !<foo bar\n",
         "1:9+1 bad YAML: did not find the expected '>'; note 1:4 while scanning a tag"},
        {"a: |3x\n b\n",
         "1:6+1 unexpected text after \"|\"; help the text begins on the next line"},
        {"a: > b\n", "1:6+1 unexpected text after \">\"; help the text begins on the next line"},
        {"a: |0\n b\n", "1:5+1 bad YAML: found an indentation indicator equal to 0; note 1:4 while "
                        "scanning a block scalar"},
    };
    (void)state;
    check_reports(cases, COUNT_OF(cases));
}

static void test_documents(void **state)
{
    static const struct syntax_case cases[] = {
        {"%YAML 2.0\n---\na\n", "1:1+1 the version of YAML is not 1.1 or 1.2"},
        {"%YAML 1.3\n---\na\n", "1:1+1 the version of YAML is not 1.1 or 1.2"},
        {"%FOO\n---\na\n",
         "1:5+1 bad YAML: found unknown directive name; note 1:1 while scanning a directive"},
        {"%YAML 1.2\na\n", "2:1+1 \"---\" is missing after the directives"},
        {"\"a\" b\n", "1:5+1 the document is complete before this; help check the indentation, or "
                      "put the whole value in quotes"},
        {"[a]\nb: c\n", "2:1+1 the document is complete before this; help check the indentation, "
                        "or put the whole value in quotes"},
        {"%YAML 1.2\n%YAML 1.2\n---\na", "2:1+1 bad YAML: found duplicate %YAML directive"},
    };
    (void)state;
    check_reports(cases, COUNT_OF(cases));
}

/* A key may have 1024 characters. */
static void test_long_keys(void **state)
{
    static const struct {
        const char *before, *quote;
        size_t length;
        const char *report;
    } cases[] = {
        {"", "\"", 1022, ""},
        {"", "\"", 1023, "1:1026+1 a key longer than 1024 characters"},
        {"a: 1\n", "", 1024, ""},
        {"a: 1\n", "", 2000,
         "2:1+2003 a key longer than 1024 characters, or without \":\"; help keys are written "
         "`key: value`"},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct doc_fixture fixture;
        struct arena arena = {0};
        char *key = arena_alloc(&arena, cases[i].length + 1), *text;
        memset(key, 'k', cases[i].length);
        text = arena_printf(&arena, "%s%s%s%s: a\n", cases[i].before, cases[i].quote, key,
                            cases[i].quote);
        doc_fixture_read(&fixture, text, strlen(text), NULL);
        assert_string_equal(buf_text(&fixture.report), cases[i].report);
        doc_fixture_release(&fixture);
        arena_release(&arena);
    }
}

/* The message as a user sees it. */
static void test_rendered(void **state)
{
    static const char text[] = "services:\n  - name: \"é: [\n";
    struct doc_fixture fixture;
    struct buf out;
    (void)state;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    doc_fixture_read(&fixture, text, strlen(text), NULL);
    diag_render_text(&fixture.diag, &out, false);
    assert_string_equal(buf_text(&out), "roster.yaml:2:16: error: the text ends inside of quotes\n"
                                        "      - name: \"é: [\n"
                                        "                   ^\n"
                                        "  help: close them with \"\n"
                                        "  roster.yaml:2:11: note: the quotes open here\n"
                                        "      - name: \"é: [\n"
                                        "              ^\n");
    doc_fixture_release(&fixture);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tabs),        cmocka_unit_test(test_colons),
        cmocka_unit_test(test_quotes),      cmocka_unit_test(test_brackets),
        cmocka_unit_test(test_indentation), cmocka_unit_test(test_special_characters),
        cmocka_unit_test(test_documents),   cmocka_unit_test(test_long_keys),
        cmocka_unit_test(test_rendered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
