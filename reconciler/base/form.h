/*
 * application/x-www-form-urlencoded, for request bodies and query strings.
 */
#ifndef ROSTER_BASE_FORM_H
#define ROSTER_BASE_FORM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Adds `name=value`, with "&" in front unless the buffer is empty. Both are UTF-8 and come out
 * percent-encoded: RFC 3986's unreserved characters stay, all else is encoded, a plus as %2B.
 */
void form_add(struct buf *form, const char *name, const char *value);

/*
 * Decodes one name or value: a plus is a blank, %XX a byte. With `lenient`, a "%" that no two
 * hexadecimal digits follow stands for itself. The result is well-formed UTF-8 without a NUL;
 * otherwise NULL is returned and, unless it is NULL, `*why` says what is wrong with the text ("a
 * broken percent encoding").
 */
MUST_CHECK const char *form_decode(struct arena *arena, const char *text, size_t size, bool lenient,
                                   const char **why);

struct form_pair {
    const char *name, *value; /* decoded */
};

/* In the order of the text; a name may be repeated. All zero is an empty one. */
struct form {
    struct form_pair *pairs;
    size_t count, capacity;
};

enum { FORM_MAX_PAIRS = 1000 };

/*
 * Decodes a whole body or query string into the arena, strictly. Empty pairs ("a=1&&b=2") are
 * skipped; a name without "=" has the value "". Returns -1, with `form` empty and `*why` as above,
 * for text that can't be decoded or has more than FORM_MAX_PAIRS pairs.
 */
MUST_CHECK int form_parse(struct form *form, struct arena *arena, const char *text, size_t size,
                          const char **why);

/* The first value of that name; NULL when there is none. Names are compared with case. */
const char *form_get(const struct form *form, const char *name);

#endif
