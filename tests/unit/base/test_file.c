#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for every test, and what is needed to read and report. */
struct place {
    struct diag diag;
    struct buf content;
    char folder[64];
    char path[128];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    if (place == NULL)
        return -1;
    diag_init(&place->diag);
    buf_init(&place->content, 1000000);
    snprintf(place->folder, sizeof(place->folder), "/tmp/roster-test-XXXXXX");
    if (mkdtemp(place->folder) == NULL)
        return -1;
    snprintf(place->path, sizeof(place->path), "%s/file", place->folder);
    *state = place;
    return 0;
}

/* Removes the folder and its files; returns how many there were. */
static int remove_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    struct dirent *entry;
    int count = 0;

    if (entries == NULL)
        return -1;
    while ((entry = readdir(entries)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        unlinkat(dirfd(entries), entry->d_name, 0);
        unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
    }
    closedir(entries);
    rmdir(folder);
    return count;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    remove_folder(place->folder);
    diag_release(&place->diag);
    buf_release(&place->content);
    free(place);
    return 0;
}

static void assert_message(const struct place *place, const char *format)
{
    char expected[512];
    snprintf(expected, sizeof(expected), format, place->path);
    assert_int_equal(place->diag.count, 1);
    assert_string_equal(place->diag.items[0].message, expected);
}

static void test_write_and_read(void **state)
{
    struct place *place = *state;
    char bytes[200000];
    struct stat info;
    size_t i;

    for (i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 7);
    assert_int_equal(file_write_atomic(place->path, bytes, sizeof(bytes), 0600, &place->diag), 0);
    assert_int_equal(file_read(place->path, &place->content, &place->diag), 0);
    assert_int_equal(place->content.size, sizeof(bytes));
    assert_memory_equal(place->content.data, bytes, sizeof(bytes));
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    /* The mode is as asked for whatever the umask, also over a file of another mode. */
    assert_int_equal(file_write_atomic(place->path, "new", 3, 0644, &place->diag), 0);
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0644);
    buf_clear(&place->content);
    assert_int_equal(file_read(place->path, &place->content, &place->diag), 0);
    assert_string_equal(buf_text(&place->content), "new");
    assert_int_equal(file_write_atomic(place->path, "", 0, 0600, &place->diag), 0);
    buf_clear(&place->content);
    assert_int_equal(file_read(place->path, &place->content, &place->diag), 0);
    assert_int_equal(place->content.size, 0);
    assert_int_equal(place->diag.count, 0);
    assert_int_equal(remove_folder(place->folder), 1);
}

static void test_a_bare_name_is_in_the_working_folder(void **state)
{
    struct place *place = *state;
    int before = open(".", O_RDONLY);

    assert_true(before >= 0);
    assert_int_equal(chdir(place->folder), 0);
    assert_int_equal(file_write_atomic("-", "x", 1, 0600, &place->diag), 0);
    assert_int_equal(file_read("-", &place->content, &place->diag), 0);
    assert_string_equal(buf_text(&place->content), "x");
    assert_int_equal(fchdir(before), 0);
    close(before);
}

static void test_read_what_is_missing(void **state)
{
    struct place *place = *state;
    assert_int_equal(file_read(place->path, &place->content, &place->diag), -1);
    assert_message(place, "cannot open %s: No such file or directory");
}

static void test_read_a_folder(void **state)
{
    struct place *place = *state;
    assert_int_equal(mkdir(place->path, 0700), 0);
    assert_int_equal(file_read(place->path, &place->content, &place->diag), -1);
    assert_message(place, "%s is a folder, not a file");
}

static void test_read_a_device(void **state)
{
    struct place *place = *state;
    snprintf(place->path, sizeof(place->path), "/dev/null");
    assert_int_equal(file_read(place->path, &place->content, &place->diag), -1);
    assert_message(place, "%s is neither a file nor a pipe");
}

static void test_read_a_pipe(void **state)
{
    struct place *place = *state;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(file_write_all(ends[1], "through a pipe", 14), 0);
    close(ends[1]);
    snprintf(place->path, sizeof(place->path), "/dev/fd/%d", ends[0]);
    assert_int_equal(file_read(place->path, &place->content, &place->diag), 0);
    assert_string_equal(buf_text(&place->content), "through a pipe");
    close(ends[0]);
}

static void test_read_too_much(void **state)
{
    struct place *place = *state;
    assert_int_equal(file_write_atomic(place->path, "12345", 5, 0600, &place->diag), 0);
    place->content.limit = 5;
    assert_int_equal(file_read(place->path, &place->content, &place->diag), 0);
    place->content.limit = 4;
    buf_clear(&place->content);
    assert_int_equal(file_read(place->path, &place->content, &place->diag), -1);
    assert_message(place, "%s is larger than the limit of 4 bytes");
}

static void test_write_into_no_folder(void **state)
{
    struct place *place = *state;
    snprintf(place->path, sizeof(place->path), "%s/none/file", place->folder);
    assert_int_equal(file_write_atomic(place->path, "x", 1, 0600, &place->diag), -1);
    assert_message(place, "cannot create a file beside %s: No such file or directory");
}

/* The rename fails; what was there stays, and nothing is left beside it. */
static void test_write_over_a_folder(void **state)
{
    struct place *place = *state;
    struct stat info;

    assert_int_equal(mkdir(place->path, 0700), 0);
    assert_int_equal(file_write_atomic(place->path, "x", 1, 0600, &place->diag), -1);
    assert_message(place, "%s is a folder");
    assert_int_equal(stat(place->path, &info), 0);
    assert_true(S_ISDIR(info.st_mode));
    assert_int_equal(remove_folder(place->folder), 1);
}

/* Else "--out /dev/full" would make a plain file of the device. */
static void test_write_over_what_is_no_file(void **state)
{
    struct place *place = *state;
    struct stat info;

    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_int_equal(file_write_atomic(place->path, "x", 1, 0600, &place->diag), -1);
    assert_message(place, "%s is not a regular file");
    assert_int_equal(lstat(place->path, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(symlink("/dev/null", place->path), 0);
    assert_int_equal(file_write_atomic(place->path, "x", 1, 0600, &place->diag), -1);
    assert_int_equal(lstat(place->path, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(unlink(place->path), 0);
}

static void test_a_path_too_long(void **state)
{
    struct place *place = *state;
    char *path = malloc(70001);

    assert_non_null(path);
    memset(path, 'x', 70000);
    path[70000] = '\0';
    assert_int_equal(file_write_atomic(path, "x", 1, 0600, &place->diag), -1);
    assert_true(str_ends_with(place->diag.items[0].message, ": File name too long"));
    free(path);
}

static void test_write_all_says_why_not(void **state)
{
    int descriptor = open("/dev/full", O_WRONLY);
    (void)state;
    if (descriptor < 0)
        skip();
    assert_int_equal(file_write_all(descriptor, "", 0), 0);
    errno = 0;
    assert_int_equal(file_write_all(descriptor, "x", 1), -1);
    assert_int_equal(errno, ENOSPC);
    close(descriptor);
    assert_int_equal(file_write_all(-1, "x", 1), -1);
    assert_int_equal(errno, EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_write_and_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bare_name_is_in_the_working_folder, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_read_what_is_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_a_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_a_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_a_pipe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_too_much, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_write_into_no_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_write_over_a_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_write_over_what_is_no_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_path_too_long, set_up, tear_down),
        cmocka_unit_test(test_write_all_says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
