#include "sandbox/sandbox_store.h"

#include "base/memory.h"
#include "base/str.h"
#include "sandbox/sandbox_phone.h"

#include <assert.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_sids(const void *a, const void *b)
{
    const struct sandbox_row *left = a, *right = b;
    return strcmp(left->sid, right->sid);
}

static int compare_addresses(const void *a, const void *b)
{
    const struct sandbox_sender *left = a, *right = b;
    return strcmp(left->address, right->address);
}

typedef int comparison(const void *, const void *);

/* False when the tree has an equal one. */
static bool tree_add(void **tree, void *element, comparison *compare)
{
    void *node = tsearch(element, tree, compare);
    if (node == NULL)
        memory_exhausted();
    return *(void **)node == element;
}

static void *tree_find(void *const *tree, const void *key, comparison *compare)
{
    void *node = tfind(key, tree, compare);
    return node == NULL ? NULL : *(void **)node;
}

static void tree_release(void **tree, comparison *compare)
{
    /* The root's first member is its element; deleting it until nothing is left frees the tree. */
    while (*tree != NULL)
        tdelete(**(void ***)tree, tree, compare);
}

static struct sandbox_row *find_row(const struct sandbox_store *store, const char *sid)
{
    struct sandbox_row key = {0};
    if (strlen(sid) >= sizeof(key.sid))
        return NULL;
    memcpy(key.sid, sid, strlen(sid) + 1);
    return tree_find(&store->by_sid, &key, compare_sids);
}

void sandbox_store_mint(struct sandbox_store *store, const char *prefix, char out[SANDBOX_SID_SIZE])
{
    /* A run that goes on from a saved file with the same seed meets its SIDs again. */
    do {
        memcpy(out, prefix, 2);
        random_hex(&store->random, out + 2, 32);
    } while (find_row(store, out) != NULL);
}

void sandbox_store_init(struct sandbox_store *store, const struct random_state *random, int64_t now)
{
    char token[SANDBOX_TOKEN_SIZE];

    memset(store, 0, sizeof(*store));
    store->random = *random;
    sandbox_store_mint(store, "AC", store->account_sid);
    random_hex(&store->random, token, SANDBOX_TOKEN_SIZE - 1);
    store->auth_token = arena_strdup(&store->arena, token);
    store->friendly_name = "Sandbox";
    store->status = "active";
    store->type = "Full";
    store->created = now;
}

void sandbox_store_release(struct sandbox_store *store)
{
    size_t kind, i;

    for (i = 0; i < store->services.count; i++) {
        struct sandbox_service *service = (struct sandbox_service *)store->services.rows[i];
        json_decref(service->settings);
        json_decref(service->sticky);
    }
    for (kind = 0; kind < COUNT_OF(store->senders); kind++)
        for (i = 0; i < store->senders[kind].count; i++)
            json_decref(((struct sandbox_sender *)store->senders[kind].rows[i])->members);
    for (i = 0; i < store->messages.count; i++)
        json_decref(((struct sandbox_message *)store->messages.rows[i])->body);
    tree_release(&store->by_sid, compare_sids);
    tree_release(&store->by_address, compare_addresses);
    arena_release(&store->arena);
    memset(store, 0, sizeof(*store));
}

size_t sandbox_list_from(const struct sandbox_list *list, uint64_t order)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->rows[middle]->order < order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void list_add(struct sandbox_store *store, struct sandbox_list *list,
                     struct sandbox_row *row)
{
    list->rows =
        arena_grow(&store->arena, list->rows, list->count, &list->capacity, sizeof(*list->rows));
    row->order = ++store->last_order;
    list->rows[list->count++] = row;
    store->dirty = true;
}

static void list_remove(struct sandbox_store *store, struct sandbox_list *list,
                        const struct sandbox_row *row)
{
    size_t at = sandbox_list_from(list, row->order);
    assert(at < list->count && list->rows[at] == row);
    list->count--;
    memmove(list->rows + at, list->rows + at + 1, (list->count - at) * sizeof(*list->rows));
    store->dirty = true;
}

/* Gives the row its SID and makes it known by it. False when the SID is taken. */
static bool name_row(struct sandbox_store *store, struct sandbox_row *row, const char *sid,
                     const char *prefix)
{
    if (sid == NULL)
        sandbox_store_mint(store, prefix, row->sid);
    else
        memcpy(row->sid, sid, sizeof(row->sid));
    return tree_add(&store->by_sid, row, compare_sids);
}

static void forget_row(struct sandbox_store *store, struct sandbox_row *row)
{
    tdelete(row, &store->by_sid, compare_sids);
}

