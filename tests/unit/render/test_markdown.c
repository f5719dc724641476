/*
 * What golden files don't show: the cap, and that values are inert wherever they stand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "plan/guard.h"
#include "render/markdown_escape.h"
#include "render/render.h"
#include "support/huge_text.h"
#include "support/plan_text.h"

#include <string.h>

static void test_escapes(void **state)
{
    static const struct {
        const char *text, *code, *html;
    } cases[] = {
        {"Orders", "`Orders`", "Orders"},
        {"", "(empty)", ""},
        {"a`b", "``a`b``", "a`b"},
        {"a``b`c", "```a``b`c```", "a``b`c"},
        {"`", "`` ` ``", "`"},
        {"`a", "`` `a ``", "`a"},
        {" a ", "`  a  `", " a "},
        {" a", "` a`", " a"},
        {"@a #1 :b: https://c.example", "`@a #1 :b: https://c.example`",
         "@a #1 :b: https://c.example"},
        {"</details>&\"", "`</details>&\"`", "&lt;/details&gt;&amp;&quot;"},
        {"a\n\n/close\r", "`a\\n\\n/close\\r`", "a\\n\\n/close\\r"},
        {"\xff\x1b[31m", "`\\xff\\x1b[31m`", "\\xff\\x1b[31m"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 1024);
        markdown_add_code(&out, cases[i].text);
        assert_string_equal(buf_text(&out), cases[i].code);
        buf_clear(&out);
        markdown_add_html(&out, cases[i].text);
        assert_string_equal(buf_text(&out), cases[i].html);
        buf_release(&out);
    }
}

static void test_sentences(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"nothing in it", "nothing in it"},
        {"\"A\" is there", "`\"A\"` is there"},
        {"out of \"A\", \"B\" and 3 more", "out of `\"A\", \"B\"` and 3 more"},
        {"out of \"say \"`@a`\"\": it", "out of ``\"say \"`@a`\"\"``: it"},
        {"--take-over", "`--take-over`"},
        {"--max-removals 2, or a larger \"x\"", "`--max-removals 2`, or a larger `\"x\"`"},
        {"a_b *c* <d> @e", "a\\_b \\*c\\* \\<d\\> \\@e"},
        {"one \" only", "one `\"` only"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 1024);
        markdown_add_sentence(&out, cases[i].text);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_release(&out);
    }
}

static void test_long_values_are_cut(void **state)
{
    char text[4001];
    struct buf out;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    memcpy(text + 998, "\xc3\xa4\xc3\xb6", 4); /* the last two that are shown */
    buf_init(&out, 8192);
    markdown_add_line(&out, text);
    assert_int_equal(out.size, 1002 + strlen("… (2998 more characters)"));
    assert_string_equal(buf_text(&out) + 998, "\xc3\xa4\xc3\xb6… (2998 more characters)");
    buf_release(&out);
}

/* A line of the document as Markdown takes it. */
struct lines {
    const char *at;
    char line[16384];
};

static bool next_line(struct lines *lines)
{
    const char *end = strchr(lines->at, '\n');
    size_t size;

    if (end == NULL)
        return false;
    size = (size_t)(end - lines->at);
    assert_true(size < sizeof(lines->line));
    memcpy(lines->line, lines->at, size);
    lines->line[size] = '\0';
    lines->at = end + 1;
    return true;
}

static bool is_fence(const char *line, size_t at_least)
{
    return strspn(line, "`") >= at_least && line[strspn(line, "`")] == '\0';
}

/* Every fence and every <details> ends, and lines in fences have their sign. */
static void assert_well_formed(const char *text)
{
    struct lines lines = {.at = text};
    size_t fence = 0;
    bool details = false;

    while (next_line(&lines)) {
        if (fence != 0 && is_fence(lines.line, fence)) {
            fence = 0;
        } else if (fence != 0) {
            assert_non_null(strchr("+-! ", lines.line[0]));
            assert_int_not_equal(lines.line[0], '\0');
        } else if (str_starts_with(lines.line, "```") && str_ends_with(lines.line, "diff")) {
            assert_true(details);
            fence = strspn(lines.line, "`");
        } else if (strcmp(lines.line, "<details>") == 0) {
            assert_false(details);
            details = true;
        } else if (strcmp(lines.line, "</details>") == 0) {
            assert_true(details);
            details = false;
        }
    }
    assert_int_equal(lines.at[0], '\0');
    assert_int_equal(fence, 0);
    assert_false(details);
}

