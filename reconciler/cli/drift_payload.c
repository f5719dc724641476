#include "cli/drift_payload.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "base/str.h"
#include "plan/drift.h"
#include "render/render.h"
#include "render/words.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

enum {
    CHANGES_MAX = 50,         /* of the generic document */
    LINES_MAX = 20,           /* of a message */
    TEXT_MAX = 150,           /* characters of a name, and of a line of a message */
    SLACK_SECTION_MAX = 2700, /* Slack takes 3,000 */
};

/* What others wrote, visible and cut. */
static void add_cut(const char *text, size_t most, struct buf *out)
{
    struct buf visible;
    size_t at = 0, count = 0;
    uint32_t codepoint;

    buf_init(&visible, BUF_LIMIT_DEFAULT);
    str_add_visible(&visible, text, strlen(text));
    while (at < visible.size && count < most) {
        at += str_utf8_decode(buf_text(&visible) + at, visible.size - at, &codepoint);
        count++;
    }
    buf_add(out, buf_text(&visible), at);
    if (at < visible.size)
        buf_add_text(out, "…");
    buf_release(&visible);
}

static json_t *cut_json(const char *text)
{
    struct buf cut;
    json_t *out;

    if (text == NULL)
        return json_null();
    buf_init(&cut, BUF_LIMIT_DEFAULT);
    add_cut(text, TEXT_MAX, &cut);
    out = json_string(buf_text(&cut));
    buf_release(&cut);
    return out;
}

/* The settings of an update that were changed by hand. */
static json_t *settings_json(const struct change *change)
{
    json_t *out = json_array();
    size_t row;

    for (row = 0; row < resource_service.field_count; row++)
        if (change->kind == CHANGE_UPDATE_SERVICE && words_sends(change, row) &&
            drift_setting_class(change, row) != DRIFT_ROSTER_AHEAD)
            json_array_append_new(out, json_string(resource_service.fields[row].yaml_key));
    return out;
}

static json_t *change_json(const struct plan *plan, const struct change *change)
{
    const struct plan_service *service = &plan->services[change->service];
    struct buf what;
    json_t *out;

    buf_init(&what, BUF_LIMIT_DEFAULT);
    render_text_change(plan, change, &what);
    out = json_pack("{sososssssoso}", "service", cut_json(service->name), "service_sid",
                    cut_json(words_sid(service)), "kind", change_kind_name(change->kind), "class",
                    drift_class_name(change->drift), "what", cut_json(buf_text(&what)), "settings",
                    settings_json(change));
    buf_release(&what);
    return out;
}

static json_t *generic(const struct plan *plan)
{
    const bool in_sync = drift_by_hand(plan) == 0;
    json_t *changes = json_array(), *differences = json_object(), *out;
    char created[CLOCK_ISO_SIZE];
    size_t left_out = 0, i;
    struct buf title;

    buf_init(&title, 4096);
    words_title(plan, &title);
    for (i = DRIFT_NONE + 1; i < DRIFT_CLASS_COUNT; i++)
        json_object_set_new(differences, drift_class_name((enum drift_class)i),
                            json_integer((json_int_t)drift_count(plan, (enum drift_class)i)));
    for (i = 0; i < plan->change_count; i++) {
        if (plan->changes[i].drift == DRIFT_ROSTER_AHEAD)
            continue;
        if (json_array_size(changes) < CHANGES_MAX)
            json_array_append_new(changes, change_json(plan, &plan->changes[i]));
        else
            left_out++;
    }
    out = json_pack(
        "{sssssoss?ss?sssssososI}", "event", in_sync ? "in_sync" : "drift", "account_sid",
        plan->origin.account_sid, "roster", cut_json(plan->origin.location), "commit",
        plan->origin.commit, "baseline", plan->drift.baseline, "created",
        clock_iso(plan->origin.created * 1000, created), "summary", buf_text(&title), "differences",
        differences, "changes", changes, "changes_left_out", (json_int_t)left_out);
    buf_release(&title);
    return out;
}

/* A change in a line: "Orders: update settings (sticky_sender), changed by hand". */
static void add_line(const struct plan *plan, const struct change *change, struct buf *out)
{
    json_t *settings = settings_json(change);
    struct buf line;
    size_t i;

    buf_init(&line, BUF_LIMIT_DEFAULT);
    buf_printf(&line, "%s: ", plan->services[change->service].name);
    render_text_change(plan, change, &line);
    for (i = 0; i < json_array_size(settings); i++)
        buf_printf(&line, "%s%s", i == 0 ? " (" : ", ",
                   json_string_value(json_array_get(settings, i)));
    buf_printf(&line, "%s, %s", i == 0 ? "" : ")", words_drift(change->drift));
    add_cut(buf_text(&line), TEXT_MAX, out);
    buf_release(&line);
    json_decref(settings);
}

static const char *headline(const struct plan *plan)
{
    return drift_by_hand(plan) == 0 ? "Messaging services are in sync"
                                    : "Messaging services were changed by hand";
}

/*
 * For Slack's mrkdwn, between backticks, in which nothing but these means anything; without "<"
 * there are neither links nor mentions.
 */
static void add_slack(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            buf_add_text(out, "&amp;");
        else if (*text == '<')
            buf_add_text(out, "&lt;");
        else if (*text == '>')
            buf_add_text(out, "&gt;");
        else
            buf_add_char(out, *text == '`' ? '\'' : *text);
    }
}

