#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "http/repository_hook.h"

#include <string.h>

/* GitHub's own example, from its page on validating webhook deliveries. */
#define SECRET "It's a Secret to Everybody"
#define BODY "Hello, World!"
#define DIGITS "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

static const struct {
    const char *signature, *event, *token, *body;
    enum repository_hook_verdict verdict;
} cases[] = {
    {"sha256=" DIGITS, "push", NULL, BODY, REPOSITORY_HOOK_GENUINE},
    {"sha256=" DIGITS, NULL, NULL, BODY, REPOSITORY_HOOK_GENUINE},
    {"sha256=" DIGITS, "ping", NULL, BODY, REPOSITORY_HOOK_PING},
    {"sha256=" DIGITS, "push", NULL, "Hello, World", REPOSITORY_HOOK_FORGED},
    {"sha256=" DIGITS, "push", NULL, "", REPOSITORY_HOOK_FORGED},
    {"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18", "ping", NULL, BODY,
     REPOSITORY_HOOK_FORGED},
    {DIGITS, "push", NULL, BODY, REPOSITORY_HOOK_UNSIGNED},
    {"sha1=" DIGITS, "push", NULL, BODY, REPOSITORY_HOOK_UNSIGNED},
    {"sha256=", "push", NULL, BODY, REPOSITORY_HOOK_UNSIGNED},
    {"sha256=" DIGITS "00", "push", NULL, BODY, REPOSITORY_HOOK_UNSIGNED},
    {"", "push", NULL, BODY, REPOSITORY_HOOK_UNSIGNED},
    {NULL, "push", NULL, BODY, REPOSITORY_HOOK_UNSIGNED},
    {NULL, NULL, SECRET, BODY, REPOSITORY_HOOK_GENUINE},
    {NULL, NULL, SECRET, "", REPOSITORY_HOOK_GENUINE},
    {NULL, NULL, "It's a Secret to everybody", BODY, REPOSITORY_HOOK_FORGED},
    {NULL, NULL, "It's", BODY, REPOSITORY_HOOK_FORGED},
    {NULL, NULL, "", BODY, REPOSITORY_HOOK_UNSIGNED},
    /* A token makes no forged signature good. */
    {"sha256=" DIGITS, "push", SECRET, "x", REPOSITORY_HOOK_FORGED},
};

static void test_check(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct repository_hook hook = {
            .github_signature = cases[i].signature,
            .github_event = cases[i].event,
            .gitlab_token = cases[i].token,
            .body = cases[i].body,
            .body_size = strlen(cases[i].body),
        };
        if (repository_hook_check(SECRET, &hook) != cases[i].verdict)
            fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_check)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
