#include "test_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static int parse(struct sandbox_store *store, const char *text, struct diag *diag)
{
    struct random_state random;
    random_seed(&random, 1);
    return sandbox_state_parse(store, text, strlen(text), "state.json", &random,
                               FIXTURE_NOW_MS / 1000, diag);
}

#define HEAD "{\"version\":1,"
#define MG(digit) "MG" ZEROS digit
#define PN(digit) "PN" ZEROS digit

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *message; /* without the file's name */
    } cases[] = {
        {"", ":1:0: '[' or '{' expected near end of file"},
        {"{\"version\":1", ":1:12: '}' expected near end of file"},
        {"{\"version\":1,\"version\":1}", ":1:22: duplicate object key near '\"version\"'"},
        {"[]", ": has to be an object"},
        {"{}", ": version: has to be there, and to be 1"},
        {"{\"version\":2}", ": version: has to be there, and to be 1"},
        {HEAD "\"x\":1}", ": x: is not a known member"},
        {HEAD "\"account\":[]}", ": account: has to be an object"},
        {HEAD "\"account\":{\"sid\":\"AC1\"}}",
         ": account.sid: \"AC1\" is no SID of this kind: it takes AC and 32 hexadecimal digits"},
        {HEAD "\"account\":{\"auth_token\":\"\"}}",
         ": account.auth_token: has to be a text that is not empty"},
        {HEAD "\"account\":{\"type\":\"Big\"}}",
         ": account.type: \"Big\" is not a value that the API has"},
        {HEAD "\"account\":{\"token\":\"x\"}}", ": account.token: is not a known member"},
        {HEAD "\"account\":{\"api_keys\":[{\"sid\":\"SK" ZEROS "1\"}]}}",
         ": account.api_keys[0].secret: is missing"},
        {HEAD "\"account\":{\"api_keys\":[{\"secret\":\"x\"}]}}",
         ": account.api_keys[0].sid: is missing"},
        {HEAD "\"services\":{}}", ": services: has to be an array"},
        {HEAD "\"services\":[1]}", ": services[0]: has to be an object"},
        {HEAD "\"services\":[{}]}", ": services[0].friendly_name: is missing"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\"},{\"friendly_name\":\"\"}]}",
         ": services[1].friendly_name: is not a value that the API takes"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"sticky_sendr\":true}]}",
         ": services[0].sticky_sendr: is not a known member"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"sticky_sender\":\"true\"}]}",
         ": services[0].sticky_sender: is not a value that the API takes"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"validity_period\":0}]}",
         ": services[0].validity_period: is not a value that the API takes"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"us_app_to_person_registered\":1}]}",
         ": services[0].us_app_to_person_registered: has to be true or false"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"date_created\":\"now\"}]}",
         ": services[0].date_created: \"now\" is no date of the API"},
        {HEAD "\"services\":[{\"sid\":\"" MG("1") "\",\"friendly_name\":\"a\"},{\"sid\":\"" MG(
             "1") "\",\"friendly_name\":\"b\"}]}",
         ": services[1].sid: " MG("1") " is taken"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"phone_numbers\":[\"+14155550001\"]}]}",
         ": services[0].phone_numbers[0]: +14155550001 is not in incoming_phone_numbers of the "
         "account"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"short_codes\":[\"85555\"]}]}",
         ": services[0].short_codes[0]: 85555 is not in short_codes of the account"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"phone_numbers\":\"x\"}]}",
         ": services[0].phone_numbers: has to be an array"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"phone_numbers\":[1]}]}",
         ": services[0].phone_numbers[0]: has to be a text or an object"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"alpha_senders\":[\"ACME\",\"B\"]}]}",
         ": services[0].alpha_senders[1]: \"B\" is no alpha sender, or the second one of the "
         "service"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\"}],"
              "\"services\":[{\"friendly_name\":\"a\",\"phone_numbers\":[\"+14155550001\"]},"
              "{\"friendly_name\":\"b\",\"phone_numbers\":[\"+14155550001\"]}]}",
         ": services[1].phone_numbers[0]: +14155550001: Phone Number or Short Code is associated "
         "with another Messaging Service."},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\","
              "\"capabilities\":{}}],"
              "\"services\":[{\"friendly_name\":\"a\",\"phone_numbers\":[\"+14155550001\"]}]}",
         ": services[0].phone_numbers[0]: +14155550001 has neither SMS nor MMS capability"},
        {HEAD "\"incoming_phone_numbers\":[{}]}",
         ": incoming_phone_numbers[0].phone_number: is missing"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"4155550001\"}]}",
         ": incoming_phone_numbers[0].phone_number: \"4155550001\" is not a phone number in E.164"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\"},"
              "{\"phone_number\":\"+14155550001\"}]}",
         ": incoming_phone_numbers[1].phone_number: +14155550001 is there twice"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\",\"beta\":1}]}",
         ": incoming_phone_numbers[0].beta: is of the wrong type"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\",\"x\":1}]}",
         ": incoming_phone_numbers[0].x: is not a known member"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\","
              "\"capabilities\":{\"smoke\":true}}]}",
         ": incoming_phone_numbers[0].capabilities.smoke: is not a known member"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\","
              "\"country_code\":\"USA\"}]}",
         ": incoming_phone_numbers[0].country_code: has to be two letters"},
        {HEAD "\"short_codes\":[{\"short_code\":\"1\"}]}",
         ": short_codes[0].short_code: \"1\" is not a short code"},
        {HEAD "\"short_codes\":[{\"sid\":\"" PN("1") "\",\"short_code\":\"85555\"}]}",
         ": short_codes[0].sid: \"" PN("1") "\" is no SID of this kind: it takes SC and 32 "
                                            "hexadecimal digits"},
        {HEAD "\"short_codes\":[{\"short_code\":\"85555\",\"phone_number\":\"+14155550001\"}]}",
         ": short_codes[0].phone_number: is not a known member"},
        {HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+14155550001\","
              "\"country_code\":\"U5\"}]}",
         ": incoming_phone_numbers[0].country_code: has to be two letters"},
        {HEAD "\"channel_senders\":[{}]}", ": channel_senders[0].sender: is missing"},
        {HEAD "\"channel_senders\":[{\"sender\":\"+14155550001\"}]}",
         ": channel_senders[0].sender: \"+14155550001\" is not a channel sender"},
        {HEAD "\"channel_senders\":[{\"sid\":\"" PN("1") "\",\"sender\":\"rcs:a\"}]}",
         ": channel_senders[0].sid: \"" PN("1") "\" is no SID of this kind: it takes XE and 32 "
                                                "hexadecimal digits"},
        {HEAD "\"channel_senders\":[{\"sender\":\"rcs:a\"},{\"sender\":\"rcs:a\"}]}",
         ": channel_senders[1].sender: rcs:a is there twice"},
        {HEAD "\"channel_senders\":[{\"sender\":\"rcs:a\",\"sender_type\":1}]}",
         ": channel_senders[0].sender_type: is of the wrong type"},
        {HEAD "\"channel_senders\":[{\"sender\":\"rcs:a\",\"capabilities\":{}}]}",
         ": channel_senders[0].capabilities: is not a known member"},
        {HEAD "\"channel_senders\":[{\"sender\":\"rcs:a\",\"friendly_name\":\"x\"}]}",
         ": channel_senders[0].friendly_name: is not a known member"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"channel_senders\":[\"rcs:a\"]}]}",
         ": services[0].channel_senders[0]: rcs:a is not in channel_senders of the account"},
        {HEAD "\"channel_senders\":[{\"sender\":\"rcs:a\"}],"
              "\"services\":[{\"friendly_name\":\"a\",\"channel_senders\":[\"rcs:a\"]},"
              "{\"friendly_name\":\"b\",\"channel_senders\":[\"rcs:a\"]}]}",
         ": services[1].channel_senders[0]: rcs:a: Phone Number or Short Code is associated with "
         "another Messaging Service."},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"destination_alpha_senders\":["
              "{\"alpha_sender\":\"A\",\"iso_country_code\":\"GB\"},"
              "{\"alpha_sender\":\"A\",\"iso_country_code\":\"gb\"}]}]}",
         ": services[0].destination_alpha_senders[1]: A: Phone Number or Short Code is already in "
         "the Messaging Service."},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"destination_alpha_senders\":["
              "{\"alpha_sender\":\"A\",\"iso_country_code\":\"GBR\"}]}]}",
         ": services[0].destination_alpha_senders[0].iso_country_code: has to be two letters, or "
         "empty for every country"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"destination_alpha_senders\":["
              "{\"iso_country_code\":\"GB\"}]}]}",
         ": services[0].destination_alpha_senders[0].alpha_sender: is missing"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"alpha_senders\":["
              "{\"alpha_sender\":\"A\",\"iso_country_code\":\"GB\"}]}]}",
         ": services[0].alpha_senders[0].iso_country_code: is not a known member"},
        {HEAD "\"messages\":[{}]}", ": messages[0].to: is missing"},
        {HEAD "\"messages\":[{\"to\":\"+14155550001\",\"error_code\":\"1\"}]}",
         ": messages[0].error_code: is of the wrong type"},
        {HEAD "\"messages\":[{\"to\":\"+14155550001\",\"x\":\"1\"}]}",
         ": messages[0].x: is not a known member"},
        {HEAD "\"messages\":[{\"to\":\"+1\",\"reached\":0}]}",
         ": messages[0].reached: has no steps to be one of"},
        {HEAD "\"messages\":[{\"to\":\"+1\",\"steps\":[]}]}",
         ": messages[0].steps: has to be an array of 1 to 5 steps"},
        {HEAD "\"messages\":[{\"to\":\"+1\",\"steps\":[[\"sent\",1],[\"lost\",2]]}]}",
         ": messages[0].steps[1]: has to be a status and milliseconds since 1970"},
        {HEAD "\"messages\":[{\"to\":\"+1\",\"steps\":[[\"sent\",1],[\"queued\",2]]}]}",
         ": messages[0].steps[1]: can't come after the step before it"},
        {HEAD "\"messages\":[{\"to\":\"+1\",\"steps\":[[\"queued\",2],[\"sent\",1]]}]}",
         ": messages[0].steps[1]: can't come after the step before it"},
        {HEAD "\"messages\":[{\"to\":\"+1\",\"steps\":[[\"queued\",2]],\"reached\":1}]}",
         ": messages[0].reached: has to be the index of a step"},
        {HEAD "\"messages\":[{\"to\":\"+1\",\"status_callback\":1}]}",
         ": messages[0].status_callback: has to be a text that is not empty"},
        {HEAD "\"message_ms\":\"now\"}", ": message_ms: has to be milliseconds since 1970"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"sticky_senders\":[]}]}",
         ": services[0].sticky_senders: has to be an object"},
        {HEAD "\"services\":[{\"friendly_name\":\"a\",\"sticky_senders\":{\"+1\":2}}]}",
         ": services[0].sticky_senders.+1: has to be a phone number"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct sandbox_store store;
        struct diag diag;
        diag_init(&diag);
        assert_int_equal(parse(&store, cases[i].text, &diag), -1);
        assert_int_equal(diag.count, 1);
        assert_memory_equal(diag.items[0].message, "state.json", 10);
        assert_string_equal(diag.items[0].message + 10, cases[i].message);
        assert_null(store.by_sid);
        assert_int_equal(store.services.count, 0);
        diag_release(&diag);
    }
}

