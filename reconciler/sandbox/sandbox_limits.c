#include "sandbox/sandbox_limits.h"

#include <string.h>

enum { TOKEN = 1000 };

void sandbox_bucket_init(struct sandbox_bucket *bucket, int64_t rate, int64_t now_ms)
{
    bucket->rate = rate;
    bucket->held = (rate < 10 ? 1 : rate / 10) * TOKEN;
    /* The part of a token that is on its way is not lost when the others are there. */
    bucket->capacity = bucket->held + TOKEN - 1;
    bucket->last_ms = now_ms;
}

bool sandbox_bucket_take(struct sandbox_bucket *bucket, int64_t now_ms)
{
    int64_t elapsed_ms = now_ms - bucket->last_ms;

    /* A thousandth of a token a millisecond for each token a second; full after a second at most.
     */
    if (elapsed_ms >= 1000)
        bucket->held = bucket->capacity;
    else
        bucket->held += elapsed_ms * bucket->rate;
    if (bucket->held > bucket->capacity)
        bucket->held = bucket->capacity;
    bucket->last_ms = now_ms;
    if (bucket->held < TOKEN)
        return false;
    bucket->held -= TOKEN;
    return true;
}

void sandbox_limits_init(struct sandbox_limits *limits, int64_t rate, size_t max_concurrency,
                         int64_t now_ms)
{
    memset(limits, 0, sizeof(*limits));
    limits->limits_rate = rate > 0;
    if (limits->limits_rate)
        sandbox_bucket_init(&limits->bucket, rate, now_ms);
    limits->max_concurrency = max_concurrency;
}

void sandbox_limits_release(struct sandbox_limits *limits)
{
    timers_release(&limits->under_way);
}

static void drop_finished(struct sandbox_limits *limits, int64_t now_ms)
{
    while (timers_take_due(&limits->under_way, now_ms) != NULL)
        continue;
}

enum sandbox_limit sandbox_limits_enter(struct sandbox_limits *limits, int64_t now_ms)
{
    drop_finished(limits, now_ms);
    if (limits->max_concurrency > 0 && limits->under_way.count >= limits->max_concurrency)
        return SANDBOX_LIMIT_CONCURRENCY;
    if (limits->limits_rate && !sandbox_bucket_take(&limits->bucket, now_ms))
        return SANDBOX_LIMIT_RATE;
    return SANDBOX_LIMIT_NONE;
}

size_t sandbox_limits_under_way(struct sandbox_limits *limits, int64_t now_ms, int64_t until_ms)
{
    drop_finished(limits, now_ms);
    timers_add(&limits->under_way, until_ms, limits); /* the item means nothing */
    return limits->under_way.count;
}
