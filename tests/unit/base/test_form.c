#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/form.h"

static void test_pairs_are_joined(void **state)
{
    struct buf form;
    (void)state;
    buf_init(&form, 1024);
    form_add(&form, "A", "1");
    form_add(&form, "B", "");
    form_add(&form, "DateSent<", "x");
    assert_string_equal(buf_text(&form), "A=1&B=&DateSent%3C=x");
    buf_release(&form);
}

static void test_only_unreserved_characters_stay(void **state)
{
    struct buf form;
    (void)state;
    buf_init(&form, 1024);
    form_add(&form, "v", "aZ09-._~ +&=%/\xc3\xa4\x7f");
    assert_string_equal(buf_text(&form), "v=aZ09-._~%20%2B%26%3D%25%2F%C3%A4%7F");
    buf_release(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_are_joined),
        cmocka_unit_test(test_only_unreserved_characters_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
