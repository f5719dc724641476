#include "test_fixture.h"

#define MESSAGES API "/Messages.json"
#define BY_ORDERS "&MessagingServiceSid=" ORDERS
#define TO_GB "To=%2B447700900123"
#define TO_US "To=%2B12025550100"

static void test_send_through_service(void **state)
{
    struct fixture f;
    char sid[64], path[256], text[1024];

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, TO_GB BY_ORDERS "&Body=Hello", "POST " MESSAGES), 201);
    fixture_expect_members(f.body, "account_sid api_version body date_created date_sent "
                                   "date_updated direction error_code error_message from "
                                   "messaging_service_sid num_media num_segments price price_unit "
                                   "sid status subresource_uris to uri");
    fixture_expect(&f, "status", "accepted");
    fixture_expect(&f, "from", "null");
    fixture_expect(&f, "to", "+447700900123");
    fixture_expect(&f, "body", "Hello");
    fixture_expect(&f, "messaging_service_sid", ORDERS);
    fixture_expect(&f, "num_segments", "0");
    fixture_expect(&f, "num_media", "0");
    fixture_expect(&f, "direction", "outbound-api");
    fixture_expect(&f, "date_created", "Fri, 02 Jan 2026 03:04:05 +0000");
    fixture_expect(&f, "date_sent", "null");
    fixture_expect(&f, "price", "null");
    fixture_expect_members(fixture_at(&f, "subresource_uris"), "media");
    snprintf(sid, sizeof(sid), "%.34s", fixture_text(&f, "sid", text));
    assert_memory_equal(sid, "SM", 2);
    snprintf(path, sizeof(path), API "/Messages/%s.json", sid);
    fixture_expect(&f, "uri", path);

    f.now_ms += FIXTURE_DELAY_MS - 1;
    assert_int_equal(fixture_call(&f, NULL, "GET %s", path), 200);
    fixture_expect(&f, "status", "sent");
    f.now_ms += 1;
    assert_int_equal(fixture_call(&f, NULL, "GET %s", path), 200);
    fixture_expect(&f, "status", "delivered");
    fixture_expect(&f, "from", "ACME");
    fixture_expect(&f, "num_segments", "1");
    fixture_expect(&f, "date_sent", "Fri, 02 Jan 2026 03:04:05 +0000");
    fixture_expect(&f, "date_updated", "Fri, 02 Jan 2026 03:04:06 +0000");
    fixture_expect(&f, "price", "-0.00750");
    fixture_expect(&f, "price_unit", "USD");
    fixture_expect(&f, "error_code", "null");
    fixture_expect_members(fixture_at(&f, "subresource_uris"), "feedback media");
    fixture_stop(&f);
}

/* Who a message comes from in the end, and how it ends. */
static void test_outcomes(void **state)
{
    static const struct {
        const char *form, *status, *from, *error_code;
    } cases[] = {
        {TO_GB BY_ORDERS "&Body=x", "delivered", "ACME", "null"},
        {TO_US BY_ORDERS "&Body=x", "delivered", "+14155550001", "null"},
        {TO_GB BY_ORDERS "&From=%2B442071838750&Body=x", "delivered", "+442071838750", "null"},
        {TO_GB "&From=%2B14155550005&Body=x", "delivered", "+14155550005", "null"},
        {TO_US "&From=85555&Body=x", "delivered", "85555", "null"},
        {TO_GB "&From=Hello&Body=x", "delivered", "Hello", "null"},
        {"To=%28202%29+555-0100&From=4155550005&MediaUrl=http://a.b", "delivered", "+14155550005",
         "null"},
        {TO_US "&MessagingServiceSid=" EMPTY "&Body=x", "failed", "null", "21704"},
    };
    struct fixture f;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        fixture_start(&f, fixture_state, NULL);
        assert_int_equal(fixture_call(&f, cases[i].form, "POST " MESSAGES), 201);
        f.now_ms += FIXTURE_DELAY_MS;
        assert_int_equal(fixture_call(&f, NULL, "GET " MESSAGES), 200);
        fixture_expect(&f, "messages.0.status", cases[i].status);
        fixture_expect(&f, "messages.0.from", cases[i].from);
        fixture_expect(&f, "messages.0.error_code", cases[i].error_code);
        fixture_stop(&f);
    }
}