static void test_defaults(void **state)
{
    struct sandbox_store store;
    struct diag diag;
    const struct sandbox_service *service;
    const struct sandbox_sender *number;

    (void)state;
    diag_init(&diag);
    assert_int_equal(parse(&store,
                           HEAD "\"incoming_phone_numbers\":[{\"phone_number\":\"+442071838750\"}],"
                                "\"services\":[{\"friendly_name\":\"a\",\"url\":\"ignored\"}]}",
                           &diag),
                     0);
    assert_false(store.dirty);
    assert_int_equal(strlen(store.auth_token), 32);
    service = (const struct sandbox_service *)store.services.rows[0];
    assert_memory_equal(service->row.sid, "MG", 2);
    assert_int_equal(service->created, FIXTURE_NOW_MS / 1000);
    assert_int_equal(json_integer_value(json_object_get(service->settings, "validity_period")),
                     36000);
    number = (const struct sandbox_sender *)store.senders[SANDBOX_PHONE_NUMBER].rows[0];
    assert_string_equal(number->country, "GB");
    assert_string_equal(number->friendly_name, "+442071838750");
    assert_int_equal(number->capabilities, SANDBOX_VOICE | SANDBOX_SMS | SANDBOX_MMS);
    sandbox_store_release(&store);
    diag_release(&diag);
}

