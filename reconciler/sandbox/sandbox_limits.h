/*
 * How much the sandbox takes at once: so many requests a second, and so many in progress. Time is
 * passed in, so that tests move it.
 *
 * Not thread-safe.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_LIMITS_H
#define ROSTER_SANDBOX_SANDBOX_LIMITS_H

#include "http/timers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SANDBOX_RATE_MAX = 1000000 };

/*
 * Token bucket: it holds rate / 10 tokens, at least one, begins full, and gets `rate` of them a
 * second. It counts in thousandths, so that no part of a token is lost between two calls.
 */
struct sandbox_bucket {
    int64_t rate; /* 1 ... SANDBOX_RATE_MAX */
    int64_t held, capacity;
    int64_t last_ms;
};

void sandbox_bucket_init(struct sandbox_bucket *bucket, int64_t rate, int64_t now_ms);

/* Takes one token, or returns false when there is none. */
bool sandbox_bucket_take(struct sandbox_bucket *bucket, int64_t now_ms);

enum sandbox_limit {
    SANDBOX_LIMIT_NONE,
    SANDBOX_LIMIT_RATE,
    SANDBOX_LIMIT_CONCURRENCY,
};

struct sandbox_limits {
    bool limits_rate;
    struct sandbox_bucket bucket;
    size_t max_concurrency;  /* 0: any */
    struct timers under_way; /* requests whose answers have not gone out yet, by when they do */
};

/* `rate` and `max_concurrency` 0: not limited. */
void sandbox_limits_init(struct sandbox_limits *limits, int64_t rate, size_t max_concurrency,
                         int64_t now_ms);
void sandbox_limits_release(struct sandbox_limits *limits);

/*
 * Whether the request that comes now is let in. One past the concurrency takes no token, and one
 * that is refused is not under way.
 */
enum sandbox_limit sandbox_limits_enter(struct sandbox_limits *limits, int64_t now_ms);

/* A request that came at `now_ms` is under way until then. Returns how many are with it. */
size_t sandbox_limits_under_way(struct sandbox_limits *limits, int64_t now_ms, int64_t until_ms);

#endif
