/*
 * What is posted when a message gets on, or comes in; and what can go wrong with that.
 */
#include "messages_fixture.h"

#include "base/str.h"
#include "http/webhook_signature.h"
#include "sandbox/sandbox_callbacks.h"

#define HEAD "{\"version\":1,\"account\":{\"sid\":\"" ACCOUNT "\",\"auth_token\":\"token\"},"

#define SERVICE(members)                                                                \
    HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+12025550001\","              \
         "\"sms_url\":\"http://127.0.0.1:1/number\",\"sms_method\":\"GET\"},"           \
         "{\"phone_number\":\"+12025550002\",\"sms_url\":\"http://127.0.0.1:1/free\"}," \
         "{\"phone_number\":\"+12025550003\"}],"                                        \
         "\"channel_senders\":[{\"sender\":\"whatsapp:+12025550001\"}],"                \
         "\"services\":[{\"sid\":\"" ORDERS "\",\"friendly_name\":\"Orders\","          \
         "\"phone_numbers\":[\"+12025550001\"],"                                        \
         "\"channel_senders\":[\"whatsapp:+12025550001\"]," members "},"                \
         "{\"sid\":\"" EMPTY "\",\"friendly_name\":\"Empty\"}]}"

#define URL "http://127.0.0.1:1/status?key=1"
#define WITH_CALLBACK SERVICE("\"status_callback\":\"" URL "#rc=2\"")

struct callbacks {
    struct fixture f;
    struct posted posted;
};

static void start(struct callbacks *c, const char *account, struct sandbox_callback_faults *faults)
{
    const struct sandbox_config config = {
        .post = posted_take, .post_context = &c->posted, .callback_faults = faults};

    c->posted.count = 0;
    fixture_start(&c->f, account, &config);
}

static void stop(struct callbacks *c)
{
    posted_clear(&c->posted);
    fixture_stop(&c->f);
}

static void pass(struct callbacks *c, int64_t ms)
{
    c->f.now_ms += ms;
    sandbox_server_advance(c->f.server);
}

/* The form of a webhook with the SID of its message left out, "name=value\n" each. */
static const char *show(const struct sandbox_webhook *webhook, const char *form, char out[4096])
{
    struct arena arena = {0};
    struct form parsed;
    const char *why;
    size_t i, size = 0;

    assert_int_equal(form_parse(&parsed, &arena, form, strlen(form), &why), 0);
    out[0] = '\0';
    for (i = 0; i < parsed.count; i++)
        size += (size_t)snprintf(
            out + size, 4096 - size, "%s=%s\n", parsed.pairs[i].name,
            strcmp(parsed.pairs[i].value, webhook->sid) == 0 ? "<sid>" : parsed.pairs[i].value);
    arena_release(&arena);
    return out;
}

/* Whether it is signed with the account's token. */
static bool is_genuine(const struct sandbox_webhook *webhook)
{
    const struct webhook_request request = {
        .method = http_method_name(webhook->method),
        .url = webhook->url,
        .content_type = "application/x-www-form-urlencoded",
        .body = webhook->form,
        .body_size = strlen(webhook->form),
        .signature = webhook->signature,
        .signature_count = 1,
    };
    struct webhook_content content;
    struct arena arena = {0};
    const char *why;
    bool genuine =
        webhook_signature_check("token", &request, &arena, &content, &why) == WEBHOOK_GENUINE;

    arena_release(&arena);
    return genuine;
}

static void test_parameters(void **state)
{
    struct callbacks c;
    char text[4096];
    size_t i;

    (void)state;
    start(&c, WITH_CALLBACK, NULL);
    messages_send(&c.f, "15005530003", ORDERS);
    pass(&c, FIXTURE_DELAY_MS);
    posted_expect(&c.posted, "queued sent undelivered");
    assert_string_equal(show(c.posted.webhooks[0], c.posted.webhooks[0]->form, text),
                        "SmsSid=<sid>\nSmsStatus=queued\nMessageStatus=queued\nTo=+15005530003\n"
                        "MessagingServiceSid=" ORDERS "\nMessageSid=<sid>\nAccountSid=" ACCOUNT
                        "\nFrom=+12025550001\nApiVersion=2010-04-01\n");
    assert_string_equal(show(c.posted.webhooks[2], c.posted.webhooks[2]->form, text),
                        "ErrorCode=30003\nRawDlrDoneDate=2601020304\nSmsSid=<sid>\n"
                        "SmsStatus=undelivered\nMessageStatus=undelivered\nTo=+15005530003\n"
                        "MessagingServiceSid=" ORDERS "\nMessageSid=<sid>\nAccountSid=" ACCOUNT
                        "\nFrom=+12025550001\nApiVersion=2010-04-01\n");
    for (i = 0; i < c.posted.count; i++) {
        const struct sandbox_webhook *webhook = c.posted.webhooks[i];
        assert_int_equal(webhook->method, HTTP_POST);
        assert_string_equal(webhook->url, URL); /* its fragment is ours */
        assert_true(is_genuine(webhook));
        assert_int_equal(strlen(webhook->token), 36);
        assert_true(i == 0 || strcmp(webhook->token, c.posted.webhooks[0]->token) != 0);
    }
    stop(&c);
}

