#include "http/http_url.h"

#include "base/attributes.h"
#include "http/http_engine.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>

#define NOT_ABSOLUTE "it is not an absolute URL"
#define HAS_USER "it holds a user name or password"
#define NOT_HTTPS "its scheme is not https"
#define NOT_LOOPBACK "plain http goes to loopback addresses only, use https"

static void test_allowed(void **state)
{
    static const struct {
        const char *url;
        const char *why; /* NULL: allowed */
    } cases[] = {
        {"https://api.twilio.com/2010-04-01/Accounts.json?PageSize=50", NULL},
        {"HTTPS://API.TWILIO.COM", NULL},
        {"https://api.twilio.com:8443/", NULL},
        {"https://api.twilio.com/a@b?c=d@e#f@g", NULL},
        {"https://192.0.2.1/", NULL},
        {"https://[2001:db8::1]/", NULL},
        {"http://127.0.0.1:8080/v1", NULL},
        {"http://127.255.255.254/", NULL},
        {"http://127.1/", NULL}, /* libcurl connects to 127.0.0.1 */
        {"http://[::1]:8080/", NULL},
        {"http://[0:0:0:0:0:0:0:1]/", NULL},
        {"http://localhost:80/", NULL},
        {"HTTP://LocalHost/", NULL},
        {"https://localhost/", NULL},
        {"http://api.twilio.com/", NOT_LOOPBACK},
        {"http://128.0.0.1/", NOT_LOOPBACK},
        {"http://126.0.0.1/", NOT_LOOPBACK},
        {"http://0.0.0.0/", NOT_LOOPBACK},
        {"http://[::]/", NOT_LOOPBACK},
        {"http://[::2]/", NOT_LOOPBACK},
        {"http://[::ffff:127.0.0.1]/", NOT_LOOPBACK},
        {"http://localhost.example.com/", NOT_LOOPBACK},
        {"http://127.0.0.1.example.com/", NOT_LOOPBACK},
        {"http://example.com/127.0.0.1", NOT_LOOPBACK},
        {"http://2130706434.example/", NOT_LOOPBACK},
        {"https://user:password@api.twilio.com/", HAS_USER},
        {"https://user@api.twilio.com/", HAS_USER},
        {"https://:password@api.twilio.com/", HAS_USER},
        {"https://@api.twilio.com/", HAS_USER},
        {"http://127.0.0.1@example.com/", HAS_USER},
        {"http://user@127.0.0.1/", HAS_USER},
        {"ftp://127.0.0.1/", NOT_HTTPS},
        {"file:///etc/passwd", NOT_HTTPS},
        {"gopher://127.0.0.1/", NOT_HTTPS},
        {"", NOT_ABSOLUTE},
        {"/v1/Services", NOT_ABSOLUTE},
        {"api.twilio.com/v1", NOT_ABSOLUTE},
        {"//api.twilio.com/v1", NOT_ABSOLUTE},
        {"https:/api.twilio.com/v1", NOT_ABSOLUTE},
        {"https://", NOT_ABSOLUTE},
        {"https://api.twilio.com:port/", NOT_ABSOLUTE},
        {"https://api.twilio.com:99999/", NOT_ABSOLUTE},
        {"https://api twilio.com/", NOT_ABSOLUTE},
        {"https://api.twilio.com/a b", NOT_ABSOLUTE},
        {"https://api.twilio.com/\r\nX: y", NOT_ABSOLUTE},
        {"https://[::1/", NOT_ABSOLUTE},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const char *why = "unset";
        bool allowed = http_url_allowed(cases[i].url, &why);

        if (allowed != (cases[i].why == NULL))
            fail_msg("%s: allowed is %d (%s)", cases[i].url, allowed, why == NULL ? "" : why);
        if (!allowed)
            assert_string_equal(why, cases[i].why);
    }
}

static void test_same_origin(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"https://api.twilio.com/a", "https://api.twilio.com/b?c=d#e", true},
        {"https://api.twilio.com", "https://api.twilio.com:443/", true},
        {"https://API.twilio.com/", "HTTPS://api.Twilio.COM/", true},
        {"http://127.0.0.1/", "http://127.0.0.1:80/", true},
        {"http://127.0.0.1:8080/", "http://127.0.0.1:8080/x", true},
        {"http://[::1]:8080/", "http://[0:0::1]:8080/", true},
        {"https://api.twilio.com/", "http://api.twilio.com/", false},
        {"https://api.twilio.com/", "http://api.twilio.com:443/", false},
        {"https://api.twilio.com/", "https://api.twilio.com:8443/", false},
        {"https://api.twilio.com/", "https://messaging.twilio.com/", false},
        {"https://api.twilio.com/", "https://api.twilio.com.example.com/", false},
        {"https://api.twilio.com/", "https://api.twilio.com@example.com/", false},
        {"https://api.twilio.com/", "https://example.com/https://api.twilio.com/", false},
        {"http://127.0.0.1:8080/", "http://127.0.0.1:8081/", false},
        {"http://127.0.0.1/", "http://localhost/", false},
        {"https://api.twilio.com/", "/v1/Services", false},
        {"/v1", "/v1", false},
        {"", "", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        if (http_same_origin(cases[i].a, cases[i].b) != cases[i].same ||
            http_same_origin(cases[i].b, cases[i].a) != cases[i].same)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    }
}

static void test_loopback(void **state)
{
    (void)state;
    assert_true(http_url_is_loopback("https://127.3.2.1/"));
    assert_true(http_url_is_loopback("http://[::1]/"));
    assert_false(http_url_is_loopback("https://api.twilio.com/"));
    assert_false(http_url_is_loopback("127"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_same_origin),
        cmocka_unit_test(test_loopback),

    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
