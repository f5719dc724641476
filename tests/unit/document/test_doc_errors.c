#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "doc_fixture.h"

struct error_case {
    const char *text;
    size_t size; /* 0: strlen(text) */
    const char *report;
    const char *tree; /* what could be understood */
};

/* A text that holds NUL. */
#define BYTES(text) (text), sizeof(text) - 1

static void check_errors(const struct error_case *cases, size_t count,
                         const struct doc_limits *limits)
{
    size_t i;
    for (i = 0; i < count; i++) {
        size_t size = cases[i].size == 0 ? strlen(cases[i].text) : cases[i].size;
        const char *tree = cases[i].tree == NULL ? "nothing" : cases[i].tree;
        struct doc_fixture fixture;
        doc_fixture_read(&fixture, cases[i].text, size, limits);
        dump_node(&fixture.tree, fixture.doc.root, false);
        if (!str_equal(buf_text(&fixture.report), cases[i].report) ||
            !str_equal(buf_text(&fixture.tree), tree))
            print_error("for: %s\n", cases[i].text);
        assert_string_equal(buf_text(&fixture.report), cases[i].report);
        assert_string_equal(buf_text(&fixture.tree), tree);
        assert_int_equal(fixture.result, cases[i].report[0] == '\0' ? 0 : -1);
        doc_fixture_release(&fixture);
    }
}

#define UTF8_HELP "; help save the file as UTF-8"
#define ESCAPE_HELP(code) "; help inside of double quotes it is written \"\\u" code "\""

static void test_characters(void **state)
{
    static const struct error_case cases[] = {
        {.text = "a: 1\nb: c\xffz\n", .report = "2:5+1 byte 0xff is not valid UTF-8" UTF8_HELP},
        {.text = "# \xc3\xa9\xe2\x82\xac \xe9t\xe9\n",
         .report = "1:6+1 byte 0xe9 is not valid UTF-8" UTF8_HELP},
        {.text = "a: \xc0\xaf", .report = "1:4+1 byte 0xc0 is not valid UTF-8" UTF8_HELP},
        {.text = "a: \xed\xa0\x80", .report = "1:4+1 byte 0xed is not valid UTF-8" UTF8_HELP},
        {.text = "a: \xf4\x90\x80\x80", .report = "1:4+1 byte 0xf4 is not valid UTF-8" UTF8_HELP},
        {.text = "a: \xe2\x82", .report = "1:4+1 byte 0xe2 is not valid UTF-8" UTF8_HELP},
        {.text = "a: \x80", .report = "1:4+1 byte 0x80 is not valid UTF-8" UTF8_HELP},
        {BYTES("\xff\xfe"
               "a\0:\0"),
         "1:1+0 the text is UTF-16, not UTF-8" UTF8_HELP, NULL},
        {BYTES("\xfe\xff\0a\0:"), "1:1+0 the text is UTF-16, not UTF-8" UTF8_HELP, NULL},
        {BYTES("a\0:\0 \0b\0"), "1:1+0 the text is UTF-16, not UTF-8" UTF8_HELP, NULL},
        {BYTES("\0a\0:\0 \0b"), "1:1+0 the text is UTF-16, not UTF-8" UTF8_HELP, NULL},
        {BYTES("\xff\xfe\0\0a\0\0\0"), "1:1+0 the text is UTF-32, not UTF-8" UTF8_HELP, NULL},
        {BYTES("\0\0\xfe\xff\0\0\0a"), "1:1+0 the text is UTF-32, not UTF-8" UTF8_HELP, NULL},
        {BYTES("a\0\0\0:\0\0\0"), "1:1+0 the text is UTF-32, not UTF-8" UTF8_HELP, NULL},
        {BYTES("\0\0\0a\0\0\0:"), "1:1+0 the text is UTF-32, not UTF-8" UTF8_HELP, NULL},
        {BYTES("a: b\0\n"),
         "1:5+1 character U+0000 is not allowed in YAML text" ESCAPE_HELP("0000"), NULL},
        {BYTES("\0"), "1:1+1 character U+0000 is not allowed in YAML text" ESCAPE_HELP("0000"),
         NULL},
        {.text = "a: 1\r\nb: \"\x1b[1m\"\r\n",
         .report = "2:5+1 character U+001B is not allowed in YAML text" ESCAPE_HELP("001B")},
        {.text = "a: 1\rb: \x7f",
         .report = "2:4+1 character U+007F is not allowed in YAML text" ESCAPE_HELP("007F")},
        {.text = "\xc3\xa9: \xc2\x85",
         .report = "1:4+1 character U+0085 is not allowed in YAML text" ESCAPE_HELP("0085")},
        {.text = "a: \xc2\x9f",
         .report = "1:4+1 character U+009F is not allowed in YAML text" ESCAPE_HELP("009F")},
        {.text = "a: \xe2\x80\xa8",
         .report = "1:4+1 character U+2028 is not allowed in YAML text" ESCAPE_HELP("2028")},
        {.text = "a: \xe2\x80\xa9",
         .report = "1:4+1 character U+2029 is not allowed in YAML text" ESCAPE_HELP("2029")},
        {.text = "a: \xef\xbf\xbf",
         .report = "1:4+1 character U+FFFF is not allowed in YAML text" ESCAPE_HELP("FFFF")},
        {.text = "\xef\xbb\xbf\xef\xbb\xbf"
                 "a: b",
         .report = "1:1+1 a byte order mark (U+FEFF) inside of the text; "
                   "help remove it: it is invisible in most editors"},
        /* a replacement character that is really written is a character like any other */
        {.text = "\xef\xbf\xbd", .report = "", .tree = "s:\xef\xbf\xbd"},
        {.text = "\"\xc2\xa0\xf0\x9f\x98\x80\"",
         .report = "",
         .tree = "s:\xc2\xa0\xf0\x9f\x98\x80"},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), NULL);
}

