/*
 * Golden files: each folder tests/golden/<case>/ has roster.yaml and live.json (see
 * support/live_text.h), and one expected file for each row of `renderers`. What is longer than
 * DIGEST_ABOVE is compared by its SHA-256, in <file>.sha256.
 *
 * A folder may have options.json, an object with any of
 *
 *     "targets": ["Order*"]            as --target has it
 *     "max_removals": 3, "max_deletes": 0, "take_over": true, "allow_empty_service": true,
 *     "allow_empty_roster": true, "allow_campaign_loss": true
 *                                      what the command line allows
 *     "unfetched": {"Orders": ["phone_numbers"]}
 *                                      lists of live services that nobody asked for
 *     "fill": {"Orders": 398}          so many short codes more in a live service
 *     "commit": "0123…", "author": "Ada <a@example.com>", "date": "2026-01-01T00:00:00Z"
 *                                      the roster is from git
 *     "drift": true                    the plan is a drift report; with baseline.yaml in the folder
 *                                      against that, which is "baseline": "0123…"
 *     "generate": {"services": 100, "numbers": 10}
 *                                      instead of both files (see support/huge_text.h)
 *
 * With ROSTER_UPDATE_GOLDEN set in the environment, the expected files are written instead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/file.h"
#include "plan/drift.h"
#include "plan/guard.h"
#include "render/render.h"
#include "support/huge_text.h"
#include "support/live_text.h"
#include "support/roster_text.h"

#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIGEST_ABOVE = 100 * 1000 };

static const struct {
    const char *file;
    render_plan *render;
    struct render_options options;
} renderers[] = {
    {"plan.txt", render_text, {.color = false}},
    {"plan.color.txt", render_text, {.color = true}},
    {"plan.narrow.txt", render_text, {.width = 60}},
    {"plan.json", render_json, {.plan_key = NULL}},
    {"plan.md", render_markdown, {.color = false}},
    {"plan.html", render_html, {.color = false}},
};

static void read_text(const char *folder, const char *name, struct buf *out)
{
    struct diag diag;
    char path[4096];

    diag_init(&diag);
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    buf_clear(out);
    if (file_read(path, out, &diag) != 0)
        fail_msg("%s", diag.items[0].message);
    diag_release(&diag);
}

static void compare(const char *folder, const char *name, const struct buf *rendered)
{
    struct buf expected;
    struct diag diag;
    char path[4096];

    buf_init(&expected, BUF_LIMIT_DEFAULT);
    diag_init(&diag);
    if (getenv("ROSTER_UPDATE_GOLDEN") != NULL) {
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        assert_int_equal(file_write_atomic(path, buf_text(rendered), rendered->size, 0644, &diag),
                         0);
    } else {
        read_text(folder, name, &expected);
        assert_string_equal(buf_text(rendered), buf_text(&expected));
    }
    diag_release(&diag);
    buf_release(&expected);
}

/* Cuts what stands between two texts, each time that they are there. */
static void cut(struct buf *text, const char *from, const char *to)
{
    char *at = text->data;

    while ((at = strstr(at, from)) != NULL) {
        char *end = strstr(at + strlen(from), to);
        assert_non_null(end);
        at += strlen(from);
        memmove(at, end, strlen(end) + 1);
    }
    text->size = strlen(text->data);
}

/* Style and script have files of their own; they would only make every golden page change. */
static void cut_assets(struct buf *page)
{
    cut(page, "<style>", "</style>");
    cut(page, "<script>", "</script>");
    cut(page, "'sha256-", "'");
}

static void compare_digest(const char *folder, const char *name, const struct buf *rendered)
{
    char hex[DIGEST_HEX_SIZE], file[256];
    struct buf line;

    digest_sha256(buf_text(rendered), rendered->size, hex);
    buf_init(&line, DIGEST_HEX_SIZE + 1);
    buf_printf(&line, "%s\n", hex);
    snprintf(file, sizeof(file), "%s.sha256", name);
    compare(folder, file, &line);
    buf_release(&line);
}

/* A case: its options, and what they make of its files. */
struct golden {
    const char *folder;
    json_t *options;
    const char *targets[16];
    struct roster_text roster, baseline;
    struct live_state live;
    struct plan plan;
    struct diag diag;
};

static void read_options(struct golden *golden)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/options.json", golden->folder);
    golden->options = json_load_file(path, 0, NULL);
    if (golden->options == NULL) {
        assert_int_not_equal(access(path, F_OK), 0); /* it is JSON, or not there */
        golden->options = json_object();
    }
}

static void read_files(struct golden *golden)
{
    const json_t *generate = json_object_get(golden->options, "generate");
    struct buf roster, live;

    buf_init(&roster, BUF_LIMIT_DEFAULT);
    buf_init(&live, BUF_LIMIT_DEFAULT);
    if (generate == NULL) {
        read_text(golden->folder, "roster.yaml", &roster);
        read_text(golden->folder, "live.json", &live);
    } else {
        huge_text((size_t)json_integer_value(json_object_get(generate, "services")),
                  (size_t)json_integer_value(json_object_get(generate, "numbers")), &roster, &live);
    }
    roster_text_read(&golden->roster, buf_text(&roster));
    if (golden->roster.result != 0)
        fail_msg("%s", buf_text(&golden->roster.report));
    live_text_read(&golden->live, buf_text(&live));
    buf_release(&roster);
    buf_release(&live);
}

