/*
 * A random account with a random roster for it, and what the roster asks of the account, worked out
 * by simple rules of our own: nothing here knows the field tables or the plan.
 *
 * Texts are kept as indexes into small tables, so that names, values and senders meet often. A
 * service is named by its slot: first the account's services, then one for each entry of the
 * roster, used when the entry has no service and one is created.
 */
#ifndef ROSTER_TESTS_PROPERTY_WORLD_H
#define ROSTER_TESTS_PROPERTY_WORLD_H

#include "base/buf.h"
#include "sandbox/sandbox_store.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    WORLD_NONE = -1,
    WORLD_LIVE_MAX = 6,
    WORLD_ENTRY_MAX = 9,
    WORLD_SLOTS = WORLD_LIVE_MAX + WORLD_ENTRY_MAX,
    WORLD_SENDER_MAX = 1300,
    WORLD_NAMES = 14,
    WORLD_ROWS = 15,
    WORLD_VALUES = 3,
    WORLD_ALPHAS = 3,
    WORLD_DESTINATIONS = 5,
};

/* A setting: the API's name of it and values as JSON, which YAML reads as well. */
struct world_row {
    const char *key;
    const char *values[WORLD_VALUES]; /* the API's default first; NULL: there are only two */
};

/* The rows that small worlds use. */
enum { WORLD_ROW_STATUS_CALLBACK = 4, WORLD_ROW_STICKY_SENDER = 5 };

struct world_destination {
    const char *alpha_sender, *country;
};

extern const char *const world_names[WORLD_NAMES];
extern const struct world_row world_rows[WORLD_ROWS];
extern const char *const world_alphas[WORLD_ALPHAS];
extern const struct world_destination world_destinations[WORLD_DESTINATIONS];

/* A service of the account. */
struct world_live {
    char sid[SANDBOX_SID_SIZE];
    int name;
    int values[WORLD_ROWS];
    int alpha;             /* index, or WORLD_NONE */
    unsigned destinations; /* bits, by index */
    bool anywhere;         /* has one for every country, which no roster can name */
    bool registered;       /* has an A2P campaign */
};

/* A service of the roster. */
struct world_entry {
    int name;
    int renamed_from; /* name, or WORLD_NONE */
    int pinned;       /* live service, or WORLD_NONE */
    bool pins_nothing;
    int values[WORLD_ROWS]; /* WORLD_NONE: the key is absent */
    unsigned managed;       /* bits, by enum sandbox_kind */
    int alpha;
    unsigned destinations;
    bool left_out; /* by the target */
    int live;      /* the live service that it is, or WORLD_NONE; set by world_match() */
};

/* A number, short code or channel sender: all that can be in one service only. */
struct world_sender {
    enum sandbox_kind kind;
    char sid[SANDBOX_SID_SIZE];
    char address[32];
    bool owned;       /* the account has it */
    bool mute;        /* it can't send messages */
    int held;         /* live service, or WORLD_NONE */
    int wanted;       /* entry, or WORLD_NONE */
    int wanted_again; /* channel sender: an entry that names it in the other way */
    bool by_sid;      /* channel sender: how `wanted` names it */
};

struct world {
    uint64_t seed;
    bool small; /* small enough to look for the least number of changes */
    struct world_live live[WORLD_LIVE_MAX];
    int live_count;
    struct world_entry entries[WORLD_ENTRY_MAX];
    int entry_count;
    struct world_sender senders[WORLD_SENDER_MAX];
    int sender_count;
    int defaults[WORLD_ROWS]; /* of the roster; WORLD_NONE: absent */
    bool prune;
    bool lists_numbers;         /* the roster has "numbers" */
    bool variables;             /* the roster writes ${HOOKS} where it can */
    bool alpha_in_destinations; /* see sandbox_server.h */
    bool slow;                  /* answers to writes are late, each as it comes */
    bool default_limits;        /* look at what the guards refuse first */
    char target[80];            /* "": all */
};

/* Whether the target of the world, if any, names the service. */
bool world_is_target(const struct world *world, int name);

/*
 * Finds each entry's live service, and which entries are left out. Returns NULL, or why that can't
 * be done, with the entry in `*entry`.
 */
const char *world_match(struct world *world, int *entry);

/* Why no plan may be made; NULL: one has to be. */
const char *world_refusal(struct world *world);

/* What guards refuse when nothing is allowed: names with a blank after each, in plan/'s order. */
void world_guards(const struct world *world, struct buf *names);

int world_slot_of(const struct world *world, int entry);
/* The entry that says how the slot's service is to be; NULL: none does. */
const struct world_entry *world_owner(const struct world *world, int slot);
bool world_is_pruned(const struct world *world, int live);
/* Whether there is a service in the slot in the end. */
bool world_remains(const struct world *world, int slot);

/* What a slot's service is to have in the end. */
int world_name(const struct world *world, int slot);
int world_value(const struct world *world, int slot, int row);
int world_alpha(const struct world *world, int slot);
unsigned world_destinations_of(const struct world *world, int slot);
/* The slot that the sender is to be in, or WORLD_NONE. */
int world_place(const struct world *world, const struct world_sender *sender);

/* The value that an entry, or the defaults, want of a row; WORLD_NONE: it is not managed. */
int world_wish(const struct world *world, const struct world_entry *entry, int row);

bool world_is_pooled(const struct world_sender *sender);

/* Whether the live service's pool has no room for all that come besides all that it has. */
bool world_is_tight(const struct world *world, int live);

/*
 * Whether apply promises that the live service always has a number or short code on the way: it has
 * some before and after, and some stay; or it is not tight, and is in no circle of services that
 * all have and get senders by moves alone (plan/order.c).
 */
bool world_is_never_empty(const struct world *world, int live);

#endif
