/*
 * Which sender a message of a service gets.
 */
#include "messages_fixture.h"

#define HEAD "{\"version\":1,\"account\":{\"sid\":\"" ACCOUNT "\",\"auth_token\":\"token\"},"

/* Numbers of several countries, a short code, and what else a service may have. */
#define NUMBERS                                                                               \
    "\"incoming_phone_numbers\":[{\"phone_number\":\"+12025550001\"},"                        \
    "{\"phone_number\":\"+14155550001\"},{\"phone_number\":\"+16045550001\"},"                \
    "{\"phone_number\":\"+18005550001\"},{\"phone_number\":\"+447400000001\"},"               \
    "{\"phone_number\":\"+61480000001\"},{\"phone_number\":\"+4915200000001\"},"              \
    "{\"phone_number\":\"+919000000001\"},{\"phone_number\":\"+12025550009\","                \
    "\"capabilities\":{\"sms\":true}}],"                                                      \
    "\"short_codes\":[{\"short_code\":\"85555\"},"                                            \
    "{\"short_code\":\"60000\",\"country_code\":\"GB\"}],"                                    \
    "\"channel_senders\":[{\"sender\":\"whatsapp:+12025550001\"},{\"sender\":\"rcs:agent\"}," \
    "{\"sender\":\"messenger:1\"}],"

#define ALL                                                                                   \
    "[\"+12025550001\",\"+14155550001\",\"+16045550001\",\"+18005550001\",\"+447400000001\"," \
    "\"+61480000001\",\"+4915200000001\",\"+919000000001\"]"

#define SERVICE(members)                                                                           \
    HEAD NUMBERS "\"services\":[{\"sid\":\"" ORDERS "\",\"friendly_name\":\"Orders\"," members "}" \
                 "]"                                                                               \
                 "}"

