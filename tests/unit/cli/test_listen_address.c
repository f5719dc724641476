#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "cli/listen_address.h"

#include "base/attributes.h"

#include <string.h>

static const struct {
    const char *text, *url; /* NULL: refused */
    bool any, loopback;
} cases[] = {
    {"127.0.0.1:8080", "http://127.0.0.1:8080", false, true},
    {"127.1.2.3:1", "http://127.1.2.3:1", false, true},
    {"0.0.0.0:65535", "http://0.0.0.0:65535", true, false},
    {"192.0.2.7:80", "http://192.0.2.7:80", false, false},
    {"[::1]:8080", "http://[::1]:8080", false, true},
    {"[::]:8080", "http://[::]:8080", true, false},
    {"[2001:db8::1]:8080", "http://[2001:db8::1]:8080", false, false},
    {"::1:8080", NULL, false, false},
    {"[::1]", NULL, false, false},
    {"[127.0.0.1]:1", NULL, false, false},
    {"127.0.0.1", NULL, false, false},
    {"127.0.0.1:", NULL, false, false},
    {"127.0.0.1:65536", NULL, false, false},
    {"127.0.0.1:-1", NULL, false, false},
    {"127.0.0.1:80x", NULL, false, false},
    {":8080", NULL, false, false},
    {"8080", NULL, false, false},
    {"localhost:8080", NULL, false, false},
    {"127.0.0.256:80", NULL, false, false},
    {"[]:80", NULL, false, false},
    {"1111111111111111111111111111111111111111111111111111111111111111111:80", NULL, false, false},
    {"", NULL, false, false},
};

static void test_addresses(void **state)
{
    struct listen_address address;
    char url[LISTEN_URL_SIZE];
    struct diag diag;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        diag_init(&diag);
        if (listen_address_read(&address, cases[i].text, &diag) != (cases[i].url == NULL ? -1 : 0))
            fail_msg("%s", cases[i].text);
        assert_int_equal(diag.errors, cases[i].url == NULL);
        if (cases[i].url != NULL) {
            listen_address_url(&address, address.port, url);
            assert_string_equal(url, cases[i].url);
            assert_int_equal(address.any, cases[i].any);
            assert_int_equal(address.loopback, cases[i].loopback);
        }
        diag_release(&diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
