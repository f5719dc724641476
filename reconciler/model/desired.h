/*
 * The desired state: what a roster says, read from its document and checked.
 *
 * Absent, null and value are kept apart: a setting counts only when its row is present in the
 * service's set, a sender list only when `managed`. A managed list, empty too, is the whole truth.
 */
#ifndef ROSTER_MODEL_DESIRED_H
#define ROSTER_MODEL_DESIRED_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "document/doc.h"
#include "model/resource.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desired_sender {
    struct sender sender; /* the identity only; SIDs are the live side's */
    struct diag_span span;
};

struct desired_senders {
    bool managed; /* the list is there */
    struct diag_span span;
    struct desired_sender *items; /* in roster order */
    size_t count;
};

struct desired_service {
    struct service service;
    struct diag_span span;   /* of the friendly_name */
    struct diag_span *spans; /* of each setting's value, by row of resource_service */
    struct desired_senders senders[SENDER_KIND_COUNT];
};

/* The keys at the top of a roster that are settings. */
struct roster_head {
    struct field_set set;
    int64_t version;
    const char *account_sid; /* NULL when the roster names none */
};

extern const struct resource resource_roster;

/* Strings and spans point into the document, which has to live as long. */
struct desired {
    struct arena arena;
    struct roster_head head;
    struct diag_span account_span;
    struct desired_service *services; /* in roster order */
    size_t service_count;
    const struct desired_service **by_name; /* the named ones, sorted; see desired_find_service() */
    size_t named_count;
};

/*
 * Reads the document and checks the whole (see validate.h). Returns -1 when anything was reported
 * as an error; `desired` is released by the caller in both cases. A document that was only partly
 * understood may be passed, to find more mistakes.
 */
MUST_CHECK int desired_parse(struct desired *desired, const struct doc *doc, struct diag *diag);

/* The service of that friendly_name, NULL when the roster has none. */
const struct desired_service *desired_find_service(const struct desired *desired,
                                                   const char *friendly_name);

/* Accepts a desired state that is all zero. */
void desired_release(struct desired *desired);

#endif
