#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "cli/state_folder.h"
#include "support/scratch_folder.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
    const char *state, *home, *expected;
} cases[] = {
    {"/s", "/h", "/s/roster"},
    {NULL, "/h", "/h/.local/state/roster"},
    {"", "/h", "/h/.local/state/roster"},
    {"relative", "/h", "/h/.local/state/roster"},
    {NULL, "h", NULL},
    {NULL, NULL, NULL},
};

static size_t at; /* the case that lookup() answers for */

static char *lookup(const char *name)
{
    static char values[2][32];
    const bool home = strcmp(name, "HOME") == 0;
    const char *found = home ? cases[at].home : cases[at].state;

    if (found == NULL)
        return NULL;
    snprintf(values[home], sizeof(values[home]), "%s", found);
    return values[home];
}

static void test_place(void **state)
{
    struct arena arena = {0};
    struct diag diag;
    (void)state;

    diag_init(&diag);
    for (at = 0; at < COUNT_OF(cases); at++) {
        const char *folder = state_folder(lookup, &arena, &diag);
        if (cases[at].expected == NULL)
            assert_null(folder);
        else
            assert_string_equal(folder, cases[at].expected);
    }
    assert_int_equal(diag.errors, 2);
    for (at = 0; at < COUNT_OF(cases); at++) {
        const char *folder = cache_folder(lookup, &arena, &diag);
        if (cases[at].expected == NULL)
            assert_null(folder);
        else if (strstr(cases[at].expected, ".local") != NULL)
            assert_string_equal(folder, "/h/.cache/roster/git");
        else
            assert_string_equal(folder, "/s/roster/git");
    }
    assert_int_equal(diag.errors, 4);
    assert_string_equal(state_file("/s", "ACAB01", "lock", &arena), "/s/ACab01.lock");
    arena_release(&arena);
    diag_release(&diag);
}

static void test_made(void **state)
{
    struct scratch_folder scratch;
    struct stat info;
    struct diag diag;
    char path[128];
    FILE *file;
    (void)state;

    diag_init(&diag);
    scratch_folder_make(&scratch);
    snprintf(path, sizeof(path), "%s/a/b/roster", scratch.path);
    assert_int_equal(state_folder_make(path, &diag), 0);
    assert_int_equal(state_folder_make(path, &diag), 0);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    snprintf(path, sizeof(path), "%s/file", scratch.path);
    file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    snprintf(path, sizeof(path), "%s/file/roster", scratch.path);
    assert_int_equal(state_folder_make(path, &diag), -1);
    assert_int_equal(diag.errors, 1);
    scratch_folder_remove(&scratch);
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place),
        cmocka_unit_test(test_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
