#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "cli/watch_attempts.h"
#include "support/scratch_folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *key(int number)
{
    static char keys[2][DIGEST_HEX_SIZE];

    snprintf(keys[number % 2], DIGEST_HEX_SIZE, "%064x", (unsigned)number);
    return keys[number % 2];
}

static void test_failed(void **state)
{
    struct watch_attempts attempts = {0};
    (void)state;

    assert_int_equal(watch_attempts_judge(&attempts, key(1)), WATCH_ATTEMPT_FREE);
    watch_attempts_begin(&attempts, key(1));
    watch_attempts_end(&attempts, key(1), WATCH_ATTEMPT_DID_NOT);
    assert_int_equal(watch_attempts_judge(&attempts, key(1)), WATCH_ATTEMPT_FAILED);
    /* Another commit, or other drift, may be tried; the first stays barred when it comes back. */
    assert_int_equal(watch_attempts_judge(&attempts, key(2)), WATCH_ATTEMPT_FREE);
    watch_attempts_begin(&attempts, key(2));
    watch_attempts_end(&attempts, key(2), WATCH_ATTEMPT_DID_NOT);
    assert_int_equal(watch_attempts_judge(&attempts, key(1)), WATCH_ATTEMPT_FAILED);
    /* Until all is well. */
    watch_attempts_begin(&attempts, key(3));
    watch_attempts_end(&attempts, key(3), WATCH_ATTEMPT_WORKED);
    assert_int_equal(watch_attempts_judge(&attempts, key(1)), WATCH_ATTEMPT_FREE);
    assert_int_equal(attempts.count, 0);
}

static void test_cut_off(void **state)
{
    struct watch_attempts attempts = {0};
    int i;
    (void)state;

    for (i = 0; i < WATCH_CUT_OFF_MAX; i++) {
        assert_int_equal(watch_attempts_judge(&attempts, key(1)), WATCH_ATTEMPT_FREE);
        watch_attempts_begin(&attempts, key(1));
    }
    assert_int_equal(watch_attempts_judge(&attempts, key(1)), WATCH_ATTEMPT_CUT_OFF);
}

static void test_withdrawn(void **state)
{
    struct watch_attempts attempts = {0};
    (void)state;

    watch_attempts_begin(&attempts, key(1));
    watch_attempts_end(&attempts, key(1), WATCH_ATTEMPT_WITHDRAWN);
    assert_int_equal(attempts.count, 0);
    /* What was cut off before still counts. */
    watch_attempts_begin(&attempts, key(1));
    watch_attempts_begin(&attempts, key(1));
    watch_attempts_end(&attempts, key(1), WATCH_ATTEMPT_WITHDRAWN);
    assert_int_equal(attempts.items[0].begun, 1);
    watch_attempts_end(&attempts, key(2), WATCH_ATTEMPT_WITHDRAWN);
    assert_int_equal(attempts.count, 1);
}

static void test_many(void **state)
{
    struct watch_attempts attempts = {0};
    int i;
    (void)state;

    for (i = 0; i <= WATCH_ATTEMPTS_MAX; i++) {
        watch_attempts_begin(&attempts, key(i));
        watch_attempts_end(&attempts, key(i), WATCH_ATTEMPT_DID_NOT);
    }
    assert_int_equal(attempts.count, WATCH_ATTEMPTS_MAX);
    assert_int_equal(watch_attempts_judge(&attempts, key(0)), WATCH_ATTEMPT_FREE);
    assert_int_equal(watch_attempts_judge(&attempts, key(1)), WATCH_ATTEMPT_FAILED);
    assert_int_equal(watch_attempts_judge(&attempts, key(WATCH_ATTEMPTS_MAX)),
                     WATCH_ATTEMPT_FAILED);
}

static void test_file(void **state)
{
    struct watch_attempts attempts = {0}, again = {0};
    struct scratch_folder folder;
    struct stat info;
    struct diag diag;
    char path[128];
    int i;
    (void)state;

    diag_init(&diag);
    scratch_folder_make(&folder);
    snprintf(path, sizeof(path), "%s/a.json", folder.path);
    again.count = 5;
    assert_int_equal(watch_attempts_read(&again, path, &diag), 0);
    assert_int_equal(again.count, 0);
    for (i = 0; i < WATCH_ATTEMPTS_MAX; i++)
        watch_attempts_begin(&attempts, key(i));
    watch_attempts_end(&attempts, key(7), WATCH_ATTEMPT_DID_NOT);
    assert_int_equal(watch_attempts_write(&attempts, path, &diag), 0);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(watch_attempts_read(&again, path, &diag), 0);
    assert_memory_equal(&again, &attempts, sizeof(again));
    assert_int_equal(diag.errors, 0);
    scratch_folder_remove(&folder);
    diag_release(&diag);
}

static const char *const wrong[] = {
    "",
    "{",
    "[]",
    "{\"version\":2,\"attempts\":[]}",
    "{\"version\":1}",
    "{\"version\":1,\"attempts\":[{\"key\":\"ab\",\"begun\":1,\"failed\":true}]}",
    "{\"version\":1,\"attempts\":[{\"key\":"
    "\"0000000000000000000000000000000000000000000000000000000000000000\",\"begun\":0,"
    "\"failed\":true}]}",
};

static void test_wrong_file(void **state)
{
    struct watch_attempts attempts;
    struct scratch_folder folder;
    struct diag diag;
    char path[128];
    size_t i;
    (void)state;

    scratch_folder_make(&folder);
    snprintf(path, sizeof(path), "%s/a.json", folder.path);
    for (i = 0; i < COUNT_OF(wrong); i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(wrong[i], file);
        fclose(file);
        diag_init(&diag);
        assert_int_equal(watch_attempts_read(&attempts, path, &diag), -1);
        assert_int_equal(diag.errors, 1);
        assert_non_null(strstr(diag.items[0].help, "delete the file"));
        diag_release(&diag);
    }
    scratch_folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failed),    cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_withdrawn), cmocka_unit_test(test_many),
        cmocka_unit_test(test_file),      cmocka_unit_test(test_wrong_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
