#include "document/layout_edit.h"

#include "base/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A text being edited. */
struct bench {
    struct arena arena;
    struct doc doc;
    struct layout layout;
    struct layout_edits edits;
    struct diag diag;
    const char *text;
};

static void bench_begin(struct bench *bench, const char *text)
{
    memset(bench, 0, sizeof(*bench));
    diag_init(&bench->diag);
    bench->text = text;
    assert_int_equal(doc_parse(&bench->doc, "r.yaml", text, strlen(text), &bench->diag), 0);
    assert_int_equal(layout_read(&bench->layout, &bench->doc, &bench->diag), 0);
    bench->edits = (struct layout_edits){.arena = &bench->arena, .doc = &bench->doc};
}

static void bench_end(struct bench *bench, const char *wanted)
{
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    assert_int_equal(layout_edits_apply(&bench->edits, bench->text, strlen(bench->text), &out), 0);
    assert_string_equal(buf_text(&out), wanted);
    buf_release(&out);
    layout_release(&bench->layout);
    doc_release(&bench->doc);
    diag_release(&bench->diag);
    arena_release(&bench->arena);
}

static struct layout_entry *entry_of(const struct bench *bench, const char *key)
{
    struct layout_entry *entry = layout_find(bench->layout.root, key);
    assert_non_null(entry);
    return entry;
}

