#include "test_fixture.h"

#define PN(digit) "PN" ZEROS digit
#define SC(digit) "SC" ZEROS digit
#define NUMBERS(service) "/v1/Services/" service "/PhoneNumbers"
#define CODES(service) "/v1/Services/" service "/ShortCodes"
#define ALPHAS(service) "/v1/Services/" service "/AlphaSenders"
#define DESTINATIONS(service) "/v1/Services/" service "/DestinationAlphaSenders"
#define XE(digit) "XE" ZEROS digit
#define CHANNELS(service) "/v1/Services/" service "/ChannelSenders"

static void test_add(void **state)
{
    static const struct {
        const char *path, *form;
        int status;
        const char *code, *message; /* NULL: not looked at */
    } cases[] = {
        {NUMBERS(EMPTY), "PhoneNumberSid=" PN("2"), 201, NULL, NULL},
        {NUMBERS(EMPTY), "PhoneNumberSid=" PN("2"), 409, "21710",
         "Phone Number or Short Code is already in the Messaging Service."},
        {NUMBERS(EMPTY), "PhoneNumberSid=" PN("1"), 409, "21712",
         "Phone Number or Short Code is associated with another Messaging Service."},
        {NUMBERS(EMPTY), "PhoneNumberSid=" PN("4"), 400, "21715", NULL},
        {NUMBERS(EMPTY), "PhoneNumberSid=" PN("9"), 404, "20404",
         "The requested resource /Services/" EMPTY "/PhoneNumbers/" PN("9") " was not found"},
        {NUMBERS(EMPTY), "PhoneNumberSid=PN1", 400, "21421", "PN1 is not a valid number"},
        {NUMBERS(EMPTY), "PhoneNumberSid=" SC("1"), 400, "21421", NULL},
        {NUMBERS(EMPTY), "PhoneNumberSid=", 400, "20001",
         "Missing required parameter PhoneNumberSid in the post body"},
        {NUMBERS(EMPTY), "phonenumbersid=" PN("5"), 400, "20001", NULL},
        {NUMBERS("MG" ZEROS "9"), "PhoneNumberSid=" PN("5"), 404, "20404",
         "The requested resource /Services/MG" ZEROS "9/PhoneNumbers was not found"},
        {CODES(EMPTY), "ShortCodeSid=" SC("1"), 201, NULL, NULL},
        {CODES(EMPTY), "ShortCodeSid=" SC("1"), 409, "21710", NULL},
        {CODES(ORDERS), "ShortCodeSid=" SC("1"), 409, "21712", NULL},
        {CODES(ORDERS), "ShortCodeSid=" PN("1"), 400, "21421", NULL},
        {CODES(ORDERS), "", 400, "20001",
         "Missing required parameter ShortCodeSid in the post body"},
        {ALPHAS(ORDERS), "AlphaSender=ACME", 409, "21710", NULL},
        {ALPHAS(ORDERS), "AlphaSender=Acme", 400, "21709", NULL},
        {ALPHAS(EMPTY), "AlphaSender=12345", 400, "21709", NULL},
        {ALPHAS(EMPTY), "AlphaSender=ABCDEFGHIJKL", 400, "21709", NULL},
        {ALPHAS(EMPTY), "AlphaSender=A.B", 400, "21709", NULL},
        {ALPHAS(EMPTY), "", 400, "20001", NULL},
        /* One text may be in several services. */
        {ALPHAS(EMPTY), "AlphaSender=ACME", 201, NULL, NULL},
        {DESTINATIONS(ORDERS), "AlphaSender=ACME&IsoCountryCode=GB", 201, NULL, NULL},
        {DESTINATIONS(ORDERS), "AlphaSender=ACME&IsoCountryCode=gb", 409, "21710", NULL},
        {DESTINATIONS(ORDERS), "AlphaSender=ACME&IsoCountryCode=FR", 201, NULL, NULL},
        {DESTINATIONS(ORDERS), "AlphaSender=Acme&IsoCountryCode=FR", 201, NULL, NULL},
        {DESTINATIONS(EMPTY), "AlphaSender=ACME&IsoCountryCode=GB", 201, NULL, NULL},
        /* The service's alpha sender has that text, but is on another list. */
        {DESTINATIONS(ORDERS), "AlphaSender=ACME", 201, NULL, NULL},
        {DESTINATIONS(ORDERS), "AlphaSender=ACME&IsoCountryCode=", 409, "21710", NULL},
        {DESTINATIONS(ORDERS), "AlphaSender=ACME&IsoCountryCode=GBR", 400, "20422",
         "Invalid parameter IsoCountryCode"},
        {DESTINATIONS(ORDERS), "AlphaSender=ACME&IsoCountryCode=4+", 400, "20422", NULL},
        {DESTINATIONS(ORDERS), "AlphaSender=12345&IsoCountryCode=GB", 400, "21709", NULL},
        {DESTINATIONS(ORDERS), "IsoCountryCode=GB", 400, "20001",
         "Missing required parameter AlphaSender in the post body"},
        {DESTINATIONS("MG" ZEROS "9"), "AlphaSender=ACME", 404, "20404", NULL},
        {CHANNELS(EMPTY), "Sid=" XE("1"), 201, NULL, NULL},
        {CHANNELS(EMPTY), "Sid=" XE("1"), 409, "21710", NULL},
        {CHANNELS(ORDERS), "Sid=" XE("1"), 409, "21712", NULL},
        {CHANNELS(EMPTY), "Sid=" XE("9"), 404, "20404",
         "The requested resource /Services/" EMPTY "/ChannelSenders/" XE("9") " was not found"},
        {CHANNELS(EMPTY), "Sid=" PN("2"), 400, "21421", NULL},
        {CHANNELS(EMPTY), "Sid=whatsapp:%2B15005550001", 400, "21421",
         "whatsapp:+15005550001 is not a valid number"},
        {CHANNELS(EMPTY), "ChannelSenderSid=" XE("2"), 400, "20001",
         "Missing required parameter Sid in the post body"},
    };
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(fixture_call(&f, cases[i].form, "POST %s", cases[i].path),
                         cases[i].status);
        if (cases[i].code != NULL)
            fixture_expect(&f, "code", cases[i].code);
        if (cases[i].message != NULL)
            fixture_expect(&f, "message", cases[i].message);
    }
    fixture_stop(&f);
}

