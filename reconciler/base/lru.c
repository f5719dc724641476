#include "base/lru.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

/* Entries are found by a chain from their slot, and are in one list, the newest first. */
struct entry {
    char name[LRU_NAME_SIZE];
    uint32_t next;         /* in the chain; all indices are of 1, 0 is none */
    uint32_t older, newer; /* in the list */
};

struct lru {
    struct entry *entries; /* the one of index 1 first */
    unsigned char *values;
    uint32_t *slots;
    size_t slot_count; /* a power of two, as many as there is room for entries */
    size_t capacity, value_size, count;
    uint32_t newest, oldest;
    uint64_t forgotten;
};

static struct entry *entry_at(const struct lru *lru, uint32_t index)
{
    return &lru->entries[index - 1];
}

static void *value_at(const struct lru *lru, uint32_t index)
{
    return lru->values + (size_t)(index - 1) * lru->value_size;
}

/* FNV-1a. */
static uint32_t *slot_of(const struct lru *lru, const char *name)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return &lru->slots[(hash ^ hash >> 32) & (lru->slot_count - 1)];
}

static void link_newest(struct lru *lru, uint32_t index)
{
    entry_at(lru, index)->newer = 0;
    entry_at(lru, index)->older = lru->newest;
    *(lru->newest == 0 ? &lru->oldest : &entry_at(lru, lru->newest)->newer) = index;
    lru->newest = index;
}

static void unlink_entry(struct lru *lru, uint32_t index)
{
    const struct entry *entry = entry_at(lru, index);

    *(entry->newer == 0 ? &lru->newest : &entry_at(lru, entry->newer)->older) = entry->older;
    *(entry->older == 0 ? &lru->oldest : &entry_at(lru, entry->older)->newer) = entry->newer;
}

static void chain(struct lru *lru, uint32_t index)
{
    uint32_t *slot = slot_of(lru, entry_at(lru, index)->name);

    entry_at(lru, index)->next = *slot;
    *slot = index;
}

static void unchain(struct lru *lru, uint32_t index)
{
    uint32_t *at = slot_of(lru, entry_at(lru, index)->name);

    while (*at != index)
        at = &entry_at(lru, *at)->next;
    *at = entry_at(lru, index)->next;
}

static void grow(struct lru *lru)
{
    uint32_t index;

    lru->slot_count = lru->slot_count == 0 ? FIRST_SLOTS : lru->slot_count * 2;
    lru->entries = memory_resize(lru->entries, lru->slot_count, sizeof(*lru->entries));
    lru->values = memory_resize(lru->values, lru->slot_count, lru->value_size);
    lru->slots = memory_resize(lru->slots, lru->slot_count, sizeof(*lru->slots));
    memset(lru->slots, 0, lru->slot_count * sizeof(*lru->slots));
    for (index = 1; index <= lru->count; index++)
        chain(lru, index);
}

struct lru *lru_new(size_t capacity, size_t value_size)
{
    struct lru *lru = memory_zeroed(sizeof(*lru));

    assert(capacity >= 1 && capacity < UINT32_MAX / 2);
    lru->capacity = capacity;
    lru->value_size = value_size;
    grow(lru);
    return lru;
}

void lru_free(struct lru *lru)
{
    if (lru == NULL)
        return;
    free(lru->entries);
    free(lru->values);
    free(lru->slots);
    free(lru);
}

void *lru_find(struct lru *lru, const char *name)
{
    uint32_t index = *slot_of(lru, name);

    while (index != 0 && strcmp(entry_at(lru, index)->name, name) != 0)
        index = entry_at(lru, index)->next;
    if (index == 0)
        return NULL;
    unlink_entry(lru, index);
    link_newest(lru, index);
    return value_at(lru, index);
}

/* The place of an entry that is not in use. */
static uint32_t make_room(struct lru *lru)
{
    uint32_t index = lru->oldest;

    if (lru->count < lru->capacity) {
        if (lru->count == lru->slot_count)
            grow(lru);
        return (uint32_t)++lru->count;
    }
    unlink_entry(lru, index);
    unchain(lru, index);
    lru->forgotten++;
    return index;
}

void *lru_add(struct lru *lru, const char *name)
{
    size_t size = strlen(name);
    uint32_t index;

    assert(size < LRU_NAME_SIZE);
    index = make_room(lru);
    memcpy(entry_at(lru, index)->name, name, size + 1);
    memset(value_at(lru, index), 0, lru->value_size);
    chain(lru, index);
    link_newest(lru, index);
    return value_at(lru, index);
}

size_t lru_count(const struct lru *lru)
{
    return lru->count;
}

uint64_t lru_forgotten(const struct lru *lru)
{
    return lru->forgotten;
}
