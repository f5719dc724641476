#include "base/zone.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/str.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool is_name(const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "/_+-";

    return name[0] != '\0' && name[0] != '/' && name[strspn(name, plain)] == '\0';
}

int zone_check(const char *name)
{
    const char *folder = getenv("TZDIR");
    struct arena arena = {0};
    char magic[4] = "";
    int opened, result = -1;

    if (strcmp(name, "UTC") == 0)
        return 0;
    /* A name that libc can't find is UTC to it, without a word. */
    if (!is_name(name))
        return -1;
    opened = open(
        arena_printf(&arena, "%s/%s", str_is_empty(folder) ? "/usr/share/zoneinfo" : folder, name),
        O_RDONLY | O_CLOEXEC);
    if (opened >= 0 && read(opened, magic, sizeof(magic)) == (ssize_t)sizeof(magic) &&
        memcmp(magic, "TZif", sizeof(magic)) == 0)
        result = 0;
    if (opened >= 0)
        close(opened);
    arena_release(&arena);
    return result;
}

static void set_zone(const char *name)
{
    if ((name == NULL ? unsetenv("TZ") : setenv("TZ", name, 1)) != 0)
        memory_exhausted();
    tzset();
}

void zone_enter(struct zone *zone, const char *name)
{
    zone->before = memory_strdup(getenv("TZ"));
    set_zone(strcmp(name, "UTC") == 0 ? "UTC0" : name);
}

void zone_local(int64_t wall_ms, struct zone_time *out)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;

    memset(out, 0, sizeof(*out));
    if (localtime_r(&seconds, &parts) == NULL)
        return;
    out->weekday = parts.tm_wday;
    out->minute = parts.tm_hour * 60 + parts.tm_min;
}

void zone_leave(struct zone *zone)
{
    set_zone(zone->before);
    free(zone->before);
    zone->before = NULL;
}