static void test_scalars(void **state)
{
    static const struct {
        const char *before;
        enum doc_kind kind;
        const char *text, *after;
    } cases[] = {
        {"k: old\n", DOC_STRING, "new", "k: new\n"},
        {"k:   old   # why\n", DOC_STRING, "new", "k:   new   # why\n"},
        {"k: 'old'\n", DOC_STRING, "it's", "k: 'it''s'\n"},
        {"k: \"old\"\n", DOC_STRING, "new", "k: \"new\"\n"},
        {"k: 'old'\n", DOC_STRING, "a\tb", "k: \"a\\tb\"\n"},
        {"k: old\n", DOC_STRING, "no", "k: \"no\"\n"},
        {"k: old\n", DOC_STRING, "a: b", "k: \"a: b\"\n"},
        {"k: 'old'\n", DOC_NULL, "null", "k: null\n"},
        {"k: TRUE\n", DOC_BOOLEAN, "false", "k: false\n"},
        {"k: ~\n", DOC_STRING, "new", "k: new\n"},
        {"k:\nother: 1\n", DOC_STRING, "new", "k: new\nother: 1\n"},
        {"k:   # none\n", DOC_STRING, "new", "k: new   # none\n"},
        {"k:", DOC_STRING, "new", "k: new"},
        {"k: &a old\n", DOC_STRING, "new", "k: &a new\n"},
        {"k: &a\nother: 1\n", DOC_STRING, "new", "k: &a new\nother: 1\n"},
        {"k: !!str 1\n", DOC_NULL, "null", "k: null\n"},
        {"k: |-\n  old\n  text\nother: 1\n", DOC_STRING, "new", "k: new\nother: 1\n"},
        {"k: >\n  old\n\n\n# c\nother: 1\n", DOC_STRING, "new", "k: new\n\n\n# c\nother: 1\n"},
        {"k: old\n  words\nother: 1\n", DOC_STRING, "new", "k: new\nother: 1\n"},
        {"k: \"old\\\n  words\"\n", DOC_STRING, "new", "k: \"new\"\n"},
        {"k: old", DOC_STRING, "new", "k: new"},
        {"k: old\r\nother: 1\r\n", DOC_STRING, "new", "k: new\r\nother: 1\r\n"},
        {"\xef\xbb\xbfk: old\n", DOC_STRING, "new", "\xef\xbb\xbfk: new\n"},
        {"\xc3\xb6: \xc3\xb6\nk: \xc3\xb6 # \xc3\xb6\n", DOC_STRING, "\xc3\xa4",
         "\xc3\xb6: \xc3\xb6\nk: \"\xc3\xa4\" # \xc3\xb6\n"},
        {"{k: old, other: 1}\n", DOC_STRING, "a?b", "{k: \"a?b\", other: 1}\n"},
        {"a: &x 1\nk: *x\n", DOC_INTEGER, "2", "a: &x 1\nk: 2\n"},
        {"a: &x 1\nk: *x # c\n", DOC_STRING, "new", "a: &x 1\nk: new # c\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct layout_piece piece = {.kind = cases[i].kind, .text = cases[i].text};
        const struct layout_entry *entry;
        struct bench bench;
        bench_begin(&bench, cases[i].before);
        entry = entry_of(&bench, "k");
        layout_set_scalar(&bench.edits, entry->value, entry->key, bench.layout.root->braces,
                          &piece);
        bench_end(&bench, cases[i].after);
    }
}

static void test_keys(void **state)
{
    static const struct {
        const char *before;
        size_t after_entry;
        const char *after;
    } cases[] = {
        {"a: 1\nb: 2\n", 0, "a: 1\nnew: true\nb: 2\n"},
        {"a: 1  # c\nb: 2\n", 0, "a: 1  # c\nnew: true\nb: 2\n"},
        {"a: 1\nb: 2", 1, "a: 1\nb: 2\nnew: true"},
        {"a:\n  - 1\n  - 2\n\nb: 2\n", 0, "a:\n  - 1\n  - 2\nnew: true\n\nb: 2\n"},
        {"a: 1\r\nb: 2\r\n", 0, "a: 1\r\nnew: true\r\nb: 2\r\n"},
        {"a: 1\rb: 2\r", 1, "a: 1\rb: 2\rnew: true\r"},
        {"{a: 1, b: 2}\n", 0, "{a: 1, new: true, b: 2}\n"},
        {"{\"a\": 1, \"b\": 2}\n", 1, "{\"a\": 1, \"b\": 2, \"new\": true}\n"},
        {"{a: 1,\n b: 2 # c\n}\n", 1, "{a: 1,\n b: 2, new: true # c\n}\n"},
        {"a: |\n  text\n\nb: 2\n", 0, "a: |\n  text\nnew: true\n\nb: 2\n"},
    };
    const struct layout_piece piece = {.kind = DOC_BOOLEAN, .text = "true"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct bench bench;
        bench_begin(&bench, cases[i].before);
        layout_add_key(&bench.edits, bench.layout.root, cases[i].after_entry, "new", &piece);
        bench_end(&bench, cases[i].after);
    }
}

/* In an item, where the key has the item's indentation; the first key stands behind the dash. */
static void test_keys_of_items(void **state)
{
    const struct layout_piece piece = {.kind = DOC_BOOLEAN, .text = "true"};
    struct bench bench;

    (void)state;
    bench_begin(&bench, "l:\n  -   a: 1\n      b: 2\n");
    layout_add_key(&bench.edits, entry_of(&bench, "l")->value->entries[0].value, 0, "new", &piece);
    bench_end(&bench, "l:\n  -   a: 1\n      new: true\n      b: 2\n");
    bench_begin(&bench, "l:\n  - a: 1 # x\n    b: 2\n");
    layout_remove_key(&bench.edits, entry_of(&bench, "l")->value->entries[0].value, 0);
    bench_end(&bench, "l:\n  - b: 2\n");
    bench_begin(&bench, "l:\n  - a: 1 # x\n    b: 2\n");
    layout_remove_key(&bench.edits, entry_of(&bench, "l")->value->entries[0].value, 1);
    bench_end(&bench, "l:\n  - a: 1 # x\n");
    bench_begin(&bench, "l: [{a: 1, b: 2, c: 3}]\n");
    layout_remove_key(&bench.edits, entry_of(&bench, "l")->value->entries[0].value, 1);
    bench_end(&bench, "l: [{a: 1, c: 3}]\n");
}

/* Takes out the items whose letters are in `out`, puts in "new" in front of an index. */
static void edit_list(struct bench *bench, const char *out, long before)
{
    const struct layout_piece piece = {.kind = DOC_STRING, .text = "n e w"};
    const struct layout_addition addition = {.before = (size_t)before, .value = {&piece, 1}};
    const struct layout_entry *entry = entry_of(bench, "l");
    bool removed[16] = {false};
    size_t i;

    for (i = 0; i < entry->value->count; i++)
        removed[i] = strchr(out, layout_resolve(entry->value->entries[i].value)->text[0]) != NULL;
    layout_edit_list(&bench->edits, entry, removed, &addition, before < 0 ? 0 : 1);
}

static void test_lists(void **state)
{
    static const struct {
        const char *before, *out;
        long at;
        const char *after;
    } cases[] = {
        /* block style */
        {"l:\n  - a\n  - b\n", "a", -1, "l:\n  - b\n"},
        {"l:\n  - a  # first\n  # own\n  - b\n", "a", -1, "l:\n  # own\n  - b\n"},
        {"l:\n  # own\n  - a\n  - b\n", "a", -1, "l:\n  # own\n  - b\n"},
        {"l:\n  - a\n  - b\nk: 1\n", "ab", -1, "l: []\nk: 1\n"},
        {"l: # why\n  - a\nk: 1\n", "a", -1, "l: [] # why\nk: 1\n"},
        {"l: &x\n  - a\n", "a", -1, "l: &x []\n"},
        {"l: &x # why\n- a\n", "a", -1, "l: &x [] # why\n"},
        {"l:\n- a\n- b\n", "", 2, "l:\n- a\n- b\n- n e w\n"},
        {"l:\n  -   'a'\n  -   'b'\nk: 1\n", "", 1,
         "l:\n  -   'a'\n  -   'n e w'\n  -   'b'\nk: 1\n"},
        {"l:\n  # main\n  - \"a\"\n  - b\n", "", 0,
         "l:\n  - \"n e w\"\n  # main\n  - \"a\"\n  - b\n"},
        {"l:\n  - a # x\n\n\nk: 1\n", "", 1, "l:\n  - a # x\n  - n e w\n\n\nk: 1\n"},
        {"l:\n  - a # x\nk: 1\n", "a", 1, "l:\n  - n e w\nk: 1\n"},
        {"l:\n  - a\n  - b", "", 2, "l:\n  - a\n  - b\n  - n e w"},
        {"l:\n  - a\n  - b", "b", -1, "l:\n  - a"},
        {"l:\n  - a\n  - b", "b", 1, "l:\n  - a\n  - n e w"},
        {"l:\r\n  - a\r\n", "", 1, "l:\r\n  - a\r\n  - n e w\r\n"},
        /* brackets on one line */
        {"l: []\n", "", 0, "l: [n e w]\n"},
        {"l: [ ] # c\n", "", 0, "l: [n e w] # c\n"},
        {"l: [a, b, c]\n", "a", -1, "l: [b, c]\n"},
        {"l: [a, b, c]\n", "b", -1, "l: [a, c]\n"},
        {"l: [a, b, c]\n", "c", -1, "l: [a, b]\n"},
        {"l: [a, b, c]\n", "bc", -1, "l: [a]\n"},
        {"l: [ a, b , c, ]\n", "c", -1, "l: [ a, b, ]\n"},
        {"l: [ a ]\n", "a", -1, "l: []\n"},
        {"l: [a, b]\n", "", 0, "l: [n e w, a, b]\n"},
        {"l: [a, b]\n", "", 1, "l: [a, n e w, b]\n"},
        {"l: ['a', 'b']\n", "", 2, "l: ['a', 'b', 'n e w']\n"},
        {"l: [a, b]\n", "b", 2, "l: [a, n e w]\n"},
        {"l: [a, b]\n", "a", 1, "l: [n e w, b]\n"},
        {"l: [\"a\"]\n", "a", 0, "l: [\"n e w\"]\n"},
        /* brackets on several lines */
        {"l: [\n  a,\n  b\n]\n", "a", -1, "l: [\n  b\n]\n"},
        {"l: [\n  a,\n  b\n]\n", "b", -1, "l: [\n  a,\n]\n"},
        {"l: [\n  a, # x\n  # y\n  b # z\n]\n", "b", -1, "l: [\n  a, # x\n  # y\n]\n"},
        {"l: [\n  a,\n  b # z\n]\n", "", 2, "l: [\n  a,\n  b, # z\n  n e w\n]\n"},
        {"l: [\n  a,\n  b, # z\n]\n", "", 2, "l: [\n  a,\n  b, # z\n  n e w,\n]\n"},
        {"l: [\n  # x\n  a,\n  b]\n", "", 0, "l: [\n  n e w,\n  # x\n  a,\n  b]\n"},
        {"l: [a,\n    b]\n", "", 2, "l: [a,\n    b, n e w]\n"},
        {"l: [a,\n    b]\n", "b", -1, "l: [a,\n    ]\n"},
        {"l: [\n  a\n]\n", "a", -1, "l: []\n"},
        {"l: [\n  a, # x\n]\n", "a", -1, "l: []\n"},
        {"l: [\n  a\n  # x\n]\n", "a", -1, "l: [\n  # x\n]\n"},
        {"l: [\n  # x\n  a\n]\n", "a", -1, "l: [\n  # x\n]\n"},
        {"l: [\n  # x\n  a\n]\n", "a", 0, "l: [\n  # x\n  n e w\n]\n"},
        {"l: [\n  # x\n]\n", "", 0, "l: [n e w\n  # x\n]\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct bench bench;
        bench_begin(&bench, cases[i].before);
        edit_list(&bench, cases[i].out, cases[i].at);
        bench_end(&bench, cases[i].after);
    }
}

/* Items that are mappings look like their neighbours, too. */
static void test_mappings(void **state)
{
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"l: []\n", "l: [{a: X, c: GB}]\n"},
        {"l: [{c: 'DE', a: \"Y\"}]\n", "l: [{c: 'DE', a: \"Y\"}, {c: 'GB', a: \"X\"}]\n"},
        {"{\"l\": []}\n", "{\"l\": [{\"a\": \"X\", \"c\": \"GB\"}]}\n"},
        {"l:\n  - {a: Y, c: DE}\n", "l:\n  - {a: Y, c: DE}\n  - {a: X, c: GB}\n"},
        {"l:\n  -  c: DE # x\n     a: 'Y'\nk: 1\n",
         "l:\n  -  c: DE # x\n     a: 'Y'\n  -  c: GB\n     a: 'X'\nk: 1\n"},
        {"l:\n  - {a: Y}\n", "l:\n  - {a: Y}\n  - {a: X, c: GB}\n"},
        {"l:\n  -\n    a: Y\n    c: DE\n", "l:\n  -\n    a: Y\n    c: DE\n  - {a: X, c: GB}\n"},
    };
    const struct layout_piece pieces[] = {
        {.key = "a", .kind = DOC_STRING, .text = "X"},
        {.key = "c", .kind = DOC_STRING, .text = "GB"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct layout_addition addition = {.value = {pieces, 2}};
        const bool removed[4] = {false};
        struct bench bench;
        bench_begin(&bench, cases[i].before);
        addition.before = entry_of(&bench, "l")->value->count;
        layout_edit_list(&bench.edits, entry_of(&bench, "l"), removed, &addition, 1);
        bench_end(&bench, cases[i].after);
    }
}

static void test_blocks(void **state)
{
    static const char *const blocks[] = {"# N1\n- n: 1\n  m: 2\n", "- n: 2\n"};
    static const struct {
        const char *before, *out;
        size_t blocks;
        const char *after;
    } cases[] = {
        {"l:\n  # one\n  - n: a\n  # two\n  - n: b\n", "a", 0, "l:\n  # two\n  - n: b\n"},
        {"l:\n  - n: a\n\n  # two\n  # more\n  - n: b\n    m: c\n\nk: 1\n", "b", 0,
         "l:\n  - n: a\n\nk: 1\n"},
        {"l:\n  - n: a\n\n\n  - n: b\n", "a", 0, "l:\n  - n: b\n"},
        {"l:\n  - n: a\n  # of a\n\n  - n: b\n", "b", 0, "l:\n  - n: a\n  # of a\n"},
        {"l:\n  - n: a\nk: 1\n", "a", 0, "l: []\nk: 1\n"},
        {"l: [{n: a}, {n: b}]\n", "a", 0, "l: [{n: b}]\n"},
        {"l:\n  - n: a\nk: 1\n", "", 1, "l:\n  - n: a\n\n  # N1\n  - n: 1\n    m: 2\nk: 1\n"},
        {"l:\n- n: a\n- n: b\n", "", 2, "l:\n- n: a\n- n: b\n# N1\n- n: 1\n  m: 2\n- n: 2\n"},
        {"l:\n- n: a\n\n# b\n- n: b", "", 2,
         "l:\n- n: a\n\n# b\n- n: b\n\n# N1\n- n: 1\n  m: 2\n\n- n: 2"},
        {"l:\n  - n: a\nk: 1\n", "a", 1, "l:\n  # N1\n  - n: 1\n    m: 2\nk: 1\n"},
        {"l: []  # none\nk: 1\n", "", 1, "l:  # none\n  # N1\n  - n: 1\n    m: 2\nk: 1\n"},
        {"l: []", "", 1, "l:\n  # N1\n  - n: 1\n    m: 2"},
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct layout_entry *entry;
        bool removed[8] = {false};
        struct bench bench;
        bench_begin(&bench, cases[i].before);
        entry = entry_of(&bench, "l");
        for (j = 0; j < entry->value->count; j++)
            removed[j] =
                strchr(cases[i].out,
                       layout_find(entry->value->entries[j].value, "n")->value->text[0]) != NULL;
        assert_int_equal(layout_edit_blocks(&bench.edits, entry, bench.layout.root->braces, removed,
                                            blocks, cases[i].blocks),
                         0);
        bench_end(&bench, cases[i].after);
    }
}

/* In brackets, as in JSON, too, which stays JSON. */
static void test_blocks_in_brackets(void **state)
{
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"l: [{n: a}]\n", "l: [{n: a}, {name: X y, m: [\"1\"], o: []}]\n"},
        {"l: [\n  {n: a},  # a\n]\n",
         "l: [\n  {n: a},  # a\n  {name: X y, m: [\"1\"], o: []},\n]\n"},
        {"{\"l\": [{\"n\": \"a\"}]}\n",
         "{\"l\": [{\"n\": \"a\"}, {\"name\": \"X y\", \"m\": [\"1\"], \"o\": []}]}\n"},
        {"{\"l\": []}\n", "{\"l\": [{\"name\": \"X y\", \"m\": [\"1\"], \"o\": []}]}\n"},
    };
    const char *const block = "# c\n- name: X y\n  m:\n    - \"1\"\n  o: []\n";
    const bool removed[1] = {false};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct bench bench;
        bench_begin(&bench, cases[i].before);
        assert_int_equal(layout_edit_blocks(&bench.edits, entry_of(&bench, "l"),
                                            bench.layout.root->braces, removed, &block, 1),
                         0);
        bench_end(&bench, cases[i].after);
    }
}

