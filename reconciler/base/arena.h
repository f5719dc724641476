/*
 * Region allocator: many allocations, one release.
 *
 * A document, a desired state, a live snapshot and a plan each own one arena; what they point to
 * lives in it, and pointers cross only to an arena that lives longer (the header of the type that
 * holds the pointer says so). Handles (files, sockets, curl, jansson) never live in an arena.
 *
 * Memory is zeroed and aligned for any type. Running out of memory aborts the process: nothing can
 * be half done because the journal, not memory, is what survives. Sizes that come from outside are
 * to be capped by the caller before they get here.
 *
 *     struct arena arena = {0};
 *     char *name = arena_printf(&arena, "%s-%d", base, 3);
 *     arena_release(&arena);
 *
 * Not thread-safe.
 */
#ifndef ROSTER_BASE_ARENA_H
#define ROSTER_BASE_ARENA_H

#include "base/attributes.h"

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

/* All zero is a valid, empty arena. */
struct arena {
    struct arena_block *blocks; /* newest first */
};

/* Frees everything that came from the arena and leaves it empty, ready for use again. */
void arena_release(struct arena *arena);

/* `size` zeroed bytes; size 0 gives a valid pointer to nothing. */
void *arena_alloc(struct arena *arena, size_t size);

/* An array of `count` elements of `size` bytes; aborts when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * Room for one more element behind the `count` that `array` holds: returns the array, or a copy of
 * it with twice the `*capacity` when it is full. A NULL array with capacity 0 starts one.
 */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size);

/* Copies, always NUL-terminated. `text` NULL gives NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* A copy with ASCII capitals made small from the byte `from` on. */
char *arena_lower(struct arena *arena, const char *text, size_t from);

/* A formatted string. */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

#endif
