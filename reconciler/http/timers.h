/*
 * Items that wait for their time: a min-heap over due times, for the delayed answers of the server
 * and the waiting retries of the engine. Items of one due time come out in the order they went in.
 * Times are milliseconds of whatever clock the owner uses. All zero is a valid, empty set.
 */
#ifndef ROSTER_HTTP_TIMERS_H
#define ROSTER_HTTP_TIMERS_H

#include <stddef.h>
#include <stdint.h>

struct timer {
    int64_t due_ms;
    uint64_t order; /* of adding */
    void *item;     /* borrowed */
};

struct timers {
    struct timer *heap;
    size_t count, capacity;
    uint64_t added;
};

/* Frees the memory, not the items, and leaves the set empty. */
void timers_release(struct timers *timers);

/* `item` is not NULL. */
void timers_add(struct timers *timers, int64_t due_ms, void *item);

/* Takes out the next item that is due at `now_ms`; NULL when none is. */
void *timers_take_due(struct timers *timers, int64_t now_ms);

/* How long until the next one is due: 0 when it is already, -1 when there is none. */
int64_t timers_wait_ms(const struct timers *timers, int64_t now_ms);

#endif
