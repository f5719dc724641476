#include "cli/session_wait.h"

#include "base/clock.h"

#include <inttypes.h>

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

void session_wait_add_reason(const struct http_engine_pulse *pulse, struct buf *out)
{
    switch (pulse->wait) {
    case HTTP_WAIT_NONE:
        break;
    case HTTP_WAIT_RATE_LIMIT:
        buf_add_text(out, ", waiting for the rate limit");
        break;
    case HTTP_WAIT_PACE:
        buf_add_text(out, ", slowed down by the API");
        break;
    case HTTP_WAIT_PAUSE:
        buf_printf(out, ", paused by the API for %" PRId64 " s", (pulse->wait_ms + 999) / 1000);
        break;
    case HTTP_WAIT_RETRIES:
        buf_printf(out, ", trying again in %" PRId64 " s", (pulse->wait_ms + 999) / 1000);
        break;
    }
}

/* "40 services, 1300 senders", as far as there are any. */
static void add_counts(const struct live_state *live, struct buf *out)
{
    size_t senders = 0, kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        senders += live->owned[kind].count;
        for (i = 0; i < live->count; i++)
            senders += live->services[i]->senders[kind].count;
    }
    if (live->count + senders != 0)
        buf_printf(out, "; %zu service%s, %zu sender%s", live->count, plural(live->count), senders,
                   plural(senders));
}

static void show(void *context)
{
    const struct session_wait *wait = context;
    const struct http_engine_stats *stats = twilio_client_stats(wait->client);
    struct http_engine_pulse pulse;
    struct buf line;

    if (!logger_wait_is_due(wait->log))
        return;
    twilio_client_pulse(wait->client, &pulse);
    buf_init(&line, 1024);
    buf_printf(&line, "%s: %zu of %zu requests answered", wait->what,
               stats->finished - wait->before.finished, stats->requests - wait->before.requests);
    session_wait_add_reason(&pulse, &line);
    if (wait->live != NULL)
        add_counts(wait->live, &line);
    logger_wait(wait->log, "%s", buf_text(&line));
    buf_release(&line);
}

void session_wait_begin(struct session_wait *wait, struct twilio_client *client,
                        const struct options *options, const char *what,
                        const struct live_state *live)
{
    *wait = (struct session_wait){
        .client = client,
        .log = options->log,
        .what = what,
        .live = live,
        .before = *twilio_client_stats(client),
        .begun_ms = clock_monotonic(&clock_system),
    };
    if (!logger_shows_waits(wait->log))
        return;
    logger_wait_begin(wait->log);
    twilio_client_watch(client, show, wait);
}

static void say_result(const struct session_wait *wait)
{
    const struct http_engine_stats *stats = twilio_client_stats(wait->client);
    const size_t requests = stats->finished - wait->before.finished;
    const size_t retries = stats->retries - wait->before.retries;
    const size_t refused = stats->throttled - wait->before.throttled;
    const int64_t lasted_ms = clock_monotonic(&clock_system) - wait->begun_ms;
    json_t *fields = logger_fields(wait->log, LOG_INFO);
    struct http_engine_pulse pulse;
    struct buf line;

    twilio_client_pulse(wait->client, &pulse);
    logger_set(fields, "requests", json_integer((json_int_t)requests));
    logger_set(fields, "retries", json_integer((json_int_t)retries));
    logger_set(fields, "refused", json_integer((json_int_t)refused));
    logger_set(fields, "duration_ms", json_integer(lasted_ms));
    buf_init(&line, 1024);
    buf_printf(&line, "%s took %zu request%s in %" PRId64 " ms", wait->what, requests,
               plural(requests), lasted_ms);
    if (retries != 0)
        buf_printf(&line, ", %zu sent again", retries);
    if (refused != 0)
        buf_printf(&line, ", %zu refused as too many", refused);
    if (pulse.learned != 0)
        buf_printf(&line, ", at %u a second, which is what the API seems to bear", pulse.learned);
    if (wait->live != NULL)
        add_counts(wait->live, &line);
    logger_record(wait->log, LOG_INFO, fields, "%s", buf_text(&line));
    buf_release(&line);
}

void session_wait_end(struct session_wait *wait)
{
    if (!logger_shows_waits(wait->log))
        return;
    twilio_client_watch(wait->client, NULL, NULL);
    logger_wait_end(wait->log);
    if (logger_shows(wait->log, LOG_INFO) &&
        twilio_client_stats(wait->client)->finished != wait->before.finished)
        say_result(wait);
}
