#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "doc_fixture.h"

#include <stdio.h>

struct tree_case {
    const char *text;
    const char *tree;
};

static void check_trees(const struct tree_case *cases, size_t count, bool places)
{
    size_t i;
    for (i = 0; i < count; i++) {
        struct doc_fixture fixture;
        doc_fixture_read(&fixture, cases[i].text, strlen(cases[i].text), NULL);
        dump_node(&fixture.tree, fixture.doc.root, places);
        if (fixture.result != 0 || !str_equal(buf_text(&fixture.tree), cases[i].tree))
            print_error("for: %s\n%s\n", cases[i].text, buf_text(&fixture.report));
        assert_string_equal(buf_text(&fixture.tree), cases[i].tree);
        assert_int_equal(fixture.result, 0);
        assert_int_equal(fixture.diag.count, 0);
        doc_fixture_release(&fixture);
    }
}

/* The kind of every form that the core schema knows, and of what only looks like one. */
static void test_scalar_kinds(void **state)
{
    static const struct {
        enum doc_kind kind;
        const char *texts[40];
    } cases[] = {
        {DOC_NULL, {"~", "null", "Null", "NULL"}},
        {DOC_BOOLEAN, {"true", "True", "TRUE", "false", "False", "FALSE"}},
        {DOC_INTEGER,
         {"0", "7", "-1", "+1", "007", "+15005550001", "123456789012345678901234567890", "0o17",
          "0o0", "0x1f", "0xDEADbeef", "-0", "+0"}},
        {DOC_FLOAT,
         {"1.", "1.5", ".5", "-.5", "+1.5e3", "1e3", "1E-3", "1e+3", "0.", "-1.e2", ".inf", "-.inf",
          "+.inf", ".Inf", ".INF", "-.INF", ".nan", ".NaN", ".NAN"}},
        {DOC_STRING, {"yes",  "no",       "on",    "off",   "y",    "n",   "nULL", "nil",
                      "tRue", "1:30",     "1_000", "0o8",   "0o",   "0x",  "0xg",  "-0x1",
                      "+0o7", "0b1",      "1e",    "1e+",   ".",    ".e1", "+",    "+.",
                      ".inF", "+.nan",    "-.nan", "1.2.3", "1.5x", "0X1", "0O7",  "2001-12-14",
                      "--1",  "infinity", "nan",   "e3",    "1 2",  "a"}},
    };
    size_t i, j;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        for (j = 0; j < COUNT_OF(cases[i].texts) && cases[i].texts[j] != NULL; j++) {
            const char *text = cases[i].texts[j];
            struct doc_fixture fixture;
            const struct doc_node *node;
            char yaml[128];

            snprintf(yaml, sizeof(yaml), "[%s, \"%s\", '%s']", text, text, text);
            doc_fixture_read(&fixture, yaml, strlen(yaml), NULL);
            if (fixture.result != 0)
                print_error("for: %s\n%s\n", yaml, buf_text(&fixture.report));
            assert_int_equal(fixture.result, 0);
            node = fixture.doc.root->items[0];
            if (node->kind != cases[i].kind)
                print_error("for: %s\n", text);
            assert_int_equal(node->kind, cases[i].kind);
            assert_true(node->plain);
            assert_string_equal(node->text, text);
            assert_int_equal(node->size, strlen(text));
            for (size_t quoted = 1; quoted < 3; quoted++) {
                node = fixture.doc.root->items[quoted];
                assert_int_equal(node->kind, DOC_STRING);
                assert_false(node->plain);
                assert_string_equal(node->text, text);
            }
            doc_fixture_release(&fixture);
        }
    }
}

