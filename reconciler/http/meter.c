#include "http/meter.h"

#include <string.h>

/* A rate of less time than this says nothing. */
enum { SHORTEST_MS = 20 };

void meter_start(struct meter *meter, int64_t now_ms)
{
    memset(meter, 0, sizeof(*meter));
    meter->since_ms = now_ms;
    meter->slot = now_ms / METER_SLOT_MS;
}

void meter_add(struct meter *meter, int64_t now_ms)
{
    int64_t slot = now_ms / METER_SLOT_MS;

    if (slot - meter->slot >= METER_SLOTS)
        memset(meter->counts, 0, sizeof(meter->counts));
    else
        while (meter->slot < slot)
            meter->counts[++meter->slot % METER_SLOTS] = 0;
    meter->slot = slot;
    meter->counts[slot % METER_SLOTS]++;
}

int64_t meter_count(const struct meter *meter, int64_t now_ms)
{
    int64_t slot = now_ms / METER_SLOT_MS, first = slot - METER_SLOTS + 1, count = 0, i;

    for (i = meter->slot; i >= first && i > meter->slot - METER_SLOTS && i >= 0; i--)
        count += meter->counts[i % METER_SLOTS];
    return count;
}

int64_t meter_rate(const struct meter *meter, int64_t now_ms)
{
    /* The latest slot has only begun. */
    int64_t span_ms = (METER_SLOTS - 1) * METER_SLOT_MS + now_ms % METER_SLOT_MS + 1;

    if (span_ms > now_ms - meter->since_ms)
        span_ms = now_ms - meter->since_ms;
    if (span_ms < SHORTEST_MS)
        span_ms = SHORTEST_MS;
    return meter_count(meter, now_ms) * 1000 * 1000 / span_ms;
}