static void test_choices(void **state)
{
    static const struct {
        const char *state;
        const char *to, *from; /* "null": none, with error 21703 */
    } cases[] = {
        /* Numbers alone: the recipient's country, and in it the area code. */
        {SERVICE("\"phone_numbers\":" ALL), "12025550100", "+12025550001"},
        {SERVICE("\"phone_numbers\":" ALL), "14155550100", "+14155550001"},
        {SERVICE("\"phone_numbers\":" ALL), "447700900123", "+447400000001"},
        {SERVICE("\"phone_numbers\":" ALL), "61491570006", "+61480000001"},
        {SERVICE("\"phone_numbers\":" ALL), "4915112345678", "+4915200000001"},
        {SERVICE("\"phone_numbers\":" ALL), "919876543210", "+919000000001"},
        /* Canada likes toll-free numbers better than its own. */
        {SERVICE("\"phone_numbers\":" ALL), "16045550100", "+18005550001"},
        {SERVICE("\"phone_numbers\":[\"+12025550001\",\"+16045550001\"]"), "16135550100",
         "+16045550001"},
        {SERVICE("\"phone_numbers\":[\"+12025550001\"]"), "16135550100", "+12025550001"},
        /* No number of the country: any. */
        {SERVICE("\"phone_numbers\":[\"+447400000001\"]"), "33612345678", "+447400000001"},
        /* Without geomatch the area code says nothing. */
        {SERVICE("\"phone_numbers\":" ALL ",\"area_code_geomatch\":false"), "14155550100",
         "+12025550001"},
        {SERVICE("\"phone_numbers\":[\"+14155550001\",\"+12025550001\"]"), "12025550100",
         "+12025550001"},
        /* An alpha sender goes before numbers, where there may be one. */
        {SERVICE("\"phone_numbers\":" ALL ",\"alpha_senders\":[\"ACME\"]"), "447700900123", "ACME"},
        {SERVICE("\"phone_numbers\":" ALL ",\"alpha_senders\":[\"ACME\"]"), "4915112345678",
         "ACME"},
        {SERVICE("\"phone_numbers\":" ALL ",\"alpha_senders\":[\"ACME\"]"), "61491570006", "ACME"},
        {SERVICE("\"phone_numbers\":" ALL ",\"alpha_senders\":[\"ACME\"]"), "12025550100",
         "+12025550001"},
        {SERVICE("\"phone_numbers\":" ALL ",\"alpha_senders\":[\"ACME\"]"), "16045550100",
         "+18005550001"},
        /* Where it has to be registered, only one that is for that country is. */
        {SERVICE("\"phone_numbers\":" ALL ",\"alpha_senders\":[\"ACME\"]"), "919876543210",
         "+919000000001"},
        {SERVICE("\"alpha_senders\":[\"ACME\"],\"destination_alpha_senders\":["
                 "{\"alpha_sender\":\"ACMEIN\",\"iso_country_code\":\"IN\"}]"),
         "919876543210", "ACMEIN"},
        {SERVICE("\"alpha_senders\":[\"ACME\"]"), "919876543210", "null"},
        {SERVICE("\"alpha_senders\":[\"ACME\"],\"destination_alpha_senders\":["
                 "{\"alpha_sender\":\"ACMEUK\",\"iso_country_code\":\"GB\"}]"),
         "447700900123", "ACMEUK"},
        {SERVICE("\"alpha_senders\":[\"ACME\"],\"destination_alpha_senders\":["
                 "{\"alpha_sender\":\"ACMEUK\",\"iso_country_code\":\"GB\"}]"),
         "4915112345678", "ACME"},
        {SERVICE("\"destination_alpha_senders\":[\"ACMEALL\"]"), "4915112345678", "ACMEALL"},
        {SERVICE("\"destination_alpha_senders\":["
                 "{\"alpha_sender\":\"ACMEUS\",\"iso_country_code\":\"US\"}]"),
         "12025550100", "null"},
        /* A short code goes before all of them, in its country. */
        {SERVICE("\"phone_numbers\":" ALL ",\"short_codes\":[\"85555\",\"60000\"],"
                 "\"alpha_senders\":[\"ACME\"]"),
         "12025550100", "85555"},
        {SERVICE("\"phone_numbers\":" ALL ",\"short_codes\":[\"85555\",\"60000\"],"
                 "\"alpha_senders\":[\"ACME\"]"),
         "447700900123", "60000"},
        {SERVICE("\"phone_numbers\":" ALL ",\"short_codes\":[\"85555\"]"), "16045550100",
         "+18005550001"},
        {SERVICE("\"short_codes\":[\"85555\"]"), "447700900123", "null"},
        /* RCS goes before everything, the other channels serve their own recipients only. */
        {SERVICE("\"short_codes\":[\"85555\"],\"channel_senders\":[\"rcs:agent\"]"), "12025550100",
         "rcs:agent"},
        {SERVICE("\"phone_numbers\":" ALL ",\"channel_senders\":[\"whatsapp:+12025550001\"]"),
         "12025550100", "+12025550001"},
        {SERVICE("\"channel_senders\":[\"whatsapp:+12025550001\"]"), "12025550100", "null"},
    };
    struct fixture f;
    char text[1024];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        fixture_start(&f, cases[i].state, NULL);
        assert_int_equal(messages_send(&f, cases[i].to, ORDERS), 201);
        f.now_ms += FIXTURE_DELAY_MS;
        if (strcmp(messages_last(&f, "from", text), cases[i].from) != 0)
            fail_msg("case %zu: to %s: %s, not %s", i, cases[i].to, text, cases[i].from);
        fixture_expect(&f, "error_code", strcmp(cases[i].from, "null") == 0 ? "21703" : "null");
        fixture_stop(&f);
    }
}

