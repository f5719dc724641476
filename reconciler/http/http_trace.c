#include "http/http_trace.h"

#include "base/arena.h"
#include "base/form.h"
#include "base/str.h"
#include "http/http_engine.h"

#include <inttypes.h>
#include <string.h>

enum { ANSWER_SHOWN = 1000 };

/* Names and values of a query or a form; decoded, or a value could hide in its escapes. */
static void add_parameters(const struct http_trace *trace, const char *text, struct arena *arena,
                           struct buf *out)
{
    const char *why = NULL;
    struct form form;
    size_t i;

    if (form_parse(&form, arena, text, strlen(text), &why) != 0) {
        buf_printf(out, "(%s)", why);
        return;
    }
    for (i = 0; i < form.count; i++) {
        const char *value = redact_value(trace->redactions, arena, form.pairs[i].value);
        char *masked = arena_strdup(arena, value);
        masked[str_mask_passwords(masked, strlen(masked))] = '\0';
        buf_printf(out, "%s%s=%s", i == 0 ? "" : "&", form.pairs[i].name, masked);
    }
}

static const char *shown_url(const struct http_trace *trace, const char *url, struct arena *arena)
{
    const size_t path = strcspn(url, "?");
    struct buf out, visible;
    const char *shown;

    if (trace->secret_url)
        return arena_printf(arena, "%.*s://(secret)", (int)strcspn(url, ":"), url);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    buf_add(&out, url, path);
    if (url[path] == '?') {
        buf_add_char(&out, '?');
        add_parameters(trace, url + path + 1, arena, &out);
    }
    shown = redact_text(trace->redactions, arena, buf_text(&out));
    buf_init(&visible, BUF_LIMIT_DEFAULT);
    str_add_visible(&visible, shown, strlen(shown));
    shown = arena_strdup(arena, buf_text(&visible));
    buf_release(&visible);
    buf_release(&out);
    return shown;
}

static const char *fault_name(enum http_fault fault)
{
    static const char *const names[] = {
        [HTTP_FAULT_NONE] = "none",
        [HTTP_FAULT_CONNECT] = "connect",
        [HTTP_FAULT_CONNECTION] = "connection",
        [HTTP_FAULT_TIMEOUT] = "timeout",
        [HTTP_FAULT_TLS] = "tls",
        [HTTP_FAULT_TOO_LARGE] = "too-large",
        [HTTP_FAULT_PROTOCOL] = "protocol",
        [HTTP_FAULT_OVER] = "over",
    };

    return names[fault];
}

static void set_request(const struct http_trace *trace, const struct http_attempt *attempt,
                        const char *url, struct arena *arena, json_t *fields)
{
    const struct http_request *request = attempt->request;
    struct buf form;

    logger_set_text(fields, "method", http_method_name(request->method));
    logger_set_text(fields, "url", url);
    if (request->form != NULL && !trace->secret_url) {
        buf_init(&form, BUF_LIMIT_DEFAULT);
        add_parameters(trace, request->form, arena, &form);
        logger_set_text(fields, "form", buf_text(&form));
        buf_release(&form);
    }
    logger_set(fields, "attempt", json_integer(attempt->number));
}

/* An error's body says what is wrong; anything else is the account's, and long. */
static void set_error_body(const struct http_trace *trace, const struct http_response *response,
                           struct arena *arena, json_t *fields)
{
    json_t *body = json_loadb(response->body, response->body_size, 0, NULL);
    const json_t *code = json_object_get(body, "code");
    const char *shown;
    size_t size;

    if (json_is_integer(code))
        logger_set(fields, "code", json_integer(json_integer_value(code)));
    json_decref(body);
    if (response->body_size == 0 || trace->secret_url)
        return;
    /* Redacted before it is cut: half a secret is one, too. */
    shown = redact_text(trace->redactions, arena, response->body);
    size = strlen(shown);
    if (size > ANSWER_SHOWN)
        shown = arena_printf(arena, "%.*s…", (int)str_utf8_valid(shown, ANSWER_SHOWN), shown);
    logger_set_text(fields, "answer", shown);
}

