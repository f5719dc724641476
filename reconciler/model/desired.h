/*
 * The desired state: what a roster says, read from its documents and checked.
 *
 * Absent, null and value are kept apart: a setting counts only when its row is present in the
 * service's set, a sender list only when `managed`. A managed list, empty too, is the whole truth.
 *
 * A roster is one document, or several (a folder) whose lists are joined. In string values ${NAME}
 * stands for an environment variable, and $${ for a literal ${. Such a value is never shown: its
 * origin has the text as written, and `redactions` lists all of them.
 */
#ifndef ROSTER_MODEL_DESIRED_H
#define ROSTER_MODEL_DESIRED_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "base/redact.h"
#include "document/doc.h"
#include "model/resource.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desired_sender {
    struct sender sender; /* identity and country; SIDs are the live side's */
    struct field_origin origin;
    const char *country_written; /* as written when it came from ${NAME} */
};

struct desired_senders {
    bool managed; /* the list is there */
    struct diag_span span;
    struct desired_sender *items; /* in roster order */
    size_t count;
};

struct desired_service {
    struct service service;       /* with what `defaults` gives */
    bool left_out;                /* not looked at: no target matches it (desired_select()) */
    struct diag_span span;        /* of the friendly_name */
    struct field_origin *origins; /* of each setting's value, by row of resource_service */
    struct desired_senders senders[SENDER_KIND_COUNT];
};

/* The keys at the top of a roster that are settings. */
struct roster_head {
    struct field_set set;
    int64_t version;
    const char *account_sid; /* NULL when the roster names none */
    bool prune;
};

extern const struct resource resource_roster;

struct desired_number {
    struct sender sender;
    struct field_origin origin;
};

struct desired_name {
    const char *name;
    const char *shown; /* as written when it came from ${NAME} */
    struct diag_span span;
};

struct guards {
    struct field_set set;
    int64_t max_removals; /* senders taken out of services */
    int64_t max_deletes;  /* services deleted */
    struct desired_name *protect;
    size_t protect_count;
};

/* Absent: nothing is expected of it; NULL and 0 then. */
struct expectation {
    struct field_set set;
    const char *status;
    const char *from;    /* a sender, or one of the words of a kind of sender */
    const char *country; /* of the sender */
    int64_t error_code, segments;
};

struct test_send {
    struct field_set set;
    const char *name, *service, *to, *body;
    int64_t timeout_ms; /* 0: TEST_SEND_TIMEOUT_MS */
    struct expectation expect;
    struct diag_span span;
    struct field_origin *origins; /* by row of its resource */
};

extern const struct resource resource_test_send;

enum { TEST_SEND_TIMEOUT_MS = 60 * 1000 };

/* Strings and spans point into the documents, which have to live as long. */
struct desired {
    /* Set by the caller when a file of the roster is not among the documents because it could not
     * be read: what only the whole tells is not said then. */
    bool incomplete;
    bool services_misread; /* a list of services was there, but not readable as one */
    struct arena arena;
    struct redactions redactions;
    field_lookup *lookup; /* what ${NAME} stands for */
    struct roster_head head;
    struct field_origin head_origins[8];
    struct desired_service *services; /* in roster order */
    size_t service_count, service_capacity;
    struct desired_number *numbers;
    size_t number_count, number_capacity;
    struct guards guards;
    struct test_send *test_sends;
    size_t test_send_count, test_send_capacity;
    size_t declared_count;      /* services that the roster declares, be they looked at or not */
    const char *const *targets; /* of desired_select(), borrowed */
    size_t target_count, left_out_count;
    /* When not NULL, desired_prunes() only these SIDs. */
    const char *const *prune_sids;
    size_t prune_sid_count;
    /* Indexes for desired_claim(), sorted. */
    const struct desired_service **by_sid, **by_name, **by_renamed;
    size_t sid_count, name_count, renamed_count;
};

/* The origins of the roster's account_sid and prune. */
const struct field_origin *desired_account_origin(const struct desired *desired);
const struct field_origin *desired_prune_origin(const struct desired *desired);
/* For a desired state that is not from a roster: where its prune_sids come from. */
void desired_place_prune(struct desired *desired, const struct diag_span *span);

/*
 * Reads the documents and checks the whole (see validate.h). Returns -1 when anything was reported
 * as an error; `desired`, zeroed by the caller but for `incomplete`, is released by it in both
 * cases. A document that was only partly understood may be passed, to find more mistakes.
 */
MUST_CHECK int desired_parse(struct desired *desired, const struct doc *const *docs, size_t count,
                             field_lookup *lookup, struct diag *diag);

/* How a service of the roster came to a live one; the strongest first. */
enum desired_claim {
    CLAIM_SID,     /* its sid is pinned */
    CLAIM_NAME,    /* same friendly_name */
    CLAIM_RENAMED, /* its renamed_from, good only when no live service has its friendly_name */
    CLAIM_NONE,
};

/*
 * The service of the roster that a live service may be, by SID, else by friendly_name, else by
 * renamed_from. A service with a pinned sid claims no other by name.
 */
const struct desired_service *desired_claim(const struct desired *desired,
                                            const struct service *live, enum desired_claim *how);

/*
 * Narrows the roster to the services whose friendly_name matches one of the patterns, which are
 * globs as in a shell (*, ?, [...]); the others are left out. Reports each pattern that matches
 * none, unless services that the roster does not name may be pruned by it, and returns -1. The
 * patterns have to live as long as `desired`.
 */
MUST_CHECK int desired_select(struct desired *desired, const char *const *patterns, size_t count,
                              struct diag *diag);

/* Whether `prune` deletes the live service: the roster does not claim it, and a target matches. */
bool desired_prunes(const struct desired *desired, const struct service *live);

/* Builds the indexes of desired_claim() anew after `services` was set by hand. */
void desired_index(struct desired *desired);

/* Whether all services of the roster are there with their names, so that one can be missed. */
bool desired_knows_names(const struct desired *desired);

/* The service of that friendly_name, NULL when the roster has none. */
const struct desired_service *desired_find_service(const struct desired *desired,
                                                   const char *friendly_name);

/* Accepts a desired state that is all zero. */
void desired_release(struct desired *desired);

#endif
