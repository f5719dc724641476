/*
 * What becomes of messages, and when.
 */
#include "messages_fixture.h"

#define HEAD "{\"version\":1,\"account\":{\"sid\":\"" ACCOUNT "\",\"auth_token\":\"token\"},"

#define NUMBERS(service)                                                                    \
    HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+12025550001\"},"                 \
         "{\"phone_number\":\"+12025550002\"},{\"phone_number\":\"+12025550003\"},"         \
         "{\"phone_number\":\"+12025550004\"},{\"phone_number\":\"+12025550005\"},"         \
         "{\"phone_number\":\"+18005550001\"},{\"phone_number\":\"+447400000001\"}],"       \
         "\"short_codes\":[{\"short_code\":\"85555\"}],"                                    \
         "\"services\":[{\"sid\":\"" ORDERS "\",\"friendly_name\":\"Orders\"," service "}," \
         "{\"sid\":\"" EMPTY "\",\"friendly_name\":\"Empty\"}]}"

#define ONE NUMBERS("\"phone_numbers\":[\"+12025550001\"]")
#define FIVE                                                                         \
    NUMBERS("\"phone_numbers\":[\"+12025550001\",\"+12025550002\",\"+12025550003\"," \
            "\"+12025550004\",\"+12025550005\"]")

/* The statuses that the newest message goes through, one look each tenth of the delay, with
 * repetitions left out. */
static const char *path_of(struct fixture *f, char out[1024])
{
    char text[1024], last[1024] = "";
    size_t size = 0, i;

    out[0] = '\0';
    for (i = 0; i <= 12; i++) {
        messages_last(f, "status", text);
        if (strcmp(text, last) != 0)
            size += (size_t)snprintf(out + size, 1024 - size, "%s%s", size == 0 ? "" : " ", text);
        memcpy(last, text, sizeof(last));
        f->now_ms += FIXTURE_DELAY_MS / 10;
    }
    return out;
}

static void test_paths(void **state)
{
    static const struct {
        const char *form, *path, *error_code, *error_message, *price;
    } cases[] = {
        {"To=%2B13035550100" BY_ORDERS, "accepted queued sending sent delivered", "null", "null",
         "-0.00750"},
        {"To=%2B13035550100&From=%2B12025550002", "queued sending sent delivered", "null", "null",
         "-0.00750"},
        {"To=%2B15005530003" BY_ORDERS, "accepted queued sending sent undelivered", "30003",
         "Unreachable destination handset", "-0.00750"},
        {"To=%2B15005530004" BY_ORDERS, "accepted queued sending sent undelivered", "30004",
         "Message blocked", "-0.00750"},
        {"To=%2B15005530005" BY_ORDERS, "accepted queued sending sent undelivered", "30005",
         "Unknown destination handset", "-0.00750"},
        {"To=%2B15005530006" BY_ORDERS, "accepted queued sending sent undelivered", "30006",
         "Landline or unreachable carrier", "-0.00750"},
        {"To=%2B15005530007" BY_ORDERS, "accepted queued sending sent undelivered", "30007",
         "Message filtered", "-0.00750"},
        {"To=%2B15005530008" BY_ORDERS, "accepted queued sending sent undelivered", "30008",
         "Unknown error", "-0.00750"},
        {"To=%2B15005530032" BY_ORDERS, "accepted queued sending sent undelivered", "30032",
         "Toll-free number has not been verified", "-0.00750"},
        {"To=%2B15005530034" BY_ORDERS, "accepted queued sending sent undelivered", "30034",
         "Message from an unregistered number", "-0.00750"},
        {"To=%2B15005530001" BY_ORDERS, "accepted failed", "30001", "Queue overflow", "null"},
        {"To=%2B15005530002" BY_ORDERS, "accepted queued failed", "30002", "Account suspended",
         "null"},
        {"To=%2B15005530002&From=%2B12025550002", "queued failed", "30002", "Account suspended",
         "null"},
        {"To=%2B15005530000" BY_ORDERS, "accepted queued sending sent", "null", "null", "-0.00750"},
        {"To=%2B15005530099" BY_ORDERS, "accepted queued sending sent delivered", "null", "null",
         "-0.00750"},
        {"To=%2B13035550100&MessagingServiceSid=" EMPTY, "accepted failed", "21704",
         "The Messaging Service contains no phone numbers.", "null"},
    };
    struct fixture f;
    char form[512], text[1024];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        fixture_start(&f, ONE, NULL);
        snprintf(form, sizeof(form), "%s&Body=x", cases[i].form);
        assert_int_equal(fixture_call(&f, form, "POST " MESSAGES), 201);
        assert_string_equal(path_of(&f, text), cases[i].path);
        fixture_expect(&f, "error_code", cases[i].error_code);
        fixture_expect(&f, "error_message", cases[i].error_message);
        fixture_expect(&f, "price", cases[i].price);
        fixture_stop(&f);
    }
}

