#include "cli/session_run.h"

#include "cli/session_lock.h"
#include "cli/session_saved.h"
#include "cli/terminal.h"

#include <string.h>

static enum exit_code run_roster(const struct options *options, session_command *command,
                                 struct diag *diag)
{
    struct session session = {0};
    enum exit_code code = EXIT_ERROR;

    if (session_start(&session, options, diag) == 0)
        code = command(&session, options, diag);
    session_release(&session);
    return code;
}

/*
 * The roster, narrowed and limited as it was, that a stale plan is made from anew. What the old
 * plan was allowed to do was allowed to its changes, not to others.
 */
static enum exit_code replan(const struct saved_plan *plan, const struct options *options,
                             session_command *command, struct diag *diag)
{
    struct options again = *options;
    const json_t *targets = json_object_get(plan->document, "targets");
    size_t i;

    if (strcmp(plan->saved.origin.location, "-") == 0) {
        diag_error(diag, NULL,
                   "the saved plan is stale, and can't be made anew: its roster came from "
                   "standard input");
        diag_help(diag, "plan again from the same input");
        return EXIT_STALE;
    }
    terminal_diagnostics(options, diag);
    diag_warning(diag, NULL, "the saved plan is stale: planning anew from %s",
                 plan->saved.origin.location);
    again.arguments = &plan->saved.origin.location;
    again.argument_count = 1;
    for (i = 0; i < json_array_size(targets) && i < COUNT_OF(again.targets.items); i++)
        again.targets.items[again.targets.count++] = json_string_value(json_array_get(targets, i));
    if (again.limits.max_removals == GUARD_UNLIMITED)
        again.limits.max_removals = plan->saved.limits.max_removals;
    if (again.limits.max_deletes == GUARD_UNLIMITED)
        again.limits.max_deletes = plan->saved.limits.max_deletes;
    return run_roster(&again, command, diag);
}

/* A word as a shell reads it. */
static void add_word(struct buf *out, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-_./+:@%,=";

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        buf_add_text(out, word);
        return;
    }
    buf_add_char(out, '\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            buf_add_text(out, "'\\'");
        buf_add_char(out, *word);
    }
    buf_add_char(out, '\'');
}

/* The command that makes such a plan again, with all that it was asked for. */
static void add_command(struct buf *out, const struct plan_saved *saved)
{
    const json_t *targets = json_object_get(saved->document, "targets");
    const struct {
        bool given;
        const char *flag;
    } flags[] = {
        {saved->limits.take_over, " --take-over"},
        {saved->limits.allow_empty_service, " --allow-empty-service"},
        {saved->limits.allow_empty_roster, " --allow-empty-roster"},
        {saved->limits.allow_campaign_loss, " --allow-campaign-loss"},
    };
    size_t i;

    buf_add_text(out, "roster plan");
    for (i = 0; i < json_array_size(targets); i++) {
        buf_add_text(out, " --target ");
        add_word(out, json_string_value(json_array_get(targets, i)));
    }
    for (i = 0; i < COUNT_OF(flags); i++)
        buf_add_text(out, flags[i].given ? flags[i].flag : "");
    buf_add_text(out, " --out ");
    add_word(out, saved->path);
    buf_add_char(out, ' ');
    add_word(out, saved->origin.location);
}

static enum exit_code report_stale(const struct saved_plan *plan, const struct options *options,
                                   session_command *command, struct diag *diag)
{
    struct buf words;

    if (options->replan)
        return replan(plan, options, command, diag);
    buf_init(&words, 64 * 1024);
    add_command(&words, &plan->saved);
    diag_error(diag, NULL, "the saved plan is stale; nothing was changed");
    diag_help(diag, "plan again: %s; or apply with --replan", buf_text(&words));
    buf_release(&words);
    return EXIT_STALE;
}

static enum exit_code run_saved(struct saved_plan *plan, const struct options *options,
                                session_command *command, struct diag *diag)
{
    struct session session = {0};
    enum exit_code code = EXIT_ERROR;

    switch (session_start_saved(&session, plan, options, diag)) {
    case SAVED_GOOD:
        terminal_diagnostics(options, diag);
        code = command(&session, options, diag);
        break;
    case SAVED_STALE:
        session_unlock(&session); /* what is planned anew takes it again */
        code = report_stale(plan, options, command, diag);
        break;
    case SAVED_BAD:
        code = EXIT_STALE;
        break;
    case SAVED_ERROR:
        break;
    }
    session_release(&session);
    return code;
}

enum exit_code session_run(const struct options *options, session_command *command,
                           struct diag *diag)
{
    struct saved_plan plan = {0};
    enum exit_code code = EXIT_ERROR;

    buf_init(&plan.text, PLAN_FILE_MAX);
    if (session_is_saved(options, &plan.text, diag))
        code = run_saved(&plan, options, command, diag);
    else if (diag->errors == 0)
        code = run_roster(options, command, diag);
    saved_plan_release(&plan);
    return code;
}
