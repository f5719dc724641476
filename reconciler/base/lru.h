/*
 * A table of a bounded number of entries by name that forgets the one used longest ago. Its memory
 * grows with its entries, up to the bound.
 *
 *     struct lru *seen = lru_new(1000, sizeof(int));
 *     int *count = lru_find(seen, name);
 *     if (count == NULL)
 *         count = lru_add(seen, name);
 *     ++*count;
 *
 * Names are hashed without a secret: whoever chooses them freely could make the table slow.
 */
#ifndef ROSTER_BASE_LRU_H
#define ROSTER_BASE_LRU_H

#include <stddef.h>
#include <stdint.h>

enum { LRU_NAME_SIZE = 65 }; /* with the NUL; a longer name trips an assertion */

struct lru;

/* `capacity` entries at most, at least 1, each with a value of `value_size` bytes. */
struct lru *lru_new(size_t capacity, size_t value_size);
/* Accepts NULL. */
void lru_free(struct lru *lru);

/* The value, valid until the next lru_add(), which is used now; NULL when the name is not there. */
void *lru_find(struct lru *lru, const char *name);

/* A zeroed value for a name that is not there; the oldest entry gives way when all are taken. */
void *lru_add(struct lru *lru, const char *name);

size_t lru_count(const struct lru *lru);
/* How many entries had to give way so far. */
uint64_t lru_forgotten(const struct lru *lru);

#endif