static const char full_state[] = HEAD
    "\"account\":{\"sid\":\"" ACCOUNT "\",\"auth_token\":\"token\",\"friendly_name\":\"Mine\","
    " \"status\":\"active\",\"type\":\"Trial\",\"date_created\":\"2020-01-01T00:00:00Z\","
    " \"api_keys\":[{\"sid\":\"SK" ZEROS "1\",\"secret\":\"secret\"}]},"
    "\"incoming_phone_numbers\":["
    " {\"sid\":\"" PN(
        "1") "\",\"phone_number\":\"+14155550001\",\"friendly_name\":\"One\","
             "  \"date_created\":\"Thu, 30 Jul 2015 23:19:04 +0000\",\"beta\":true,"
             "  \"date_updated\":\"Thu, 30 Jul 2015 23:19:05 +0000\",\"sms_url\":\"http://a.b\","
             "  \"capabilities\":{\"sms\":true,\"fax\":true},\"country_code\":\"CA\"},"
             " {\"phone_number\":\"+442071838750\"}],"
             "\"short_codes\":[{\"sid\":\"SC" ZEROS
             "1\",\"short_code\":\"85555\",\"country_code\":\"CA\"}],"
             "\"channel_senders\":[{\"sid\":\"XE" ZEROS "1\",\"sender\":\"whatsapp:+15005550001\"},"
             " {\"sender\":\"whatsapp:+442071838750\"},"
             " {\"sender\":\"messenger:1\",\"sender_type\":\"Messanger\",\"country_code\":\"us\","
             "  \"date_created\":\"2020-02-01T00:00:00Z\"}],"
             "\"services\":["
             " {\"sid\":\"" MG(
                 "1") "\",\"friendly_name\":\"Orders\",\"sticky_sender\":false,"
                      "  \"status_callback\":\"https://x.y\",\"validity_period\":5,"
                      "  "
                      "\"us_app_to_person_registered\":true,\"date_created\":\"2021-01-01T00:00:"
                      "00Z\","
                      "  \"date_updated\":\"2022-01-01T00:00:00Z\","
                      "  \"phone_numbers\":[{\"sid\":\"" PN(
                          "1") "\",\"date_created\":\"2023-01-01T00:00:00Z\"},"
                               "                     \"+442071838750\"],"
                               "  "
                               "\"short_codes\":[{\"short_code\":\"85555\",\"date_updated\":\"2030-"
                               "01-01T00:00:00Z\"}],"
                               "  \"alpha_senders\":[{\"sid\":\"AI" ZEROS
                               "1\",\"alpha_sender\":\"ACME\"}],"
                               "  \"channel_senders\":[\"XE" ZEROS "1\",\"messenger:1\","
                               "   {\"sender\":\"whatsapp:+442071838750\"}],"
                               "  \"destination_alpha_senders\":[\"ACME\","
                               "   {\"sid\":\"AI" ZEROS "2\",\"alpha_sender\":\"ACME\","
                               "    \"iso_country_code\":\"gb\",\"date_created\":"
                               "\"2024-01-01T00:00:00Z\"},"
                               "   {\"alpha_sender\":\"Other\",\"iso_country_code\":\"\"}]},"
                               " {\"friendly_name\":\"Other\",\"alpha_senders\":[\"ACME\"]}],"
                               "\"messages\":["
                               " {\"sid\":\"SM" ZEROS
                               "1\",\"to\":\"+1\",\"from\":\"ACME\",\"body\":\"x\","
                               "  \"messaging_service_sid\":\"" MG(
                                   "1") "\",\"status\":\"failed\",\"error_code\":21704,"
                                        "  \"error_message\":\"why\",\"date_created\":\"Thu, 30 "
                                        "Jul 2015 23:19:04 +0000\","
                                        "  \"date_sent\":null},"
                                        " {\"to\":\"+2\",\"steps\":[[\"queued\",1767323045000],"
                                        "[\"delivered\",1767323046500]],\"reached\":0,"
                                        "\"status_callback\":\"http://a.b/c\"}]}";

