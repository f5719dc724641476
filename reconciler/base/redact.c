#include "base/redact.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>

void redactions_add(struct redactions *redactions, struct arena *arena, const char *value,
                    const char *shown)
{
    size_t i;

    for (i = 0; i < redactions->count; i++)
        if (str_equal(redactions->items[i].value, value))
            return;
    redactions->items = arena_grow(arena, redactions->items, redactions->count,
                                   &redactions->capacity, sizeof(*redactions->items));
    redactions->items[redactions->count].value = arena_strdup(arena, value);
    redactions->items[redactions->count].shown = arena_strdup(arena, shown);
    redactions->count++;
}

/* The longest value that the text begins with. */
static const struct redaction *value_at(const struct redactions *redactions, const char *text)
{
    const struct redaction *longest = NULL;
    size_t longest_size = REDACT_MIN - 1, i;

    for (i = 0; i < redactions->count; i++) {
        size_t size = strlen(redactions->items[i].value);
        if (size > longest_size && strncmp(text, redactions->items[i].value, size) == 0) {
            longest = &redactions->items[i];
            longest_size = size;
        }
    }
    return longest;
}

const char *redact_text(const struct redactions *redactions, struct arena *arena, const char *text)
{
    const char *result = text;
    bool found = false;
    struct buf out;

    if (text == NULL || redactions == NULL || redactions->count == 0)
        return text;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    while (*text != '\0') {
        const struct redaction *hit = value_at(redactions, text);
        if (hit == NULL) {
            buf_add_char(&out, *text++);
            continue;
        }
        buf_add_text(&out, hit->shown);
        text += strlen(hit->value);
        found = true;
    }
    if (found)
        result = arena_strndup(arena, buf_text(&out), out.size);
    buf_release(&out);
    return result;
}
