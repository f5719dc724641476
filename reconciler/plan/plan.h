/*
 * The plan: the ordered changes that lead from the live state to the desired one.
 *
 * Made in two steps, because SIDs of what the account owns are only looked up when something is to
 * be added:
 *
 *     plan_build(&plan, &desired, &live, diag);      what differs
 *     ... fetch owned senders for kinds where plan_unresolved(&plan, kind) is not 0 ...
 *     plan_resolve(&plan, &live, diag);              identities become SIDs, or preflight errors
 *
 * Changes stand grouped by service, services in roster order; within a service in the order in
 * which they are carried out. Renderers and the executor read the same plan, and nothing writes it
 * after plan_resolve().
 */
#ifndef ROSTER_PLAN_PLAN_H
#define ROSTER_PLAN_PLAN_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "model/desired.h"
#include "model/live_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum change_kind {
    CHANGE_CREATE_SERVICE,
    CHANGE_UPDATE_SERVICE,
    CHANGE_ADD_SENDER,
    CHANGE_REMOVE_SENDER,
    CHANGE_KIND_COUNT,
};

/* "create_service", …: the design's names, for documents and logs. */
const char *change_kind_name(enum change_kind kind);

/* Why a change is there. */
enum change_reason {
    REASON_ONLY_ROSTER, /* the roster has it, the account has not */
    REASON_ONLY_LIVE,   /* the account has it, the roster has not */
    REASON_DIFFERS,     /* both have it with different values */
};

enum { CHANGE_NONE = -1 };

/*
 * When a change may start. `needs` is a change that must have succeeded, else this one is skipped:
 * the create of its service or of the one that its sender goes to, or the removal that frees the
 * sender or its place. `after_adds` (on removals) waits until all additions of phone numbers and
 * short codes to the same service have ended, however; `after_removals` (on additions) until all
 * such removals that do not wait themselves have. Together they never form a cycle: creates wait
 * for nothing, and a removal that something needs or waits for waits for nothing but a create.
 */
struct change {
    enum change_kind kind;
    enum change_reason reason;
    size_t service;        /* index into the plan's services */
    struct diag_span span; /* the place in the roster that asks for it */

    uint64_t rows; /* create, update: rows of resource_service that are sent */

    enum sender_kind sender_kind; /* add, remove */
    struct sender sender;         /* identity and SID; what the add makes has no SID yet */
    const char *written;          /* the identity as the roster has it, when from ${NAME} */
    const char *country_written;  /* the same of the country */

    long needs[2]; /* indexes of changes, or CHANGE_NONE */
    bool after_adds;
    bool after_removals;
};

struct plan_service {
    const char *name; /* as it may be shown */
    const struct desired_service *desired;
    const struct live_service *live; /* NULL: to be created */
    size_t first_change, change_count;
};

struct plan {
    struct arena arena;
    struct plan_service *services; /* all of the roster, changed or not */
    size_t service_count;
    struct change *changes;
    size_t change_count, change_capacity;
    size_t counts[CHANGE_KIND_COUNT];
};

/*
 * Compares the two. Both have to outlive the plan. Reports and returns -1 when several live
 * services have a name that the roster uses.
 */
MUST_CHECK int plan_build(struct plan *plan, const struct desired *desired,
                          const struct live_state *live, struct diag *diag);

/*
 * Whether the plan adds so much to a service's pool that a list which the roster does not manage
 * has to be known: it is to be fetched then, and the plan made anew.
 */
bool plan_lacks_list(const struct plan *plan, size_t service, enum sender_kind kind);

/* Reports services that would have more than SENDER_POOL_MAX senders; -1 when there was any. */
MUST_CHECK int plan_check_pools(const struct plan *plan, struct diag *diag);

/* Number of senders of that kind to be added whose SID is not known yet; `*first` is one of them.
 */
size_t plan_unresolved(const struct plan *plan, enum sender_kind kind, const struct change **first);

/*
 * Gives each sender to be added its SID: from the live state's owned senders, or, for channel
 * senders, from the lists of the live services. Reports each that the account does not own, or that
 * can't send messages, and returns -1 when there was any.
 */
MUST_CHECK int plan_resolve(struct plan *plan, const struct live_state *live, struct diag *diag);

/* Reports each of the roster's `numbers` that live->owned does not have; -1 when there was any. */
MUST_CHECK int plan_check_numbers(const struct desired *desired, const struct live_state *live,
                                  struct diag *diag);

/* Accepts a plan that is all zero. */
void plan_release(struct plan *plan);

#endif
