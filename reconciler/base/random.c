#include "base/random.h"

#include "base/clock.h"

#include <sys/random.h>

void random_seed(struct random_state *random, uint64_t seed)
{
    random->state = seed;
}

void random_init(struct random_state *random)
{
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
        seed = (uint64_t)clock_wall(&clock_system);
    random_seed(random, seed);
}

uint64_t random_next(struct random_state *random)
{
    uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t random_below(struct random_state *random, uint64_t limit)
{
    uint64_t value, reject;

    if (limit == 0)
        return 0;
    /* Values below 2^64 mod limit would make small results likelier. */
    reject = (UINT64_MAX - limit + 1) % limit;
    do {
        value = random_next(random);
    } while (value < reject);
    return value % limit;
}

double random_unit(struct random_state *random)
{
    return (double)(random_next(random) >> 11) * 0x1.0p-53;
}

void random_hex(struct random_state *random, char *out, unsigned count)
{
    static const char digits[] = "0123456789abcdef";
    unsigned i;
    for (i = 0; i < count; i++)
        out[i] = digits[random_next(random) >> 60];
    out[count] = '\0';
}
