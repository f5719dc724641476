#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "cli/drift_metrics.h"
#include "plan/drift.h"
#include "support/plan_text.h"

static void write(const struct drift_metrics *metrics, struct buf *out)
{
    buf_init(out, BUF_LIMIT_DEFAULT);
    drift_metrics_write(metrics, out);
}

/* A run that failed has figures of itself only. */
static void test_failed(void **state)
{
    const struct drift_metrics metrics = {.roster = "a.yaml",
                                          .version = "1.2.3",
                                          .now = 1767225600,
                                          .duration_ms = 61005,
                                          .requests = 7};
    struct buf out;

    (void)state;
    write(&metrics, &out);
    assert_non_null(strstr(buf_text(&out), "roster_drift_success{roster=\"a.yaml\"} 0\n"));
    assert_non_null(strstr(
        buf_text(&out), "roster_drift_last_run_timestamp_seconds{roster=\"a.yaml\"} 1767225600\n"));
    assert_non_null(
        strstr(buf_text(&out), "roster_drift_duration_seconds{roster=\"a.yaml\"} 61.005\n"));
    assert_non_null(strstr(buf_text(&out), "roster_drift_requests{roster=\"a.yaml\"} 7\n"));
    assert_null(strstr(buf_text(&out), "in_sync"));
    assert_null(strstr(buf_text(&out), "differences"));
    buf_release(&out);
}

/* Labels are escaped: quotes and backslashes, those of a line end made visible among them. */
static void test_escaping(void **state)
{
    const struct drift_metrics metrics = {.roster = "/a\\\"b\n.yaml", .version = "1.2.3"};
    struct buf out;

    (void)state;
    write(&metrics, &out);
    assert_non_null(strstr(buf_text(&out), "\nroster_build_info{roster=\"/a\\\\\\\"b\\\\n.yaml\","
                                           "version=\"1.2.3\"} 1\n"));
    buf_release(&out);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        found++;
    return found;
}

/* As many samples whatever was found, each kind and class of them once. */
static void test_differences(void **state)
{
    static const char roster[] = "version: 1\nservices:\n  - friendly_name: A\n"
                                 "    validity_period: 10\n    sticky_sender: true\n";
    static const char *const lives[] = {
        "{\"services\": [" LIVE_SERVICE("1", "A") ", \"validity_period\": 10, "
                                                  "\"sticky_sender\": true}]}",
        "{\"services\": [" LIVE_SERVICE("1", "A") ", \"validity_period\": 20, "
                                                  "\"sticky_sender\": false}]}",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(lives); i++) {
        struct drift_metrics metrics = {.roster = "a", .version = "1"};
        struct plan_text text;
        struct buf out;

        plan_text_make(&text, roster, lives[i]);
        drift_classify(&text.plan);
        metrics.plan = &text.plan;
        write(&metrics, &out);
        assert_non_null(strstr(buf_text(&out),
                               i == 0 ? "in_sync{roster=\"a\"} 1\n" : "in_sync{roster=\"a\"} 0\n"));
        assert_int_equal(count(buf_text(&out), "\nroster_drift_differences{"), 12);
        assert_non_null(strstr(buf_text(&out),
                               i == 0 ? "kind=\"update_service\",class=\"changed_by_hand\"} 0\n"
                                      : "kind=\"update_service\",class=\"changed_by_hand\"} 2\n"));
        buf_release(&out);
        plan_text_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failed),
        cmocka_unit_test(test_escaping),
        cmocka_unit_test(test_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
