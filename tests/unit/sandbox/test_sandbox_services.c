#include "test_fixture.h"

static void test_create_defaults(void **state)
{
    static const struct {
        const char *member, *value;
    } cases[] = {
        {"account_sid", ACCOUNT},
        {"date_created", "2026-01-02T03:04:05Z"},
        {"date_updated", "2026-01-02T03:04:05Z"},
        {"friendly_name", "A + B"},
        {"inbound_request_url", "null"},
        {"inbound_method", "POST"},
        {"fallback_url", "null"},
        {"fallback_method", "POST"},
        {"status_callback", "null"},
        {"sticky_sender", "true"},
        {"mms_converter", "true"},
        {"smart_encoding", "true"},
        {"scan_message_content", "inherit"},
        {"fallback_to_long_code", "true"},
        {"area_code_geomatch", "true"},
        {"validity_period", "36000"},
        {"synchronous_validation", "true"},
        {"usecase", "undeclared"},
        {"use_inbound_webhook_on_number", "false"},
        {"us_app_to_person_registered", "false"},
    };
    struct fixture f;
    char sid[64], wanted[256], text[1024];
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, "FriendlyName=A+%2B+B", "POST /v1/Services"), 201);
    for (i = 0; i < COUNT_OF(cases); i++)
        fixture_expect(&f, cases[i].member, cases[i].value);
    snprintf(sid, sizeof(sid), "%.34s", fixture_text(&f, "sid", text));
    assert_int_equal(strlen(sid), 34);
    assert_memory_equal(sid, "MG", 2);
    snprintf(wanted, sizeof(wanted), "http://sandbox:1/v1/Services/%s", sid);
    fixture_expect(&f, "url", wanted);
    snprintf(wanted, sizeof(wanted), "http://sandbox:1/v1/Services/%s/Compliance/Usa2p", sid);
    fixture_expect(&f, "links.us_app_to_person", wanted);
    assert_true(f.store.dirty);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services/%s", sid), 200);
    fixture_expect(&f, "sid", sid);
    fixture_stop(&f);
}

static void test_members(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services/" ORDERS), 200);
    fixture_expect_members(
        f.body, "account_sid area_code_geomatch date_created date_updated fallback_method "
                "fallback_to_long_code fallback_url friendly_name inbound_method "
                "inbound_request_url links mms_converter scan_message_content sid smart_encoding "
                "status_callback sticky_sender synchronous_validation url "
                "us_app_to_person_registered use_inbound_webhook_on_number usecase "
                "validity_period");
    fixture_expect_members(fixture_at(&f, "links"),
                           "alpha_senders channel_senders destination_alpha_senders messages "
                           "phone_numbers short_codes us_app_to_person us_app_to_person_usecases");
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services/Usecases"), 200);
    fixture_expect_members(f.body, "usecases");
    assert_int_equal(json_array_size(fixture_at(&f, "usecases")), 6);
    fixture_expect_members(fixture_at(&f, "usecases.0"), "description purpose usecase");
    fixture_stop(&f);
}

static void test_update(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    f.now_ms += 60000;
    assert_int_equal(fixture_call(&f,
                                  "StickySender=false&ValidityPeriod=14400&Usecase=marketing&"
                                  "InboundRequestUrl=https%3A%2F%2Fa.example%2Fx&"
                                  "InboundMethod=GET&ScanMessageContent=disable&Unknown=1",
                                  "POST /v1/Services/" ORDERS),
                     200);
    fixture_expect(&f, "friendly_name", "Orders");
    fixture_expect(&f, "sticky_sender", "false");
    fixture_expect(&f, "validity_period", "14400");
    fixture_expect(&f, "usecase", "marketing");
    fixture_expect(&f, "inbound_request_url", "https://a.example/x");
    fixture_expect(&f, "inbound_method", "GET");
    fixture_expect(&f, "scan_message_content", "disable");
    fixture_expect(&f, "date_created", "2026-01-02T03:04:05Z");
    fixture_expect(&f, "date_updated", "2026-01-02T03:05:05Z");
    assert_null(fixture_at(&f, "unknown"));

    assert_int_equal(fixture_call(&f, "InboundRequestUrl=", "POST /v1/Services/" ORDERS), 200);
    fixture_expect(&f, "inbound_request_url", "null");
    fixture_expect(&f, "sticky_sender", "false");
    assert_true(f.store.dirty);
    fixture_stop(&f);
}

#define SIXTY_FOUR "1234567890123456789012345678901234567890123456789012345678901234"

