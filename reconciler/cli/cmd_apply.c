#include "cli/apply_run.h"
#include "cli/apply_tests.h"
#include "cli/commands.h"
#include "cli/plan_output.h"
#include "cli/plan_save.h"
#include "cli/session.h"
#include "cli/session_run.h"
#include "cli/terminal.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static bool approved(struct session *session, const struct options *options, struct diag *diag)
{
    char question[256];
    const char *why;

    if (options->auto_approve)
        return true;
    if (!terminal_can_ask(options, &why)) {
        diag_error(diag, NULL, "nothing was applied: %s", why);
        diag_help(diag, "read the plan, then run it with --auto-approve");
        return false;
    }
    snprintf(question, sizeof(question),
             "\nApply these changes to account %s? Only \"yes\" is accepted: ",
             session->origin.account_sid);
    if (session_ask(session, question))
        return true;
    diag_error(diag, NULL, "nothing was applied: the plan was not approved");
    return false;
}

static void note_no_undo(const struct options *options)
{
    const char *path = options->undo_out;
    struct buf note;

    buf_init(&note, 64 * 1024);
    buf_add_text(&note, "There is nothing to take back; ");
    str_add_visible(&note, path, strlen(path));
    buf_add_text(&note, " was not written.\n");
    logger_text(options->log, LOG_NOTE, &note);
    buf_release(&note);
}

/* Says which test messages come after it, asks, and carries the plan out. */
static enum exit_code apply_approved(struct session *session, const struct options *options,
                                     struct diag *diag)
{
    struct apply_tests tests = {0};
    struct apply_counts counts;
    enum exit_code code = EXIT_ERROR;

    if (options->test && apply_tests_prepare(&tests, session, options, diag) != 0)
        diag_note(diag, NULL, "nothing was applied");
    else if (approved(session, options, diag))
        code = apply_run(session, options, &tests, &counts, diag);
    apply_tests_release(&tests);
    return code;
}

/* Shows the plan, asks, and carries it out. */
static enum exit_code apply(struct session *session, const struct options *options,
                            struct diag *diag)
{
    /* A plan that could not be shown is not applied. */
    if (plan_output(session, options, "text", diag) != 0) {
        diag_help(diag, "nothing was applied");
        return EXIT_ERROR;
    }
    if (plan_output_refused(&session->plan, diag))
        return EXIT_REFUSED;
    if (session->plan.change_count == 0) {
        if (options->undo_out != NULL)
            note_no_undo(options);
        return EXIT_OK;
    }
    if (options->undo_out != NULL &&
        plan_save_check(session, "--undo-out", options->undo_out, diag) != 0) {
        diag_help(diag, "nothing was applied");
        return EXIT_ERROR;
    }
    return apply_approved(session, options, diag);
}

enum exit_code cmd_apply(const struct options *options, struct diag *diag)
{
    struct options alone = *options;

    alone.exclusive = true;
    return session_run(&alone, apply, diag);
}