static void test_choice_of_sender(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    /* An alpha sender alone does not reach the US. */
    fixture_call(&f, "AlphaSender=ACME", "POST /v1/Services/" EMPTY "/AlphaSenders");
    fixture_call(&f, TO_US "&MessagingServiceSid=" EMPTY "&Body=x", "POST " MESSAGES);
    /* A short code comes before an alpha sender, but not outside its country. */
    fixture_call(&f, "ShortCodeSid=SC" ZEROS "1", "POST /v1/Services/" ORDERS "/ShortCodes");
    fixture_call(&f, TO_US BY_ORDERS "&Body=x", "POST " MESSAGES);
    fixture_call(&f, TO_GB BY_ORDERS "&Body=x", "POST " MESSAGES);
    f.now_ms += FIXTURE_DELAY_MS;
    fixture_call(&f, NULL, "GET " MESSAGES);
    fixture_expect(&f, "messages.0.status", "failed");
    fixture_expect(&f, "messages.0.error_code", "21703");
    fixture_expect(&f, "messages.0.error_message",
                   "The Messaging Service has no sender that can reach this recipient.");
    fixture_expect(&f, "messages.0.date_sent", "null");
    fixture_expect(&f, "messages.1.from", "85555");
    fixture_expect(&f, "messages.2.from", "ACME");
    fixture_stop(&f);
}

/* Numbers of the recipient's country come first; any other is better than none. */
static void test_choice_of_number(void **state)
{
    struct fixture f;
    char text[1024], path[256];

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    fixture_call(&f, NULL, "GET /v1/Services/" ORDERS "/AlphaSenders");
    snprintf(path, sizeof(path), "/v1/Services/" ORDERS "/AlphaSenders/%.34s",
             fixture_text(&f, "alpha_senders.0.sid", text));
    assert_int_equal(fixture_call(&f, NULL, "DELETE %s", path), 204);
    fixture_call(&f, TO_GB BY_ORDERS "&Body=x", "POST " MESSAGES);
    fixture_call(&f, "To=%2B33612345678" BY_ORDERS "&Body=x", "POST " MESSAGES);
    f.now_ms += FIXTURE_DELAY_MS;
    fixture_call(&f, NULL, "GET " MESSAGES);
    fixture_expect(&f, "messages.0.from", "+442071838750");
    fixture_expect(&f, "messages.1.from", "+14155550001");
    fixture_stop(&f);
}

/* However short the delay: what has just been sent is not at its end. */
static void test_no_delay(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    sandbox_server_free(f.server);
    f.config.message_delay_ms = 0;
    f.server = sandbox_server_new(&f.config);
    assert_int_equal(fixture_call(&f, TO_GB BY_ORDERS "&Body=x", "POST " MESSAGES), 201);
    fixture_expect(&f, "status", "accepted");
    fixture_call(&f, NULL, "GET " MESSAGES);
    fixture_expect(&f, "messages.0.status", "delivered");
    fixture_stop(&f);
}

