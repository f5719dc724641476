/*
 * Drift: who is at fault for each difference of a plan, somebody who changed the account by hand or
 * a roster that was not applied yet.
 *
 * What was applied last, the baseline, tells both apart: what differs from it, too, was done by
 * hand. Without one, everything was.
 */
#ifndef ROSTER_PLAN_DRIFT_H
#define ROSTER_PLAN_DRIFT_H

#include "base/attributes.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* "changed_by_hand", …: for documents and metrics. Not of DRIFT_NONE. */
const char *drift_class_name(enum drift_class class);

/* The class of a kind of change that was made necessary by hand. */
enum drift_class drift_class_of(enum change_kind kind);

/* The class of a setting that an update sends. */
enum drift_class drift_setting_class(const struct change *change, size_t row);

/* Gives every change of the plan its class, as if the roster had been applied. */
void drift_classify(struct plan *plan);

/*
 * The same with what `baseline` wanted. `commit` says what it is; borrowed. `live` is the plan's,
 * and nothing is fetched: lists that were not read for the plan are looked at on neither side, for
 * which `baseline` is narrowed. Reports and returns -1 when the baseline does not fit the account
 * (see plan_build()).
 */
MUST_CHECK int drift_classify_against(struct plan *plan, struct desired *baseline,
                                      const char *commit, const struct live_state *live,
                                      struct diag *diag);

/* How many differences are of the class: a change, or of an update each setting. */
size_t drift_count(const struct plan *plan, enum drift_class class);

/* How many differences are not the roster's being ahead. */
size_t drift_by_hand(const struct plan *plan);

/*
 * A digest of what was done by hand, values included: another one whenever that is another. It is
 * keyed by `salt` and slow, so that it can be kept although values may be secret.
 */
enum { DRIFT_DIGEST_SIZE = 65 };
void drift_digest(const struct plan *plan, const char *salt, char hex[DRIFT_DIGEST_SIZE]);

#endif
