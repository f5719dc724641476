#include "cli/interrupt.h"

#include <errno.h>
#include <unistd.h>

#define ERASE "\r\033[K"

static const int signals[INTERRUPT_SIGNALS] = {SIGINT, SIGTERM, SIGUSR1};

/* The only writable global of roster: a signal handler has nowhere else to write. */
static volatile sig_atomic_t came;

/*
 * Nothing has to be woken: the poll that roster may be in returns for any signal, and what is to be
 * left out is only ever started after an answer, when the flag is looked at.
 */
static void on_signal(int number)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    int error = errno;

    if (came != 0) {
        /* It takes effect when the handler returns. */
        sigaction(number, &usual, NULL);
        raise(number);
    }
    came = 1;
    errno = error;
}

static void on_signal_erase(int number)
{
    const int error = errno;
    ssize_t written = came != 0 ? write(STDERR_FILENO, ERASE, sizeof(ERASE) - 1) : 0;

    (void)written;
    errno = error;
    on_signal(number);
}

void interrupt_watch(struct interrupt_watch *watch, bool erase)
{
    struct sigaction action = {.sa_handler = erase ? on_signal_erase : on_signal,
                               .sa_flags = SA_RESTART};
    int i;

    came = 0;
    sigemptyset(&action.sa_mask);
    /* So that two signals of different kinds are handled one after the other. */
    for (i = 0; i < INTERRUPT_SIGNALS; i++)
        sigaddset(&action.sa_mask, signals[i]);
    for (i = 0; i < INTERRUPT_SIGNALS; i++) {
        sigaction(signals[i], NULL, &watch->before[i]);
        if (watch->before[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

void interrupt_unwatch(const struct interrupt_watch *watch)
{
    int i;

    for (i = 0; i < INTERRUPT_SIGNALS; i++)
        sigaction(signals[i], &watch->before[i], NULL);
}

bool interrupt_came(void)
{
    return came != 0;
}
