#include "base/arena.h"

#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARENA_BLOCK_SIZE = 64 * 1024,
    ARENA_ALIGNMENT = 16, /* _Alignof(max_align_t) on every ABI that we build for */
};

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes of data */
    size_t used;
    _Alignas(ARENA_ALIGNMENT) unsigned char data[];
};

_Static_assert(_Alignof(max_align_t) <= ARENA_ALIGNMENT, "arena alignment is too small");

void arena_release(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->blocks = NULL;
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block;
    if (size > SIZE_MAX - sizeof(*block))
        memory_exhausted();
    block = malloc(sizeof(*block) + size);
    if (block == NULL)
        memory_exhausted();
    block->size = size;
    block->used = 0;
    block->next = NULL;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->blocks;
    void *result;

    if (size > SIZE_MAX - ARENA_ALIGNMENT)
        memory_exhausted();
    size = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
    if (block == NULL || block->size - block->used < size) {
        struct arena_block *fresh = block_new(size > ARENA_BLOCK_SIZE ? size : ARENA_BLOCK_SIZE);
        /* A large block goes behind the current one, whose free room is still wanted. */
        if (block != NULL && size > ARENA_BLOCK_SIZE) {
            fresh->next = block->next;
            block->next = fresh;
        } else {
            fresh->next = block;
            arena->blocks = fresh;
        }
        block = fresh;
    }
    result = block->data + block->used;
    block->used += size;
    memset(result, 0, size);
    return result;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        memory_exhausted();
    return arena_alloc(arena, count * size);
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
    void *larger;
    size_t wanted;

    assert(count <= *capacity);
    if (count < *capacity)
        return array;
    wanted = *capacity == 0 ? 8 : *capacity * 2;
    larger = arena_array(arena, wanted, size);
    if (count != 0)
        memcpy(larger, array, count * size);
    *capacity = wanted;
    return larger;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy;
    if (text == NULL)
        return NULL;
    copy = arena_alloc(arena, length + 1);
    if (length != 0)
        memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_strndup(arena, text, strlen(text));
}

char *arena_lower(struct arena *arena, const char *text, size_t from)
{
    char *copy = arena_strdup(arena, text), *at;

    for (at = copy + from; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    va_list copy;
    char *text;
    int length;

    va_copy(copy, arguments);
    length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    assert(length >= 0);
    text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}
