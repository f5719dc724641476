#include "cli/apply_tests.h"

#include "cli/interrupt.h"
#include "cli/test_report.h"
#include "cli/test_sends.h"

#include "base/str.h"

#include <string.h>

static bool has_name(const struct plan *plan, size_t service, const char *name)
{
    const struct desired_service *desired = plan->services[service].desired;

    return desired != NULL && str_equal(desired->service.friendly_name, name);
}

/* Whether the plan changes the service, or takes something out of it. */
static bool is_touched(const void *context, const struct test_send *send)
{
    const struct plan *plan = context;
    size_t i;

    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (has_name(plan, change->service, send->service) ||
            (change->kind == CHANGE_MOVE_SENDER && has_name(plan, change->from, send->service)))
            return true;
    }
    return false;
}

/* The client and the journal know what must not be shown by the session alone. */
static void hide_values(struct session *session, const struct redactions *redactions)
{
    size_t i;

    for (i = 0; i < redactions->count; i++)
        redactions_add(&session->desired.redactions, &session->desired.arena,
                       redactions->items[i].value, redactions->items[i].shown);
}

/* A saved plan has no test sends; its roster, which was held against it, has. */
static int load_roster(struct apply_tests *tests, struct session *session,
                       const struct options *options, struct diag *diag)
{
    struct options roster = *options;

    if (strcmp(session->origin.location, "-") == 0) {
        diag_error(diag, NULL,
                   "the test sends of a roster from standard input are not in its plan");
        diag_help(diag, "apply without --test, then: roster test");
        return -1;
    }
    roster.arguments = &session->origin.location;
    roster.argument_count = 1;
    if (session_load(&tests->declared, &roster, diag) != 0)
        return -1;
    if (str_equal(tests->declared.origin.sha256, session->origin.sha256)) {
        hide_values(session, &tests->declared.desired.redactions);
        return 0;
    }
    diag_error(diag, NULL, "%s is not the roster that the plan was made from",
               session->origin.location);
    return -1;
}

int apply_tests_prepare(struct apply_tests *tests, struct session *session,
                        const struct options *options, struct diag *diag)
{
    tests->desired = &session->desired;
    if (session->source.count == 0) {
        if (load_roster(tests, session, options, diag) != 0)
            return -1;
        tests->desired = &tests->declared.desired;
    }
    if (test_sends_choose(&tests->run, tests->desired, is_touched, &session->plan, options, diag) !=
        0)
        return -1;
    if (tests->run.count != 0)
        test_sends_announce(&tests->run, options);
    else
        diag_note(diag, NULL, "no test send goes through a service that is changed");
    return 0;
}

int apply_tests_run(struct apply_tests *tests, struct session *session, struct journal *journal,
                    const struct options *options, struct buf *out, bool *failed, struct diag *diag)
{
    if (tests->run.count == 0)
        return 0;
    if (interrupt_came()) {
        diag_error(diag, NULL, "interrupted: %zu test messages were not sent", tests->run.count);
        *failed = true;
        return -1;
    }
    if (test_sends_resolve(&tests->run, session, tests->desired, options, diag) != 0 ||
        test_sends_run(&tests->run, session, journal, NULL, options, diag) != 0)
        return -1;
    buf_add_char(out, '\n');
    test_report_text(&tests->run, &tests->desired->redactions, out);
    *failed = !test_sends_passed(&tests->run, diag);
    return *failed ? -1 : 0;
}

void apply_tests_release(struct apply_tests *tests)
{
    test_run_release(&tests->run);
    session_release(&tests->declared);
}