/* What of a message is there at which stage. */
static void test_stages(void **state)
{
    static const struct {
        int64_t after_ms;
        const char *status, *from, *segments, *date_sent, *price, *price_unit, *error_code;
    } stages[] = {
        {0, "accepted", "null", "0", "null", "null", "null", "null"},
        {99, "accepted", "null", "0", "null", "null", "null", "null"},
        {100, "queued", "+12025550001", "2", "null", "null", "null", "null"},
        {199, "queued", "+12025550001", "2", "null", "null", "null", "null"},
        {200, "sending", "+12025550001", "2", "null", "null", "null", "null"},
        {400, "sent", "+12025550001", "2", "Fri, 02 Jan 2026 03:04:05 +0000", "-0.01500", "USD",
         "null"},
        {999, "sent", "+12025550001", "2", "Fri, 02 Jan 2026 03:04:05 +0000", "-0.01500", "USD",
         "null"},
        {1000, "undelivered", "+12025550001", "2", "Fri, 02 Jan 2026 03:04:05 +0000", "-0.01500",
         "USD", "30003"},
    };
    struct fixture f;
    char form[512], text[1024];
    size_t i;

    (void)state;
    fixture_start(&f, ONE, NULL);
    snprintf(form, sizeof(form), "To=%%2B15005530003" BY_ORDERS "&Body=%0200d", 0);
    assert_int_equal(fixture_call(&f, form, "POST " MESSAGES), 201);
    for (i = 0; i < COUNT_OF(stages); i++) {
        f.now_ms = FIXTURE_NOW_MS + stages[i].after_ms;
        assert_string_equal(messages_last(&f, "status", text), stages[i].status);
        fixture_expect(&f, "from", stages[i].from);
        fixture_expect(&f, "num_segments", stages[i].segments);
        fixture_expect(&f, "date_sent", stages[i].date_sent);
        fixture_expect(&f, "price", stages[i].price);
        fixture_expect(&f, "price_unit", stages[i].price_unit);
        fixture_expect(&f, "error_code", stages[i].error_code);
        assert_int_equal(fixture_at(&f, "subresource_uris.feedback") != NULL,
                         stages[i].after_ms >= 400);
    }
    fixture_stop(&f);
}

/* Filters see what is there: To at once, From when there is a sender, dates when it was sent. */
static void test_filters_on_the_way(void **state)
{
    static const struct {
        int64_t after_ms;
        size_t to, from, date;
    } cases[] = {{0, 1, 0, 0}, {100, 1, 1, 0}, {200, 1, 1, 0}, {400, 1, 1, 1}};
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, ONE, NULL);
    messages_send(&f, "13035550100", ORDERS);
    for (i = 0; i < COUNT_OF(cases); i++) {
        f.now_ms = FIXTURE_NOW_MS + cases[i].after_ms;
        fixture_call(&f, NULL, "GET " MESSAGES "?To=%%2B13035550100");
        assert_int_equal(json_array_size(fixture_at(&f, "messages")), cases[i].to);
        fixture_call(&f, NULL, "GET " MESSAGES "?From=%%2B12025550001");
        assert_int_equal(json_array_size(fixture_at(&f, "messages")), cases[i].from);
        fixture_call(&f, NULL, "GET " MESSAGES "?DateSent=2026-01-02");
        assert_int_equal(json_array_size(fixture_at(&f, "messages")), cases[i].date);
    }
    fixture_stop(&f);
}

