/*
 * Checks of roster doctor that look at this machine or at what others have found: what each says of
 * a setup that is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/doctor.h"
#include "support/scratch_folder.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCOUNT "AC000000000000000000000000000000aa"
#define KEY "SK000000000000000000000000000000aa"
#define TOKEN "0123456789abcdef0123456789abcdef"

enum { VARIABLES_MAX = 8 };

/* The environment of a case: NAME=VALUE. */
static const char *const *variables;

static char *lookup(const char *name)
{
    const size_t size = strlen(name);
    size_t i;

    for (i = 0; i < VARIABLES_MAX && variables[i] != NULL; i++)
        if (strncmp(variables[i], name, size) == 0 && variables[i][size] == '=')
            return (char *)(uintptr_t)(variables[i] + size + 1);
    return NULL;
}

static const struct options plain = {
    .parallelism = 32, .connect_timeout = 1, .request_timeout = 1, .color = "auto"};

static void init(struct doctor *doctor, const struct options *options,
                 const char *const *environment)
{
    variables = environment;
    *doctor = (struct doctor){
        .options = options, .lookup = lookup, .environment = (char *const *)(uintptr_t)environment};
}

static void assert_finding(const struct doctor *doctor, size_t index, enum doctor_verdict verdict,
                           const char *text)
{
    assert_true(index < doctor->count);
    if (doctor->findings[index].verdict != verdict ||
        strcmp(doctor->findings[index].text, text) != 0)
        fail_msg("%s: %s", doctor_verdict_name(doctor->findings[index].verdict),
                 doctor->findings[index].text);
    assert_true(verdict == DOCTOR_OK || verdict == DOCTOR_SKIPPED ||
                doctor->findings[index].advice != NULL);
}

static const struct environment_case {
    const char *check;
    const char *variables[VARIABLES_MAX];
    enum doctor_verdict verdict;
    const char *text;
} environments[] = {
    {"environment",
     {"ROSTER_RATE=1", "HOME=/", "ROSTER_SECRET_1=x", "ROSTER_PLAN_KEY=x"},
     DOCTOR_OK,
     "no variable has a name that roster should know better"},
    {"environment", {"ROSTER_RAET=1"}, DOCTOR_WARNING, "roster does not read ROSTER_RAET"},
    {"environment",
     {"ROSTER_SOMETHING_ELSE=1"},
     DOCTOR_WARNING,
     "roster does not read ROSTER_SOMETHING_ELSE"},
    {"environment",
     {"TWILIO_API_KEY_SID=x"},
     DOCTOR_WARNING,
     "roster does not read TWILIO_API_KEY_SID, and TWILIO_API_KEY is not set"},
    {"environment",
     {"TWILIO_API_KEY_SID=x", "TWILIO_API_KEY=x"},
     DOCTOR_OK,
     "no variable has a name that roster should know better"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=" TOKEN},
     DOCTOR_OK,
     "account " ACCOUNT " with its auth token"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_API_KEY=" KEY, "TWILIO_API_SECRET=hush"},
     DOCTOR_OK,
     "account " ACCOUNT " with an API key"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=" TOKEN, "TWILIO_API_KEY=" KEY,
      "TWILIO_API_SECRET=hush"},
     DOCTOR_OK,
     "account " ACCOUNT " with an API key; the auth token is for webhooks only"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=short"},
     DOCTOR_WARNING,
     "the auth token is not 32 hexadecimal digits, as they are"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT},
     DOCTOR_PROBLEM,
     "TWILIO_AUTH_TOKEN is not set"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=AC12", "TWILIO_AUTH_TOKEN=" TOKEN},
     DOCTOR_PROBLEM,
     "TWILIO_ACCOUNT_SID is malformed"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_API_SECRET=hush"},
     DOCTOR_PROBLEM,
     "TWILIO_API_KEY is not set"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=\"" TOKEN "\""},
     DOCTOR_PROBLEM,
     "TWILIO_AUTH_TOKEN has quotes around it"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN='" TOKEN "'"},
     DOCTOR_PROBLEM,
     "TWILIO_AUTH_TOKEN has quotes around it"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=" TOKEN "\n"},
     DOCTOR_PROBLEM,
     "TWILIO_AUTH_TOKEN has the end of a line behind it"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID= " ACCOUNT, "TWILIO_AUTH_TOKEN=" TOKEN},
     DOCTOR_PROBLEM,
     "TWILIO_ACCOUNT_SID has blanks around it"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=${TOKEN}"},
     DOCTOR_PROBLEM,
     "TWILIO_AUTH_TOKEN has a placeholder in its place"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=<your token>"},
     DOCTOR_PROBLEM,
     "TWILIO_AUTH_TOKEN has a placeholder in its place"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" TOKEN, "TWILIO_AUTH_TOKEN=" TOKEN},
     DOCTOR_PROBLEM,
     "TWILIO_ACCOUNT_SID has an auth token for its value"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_AUTH_TOKEN=" ACCOUNT},
     DOCTOR_PROBLEM,
     "TWILIO_AUTH_TOKEN has an account's SID for its value"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" KEY, "TWILIO_API_KEY=" KEY, "TWILIO_API_SECRET=hush"},
     DOCTOR_PROBLEM,
     "TWILIO_ACCOUNT_SID has the SID of an API key for its value"},
    {"credentials",
     {"TWILIO_ACCOUNT_SID=" ACCOUNT, "TWILIO_API_KEY=" ACCOUNT, "TWILIO_API_SECRET=hush"},
     DOCTOR_PROBLEM,
     "TWILIO_API_KEY has an account's SID for its value"},
    {"state folder",
     {"HOME=relative"},
     DOCTOR_PROBLEM,
     "neither XDG_STATE_HOME nor HOME says where journals and locks are"},
    {"state folder",
     {"XDG_STATE_HOME=/dev/null/x"},
     DOCTOR_PROBLEM,
     "/dev/null is no folder, and journals and locks belong into /dev/null/x/roster"},
    {"git cache", {"XDG_CACHE_HOME=/nowhere"}, DOCTOR_OK, "no roster was fetched from git so far"},
    {"terminal",
     {"LANG=de_DE.ISO-8859-1"},
     DOCTOR_WARNING,
     "roster writes UTF-8, and the locale is de_DE.ISO-8859-1"},
    {"terminal", {"HOME=/"}, DOCTOR_WARNING, "roster writes UTF-8, and the locale is not set"},
    {"journal",
     {"XDG_STATE_HOME=/nowhere"},
     DOCTOR_SKIPPED,
     "not looked at: there is no account or no folder"},
    {"journal",
     {"XDG_STATE_HOME=/nowhere", "TWILIO_ACCOUNT_SID=" ACCOUNT},
     DOCTOR_OK,
     "nothing was applied from here so far"},
    {"lock", {"XDG_STATE_HOME=/nowhere", "TWILIO_ACCOUNT_SID=" ACCOUNT}, DOCTOR_OK, "free"},
};