static void test_bodies(void **state)
{
    static const char url[] = "http://sandbox:1/v1/Services/" EMPTY "/";
    struct fixture f;
    char text[1024], wanted[256];

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    f.now_ms += 1000;
    fixture_call(&f, "PhoneNumberSid=" PN("2"), "POST " NUMBERS(EMPTY));
    fixture_expect_members(f.body, "account_sid capabilities country_code date_created "
                                   "date_updated phone_number service_sid sid url");
    fixture_expect(&f, "sid", PN("2"));
    fixture_expect(&f, "account_sid", ACCOUNT);
    fixture_expect(&f, "service_sid", EMPTY);
    fixture_expect(&f, "phone_number", "+14155550002");
    fixture_expect(&f, "country_code", "US");
    fixture_expect(&f, "capabilities", "[\"MMS\",\"SMS\",\"Voice\"]");
    fixture_expect(&f, "date_created", "2026-01-02T03:04:06Z");
    snprintf(wanted, sizeof(wanted), "%sPhoneNumbers/" PN("2"), url);
    fixture_expect(&f, "url", wanted);

    fixture_call(&f, "ShortCodeSid=" SC("2"), "POST " CODES(EMPTY));
    fixture_expect_members(f.body, "account_sid capabilities country_code date_created "
                                   "date_updated service_sid short_code sid url");
    fixture_expect(&f, "short_code", "85556");
    fixture_expect(&f, "country_code", "US");
    fixture_expect(&f, "capabilities", "[\"SMS\"]");

    fixture_call(&f, "AlphaSender=A+%26+B", "POST " ALPHAS(EMPTY));
    fixture_expect_members(f.body, "account_sid alpha_sender capabilities date_created "
                                   "date_updated service_sid sid url");
    fixture_expect(&f, "alpha_sender", "A & B");
    snprintf(wanted, sizeof(wanted), "%sAlphaSenders/%s", url, fixture_text(&f, "sid", text));
    assert_memory_equal(text, "AI", 2);
    fixture_expect(&f, "url", wanted);
    fixture_stop(&f);
}