static void test_trees(void **state)
{
    static const struct tree_case cases[] = {
        /* no content */
        {"", "nothing"},
        {"\n\n", "nothing"},
        {"# a comment only", "nothing"},
        {"---\n", "nothing"},
        {"---\n...\n", "nothing"},
        {"\xef\xbb\xbf", "nothing"},
        {"~\n", "~"},
        {"null", "~"},
        {"\"\"", "s:"},
        /* collections */
        {"a: 1\nb: [x, {y: z}]\n", "{s:a=i:1,s:b=[s:x,{s:y=s:z}]}"},
        {"a:\nb:\n- 1\n-\n- - 2\n", "{s:a=~,s:b=[i:1,~,[i:2]]}"},
        {"{}", "{}"},
        {"[]", "[]"},
        {"[a: b, c]", "[{s:a=s:b},s:c]"},
        {"{a, b: , \"c\":d}", "{s:a=~,s:b=~,s:c=s:d}"},
        {"? a\n: b\n? c\n", "{s:a=s:b,s:c=~}"},
        {"1: a\ntrue: b\n~: c\n", "{i:1=s:a,b:true=s:b,~=s:c}"},
        {"a: {b: 1,}\nc: [1,]\n", "{s:a={s:b=i:1},s:c=[i:1]}"},
        /* scalars over several lines, escapes */
        {"a: b\n  c\n\n  d\n", "{s:a=s:b c\\nd}"},
        {"a: |\n  b\n   c\nd: >-\n  e\n  f\n", "{s:a=s:b\\n c\\n,s:d=s:e f}"},
        {"a: |+\n  b\n\n", "{s:a=s:b\\n\\n}"},
        {"a: |\n  12\n", "{s:a=s:12\\n}"},
        {"\"a\\tb\\u00e9\\x41\\\\\\\"\"", "s:a\\tbéA\\\""},
        {"'it''s'", "s:it's"},
        {"http://x#y: b#c #d", "{s:http://x#y=s:b#c}"},
        /* line ends, byte order mark, tabs where they may be */
        {"\xef\xbb\xbf"
         "a: b\n",
         "{s:a=s:b}"},
        {"a: 1\r\nb:\r\n  - c\r\n", "{s:a=i:1,s:b=[s:c]}"},
        {"a: 1\rb: 2\r", "{s:a=i:1,s:b=i:2}"},
        {"a: |\r\n  b\r\n  c\r\n", "{s:a=s:b\\nc\\n}"},
        {"a:\t1\t# x\n", "{s:a=i:1}"},
        {"a: \"b\tc\"", "{s:a=s:b\\tc}"},
        /* directives and markers */
        {"%YAML 1.1\n---\na: yes\n", "{s:a=s:yes}"},
        {"%YAML 1.2\n--- a\n...\n", "s:a"},
        {"%TAG !y! tag:yaml.org,2002:\n---\n!y!str 1\n", "s:1"},
        /* tags */
        {"[!!str 12, !!str, !!str true]", "[s:12,s:,s:true]"},
        {"[!!int \"12\", !!int 0x1, !!float 1, !!float '1.5', !!bool \"true\", !!null \"\"]",
         "[i:12,i:0x1,f:1,f:1.5,b:true,~]"},
        {"!!map {a: !!seq [b]}", "{s:a=[s:b]}"},
        {"!<tag:yaml.org,2002:str> 12", "s:12"},
        /* anchors */
        {"a: &x 1\nb: *x\n", "{s:a=i:1,s:b=i:1}"},
        {"[&x {a: 1}, *x]", "[{s:a=i:1},{s:a=i:1}]"},
        {"[&x , *x]", "[~,~]"},
        {"[&x 1, *x, &x 2, *x]", "[i:1,i:1,i:2,i:2]"},
        {"[&x [&x 1, *x], *x]", "[[i:1,i:1],i:1]"},
        {"{&k a: b, c: {*k : d}}", "{s:a=s:b,s:c={s:a=s:d}}"},
        {"- &k a\n- {*k : b}\n", "[s:a,{s:a=s:b}]"},
        {"- &a !!str 1\n- !!str &b 2\n- *a\n- *b\n", "[s:1,s:2,s:1,s:2]"},
    };
    (void)state;
    check_trees(cases, COUNT_OF(cases), false);
}

