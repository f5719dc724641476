#include "http/sigpipe.h"

#include <unistd.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static bool is_member(const sigset_t *set)
{
    return sigismember(set, SIGPIPE) == 1;
}

static bool is_blocked(void)
{
    sigset_t blocked;

    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &blocked), 0);
    return is_member(&blocked);
}

static bool is_pending(void)
{
    sigset_t pending;

    assert_int_equal(sigpending(&pending), 0);
    return is_member(&pending);
}

/* Writes where nobody reads: the signal would end this process. */
static void break_pipe(void)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
}

static void test_swallowed(void **state)
{
    struct sigpipe held;

    (void)state;
    sigpipe_hold(&held);
    assert_true(is_blocked());
    break_pipe();
    assert_true(is_pending());
    sigpipe_release(&held);
    assert_false(is_blocked());
    assert_false(is_pending());
    sigpipe_hold(&held);
    sigpipe_release(&held);
    assert_false(is_blocked());
}

/* A signal that was waiting before belongs to somebody else, and so does the mask. */
static void test_not_ours(void **state)
{
    struct sigpipe outer, inner;

    (void)state;
    sigpipe_hold(&outer);
    break_pipe();
    sigpipe_hold(&inner);
    break_pipe();
    sigpipe_release(&inner);
    assert_true(is_blocked());
    assert_true(is_pending());
    sigpipe_release(&outer);
    assert_false(is_blocked());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_swallowed),
        cmocka_unit_test(test_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
