/*
 * The receiver behind a real listener: what it answers, what it passes on, and what it counts.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "twilio/webhook_metrics.h"
#include "twilio/webhook_receiver.h"

#include "unit/http/raw_client.h"
#include "unit/http/server_thread.h"

#define TOKEN "0123456789abcdef"
#define BASE "https://hooks.example.com/in"
#define SM "SM0123456789abcdef0123456789abcdef"
#define SENT "MessageSid=" SM "&MessageStatus=sent"
#define INBOUND "MessageSid=" SM "&SmsStatus=received&Body=Hi"
#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded\r\n"

struct fixture {
    struct server_thread running;
    struct webhook_receiver *receiver;
    struct clock clock;
    atomic_llong now_ms;
    uint16_t port;
    struct buf heard;
    int result; /* of on_event() */
    unsigned events, refusals;
    char last_why[256], last_url[256];
};

static int64_t fake_now(void *context)
{
    return atomic_load(&((struct fixture *)context)->now_ms);
}

static int take_event(void *context, const struct webhook_event *event)
{
    struct fixture *fixture = context;

    fixture->events++;
    if (strcmp(event->message_sid, SM) != 0 || event->received_ms != fake_now(fixture))
        return -1;
    return fixture->result;
}

static void take_refusal(void *context, const struct webhook_refusal *refusal)
{
    struct fixture *fixture = context;

    fixture->refusals++;
    snprintf(fixture->last_why, sizeof(fixture->last_why), "%s", refusal->why);
    snprintf(fixture->last_url, sizeof(fixture->last_url), "%s",
             refusal->url == NULL ? "" : refusal->url);
}

static void start(struct fixture *fixture, const char *const *paths, size_t path_count,
                  int64_t max_rate)
{
    struct webhook_receiver_config config = {.token = TOKEN,
                                             .paths = paths,
                                             .path_count = path_count,
                                             .max_rate = max_rate,
                                             .clock = &fixture->clock,
                                             .on_event = take_event,
                                             .on_refused = take_refusal,
                                             .context = fixture};
    struct http_server_config http = {.handler = webhook_receiver_handle,
                                      .lost = webhook_receiver_lost,
                                      .max_body = WEBHOOK_MAX_BODY};

    memset(fixture, 0, sizeof(*fixture));
    atomic_init(&fixture->now_ms, 1000);
    fixture->clock = (struct clock){fake_now, fake_now, fixture};
    buf_init(&fixture->heard, 1024 * 1024);
    fixture->receiver = http.context = webhook_receiver_new(&config);
    webhook_receiver_add_base(fixture->receiver, "http://other.example");
    webhook_receiver_add_base(fixture->receiver, BASE "//");
    fixture->port = (uint16_t)server_thread_start(&fixture->running, &http);
}

/* Ends the server; its receiver can be looked at until release(). */
static void stop(struct fixture *fixture)
{
    server_thread_free(&fixture->running);
}

static void release(struct fixture *fixture)
{
    webhook_receiver_free(fixture->receiver);
    buf_release(&fixture->heard);
}

/* Sends a request and hears the answer, whose status is returned. */
static int ask_for(struct fixture *fixture, const char *method, const char *target,
                   const char *headers, const char *body)
{
    int client = dial(fixture->port);
    struct buf request;

    buf_init(&request, 1024 * 1024);
    buf_printf(&request, "%s %s HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n%s", method,
               target, headers);
    if (body != NULL)
        buf_printf(&request, "Content-Length: %zu\r\n", strlen(body));
    buf_printf(&request, "\r\n%s", body == NULL ? "" : body);
    say(client, request.data, request.size);
    hear_all(client, &fixture->heard);
    close(client);
    buf_release(&request);
    return (int)strtol(buf_text(&fixture->heard) + strlen("HTTP/1.1 "), NULL, 10);
}

/* The same with a signature for the URL, of the body's parameters when it is a form. */
static int send_signed(struct fixture *fixture, const char *method, const char *target,
                       const char *type, const char *body)
{
    struct webhook_parameter parameters[8];
    char signature[WEBHOOK_SIGNATURE_SIZE], url[1024], headers[1024];
    struct arena arena = {0};
    struct form form = {0};
    const char *why;
    size_t i;

    if (body != NULL && webhook_is_form(type))
        assert_int_equal(form_parse(&form, &arena, body, strlen(body), &why), 0);
    for (i = 0; i < form.count; i++)
        parameters[i] = (struct webhook_parameter){form.pairs[i].name, form.pairs[i].value};
    snprintf(url, sizeof(url), BASE "%s", target);
    webhook_signature_make(TOKEN, url, parameters, form.count, signature);
    snprintf(headers, sizeof(headers), "%s%s%sx-twilio-signature: %s\r\n",
             type == NULL ? "" : "Content-Type: ", type == NULL ? "" : type,
             type == NULL ? "" : "\r\n", signature);
    arena_release(&arena);
    return ask_for(fixture, method, target, headers, body);
}

