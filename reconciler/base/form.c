#include "base/form.h"

#include "base/str.h"

#include <string.h>

static void add_encoded(struct buf *form, const char *text)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-._~";
    const char *at;

    for (at = text; *at != '\0'; at++) {
        if (strchr(unreserved, *at) != NULL)
            buf_add_char(form, *at);
        else
            buf_printf(form, "%%%02X", (unsigned char)*at);
    }
}

void form_add(struct buf *form, const char *name, const char *value)
{
    if (form->size != 0)
        buf_add_char(form, '&');
    add_encoded(form, name);
    buf_add_char(form, '=');
    add_encoded(form, value);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return (c | 0x20) - 'a' + 10;
}

const char *form_decode(struct arena *arena, const char *text, size_t size, bool lenient,
                        const char **why)
{
    char *out = arena_alloc(arena, size + 1);
    const char *problem = NULL;
    size_t used = 0, i;

    for (i = 0; i < size; i++) {
        bool escape = text[i] == '%' && size - i > 2 && str_is_hex(text + i + 1, 2);
        if (escape) {
            out[used++] = (char)(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
            i += 2;
            continue;
        }
        if (text[i] == '%' && !lenient)
            problem = "a broken percent encoding";
        out[used++] = text[i];
        if (text[i] == '+')
            out[used - 1] = ' ';
    }
    if (memchr(out, '\0', used) != NULL)
        problem = "a NUL character";
    else if (problem == NULL && str_utf8_valid(out, used) != used)
        problem = "text that is not UTF-8";
    if (why != NULL)
        *why = problem;
    return problem == NULL ? out : NULL;
}

static int add_pair(struct form *form, struct arena *arena, const char *text, size_t size,
                    const char **why)
{
    const char *equals = memchr(text, '=', size);
    size_t name_size = equals == NULL ? size : (size_t)(equals - text);
    struct form_pair pair = {.value = ""};

    if (form->count == FORM_MAX_PAIRS) {
        *why = "too many parameters";
        return -1;
    }
    pair.name = form_decode(arena, text, name_size, false, why);
    if (pair.name != NULL && equals != NULL)
        pair.value = form_decode(arena, equals + 1, size - name_size - 1, false, why);
    if (pair.name == NULL || pair.value == NULL)
        return -1;
    form->pairs =
        arena_grow(arena, form->pairs, form->count, &form->capacity, sizeof(*form->pairs));
    form->pairs[form->count++] = pair;
    return 0;
}

int form_parse(struct form *form, struct arena *arena, const char *text, size_t size,
               const char **why)
{
    memset(form, 0, sizeof(*form));
    while (size > 0) {
        const char *end = memchr(text, '&', size);
        size_t part = end == NULL ? size : (size_t)(end - text);
        if (part > 0 && add_pair(form, arena, text, part, why) != 0) {
            memset(form, 0, sizeof(*form));
            return -1;
        }
        part += end != NULL;
        text += part;
        size -= part;
    }
    return 0;
}

const char *form_get(const struct form *form, const char *name)
{
    size_t i;
    for (i = 0; i < form->count; i++)
        if (strcmp(form->pairs[i].name, name) == 0)
            return form->pairs[i].value;
    return NULL;
}
