/*
 * What the renderers have in common: the words for a plan's parts, and what may be shown of them.
 * Nothing here is escaped for a format; texts may hold anything that a roster or the API put in.
 */
#ifndef ROSTER_RENDER_WORDS_H
#define ROSTER_RENDER_WORDS_H

#include "base/buf.h"
#include "plan/plan.h"

#include <stdbool.h>

/* How a kind of change looks: '+', '~', '>' (moves), '-'. */
char words_sign(enum change_kind kind);

/* "only in the roster", "only live", "differs"; of a move "in another service". */
const char *words_reason(const struct change *change);

/* "changed by hand", …; NULL when the plan is no drift report. */
const char *words_drift(enum drift_class class);

/*
 * What comes of the plan, a sentence: "No changes. The account is as the roster says.", "Plan: 1 to
 * add.", or of a drift report "Drift: 1 changed by hand; 2 roster ahead.".
 */
void words_verdict(const struct plan *plan, struct buf *out);

/* The title: words_counts(), or of a drift report the same of its classes, or "no drift". */
void words_title(const struct plan *plan, struct buf *out);

/*
 * The reason and the place in the roster: "differs, roster.yaml:4"; of a drift report with the
 * class before them.
 */
void words_add_origin(const struct change *change, struct buf *out);

/* A hint and its place in the roster: "... at 1 (roster.yaml:4)". */
void words_hint(const struct plan_hint *hint, struct buf *out);

/* The identity and the country of a change's sender, as they may be shown; country NULL: none. */
const char *words_identity(const struct change *change);
const char *words_country(const struct change *change);

/* "add", "move", ..., or all of "update settings". */
const char *words_verb(enum change_kind kind);

/*
 * The change in words, in pieces: "create service", "add phone number" … `what` is the sender, NULL
 * for changes of a service; `from` is the name of the service that a move takes it from, else NULL.
 */
struct words_change {
    const char *verb;  /* of words_verb() */
    const char *label; /* "phone number"; NULL: none */
    const char *what;
    const char *country;
    const char *from;
};
struct words_change words_change(const struct plan *plan, const struct change *change);

/* The SID of a service as it may be shown; NULL when it is to be created. */
const char *words_sid(const struct plan_service *service);

/*
 * The value that a change gives a setting, and the one that it has now, as texts: quoted strings,
 * numbers, true, null. What came from ${NAME} is as it is written, and its live value is "(not
 * shown)". `before` stays empty for a new service. `remark` is behind it, or "": that both
 * look alike although the values differ, as two URLs with other passwords do, or that of a drift
 * report this setting's class is another than the change's.
 */
struct words_setting {
    const char *key;
    struct buf before, after;
    const char *remark;
};
void words_setting_init(struct words_setting *setting, const struct plan *plan,
                        const struct change *change, size_t row);
void words_setting_release(struct words_setting *setting);

/* Whether the change sends that row and the roster has a key for it. */
bool words_sends(const struct change *change, size_t row);

/* "2 to create, 1 to update, 5 to add, 1 to move, 1 to remove, 1 to delete": zeros are left out but
 * for "nothing to change". */
void words_counts(const struct plan *plan, struct buf *out);

/* The same of the changes of one service. */
void words_service_counts(const struct plan *plan, const struct plan_service *service,
                          struct buf *out);

/*
 * Which senders go down with a service that is deleted: all of them but those that the plan moves
 * elsewhere.
 */
struct words_lost {
    struct arena arena;
    const struct change **moves; /* sorted */
    size_t count;
};
void words_lost_init(struct words_lost *lost, const struct plan *plan);
bool words_is_lost(const struct words_lost *lost, size_t service, enum sender_kind kind,
                   const struct sender *sender);
void words_lost_release(struct words_lost *lost);

/* How many guards refuse the plan; one may have several reasons, which stand together. */
size_t words_guards(const struct plan *plan);

/*
 * How the plan was narrowed, "narrowed to services that match "A*"; 3 of the roster are left out",
 * or nothing when it was not.
 */
void words_narrowed(const struct plan *plan, struct buf *out);

#endif