static void test_genuine_webhooks(void **state)
{
    struct webhook_counts counts;
    struct fixture fixture;

    (void)state;
    start(&fixture, NULL, 0, 0);
    assert_int_equal(send_signed(&fixture, "POST", "/status?a=1", NULL, SENT), 204);
    assert_int_equal(send_signed(&fixture, "POST", "/status?a=1", NULL, SENT), 204);
    assert_int_equal(send_signed(&fixture, "POST", "/again",
                                 "application/x-www-form-urlencoded; charset=utf-8", SENT),
                     204);
    assert_int_equal(send_signed(&fixture, "GET", "/status?" SENT, NULL, NULL), 204);
    assert_int_equal(send_signed(&fixture, "POST", "/", NULL, INBOUND), 200);
    assert_has(&fixture.heard, "Content-Type: text/xml");
    assert_has(&fixture.heard, "<Response/>");
    assert_int_equal(send_signed(&fixture, "POST",
                                 "/json?bodySHA256="
                                 "7c55dd07b30c9da8ab64eac2abc5bb7cd6e3e3d76d8a06b1e8b52a04b4a3bb5e",
                                 "application/json", "{}"),
                     403);
    stop(&fixture);
    assert_string_equal(fixture.last_why, "the body is not that of bodySHA256");
    webhook_receiver_counts(fixture.receiver, &counts);
    assert_int_equal(counts.outcomes[WEBHOOK_OUTCOME_ACCEPTED], 5);
    assert_int_equal(counts.kinds[WEBHOOK_STATUS], 4);
    assert_int_equal(counts.kinds[WEBHOOK_INBOUND], 1);
    assert_int_equal(counts.duplicates, 1);
    assert_int_equal(counts.late, 2);
    assert_int_equal(counts.messages, 1);
    assert_int_equal(fixture.events, 5);
    release(&fixture);
}

static void test_refusals(void **state)
{
    static const char *const paths[] = {"/status"};
    static const struct {
        const char *method, *target, *headers, *body;
        int status;
        enum webhook_outcome outcome;
        const char *says;
    } cases[] = {
        {"POST", "/status", FORM_TYPE, SENT, 403, WEBHOOK_OUTCOME_UNSIGNED, "no X-Twilio-Sig"},
        {"GET", "/status", "", NULL, 403, WEBHOOK_OUTCOME_UNSIGNED, "no X-Twilio-Signature"},
        {"POST", "/status",
         "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\r\n"
         "X-Forwarded-Host: mycompany.com\r\n",
         SENT, 403, WEBHOOK_OUTCOME_FORGED, "does not match"},
        {"POST", "/status",
         "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\r\n"
         "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\r\n",
         SENT, 403, WEBHOOK_OUTCOME_UNSIGNED, "more than one"},
        {"POST", "/status", "", "MessageSid=%", 400, WEBHOOK_OUTCOME_MALFORMED, "percent"},
        {"POST", "/other", "", SENT, 404, WEBHOOK_OUTCOME_NOT_FOUND, "no webhooks"},
        {"POST", "/status/", "", SENT, 404, WEBHOOK_OUTCOME_NOT_FOUND, "no webhooks"},
        {"PUT", "/status", "", SENT, 405, WEBHOOK_OUTCOME_METHOD, "Allow: GET, POST"},
        {"HEAD", "/status", "", NULL, 405, WEBHOOK_OUTCOME_METHOD, "Allow: GET, POST"},
        {"POST", "/metrics", "", SENT, 405, WEBHOOK_OUTCOME_METHOD, "Allow: GET, HEAD"},
        {"DELETE", "/healthz", "", NULL, 405, WEBHOOK_OUTCOME_METHOD, "Allow: GET, HEAD"},
        {"POST", "/status", "Content-Type: text/xml\r\n", "<a/>", 415, WEBHOOK_OUTCOME_TYPE,
         "application/json"},
        {"POST", "/status", "Content-Type: multipart/form-data; boundary=x\r\n", "--x", 415,
         WEBHOOK_OUTCOME_TYPE, "application/json"},
    };
    struct webhook_counts before, after;
    struct fixture fixture;
    size_t i;

    (void)state;
    start(&fixture, paths, COUNT_OF(paths), 0);
    for (i = 0; i < COUNT_OF(cases); i++) {
        webhook_receiver_counts(fixture.receiver, &before);
        assert_int_equal(
            ask_for(&fixture, cases[i].method, cases[i].target, cases[i].headers, cases[i].body),
            cases[i].status);
        assert_has(&fixture.heard, cases[i].says);
        webhook_receiver_counts(fixture.receiver, &after);
        assert_int_equal(after.outcomes[cases[i].outcome], before.outcomes[cases[i].outcome] + 1);
        assert_int_equal(fixture.refusals, i + 1);
    }
    stop(&fixture);
    assert_int_equal(fixture.events, 0);
    release(&fixture);
}

