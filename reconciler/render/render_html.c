#include "render/render.h"

#include "base/digest.h"
#include "render/html_assets.h"
#include "render/html_changes.h"
#include "render/html_escape.h"
#include "render/html_picture.h"
#include "render/words.h"

#include <time.h>

static void add_asset_hash(const struct html_asset *asset, struct buf *out)
{
    buf_add_text(out, "'sha256-");
    digest_add_base64(asset->bytes, asset->size, out);
    buf_add_char(out, '\'');
}

static void add_asset(const char *element, const struct html_asset *asset, struct buf *out)
{
    buf_printf(out, "<%s>", element);
    buf_add(out, asset->bytes, asset->size);
    buf_printf(out, "</%s>\n", element);
}

/* The browser itself holds that nothing is loaded, and that no script but ours is run. */
static void add_policy(struct buf *out)
{
    buf_add_text(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src ");
    add_asset_hash(&html_style, out);
    buf_add_text(out, "; script-src ");
    add_asset_hash(&html_script, out);
    buf_add_text(out, "; base-uri 'none'; form-action 'none'\">\n");
}

static void add_head(const struct plan *plan, struct buf *out)
{
    buf_add_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(out);
    buf_add_text(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"generator\" content=\"roster\">\n"
                      "<title>");
    words_title(plan, out);
    buf_add_text(out, " – messaging services");
    if (plan->origin.account_sid != NULL) {
        buf_add_text(out, " of ");
        html_add_text(out, plan->origin.account_sid);
    }
    buf_add_text(out, "</title>\n");
    add_asset("style", &html_style, out);
    buf_add_text(out, "</head>\n");
}

static void add_fact(const char *label, const char *value, struct buf *out)
{
    if (value == NULL)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd>", label);
    html_add_text(out, value);
    buf_add_text(out, "</dd></div>\n");
}

static void add_created(int64_t created, struct buf *out)
{
    time_t seconds = (time_t)created;
    char machine[32], human[32];
    struct tm parts;

    if (created == 0 || gmtime_r(&seconds, &parts) == NULL)
        return;
    strftime(machine, sizeof(machine), "%Y-%m-%dT%H:%M:%SZ", &parts);
    strftime(human, sizeof(human), "%Y-%m-%d %H:%M:%S UTC", &parts);
    buf_printf(out, "<div><dt>Made</dt><dd><time datetime=\"%s\">%s</time></dd></div>\n", machine,
               human);
}

static void add_facts(const struct plan *plan, struct buf *out)
{
    const struct plan_origin *origin = &plan->origin;

    buf_add_text(out, "<dl class=\"facts\">\n");
    add_fact("Account", origin->account_sid, out);
    add_fact("Roster", origin->location, out);
    add_fact("Commit", origin->commit, out);
    add_fact("Author", origin->author, out);
    add_fact("Committed", origin->date, out);
    add_fact("Applied commit", plan->drift.baseline, out);
    add_created(origin->created, out);
    add_fact("SHA-256 of the roster", origin->sha256, out);
    buf_add_text(out, "</dl>\n");
}

static bool has_facts(const struct plan_origin *origin)
{
    return origin->account_sid != NULL || origin->location != NULL || origin->commit != NULL ||
           origin->sha256 != NULL || origin->created != 0;
}

/* A sentence of its own, from words that begin small. */
static void add_narrowed(const struct plan *plan, struct buf *out)
{
    struct buf words;

    buf_init(&words, out->limit);
    words_narrowed(plan, &words);
    if (words.size != 0) {
        words.data[0] = 'N';
        buf_add_text(out, "<p class=\"narrowed\">");
        html_add_text(out, buf_text(&words));
        buf_add_text(out, ".</p>\n");
    }
    buf_release(&words);
}

static void add_header(const struct plan *plan, struct buf *out)
{
    buf_printf(out,
               "<header>\n<div class=\"title\"><h1>%s messaging services</h1>\n"
               "<button type=\"button\" id=\"theme\" hidden>Dark theme</button></div>\n"
               "<p class=\"verdict\">",
               plan->drift.reported ? "Drift of" : "Plan for");
    words_verdict(plan, out);
    buf_add_text(out, "</p>\n");
    add_narrowed(plan, out);
    if (has_facts(&plan->origin))
        add_facts(plan, out);
    if (plan->change_count != 0)
        buf_add_text(out, "<nav aria-label=\"On this page\"><a href=\"#summary\">Summary</a>\n"
                          "<a href=\"#picture\">Senders before and after</a>\n"
                          "<a href=\"#changes\">Changes by service</a></nav>\n");
    buf_add_text(out, "</header>\n");
}

static void add_refusals(const struct plan *plan, struct buf *out)
{
    size_t i;

    if (plan->refusal_count == 0)
        return;
    buf_printf(out,
               "<section class=\"refusals\" aria-labelledby=\"refusals-heading\">\n"
               "<h2 id=\"refusals-heading\">Refused by %zu guard%s</h2>\n"
               "<p>This plan can't be applied as it is.</p>\n<ul>\n",
               words_guards(plan), words_guards(plan) == 1 ? "" : "s");
    for (i = 0; i < plan->refusal_count; i++) {
        const struct refusal *refusal = &plan->refusals[i];
        buf_add_text(out, "<li class=\"refusal\"><code>");
        html_add_text(out, refusal->guard);
        buf_add_text(out, "</code>: ");
        html_add_text(out, refusal->message);
        buf_add_text(out, "<br><span class=\"allow\">What would allow it: ");
        html_add_text(out, refusal->allow);
        buf_add_text(out, "</span></li>\n");
    }
    buf_add_text(out, "</ul>\n</section>\n");
}

static void add_hints(const struct plan *plan, struct buf *out)
{
    struct buf words;
    size_t i;

    if (plan->hint_count == 0)
        return;
    buf_init(&words, out->limit);
    buf_add_text(out, "<section class=\"hints\" aria-labelledby=\"hints-heading\">\n"
                      "<h2 id=\"hints-heading\">Hints</h2>\n<ul>\n");
    for (i = 0; i < plan->hint_count; i++) {
        buf_clear(&words);
        words_hint(&plan->hints[i], &words);
        buf_add_text(out, "<li>");
        html_add_text(out, buf_text(&words));
        buf_add_text(out, "</li>\n");
    }
    buf_release(&words);
    buf_add_text(out, "</ul>\n</section>\n");
}

/* `name` is the figure's key in the summary of the JSON document. */
static void add_figure(const char *name, const char *words, size_t value, struct buf *out)
{
    buf_printf(out,
               "<div class=\"figure%s\" data-kind=\"%s\"><dt>%s</dt>"
               "<dd data-figure=\"%s\">%zu</dd></div>\n",
               value == 0 ? " none" : "", name, words, name, value);
}

static void add_summary(const struct plan *plan, struct buf *out)
{
    size_t kind;

    buf_add_text(out, "<section id=\"summary\" aria-labelledby=\"summary-heading\">\n"
                      "<h2 id=\"summary-heading\">Summary</h2>\n<dl class=\"figures\">\n");
    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        add_figure(change_kind_name((enum change_kind)kind),
                   html_kind_words((enum change_kind)kind, plan->counts[kind]), plan->counts[kind],
                   out);
    buf_add_text(out, "</dl>\n<dl class=\"figures totals\">\n");
    add_figure("changes", "changes in all", plan->change_count, out);
    add_figure("senders_taken_out", "senders taken out of services, moves and deletions included",
               plan_removals(plan), out);
    add_figure("services_declared", "services in the roster", plan->desired->declared_count, out);
    add_figure("services_left_out", "of them left out", plan->desired->left_out_count, out);
    buf_add_text(out, "</dl>\n</section>\n");
}

void render_html_sections(const struct plan *plan, struct buf *out)
{
    add_refusals(plan, out);
    add_hints(plan, out);
    add_summary(plan, out);
    html_add_picture(out, plan);
    html_add_changes(out, plan);
}

void render_html(const struct plan *plan, const struct render_options *options, struct buf *out)
{
    (void)options;
    add_head(plan, out);
    buf_add_text(out, "<body>\n");
    if (plan->change_count != 0)
        buf_add_text(out, "<a class=\"skip\" href=\"#changes\">Skip to the changes</a>\n");
    add_header(plan, out);
    buf_add_text(out, "<main>\n");
    render_html_sections(plan, out);
    buf_add_text(out, "</main>\n");
    add_asset("script", &html_script, out);
    buf_add_text(out, "</body>\n</html>\n");
}