static void test_channels(void **state)
{
    static const struct {
        const char *to, *from;
    } cases[] = {
        {"To=whatsapp:%2B12025550100", "whatsapp:+12025550001"},
        {"To=messenger:77", "messenger:1"},
        {"To=rcs:%2B12025550100", "null"},
    };
    struct fixture f;
    char form[512], text[1024];
    size_t i;

    (void)state;
    fixture_start(&f,
                  SERVICE("\"phone_numbers\":" ALL ",\"short_codes\":[\"85555\"],"
                          "\"channel_senders\":[\"messenger:1\",\"whatsapp:+12025550001\"]"),
                  NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        snprintf(form, sizeof(form), "%s" BY_ORDERS "&Body=x", cases[i].to);
        assert_int_equal(fixture_call(&f, form, "POST " MESSAGES), 201);
        f.now_ms += FIXTURE_DELAY_MS;
        assert_string_equal(messages_last(&f, "from", text), cases[i].from);
    }
    fixture_stop(&f);
}

/* What is given with From has to be of the recipient's channel, and in the pool. */
static void test_channel_from(void **state)
{
    static const struct {
        const char *form;
        int status;
        const char *code;
    } cases[] = {
        {"To=whatsapp:%2B12025550100&From=whatsapp:%2B12025550001&Body=x", 201, "(none)"},
        {"To=whatsapp:%2B12025550100&From=whatsapp:%2B12025550001&Body=x" BY_ORDERS, 400, "21711"},
        {"To=whatsapp:%2B12025550100&From=whatsapp:%2B12025550002&Body=x", 400, "63007"},
        {"To=whatsapp:%2B12025550100&From=%2B12025550001&Body=x", 400, "21910"},
        {"To=%2B12025550100&From=whatsapp:%2B12025550001&Body=x", 400, "21910"},
        {"To=whatsapp:1&From=whatsapp:%2B12025550001&Body=x", 400, "21211"},
        {"To=%2B919876543210&From=ACME&Body=x", 400, "21657"},
        {"To=%2B5511912345678&From=ACME&Body=x", 400, "21612"},
    };
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, SERVICE("\"phone_numbers\":" ALL), NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(fixture_call(&f, cases[i].form, "POST " MESSAGES), cases[i].status);
        fixture_expect(&f, "code", cases[i].code);
    }
    fixture_stop(&f);
}

/* Media goes out from what can send it, when the service does not convert it. */
static void test_media(void **state)
{
    static const char with_media[] = "To=%2B12025550100&MediaUrl=http://a.b/c" BY_ORDERS;
    struct fixture f;
    char text[1024];

    (void)state;
    fixture_start(&f, SERVICE("\"phone_numbers\":[\"+12025550009\"],\"mms_converter\":false"),
                  NULL);
    fixture_call(&f, with_media, "POST " MESSAGES);
    f.now_ms += FIXTURE_DELAY_MS;
    assert_string_equal(messages_last(&f, "error_code", text), "21703");
    fixture_call(&f, "MmsConverter=true", "POST /v1/Services/" ORDERS);
    fixture_call(&f, with_media, "POST " MESSAGES);
    f.now_ms += FIXTURE_DELAY_MS;
    assert_string_equal(messages_last(&f, "from", text), "+12025550009");
    fixture_stop(&f);
}

#define FIVE                                                                         \
    HEAD "\"incoming_phone_numbers\":[{\"sid\":\"PN" ZEROS                           \
         "1\",\"phone_number\":\"+12025550001\"},"                                   \
         "{\"phone_number\":\"+12025550002\"},{\"phone_number\":\"+12025550003\"},"  \
         "{\"phone_number\":\"+12025550004\"},{\"phone_number\":\"+12025550005\"}]," \
         "\"services\":[{\"sid\":\"" ORDERS "\",\"friendly_name\":\"Orders\","       \
         "\"phone_numbers\":[\"+12025550001\",\"+12025550002\",\"+12025550003\","    \
         "\"+12025550004\",\"+12025550005\"]}]}"

enum { SENT = 503, NUMBERS_OF_FIVE = 5 };