/* Genuine ones that are no webhooks of messages; and what was checked is told. */
static void test_other_refusals(void **state)
{
    struct fixture fixture;

    (void)state;
    start(&fixture, NULL, 0, 0);
    assert_int_equal(send_signed(&fixture, "POST", "/x", NULL, "CallSid=CA1"), 400);
    assert_has(&fixture.heard, "no MessageSid");
    assert_int_equal(ask_for(&fixture, "POST", "/y?b",
                             "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8=\r\n", SENT),
                     403);
    assert_string_equal(fixture.last_url, "http://other.example/y?b");
    stop(&fixture);
    release(&fixture);
}

/* Past the rate 429 is answered; what is not genuine takes nothing of it. */
static void test_rate(void **state)
{
    struct webhook_counts counts;
    struct fixture fixture;
    int i;

    (void)state;
    start(&fixture, NULL, 0, 1);
    for (i = 0; i < 5; i++)
        assert_int_equal(ask_for(&fixture, "POST", "/", "", SENT), 403);
    assert_int_equal(send_signed(&fixture, "POST", "/", NULL, SENT), 204);
    assert_int_equal(send_signed(&fixture, "POST", "/", NULL, SENT), 429);
    assert_has(&fixture.heard, "Retry-After: 1");
    atomic_fetch_add(&fixture.now_ms, 1000);
    assert_int_equal(send_signed(&fixture, "POST", "/", NULL, SENT), 204);
    stop(&fixture);
    webhook_receiver_counts(fixture.receiver, &counts);
    assert_int_equal(counts.outcomes[WEBHOOK_OUTCOME_RATE_LIMITED], 1);
    assert_int_equal(counts.outcomes[WEBHOOK_OUTCOME_ACCEPTED], 2);
    release(&fixture);
}

/* What can't be passed on must not be answered as if it was. */
static void test_an_event_that_is_not_taken(void **state)
{
    struct webhook_counts counts;
    struct fixture fixture;

    (void)state;
    start(&fixture, NULL, 0, 0);
    fixture.result = -1;
    assert_int_equal(send_signed(&fixture, "POST", "/", NULL, SENT), 503);
    stop(&fixture);
    webhook_receiver_counts(fixture.receiver, &counts);
    assert_int_equal(counts.outcomes[WEBHOOK_OUTCOME_FAILED], 1);
    assert_int_equal(counts.outcomes[WEBHOOK_OUTCOME_ACCEPTED], 0);
    release(&fixture);
}

static void test_own_pages(void **state)
{
    struct webhook_counts counts;
    struct fixture fixture;
    unsigned i;

    (void)state;
    start(&fixture, NULL, 0, 0);
    assert_int_equal(ask_for(&fixture, "GET", "/healthz", "", NULL), 200);
    assert_has(&fixture.heard, "\r\n\r\nok\n");
    assert_int_equal(ask_for(&fixture, "HEAD", "/healthz", "", NULL), 200);
    send_signed(&fixture, "POST", "/", NULL, SENT);
    ask_for(&fixture, "POST", "/", "", SENT);
    assert_int_equal(ask_for(&fixture, "GET", "/metrics", "", NULL), 200);
    assert_has(&fixture.heard, "Content-Type: " WEBHOOK_METRICS_TYPE);
    assert_has(&fixture.heard, "\nroster_listen_requests_total{outcome=\"accepted\"} 1\n");
    assert_has(&fixture.heard, "\nroster_listen_requests_total{outcome=\"unsigned\"} 1\n");
    assert_has(&fixture.heard, "\nroster_listen_webhooks_total{kind=\"inbound\"} 0\n");
    assert_has(&fixture.heard, "\nroster_listen_messages 1\n");
    stop(&fixture);
    /* They count for nothing. */
    webhook_receiver_counts(fixture.receiver, &counts);
    for (i = 0; i < WEBHOOK_OUTCOME_COUNT; i++)
        assert_int_equal(counts.outcomes[i],
                         i == WEBHOOK_OUTCOME_ACCEPTED || i == WEBHOOK_OUTCOME_UNSIGNED);
    release(&fixture);
}

static void test_oversized(void **state)
{
    struct webhook_counts counts;
    struct fixture fixture;
    struct buf body;

    (void)state;
    buf_init(&body, 1024 * 1024);
    buf_add_fill(&body, 'x', WEBHOOK_MAX_BODY + 1);
    start(&fixture, NULL, 0, 0);
    assert_int_equal(ask_for(&fixture, "POST", "/", "", buf_text(&body)), 413);
    stop(&fixture);
    webhook_receiver_counts(fixture.receiver, &counts);
    assert_int_equal(counts.outcomes[WEBHOOK_OUTCOME_OVERSIZED], 1);
    assert_int_equal(fixture.refusals, 1);
    release(&fixture);
    buf_release(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_genuine_webhooks),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_other_refusals),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_an_event_that_is_not_taken),
        cmocka_unit_test(test_own_pages),
        cmocka_unit_test(test_oversized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