/* A direct send shows its sender at once, and is queued. */
static void test_direct_send(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, TO_GB "&From=%2B14155550005&Body=x&MediaUrl=a&MediaUrl=b",
                                  "POST " MESSAGES),
                     201);
    fixture_expect(&f, "status", "queued");
    fixture_expect(&f, "from", "+14155550005");
    fixture_expect(&f, "messaging_service_sid", "null");
    fixture_expect(&f, "num_media", "2");
    fixture_expect(&f, "num_segments", "1");
    assert_memory_equal(json_string_value(fixture_at(&f, "sid")), "MM", 2);
    fixture_stop(&f);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *form;
        int status;
        const char *code, *message; /* NULL: not looked at */
    } cases[] = {
        {"From=%2B14155550005&Body=x", 400, "21604", "A 'To' phone number is required."},
        {"To=&Body=x", 400, "21604", NULL},
        {"To=%2B1&Body=x" BY_ORDERS, 400, "21211",
         "The 'To' number +1 is not a valid phone number."},
        {"To=hello&Body=x" BY_ORDERS, 400, "21211", NULL},
        {"To=85555&Body=x" BY_ORDERS, 400, "21265", NULL},
        {TO_GB "&Body=x", 400, "21603", "A 'From' phone number is required."},
        {TO_GB BY_ORDERS, 400, "21602", "Message body is required."},
        {TO_GB BY_ORDERS "&Body=", 400, "21602", NULL},
        {TO_GB "&MessagingServiceSid=MG1&Body=x", 400, "21705", NULL},
        {TO_GB "&MessagingServiceSid=MG" ZEROS "9&Body=x", 404, "21701", NULL},
        {TO_GB "&From=%2B14155550009&Body=x", 400, "21606", NULL},
        {TO_GB "&From=%2B14155550004&Body=x", 400, "21606", NULL},
        {TO_GB "&From=99999&Body=x", 400, "21606", NULL},
        {TO_GB "&From=not.valid&Body=x", 400, "21212",
         "The 'From' number not.valid is not a valid phone number, shortcode, or alphanumeric "
         "sender ID."},
        {TO_US "&From=ACME&Body=x", 400, "21612", NULL},
        {"To=%2B14155550005&From=%2B14155550005&Body=x", 400, "21266", NULL},
        {TO_GB BY_ORDERS "&From=%2B14155550005&Body=x", 400, "21711", NULL},
        {TO_GB BY_ORDERS "&From=Other&Body=x", 400, "21711", NULL},
        {TO_GB BY_ORDERS "&Body=x&ValidityPeriod=0", 400, "21624", NULL},
        {TO_GB BY_ORDERS "&Body=x&ValidityPeriod=36001", 400, "21624", NULL},
        {TO_GB BY_ORDERS "&Body=x&StatusCallback=x", 400, "21609", NULL},
        {TO_GB BY_ORDERS "&MediaUrl=&MediaUrl=&MediaUrl=&MediaUrl=&MediaUrl=&MediaUrl=&MediaUrl="
                         "&MediaUrl=&MediaUrl=&MediaUrl=&MediaUrl=",
         400, "21623", NULL},
        /* Twilio's magic numbers. */
        {"To=%2B15005550001&Body=x" BY_ORDERS, 400, "21211",
         "The 'To' number +15005550001 is not a valid phone number."},
        {"To=%2B15005550002&Body=x&From=%2B14155550005", 400, "21612",
         "The 'To' phone number: +15005550002, is not currently reachable using the 'From' phone "
         "number: +14155550005 via SMS."},
        {"To=%2B15005550003&Body=x" BY_ORDERS, 400, "21408",
         "Permission to send an SMS has not been enabled for the region indicated by the 'To' "
         "number: +15005550003."},
        {"To=%2B15005550004&Body=x" BY_ORDERS, 400, "21610", NULL},
        {"To=%2B15005550009&Body=x" BY_ORDERS, 400, "21614",
         "To number: +15005550009, is not a mobile number"},
    };
    struct fixture f;
    char status[16];
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(fixture_call(&f, cases[i].form, "POST " MESSAGES), cases[i].status);
        fixture_expect(&f, "code", cases[i].code);
        snprintf(status, sizeof(status), "%d", cases[i].status);
        fixture_expect(&f, "status", status);
        if (cases[i].message != NULL)
            fixture_expect(&f, "message", cases[i].message);
    }
    assert_int_equal(f.store.messages.count, 0);
    fixture_stop(&f);
}

static void test_body_limit(void **state)
{
    static char form[8000];
    struct fixture f;
    size_t head;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    head = (size_t)snprintf(form, sizeof(form), "%s", TO_GB BY_ORDERS "&Body=");
    memset(form + head, 'x', 1601);
    assert_int_equal(fixture_call(&f, form, "POST " MESSAGES), 400);
    fixture_expect(&f, "code", "21617");
    form[head + 1600] = '\0';
    assert_int_equal(fixture_call(&f, form, "POST " MESSAGES), 201);
    fixture_stop(&f);
}