/* Sends to so many recipients that had nothing yet, and counts all by the sender's last digit. */
static void spread(struct fixture *f, size_t count, size_t by_number[NUMBERS_OF_FIVE])
{
    char to[32];
    size_t i;

    for (i = 0; i < count; i++) {
        snprintf(to, sizeof(to), "1303555%04zu", f->store.messages.count);
        assert_int_equal(messages_send(f, to, ORDERS), 201);
    }
    memset(by_number, 0, NUMBERS_OF_FIVE * sizeof(*by_number));
    for (i = 0; i < f->store.messages.count; i++) {
        const struct sandbox_message *message =
            (const struct sandbox_message *)f->store.messages.rows[i];
        const char *from = json_string_value(json_object_get(message->body, "from"));
        by_number[from[11] - '1']++;
    }
}

static void test_spread(void **state)
{
    size_t by_number[NUMBERS_OF_FIVE], i;
    struct fixture f;

    (void)state;
    fixture_start(&f, FIVE, NULL);
    spread(&f, SENT, by_number);
    for (i = 0; i < NUMBERS_OF_FIVE; i++) {
        assert_true(by_number[i] * NUMBERS_OF_FIVE * 10 >= SENT * 9);
        assert_true(by_number[i] * NUMBERS_OF_FIVE * 10 <= SENT * 11);
    }
    fixture_stop(&f);
}

/* One that joins later takes its share from then on, and does not catch up. */
static void test_newcomer(void **state)
{
    size_t by_number[NUMBERS_OF_FIVE];
    struct fixture f;

    (void)state;
    fixture_start(&f, FIVE, NULL);
    assert_int_equal(
        fixture_call(&f, NULL, "DELETE /v1/Services/" ORDERS "/PhoneNumbers/PN" ZEROS "1"), 204);
    spread(&f, 100, by_number);
    assert_int_equal(by_number[0], 0);
    assert_int_equal(fixture_call(&f, "PhoneNumberSid=PN" ZEROS "1",
                                  "POST /v1/Services/" ORDERS "/PhoneNumbers"),
                     201);
    spread(&f, 100, by_number);
    assert_in_range(by_number[0], 18, 22);
    fixture_stop(&f);
}

/* Who wrote to whom last time does so again, until the number leaves or the setting is off. */
static void test_sticky(void **state)
{
    struct fixture f;
    struct buf saved;
    char text[1024];
    size_t i;

    (void)state;
    fixture_start(&f, FIVE, NULL);
    for (i = 0; i < 4; i++) {
        messages_send(&f, i == 1 ? "13035550101" : "13035550100", ORDERS);
        f.now_ms += FIXTURE_DELAY_MS * 10;
        assert_string_equal(messages_last(&f, "from", text),
                            i == 1 ? "+12025550002" : "+12025550001");
    }
    /* It is remembered in the saved account. */
    buf_init(&saved, BUF_LIMIT_DEFAULT);
    sandbox_state_write(&f.store, &saved);
    fixture_stop(&f);
    fixture_start(&f, buf_text(&saved), NULL);
    buf_release(&saved);
    messages_send(&f, "13035550100", ORDERS);
    f.now_ms += FIXTURE_DELAY_MS * 10;
    assert_string_equal(messages_last(&f, "from", text), "+12025550001");
    /* Out and in again: forgotten. */
    fixture_call(&f, NULL, "DELETE /v1/Services/" ORDERS "/PhoneNumbers/PN" ZEROS "1");
    fixture_call(&f, "PhoneNumberSid=PN" ZEROS "1", "POST /v1/Services/" ORDERS "/PhoneNumbers");
    messages_send(&f, "13035550100", ORDERS);
    f.now_ms += FIXTURE_DELAY_MS * 10;
    assert_string_equal(messages_last(&f, "from", text), "+12025550003");
    fixture_call(&f, "StickySender=false", "POST /v1/Services/" ORDERS);
    messages_send(&f, "13035550100", ORDERS);
    f.now_ms += FIXTURE_DELAY_MS * 10;
    assert_string_equal(messages_last(&f, "from", text), "+12025550004");
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices),      cmocka_unit_test(test_channels),
        cmocka_unit_test(test_channel_from), cmocka_unit_test(test_media),
        cmocka_unit_test(test_spread),       cmocka_unit_test(test_newcomer),
        cmocka_unit_test(test_sticky),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
