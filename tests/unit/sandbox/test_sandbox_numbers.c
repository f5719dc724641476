#include "test_fixture.h"

#define NUMBERS API "/IncomingPhoneNumbers.json"
#define CODES API "/SMS/ShortCodes.json"

static void test_filters(void **state)
{
    static const struct {
        const char *query;
        const char *found; /* last digits of the SIDs, in order */
    } cases[] = {
        {NUMBERS, "12345"},
        {NUMBERS "?PhoneNumber=%2B14155550002", "2"},
        {NUMBERS "?PhoneNumber=%2B14155550009", ""},
        {NUMBERS "?PhoneNumber=%2B1415*", "1245"},
        {NUMBERS "?PhoneNumber=555000*", "1245"},
        {NUMBERS "?PhoneNumber=8750", "3"},
        {NUMBERS "?PhoneNumber=", "12345"},
        {NUMBERS "?FriendlyName=Five", "5"},
        {NUMBERS "?FriendlyName=five", ""},
        {NUMBERS "?FriendlyName=%28415%29+555-0001", "1"},
        {NUMBERS "?Origin=hosted", "5"},
        {NUMBERS "?Origin=twilio", "1234"},
        {NUMBERS "?Beta=true", "12345"},
        {NUMBERS "?Beta=false", "1234"},
        {NUMBERS "?Beta=False", "1234"},
        {NUMBERS "?Beta=false&PhoneNumber=%2B1415*&PageSize=2", "12"},
        {NUMBERS "?PhoneNumber=%2B14155550005&Beta=false", ""},
        {CODES, "12"},
        {CODES "?ShortCode=85556", "2"},
        {CODES "?ShortCode=8555*", "12"},
        {CODES "?FriendlyName=85555", "1"},
        {CODES "?Unknown=1", "12"},
    };
    struct fixture f;
    size_t i, row;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        const json_t *rows;
        char found[16] = "";
        assert_int_equal(fixture_call(&f, NULL, "GET %s", cases[i].query), 200);
        rows = json_object_get(f.body, strstr(cases[i].query, "Incoming") != NULL
                                           ? "incoming_phone_numbers"
                                           : "short_codes");
        for (row = 0; row < json_array_size(rows); row++)
            found[row] = json_string_value(json_object_get(json_array_get(rows, row), "sid"))[33];
        assert_string_equal(found, cases[i].found);
    }
    assert_int_equal(fixture_call(&f, NULL, "GET " NUMBERS "?Beta=maybe"), 400);
    fixture_expect(&f, "code", "20422");
    fixture_stop(&f);
}

/* A number that is there is found alone, also when it is a part of another. */
static void test_exact_number(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f,
                  "{\"version\":1,\"account\":{\"sid\":\"" ACCOUNT
                  "\",\"auth_token\":\"token\"},\"incoming_phone_numbers\":["
                  "{\"phone_number\":\"+4912345678\"},{\"phone_number\":\"+49123456789\"}]}",
                  NULL);
    fixture_call(&f, NULL, "GET " NUMBERS "?PhoneNumber=%%2B4912345678");
    assert_int_equal(json_array_size(fixture_at(&f, "incoming_phone_numbers")), 1);
    fixture_expect(&f, "incoming_phone_numbers.0.phone_number", "+4912345678");
    fixture_call(&f, NULL, "GET " NUMBERS "?PhoneNumber=%%2B491234567");
    assert_int_equal(json_array_size(fixture_at(&f, "incoming_phone_numbers")), 2);
    fixture_stop(&f);
}

static void test_number(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/IncomingPhoneNumbers/PN" ZEROS "5.json"),
                     200);
    fixture_expect_members(
        f.body,
        "account_sid address_requirements address_sid api_version beta bundle_sid capabilities "
        "date_created date_updated emergency_address_sid emergency_address_status "
        "emergency_status friendly_name identity_sid origin phone_number sid sms_application_sid "
        "sms_fallback_method sms_fallback_url sms_method sms_url status status_callback "
        "status_callback_method trunk_sid type uri voice_application_sid voice_caller_id_lookup "
        "voice_fallback_method voice_fallback_url voice_method voice_receive_mode voice_url");
    fixture_expect(&f, "phone_number", "+14155550005");
    fixture_expect(&f, "friendly_name", "Five");
    fixture_expect(&f, "beta", "true");
    fixture_expect(&f, "origin", "hosted");
    fixture_expect(&f, "capabilities", "{\"fax\":false,\"mms\":true,\"sms\":true,\"voice\":true}");
    fixture_expect(&f, "date_created", "Fri, 02 Jan 2026 03:04:05 +0000");
    fixture_expect(&f, "uri", API "/IncomingPhoneNumbers/PN" ZEROS "5.json");
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/IncomingPhoneNumbers/PN" ZEROS "9.json"),
                     404);
    fixture_expect(&f, "message",
                   "The requested resource " API "/IncomingPhoneNumbers/PN" ZEROS
                   "9.json was not found");
    fixture_stop(&f);
}

static void test_short_code(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/SMS/ShortCodes/SC" ZEROS "2.json"), 200);
    fixture_expect_members(f.body, "account_sid api_version date_created date_updated "
                                   "friendly_name short_code sid sms_fallback_method "
                                   "sms_fallback_url sms_method sms_url uri");
    fixture_expect(&f, "short_code", "85556");
    fixture_expect(&f, "friendly_name", "85556");
    fixture_expect(&f, "uri", API "/SMS/ShortCodes/SC" ZEROS "2.json");
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/SMS/ShortCodes/PN" ZEROS "1.json"), 404);
    fixture_stop(&f);
}

static void test_account(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, NULL, "GET " API ".json"), 200);
    fixture_expect_members(f.body, "auth_token date_created date_updated friendly_name "
                                   "owner_account_sid sid status subresource_uris type uri");
    fixture_expect(&f, "auth_token", "token");
    fixture_expect(&f, "status", "active");
    fixture_expect(&f, "type", "Full");
    fixture_expect(&f, "subresource_uris.messages", API "/Messages.json");
    f.authorization = BY_KEY;
    assert_int_equal(fixture_call(&f, NULL, "GET " API ".json"), 401);
    fixture_expect(&f, "code", "70051");
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters), cmocka_unit_test(test_exact_number),
        cmocka_unit_test(test_number),  cmocka_unit_test(test_short_code),
        cmocka_unit_test(test_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
