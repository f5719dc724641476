#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "source/remote_refs.h"

#include <stdio.h>
#include <string.h>

#define A "aaaa000000000000000000000000000000000000"
#define B "bbbb000000000000000000000000000000000000"
#define B2 "bbbb111111111111111111111111111111111111"
#define T "cccc000000000000000000000000000000000000"

static const struct remote_ref refs[] = {
    {"HEAD", A},
    {"refs/heads/main", A},
    {"refs/heads/next", B},
    {"refs/heads/both", A},
    {"refs/heads/other", B2},
    {"refs/pull/1/head", B},
    {"refs/tags/both", A},
    {"refs/tags/v1", T},
    {"refs/tags/v1^{}", "dddd000000000000000000000000000000000000"},
    {"refs/heads/feed", B},
};

static const struct {
    const char *wanted;
    enum remote_choice choice;
    const char *name;
} cases[] = {
    {NULL, REMOTE_CHOICE_REF, "HEAD"},
    {"HEAD", REMOTE_CHOICE_REF, "HEAD"},
    {"main", REMOTE_CHOICE_REF, "refs/heads/main"},
    {"v1", REMOTE_CHOICE_REF, "refs/tags/v1"},
    {"refs/tags/both", REMOTE_CHOICE_REF, "refs/tags/both"},
    {"refs/pull/1/head", REMOTE_CHOICE_REF, "refs/pull/1/head"},
    {"refs/heads/none", REMOTE_CHOICE_NONE, "refs/heads/none"},
    {"both", REMOTE_CHOICE_AMBIGUOUS, NULL},
    {"none", REMOTE_CHOICE_NONE, NULL},
    /* A branch that looks like a commit is a branch. */
    {"feed", REMOTE_CHOICE_REF, "refs/heads/feed"},
    {A, REMOTE_CHOICE_REF, "refs/heads/main"},
    {"AAAA0", REMOTE_CHOICE_REF, "refs/heads/main"},
    {"dddd", REMOTE_CHOICE_REF, "refs/tags/v1"},
    {"bbbb", REMOTE_CHOICE_COMMIT, "bbbb"},
    {"0123456", REMOTE_CHOICE_COMMIT, "0123456"},
    {"012", REMOTE_CHOICE_NONE, NULL},
};

static void test_choices(void **state)
{
    struct arena arena = {0};
    const char *name;
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        enum remote_choice choice =
            remote_refs_choose(refs, COUNT_OF(refs), cases[i].wanted, &arena, &name);
        if (choice != cases[i].choice || !str_equal(name, cases[i].name))
            fail_msg("%s: %d %s", cases[i].wanted, choice, name);
    }
    assert_int_equal(remote_refs_choose(NULL, 0, "main", &arena, &name), REMOTE_CHOICE_EMPTY);
    arena_release(&arena);
}

static void test_words(void **state)
{
    struct remote_ref many[25];
    struct arena arena = {0};
    size_t i;
    (void)state;

    assert_string_equal(remote_refs_describe(refs, COUNT_OF(refs), &arena),
                        "branches main, next, both, other, feed; tags both, v1");
    assert_string_equal(remote_refs_describe(NULL, 0, &arena), "nothing");
    assert_string_equal(remote_refs_nearest(refs, COUNT_OF(refs), "mian", &arena), "main");
    assert_null(remote_refs_nearest(refs, COUNT_OF(refs), "release", &arena));
    for (i = 0; i < COUNT_OF(many); i++)
        many[i] = (struct remote_ref){arena_printf(&arena, "refs/heads/b%zu", i), A};
    assert_string_equal(remote_refs_describe(many, COUNT_OF(many), &arena),
                        "branches b0, b1, b2, b3, b4, b5, b6, b7, b8, b9 and 15 more");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
