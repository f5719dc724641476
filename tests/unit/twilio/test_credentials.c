#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "twilio/credentials.h"

#include <string.h>

/* The environment of the case that runs; a test program has one at a time. */
static const char *const *environment;

static char *lookup(const char *name)
{
    const char *const *at;
    for (at = environment; *at != NULL; at += 2)
        if (strcmp(at[0], name) == 0)
            return (char *)(uintptr_t)at[1];
    return NULL;
}

static const struct twilio_variables variables = {.lookup = lookup};

#define AC "AC0123456789abcdef0123456789abcdef"
#define SK "SK0123456789abcdef0123456789abcdef"

static const struct {
    const char *name;
    const char *environment[9];
    const char *user, *password; /* what is used; NULL: refused */
    const char *first, *second;  /* messages */
} cases[] = {
    {"token", {"TWILIO_ACCOUNT_SID", AC, "TWILIO_AUTH_TOKEN", "t0ken"}, AC, "t0ken", NULL, NULL},
    {"key",
     {"TWILIO_ACCOUNT_SID", AC, "TWILIO_API_KEY", SK, "TWILIO_API_SECRET", "s3cret"},
     SK,
     "s3cret",
     NULL,
     NULL},
    {"key before token",
     {"TWILIO_ACCOUNT_SID", AC, "TWILIO_API_KEY", SK, "TWILIO_API_SECRET", "s3cret",
      "TWILIO_AUTH_TOKEN", "t0ken"},
     SK,
     "s3cret",
     NULL,
     NULL},
    {"nothing",
     {NULL},
     NULL,
     NULL,
     "TWILIO_ACCOUNT_SID is not set",
     "TWILIO_AUTH_TOKEN is not set"},
    {"empty is unset",
     {"TWILIO_ACCOUNT_SID", "", "TWILIO_AUTH_TOKEN", "x"},
     NULL,
     NULL,
     "TWILIO_ACCOUNT_SID is not set",
     NULL},
    {"malformed account",
     {"TWILIO_ACCOUNT_SID", "AC123", "TWILIO_AUTH_TOKEN", "x"},
     NULL,
     NULL,
     "TWILIO_ACCOUNT_SID is malformed",
     NULL},
    {"account with a blank",
     {"TWILIO_ACCOUNT_SID", AC " ", "TWILIO_AUTH_TOKEN", "x"},
     NULL,
     NULL,
     "TWILIO_ACCOUNT_SID is malformed",
     NULL},
    {"token with a newline",
     {"TWILIO_ACCOUNT_SID", AC, "TWILIO_AUTH_TOKEN", "x\n"},
     NULL,
     NULL,
     "TWILIO_AUTH_TOKEN is malformed",
     NULL},
    {"key without secret",
     {"TWILIO_ACCOUNT_SID", AC, "TWILIO_API_KEY", SK},
     NULL,
     NULL,
     "TWILIO_API_SECRET is not set",
     NULL},
    {"secret without key",
     {"TWILIO_ACCOUNT_SID", AC, "TWILIO_API_SECRET", "x"},
     NULL,
     NULL,
     "TWILIO_API_KEY is not set",
     NULL},
    {"malformed key",
     {"TWILIO_ACCOUNT_SID", AC, "TWILIO_API_KEY", AC, "TWILIO_API_SECRET", "x y"},
     NULL,
     NULL,
     "TWILIO_API_KEY is malformed",
     "TWILIO_API_SECRET is malformed"},
};

static void test_credentials(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct twilio_credentials credentials = {0};
        struct arena arena = {0};
        struct diag diag;
        int result;
        print_message("  %s\n", cases[i].name);
        diag_init(&diag);
        environment = cases[i].environment;
        result = twilio_credentials_read(&credentials, &variables, &arena, &diag);
        if (cases[i].user != NULL) {
            assert_int_equal(result, 0);
            assert_string_equal(credentials.account_sid, AC);
            assert_string_equal(credentials.user, cases[i].user);
            assert_string_equal(credentials.password, cases[i].password);
        } else {
            assert_int_equal(result, -1);
            assert_null(credentials.user);
            assert_int_equal(diag.errors, cases[i].second == NULL ? 1 : 2);
            assert_string_equal(diag.items[0].message, cases[i].first);
            assert_non_null(diag.items[0].help);
            if (cases[i].second != NULL)
                assert_string_equal(diag.items[1].message, cases[i].second);
        }
        diag_release(&diag);
        arena_release(&arena);
    }
}