static void test_bodies_of_newer_kinds(void **state)
{
    static const char url[] = "http://sandbox:1/v1/Services/" EMPTY "/";
    struct fixture f;
    char text[1024], wanted[256];

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    fixture_call(&f, "AlphaSender=ACME&IsoCountryCode=gb", "POST " DESTINATIONS(EMPTY));
    fixture_expect_members(f.body, "account_sid alpha_sender capabilities date_created "
                                   "date_updated iso_country_code service_sid sid url");
    fixture_expect(&f, "alpha_sender", "ACME");
    fixture_expect(&f, "iso_country_code", "GB");
    fixture_expect(&f, "capabilities", "[\"SMS\"]");
    snprintf(wanted, sizeof(wanted), "%sDestinationAlphaSenders/%s", url,
             fixture_text(&f, "sid", text));
    assert_memory_equal(text, "AI", 2);
    fixture_expect(&f, "url", wanted);
    fixture_call(&f, "AlphaSender=ACME", "POST " DESTINATIONS(EMPTY));
    fixture_expect(&f, "iso_country_code", "");

    fixture_call(&f, "Sid=" XE("1"), "POST " CHANNELS(EMPTY));
    fixture_expect_members(f.body, "account_sid country_code date_created date_updated "
                                   "messaging_service_sid sender sender_type sid url");
    fixture_expect(&f, "sid", XE("1"));
    fixture_expect(&f, "messaging_service_sid", EMPTY);
    fixture_expect(&f, "sender", "whatsapp:+15005550001");
    fixture_expect(&f, "sender_type", "WhatsApp");
    fixture_expect(&f, "country_code", "US");
    snprintf(wanted, sizeof(wanted), "%sChannelSenders/" XE("1"), url);
    fixture_expect(&f, "url", wanted);
    fixture_call(&f, "Sid=" XE("2"), "POST " CHANNELS(EMPTY));
    fixture_expect(&f, "sender_type", "Rcs");
    fixture_expect(&f, "country_code", "null");
    fixture_stop(&f);
}

static void test_fetch_and_remove(void **state)
{
    static const struct {
        const char *path;
        int status; /* of a fetch, before and after the removal that follows */
    } cases[] = {
        {NUMBERS(ORDERS) "/" PN("1"), 200},    {NUMBERS(EMPTY) "/" PN("1"), 404},
        {NUMBERS(ORDERS) "/" PN("2"), 404},    {NUMBERS(ORDERS) "/PNx", 404},
        {CODES(ORDERS) "/" PN("3"), 404},      {CODES(ORDERS) "/" SC("1"), 404},
        {ALPHAS(ORDERS) "/AI" ZEROS "9", 404},
    };
    struct fixture f;
    char alpha[64], text[1024];
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        bool there = cases[i].status == 200;
        assert_int_equal(fixture_call(&f, NULL, "GET %s", cases[i].path), cases[i].status);
        assert_int_equal(fixture_call(&f, NULL, "DELETE %s", cases[i].path), there ? 204 : 404);
        assert_int_equal(fixture_call(&f, NULL, "GET %s", cases[i].path), 404);
        assert_int_equal(fixture_call(&f, NULL, "DELETE %s", cases[i].path), 404);
        fixture_expect(&f, "code", "20404");
    }
    /* Removed from the service only: the account still has it, and any service can take it. */
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/IncomingPhoneNumbers/" PN("1") ".json"),
                     200);
    assert_int_equal(fixture_call(&f, "PhoneNumberSid=" PN("1"), "POST " NUMBERS(EMPTY)), 201);

    fixture_call(&f, NULL, "GET " ALPHAS(ORDERS));
    snprintf(alpha, sizeof(alpha), "%.34s", fixture_text(&f, "alpha_senders.0.sid", text));
    assert_int_equal(fixture_call(&f, NULL, "GET " ALPHAS(ORDERS) "/%s", alpha), 200);
    assert_int_equal(fixture_call(&f, NULL, "GET " ALPHAS(EMPTY) "/%s", alpha), 404);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " ALPHAS(ORDERS) "/%s", alpha), 204);
    assert_int_equal(fixture_call(&f, "AlphaSender=Other", "POST " ALPHAS(ORDERS)), 201);
    fixture_stop(&f);
}

