#include "cli/watch_page.h"

#include "cli/watch_assets.h"

#include "base/clock.h"
#include "base/digest.h"
#include "render/html_escape.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void join(const struct html_asset *first, const struct html_asset *second, struct buf *out)
{
    buf_init(out, BUF_LIMIT_DEFAULT);
    buf_add(out, first->bytes, first->size);
    buf_add(out, second->bytes, second->size);
}

/* The page's script comes first: it has to see the page as it was sent. */
static void join_script(struct buf *out)
{
    join(&watch_script, &html_script, out);
}

static void join_style(struct buf *out)
{
    join(&html_style, &watch_style, out);
}

void watch_page_policy(char out[WATCH_PAGE_POLICY_SIZE])
{
    struct buf policy, style, script;

    buf_init(&policy, WATCH_PAGE_POLICY_SIZE - 1);
    join_style(&style);
    join_script(&script);
    buf_add_text(&policy, "default-src 'none'; connect-src 'self'; style-src 'sha256-");
    digest_add_base64(buf_text(&style), style.size, &policy);
    buf_add_text(&policy, "'; script-src 'sha256-");
    digest_add_base64(buf_text(&script), script.size, &policy);
    buf_add_text(&policy, "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    snprintf(out, WATCH_PAGE_POLICY_SIZE, "%s", buf_text(&policy));
    buf_release(&style);
    buf_release(&script);
    buf_release(&policy);
}

/* With a place for how long ago or how far off it is, which the script knows. */
static void add_time(int64_t wall_ms, struct buf *out)
{
    const time_t seconds = (time_t)(wall_ms / 1000);
    char machine[CLOCK_ISO_SIZE], human[32] = "";
    struct tm parts;

    if (gmtime_r(&seconds, &parts) != NULL)
        strftime(human, sizeof(human), "%Y-%m-%d %H:%M:%S UTC", &parts);
    buf_printf(out, "<time datetime=\"%s\">%s</time>", clock_iso(wall_ms, machine), human);
}

static void add_fact(const char *label, const char *value, struct buf *out)
{
    if (value == NULL)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd>", label);
    html_add_text(out, value);
    buf_add_text(out, "</dd></div>\n");
}

static void add_time_fact(const char *label, int64_t wall_ms, struct buf *out)
{
    if (wall_ms == 0)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd class=\"when\">", label);
    add_time(wall_ms, out);
    buf_add_text(out, "</dd></div>\n");
}

static const char *how_applied(const struct watch_status *status)
{
    if (!status->auto_apply)
        return "by hand only (--auto-apply is not given)";
    return status->window_count == 0 ? "by itself, at any time" : "by itself, in change windows";
}

static const char *activity(const struct watch_status *status)
{
    if (status->stopping)
        return status->running_since_ms != 0 ? "Stopping when this run has ended" : "Stopping";
    if (status->running_since_ms == 0)
        return "Waiting";
    return status->applying ? "Applying" : "Looking";
}

static void add_facts(const struct watch_status *status, struct buf *out)
{
    const struct watch_report *report =
        status->latest.account != NULL ? &status->latest : &status->planned;

    buf_add_text(out, "<dl class=\"facts\" data-live=\"facts\">\n");
    add_fact("Account", report->account, out);
    add_fact("Roster", status->location, out);
    add_fact("Commit", report->commit, out);
    add_fact("Author", report->author, out);
    add_fact("Committed", report->date, out);
    add_fact("SHA-256 of the roster", report->sha256, out);
    add_fact("Changes are applied", how_applied(status), out);
    add_fact("Now", activity(status), out);
    if (status->history.count > 0)
        add_time_fact("Last run", watch_history_at(&status->history, 0)->began_ms, out);
    add_time_fact("Next run", status->running_since_ms == 0 ? status->next_ms : 0, out);
    add_time_fact("Last run that worked", status->history.success_ms, out);
    buf_add_text(out, "</dl>\n");
}

static const char *look_of(const struct watch_status *status)
{
    if (status->history.count > 0 && !watch_state_is_success(status->latest.state))
        return "bad";
    if (!status->sync_known)
        return "unknown";
    return status->in_sync ? "good" : "differs";
}

static void add_verdict(const struct watch_status *status, struct buf *out)
{
    buf_printf(out, "<div class=\"verdict %s\" role=\"status\" data-live=\"verdict\">\n<p>",
               look_of(status));
    html_add_text(out, watch_status_words(status));
    buf_add_text(out, ".</p>\n");
    if (status->history.count > 0) {
        buf_add_text(out, "<p class=\"outcome\">Last run: ");
        html_add_text(out, watch_history_at(&status->history, 0)->line);
        buf_add_text(out, ".</p>\n");
    }
    buf_add_text(out, "</div>\n");
}

static void add_header(const struct watch_status *status, struct buf *out)
{
    buf_add_text(out, "<header>\n<div class=\"title\"><h1>roster watch</h1>\n"
                      "<button type=\"button\" id=\"theme\" hidden>Dark theme</button></div>\n");
    add_verdict(status, out);
    buf_add_text(out, "<p id=\"lost\" role=\"alert\" hidden></p>\n");
    add_facts(status, out);
    buf_add_text(out, "<nav aria-label=\"On this page\"><a href=\"#plan\">Plan</a>\n"
                      "<a href=\"#runs\">Last runs</a></nav>\n</header>\n");
}

