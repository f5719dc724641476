#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *location, *message, *help;
    size_t limit;
} failures[] = {
    {"/nonexistent/roster.yaml", "cannot open /nonexistent/roster.yaml: No such file or directory",
     "name the roster's file or folder, or run roster where roster.yaml is", 1024},
    {TEST_SOURCE_DIR "/reconciler",
     "the folder " TEST_SOURCE_DIR "/reconciler has no *.yaml or *.yml file", NULL, 1024},
    {TEST_SOURCE_DIR "/examples/roster.yaml",
     TEST_SOURCE_DIR "/examples/roster.yaml is larger than the limit of 16 bytes", NULL, 16},
};

static void test_a_file(void **state)
{
    struct source source = {0};
    struct diag diag;
    (void)state;
    diag_init(&diag);
    assert_int_equal(source_load(&source, TEST_SOURCE_DIR "/examples/roster.yaml",
                                 &(struct source_options){.limit = 1 << 20}, &diag),
                     0);
    assert_int_equal(source.count, 1);
    assert_string_equal(source.items[0].name, TEST_SOURCE_DIR "/examples/roster.yaml");
    assert_non_null(strstr(buf_text(&source.items[0].text), "version: 1\n"));
    assert_int_equal(source.items[0].text.size, strlen(buf_text(&source.items[0].text)));
    diag_release(&diag);
    source_release(&source);
}

static void write_file(const char *folder, const char *name)
{
    char path[256];
    FILE *file;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(name, file);
    fclose(file);
}

/* By name, and only *.yaml and *.yml that are not hidden. */
static void test_a_folder(void **state)
{
    static const char *const files[] = {"b.yml", "a.yaml", ".hidden.yaml", "notes.txt", "B.yaml"};
    static const char *const expected[] = {"B.yaml", "a.yaml", "b.yml"};
    char folder[] = "test_source_XXXXXX", path[256];
    struct source source = {0};
    struct diag diag;
    size_t i;
    (void)state;
    diag_init(&diag);
    assert_non_null(mkdtemp(folder));
    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        write_file(folder, files[i]);
    assert_int_equal(source_load(&source, folder, &(struct source_options){.limit = 1024}, &diag),
                     0);
    assert_int_equal(source.count, 3);
    for (i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, expected[i]);
        assert_string_equal(source.items[i].name, path);
        assert_string_equal(buf_text(&source.items[i].text), expected[i]);
    }
    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    diag_release(&diag);
    source_release(&source);
}

static void test_failures(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        struct source source = {0};
        struct diag diag;
        diag_init(&diag);
        assert_int_equal(source_load(&source, failures[i].location,
                                     &(struct source_options){.limit = failures[i].limit}, &diag),
                         -1);
        assert_int_equal(diag.errors, 1);
        assert_string_equal(diag.items[0].message, failures[i].message);
        assert_true(str_equal(diag.items[0].help, failures[i].help));
        diag_release(&diag);
        source_release(&source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_a_folder),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
