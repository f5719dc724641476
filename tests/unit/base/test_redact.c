#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/redact.h"

static void test_values_are_replaced(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"nothing here", "nothing here"},
        {"url https://hooks.example.com/x is bad", "url ${HOOKS}/x is bad"},
        {"secret secret", "${S} ${S}"},
        {"secret-longer", "${LONG}"},
        {"abc stays: it is too short to look for", "abc stays: it is too short to look for"},
        {"", ""},
    };
    struct redactions redactions = {0};
    struct arena arena = {0};
    size_t i;
    (void)state;
    redactions_add(&redactions, &arena, "secret", "${S}");
    redactions_add(&redactions, &arena, "secret-longer", "${LONG}");
    redactions_add(&redactions, &arena, "https://hooks.example.com", "${HOOKS}");
    redactions_add(&redactions, &arena, "abc", "${SHORT}");
    redactions_add(&redactions, &arena, "secret", "${AGAIN}");
    assert_int_equal(redactions.count, 4);
    for (i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(redact_text(&redactions, &arena, cases[i].text), cases[i].expected);
    assert_null(redact_text(&redactions, &arena, NULL));
    assert_string_equal(redact_text(NULL, &arena, "secret"), "secret");
    arena_release(&arena);
}

/* The sandbox's auth token is a part of its SIDs, which are no secret. */
static void test_sids_stay(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"/AC00000000000000000000000000000001/x", "/AC00000000000000000000000000000001/x"},
        {"MG00000000000000000000000000000001", "MG00000000000000000000000000000001"},
        {"MG00000000000000000000000000000001s", "MG(secret)s"},
        {"xMG00000000000000000000000000000001", "xMG(secret)"},
        {"m00000000000000000000000000000001", "m(secret)"},
        {"Mg00000000000000000000000000000001", "Mg(secret)"},
        {"token=00000000000000000000000000000001", "token=(secret)"},
        {"MG0000000000000000000000000000001", "MG0000000000000000000000000000001"},
        /* One that is a secret itself. */
        {"SK11111111111111111111111111111111", "${KEY}"},
    };
    struct redactions redactions = {0};
    struct arena arena = {0};
    size_t i;
    (void)state;

    redactions_add(&redactions, &arena, "00000000000000000000000000000001", "(secret)");
    redactions_add(&redactions, &arena, "SK11111111111111111111111111111111", "${KEY}");
    for (i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(redact_text(&redactions, &arena, cases[i].text), cases[i].expected);
    arena_release(&arena);
}

static void test_whole_values(void **state)
{
    struct redactions redactions = {0};
    struct arena arena = {0};
    (void)state;

    redactions_add(&redactions, &arena, "abc", "${SHORT}");
    redactions_add(&redactions, &arena, "", "${EMPTY}");
    redactions_add(&redactions, &arena, "secret", "${S}");
    assert_string_equal(redact_value(&redactions, &arena, "abc"), "${SHORT}");
    assert_string_equal(redact_value(&redactions, &arena, "abcd"), "abcd");
    assert_string_equal(redact_value(&redactions, &arena, ""), "");
    assert_string_equal(redact_value(&redactions, &arena, "a secret"), "a ${S}");
    assert_string_equal(redact_value(NULL, &arena, "abc"), "abc");
    assert_null(redact_value(&redactions, &arena, NULL));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_replaced),
        cmocka_unit_test(test_sids_stay),
        cmocka_unit_test(test_whole_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