static void test_lists(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    assert_int_equal(fixture_call(&f, NULL, "GET " NUMBERS(ORDERS)), 200);
    fixture_expect(&f, "meta.key", "phone_numbers");
    assert_int_equal(json_array_size(fixture_at(&f, "phone_numbers")), 2);
    fixture_expect(&f, "phone_numbers.0.phone_number", "+14155550001");
    fixture_expect(&f, "phone_numbers.1.phone_number", "+442071838750");
    fixture_expect(&f, "phone_numbers.1.country_code", "GB");
    assert_int_equal(fixture_call(&f, NULL, "GET " CODES(ORDERS)), 200);
    fixture_expect(&f, "meta.key", "short_codes");
    fixture_expect(&f, "short_codes", "[]");
    assert_int_equal(fixture_call(&f, NULL, "GET " ALPHAS(ORDERS)), 200);
    fixture_expect(&f, "meta.key", "alpha_senders");
    fixture_expect(&f, "alpha_senders.0.alpha_sender", "ACME");
    assert_int_equal(fixture_call(&f, NULL, "GET " ALPHAS("MG" ZEROS "9")), 404);
    fixture_stop(&f);
}

static void test_destination_list(void **state)
{
    static const struct {
        const char *query, *first, *second; /* "alpha sender/country"; "" none */
    } cases[] = {
        {"", "A/GB", "B/"},
        {"?IsoCountryCode=", "A/GB", "B/"},
        {"?IsoCountryCode=GB", "A/GB", "D/GB"},
        {"?IsoCountryCode=gb", "A/GB", "D/GB"},
        {"?IsoCountryCode=FR", "C/FR", ""},
        {"?IsoCountryCode=DE", "", ""},
        {"?IsoCountryCode=GBR", "", ""},
    };
    static const char *const forms[] = {"AlphaSender=A&IsoCountryCode=GB", "AlphaSender=B",
                                        "AlphaSender=C&IsoCountryCode=FR",
                                        "AlphaSender=D&IsoCountryCode=GB"};
    struct fixture f;
    size_t i, at;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(forms); i++)
        assert_int_equal(fixture_call(&f, forms[i], "POST " DESTINATIONS(ORDERS)), 201);
    for (i = 0; i < COUNT_OF(cases); i++) {
        const char *const wanted[] = {cases[i].first, cases[i].second};
        assert_int_equal(fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS) "%s", cases[i].query),
                         200);
        fixture_expect(&f, "meta.key", "alpha_senders");
        for (at = 0; at < COUNT_OF(wanted); at++) {
            json_t *row = json_array_get(json_object_get(f.body, "alpha_senders"), at);
            char text[64] = "";
            if (row != NULL)
                snprintf(text, sizeof(text), "%s/%s",
                         json_string_value(json_object_get(row, "alpha_sender")),
                         json_string_value(json_object_get(row, "iso_country_code")));
            assert_string_equal(text, wanted[at]);
        }
    }
    /* Links keep the filter. */
    fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS) "?IsoCountryCode=GB&PageSize=1");
    fixture_expect(&f, "meta.url",
                   "http://sandbox:1" DESTINATIONS(ORDERS) "?IsoCountryCode=GB&PageSize=1&Page=0");
    assert_non_null(
        strstr(json_string_value(fixture_at(&f, "meta.next_page_url")), "IsoCountryCode=GB"));
    fixture_stop(&f);
}

