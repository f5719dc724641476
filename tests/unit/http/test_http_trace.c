#include "http/http_trace.h"

#include "base/arena.h"
#include "http/http_engine.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static const struct http_request get = {
    .method = HTTP_GET,
    .url = "https://api.twilio.com/2010-04-01/Accounts/AC0/SMS/ShortCodes.json?PageSize=1000"
           "&ShortCode=8%2B5+x",
    .user = "SKuser",
    .password = "pass-word",
    .extra = {{"Authorization", "Bearer hidden-token"}},
};

static const struct http_request post = {
    .method = HTTP_POST,
    .url = "https://messaging.twilio.com/v1/Services/MG1",
    .user = "SKuser",
    .password = "pass-word",
    .form = "FriendlyName=Order%20notifications&StatusCallback=https%3A%2F%2Fu%3Apw55%40host%2Fin"
            "%2FTOKEN99&InboundMethod=abc&AreaCodeGeomatch=",
};

static const struct http_request notify = {
    .method = HTTP_POST,
    .url = "https://hooks.example.com/services/T0/secret-path?key=k9",
    .json = "{\"text\": \"hello\"}",
};

static const struct http_response good = {
    .status = 200,
    .body = "{\"secret\": \"body\"}",
    .body_size = 18,
    .content_type = "application/json",
    .request_id = "RQ1",
    .error = "",
};

#define REFUSAL "{\"code\": 20429, \"message\": \"no abc TOKEN99\"}"

static const struct http_response refused = {
    .status = 429,
    .body = REFUSAL,
    .body_size = sizeof(REFUSAL) - 1,
    .request_id = "RQ2",
    .error = "",
};

static const struct http_response lost = {
    .fault = HTTP_FAULT_CONNECTION,
    .body = "",
    .request_id = "",
    .error = "the connection was lost before the whole answer was there: TOKEN99",
};

static const struct http_response broken = {
    .fault = HTTP_FAULT_TLS,
    .body = "",
    .request_id = "",
    .error = "no certificate for hooks.example.com",
};

static const struct {
    enum log_level level;
    bool secret_url;
    struct http_attempt attempt;
    const char *text;
} cases[] = {
    {.level = LOG_TRACE,
     .attempt = {.request = &get,
                 .response = &good,
                 .number = 1,
                 .queued_ms = 12,
                 .version = "2",
                 .lookup_us = 1234,
                 .connect_us = 14060,
                 .tls_us = 20300,
                 .first_byte_us = 120400,
                 .total_us = 121749,
                 .received_bytes = 18},
     .text = "trace: request method=GET url=\"https://api.twilio.com/2010-04-01/Accounts/AC0/SMS/"
             "ShortCodes.json?PageSize=1000&ShortCode=8+5 x\" attempt=1 status=200 request_id=RQ1 "
             "sent_bytes=0 received_bytes=18 http=2 reused=false queued_ms=12 lookup_ms=1.2 "
             "connect_ms=14.1 tls_ms=20.3 first_byte_ms=120.4 duration_ms=121.7\n"},
    /* Refused, and sent again: with its error, without what came from variables. */
    {.level = LOG_TRACE,
     .attempt = {.request = &post,
                 .response = &refused,
                 .number = 2,
                 .version = "1.1",
                 .reused = true,
                 .sent_bytes = 99,
                 .again = true,
                 .delay_ms = 250},
     .text = "trace: request method=POST url=https://messaging.twilio.com/v1/Services/MG1 "
             "form=\"FriendlyName=Order notifications&StatusCallback=https://u:****@host/in/"
             "${TOKEN}&InboundMethod=${SHORT}&AreaCodeGeomatch=\" attempt=2 status=429 "
             "request_id=RQ2 code=20429 answer=\"{\\\"code\\\": 20429, \\\"message\\\": \\\"no abc "
             "${TOKEN}\\\"}\" sent_bytes=99 received_bytes=0 http=1.1 reused=true queued_ms=0 "
             "duration_ms=0.0 retry_ms=250\n"
             "info: POST https://messaging.twilio.com/v1/Services/MG1 is sent again in 250 ms: "
             "attempt 2 had HTTP status 429 (too many requests)\n"},
    /* What is not repeated is no news for --verbose. */
    {.level = LOG_INFO,
     .attempt = {.request = &get, .response = &good, .number = 1, .version = "2"},
     .text = ""},
    {.level = LOG_INFO,
     .attempt = {.request = &get,
                 .response = &lost,
                 .number = 1,
                 .version = "",
                 .again = true,
                 .delay_ms = 20},
     .text = "info: GET https://api.twilio.com/2010-04-01/Accounts/AC0/SMS/ShortCodes.json?"
             "PageSize=1000&ShortCode=8+5 x is sent again in 20 ms: attempt 1 failed: the "
             "connection was lost before the whole answer was there: ${TOKEN}\n"},
    /* Of a URL that is a secret itself, nothing. */
    {.level = LOG_TRACE,
     .secret_url = true,
     .attempt = {.request = &notify,
                 .response = &broken,
                 .number = 1,
                 .version = "",
                 .again = true,
                 .delay_ms = 5},
     .text = "trace: request method=POST url=https://(secret) attempt=1 fault=tls sent_bytes=0 "
             "received_bytes=0 reused=false queued_ms=0 lookup_ms=0.0 connect_ms=0.0 "
             "duration_ms=0.0 retry_ms=5\n"
             "info: POST https://(secret) is sent again in 5 ms: attempt 1 failed: tls\n"},
    {.level = LOG_NOTE,
     .attempt = {.request = &get, .response = &lost, .number = 1, .version = "", .again = true},
     .text = ""},
};