static void test_environment(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(environments); i++) {
        const struct environment_case *test = &environments[i];
        struct doctor doctor;
        size_t j;

        init(&doctor, &plain, test->variables);
        doctor_run_one(&doctor, test->check);
        assert_string_equal(doctor.findings[0].check, test->check);
        assert_finding(&doctor, 0, test->verdict, test->text);
        /* No secret is in anything that is said. */
        for (j = 0; j < doctor.count; j++) {
            assert_null(strstr(doctor.findings[j].text, TOKEN));
            assert_null(strstr(doctor.findings[j].text, "hush"));
            assert_true(doctor.findings[j].advice == NULL ||
                        strstr(doctor.findings[j].advice, TOKEN) == NULL);
        }
        assert_true(strcmp(test->check, "credentials") != 0 ||
                    doctor.has_login == (test->verdict != DOCTOR_PROBLEM));
        doctor_release(&doctor);
    }
}

/* The state folder's mode, its journal and its lock. */
static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

#define RUN                                                                                  \
    "{\"record\":\"run\",\"run\":\"r\",\"version\":1,\"time\":\"2026-01-01T00:00:00.000Z\"," \
    "\"account\":\"" ACCOUNT "\",\"changes\":1,\"process\":%s}\n"                            \
    "{\"record\":\"planned\",\"run\":\"r\",\"index\":0,\"kind\":\"add_sender\","             \
    "\"service\":\"Orders\",\"sender\":\"ACME\"}\n"
#define GONE "2147483646"

static const struct place_case {
    const char *check, *file, *text; /* %s: our own process */
    enum doctor_verdict verdict;
    const char *found; /* begins so */
} places[] = {
    {"journal", ACCOUNT ".jsonl", "", DOCTOR_OK, "/"},
    {"journal", ACCOUNT ".jsonl", "nothing of ours\n", DOCTOR_WARNING, "/"},
    {"journal", ACCOUNT ".jsonl", RUN, DOCTOR_WARNING,
     "an apply (2026-01-01T00:00:00.000Z, process "},
    {"lock", ACCOUNT ".lock", "", DOCTOR_OK, "free"},
    {"lock", ACCOUNT ".lock", "{\"process\": %s, \"since\": \"2026\"}", DOCTOR_WARNING,
     "held by process "},
    {"lock", ACCOUNT ".lock", "{\"process\": " GONE "}", DOCTOR_OK,
     "free; process " GONE " was killed while it held it"},
    {"lock", ACCOUNT ".lock", "{\"process\": 1, \"host\": \"elsewhere.example\"}", DOCTOR_WARNING,
     "held, or left behind, on another machine: process 1 on elsewhere.example"},
};

