#include "cli/apply_run.h"

#include "cli/interrupt.h"
#include "cli/plan_output.h"
#include "cli/progress.h"
#include "cli/session_journal.h"
#include "cli/session_wait.h"
#include "cli/terminal.h"
#include "cli/undo_output.h"

#include "apply/journal.h"
#include "apply/verify.h"
#include "base/str.h"
#include "render/render.h"
#include "render/words.h"

#include <string.h>

/* What became of a sender that was taken out of its place for a change that failed. */
static void report_put_back(const struct plan *plan, size_t index,
                            const struct change_outcome *outcome, struct buf *out)
{
    const struct change *change = &plan->changes[index];
    const bool moves = change->kind == CHANGE_MOVE_SENDER;
    const struct change *lost =
        change->replaces == CHANGE_NONE ? change : &plan->changes[change->replaces];
    const char *name = plan->services[moves ? change->from : change->service].name;

    if (outcome->put_back == PUT_BACK_NONE)
        return;
    buf_printf(out, "      %s ", sender_types[lost->sender_kind].label);
    str_add_visible(out, words_identity(lost), strlen(words_identity(lost)));
    if (outcome->put_back == PUT_BACK_DONE) {
        buf_add_text(out, " was put back into ");
        str_add_visible(out, name, strlen(name));
        buf_add_char(out, '\n');
        return;
    }
    /* The API lists some senders in services only, so that the roster may need it. */
    if (lost->sender.sid != NULL && sender_types[lost->sender_kind].origin != SENDER_MINTED) {
        buf_add_text(out, " (");
        str_add_visible(out, lost->sender.sid, strlen(lost->sender.sid));
        buf_add_char(out, ')');
    }
    buf_add_text(out, " was taken out of ");
    str_add_visible(out, name, strlen(name));
    buf_add_text(out, " and may be in no service now: plan again at once\n");
    if (outcome->put_back_problem != NULL) {
        buf_add_text(out, "      putting it back failed: ");
        str_add_visible(out, outcome->put_back_problem, strlen(outcome->put_back_problem));
        buf_add_char(out, '\n');
    }
}

/* Why a change was not attempted. */
static void report_reason(const struct plan *plan, const struct execution *execution, size_t index,
                          struct buf *out)
{
    static const char *const stops[] = {
        [EXECUTION_WHOLE] = "",
        [EXECUTION_INTERRUPTED] = "      because roster was interrupted\n",
        [EXECUTION_OUT_OF_TIME] = "      because the time for the run was over (--timeout)\n",
        [EXECUTION_UNRECORDED] = "      because the journal could not be written\n",
    };
    const struct change_outcome *outcome = &execution->outcomes[index];

    if (outcome->because_of != CHANGE_NONE) {
        buf_add_text(out, "      because this failed: ");
        progress_add_change(plan, (size_t)outcome->because_of, out);
        buf_add_char(out, '\n');
    } else if (outcome->state == CHANGE_NOT_ATTEMPTED) {
        buf_add_text(out, stops[execution->stopped]);
    }
}

static void report_change(const struct plan *plan, const struct execution *execution, size_t index,
                          struct buf *out)
{
    const struct change_outcome *outcome = &execution->outcomes[index];

    buf_add_text(out, "  ");
    progress_add_change(plan, index, out);
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
    report_put_back(plan, index, outcome, out);
    report_reason(plan, execution, index, out);
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

/* Whether the plan is of all that the roster says: not narrowed, and no saved one. */
static bool is_whole(const struct plan *plan)
{
    return plan->desired->target_count == 0 && plan->desired->prune_sids == NULL;
}

/* Reads the touched services again. */
static enum journal_result verify(const struct execution *execution, struct session *session,
                                  const struct options *options, struct buf *out, struct diag *diag)
{
    const struct render_options look = plan_output_look(session, options);
    struct desired touched = {0};
    struct live_state live = {0};
    struct plan rest = {0};
    struct session_wait wait;
    enum journal_result result = JOURNAL_DIFFERS;
    int verified;

    if (execution->stopped == EXECUTION_INTERRUPTED || twilio_client_is_over(session->client)) {
        buf_printf(out,
                   "%s; the result was not verified. \"roster plan\" shows what is left to do.\n",
                   execution->stopped == EXECUTION_INTERRUPTED ? "Interrupted" : "Out of time");
        return JOURNAL_UNVERIFIED;
    }
    session_wait_begin(&wait, session->client, options, "Verifying the result", &live);
    verified =
        verify_execution(execution, &session->plan, session->client, &touched, &live, &rest, diag);
    session_wait_end(&wait);
    if (verified != 0) {
        buf_add_text(out, "The result could not be verified.\n");
        result = JOURNAL_UNVERIFIED;
    } else if (rest.change_count == 0 && execution->failed + execution->not_attempted == 0) {
        buf_add_text(out, is_whole(&session->plan)
                              ? "Verified: the account is as the roster says.\n"
                              : "Verified: all that the plan touches is as it says.\n");
        result = JOURNAL_AS_ROSTER;
    } else if (rest.change_count != 0) {
        buf_add_text(out, "\nThe account still differs from the roster:\n\n");
        render_text_changes(&rest, &look, out);
    }
    plan_release(&rest);
    live_state_release(&live);
    desired_release(&touched);
    return result;
}

static void report_incomplete(const struct execution *execution, enum journal_result result,
                              struct diag *diag)
{
    static const char *const how[] = {
        [EXECUTION_WHOLE] = "is not complete",
        [EXECUTION_INTERRUPTED] = "was interrupted",
        [EXECUTION_OUT_OF_TIME] = "ran out of time (--timeout)",
        [EXECUTION_UNRECORDED] = "is not complete",
    };
    const bool cut_off =
        execution->stopped == EXECUTION_INTERRUPTED || execution->stopped == EXECUTION_OUT_OF_TIME;