static void test_keys(void **state)
{
    static const struct error_case cases[] = {
        {.text = "services: 1\nb: 2\nservices: 3\n",
         .report = "3:1+8 duplicate key \"services\"; note 1:1 first set here",
         .tree = "{s:services=i:1,s:b=i:2,s:services=i:3}"},
        /* however it is written; every one against the first */
        {.text = "a: 1\n\"a\": 2\n'a': 3\n\"\\x61\": 4\n",
         .report = "2:1+3 duplicate key \"a\"; note 1:1 first set here\n"
                   "3:1+3 duplicate key \"a\"; note 1:1 first set here\n"
                   "4:1+6 duplicate key \"a\"; note 1:1 first set here",
         .tree = "{s:a=i:1,s:a=i:2,s:a=i:3,s:a=i:4}"},
        {.text = "{1: a, \"1\": b}",
         .report = "1:8+3 duplicate key \"1\"; note 1:2 first set here",
         .tree = "{i:1=s:a,s:1=s:b}"},
        /* each mapping for itself, in file order */
        {.text = "a: {x: 1, x: 2}\nb: [{y: 1, z: 2, y: 3}]\na: {x: 1}\n",
         .report = "1:11+1 duplicate key \"x\"; note 1:5 first set here\n"
                   "2:18+1 duplicate key \"y\"; note 2:6 first set here\n"
                   "3:1+1 duplicate key \"a\"; note 1:1 first set here",
         .tree = "{s:a={s:x=i:1,s:x=i:2},s:b=[{s:y=i:1,s:z=i:2,s:y=i:3}],s:a={s:x=i:1}}"},
        {.text = "{&k a: 1, *k : 2}",
         .report = "1:5+1 duplicate key \"a\"; note 1:5 first set here",
         .tree = "{s:a=i:1,s:a=i:2}"},
        {.text = "{<<: {a: 1}, <<: {b: 2}}",
         .report = "1:14+2 duplicate key \"<<\"; note 1:2 first set here",
         .tree = "{<s:a=i:1}"},
        /* also where a syntax error follows */
        {.text = "a: 1\nb:\n  c: 1\n  c: 2\n  d: \"\na: 3",
         .report = "4:3+1 duplicate key \"c\"; note 3:3 first set here\n"
                   "6:5+0 the text ends inside of quotes; note 5:6 the quotes open here; "
                   "help close them with \""},
        {.text = "a: 1\na: 2\nb: [",
         .report = "2:1+1 duplicate key \"a\"; note 1:1 first set here\n"
                   "3:5+0 the text ends where a value is expected; "
                   "note 3:4 inside of what begins here"},
        {.text = "{\"0123456789012345678901234567890123456789012345678901234567é9\": 1,\n"
                 " \"0123456789012345678901234567890123456789012345678901234567é9\": 1}",
         .report = "2:2+62 duplicate key "
                   "\"0123456789012345678901234567890123456789012345678901234567é…\"; "
                   "note 1:2 first set here",
         .tree = "{s:0123456789012345678901234567890123456789012345678901234567é9=i:1,"
                 "s:0123456789012345678901234567890123456789012345678901234567é9=i:1}"},
        {.text = "? [a, b]\n: c\nd: e\n",
         .report = "1:3+1 a key cannot be a list",
         .tree = "{s:d=s:e}"},
        {.text = "a: {? {b: c, b: d} : e}\n",
         .report = "1:7+1 a key cannot be a mapping\n"
                   "1:14+1 duplicate key \"b\"; note 1:8 first set here",
         .tree = "{s:a={}}"},
        {.text = "a: {{ host }}\n",
         .report = "1:5+1 a key cannot be a mapping; "
                   "help text that begins with \"{{\" is put in quotes",
         .tree = "{s:a={}}"},
        {.text = "a: &x [1]\nb: {*x : 2}\n",
         .report = "2:5+2 a key cannot be a list",
         .tree = "{s:a=[i:1],s:b={}}"},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), NULL);
}