/* All answers of the account, in one text. */
static void collect_answers(struct fixture *f, struct buf *out)
{
    static const char *const paths[] = {"/v1/Services", API "/IncomingPhoneNumbers.json",
                                        API "/SMS/ShortCodes.json", API "/Messages.json",
                                        API ".json"};
    static const char *const pools[] = {"PhoneNumbers", "ShortCodes", "AlphaSenders",
                                        "ChannelSenders", "DestinationAlphaSenders"};
    size_t i, pool;

    for (i = 0; i < COUNT_OF(paths); i++) {
        assert_int_equal(fixture_call(f, NULL, "GET %s", paths[i]), 200);
        buf_add(out, f->answer.body.data, f->answer.body.size);
    }
    for (i = 0; i < f->store.services.count; i++) {
        for (pool = 0; pool < COUNT_OF(pools); pool++) {
            fixture_call(f, NULL, "GET /v1/Services/%s/%s", f->store.services.rows[i]->sid,
                         pools[pool]);
            buf_add(out, f->answer.body.data, f->answer.body.size);
        }
    }
}

/* Loading what was saved gives the same account, to the last member of every answer. */
static void test_round_trip(void **state)
{
    struct buf saved, again, before, after;
    struct fixture f;

    (void)state;
    buf_init(&saved, BUF_LIMIT_DEFAULT);
    buf_init(&again, BUF_LIMIT_DEFAULT);
    buf_init(&before, BUF_LIMIT_DEFAULT);
    buf_init(&after, BUF_LIMIT_DEFAULT);
    fixture_start(&f, full_state, NULL);
    sandbox_state_write(&f.store, &saved);
    collect_answers(&f, &before);
    fixture_stop(&f);
    assert_non_null(strstr(buf_text(&before), "\"queued\""));

    fixture_start(&f, buf_text(&saved), NULL);
    sandbox_state_write(&f.store, &again);
    collect_answers(&f, &after);
    fixture_stop(&f);
    assert_string_equal(buf_text(&saved), buf_text(&again));
    assert_string_equal(buf_text(&before), buf_text(&after));
    buf_release(&saved);
    buf_release(&again);
    buf_release(&before);
    buf_release(&after);
}

