/*
 * The plan as a JSON document: what `plan --format json` prints, `plan --out` saves, and `apply`
 * reads. schemas/plan.schema.json (plan_schema.h) describes it.
 *
 * The same plan gives the same bytes, but for the time of its making. There is no secret in it:
 * what came from ${NAME} stands as {"from_env": "${HOOKS}/status"}, with a digest of each
 * variable's value; a value with a password in its URL as {"masked": "https://user:***@…"}; live
 * values of such settings are left out.
 *
 * For each object that the plan touches it has a digest of its live value ("bindings"): "name" of a
 * service, all of its "settings" when they are changed or the service is deleted, and each list of
 * senders, by their SIDs, that is changed. With a key they are keyed, so that nobody can try out
 * values against them; without one, what may hold secrets is digested slowly.
 */
#ifndef ROSTER_PLAN_PLAN_DOCUMENT_H
#define ROSTER_PLAN_PLAN_DOCUMENT_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/digest.h"
#include "plan/plan.h"

#include <jansson.h>

#define PLAN_FORMAT "roster-plan"
enum { PLAN_VERSION = 1 };

/* "phone_number", …: a kind of sender in the document. */
const char *plan_sender_kind_name(enum sender_kind kind);

/* The whole document, with its "integrity" (see plan_integrity()); a new reference. `key` may be
 * NULL. */
json_t *plan_document(const struct plan *plan, const char *key);

/* Adds the document as it is saved: indented, with a line end. */
void plan_document_write(const json_t *document, struct buf *out);

/* What goes into digests without a key, so that those of two accounts or rosters differ. */
char *plan_origin_salt(const struct plan_origin *origin, struct arena *arena);

/* The digest of a variable's value: keyed, or slow. */
void plan_digest_variable(const struct plan_origin *origin, const char *key, const char *name,
                          const char *value, char hex[DIGEST_HEX_SIZE]);

/*
 * What "integrity" has to be for the rest of the document: {"algorithm": "sha256", "value": …} over
 * all but "created", or with a key {"algorithm": "hmac-sha256", …} over all of it. Computed over
 * the JSON with sorted keys and without white space, so that tools may reformat the file. A new
 * reference.
 */
json_t *plan_integrity(const json_t *document, const char *key);

/*
 * Whether the document can be applied later: reports each setting that it can't hold, because its
 * URL has a password in it, and returns -1 when there is any.
 */
MUST_CHECK int plan_document_check(const struct plan *plan, struct diag *diag);

#endif
