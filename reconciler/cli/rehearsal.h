/*
 * A rehearsal: what apply would do, done to a copy of the account in a sandbox, and what came of
 * it. See rehearsal_sandbox.h for the copy and rehearsal_report.h for the words.
 */
#ifndef ROSTER_CLI_REHEARSAL_H
#define ROSTER_CLI_REHEARSAL_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/options.h"
#include "cli/rehearsal_sandbox.h"
#include "cli/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How one apply in the sandbox ended. */
struct rehearsed_apply {
    const char *unplanned; /* why there was no plan, so that nothing was changed; NULL: there was */
    size_t done, failed, not_attempted;
    const char *problem;    /* of the first change that failed, with its name; NULL: none */
    const char *unverified; /* why the result could not be read; NULL: it was */
    bool as_roster;         /* all was done, and what the plan touches is as it says */
    enum exit_code code;    /* what apply would exit with */
    struct request_counts requests;
    /* A plan made afterwards, without faults. */
    const char *unplannable; /* why there is none; NULL: there is */
    size_t left;             /* its changes */
};

/* One of --faults. */
struct rehearsed_trouble {
    const char *name;
    struct rehearsed_apply first;
    bool repeated; /* something was left, so that it was applied once more, without faults */
    struct rehearsed_apply again;
    size_t duplicates; /* services that are there too often at the end */
    bool recovers;     /* the account ends as the roster says, by that at the latest */
};

/* What is known of how fast the account answers. */
struct rehearsal_pace {
    size_t plan_requests;  /* that the plan took */
    size_t fetch_requests; /* for the copy of the account */
    size_t throttled;      /* answered with 429, of both */
    int64_t latency_us;    /* of one request, on the average of both */
    int64_t rate;          /* most requests a second, in thousandths; 0: no limit is known */
    bool rate_given;       /* by --rate; else it was learned */
    size_t parallelism;
};

/* How long apply would take, at the least and at the most as far as is known. */
struct rehearsal_duration {
    size_t plan_reads, writes, verify_reads;
    size_t rounds; /* round trips that follow each other */
    int64_t least_ms, most_ms;
};

struct rehearsal {
    struct arena arena;
    struct rehearsal_pace pace;
    const char **limits; /* what the copy does not hold, or holds otherwise, a line each */
    size_t limit_count;
    bool same_plan; /* the copy gives the same plan as the account */
    struct rehearsed_apply apply;
    struct rehearsal_duration duration;
    struct rehearsed_trouble *troubles;
    size_t trouble_count;
    bool converges; /* with all troubles */
};

/*
 * Rehearses the session's plan, which has changes and is not refused. Reads the whole account and
 * then closes the session's client: from there on there is no way to the account. Reports and
 * returns -1 when there is no sandbox or no copy; all else is in `rehearsal`, zeroed by the caller
 * and released by it.
 */
MUST_CHECK int rehearsal_run(struct rehearsal *rehearsal, struct session *session,
                             const struct options *options, struct diag *diag);
void rehearsal_release(struct rehearsal *rehearsal);

size_t rehearsal_requests(const struct rehearsal_duration *duration);

/*
 * Works out the bounds of the time from the rest: the least when all is done at once that need not
 * wait for something else, the most when one request is done after the other; both no faster than
 * the rate. Refusals and slower answers, which nobody can foresee, come on top of both.
 */
void rehearsal_estimate(const struct rehearsal_pace *pace, struct rehearsal_duration *duration);

#endif
