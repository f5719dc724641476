/*
 * Written YAML is read back as what it was, and looks as people would have written it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/random.h"
#include "doc_fixture.h"
#include "document/doc_emit.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* `written` in block style; `flow` where that is another one. */
static const struct {
    const char *text;
    size_t size;
    const char *written, *flow;
} strings[] = {
    /* What stands without quotes. */
    {TEXT("Orders"), "Orders", NULL},
    {TEXT("Order notifications 2"), "Order notifications 2", NULL},
    {TEXT("A & B"), "A & B", NULL},
    {TEXT("nobody"), "nobody", NULL},
    {TEXT("yes please"), "yes please", NULL},
    {TEXT("e3"), "e3", NULL},
    {TEXT("a-b_c+d.e/f"), "a-b_c+d.e/f", NULL},
    {TEXT("whatsapp:+15005550003"), "whatsapp:+15005550003", "\"whatsapp:+15005550003\""},
    {TEXT("https://example.com/a?b=c&d=%20"), "https://example.com/a?b=c&d=%20",
     "\"https://example.com/a?b=c&d=%20\""},
    /* What some reader would take for something else. */
    {TEXT(""), "\"\"", NULL},
    {TEXT("NO"), "\"NO\"", NULL},
    {TEXT("on"), "\"on\"", NULL},
    {TEXT("Off"), "\"Off\"", NULL},
    {TEXT("y"), "\"y\"", NULL},
    {TEXT("N"), "\"N\"", NULL},
    {TEXT("true"), "\"true\"", NULL},
    {TEXT("null"), "\"null\"", NULL},
    {TEXT("NaN"), "\"NaN\"", NULL},
    {TEXT("~"), "\"~\"", NULL},
    {TEXT("1e3"), "\"1e3\"", NULL},
    {TEXT("0x1f"), "\"0x1f\"", NULL},
    {TEXT("0o17"), "\"0o17\"", NULL},
    {TEXT("1_000"), "\"1_000\"", NULL},
    {TEXT("_1"), "\"_1\"", NULL},
    {TEXT("12:30:45"), "\"12:30:45\"", NULL},
    {TEXT(".inf"), "\".inf\"", NULL},
    {TEXT("2024-01-01"), "\"2024-01-01\"", NULL},
    {TEXT("+15005550001"), "\"+15005550001\"", NULL},
    {TEXT("<<"), "\"<<\"", NULL},
    {TEXT("="), "\"=\"", NULL},
    {TEXT("- a"), "\"- a\"", NULL},
    {TEXT("? a"), "\"? a\"", NULL},
    {TEXT("a: b"), "\"a: b\"", NULL},
    {TEXT("a:"), "\"a:\"", NULL},
    {TEXT("a #b"), "\"a #b\"", NULL},
    {TEXT("a, b"), "\"a, b\"", NULL},
    {TEXT("[a]"), "\"[a]\"", NULL},
    {TEXT("${A}/b"), "${A}/b", "\"${A}/b\""},
    {TEXT("https://$${A}.com"), "https://$${A}.com", "\"https://$${A}.com\""},
    {TEXT("{a}"), "\"{a}\"", NULL},
    {TEXT("$a"), "\"$a\"", NULL},
    {TEXT("@a"), "\"@a\"", NULL},
    {TEXT("%a"), "\"%a\"", NULL},
    {TEXT("!a"), "\"!a\"", NULL},
    {TEXT("&a"), "\"&a\"", NULL},
    {TEXT("*a"), "\"*a\"", NULL},
    {TEXT(" a"), "\" a\"", NULL},
    {TEXT("a "), "\"a \"", NULL},
    {TEXT("---"), "\"---\"", NULL},
    {TEXT("say \"a\\b\""), "\"say \\\"a\\\\b\\\"\"", NULL},
    /* What is not seen, or ends a line. */
    {TEXT("a\nb\tc\rd"), "\"a\\nb\\tc\\rd\"", NULL},
    {TEXT("a\0b"), "\"a\\x00b\"", NULL},
    {TEXT("\x1b[31m\x7f"), "\"\\x1b[31m\\x7f\"", NULL},
    {TEXT("a\xc2\x85z"), "\"a\\x85z\"", NULL},
    {TEXT("a\xe2\x80\xa8z"), "\"a\\u2028z\"", NULL},
    {TEXT("a\xe2\x80\xaez"), "\"a\\u202ez\"", NULL},
    {TEXT("a\xef\xbb\xbfz"), "\"a\\ufeffz\"", NULL},
    {TEXT("a\xef\xbf\xbez"), "\"a\\ufffez\"", NULL},
    {TEXT("a\xf3\xa0\x80\x81z"), "\"a\\U000e0001z\"", NULL},
    /* What is, stays. */
    {TEXT("K\xc3\xb6ln"), "\"K\xc3\xb6ln\"", NULL},
    {TEXT("\xf0\x9f\x92\xac"), "\"\xf0\x9f\x92\xac\"", NULL},
};