static void test_merges(void **state)
{
    static const struct tree_case cases[] = {
        {"[&x {a: 1, b: 2}, {<<: *x}]", "[{s:a=i:1,s:b=i:2},{<s:a=i:1,<s:b=i:2}]"},
        /* own keys win, wherever they stand, and come first */
        {"[&x {a: 1, b: 2}, {c: 3, <<: *x, b: 4}]",
         "[{s:a=i:1,s:b=i:2},{s:c=i:3,s:b=i:4,<s:a=i:1}]"},
        {"[&x {a: 1, b: 2}, {b: null, <<: *x}]", "[{s:a=i:1,s:b=i:2},{s:b=~,<s:a=i:1}]"},
        /* of several, the earlier wins */
        {"[&x {a: 1}, &y {a: 2, b: 3}, {<<: [*x, *y]}, {<<: [*y, *x]}]",
         "[{s:a=i:1},{s:a=i:2,s:b=i:3},{<s:a=i:1,<s:b=i:3},{<s:a=i:2,<s:b=i:3}]"},
        /* what was merged is merged on; as an own key it may be overridden */
        {"[&x {a: 1}, &y {<<: *x, b: 2}, {<<: *y, b: 3}]",
         "[{s:a=i:1},{s:b=i:2,<s:a=i:1},{s:b=i:3,<s:a=i:1}]"},
        {"{<<: {a: 1}, b: 2}", "{s:b=i:2,<s:a=i:1}"},
        {"{<<: [{a: 1}, {a: 2, b: 3}]}", "{<s:a=i:1,<s:b=i:3}"},
        {"{<<: []}", "{}"},
        {"{<<: {}}", "{}"},
        /* only a plain one merges */
        {"{\"<<\": {a: 1}}", "{s:<<={s:a=i:1}}"},
        {"{\"<<\": 1, <<: {a: 2}}", "{s:<<=i:1,<s:a=i:2}"},
    };
    (void)state;
    check_trees(cases, COUNT_OF(cases), false);
}

static void test_a_merged_pair_shares_its_nodes(void **state)
{
    static const char text[] = "a: &x {k: {v: 1}}\nb: {<<: *x}\nc: *x\n";
    struct doc_fixture fixture;
    const struct doc_node *a, *b;
    (void)state;
    doc_fixture_read(&fixture, text, strlen(text), NULL);
    assert_int_equal(fixture.result, 0);
    a = doc_get(fixture.doc.root, "a");
    b = doc_get(fixture.doc.root, "b");
    assert_ptr_equal(a->pairs[0].key, b->pairs[0].key);
    assert_ptr_equal(a->pairs[0].value, b->pairs[0].value);
    assert_false(a->pairs[0].merged);
    assert_true(b->pairs[0].merged);
    assert_ptr_equal(doc_get(fixture.doc.root, "c"), a);
    doc_fixture_release(&fixture);
}

