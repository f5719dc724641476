#include "base/buf.h"

#include "base/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t limit)
{
    memset(buf, 0, sizeof(*buf));
    buf->limit = limit;
}

void buf_release(struct buf *buf)
{
    free(buf->data);
    buf_init(buf, buf->limit);
}

void buf_clear(struct buf *buf)
{
    buf->size = 0;
    buf->full = false;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

static bool reserve(struct buf *buf, size_t more)
{
    size_t wanted;
    char *larger;

    if (more > buf->limit - buf->size) {
        buf->full = true;
        return false;
    }
    wanted = buf->size + more + 1;
    if (wanted <= buf->capacity)
        return true;
    if (wanted < buf->capacity * 2)
        wanted = buf->capacity * 2;
    if (wanted < 256)
        wanted = 256;
    larger = realloc(buf->data, wanted);
    if (larger == NULL)
        memory_exhausted();
    buf->data = larger;
    buf->capacity = wanted;
    return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t size)
{
    if (!reserve(buf, size))
        return;
    if (size != 0)
        memcpy(buf->data + buf->size, bytes, size);
    buf->size += size;
    buf->data[buf->size] = '\0';
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char byte)
{
    buf_add(buf, &byte, 1);
}

void buf_add_fill(struct buf *buf, char byte, size_t count)
{
    if (!reserve(buf, count))
        return;
    memset(buf->data + buf->size, byte, count);
    buf->size += count;
    buf->data[buf->size] = '\0';
}

void buf_vprintf(struct buf *buf, const char *format, va_list arguments)
{
    va_list copy;
    int length;

    va_copy(copy, arguments);
    length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    assert(length >= 0);
    if (!reserve(buf, (size_t)length))
        return;
    vsnprintf(buf->data + buf->size, (size_t)length + 1, format, arguments);
    buf->size += (size_t)length;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    buf_vprintf(buf, format, arguments);
    va_end(arguments);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data == NULL ? "" : buf->data;
}
