#include "sandbox/sandbox_form.h"

#include "base/form.h"

#include <string.h>

static int add_pair(struct sandbox_form *form, struct arena *arena, const char *text, size_t size)
{
    const char *equals = memchr(text, '=', size);
    size_t name_size = equals == NULL ? size : (size_t)(equals - text);
    struct sandbox_pair pair;

    pair.name = form_decode(arena, text, name_size, true, NULL);
    pair.value =
        equals == NULL ? "" : form_decode(arena, equals + 1, size - name_size - 1, true, NULL);
    if (pair.name == NULL || pair.value == NULL)
        return -1;
    form->pairs =
        arena_grow(arena, form->pairs, form->count, &form->capacity, sizeof(*form->pairs));
    form->pairs[form->count++] = pair;
    return 0;
}

int sandbox_form_parse(const char *text, struct arena *arena, struct sandbox_form *form)
{
    memset(form, 0, sizeof(*form));
    while (*text != '\0') {
        size_t size = strcspn(text, "&");
        if (size != 0 && add_pair(form, arena, text, size) != 0) {
            memset(form, 0, sizeof(*form));
            return -1;
        }
        text += size;
        if (*text == '&')
            text++;
    }
    return 0;
}

const char *sandbox_form_get(const struct sandbox_form *form, const char *name)
{
    size_t i;
    for (i = 0; i < form->count; i++)
        if (strcmp(form->pairs[i].name, name) == 0)
            return form->pairs[i].value;
    return NULL;
}

size_t sandbox_form_count(const struct sandbox_form *form, const char *name)
{
    size_t count = 0, i;
    for (i = 0; i < form->count; i++)
        count += strcmp(form->pairs[i].name, name) == 0;
    return count;
}
