/*
 * The least number of changes that a small world needs, found by looking at every state that its
 * account can be in, nearest first.
 */
#ifndef ROSTER_TESTS_PROPERTY_MINIMUM_H
#define ROSTER_TESTS_PROPERTY_MINIMUM_H

#include "world.h"

/*
 * The length of a shortest chain of these that makes the account satisfy the roster: create a
 * service with any settings; update any settings of a service; delete a service; add, remove or
 * move one number or short code; add or remove an alpha sender, of which a service can have only
 * one. WORLD_NONE when there is none. The world is small and its roster can be planned.
 */
int minimum_changes(const struct world *world);

#endif
