#include "base/memory.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void memory_exhausted(void)
{
    fputs("roster: out of memory\n", stderr);
    abort();
}

static void *checked(void *memory)
{
    if (memory == NULL)
        memory_exhausted();
    return memory;
}

static void *checked_malloc(size_t size)
{
    return checked(malloc(size));
}

void memory_setup(void)
{
    json_set_alloc_funcs(checked_malloc, free);
}

void *memory_zeroed(size_t size)
{
    return checked(calloc(1, size));
}

void *memory_resize(void *memory, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        memory_exhausted();
    return checked(realloc(memory, count * size));
}

char *memory_strdup(const char *text)
{
    return text == NULL ? NULL : checked(strdup(text));
}

void memory_wipe(char *text)
{
    if (text == NULL)
        return;
    explicit_bzero(text, strlen(text));
    free(text);
}
