/*
 * Edits in the making; private to plan/adopt_*.c.
 */
#ifndef ROSTER_PLAN_ADOPT_MAKING_H
#define ROSTER_PLAN_ADOPT_MAKING_H

#include "plan/adopt_parts.h"

/* A value that is to be exchanged. Those of an anchor and its aliases have to be seen together. */
struct making_wish {
    struct adopt_file *file;
    const struct layout_node *node, *key;
    bool flow;
    struct layout_piece piece;
};

/* What becomes of one list of senders. */
struct making_list {
    const struct desired_service *service;
    enum sender_kind kind;
    bool *removed; /* by item of the list */
    struct layout_addition *additions;
    const struct sender **added; /* of each addition */
    size_t count, capacity, added_capacity;
};

struct making {
    struct adopt *adopt;
    struct arena arena;
    struct layout_edits *edits; /* by file */
    struct making_wish *wishes;
    size_t wish_count, wish_capacity;
    struct making_list *lists;
    size_t list_count, list_capacity;
    bool **gone; /* by file: services that leave its list */
    const char **blocks;
    size_t block_count;
    bool failed;
};

/* The edits of a file. */
struct layout_edits *making_edits(struct making *making, const struct adopt_file *file);
struct adopt_place *making_place(struct making *making, const struct desired_service *service);

/* Gives a key of a service a value: the one that it has is exchanged, or it is put in. */
void making_set_key(struct making *making, struct adopt_place *place, const char *key,
                    const struct layout_piece *piece);

/* Take up what an item does to settings and lists. */
void making_setting(struct making *making, const struct adopt_item *item);
void making_senders(struct making *making, const struct adopt_item *item);

/* Turn what was taken up into edits, lists before wishes. */
void making_add_list(struct making *making, const struct making_list *list);
void making_add_wish(struct making *making, const struct making_wish *wish);

#endif
