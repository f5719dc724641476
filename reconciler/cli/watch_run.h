/*
 * One run of watch, from the roster's source to the end of an apply, in a process of its own
 * (watch_worker.h): whatever it uses ends with it.
 */
#ifndef ROSTER_CLI_WATCH_RUN_H
#define ROSTER_CLI_WATCH_RUN_H

#include "cli/options.h"
#include "cli/watch_window.h"

struct watch_run_config {
    const struct options *options;
    const struct watch_windows *windows;
    int details; /* standard error of watch, for what --verbose says; -1: not wanted */
};

/*
 * Makes the run, which says on standard output and standard error what plan and apply would, and
 * writes to `out`: "applying" as a line when that begins, and at the end a line with the report
 * (watch_report.h). `context` is a struct watch_run_config. Returns the exit status of the process.
 */
int watch_run(void *context, int out);

#endif