/* How long it takes until the last of so many messages is delivered, in milliseconds. */
static int64_t time_for(const char *account, const char *sender, const char *prefix, size_t count)
{
    struct fixture f;
    char form[512];
    int64_t taken;
    size_t i;

    fixture_start(&f, account, NULL);
    for (i = 0; i < count; i++) {
        snprintf(form, sizeof(form), "To=%%2B%s%04zu&%s&Body=x", prefix, i, sender);
        assert_int_equal(fixture_call(&f, form, "POST " MESSAGES), 201);
    }
    while (sandbox_server_wait_ms(f.server) >= 0) {
        f.now_ms += sandbox_server_wait_ms(f.server);
        sandbox_server_advance(f.server);
    }
    taken = f.now_ms - FIXTURE_NOW_MS;
    fixture_stop(&f);
    return taken;
}

/* Each number sends one a second; others have their own rates. The delay comes on top, once. */
static void test_rates(void **state)
{
    static const struct {
        const char *sender, *prefix;
        int64_t gap_ms;
    } cases[] = {
        {"From=%2B12025550001", "1303555", 1000},
        {"From=%2B12025550001", "4477009", 100},
        {"From=%2B18005550001", "1303555", 334},
        {"From=%2B18005550001", "4477009", 100},
        {"From=%2B447400000001", "1303555", 100},
        {"From=85555", "1303555", 10},
        {"From=ACME", "4477009", 100},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(time_for(ONE, cases[i].sender, cases[i].prefix, 21),
                         20 * cases[i].gap_ms + FIXTURE_DELAY_MS);
}

static void test_scaler(void **state)
{
    int64_t one = time_for(ONE, "MessagingServiceSid=" ORDERS, "1303555", 100);
    int64_t five = time_for(FIVE, "MessagingServiceSid=" ORDERS, "1303555", 100);

    (void)state;
    assert_int_equal(one, 99 * 1000 + FIXTURE_DELAY_MS);
    assert_int_equal(five, 19 * 1000 + FIXTURE_DELAY_MS);
}

/* Segments count, not messages. */
static void test_long_texts_take_longer(void **state)
{
    struct fixture f;
    char form[1024];

    (void)state;
    fixture_start(&f, ONE, NULL);
    snprintf(form, sizeof(form), "To=%%2B13035550100" BY_ORDERS "&Body=%0400d", 0);
    assert_int_equal(fixture_call(&f, form, "POST " MESSAGES), 201);
    messages_send(&f, "13035550101", ORDERS);
    f.now_ms += 200 + 2999;
    fixture_call(&f, NULL, "GET " MESSAGES);
    fixture_expect(&f, "messages.1.status", "queued");
    f.now_ms += 1;
    fixture_call(&f, NULL, "GET " MESSAGES);
    fixture_expect(&f, "messages.1.status", "sending");
    fixture_stop(&f);
}

/* Ten hours of messages wait; what comes then is refused, or fails when it comes by a service. */
static void test_queue_overflow(void **state)
{
    static const char direct[] = "To=%2B13035550100&From=%2B12025550001&Body=x";
    static char large[1700];
    struct fixture f;
    char text[1024];
    size_t head, i;

    (void)state;
    fixture_start(&f, ONE, NULL);
    head = (size_t)snprintf(large, sizeof(large), "To=%%2B13035550100&From=%%2B12025550001&Body=");
    memset(large + head, 'x', 1530); /* ten segments */
    for (i = 0; i < 3600; i++)
        assert_int_equal(fixture_call(&f, large, "POST " MESSAGES), 201);
    assert_int_equal(fixture_call(&f, direct, "POST " MESSAGES), 400);
    fixture_expect(&f, "code", "21611");
    fixture_expect(&f, "message", "SMS queue is full.");
    messages_send(&f, "13035550100", ORDERS);
    fixture_expect(&f, "status", "accepted");
    f.now_ms += 100;
    assert_string_equal(messages_last(&f, "status", text), "failed");
    fixture_expect(&f, "error_code", "30001");
    /* An hour later there is room. */
    f.now_ms += INT64_C(3600) * 1000;
    assert_int_equal(fixture_call(&f, direct, "POST " MESSAGES), 201);
    fixture_stop(&f);
}

/* Rules go before the sandbox's own numbers, the first one first. */
static void test_recipients(void **state)
{
    static const struct sandbox_recipient rules[] = {
        {"+13035550100", {SANDBOX_FAILED, 30007, false}},
        {"+1303*", {SANDBOX_UNDELIVERED, 30099, false}},
        {"+15005530003", {SANDBOX_DELIVERED, 0, true}},
        {"+1720*", {SANDBOX_SENT, 0, false}},
    };
    static const struct sandbox_recipients recipients = {rules, COUNT_OF(rules)};
    static const struct {
        const char *to, *path, *error_code, *error_message;
    } cases[] = {
        {"13035550100", "accepted queued failed", "30007", "Message filtered"},
        {"13035550101", "accepted queued sending sent undelivered", "30099", "null"},
        {"15005530003", "accepted queued sending sent delivered", "null", "null"},
        {"17205550100", "accepted queued sending sent", "null", "null"},
    };
    const struct sandbox_config config = {.recipients = &recipients};
    struct fixture f;
    char text[1024];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        fixture_start(&f, ONE, &config);
        messages_send(&f, cases[i].to, ORDERS);
        assert_string_equal(path_of(&f, text), cases[i].path);
        fixture_expect(&f, "error_code", cases[i].error_code);
        fixture_expect(&f, "error_message", cases[i].error_message);
        fixture_stop(&f);
    }
}