static void render(struct plan_text *text, struct buf *out)
{
    const struct render_options options = {.color = false};

    guard_check(&text->plan, &guard_limits_default);
    text->plan.origin =
        (struct plan_origin){.account_sid = "AC1", .location = "roster.yaml", .sha256 = "0123"};
    buf_init(out, BUF_LIMIT_DEFAULT);
    render_markdown(&text->plan, &options, out);
    assert_true(str_utf8_length(buf_text(out), out->size) <= RENDER_MARKDOWN_MAX);
    assert_well_formed(buf_text(out));
}

static void check_huge(size_t services, size_t numbers, const char *cut)
{
    struct buf roster, live, out;
    struct plan_text text;

    buf_init(&roster, BUF_LIMIT_DEFAULT);
    buf_init(&live, BUF_LIMIT_DEFAULT);
    huge_text(services, numbers, &roster, &live);
    plan_text_make(&text, buf_text(&roster), buf_text(&live));
    render(&text, &out);
    if (cut != NULL) {
        assert_true(str_utf8_length(buf_text(&out), out.size) > RENDER_MARKDOWN_MAX - 2000);
        assert_non_null(strstr(buf_text(&out), cut));
        assert_true(str_ends_with(buf_text(&out), "not shown; see `roster plan`.\n"));
    }
    buf_release(&out);
    plan_text_release(&text);
    buf_release(&roster);
    buf_release(&live);
}

/* Some 50,000 changes in many services and in few, and every way to end near the cap. */
static void test_cap(void **state)
{
    size_t i;

    (void)state;
    check_huge(2500, 20, " more services with ");
    check_huge(130, 385, " more services with ");
    check_huge(3, 395, " of the last service ");
    for (i = 1; i <= 40; i++)
        check_huge(80, i, NULL);
    for (i = 200; i <= 240; i++)
        check_huge(i, 1, NULL);
}

/* The head has caps of its own, so that services are shown in any case. */
static void test_head_is_capped(void **state)
{
    struct plan_text text;
    struct buf yaml, live, out;
    int i;

    (void)state;
    buf_init(&yaml, BUF_LIMIT_DEFAULT);
    buf_init(&live, BUF_LIMIT_DEFAULT);
    buf_add_text(&yaml, "version: 1\nprune: true\nservices: [{friendly_name: First}]\n"
                        "guards:\n  protect:\n");
    buf_add_text(&live, "{\"services\": [");
    for (i = 0; i < 3000; i++) {
        buf_printf(&yaml, "    - '````@evil %d'\n", i);
        buf_printf(&live, "%s{\"sid\": \"MG%032x\", \"friendly_name\": \"````@evil %d\"}",
                   i == 0 ? "" : ", ", (unsigned)i, i);
    }
    buf_add_text(&live, "]}");
    plan_text_make(&text, buf_text(&yaml), buf_text(&live));
    render(&text, &out);
    assert_non_null(strstr(buf_text(&out), " more reasons; see `roster plan`\n"));
    assert_non_null(strstr(buf_text(&out), " more such changes; see `roster plan`\n"));
    assert_non_null(strstr(buf_text(&out), "<summary><code>First</code> (new) — 1 to create"));
    assert_non_null(strstr(buf_text(&out), " services with "));
    buf_release(&out);
    plan_text_release(&text);
    buf_release(&yaml);
    buf_release(&live);
}

/* The size of the code span that begins at the backticks, 0 when nothing ends it. */
static size_t span_size(const char *text)
{
    const size_t marks = strspn(text, "`");
    const char *at = text + marks;

    while ((at = strchr(at, '`')) != NULL) {
        size_t run = strspn(at, "`");
        at += run;
        if (run == marks)
            return (size_t)(at - text);
    }
    return 0;
}

/* What Markdown makes anything of: the line without its code. */
static void add_live_part(struct buf *out, const char *line)
{
    const bool html = str_starts_with(line, "<");

    while (*line != '\0') {
        size_t size = 0;
        if (html && str_starts_with(line, "<code>") && strstr(line, "</code>") != NULL)
            size = (size_t)(strstr(line, "</code>") - line);
        else if (!html && *line == '`')
            size = span_size(line);
        if (size == 0)
            buf_add_char(out, *line);
        line += size == 0 ? 1 : size;
    }
    buf_add_char(out, '\n');
}

