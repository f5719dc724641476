#include "http/timers.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void timers_release(struct timers *timers)
{
    free(timers->heap);
    memset(timers, 0, sizeof(*timers));
}

static bool before(const struct timer *a, const struct timer *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

void timers_add(struct timers *timers, int64_t due_ms, void *item)
{
    struct timer timer = {.due_ms = due_ms, .order = timers->added++, .item = item};
    size_t hole = timers->count++;

    if (timers->count > timers->capacity) {
        timers->capacity = timers->capacity == 0 ? 16 : timers->capacity * 2;
        timers->heap = memory_resize(timers->heap, timers->capacity, sizeof(*timers->heap));
    }
    while (hole > 0 && before(&timer, &timers->heap[(hole - 1) / 2])) {
        timers->heap[hole] = timers->heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    timers->heap[hole] = timer;
}

/* Fills the hole at the root with the last element, which has been taken off the end. */
static void sift_down(struct timers *timers, const struct timer *last)
{
    size_t hole = 0, child;

    while ((child = hole * 2 + 1) < timers->count) {
        if (child + 1 < timers->count && before(&timers->heap[child + 1], &timers->heap[child]))
            child++;
        if (!before(&timers->heap[child], last))
            break;
        timers->heap[hole] = timers->heap[child];
        hole = child;
    }
    timers->heap[hole] = *last;
}

void *timers_take_due(struct timers *timers, int64_t now_ms)
{
    void *item;
    struct timer last;

    if (timers->count == 0 || timers->heap[0].due_ms > now_ms)
        return NULL;
    item = timers->heap[0].item;
    last = timers->heap[--timers->count];
    if (timers->count > 0)
        sift_down(timers, &last);
    return item;
}

int64_t timers_wait_ms(const struct timers *timers, int64_t now_ms)
{
    if (timers->count == 0)
        return -1;
    return timers->heap[0].due_ms > now_ms ? timers->heap[0].due_ms - now_ms : 0;
}
