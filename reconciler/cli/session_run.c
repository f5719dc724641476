#include "cli/session_run.h"

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

/* The roster, and how it was looked at, that a stale plan is made from anew. */
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
    again.limits.take_over |= plan->saved.limits.take_over;
    again.limits.allow_empty_service |= plan->saved.limits.allow_empty_service;
    again.limits.allow_empty_roster |= plan->saved.limits.allow_empty_roster;
    again.limits.allow_campaign_loss |= plan->saved.limits.allow_campaign_loss;
    return run_roster(&again, command, diag);
}

static enum exit_code report_stale(const struct saved_plan *plan, const struct options *options,
                                   session_command *command, struct diag *diag)
{
    if (options->replan)
        return replan(plan, options, command, diag);
    diag_error(diag, NULL, "the saved plan is stale; nothing was changed");
    diag_help(diag, "plan again: roster plan --out %s %s; or apply with --replan", plan->saved.path,
              plan->saved.origin.location);
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