static void test_synchronous_pool_errors(void **state)
{
    const struct sandbox_config config = {.synchronous_pool_errors = true};
    struct fixture f;

    (void)state;
    fixture_start(&f, NUMBERS("\"alpha_senders\":[\"ACME\"]"), &config);
    assert_int_equal(messages_send(&f, "13035550100", EMPTY), 400);
    fixture_expect(&f, "code", "21704");
    assert_int_equal(messages_send(&f, "13035550100", ORDERS), 400);
    fixture_expect(&f, "code", "21703");
    assert_int_equal(f.store.messages.count, 0);
    fixture_stop(&f);
}

static const char *clock_call(struct fixture *f, const char *advance, char out[1024])
{
    char form[64];

    snprintf(form, sizeof(form), "AdvanceMs=%s", advance);
    assert_int_equal(fixture_call(f, form, "POST /-/clock"), 200);
    return fixture_text(f, "now", out);
}

/* The clock stands still but for requests; it goes on from there after a reload. */
static void test_manual_clock(void **state)
{
    const struct sandbox_config config = {.manual_clock = true};
    struct fixture f;
    struct buf saved;
    char text[1024];

    (void)state;
    fixture_start(&f, ONE, &config);
    messages_send(&f, "13035550100", ORDERS);
    f.now_ms += INT64_C(1000) * FIXTURE_DELAY_MS;
    assert_string_equal(messages_last(&f, "status", text), "accepted");
    assert_int_equal(sandbox_server_wait_ms(f.server), -1);
    assert_string_equal(clock_call(&f, "250", text), "2026-01-02T03:04:05.250Z");
    fixture_expect(&f, "clock", "manual");
    fixture_expect(&f, "messages_on_their_way", "1");
    assert_string_equal(messages_last(&f, "status", text), "sending");

    buf_init(&saved, BUF_LIMIT_DEFAULT);
    sandbox_state_write(&f.store, &saved);
    fixture_stop(&f);
    fixture_start(&f, buf_text(&saved), &config);
    buf_release(&saved);
    f.now_ms += INT64_C(2000) * FIXTURE_DELAY_MS;
    assert_string_equal(messages_last(&f, "status", text), "sending");
    assert_string_equal(clock_call(&f, "150", text), "2026-01-02T03:04:05.400Z");
    assert_string_equal(messages_last(&f, "status", text), "sent");
    clock_call(&f, "600", text);
    fixture_expect(&f, "messages_on_their_way", "0");
    assert_string_equal(messages_last(&f, "status", text), "delivered");
    fixture_stop(&f);
}