#define ALIAS_HELP(name)                                                                           \
    "; help its anchor \"&" name "\" must stand before it; text that begins with \"*\" is put in " \
    "quotes"
#define TAG_HELP "; help put text that begins with \"!\" in quotes"

static void test_aliases(void **state)
{
    static const struct error_case cases[] = {
        {.text = "a: *x\nb: [1, *long-name_2]\nc: 3\n",
         .report = "1:4+2 unknown alias \"*x\"" ALIAS_HELP(
             "x") "\n"
                  "2:8+12 unknown alias \"*long-name_2\"" ALIAS_HELP("long-name_2"),
         .tree = "{s:b=[i:1],s:c=i:3}"},
        {.text = "*x", .report = "1:1+2 unknown alias \"*x\"" ALIAS_HELP("x")},
        {.text = "{*x : 1, a: 2}",
         .report = "1:2+2 unknown alias \"*x\"" ALIAS_HELP("x"),
         .tree = "{s:a=i:2}"},
        {.text = "a: *x\nb: &x 1\n",
         .report = "1:4+2 unknown alias \"*x\"" ALIAS_HELP("x"),
         .tree = "{s:b=i:1}"},
        {.text = "a: &a [1, *a]\nb: &b {c: {d: *b}}\n",
         .report = "1:11+2 alias \"*a\" is inside of what it refers to; note 1:4 which begins "
                   "here\n2:15+2 alias \"*b\" is inside of what it refers to; note 2:4 which "
                   "begins here",
         .tree = "{s:a=[i:1],s:b={s:c={}}}"},
        {.text = "&a {<<: *a, b: 1}",
         .report = "1:9+2 alias \"*a\" is inside of what it refers to; note 1:1 which begins here",
         .tree = "{s:b=i:1}"},
        /* what was wrong under its anchor is not reported again */
        {.text = "[&x !!int a, *x, b]",
         .report = "1:5+5 the tag \"!!int\" does not fit \"a\"",
         .tree = "[s:a,s:a,s:b]"},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), NULL);
}

static void test_merges(void **state)
{
    static const struct error_case cases[] = {
        {.text = "a: 1\n<<: b\n",
         .report = "2:1+2 \"<<\" merges mappings, not a string; note 2:5 this is a string",
         .tree = "{s:a=i:1}"},
        {.text = "{<<: null, a: 1}",
         .report = "1:2+2 \"<<\" merges mappings, not null; note 1:6 this is null",
         .tree = "{s:a=i:1}"},
        {.text = "- &x [a]\n- <<: [{b: 1}, *x, {c: 2}]\n",
         .report = "2:3+2 \"<<\" merges mappings, not a list; note 1:6 this is a list",
         .tree = "[[s:a],{<s:b=i:1,<s:c=i:2}]"},
        {.text = "{<<: *x, a: 1}",
         .report = "1:6+2 unknown alias \"*x\"" ALIAS_HELP("x"),
         .tree = "{s:a=i:1}"},
        {.text = "{<<: [*x, {b: 1}]}",
         .report = "1:7+2 unknown alias \"*x\"" ALIAS_HELP("x"),
         .tree = "{<s:b=i:1}"},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), NULL);
}