/* A changed file makes other SIDs, so that they never are those of the run that wrote it. */
static void test_sids_depend_on_text(void **state)
{
    static const char *const texts[] = {HEAD "\"services\":[]}", HEAD "\"services\": []}"};
    struct sandbox_store stores[3];
    struct diag diag;
    size_t i;

    (void)state;
    diag_init(&diag);
    for (i = 0; i < COUNT_OF(stores); i++)
        assert_int_equal(parse(&stores[i], texts[i % 2], &diag), 0);
    assert_string_not_equal(stores[0].account_sid, stores[1].account_sid);
    assert_string_equal(stores[0].account_sid, stores[2].account_sid);
    for (i = 0; i < COUNT_OF(stores); i++)
        sandbox_store_release(&stores[i]);
    diag_release(&diag);
}

static void test_loaded_values(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, full_state, NULL);
    fixture_call(&f, NULL, "GET /v1/Services/" MG("1"));
    fixture_expect(&f, "sticky_sender", "false");
    fixture_expect(&f, "validity_period", "5");
    fixture_expect(&f, "us_app_to_person_registered", "true");
    fixture_expect(&f, "date_updated", "2022-01-01T00:00:00Z");
    fixture_call(&f, NULL, "GET /v1/Services/" MG("1") "/PhoneNumbers/" PN("1"));
    fixture_expect(&f, "date_created", "2023-01-01T00:00:00Z");
    fixture_expect(&f, "country_code", "CA");
    fixture_expect(&f, "capabilities", "[\"Fax\",\"SMS\"]");
    fixture_call(&f, NULL, "GET " API "/IncomingPhoneNumbers/" PN("1") ".json");
    fixture_expect(&f, "sms_url", "http://a.b");
    fixture_expect(&f, "date_updated", "Thu, 30 Jul 2015 23:19:05 +0000");
    fixture_call(&f, NULL, "GET /v1/Services/" MG("1") "/AlphaSenders");
    fixture_expect(&f, "alpha_senders.0.sid", "AI" ZEROS "1");
    fixture_call(&f, NULL, "GET /v1/Services/" MG("1") "/DestinationAlphaSenders");
    fixture_expect(&f, "alpha_senders.0.iso_country_code", "");
    fixture_expect(&f, "alpha_senders.1.sid", "AI" ZEROS "2");
    fixture_expect(&f, "alpha_senders.1.iso_country_code", "GB");
    fixture_expect(&f, "alpha_senders.1.date_created", "2024-01-01T00:00:00Z");
    fixture_expect(&f, "alpha_senders.2.alpha_sender", "Other");
    fixture_call(&f, NULL, "GET /v1/Services/" MG("1") "/ChannelSenders");
    fixture_expect(&f, "senders.0.sid", "XE" ZEROS "1");
    fixture_expect(&f, "senders.0.sender_type", "WhatsApp");
    fixture_expect(&f, "senders.1.sender_type", "Messanger");
    fixture_expect(&f, "senders.1.country_code", "US");
    fixture_expect(&f, "senders.2.country_code", "GB");
    fixture_call(&f, NULL, "GET " API "/Messages.json");
    fixture_expect(&f, "messages.0.error_code", "21704");
    fixture_expect(&f, "messages.1.status", "queued");
    f.now_ms = INT64_C(1767323046500);
    fixture_call(&f, NULL, "GET " API "/Messages.json");
    fixture_expect(&f, "messages.1.status", "delivered");
    fixture_stop(&f);
}

