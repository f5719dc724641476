#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "base/memory.h"
#include "cli/watch_metrics.h"
#include "cli/watch_page.h"
#include "cli/watch_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct watch_status *new_status(void)
{
    struct watch_status *status = memory_zeroed(sizeof(*status));

    status->location = "roster.yaml";
    status->interval_ms = 60000;
    status->started_ms = 1000;
    return status;
}

static void free_status(struct watch_status *status)
{
    watch_status_release(status);
    free(status);
}

/* A run with a plan of that key, or without one. */
static void conclude(struct watch_status *status, enum watch_state state, const char *key,
                     int64_t now_ms)
{
    struct watch_report report = {.state = state};

    report.planned = key != NULL;
    report.changes = state == WATCH_IN_SYNC ? 0 : 1;
    report.counts[CHANGE_ADD_SENDER] = report.changes;
    report.key = arena_strdup(&report.arena, key);
    report.words = arena_strdup(&report.arena, "1 to add");
    report.commit = arena_strdup(&report.arena, "0123456789abcdef0123456789abcdef01234567");
    report.plan = arena_strdup(&report.arena, key == NULL ? NULL : "{}");
    if (key == NULL)
        report.problem = arena_strdup(&report.arena, "<b>no</b> network");
    watch_status_conclude(status, &report, WATCH_TRIGGER_INTERVAL, now_ms - 10, 10);
    assert_null(report.key);
}

static void test_report_line(void **state)
{
    struct watch_report report = {
        .state = WATCH_WAITS,
        .account = "AC1",
        .location = "git+https://x//y",
        .commit = "0123",
        .key = "ab",
        .planned = true,
        .changes = 3,
        .words = "3 to add",
        .applied = true,
        .done = 1,
        .failed = 2,
        .not_attempted = 3,
        .opens_ms = 1234567890123,
        .problem = "a \"problem\"\nof two lines",
        .plan = "{\n}\n",
        .html = "<p>x</p>",
    };
    struct watch_report again = {0};
    struct buf line;
    (void)state;

    report.counts[CHANGE_ADD_SENDER] = 3;
    buf_init(&line, BUF_LIMIT_DEFAULT);
    watch_report_write(&report, &line);
    assert_null(strchr(buf_text(&line), '\n'));
    assert_int_equal(watch_report_read(&again, buf_text(&line), line.size), 0);
    assert_int_equal(again.state, WATCH_WAITS);
    assert_string_equal(again.account, "AC1");
    assert_string_equal(again.problem, report.problem);
    assert_string_equal(again.html, report.html);
    assert_int_equal(again.html_size, 8);
    assert_int_equal(again.plan_size, 4);
    assert_null(again.author);
    assert_true(again.planned && again.applied);
    assert_int_equal(again.counts[CHANGE_ADD_SENDER], 3);
    assert_int_equal(again.not_attempted, 3);
    assert_int_equal(again.opens_ms, 1234567890123);
    watch_report_release(&again);
    /* What a run that was killed has written of it is none. */
    assert_int_equal(watch_report_read(&again, buf_text(&line), line.size / 2), -1);
    assert_int_equal(watch_report_read(&again, "{}", 2), -1);
    assert_int_equal(watch_report_read(&again, "", 0), -1);
    watch_report_release(&again);
    buf_release(&line);
}

static void test_ring(void **state)
{
    struct watch_status *status = new_status();
    size_t i;
    int run;
    (void)state;

    assert_int_equal(watch_history_size(&status->history), 0);
    for (run = 1; run <= 250; run++) {
        conclude(status, run % 5 == 0 ? WATCH_ERROR : WATCH_IN_SYNC, run % 5 == 0 ? NULL : "a",
                 run * 1000);
        assert_int_equal(watch_history_size(&status->history), run < 100 ? run : 100);
        assert_int_equal(watch_history_at(&status->history, 0)->number, run);
    }
    for (i = 0; i < 100; i++)
        assert_int_equal(watch_history_at(&status->history, i)->number, 250 - i);
    assert_int_equal(status->history.by_state[WATCH_ERROR], 50);
    assert_int_equal(status->history.by_state[WATCH_IN_SYNC], 200);
    assert_int_equal(status->history.failures, 1);
    assert_string_equal(watch_history_at(&status->history, 0)->commit, "0123456789ab");
    free_status(status);
}