/* Two edits of the same bytes can't both be. */
static void test_conflict(void **state)
{
    struct bench bench;
    struct buf out;

    (void)state;
    bench_begin(&bench, "k: old\n");
    layout_edit_add(&bench.edits, 3, 3, "new");
    layout_edit_add(&bench.edits, 4, 0, "x");
    buf_init(&out, BUF_LIMIT_DEFAULT);
    assert_int_equal(layout_edits_apply(&bench.edits, bench.text, strlen(bench.text), &out), -1);
    buf_release(&out);
    bench.edits.count = 1;
    bench_end(&bench, "k: new\n");
}

/* What stands where: of aliases what they stand for, and how many stand for it. */
static void test_places(void **state)
{
    static const char text[] = "a: &x !!str  'one'  # c\nb: [*x, {k: *x}]\nl:\n- 1\n-  two\n";
    const struct layout_node *node;
    struct bench bench;

    (void)state;
    bench_begin(&bench, text);
    node = entry_of(&bench, "a")->value;
    assert_int_equal(node->begin, 3);
    assert_int_equal(node->content, 13);
    assert_int_equal(node->end, 18);
    assert_int_equal(node->quote, '\'');
    assert_int_equal(node->uses, 2);
    assert_ptr_equal(entry_of(&bench, "b")->value->entries[0].value->target, node);
    node = entry_of(&bench, "b")->value;
    assert_true(node->braces);
    assert_int_equal(text[node->begin], '[');
    assert_int_equal(text[node->end - 1], ']');
    node = entry_of(&bench, "l")->value;
    assert_false(node->braces);
    assert_int_equal(node->content, node->entries[0].at);
    assert_int_equal(text[node->entries[1].at], '-');
    assert_memory_equal(text + node->entries[1].value->begin, "two", 3);
    assert_int_equal(node->end, sizeof(text) - 2);
    bench_end(&bench, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),   cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_keys),     cmocka_unit_test(test_keys_of_items),
        cmocka_unit_test(test_lists),    cmocka_unit_test(test_mappings),
        cmocka_unit_test(test_blocks),   cmocka_unit_test(test_blocks_in_brackets),
        cmocka_unit_test(test_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