static void test_places(void **state)
{
    struct scratch_folder base;
    char folder[128], path[256], own[32], text[1024];
    char variable[256];
    size_t i;

    (void)state;
    scratch_folder_make(&base);
    snprintf(folder, sizeof(folder), "%s/roster", base.path);
    snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", base.path);
    snprintf(own, sizeof(own), "%ld", (long)getpid());
    assert_int_equal(mkdir(folder, 0700), 0);
    for (i = 0; i < COUNT_OF(places); i++) {
        const char *const environment[VARIABLES_MAX] = {variable, "TWILIO_ACCOUNT_SID=" ACCOUNT};
        const char *mark = strstr(places[i].text, "%s");
        struct doctor doctor;

        snprintf(text, sizeof(text), "%.*s%s%s",
                 (int)(mark == NULL ? strlen(places[i].text) : (size_t)(mark - places[i].text)),
                 places[i].text, mark == NULL ? "" : own, mark == NULL ? "" : mark + 2);
        snprintf(path, sizeof(path), "%s/%s", folder, places[i].file);
        write_text(path, text);
        init(&doctor, &plain, environment);
        doctor_run_one(&doctor, places[i].check);
        if (doctor.findings[0].verdict != places[i].verdict ||
            strncmp(doctor.findings[0].text, places[i].found, strlen(places[i].found)) != 0)
            fail_msg("case %zu: %s: %s", i, doctor_verdict_name(doctor.findings[0].verdict),
                     doctor.findings[0].text);
        doctor_release(&doctor);
    }
    scratch_folder_remove(&base);
}

static void test_modes(void **state)
{
    static const struct {
        mode_t mode;
        enum doctor_verdict verdict;
    } cases[] = {{0700, DOCTOR_OK}, {0755, DOCTOR_WARNING}, {0770, DOCTOR_WARNING}};
    struct scratch_folder base;
    char folder[128], variable[256];
    size_t i;

    (void)state;
    scratch_folder_make(&base);
    snprintf(folder, sizeof(folder), "%s/roster", base.path);
    snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", base.path);
    assert_int_equal(mkdir(folder, 0700), 0);
    for (i = 0; i < COUNT_OF(cases); i++) {
        const char *const environment[VARIABLES_MAX] = {variable};
        struct doctor doctor;

        assert_int_equal(chmod(folder, cases[i].mode), 0);
        init(&doctor, &plain, environment);
        doctor_run_one(&doctor, "state folder");
        assert_int_equal(doctor.findings[0].verdict, cases[i].verdict);
        doctor_release(&doctor);
    }
    scratch_folder_remove(&base);
}

/* What the answers of hosts say. */
static void test_clock(void **state)
{
    static const struct {
        enum http_probe_end messaging, api;
        int64_t date_ms, local_ms;
        enum doctor_verdict verdict;
        const char *text;
    } cases[] = {
        {HTTP_PROBE_ANSWERED, HTTP_PROBE_NONE, 1000000, 1059999, DOCTOR_OK,
         "as the server's, within a minute"},
        {HTTP_PROBE_ANSWERED, HTTP_PROBE_NONE, 1000000, 1060000, DOCTOR_WARNING,
         "it is 60 s ahead of the server's"},
        {HTTP_PROBE_NONE, HTTP_PROBE_ANSWERED, 1090000, 1000000, DOCTOR_WARNING,
         "it is 90 s behind the server's"},
        {HTTP_PROBE_ANSWERED, HTTP_PROBE_NONE, -1, 1000000, DOCTOR_SKIPPED,
         "no answer tells the time"},
        {HTTP_PROBE_NAME, HTTP_PROBE_TLS, 1000000, 1000000, DOCTOR_SKIPPED,
         "no answer tells the time"},
    };
    static const char *const nothing[VARIABLES_MAX] = {0};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct http_probe probe = {
            .date_ms = cases[i].date_ms, .local_ms = cases[i].local_ms, .error = "", .address = ""};
        struct doctor doctor;

        init(&doctor, &plain, nothing);
        doctor.has_hosts = true;
        doctor.messaging = doctor.api = probe;
        doctor.messaging.end = cases[i].messaging;
        doctor.api.end = cases[i].api;
        doctor_run_one(&doctor, "clock");
        assert_finding(&doctor, 0, cases[i].verdict, cases[i].text);
        doctor_release(&doctor);
    }
}