static void forget_lists(struct golden *golden)
{
    const json_t *unfetched = json_object_get(golden->options, "unfetched");
    size_t i, kind, j;

    for (i = 0; i < golden->live.count; i++) {
        struct live_service *service = golden->live.services[i];
        const json_t *lists = json_object_get(unfetched, service->service.friendly_name);
        for (j = 0; j < json_array_size(lists); j++)
            for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
                if (strcmp(sender_types[kind].section->yaml_key,
                           json_string_value(json_array_get(lists, j))) == 0)
                    service->senders[kind] = (struct live_senders){.fetched = false};
    }
}

static void fill_pools(struct golden *golden)
{
    const json_t *fill = json_object_get(golden->options, "fill");
    struct live_state *live = &golden->live;
    size_t i, count;

    for (i = 0; i < live->count; i++) {
        struct live_senders *list = &live->services[i]->senders[SENDER_SHORT_CODE];
        const char *name = live->services[i]->service.friendly_name;
        count = (size_t)json_integer_value(json_object_get(fill, name));
        for (; count > 0; count--) {
            struct sender *sender = live_state_add_sender(live, list);
            sender->sid = arena_printf(&live->arena, "SC%032zx", count);
            sender->identity = arena_printf(&live->arena, "%zu", 10000 + count);
        }
    }
}

static void select_targets(struct golden *golden)
{
    const json_t *list = json_object_get(golden->options, "targets");
    size_t i;

    assert_true(json_array_size(list) <= COUNT_OF(golden->targets));
    for (i = 0; i < json_array_size(list); i++)
        golden->targets[i] = json_string_value(json_array_get(list, i));
    assert_int_equal(desired_select(&golden->roster.desired, golden->targets, i, &golden->diag), 0);
}

static int64_t limit_option(const struct golden *golden, const char *key)
{
    const json_t *value = json_object_get(golden->options, key);

    return value == NULL ? GUARD_UNLIMITED : json_integer_value(value);
}

static bool option(const struct golden *golden, const char *key)
{
    return json_is_true(json_object_get(golden->options, key));
}

static void make_plan(struct golden *golden)
{
    const struct guard_limits limits = {
        .max_removals = limit_option(golden, "max_removals"),
        .max_deletes = limit_option(golden, "max_deletes"),
        .take_over = option(golden, "take_over"),
        .allow_empty_service = option(golden, "allow_empty_service"),
        .allow_empty_roster = option(golden, "allow_empty_roster"),
        .allow_campaign_loss = option(golden, "allow_campaign_loss"),
    };

    if (plan_build(&golden->plan, &golden->roster.desired, &golden->live, &golden->diag) != 0 ||
        plan_resolve(&golden->plan, &golden->live, &golden->diag) != 0 ||
        plan_check_pools(&golden->plan, &golden->diag) != 0)
        fail_msg("%s", golden->diag.items[0].message);
    guard_check(&golden->plan, &limits);
    golden->plan.origin = (struct plan_origin){
        .account_sid = "AC00000000000000000000000000000001",
        .location = "roster.yaml",
        .sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        .commit = json_string_value(json_object_get(golden->options, "commit")),
        .author = json_string_value(json_object_get(golden->options, "author")),
        .date = json_string_value(json_object_get(golden->options, "date")),
        .created = 1767225600,
    };
}

static void classify(struct golden *golden)
{
    const char *commit = json_string_value(json_object_get(golden->options, "baseline"));
    struct buf text;

    if (!option(golden, "drift"))
        return;
    if (commit == NULL) {
        drift_classify(&golden->plan);
        return;
    }
    buf_init(&text, BUF_LIMIT_DEFAULT);
    read_text(golden->folder, "baseline.yaml", &text);
    roster_text_read(&golden->baseline, buf_text(&text));
    buf_release(&text);
    if (golden->baseline.result != 0 ||
        drift_classify_against(&golden->plan, &golden->baseline.desired, commit, &golden->live,
                               &golden->diag) != 0)
        fail_msg("the baseline is not good");
}

static void run_case(const char *folder)
{
    struct golden golden = {.folder = folder};
    struct buf out;
    size_t i;

    diag_init(&golden.diag);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    read_options(&golden);
    read_files(&golden);
    forget_lists(&golden);
    fill_pools(&golden);
    select_targets(&golden);
    make_plan(&golden);
    classify(&golden);
    for (i = 0; i < COUNT_OF(renderers); i++) {
        buf_clear(&out);
        renderers[i].render(&golden.plan, &renderers[i].options, &out);
        if (renderers[i].render == render_html)
            cut_assets(&out);
        if (out.size > DIGEST_ABOVE)
            compare_digest(folder, renderers[i].file, &out);
        else
            compare(folder, renderers[i].file, &out);
    }
    buf_release(&out);
    plan_release(&golden.plan);
    live_state_release(&golden.live);
    roster_text_release(&golden.roster);
    if (json_object_get(golden.options, "baseline") != NULL)
        roster_text_release(&golden.baseline);
    json_decref(golden.options);
    diag_release(&golden.diag);
}

static void test_golden_files(void **state)
{
    static const char root[] = TEST_SOURCE_DIR "/tests/golden";
    struct dirent *entry;
    DIR *folder = opendir(root);
    size_t count = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        struct buf path;
        if (entry->d_name[0] == '.')
            continue;
        print_message("  %s\n", entry->d_name);
        buf_init(&path, 4096);
        buf_printf(&path, "%s/%s", root, entry->d_name);
        run_case(buf_text(&path));
        buf_release(&path);
        count++;
    }
    closedir(folder);
    assert_true(count >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_files),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
