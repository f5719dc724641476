#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/session_journal.h"
#include "cli/terminal.h"
#include "cli/test_report.h"
#include "cli/test_sends.h"

#include "base/str.h"

#include <stdio.h>
#include <string.h>

static bool is_chosen(const void *context, const struct test_send *send)
{
    const struct options *options = context;
    size_t i;

    for (i = 0; i < options->only.count; i++)
        if (str_matches(options->only.items[i], send->name))
            return true;
    return options->only.count == 0;
}

/* A pattern that means nothing is a slip: a test that passes because it was not there. */
static int check_patterns(const struct desired *desired, const struct options *options,
                          struct diag *diag)
{
    struct arena scratch = {0};
    const char **names = arena_array(&scratch, desired->test_send_count, sizeof(*names));
    int result = 0;
    size_t i, j;

    for (j = 0; j < desired->test_send_count; j++)
        names[j] = desired->test_sends[j].name;
    for (i = 0; i < options->only.count; i++) {
        const char *pattern = options->only.items[i], *nearest;
        bool found = false;
        for (j = 0; j < desired->test_send_count; j++)
            found = found || str_matches(pattern, names[j]);
        if (found)
            continue;
        diag_error(diag, NULL, "the roster has no test send \"%s\"", pattern);
        nearest = str_closest(pattern, names, desired->test_send_count);
        if (nearest != NULL)
            diag_help(diag, "did you mean \"%s\"?", nearest);
        result = -1;
    }
    arena_release(&scratch);
    return result;
}

static bool approved(struct session *session, const struct options *options, struct diag *diag)
{
    char question[256];
    const char *why;

    if (options->auto_approve)
        return true;
    if (!terminal_can_ask(options, &why)) {
        diag_error(diag, NULL, "nothing was sent: %s", why);
        diag_help(diag, "run it with --auto-approve");
        return false;
    }
    snprintf(question, sizeof(question),
             "\nSend these messages from account %s? Only \"yes\" is accepted: ",
             session->origin.account_sid);
    if (session_ask(session, question))
        return true;
    diag_error(diag, NULL, "nothing was sent: it was not approved");
    return false;
}

static int write_report(const struct test_run *run, const struct session *session,
                        const char *format, struct diag *diag)
{
    const struct redactions *redactions = &session->desired.redactions;
    struct buf out;
    int result;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (str_equal(format, "json"))
        test_report_json(run, session->origin.account_sid, redactions, &out);
    else if (str_equal(format, "junit"))
        test_report_junit(run, redactions, &out);
    else
        test_report_text(run, redactions, &out);
    result = terminal_write(&out, diag);
    buf_release(&out);
    return result;
}

static enum exit_code send_all(struct test_run *run, struct session *session,
                               struct test_listener *listener, const struct options *options,
                               struct diag *diag)
{
    struct journal *journal = session_journal(session, options, "tests.jsonl", diag);
    struct interrupt_watch watch;
    enum exit_code code = EXIT_ERROR;

    if (journal == NULL) {
        diag_error(diag, NULL, "nothing was sent: there is no journal of it");
        return EXIT_ERROR;
    }
    interrupt_watch(&watch, options->log != NULL && options->log->redraw);
    if (test_sends_run(run, session, journal, listener, options, diag) == 0) {
        code = test_sends_passed(run, diag) ? EXIT_OK : EXIT_TEST_FAILED;
        if (write_report(run, session, options->format, diag) != 0 && code == EXIT_OK)
            code = EXIT_ERROR;
    }
    interrupt_unwatch(&watch);
    if (test_listener_refused(listener) != 0)
        diag_warning(diag, NULL, "%llu requests were no callbacks of Twilio's and were refused",
                     (unsigned long long)test_listener_refused(listener));
    journal_close(journal);
    return code;
}

/* What needs no account comes first: mistakes, and the listener. */
static int prepare(struct session *session, struct test_run *run, struct test_listener *listener,
                   const struct options *options, struct diag *diag)
{
    if (session_load(session, options, diag) != 0 ||
        check_patterns(&session->desired, options, diag) != 0 ||
        test_sends_choose(run, &session->desired, is_chosen, options, options, diag) != 0 ||
        session_credentials(session, options, diag) != 0 ||
        test_listener_open(listener, run, &session->variables, options, diag) != 0)
        return -1;
    terminal_diagnostics(options, diag);
    if (run->count == 0)
        diag_warning(diag, NULL, "the roster declares no test sends: nothing was tested");
    if (session_connect(session, options, diag) != 0)
        return -1;
    return test_sends_resolve(run, session, &session->desired, options, diag);
}

static enum exit_code test(struct session *session, struct test_run *run,
                           struct test_listener *listener, const struct options *options,
                           struct diag *diag)
{
    if (prepare(session, run, listener, options, diag) != 0)
        return EXIT_ERROR;
    if (run->count != 0) {
        test_sends_announce(run, options);
        if (!approved(session, options, diag))
            return EXIT_ERROR;
    }
    return send_all(run, session, listener, options, diag);
}

enum exit_code cmd_test(const struct options *options, struct diag *diag)
{
    struct test_listener listener = {0};
    struct session session = {0};
    struct test_run run = {0};
    enum exit_code code = test(&session, &run, &listener, options, diag);

    test_listener_close(&listener);
    test_run_release(&run);
    session_release(&session);
    return code;
}
