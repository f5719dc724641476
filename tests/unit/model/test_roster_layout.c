/*
 * The canonical form of rosters: what it looks like, that it is its own, and that random documents
 * keep their meaning and their comments.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/random.h"
#include "document/layout.h"
#include "model/roster_layout.h"

#include <stdio.h>
#include <string.h>

struct work {
    struct doc doc;
    struct diag diag;
    struct buf out, report;
    int result;
};

static void work_start(struct work *work, const char *yaml)
{
    memset(work, 0, sizeof(*work));
    diag_init(&work->diag);
    buf_init(&work->out, BUF_LIMIT_DEFAULT);
    buf_init(&work->report, BUF_LIMIT_DEFAULT);
    work->result = doc_parse(&work->doc, "roster.yaml", yaml, strlen(yaml), &work->diag);
    if (work->result == 0)
        work->result = roster_layout_format(&work->doc, &work->out, &work->diag);
    diag_render_text(&work->diag, &work->report, false);
}

static void work_stop(struct work *work)
{
    doc_release(&work->doc);
    diag_release(&work->diag);
    buf_release(&work->out);
    buf_release(&work->report);
}

static const struct {
    const char *before, *after;
} cases[] = {
    /* Blanks, indentation, empty lines. */
    {"version:   1   \nservices:   [ ]\n\n\n", "version: 1\nservices: []\n"},
    {"\n\nversion: 1\n\n\n\nservices: []", "version: 1\n\nservices: []\n"},
    {"services:\n- friendly_name: A\n-   friendly_name: B\n",
     "services:\n  - friendly_name: A\n  - friendly_name: B\n"},
    {"defaults:\n      sticky_sender: true\n      usecase:\n         poll\n",
     "defaults:\n  sticky_sender: true\n  usecase: poll\n"},
    {"version: 1\r\nservices: []  # x\r\n", "version: 1\nservices: []  # x\n"},
    {"- - a\n  -   - b\n", "- - a\n  - - b\n"},
    {"--- \nversion: 1\n...\n", "---\nversion: 1\n"},
    /* Quotes. */
    {"a: 'x'\nb: \"y\"\nc: 'no'\nd: \"1\"\ne: yes\nf: \"a: b\"\n",
     "a: x\nb: \"y\"\nc: \"no\"\nd: \"1\"\ne: \"yes\"\nf: \"a: b\"\n"},
    {"a: true\nb: ~\nc:\nd: 0x1F\ne: !!str 1\n", "a: true\nb: ~\nc:\nd: 0x1F\ne: !!str 1\n"},
    {"a: ${HOOKS}/x\nb: \"${HOOKS}/y\"\n", "a: ${HOOKS}/x\nb: ${HOOKS}/y\n"},
    {"a: one\n   two\nb: 'it''s'\n", "a: one two\nb: \"it's\"\n"},
    /* Order. */
    {"services: []\naccount_sid: x\nversion: 1\n", "version: 1\naccount_sid: x\nservices: []\n"},
    {"services:\n  - phone_numbers: []\n    other: 1\n    friendly_name: A\n",
     "services:\n  - friendly_name: A\n    phone_numbers: []\n    other: 1\n"},
    {"defaults: &d\n  usecase: poll\nversion: 1\nservices:\n  - usecase: poll\n    friendly_name: "
     "A\n"
     "    <<: *d\n",
     "defaults: &d\n  usecase: poll\nversion: 1\nservices:\n  - <<: *d\n    friendly_name: A\n"
     "    usecase: poll\n"},
    {"test_sends:\n  - expect: {from: A, status: sent}\n    name: x\n",
     "test_sends:\n  - name: x\n    expect: {status: sent, from: A}\n"},
    /* Comments. */
    {"# top\n\n# of services\nservices: []\n#end\nversion: 1\n",
     "# top\n\n# of services\n#end\nversion: 1\nservices: []\n"},
    {"services:   # s\n# one\n- friendly_name: A   # a\n  # two\n\n  sid: b\n# foot\n",
     "services:  # s\n  # one\n  # two\n\n  - sid: b\n    friendly_name: A  # a\n# foot\n"},
    {"a: [\n  x, # ex\n  # why\n  y\n] # all\n", "a:  # all\n  - x  # ex\n  # why\n  - \"y\"\n"},
    {"a: [x,   y]   # all\nb: {c: d,e: f}\n", "a: [x, \"y\"]  # all\nb: {c: d, e: f}\n"},
    {"a: # of b\n  b\nc: # of e\n  # of d\n  d: e\n",
     "a: b  # of b\nc:  # of e\n  # of d\n  d: e\n"},
    {"a:\n  - b\n  # in the list\n# of c\nc: d\n", "a:\n  - b\n  # in the list\n# of c\nc: d\n"},
    {"a: &x   # anchored\n  b: c\nd: *x   # again\n",
     "a: &x  # anchored\n  b: c\nd: *x  # again\n"},
    {"a: 'x # y'  # z\nb: x#y\n", "a: \"x # y\"  # z\nb: \"x#y\"\n"},
    /* Block scalars keep their lines. */
    {"a: |   # why\n      one # no comment\n        two\n\nb: c\n",
     "a: |  # why\n  one # no comment\n    two\n\nb: c\n"},
    {"a: |2-\n    one\n  two\n", "a: |2-\n    one\n  two\n"},
    {"a: >+\n  one\n\n  two\n\n\nb: c\n", "a: >+\n  one\n\n  two\n\n\nb: c\n"},
    {"- |\n  x\n-   |-\n   y\n   # z\n", "- |\n  x\n- |-\n  y\n  # z\n"},
};