static void test_validation(void **state)
{
    static const struct {
        const char *form;
        int status, code; /* of an update; 200: fine */
    } cases[] = {
        {"", 200, 0},
        {"FriendlyName=", 400, 20002},
        {"FriendlyName=" SIXTY_FOUR, 200, 0},
        {"FriendlyName=" SIXTY_FOUR "5", 400, 20002},
        {"FriendlyName=%C3%A9" SIXTY_FOUR, 400, 20002},
        {"InboundRequestUrl=ftp://a.b", 400, 20422},
        {"InboundRequestUrl=http://", 400, 20422},
        {"InboundRequestUrl=http://a.b/c%20d", 400, 20422},
        {"InboundRequestUrl=HTTP://localhost:80/", 200, 0},
        {"InboundRequestUrl=https://user:p%40ss@a.b/", 200, 0},
        {"InboundRequestUrl=https://:p%40ss@a.b/", 200, 0},
        {"InboundRequestUrl=https://user:pass@", 400, 20422},
        {"InboundRequestUrl=https://user:pass@:80/", 400, 20422},
        {"FallbackUrl=x", 400, 20422},
        {"FallbackMethod=PUT", 400, 20422},
        {"InboundMethod=get", 400, 20422},
        {"InboundMethod=", 400, 20422},
        {"StatusCallback=x", 400, 21609},
        {"StatusCallback=", 200, 0},
        {"StickySender=yes", 400, 20422},
        {"MmsConverter=True", 200, 0},
        {"MmsConverter=1", 400, 20422},
        {"SmartEncoding=false", 200, 0},
        {"ScanMessageContent=maybe", 400, 20422},
        {"FallbackToLongCode=false", 200, 0},
        {"AreaCodeGeomatch=1", 400, 20422},
        {"ValidityPeriod=0", 400, 21624},
        {"ValidityPeriod=1", 200, 0},
        {"ValidityPeriod=36000", 200, 0},
        {"ValidityPeriod=36001", 400, 21624},
        {"ValidityPeriod=1.5", 400, 21624},
        {"ValidityPeriod=", 400, 21624},
        {"SynchronousValidation=x", 400, 20422},
        {"Usecase=other", 400, 21713},
        {"UseInboundWebhookOnNumber=true", 200, 0},
        {"FriendlyName=%FF", 400, 20422},
    };
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        char code[16];
        assert_int_equal(fixture_call(&f, cases[i].form, "POST /v1/Services/" EMPTY),
                         cases[i].status);
        snprintf(code, sizeof(code), "%d", cases[i].code);
        if (cases[i].code != 0)
            fixture_expect(&f, "code", code);
    }
    fixture_stop(&f);
}

static void test_long_url(void **state)
{
    static char form[5000];
    struct fixture f;
    size_t head;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    head = (size_t)snprintf(form, sizeof(form), "StatusCallback=");
    memset(form + head, 'x', 4001);
    memcpy(form + head, "http://", 7);
    assert_int_equal(fixture_call(&f, form, "POST /v1/Services/" EMPTY), 400);
    fixture_expect(&f, "code", "21609");
    form[head + 4000] = '\0';
    assert_int_equal(fixture_call(&f, form, "POST /v1/Services/" EMPTY), 200);
    fixture_stop(&f);
}

static void test_refused_change_changes_nothing(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(
        fixture_call(&f, "FriendlyName=New&StickySender=x", "POST /v1/Services/" ORDERS), 400);
    fixture_expect(&f, "message", "Invalid parameter StickySender");
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services/" ORDERS), 200);
    fixture_expect(&f, "friendly_name", "Orders");
    assert_false(f.store.dirty);
    fixture_stop(&f);
}

static void test_create_needs_name(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, "StickySender=true", "POST /v1/Services"), 400);
    fixture_expect(&f, "code", "20001");
    fixture_expect(&f, "message", "Missing required parameter FriendlyName in the post body");
    fixture_expect(&f, "more_info", "https://www.twilio.com/docs/errors/20001");
    fixture_expect(&f, "status", "400");
    fixture_expect_members(f.body, "code message more_info status");
    assert_int_equal(fixture_call(&f, "FriendlyName=", "POST /v1/Services"), 400);
    fixture_expect(&f, "code", "20002");
    fixture_stop(&f);
}

/* Names are not unique. */
static void test_same_name_twice(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, "FriendlyName=Orders", "POST /v1/Services"), 201);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_int_equal(json_array_size(fixture_at(&f, "services")), 3);
    fixture_expect(&f, "services.0.sid", ORDERS);
    fixture_expect(&f, "services.2.friendly_name", "Orders");
    fixture_stop(&f);
}

static void test_delete(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, NULL, "DELETE /v1/Services/" ORDERS), 204);
    assert_null(f.body);
    assert_null(f.answer.content_type);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services/" ORDERS), 404);
    fixture_expect(&f, "message", "The requested resource /Services/" ORDERS " was not found");
    assert_int_equal(fixture_call(&f, NULL, "DELETE /v1/Services/" ORDERS), 404);
    /* Its numbers are free again, and still owned. */
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/IncomingPhoneNumbers/PN" ZEROS "1.json"),
                     200);
    assert_int_equal(
        fixture_call(&f, "PhoneNumberSid=PN" ZEROS "1", "POST /v1/Services/" EMPTY "/PhoneNumbers"),
        201);
    fixture_stop(&f);
}

static void test_limit(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    sandbox_state_generate(&f.store, SANDBOX_SERVICES_MAX - f.store.services.count - 1, 0, 0);
    assert_int_equal(fixture_call(&f, "FriendlyName=x", "POST /v1/Services"), 201);
    assert_int_equal(fixture_call(&f, "FriendlyName=x", "POST /v1/Services"), 400);
    fixture_expect(&f, "code", "30995");
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_defaults),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_validation),
        cmocka_unit_test(test_long_url),
        cmocka_unit_test(test_refused_change_changes_nothing),
        cmocka_unit_test(test_create_needs_name),
        cmocka_unit_test(test_same_name_twice),
        cmocka_unit_test(test_delete),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