/* A line that is too long is cut between characters. */
static void test_long_line(void **state)
{
    struct watch_status *status = new_status();
    struct watch_report report = {.state = WATCH_ERROR};
    char problem[2001] = "";
    size_t i;
    (void)state;

    for (i = 0; i < 1000; i++)
        memcpy(problem + 2 * i, "ä", 2);
    report.problem = arena_strdup(&report.arena, problem);
    watch_status_conclude(status, &report, WATCH_TRIGGER_HOOK, 0, 0);
    assert_int_equal(strlen(watch_history_at(&status->history, 0)->line) % 2, 0);
    assert_true(strlen(watch_history_at(&status->history, 0)->line) > WATCH_LINE_MAX - 4);
    free_status(status);
}

static void test_sync(void **state)
{
    struct watch_status *status = new_status();
    (void)state;

    assert_false(status->sync_known);
    conclude(status, WATCH_ERROR, NULL, 1000);
    assert_false(status->sync_known);
    conclude(status, WATCH_DIFFERS, "a", 2000);
    assert_true(status->sync_known && !status->in_sync);
    conclude(status, WATCH_DIFFERS, "a", 3000);
    assert_int_equal(status->drifts, 1);
    /* An error says nothing about the account; the plan stays. */
    conclude(status, WATCH_ERROR, NULL, 4000);
    assert_true(status->sync_known && !status->in_sync);
    assert_string_equal(status->planned.plan, "{}");
    conclude(status, WATCH_DIFFERS, "b", 5000);
    assert_int_equal(status->drifts, 2);
    conclude(status, WATCH_IN_SYNC, "c", 6000);
    assert_true(status->in_sync);
    /* The same again, after it was gone, is new. */
    conclude(status, WATCH_APPLIED, "b", 7000);
    assert_int_equal(status->drifts, 3);
    assert_true(status->in_sync);
    free_status(status);
}

static void test_ready(void **state)
{
    struct watch_status *status = new_status();
    const char *why;
    (void)state;

    assert_false(watch_status_ready(status, 0, &why));
    conclude(status, WATCH_ERROR, NULL, 1000);
    assert_false(watch_status_ready(status, 1000, &why));
    conclude(status, WATCH_DIFFERS, "a", 10000);
    assert_true(watch_status_ready(status, 10000, &why));
    conclude(status, WATCH_ERROR, NULL, 100000);
    assert_true(watch_status_ready(status, 190000, &why));
    assert_false(watch_status_ready(status, 190001, &why));
    assert_non_null(strstr(why, "three intervals"));
    free_status(status);
}

static void test_metrics(void **state)
{
    static const char *const expected[] = {
        "roster_watch_runs_total{state=\"error\"} 1\n",
        "roster_watch_runs_total{state=\"differs\"} 1\n",
        "roster_watch_in_sync 0\n",
        "roster_watch_changes{kind=\"add_sender\"} 1\n",
        "roster_watch_drifts_total 1\n",
        "roster_watch_failures_in_a_row 1\n",
        "roster_watch_last_success_timestamp_seconds 5.123\n",
        "roster_watch_interval_seconds 60.000\n",
    };
    struct watch_status *status = new_status();
    struct buf out;
    size_t i;
    (void)state;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    watch_metrics_add(status, &out);
    /* Nothing is claimed before it is known. */
    assert_null(strstr(buf_text(&out), "roster_watch_in_sync"));
    buf_clear(&out);
    conclude(status, WATCH_DIFFERS, "a", 5123);
    conclude(status, WATCH_ERROR, NULL, 6000);
    watch_metrics_add(status, &out);
    for (i = 0; i < COUNT_OF(expected); i++)
        if (strstr(buf_text(&out), expected[i]) == NULL)
            fail_msg("%s is not in\n%s", expected[i], buf_text(&out));
    buf_release(&out);
    free_status(status);
}

static void test_page(void **state)
{
    struct watch_status *status = new_status();
    char policy[WATCH_PAGE_POLICY_SIZE];
    struct buf out;
    (void)state;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    watch_page_policy(policy);
    /* Nothing of it was cut. */
    assert_non_null(strstr(policy, "frame-ancestors 'none'"));
    conclude(status, WATCH_ERROR, NULL, 6000);
    watch_page_add(status, 7000, &out);
    assert_null(strstr(buf_text(&out), "<b>no"));
    assert_non_null(strstr(buf_text(&out), "&lt;b&gt;no&lt;/b&gt; network"));
    buf_release(&out);
    free_status(status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_line), cmocka_unit_test(test_ring),
        cmocka_unit_test(test_long_line),   cmocka_unit_test(test_sync),
        cmocka_unit_test(test_ready),       cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
