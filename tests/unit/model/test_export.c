/*
 * What is written of a live state, and what of it can't be. That all of it is read back without
 * changes is for the property test.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "model/export.h"
#include "support/live_text.h"

#include <stdio.h>

#define ACCOUNT "AC00000000000000000000000000000001"
#define SID(prefix, digit) prefix "0000000000000000000000000000000" digit
#define SERVICE(digit, name) "{\"sid\": \"" SID("MG", digit) "\", \"friendly_name\": \"" name "\""
#define NUMBER(digit) \
    "{\"sid\": \"" SID("PN", digit) "\", \"phone_number\": \"+1500555000" digit "\"}"
#define SIXTY_FIVE "12345678901234567890123456789012345678901234567890123456789012345"
#define HEAD                                                                         \
    "# yaml-language-server: $schema=roster.schema.json\n# Exported by roster from " \
    "account " ACCOUNT

struct work {
    struct live_state live;
    struct export export;
    struct diag diag;
    struct buf roster, report;
};

static void work_start(struct work *work, const char *json, const struct export_options *options)
{
    struct export_options how = options == NULL ? (struct export_options){0} : *options;

    how.account_sid = ACCOUNT;
    memset(work, 0, sizeof(*work));
    diag_init(&work->diag);
    buf_init(&work->roster, BUF_LIMIT_DEFAULT);
    buf_init(&work->report, BUF_LIMIT_DEFAULT);
    live_text_read(&work->live, json);
    export_survey(&work->export, &work->live, &how, &work->diag);
    export_roster(&work->export, &work->roster);
    diag_render_text(&work->diag, &work->report, false);
}

static void work_stop(struct work *work)
{
    export_release(&work->export);
    live_state_release(&work->live);
    diag_release(&work->diag);
    buf_release(&work->roster);
    buf_release(&work->report);
}

static void check_has(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        return;
    print_error("this:\n%s\nlacks:\n%s\n", text, part);
    fail();
}

static void check_lacks(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        return;
    print_error("this:\n%s\nhas:\n%s\n", text, part);
    fail();
}

/* A service's body behind its name, and what becomes of it; "" is in every text. */
static const struct {
    const char *json;
    const char *has, *lacks, *warning;
} settings[] = {
    {"\"sticky_sender\": true", "friendly_name: A\n    phone_numbers: []\n", "sticky_sender", NULL},
    {"\"sticky_sender\": false", "    sticky_sender: false\n", "true", NULL},
    {"\"validity_period\": 36000", "", "validity_period", NULL},
    {"\"validity_period\": 1", "    validity_period: 1\n", "# validity", NULL},
    {"\"usecase\": \"poll\"", "    usecase: poll\n", "# usecase", NULL},
    {"\"status_callback\": null", "", "status_callback", NULL},
    {"\"status_callback\": \"\"", "", "status_callback", NULL},
    /* Obsolete and reserved ones: a comment when they are not as always. */
    {"\"fallback_to_long_code\": false", "    # fallback_to_long_code: false  (obsolete)\n", "true",
     NULL},
    {"\"scan_message_content\": \"disable\"",
     "    # scan_message_content: \"disable\"  (reserved by Twilio)\n", "inherit", NULL},
    {"\"synchronous_validation\": false", "", "synchronous_validation", NULL},
    /* What a roster refuses. */
    {"\"validity_period\": 0",
     "    # validity_period: 0  (\"validity_period\" must be between 1 and 36000, not 0)\n",
     "    validity_period", "A (" SID("MG", "1") "): validity_period is left out"},
    {"\"usecase\": \"something_new\"", "    # usecase: \"something_new\"  (", "    usecase",
     "usecase is left out"},
    {"\"status_callback\": \"https://a_b.example.com\"",
     "    # status_callback: \"https://a_b.example.com\"  (", "    status_callback",
     "Twilio refuses an underscore in a host name"},
    {"\"status_callback\": \"https://u:hunter2@a b.example.com\"",
     "    # status_callback: \"https://u:***@a b.example.com\"  (", "hunter2", "percent-encode it"},
    {"\"status_callback\": \"x\\ny: z\"", "    # status_callback: \"x\\ny: z\"  (", "\ny: z", ""},
    /* Variables, and what looks like one. */
    {"\"status_callback\": \"https://example.com/${HOME}\"",
     "    status_callback: https://example.com/$${HOME}\n", "/${", NULL},
    {"\"status_callback\": \"https://u:hunter2@example.com/\"",
     "    status_callback: https://u:${ROSTER_SECRET_1}@example.com/\n", "hunter2", NULL},
    {"\"status_callback\": \"https://u:h'un@t\\\"er2@example.com\"",
     "    status_callback: https://u:${ROSTER_SECRET_1}@example.com\n", "er2", NULL},
    {"\"status_callback\": \"https://tok@example.com/\"",
     "    status_callback: https://tok@example.com/\n", "SECRET",
     "status_callback is written with its user name"},
    {"\"status_callback\": \"https://example.com/?a=1&Auth_Token=x\"",
     "    status_callback: https://example.com/?a=1&Auth_Token=x\n", "SECRET",
     "status_callback is written with its parameter \"Auth_Token\""},
    {"\"status_callback\": \"https://example.com/?tokens&a=token\"",
     "    status_callback: https://example.com/?tokens&a=token\n", "SECRET", NULL},
    /* Senders. */
    {"\"phone_numbers\": [" NUMBER("2") ", " NUMBER("1") ", " NUMBER("2") "]",
     "    phone_numbers:\n      - \"+15005550001\"\n      - \"+15005550002\"\n    short_codes: "
     "[]\n",
     "#   ", NULL},
    {"\"short_codes\": [{\"sid\": \"" SID(
         "SC", "1") "\", \"short_code\": \"100000\"}, {\"sid\": \"" SID("SC",
                                                                        "2") "\", \"short_code\": "
                                                                             "\"99999\"}]",
     "    short_codes:\n      - \"99999\"\n      - \"100000\"\n", "#   ", NULL},
    {"\"short_codes\": [{\"sid\": \"" SID("SC", "1") "\", \"short_code\": \"100000\"}, {\"sid\": "
                                                     "\"" SID("SC",
                                                              "2") "\", \"short_code\": \"999\"}]",
     "    # short_codes is left alone, for it can't be written: \"999\" is not a short code",
     "- \"", "short_codes is left out"},
    {"\"alpha_senders\": [{\"sid\": \"" SID(
         "AI",
         "1") "\", \"alpha_sender\": \"B\"}, {\"sid\": \"" SID("AI",
                                                               "2") "\", \"alpha_sender\": \"a\"}]",
     "    #   alpha sender \"a\" (" SID("AI", "2") ")\n    #   alpha sender \"B\"",
     "alpha_senders:\n", "there are 2, and a roster takes 1"},
    {"\"destination_alpha_senders\": [{\"sid\": \"" SID(
         "AI", "1") "\", \"alpha_sender\": \"on\", \"iso_country_code\": \"NO\"}]",
     "      - {alpha_sender: \"on\", iso_country_code: \"NO\"}\n", "# dest", NULL},
    {"\"destination_alpha_senders\": [{\"sid\": \"" SID(
         "AI", "1") "\", \"alpha_sender\": \"B\", \"iso_country_code\": \"no\"}]",
     "    # destination_alpha_senders is left alone", "- {", "\"no\" is not a country code"},
    {"\"channel_senders\": [{\"sid\": \"" SID("XE",
                                              "1") "\", \"sender\": \"whatsapp:+15005550001\"}]",
     "      - whatsapp:+15005550001  # " SID("XE", "1") "\n", "is left", NULL},
    {"\"channel_senders\": [{\"sid\": \"" SID("XE", "1") "\", \"sender\": \"viber:x y\\u001b\"}]",
     "      - " SID("XE", "1") "  # viber:x y\\x1b\n", "is left", NULL},
    {"\"us_app_to_person_registered\": true", "  # It has a registered A2P campaign", "us_app",
     NULL},
    {"\"us_app_to_person_registered\": false", "", "campaign", NULL},
};

