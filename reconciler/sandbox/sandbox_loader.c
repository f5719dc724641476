#include "sandbox/sandbox_loader.h"

#include "base/buf.h"
#include "base/str.h"
#include "sandbox/sandbox_time.h"

#include <string.h>

static void add_path(struct buf *out, const struct place *place)
{
    if (place == NULL)
        return;
    add_path(out, place->parent);
    if (place->key == NULL)
        buf_printf(out, "[%zu]", place->index);
    else
        buf_printf(out, "%s%s", place->parent == NULL ? "" : ".", place->key);
}

static void report(const struct loader *loader, const struct place *place, const char *format,
                   va_list arguments)
{
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    add_path(&text, place);
    if (text.size != 0)
        buf_add_text(&text, ": ");
    buf_vprintf(&text, format, arguments);
    diag_error(loader->diag, NULL, "%s: %s", loader->name, buf_text(&text));
    buf_release(&text);
}

int loader_fail(const struct loader *loader, const struct place *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(loader, place, format, arguments);
    va_end(arguments);
    return -1;
}

int loader_fail_member(const struct loader *loader, const struct place *place, const char *key,
                       const char *format, ...)
{
    const struct place member = {place, key, 0};
    va_list arguments;
    va_start(arguments, format);
    report(loader, &member, format, arguments);
    va_end(arguments);
    return -1;
}

int loader_each(const struct loader *loader, const json_t *root, const char *key,
                loader_element *load)
{
    const json_t *list = json_object_get(root, key);
    const struct place array = {NULL, key, 0};
    size_t i;

    if (list == NULL)
        return 0;
    if (!json_is_array(list))
        return loader_fail(loader, &array, "has to be an array");
    for (i = 0; i < json_array_size(list); i++) {
        const struct place element = {&array, NULL, i};
        json_t *object = json_array_get(list, i);
        if (!json_is_object(object))
            return loader_fail(loader, &element, "has to be an object");
        if (load(loader, &element, object) != 0)
            return -1;
    }
    return 0;
}

int loader_text(const struct loader *loader, const struct place *place, const json_t *object,
                const char *key, const char **out)
{
    const json_t *value = json_object_get(object, key);

    if (value == NULL)
        return 0;
    if (str_is_empty(json_string_value(value)))
        return loader_fail_member(loader, place, key, "has to be a text that is not empty");
    *out = json_string_value(value);
    return 0;
}

int loader_need_text(const struct loader *loader, const struct place *place, const json_t *object,
                     const char *key, const char **out)
{
    if (json_object_get(object, key) == NULL)
        return loader_fail_member(loader, place, key, "is missing");
    return loader_text(loader, place, object, key, out);
}

int loader_sid(const struct loader *loader, const struct place *place, const json_t *object,
               const char *prefixes, const char **out)
{
    const char *sid = NULL, *prefix;

    *out = NULL;
    if (loader_text(loader, place, object, "sid", &sid) != 0)
        return -1;
    if (sid == NULL)
        return 0;
    for (prefix = prefixes; *prefix != '\0'; prefix += 2) {
        const char two[] = {prefix[0], prefix[1], '\0'};
        if (str_is_sid(sid, two)) {
            *out = sid;
            return 0;
        }
    }
    return loader_fail_member(loader, place, "sid",
                              "\"%s\" is no SID of this kind: it takes %.2s and 32 hexadecimal "
                              "digits",
                              sid, prefixes);
}

int loader_date(const struct loader *loader, const struct place *place, const json_t *object,
                const char *key, int64_t *out)
{
    const char *text = NULL;

    if (loader_text(loader, place, object, key, &text) != 0)
        return -1;
    if (text == NULL || sandbox_time_parse(text, out) == 0)
        return 0;
    return loader_fail_member(loader, place, key, "\"%s\" is no date of the API", text);
}

int loader_dates(const struct loader *loader, const struct place *place, const json_t *object,
                 int64_t *created, int64_t *updated)
{
    *created = loader->now;
    if (loader_date(loader, place, object, "date_created", created) != 0)
        return -1;
    *updated = *created;
    return loader_date(loader, place, object, "date_updated", updated);
}

bool loader_is_one_of(const char *key, const char *const *names, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        if (strcmp(key, names[i]) == 0)
            return true;
    return false;
}

int loader_known(const struct loader *loader, const struct place *place, const json_t *object,
                 const char *const *names, size_t count)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        if (!loader_is_one_of(key, names, count))
            return loader_fail_member(loader, place, key, "is not a known member");
    }
    return 0;
}
