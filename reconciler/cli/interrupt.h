/*
 * SIGINT and SIGTERM during an apply, or while listening: the first one asks to stop, the second
 * one stops at once. SIGUSR1 does the same: by it watch stops its runs, which leave the other two
 * to watch.
 *
 * Outside of watch and unwatch both do what they always do. A signal that is ignored, as nohup and
 * shells do it for what runs in the background, stays ignored.
 */
#ifndef ROSTER_CLI_INTERRUPT_H
#define ROSTER_CLI_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

enum { INTERRUPT_SIGNALS = 3 };

struct interrupt_watch {
    struct sigaction before[INTERRUPT_SIGNALS];
};

/* With `erase`, the second one empties the terminal's line first: a line of progress may be on it.
 */
void interrupt_watch(struct interrupt_watch *watch, bool erase);
void interrupt_unwatch(const struct interrupt_watch *watch);

/* Whether a signal has come since the watch began. */
bool interrupt_came(void);

#endif
