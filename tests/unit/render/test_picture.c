#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "plan/guard.h"
#include "render/picture.h"
#include "render/render.h"
#include "support/live_text.h"
#include "support/roster_text.h"

#include <locale.h>
#include <string.h>

struct fixture {
    struct roster_text roster;
    struct live_state live;
    struct plan plan;
    struct diag diag;
    struct picture picture;
    struct buf html;
};

static void fixture_init(struct fixture *fixture, const char *yaml, const char *live)
{
    const struct render_options options = {0};

    memset(fixture, 0, sizeof(*fixture));
    diag_init(&fixture->diag);
    buf_init(&fixture->html, BUF_LIMIT_DEFAULT);
    roster_text_read(&fixture->roster, yaml);
    if (fixture->roster.result != 0)
        fail_msg("%s", buf_text(&fixture->roster.report));
    live_text_read(&fixture->live, live);
    assert_int_equal(
        plan_build(&fixture->plan, &fixture->roster.desired, &fixture->live, &fixture->diag), 0);
    guard_check(&fixture->plan, &guard_limits_default);
    picture_init(&fixture->picture, &fixture->plan);
    render_html(&fixture->plan, &options, &fixture->html);
}

static void fixture_release(struct fixture *fixture)
{
    buf_release(&fixture->html);
    picture_release(&fixture->picture);
    plan_release(&fixture->plan);
    live_state_release(&fixture->live);
    diag_release(&fixture->diag);
    roster_text_release(&fixture->roster);
}

static size_t count(const char *text, const char *part)
{
    size_t found = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        found++;
    return found;
}

static void assert_has(const struct fixture *fixture, const char *part)
{
    if (strstr(buf_text(&fixture->html), part) == NULL)
        fail_msg("%s is not in the page", part);
}

/* The bytes from the start of the picture's section to that of the list of changes. */
static size_t picture_size(const struct fixture *fixture)
{
    const char *start = strstr(buf_text(&fixture->html), "<section id=\"picture\"");
    const char *end = strstr(buf_text(&fixture->html), "<section id=\"changes\"");

    assert_non_null(start);
    assert_non_null(end);
    return (size_t)(end - start);
}

/* "S: +state identity, …" for each side. */
static void dump_side(const struct picture_side *side, struct buf *out)
{
    static const char signs[CHIP_STATE_COUNT] = {'=', '+', '-', '>'};
    size_t i;

    if (!side->there)
        buf_add_text(out, " none");
    for (i = 0; i < side->chip_count; i++)
        buf_printf(out, " %c%s", signs[side->chips[i].state], side->chips[i].identity);
    if (side->more != 0)
        buf_printf(out, " and %zu", side->more);
}

static void dump(const struct picture *picture, struct buf *out)
{
    size_t i, kind;

    for (i = 0; i < picture->row_count; i++) {
        const struct picture_row *row = &picture->rows[i];
        buf_printf(out, "%s:", row->name_before == NULL ? "(none)" : row->name_before);
        dump_side(&row->before, out);
        buf_printf(out, " | %s:", row->name_after == NULL ? "(none)" : row->name_after);
        dump_side(&row->after, out);
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            if (row->stay[kind] != 0)
                buf_printf(out, ", %zu %ss", row->stay[kind], sender_types[kind].label);
        buf_add_char(out, '\n');
    }
}

static void assert_rows(const struct fixture *fixture, const char *expected)
{
    struct buf rows;

    buf_init(&rows, 64 * 1024);
    dump(&fixture->picture, &rows);
    assert_string_equal(buf_text(&rows), expected);
    buf_release(&rows);
}

#define SID(prefix, digit) prefix "0000000000000000000000000000000" digit
#define PN(digit) "{\"sid\": \"" SID("PN", digit) "\", \"phone_number\": \"+1500555000" digit "\"}"
#define MG(digit, name) "{\"sid\": \"" SID("MG", digit) "\", \"friendly_name\": \"" name "\""

static void test_rows(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_init(
        &fixture,
        "version: 1\n"
        "prune: true\n"
        "services:\n"
        "  - friendly_name: New\n"
        "    phone_numbers: [\"+15005550002\"]\n"
        "    alpha_senders: [ACME]\n"
        "  - friendly_name: Renamed\n"
        "    renamed_from: Old\n"
        "    phone_numbers: [\"+15005550003\", \"+15005550004\"]\n"
        "  - friendly_name: Settings\n"
        "    sticky_sender: true\n"
        "  - friendly_name: Same\n",
        "{\"services\": [" MG("1", "Old") ", \"phone_numbers\": [" PN("2") ", " PN("3") ", " PN("5") "]}, " MG(
            "2",
            "Gone") ", \"phone_numbers\": [" PN("4") ", " PN("6") "]}, " MG("3",
                                                                            "Settings") ", "
                                                                                        "\"sticky_"
                                                                                        "sender\": "
                                                                                        "false},"
                                                                                        " " MG(
                                                                                            "4",
                                                                                            "Sam"
                                                                                            "e") "}"
                                                                                                 "]"
                                                                                                 "}");
    assert_rows(&fixture, "(none): none | New: >+15005550002 +ACME\n"
                          "Old: >+15005550002 -+15005550005 =+15005550003 | "
                          "Renamed: >+15005550004 =+15005550003\n"
                          "Gone: >+15005550004 -+15005550006 | (none): none\n");
    assert_int_equal(fixture.picture.settings_only, 1);
    assert_int_equal(fixture.picture.beyond, 0);
    assert_int_equal(count(buf_text(&fixture.html), "<path class=\"move\""), 2);
    assert_has(&fixture, "1 service that only changes settings");
    fixture_release(&fixture);
}

