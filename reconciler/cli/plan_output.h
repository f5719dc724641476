/*
 * A session's plan on standard output, and what its guards say of it; for plan and apply.
 */
#ifndef ROSTER_CLI_PLAN_OUTPUT_H
#define ROSTER_CLI_PLAN_OUTPUT_H

#include "cli/options.h"
#include "cli/session.h"
#include "render/render.h"

/* How standard output takes a text: its colours and width. */
struct render_options plan_output_look(const struct session *session,
                                       const struct options *options);

/* Writes the whole plan in the format; reports and returns -1 when it can't be written. */
MUST_CHECK int plan_output(const struct session *session, const struct options *options,
                           const char *format, struct diag *diag);

/* Whether a guard refuses the plan; then one error names all that do. */
bool plan_output_refused(const struct plan *plan, struct diag *diag);

#endif
