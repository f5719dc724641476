/*
 * A state is one number in mixed radix. A service's digit is 0 when it is not there, else it says
 * its name (as it is, or as it is to be), two settings and its alpha sender; a sender's digit is 0
 * when it is in no service, else which one. What no chain can want is no state: a third service
 * name, and services beyond those that there are and those that the roster has to have.
 */
#include "minimum.h"

#include "base/attributes.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    SERVICES_MAX = 3,
    SENDERS_MAX = 3,
    ALPHAS = 3,   /* none and two */
    SETTINGS = 4, /* two of two values each */
    DIGITS_MAX = 1 + 2 * SETTINGS * ALPHAS,
};

static const int setting_rows[] = {WORLD_ROW_STATUS_CALLBACK, WORLD_ROW_STICKY_SENDER};

struct service {
    int slot;
    bool is_there; /* at first */
    uint32_t names, digits, stride;
    bool fine[DIGITS_MAX]; /* by digit: as the roster wants it */
};

struct sender {
    uint32_t stride, start, wanted;
};

struct search {
    const struct world *world;
    struct service services[SERVICES_MAX];
    struct sender senders[SENDERS_MAX];
    int service_count, sender_count;
    uint32_t states;
    uint8_t *seen;
    uint32_t *queue; /* states in the order of their distance */
    uint32_t count;
};

static uint32_t digit_of(uint32_t name, uint32_t settings, uint32_t alpha)
{
    return 1 + (name * SETTINGS + settings) * ALPHAS + alpha;
}

/* Whether a service that is there, of that name, settings and alpha sender, is what is wanted. */
static bool is_fine(const struct world *world, const struct service *service, uint32_t name,
                    uint32_t settings, uint32_t alpha)
{
    const struct world_entry *owner = world_owner(world, service->slot);
    size_t i;

    if (!world_remains(world, service->slot) || name != service->names - 1)
        return false;
    for (i = 0; i < COUNT_OF(setting_rows); i++) {
        /* Of a service that is new, what the roster does not manage may be anything. */
        if (!service->is_there && world_wish(world, owner, setting_rows[i]) == WORLD_NONE)
            continue;
        if ((settings >> i & 1) != (uint32_t)world_value(world, service->slot, setting_rows[i]))
            return false;
    }
    if (!service->is_there && (owner->managed >> SANDBOX_ALPHA_SENDER & 1) == 0)
        return true;
    return alpha == (uint32_t)(world_alpha(world, service->slot) + 1);
}

static void add_service(struct search *search, int slot)
{
    const struct world *world = search->world;
    struct service *service = &search->services[search->service_count++];
    uint32_t name, settings, alpha;

    assert(search->service_count <= SERVICES_MAX);
    service->slot = slot;
    service->is_there = slot < WORLD_LIVE_MAX;
    service->names = service->is_there && world_name(world, slot) != world->live[slot].name ? 2 : 1;
    service->digits = 1 + service->names * SETTINGS * ALPHAS;
    service->stride = search->states;
    search->states *= service->digits;
    service->fine[0] = !world_remains(world, slot);
    for (name = 0; name < service->names; name++)
        for (settings = 0; settings < SETTINGS; settings++)
            for (alpha = 0; alpha < ALPHAS; alpha++)
                service->fine[digit_of(name, settings, alpha)] =
                    is_fine(world, service, name, settings, alpha);
}

/* 0 for no service, else one more than its index. */
static uint32_t place_digit(const struct search *search, int slot)
{
    int i;
    for (i = 0; i < search->service_count; i++)
        if (search->services[i].slot == slot)
            return (uint32_t)i + 1;
    return 0;
}

static void add_sender(struct search *search, const struct world_sender *sender)
{
    struct sender *added = &search->senders[search->sender_count++];

    assert(search->sender_count <= SENDERS_MAX);
    added->start = place_digit(search, sender->held);
    added->wanted = place_digit(search, world_place(search->world, sender));
    added->stride = search->states;
    search->states *= (uint32_t)search->service_count + 1;
}

static uint32_t first_digit(const struct world_live *live)
{
    uint32_t settings = 0;
    size_t i;
    for (i = 0; i < COUNT_OF(setting_rows); i++)
        settings |= (uint32_t)live->values[setting_rows[i]] << i;
    return digit_of(0, settings, (uint32_t)(live->alpha + 1));
}

