/*
 * The live state: what the REST API reported, as far as it was asked for.
 *
 * A list that was not fetched is unknown, not empty; `fetched` tells. All strings live in the
 * state's arena.
 */
#ifndef ROSTER_MODEL_LIVE_STATE_H
#define ROSTER_MODEL_LIVE_STATE_H

#include "base/arena.h"
#include "model/resource.h"

#include <stdbool.h>
#include <stddef.h>

struct live_senders {
    bool fetched;
    struct sender *items;
    size_t count, capacity;
    /* Those without the country that their kind needs: not the roster's business. */
    struct sender *elsewhere;
    size_t elsewhere_count, elsewhere_capacity;
};

struct live_service {
    struct service service;
    const char *shown_name; /* friendly_name as it may be shown; NULL: as it is */
    struct live_senders senders[SENDER_KIND_COUNT];
};

struct live_state {
    struct arena arena;
    struct live_service **services; /* as the API lists them; a service stays at its address */
    size_t count, capacity;
    /* What the account owns, as far as it was looked up; only kinds that need an owned SID. */
    struct live_senders owned[SENDER_KIND_COUNT];
};

/* Accepts a state that is all zero. */
void live_state_release(struct live_state *live);

/* Appends a zeroed service. */
struct live_service *live_state_add_service(struct live_state *live);

/* The state's own of a service that others hold to read. Linear. */
struct live_service *live_state_own(struct live_state *live, const struct live_service *service);

/* The service of that SID, NULL when there is none. Linear. */
struct live_service *live_state_find(struct live_state *live, const char *sid);

/* Appends a zeroed sender to a list of the state. */
struct sender *live_state_add_sender(struct live_state *live, struct live_senders *list);

/* The sender of that identity in a list, NULL when it has none. Linear. */
const struct sender *live_senders_find(const struct live_senders *list, const char *identity);

#endif