static void add_text(struct buf *out, const char *text, size_t size, bool flow)
{
    buf_clear(out);
    doc_emit_string(out, text, size, flow);
}

static void test_strings_are_quoted_when_needed(void **state)
{
    struct buf out;
    size_t i;

    (void)state;
    buf_init(&out, 4096);
    for (i = 0; i < COUNT_OF(strings); i++) {
        add_text(&out, strings[i].text, strings[i].size, false);
        assert_string_equal(buf_text(&out), strings[i].written);
        add_text(&out, strings[i].text, strings[i].size, true);
        assert_string_equal(buf_text(&out),
                            strings[i].flow == NULL ? strings[i].written : strings[i].flow);
    }
    buf_release(&out);
}

static void check_string(const struct doc_node *node, const char *text, size_t size)
{
    assert_non_null(node);
    assert_int_equal(node->kind, DOC_STRING);
    assert_int_equal(node->size, size);
    assert_memory_equal(node->text, text, size);
}

/* As value, key, item, and within braces. */
static void check_round_trip(const char *text, size_t size)
{
    struct buf plain, flow, yaml;
    struct doc_fixture fixture;
    const struct doc_node *root;

    buf_init(&plain, 64 * 1024);
    buf_init(&flow, 64 * 1024);
    buf_init(&yaml, 256 * 1024);
    doc_emit_string(&plain, text, size, false);
    doc_emit_string(&flow, text, size, true);
    buf_printf(&yaml, "- a: %s\n- - %s\n- {a: %s, b: c}\n", buf_text(&plain), buf_text(&plain),
               buf_text(&flow));
    if (size < 100)
        buf_printf(&yaml, "- %s: b\n", buf_text(&plain));
    doc_fixture_read(&fixture, buf_text(&yaml), yaml.size, NULL);
    if (fixture.result != 0)
        print_error("for: %s\n%s\n", buf_text(&yaml), buf_text(&fixture.report));
    assert_int_equal(fixture.result, 0);
    root = fixture.doc.root;
    check_string(root->items[0]->pairs[0].value, text, size);
    check_string(root->items[1]->items[0], text, size);
    check_string(root->items[2]->pairs[0].value, text, size);
    if (size < 100)
        check_string(root->items[3]->pairs[0].key, text, size);
    doc_fixture_release(&fixture);
    buf_release(&plain);
    buf_release(&flow);
    buf_release(&yaml);
}

static void test_strings_are_read_back(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(strings); i++)
        check_round_trip(strings[i].text, strings[i].size);
}

