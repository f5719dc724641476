#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "source/remote_location.h"

#include <string.h>

static const struct {
    const char *text;
    struct remote_location expected;
} good[] = {
    {"git+https://host/team/config.git//rosters/orders.yaml?ref=main",
     {REMOTE_HTTPS, "https://host/team/config.git", NULL, "host", 443, "rosters/orders.yaml",
      "main", NULL, false}},
    {"git+https://Host.Example:8443/c.git",
     {REMOTE_HTTPS, "https://host.example:8443/c.git", NULL, "host.example", 8443, "", NULL, NULL,
      true}},
    {"git+https://host/c.git//",
     {REMOTE_HTTPS, "https://host/c.git", NULL, "host", 443, "", NULL, NULL, false}},
    {"git+https://host/c.git//a/b/?ref=refs/heads/x",
     {REMOTE_HTTPS, "https://host/c.git", NULL, "host", 443, "a/b", "refs/heads/x", NULL, false}},
    {"git+https://host/c%20d.git//a%20b/c.yaml?ref=feature/%C3%A4//x",
     {REMOTE_HTTPS, "https://host/c%20d.git", NULL, "host", 443, "a b/c.yaml", "feature/ä//x", NULL,
      false}},
    {"git+https://[::1]:8443/c.git//r.yaml",
     {REMOTE_HTTPS, "https://[::1]:8443/c.git", NULL, "::1", 8443, "r.yaml", NULL, NULL, true}},
    {"git+https://host:443/c.git",
     {REMOTE_HTTPS, "https://host/c.git", NULL, "host", 443, "", NULL, NULL, false}},
    {"git+ssh://ada@host:2222/srv/c.git//r.yaml",
     {REMOTE_SSH, "ssh://host:2222/srv/c.git", "ada", "host", 2222, "r.yaml", NULL, NULL, true}},
    {"git+ssh://host/~/c.git?ref=v1",
     {REMOTE_SSH, "ssh://host/~/c.git", NULL, "host", 22, "", "v1", NULL, false}},
    {"git+file:///srv/c.git//r.yaml?ref=0123abc",
     {REMOTE_FILE, "file:///srv/c.git", NULL, "", 0, "r.yaml", "0123abc", NULL, false}},
};

static const struct {
    const char *text, *part; /* of the message */
} bad[] = {
    {"git+http://host/c.git//r.yaml", "not fetched over http"},
    {"git+git://host/c.git//r.yaml", "not fetched over http or git"},
    {"git://host/c.git", "not fetched over http or git"},
    {"https://host/c.git", "begins as no git source"},
    {"git+ftp://host/c.git", "begins as no git source"},
    {"git@host:c.git", "begins as no git source"},
    {"git+https://host", "names no repository"},
    {"git+https://host/", "names no repository"},
    {"git+https://host//r.yaml", "names no repository"},
    {"git+https:///c.git", "malformed host"},
    {"git+https://-x/c.git", "malformed host"},
    {"git+https://ho st/c.git", "blank or a control character"},
    {"git+https://host\n/c.git", "blank or a control character"},
    {"git+https://host:0/c.git", "malformed port"},
    {"git+https://host:65536/c.git", "malformed port"},
    {"git+https://host:x/c.git", "malformed port"},
    {"git+https://[::1/c.git", "malformed host"},
    {"git+https://[::1]x/c.git", "malformed port"},
    {"git+https://host/c.git//a/../b", "\"..\""},
    {"git+https://host/c.git//./b", "\"..\""},
    {"git+https://host/c.git//a/%2e%2e/b", "\"..\""},
    {"git+https://host/c.git//a//b", "empty part"},
    {"git+https://host/c.git///b", "empty part"},
    {"git+https://host/c.git//a%0ab", "malformed path"},
    {"git+https://host/c.git//a%zz", "malformed path"},
    {"git+https://host/c.git//a%f", "malformed path"},
    {"git+https://host/c.git//a%ff", "malformed path"},
    {"git+https://host/c.git//a?ref=", "names nothing behind"},
    {"git+https://host/c.git//a?branch=x", "something else than ref="},
    {"git+https://host/c.git//a?ref=x&depth=1", "something else than ref="},
    {"git+https://host/c.git//a#x", "\"#\""},
    {"git+file://srv/c.git", "three slashes"},
    {"git+https://user@host/c.git", "a user or a password"},
    {"git+https://user:s3cret@host/c.git", "a user or a password"},
    {"git+https://s3cret:x@y@host/c.git", "a user or a password"},
    {"git+ssh://user:s3cret@host/c.git", "has a password"},
    {"git+ssh://@host/c.git", "malformed user"},
};

static void test_good(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(good); i++) {
        const struct remote_location *expected = &good[i].expected;
        struct remote_location location;
        struct arena arena = {0};
        struct diag diag;
        diag_init(&diag);
        assert_true(remote_location_is(good[i].text));
        if (remote_location_parse(&location, good[i].text, &arena, &diag) != 0)
            fail_msg("%s: %s", good[i].text, diag.items[0].message);
        assert_int_equal(location.scheme, expected->scheme);
        assert_string_equal(location.url, expected->url);
        assert_true(str_equal(location.user, expected->user));
        assert_string_equal(location.host, expected->host);
        assert_int_equal(location.port, expected->port);
        assert_string_equal(location.path, expected->path);
        assert_true(str_equal(location.ref, expected->ref));
        assert_int_equal(location.named_port, expected->named_port);
        arena_release(&arena);
        diag_release(&diag);
    }
}

/* And nothing that may be a secret is repeated. */
static void test_bad(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(bad); i++) {
        struct remote_location location;
        struct arena arena = {0};
        struct diag diag;
        struct buf shown;
        diag_init(&diag);
        buf_init(&shown, 10000);
        assert_true(remote_location_is(bad[i].text));
        assert_int_equal(remote_location_parse(&location, bad[i].text, &arena, &diag), -1);
        assert_int_equal(diag.errors, 1);
        if (strstr(diag.items[0].message, bad[i].part) == NULL)
            fail_msg("%s: %s", bad[i].text, diag.items[0].message);
        assert_non_null(diag.items[0].help);
        diag_render_text(&diag, &shown, false);
        assert_null(strstr(buf_text(&shown), "s3cret"));
        buf_release(&shown);
        arena_release(&arena);
        diag_release(&diag);
    }
}

static void test_others(void **state)
{
    static const char *const others[] = {"roster.yaml",     "-",           "git",
                                         "git/roster.yaml", "/srv/x.yaml", "./git@host:x"};
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(others); i++)
        assert_false(remote_location_is(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
