/*
 * Whether an account is as a world's roster wants it: the settings and lists that it manages, all
 * else untouched, and every sender where it belongs.
 */
#ifndef ROSTER_TESTS_PROPERTY_WORLD_CHECK_H
#define ROSTER_TESTS_PROPERTY_WORLD_CHECK_H

#include "world.h"

#include "base/buf.h"
#include "sandbox/sandbox_store.h"

/* Adds a line to `out` for each thing that is wrong. */
void world_check(const struct world *world, const struct sandbox_store *store, struct buf *out);

#endif
