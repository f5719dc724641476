/*
 * Making of random worlds.
 */
#ifndef ROSTER_TESTS_PROPERTY_RANDOM_WORLD_H
#define ROSTER_TESTS_PROPERTY_RANDOM_WORLD_H

#include "world.h"

#include "base/random.h"

/*
 * Fills the world; the same seed always gives the same one. Of a hundred worlds about forty are
 * small (at most three services, the created ones counted, and three senders; see minimum.h), and
 * one has pools at the limit. A few rosters can't be planned (world_refusal()).
 */
void random_world(struct world *world, uint64_t seed);

/* Uniform in 0 … limit-1. */
int random_int(struct random_state *random, int limit);
bool random_chance(struct random_state *random, int percent);

/* Part of it: the senders of a world whose services and entries are there (random_senders.c). */
void random_senders(struct world *world, struct random_state *random);
/* The same with pools of 395 to 400 senders. */
void random_full_pools(struct world *world, struct random_state *random);

#endif