static void test_proxy(void **state)
{
    static const struct {
        const char *variables[VARIABLES_MAX];
        const char *api, *text;
    } cases[] = {
        {{"HOME=/"}, "https://api.twilio.com", "none: requests go straight to their hosts"},
        {{"HTTPS_PROXY=http://user:pw@proxy:3128"},
         "https://api.twilio.com",
         "requests go through http://user:**@proxy:3128 (HTTPS_PROXY)"},
        {{"all_proxy=socks5://p", "NO_PROXY=example.com"},
         "https://api.twilio.com",
         "requests go through socks5://p (all_proxy), but those to example.com (no_proxy)"},
        {{"https_proxy=http://p"}, "http://127.0.0.1:1", "none is used for this machine itself"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct doctor doctor;
        init(&doctor, &plain, cases[i].variables);
        doctor.has_hosts = true;
        doctor.hosts = (struct twilio_hosts){cases[i].api, cases[i].api};
        doctor_run_one(&doctor, "proxy");
        assert_finding(&doctor, 0, DOCTOR_OK, cases[i].text);
        doctor_release(&doctor);
    }
}

static void test_machine(void **state)
{
    static const char *const nothing[VARIABLES_MAX] = {0};
    static const char *const utf8[VARIABLES_MAX] = {"LC_ALL=C.utf8", "LANG=C"};
    struct options options = plain;
    struct rlimit before, few;
    struct doctor doctor;

    (void)state;
    options.ca_file = "/nowhere/ca.pem";
    init(&doctor, &options, nothing);
    doctor_run_one(&doctor, "certificates");
    assert_finding(&doctor, 0, DOCTOR_PROBLEM,
                   "cannot read the CA file /nowhere/ca.pem: No such file or directory");
    doctor_run_one(&doctor, "libraries");
    assert_int_equal(doctor.findings[1].verdict, DOCTOR_OK);
    variables = utf8;
    doctor_run_one(&doctor, "terminal");
    assert_int_equal(doctor.findings[2].verdict, DOCTOR_OK);
    setenv("TZDIR", "/nowhere", 1);
    doctor_run_one(&doctor, "time zones");
    unsetenv("TZDIR");
    assert_finding(&doctor, 3, DOCTOR_WARNING,
                   "there is no IANA time zone data: --window of watch knows UTC only");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 100;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    doctor_run_one(&doctor, "open files");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_finding(&doctor, 4, DOCTOR_WARNING,
                   "at most 100 open files, and 32 requests at once may need 128");
    doctor_release(&doctor);
}

static void test_versions(void **state)
{
    static const struct {
        const char *version, *than;
        bool older;
    } cases[] = {
        {"7.88.1", "7.90.0", true},  {"7.90.0", "7.88.1", false},   {"7.9.0", "7.88.1", true},
        {"3.0.19", "3.0.19", false}, {"1.1.1w", "3.0", true},       {"2.14", "2.14.1", false},
        {"0.9.75", "0.9.100", true}, {"8.0.0-DEV", "8.0.0", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(doctor_is_older(cases[i].version, cases[i].than), cases[i].older);
}

/* A check without what it needs is skipped, and says why. */
static void test_skipped(void **state)
{
    static const char *const nothing[VARIABLES_MAX] = {0};
    struct options offline = plain;
    struct doctor doctor;
    size_t i;

    (void)state;
    offline.offline = true;
    init(&doctor, &offline, nothing);
    doctor_run_one(&doctor, "clock");
    assert_finding(&doctor, 0, DOCTOR_SKIPPED, "not looked at: --offline");
    doctor.options = &plain;
    doctor_run_one(&doctor, "clock");
    assert_finding(&doctor, 1, DOCTOR_SKIPPED, "not looked at: it is not known where Twilio is");
    doctor.has_hosts = true;
    doctor_run_one(&doctor, "login");
    assert_finding(&doctor, 2, DOCTOR_SKIPPED, "not looked at: there are no usable credentials");
    doctor.has_login = true;
    doctor_run_one(&doctor, "login");
    assert_finding(&doctor, 3, DOCTOR_SKIPPED, "not looked at: the host was not reached");
    doctor.messaging.end = HTTP_PROBE_ANSWERED;
    doctor_run_one(&doctor, "account");
    assert_finding(&doctor, 4, DOCTOR_SKIPPED, "not looked at: the credentials were not accepted");
    doctor_release(&doctor);
    for (i = 0; i < doctor_row_count; i++)
        assert_non_null(doctor_rows[i].run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment), cmocka_unit_test(test_places),
        cmocka_unit_test(test_modes),       cmocka_unit_test(test_clock),
        cmocka_unit_test(test_proxy),       cmocka_unit_test(test_machine),
        cmocka_unit_test(test_skipped),     cmocka_unit_test(test_versions),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
