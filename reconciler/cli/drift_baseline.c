#include "cli/drift_baseline.h"

#include "cli/session_source.h"
#include "cli/terminal.h"

static int load(struct session *baseline, const struct options *options, struct diag *diag)
{
    const char *location = session_roster(options);

    if (!source_is_remote(location))
        return source_load_revision(&baseline->source, location, options->baseline, DOC_MAX_SIZE,
                                    diag);
    return session_source_load(&baseline->source, location, options->baseline, options,
                               &baseline->arena, diag);
}

/* What was applied was warned of when it was. */
int drift_baseline_load(struct session *baseline, const struct options *options, struct diag *diag)
{
    struct diag own;
    int result;

    if (load(baseline, options, diag) != 0)
        return -1;
    diag_init(&own);
    result = session_read(baseline, &own);
    if (result != 0) {
        terminal_diagnostics(options, &own);
        diag_error(diag, NULL, "what --baseline names is no good roster");
        diag_help(diag, "name the commit that was applied last, with the environment that it was "
                        "applied in");
    }
    diag_release(&own);
    return result;
}
