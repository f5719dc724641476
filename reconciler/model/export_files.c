/*
 * Names of files for services.
 */
#include "model/export_parts.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { SLUG_MAX = 60 };

/* Small letters and digits of the name, with dashes between; "service" when it has none. */
static const char *slug_of(struct export *export, const char *name)
{
    char slug[SLUG_MAX + 1];
    size_t size = 0;
    bool gap = false;

    for (; *name != '\0' && size + 2 <= SLUG_MAX; name++) {
        char byte = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        if ((byte < 'a' || byte > 'z') && (byte < '0' || byte > '9')) {
            gap = size != 0;
            continue;
        }
        if (gap)
            slug[size++] = '-';
        gap = false;
        slug[size++] = byte;
    }
    slug[size] = '\0';
    return arena_strdup(&export->arena, size == 0 ? "service" : slug);
}

/* As one that got a SID behind it ends. */
static bool ends_like_sid(const char *slug)
{
    const size_t size = strlen(slug);
    char sid[35];

    if (size < sizeof(sid) || slug[size - sizeof(sid)] != '-')
        return false;
    memcpy(sid, slug + size - sizeof(sid) + 1, sizeof(sid));
    sid[0] = 'M';
    sid[1] = 'G';
    return str_is_sid(sid, "MG");
}

struct named {
    const char *slug;
    struct export_service *service;
};

static int compare_named(const void *left, const void *right)
{
    return strcmp(((const struct named *)left)->slug, ((const struct named *)right)->slug);
}

/*
 * A slug that another one has too gets its service's SID behind it: one that stands alone does not
 * change when a service comes or goes, unless that has the same one.
 */
void export_name_files(struct export *export)
{
    static const char head[] = EXPORT_HEAD_FILE;
    struct named *names = arena_array(&export->arena, export->service_count, sizeof(*names));
    size_t count = 0, i;

    for (i = 0; i < export->service_count; i++)
        if (export->services[i].how == EXPORT_WRITTEN)
            names[count++] = (struct named){
                slug_of(export, export->services[i].live->service.friendly_name),
                &export->services[i],
            };
    if (count != 0)
        qsort(names, count, sizeof(*names), compare_named);
    for (i = 0; i < count; i++) {
        const char *slug = names[i].slug;
        bool taken =
            ends_like_sid(slug) || (i > 0 && strcmp(names[i - 1].slug, slug) == 0) ||
            (i + 1 < count && strcmp(names[i + 1].slug, slug) == 0) ||
            (strlen(slug) + strlen(".yaml") == strlen(head) && str_starts_with(head, slug));
        names[i].service->file =
            taken
                ? arena_printf(&export->arena, "%s-%s.yaml", slug,
                               arena_lower(&export->arena, names[i].service->live->service.sid, 0))
                : arena_printf(&export->arena, "%s.yaml", slug);
    }
}
