/*
 * Reading JSON values of a state file, each with its path for messages. Used by the parts of
 * the loader only (sandbox_state.c, sandbox_state_services.c, sandbox_state_messages.c).
 */
#ifndef ROSTER_SANDBOX_SANDBOX_LOADER_H
#define ROSTER_SANDBOX_SANDBOX_LOADER_H

#include "base/attributes.h"
#include "base/diag.h"
#include "sandbox/sandbox_store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct loader {
    struct sandbox_store *store;
    const char *name; /* of the file */
    int64_t now;      /* seconds */
    struct diag *diag;
};

/* Where a value stands: a member of its parent, or, `key` NULL, an element. NULL is the root. */
struct place {
    const struct place *parent;
    const char *key;
    size_t index;
};

/* Reports "state.json: services[2].sid: ..." and returns -1. */
int loader_fail(const struct loader *loader, const struct place *place, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The same for the member `key` of the object at `place`. */
int loader_fail_member(const struct loader *loader, const struct place *place, const char *key,
                       const char *format, ...) PRINTF_LIKE(4, 5);

/* Calls `load` for each object of the array that is the root's member `key`, if there is one. */
typedef int loader_element(const struct loader *loader, const struct place *place, json_t *object);
MUST_CHECK int loader_each(const struct loader *loader, const json_t *root, const char *key,
                           loader_element *load);

/*
 * A text member. Absent: `*out` is left alone. Fails when it is something else, or is empty.
 */
MUST_CHECK int loader_text(const struct loader *loader, const struct place *place,
                           const json_t *object, const char *key, const char **out);
/* The same for one that has to be there. */
MUST_CHECK int loader_need_text(const struct loader *loader, const struct place *place,
                                const json_t *object, const char *key, const char **out);

/* "sid": well-formed and with one of the prefixes (two letters each); `*out` NULL when absent. */
MUST_CHECK int loader_sid(const struct loader *loader, const struct place *place,
                          const json_t *object, const char *prefixes, const char **out);

/* "date_created" and "date_updated"; absent: now, and when it was created. */
MUST_CHECK int loader_dates(const struct loader *loader, const struct place *place,
                            const json_t *object, int64_t *created, int64_t *updated);

/* One date; absent: `*out` is left alone. */
MUST_CHECK int loader_date(const struct loader *loader, const struct place *place,
                           const json_t *object, const char *key, int64_t *out);

/* Fails at the first member that is none of the names. */
MUST_CHECK int loader_known(const struct loader *loader, const struct place *place,
                            const json_t *object, const char *const *names, size_t count);

/* Whether `key` is one of the names. */
bool loader_is_one_of(const char *key, const char *const *names, size_t count);

/* The parts, in the order in which they have to be loaded. */
loader_element loader_number, loader_short_code, loader_channel_sender, loader_service,
    loader_message;

#endif
