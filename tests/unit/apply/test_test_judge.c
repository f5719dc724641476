#include "apply/test_judge.h"

#include "base/attributes.h"
#include "base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#define NUMBER "+15005550001"

static const struct {
    const char *name;
    struct expectation expect;
    struct test_facts facts;
    enum test_verdict verdict;
    const char *mismatches; /* "KEY: EXPECTED, not ACTUAL; " each */
} cases[] = {
    {"without an expectation: delivered",
     {.status = NULL},
     {.message = {.status = "delivered"}},
     TEST_AS_EXPECTED,
     ""},
    {"not yet",
     {.status = NULL},
     {.message = {.status = "sent"}},
     TEST_WAIT,
     "status: delivered, not sent; "},
    {"read is delivered", {.status = NULL}, {.message = {.status = "read"}}, TEST_AS_EXPECTED, ""},
    {"undelivered",
     {.status = NULL},
     {.message = {.status = "undelivered"}},
     TEST_NOT_AS_EXPECTED,
     "status: delivered, not undelivered; "},
    {"refused",
     {.status = NULL},
     {.message = {.error_code = 21211}},
     TEST_NOT_AS_EXPECTED,
     "status: delivered, not refused; "},
    {"what is unknown is waited for",
     {.status = NULL},
     {.message = {.status = "teleported"}},
     TEST_WAIT,
     "status: delivered, not teleported; "},

    {"on the way", {.status = "sent"}, {.message = {.status = "sent"}}, TEST_AS_EXPECTED, ""},
    {"further", {.status = "queued"}, {.message = {.status = "delivered"}}, TEST_AS_EXPECTED, ""},
    {"failed on the way",
     {.status = "queued"},
     {.message = {.status = "failed"}},
     TEST_NOT_AS_EXPECTED,
     "status: queued, not failed; "},
    {"read is waited for",
     {.status = "read"},
     {.message = {.status = "delivered"}},
     TEST_WAIT,
     "status: read, not delivered; "},
    {"read fails",
     {.status = "read"},
     {.message = {.status = "undelivered"}},
     TEST_NOT_AS_EXPECTED,
     "status: read, not undelivered; "},

    {"a failure is wanted",
     {.status = "undelivered"},
     {.message = {.status = "undelivered"}},
     TEST_AS_EXPECTED,
     ""},
    {"and waited for",
     {.status = "undelivered"},
     {.message = {.status = "sent"}},
     TEST_WAIT,
     "status: undelivered, not sent; "},
    {"success is none",
     {.status = "undelivered"},
     {.message = {.status = "delivered"}},
     TEST_NOT_AS_EXPECTED,
     "status: undelivered, not delivered; "},
    {"another one is not it",
     {.status = "undelivered"},
     {.message = {.status = "failed"}},
     TEST_NOT_AS_EXPECTED,
     "status: undelivered, not failed; "},
    {"a refusal is a failure",
     {.status = "failed"},
     {.message = {.sid = NULL}},
     TEST_AS_EXPECTED,
     ""},

    {"a code in any way",
     {.error_code = 30006},
     {.message = {.status = "undelivered", .error_code = 30006}},
     TEST_AS_EXPECTED,
     ""},
    {"at once, too",
     {.error_code = 21211},
     {.message = {.error_code = 21211}},
     TEST_AS_EXPECTED,
     ""},
    {"another code",
     {.error_code = 30006},
     {.message = {.status = "failed", .error_code = 30007}},
     TEST_NOT_AS_EXPECTED,
     "error_code: 30006, not 30007; "},
    {"no code",
     {.error_code = 30006},
     {.message = {.status = "delivered"}},
     TEST_NOT_AS_EXPECTED,
     "error_code: 30006, not none; "},
    {"not over yet",
     {.error_code = 30006},
     {.message = {.status = "sent"}},
     TEST_WAIT,
     "status: a final one, not sent; error_code: 30006, not none; "},

    {"a sender",
     {.from = "ACME"},
     {.message = {.status = "delivered", .from = "ACME"}},
     TEST_AS_EXPECTED,
     ""},
    {"in that case",
     {.from = "ACME"},
     {.message = {.status = "delivered", .from = "Acme"}},
     TEST_NOT_AS_EXPECTED,
     "from: ACME, not Acme; "},
    {"an alpha sender",
     {.from = "alpha_sender"},
     {.message = {.status = "delivered", .from = "ACME"}},
     TEST_AS_EXPECTED,
     ""},
    {"a phone number",
     {.from = "phone_number"},
     {.message = {.status = "delivered", .from = NUMBER}},
     TEST_AS_EXPECTED,
     ""},
    {"a short code",
     {.from = "short_code"},
     {.message = {.status = "delivered", .from = "85555"}},
     TEST_AS_EXPECTED,
     ""},
    {"another kind",
     {.from = "short_code"},
     {.message = {.status = "delivered", .from = NUMBER}},
     TEST_NOT_AS_EXPECTED,
     "from: short_code, not " NUMBER "; "},
    {"a wrong sender can't get right",
     {.status = "queued", .from = "ACME"},
     {.message = {.status = "sending", .from = NUMBER}},
     TEST_NOT_AS_EXPECTED,
     "from: ACME, not " NUMBER "; "},
    {"no sender yet",
     {.status = "queued", .from = "ACME"},
     {.message = {.status = "queued"}},
     TEST_WAIT,
     "from: ACME, not no sender; "},
    {"no sender at all",
     {.status = "failed", .from = "ACME"},
     {.message = {.status = "failed"}},
     TEST_NOT_AS_EXPECTED,
     "from: ACME, not no sender; "},

    {"a country",
     {.country = "GB"},
     {.message = {.status = "delivered", .from = NUMBER}, .country = "GB"},
     TEST_AS_EXPECTED,
     ""},
    {"another country",
     {.country = "GB"},
     {.message = {.status = "delivered", .from = NUMBER}, .country = "US"},
     TEST_NOT_AS_EXPECTED,
     "country: GB, not US; "},
    {"no country",
     {.country = "GB"},
     {.message = {.status = "delivered", .from = "ACME"}},
     TEST_NOT_AS_EXPECTED,
     "country: GB, not not known; "},

    {"segments",
     {.segments = 2},
     {.message = {.status = "delivered", .segments = 2}},
     TEST_AS_EXPECTED,
     ""},
    {"other segments",
     {.segments = 2},
     {.message = {.status = "delivered", .segments = 1}},
     TEST_NOT_AS_EXPECTED,
     "segments: 2, not 1; "},
    {"segments are known later",
     {.status = "accepted", .segments = 2},
     {.message = {.status = "accepted"}},
     TEST_WAIT,
     "segments: 2, not not known; "},
    {"all at once",
     {.status = "delivered", .from = "ACME", .country = "GB", .error_code = 30003, .segments = 1},
     {.message = {.status = "failed", .from = NUMBER}},
     TEST_NOT_AS_EXPECTED,
     "status: delivered, not failed; from: ACME, not " NUMBER "; country: GB, not not known; "
     "error_code: 30003, not none; segments: 1, not not known; "},
};

static void test_cases(void **state)
{
    struct test_mismatch mismatches[TEST_MISMATCHES_MAX];
    size_t i, j, count;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena = {0};
        struct buf text;
        enum test_verdict verdict =
            test_judge(&cases[i].expect, &cases[i].facts, mismatches, &count, &arena);

        buf_init(&text, 4096);
        for (j = 0; j < count; j++)
            buf_printf(&text, "%s: %s, not %s; ", mismatches[j].key, mismatches[j].expected,
                       mismatches[j].actual);
        print_message("%s\n", cases[i].name);
        assert_int_equal(verdict, cases[i].verdict);
        assert_string_equal(buf_text(&text), cases[i].mismatches);
        buf_release(&text);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
