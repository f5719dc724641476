#include "http/window.h"

#include <assert.h>
#include <string.h>

enum {
    SMOOTHING = 32,     /* one part of so many is the latest sample */
    SAMPLES_LEAST = 16, /* before latencies are compared */
    TOLERANCE = 2,      /* times the lowest */
    SLACK_US = 10 * 1000,
    QUEUE = 4,
    QUARTER_MS = 15 * 1000,
};

void window_init(struct window *window, unsigned limit)
{
    assert(limit > 0);
    memset(window, 0, sizeof(*window));
    window->limit = limit;
    window->size = limit < WINDOW_FIRST ? limit : WINDOW_FIRST;
    window->slow_start = true;
}

bool window_is_open(const struct window *window)
{
    return window->in_flight < window->size;
}

uint64_t window_sent(struct window *window)
{
    if (++window->in_flight >= window->size)
        window->filled = true;
    return window->sent++;
}

static int64_t lower(int64_t a, int64_t b)
{
    return a != 0 && a < b ? a : b;
}

static void add_latency(struct window_latency *latency, int64_t sample_us, int64_t now_ms)
{
    /* Until there are enough samples, their plain average. */
    if (latency->samples < SMOOTHING)
        latency->samples++;
    latency->smoothed += (sample_us - latency->smoothed) / (int64_t)latency->samples;
    if (latency->samples < SAMPLES_LEAST)
        return;
    if (now_ms - latency->since_ms >= QUARTER_MS) {
        latency->lowest_before = latency->lowest;
        latency->lowest = 0;
        latency->since_ms = now_ms;
    }
    latency->lowest = lower(latency->lowest, latency->smoothed > 0 ? latency->smoothed : 1);
}

/* What the window shrinks to for it; the window itself when the latency is as usual. */
static unsigned size_for(const struct window *window, const struct window_latency *latency)
{
    int64_t base = lower(latency->lowest_before, latency->lowest);
    int64_t usual = base * TOLERANCE + SLACK_US;
    int64_t size = window->size;

    if (base == 0 || latency->smoothed <= usual)
        return window->size;
    size = latency->smoothed >= usual * 2 ? size / 2 : size * usual / latency->smoothed;
    size += QUEUE;
    return size < window->size ? (unsigned)size : window->size;
}

/* One round trip's growth. */
static unsigned step(struct window *window)
{
    if (window->ceiling > window->size + 1)
        return (window->ceiling - window->size) / 2;
    if (window->patience > 0) {
        window->patience--;
        return 0;
    }
    window->ceiling = 0;
    return 1;
}

static void grow(struct window *window, unsigned by)
{
    unsigned room = window->limit - window->size;

    window->size += by < room ? by : room;
}

static void end_round(struct window *window, const struct window_latency *latency)
{
    unsigned size = size_for(window, latency);

    if (size < window->size) {
        window->size = size;
        window->slow_start = false;
    } else if (window->filled && !window->slow_start) {
        grow(window, step(window));
    }
    window->round = window->sent;
    window->was_filled = window->filled;
    window->filled = false;
}

void window_answered(struct window *window, uint64_t number, unsigned kind, int64_t latency_us,
                     int64_t now_ms)
{
    assert(kind < WINDOW_KINDS && window->in_flight > 0);
    add_latency(&window->latencies[kind], latency_us, now_ms);
    window->in_flight--;
    if (window->slow_start && (window->filled || window->was_filled))
        grow(window, 1);
    if (number >= window->round)
        end_round(window, &window->latencies[kind]);
}

bool window_refused(struct window *window, uint64_t number, bool paced)
{
    unsigned before = window->size;

    assert(window->in_flight > 0);
    window->in_flight--;
    if (number < window->recover)
        return false;
    window->size = before / 2 > 0 ? before / 2 : 1;
    window->slow_start = false;
    window->filled = window->was_filled = false;
    window->patience = paced ? 0 : WINDOW_PATIENCE;
    if (!paced || window->ceiling < before)
        window->ceiling = before;
    window->recover = window->round = window->sent;
    return true;
}

void window_lost(struct window *window)
{
    assert(window->in_flight > 0);
    window->in_flight--;
}
