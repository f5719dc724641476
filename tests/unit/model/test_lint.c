#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/roster_text.h"

#define URL(url) "version: 1\nservices:\n  - friendly_name: A\n    status_callback: " url "\n"
#define SEND(to) "test_sends: [{name: t, service: A, to: '" to "', body: x}]\n"
#define ALPHA_ONLY                                                                   \
    "version: 1\nservices: [{friendly_name: A, phone_numbers: [], short_codes: [], " \
    "alpha_senders: [X]}]\n"

static const struct {
    const char *yaml;
    const char *message; /* NULL: nothing to say */
} cases[] = {
    {URL("https://hooks.example.com/x"), NULL},
    {URL("https://8.8.8.8/x"), NULL},
    {URL("https://172.32.0.1/x"), NULL},
    {URL("https://localhost:8080/x"),
     "Twilio can't reach \"status_callback\": localhost is this machine only"},
    {URL("http://user:pw@LOCALHOST/x"),
     "Twilio can't reach \"status_callback\": localhost is this machine only"},
    {URL("http://127.1.2.3/x"),
     "Twilio can't reach \"status_callback\": 127.1.2.3 is this machine only"},
    {URL("'http://[::1]:80/x'"),
     "Twilio can't reach \"status_callback\": ::1 is this machine only"},
    {URL("http://10.0.0.1"),
     "Twilio can't reach \"status_callback\": 10.0.0.1 is a private address"},
    {URL("http://172.31.0.1"),
     "Twilio can't reach \"status_callback\": 172.31.0.1 is a private address"},
    {URL("http://192.168.1.1"),
     "Twilio can't reach \"status_callback\": 192.168.1.1 is a private address"},
    {URL("http://169.254.1.1"),
     "Twilio can't reach \"status_callback\": 169.254.1.1 is a private address"},
    {URL("http://intranet/x"),
     "Twilio can't reach \"status_callback\": intranet is no public name"},
    {URL("http://build.local/x"),
     "Twilio can't reach \"status_callback\": build.local is no public name"},
    {"version: 1\nservices: [{friendly_name: A, fallback_to_long_code: true}]\n",
     "\"fallback_to_long_code\" is obsolete: Twilio ignores it"},
    {"version: 1\nservices: [{friendly_name: A, synchronous_validation: true}]\n",
     "\"synchronous_validation\" is reserved by Twilio and may have no effect"},
    /* Once, though two services get it. */
    {"version: 1\ndefaults: {scan_message_content: enable}\n"
     "services: [{friendly_name: A}, {friendly_name: B}]\n",
     "\"scan_message_content\" is reserved by Twilio and may have no effect"},
    {"version: 1\nservices: [{friendly_name: A, phone_numbers: ['+18005550001', "
     "'+15005550001']}]\n",
     NULL},
    {"version: 1\nservices: [{friendly_name: A, phone_numbers: ['+18005550001', "
     "'+18885550001']}]\n",
     "a second toll-free number in one service may get blocked"},
    {ALPHA_ONLY SEND("+447700900123"), NULL},
    {ALPHA_ONLY SEND("+15005550001"),
     "the United States and Canada take no alpha senders, and \"A\" has nothing else"},
    {"version: 1\nservices: [{friendly_name: A, alpha_senders: [X]}]\n" SEND("+15005550001"), NULL},
    {"version: 1\nservices: [{friendly_name: A}]\nguards: {protect: [A]}\n", NULL},
    {"version: 1\nservices: [{friendly_name: A, renamed_from: B}]\nguards: {protect: [B]}\n", NULL},
    {"version: 1\nservices: [{friendly_name: A}]\nguards: {protect: [Gone]}\n", NULL},
    {"version: 1\nservices: [{friendly_name: Orders}]\nguards: {protect: [Order]}\n",
     "no service of the roster is called \"Order\""},
};

static void test_warnings(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct roster_text roster;
        print_message("  %zu\n", i);
        roster_text_read(&roster, cases[i].yaml);
        assert_int_equal(roster.result, 0);
        assert_int_equal(roster.diag.errors, 0);
        assert_int_equal(roster.diag.warnings, cases[i].message == NULL ? 0 : 1);
        if (cases[i].message != NULL) {
            assert_int_equal(roster.diag.items[0].level, DIAG_WARNING);
            assert_string_equal(roster.diag.items[0].message, cases[i].message);
        }
        roster_text_release(&roster);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_warnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