/* A SID of the other list is not found, unless the sandbox is told that both are one. */
static void test_alpha_in_destinations(void **state)
{
    const struct sandbox_config config = {.alpha_in_destinations = true};
    const char *alpha;
    struct fixture f;
    char text[1024];

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    alpha = ((struct sandbox_service *)f.store.services.rows[0])
                ->pools[SANDBOX_ALPHA_SENDER]
                .rows[0]
                ->sid;
    assert_int_equal(fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS) "/%s", alpha), 404);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " DESTINATIONS(ORDERS) "/%s", alpha), 404);
    fixture_stop(&f);

    fixture_start(&f, fixture_state, &config);
    fixture_call(&f, "AlphaSender=B&IsoCountryCode=GB", "POST " DESTINATIONS(ORDERS));
    assert_int_equal(fixture_call(&f, "AlphaSender=ACME", "POST " DESTINATIONS(ORDERS)), 409);
    assert_int_equal(
        fixture_call(&f, "AlphaSender=ACME&IsoCountryCode=GB", "POST " DESTINATIONS(ORDERS)), 201);
    fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS));
    fixture_expect(&f, "alpha_senders.0.alpha_sender", "ACME");
    fixture_expect(&f, "alpha_senders.0.iso_country_code", "");
    fixture_text(&f, "alpha_senders.0.url", text);
    assert_non_null(strstr(text, DESTINATIONS(ORDERS) "/AI"));
    fixture_expect(&f, "alpha_senders.1.alpha_sender", "B");
    fixture_expect(&f, "alpha_senders.2.iso_country_code", "GB");
    fixture_expect(&f, "alpha_senders.3", "(none)");
    fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS) "?IsoCountryCode=GB");
    fixture_expect(&f, "alpha_senders.0.alpha_sender", "B");

    /* AlphaSenders has its own, as ever. */
    fixture_call(&f, NULL, "GET " ALPHAS(ORDERS));
    fixture_expect(&f, "alpha_senders.0.iso_country_code", "(none)");
    fixture_expect(&f, "alpha_senders.1", "(none)");
    fixture_text(&f, "alpha_senders.0.sid", text);
    assert_int_equal(fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS) "/%s", text), 200);
    fixture_expect(&f, "iso_country_code", "");
    assert_int_equal(fixture_call(&f, NULL, "DELETE " DESTINATIONS(ORDERS) "/%s", text), 204);
    assert_int_equal(fixture_call(&f, NULL, "GET " ALPHAS(ORDERS) "/%s", text), 404);

    /* The other way round: the same text is refused, and a later alpha sender comes last. */
    assert_int_equal(fixture_call(&f, "AlphaSender=ACME", "POST " DESTINATIONS(ORDERS)), 201);
    assert_int_equal(fixture_call(&f, "AlphaSender=ACME", "POST " ALPHAS(ORDERS)), 409);
    assert_int_equal(fixture_call(&f, "AlphaSender=Late", "POST " ALPHAS(ORDERS)), 201);
    fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS));
    fixture_expect(&f, "alpha_senders.3.alpha_sender", "Late");
    fixture_expect(&f, "alpha_senders.4", "(none)");
    fixture_stop(&f);
}

/* Pages go through both lists as through one. */
static void test_alpha_in_destinations_pages(void **state)
{
    const struct sandbox_config config = {.alpha_in_destinations = true};
    static const char *const wanted[] = {"A", "Middle", "B"};
    struct fixture f;
    char text[1024] = "http://sandbox:1" DESTINATIONS(EMPTY) "?PageSize=1";
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, &config);
    fixture_call(&f, "AlphaSender=A", "POST " DESTINATIONS(EMPTY));
    fixture_call(&f, "AlphaSender=Middle", "POST " ALPHAS(EMPTY));
    fixture_call(&f, "AlphaSender=B", "POST " DESTINATIONS(EMPTY));
    for (i = 0; i < COUNT_OF(wanted); i++) {
        assert_int_equal(fixture_call(&f, NULL, "GET %s", text + strlen("http://sandbox:1")), 200);
        fixture_expect(&f, "alpha_senders.0.alpha_sender", wanted[i]);
        fixture_text(&f, "meta.next_page_url", text);
    }
    assert_string_equal(text, "null");
    fixture_stop(&f);
}

static void test_remove_newer_kinds(void **state)
{
    struct fixture f;
    char sid[1024];

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    fixture_call(&f, "AlphaSender=ACME&IsoCountryCode=GB", "POST " DESTINATIONS(EMPTY));
    fixture_text(&f, "sid", sid);
    assert_int_equal(fixture_call(&f, NULL, "GET " DESTINATIONS(EMPTY) "/%s", sid), 200);
    assert_int_equal(fixture_call(&f, NULL, "GET " DESTINATIONS(ORDERS) "/%s", sid), 404);
    assert_int_equal(fixture_call(&f, NULL, "GET " ALPHAS(EMPTY) "/%s", sid), 404);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " ALPHAS(EMPTY) "/%s", sid), 404);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " DESTINATIONS(EMPTY) "/%s", sid), 204);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " DESTINATIONS(EMPTY) "/%s", sid), 404);
    fixture_expect(&f, "code", "20404");

    assert_int_equal(fixture_call(&f, "Sid=" XE("1"), "POST " CHANNELS(EMPTY)), 201);
    assert_int_equal(fixture_call(&f, NULL, "GET " CHANNELS(EMPTY)), 200);
    fixture_expect(&f, "meta.key", "senders");
    fixture_expect(&f, "senders.0.sid", XE("1"));
    fixture_expect(&f, "senders.1", "(none)");
    assert_int_equal(fixture_call(&f, NULL, "GET " CHANNELS(EMPTY) "/" XE("1")), 200);
    assert_int_equal(fixture_call(&f, NULL, "GET " CHANNELS(EMPTY) "/" XE("2")), 404);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " CHANNELS(ORDERS) "/" XE("1")), 404);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " CHANNELS(EMPTY) "/" XE("1")), 204);
    assert_int_equal(fixture_call(&f, NULL, "DELETE " CHANNELS(EMPTY) "/" XE("1")), 404);
    assert_int_equal(fixture_call(&f, "Sid=" XE("1"), "POST " CHANNELS(ORDERS)), 201);
    /* A service that goes leaves them to the account. */
    assert_int_equal(fixture_call(&f, NULL, "DELETE /v1/Services/" ORDERS), 204);
    assert_int_equal(fixture_call(&f, "Sid=" XE("1"), "POST " CHANNELS(EMPTY)), 201);
    fixture_stop(&f);
}

