#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply/journal_run.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/random.h"

#include <string.h>

#define OF(kind) "{\"record\":\"" kind "\",\"run\":\"r1\",\"time\":\"T\""
#define RUN                                                                    \
    OF("run")                                                                  \
    ",\"version\":1,\"account\":\"AC1\",\"roster\":{\"location\":\"x.yaml\"}," \
    "\"changes\":2,\"process\":7}\n"
#define PLANNED(index) \
    OF("planned") ",\"change\":" index ",\"kind\":\"move_sender\",\"service\":\"A\"}\n"
#define PLANNED_INSTEAD \
    OF("planned") ",\"change\":1,\"kind\":\"add_sender\",\"service\":\"A\",\"replaces\":0}\n"
#define INTENT(index, step) OF("intent") ",\"change\":" index ",\"step\":\"" step "\"}\n"
#define OUTCOME(index, step, verdict) \
    OF("outcome")                     \
    ",\"change\":" index ",\"step\":\"" step "\",\"verdict\":\"" verdict "\",\"status\":200}\n"
#define CHANGE(index, state) OF("change") ",\"change\":" index ",\"state\":\"" state "\"}\n"
#define END OF("end") ",\"result\":\"as_roster\"}\n"
#define TWO RUN PLANNED("0") PLANNED("1")

/* What two changes come to: D done, F failed, U unclear, N not attempted; "!" when out of place. */
static const struct {
    const char *text, *expected;
    bool ended;
    size_t unreadable;
} cases[] = {
    {RUN, "", false, 0},
    {TWO, "NN", false, 0},
    {TWO INTENT("0", "do"), "UN", false, 0},
    {TWO INTENT("0", "do") OUTCOME("0", "do", "done"), "DN", false, 0},
    {TWO INTENT("0", "do") OUTCOME("0", "do", "failed"), "FN", false, 0},
    {TWO INTENT("0", "do") OUTCOME("0", "do", "unclear"), "UN", false, 0},
    {TWO INTENT("0", "do") OUTCOME("0", "do", "unclear") CHANGE("0", "done"), "DN", false, 0},
    {TWO INTENT("1", "do") OUTCOME("1", "do", "done") CHANGE("1", "done")
         CHANGE("0", "not_attempted") END,
     "ND", true, 0},
    /* The halves of a move. */
    {TWO INTENT("0", "take_out"), "U!N", false, 0},
    {TWO INTENT("0", "take_out") OUTCOME("0", "take_out", "failed"), "FN", false, 0},
    {TWO INTENT("0", "take_out") OUTCOME("0", "take_out", "done"), "U!N", false, 0},
    {TWO INTENT("0", "take_out") OUTCOME("0", "take_out", "done") INTENT("0", "put_in"), "U!N",
     false, 0},
    {TWO INTENT("0", "take_out") OUTCOME("0", "take_out", "done") INTENT("0", "put_in")
         OUTCOME("0", "put_in", "done"),
     "DN", false, 0},
    {TWO INTENT("0", "take_out") OUTCOME("0", "take_out", "done") INTENT("0", "put_in")
         OUTCOME("0", "put_in", "failed") INTENT("0", "put_back"),
     "U!N", false, 0},
    {TWO INTENT("0", "take_out") OUTCOME("0", "take_out", "done") INTENT("0", "put_in")
         OUTCOME("0", "put_in", "failed") INTENT("0", "put_back") OUTCOME("0", "put_back", "done"),
     "FN", false, 0},
    /* An addition for which something was removed. */
    {RUN PLANNED("0") PLANNED_INSTEAD CHANGE("0", "done"), "DN!", false, 0},
    {RUN PLANNED("0") PLANNED_INSTEAD CHANGE("0", "failed"), "FN", false, 0},
    {RUN PLANNED("0") PLANNED_INSTEAD CHANGE("0", "done") CHANGE("1", "done"), "DD", false, 0},
    {RUN PLANNED("0") PLANNED_INSTEAD CHANGE("0", "done") INTENT("1", "do"), "DU!", false, 0},
    /* Torn, odd and foreign lines. */
    {TWO "{\"record\":\"out", "NN", false, 1},
    {TWO "\n\n" CHANGE("0", "done") "\xff\n[]\n7\n", "DN", false, 3},
    {TWO CHANGE("7", "done") CHANGE("-1", "done") CHANGE("\"0\"", "done"), "NN", false, 0},
    {TWO "{\"record\":\"change\",\"run\":\"r2\",\"change\":0,\"state\":\"done\"}\n", "NN", false,
     0},
    {TWO CHANGE("0", "odd"), "NN", false, 0},
    {RUN PLANNED("1") PLANNED("0") PLANNED("0"), "N", false, 0},
    /* The last run counts. */
    {TWO CHANGE("0", "done") END RUN PLANNED("0"), "N", false, 0},
    {TWO CHANGE("0", "done") "{\"record\":\"run\",\"run\":", "DN", false, 1},
    {TWO CHANGE("0", "done") "{\"record\":\"run\",\"run\":\"r3\",\"version\":99}\n", "DN", false,
     0},
};