static void add_codepoint(struct buf *out, uint32_t codepoint)
{
    if (codepoint < 0x80) {
        buf_add_char(out, (char)codepoint);
    } else if (codepoint < 0x800) {
        buf_add_char(out, (char)(0xc0 | codepoint >> 6));
        buf_add_char(out, (char)(0x80 | (codepoint & 0x3f)));
    } else if (codepoint < 0x10000) {
        buf_add_char(out, (char)(0xe0 | codepoint >> 12));
        buf_add_char(out, (char)(0x80 | (codepoint >> 6 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (codepoint & 0x3f)));
    } else {
        buf_add_char(out, (char)(0xf0 | codepoint >> 18));
        buf_add_char(out, (char)(0x80 | (codepoint >> 12 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (codepoint >> 6 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (codepoint & 0x3f)));
    }
}

/* Mostly what means something in YAML, some of everything else. */
static uint32_t random_codepoint(struct random_state *random)
{
    static const char special[] = "aZ019 -:#,[]{}&*!|>'\"%@`?~=<._+\\/$\n\t\r";
    uint32_t codepoint;

    switch (random_below(random, 10)) {
    case 0:
        return (uint32_t)random_below(random, 0x100);
    case 1:
        return 0x2000 + (uint32_t)random_below(random, 0x70);
    case 2:
        codepoint = (uint32_t)random_below(random, 0x110000);
        return codepoint >= 0xd800 && codepoint <= 0xdfff ? 0xfffd : codepoint;
    default:
        return (unsigned char)special[random_below(random, sizeof(special) - 1)];
    }
}

static void test_random_strings_are_read_back(void **state)
{
    struct random_state random;
    struct buf text;
    int i, j, length;

    (void)state;
    random_seed(&random, 1);
    buf_init(&text, 4096);
    for (i = 0; i < 20000; i++) {
        buf_clear(&text);
        length = (int)random_below(&random, i % 100 == 0 ? 300 : 9);
        for (j = 0; j < length; j++)
            add_codepoint(&text, random_codepoint(&random));
        check_round_trip(buf_text(&text), text.size);
    }
    buf_release(&text);
}

/* Every code point by itself, and behind a letter. */
static void test_every_character_is_read_back(void **state)
{
    struct buf text;
    uint32_t codepoint;

    (void)state;
    buf_init(&text, 64 * 1024);
    for (codepoint = 0; codepoint < 0x110000; codepoint++) {
        if (codepoint >= 0xd800 && codepoint <= 0xdfff)
            continue;
        add_codepoint(&text, codepoint);
        if (text.size < 8000 && codepoint != 0x10ffff && codepoint > 0x100)
            continue;
        check_round_trip(buf_text(&text), text.size);
        buf_clear(&text);
    }
    buf_release(&text);
}

static void write_sample(struct doc_emit *emit)
{
    doc_emit_begin(emit, DOC_MAPPING);
    doc_emit_comment(emit, "Head\n\nwith \x1b[31m");
    doc_emit_key(emit, "version");
    doc_emit_scalar(emit, DOC_INTEGER, "1");
    doc_emit_key(emit, "none");
    doc_emit_empty(emit, DOC_SEQUENCE);
    doc_emit_note(emit, "none at all");
    doc_emit_key(emit, "services");
    doc_emit_begin(emit, DOC_SEQUENCE);
    doc_emit_comment(emit, "before");
    doc_emit_begin(emit, DOC_MAPPING);
    doc_emit_key(emit, "no");
    doc_emit_scalar(emit, DOC_NULL, "null");
    doc_emit_comment(emit, "within");
    doc_emit_key(emit, "list");
    doc_emit_begin(emit, DOC_SEQUENCE);
    doc_emit_scalar(emit, DOC_STRING, "1");
    doc_emit_note(emit, "one\nline");
    doc_emit_begin_flow(emit);
    doc_emit_key(emit, "a");
    doc_emit_scalar(emit, DOC_STRING, "x:y");
    doc_emit_key(emit, "b");
    doc_emit_scalar(emit, DOC_BOOLEAN, "true");
    doc_emit_end(emit);
    doc_emit_begin(emit, DOC_SEQUENCE);
    doc_emit_empty(emit, DOC_MAPPING);
    doc_emit_end(emit);
    doc_emit_end(emit);
    doc_emit_end(emit);
    doc_emit_gap(emit);
    doc_emit_begin(emit, DOC_MAPPING);
    doc_emit_comment(emit, "first");
    doc_emit_key(emit, "k");
    doc_emit_scalar(emit, DOC_STRING, "v");
    doc_emit_end(emit);
    doc_emit_end(emit);
    doc_emit_end(emit);
}

static void test_layout(void **state)
{
    struct doc_emit emit;
    struct doc_fixture fixture;
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    doc_emit_init(&emit, &out);
    write_sample(&emit);
    assert_string_equal(buf_text(&out), "# Head\n"
                                        "#\n"
                                        "# with \\x1b[31m\n"
                                        "version: 1\n"
                                        "none: []  # none at all\n"
                                        "services:\n"
                                        "  # before\n"
                                        "  - \"no\": null\n"
                                        "    # within\n"
                                        "    list:\n"
                                        "      - \"1\"  # one\\nline\n"
                                        "      - {a: \"x:y\", b: true}\n"
                                        "      - - {}\n"
                                        "\n"
                                        "  - # first\n"
                                        "    k: v\n");
    doc_fixture_read(&fixture, buf_text(&out), out.size, NULL);
    dump_node(&fixture.tree, fixture.doc.root, false);
    assert_int_equal(fixture.result, 0);
    assert_string_equal(buf_text(&fixture.tree),
                        "{s:version=i:1,s:none=[],s:services=[{s:no=~,s:list=[s:1,{s:a=s:x:y,"
                        "s:b=b:true},[{}]]},{s:k=s:v}]}");
    doc_fixture_release(&fixture);
    buf_release(&out);
}

/* Past the buffer's limit nothing breaks; who writes looks at `full` at the end. */
static void test_full_buffer(void **state)
{
    size_t limit;
    (void)state;
    for (limit = 1; limit < 200; limit++) {
        struct doc_emit emit;
        struct buf out;
        buf_init(&out, limit);
        doc_emit_init(&emit, &out);
        write_sample(&emit);
        assert_true(out.full);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings_are_quoted_when_needed),
        cmocka_unit_test(test_strings_are_read_back),
        cmocka_unit_test(test_random_strings_are_read_back),
        cmocka_unit_test(test_every_character_is_read_back),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_full_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