static uint32_t first_state(const struct search *search)
{
    uint32_t state = 0;
    int i;

    for (i = 0; i < search->service_count; i++)
        if (search->services[i].is_there)
            state += first_digit(&search->world->live[search->services[i].slot]) *
                     search->services[i].stride;
    for (i = 0; i < search->sender_count; i++)
        state += search->senders[i].start * search->senders[i].stride;
    return state;
}

static uint32_t service_digit(const struct search *search, int service, uint32_t state)
{
    return state / search->services[service].stride % search->services[service].digits;
}

static uint32_t sender_digit(const struct search *search, int sender, uint32_t state)
{
    return state / search->senders[sender].stride % ((uint32_t)search->service_count + 1);
}

static bool is_goal(const struct search *search, uint32_t state)
{
    int i;

    for (i = 0; i < search->service_count; i++)
        if (!search->services[i].fine[service_digit(search, i, state)])
            return false;
    for (i = 0; i < search->sender_count; i++)
        if (sender_digit(search, i, state) != search->senders[i].wanted)
            return false;
    return true;
}

static void reach(struct search *search, uint32_t state)
{
    if (search->seen[state])
        return;
    search->seen[state] = 1;
    search->queue[search->count++] = state;
}

/* The service leaves, its alpha sender with it, and its senders are in no service then. */
static uint32_t without(const struct search *search, int service, uint32_t state)
{
    int i;

    state -= service_digit(search, service, state) * search->services[service].stride;
    for (i = 0; i < search->sender_count; i++)
        if (sender_digit(search, i, state) == (uint32_t)service + 1)
            state -= ((uint32_t)service + 1) * search->senders[i].stride;
    return state;
}

/* Creation; or update, deletion and change of the alpha sender. */
static void change_service(struct search *search, int index, uint32_t state)
{
    const struct service *service = &search->services[index];
    uint32_t digit = service_digit(search, index, state), rest = state - digit * service->stride;
    uint32_t alpha = digit == 0 ? 0 : (digit - 1) % ALPHAS, other;

    if (digit == 0 && service->is_there)
        return; /* what was deleted does not come back with its SID */
    for (other = 1 + alpha; other < service->digits; other += ALPHAS)
        reach(search, rest + other * service->stride);
    if (digit == 0)
        return;
    reach(search, without(search, index, state));
    if (alpha != 0)
        reach(search, state - alpha * service->stride);
    for (other = 1; alpha == 0 && other < ALPHAS; other++)
        reach(search, state + other * service->stride);
}

/* Addition, removal and move. */
static void change_sender(struct search *search, int index, uint32_t state)
{
    const struct sender *sender = &search->senders[index];
    uint32_t rest = state - sender_digit(search, index, state) * sender->stride;
    int i;

    reach(search, rest);
    for (i = 0; i < search->service_count; i++)
        if (service_digit(search, i, state) != 0)
            reach(search, rest + ((uint32_t)i + 1) * sender->stride);
}

static int breadth_first(struct search *search)
{
    uint32_t at = 0, end;
    int distance, i;

    reach(search, first_state(search));
    for (distance = 0; at < search->count; distance++) {
        for (end = search->count; at < end; at++) {
            uint32_t state = search->queue[at];
            if (is_goal(search, state))
                return distance;
            for (i = 0; i < search->service_count; i++)
                change_service(search, i, state);
            for (i = 0; i < search->sender_count; i++)
                change_sender(search, i, state);
        }
    }
    return WORLD_NONE;
}

int minimum_changes(const struct world *world)
{
    struct search search = {.world = world, .states = 1};
    int result, i;

    for (i = 0; i < WORLD_SLOTS; i++)
        if (i < world->live_count || (i >= WORLD_LIVE_MAX && world_remains(world, i)))
            add_service(&search, i);
    for (i = 0; i < world->sender_count; i++)
        add_sender(&search, &world->senders[i]);
    search.seen = calloc(search.states, sizeof(*search.seen));
    search.queue = calloc(search.states, sizeof(*search.queue));
    if (search.seen == NULL || search.queue == NULL)
        abort();
    result = breadth_first(&search);
    free(search.seen);
    free(search.queue);
    return result;
}