/* Which of them there are, for each way that a message can go. */
static void test_events(void **state)
{
    static const struct {
        const char *form, *events;
        const char *without; /* a parameter that the last one does not have; NULL: not looked at */
    } cases[] = {
        {"To=%2B13035550100" BY_ORDERS, "queued sent delivered", "ErrorCode"},
        {"To=%2B13035550100" BY_ORDERS "&From=%2B12025550001", "queued sent delivered", NULL},
        {"To=%2B13035550100&From=%2B12025550002", "", NULL},
        {"To=%2B13035550100&From=%2B12025550002&StatusCallback=http://127.0.0.1:1/own",
         "sent delivered", "MessagingServiceSid"},
        {"To=%2B15005530000" BY_ORDERS, "queued sent", "RawDlrDoneDate"},
        {"To=%2B15005530002" BY_ORDERS, "queued failed", "RawDlrDoneDate"},
        {"To=%2B15005530034" BY_ORDERS, "queued sent undelivered", "RawDlrDoneDate"},
        {"To=whatsapp:%2B13035550100" BY_ORDERS, "queued sent delivered", "RawDlrDoneDate"},
        {"To=%2B13035550100&MessagingServiceSid=" EMPTY, "", NULL},
        {"To=%2B13035550100&MessagingServiceSid=" EMPTY "&StatusCallback=http://127.0.0.1:1/own",
         "failed", "From"},
    };
    struct callbacks c;
    char form[512], text[4096], name[64];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        start(&c, WITH_CALLBACK, NULL);
        snprintf(form, sizeof(form), "%s&Body=x", cases[i].form);
        assert_int_equal(fixture_call(&c.f, form, "POST " MESSAGES), 201);
        pass(&c, FIXTURE_DELAY_MS);
        posted_expect(&c.posted, cases[i].events);
        if (cases[i].without != NULL) {
            const struct sandbox_webhook *last = c.posted.webhooks[c.posted.count - 1];
            snprintf(name, sizeof(name), "%s=", cases[i].without);
            show(last, last->form, text);
            assert_null(strstr(text, name));
            assert_non_null(strstr(text, "ApiVersion="));
        }
        stop(&c);
    }
}

/* The message's own URL goes before the service's, also after a reload. */
static void test_own_url(void **state)
{
    struct callbacks c;
    struct buf saved;

    (void)state;
    start(&c, WITH_CALLBACK, NULL);
    fixture_call(&c.f, "To=%2B13035550100" BY_ORDERS "&Body=x&StatusCallback=https://own.test/",
                 "POST " MESSAGES);
    pass(&c, 100);
    posted_expect(&c.posted, "queued");
    assert_string_equal(c.posted.webhooks[0]->url, "https://own.test/");
    buf_init(&saved, BUF_LIMIT_DEFAULT);
    sandbox_state_write(&c.f.store, &saved);
    stop(&c);
    start(&c, buf_text(&saved), NULL);
    buf_release(&saved);
    pass(&c, FIXTURE_DELAY_MS);
    posted_expect(&c.posted, "sent delivered");
    assert_string_equal(c.posted.webhooks[0]->url, "https://own.test/");
    stop(&c);
}

