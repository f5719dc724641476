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
#include "http/http_trace.h"
#include "model/desired.h"
#include "model/live_state.h"
#include "plan/plan.h"
#include "source/source.h"
#include "twilio/client.h"

/* All zero is a valid start. */
struct session {
    struct arena arena;
    struct source source;
    bool keep_texts;  /* the source keeps its texts when they were read; set by the command */
    struct doc *docs; /* one for each file of the source */
    size_t doc_count;
    struct desired desired;
    struct twilio_client *client;
    struct live_state live;
    struct plan plan;
    struct plan_origin origin; /* strings are the session's */
    struct twilio_given given; /* by the credentials command */
    struct twilio_variables variables;
    int64_t end_ms;       /* of the run, by the machine's monotonic clock; 0: never */
    const char *plan_key; /* ROSTER_PLAN_KEY, NULL when unset */
    struct logger *log;   /* of the options, once it is connected; shows none of its secrets */
    struct http_trace trace;
    struct http_observer observer;
    bool locked; /* this process alone may change the account */
    int lock;    /* then: the lock's descriptor */
};

/* The roster that the command is about: its argument, or roster.yaml. */
const char *session_roster(const struct options *options);

/* Reports a saved plan where a roster is asked for: as one it is only a long list of mistakes. */
MUST_CHECK int session_refuse_plan(const struct source *source, struct diag *diag);

/* Reads and checks the roster. All mistakes of it are reported, in order of place. */
MUST_CHECK int session_load(struct session *session, const struct options *options,
                            struct diag *diag);

/* The part of it that reads what is in the session's source already. */
MUST_CHECK int session_read(struct session *session, struct diag *diag);

/* Narrows the roster to the targets of the options. */
MUST_CHECK int session_target(struct session *session, const struct options *options,
                              struct diag *diag);

/* Reads ROSTER_PLAN_KEY. */
MUST_CHECK int session_read_key(struct session *session, struct diag *diag);

/*
 * Asks the credentials command, if there is one, and sets `variables`; once, however often it is
 * called. session_connect() does it, too.
 */
MUST_CHECK int session_credentials(struct session *session, const struct options *options,
                                   struct diag *diag);

/*
 * Sets up `log`, `trace` and `observer`; session_connect() does it, too. Until the session is
 * released nothing of its redactions is in what is logged.
 */
void session_guard_log(struct session *session, const struct options *options);

/*
 * Reads credentials and hosts, holds the account against the roster's; sends nothing. With
 * options->exclusive it then takes the account's lock, see session_lock.h.
 */
MUST_CHECK int session_connect(struct session *session, const struct options *options,
                               struct diag *diag);

/* Fetches the live state, makes the plan with all preflight checks, and looks at the guards. */
MUST_CHECK int session_plan(struct session *session, const struct options *options,
                            struct diag *diag);

enum session_build {
    BUILD_GOOD,
    BUILD_UNFIT, /* a preflight check failed: roster and account do not fit together */
    BUILD_ERROR, /* something could not be read */
};

/* The same from the live state that is there: the plan, and what else has to be looked up for it.
 */
MUST_CHECK enum session_build session_build(struct session *session, struct diag *diag);

/*
 * Fetches the live state and compares, without the checks that only matter to who wants to apply:
 * that the account owns what is to be added, that pools have room, and the guards. A service that
 * is pinned and not there is no error then, but one to be created. `diag` has nothing in it before.
 */
MUST_CHECK int session_compare(struct session *session, const struct options *options,
                               struct diag *diag);

/* Asks on the terminal, see terminal_ask(). Time to think does not count as time of the run. */
bool session_ask(struct session *session, const char *question);

/* All of these: load, target, connect, plan. Warnings are shown before the plan is. */
MUST_CHECK int session_start(struct session *session, const struct options *options,
                             struct diag *diag);

void session_release(struct session *session);

#endif
