#include "base/command_words.h"

#include "base/buf.h"

#include <string.h>

struct words {
    struct arena *arena;
    const char **items;
    size_t count, capacity;
    struct buf word;
    bool begun; /* also by quotes with nothing in them */
};

static void end_word(struct words *words)
{
    if (!words->begun)
        return;
    words->items = arena_grow(words->arena, words->items, words->count, &words->capacity,
                              sizeof(*words->items));
    words->items[words->count++] = arena_strdup(words->arena, buf_text(&words->word));
    buf_clear(&words->word);
    words->begun = false;
}

/* From behind the opening quote; returns what is behind the closing one, NULL without one. */
static const char *take_quoted(struct words *words, const char *at, char quote)
{
    for (; *at != '\0' && *at != quote; at++) {
        if (quote == '"' && at[0] == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        buf_add_char(&words->word, *at);
    }
    return *at == '\0' ? NULL : at + 1;
}

static const char *take(struct words *words, const char *at)
{
    if (strchr(" \t\r\n", *at) != NULL) {
        end_word(words);
        return at + 1;
    }
    words->begun = true;
    if (*at == '\'' || *at == '"')
        return take_quoted(words, at + 1, *at);
    if (*at == '\\' && *++at == '\0')
        return NULL;
    buf_add_char(&words->word, *at);
    return at + 1;
}

int command_words_split(const char *text, struct arena *arena, const char *const **argv,
                        const char **what)
{
    struct words words = {.arena = arena};
    const char *at = text;

    buf_init(&words.word, BUF_LIMIT_DEFAULT);
    while (at != NULL && *at != '\0')
        at = take(&words, at);
    end_word(&words);
    buf_release(&words.word);
    if (at == NULL || words.count == 0) {
        *what = at == NULL ? "it ends within quotes, or with a backslash" : "it is empty";
        return -1;
    }
    words.items =
        arena_grow(arena, words.items, words.count, &words.capacity, sizeof(*words.items));
    words.items[words.count] = NULL;
    *argv = words.items;
    return 0;
}
