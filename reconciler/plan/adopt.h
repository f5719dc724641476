/*
 * Adopting: the roster's files edited so that they say what the account has, instead of the account
 * being changed to what they say. What a plan would do to the account is undone in the text.
 *
 *     struct adopt adopt = {0};
 *     adopt_begin(&adopt, &plan, &live, files, count, diag);     what could be adopted
 *     ... set `chosen` of items without a problem ...
 *     adopt_prepare(&adopt, diag);                               the texts of values
 *     ... let the environment have the secrets of adopt.export and adopt.entries ...
 *     adopt_edit(&adopt);                                        files[i].result, items[i].adopted
 *     adopt_release(&adopt);
 *
 * One item is one change of the plan, but for these: each setting of an update is an item of its
 * own; an alpha sender that replaces another one is one item with that; a service that the account
 * has not is one item with all that it would get.
 *
 * What an item does to the text:
 * - A setting gets the live value where the service has the key; null when the account has none. A
 *   value from `defaults` or a merge key gets a key in the service itself, and an alias is replaced
 *   by the value, so that no other service changes. A value with an anchor that others use keeps
 *   its meaning for these: the anchor moves to the first of them.
 * - A renamed service is renamed in `test_sends` and `guards.protect`, too; a `renamed_from` goes
 *   when it is the live name.
 * - A sender that only the roster has leaves its list, one that only the account has comes in; a
 *   moved one does both, unless the roster does not manage the other list.
 * - A service that the account has not leaves the roster with the comments right above it. One that
 *   `prune` would delete is written as an export writes it, at the end of the last list.
 *
 * Never written are values over ${NAME}, values of variables, and passwords of URLs (see export.h).
 *
 * Every edit is proved before it counts: the text is read again, has to be valid, to want just what
 * it wanted before but for the items, and a plan of it against the same live state must not have
 * what was adopted. Items that don't stand this proof together are tried in smaller groups, and one
 * that fails alone gets its `problem`.
 */
#ifndef ROSTER_PLAN_ADOPT_H
#define ROSTER_PLAN_ADOPT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "document/layout.h"
#include "model/export.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* A file of the roster; the first four are the caller's, and have to live as long. */
struct adopt_file {
    const char *name;
    const struct doc *doc;
    const char *text; /* as it was read, with byte order mark and line ends */
    size_t size;
    struct layout layout;
    struct buf result; /* the edited text, when `changed` */
    bool changed;
    const struct diff_span *spans; /* where it differs */
    size_t span_count;
};

#define ADOPT_NO_ROW ((size_t)-1)

struct adopt_item {
    size_t service;      /* index into the plan's services */
    size_t first, count; /* changes of the plan */
    size_t row;          /* of resource_service, when it is a setting; else ADOPT_NO_ROW */
    bool chosen;         /* set by the caller */
    bool adopted;
    const char *problem; /* why it can't be adopted, may be shown; NULL: nothing is known of that */
    const char *help;    /* what to do by hand; NULL: nothing better than to edit the file */
    /* What is written: the value of the setting, the senders by change, the service's lines. */
    struct export_value value;
    struct export_sender *senders;
    const char *block;
};

struct adopt_place;

/* All zero is a start. */
struct adopt {
    struct arena arena;
    const struct plan *plan;
    const struct desired *desired; /* the plan's */
    const struct live_state *live;
    struct adopt_file *files;
    size_t file_count;
    struct adopt_item *items; /* in the plan's order */
    size_t count;
    struct adopt_place *places;    /* by service of the roster */
    struct export export, entries; /* values, and whole services */
};

/*
 * Lists the items, with the problems that are known before anything is tried. `live` is what the
 * plan was made from; plan_build() may have reported nothing but plan_missing_pins(). Reports and
 * returns -1 when a file can't be edited. The strings and `files` have to live as long as `adopt`,
 * which is released by the caller in both cases.
 */
MUST_CHECK int adopt_begin(struct adopt *adopt, const struct plan *plan,
                           const struct live_state *live, struct adopt_file *files, size_t count,
                           struct diag *diag);

/*
 * Words the values of the chosen items. Warns of those that may be secrets, and of what of a whole
 * service can't be written. export.secrets and entries.secrets then have what the environment
 * needs.
 */
void adopt_prepare(struct adopt *adopt, struct diag *diag);

/*
 * Edits the texts for the chosen items without a problem. Those that can't be adopted get one;
 * `result` of the files has what was proved.
 */
void adopt_edit(struct adopt *adopt);

void adopt_release(struct adopt *adopt);

#endif
