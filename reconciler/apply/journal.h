/*
 * The journal of applies: what was about to be sent, and what became of it, so that a run that was
 * interrupted, or killed, can be explained (journal_run.h reads it).
 *
 * JSON Lines, only ever appended to. Each record has "record" and "run", the run that it is of:
 *
 *   run      begins a run: version, time, account, roster (location, sha256, commit, author, date),
 * number of changes, process planned  one a change: index, kind, service, sender, ... intent   a
 * request is about to go out: change, step, method, path, service, sender. It is on the disk by
 * then. outcome  its answer: status, Twilio's code, request id, duration, tries, verdict change   a
 * change has ended, or what became of one has changed: state, problem end      the run is over:
 * counts, what stopped it, what verification found
 *
 * A run without an end was killed, or is still going on. No values of settings are in it, and no
 * text goes in before what came from ${NAME}, and passwords of URLs, were taken out.
 *
 * Records go to the file at once but for `planned` and `intent`, which wait for journal_sync().
 * Writing never fails in a way that needs a check after each record: the first problem stays, and
 * journal_sync() and journal_problem() tell.
 */
#ifndef ROSTER_APPLY_JOURNAL_H
#define ROSTER_APPLY_JOURNAL_H

#include "apply/executor.h"
#include "apply/operation.h"
#include "base/attributes.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/redact.h"
#include "plan/plan.h"

#include <stddef.h>

struct journal;

enum { JOURNAL_VERSION = 1 };

struct journal_config {
    const char *path;
    const struct redactions *redactions; /* values that must not get in; must outlive the journal */
    const struct clock *clock;           /* NULL: the system's */
    size_t rotate_at; /* a file of that size is moved to PATH.1 first; 0: 32 MiB */
};

/*
 * Opens the file to append to it, made with mode 0600 when it is missing. Reports and returns NULL
 * when that fails, or when what is there is no journal.
 */
struct journal *journal_open(const struct journal_config *config, struct diag *diag);

/*
 * Writes the head of a run and its changes, all of which is on the disk when it returns 0. Reports
 * and returns -1 when it could not be written: nothing may be sent then. The plan has to outlive
 * the journal.
 */
MUST_CHECK int journal_begin(struct journal *journal, const struct plan *plan, struct diag *diag);

void journal_intent(struct journal *journal, size_t change, enum step step, enum http_method method,
                    const char *path);
void journal_outcome(struct journal *journal, size_t change, enum step step,
                     const struct twilio_answer *answer, enum verdict verdict);
void journal_change(struct journal *journal, size_t change, const struct change_outcome *outcome);

/*
 * Brings all records to the disk; 0 when all that were ever added are there. Costs nothing when
 * none are new.
 */
MUST_CHECK int journal_sync(struct journal *journal);

/* What verification has found. */
enum journal_result {
    JOURNAL_UNVERIFIED, /* it was not made, or could not be */
    JOURNAL_AS_ROSTER,
    JOURNAL_DIFFERS,
};

/* Ends the run, on the disk. */
void journal_end(struct journal *journal, const struct execution *execution,
                 enum journal_result result);

/* The first thing that could not be written, "cannot write FILE: ..."; NULL: all could. */
const char *journal_problem(const struct journal *journal);

/* Accepts NULL. */
void journal_close(struct journal *journal);

/* "do", "take_out", ...: the steps' names in the journal. */
const char *journal_step_name(enum step step);

#endif
