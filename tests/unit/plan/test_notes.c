#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/buf.h"
#include "support/plan_text.h"

#include <string.h>

#define HEAD "version: 1\nservices:\n"
#define PRUNE "version: 1\nprune: true\nservices:\n"
#define A "  - friendly_name: A\n"
#define B "  - friendly_name: B\n"
#define NONE "    phone_numbers: []\n"
#define ONE "    phone_numbers: ['+15005550001']\n"
#define LIVE(services) "{\"services\": [" services "]}"
#define LIVE_A LIVE_SERVICE("a", "A")
#define LIVE_B LIVE_SERVICE("b", "B")
#define NUMBERS(list) ", \"phone_numbers\": [" list "]"
#define IN "\"inbound_request_url\": \"https://hooks.example.com/in\""
#define ON_NUMBER(value) "\"use_inbound_webhook_on_number\": " value
#define DROPPED "update_service A: inbound messages will be dropped\n"
#define UNREPORTED "update_service A: delivery statuses will be reported to nobody\n"
#define CODE "{\"sid\": \"" LIVE_SID("SC", "1") "\", \"short_code\": \"85555\"}"
#define CHANNEL "{\"sid\": \"" LIVE_SID("XE", "1") "\", \"sender\": \"rcs:brand\"}"
#define DESTINATION(digit, country)                                      \
    "{\"sid\": \"" LIVE_SID("AI", digit) "\", \"alpha_sender\": \"X\", " \
                                         "\"iso_country_code\": \"" country "\"}"

