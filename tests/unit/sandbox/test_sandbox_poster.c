/*
 * Webhooks on their way: what arrives, in which order, and what the log says of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "base/str.h"
#include "http/http_server.h"
#include "sandbox/sandbox_poster.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct http_server *server;
    struct sandbox_poster *poster;
    struct random_state random;
    FILE *log;
    struct buf heard; /* "path form\n" of each request */
    char base[64], signature[64], token[64], agent[64], type[64];
    char authorization[64];
    unsigned requests;
};

static void keep_header(const struct http_server_request *request, const char *name, char out[64])
{
    const char *value = http_server_header(request, name);
    snprintf(out, 64, "%s", value == NULL ? "(none)" : value);
}

/* The earlier ones are answered the latest, so that only who waits for them keeps the order. */
static void hear(void *context, const struct http_server_request *request,
                 struct http_server_answer *answer)
{
    struct fixture *f = context;

    keep_header(request, "X-Twilio-Signature", f->signature);
    keep_header(request, "I-Twilio-Idempotency-Token", f->token);
    keep_header(request, "User-Agent", f->agent);
    keep_header(request, "Content-Type", f->type);
    buf_printf(&f->heard, "%s %s %s\n", request->method, request->path, request->body);
    keep_header(request, "Authorization", f->authorization);
    answer->status = str_equal(request->path, "/broken") ? 503 : 204;
    if (str_starts_with(request->path, "/private") && str_equal(f->authorization, "(none)"))
        answer->status = 401;
    else if (str_equal(request->path, "/private/no"))
        answer->status = 401;
    answer->delay_ms = f->requests < 6 ? 60 - 10 * (int64_t)f->requests : 0;
    f->requests++;
}

static void start_with(struct fixture *f, bool calls_out)
{
    const struct http_server_config config = {.handler = hear, .context = f};
    struct diag diag;

    memset(f, 0, sizeof(*f));
    diag_init(&diag);
    buf_init(&f->heard, BUF_LIMIT_DEFAULT);
    random_seed(&f->random, 1);
    f->log = tmpfile();
    assert_non_null(f->log);
    f->server = http_server_new(&config, &diag);
    f->poster = sandbox_poster_new(&clock_system, calls_out, f->log, &diag);
    assert_non_null(f->server);
    assert_non_null(f->poster);
    diag_release(&diag);
    snprintf(f->base, sizeof(f->base), "http://127.0.0.1:%u",
             (unsigned)http_server_port(f->server));
}

static void start(struct fixture *f)
{
    start_with(f, false);
}

static void stop(struct fixture *f)
{
    sandbox_poster_free(f->poster);
    http_server_free(f->server);
    buf_release(&f->heard);
    fclose(f->log);
}

/* Runs until nothing is under way. */
static void settle(struct fixture *f)
{
    while (sandbox_poster_pending(f->poster) > 0) {
        (void)http_engine_turn(sandbox_poster_engine(f->poster), http_server_fd(f->server),
                               http_server_wait_ms(f->server, -1));
        assert_int_equal(http_server_turn(f->server, 0), 0);
    }
}

static struct sandbox_webhook *make(struct fixture *f, const char *url, const char *sid,
                                    const char *event)
{
    struct sandbox_webhook_draft draft = {
        .method = HTTP_POST, .url = url, .sid = sid, .event = event};

    sandbox_webhook_add(&draft, "Of", sid);
    sandbox_webhook_add(&draft, "Status", event);
    return sandbox_webhook_new(&draft, "token", &f->random);
}

static void post(struct fixture *f, const char *path, const char *sid, const char *event)
{
    struct sandbox_webhook *webhook;
    char url[256];

    snprintf(url, sizeof(url), "%s%s", f->base, path);
    webhook = make(f, url, sid, event);
    sandbox_poster_post(f->poster, webhook);
    sandbox_webhook_free(webhook);
}

