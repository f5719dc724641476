#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "cli/interrupt.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_first_signal_asks(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM};
    struct interrupt_watch watch;
    size_t i;
    (void)state;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        interrupt_watch(&watch, false);
        assert_false(interrupt_came());
        raise(signals[i]);
        assert_true(interrupt_came());
        interrupt_unwatch(&watch);
    }
}

/* How a child ends that does `act`. */
static int status_of(void (*act)(void))
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        struct interrupt_watch watch;
        close(STDERR_FILENO);
        interrupt_watch(&watch, false);
        act();
        interrupt_unwatch(&watch);
        _exit(interrupt_came() ? 3 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void twice(void)
{
    raise(SIGINT);
    raise(SIGINT);
}

static void both_kinds(void)
{
    raise(SIGINT);
    raise(SIGTERM);
}

static void once(void)
{
    raise(SIGTERM);
}

static void test_second_signal_ends(void **state)
{
    int status;
    (void)state;

    status = status_of(once);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    status = status_of(twice);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    status = status_of(both_kinds);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

/* As nohup, or a shell for what runs in the background, leaves them. */
static void test_ignored_stay_ignored(void **state)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    struct interrupt_watch watch;
    (void)state;

    sigaction(SIGINT, &ignore, &before);
    interrupt_watch(&watch, false);
    raise(SIGINT);
    assert_false(interrupt_came());
    interrupt_unwatch(&watch);
    sigaction(SIGINT, &before, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_signal_asks),
        cmocka_unit_test(test_second_signal_ends),
        cmocka_unit_test(test_ignored_stay_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