static const struct {
    const char *name, *yaml, *live;
    const char *expected; /* a line a note: change, service, note */
} cases[] = {
    {"a new service breaks nothing", HEAD A "    inbound_request_url: null\n", "{}", ""},
    {"inbound messages dropped", HEAD A "    inbound_request_url: null\n", LIVE(LIVE_A ", " IN "}"),
     DROPPED},
    {"they go somewhere else", HEAD A "    inbound_request_url: https://other.example.com/\n",
     LIVE(LIVE_A ", " IN "}"), ""},
    {"they go to the numbers' own webhooks", HEAD A "    inbound_request_url: null\n",
     LIVE(LIVE_A ", " IN ", " ON_NUMBER("true") "}"), ""},
    {"they go to them from now on",
     HEAD A "    inbound_request_url: null\n    use_inbound_webhook_on_number: true\n",
     LIVE(LIVE_A ", " IN ", " ON_NUMBER("false") "}"), ""},
    {"they went to them", HEAD A "    use_inbound_webhook_on_number: false\n",
     LIVE(LIVE_A ", " ON_NUMBER("true") "}"), DROPPED},
    {"they went to them, and go to the service",
     HEAD A "    use_inbound_webhook_on_number: false\n"
            "    inbound_request_url: https://hooks.example.com/in\n",
     LIVE(LIVE_A ", " ON_NUMBER("true") "}"), ""},
    {"they go to the service's unmanaged URL", HEAD A "    use_inbound_webhook_on_number: false\n",
     LIVE(LIVE_A ", " IN ", " ON_NUMBER("true") "}"), ""},
    {"they were dropped already", HEAD A "    sticky_sender: true\n",
     LIVE(LIVE_A ", \"sticky_sender\": false}"), ""},
    {"status callback cleared", HEAD A "    status_callback: null\n",
     LIVE(LIVE_A ", \"status_callback\": \"https://hooks.example.com/status\"}"), UNREPORTED},
    {"status callback changed", HEAD A "    status_callback: https://other.example.com/\n",
     LIVE(LIVE_A ", \"status_callback\": \"https://hooks.example.com/status\"}"), ""},
    {"status callback unmanaged", HEAD A "    sticky_sender: true\n",
     LIVE(LIVE_A ", \"sticky_sender\": false, \"status_callback\": "
                 "\"https://hooks.example.com/status\"}"),
     ""},
    {"both", HEAD A "    inbound_request_url: null\n    status_callback: null\n",
     LIVE(LIVE_A ", " IN ", \"status_callback\": \"https://hooks.example.com/status\"}"),
     DROPPED UNREPORTED},
    {"the last of several senders says so", HEAD A NONE "    short_codes: []\n",
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) ", \"short_codes\": [" CODE "]}"),
     "remove_sender A: last sender of \"A\": it can send nothing any more\n"},
    {"a sender that is replaced is not the last", HEAD A "    phone_numbers: ['+15005550002']\n",
     "{\"services\": [" LIVE_A NUMBERS(LIVE_NUMBER("1")) "}], \"owned\": {\"phone_numbers\": "
                                                         "[" LIVE_NUMBER("2") "]}}",
     ""},
    {"the last sender moves", HEAD A NONE B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) "}, " LIVE_B "}"),
     "move_sender B: last sender of \"A\": it can send nothing any more\n"},
    {"a swap empties nobody", HEAD A "    phone_numbers: ['+15005550002']\n" B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) "}, " LIVE_B NUMBERS(LIVE_NUMBER("2")) "}"), ""},
    {"taken over from a service that the roster does not name", HEAD B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER("2")) "}, " LIVE_B "}"),
     "move_sender B: taken over from \"A\", whose phone numbers this plan does not manage\n"},
    {"taken over from a list that the roster does not manage", HEAD A B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER("2")) "}, " LIVE_B "}"),
     "move_sender B: taken over from \"A\", whose phone numbers this plan does not manage\n"},
    {"out of a service that is deleted is no taking over", PRUNE B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1")) "}, " LIVE_B "}"), ""},
    {"what a deletion takes with it", PRUNE B ONE,
     LIVE(LIVE_A NUMBERS(LIVE_NUMBER("1") ", " LIVE_NUMBER(
         "2")) ", \"short_codes\": [" CODE
               "], \"alpha_senders\": [" LIVE_ALPHA(
                   "1", "X") "], \"destination_alpha_senders\": "
                             "[" DESTINATION("2", "GB") ", " DESTINATION("3", "DE") "], "
                                                                                    "\"c"
                                                                                    "han"
                                                                                    "nel"
                                                                                    "_se"
                                                                                    "nde"
                                                                                    "rs"
                                                                                    "\":"
                                                                                    " "
                                                                                    "[" CHANNEL
                                                                                    "]},"
                                                                                    " " LIVE_B "}"),
     "delete_service A: 1 phone number will be in no service\n"
     "delete_service A: 1 short code will be in no service\n"
     "delete_service A: 1 alpha sender will be lost\n"
     "delete_service A: 2 destination alpha senders will be lost\n"
     "delete_service A: 1 channel sender will be in no service\n"},
    {"a registered campaign", PRUNE B,
     LIVE(LIVE_A ", \"us_app_to_person_registered\": true}, " LIVE_B "}"),
     "delete_service A: deletes a registered A2P campaign: US sending stops at once\n"},
    {"an alpha sender is gone for a moment", HEAD A "    alpha_senders: [Y]\n",
     LIVE(LIVE_A ", \"alpha_senders\": [" LIVE_ALPHA("1", "X") "]}"),
     "remove_sender A: the service has no alpha sender until the new one is added\n"},
    {"names that came from the environment stay hidden",
     HEAD "  - {friendly_name: '${SECRET}', phone_numbers: []}\n" B ONE,
     LIVE(LIVE_SERVICE("a", "s3cret") NUMBERS(LIVE_NUMBER("1")) "}, " LIVE_B "}"),
     "move_sender B: last sender of \"${SECRET}\": it can send nothing any more\n"},
};

static void dump(const struct plan *plan, struct buf *out)
{
    size_t i, j;

    for (i = 0; i < plan->change_count; i++)
        for (j = 0; j < plan->changes[i].note_count; j++)
            buf_printf(out, "%s %s: %s\n", change_kind_name(plan->changes[i].kind),
                       plan->services[plan->changes[i].service].name, plan->changes[i].notes[j]);
}

static void test_notes(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct plan_text text;
        struct buf out;
        print_message("  %s\n", cases[i].name);
        plan_text_make(&text, cases[i].yaml, cases[i].live);
        buf_init(&out, 64 * 1024);
        dump(&text.plan, &out);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_release(&out);
        plan_text_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
