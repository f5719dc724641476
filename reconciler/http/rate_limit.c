#include "http/rate_limit.h"

enum {
    REQUEST = 1000 * 1000, /* credit */
    BURST_MS = 50,
};

static int64_t capacity_of(int64_t rate)
{
    return REQUEST + rate * BURST_MS;
}

/* The credit at that time. */
static int64_t credit_at(const struct rate_limit *limit, int64_t now_ms)
{
    int64_t passed_ms = now_ms - limit->filled_ms;
    int64_t missing = limit->capacity - limit->credit;

    if (passed_ms <= 0 || limit->rate == 0)
        return limit->credit;
    /* Divided, because a long time times a high rate may not fit. */
    if (missing / limit->rate < passed_ms)
        return limit->capacity;
    return limit->credit + limit->rate * passed_ms;
}

static void fill(struct rate_limit *limit, int64_t now_ms)
{
    limit->credit = credit_at(limit, now_ms);
    if (now_ms > limit->filled_ms)
        limit->filled_ms = now_ms;
}

void rate_limit_init(struct rate_limit *limit, int64_t rate, int64_t now_ms)
{
    limit->rate = rate < RATE_LIMIT_MAX ? rate : RATE_LIMIT_MAX;
    limit->capacity = capacity_of(limit->rate);
    limit->credit = limit->capacity;
    limit->filled_ms = now_ms;
}

void rate_limit_change(struct rate_limit *limit, int64_t rate, int64_t now_ms)
{
    int64_t credit = credit_at(limit, now_ms);

    rate_limit_init(limit, rate, now_ms);
    if (credit < limit->capacity)
        limit->credit = credit;
}

void rate_limit_empty(struct rate_limit *limit, int64_t now_ms)
{
    fill(limit, now_ms);
    if (limit->credit > 0)
        limit->credit = 0;
}

int64_t rate_limit_wait_ms(const struct rate_limit *limit, int64_t now_ms)
{
    int64_t missing;

    if (limit->rate == 0)
        return 0;
    missing = REQUEST - credit_at(limit, now_ms);
    return missing <= 0 ? 0 : (missing + limit->rate - 1) / limit->rate;
}

void rate_limit_take(struct rate_limit *limit, int64_t now_ms)
{
    fill(limit, now_ms);
    if (limit->rate != 0)
        limit->credit -= REQUEST;
}