static void test_spans(void **state)
{
    static const struct tree_case cases[] = {
        {"key: value\n", "{s:key@1:1+3=s:value@1:6+5}@1:1+1"},
        {"a: \"b c\"\n", "{s:a@1:1+1=s:b c@1:4+5}@1:1+1"},
        {"a: 'it''s'  # x\n", "{s:a@1:1+1=s:it's@1:4+7}@1:1+1"},
        {"a:\n  - [b, {c: d}]\n",
         "{s:a@1:1+1=[[s:b@2:6+1,{s:c@2:10+1=s:d@2:13+1}@2:9+1]@2:5+1]@2:3+1}@1:1+1"},
        /* characters, not bytes */
        {"é: \"ü€😀\" \nb: c", "{s:é@1:1+1=s:ü€😀@1:4+5,s:b@2:1+1=s:c@2:4+1}@1:1+1"},
        {"\xef\xbb\xbf"
         "a: b",
         "{s:a@1:1+1=s:b@1:4+1}@1:1+1"},
        /* several lines: to the end of the first */
        {"a: b c  \n  d\n", "{s:a@1:1+1=s:b c d@1:4+3}@1:1+1"},
        {"a: \"b c\r\n  d\"\r\ne: 1", "{s:a@1:1+1=s:b c d@1:4+4,s:e@3:1+1=i:1@3:4+1}@1:1+1"},
        {"a: |-  # x\n  b\nc: >2\n   d\n", "{s:a@1:1+1=s:b@1:4+2,s:c@3:1+1=s: d\\n@3:4+2}@1:1+1"},
        {"a: b\rc: d\r", "{s:a@1:1+1=s:b@1:4+1,s:c@2:1+1=s:d@2:4+1}@1:1+1"},
        /* nothing has no length */
        {"a:\nb: ", "{s:a@1:1+1=~@1:3+0,s:b@2:1+1=~@2:3+0}@1:1+1"},
        /* anchors and tags are no part of a node's place */
        {"a: &x \"b\"\nc: !!str  &y d\n", "{s:a@1:1+1=s:b@1:7+3,s:c@2:1+1=s:d@2:14+1}@1:1+1"},
        {"a: &x # why & what\n  !!map\n\n  b: c\n",
         "{s:a@1:1+1={s:b@4:3+1=s:c@4:6+1}@4:3+1}@1:1+1"},
        {"[&x , !!str , b]", "[~@1:4+0,s:@1:12+0,s:b@1:15+1]@1:1+1"},
        {"- &x\n- é: &y [z]\n", "[~@1:5+0,{s:é@2:3+1=[s:z@2:10+1]@2:9+1}@2:3+1]@1:1+1"},
        /* an alias has the place of what it stands for */
        {"[&x b, *x]", "[s:b@1:5+1,s:b@1:5+1]@1:1+1"},
        {"---\na\n", "s:a@2:1+1"},
    };
    (void)state;
    check_trees(cases, COUNT_OF(cases), true);
}

static void test_nul_in_a_string(void **state)
{
    static const char text[] = "{\"a\\0b\": \"c\\0\", a: 1}";
    struct doc_fixture fixture;
    const struct doc_pair *pair;
    (void)state;
    doc_fixture_read(&fixture, text, strlen(text), NULL);
    assert_int_equal(fixture.result, 0);
    pair = &fixture.doc.root->pairs[0];
    assert_int_equal(pair->key->size, 3);
    assert_memory_equal(pair->key->text, "a\0b", 4);
    assert_int_equal(pair->value->size, 2);
    assert_memory_equal(pair->value->text, "c\0", 3);
    assert_string_equal(doc_get(fixture.doc.root, "a")->text, "1");
    doc_fixture_release(&fixture);
}

static void test_doc_copies_what_it_is_given(void **state)
{
    char text[] = "a: b", name[] = "roster.yaml";
    struct diag diag;
    struct doc doc;
    (void)state;
    diag_init(&diag);
    assert_int_equal(doc_parse(&doc, name, text, strlen(text), &diag), 0);
    memset(text, 'x', sizeof(text));
    memset(name, 'x', sizeof(name));
    assert_string_equal(doc.source.name, "roster.yaml");
    assert_string_equal(doc.source.text, "a: b");
    assert_int_equal(doc.source.size, 4);
    assert_string_equal(doc_get(doc.root, "a")->text, "b");
    assert_ptr_equal(doc.root->span.source, &doc.source);
    doc_release(&doc);
    assert_null(doc.root);
    doc_release(&doc);
    diag_release(&diag);
}

