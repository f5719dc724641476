#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/roster_text.h"

#include <string.h>

#define ROSTER                                                                           \
    "services:\n  - friendly_name: Orders EU\n  - friendly_name: Orders US\n"            \
    "  - {friendly_name: Marketing, renamed_from: Ads}\n  - friendly_name: '[Tests]*'\n" \
    "  - {friendly_name: Pinned, sid: MG00000000000000000000000000000009}\n"             \
    "  - friendly_name: '${SECRET}'\n"
#define ALL "Orders EU, Orders US, Marketing, [Tests]*, Pinned, s3cret, "

static const struct {
    const char *patterns[3];
    const char *kept; /* names with a comma and a blank behind each */
    const char *message, *help;
} cases[] = {
    {{NULL}, ALL, NULL, NULL},
    {{"Marketing"}, "Marketing, ", NULL, NULL},
    {{"Orders*"}, "Orders EU, Orders US, ", NULL, NULL},
    {{"Orders ?S"}, "Orders US, ", NULL, NULL},
    {{"[MP]*"}, "Marketing, Pinned, ", NULL, NULL},
    {{"*"}, ALL, NULL, NULL},
    {{"Orders EU", "Pinned"}, "Orders EU, Pinned, ", NULL, NULL},
    {{"Orders EU", "Orders*"}, "Orders EU, Orders US, ", NULL, NULL},
    {{"\\[Tests\\]\\*"}, "[Tests]*, ", NULL, NULL},
    {{"s3cret"}, "s3cret, ", NULL, NULL},
    {{"marketing"},
     "",
     "the roster has no service \"marketing\"",
     "did you mean --target \"Marketing\"?"},
    {{"Order EU"},
     "",
     "the roster has no service \"Order EU\"",
     "did you mean --target \"Orders EU\"?"},
    {{"Nothing like it*"},
     "",
     "the roster has no service \"Nothing like it*\"",
     "--target takes a friendly_name, or a pattern such as \"Order*\""},
    {{""},
     "",
     "the roster has no service \"\"",
     "--target takes a friendly_name, or a pattern such as \"Order*\""},
    /* What the roster calls it, not what it was called, nor its SID. */
    {{"Ads"},
     "",
     "the roster has no service \"Ads\"",
     "--target takes a friendly_name, or a pattern such as \"Order*\""},
    {{"MG00000000000000000000000000000009"},
     "",
     "the roster has no service \"MG00000000000000000000000000000009\"",
     "--target takes a friendly_name, or a pattern such as \"Order*\""},
    /* A name from the environment is not given away by a near miss. */
    {{"s3cre"},
     "",
     "the roster has no service \"s3cre\"",
     "--target takes a friendly_name, or a pattern such as \"Order*\""},
};

static void list_kept(const struct desired *desired, struct buf *out)
{
    size_t i, left_out = 0;

    for (i = 0; i < desired->service_count; i++) {
        left_out += desired->services[i].left_out;
        if (!desired->services[i].left_out)
            buf_printf(out, "%s, ", desired->services[i].service.friendly_name);
    }
    assert_int_equal(desired->left_out_count, left_out);
}

static void test_targets(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct roster_text roster;
        struct buf kept;
        struct diag diag;
        size_t count = 0;
        int result;
        while (count < COUNT_OF(cases[i].patterns) && cases[i].patterns[count] != NULL)
            count++;
        diag_init(&diag);
        buf_init(&kept, 1024);
        roster_text_read(&roster, "version: 1\n" ROSTER);
        result = desired_select(&roster.desired, cases[i].patterns, count, &diag);
        assert_int_equal(result, cases[i].message == NULL ? 0 : -1);
        list_kept(&roster.desired, &kept);
        assert_string_equal(buf_text(&kept), cases[i].kept);
        if (cases[i].message != NULL) {
            assert_int_equal(diag.count, 1);
            assert_string_equal(diag.items[0].message, cases[i].message);
            assert_string_equal(diag.items[0].help, cases[i].help);
        }
        buf_release(&kept);
        diag_release(&diag);
        roster_text_release(&roster);
    }
}

