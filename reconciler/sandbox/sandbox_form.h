/*
 * Decodes application/x-www-form-urlencoded text: query strings and request bodies. A key may be
 * repeated; the pairs keep their order.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_FORM_H
#define ROSTER_SANDBOX_SANDBOX_FORM_H

#include "base/arena.h"
#include "base/attributes.h"

#include <stddef.h>

struct sandbox_pair {
    const char *name, *value; /* well-formed UTF-8 */
};

struct sandbox_form {
    struct sandbox_pair *pairs;
    size_t count, capacity;
};

/*
 * Decodes `text` into the arena. Returns -1 when the decoded text is not UTF-8 or holds a NUL;
 * `form` is then empty. A "%" that no two hexadecimal digits follow stands for itself.
 */
MUST_CHECK int sandbox_form_parse(const char *text, struct arena *arena, struct sandbox_form *form);

/* The first value of that name; NULL when there is none. Names are compared with case. */
const char *sandbox_form_get(const struct sandbox_form *form, const char *name);

/* How often the name stands there. */
size_t sandbox_form_count(const struct sandbox_form *form, const char *name);

#endif
