#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/base64.h"
#include "source/known_hosts.h"

#include <string.h>

#define ED "ssh-ed25519 "
#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIMvylpM1UGyM03jqmtnYpTk7JNtSKW6O0eoH/FokGign"
#define OTHER "AAAAC3NzaC1lZDI1NTE5AAAAIC6jlr8maMKfKam/GAa8bgKBjsecXKwwIaXRuOcLVNlT"
#define ECDSA                                                                                      \
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBANkypwXvzz8CAaLslAm" \
    "0NVXP3wRZTijGcBB9vymIVtuwO9QOmDHCzw+9TdV84OIEfFWpVue0dpA7IbNLBuHFKU="
/* As "ssh-keygen -H" hashed hashed.example and [hashed.example]:2222. */
#define HASHED "|1|rL3thRMo8ANxOGpMpFXovrOK+lU=|yzZLybTXtg2EdbBLhu9fneoSTw0= "
#define HASHED_2222 "|1|s7YipEKSkuzbQWGU2ffSt9l8ocA=|Haa16x/aCsJTNEaL5PzYqCcATlU= "

/* The host shows KEY. */
static const struct {
    const char *text, *host;
    int port;
    enum known_host_verdict verdict;
    size_t line;
} cases[] = {
    {"", "host", 22, KNOWN_HOST_UNKNOWN, 0},
    {"host " ED KEY "\n", "host", 22, KNOWN_HOST_GOOD, 1},
    {"host " ED KEY, "host", 22, KNOWN_HOST_GOOD, 1},
    {"host " ED KEY " a comment\r\n", "host", 22, KNOWN_HOST_GOOD, 1},
    {"\n# host\n  host\t" ED KEY "\n", "host", 22, KNOWN_HOST_GOOD, 3},
    {"HOST " ED KEY "\n", "host", 22, KNOWN_HOST_GOOD, 1},
    {"host " ED KEY "\n", "other", 22, KNOWN_HOST_UNKNOWN, 0},
    {"host " ED KEY "\n", "hostile", 22, KNOWN_HOST_UNKNOWN, 0},
    {"host " ED KEY "\n", "host", 2222, KNOWN_HOST_UNKNOWN, 0},
    {"[host]:2222 " ED KEY "\n", "host", 2222, KNOWN_HOST_GOOD, 1},
    {"[host]:2222 " ED KEY "\n", "host", 22, KNOWN_HOST_UNKNOWN, 0},
    {"a,host,b " ED KEY "\n", "host", 22, KNOWN_HOST_GOOD, 1},
    {"*.example.com " ED KEY "\n", "git.example.com", 22, KNOWN_HOST_GOOD, 1},
    {"*.example.com " ED KEY "\n", "example.com", 22, KNOWN_HOST_UNKNOWN, 0},
    {"h?st " ED KEY "\n", "host", 22, KNOWN_HOST_GOOD, 1},
    {"h?st " ED KEY "\n", "hoost", 22, KNOWN_HOST_UNKNOWN, 0},
    {"*,!host " ED KEY "\n", "host", 22, KNOWN_HOST_UNKNOWN, 0},
    {"*,!other " ED KEY "\n", "host", 22, KNOWN_HOST_GOOD, 1},
    {"host " ED OTHER "\n", "host", 22, KNOWN_HOST_CHANGED, 1},
    {"host " ED OTHER "\nhost " ED KEY "\n", "host", 22, KNOWN_HOST_GOOD, 2},
    {"host " ECDSA "\n", "host", 22, KNOWN_HOST_OTHER_TYPE, 1},
    {"host " ECDSA "\nhost " ED OTHER "\n", "host", 22, KNOWN_HOST_CHANGED, 2},
    {"host " ED KEY "\n@revoked * " ED KEY "\n", "host", 22, KNOWN_HOST_REVOKED, 2},
    {"@revoked host " ED OTHER "\n", "host", 22, KNOWN_HOST_UNKNOWN, 0},
    {"@cert-authority host " ED KEY "\n", "host", 22, KNOWN_HOST_UNKNOWN, 0},
    {HASHED ED KEY "\n", "hashed.example", 22, KNOWN_HOST_GOOD, 1},
    {HASHED ED KEY "\n", "hashed.example", 2222, KNOWN_HOST_UNKNOWN, 0},
    {HASHED ED OTHER "\n", "hashed.example", 22, KNOWN_HOST_CHANGED, 1},
    {HASHED_2222 ED KEY "\n", "hashed.example", 2222, KNOWN_HOST_GOOD, 1},
    /* Lines that are cut off or malformed say nothing. */
    {"host\nhost ssh-ed25519\nhost " ED "!!!\n|1| " ED KEY "\n|1|AAAA " ED KEY "\n@revoked\n",
     "host", 22, KNOWN_HOST_UNKNOWN, 0},
};

static void test_cases(void **state)
{
    struct arena arena = {0};
    struct buf bytes;
    size_t i;
    (void)state;

    buf_init(&bytes, 1000);
    assert_int_equal(base64_decode(&bytes, KEY, strlen(KEY)), 0);
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct shown_key key = {cases[i].host, cases[i].port, "ssh-ed25519", bytes.data,
                                      bytes.size};
        struct known_host_place place;
        enum known_host_verdict verdict =
            known_hosts_check("file", cases[i].text, strlen(cases[i].text), &key, &arena, &place);
        if (verdict != cases[i].verdict || place.line != cases[i].line)
            fail_msg("%s: %d in line %zu", cases[i].text, verdict, place.line);
    }
    assert_string_equal(known_host_key_type(bytes.data, bytes.size, &arena), "ssh-ed25519");
    assert_string_equal(known_host_key_type(bytes.data, 8, &arena), "");
    assert_string_equal(known_host_key_type("", 0, &arena), "");
    /* As "ssh-keygen -l" shows it. */
    assert_string_equal(known_host_fingerprint(bytes.data, bytes.size, &arena),
                        "SHA256:31eQH/aphg1lRJZW05ChVKWEUOAvxzT/4TT4NaLwmBs");
    assert_string_equal(known_host_name("host", 22, &arena), "host");
    assert_string_equal(known_host_name("host", 2222, &arena), "[host]:2222");
    buf_release(&bytes);
    arena_release(&arena);
}

static void test_select(void **state)
{
    static const char text[] = "# comment\n@cert-authority host " ED KEY "\n@revoked host " ED KEY
                               "\nother " ED OTHER "\n*,x  " ED KEY " a comment\nh?st " ECDSA;
    struct buf out;
    (void)state;

    buf_init(&out, 10000);
    known_hosts_select(text, strlen(text), "host", 22, &out);
    assert_string_equal(buf_text(&out), "host " ED KEY "\nhost " ECDSA "\n");
    buf_clear(&out);
    known_hosts_select(text, strlen(text), "other", 22, &out);
    assert_string_equal(buf_text(&out), "other " ED OTHER "\nother " ED KEY "\n");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_select),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
