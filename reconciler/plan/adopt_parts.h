/*
 * What the files of adopting share; private to plan/adopt*.c.
 */
#ifndef ROSTER_PLAN_ADOPT_PARTS_H
#define ROSTER_PLAN_ADOPT_PARTS_H

#include "document/layout_edit.h"
#include "plan/adopt.h"

/* Where a service of the roster is written. */
struct adopt_place {
    struct adopt_file *file;
    struct layout_entry *list; /* the entry "services" */
    size_t index;              /* of the service in it */
    struct layout_node *node;  /* its mapping */
    bool own;                  /* no alias or merge key leads to it */
};

/* Gives the items their problems, as far as these are known before the text is edited. */
void adopt_judge(struct adopt *adopt);

/* The change of an item that its other changes belong to: of the service, or its only one. */
const struct change *adopt_change(const struct adopt *adopt, const struct adopt_item *item);

/* The service of the roster that a change is about; NULL when it has none. */
const struct desired_service *adopt_desired(const struct adopt *adopt, size_t service);

/* The list of the roster that a moved sender goes back to; NULL when the roster manages none. */
const struct desired_service *adopt_home(const struct adopt *adopt, const struct change *change);

/* The index of a change's sender in the roster's list. */
size_t adopt_sender_index(const struct desired_senders *list, const struct change *change);

/* Whether renamed_from goes when the item is adopted. */
bool adopt_drops_renamed_from(const struct adopt *adopt, const struct adopt_item *item);

/* Makes the texts of the files with the items of the set; -1 when they can't be put together. */
MUST_CHECK int adopt_make(struct adopt *adopt, const bool *set);

/* Proves the texts. Returns NULL, or what is wrong with them, in the arena. */
const char *adopt_prove(struct adopt *adopt, const bool *set);

#endif