/* Numbers and short codes share one limit; alpha and channel senders do not count. */
static void test_pool_limit(void **state)
{
    struct fixture f;
    const struct sandbox_row *row;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    sandbox_state_generate(&f.store, 1, 401, 0);
    row = f.store.services.rows[2];
    assert_int_equal(((const struct sandbox_service *)row)->pools[SANDBOX_PHONE_NUMBER].count,
                     SANDBOX_POOL_MAX);
    assert_int_equal(
        fixture_call(&f, "PhoneNumberSid=" PN("2"), "POST /v1/Services/%s/PhoneNumbers", row->sid),
        412);
    fixture_expect(&f, "code", "21714");
    fixture_expect(&f, "message", "Number Pool size limit reached");
    assert_int_equal(
        fixture_call(&f, "ShortCodeSid=" SC("1"), "POST /v1/Services/%s/ShortCodes", row->sid),
        412);
    assert_int_equal(
        fixture_call(&f, "AlphaSender=ACME", "POST /v1/Services/%s/AlphaSenders", row->sid), 201);
    assert_int_equal(fixture_call(&f, "AlphaSender=ACME&IsoCountryCode=GB",
                                  "POST /v1/Services/%s/DestinationAlphaSenders", row->sid),
                     201);
    assert_int_equal(
        fixture_call(&f, "Sid=" XE("1"), "POST /v1/Services/%s/ChannelSenders", row->sid), 201);
    fixture_stop(&f);
}

/* A short code takes a place of the same limit. */
static void test_pool_limit_is_shared(void **state)
{
    struct fixture f;
    const char *sid;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    sandbox_state_generate(&f.store, 1, SANDBOX_POOL_MAX - 1, 0);
    sid = f.store.services.rows[2]->sid;
    assert_int_equal(fixture_call(&f, "Sid=" XE("1"), "POST /v1/Services/%s/ChannelSenders", sid),
                     201);
    assert_int_equal(
        fixture_call(&f, "ShortCodeSid=" SC("1"), "POST /v1/Services/%s/ShortCodes", sid), 201);
    assert_int_equal(
        fixture_call(&f, "PhoneNumberSid=" PN("2"), "POST /v1/Services/%s/PhoneNumbers", sid), 412);
    fixture_stop(&f);
}

static void test_mms_is_enough(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    sandbox_sender_find(&f.store, SANDBOX_PHONE_NUMBER, PN("4"))->capabilities = SANDBOX_MMS;
    assert_int_equal(fixture_call(&f, "PhoneNumberSid=" PN("4"), "POST " NUMBERS(EMPTY)), 201);
    fixture_expect(&f, "capabilities", "[\"MMS\"]");
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_fetch_and_remove),
        cmocka_unit_test(test_pool_limit),
        cmocka_unit_test(test_pool_limit_is_shared),
        cmocka_unit_test(test_mms_is_enough),
        cmocka_unit_test(test_bodies_of_newer_kinds),
        cmocka_unit_test(test_destination_list),
        cmocka_unit_test(test_alpha_in_destinations),
        cmocka_unit_test(test_alpha_in_destinations_pages),
        cmocka_unit_test(test_remove_newer_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
