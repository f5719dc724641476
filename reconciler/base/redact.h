/*
 * Values that must never be shown, each with what is shown instead.
 *
 * What came from ${NAME} in a roster is shown as it is written there. Texts that others wrote, such
 * as Twilio's error messages, may repeat the value, and go through redact_text() first.
 */
#ifndef ROSTER_BASE_REDACT_H
#define ROSTER_BASE_REDACT_H

#include "base/arena.h"

#include <stddef.h>

struct redaction {
    const char *value;
    const char *shown;
};

/* All zero is an empty list. */
struct redactions {
    struct redaction *items;
    size_t count, capacity;
};

/* Values shorter than this are not looked for in texts: they would hit what they have nothing to do
 * with. */
enum { REDACT_MIN = 4 };

/* Adds a value, copied into the arena like `shown`; one that is there already is not added again.
 */
void redactions_add(struct redactions *redactions, struct arena *arena, const char *value,
                    const char *shown);

/* The text with every value replaced, longest first, but for what is a part of a SID (AC…, MG…)
 * only; the text itself when it holds none. NULL gives NULL. `redactions` may be NULL. */
const char *redact_text(const struct redactions *redactions, struct arena *arena, const char *text);

/* The same of a whole value, such as a parameter's: one that is a secret is replaced however short
 * it is. */
const char *redact_value(const struct redactions *redactions, struct arena *arena,
                         const char *value);

#endif
