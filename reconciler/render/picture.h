/*
 * What the picture of a plan shows: services with their senders before and after. However large the
 * plan is, the picture is not: it has the first services whose senders change, the first of those
 * senders, and counts of the rest. How it looks is html_picture.h's business.
 */
#ifndef ROSTER_RENDER_PICTURE_H
#define ROSTER_RENDER_PICTURE_H

#include "base/arena.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    PICTURE_ROWS_MAX = 20,  /* services */
    PICTURE_CHIPS_MAX = 10, /* senders that change, on each side of a service */
    PICTURE_KEPT_MAX = 4,   /* senders that stay; when there are more, they are only counted */
};

enum chip_state {
    CHIP_STAYS,
    CHIP_ADDED,
    CHIP_REMOVED,
    CHIP_MOVED,
    CHIP_STATE_COUNT,
};

/* One sender on one side. */
struct chip {
    enum chip_state state;
    enum sender_kind kind;
    const char *identity, *country; /* as they may be shown; country NULL: none */
    size_t change;                  /* moved: index of the change, which both ends have */
    size_t other;                   /* moved: index of the service at the other end */
};

/* A service before or after. */
struct picture_side {
    bool there; /* else it is new, or deleted */
    struct chip chips[PICTURE_CHIPS_MAX + PICTURE_KEPT_MAX];
    size_t chip_count;
    size_t changing, more; /* senders that change, and how many of them are not among the chips */
};

struct picture_row {
    size_t service;                       /* index into the plan's services */
    const char *name_before, *name_after; /* as they may be shown; NULL: not there */
    struct picture_side before, after;
    size_t stay[SENDER_KIND_COUNT]; /* senders that stay and are not among the chips */
};

struct picture {
    struct arena arena;
    struct picture_row *rows; /* in the plan's order */
    size_t row_count;
    size_t beyond;        /* services whose senders change, too, and which have no row */
    size_t settings_only; /* services of which only settings change: they have no row */
    bool lists_unknown;   /* a service in a row has lists that were not read */
};

/* Texts are the plan's, which has to live as long. */
void picture_init(struct picture *picture, const struct plan *plan);
void picture_release(struct picture *picture);

/* The row of a service; NULL when it has none. */
const struct picture_row *picture_find(const struct picture *picture, size_t service);

#endif
