/*
 * Which seeds a property test runs: from the environment and the command line.
 */
#ifndef ROSTER_TESTS_PROPERTY_SETUP_H
#define ROSTER_TESTS_PROPERTY_SETUP_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct setup {
    int64_t first, pairs;
    bool alone; /* one seed, shown whether it fails or not */
};

/*
 * Takes PREFIX_SEED and PREFIX_PAIRS of the environment, and --base N, --pairs N and --seed N.
 * Returns -1 when one of them is none of these or no number.
 */
MUST_CHECK int setup_read(struct setup *setup, const char *prefix, int argc, char **argv);

#endif