struct sandbox_service *sandbox_service_find(const struct sandbox_store *store, const char *sid)
{
    return str_starts_with(sid, "MG") ? (struct sandbox_service *)find_row(store, sid) : NULL;
}

struct sandbox_service *sandbox_service_add(struct sandbox_store *store, const char *sid,
                                            json_t *settings, int64_t now)
{
    struct sandbox_service *service = arena_alloc(&store->arena, sizeof(*service));

    if (!name_row(store, &service->row, sid, "MG")) {
        json_decref(settings);
        return NULL;
    }
    service->settings = settings;
    service->created = service->updated = now;
    list_add(store, &store->services, &service->row);
    return service;
}

void sandbox_service_remove(struct sandbox_store *store, struct sandbox_service *service)
{
    size_t kind;

    for (kind = 0; kind < SANDBOX_KINDS; kind++) {
        struct sandbox_list *pool = &service->pools[kind];
        while (pool->count > 0)
            sandbox_member_remove(store, (struct sandbox_member *)pool->rows[pool->count - 1]);
    }
    list_remove(store, &store->services, &service->row);
    forget_row(store, &service->row);
    json_decref(service->settings);
    json_decref(service->sticky);
    service->settings = service->sticky = NULL;
}

static const char *const sender_prefixes[] = {
    [SANDBOX_PHONE_NUMBER] = "PN",
    [SANDBOX_SHORT_CODE] = "SC",
    [SANDBOX_CHANNEL_SENDER] = "XE",
};

struct sandbox_sender *sandbox_sender_find(const struct sandbox_store *store,
                                           enum sandbox_kind kind, const char *sid)
{
    assert(kind < COUNT_OF(sender_prefixes));
    if (!str_starts_with(sid, sender_prefixes[kind]))
        return NULL;
    return (struct sandbox_sender *)find_row(store, sid);
}

struct sandbox_sender *sandbox_sender_at(const struct sandbox_store *store, enum sandbox_kind kind,
                                         const char *address)
{
    struct sandbox_sender key = {.address = address};
    struct sandbox_sender *sender = tree_find(&store->by_address, &key, compare_addresses);
    return sender != NULL && sender->kind == kind ? sender : NULL;
}

unsigned sandbox_sender_capabilities(enum sandbox_kind kind)
{
    static const unsigned capabilities[] = {
        [SANDBOX_PHONE_NUMBER] = SANDBOX_VOICE | SANDBOX_SMS | SANDBOX_MMS,
        [SANDBOX_SHORT_CODE] = SANDBOX_SMS,
        [SANDBOX_CHANNEL_SENDER] = 0,
    };
    assert(kind < COUNT_OF(capabilities));
    return capabilities[kind];
}

const char *sandbox_sender_country(enum sandbox_kind kind, const char *address)
{
    const char *colon = strchr(address, ':');
    if (kind == SANDBOX_SHORT_CODE)
        return "US";
    return sandbox_phone_country(colon == NULL ? address : colon + 1);
}

struct sandbox_sender *sandbox_sender_add(struct sandbox_store *store, enum sandbox_kind kind,
                                          const char *sid, const char *address, int64_t now)
{
    struct sandbox_sender *sender = arena_alloc(&store->arena, sizeof(*sender));
    const char *country = sandbox_sender_country(kind, address);

    assert(kind < COUNT_OF(sender_prefixes));
    sender->address = arena_strdup(&store->arena, address);
    if (!tree_add(&store->by_address, sender, compare_addresses))
        return NULL;
    if (!name_row(store, &sender->row, sid, sender_prefixes[kind])) {
        tdelete(sender, &store->by_address, compare_addresses);
        return NULL;
    }
    sender->kind = kind;
    sender->friendly_name = sandbox_phone_friendly(&store->arena, sender->address);
    memcpy(sender->country, country, strlen(country) + 1);
    sender->capabilities = sandbox_sender_capabilities(kind);
    sender->created = sender->updated = now;
    list_add(store, &store->senders[kind], &sender->row);
    return sender;
}

void sandbox_sender_remove(struct sandbox_store *store, struct sandbox_sender *sender)
{
    if (sender->member != NULL)
        sandbox_member_remove(store, sender->member);
    list_remove(store, &store->senders[sender->kind], &sender->row);
    forget_row(store, &sender->row);
    tdelete(sender, &store->by_address, compare_addresses);
    json_decref(sender->members);
    sender->members = NULL;
}

struct sandbox_message *sandbox_message_find(const struct sandbox_store *store, const char *sid)
{
    if (!str_starts_with(sid, "SM") && !str_starts_with(sid, "MM"))
        return NULL;
    return (struct sandbox_message *)find_row(store, sid);
}

