#include "base/unified_diff.h"

#include "base/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Holds the difference of two texts against what is wanted. */
static void check(const char *name, const char *old, const char *new_text,
                  const struct diff_span *spans, size_t count, const char *wanted)
{
    const struct diff_text a = {name, old, strlen(old)}, b = {name, new_text, strlen(new_text)};
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    unified_diff(&a, &b, spans, count, &out);
    assert_string_equal(buf_text(&out), wanted);
    buf_release(&out);
}

#define HEAD "--- a/r.yaml\n+++ b/r.yaml\n"

static void test_one_span(void **state)
{
    static const struct {
        const char *old, *new_text;
        struct diff_span span;
        const char *wanted;
    } cases[] = {
        {"a\nb\nc\n", "a\nB\nc\n", {2, 1, 2, 1}, HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
        {"a\nb\nc\n", "a\nb\nc\n", {2, 1, 2, 1}, ""},
        {"a\nb\n", "a\nx\nb\n", {2, 0, 2, 2}, HEAD "@@ -1,2 +1,3 @@\n a\n+x\n b\n"},
        {"a\nb\n", "b\n", {0, 2, 0, 0}, HEAD "@@ -1,2 +1 @@\n-a\n b\n"},
        {"a\n", "a\nb\n", {2, 0, 2, 2}, HEAD "@@ -1 +1,2 @@\n a\n+b\n"},
        {"a\n", "", {0, 2, 0, 0}, HEAD "@@ -1 +0,0 @@\n-a\n"},
        {"", "a\n", {0, 0, 0, 2}, HEAD "@@ -0,0 +1 @@\n+a\n"},
        {"a\nb",
         "a\nB",
         {2, 1, 2, 1},
         HEAD "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+B\n"
              "\\ No newline at end of file\n"},
        {"a\nb",
         "a\nb\nc",
         {3, 0, 3, 2},
         HEAD "@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n"
              "\\ No newline at end of file\n"},
        {"x\na\nb",
         "X\na\nb",
         {0, 1, 0, 1},
         HEAD "@@ -1,3 +1,3 @@\n-x\n+X\n a\n b\n\\ No newline at end of file\n"},
        {"a\r\nb\r\n", "a\r\nB\r\n", {3, 1, 3, 1}, HEAD "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+B\r\n"},
        /* What is the same at both ends of the lines is left out. */
        {"a\nb\nc\n", "a\nx\nb\nc\n", {2, 2, 2, 4}, HEAD "@@ -1,3 +1,4 @@\n a\n+x\n b\n c\n"},
        {"1\n2\n3\n4\n5\n6\n7\n8\n9\n",
         "1\n2\n3\n4\nF\n6\n7\n8\n9\n",
         {8, 1, 8, 1},
         HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+F\n 6\n 7\n 8\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        check("r.yaml", cases[i].old, cases[i].new_text, &cases[i].span, 1, cases[i].wanted);
}

/* Hunks that would touch are one; line numbers of the new text go on from what came before. */
static void test_hunks(void **state)
{
    static const char near[] = "1\n2\n3\n4\n5\n6\n7\n8\n";
    static const char far[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    const struct diff_span near_spans[] = {{0, 1, 0, 1}, {14, 1, 14, 1}};
    const struct diff_span far_spans[] = {{0, 2, 0, 0}, {16, 1, 14, 1}};
    const struct diff_span same_line[] = {{0, 1, 0, 1}, {2, 1, 2, 1}};

    (void)state;
    check("r.yaml", near, "A\n2\n3\n4\n5\n6\n7\nB\n", near_spans, 2,
          HEAD "@@ -1,8 +1,8 @@\n-1\n+A\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+B\n");
    check("r.yaml", far, "2\n3\n4\n5\n6\n7\n8\nB\n", far_spans, 2,
          HEAD "@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -6,4 +5,4 @@\n 6\n 7\n 8\n-9\n+B\n");
    check("r.yaml", "a b c\n", "A B c\n", same_line, 2, HEAD "@@ -1 +1 @@\n-a b c\n+A B c\n");
}

static void test_names(void **state)
{
    static const struct {
        const char *name, *head;
    } cases[] = {
        {"./x/r.yaml", "--- a/x/r.yaml\n+++ b/x/r.yaml\n"},
        {"/x/r.yaml", "--- /x/r.yaml\n+++ /x/r.yaml\n"},
        {"my r.yaml", "--- a/my r.yaml\t\n+++ b/my r.yaml\t\n"},
        {"a\nb.yaml", "--- \"a/a\\nb.yaml\"\n+++ \"b/a\\nb.yaml\"\n"},
    };
    const struct diff_span span = {0, 1, 0, 1};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        char wanted[256];
        snprintf(wanted, sizeof(wanted), "%s@@ -1 +1 @@\n-a\n+b\n", cases[i].head);
        check(cases[i].name, "a\n", "b\n", &span, 1, wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_span),
        cmocka_unit_test(test_hunks),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
