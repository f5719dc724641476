#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/folder.h"
#include "support/scratch_folder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *below(const struct scratch_folder *scratch, const char *name)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/%s", scratch->path, name);
    return path;
}

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fclose(file);
}

/* With all that is in it, but nothing that a link in it points to. */
static void test_remove(void **state)
{
    struct scratch_folder scratch, elsewhere;
    (void)state;

    scratch_folder_make(&scratch);
    scratch_folder_make(&elsewhere);
    make_file(below(&elsewhere, "kept"));
    assert_int_equal(mkdir(below(&scratch, "a"), 0700), 0);
    assert_int_equal(mkdir(below(&scratch, "a/b"), 0700), 0);
    make_file(below(&scratch, "a/b/file"));
    assert_int_equal(symlink(elsewhere.path, below(&scratch, "a/link")), 0);
    assert_int_equal(folder_remove(below(&scratch, "a")), 0);
    assert_int_equal(access(below(&scratch, "a"), F_OK), -1);
    assert_int_equal(folder_remove(below(&scratch, "a")), 0);
    assert_int_equal(access(below(&elsewhere, "kept"), F_OK), 0);
    scratch_folder_remove(&scratch);
    scratch_folder_remove(&elsewhere);
}

static void test_private(void **state)
{
    struct scratch_folder scratch;
    (void)state;

    scratch_folder_make(&scratch);
    assert_int_equal(folder_check_private(scratch.path), 0);
    assert_int_equal(chmod(scratch.path, 0770), 0);
    assert_int_equal(folder_check_private(scratch.path), -1);
    assert_int_equal(errno, EPERM);
    assert_int_equal(chmod(scratch.path, 0700), 0);
    assert_int_equal(symlink(scratch.path, below(&scratch, "link")), 0);
    assert_int_equal(folder_check_private(below(&scratch, "link")), -1);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(folder_check_private(below(&scratch, "none")), -1);
    assert_int_equal(errno, ENOENT);
    scratch_folder_remove(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
