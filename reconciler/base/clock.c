#include "base/clock.h"

#include <stddef.h>
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