/* What the last run said, when there is something to be read in it. */
static void add_log(const struct watch_status *status, struct buf *out)
{
    const struct watch_report *latest = &status->latest;

    buf_add_text(out, "<div data-live=\"log\">\n");
    if (latest->log != NULL && latest->log[0] != '\0') {
        buf_printf(out,
                   "<section aria-labelledby=\"log-heading\">\n<details%s>\n<summary>"
                   "<h2 id=\"log-heading\">What the last run said</h2></summary>\n"
                   "<pre tabindex=\"0\" role=\"region\" aria-label=\"Output\">",
                   watch_state_is_success(latest->state) ? "" : " open");
        html_add_lines(out, latest->log);
        buf_add_text(out, "</pre>\n</details>\n</section>\n");
    }
    buf_add_text(out, "</div>\n");
}

static void add_plan(const struct watch_status *status, struct buf *out)
{
    const struct watch_report *planned = &status->planned;

    buf_add_text(out, "<div id=\"plan\" tabindex=\"-1\" data-live=\"plan\">\n");
    if (planned->html == NULL) {
        buf_add_text(out, "<section aria-labelledby=\"plan-heading\">\n"
                          "<h2 id=\"plan-heading\">Plan</h2>\n<p>There is none yet.</p>\n"
                          "</section>\n");
    } else {
        if (planned->applied)
            buf_add_text(out, "<p class=\"applied\">This is the plan that was applied last.</p>\n");
        buf_add(out, planned->html, planned->html_size);
    }
    buf_add_text(out, "</div>\n");
}

static void add_run(const struct watch_past_run *run, struct buf *out)
{
    const char *look = "differs";

    if (!watch_state_is_success(run->state))
        look = "bad";
    else if (watch_state_is_sync(run->state))
        look = "good";
    buf_printf(out, "<tr class=\"%s\"><td>%lld</td><td>", look, (long long)run->number);
    add_time(run->began_ms, out);
    buf_printf(out, "</td><td>%lld.%01lld s</td><td>%s</td><td>",
               (long long)(run->lasted_ms / 1000), (long long)(run->lasted_ms % 1000 / 100),
               watch_trigger_name(run->trigger));
    if (run->commit[0] != '\0') {
        buf_add_text(out, "<code>");
        html_add_text(out, run->commit);
        buf_add_text(out, "</code>");
    }
    buf_add_text(out, "</td><td>");
    html_add_text(out, run->line);
    buf_add_text(out, "</td></tr>\n");
}

static void add_runs(const struct watch_status *status, struct buf *out)
{
    const size_t count = watch_history_size(&status->history);
    size_t i;

    buf_printf(out,
               "<section id=\"runs\" aria-labelledby=\"runs-heading\" data-live=\"runs\">\n"
               "<h2 id=\"runs-heading\">Last runs</h2>\n<p>%zu of %lld since ",
               count, (long long)status->history.count);
    add_time(status->started_ms, out);
    buf_add_text(out, ".</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                      "aria-label=\"Table of runs\">\n<table>\n<thead><tr>"
                      "<th scope=\"col\">Run</th><th scope=\"col\">Began</th>"
                      "<th scope=\"col\">Took</th><th scope=\"col\">Because of</th>"
                      "<th scope=\"col\">Commit</th><th scope=\"col\">Outcome</th></tr></thead>\n"
                      "<tbody>\n");
    for (i = 0; i < count; i++)
        add_run(watch_history_at(&status->history, i), out);
    buf_add_text(out, "</tbody>\n</table>\n</div>\n</section>\n");
}

static void add_asset(const char *element, const struct buf *asset, struct buf *out)
{
    buf_printf(out, "<%s>", element);
    buf_add(out, buf_text(asset), asset->size);
    buf_printf(out, "</%s>\n", element);
}

void watch_page_add(const struct watch_status *status, int64_t now_ms, struct buf *out)
{
    struct buf style, script;

    join_style(&style);
    join_script(&script);
    buf_printf(out,
               "<!DOCTYPE html>\n<html lang=\"en\" data-sequence=\"%llu\" data-now=\"%lld\">\n"
               "<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<meta name=\"generator\" content=\"roster\">\n<title>",
               (unsigned long long)status->sequence, (long long)now_ms);
    html_add_text(out, watch_status_words(status));
    buf_add_text(out, " – roster watch</title>\n");
    add_asset("style", &style, out);
    buf_add_text(out, "</head>\n<body>\n<a class=\"skip\" href=\"#plan\">Skip to the plan</a>\n");
    add_header(status, out);
    buf_add_text(out, "<main>\n");
    add_log(status, out);
    add_plan(status, out);
    add_runs(status, out);
    buf_add_text(out, "</main>\n");
    add_asset("script", &script, out);
    buf_add_text(out, "</body>\n</html>\n");
    buf_release(&style);
    buf_release(&script);
}
