/*
 * The plan: the ordered changes that lead from the live state to the desired one.
 *
 * Made in steps, because what the account owns, and who has it, is only looked up when something is
 * to be added:
 *
 *     plan_build(&plan, &desired, &live, diag);      what differs
 *     ... read the lists that plan_lacks_list() asks for and build anew ...
 *     ... fetch owned senders for kinds where plan_unresolved() is not 0 ...
 *     ... look for those in other services; build anew when there are any (they are moves) ...
 *     plan_resolve(&plan, &live, diag);              identities become SIDs, or preflight errors
 *     guard_check(&plan, &desired, &limits);         what is too dangerous (guard.h)
 *
 * Changes stand grouped by service, the roster's services first and in its order, then those that
 * it does not name; within a service in the order in which they are carried out. A move stands with
 * the service that the sender goes to. Renderers and the executor read the same plan, and nothing
 * writes it after guard_check().
 *
 * plan_document.h makes a JSON document of a plan, and plan_file.h saves and reads it.
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
    CHANGE_MOVE_SENDER, /* out of the service that has it, and into this one */
    CHANGE_REMOVE_SENDER,
    CHANGE_DELETE_SERVICE,
    CHANGE_KIND_COUNT,
};

/* "create_service", …: the design's names, for documents and logs. */
const char *change_kind_name(enum change_kind kind);

/* Whether the change is of a sender, so that its sender members count. */
bool change_is_of_sender(enum change_kind kind);

/* Why a change is there. */
enum change_reason {
    REASON_ONLY_ROSTER, /* the roster has it, the account has not */
    REASON_ONLY_LIVE,   /* the account has it, the roster has not */
    REASON_DIFFERS,     /* both have it with different values, or in different places */
    REASON_COUNT,
};

/* "only_in_roster", "only_live", "differs": for documents. */
const char *change_reason_name(enum change_reason reason);

/* What a difference is of a drift report (drift.h). */
enum drift_class {
    DRIFT_NONE,            /* the plan is no drift report */
    DRIFT_CHANGED_BY_HAND, /* both have it, and live it is another, or elsewhere */
    DRIFT_MISSING_LIVE,    /* live it is gone */
    DRIFT_EXTRA_LIVE,      /* live it was added */
    DRIFT_ROSTER_AHEAD,    /* live it is as it was applied, and the roster was changed since */
    DRIFT_CLASS_COUNT,
};

enum { CHANGE_NONE = -1 };

/*
 * When a change may start. `create` is the creation of its service, which must have succeeded, else
 * this one is skipped. `replaces` (on additions) is the removal that makes place for it, done right
 * before; when the addition then fails, what was removed is put back.
 *
 * `after_adds`: a removal waits until all that comes to its service's pool has ended, however; a
 * move waits so for the plain additions to the service that it leaves. `after_moves`: a move waits
 * until all moves into the service that it leaves have ended. `after_removals`: an
 * addition, and each half of a move, waits until what makes place in the pool has ended: removals
 * that do not wait themselves, and moves out; a move's second half waits for the first halves of
 * those only, an addition for the whole, so that what is put back finds its place. A deletion of a
 * service waits for everything else, and is skipped unless all of it worked. Together they never
 * form a cycle (see order.c).
 */
struct change {
    enum change_kind kind;
    enum change_reason reason;
    size_t service;        /* index into the plan's services; of a move, where the sender goes */
    struct diag_span span; /* the place in the roster that asks for it */

    uint64_t rows; /* create, update: rows of resource_service that are sent */

    /* Of an update, by hand when any of its rows is; in `ahead` are those that are not. */
    enum drift_class drift;
    uint64_t ahead;

    enum sender_kind sender_kind; /* add, move, remove */
    struct sender sender;         /* identity and SID; what the add makes has no SID yet */
    const char *written;          /* the identity as the roster has it, when from ${NAME} */
    const char *country_written;  /* the same of the country */
    size_t from;                  /* move: index of the service that has the sender now */
    bool take_over;               /* move: this plan does not manage the list that it leaves */

    long create, replaces; /* indexes of changes, or CHANGE_NONE */
    bool after_adds;
    bool after_moves;
    bool after_removals;

    const char *
        *notes; /* what it breaks, a sentence each; names in it as they may be shown, in "" */
    size_t note_count, note_capacity;
};

/* How many senders of a kind a service has and gets. */
struct sender_tally {
    bool known; /* the list was read, or the service is new; else before and after are 0 */
    size_t before, after;
    size_t added, removed, moved_in, moved_out;
};

struct plan_service {
    const char *name;                      /* as it may be shown */
    const struct desired_service *desired; /* NULL: the roster does not name it */
    const struct live_service *live;       /* NULL: to be created */
    bool deleted;
    size_t first_change, change_count;
    struct sender_tally senders[SENDER_KIND_COUNT];
};