static const struct {
    const char *api_url;
    const char *environment[5];
    const char *messaging, *api; /* NULL: refused */
} hosts[] = {
    {NULL, {NULL}, "https://messaging.twilio.com", "https://api.twilio.com"},
    {"", {NULL}, "https://messaging.twilio.com", "https://api.twilio.com"},
    {NULL,
     {"TWILIO_REGION", "ie1"},
     "https://messaging.ie1.twilio.com",
     "https://api.ie1.twilio.com"},
    {NULL,
     {"TWILIO_EDGE", "sydney"},
     "https://messaging.sydney.us1.twilio.com",
     "https://api.sydney.us1.twilio.com"},
    {NULL,
     {"TWILIO_EDGE", "dublin", "TWILIO_REGION", "ie1"},
     "https://messaging.dublin.ie1.twilio.com",
     "https://api.dublin.ie1.twilio.com"},
    {NULL, {"TWILIO_REGION", "evil.example/"}, NULL, NULL},
    {NULL, {"TWILIO_EDGE", "a@b"}, NULL, NULL},
    {"http://127.0.0.1:8080",
     {"TWILIO_REGION", "ie1"},
     "http://127.0.0.1:8080",
     "http://127.0.0.1:8080"},
    {"http://localhost:8080/", {NULL}, "http://localhost:8080", "http://localhost:8080"},
    {"https://proxy.example", {NULL}, "https://proxy.example", "https://proxy.example"},
    {"http://proxy.example", {NULL}, NULL, NULL},
    {"https://proxy.example/path", {NULL}, NULL, NULL},
    {"https://proxy.example?x", {NULL}, NULL, NULL},
    {"https://user:pw@proxy.example", {NULL}, NULL, NULL},
    {"proxy.example", {NULL}, NULL, NULL},
    {"ftp://127.0.0.1", {NULL}, NULL, NULL},
};

static void test_hosts(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(hosts); i++) {
        struct twilio_hosts read = {0};
        struct arena arena = {0};
        struct diag diag;
        int result;
        print_message("  %zu\n", i);
        diag_init(&diag);
        environment = hosts[i].environment;
        result = twilio_hosts_read(&read, hosts[i].api_url, &variables, &arena, &diag);
        if (hosts[i].messaging != NULL) {
            assert_int_equal(result, 0);
            assert_string_equal(read.messaging, hosts[i].messaging);
            assert_string_equal(read.api, hosts[i].api);
        } else {
            assert_int_equal(result, -1);
            assert_int_equal(diag.errors, 1);
            assert_null(strstr(diag.items[0].message, "pw"));
        }
        diag_release(&diag);
        arena_release(&arena);
    }
}

