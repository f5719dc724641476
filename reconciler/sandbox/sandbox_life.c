#include "sandbox/sandbox_life.h"

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_throughput.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[SANDBOX_STATUSES] = {
    [SANDBOX_ACCEPTED] = "accepted",   [SANDBOX_QUEUED] = "queued",
    [SANDBOX_SENDING] = "sending",     [SANDBOX_SENT] = "sent",
    [SANDBOX_DELIVERED] = "delivered", [SANDBOX_UNDELIVERED] = "undelivered",
    [SANDBOX_FAILED] = "failed",
};

const char *sandbox_status_name(enum sandbox_status status)
{
    return names[status];
}

bool sandbox_status_read(const char *name, enum sandbox_status *out)
{
    enum sandbox_status status;

    for (status = 0; status < SANDBOX_STATUSES; status++) {
        if (strcmp(names[status], name) == 0) {
            *out = status;
            return true;
        }
    }
    return false;
}

const char *sandbox_life_status(const struct sandbox_message *message)
{
    return message->step_count == 0 ? NULL : names[message->steps[message->reached].status];
}

bool sandbox_life_has_reached(const struct sandbox_message *message, enum sandbox_status status)
{
    size_t i;

    if (message->step_count == 0)
        return true;
    for (i = 0; i <= message->reached; i++)
        if (message->steps[i].status >= status)
            return true;
    return false;
}

static int64_t busy_until(const struct sandbox_life *life, const char *from)
{
    return json_integer_value(json_object_get(life->busy, from));
}

/* When a message that is taken on now begins to be sent. */
static int64_t start_of(const struct sandbox_life *life, const char *from, int64_t now_ms)
{
    int64_t ready = now_ms + life->delay_ms / 5, free_from = busy_until(life, from);

    return free_from > ready ? free_from : ready;
}

bool sandbox_life_is_full(const struct sandbox_life *life, const char *from, int64_t now_ms)
{
    return start_of(life, from, now_ms) - now_ms > SANDBOX_QUEUE_MAX_MS;
}

static void occupy(struct sandbox_life *life, const char *from, const char *to, unsigned segments,
                   int64_t start_ms)
{
    int64_t until = start_ms + sandbox_throughput_ms(from, to, segments);

    if (until > busy_until(life, from))
        json_object_set_new(life->busy, from, json_integer(until));
}

static void add_step(struct sandbox_message *message, enum sandbox_status status, int64_t at_ms)
{
    message->steps[message->step_count++] = (struct sandbox_step){status, at_ms};
}

/* What never gets as far as a sender's queue: there is no sender, or the queue is full. */
static bool fails_at_once(const struct sandbox_fate *fate)
{
    return fate->from == NULL || fate->outcome.error_code == 30001;
}

static void plan_steps(struct sandbox_life *life, struct sandbox_message *message,
                       const struct sandbox_fate *fate, int64_t now_ms)
{
    int64_t delay = life->delay_ms, start = now_ms + delay / 5;
    enum sandbox_status end = fate->outcome.status;

    add_step(message, fate->by_service ? SANDBOX_ACCEPTED : SANDBOX_QUEUED, now_ms);
    if (fails_at_once(fate)) {
        add_step(message, SANDBOX_FAILED, now_ms + delay / 10);
        return;
    }
    if (fate->by_service)
        add_step(message, SANDBOX_QUEUED, now_ms + delay / 10);
    if (end == SANDBOX_FAILED) {
        add_step(message, SANDBOX_FAILED, start);
        return;
    }
    start = start_of(life, fate->from, now_ms);
    occupy(life, fate->from, fate->to, fate->segments, start);
    add_step(message, SANDBOX_SENDING, start);
    add_step(message, SANDBOX_SENT, start + delay / 5);
    if (end != SANDBOX_SENT)
        add_step(message, end, start + delay - delay / 5);
}

static void schedule(struct sandbox_life *life, struct sandbox_message *message)
{
    if (message->reached + 1 < message->step_count)
        timers_add(&life->due, message->steps[message->reached + 1].at_ms, message);
}

void sandbox_life_begin(struct sandbox_life *life, struct sandbox_message *message,
                        const struct sandbox_fate *fate, int64_t now_ms)
{
    size_t i;

    plan_steps(life, message, fate, now_ms);
    for (i = 0; i < message->step_count; i++)
        if (message->steps[i].status == SANDBOX_SENT)
            message->sent = message->steps[i].at_ms / 1000;
    schedule(life, message);
}

void sandbox_life_advance(struct sandbox_life *life, int64_t now_ms)
{
    struct sandbox_message *message;

    while ((message = timers_take_due(&life->due, now_ms)) != NULL) {
        message->reached++;
        message->updated = message->steps[message->reached].at_ms / 1000;
        life->store->dirty = true;
        schedule(life, message);
        if (life->watcher != NULL)
            life->watcher(life->context, message);
    }
}

int64_t sandbox_life_wait_ms(const struct sandbox_life *life, int64_t now_ms)
{
    return timers_wait_ms(&life->due, now_ms);
}

/* The pool's count of its messages, which the saved account does not have. */
static void count_use(struct sandbox_store *store, const char *from, const char *service)
{
    enum sandbox_kind kind;

    for (kind = 0; kind < SANDBOX_ALPHA_SENDER; kind++) {
        const struct sandbox_sender *sender = sandbox_sender_at(store, kind, from);
        if (sender != NULL && sender->member != NULL &&
            strcmp(sender->member->service->row.sid, service) == 0)
            sender->member->used++;
    }
}

static void take_up(struct sandbox_life *life, struct sandbox_message *message)
{
    const char *from = json_string_value(json_object_get(message->body, "from"));
    const char *to = json_string_value(json_object_get(message->body, "to"));
    const char *service =
        json_string_value(json_object_get(message->body, "messaging_service_sid"));
    const char *segments = json_string_value(json_object_get(message->body, "num_segments"));
    size_t i;

    if (from != NULL && service != NULL)
        count_use(life->store, from, service);
    for (i = 0; i < message->step_count && from != NULL && to != NULL; i++)
        if (message->steps[i].status == SANDBOX_SENDING)
            occupy(life, from, to, segments == NULL ? 1 : (unsigned)strtoul(segments, NULL, 10),
                   message->steps[i].at_ms);
    schedule(life, message);
}

void sandbox_life_init(struct sandbox_life *life, struct sandbox_store *store, int64_t delay_ms,
                       sandbox_life_watcher *watcher, void *context)
{
    size_t i;

    *life = (struct sandbox_life){
        .store = store, .delay_ms = delay_ms, .watcher = watcher, .context = context};
    life->busy = json_object();
    for (i = 0; i < store->messages.count; i++)
        take_up(life, (struct sandbox_message *)store->messages.rows[i]);
}

void sandbox_life_release(struct sandbox_life *life)
{
    timers_release(&life->due);
    json_decref(life->busy);
    life->busy = NULL;
}