    if (execution->failed + execution->not_attempted != 0)
        diag_error(diag, NULL, "the apply %s: %zu failed, %zu not attempted",
                   how[execution->stopped], execution->failed, execution->not_attempted);
    else if (result == JOURNAL_DIFFERS)
        diag_error(diag, NULL, "the account is not as the roster says after the apply");
    else
        return;
    diag_help(diag, "%splan and apply again: that does only what is left",
              cut_off && execution->failed == 0 ? "" : "mend the cause, then ");
}

/* Sends the test messages, when all else worked. */
static enum exit_code test(struct apply_tests *tests, struct session *session,
                           const struct options *options, struct journal *journal,
                           struct diag *diag)
{
    enum exit_code code = EXIT_OK;
    bool failed = false;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (apply_tests_run(tests, session, journal, options, &out, &failed, diag) != 0)
        code = failed ? EXIT_TEST_FAILED : EXIT_ERROR;
    if (out.size != 0 && terminal_write(&out, diag) != 0 && code == EXIT_OK)
        code = EXIT_ERROR;
    buf_release(&out);
    return code;
}

static const char *first_problem(const struct execution *execution, struct session *session)
{
    const char *problem = NULL;
    struct buf text;
    size_t i;

    buf_init(&text, 64 * 1024);
    for (i = 0; i < session->plan.change_count && text.size == 0; i++) {
        const struct change_outcome *outcome = &execution->outcomes[i];
        if (outcome->state != CHANGE_FAILED || outcome->problem == NULL)
            continue;
        progress_add_change(&session->plan, i, &text);
        buf_add_text(&text, ": ");
        str_add_visible(&text, outcome->problem, strlen(outcome->problem));
    }
    if (text.size != 0)
        problem = arena_strdup(&session->arena, buf_text(&text));
    buf_release(&text);
    return problem;
}

static enum exit_code execute(struct session *session, const struct options *options,
                              struct apply_tests *tests, struct journal *journal,
                              struct apply_counts *counts, struct diag *diag)
{
    struct execution execution = {0};
    enum journal_result result;
    enum exit_code code = EXIT_OK;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    progress_run(&execution, &session->plan, session->client, journal, options);
    *counts = (struct apply_counts){.begun = true,
                                    .done = execution.done,
                                    .failed = execution.failed,
                                    .not_attempted = execution.not_attempted,
                                    .stopped = execution.stopped,
                                    .problem = first_problem(&execution, session)};
    report(&session->plan, &execution, &out);
    result = verify(&execution, session, options, &out, diag);
    journal_end(journal, &execution, result);
    if (journal_problem(journal) != NULL)
        diag_error(diag, NULL, "%s", journal_problem(journal));
    if (result != JOURNAL_AS_ROSTER || journal_problem(journal) != NULL) {
        code = EXIT_INCOMPLETE;
        report_incomplete(&execution, result, diag);
    }
    if (terminal_write(&out, diag) != 0 && code == EXIT_OK)
        code = EXIT_ERROR;
    /* The way back is wanted most when not all went well. */
    twilio_client_end_at(session->client, 0);
    if (options->undo_out != NULL && undo_output(session, &execution, options, diag) != 0 &&
        code == EXIT_OK)
        code = EXIT_ERROR;
    twilio_client_end_at(session->client, session->end_ms);
    if (code == EXIT_OK)
        code = test(tests, session, options, journal, diag);
    buf_release(&out);
    execution_release(&execution);
    return code;
}

enum exit_code apply_run(struct session *session, const struct options *options,
                         struct apply_tests *tests, struct apply_counts *counts, struct diag *diag)
{
    struct journal *journal = session_journal(session, options, "jsonl", diag);
    struct interrupt_watch watch;
    enum exit_code code;

    memset(counts, 0, sizeof(*counts));
    if (journal == NULL || journal_begin(journal, &session->plan, diag) != 0) {
        diag_error(diag, NULL, "nothing was applied: there is no journal of it");
        journal_close(journal);
        return EXIT_ERROR;
    }
    interrupt_watch(&watch, options->log != NULL && options->log->redraw);
    code = execute(session, options, tests, journal, counts, diag);
    interrupt_unwatch(&watch);
    journal_close(journal);
    return code;
}