/* The token alone counts, whatever else is set. */
static void test_auth_token(void **state)
{
    static const struct {
        const char *environment[7];
        const char *token, *error, *help;
    } token_cases[] = {
        {{"TWILIO_AUTH_TOKEN", "t0ken"}, "t0ken", NULL, NULL},
        {{"TWILIO_API_KEY", SK, "TWILIO_API_SECRET", "s3cret", "TWILIO_AUTH_TOKEN", "t0ken"},
         "t0ken",
         NULL,
         NULL},
        {{"TWILIO_API_KEY", SK, "TWILIO_API_SECRET", "s3cret"},
         NULL,
         "TWILIO_AUTH_TOKEN is not set",
         "whatever TWILIO_API_KEY is"},
        {{NULL}, NULL, "TWILIO_AUTH_TOKEN is not set", "primary auth token"},
        {{"TWILIO_AUTH_TOKEN", " t0ken"}, NULL, "TWILIO_AUTH_TOKEN is malformed", "a blank"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(token_cases); i++) {
        struct arena arena = {0};
        const char *token = NULL;
        struct diag diag;

        diag_init(&diag);
        environment = token_cases[i].environment;
        assert_int_equal(twilio_auth_token_read(&token, &variables, &arena, &diag),
                         token_cases[i].token == NULL ? -1 : 0);
        if (token_cases[i].token != NULL) {
            assert_string_equal(token, token_cases[i].token);
            assert_int_equal(diag.count, 0);
        } else {
            assert_string_equal(diag.items[0].message, token_cases[i].error);
            assert_non_null(strstr(diag.items[0].help, token_cases[i].help));
        }
        diag_release(&diag);
        arena_release(&arena);
    }
}

#define OTHER "ACfedcba9876543210fedcba9876543210"

/* What a command gives goes before the environment, and its login is never mixed with another. */
static void test_given(void **state)
{
    static const struct {
        const char *environment[9];
        struct twilio_given given;
        const char *account, *user, *password; /* user NULL: refused */
        const char *error;
    } given_cases[] = {
        {{NULL}, {.account_sid = AC, .auth_token = "t0ken"}, AC, AC, "t0ken", NULL},
        {{"TWILIO_ACCOUNT_SID", OTHER, "TWILIO_AUTH_TOKEN", "x"},
         {.account_sid = AC, .auth_token = "t0ken"},
         AC,
         AC,
         "t0ken",
         NULL},
        {{"TWILIO_API_KEY", SK, "TWILIO_API_SECRET", "s3cret"},
         {.account_sid = AC, .auth_token = "t0ken"},
         AC,
         AC,
         "t0ken",
         NULL},
        {{"TWILIO_ACCOUNT_SID", OTHER},
         {.api_key = SK, .api_secret = "s3cret"},
         OTHER,
         SK,
         "s3cret",
         NULL},
        {{"TWILIO_API_SECRET", "s3cret"},
         {.account_sid = AC, .api_key = SK},
         NULL,
         NULL,
         NULL,
         "TWILIO_API_SECRET is not set"},
        {{NULL},
         {.account_sid = "AC1", .auth_token = "t0ken"},
         NULL,
         NULL,
         NULL,
         "\"account_sid\" of the credentials command is malformed"},
        {{NULL},
         {.account_sid = AC, .auth_token = "t0 ken"},
         NULL,
         NULL,
         NULL,
         "\"auth_token\" of the credentials command is malformed"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(given_cases); i++) {
        const struct twilio_variables both = {.lookup = lookup, .given = &given_cases[i].given};
        struct twilio_credentials credentials = {0};
        struct arena arena = {0};
        struct diag diag;

        diag_init(&diag);
        environment = given_cases[i].environment;
        assert_int_equal(twilio_credentials_read(&credentials, &both, &arena, &diag),
                         given_cases[i].user == NULL ? -1 : 0);
        if (given_cases[i].user != NULL) {
            assert_string_equal(credentials.account_sid, given_cases[i].account);
            assert_string_equal(credentials.user, given_cases[i].user);
            assert_string_equal(credentials.password, given_cases[i].password);
        } else {
            assert_string_equal(diag.items[0].message, given_cases[i].error);
        }
        diag_release(&diag);
        arena_release(&arena);
    }
}

/* The token that webhooks are signed with, and the hosts. */
static void test_given_others(void **state)
{
    static const char *const set[] = {"TWILIO_AUTH_TOKEN", "env", "TWILIO_REGION", "ie1", NULL};
    static const char *const unset[] = {NULL};
    const struct twilio_given key = {.api_key = SK, .api_secret = "s3cret", .region = "au1"};
    const struct twilio_given token = {.auth_token = "t0ken"};
    struct twilio_variables both = {.lookup = lookup, .given = &token};
    struct twilio_hosts hosts_read = {0};
    struct arena arena = {0};
    const char *found;
    struct diag diag;

    (void)state;
    diag_init(&diag);
    environment = set;
    assert_int_equal(twilio_auth_token_read(&found, &both, &arena, &diag), 0);
    assert_string_equal(found, "t0ken");
    assert_int_equal(twilio_hosts_read(&hosts_read, NULL, &both, &arena, &diag), 0);
    assert_string_equal(hosts_read.api, "https://api.ie1.twilio.com");
    both.given = &key;
    assert_int_equal(twilio_auth_token_read(&found, &both, &arena, &diag), 0);
    assert_string_equal(found, "env");
    assert_int_equal(twilio_hosts_read(&hosts_read, NULL, &both, &arena, &diag), 0);
    assert_string_equal(hosts_read.api, "https://api.au1.twilio.com");
    environment = unset;
    assert_int_equal(twilio_auth_token_read(&found, &both, &arena, &diag), -1);
    assert_non_null(strstr(diag.items[0].help, "let the credentials command give"));
    diag_release(&diag);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_auth_token),   cmocka_unit_test(test_given),
        cmocka_unit_test(test_given_others), cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
