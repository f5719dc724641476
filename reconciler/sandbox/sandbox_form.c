#include "sandbox/sandbox_form.h"

#include "base/str.h"

#include <string.h>

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return (c | 0x20) - 'a' + 10;
}

/* NULL when it is not UTF-8 or holds a NUL. */
static const char *decode(struct arena *arena, const char *text, size_t size)
{
    char *out = arena_alloc(arena, size + 1);
    size_t used = 0, i;

    for (i = 0; i < size; i++) {
        if (text[i] == '+') {
            out[used++] = ' ';
        } else if (text[i] == '%' && size - i > 2 && str_is_hex(text + i + 1, 2)) {
            out[used++] = (char)(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
            i += 2;
        } else {
            out[used++] = text[i];
        }
    }
    if (memchr(out, '\0', used) != NULL || str_utf8_valid(out, used) != used)
        return NULL;
    return out;
}

static int add_pair(struct sandbox_form *form, struct arena *arena, const char *text, size_t size)
{
    const char *equals = memchr(text, '=', size);
    size_t name_size = equals == NULL ? size : (size_t)(equals - text);
    struct sandbox_pair pair;

    pair.name = decode(arena, text, name_size);
    pair.value = equals == NULL ? "" : decode(arena, equals + 1, size - name_size - 1);
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
