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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
