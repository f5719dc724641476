/*
 * What a saved plan says of one service, and the reading of its JSON; private to plan/.
 */
#ifndef ROSTER_PLAN_SAVED_H
#define ROSTER_PLAN_SAVED_H

#include "plan/bindings.h"
#include "plan/plan_file.h"

/* What comes to a list and what leaves it. */
struct saved_list {
    struct desired_sender *added;
    size_t added_count, added_capacity;
    const char **removed; /* SIDs */
    size_t removed_count, removed_capacity;
};

/* Senders that are moved out of a list that the plan does not manage, are in it. */
struct saved_service {
    const json_t *json;
    const char *name; /* as it may be shown */
    const char *sid;  /* NULL: to be created */
    bool deleted;
    struct touched touched;         /* what it has bindings for */
    bool source[SENDER_KIND_COUNT]; /* senders leave a list that is not managed */
    size_t desired;                 /* index in the desired state, or SAVED_UNMANAGED */
    struct saved_list lists[SENDER_KIND_COUNT];
};

#define SAVED_UNMANAGED ((size_t)-1)

/* Reads members of JSON objects; the first that is not as it should be is reported. */
struct saved_reader {
    struct plan_saved *saved;
    struct desired *desired;
    struct diag *diag;
    bool failed;
};

/* Reports "plan.json is not a valid plan: WHERE: WHAT", once, and returns -1. */
int saved_reject(struct saved_reader *reader, const char *where, const char *what);

/* Members by type; on another type they are rejected, and the result is NULL, 0 or false. */
const json_t *saved_object(struct saved_reader *reader, const json_t *parent, const char *key);
const json_t *saved_array(struct saved_reader *reader, const json_t *parent, const char *key);
const char *saved_string(struct saved_reader *reader, const json_t *parent, const char *key);
bool saved_boolean(struct saved_reader *reader, const json_t *parent, const char *key);
int64_t saved_integer(struct saved_reader *reader, const json_t *parent, const char *key,
                      int64_t most);

/*
 * Reads a value into a row's member by the row's type, as a roster would be read: a plain value, or
 * {"from_env": …}. `origin` may be NULL.
 */
MUST_CHECK int saved_member(struct saved_reader *reader, const struct resource *resource,
                            size_t row, const json_t *value, void *object,
                            struct field_origin *origin, const char *where);

/* Reads the document's changes into the services. */
MUST_CHECK int saved_read_changes(struct saved_reader *reader);

/* The changes of the document that touch an object of a service, in words, for messages. */
void saved_note_changes(const struct plan_saved *saved, size_t service, const char *object,
                        struct diag *diag);

#endif
