#include "cli/watch_run.h"

#include "cli/apply_run.h"
#include "cli/plan_output.h"
#include "cli/session.h"
#include "cli/state_folder.h"
#include "cli/terminal.h"
#include "cli/watch_attempts.h"
#include "cli/watch_report.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/str.h"
#include "plan/plan_document.h"
#include "render/render.h"
#include "render/words.h"

#include <stdlib.h>
#include <string.h>

struct run {
    const struct watch_run_config *config;
    struct options options;
    struct logger logger;
    struct session session;
    struct watch_report report; /* with an arena of its own */
    struct watch_attempts attempts;
    const char *attempts_path;
    struct diag diag;
    int out;
};

enum decision { DECIDED, TO_APPLY };

static void say(const struct run *run, const struct buf *text)
{
    /* Who asked for the report has gone: there is nobody left to tell. */
    if (file_write_all(run->out, buf_text(text), text->size) != 0)
        return;
}

/* The first error, in one line with its place. */
static const char *first_error(struct run *run)
{
    const struct diag *diag = &run->diag;
    const char *text = NULL;
    struct buf line;
    size_t i;

    buf_init(&line, 64 * 1024);
    for (i = 0; i < diag->count && line.size == 0; i++) {
        const struct diag_item *item = &diag->items[i];
        if (item->level != DIAG_ERROR)
            continue;
        if (item->place.file != NULL && item->place.line != 0)
            buf_printf(&line, "%s:%u:%u: ", item->place.file, (unsigned)item->place.line,
                       (unsigned)item->place.column);
        else if (item->place.file != NULL)
            buf_printf(&line, "%s: ", item->place.file);
        str_add_visible(&line, item->message, strlen(item->message));
    }
    if (diag->errors > 1)
        buf_printf(&line, " (and %zu more)", diag->errors - 1);
    if (line.size != 0)
        text = arena_strdup(&run->report.arena, buf_text(&line));
    buf_release(&line);
    return text;
}

static void add_refusals(struct run *run)
{
    const struct plan *plan = &run->session.plan;
    struct buf names;
    size_t i;

    buf_init(&names, 64 * 1024);
    buf_add_text(&names, "refused by ");
    for (i = 0; i < plan->refusal_count; i++)
        if (i == 0 || strcmp(plan->refusals[i].guard, plan->refusals[i - 1].guard) != 0)
            buf_printf(&names, "%s%s", i == 0 ? "" : ", ", plan->refusals[i].guard);
    run->report.problem = arena_strdup(&run->report.arena, buf_text(&names));
    buf_release(&names);
}

static const char *keep(struct run *run, struct buf *text)
{
    const char *kept = arena_strndup(&run->report.arena, buf_text(text), text->size);

    buf_clear(text);
    return kept;
}

/* What is put back after a failure has another SID, and is no other drift. */
static void drop_sids(json_t *value)
{
    json_t *member;
    const char *name;
    size_t i;

    if (json_is_object(value)) {
        json_object_del(value, "sid");
        json_object_del(value, "bindings");
        json_object_foreach(value, name, member) drop_sids(member);
    }
    json_array_foreach(value, i, member) drop_sids(member);
}

/* The digest is over all that the plan is, its roster's commit included, without a key: that could
 * change. */
static const char *key_of(struct run *run)
{
    json_t *document = plan_document(&run->session.plan, NULL);
    char hex[DIGEST_HEX_SIZE];
    struct buf text;

    json_object_del(document, "created");
    json_object_del(document, "integrity");
    drop_sids(document);
    buf_init(&text, BUF_LIMIT_DEFAULT);
    (void)json_text_add(&text, document, JSON_COMPACT | JSON_SORT_KEYS);
    digest_sha256(buf_text(&text), text.size, hex);
    buf_release(&text);
    json_decref(document);
    return arena_strdup(&run->report.arena, hex);
}

static void report_origin(struct run *run)
{
    const struct plan_origin *origin = &run->session.origin;
    struct watch_report *report = &run->report;

    report->account = arena_strdup(&report->arena, origin->account_sid);
    report->location = arena_strdup(&report->arena, origin->location);
    report->sha256 = arena_strdup(&report->arena, origin->sha256);
    report->commit = arena_strdup(&report->arena, origin->commit);
    report->author = arena_strdup(&report->arena, origin->author);
    report->date = arena_strdup(&report->arena, origin->date);
}

