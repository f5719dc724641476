#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "source/source.h"

#include <string.h>

static const struct {
    const char *location, *message, *help;
    size_t limit;
} failures[] = {
    {"/nonexistent/roster.yaml", "cannot open /nonexistent/roster.yaml: No such file or directory",
     "name the roster's file, or run roster where roster.yaml is", 1024},
    {TEST_SOURCE_DIR "/examples", TEST_SOURCE_DIR "/examples is a folder, not a file", NULL, 1024},
    {TEST_SOURCE_DIR "/examples/roster.yaml",
     TEST_SOURCE_DIR "/examples/roster.yaml is larger than the limit of 16 bytes", NULL, 16},
};

static void test_a_file(void **state)
{
    struct buf text;
    struct diag diag;
    (void)state;
    buf_init(&text, 1024 * 1024);
    diag_init(&diag);
    assert_int_equal(source_load(TEST_SOURCE_DIR "/examples/roster.yaml", &text, &diag), 0);
    assert_non_null(strstr(buf_text(&text), "version: 1\n"));
    diag_release(&diag);
    buf_release(&text);
}

static void test_failures(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        struct buf text;
        struct diag diag;
        buf_init(&text, failures[i].limit);
        diag_init(&diag);
        assert_int_equal(source_load(failures[i].location, &text, &diag), -1);
        assert_int_equal(diag.errors, 1);
        assert_string_equal(diag.items[0].message, failures[i].message);
        assert_true(str_equal(diag.items[0].help, failures[i].help));
        diag_release(&diag);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
