#include "base/redact.h"

#include "base/buf.h"
#include "base/str.h"

#include <ctype.h>
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

/*
 * A SID is none, even where digits of it are: the sandbox's auth token is those of its account.
 */
static size_t sid_at(const char *start, const char *text)
{
    enum { SID_SIZE = 34 };

    if ((text > start && isalnum((unsigned char)text[-1])) || !isupper((unsigned char)text[0]) ||
        !isupper((unsigned char)text[1]) || strnlen(text, SID_SIZE) < SID_SIZE ||
        !str_is_hex(text + 2, SID_SIZE - 2) || isalnum((unsigned char)text[SID_SIZE]))
        return 0;
    return SID_SIZE;
}

const char *redact_text(const struct redactions *redactions, struct arena *arena, const char *text)
{
    const char *result = text, *start = text;
    bool found = false;
    struct buf out;

    if (text == NULL || redactions == NULL || redactions->count == 0)
        return text;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    while (*text != '\0') {
        const struct redaction *hit = value_at(redactions, text);
        if (hit == NULL) {
            const size_t sid = sid_at(start, text), plain = sid == 0 ? 1 : sid;
            buf_add(&out, text, plain);
            text += plain;
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

const char *redact_value(const struct redactions *redactions, struct arena *arena,
                         const char *value)
{
    size_t i;

    for (i = 0; redactions != NULL && i < redactions->count; i++)
        if (value != NULL && redactions->items[i].value[0] != '\0' &&
            strcmp(redactions->items[i].value, value) == 0)
            return redactions->items[i].shown;
    return redact_text(redactions, arena, value);
}
