#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "twilio/credentials_command.h"

#include "base/attributes.h"

#include <stdlib.h>
#include <string.h>

#define AC "AC0123456789abcdef0123456789abcdef"
#define SAY(json) "printf %s '" json "'"

static const struct {
    const char *command;
    const char *account, *token, *key, *secret, *region; /* of what is given */
    const char *error;                                   /* NULL: it is good */
} cases[] = {
    {SAY("{\"account_sid\": \"" AC "\", \"auth_token\": \"t0ken\"}"), AC, "t0ken", NULL, NULL, NULL,
     NULL},
    {SAY("{\"TWILIO_ACCOUNT_SID\": \"" AC "\", \"TWILIO_AUTH_TOKEN\": \"t0ken\", \"auth_token\": "
         "\"t0ken\", \"edge\": null, \"region\": \"\", \"expires\": 1}"),
     AC, "t0ken", NULL, NULL, NULL, NULL},
    {SAY("{\"api_key\": \"SK1\", \"api_secret\": \"s3cret\", \"region\": \"ie1\"}"), NULL, NULL,
     "SK1", "s3cret", "ie1", NULL},
    {SAY("{\"api_key\": \"SK1\", \"auth_token\": \"t0ken\"}"), NULL, NULL, NULL, NULL, NULL,
     "the credentials command printf gives no \"api_secret\", which \"api_key\" needs"},
    {SAY("{\"api_secret\": \"s3cret\"}"), NULL, NULL, NULL, NULL, NULL,
     "the credentials command printf gives no \"api_key\", which \"api_secret\" needs"},
    {SAY("{\"account_sid\": \"" AC "\"}"), NULL, NULL, NULL, NULL, NULL,
     "the credentials command printf gives no \"auth_token\", and no \"api_key\" either"},
    {SAY("{\"auth_token\": 12345}"), NULL, NULL, NULL, NULL, NULL,
     "the credentials command printf gives a \"auth_token\" that is no string"},
    {SAY("{\"auth_token\": \"t0ken\", \"TWILIO_AUTH_TOKEN\": \"other\"}"), NULL, NULL, NULL, NULL,
     NULL,
     "the credentials command printf gives a \"auth_token\" that is not its "
     "\"TWILIO_AUTH_TOKEN\""},
    {SAY("t0ken"), NULL, NULL, NULL, NULL, NULL,
     "the credentials command printf wrote something that is not JSON, or has a member twice: line "
     "1, column 1"},
    {SAY("{\"auth_token\": \"t0ken\", \"auth_token\": \"t0ken\"}"), NULL, NULL, NULL, NULL, NULL,
     "the credentials command printf wrote something that is not JSON, or has a member twice: line "
     "1, column 36"},
    {SAY("[\"t0ken\"]"), NULL, NULL, NULL, NULL, NULL,
     "the credentials command printf wrote JSON that is no object"},
    {"true t0ken", NULL, NULL, NULL, NULL, NULL, "the credentials command true wrote nothing"},
    {"false t0ken", NULL, NULL, NULL, NULL, NULL,
     "the credentials command false failed: exit status 1"},
    {"sh -c 'kill -9 $$' t0ken", NULL, NULL, NULL, NULL, NULL,
     "the credentials command sh failed: exit status 137"},
    {"no-such-program t0ken", NULL, NULL, NULL, NULL, NULL,
     "there is no program no-such-program, which is to give the credentials"},
    {"sleep 60", NULL, NULL, NULL, NULL, NULL,
     "the credentials command sleep gave no answer within 2 s"},
    {"head -c 70000 /dev/zero", NULL, NULL, NULL, NULL, NULL,
     "the credentials command head wrote more than 64 KiB"},
    {"op read 't0ken", NULL, NULL, NULL, NULL, NULL,
     "--credentials-command can't be taken apart: it ends within quotes, or with a backslash"},
};

static void assert_same(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        assert_ptr_equal(a, b);
    else
        assert_string_equal(a, b);
}

static void check_report(const struct diag *diag, const char *error)
{
    assert_int_equal(diag->count, 1);
    assert_string_equal(diag->items[0].message, error);
    assert_null(strstr(diag->items[0].message, "t0ken"));
    assert_true(diag->items[0].help == NULL || strstr(diag->items[0].help, "t0ken") == NULL);
}

static void test_answers(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const int64_t timeout = strcmp(cases[i].command, "sleep 60") == 0 ? 1200 : 60000;
        struct twilio_given given = {0};
        struct arena arena = {0};
        struct diag diag;

        diag_init(&diag);
        print_message("  %s\n", cases[i].command);
        assert_int_equal(
            credentials_command_run(cases[i].command, timeout, NULL, &given, &arena, &diag),
            cases[i].error == NULL ? 0 : -1);
        if (cases[i].error != NULL)
            check_report(&diag, cases[i].error);
        else
            assert_int_equal(diag.count, 0);
        assert_same(given.account_sid, cases[i].account);
        assert_same(given.auth_token, cases[i].token);
        assert_same(given.api_key, cases[i].key);
        assert_same(given.api_secret, cases[i].secret);
        assert_same(given.region, cases[i].region);
        assert_null(given.edge);
        diag_release(&diag);
        arena_release(&arena);
    }
}

/* Without a command there is nothing to do. */
static void test_none(void **state)
{
    struct twilio_given given = {0};
    struct arena arena = {0};
    struct diag diag;

    (void)state;
    diag_init(&diag);
    assert_int_equal(credentials_command_run(NULL, 1000, NULL, &given, &arena, &diag), 0);
    assert_null(given.auth_token);
    diag_release(&diag);
    arena_release(&arena);
}

/* The program sees the environment, without what is not its business. */
static void test_secrets_are_kept(void **state)
{
    static const char command[] =
        "sh -c 'printf \"{\\\"auth_token\\\": \\\"%s\\\"}\" \"$SEEN-${ROSTER_PLAN_KEY-unset}-"
        "${TWILIO_AUTH_TOKEN-unset}-${TWILIO_API_SECRET-unset}-${ROSTER_GIT_TOKEN-unset}-"
        "${ROSTER_GIT_SSH_PASSPHRASE-unset}-${ROSTER_NOTIFY_URL-unset}\"'";
    static const char *const secrets[] = {"ROSTER_PLAN_KEY",   "TWILIO_AUTH_TOKEN",
                                          "TWILIO_API_SECRET", "ROSTER_GIT_TOKEN",
                                          "ROSTER_NOTIFY_URL", "ROSTER_GIT_SSH_PASSPHRASE"};
    struct twilio_given given = {0};
    struct arena arena = {0};
    struct diag diag;
    size_t i;

    (void)state;
    diag_init(&diag);
    setenv("SEEN", "seen", 1);
    for (i = 0; i < COUNT_OF(secrets); i++)
        setenv(secrets[i], "secret", 1);
    assert_int_equal(credentials_command_run(command, 60000, NULL, &given, &arena, &diag), 0);
    for (i = 0; i < COUNT_OF(secrets); i++)
        unsetenv(secrets[i]);
    assert_string_equal(given.auth_token, "seen-unset-unset-unset-unset-unset-unset");
    diag_release(&diag);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_secrets_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
