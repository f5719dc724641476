#include "twilio/webhook_receiver.h"

#include "base/memory.h"
#include "base/str.h"
#include "http/rate_limit.h"
#include "twilio/webhook_messages.h"
#include "twilio/webhook_metrics.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct webhook_receiver {
    struct webhook_receiver_config config;
    char *bases[WEBHOOK_MAX_BASES];
    size_t base_count;
    struct webhook_messages *messages;
    struct rate_limit limit;
    struct webhook_counts counts; /* without those of `messages` */
};

const char *webhook_outcome_name(enum webhook_outcome outcome)
{
    static const char *const names[WEBHOOK_OUTCOME_COUNT] = {
        [WEBHOOK_OUTCOME_ACCEPTED] = "accepted",
        [WEBHOOK_OUTCOME_FORGED] = "forged",
        [WEBHOOK_OUTCOME_UNSIGNED] = "unsigned",
        [WEBHOOK_OUTCOME_MALFORMED] = "malformed",
        [WEBHOOK_OUTCOME_OVERSIZED] = "oversized",
        [WEBHOOK_OUTCOME_SLOW] = "slow",
        [WEBHOOK_OUTCOME_ABORTED] = "aborted",
        [WEBHOOK_OUTCOME_RATE_LIMITED] = "rate_limited",
        [WEBHOOK_OUTCOME_NOT_FOUND] = "not_found",
        [WEBHOOK_OUTCOME_METHOD] = "method_not_allowed",
        [WEBHOOK_OUTCOME_TYPE] = "unsupported_type",
        [WEBHOOK_OUTCOME_FAILED] = "failed",
    };
    return names[outcome];
}

struct webhook_receiver *webhook_receiver_new(const struct webhook_receiver_config *config)
{
    struct webhook_receiver *receiver = memory_zeroed(sizeof(*receiver));

    receiver->config = *config;
    receiver->messages = webhook_messages_new(config->max_messages);
    rate_limit_init(&receiver->limit, config->max_rate * RATE_LIMIT_UNIT,
                    clock_monotonic(config->clock));
    return receiver;
}

void webhook_receiver_free(struct webhook_receiver *receiver)
{
    size_t i;

    if (receiver == NULL)
        return;
    for (i = 0; i < receiver->base_count; i++)
        free(receiver->bases[i]);
    webhook_messages_free(receiver->messages);
    free(receiver);
}

void webhook_receiver_add_base(struct webhook_receiver *receiver, const char *base)
{
    char *copy = memory_strdup(base);
    size_t size = strlen(copy);

    assert(receiver->base_count < WEBHOOK_MAX_BASES);
    while (size > 0 && copy[size - 1] == '/')
        size--;
    copy[size] = '\0';
    receiver->bases[receiver->base_count++] = copy;
}

void webhook_receiver_counts(const struct webhook_receiver *receiver, struct webhook_counts *counts)
{
    *counts = receiver->counts;
    counts->messages = webhook_messages_count(receiver->messages);
    counts->forgotten = webhook_messages_forgotten(receiver->messages);
}

static void note_refusal(struct webhook_receiver *receiver, const struct webhook_refusal *refusal)
{
    receiver->counts.outcomes[refusal->outcome]++;
    if (receiver->config.on_refused != NULL)
        receiver->config.on_refused(receiver->config.context, refusal);
}

void webhook_receiver_lost(void *context, enum http_server_loss why)
{
    static const struct webhook_refusal refusals[] = {
        [HTTP_SERVER_BODY_TOO_LARGE] = {.outcome = WEBHOOK_OUTCOME_OVERSIZED,
                                        .why = "the body is too large"},
        [HTTP_SERVER_BAD_HEAD] = {.outcome = WEBHOOK_OUTCOME_MALFORMED,
                                  .why = "the headers are too large, no HTTP or cut off"},
        [HTTP_SERVER_TOO_SLOW] = {.outcome = WEBHOOK_OUTCOME_SLOW,
                                  .why = "it was not whole in time"},
        [HTTP_SERVER_ABORTED] = {.outcome = WEBHOOK_OUTCOME_ABORTED,
                                 .why = "its sender was gone before it was whole"},
    };
    note_refusal(context, &refusals[why]);
}

/* One request on its way through the receiver. */
struct visit {
    struct webhook_receiver *receiver;
    const struct http_server_request *http;
    struct http_server_answer *answer;
    struct arena arena;
    struct webhook_request request;
    struct webhook_content content;
};

static void answer_text(struct http_server_answer *answer, int status, const char *text)
{
    answer->status = status;
    answer->content_type = "text/plain; charset=utf-8";
    buf_printf(&answer->body, "%s\n", text);
}

static int refuse(struct visit *visit, int status, enum webhook_outcome outcome, const char *why)
{
    struct webhook_refusal refusal = {.outcome = outcome,
                                      .why = why,
                                      .method = visit->http->method,
                                      .path = visit->http->path,
                                      .url = visit->request.url};

    answer_text(visit->answer, status, why);
    note_refusal(visit->receiver, &refusal);
    return -1;
}

static int refuse_method(struct visit *visit, const char *allowed)
{
    http_server_answer_header(visit->answer, "Allow", allowed);
    return refuse(visit, 405, WEBHOOK_OUTCOME_METHOD,
                  arena_printf(&visit->arena, "only %s are allowed here", allowed));
}