/* NUMBER is +15005550001 for roster_text_lookup(), SECRET is s3cret. */
static void test_variables_stay_hidden(void **state)
{
    struct fixture fixture;

    (void)state;
    fixture_init(&fixture,
                 "version: 1\n"
                 "services:\n"
                 "  - friendly_name: Keeps\n"
                 "    alpha_senders: [\"${SECRET}\"]\n"
                 "    short_codes: [\"85555\"]\n"
                 "  - friendly_name: Gets\n"
                 "    phone_numbers: [\"${NUMBER}\"]\n"
                 "  - friendly_name: Called ${SECRET}\n"
                 "    short_codes: [\"85556\"]\n"
                 "prune: true\n",
                 "{\"services\": [" MG("1", "Keeps") ", \"alpha_senders\": [{\"sid\": \"" SID("AI", "1") "\", \"alpha_sender\": \"s3cret\"}]}, " MG(
                     "2", "Gets") "}, " MG("3",
                                           "Called s3cret") "}, " MG("4",
                                                                     "Gone") ", \"phone_numbers\": "
                                                                             "[" PN("1") "]}]}");
    assert_rows(&fixture, "Keeps: =${SECRET} | Keeps: +85555 =${SECRET}\n"
                          "Gets: | Gets: >${NUMBER}\n"
                          "Called ${SECRET}: | Called ${SECRET}: +85556\n"
                          "Gone: >${NUMBER} | (none): none\n");
    assert_int_equal(count(buf_text(&fixture.html), "s3cret"), 0);
    assert_int_equal(count(buf_text(&fixture.html), "+15005550001"), 0);
    fixture_release(&fixture);
}

/* 100 new services with 50 numbers each; the account has them in 25 services, 200 in each. */
static void make_large(struct buf *yaml, struct buf *json)
{
    enum { SERVICES = 100, NUMBERS = 50, LIVE = 25 };
    size_t i, j;

    buf_add_text(yaml, "version: 1\nservices:\n");
    for (i = 0; i < SERVICES; i++) {
        buf_printf(yaml, "  - friendly_name: New %zu\n    phone_numbers: [", i);
        for (j = 0; j < NUMBERS; j++)
            buf_printf(yaml, "%s\"+1500%07zu\"", j == 0 ? "" : ", ", i * NUMBERS + j);
        buf_add_text(yaml, "]\n");
    }
    buf_add_text(json, "{\"services\": [");
    for (i = 0; i < LIVE; i++) {
        buf_printf(json,
                   "%s{\"sid\": \"MG%032zx\", \"friendly_name\": \"Old %zu\", \"phone_numbers\": [",
                   i == 0 ? "" : ", ", i, i);
        for (j = i; j < SERVICES * NUMBERS; j += LIVE)
            buf_printf(json, "%s{\"sid\": \"PN%032zx\", \"phone_number\": \"+1500%07zu\"}",
                       j == i ? "" : ", ", j, j);
        buf_add_text(json, "]}");
    }
    buf_add_text(json, "]}");
}

static void test_bounds(void **state)
{
    struct fixture fixture;
    struct buf yaml, json;
    size_t i;

    (void)state;
    buf_init(&yaml, 1024 * 1024);
    buf_init(&json, 1024 * 1024);
    make_large(&yaml, &json);
    fixture_init(&fixture, buf_text(&yaml), buf_text(&json));
    assert_int_equal(fixture.plan.counts[CHANGE_MOVE_SENDER], 5000);
    assert_int_equal(fixture.picture.row_count, PICTURE_ROWS_MAX);
    assert_int_equal(fixture.picture.beyond, 125 - PICTURE_ROWS_MAX);
    for (i = 0; i < fixture.picture.row_count; i++) {
        const struct picture_side *after = &fixture.picture.rows[i].after;
        assert_int_equal(after->changing, 50);
        assert_int_equal(after->chip_count + after->more, after->changing);
    }
    assert_true(picture_size(&fixture) < (size_t)200 * 1024);
    assert_has(&fixture, "and 40 more that come");
    assert_has(&fixture, "Not in the picture: 105 more services whose senders change.");
    assert_int_equal(count(buf_text(&fixture.html), "<li class=\"change\""), 5100);
    fixture_release(&fixture);
    buf_release(&yaml);
    buf_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_variables_stay_hidden),
        cmocka_unit_test(test_bounds),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