static size_t read_all(FILE *file, char *text, size_t size)
{
    rewind(file);
    size = fread(text, 1, size - 1, file);
    text[size] = '\0';
    return size;
}

static void run_case(size_t index, bool json, char *text, size_t size)
{
    FILE *file = tmpfile();
    struct redactions redactions = {0};
    struct arena arena = {0};
    struct logger logger = {.level = cases[index].level,
                            .json = json,
                            .details_json = json,
                            .descriptor = fileno(file),
                            .details = fileno(file)};
    struct http_trace trace = {
        .logger = &logger, .redactions = &redactions, .secret_url = cases[index].secret_url};
    const struct http_observer observer = http_trace_observer(&trace);

    redactions_add(&redactions, &arena, "TOKEN99", "${TOKEN}");
    /* Too short to be looked for in texts, but a whole value. */
    redactions_add(&redactions, &arena, "abc", "${SHORT}");
    observer.ended(observer.context, &cases[index].attempt);
    read_all(file, text, size);
    fclose(file);
    arena_release(&arena);
}

static void test_text(void **state)
{
    char text[4096];
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        run_case(i, false, text, sizeof(text));
        assert_string_equal(text, cases[i].text);
    }
}

/* Every line is an object, and none of the secrets is in any. */
static void test_json(void **state)
{
    static const char *const secrets[] = {
        "pass-word", "SKuser",      "hidden-token", "Authorization", "pw55",  "TOKEN99",
        "body",      "secret-path", "k9",           "hello",         "hooks",
    };
    char text[4096], *line, *end;
    size_t i, j, lines = 0;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        run_case(i, true, text, sizeof(text));
        for (j = 0; j < COUNT_OF(secrets); j++)
            if (strstr(text, secrets[j]) != NULL)
                fail_msg("%s is in %s", secrets[j], text);
        for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            json_t *record = json_loadb(line, (size_t)(end - line), 0, NULL);
            assert_non_null(json_object_get(record, "method"));
            assert_non_null(json_object_get(record, "url"));
            assert_true(json_is_integer(json_object_get(record, "attempt")));
            json_decref(record);
            lines++;
        }
        assert_int_equal(*line, '\0');
    }
    assert_int_equal(lines, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text), cmocka_unit_test(test_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
