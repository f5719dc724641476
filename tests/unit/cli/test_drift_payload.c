#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "cli/drift_payload.h"
#include "plan/drift.h"
#include "support/plan_text.h"

#include <jansson.h>

static const char *const formats[] = {"generic", "slack", "teams"};

/* The document of the plan, as text and as JSON. */
struct payload {
    struct plan_text text;
    struct buf out;
    json_t *json;
};

static void make(struct payload *payload, const char *format, const char *roster, const char *live)
{
    plan_text_make(&payload->text, roster, live);
    drift_classify(&payload->text.plan);
    payload->text.plan.origin = (struct plan_origin){
        .account_sid = LIVE_SID("AC", "1"), .location = "a & <b>.yaml", .created = 1767225600};
    buf_init(&payload->out, BUF_LIMIT_DEFAULT);
    drift_payload_write(format, &payload->text.plan, &payload->out);
    payload->json = json_loads(buf_text(&payload->out), 0, NULL);
    assert_non_null(payload->json);
}

static void release(struct payload *payload)
{
    json_decref(payload->json);
    buf_release(&payload->out);
    plan_text_release(&payload->text);
}

#define NAME "<!channel> & `x` *b* [l](http://e)"
#define ROSTER                                    \
    "version: 1\nservices:\n  - friendly_name: '" \
    "<!channel> & `x` *b* [l](http://e)"          \
    "'\n    status_callback: https://hooks.example.com/s3cret\n    sticky_sender: true\n"
#define LIVE(url)                                                              \
    "{\"services\": [" LIVE_SERVICE("1", NAME) ", \"status_callback\": \"" url \
                                               "\", \"sticky_sender\": true}]}"

static const char *text_at(const json_t *json, size_t block)
{
    return json_string_value(json_object_get(
        json_object_get(json_array_get(json_object_get(json, "blocks"), block), "text"), "text"));
}

static void test_generic(void **state)
{
    struct payload payload;
    const json_t *change;

    (void)state;
    make(&payload, "generic", ROSTER, LIVE("https://hooks.example.com/0ther"));
    assert_string_equal(json_string_value(json_object_get(payload.json, "event")), "drift");
    assert_string_equal(json_string_value(json_object_get(payload.json, "created")),
                        "2026-01-01T00:00:00.000Z");
    assert_string_equal(json_string_value(json_object_get(payload.json, "summary")),
                        "1 changed by hand");
    change = json_array_get(json_object_get(payload.json, "changes"), 0);
    assert_string_equal(json_string_value(json_object_get(change, "service")), NAME);
    assert_string_equal(json_string_value(json_object_get(change, "class")), "changed_by_hand");
    assert_int_equal(json_array_size(json_object_get(change, "settings")), 1);
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(payload.json, "differences"), "changed_by_hand")),
                     1);
    release(&payload);
}

static void test_slack(void **state)
{
    struct payload payload;

    (void)state;
    make(&payload, "slack", ROSTER, LIVE("https://hooks.example.com/0ther"));
    assert_non_null(json_string_value(json_object_get(payload.json, "text")));
    assert_string_equal(text_at(payload.json, 1),
                        "1 changed by hand\nAccount `" LIVE_SID("AC", "1") "`\nRoster `a &amp; "
                                                                           "&lt;b&gt;.yaml`");
    assert_string_equal(text_at(payload.json, 2),
                        "```&lt;!channel&gt; &amp; 'x' *b* [l](http://e): update settings "
                        "(status_callback), changed by hand```");
    release(&payload);
}

/* All that others wrote is in runs of text, which have no Markdown. */
static void test_teams(void **state)
{
    const json_t *card, *body;
    struct payload payload;
    size_t i;

    (void)state;
    make(&payload, "teams", ROSTER, LIVE("https://hooks.example.com/0ther"));
    card =
        json_object_get(json_array_get(json_object_get(payload.json, "attachments"), 0), "content");
    assert_string_equal(json_string_value(json_object_get(card, "type")), "AdaptiveCard");
    body = json_object_get(card, "body");
    for (i = 0; i < json_array_size(body); i++) {
        const json_t *block = json_array_get(body, i);
        const char *text = json_string_value(json_object_get(block, "text"));
        assert_true(text == NULL || strstr(text, "*b*") == NULL);
    }
    assert_non_null(strstr(buf_text(&payload.out), "*b*"));
    release(&payload);
}

/* Values of settings are not told to others. */
static void test_no_values(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(formats); i++) {
        struct payload payload;
        make(&payload, formats[i], ROSTER, LIVE("https://hooks.example.com/0ther"));
        assert_null(strstr(buf_text(&payload.out), "s3cret"));
        assert_null(strstr(buf_text(&payload.out), "0ther"));
        release(&payload);
    }
}

static void test_in_sync(void **state)
{
    struct payload payload;

    (void)state;
    make(&payload, "generic", ROSTER, LIVE("https://hooks.example.com/s3cret"));
    assert_string_equal(json_string_value(json_object_get(payload.json, "event")), "in_sync");
    release(&payload);
    make(&payload, "slack", ROSTER, LIVE("https://hooks.example.com/s3cret"));
    assert_int_equal(json_array_size(json_object_get(payload.json, "blocks")), 2);
    release(&payload);
}

/* A large drift, with names as long as they get, stays within what the services take. */
static void test_large(void **state)
{
    struct buf roster;
    size_t i, j;

    (void)state;
    buf_init(&roster, BUF_LIMIT_DEFAULT);
    buf_add_text(&roster, "version: 1\nservices:\n");
    for (i = 0; i < 500; i++) {
        buf_printf(&roster, "  - friendly_name: '%03zu", i);
        buf_add_fill(&roster, '&', 61);
        buf_add_text(&roster, "'\n");
    }
    for (i = 0; i < COUNT_OF(formats); i++) {
        struct payload payload;
        make(&payload, formats[i], buf_text(&roster), "{\"services\": []}");
        assert_in_range(payload.out.size, 1000, 28 * 1024);
        for (j = 1; i == 1 && j < 3; j++)
            assert_in_range(
                str_utf8_length(text_at(payload.json, j), strlen(text_at(payload.json, j))), 10,
                3000);
        release(&payload);
    }
    buf_release(&roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generic), cmocka_unit_test(test_slack),
        cmocka_unit_test(test_teams),   cmocka_unit_test(test_no_values),
        cmocka_unit_test(test_in_sync), cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