static void answer_own(struct visit *visit, bool metrics)
{
    struct webhook_counts counts;

    if (strcmp(visit->http->method, "GET") != 0 && strcmp(visit->http->method, "HEAD") != 0) {
        refuse_method(visit, "GET, HEAD");
    } else if (!metrics) {
        answer_text(visit->answer, 200, "ok");
    } else {
        webhook_receiver_counts(visit->receiver, &counts);
        webhook_metrics_add(&visit->answer->body, &counts);
        visit->answer->content_type = WEBHOOK_METRICS_TYPE;
    }
}

static bool takes_path(const struct webhook_receiver_config *config, const char *path)
{
    size_t i;

    for (i = 0; i < config->path_count; i++)
        if (strcmp(config->paths[i], path) == 0)
            return true;
    return config->path_count == 0;
}

/* What can be said of a request before anything of it is believed. */
static int check_head(struct visit *visit)
{
    const char *method = visit->http->method,
               *type = http_server_header(visit->http, "Content-Type");

    if (!takes_path(&visit->receiver->config, visit->http->path))
        return refuse(visit, 404, WEBHOOK_OUTCOME_NOT_FOUND, "no webhooks are taken here");
    if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0)
        return refuse_method(visit, "GET, POST");
    if (strcmp(method, "POST") == 0 && !webhook_is_form(type) && !webhook_is_json(type))
        return refuse(visit, 415, WEBHOOK_OUTCOME_TYPE,
                      "the body must be application/x-www-form-urlencoded or application/json");
    visit->request = (struct webhook_request){
        .method = method,
        .content_type = type,
        .body = visit->http->body,
        .body_size = visit->http->body_size,
        .signature = http_server_header(visit->http, "X-Twilio-Signature"),
        .signature_count = http_server_header_count(visit->http, "X-Twilio-Signature"),
    };
    return 0;
}

static int check_signature(struct visit *visit)
{
    struct webhook_receiver *receiver = visit->receiver;
    enum webhook_verdict verdict = WEBHOOK_FORGED;
    const char *why = "it is not known under which URL it was called", *first = NULL;
    size_t i;

    for (i = 0; i < receiver->base_count; i++) {
        visit->request.url =
            arena_printf(&visit->arena, "%s%s%s%s", receiver->bases[i], visit->http->path,
                         visit->http->query[0] == '\0' ? "" : "?", visit->http->query);
        verdict = webhook_signature_check(receiver->config.token, &visit->request, &visit->arena,
                                          &visit->content, &why);
        if (verdict != WEBHOOK_FORGED)
            break;
        first = first == NULL ? visit->request.url : first;
    }
    if (verdict == WEBHOOK_GENUINE)
        return 0;
    if (first != NULL)
        visit->request.url = first;
    if (verdict == WEBHOOK_MALFORMED)
        return refuse(visit, 400, WEBHOOK_OUTCOME_MALFORMED, why);
    return refuse(visit, 403,
                  verdict == WEBHOOK_FORGED ? WEBHOOK_OUTCOME_FORGED : WEBHOOK_OUTCOME_UNSIGNED,
                  why);
}

/*
 * The rate is one of genuine webhooks: others are refused cheaply, and must not be able to crowd
 * these out.
 */
static int check_rate(struct visit *visit)
{
    struct rate_limit *limit = &visit->receiver->limit;
    int64_t now_ms = clock_monotonic(visit->receiver->config.clock);

    if (rate_limit_wait_ms(limit, now_ms) == 0) {
        rate_limit_take(limit, now_ms);
        return 0;
    }
    http_server_answer_header(visit->answer, "Retry-After", "1");
    return refuse(visit, 429, WEBHOOK_OUTCOME_RATE_LIMITED, "too many webhooks at once");
}

static void count_event(struct webhook_counts *counts, const struct webhook_event *event)
{
    counts->outcomes[WEBHOOK_OUTCOME_ACCEPTED]++;
    counts->kinds[event->kind]++;
    counts->duplicates += event->duplicate;
    counts->late += event->late;
}

static void accept(struct visit *visit, struct webhook_event *event)
{
    struct webhook_receiver *receiver = visit->receiver;

    event->received_ms = clock_wall(receiver->config.clock);
    event->path = visit->http->path;
    event->query = visit->http->query;
    event->idempotency_token = http_server_header(visit->http, "I-Twilio-Idempotency-Token");
    webhook_messages_note(receiver->messages, event);
    if (receiver->config.on_event(receiver->config.context, event) != 0) {
        refuse(visit, 503, WEBHOOK_OUTCOME_FAILED, "the webhook can't be passed on");
        return;
    }
    count_event(&receiver->counts, event);
    if (event->kind == WEBHOOK_STATUS) {
        visit->answer->status = 204;
        return;
    }
    visit->answer->content_type = "text/xml; charset=utf-8";
    buf_add_text(&visit->answer->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response/>\n");
}

static void take_webhook(struct visit *visit)
{
    struct webhook_event event;
    const char *why;

    if (check_head(visit) != 0 || check_signature(visit) != 0 || check_rate(visit) != 0)
        return;
    if (webhook_event_read(&event, &visit->request, &visit->content, &visit->arena, &why) != 0)
        refuse(visit, 400, WEBHOOK_OUTCOME_MALFORMED, why);
    else
        accept(visit, &event);
    webhook_event_release(&event);
}

void webhook_receiver_handle(void *context, const struct http_server_request *request,
                             struct http_server_answer *answer)
{
    struct visit visit = {.receiver = context, .http = request, .answer = answer};

    if (strcmp(request->path, "/healthz") == 0 || strcmp(request->path, "/metrics") == 0)
        answer_own(&visit, strcmp(request->path, "/metrics") == 0);
    else
        take_webhook(&visit);
    arena_release(&visit.arena);
}