static void test_settings_and_senders(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(settings); i++) {
        struct work work;
        char json[2048];
        snprintf(json, sizeof(json), "{\"services\": [" SERVICE("1", "A") ", %s}]}",
                 settings[i].json);
        work_start(&work, json, NULL);
        check_has(buf_text(&work.roster), settings[i].has);
        check_lacks(buf_text(&work.roster), settings[i].lacks);
        if (settings[i].warning == NULL)
            assert_string_equal(buf_text(&work.report), "");
        else
            check_has(buf_text(&work.report), settings[i].warning);
        check_lacks(buf_text(&work.report), "hunter2");
        work_stop(&work);
    }
}

static void test_empty_account(void **state)
{
    struct work work;

    (void)state;
    work_start(&work, "{}", &(struct export_options){.full = true});
    assert_string_equal(buf_text(&work.roster),
                        HEAD ".\n\nversion: 1\naccount_sid: " ACCOUNT "\nservices: []\n");
    assert_true(export_wrote(buf_text(&work.roster)));
    assert_false(export_wrote("version: 1\n"));
    work_stop(&work);
}

/* The whole service is left out; what is in it must not look as if it were in none. */
static void test_name_that_is_none(void **state)
{
    struct work work;

    (void)state;
    work_start(&work,
               "{\"services\": [" SERVICE("1", SIXTY_FIVE) ", \"phone_numbers\": [" NUMBER(
                   "1") "]}], \"owned\": {\"phone_numbers\": [" NUMBER("1") ", " NUMBER("2") "]}}",
               NULL);
    check_has(buf_text(&work.roster),
              "# " SID("MG", "1") " is left alone, for it can't be written");
    check_has(buf_text(&work.roster), "\nservices: []\n");
    check_lacks(buf_text(&work.roster), "+15005550001");
    check_has(buf_text(&work.roster), "in no service:\n#   phone number \"+15005550002\"");
    check_has(buf_text(&work.report), "the service is left out");
    work_stop(&work);
}