static void add_slack_fact(const char *label, const char *value, struct buf *out)
{
    struct buf cut;

    if (value == NULL)
        return;
    buf_init(&cut, BUF_LIMIT_DEFAULT);
    add_cut(value, TEXT_MAX, &cut);
    buf_printf(out, "\n%s `", label);
    add_slack(buf_text(&cut), out);
    buf_add_char(out, '`');
    buf_release(&cut);
}

static json_t *slack_section(const struct buf *text)
{
    return json_pack("{sss{ssss}}", "type", "section", "text", "type", "mrkdwn", "text",
                     buf_text(text));
}

/* All changes that fit, in a block of code; nothing when there are none. */
static json_t *slack_changes(const struct plan *plan)
{
    struct buf text, line, escaped;
    size_t shown = 0, i;
    json_t *section = NULL;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_init(&line, BUF_LIMIT_DEFAULT);
    buf_init(&escaped, BUF_LIMIT_DEFAULT);
    buf_add_text(&text, "```");
    for (i = 0; i < plan->change_count && shown < LINES_MAX; i++) {
        if (plan->changes[i].drift == DRIFT_ROSTER_AHEAD)
            continue;
        buf_clear(&line);
        buf_clear(&escaped);
        add_line(plan, &plan->changes[i], &line);
        add_slack(buf_text(&line), &escaped);
        if (str_utf8_length(buf_text(&text), text.size) + escaped.size > SLACK_SECTION_MAX)
            break;
        buf_printf(&text, "%s%s", shown == 0 ? "" : "\n", buf_text(&escaped));
        shown++;
    }
    buf_add_text(&text, i < plan->change_count ? "\n…```" : "```");
    if (shown != 0)
        section = slack_section(&text);
    buf_release(&escaped);
    buf_release(&line);
    buf_release(&text);
    return section;
}

static json_t *slack(const struct plan *plan)
{
    json_t *blocks = json_array(), *changes = slack_changes(plan), *out;
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    json_array_append_new(blocks, json_pack("{sss{ssss}}", "type", "header", "text", "type",
                                            "plain_text", "text", headline(plan)));
    words_title(plan, &text);
    add_slack_fact("Account", plan->origin.account_sid, &text);
    add_slack_fact("Roster", plan->origin.location, &text);
    add_slack_fact("Commit", plan->origin.commit, &text);
    add_slack_fact("Applied commit", plan->drift.baseline, &text);
    json_array_append_new(blocks, slack_section(&text));
    if (changes != NULL)
        json_array_append_new(blocks, changes);
    buf_clear(&text);
    buf_printf(&text, "%s (%s): ", headline(plan), plan->origin.account_sid);
    words_title(plan, &text);
    out = json_pack("{ssso}", "text", buf_text(&text), "blocks", blocks);
    buf_release(&text);
    return out;
}

/* Text that Teams does not take for Markdown, as it does the text of a TextBlock. */
static json_t *teams_line(const char *label, const char *text)
{
    json_t *inlines = json_array();

    if (label != NULL)
        json_array_append_new(
            inlines, json_pack("{ssssss}", "type", "TextRun", "text", label, "weight", "Bolder"));
    json_array_append_new(inlines, json_pack("{sssoss}", "type", "TextRun", "text", cut_json(text),
                                             "fontType", "Monospace"));
    return json_pack("{ssso}", "type", "RichTextBlock", "inlines", inlines);
}

static void add_teams_fact(json_t *body, const char *label, const char *value)
{
    if (value != NULL)
        json_array_append_new(body, teams_line(label, value));
}

static void add_teams_changes(json_t *body, const struct plan *plan)
{
    size_t shown = 0, i;
    struct buf line;

    buf_init(&line, BUF_LIMIT_DEFAULT);
    for (i = 0; i < plan->change_count; i++) {
        if (plan->changes[i].drift == DRIFT_ROSTER_AHEAD)
            continue;
        if (shown == LINES_MAX) {
            json_array_append_new(body, teams_line(NULL, "…"));
            break;
        }
        buf_clear(&line);
        add_line(plan, &plan->changes[i], &line);
        json_array_append_new(body, teams_line(NULL, buf_text(&line)));
        shown++;
    }
    buf_release(&line);
}

static json_t *teams(const struct plan *plan)
{
    json_t *body = json_array();
    struct buf title;

    buf_init(&title, 4096);
    words_title(plan, &title);
    json_array_append_new(body,
                          json_pack("{sssssssssb}", "type", "TextBlock", "text", headline(plan),
                                    "size", "Large", "weight", "Bolder", "wrap", 1));
    json_array_append_new(
        body, json_pack("{sssssb}", "type", "TextBlock", "text", buf_text(&title), "wrap", 1));
    add_teams_fact(body, "Account ", plan->origin.account_sid);
    add_teams_fact(body, "Roster ", plan->origin.location);
    add_teams_fact(body, "Commit ", plan->origin.commit);
    add_teams_fact(body, "Applied commit ", plan->drift.baseline);
    add_teams_changes(body, plan);
    buf_release(&title);
    return json_pack("{sss[{sss{ssssssso}}]}", "type", "message", "attachments", "contentType",
                     "application/vnd.microsoft.card.adaptive", "content", "$schema",
                     "http://adaptivecards.io/schemas/adaptive-card.json", "type", "AdaptiveCard",
                     "version", "1.4", "body", body);
}

void drift_payload_write(const char *format, const struct plan *plan, struct buf *out)
{
    json_t *document = strcmp(format, "slack") == 0   ? slack(plan)
                       : strcmp(format, "teams") == 0 ? teams(plan)
                                                      : generic(plan);

    assert(document != NULL); /* what is packed is ours, and UTF-8 */
    (void)json_text_add(out, document, JSON_COMPACT);
    json_decref(document);
}
