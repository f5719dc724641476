/*
 * Golden files: each folder tests/golden/<case>/ has roster.yaml and live.json (see
 * support/live_text.h), and one expected file for each renderer: plan.txt, plan.color.txt.
 *
 * With ROSTER_UPDATE_GOLDEN set in the environment, the expected files are written instead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "render/render.h"
#include "support/live_text.h"
#include "support/roster_text.h"

#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *file;
    struct render_options options;
} renderers[] = {
    {"plan.txt", {.color = false}},
    {"plan.color.txt", {.color = true}},
};

static void read_text(const char *folder, const char *name, struct buf *out)
{
    struct diag diag;
    char path[4096];

    diag_init(&diag);
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    buf_clear(out);
    if (file_read(path, out, &diag) != 0)
        fail_msg("%s", diag.items[0].message);
    diag_release(&diag);
}

static void compare(const char *folder, const char *name, const struct buf *rendered)
{
    struct buf expected;
    struct diag diag;
    char path[4096];

    buf_init(&expected, BUF_LIMIT_DEFAULT);
    diag_init(&diag);
    if (getenv("ROSTER_UPDATE_GOLDEN") != NULL) {
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        assert_int_equal(file_write_atomic(path, buf_text(rendered), rendered->size, 0644, &diag),
                         0);
    } else {
        read_text(folder, name, &expected);
        assert_string_equal(buf_text(rendered), buf_text(&expected));
    }
    diag_release(&diag);
    buf_release(&expected);
}

static void run_case(const char *folder)
{
    struct roster_text roster;
    struct live_state live;
    struct plan plan = {0};
    struct buf text, out;
    struct diag diag;
    size_t i;

    diag_init(&diag);
    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    read_text(folder, "roster.yaml", &text);
    roster_text_read(&roster, buf_text(&text));
    assert_string_equal(buf_text(&roster.report), "");
    read_text(folder, "live.json", &text);
    live_text_read(&live, buf_text(&text));
    assert_int_equal(plan_build(&plan, &roster.desired, &live, &diag), 0);
    assert_int_equal(plan_resolve(&plan, &live, &diag), 0);
    for (i = 0; i < COUNT_OF(renderers); i++) {
        buf_clear(&out);
        render_text(&plan, &renderers[i].options, &out);
        compare(folder, renderers[i].file, &out);
    }
    plan_release(&plan);
    live_state_release(&live);
    roster_text_release(&roster);
    buf_release(&out);
    buf_release(&text);
    diag_release(&diag);
}

static void test_golden_files(void **state)
{
    static const char root[] = TEST_SOURCE_DIR "/tests/golden";
    struct dirent *entry;
    DIR *folder = opendir(root);
    size_t count = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        struct buf path;
        if (entry->d_name[0] == '.')
            continue;
        print_message("  %s\n", entry->d_name);
        buf_init(&path, 4096);
        buf_printf(&path, "%s/%s", root, entry->d_name);
        run_case(buf_text(&path));
        buf_release(&path);
        count++;
    }
    closedir(folder);
    assert_true(count >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_files),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
