/*
 * A world as its roster's text and as the sandbox's account.
 */
#ifndef ROSTER_TESTS_PROPERTY_WORLD_TEXT_H
#define ROSTER_TESTS_PROPERTY_WORLD_TEXT_H

#include "world.h"

#include "base/buf.h"
#include "sandbox/sandbox_store.h"

/* Credentials of every world's account. */
#define WORLD_ACCOUNT_SID "AC00000000000000000000000000000001"
#define WORLD_TOKEN "token"

/* Adds the roster (YAML). */
void world_roster(const struct world *world, struct buf *out);

/* What ${NAME} stands for in it. */
char *world_lookup(const char *name);

/* Initialises the store with the account as it is at first. */
void world_account(const struct world *world, struct sandbox_store *store);

#endif