static void report_plan(struct run *run)
{
    const struct plan *plan = &run->session.plan;
    const struct render_options look = {.plan_key = run->session.plan_key};
    struct watch_report *report = &run->report;
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    report->planned = true;
    report->changes = plan->change_count;
    memcpy(report->counts, plan->counts, sizeof(report->counts));
    words_counts(plan, &text);
    report->words = keep(run, &text);
    render_json(plan, &look, &text);
    report->plan = keep(run, &text);
    render_html_sections(plan, &text);
    report->html = keep(run, &text);
    report->key = key_of(run);
    buf_release(&text);
}

/* Everything up to the plan, from the start. */
static int make_plan(struct run *run, bool exclusive)
{
    int result;

    session_release(&run->session);
    memset(&run->session, 0, sizeof(run->session));
    watch_report_release(&run->report);
    run->options.exclusive = exclusive;
    result = session_start(&run->session, &run->options, &run->diag);
    report_origin(run);
    if (result == 0)
        report_plan(run);
    return result;
}

/* Two watches of one account may be about different rosters. */
static int find_attempts(struct run *run)
{
    const struct options *options = &run->options;
    const char *folder = state_folder(getenv, &run->session.arena, &run->diag);
    char hex[DIGEST_HEX_SIZE];
    struct buf about;
    size_t i;

    if (folder == NULL || state_folder_make(folder, &run->diag) != 0)
        return -1;
    buf_init(&about, 1024 * 1024);
    buf_add_text(&about, run->session.origin.location);
    for (i = 0; i < options->targets.count; i++)
        buf_printf(&about, "\n%s", options->targets.items[i]);
    digest_sha256(buf_text(&about), about.size, hex);
    buf_release(&about);
    run->attempts_path =
        state_file(folder, run->session.origin.account_sid,
                   arena_printf(&run->session.arena, "watch-%.8s.json", hex), &run->session.arena);
    return watch_attempts_read(&run->attempts, run->attempts_path, &run->diag);
}

static enum decision decide_tried(struct run *run)
{
    static const char *const problems[] = {
        [WATCH_ATTEMPT_FREE] = NULL,
        [WATCH_ATTEMPT_FAILED] = "applying just this has failed; a new commit, other drift or "
                                 "\"roster apply\" goes on",
        [WATCH_ATTEMPT_CUT_OFF] = "applying just this was cut off three times; a new commit, other "
                                  "drift or \"roster apply\" goes on",
    };
    const enum watch_attempt_verdict verdict =
        watch_attempts_judge(&run->attempts, run->report.key);

    run->report.problem = problems[verdict];
    run->report.state = WATCH_TRIED;
    return verdict == WATCH_ATTEMPT_FREE ? TO_APPLY : DECIDED;
}

/* In sync: what failed before may be tried again. */
static void forget_attempts(struct run *run)
{
    if (run->attempts.count == 0)
        return;
    run->attempts.count = 0;
    if (watch_attempts_write(&run->attempts, run->attempts_path, &run->diag) != 0)
        run->report.state = WATCH_ERROR;
}

static enum decision decide(struct run *run)
{
    const struct watch_windows *windows = run->config->windows;
    const int64_t now_ms = clock_wall(&clock_system);
    struct watch_report *report = &run->report;

    report->state = WATCH_ERROR;
    if (run->options.auto_apply && find_attempts(run) != 0)
        return DECIDED;
    if (report->changes == 0) {
        report->state = WATCH_IN_SYNC;
        forget_attempts(run);
        return DECIDED;
    }
    if (run->session.plan.refusal_count != 0) {
        report->state = WATCH_REFUSED;
        add_refusals(run);
        return DECIDED;
    }
    if (!run->options.auto_apply) {
        report->state = WATCH_DIFFERS;
        return DECIDED;
    }
    if (!watch_windows_open(windows, now_ms)) {
        report->state = WATCH_WAITS;
        report->opens_ms = watch_windows_next(windows, now_ms);
        return DECIDED;
    }
    return decide_tried(run);
}