/* A member of the log's line of that number, as text. */
static const char *logged(struct fixture *f, size_t number, const char *member, char out[512])
{
    char line[4096];
    json_t *value, *object = NULL;
    size_t i;

    rewind(f->log);
    for (i = 0; i <= number; i++)
        if (fgets(line, sizeof(line), f->log) == NULL)
            return "(no line)";
    object = json_loads(line, 0, NULL);
    assert_non_null(object);
    value = json_object_get(object, member);
    if (json_is_integer(value))
        snprintf(out, 512, "%d", (int)json_integer_value(value));
    else
        snprintf(out, 512, "%s",
                 value == NULL         ? "(none)"
                 : json_is_null(value) ? "null"
                                       : json_string_value(value));
    json_decref(object);
    return out;
}

static void test_headers_and_log(void **state)
{
    struct sandbox_webhook *webhook;
    struct fixture f;
    char text[512], url[256];

    (void)state;
    start(&f);
    snprintf(url, sizeof(url), "%s/status?key=secret#rc=1", f.base);
    webhook = make(&f, url, "SM1", "sent");
    sandbox_poster_post(f.poster, webhook);
    settle(&f);
    assert_string_equal(buf_text(&f.heard), "POST /status Of=SM1&Status=sent\n");
    assert_string_equal(f.signature, webhook->signature);
    assert_string_equal(f.token, webhook->token);
    assert_string_equal(f.agent, "TwilioProxy/1.1");
    assert_string_equal(f.type, "application/x-www-form-urlencoded");
    sandbox_webhook_free(webhook);
    post(&f, "/broken", "SM1", "delivered");
    settle(&f);
    snprintf(url, sizeof(url), "%s/status", f.base);
    assert_string_equal(logged(&f, 0, "webhook", text), "sent");
    assert_string_equal(logged(&f, 0, "message", text), "SM1");
    assert_string_equal(logged(&f, 0, "url", text), url);
    assert_string_equal(logged(&f, 0, "status", text), "204");
    assert_string_equal(logged(&f, 0, "fault", text), "(none)");
    /* What the receiver could not handle is not tried again. */
    assert_string_equal(logged(&f, 1, "status", text), "503");
    assert_int_equal(f.requests, 2);
    stop(&f);
}

/* Each message's in their order; none of them waits for another message's. */
static void test_order(void **state)
{
    static const char *const sids[] = {"SM1", "SM2", "SM3"};
    static const char *const events[] = {"queued", "sent", "delivered"};
    struct fixture f;
    char wanted[64];
    const char *at;
    size_t i, event;

    (void)state;
    start(&f);
    for (event = 0; event < COUNT_OF(events); event++)
        for (i = 0; i < COUNT_OF(sids); i++)
            post(&f, "/", sids[i], events[event]);
    assert_int_equal(sandbox_poster_pending(f.poster), 9);
    settle(&f);
    assert_int_equal(f.requests, 9);
    for (i = 0; i < COUNT_OF(sids); i++) {
        at = buf_text(&f.heard);
        for (event = 0; event < COUNT_OF(events); event++) {
            snprintf(wanted, sizeof(wanted), "Of=%s&Status=%s\n", sids[i], events[event]);
            at = strstr(at, wanted);
            assert_non_null(at);
        }
    }
    stop(&f);
}

/* Nobody listens: tried twice. Plain http elsewhere: never sent. */
static void test_unreachable(void **state)
{
    static const struct {
        const char *url, *shown, *error;
        size_t requests;
    } cases[] = {
        {"http://127.0.0.1:1/a?b=c", "http://127.0.0.1:1/a", "cannot connect", 2},
        {"http://example.com/a", "http://example.com/a", "plain http goes to loopback", 1},
        {"http://user:secret@example.com/a@b", "http://example.com/a@b",
         "plain http goes to loopback", 1},
    };
    struct sandbox_webhook *webhook;
    struct fixture f;
    char text[512];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        start_with(&f, true);
        webhook = make(&f, cases[i].url, "SM1", "sent");
        sandbox_poster_post(f.poster, webhook);
        sandbox_webhook_free(webhook);
        settle(&f);
        assert_string_equal(logged(&f, 0, "url", text), cases[i].shown);
        assert_string_equal(logged(&f, 0, "status", text), "null");
        assert_non_null(strstr(logged(&f, 0, "error", text), cases[i].error));
        assert_string_equal(logged(&f, 1, "url", text), "(no line)");
        assert_int_equal(http_engine_stats(sandbox_poster_engine(f.poster))->requests,
                         cases[i].requests);
        stop(&f);
    }
}

