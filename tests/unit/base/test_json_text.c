#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "base/json_text.h"

static void test_string(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"", ""},
        {"roster.yaml", "roster.yaml"},
        {"K\xc3\xa4se\n", "K\xc3\xa4se\n"},
        {"K\xe4se", "K\\xe4se"},
        {"\xff\xfe", "\\xff\\xfe"},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        json_t *made = json_text_string(cases[i].text);
        assert_non_null(made);
        assert_string_equal(json_string_value(made), cases[i].wanted);
        json_decref(made);
    }
}

static void test_document(void **state)
{
    json_t *value = json_pack("{si}", "line", 6);
    struct buf out;
    (void)state;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    json_text_add_document(&out, value);
    assert_string_equal(buf_text(&out), "{\n  \"line\": 6\n}\n");
    json_decref(value);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_string),
        cmocka_unit_test(test_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