static void conclude_apply(struct run *run, enum exit_code code, const struct apply_counts *counts)
{
    struct watch_report *report = &run->report;
    const bool whole = counts->begun && counts->failed + counts->not_attempted == 0;
    enum watch_attempt_end end = WATCH_ATTEMPT_WORKED;

    report->applied = counts->begun;
    report->done = counts->done;
    report->failed = counts->failed;
    report->not_attempted = counts->not_attempted;
    report->problem = arena_strdup(&report->arena, counts->problem);
    if (code == EXIT_OK) {
        report->state = WATCH_APPLIED;
    } else if (code == EXIT_TEST_FAILED || (code == EXIT_ERROR && whole)) {
        report->state = WATCH_TEST_FAILED;
    } else if (!counts->begun) {
        report->state = WATCH_ERROR;
        end = WATCH_ATTEMPT_WITHDRAWN;
    } else {
        report->state = WATCH_INCOMPLETE;
        end = counts->stopped == EXECUTION_INTERRUPTED ? WATCH_ATTEMPT_WITHDRAWN
                                                       : WATCH_ATTEMPT_DID_NOT;
    }
    watch_attempts_end(&run->attempts, report->key, end);
    if (watch_attempts_write(&run->attempts, run->attempts_path, &run->diag) != 0)
        report->state = report->state == WATCH_APPLIED ? WATCH_ERROR : report->state;
}

/* With the lock held and a plan that was made under it. */
static void apply(struct run *run)
{
    const struct render_options look = plan_output_look(&run->session, &run->options);
    struct apply_tests tests = {0};
    struct apply_counts counts;
    enum exit_code code;
    struct buf text;

    run->report.state = WATCH_ERROR;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    render_text(&run->session.plan, &look, &text);
    logger_text(run->options.log, LOG_NOTE, &text);
    buf_clear(&text);
    buf_add_text(&text, "applying\n");
    if (!run->options.test ||
        apply_tests_prepare(&tests, &run->session, &run->options, &run->diag) == 0) {
        watch_attempts_begin(&run->attempts, run->report.key);
        if (watch_attempts_write(&run->attempts, run->attempts_path, &run->diag) == 0) {
            say(run, &text);
            code = apply_run(&run->session, &run->options, &tests, &counts, &run->diag);
            conclude_apply(run, code, &counts);
        }
    }
    apply_tests_release(&tests);
    buf_release(&text);
}

static void make_run(struct run *run)
{
    if (make_plan(run, false) != 0) {
        run->report.state = WATCH_ERROR;
        return;
    }
    if (decide(run) == DECIDED)
        return;
    /* What was looked at without the lock may have changed until it was ours. */
    if (make_plan(run, true) != 0)
        run->report.state = WATCH_ERROR;
    else if (decide(run) == TO_APPLY)
        apply(run);
}

/*
 * What the run says is kept for the page, as text and however loud watch is; what is beyond that
 * goes to watch's own standard error at once.
 */
static void set_logger(struct run *run)
{
    terminal_logger(&run->options, &run->logger);
    run->logger.json = run->logger.redraw = false;
    if (run->logger.level < LOG_NOTE)
        run->logger.level = LOG_NOTE;
    if (run->config->details >= 0)
        run->logger.details = run->config->details;
    run->options.log_format = "text";
    run->options.log = &run->logger;
}

int watch_run(void *context, int out)
{
    struct run run = {.config = context, .out = out};
    struct buf line;

    run.options = *run.config->options;
    run.options.color = "never";
    set_logger(&run);
    diag_init(&run.diag);
    make_run(&run);
    if (run.report.problem == NULL || run.report.state == WATCH_ERROR)
        run.report.problem = first_error(&run);
    terminal_diagnostics(&run.options, &run.diag);
    buf_init(&line, BUF_LIMIT_DEFAULT);
    watch_report_write(&run.report, &line);
    buf_add_char(&line, '\n');
    say(&run, &line);
    buf_release(&line);
    session_release(&run.session);
    watch_report_release(&run.report);
    diag_release(&run.diag);
    return 0;
}
