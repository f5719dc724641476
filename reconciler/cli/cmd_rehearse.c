/*
 * apply, on a copy of the account: what would come of it.
 */
#include "cli/commands.h"
#include "cli/plan_output.h"
#include "cli/rehearsal.h"
#include "cli/rehearsal_faults.h"
#include "cli/rehearsal_report.h"
#include "cli/session_run.h"
#include "cli/terminal.h"

#include <string.h>

static bool is_json(const struct options *options)
{
    return strcmp(options->format, "json") == 0;
}

/* Before anything is asked of the account. */
static int check_faults(const struct options *options, struct diag *diag)
{
    int result = 0;
    size_t i;

    for (i = 0; i < options->faults.count; i++) {
        struct sandbox_faults_file file = {0};
        if (rehearsal_faults_read(options->faults.items[i], &file, diag) != 0)
            result = -1;
        sandbox_faults_file_release(&file);
    }
    return result;
}

static int report(const struct session *session, enum rehearsal_result result,
                  const struct rehearsal *rehearsal, const struct options *options,
                  struct diag *diag)
{
    struct buf out;
    int written;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (is_json(options))
        rehearsal_report_json(&session->plan, result, rehearsal, &out);
    else
        rehearsal_report_text(&session->plan, result, rehearsal, &out);
    written = terminal_write(&out, diag);
    buf_release(&out);
    return written;
}

static enum exit_code perform(struct session *session, const struct options *options,
                              struct diag *diag)
{
    struct rehearsal rehearsal = {0};
    enum exit_code code = EXIT_ERROR;

    if (rehearsal_run(&rehearsal, session, options, diag) != 0) {
        diag_note(diag, NULL, "nothing was rehearsed");
    } else if (report(session, rehearsal.converges ? REHEARSAL_CONVERGES : REHEARSAL_DIFFERS,
                      &rehearsal, options, diag) == 0) {
        code = rehearsal.converges ? EXIT_OK : EXIT_INCOMPLETE;
        if (!rehearsal.converges)
            diag_error(diag, NULL, "the rehearsal did not end as the plan says");
    }
    rehearsal_release(&rehearsal);
    return code;
}

static enum exit_code rehearse(struct session *session, const struct options *options,
                               struct diag *diag)
{
    if (!is_json(options) && plan_output(session, options, "text", diag) != 0)
        return EXIT_ERROR;
    if (plan_output_refused(&session->plan, diag))
        return report(session, REHEARSAL_REFUSED, NULL, options, diag) == 0 ? EXIT_REFUSED
                                                                            : EXIT_ERROR;
    if (session->plan.change_count == 0)
        return report(session, REHEARSAL_NOTHING_TO_DO, NULL, options, diag) == 0 ? EXIT_OK
                                                                                  : EXIT_ERROR;
    return perform(session, options, diag);
}

enum exit_code cmd_rehearse(const struct options *options, struct diag *diag)
{
    struct options reading = *options;

    reading.read_only = true;
    return check_faults(options, diag) == 0 ? session_run(&reading, rehearse, diag) : EXIT_ERROR;
}
