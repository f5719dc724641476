#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/subprocess.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONG = 60000 };

struct result {
    enum subprocess_outcome outcome;
    int status;
    struct buf out, errors;
};

static void run_with(struct result *result, const struct subprocess *process, size_t limit)
{
    buf_init(&result->out, limit);
    buf_init(&result->errors, limit);
    result->outcome = subprocess_run(process, &result->out, &result->errors, &result->status);
}

static void run_shell(struct result *result, const char *script, const char *input, int64_t timeout)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const char *const environment[] = {"ROSTER_TEST", "told", NULL};
    const struct subprocess process = {
        .argv = argv,
        .environment = environment,
        .input = input,
        .input_size = input == NULL ? 0 : strlen(input),
        .timeout_ms = timeout,
    };

    run_with(result, &process, 1 << 20);
}

static void release(struct result *result)
{
    buf_release(&result->out);
    buf_release(&result->errors);
}

static const struct {
    const char *script, *input, *out, *errors;
    int status;
} cases[] = {
    {"cat; echo done", "some input", "some inputdone\n", "", 0},
    {"cat", NULL, "", "", 0},
    {"echo out; echo err >&2; exit 7", NULL, "out\n", "err\n", 7},
    {"kill -TERM $$", NULL, "", "", 128 + SIGTERM},
    {"echo $ROSTER_TEST", NULL, "told\n", "", 0},
    /* What it leaves running is not waited for. */
    {"sleep 600 & echo on", NULL, "on\n", "", 0},
    /* It does not have to read its input. */
    {"exec <&-; echo deaf", "much", "deaf\n", "", 0},
};

static void test_programs(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct result result;
        run_shell(&result, cases[i].script, cases[i].input, LONG);
        assert_int_equal(result.outcome, SUBPROCESS_ENDED);
        assert_int_equal(result.status, cases[i].status);
        assert_string_equal(buf_text(&result.out), cases[i].out);
        assert_string_equal(buf_text(&result.errors), cases[i].errors);
        release(&result);
    }
}

/* More than a pipe holds, both ways at once. */
static void test_large(void **state)
{
    enum { SIZE = 700 * 1000 };
    const char *const argv[] = {"cat", NULL};
    char *input = calloc(1, SIZE);
    struct subprocess process = {
        .argv = argv, .input = input, .input_size = SIZE, .timeout_ms = LONG};
    struct result result;
    (void)state;

    assert_non_null(input);
    run_with(&result, &process, 1 << 20);
    assert_int_equal(result.outcome, SUBPROCESS_ENDED);
    assert_int_equal(result.out.size, SIZE);
    release(&result);
    run_with(&result, &process, 1000);
    assert_int_equal(result.outcome, SUBPROCESS_TOO_LONG);
    release(&result);
    free(input);
}

static bool is_gone(pid_t pid)
{
    char path[64];

    /* One that is dead and not yet reaped by init is gone, too. */
    snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);
    if (kill(pid, 0) == 0) {
        FILE *file = fopen(path, "r");
        int first = file == NULL ? EOF : fgetc(file);
        if (file != NULL)
            fclose(file);
        return first == EOF;
    }
    return true;
}

/* What it started ends with it. */
static void test_deadline(void **state)
{
    struct result result;
    long child = 0;
    int tries;
    (void)state;

    run_shell(&result, "sleep 600 & echo $!; wait", NULL, 700);
    assert_int_equal(result.outcome, SUBPROCESS_TIMEOUT);
    child = strtol(buf_text(&result.out), NULL, 10);
    assert_true(child > 0);
    for (tries = 0; tries < 1000 && !is_gone((pid_t)child); tries++)
        usleep(10000);
    assert_true(is_gone((pid_t)child));
    release(&result);
}

static bool at_once(void)
{
    return true;
}

static void test_stopped(void **state)
{
    const char *const argv[] = {"sleep", "600", NULL};
    const struct subprocess process = {.argv = argv, .timeout_ms = LONG, .stopped = at_once};
    struct result result;
    (void)state;

    run_with(&result, &process, 1000);
    assert_int_equal(result.outcome, SUBPROCESS_STOPPED);
    release(&result);
}

static void test_missing(void **state)
{
    const char *const argv[] = {"roster-no-such-program", NULL};
    const struct subprocess process = {.argv = argv, .timeout_ms = LONG};
    struct result result;
    (void)state;

    run_with(&result, &process, 1000);
    assert_int_equal(result.outcome, SUBPROCESS_MISSING);
    release(&result);
    assert_false(subprocess_exists("roster-no-such-program"));
    assert_true(subprocess_exists("sh"));
    assert_true(subprocess_exists("/bin/sh"));
}

static int answer(void *context, int out)
{
    const char *text = context;

    (void)puts("what a library prints is no part of it");
    return file_write_all(out, text, strlen(text)) == 0 ? 3 : 4;
}

static void test_function(void **state)
{
    char text[] = "from the child";
    const struct subprocess process = {.run = answer, .context = text, .timeout_ms = LONG};
    struct result result;
    (void)state;

    run_with(&result, &process, 1000);
    assert_int_equal(result.outcome, SUBPROCESS_ENDED);
    assert_int_equal(result.status, 3);
    assert_string_equal(buf_text(&result.out), text);
    release(&result);
}

static void test_environment(void **state)
{
    const char *const argv[] = {"sh", "-c", "echo \"${ROSTER_GONE-unset}\"", NULL};
    const char *const environment[] = {"ROSTER_GONE", NULL, NULL};
    const struct subprocess process = {
        .argv = argv, .environment = environment, .timeout_ms = LONG};
    struct buf out;
    int status;

    (void)state;
    buf_init(&out, 1000);
    setenv("ROSTER_GONE", "secret", 1);
    assert_int_equal(subprocess_run(&process, &out, NULL, &status), SUBPROCESS_ENDED);
    unsetenv("ROSTER_GONE");
    assert_string_equal(buf_text(&out), "unset\n");
    buf_release(&out);
}

struct taken {
    struct buf errors, all;
    unsigned ticks;
};

static void take_errors(void *context)
{
    struct taken *taken = context;

    taken->ticks++;
    buf_add(&taken->all, buf_text(&taken->errors), taken->errors.size);
    buf_clear(&taken->errors);
}

/* More than the buffer holds, as long as it is emptied in time. */
static void test_tick(void **state)
{
    static const char *const argv[] = {
        "sh", "-c", "for i in 1 2 3; do echo 0123456789 >&2; sleep 0.1; done", NULL};
    struct taken taken = {.ticks = 0};
    const struct subprocess process = {
        .argv = argv, .timeout_ms = LONG, .tick = take_errors, .tick_context = &taken};
    struct buf out;
    int status;

    (void)state;
    buf_init(&out, 1000);
    buf_init(&taken.errors, 15);
    buf_init(&taken.all, 1000);
    assert_int_equal(subprocess_run(&process, &out, &taken.errors, &status), SUBPROCESS_ENDED);
    assert_int_equal(status, 0);
    assert_true(taken.ticks >= 3);
    buf_add(&taken.all, buf_text(&taken.errors), taken.errors.size);
    assert_string_equal(buf_text(&taken.all), "0123456789\n0123456789\n0123456789\n");
    buf_release(&out);
    buf_release(&taken.errors);
    buf_release(&taken.all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),    cmocka_unit_test(test_large),
        cmocka_unit_test(test_deadline),    cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_missing),     cmocka_unit_test(test_function),
        cmocka_unit_test(test_environment), cmocka_unit_test(test_tick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
