#include "http/flow.h"

#include <string.h>

void flow_init(struct flow *flow, unsigned parallelism, unsigned rate, int64_t now_ms)
{
    memset(flow, 0, sizeof(*flow));
    window_init(&flow->window, parallelism);
    rate_limit_init(&flow->rate, RATE_LIMIT_UNIT * rate, now_ms);
    flow_start(flow, now_ms);
}

void flow_start(struct flow *flow, int64_t now_ms)
{
    pace_start(&flow->pace, now_ms);
    chance_start(&flow->pace.chance, now_ms);
}

static void end_pause(struct flow *flow, int64_t now_ms)
{
    flow->paused = false;
    pace_start(&flow->pace, now_ms);
    rate_limit_empty(&flow->pace.bucket, now_ms);
    rate_limit_empty(&flow->rate, now_ms);
}

enum flow_wait flow_next(struct flow *flow, int64_t now_ms, int64_t *wait_ms)
{
    int64_t rate_ms, pace_ms;

    if (flow->paused && now_ms >= flow->pause_end_ms)
        end_pause(flow, now_ms);
    *wait_ms = flow->pause_end_ms - now_ms;
    if (flow->paused)
        return FLOW_PAUSE;
    *wait_ms = -1;
    if (!window_is_open(&flow->window))
        return FLOW_WINDOW;
    rate_ms = rate_limit_wait_ms(&flow->rate, now_ms);
    pace_ms = pace_wait_ms(&flow->pace, now_ms);
    *wait_ms = rate_ms > pace_ms ? rate_ms : pace_ms;
    if (*wait_ms == 0)
        return FLOW_FREE;
    return rate_ms >= pace_ms ? FLOW_RATE_LIMIT : FLOW_PACE;
}

int64_t flow_pause_ms(const struct flow *flow, int64_t now_ms)
{
    return flow->paused && flow->pause_end_ms > now_ms ? flow->pause_end_ms - now_ms : 0;
}

uint64_t flow_sent(struct flow *flow, int64_t now_ms)
{
    rate_limit_take(&flow->rate, now_ms);
    pace_sent(&flow->pace, now_ms);
    return window_sent(&flow->window);
}

void flow_answered(struct flow *flow, uint64_t number, unsigned kind, int64_t latency_us,
                   int64_t now_ms)
{
    pace_answered(&flow->pace, now_ms);
    window_answered(&flow->window, number, kind, latency_us, now_ms);
}

static void pause(struct flow *flow, int64_t pause_ms, int64_t now_ms)
{
    if (!flow->paused || flow->pause_end_ms < now_ms + pause_ms)
        flow->pause_end_ms = now_ms + pause_ms;
    flow->paused = true;
    pace_guess(&flow->pace, RATE_LIMIT_UNIT * flow->window.size, now_ms);
}

void flow_refused(struct flow *flow, uint64_t number, int64_t pause_ms, int64_t now_ms)
{
    bool paced = pace_is_binding(&flow->pace);
    bool timed = pause_ms > 0 || flow->window.size == 1;

    pace_refused(&flow->pace, now_ms);
    if (window_refused(&flow->window, number, paced || timed) && timed)
        pace_slow_down(&flow->pace, now_ms);
    if (pause_ms > 0 && pace_is_refused(&flow->pace, flow->window.in_flight, now_ms))
        pause(flow, pause_ms, now_ms);
}

void flow_timed_out(struct flow *flow, uint64_t number)
{
    window_refused(&flow->window, number, false);
}

void flow_lost(struct flow *flow)
{
    window_lost(&flow->window);
}