static void test_faults(void **state)
{
    static const struct {
        struct sandbox_callback_rule rule;
        const char *events, *faults; /* after the delay; one letter each, "-" none */
        const char *later;           /* and after ten more seconds; NULL: no more */
    } cases[] = {
        {{.status = "sent", .count = 1, .fault = {.lost = true}},
         "queued (sent) delivered",
         "-l-",
         NULL},
        {{.status = "sent", .count = 1, .fault = {.duplicate = true}},
         "queued sent sent delivered",
         "-dd-",
         NULL},
        {{.status = "queued", .count = 1, .fault = {.out_of_order = true}},
         "sent queued delivered",
         "-o-",
         NULL},
        {{.status = "sent", .count = 1, .fault = {.out_of_order = true}},
         "queued delivered sent",
         "--o",
         NULL},
        {{.status = "delivered", .count = 1, .fault = {.out_of_order = true}},
         "queued sent delivered",
         "--o",
         NULL},
        {{.count = SANDBOX_FAULT_ALL, .fault = {.out_of_order = true}},
         "sent queued delivered",
         "ooo",
         NULL},
        {{.status = "queued", .count = 1, .fault = {.late_ms = 500}},
         "sent queued delivered",
         "-t-",
         NULL},
        {{.status = "queued", .count = 1, .fault = {.late_ms = 9000, .duplicate = true}},
         "sent delivered",
         "--",
         "sent delivered queued queued"},
        {{.status = "sent", .count = 1, .fault = {.bad_signature = true}},
         "queued sent delivered",
         "-b-",
         NULL},
        {{.status = "d*", .count = 1, .fault = {.lost = true}},
         "queued sent (delivered)",
         "--l",
         NULL},
        {{.to = "+1720*", .count = 9, .fault = {.lost = true}},
         "queued sent delivered",
         "---",
         NULL},
        {{.to = "+1303*", .skip = 1, .count = 1, .fault = {.lost = true}},
         "queued (sent) delivered",
         "-l-",
         NULL},
    };
    struct callbacks c;
    size_t i, at;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct sandbox_callback_rule rule = cases[i].rule;
        struct sandbox_callback_faults faults = {.rules = &rule, .count = 1};
        rule.probability = 1;
        start(&c, WITH_CALLBACK, &faults);
        messages_send(&c.f, "13035550100", ORDERS);
        pass(&c, FIXTURE_DELAY_MS);
        posted_expect(&c.posted, cases[i].events);
        for (at = 0; at < c.posted.count; at++) {
            const struct sandbox_webhook *webhook = c.posted.webhooks[at];
            const char *name = webhook->fault;
            char letter = cases[i].faults[at];
            assert_string_equal(letter == 'l'   ? "lost"
                                : letter == 'd' ? "duplicate"
                                : letter == 'o' ? "out_of_order"
                                : letter == 't' ? "late"
                                : letter == 'b' ? "bad_signature"
                                                : "-",
                                name == NULL ? "-" : name);
            assert_int_equal(is_genuine(webhook), letter != 'b');
        }
        pass(&c, 10 * FIXTURE_DELAY_MS);
        posted_expect(&c.posted, cases[i].later == NULL ? cases[i].events : cases[i].later);
        stop(&c);
    }
}

/* A duplicate is known by its token. */
static void test_duplicate_token(void **state)
{
    struct sandbox_callback_rule rule = {
        .status = "sent", .count = 1, .probability = 1, .fault = {.duplicate = true}};
    struct sandbox_callback_faults faults = {.rules = &rule, .count = 1};
    struct callbacks c;

    (void)state;
    start(&c, WITH_CALLBACK, &faults);
    messages_send(&c.f, "13035550100", ORDERS);
    pass(&c, FIXTURE_DELAY_MS);
    assert_int_equal(c.posted.count, 4);
    assert_string_equal(c.posted.webhooks[1]->token, c.posted.webhooks[2]->token);
    assert_string_not_equal(c.posted.webhooks[0]->token, c.posted.webhooks[1]->token);
    stop(&c);
}

/* The same seed, the same chance. */
static void test_chance(void **state)
{
    char events[2][1024], to[32];
    struct callbacks c;
    size_t run, i;

    (void)state;
    for (run = 0; run < 2; run++) {
        struct sandbox_callback_rule rule = {
            .count = SANDBOX_FAULT_ALL, .probability = 0.5, .fault = {.lost = true}};
        struct sandbox_callback_faults faults = {.rules = &rule, .count = 1};
        random_seed(&faults.random, 7);
        start(&c, WITH_CALLBACK, &faults);
        for (i = 0; i < 10; i++) {
            snprintf(to, sizeof(to), "130355501%02zu", i);
            messages_send(&c.f, to, ORDERS);
        }
        pass(&c, INT64_C(20) * FIXTURE_DELAY_MS);
        assert_int_equal(c.posted.count, 30);
        posted_events(&c.posted, events[run]);
        assert_in_range(rule.taken, 5, 25);
        stop(&c);
    }
    assert_string_equal(events[0], events[1]);
}