/* Faults and limits are for what is played, not for what controls it. */
static void test_control_has_no_faults(void **state)
{
    struct sandbox_fault_rule rule = {
        .count = SANDBOX_FAULT_ALL, .probability = 1, .fault = {.status = 503}};
    struct sandbox_faults faults = {.rules = &rule, .count = 1};
    const struct sandbox_config config = {.faults = &faults, .rate = 1, .manual_clock = true};
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, ONE, &config);
    assert_int_equal(messages_send(&f, "13035550100", ORDERS), 503);
    for (i = 0; i < 5; i++)
        assert_int_equal(fixture_call(&f, "AdvanceMs=1", "POST /-/clock"), 200);
    fixture_stop(&f);
}

static void test_clock_refusals(void **state)
{
    static const struct {
        const char *form;
        bool manual;
        int status;
        const char *code;
    } cases[] = {
        {"", true, 400, "20001"},
        {"AdvanceMs=soon", true, 400, "20422"},
        {"AdvanceMs=-1", true, 400, "20422"},
        {"AdvanceMs=99999999999999", true, 400, "20422"},
        {"AdvanceMs=1", false, 409, "20409"},
    };
    struct fixture f;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct sandbox_config config = {.manual_clock = cases[i].manual};
        fixture_start(&f, ONE, &config);
        assert_int_equal(fixture_call(&f, cases[i].form, "POST /-/clock"), cases[i].status);
        fixture_expect(&f, "code", cases[i].code);
        assert_int_equal(fixture_call(&f, NULL, "GET /-/clock"), 200);
        fixture_expect(&f, "clock", cases[i].manual ? "manual" : "wall");
        f.authorization = NULL;
        assert_int_equal(fixture_call(&f, "AdvanceMs=1", "POST /-/clock"), 401);
        fixture_stop(&f);
    }
}

/* A message on its way, and the queue of its sender, go on after a reload. */
static void test_reload(void **state)
{
    struct fixture f;
    struct buf saved;
    char text[1024];

    (void)state;
    fixture_start(&f, ONE, NULL);
    messages_send(&f, "13035550100", ORDERS);
    messages_send(&f, "13035550101", ORDERS);
    f.now_ms += 300;
    sandbox_server_advance(f.server);
    buf_init(&saved, BUF_LIMIT_DEFAULT);
    sandbox_state_write(&f.store, &saved);
    fixture_stop(&f);

    fixture_start(&f, buf_text(&saved), NULL);
    buf_release(&saved);
    f.now_ms += 300;
    fixture_call(&f, NULL, "GET " MESSAGES);
    fixture_expect(&f, "messages.0.status", "sending");
    fixture_expect(&f, "messages.1.status", "queued");
    /* The third one is sent after both. */
    messages_send(&f, "13035550102", ORDERS);
    f.now_ms = FIXTURE_NOW_MS + 200 + 1999;
    assert_string_equal(messages_last(&f, "status", text), "queued");
    fixture_call(&f, NULL, "GET " MESSAGES);
    fixture_expect(&f, "messages.0.status", "delivered");
    f.now_ms += 1;
    assert_string_equal(messages_last(&f, "status", text), "sending");
    fixture_stop(&f);
}

/* An answer that is lost after the effect leaves one message, which is found by its recipient. */
static void test_lost_answer(void **state)
{
    struct sandbox_fault_rule rule = {
        .request = 1, .count = 1, .probability = 1, .fault = {.reset = SANDBOX_RESET_AFTER}};
    struct sandbox_faults faults = {.rules = &rule, .count = 1};
    const struct sandbox_config config = {.faults = &faults};
    struct fixture f;

    (void)state;
    fixture_start(&f, ONE, &config);
    messages_send(&f, "13035550100", ORDERS);
    assert_true(f.answer.spoil.reset);
    fixture_call(&f, NULL, "GET " MESSAGES "?To=%%2B13035550100");
    assert_int_equal(json_array_size(fixture_at(&f, "messages")), 1);
    assert_int_equal(f.store.messages.count, 1);
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_filters_on_the_way),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_scaler),
        cmocka_unit_test(test_long_texts_take_longer),
        cmocka_unit_test(test_queue_overflow),
        cmocka_unit_test(test_recipients),
        cmocka_unit_test(test_synchronous_pool_errors),
        cmocka_unit_test(test_manual_clock),
        cmocka_unit_test(test_control_has_no_faults),
        cmocka_unit_test(test_clock_refusals),
        cmocka_unit_test(test_reload),
        cmocka_unit_test(test_lost_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