static void test_generate(void **state)
{
    static const struct {
        size_t services, numbers, least, most; /* in a service */
    } cases[] = {
        {3, 7, 2, 3}, {1, 0, 0, 0}, {0, 5, 0, 0}, {4, 4, 1, 1}, {5, 3, 0, 1}, {2, 1000, 400, 400},
    };
    size_t i, at;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct random_state random;
        struct sandbox_store store;
        size_t members = 0;
        random_seed(&random, 1);
        sandbox_store_init(&store, &random, 0);
        sandbox_state_generate(&store, cases[i].services, cases[i].numbers, 0);
        assert_int_equal(store.services.count, cases[i].services);
        assert_int_equal(store.senders[SANDBOX_PHONE_NUMBER].count, cases[i].numbers);
        for (at = 0; at < store.services.count; at++) {
            const struct sandbox_service *service =
                (const struct sandbox_service *)store.services.rows[at];
            size_t count = service->pools[SANDBOX_PHONE_NUMBER].count;
            assert_true(count >= cases[i].least && count <= cases[i].most);
            members += count;
        }
        if (cases[i].services != 0 && cases[i].most < SANDBOX_POOL_MAX)
            assert_int_equal(members, cases[i].numbers);
        /* Neighbours are in one service. */
        if (cases[i].least >= 2)
            assert_ptr_equal(
                sandbox_sender_at(&store, SANDBOX_PHONE_NUMBER, "+15550000001")->member->service,
                sandbox_sender_at(&store, SANDBOX_PHONE_NUMBER, "+15550000002")->member->service);
        sandbox_store_release(&store);
    }
}

static void test_file(void **state)
{
    char folder[] = "sandbox-state-XXXXXX", path[64];
    struct random_state random;
    struct sandbox_store store;
    struct stat info;
    struct diag diag;
    char sid[SANDBOX_SID_SIZE];

    (void)state;
    diag_init(&diag);
    random_seed(&random, 1);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/state.json", folder);
    assert_int_equal(sandbox_state_load(&store, path, &random, 0, &diag), -1);
    assert_int_equal(diag.count, 1);

    sandbox_store_init(&store, &random, 0);
    sandbox_state_generate(&store, 1, 1, 0);
    memcpy(sid, store.services.rows[0]->sid, sizeof(sid));
    assert_int_equal(sandbox_state_save(&store, path, &diag), 0);
    assert_false(store.dirty);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    sandbox_store_release(&store);
    assert_int_equal(sandbox_state_load(&store, path, &random, 0, &diag), 0);
    assert_non_null(sandbox_service_find(&store, sid));

    store.dirty = true;
    assert_int_equal(sandbox_state_save(&store, "/nonexistent/state.json", &diag), -1);
    assert_true(store.dirty);
    sandbox_store_release(&store);
    unlink(path);
    rmdir(folder);
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),      cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_loaded_values), cmocka_unit_test(test_sids_depend_on_text),
        cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_generate),
        cmocka_unit_test(test_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