static void set_response(const struct http_trace *trace, const struct http_response *response,
                         struct arena *arena, json_t *fields)
{
    if (response->fault != HTTP_FAULT_NONE) {
        logger_set_text(fields, "fault", fault_name(response->fault));
        if (!trace->secret_url)
            logger_set_text(fields, "error",
                            redact_text(trace->redactions, arena, response->error));
        return;
    }
    logger_set(fields, "status", json_integer(response->status));
    if (response->request_id[0] != '\0')
        logger_set_text(fields, "request_id", response->request_id);
    if (response->status >= 400)
        set_error_body(trace, response, arena, fields);
}

/* In milliseconds with one digit behind the point. */
static void set_time(json_t *fields, const char *name, int64_t us)
{
    logger_set(fields, name, json_real((double)((us + 50) / 100) / 10));
}

static void set_transfer(const struct http_attempt *attempt, json_t *fields)
{
    logger_set(fields, "sent_bytes", json_integer(attempt->sent_bytes));
    logger_set(fields, "received_bytes", json_integer(attempt->received_bytes));
    if (attempt->version[0] != '\0')
        logger_set_text(fields, "http", attempt->version);
    logger_set(fields, "reused", json_boolean(attempt->reused));
    logger_set(fields, "queued_ms", json_integer(attempt->queued_ms));
    if (!attempt->reused) {
        set_time(fields, "lookup_ms", attempt->lookup_us);
        set_time(fields, "connect_ms", attempt->connect_us);
        if (attempt->tls_us > 0)
            set_time(fields, "tls_ms", attempt->tls_us);
    }
    if (attempt->first_byte_us > 0)
        set_time(fields, "first_byte_ms", attempt->first_byte_us);
    set_time(fields, "duration_ms", attempt->total_us);
    if (attempt->again)
        logger_set(fields, "retry_ms", json_integer(attempt->delay_ms));
}

static void say_retry(const struct http_trace *trace, const struct http_attempt *attempt,
                      const char *url, struct arena *arena)
{
    const struct http_response *response = attempt->response;
    json_t *fields = logger_fields(trace->logger, LOG_INFO);
    const char *method = http_method_name(attempt->request->method);

    logger_set_text(fields, "method", method);
    logger_set_text(fields, "url", url);
    logger_set(fields, "attempt", json_integer(attempt->number));
    logger_set(fields, "retry_ms", json_integer(attempt->delay_ms));
    if (response->fault == HTTP_FAULT_NONE) {
        logger_set(fields, "status", json_integer(response->status));
        logger_record(trace->logger, LOG_INFO, fields,
                      "%s %s is sent again in %" PRId64 " ms: attempt %u had HTTP status %d%s",
                      method, url, attempt->delay_ms, attempt->number, response->status,
                      response->status == 429 ? " (too many requests)" : "");
        return;
    }
    logger_set_text(fields, "fault", fault_name(response->fault));
    logger_record(trace->logger, LOG_INFO, fields,
                  "%s %s is sent again in %" PRId64 " ms: attempt %u failed: %s", method, url,
                  attempt->delay_ms, attempt->number,
                  trace->secret_url ? fault_name(response->fault)
                                    : redact_text(trace->redactions, arena, response->error));
}

static void ended(void *context, const struct http_attempt *attempt)
{
    const struct http_trace *trace = context;
    json_t *fields = logger_fields(trace->logger, LOG_TRACE);
    struct arena scratch = {0};
    const char *url;

    if (logger_shows(trace->logger, LOG_INFO)) {
        url = shown_url(trace, attempt->request->url, &scratch);
        if (fields != NULL) {
            set_request(trace, attempt, url, &scratch, fields);
            set_response(trace, attempt->response, &scratch, fields);
            set_transfer(attempt, fields);
            logger_record(trace->logger, LOG_TRACE, fields, "request");
        }
        if (attempt->again)
            say_retry(trace, attempt, url, &scratch);
    }
    arena_release(&scratch);
}

struct http_observer http_trace_observer(struct http_trace *trace)
{
    return (struct http_observer){.ended = ended, .context = trace};
}
