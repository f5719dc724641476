/*
 * What plan and apply share: roster, credentials, live state and plan of one run.
 *
 * Steps in their order; each reports and returns -1 when it fails, and session_release() cleans up
 * after any of them.
 */
#ifndef ROSTER_CLI_SESSION_H
#define ROSTER_CLI_SESSION_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/options.h"
#include "document/doc.h"
#include "model/desired.h"
#include "model/live_state.h"
#include "plan/plan.h"
#include "source/source.h"
#include "twilio/client.h"

/* All zero is a valid start. */
struct session {
    struct arena arena;
    struct source source;
    struct doc *docs; /* one for each file of the source */
    size_t doc_count;
    struct desired desired;
    struct twilio_client *client;
    struct live_state live;
    struct plan plan;
};

/* The roster that the command is about: its argument, or roster.yaml. */
const char *session_roster(const struct options *options);

/* Reads and checks the roster. All mistakes of it are reported, in order of place. */
MUST_CHECK int session_load(struct session *session, const struct options *options,
                            struct diag *diag);

/* Reads credentials and hosts, holds the account against the roster's; sends nothing. */
MUST_CHECK int session_connect(struct session *session, const struct options *options,
                               struct diag *diag);

/* Fetches the live state and makes the plan, with all preflight checks. */
MUST_CHECK int session_plan(struct session *session, struct diag *diag);

/* All of these: load, warn, connect, plan. Warnings are shown before the plan is. */
MUST_CHECK int session_start(struct session *session, const struct options *options,
                             struct diag *diag);

/* Warns of keys of the roster that this version reads and checks, but does not act on. */
void session_warn(const struct session *session, struct diag *diag);

void session_release(struct session *session);

#endif
