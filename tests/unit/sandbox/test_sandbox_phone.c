#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "sandbox/sandbox_alpha.h"
#include "sandbox/sandbox_phone.h"

static void test_kinds(void **state)
{
    static const struct {
        const char *text;
        bool e164, short_code, alpha;
    } cases[] = {
        {"", false, false, false},
        {"+", false, false, true},
        {"+14155550001", true, false, false},
        {"+1234567", true, false, true},
        {"+123456", false, false, true},
        {"+123456789012345", true, false, false},
        {"+1234567890123456", false, false, false},
        {"+0123456789", false, false, true},
        {"14155550001", false, false, false},
        {"85555", false, true, false},
        {"123456", false, true, false},
        {"1234", false, false, false},
        {"1234567", false, false, false},
        {"ACME", false, false, true},
        {"A 1-+_&", false, false, true},
        {"12345678901", false, false, false},
        {"ABCDEFGHIJK", false, false, true},
        {"ABCDEFGHIJKL", false, false, false},
        {"AC.ME", false, false, false},
        {"\xc3\x89", false, false, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(sandbox_phone_is_e164(cases[i].text), cases[i].e164);
        assert_int_equal(sandbox_phone_is_short_code(cases[i].text), cases[i].short_code);
        assert_int_equal(sandbox_phone_is_alpha_sender(cases[i].text), cases[i].alpha);
    }
}

static void test_normalise(void **state)
{
    static const struct {
        const char *text, *wanted; /* NULL: no number */
    } cases[] = {
        {"+14155550001", "+14155550001"},
        {"4155550001", "+14155550001"},
        {"14155550001", "+14155550001"},
        {"(415) 555-0001", "+14155550001"},
        {"+44 20.7183-8750", "+442071838750"},
        {"442071838750", NULL},
        {"+1", NULL},
        {"", NULL},
        {"ACME", NULL},
        {"+1415555x001", NULL},
        {"+1234567890123456", NULL},
        {"whatsapp:+14155550001", NULL},
    };
    char out[SANDBOX_PHONE_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(sandbox_phone_normalise(cases[i].text, out), cases[i].wanted != NULL);
        if (cases[i].wanted != NULL)
            assert_string_equal(out, cases[i].wanted);
    }
}

static void test_countries(void **state)
{
    static const struct {
        const char *number, *country;
        enum sandbox_alpha alpha;
    } cases[] = {
        {"+14155550001", "US", SANDBOX_ALPHA_REFUSED},
        {"+16045550001", "CA", SANDBOX_ALPHA_REFUSED},
        {"+447700900123", "GB", SANDBOX_ALPHA_TAKEN},
        {"+353861234567", "IE", SANDBOX_ALPHA_TAKEN},
        {"+358401234567", "FI", SANDBOX_ALPHA_TAKEN},
        {"+61491570006", "AU", SANDBOX_ALPHA_TAKEN},
        {"+4915112345678", "DE", SANDBOX_ALPHA_TAKEN},
        {"+79161234567", "RU", SANDBOX_ALPHA_REGISTERED},
        {"+919876543210", "IN", SANDBOX_ALPHA_REGISTERED},
        {"+5511912345678", "BR", SANDBOX_ALPHA_REFUSED},
        {"+999123456789", "", SANDBOX_ALPHA_TAKEN},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(sandbox_phone_country(cases[i].number), cases[i].country);
        assert_int_equal(sandbox_alpha_in(cases[i].country), cases[i].alpha);
    }
}

static void test_channels(void **state)
{
    static const struct {
        const char *text, *channel; /* NULL: none */
    } cases[] = {
        {"whatsapp:+15005550001", "WhatsApp"},
        {"messenger:104794531907950", "Messenger"},
        {"rcs:my_agent", "RCS"},
        {"whatsapp:15005550001", NULL},
        {"whatsapp:+1500", NULL},
        {"whatsapp:", NULL},
        {"messenger:", NULL},
        {"rcs:", NULL},
        {"WhatsApp:+15005550001", NULL},
        {"sms:+15005550001", NULL},
        {"+15005550001", NULL},
        {"", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const char *channel = sandbox_phone_channel(cases[i].text);
        if (cases[i].channel == NULL)
            assert_null(channel);
        else
            assert_string_equal(channel, cases[i].channel);
    }
}

static void test_read_country(void **state)
{
    static const struct {
        const char *text, *country; /* NULL: refused */
    } cases[] = {
        {"GB", "GB"},  {"gb", "GB"}, {"zA", "ZA"}, {"az", "AZ"}, {"", NULL},   {"G", NULL},
        {"GBR", NULL}, {"G1", NULL}, {"@A", NULL}, {"[A", NULL}, {"A{", NULL}, {"\xc3\x84", NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        char country[3] = "--";
        assert_int_equal(sandbox_phone_read_country(cases[i].text, country),
                         cases[i].country != NULL);
        assert_string_equal(country, cases[i].country == NULL ? "--" : cases[i].country);
    }
}

static void test_patterns(void **state)
{
    static const struct {
        const char *digits, *pattern;
        bool matches;
    } cases[] = {
        {"+14155550001", "+14155550001", true},
        {"+14155550001", "4155550001", true},
        {"+14155550001", "+1415", true},
        {"+14155550001", "+1415*", true},
        {"+14155550001", "0001", true},
        {"+14155550001", "1**555", true},
        {"+14155550001", "1*4", false},
        {"+14155550001", "+415", false},
        {"+14155550001", "0002", false},
        {"+14155550001", "00011", false},
        {"+14155550001", "***********", true},
        {"+14155550001", "************", false},
        {"85555", "8****", true},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(sandbox_phone_matches(cases[i].digits, cases[i].pattern),
                         cases[i].matches);
}

static void test_friendly(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_equal(sandbox_phone_friendly(&arena, "+14155550001"), "(415) 555-0001");
    assert_string_equal(sandbox_phone_friendly(&arena, "+442071838750"), "+442071838750");
    assert_string_equal(sandbox_phone_friendly(&arena, "85555"), "85555");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),        cmocka_unit_test(test_normalise),
        cmocka_unit_test(test_countries),    cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_friendly),     cmocka_unit_test(test_channels),
        cmocka_unit_test(test_read_country),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