/* All hostile values have "evil" in them, which is to be found in code only. */
static void assert_inert(const char *text)
{
    struct lines lines = {.at = text};
    struct buf live;
    size_t fence = 0;

    buf_init(&live, BUF_LIMIT_DEFAULT);
    while (next_line(&lines)) {
        if (fence != 0 && is_fence(lines.line, fence))
            fence = 0;
        else if (fence == 0 && str_starts_with(lines.line, "```"))
            fence = str_ends_with(lines.line, "diff") ? strspn(lines.line, "`") : 0;
        if (fence == 0)
            add_live_part(&live, lines.line);
    }
    assert_non_null(strstr(text, "evil"));
    assert_null(strstr(buf_text(&live), "evil"));
    buf_release(&live);
}

/* As YAML and as JSON they are written alike. */
static const char *const hostile[] = {
    "@evil",
    "evil/evil#12 fixes #1 !2 GH-3",
    ":evil: https://evil.example www.evil.example evil@evil.example",
    "<img src=evil onerror=alert(1)>",
    "</code></summary></details><h1>evil",
    "<!-- evil --> -->",
    "`evil` ``@evil`` ```evil",
    "evil`",
    "`evil",
    "``````````evil``````````",
    "evil\\n```\\n@evil\\n~~~\\n</details>",
    "evil\\r\\n\\r\\n/close\\r\\n# evil",
    "evil | evil | evil",
    "[evil](https://evil.example) ![evil](evil) [evil]: evil",
    "***evil*** ~~evil~~ __evil__ $`evil`$ $$evil$$",
    "\\\"evil\\\" \\\"@evil",
    "evil\\\\",
    "evil\\u202e\\u0007\\u001b[31m",
    "$${evil} &lt;evil&gt; &#64;evil",
    "    evil",
    "- evil",
};

/* A service of that name is deleted, another one loses its last sender, a third gets it. */
static void make_hostile(struct plan_text *text, const char *value)
{
    struct buf yaml, live;

    buf_init(&yaml, 64 * 1024);
    buf_init(&live, 64 * 1024);
    buf_printf(&yaml,
               "version: 1\nprune: true\nservices:\n"
               "  - friendly_name: \"A %s\"\n    sticky_sender: false\n"
               "    usecase: notifications\n    phone_numbers: [\"+15005550001\"]\n"
               "  - friendly_name: \"B %s\"\n    phone_numbers: []\n"
               "guards: {protect: [\"B %s\"], max_removals: 0}\n",
               value, value, value);
    if (str_starts_with(value, "$$"))
        value++;
    buf_printf(
        &live,
        "{\"services\": ["
        "{\"sid\": \"MG%032d\", \"friendly_name\": \"A %s\", \"sticky_sender\": true, "
        "\"usecase\": \"%s\"}, "
        "{\"sid\": \"MG%032d\", \"friendly_name\": \"B %s\", \"phone_numbers\": "
        "[" LIVE_NUMBER(
            "1") "]}, "
                 "{\"sid\": \"MG%032d\", \"friendly_name\": \"%s\", "
                 "\"us_app_to_person_registered\": "
                 "true, \"destination_alpha_senders\": [{\"sid\": \"AI%032d\", \"alpha_sender\": "
                 "\"%s\", \"iso_country_code\": \"%s\"}]}]}",
        1, value, value, 2, value, 3, value, 1, value, value);
    plan_text_make(text, buf_text(&yaml), buf_text(&live));
    buf_release(&yaml);
    buf_release(&live);
}

static void test_values_are_inert(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(hostile); i++) {
        const char *const targets[] = {"*evil*", "*@evil*"};
        struct plan_text text;
        struct buf out;
        make_hostile(&text, hostile[i]);
        text.roster.desired.targets = targets;
        text.roster.desired.target_count = COUNT_OF(targets);
        render(&text, &out);
        assert_inert(buf_text(&out));
        buf_clear(&out);
        text.plan.origin = (struct plan_origin){
            .account_sid = "@evil",
            .location = "https://evil.example/`@evil`",
            .sha256 = "#evil",
            .commit = "evil\n\n@evil",
        };
        render_markdown(&text.plan, &(struct render_options){.color = false}, &out);
        assert_inert(buf_text(&out));
        buf_release(&out);
        plan_text_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_long_values_are_cut),
        cmocka_unit_test(test_cap),
        cmocka_unit_test(test_head_is_capped),
        cmocka_unit_test(test_values_are_inert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