static void test_shared_number(void **state)
{
    struct work work;

    (void)state;
    work_start(&work,
               "{\"services\": [" SERVICE("2", "B") ", \"phone_numbers\": [" NUMBER(
                   "1") "]}, " SERVICE("1", "A") ", \"phone_numbers\": [" NUMBER("1") "]}]}",
               NULL);
    check_has(buf_text(&work.roster),
              "friendly_name: A\n    phone_numbers:\n      - \"+15005550001\"");
    check_has(buf_text(&work.roster), "friendly_name: B\n    # phone_numbers is left alone");
    check_has(buf_text(&work.report), "B (" SID("MG", "2") "): phone_numbers is left out");
    check_has(buf_text(&work.report), "+15005550001 was in two services at once");
    work_stop(&work);
}

static void test_too_many_senders(void **state)
{
    struct work work;
    struct buf json;
    int i;

    (void)state;
    buf_init(&json, 1024 * 1024);
    buf_add_text(&json, "{\"services\": [" SERVICE("1", "A") ", \"phone_numbers\": [");
    for (i = 0; i < 400; i++)
        buf_printf(&json, "%s{\"sid\": \"PN%032d\", \"phone_number\": \"+1500555%04d\"}",
                   i == 0 ? "" : ",", i, i);
    buf_add_text(&json, "]");
    buf_printf(&json, "%s", "}]}");
    work_start(&work, buf_text(&json), NULL);
    check_has(buf_text(&work.roster), "- \"+15005550399\"\n    short_codes: []");
    work_stop(&work);
    json.size -= 3;
    buf_add_text(&json, ", \"short_codes\": [{\"sid\": \"" SID(
                            "SC", "1") "\", \"short_code\": \"85555\"}]}]}");
    work_start(&work, buf_text(&json), NULL);
    check_has(buf_text(&work.roster), "# phone_numbers is left alone");
    check_has(buf_text(&work.roster), "# short_codes is left alone");
    check_has(buf_text(&work.report), "there are 401 phone numbers and short codes");
    work_stop(&work);
    buf_release(&json);
}

/* Names, the pins that they get, and the files in which they would be. */
static const struct {
    const char *name;
    bool pinned;
    const char *file;
} names[] = {
    {" account", false, "account-mg00000000000000000000000000000000.yaml"},
    {"ORDERS", false, "orders-mg00000000000000000000000000000001.yaml"},
    {"Orders", false, "orders-mg00000000000000000000000000000002.yaml"},
    {"Reminders", true, "reminders-mg00000000000000000000000000000003.yaml"},
    {"Reminders", true, "reminders-mg00000000000000000000000000000004.yaml"},
    {"Reminders (2)", false, "reminders-2.yaml"},
    {"../../etc/x", false, "etc-x.yaml"},
    {"x-MG00000000000000000000000000000009", false,
     "x-mg00000000000000000000000000000009-mg00000000000000000000000000000007.yaml"},
    {"\\ud83d\\udcac", false, "service.yaml"},
};

