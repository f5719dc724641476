#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "plan/capacity.h"

#include "base/buf.h"
#include "support/plan_text.h"

#include <string.h>

#define HEAD "version: 1\nservices:\n"
#define A(rate) "  - friendly_name: A\n    expected_rate: " rate "\n"
#define REST "    alpha_senders: []\n    destination_alpha_senders: []\n"
#define EMPTY REST "    short_codes: []\n"
#define LIVE(services) "{\"services\": [" services "]}"
#define LIVE_A LIVE_SERVICE("a", "A")
#define NUMBER "{\"sid\": \"" LIVE_SID("PN", "1") "\", \"phone_number\": \"+15005550001\"}"
#define BY ", and its senders carry "
#define AT " at most by Twilio's documented figures: "
#define A2P "; to the US, a registered A2P campaign has a rate of its own"

static const struct {
    const char *name, *yaml, *live;
    const char *hint; /* "": none */
} cases[] = {
    {"nothing is expected", HEAD "  - friendly_name: A\n", "{}", ""},
    {"no sender", HEAD A("1"), "{}", "\"A\" expects 1 message a second, and has no sender for SMS"},
    {"just enough", HEAD A("2") "    phone_numbers: ['+15005550001', '+14165550002']\n", "{}", ""},
    {"one too many", HEAD A("3") "    phone_numbers: ['+15005550001', '+14165550002']\n", "{}",
     "\"A\" expects 3 messages a second" BY "2" AT "2 US or Canadian numbers at 1" A2P},
    {"toll-free", HEAD A("4") "    phone_numbers: ['+18335550001']\n", "{}",
     "\"A\" expects 4 messages a second" BY "3" AT "1 toll-free number at 3"},
    {"other countries", HEAD A("21") "    phone_numbers: ['+447700900123', '+4915112345678']\n",
     "{}", "\"A\" expects 21 messages a second" BY "20" AT "2 numbers of other countries at 10"},
    {"short code", HEAD A("101") "    short_codes: ['85555']\n", "{}",
     "\"A\" expects 101 messages a second" BY "100" AT "1 short code at 100"},
    {"alpha senders",
     HEAD A("21") "    alpha_senders: [ACME]\n    destination_alpha_senders: "
                  "[{alpha_sender: X, iso_country_code: GB}]\n",
     "{}", "\"A\" expects 21 messages a second" BY "20" AT "2 alpha senders at 10"},
    {"channel senders carry no SMS", HEAD A("1") "    channel_senders: ['whatsapp:+15005550001']\n",
     "{}", "\"A\" expects 1 message a second, and has no sender for SMS"},
    {"no figure for Jamaica", HEAD A("100") "    phone_numbers: ['+18765550001']\n", "{}", ""},
    {"what is added counts", HEAD A("2") "    phone_numbers: ['+15005550002']\n" EMPTY,
     LIVE(LIVE_A "}"),
     "\"A\" expects 2 messages a second" BY "1" AT "1 US or Canadian number at 1" A2P},
    {"what is removed does not", HEAD A("1") "    phone_numbers: []\n" EMPTY,
     LIVE(LIVE_A ", \"phone_numbers\": [" NUMBER "]}"),
     "\"A\" expects 1 message a second, and has no sender for SMS"},
    {"what is not managed, but known, counts", HEAD A("1") EMPTY,
     LIVE(LIVE_A ", \"phone_numbers\": [" NUMBER "]}"), ""},
    {"and is not enough", HEAD A("2") EMPTY, LIVE(LIVE_A ", \"phone_numbers\": [" NUMBER "]}"),
     "\"A\" expects 2 messages a second" BY "1" AT "1 US or Canadian number at 1" A2P},
    {"unless it is moved away",
     HEAD A("1") EMPTY "  - friendly_name: B\n    phone_numbers: ['+15005550001']\n",
     LIVE(LIVE_A ", \"phone_numbers\": [" NUMBER "]}"),
     "\"A\" expects 1 message a second, and has no sender for SMS"},
};

static const char *hint_of(const struct plan *plan)
{
    return plan->hint_count == 0 ? "" : plan->hints[0].message;
}

/* The senders need not be owned; the list of that kind was not read, unless it is the count. */
static void build(struct plan_text *text, const char *yaml, const char *live, size_t unread)
{
    memset(text, 0, sizeof(*text));
    roster_text_read(&text->roster, yaml);
    live_text_read(&text->live, live);
    if (unread != SENDER_KIND_COUNT)
        text->live.services[0]->senders[unread].fetched = false;
    diag_init(&text->diag);
    assert_int_equal(text->roster.result, 0);
    assert_int_equal(plan_build(&text->plan, &text->roster.desired, &text->live, &text->diag), 0);
}

/* Nothing is said when a list that is not managed was not read, but of channel senders. */
static void test_lists_that_were_not_read(void **state)
{
    size_t kind;

    (void)state;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        struct plan_text text;
        build(&text, HEAD A("1"), LIVE(LIVE_A "}"), kind);
        assert_int_equal(text.plan.hint_count, kind == SENDER_CHANNEL_SENDER);
        plan_text_release(&text);
    }
}

static void test_hints(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct plan_text text;
        build(&text, cases[i].yaml, cases[i].live, SENDER_KIND_COUNT);
        if (strcmp(hint_of(&text.plan), cases[i].hint) != 0)
            fail_msg("%s: \"%s\"", cases[i].name, hint_of(&text.plan));
        plan_text_release(&text);
    }
}

static void test_figures(void **state)
{
    static const struct {
        enum sender_kind kind;
        const char *identity;
        enum capacity_class which;
    } figures[] = {
        {SENDER_PHONE_NUMBER, "+12015550001", CAPACITY_NORTH_AMERICAN},
        {SENDER_PHONE_NUMBER, "+18885550001", CAPACITY_TOLL_FREE},
        {SENDER_PHONE_NUMBER, "+18005550001", CAPACITY_TOLL_FREE},
        {SENDER_PHONE_NUMBER, "+18015550001", CAPACITY_NORTH_AMERICAN},
        {SENDER_PHONE_NUMBER, "+12425550001", CAPACITY_UNKNOWN},
        {SENDER_PHONE_NUMBER, "+18765550001", CAPACITY_UNKNOWN},
        {SENDER_PHONE_NUMBER, "+1800555", CAPACITY_UNKNOWN},
        {SENDER_PHONE_NUMBER, "+61412345678", CAPACITY_OTHER_NUMBER},
        {SENDER_SHORT_CODE, "85555", CAPACITY_SHORT_CODE},
        {SENDER_ALPHA_SENDER, "ACME", CAPACITY_ALPHA},
        {SENDER_DESTINATION_ALPHA_SENDER, "ACME", CAPACITY_ALPHA},
        {SENDER_CHANNEL_SENDER, "rcs:brand", CAPACITY_NONE},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(figures); i++)
        assert_int_equal(capacity_class_of(figures[i].kind, figures[i].identity), figures[i].which);
    assert_int_equal(capacity_rate(CAPACITY_NORTH_AMERICAN), 1);
    assert_int_equal(capacity_rate(CAPACITY_SHORT_CODE), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_lists_that_were_not_read),
        cmocka_unit_test(test_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
