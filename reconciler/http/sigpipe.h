/*
 * Keeps SIGPIPE away from the process around calls into libcurl, which is told not to touch signals
 * itself (CURLOPT_NOSIGNAL). The process's handling of the signal stays what it is, so that writing
 * to a closed standard output still ends the program.
 *
 *     sigpipe_hold(&held);
 *     ... curl ...
 *     sigpipe_release(&held);
 */
#ifndef ROSTER_HTTP_SIGPIPE_H
#define ROSTER_HTTP_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

struct sigpipe {
    sigset_t before;
    bool was_pending;
};

/* Blocks the signal in this thread. */
void sigpipe_hold(struct sigpipe *held);

/* Swallows one that came meanwhile and restores the thread's mask. */
void sigpipe_release(const struct sigpipe *held);

#endif
