#include "model/live_state.h"

#include "base/str.h"

#include <string.h>

void live_state_release(struct live_state *live)
{
    arena_release(&live->arena);
    memset(live, 0, sizeof(*live));
}

struct live_service *live_state_add_service(struct live_state *live)
{
    struct live_service *service = arena_alloc(&live->arena, sizeof(*service));
    live->services = arena_grow(&live->arena, live->services, live->count, &live->capacity,
                                sizeof(struct live_service *));
    live->services[live->count++] = service;
    return service;
}

struct live_service *live_state_own(struct live_state *live, const struct live_service *service)
{
    size_t i;
    for (i = 0; i < live->count; i++)
        if (live->services[i] == service)
            return live->services[i];
    return NULL;
}

struct live_service *live_state_find(struct live_state *live, const char *sid)
{
    size_t i;
    for (i = 0; i < live->count; i++)
        if (str_equal_nocase(live->services[i]->service.sid, sid))
            return live->services[i];
    return NULL;
}

struct sender *live_state_add_sender(struct live_state *live, struct live_senders *list)
{
    list->items =
        arena_grow(&live->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
    return memset(&list->items[list->count++], 0, sizeof(*list->items));
}

const struct sender *live_senders_find(const struct live_senders *list, const char *identity)
{
    size_t i;
    for (i = 0; i < list->count; i++)
        if (str_equal(list->items[i].identity, identity))
            return &list->items[i];
    return NULL;
}
