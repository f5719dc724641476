#include "http/sigpipe.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

static void only_sigpipe(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGPIPE);
}

static bool is_pending(void)
{
    sigset_t pending;

    sigemptyset(&pending);
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

void sigpipe_hold(struct sigpipe *held)
{
    sigset_t set;

    only_sigpipe(&set);
    held->was_pending = is_pending();
    pthread_sigmask(SIG_BLOCK, &set, &held->before);
}

void sigpipe_release(const struct sigpipe *held)
{
    const struct timespec at_once = {0};
    sigset_t set;

    only_sigpipe(&set);
    /* One that was pending before is not ours to take. */
    if (!held->was_pending && is_pending())
        while (sigtimedwait(&set, NULL, &at_once) < 0 && errno == EINTR)
            continue;
    pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}