/* Where a message that comes in is posted to. */
static void test_inbound(void **state)
{
    static const struct {
        const char *account, *to;
        const char *url; /* up to "?"; NULL: nowhere */
        enum http_method method;
    } cases[] = {
        {SERVICE("\"inbound_request_url\":\"http://127.0.0.1:1/in?a=b\""), "%2B12025550001",
         "http://127.0.0.1:1/in", HTTP_POST},
        {SERVICE("\"inbound_request_url\":\"http://127.0.0.1:1/in\",\"inbound_method\":\"GET\""),
         "%2B12025550001", "http://127.0.0.1:1/in", HTTP_GET},
        {SERVICE("\"inbound_request_url\":\"http://127.0.0.1:1/in\","
                 "\"use_inbound_webhook_on_number\":true"),
         "%2B12025550001", "http://127.0.0.1:1/number", HTTP_GET},
        {SERVICE("\"inbound_request_url\":\"http://127.0.0.1:1/in\""), "whatsapp:%2B12025550001",
         "http://127.0.0.1:1/in", HTTP_POST},
        {SERVICE("\"inbound_request_url\":null"), "%2B12025550001", NULL, HTTP_POST},
        {SERVICE("\"inbound_request_url\":null"), "%2B12025550002", "http://127.0.0.1:1/free",
         HTTP_POST},
        {SERVICE("\"inbound_request_url\":null"), "%2B12025550003", NULL, HTTP_POST},
    };
    struct callbacks c;
    char form[512];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct sandbox_webhook *webhook;
        start(&c, cases[i].account, NULL);
        snprintf(form, sizeof(form), "From=%%2B13035550100&To=%s&Body=Stop", cases[i].to);
        assert_int_equal(fixture_call(&c.f, form, "POST /-/inbound"), 201);
        fixture_expect(&c.f, "direction", "inbound");
        fixture_expect(&c.f, "status", "received");
        assert_int_equal(c.posted.count, cases[i].url != NULL);
        if (cases[i].url != NULL) {
            webhook = c.posted.webhooks[0];
            assert_true(str_starts_with(webhook->url, cases[i].url));
            assert_int_equal(webhook->method, cases[i].method);
            assert_true(is_genuine(webhook));
        }
        stop(&c);
    }
}

static void test_inbound_parameters(void **state)
{
    static const char wanted[] =
        "ToCountry=US\nToState=\nSmsMessageSid=<sid>\nNumMedia=0\nToCity=\nFromZip=\nSmsSid=<sid>\n"
        "FromState=\nSmsStatus=received\nFromCity=\nBody=Hi there & so\nFromCountry=GB\n"
        "To=+12025550001\nMessagingServiceSid=" ORDERS "\nToZip=\nNumSegments=1\n"
        "MessageSid=<sid>\nAccountSid=" ACCOUNT "\nFrom=+447700900123\nApiVersion=2010-04-01\n";
    static const char form[] = "From=%2B447700900123&To=2025550001&Body=Hi+there+%26+so";
    const struct sandbox_webhook *webhook;
    struct callbacks c;
    char text[4096];

    (void)state;
    start(&c, SERVICE("\"inbound_request_url\":\"http://127.0.0.1:1/in\""), NULL);
    assert_int_equal(fixture_call(&c.f, form, "POST /-/inbound"), 201);
    assert_string_equal(show(c.posted.webhooks[0], c.posted.webhooks[0]->form, text), wanted);
    fixture_call(&c.f, "InboundMethod=GET&InboundRequestUrl=http://127.0.0.1:1/in?a=b",
                 "POST /v1/Services/" ORDERS);
    fixture_call(&c.f, form, "POST /-/inbound");
    webhook = c.posted.webhooks[1];
    assert_string_equal(webhook->form, "");
    assert_string_equal(show(webhook, strstr(webhook->url, "ToCountry"), text), wanted);
    assert_non_null(strstr(webhook->url, "/in?a=b&ToCountry="));
    stop(&c);
}

static void test_inbound_refusals(void **state)
{
    static const struct {
        const char *form, *code;
    } cases[] = {
        {"To=%2B12025550001&Body=x", "20001"},
        {"From=%2B13035550100&Body=x", "20001"},
        {"From=nobody&To=%2B12025550001&Body=x", "21212"},
        {"From=%2B13035550100&To=%2B12025550099&Body=x", "21606"},
        {"From=%2B13035550100&To=nobody&Body=x", "21606"},
    };
    struct callbacks c;
    size_t i;

    (void)state;
    start(&c, WITH_CALLBACK, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(fixture_call(&c.f, cases[i].form, "POST /-/inbound"), 400);
        fixture_expect(&c.f, "code", cases[i].code);
    }
    assert_int_equal(c.f.store.messages.count, 0);
    stop(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters),       cmocka_unit_test(test_events),
        cmocka_unit_test(test_own_url),          cmocka_unit_test(test_faults),
        cmocka_unit_test(test_duplicate_token),  cmocka_unit_test(test_chance),
        cmocka_unit_test(test_inbound),          cmocka_unit_test(test_inbound_parameters),
        cmocka_unit_test(test_inbound_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