/* Each that matches nothing is reported, and the others count all the same. */
static void test_every_mistake_is_reported(void **state)
{
    static const char *const patterns[] = {"Market", "Pinned", "Orders XX"};
    struct roster_text roster;
    struct diag diag;

    (void)state;
    diag_init(&diag);
    roster_text_read(&roster, "version: 1\n" ROSTER);
    assert_int_equal(desired_select(&roster.desired, patterns, COUNT_OF(patterns), &diag), -1);
    assert_int_equal(diag.errors, 2);
    assert_int_equal(roster.desired.left_out_count, 5);
    diag_release(&diag);
    roster_text_release(&roster);
}

/* Selecting anew forgets what was selected before. */
static void test_selecting_again(void **state)
{
    static const char *const first[] = {"Orders*"}, *const second[] = {"Pinned"};
    struct roster_text roster;
    struct diag diag;

    (void)state;
    diag_init(&diag);
    roster_text_read(&roster, "version: 1\n" ROSTER);
    assert_int_equal(desired_select(&roster.desired, first, 1, &diag), 0);
    assert_int_equal(roster.desired.left_out_count, 4);
    assert_int_equal(desired_select(&roster.desired, second, 1, &diag), 0);
    assert_int_equal(roster.desired.left_out_count, 5);
    assert_false(roster.desired.services[4].left_out);
    assert_int_equal(desired_select(&roster.desired, NULL, 0, &diag), 0);
    assert_int_equal(roster.desired.left_out_count, 0);
    diag_release(&diag);
    roster_text_release(&roster);
}

static bool prunes(const struct desired *desired, const char *sid, const char *name)
{
    const struct service live = {.sid = sid, .friendly_name = name};
    return desired_prunes(desired, &live);
}

static void test_prunes(void **state)
{
    static const char other[] = "MG00000000000000000000000000000001",
                      pinned[] = "MG00000000000000000000000000000009";
    static const char *const pattern[] = {"Old*"};
    struct roster_text roster;
    struct diag diag;

    (void)state;
    diag_init(&diag);
    roster_text_read(&roster, "version: 1\n" ROSTER);
    assert_false(prunes(&roster.desired, other, "Old")); /* the roster does not say so */
    roster_text_release(&roster);

    roster_text_read(&roster, "version: 1\nprune: true\n" ROSTER);
    assert_int_equal(desired_select(&roster.desired, NULL, 0, &diag), 0);
    assert_true(prunes(&roster.desired, other, "Old"));
    assert_true(prunes(&roster.desired, other, NULL));
    assert_true(prunes(&roster.desired, other, "marketing"));
    assert_true(prunes(&roster.desired, other, "Pinned")); /* another one is meant by its SID */
    assert_false(prunes(&roster.desired, other, "Marketing"));
    assert_false(prunes(&roster.desired, other, "Ads"));
    assert_false(prunes(&roster.desired, other, "s3cret"));
    assert_false(prunes(&roster.desired, pinned, "Old"));

    /* A pattern that matches no service of the roster may mean one to prune. */
    assert_int_equal(desired_select(&roster.desired, pattern, 1, &diag), 0);
    assert_true(prunes(&roster.desired, other, "Old one"));
    assert_false(prunes(&roster.desired, other, "An old one"));
    assert_false(prunes(&roster.desired, other, NULL));
    roster_text_release(&roster);
    diag_release(&diag);
}

/* A saved plan names the services that it deletes; nothing else counts then. */
static void test_prunes_by_sid(void **state)
{
    static const char *const sids[] = {"MG0000000000000000000000000000000a"};
    struct roster_text roster;

    (void)state;
    roster_text_read(&roster, "version: 1\nprune: true\n" ROSTER);
    roster.desired.prune_sids = sids;
    roster.desired.prune_sid_count = 1;
    assert_true(prunes(&roster.desired, "MG0000000000000000000000000000000a", "Old"));
    assert_true(prunes(&roster.desired, "MG0000000000000000000000000000000A", "Old"));
    assert_false(prunes(&roster.desired, "MG0000000000000000000000000000000b", "Old"));
    roster.desired.prune_sid_count = 0;
    assert_false(prunes(&roster.desired, "MG0000000000000000000000000000000a", "Old"));
    roster_text_release(&roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),         cmocka_unit_test(test_every_mistake_is_reported),
        cmocka_unit_test(test_selecting_again), cmocka_unit_test(test_prunes),
        cmocka_unit_test(test_prunes_by_sid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
