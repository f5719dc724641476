#include "base/clock.h"

#include <stddef.h>
#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_monotonic(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t system_wall(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

const struct clock clock_system = {
    .monotonic_ms = system_monotonic,
    .wall_ms = system_wall,
    .context = NULL,
};

int64_t clock_monotonic(const struct clock *clock)
{
    return clock->monotonic_ms(clock->context);
}

int64_t clock_wall(const struct clock *clock)
{
    return clock->wall_ms(clock->context);
}

const char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm at = {0};

    (void)gmtime_r(&seconds, &at);
    snprintf(out, CLOCK_ISO_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", at.tm_year + 1900,
             at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
             (int)(wall_ms < 0 ? 0 : wall_ms % 1000));
    return out;
}