/* A password is not signed, and first sent when it is asked for; once. */
static void test_password(void **state)
{
    static const struct {
        const char *path, *status, *authorization;
        unsigned requests;
    } cases[] = {
        {"/status", "204", "(none)", 1},
        {"/private", "204", "Basic dTpwK0AgYg==", 2},
        {"/private/no", "401", "Basic dTpwK0AgYg==", 2},
    };
    struct sandbox_webhook *webhook, *bare;
    struct fixture f;
    char text[512], url[256];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        start(&f);
        snprintf(url, sizeof(url), "%s%s", f.base, cases[i].path);
        bare = make(&f, url, "SM1", "sent");
        snprintf(url, sizeof(url), "http://u:p+%%40%%20b@127.0.0.1:%u%s",
                 (unsigned)http_server_port(f.server), cases[i].path);
        webhook = make(&f, url, "SM1", "sent");
        assert_string_equal(webhook->url, bare->url);
        assert_string_equal(webhook->signature, bare->signature);
        sandbox_poster_post(f.poster, webhook);
        settle(&f);
        assert_string_equal(f.authorization, cases[i].authorization);
        assert_int_equal(f.requests, cases[i].requests);
        assert_string_equal(logged(&f, 0, "status", text), cases[i].status);
        assert_string_equal(logged(&f, 1, "status", text), "(no line)");
        sandbox_webhook_free(webhook);
        sandbox_webhook_free(bare);
        stop(&f);
    }
}

static void test_lost(void **state)
{
    struct sandbox_webhook *webhook;
    struct fixture f;
    char text[512];

    (void)state;
    start(&f);
    webhook = make(&f, f.base, "SM1", "sent");
    webhook->lost = true;
    webhook->fault = "lost";
    sandbox_poster_post(f.poster, webhook);
    sandbox_webhook_free(webhook);
    settle(&f);
    assert_string_equal(logged(&f, 0, "fault", text), "lost");
    assert_string_equal(logged(&f, 0, "status", text), "null");
    assert_string_equal(logged(&f, 0, "error", text), "(none)");
    assert_int_equal(f.requests, 0);
    stop(&f);
}

/* What is under way when it ends is dropped. */
static void test_drop(void **state)
{
    struct fixture f;

    (void)state;
    start(&f);
    post(&f, "/", "SM1", "queued");
    post(&f, "/", "SM1", "sent");
    post(&f, "/", "SM2", "queued");
    (void)http_engine_turn(sandbox_poster_engine(f.poster), -1, 0);
    stop(&f);
}

/* What is only played never reaches the hosts that an account names. */
static void test_kept_in(void **state)
{
    static const char *const urls[] = {"https://hooks.example.com/status",
                                       "https://127.0.0.1.example.com/", "https://192.0.2.1/"};
    struct fixture f;
    char text[512];
    size_t i;
    (void)state;

    start(&f);
    for (i = 0; i < COUNT_OF(urls); i++) {
        struct sandbox_webhook *webhook = make(&f, urls[i], "SM1", "sent");
        sandbox_poster_post(f.poster, webhook);
        sandbox_webhook_free(webhook);
        assert_int_equal(sandbox_poster_pending(f.poster), 0);
        assert_string_equal(logged(&f, i, "error", text),
                            "not sent: the sandbox only calls this machine (--call-out)");
    }
    stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers_and_log),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_unreachable),
        cmocka_unit_test(test_password),
        cmocka_unit_test(test_lost),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_kept_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