static void test_tags(void **state)
{
    static const struct error_case cases[] = {
        {.text = "a: !foo 1\nb: !!binary AA==\nc: !<x:y> {d: e}\nf: ! 1\n",
         .report = "1:4+4 unknown tag \"!foo\"" TAG_HELP "\n"
                   "2:4+8 unknown tag \"!!binary\"" TAG_HELP "\n"
                   "3:4+6 unknown tag \"!<x:y>\"" TAG_HELP "\n"
                   "4:4+1 unknown tag \"!\"" TAG_HELP,
         .tree = "{s:a=i:1,s:b=s:AA==,s:c={s:d=s:e},s:f=i:1}"},
        {.text = "[!!int a, !!int 1.5, !!float x, !!bool yes, !!null 0, !!int '', k]",
         .report = "1:2+5 the tag \"!!int\" does not fit \"a\"\n"
                   "1:11+5 the tag \"!!int\" does not fit \"1.5\"\n"
                   "1:22+7 the tag \"!!float\" does not fit \"x\"\n"
                   "1:33+6 the tag \"!!bool\" does not fit \"yes\"\n"
                   "1:45+6 the tag \"!!null\" does not fit \"0\"\n"
                   "1:55+5 the tag \"!!int\" does not fit \"\"",
         .tree = "[s:a,f:1.5,s:x,s:yes,i:0,s:,s:k]"},
        {.text = "- !!map [a]\n- &x !!str {b: c}\n- !!seq d\n",
         .report = "1:3+5 the tag \"!!map\" does not fit a list\n"
                   "2:6+5 the tag \"!!str\" does not fit a mapping\n"
                   "3:3+5 the tag \"!!seq\" does not fit \"d\"",
         .tree = "[[s:a],{s:b=s:c},s:d]"},
        {.text = "a: !e!x y\n", .report = "1:4+4 unknown tag \"!e!x\"" TAG_HELP},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), NULL);
}

#define SECOND_HELP "; help a file holds one document: remove this \"---\", or split the file"

static void test_several_documents(void **state)
{
    static const struct error_case cases[] = {
        {.text = "a: 1\n---\nb: [\n",
         .report =
             "2:1+1 a second document begins here; note 1:1 the first one begins here" SECOND_HELP,
         .tree = "{s:a=i:1}"},
        {.text = "# x\n---\na: *x\n---\n",
         .report = "3:4+2 unknown alias \"*x\"" ALIAS_HELP(
             "x") "\n"
                  "4:1+1 a second document begins here; note 2:1 the first one begins "
                  "here" SECOND_HELP,
         .tree = "{}"},
        {.text = "---\n---\n",
         .report =
             "2:1+1 a second document begins here; note 1:1 the first one begins here" SECOND_HELP},
        {.text = "a: 1\n...\n", .report = "", .tree = "{s:a=i:1}"},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), NULL);
}

static void test_several_errors(void **state)
{
    static const struct error_case cases[] = {
        {.text = "a: *x\na: &s [*s, !t 1]\n? {}\n: 1\nb: {<<: 1, c: \"\\q\"}\n",
         .report = "1:4+2 unknown alias \"*x\"" ALIAS_HELP(
             "x") "\n"
                  "2:1+1 duplicate key \"a\"; note 1:1 first set here\n"
                  "2:8+2 alias \"*s\" is inside of what it refers to; note 2:4 which begins "
                  "here\n"
                  "2:12+2 unknown tag \"!t\"" TAG_HELP "\n"
                  "3:3+1 a key cannot be a mapping\n"
                  "5:16+1 unknown escape in double quotes; note 5:15 the quotes open here; "
                  "help write \\\\ for a backslash, or use single quotes"},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), NULL);
}

/* `open` `depth` times, then `middle`, then `close` as often. */
static void nest(struct buf *out, const char *open, const char *middle, const char *close,
                 size_t depth)
{
    size_t i;
    for (i = 0; i < depth; i++)
        buf_add_text(out, open);
    buf_add_text(out, middle);
    for (i = 0; i < depth; i++)
        buf_add_text(out, close);
}