static void test_trial_account(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    f.store.type = "Trial";
    assert_int_equal(fixture_call(&f, TO_GB "&From=ACME&Body=x", "POST " MESSAGES), 400);
    fixture_expect(&f, "code", "21267");
    fixture_stop(&f);
}

static const char old_messages[] =
    "{\"version\":1,\"account\":{\"sid\":\"" ACCOUNT "\",\"auth_token\":\"token\"},\"messages\":["
    "{\"sid\":\"SM" ZEROS "1\",\"to\":\"+447700900001\",\"from\":\"ACME\","
    " \"date_sent\":\"Thu, 01 Jan 2026 00:00:00 +0000\"},"
    "{\"sid\":\"SM" ZEROS "2\",\"to\":\"+447700900002\",\"from\":\"+14155550001\","
    " \"date_sent\":\"Thu, 01 Jan 2026 23:59:59 +0000\"},"
    "{\"sid\":\"SM" ZEROS "3\",\"to\":\"+447700900001\",\"from\":\"+14155550001\","
    " \"date_sent\":\"Fri, 02 Jan 2026 12:00:00 +0000\"},"
    "{\"sid\":\"SM" ZEROS "4\",\"to\":\"+447700900004\",\"status\":\"failed\",\"date_sent\":null},"
    "{\"sid\":\"MM" ZEROS "5\",\"to\":\"+447700900001\",\"from\":\"+14155550001\","
    " \"steps\":[[\"accepted\",1],[\"delivered\",9999999999999]]}]}";

static void test_filters(void **state)
{
    static const struct {
        const char *query, *found; /* last digits of the SIDs, in order */
    } cases[] = {
        {"", "12345"},
        {"?To=%2B447700900001", "135"},
        {"?To=447700900001", ""},
        {"?From=ACME", "1"},
        {"?From=%2B14155550001", "23"}, /* the fifth does not show its sender yet */
        {"?From=4155550001&To=%2B447700900001", "3"},
        {"?DateSent=2026-01-01", "12"},
        {"?DateSent=2026-01-01T12:00:00Z", "12"},
        {"?DateSent%3E=2026-01-02", "3"},
        {"?DateSent%3E=2026-01-01", "123"},
        {"?DateSent%3C=2026-01-01", "12"},
        {"?DateSent%3C=2026-01-01T00:00:00Z", "1"},
        {"?DateSent%3E=2026-01-01T00:00:01Z", "23"},
        {"?DateSent%3E=2026-01-01T00:00:01Z&DateSent%3C=2026-01-01", "2"},
        {"?To=&From=&DateSent=", "12345"},
    };
    struct fixture f;
    size_t i, row;

    (void)state;
    fixture_start(&f, old_messages, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        const json_t *rows;
        char found[16] = "";
        assert_int_equal(fixture_call(&f, NULL, "GET " MESSAGES "%s", cases[i].query), 200);
        rows = fixture_at(&f, "messages");
        for (row = 0; row < json_array_size(rows); row++)
            found[row] = json_string_value(json_object_get(json_array_get(rows, row), "sid"))[33];
        assert_string_equal(found, cases[i].found);
    }
    assert_int_equal(fixture_call(&f, NULL, "GET " MESSAGES "?DateSent%%3E=yesterday"), 400);
    fixture_expect(&f, "code", "20422");
    fixture_expect(&f, "message", "Invalid parameter DateSent>");
    assert_int_equal(fixture_call(&f, NULL, "GET " MESSAGES "?DateSent%%3E=2026-01-01"), 200);
    fixture_expect(&f, "uri", MESSAGES "?DateSent%3E=2026-01-01&PageSize=50&Page=0");
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/Messages/SM" ZEROS "9.json"), 404);
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_send_through_service),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_choice_of_sender),
        cmocka_unit_test(test_choice_of_number),
        cmocka_unit_test(test_no_delay),
        cmocka_unit_test(test_direct_send),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_body_limit),
        cmocka_unit_test(test_trial_account),
        cmocka_unit_test(test_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
