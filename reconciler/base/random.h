/*
 * Small pseudo-random generator (SplitMix64, Steele, Lea and Flood 2014) for jitter and for the
 * sandbox's SIDs. Not for secrets. The state is the caller's, so a seed makes a run repeatable.
 */
#ifndef ROSTER_BASE_RANDOM_H
#define ROSTER_BASE_RANDOM_H

#include <stdint.h>

struct random_state {
    uint64_t state;
};

/* Seeds from the operating system; falls back to the clock when that fails. */
void random_init(struct random_state *random);
void random_seed(struct random_state *random, uint64_t seed);

uint64_t random_next(struct random_state *random);
/* Uniform in 0 … limit-1; 0 when limit is 0. */
uint64_t random_below(struct random_state *random, uint64_t limit);
/* Uniform in [0, 1). */
double random_unit(struct random_state *random);
/* `count` lower-case hexadecimal digits and a NUL into `out`, which holds count + 1 bytes. */
void random_hex(struct random_state *random, char *out, unsigned count);

#endif
