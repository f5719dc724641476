/*
 * How many events a second, over the last second or for as long as it has been running. Pure: the
 * clock is passed in, in milliseconds. All zero is a valid meter that runs since time 0.
 */
#ifndef ROSTER_HTTP_METER_H
#define ROSTER_HTTP_METER_H

#include <stdint.h>

enum { METER_SLOTS = 20, METER_SLOT_MS = 50 };

struct meter {
    int64_t since_ms;
    int64_t slot; /* the latest, counted from time 0 */
    uint32_t counts[METER_SLOTS];
};

/* Starts anew, with nothing counted. */
void meter_start(struct meter *meter, int64_t now_ms);

void meter_add(struct meter *meter, int64_t now_ms);

/* Events of the last second. */
int64_t meter_count(const struct meter *meter, int64_t now_ms);

/* Events a second, in thousandths. */
int64_t meter_rate(const struct meter *meter, int64_t now_ms);

#endif
