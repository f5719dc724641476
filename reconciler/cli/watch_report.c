#include "cli/watch_report.h"

#include "base/json_text.h"
#include "base/str.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

static const char *const state_names[WATCH_STATE_COUNT] = {
    [WATCH_IN_SYNC] = "in_sync",
    [WATCH_DIFFERS] = "differs",
    [WATCH_REFUSED] = "refused",
    [WATCH_WAITS] = "waits_for_window",
    [WATCH_TRIED] = "tried_before",
    [WATCH_APPLIED] = "applied",
    [WATCH_TEST_FAILED] = "test_failed",
    [WATCH_INCOMPLETE] = "incomplete",
    [WATCH_ERROR] = "error",
};

static const struct {
    const char *key;
    size_t offset;
} texts[] = {
    {"account", offsetof(struct watch_report, account)},
    {"location", offsetof(struct watch_report, location)},
    {"sha256", offsetof(struct watch_report, sha256)},
    {"commit", offsetof(struct watch_report, commit)},
    {"author", offsetof(struct watch_report, author)},
    {"date", offsetof(struct watch_report, date)},
    {"key", offsetof(struct watch_report, key)},
    {"words", offsetof(struct watch_report, words)},
    {"problem", offsetof(struct watch_report, problem)},
    {"plan", offsetof(struct watch_report, plan)},
    {"html", offsetof(struct watch_report, html)},
};

static const struct {
    const char *key;
    size_t offset;
} sizes[] = {
    {"changes", offsetof(struct watch_report, changes)},
    {"done", offsetof(struct watch_report, done)},
    {"failed", offsetof(struct watch_report, failed)},
    {"not_attempted", offsetof(struct watch_report, not_attempted)},
};

const char *watch_state_name(enum watch_state state)
{
    return state_names[state];
}

bool watch_state_is_sync(enum watch_state state)
{
    return state == WATCH_IN_SYNC || state == WATCH_APPLIED || state == WATCH_TEST_FAILED;
}

bool watch_state_is_success(enum watch_state state)
{
    return state != WATCH_ERROR && state != WATCH_INCOMPLETE && state != WATCH_TEST_FAILED;
}

static const char **text_of(const struct watch_report *report, size_t i)
{
    return (const char **)(void *)((char *)(uintptr_t)report + texts[i].offset);
}

static size_t *size_of(const struct watch_report *report, size_t i)
{
    return (size_t *)(void *)((char *)(uintptr_t)report + sizes[i].offset);
}

void watch_report_write(const struct watch_report *report, struct buf *out)
{
    json_t *object = json_object(), *kinds = json_object();
    size_t i;

    json_object_set_new(object, "state", json_string(state_names[report->state]));
    for (i = 0; i < COUNT_OF(texts); i++)
        if (*text_of(report, i) != NULL)
            json_object_set_new(object, texts[i].key, json_string(*text_of(report, i)));
    for (i = 0; i < COUNT_OF(sizes); i++)
        json_object_set_new(object, sizes[i].key, json_integer((json_int_t)*size_of(report, i)));
    for (i = 0; i < CHANGE_KIND_COUNT; i++)
        json_object_set_new(kinds, change_kind_name((enum change_kind)i),
                            json_integer((json_int_t)report->counts[i]));
    json_object_set_new(object, "kinds", kinds);
    json_object_set_new(object, "planned", json_boolean(report->planned));
    json_object_set_new(object, "applied", json_boolean(report->applied));
    json_object_set_new(object, "opens_ms", json_integer(report->opens_ms));
    (void)json_text_add(out, object, JSON_COMPACT);
    json_decref(object);
}

static size_t read_size(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));

    return value < 0 ? 0 : (size_t)value;
}

int watch_report_read(struct watch_report *report, const char *line, size_t size)
{
    json_t *object = json_loadb(line, size, 0, NULL);
    const char *state = json_string_value(json_object_get(object, "state"));
    int result = -1;
    size_t i;

    for (i = 0; state != NULL && i < WATCH_STATE_COUNT; i++) {
        if (strcmp(state, state_names[i]) != 0)
            continue;
        report->state = (enum watch_state)i;
        result = 0;
    }
    for (i = 0; result == 0 && i < COUNT_OF(texts); i++)
        *text_of(report, i) =
            arena_strdup(&report->arena, json_string_value(json_object_get(object, texts[i].key)));
    for (i = 0; result == 0 && i < COUNT_OF(sizes); i++)
        *size_of(report, i) = read_size(object, sizes[i].key);
    for (i = 0; i < CHANGE_KIND_COUNT; i++)
        report->counts[i] =
            read_size(json_object_get(object, "kinds"), change_kind_name((enum change_kind)i));
    report->planned = json_is_true(json_object_get(object, "planned"));
    report->applied = json_is_true(json_object_get(object, "applied"));
    report->opens_ms = json_integer_value(json_object_get(object, "opens_ms"));
    report->plan_size = report->plan == NULL ? 0 : strlen(report->plan);
    report->html_size = report->html == NULL ? 0 : strlen(report->html);
    json_decref(object);
    return result;
}

void watch_report_release(struct watch_report *report)
{
    arena_release(&report->arena);
    memset(report, 0, sizeof(*report));
}