struct sandbox_message *sandbox_message_add(struct sandbox_store *store, const char *sid,
                                            json_t *body, int64_t now)
{
    struct sandbox_message *message = arena_alloc(&store->arena, sizeof(*message));

    if (!name_row(store, &message->row, sid, "SM")) {
        json_decref(body);
        return NULL;
    }
    message->body = body;
    message->created = message->updated = now;
    list_add(store, &store->messages, &message->row);
    return message;
}

struct sandbox_member *sandbox_member_find(const struct sandbox_store *store,
                                           const struct sandbox_service *service,
                                           enum sandbox_kind kind, const char *sid)
{
    struct sandbox_member *member = NULL;
    struct sandbox_sender *sender;

    if (kind >= SANDBOX_ALPHA_SENDER) {
        if (str_starts_with(sid, "AI"))
            member = (struct sandbox_member *)find_row(store, sid);
        if (member != NULL && member->kind != kind)
            return NULL;
    } else {
        sender = sandbox_sender_find(store, kind, sid);
        if (sender != NULL)
            member = sender->member;
    }
    return member != NULL && member->service == service ? member : NULL;
}

/* What the least used of the pool has: a new one is not to catch up with years of messages. */
static uint64_t least_used(const struct sandbox_list *pool)
{
    uint64_t least = UINT64_MAX;
    size_t i;

    for (i = 0; i < pool->count; i++) {
        const struct sandbox_member *member = (const struct sandbox_member *)pool->rows[i];
        least = member->used < least ? member->used : least;
    }
    return pool->count == 0 ? 0 : least;
}

static struct sandbox_member *join(struct sandbox_store *store, struct sandbox_member *member,
                                   enum sandbox_kind kind, struct sandbox_service *service,
                                   int64_t now)
{
    member->kind = kind;
    member->service = service;
    member->created = member->updated = now;
    member->used = least_used(&service->pools[kind]);
    list_add(store, &service->pools[kind], &member->row);
    return member;
}

struct sandbox_member *sandbox_member_add(struct sandbox_store *store,
                                          struct sandbox_service *service,
                                          struct sandbox_sender *sender, int64_t now)
{
    struct sandbox_member *member = arena_alloc(&store->arena, sizeof(*member));

    assert(sender->member == NULL);
    memcpy(member->row.sid, sender->row.sid, sizeof(member->row.sid));
    member->sender = sender;
    sender->member = member;
    return join(store, member, sender->kind, service, now);
}

static struct sandbox_member *add_alpha(struct sandbox_store *store, enum sandbox_kind kind,
                                        struct sandbox_service *service, const char *sid,
                                        const char *alpha_sender, int64_t now)
{
    struct sandbox_member *member = arena_alloc(&store->arena, sizeof(*member));

    if (!name_row(store, &member->row, sid, "AI"))
        return NULL;
    member->alpha_sender = arena_strdup(&store->arena, alpha_sender);
    return join(store, member, kind, service, now);
}

struct sandbox_member *sandbox_member_add_alpha(struct sandbox_store *store,
                                                struct sandbox_service *service, const char *sid,
                                                const char *alpha_sender, int64_t now)
{
    return add_alpha(store, SANDBOX_ALPHA_SENDER, service, sid, alpha_sender, now);
}

struct sandbox_member *sandbox_member_add_destination(struct sandbox_store *store,
                                                      struct sandbox_service *service,
                                                      const char *sid, const char *alpha_sender,
                                                      const char *destination, int64_t now)
{
    struct sandbox_member *member =
        add_alpha(store, SANDBOX_DESTINATION_ALPHA_SENDER, service, sid, alpha_sender, now);

    assert(strlen(destination) < sizeof(member->destination));
    if (member != NULL)
        memcpy(member->destination, destination, strlen(destination) + 1);
    return member;
}

/* Recipients of a number that leaves get another one. */
static void forget_sticky(struct sandbox_service *service, const char *address)
{
    const char *recipient;
    json_t *number;
    void *next;

    json_object_foreach_safe(service->sticky, next, recipient, number)
    {
        if (strcmp(json_string_value(number), address) == 0)
            json_object_del(service->sticky, recipient);
    }
}

void sandbox_member_remove(struct sandbox_store *store, struct sandbox_member *member)
{
    list_remove(store, &member->service->pools[member->kind], &member->row);
    if (member->sender != NULL) {
        forget_sticky(member->service, member->sender->address);
        member->sender->member = NULL;
    } else {
        forget_row(store, &member->row);
    }
    member->service = NULL;
}