/* Where they part: cmocka cuts long texts. */
static void show_difference(const char *got, const char *wanted)
{
    size_t at = 0, from;

    while (got[at] == wanted[at] && got[at] != '\0')
        at++;
    if (got[at] == wanted[at])
        return;
    from = at > 200 ? at - 200 : 0;
    print_error("got:\n%.300s\nwanted:\n%.300s\n", got + from, wanted + from);
}

static void check(const char *before, const char *after)
{
    struct work work;

    work_start(&work, before);
    if (work.result != 0)
        print_error("for:\n%s\n%s\n", before, buf_text(&work.report));
    assert_int_equal(work.result, 0);
    show_difference(buf_text(&work.out), after);
    assert_string_equal(buf_text(&work.out), after);
    work_stop(&work);
}

static void test_form(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        check(cases[i].before, cases[i].after);
}

static void test_form_is_its_own(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        check(cases[i].after, cases[i].after);
}

static void test_what_is_refused(void **state)
{
    static const struct {
        const char *yaml, *message;
    } refused[] = {
        {"%YAML 1.2\n---\na: b\n", "directives (%YAML, %TAG) can't be formatted or edited"},
        {"text\n", "the document is neither a mapping nor a list"},
        {"# nothing\n", "the roster is empty"},
        {"a: [\n", "error"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(refused); i++) {
        struct work work;
        work_start(&work, refused[i].yaml);
        assert_int_equal(work.result, -1);
        assert_non_null(strstr(buf_text(&work.report), refused[i].message));
        work_stop(&work);
    }
}

/* Random documents, as untidy as YAML allows. */

struct making {
    struct random_state random;
    struct buf *out;
    int names, comments, anchors;
    int usable[256], usable_count; /* anchors of what is complete, for aliases */
};

static int pick(struct making *making, int limit)
{
    return (int)random_below(&making->random, (uint64_t)limit);
}

static bool chance(struct making *making, int percent)
{
    return pick(making, 100) < percent;
}

static void add_blanks(struct making *making, int least)
{
    buf_add_fill(making->out, ' ', (size_t)(least + pick(making, 3)));
}

static void add_comment(struct making *making)
{
    buf_printf(making->out, "#%s c%d: [\"%s", chance(making, 50) ? " " : "", making->comments++,
               chance(making, 20) ? " \n" : "\n");
}

static void end_line(struct making *making)
{
    if (chance(making, 25)) {
        add_blanks(making, 1);
        add_comment(making);
        return;
    }
    if (chance(making, 10))
        add_blanks(making, 1);
    buf_add_char(making->out, '\n');
}

static void between_lines(struct making *making, int indent)
{
    while (chance(making, 15))
        buf_add_text(making->out, "\n");
    while (chance(making, 20)) {
        buf_add_fill(making->out, ' ',
                     (size_t)(chance(making, 70) ? indent : pick(making, indent + 3)));
        add_comment(making);
        if (chance(making, 20))
            buf_add_text(making->out, "\n");
    }
}

static void add_scalar(struct making *making, bool flow)
{
    static const char *const scalars[] = {
        "x",       "plain text",  "'no'",  "\"a: b # c\"", "1",    "true",   "~",
        "'it''s'", "\"\\u202e\"", "+1500", "K\xc3\xb6ln",  "\"\"", "${A}/b", "!!str 12",
    };
    buf_add_text(making->out, scalars[pick(making, COUNT_OF(scalars) - (flow ? 2 : 0))]);
}

static void add_flow(struct making *making, int depth, int indent);

static void add_flow_item(struct making *making, int depth, int indent)
{
    if (depth > 0 && chance(making, 25))
        add_flow(making, depth - 1, indent);
    else
        add_scalar(making, true);
}

static void flow_break(struct making *making, int indent, bool lines)
{
    if (!lines) {
        add_blanks(making, 0);
        return;
    }
    end_line(making);
    between_lines(making, indent);
    buf_add_fill(making->out, ' ', (size_t)(indent + 1));
}

static void add_flow(struct making *making, int depth, int indent)
{
    const bool mapping = chance(making, 50), lines = depth > 1 && chance(making, 40);
    int count = pick(making, 4), i;

    buf_add_char(making->out, mapping ? '{' : '[');
    for (i = 0; i < count; i++) {
        flow_break(making, indent, lines);
        if (mapping)
            buf_printf(making->out, "k%d: ", making->names++);
        add_flow_item(making, depth, indent);
        if (i + 1 < count)
            buf_add_text(making->out, ",");
    }
    flow_break(making, indent, lines);
    buf_add_char(making->out, mapping ? '}' : ']');
}

static void add_lines(struct making *making, int indent)
{
    static const char *const headers[] = {"|", "|-", "|+", ">", ">-", ">+"};
    int count = 1 + pick(making, 3), i;

    buf_add_text(making->out, headers[pick(making, COUNT_OF(headers))]);
    end_line(making);
    for (i = 0; i < count; i++) {
        buf_add_fill(making->out, ' ', (size_t)(indent + (i > 0 ? pick(making, 3) : 0)));
        buf_printf(making->out, "line %d # no comment\n%s", i, chance(making, 20) ? "\n" : "");
    }
}

static void add_block(struct making *making, int depth, int indent);

static void add_content(struct making *making, int depth, int indent, bool item, bool anchored)
{
    if (depth > 0 && chance(making, 45)) {
        end_line(making);
        add_block(making, depth - 1, indent + 1 + pick(making, 4) + (item ? 1 : 0));
        return;
    }
    if (!anchored && chance(making, 5)) {
        end_line(making); /* nothing */
        return;
    }
    add_blanks(making, 1);
    if (chance(making, 12)) {
        add_lines(making, indent + 2);
        return;
    }
    if (chance(making, 30))
        add_flow(making, 2, indent + 1);
    else
        add_scalar(making, false);
    end_line(making);
}

/* Behind a key or a dash. */
static void add_value(struct making *making, int depth, int indent, bool item)
{
    const bool anchored = chance(making, 8) && making->usable_count < 256;
    const int anchor = making->anchors;

    if (!anchored && making->usable_count > 0 && chance(making, 5)) {
        buf_printf(making->out, " *a%d", making->usable[pick(making, making->usable_count)]);
        end_line(making);
        return;
    }
    if (anchored)
        buf_printf(making->out, " &a%d", making->anchors++);
    add_content(making, depth, indent, item, anchored);
    if (anchored)
        making->usable[making->usable_count++] = anchor;
}

static void add_block(struct making *making, int depth, int indent)
{
    const bool mapping = chance(making, 60);
    int count = 1 + pick(making, 4), i;

    for (i = 0; i < count; i++) {
        between_lines(making, indent);
        buf_add_fill(making->out, ' ', (size_t)indent);
        if (mapping)
            buf_printf(making->out, chance(making, 20) ? "\"k %d\":" : "k%d:", making->names++);
        else
            buf_add_char(making->out, '-');
        add_value(making, depth, indent, !mapping);
    }
}

static size_t count_text(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

/* Each comment once, with its text. */
static void check_comments(const char *text, int count)
{
    int i;
    for (i = 0; i < count; i++) {
        char mark[32];
        snprintf(mark, sizeof(mark), "c%d: [\"", i);
        if (count_text(text, mark) != 1)
            print_error("comment %d is lost:\n%s\n", i, text);
        assert_int_equal(count_text(text, mark), 1);
    }
}

static void check_random(uint64_t seed)
{
    struct making making = {0};
    struct work work;
    struct buf yaml;

    random_seed(&making.random, seed);
    buf_init(&yaml, 1024 * 1024);
    making.out = &yaml;
    add_block(&making, 3, 0);
    between_lines(&making, 0);
    work_start(&work, buf_text(&yaml));
    if (work.result != 0)
        print_error("seed %d:\n%s\n%s\n", (int)seed, buf_text(&yaml), buf_text(&work.report));
    assert_int_equal(work.result, 0);
    check_comments(buf_text(&work.out), making.comments);
    check(buf_text(&work.out), buf_text(&work.out));
    work_stop(&work);
    buf_release(&yaml);
}

static void test_random_documents(void **state)
{
    uint64_t seed;
    (void)state;
    for (seed = 1; seed <= 5000; seed++)
        check_random(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_form_is_its_own),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_random_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