/* What one plan may do beyond the roster's own `guards`, as asked for on the command line. */
struct guard_limits {
    int64_t max_removals, max_deletes; /* GUARD_UNLIMITED: as many as there are */
    bool take_over;                    /* moves out of lists that the plan does not manage */
    bool allow_empty_service;          /* the last sender of a service */
    bool allow_empty_roster;           /* `prune` without a service */
    bool allow_campaign_loss;          /* deletion of a service with an A2P campaign */
};

enum { GUARD_UNLIMITED = -1 };

/* One guard that the plan violates. */
struct refusal {
    const char *guard;   /* "max_removals", "protect", … */
    const char *message; /* what the plan would do; names in it as they may be shown, in "" */
    const char *allow;   /* the flag or key that would allow it */
};

/*
 * Something that is worth knowing of a service and that no change is about: what it is expected to
 * send is more than its senders can carry.
 */
struct plan_hint {
    size_t service;        /* index into the plan's services */
    struct diag_span span; /* the place in the roster that it is about */
    const char *message;   /* a sentence without its end; names in it as they may be shown, in "" */
};

/* What a document says of the plan's making. Set by whoever made the plan; strings are borrowed. */
struct plan_origin {
    const char *account_sid;
    const char *location; /* of the roster, as it was named: "roster.yaml" */
    const char *sha256;   /* of the roster, in hexadecimal */
    /* Of a roster from git: the commit's id, who made it, and when, "2026-01-31T12:00:00Z". NULL:
     * it is not from git. */
    const char *commit, *author, *date;
    int64_t created; /* seconds since 1970 */
};

/* All zero: the plan is not one. */
struct plan_drift {
    bool reported;        /* every change has its class */
    const char *baseline; /* the commit that was applied last; NULL: none was named */
    size_t counts[CHANGE_KIND_COUNT][DRIFT_CLASS_COUNT]; /* differences: see drift_count() */
};

struct plan {
    struct arena arena;
    struct plan_service *services; /* all of the roster, changed or not, then others */
    size_t service_count, roster_count;
    struct change *changes;
    size_t change_count, change_capacity;
    size_t counts[CHANGE_KIND_COUNT];
    const struct desired *desired;
    struct plan_origin origin;
    struct guard_limits limits; /* as they were in force; set by guard_check() */
    struct refusal *refusals;
    size_t refusal_count, refusal_capacity;
    struct plan_hint *hints;
    size_t hint_count, hint_capacity;
    struct plan_drift drift;
};

/*
 * Compares the two. Both have to outlive the plan. Reports and returns -1 when several live
 * services have a name that the roster uses, or a pinned one is not there; the plan then serves
 * only to look for more mistakes. Services that desired->services marks as left out are matched and
 * not compared.
 */
MUST_CHECK int plan_build(struct plan *plan, const struct desired *desired,
                          const struct live_state *live, struct diag *diag);

/* How many services are pinned by a sid that the account has not: plan_build() reported each. */
size_t plan_missing_pins(const struct plan *plan);

/*
 * Whether a list that was not read has to be known, because the service's pool gets nearly full, or
 * because the service may be left without any sender, if only on the way: it is to be read then,
 * and the plan made anew.
 */
bool plan_lacks_list(const struct plan *plan, size_t service, enum sender_kind kind);

/* Reports services that would have more than SENDER_POOL_MAX senders; -1 when there was any. */
MUST_CHECK int plan_check_pools(const struct plan *plan, struct diag *diag);

/*
 * Senders of that kind to be added whose SID is not known yet: their count, and their identities in
 * `*identities` (in the plan's arena) unless that is NULL.
 */
size_t plan_unresolved(struct plan *plan, enum sender_kind kind, const char *const **identities);

/*
 * Those of them that `live->owned` has: they may be in another service. For channel senders, which
 * no list of the account has, all of them.
 */
size_t plan_perhaps_taken(struct plan *plan, const struct live_state *live, enum sender_kind kind,
                          const char *const **identities);

/*
 * Gives each sender to be added its SID, from the live state's owned senders. Reports each that the
 * account does not own, or that can't send messages, and returns -1 when there was any.
 */
MUST_CHECK int plan_resolve(struct plan *plan, const struct live_state *live, struct diag *diag);

/* The same, but for senders that only a search of all services would find, which was not made. */
MUST_CHECK int plan_resolve_owned(struct plan *plan, const struct live_state *live,
                                  struct diag *diag);

/* Reports each of the roster's `numbers` that live->owned does not have; -1 when there was any. */
MUST_CHECK int plan_check_numbers(const struct desired *desired, const struct live_state *live,
                                  struct diag *diag);

/* Senders of all kinds that the service has, as far as it is known. */
size_t plan_senders_before(const struct plan_service *service);
size_t plan_senders_after(const struct plan_service *service);

/* Senders taken out of services: those that come to another one, and those of services that are
 * deleted, included. */
size_t plan_removals(const struct plan *plan);

/* Accepts a plan that is all zero. */
void plan_release(struct plan *plan);

#endif