static void test_states(void **state)
{
    size_t i, j;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct journal_run run = {0};
        char found[8] = "";
        size_t size = 0;
        assert_int_equal(journal_run_read(&run, cases[i].text, strlen(cases[i].text)), 0);
        for (j = 0; j < run.count; j++) {
            found[size++] = "NDFU"[run.entries[j].state];
            if (run.entries[j].out_of_place)
                found[size++] = '!';
        }
        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("case %zu: %s instead of %s", i, found, cases[i].expected);
        assert_int_equal(run.ended != NULL, cases[i].ended);
        assert_int_equal(run.unreadable, cases[i].unreadable);
        journal_run_release(&run);
    }
}

static void test_no_run(void **state)
{
    static const char *const texts[] = {"",
                                        "\n",
                                        "{",
                                        "version: 1\n",
                                        PLANNED("0"),
                                        "{\"record\":\"run\"}\n",
                                        "\xff\xfe{\"record\":\"run\""};
    struct journal_run run = {0};
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(journal_run_read(&run, texts[i], strlen(texts[i])), -1);
    journal_run_release(&run);
}

static const char whole[] = TWO INTENT("0", "take_out") OUTCOME("0", "take_out", "done")
    INTENT("0", "put_in") OUTCOME("0", "put_in", "failed") CHANGE("0", "failed")
        PLANNED_INSTEAD INTENT("1", "do") OUTCOME("1", "do", "unclear") CHANGE("1", "unclear") END;

/* Killed after any byte. */
static void test_cut_anywhere(void **state)
{
    size_t size;
    (void)state;

    for (size = 0; size < sizeof(whole); size++) {
        struct journal_run run = {0};
        int result = journal_run_read(&run, whole, size);
        if (result == 0)
            assert_true(run.unreadable <= 1);
        else
            assert_true(size < sizeof(RUN) - 1);
        journal_run_release(&run);
    }
}

static void test_any_bytes(void **state)
{
    struct random_state random;
    char text[sizeof(whole)];
    size_t round, i;
    (void)state;

    random_seed(&random, 1);
    for (round = 0; round < 20000; round++) {
        struct journal_run run = {0};
        memcpy(text, whole, sizeof(text));
        for (i = random_below(&random, 6); i > 0; i--)
            text[random_below(&random, sizeof(text))] = (char)random_below(&random, 256);
        if (journal_run_read(&run, text, sizeof(text)) == 0)
            for (i = 0; i < run.count; i++) {
                assert_true(run.entries[i].replaces < (int64_t)i);
                assert_true(run.entries[i].because_of < (int64_t)run.count);
            }
        journal_run_release(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_no_run),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