static void check_buf(struct buf *text, const char *report, const struct doc_limits *limits)
{
    struct doc_fixture fixture;
    doc_fixture_read(&fixture, buf_text(text), text->size, limits);
    assert_string_equal(buf_text(&fixture.report), report);
    assert_int_equal(fixture.result, report[0] == '\0' ? 0 : -1);
    assert_int_equal(fixture.doc.root == NULL, report[0] != '\0');
    doc_fixture_release(&fixture);
    buf_clear(text);
}

static void test_depth(void **state)
{
    struct buf text;
    (void)state;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    nest(&text, "[", "x", "]", DOC_MAX_DEPTH);
    check_buf(&text, "", NULL);
    nest(&text, "[", "x", "]", DOC_MAX_DEPTH + 1);
    check_buf(&text, "1:101+1 nested deeper than 100 levels", NULL);
    nest(&text, "{a: ", "x", "}", DOC_MAX_DEPTH + 1);
    check_buf(&text, "1:401+1 nested deeper than 100 levels", NULL);
    nest(&text, "- ", "x", "", 5000);
    check_buf(&text, "1:201+1 nested deeper than 100 levels", NULL);
    nest(&text, "[", "", "", 200000);
    check_buf(&text, "1:101+1 nested deeper than 100 levels", NULL);
    buf_release(&text);
}

/* What an alias brings counts as if it were written there. */
static void test_depth_through_aliases(void **state)
{
    struct buf text;
    int i;
    (void)state;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_add_text(&text, "- &a ");
    nest(&text, "[", "x", "]", 60);
    buf_add_text(&text, "\n- ");
    nest(&text, "[", "*a", "]", 39);
    check_buf(&text, "", NULL);
    buf_add_text(&text, "- &a ");
    nest(&text, "[", "x", "]", 60);
    buf_add_text(&text, "\n- ");
    nest(&text, "[", "*a", "]", 40);
    check_buf(&text,
              "2:43+2 with what \"*a\" refers to, this is nested deeper than 100 levels; "
              "note 1:3 the anchor is here",
              NULL);
    /* A chain of merges nests nothing. */
    buf_add_text(&text, "- &a0 {k: 1}\n");
    for (i = 1; i < 200; i++)
        buf_printf(&text, "- &a%d {<<: %s*a%d%s}\n", i, i % 2 ? "[" : "", i - 1, i % 2 ? "]" : "");
    check_buf(&text, "", NULL);
    buf_release(&text);
}

static void test_limits(void **state)
{
    static const struct doc_limits limits = {.size = 40, .nodes = 6, .aliased = 5};
    static const struct error_case cases[] = {
        {.text = "#34567890123456789012345678901234567890", .report = ""},
        {.text = "#3456789012345678901234567890123456789012",
         .report = "1:1+0 the text is larger than 40 bytes"},
        {.text = "[a, b, c, [d]]", .report = "", .tree = "[s:a,s:b,s:c,[s:d]]"},
        {.text = "[a, b, c, {d: e}]", .report = "1:15+1 the document has more than 6 nodes"},
        {.text = "[a, b, c, d, e, f]", .report = "1:17+1 the document has more than 6 nodes"},
        {.text = "[a, b, c, d, e, []]", .report = "1:17+1 the document has more than 6 nodes"},
        /* aliases do not count as written, but for what they stand for */
        {.text = "[&a x,*a,*a,*a,*a,*a]", .report = "", .tree = "[s:x,s:x,s:x,s:x,s:x,s:x]"},
        {.text = "[&a x,*a,*a,*a,*a,*a,*a]",
         .report = "1:22+2 aliases add more than 5 nodes to the document; "
                   "note 1:2 this one stands for 1"},
        {.text = "[&a [x,y,z], *a]", .report = "", .tree = "[[s:x,s:y,s:z],[s:x,s:y,s:z]]"},
        {.text = "[&a [x,y,z], *a, *a]",
         .report = "1:18+2 aliases add more than 5 nodes to the document; "
                   "note 1:2 this one stands for 4"},
        {.text = "[&a [&b [x],*b], *b]", .report = "", .tree = "[[[s:x],[s:x]],[s:x]]"},
        {.text = "[&a [&b [x],*b], *a]",
         .report = "1:18+2 aliases add more than 5 nodes to the document; "
                   "note 1:2 this one stands for 5"},
        {.text = "[&a {k: v},{<<: *a}]", .report = "", .tree = "[{s:k=s:v},{<s:k=s:v}]"},
    };
    static const struct doc_limits few = {.size = 1000, .nodes = 100, .aliased = 2};
    static const struct error_case inlined[] = {
        {.text = "[&a {},{<<: [*a,*a,*a]}]",
         .report = "1:20+2 aliases add more than 2 nodes to the document; "
                   "note 1:2 this one stands for 1"},
        {.text = "{<<: {a: 1, b: 2}}", .report = "", .tree = "{<s:a=i:1,<s:b=i:2}"},
        {.text = "{<<: {a: 1, b: 2, c: 3}}",
         .report = "1:2+2 merges add more than 2 nodes to the document"},
        {.text = "{<<: {<<: {a: 1, b: 2}}}",
         .report = "1:2+2 merges add more than 2 nodes to the document"},
    };
    (void)state;
    check_errors(cases, COUNT_OF(cases), &limits);
    check_errors(inlined, COUNT_OF(inlined), &few);
}

