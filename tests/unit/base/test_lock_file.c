#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/lock_file.h"
#include "support/scratch_folder.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
    struct scratch_folder folder;
    char path[128];
    struct diag diag;
    struct buf text;
    int descriptor;
};

static void set_up(struct place *place)
{
    memset(place, 0, sizeof(*place));
    scratch_folder_make(&place->folder);
    snprintf(place->path, sizeof(place->path), "%s/lock", place->folder.path);
    diag_init(&place->diag);
    buf_init(&place->text, 1024);
    place->descriptor = -1;
}

static void tear_down(struct place *place)
{
    diag_release(&place->diag);
    buf_release(&place->text);
    scratch_folder_remove(&place->folder);
}

static enum lock_outcome try_lock(struct place *place)
{
    return lock_file_try(place->path, &place->descriptor, &place->text, &place->diag);
}

static void describe(const struct place *place, const char *words)
{
    struct buf text;

    buf_init(&text, 1024);
    buf_add_text(&text, words);
    assert_int_equal(lock_file_describe(place->descriptor, &text), 0);
    buf_release(&text);
}

static void assert_content(struct place *place, const char *expected)
{
    buf_clear(&place->text);
    assert_int_equal(file_read(place->path, &place->text, &place->diag), 0);
    assert_string_equal(buf_text(&place->text), expected);
}

static void test_taken_and_released(void **state)
{
    struct place place;
    struct stat info;
    (void)state;

    set_up(&place);
    assert_int_equal(try_lock(&place), LOCK_TAKEN);
    assert_int_equal(stat(place.path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    describe(&place, "a long text of who has it");
    describe(&place, "me");
    assert_content(&place, "me");
    lock_file_release(place.descriptor);
    assert_content(&place, "");
    assert_int_equal(try_lock(&place), LOCK_TAKEN);
    lock_file_release(place.descriptor);
    tear_down(&place);
}

/* Takes the lock in another process, which holds it until it is killed. */
static pid_t hold_elsewhere(struct place *place)
{
    int ready[2];
    char byte;
    pid_t child;

    assert_int_equal(pipe(ready), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (try_lock(place) == LOCK_TAKEN)
            describe(place, "the other one, with a longer text");
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void test_held_by_another_process(void **state)
{
    struct place place;
    pid_t child;
    (void)state;

    set_up(&place);
    child = hold_elsewhere(&place);
    assert_int_equal(try_lock(&place), LOCK_HELD);
    assert_string_equal(buf_text(&place.text), "the other one, with a longer text");
    assert_int_equal(place.diag.errors, 0);
    /* However it dies, its lock is free, and what it wrote is overwritten. */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_content(&place, "the other one, with a longer text");
    assert_int_equal(try_lock(&place), LOCK_TAKEN);
    describe(&place, "me");
    assert_content(&place, "me");
    lock_file_release(place.descriptor);
    tear_down(&place);
}

static void test_no_place_for_it(void **state)
{
    struct place place;
    char target[160];
    (void)state;

    set_up(&place);
    snprintf(target, sizeof(target), "%s/precious", place.folder.path);
    assert_int_equal(symlink(target, place.path), 0);
    assert_int_equal(try_lock(&place), LOCK_ERROR);
    assert_int_equal(place.diag.errors, 1);
    unlink(place.path);
    assert_int_equal(mkfifo(place.path, 0600), 0);
    assert_int_equal(try_lock(&place), LOCK_ERROR);
    unlink(place.path);
    assert_int_equal(mkdir(place.path, 0700), 0);
    assert_int_equal(try_lock(&place), LOCK_ERROR);
    tear_down(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_and_released),
        cmocka_unit_test(test_held_by_another_process),
        cmocka_unit_test(test_no_place_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
