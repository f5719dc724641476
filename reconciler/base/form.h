/*
 * application/x-www-form-urlencoded, for request bodies and query strings.
 */
#ifndef ROSTER_BASE_FORM_H
#define ROSTER_BASE_FORM_H

#include "base/buf.h"

/*
 * Adds `name=value`, with "&" in front unless the buffer is empty. Both are UTF-8 and come out
 * percent-encoded: RFC 3986's unreserved characters stay, all else is encoded, a plus as %2B.
 */
void form_add(struct buf *form, const char *name, const char *value);

#endif
