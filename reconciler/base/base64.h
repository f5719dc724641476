/*
 * Base64 (RFC 4648).
 */
#ifndef ROSTER_BASE_BASE64_H
#define ROSTER_BASE_BASE64_H

#include "base/attributes.h"
#include "base/buf.h"

#include <stddef.h>

/* Adds the bytes in Base64, padded, in one line. */
void base64_add(struct buf *out, const void *bytes, size_t size);

/* Adds what padded Base64 stands for. Returns -1, with nothing added, when it is none. */
MUST_CHECK int base64_decode(struct buf *out, const char *text, size_t size);

#endif
