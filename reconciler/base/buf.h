/*
 * Growing byte buffer with a hard limit.
 *
 * Adding never fails in a way that needs a check after every call: past the limit nothing more is
 * added and `full` is set, to be looked at once at the end. Out of memory below the limit aborts.
 * `data` is always NUL-terminated once something was added; use buf_text() for a pointer that is
 * never NULL.
 *
 *     struct buf out;
 *     buf_init(&out, 64 * 1024);
 *     buf_printf(&out, "%zu changes\n", count);
 *     if (out.full) ...
 *     buf_release(&out);
 */
#ifndef ROSTER_BASE_BUF_H
#define ROSTER_BASE_BUF_H

#include "base/attributes.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t size;     /* bytes in use, without the terminating NUL */
    size_t capacity; /* bytes allocated */
    size_t limit;    /* size never goes past this */
    bool full;       /* something did not fit */
};

/* A limit for what has no natural one, such as rendered plans: 256 MiB. */
#define BUF_LIMIT_DEFAULT ((size_t)256 * 1024 * 1024)

void buf_init(struct buf *buf, size_t limit);

/* Frees the memory and leaves the buffer empty, its limit kept. */
void buf_release(struct buf *buf);

/* Empties the buffer, keeps its memory, and forgets `full`. */
void buf_clear(struct buf *buf);

void buf_add(struct buf *buf, const void *bytes, size_t size);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char byte);
/* `count` times the byte, for padding. */
void buf_add_fill(struct buf *buf, char byte, size_t count);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *buf, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/* The content as a C string, "" when empty. Valid until the next change of the buffer. */
const char *buf_text(const struct buf *buf);

#endif