static void test_the_real_size_limit(void **state)
{
    static const char nothing[1];
    struct diag diag;
    struct doc doc;
    (void)state;
    diag_init(&diag);
    /* Refused before the text is looked at. */
    assert_int_equal(doc_parse(&doc, "big.yaml", nothing, (size_t)DOC_MAX_SIZE + 1, &diag), -1);
    assert_int_equal(diag.count, 1);
    assert_string_equal(diag.items[0].message, "the text is larger than 67108864 bytes");
    assert_string_equal(diag.items[0].place.file, "big.yaml");
    doc_release(&doc);
    diag_release(&diag);
}

static void test_alias_bombs(void **state)
{
    struct buf text;
    int i, j;
    (void)state;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    /* billion laughs: every level is ten of the level before */
    buf_add_text(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (i = 1; i < 30; i++) {
        buf_printf(&text, "a%d: &a%d [", i, i);
        for (j = 0; j < 10; j++)
            buf_printf(&text, "%s*a%d", j > 0 ? "," : "", i - 1);
        buf_add_text(&text, "]\n");
    }
    check_buf(&text,
              "6:14+3 aliases add more than 262144 nodes to the document; "
              "note 5:5 this one stands for 111111",
              NULL);
    /* quadratic: one large one, often */
    buf_add_text(&text, "a: &a [");
    for (i = 0; i < 2620; i++)
        buf_add_text(&text, "x,");
    buf_add_text(&text, "]\nb:\n");
    for (i = 0; i < 1000; i++)
        buf_add_text(&text, "- *a\n");
    check_buf(&text,
              "103:3+2 aliases add more than 262144 nodes to the document; "
              "note 1:4 this one stands for 2621",
              NULL);
    /* the same with merges */
    buf_add_text(&text, "- &a0 {k0: 1}\n");
    for (i = 1; i < 1000; i++)
        buf_printf(&text, "- &a%d {<<: *a%d, k%d: 1}\n", i, i - 1, i);
    check_buf(&text,
              "363:14+5 aliases add more than 262144 nodes to the document; "
              "note 362:3 this one stands for 1447",
              NULL);
    buf_release(&text);
}

/* A mapping of many keys is no slower than its size asks for, and finds its duplicates. */
static void test_many_keys(void **state)
{
    enum { KEYS = 30000 };
    struct doc_fixture fixture;
    struct buf text;
    int i;
    (void)state;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    for (i = 0; i < KEYS; i++)
        buf_printf(&text, "k%d: 1\n", i * 7919 % KEYS);
    buf_add_text(&text, "k7919: 2\nk0: 2\n");
    doc_fixture_read(&fixture, text.data, text.size, NULL);
    assert_string_equal(buf_text(&fixture.report),
                        "30001:1+5 duplicate key \"k7919\"; note 2:1 first set here\n"
                        "30002:1+2 duplicate key \"k0\"; note 1:1 first set here");
    doc_fixture_release(&fixture);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_merges),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_several_documents),
        cmocka_unit_test(test_several_errors),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_depth_through_aliases),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_the_real_size_limit),
        cmocka_unit_test(test_alias_bombs),
        cmocka_unit_test(test_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
