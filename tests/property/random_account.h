/*
 * Making of random accounts as the API may show them, also with what a roster can't say.
 */
#ifndef ROSTER_TESTS_PROPERTY_RANDOM_ACCOUNT_H
#define ROSTER_TESTS_PROPERTY_RANDOM_ACCOUNT_H

#include "base/random.h"
#include "sandbox/sandbox_store.h"

#include <stdint.h>

/* In every password of every URL, and nowhere else. */
#define ACCOUNT_PASSWORD "hunter2"

/*
 * Adds services and senders to the empty account of a store; the same seed always gives the same
 * ones. A third of the accounts have only what a roster can say.
 */
void random_account(struct sandbox_store *store, uint64_t seed);

#endif
