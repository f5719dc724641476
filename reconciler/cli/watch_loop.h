/*
 * The loop of watch: one thread that answers HTTP, starts runs when they are due, in a process
 * each, and writes a line about each.
 */
#ifndef ROSTER_CLI_WATCH_LOOP_H
#define ROSTER_CLI_WATCH_LOOP_H

#include "cli/options.h"
#include "cli/watch_http.h"
#include "cli/watch_run.h"
#include "cli/watch_status.h"
#include "cli/watch_window.h"
#include "cli/watch_worker.h"

#include "base/attributes.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/notify.h"
#include "base/random.h"
#include "http/http_server.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct watch_loop {
    /* Set by the caller, who also owns them. */
    const struct options *options;
    struct watch_windows windows;
    struct watch_status status;
    struct watch_http http; /* of `status` */
    struct http_server *server;
    struct notify notify;
    struct diag *diag;
    /* The loop's own. */
    struct watch_run_config run;
    struct watch_worker worker;
    struct random_state random; /* for the jitter */
    int signals;                /* signalfd() */
    sigset_t mask_before;
    unsigned stops; /* signals that asked to stop */
    bool asked;     /* for a run before its time, or after this one */
    enum watch_trigger asked_by;
    enum watch_trigger trigger;   /* of the run that goes on, or that comes next */
    int64_t next_ms, watchdog_ms; /* by the monotonic clock */
    int64_t began_ms, began_wall_ms;
    char log_digest[DIGEST_HEX_SIZE]; /* of what was shown of a failed run */
    bool broken;                      /* it can't go on: reported */
};

/*
 * Watches until a signal asks to stop, and until the run that goes on then has ended. Returns 0, or
 * -1 when it can't go on, which is reported. A second signal ends the process right here.
 */
MUST_CHECK int watch_loop(struct watch_loop *loop);

#endif
