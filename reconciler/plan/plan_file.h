/*
 * Saved plans: reading the file, and believing it.
 *
 *     document = plan_file_parse("plan.json", text, size, key, &verdict, diag);
 *     plan_file_load(&saved, &desired, document, key, getenv, diag)   what it wants, as a roster
 *     ... fetch the live state for `desired`, and the lists that plan_file_sources() names ...
 *     plan_file_stale(&saved, &live, diag)      whether what it touches is as it was
 *     plan_file_settle(&saved, &desired, &live) the sender lists that it leads to
 *     ... plan_build() and all that belongs to it, as for a roster ...
 *     plan_file_compare(&saved, &plan, diag)    whether that is the very plan that was saved
 *
 * So nothing of the file is carried out as it stands there: its changes are worked out anew from
 * what it wants and what is live, by the same code, and must come out the same.
 */
#ifndef ROSTER_PLAN_PLAN_FILE_H
#define ROSTER_PLAN_PLAN_FILE_H

#include "base/attributes.h"
#include "base/diag.h"
#include "model/desired.h"
#include "model/live_state.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum plan_file_verdict {
    PLAN_FILE_GOOD,
    PLAN_FILE_UNREADABLE, /* no plan, of a newer version, or signed with a key that is not here */
    PLAN_FILE_BAD,        /* altered, cut off, not signed, or out of date: not to be trusted */
};

enum { PLAN_FILE_MAX = 64 * 1024 * 1024 };

/*
 * Whether a file is meant as a saved plan, not as a roster: its name ends in ".json", or its text
 * begins as a plan does. So that nobody can put a roster where a pipeline expects a signed plan.
 */
bool plan_file_is_plan(const char *path, const char *text, size_t size);

/*
 * Parses the text and checks format, version and integrity. With a key it must be signed with just
 * that. Reports what is wrong and returns NULL with the verdict; else a new reference.
 */
json_t *plan_file_parse(const char *path, const char *text, size_t size, const char *key,
                        enum plan_file_verdict *verdict, struct diag *diag);

/* A saved plan that was understood. All zero is a valid start. */
struct plan_saved {
    struct arena arena;
    const char *path;
    const json_t *document; /* borrowed */
    const char *key;
    struct plan_origin origin;
    struct guard_limits limits;
    struct saved_service *services;
    size_t service_count;
    const char **prune_sids;
};

/*
 * Reads the document into `desired`, zeroed by the caller: a roster of just what the plan touches,
 * whose lists plan_file_settle() completes. ${NAME} is looked up, and must have the value that it
 * had. The document has to outlive both. Reports and returns -1 when anything is not as a plan has
 * it.
 */
MUST_CHECK int plan_file_load(struct plan_saved *saved, struct desired *desired, const char *path,
                              const json_t *document, const char *key, field_lookup *lookup,
                              struct diag *diag);

/*
 * Lists that have to be known besides those that `desired` manages: of services which senders are
 * moved out of. Calls back for each; -1 ends it.
 */
typedef int plan_file_source(void *context, const char *service_sid, enum sender_kind kind);
MUST_CHECK int plan_file_sources(const struct plan_saved *saved, plan_file_source *source,
                                 void *context);

/*
 * Whether anything that the plan touches differs from what it was: reports each such object with
 * the changes that it matters to, and returns true.
 */
bool plan_file_stale(const struct plan_saved *saved, const struct desired *desired,
                     const struct live_state *live, struct diag *diag);

/* Completes the sender lists of `desired`: what is live, less what leaves, and what comes. */
void plan_file_settle(const struct plan_saved *saved, struct desired *desired,
                      const struct live_state *live);

/*
 * Whether the plan that was made anew is the saved one: reports what differs and returns -1. The
 * plan's origin has to be the saved one.
 */
MUST_CHECK int plan_file_compare(const struct plan_saved *saved, const struct plan *plan,
                                 struct diag *diag);

/* Accepts a saved plan that is all zero. */
void plan_saved_release(struct plan_saved *saved);

#endif