static void test_get(void **state)
{
    static const char text[] = "{a: 1, ab: 2, \"\": 3, l: [a]}";
    struct doc_fixture fixture;
    const struct doc_node *root;
    (void)state;
    doc_fixture_read(&fixture, text, strlen(text), NULL);
    root = fixture.doc.root;
    assert_string_equal(doc_get(root, "a")->text, "1");
    assert_string_equal(doc_get(root, "ab")->text, "2");
    assert_string_equal(doc_get(root, "")->text, "3");
    assert_null(doc_get(root, "abc"));
    assert_null(doc_get(root, "b"));
    assert_null(doc_get(doc_get(root, "l"), "a"));
    assert_null(doc_get(doc_get(root, "a"), "a"));
    doc_fixture_release(&fixture);
}

static void test_integers(void **state)
{
    static const struct {
        const char *text;
        int result;
        int64_t value;
    } cases[] = {
        {"0", 0, 0},
        {"-12", 0, -12},
        {"+15005550001", 0, 15005550001},
        {"0012", 0, 12},
        {"0o17", 0, 15},
        {"0xfF", 0, 255},
        {"9223372036854775807", 0, INT64_MAX},
        {"-9223372036854775808", 0, INT64_MIN},
        {"0x7fffffffffffffff", 0, INT64_MAX},
        {"9223372036854775808", -1, 0},
        {"-9223372036854775809", -1, 0},
        {"0x8000000000000000", -1, 0},
        {"0o1000000000000000000000", -1, 0},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct doc_fixture fixture;
        int64_t value = 4711;
        doc_fixture_read(&fixture, cases[i].text, strlen(cases[i].text), NULL);
        assert_int_equal(fixture.doc.root->kind, DOC_INTEGER);
        assert_int_equal(doc_integer(fixture.doc.root, &value), cases[i].result);
        assert_true(value == (cases[i].result == 0 ? cases[i].value : 4711));
        doc_fixture_release(&fixture);
    }
}

static void test_booleans_and_names(void **state)
{
    static const char *const names[] = {"null",     "a boolean", "an integer", "a number",
                                        "a string", "a list",    "a mapping"};
    static const char text[] = "[true, True, TRUE, false, False, FALSE]";
    struct doc_fixture fixture;
    size_t i;
    (void)state;
    doc_fixture_read(&fixture, text, strlen(text), NULL);
    for (i = 0; i < 6; i++)
        assert_int_equal(doc_boolean(fixture.doc.root->items[i]), i < 3);
    doc_fixture_release(&fixture);
    for (i = 0; i < COUNT_OF(names); i++)
        assert_string_equal(doc_kind_name((enum doc_kind)i), names[i]);
}

/* Long lines and long lists are nothing special. */
static void test_size(void **state)
{
    enum { NUMBERS = 20000, LINE = 300000 };
    struct doc_fixture fixture;
    struct buf text;
    const struct doc_node *list, *line;
    int i;
    (void)state;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_add_text(&text, "long: \"");
    buf_add_fill(&text, 'x', LINE);
    buf_add_text(&text, "\"\nlist:\n");
    for (i = 0; i < NUMBERS; i++)
        buf_printf(&text, "  - \"+1500%07d\"\n", i);
    doc_fixture_read(&fixture, text.data, text.size, NULL);
    assert_int_equal(fixture.result, 0);
    line = doc_get(fixture.doc.root, "long");
    assert_int_equal(line->size, LINE);
    assert_int_equal(line->span.length, LINE + 2);
    list = doc_get(fixture.doc.root, "list");
    assert_int_equal(list->count, NUMBERS);
    assert_string_equal(list->items[NUMBERS - 1]->text, "+15000019999");
    assert_int_equal(list->items[NUMBERS - 1]->span.line, NUMBERS + 2);
    doc_fixture_release(&fixture);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalar_kinds),
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_merges),
        cmocka_unit_test(test_a_merged_pair_shares_its_nodes),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_nul_in_a_string),
        cmocka_unit_test(test_doc_copies_what_it_is_given),
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_booleans_and_names),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
