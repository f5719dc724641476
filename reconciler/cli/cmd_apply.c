#include "cli/commands.h"
#include "cli/session.h"
#include "cli/terminal.h"

#include "apply/executor.h"
#include "apply/verify.h"
#include "base/str.h"
#include "render/render.h"

#include <string.h>
#include <unistd.h>

/* "Order notifications: add phone number +1…" */
static void add_change(const struct plan *plan, size_t index, struct buf *out)
{
    const struct change *change = &plan->changes[index];
    const char *name = plan->services[change->service].name;

    str_add_visible(out, name, strlen(name));
    buf_add_text(out, ": ");
    render_text_change(change, out);
}

/* A line for each change that ended; on a terminal, one line that is written over. */
static void show_progress(void *context, const struct plan *plan, const struct execution *execution,
                          size_t index)
{
    static const char *const words[] = {
        [CHANGE_DONE] = "done",
        [CHANGE_FAILED] = "FAILED",
        [CHANGE_NOT_ATTEMPTED] = "not attempted",
    };
    size_t ended = execution->done + execution->failed + execution->not_attempted;
    const bool *overwrite = context;
    struct buf line;

    buf_init(&line, 64 * 1024);
    if (*overwrite)
        buf_add_text(&line, "\r\033[K");
    buf_printf(&line, "[%zu/%zu] ", ended, plan->change_count);
    if (*overwrite && execution->failed != 0)
        buf_printf(&line, "%zu failed, ", execution->failed);
    if (!*overwrite) {
        buf_printf(&line, "%s: ", words[execution->outcomes[index].state]);
        add_change(plan, index, &line);
    } else {
        buf_add_text(&line, "changes applied");
    }
    if (!*overwrite || ended == plan->change_count)
        buf_add_char(&line, '\n');
    terminal_note(&line);
    buf_release(&line);
}

/* A sender that was removed from one service, and could not be added to the other. */
static bool left_nowhere(const struct plan *plan, const struct execution *execution, size_t index)
{
    const struct change *change = &plan->changes[index];
    long removal = change->needs[1];

    return change->kind == CHANGE_ADD_SENDER && sender_types[change->sender_kind].exclusive &&
           removal != CHANGE_NONE && execution->outcomes[removal].state == CHANGE_DONE &&
           execution->outcomes[index].state != CHANGE_DONE;
}

static void report_change(const struct plan *plan, const struct execution *execution, size_t index,
                          struct buf *out)
{
    const struct change_outcome *outcome = &execution->outcomes[index];

    buf_add_text(out, "  ");
    add_change(plan, index, out);
    buf_add_char(out, '\n');
    if (outcome->problem != NULL) {
        buf_add_text(out, "      ");
        str_add_visible(out, outcome->problem, strlen(outcome->problem));
        buf_add_char(out, '\n');
    }
    if (outcome->unclear)
        buf_add_text(out, "      it may have happened all the same; the next plan will tell\n");
    if (outcome->hint != NULL)
        buf_printf(out, "      help: %s\n", outcome->hint);
    if (left_nowhere(plan, execution, index)) {
        buf_add_text(out, "      it was taken out of its old service for this and is in none now: "
                          "apply again\n");
    }
    if (outcome->because_of != CHANGE_NONE) {
        buf_add_text(out, "      because this failed: ");
        add_change(plan, (size_t)outcome->because_of, out);
        buf_add_char(out, '\n');
    }
}

static void report_state(const struct plan *plan, const struct execution *execution,
                         enum change_state state, const char *heading, struct buf *out)
{
    bool any = false;
    size_t i;

    for (i = 0; i < plan->change_count; i++) {
        if (execution->outcomes[i].state != state)
            continue;
        if (!any)
            buf_printf(out, "\n%s:\n", heading);
        any = true;
        report_change(plan, execution, i, out);
    }
}

static void report(const struct plan *plan, const struct execution *execution, struct buf *out)
{
    report_state(plan, execution, CHANGE_DONE, "Done", out);
    report_state(plan, execution, CHANGE_FAILED, "Failed", out);
    report_state(plan, execution, CHANGE_NOT_ATTEMPTED, "Not attempted", out);
    buf_printf(out, "\nApply: %zu done, %zu failed, %zu not attempted.\n", execution->done,
               execution->failed, execution->not_attempted);
}

/* Reads the touched services again; 0 only when they are as the roster says. */
static int verify(const struct execution *execution, struct session *session,
                  const struct render_options *look, struct buf *out, struct diag *diag)
{
    struct desired touched = {0};
    struct live_state live = {0};
    struct plan rest = {0};
    int result = -1;

    if (verify_execution(execution, &session->plan, session->client, &touched, &live, &rest,
                         diag) != 0) {
        buf_add_text(out, "The result could not be verified.\n");
    } else if (rest.change_count == 0 && execution->failed + execution->not_attempted == 0) {
        buf_add_text(out, "Verified: the account is as the roster says.\n");
        result = 0;
    } else if (rest.change_count != 0) {
        buf_add_text(out, "\nThe account still differs from the roster:\n\n");
        render_text_changes(&rest, look, out);
    }
    plan_release(&rest);
    live_state_release(&live);
    desired_release(&touched);
    return result;
}

static enum exit_code execute(struct session *session, const struct render_options *look,
                              struct diag *diag)
{
    bool overwrite = isatty(STDERR_FILENO);
    struct execution execution = {0};
    enum exit_code code = EXIT_OK;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    execution_run(&execution, &session->plan, session->client, show_progress, &overwrite);
    report(&session->plan, &execution, &out);
    if (verify(&execution, session, look, &out, diag) != 0)
        code = EXIT_INCOMPLETE;
    if (terminal_write(&out, diag) != 0 && code == EXIT_OK)
        code = EXIT_ERROR;
    buf_release(&out);
    execution_release(&execution);
    return code;
}

static bool approved(const struct options *options, struct diag *diag)
{
    if (options->auto_approve)
        return true;
    if (!terminal_can_ask()) {
        diag_error(diag, NULL, "nothing was applied: there is no terminal to ask on");
        diag_help(diag, "read the plan, then run it with --auto-approve");
        return false;
    }
    if (terminal_ask("\nApply these changes? Only \"yes\" is accepted: "))
        return true;
    diag_error(diag, NULL, "nothing was applied: the plan was not approved");
    return false;
}

enum exit_code cmd_apply(const struct options *options, struct diag *diag)
{
    const struct render_options look = {.color = terminal_color(options, STDOUT_FILENO)};
    struct session session = {0};
    enum exit_code code = EXIT_ERROR;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (session_start(&session, options, diag) == 0) {
        render_text(&session.plan, &look, &out);
        /* A plan that could not be shown is not applied. */
        if (terminal_write(&out, diag) == 0) {
            if (session.plan.change_count == 0)
                code = EXIT_OK;
            else if (approved(options, diag))
                code = execute(&session, &look, diag);
        }
    }
    buf_release(&out);
    session_release(&session);
    return code;
}
