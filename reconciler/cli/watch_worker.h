/*
 * The process that a run of watch is made in, so that whoever asks for the page is answered while
 * it goes on, and nothing of it stays: no memory, no descriptor, not even an abort.
 *
 * It has no descriptor of ours but the one that is `kept`, leads a process group of its own, and is
 * told to stop by SIGUSR1 (cli/interrupt.h), also when we die, however; SIGINT, SIGTERM and SIGHUP,
 * which a terminal or a service manager may send to all processes, it ignores.
 *
 *     watch_worker_start(&worker, run, context, diag);
 *     ... poll worker.answer and worker.log, until SIGCHLD: ...
 *     watch_worker_pump(&worker);
 *     if (watch_worker_ended(&worker)) ... worker.answer_text, worker.log_text ...
 *     watch_worker_clear(&worker);
 */
#ifndef ROSTER_CLI_WATCH_WORKER_H
#define ROSTER_CLI_WATCH_WORKER_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <stdbool.h>
#include <sys/types.h>

struct watch_worker {
    pid_t pid;       /* 0: none */
    int kept;        /* a descriptor of ours that it has, too; -1: none */
    int answer, log; /* to be read; -1: none */
    struct buf answer_text;
    struct buf log_text; /* standard output and standard error, cut at a size */
    int wait_status;     /* of waitpid(), once it has ended */
};

void watch_worker_init(struct watch_worker *worker);

/*
 * Starts one: `run` writes its answer to `out`, and what it returns is the exit status. Signals are
 * unblocked in it. Reports and returns -1 when no process could be made.
 */
MUST_CHECK int watch_worker_start(struct watch_worker *worker, int (*run)(void *context, int out),
                                  void *context, struct diag *diag);

/* Reads what there is, without waiting. */
void watch_worker_pump(struct watch_worker *worker);

/* Whether it has ended; then all that it wrote has been read. */
bool watch_worker_ended(struct watch_worker *worker);

/* Asks it to stop; an apply is brought to an orderly end. */
void watch_worker_stop(const struct watch_worker *worker);

/* Forgets what was read; after the end. */
void watch_worker_clear(struct watch_worker *worker);

/* Ends one that is there, at once, with all that it started. */
void watch_worker_release(struct watch_worker *worker);

#endif
