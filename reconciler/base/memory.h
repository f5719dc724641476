/*
 * Allocation for what cannot live in an arena because it holds handles (connections, curl). As
 * everywhere in roster, running out of memory aborts. Freed with free().
 */
#ifndef ROSTER_BASE_MEMORY_H
#define ROSTER_BASE_MEMORY_H

#include "base/attributes.h"

#include <stddef.h>

/* Says that memory has run out, on standard error, and aborts. */
NO_RETURN void memory_exhausted(void);

/*
 * Makes jansson abort like the rest of roster. Its own answer to a lack of memory is a value that is
 * NULL, and an object that lacks a member without a word. To be called first in main().
 */
void memory_setup(void);

/* `size` zeroed bytes. */
void *memory_zeroed(size_t size);

/* As realloc(), for `count` elements of `size` bytes; aborts when the product overflows. */
void *memory_resize(void *memory, size_t count, size_t size);

/* A copy; NULL gives NULL. */
char *memory_strdup(const char *text);

/* Overwrites and frees a string that may hold a secret. Accepts NULL. */
void memory_wipe(char *text);

#endif