static void test_names_pins_and_files(void **state)
{
    struct work work;
    struct buf json;
    size_t i, j;

    (void)state;
    buf_init(&json, 64 * 1024);
    buf_add_text(&json, "{\"services\": [");
    for (i = 0; i < COUNT_OF(names); i++)
        buf_printf(&json, "%s{\"sid\": \"MG%032zu\", \"friendly_name\": \"%s\"}", i == 0 ? "" : ",",
                   i, names[i].name);
    buf_add_text(&json, "]}");
    work_start(&work, buf_text(&json), NULL);
    assert_int_equal(work.export.service_count, COUNT_OF(names));
    for (i = 0; i < COUNT_OF(names); i++) {
        char sid[64];
        snprintf(sid, sizeof(sid), "MG%032zu", i);
        for (j = 0; strcmp(work.export.services[j].live->service.sid, sid) != 0; j++)
            continue;
        assert_string_equal(work.export.services[j].file, names[i].file);
        snprintf(sid, sizeof(sid), "- sid: MG%032zu\n", i);
        if (names[i].pinned)
            check_has(buf_text(&work.roster), sid);
        else
            check_lacks(buf_text(&work.roster), sid);
    }
    work_stop(&work);
    buf_release(&json);
}

/* The order in which the API lists things says nothing. */
static void test_order_does_not_matter(void **state)
{
    static const char *const orders[] = {
        "{\"services\": [" SERVICE("1", "b") ", \"phone_numbers\": [" NUMBER("1") ", " NUMBER(
            "2") "]}, " SERVICE("2", "A") "}, " SERVICE("3", "b") "}]}",
        "{\"services\": [" SERVICE("3", "b") "}, " SERVICE("2", "A") "}, " SERVICE(
            "1", "b") ", \"phone_numbers\": [" NUMBER("2") ", " NUMBER("1") "]}]}",
    };
    struct work works[2];

    (void)state;
    work_start(&works[0], orders[0], NULL);
    work_start(&works[1], orders[1], NULL);
    assert_string_equal(buf_text(&works[0].roster), buf_text(&works[1].roster));
    check_has(buf_text(&works[0].roster), "friendly_name: A");
    work_stop(&works[0]);
    work_stop(&works[1]);
}

static void test_secrets_are_named_once(void **state)
{
    struct work work;

    (void)state;
    work_start(&work,
               "{\"services\": [" SERVICE(
                   "1", "A") ", \"status_callback\": \"https://u:one@x.com\", "
                             "\"fallback_url\": \"https://u:two@x.com\"}, " SERVICE(
                                 "2", "B") ", \"status_callback\": \"https://v:one@y.com\"}]}",
               NULL);
    assert_int_equal(work.export.secret_count, 2);
    assert_string_equal(work.export.secrets[0].value, "two");
    assert_string_equal(work.export.secrets[1].value, "one");
    assert_string_equal(work.export.secrets[1].variable, "ROSTER_SECRET_2");
    assert_string_equal(work.export.secrets[1].where, "the password in status_callback of \"A\"");
    assert_int_equal(work.export.secrets[1].uses, 2);
    check_has(buf_text(&work.roster), "status_callback: https://v:${ROSTER_SECRET_2}@y.com\n");
    work_stop(&work);
}

/* A sandbox takes no number that can't send; so it is written as if it could, and that is said. */
static void test_state_of_a_mute_number(void **state)
{
    struct work work;
    struct buf out;

    (void)state;
    work_start(&work,
               "{\"services\": [" SERVICE("1", "A") ", \"phone_numbers\": [{\"sid\": \"" SID(
                   "PN", "1") "\", \"phone_number\": \"+15005550001\", \"capabilities\": "
                              "[\"Voice\"]}]}]}",
               NULL);
    buf_init(&out, 64 * 1024);
    export_state(&work.export, &out, &work.diag);
    check_has(buf_text(&out), "\"sms\": true");
    assert_string_equal(work.diag.items[0].message,
                        "1 phone number without SMS and MMS: written as if with SMS");
    buf_release(&out);
    work_stop(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_and_senders),
        cmocka_unit_test(test_empty_account),
        cmocka_unit_test(test_name_that_is_none),
        cmocka_unit_test(test_shared_number),
        cmocka_unit_test(test_too_many_senders),
        cmocka_unit_test(test_names_pins_and_files),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_secrets_are_named_once),
        cmocka_unit_test(test_state_of_a_mute_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
