#include "cli/commands.h"
#include "cli/plan_output.h"
#include "cli/plan_save.h"
#include "cli/session_run.h"
#include "cli/terminal.h"

static enum exit_code finish(const struct session *session, const struct options *options,
                             struct diag *diag)
{
    if (plan_output_refused(&session->plan, diag)) {
        if (options->out != NULL)
            diag_note(diag, NULL, "%s was not written", options->out);
        return EXIT_REFUSED;
    }
    if (options->out != NULL && plan_save(session, options, "--out", options->out, diag) != 0)
        return EXIT_ERROR;
    return options->detailed_exitcode && session->plan.change_count != 0 ? EXIT_CHANGES : EXIT_OK;
}

/* Shows the plan, and saves it when that is asked for. */
static enum exit_code show(struct session *session, const struct options *options,
                           struct diag *diag)
{
    if (plan_output(session, options, options->format, diag) != 0)
        return EXIT_ERROR;
    return finish(session, options, diag);
}

enum exit_code cmd_plan(const struct options *options, struct diag *diag)
{
    return session_run(options, show, diag);
}
