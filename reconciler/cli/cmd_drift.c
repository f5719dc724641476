/*
 * The comparison for cron: what plan does, with a class for every difference, and nothing written
 * but what was asked for.
 */
#include "cli/commands.h"
#include "cli/drift_baseline.h"
#include "cli/drift_metrics.h"
#include "cli/drift_notify.h"
#include "cli/plan_output.h"
#include "cli/session.h"
#include "cli/terminal.h"

#include "base/clock.h"
#include "base/file.h"
#include "plan/drift.h"
#include "source/remote_location.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int classify(struct session *session, struct session *baseline,
                    const struct options *options, struct diag *diag)
{
    const char *commit;

    if (options->baseline == NULL) {
        drift_classify(&session->plan);
        return 0;
    }
    commit = arena_strdup(&session->arena, baseline->source.commit.id);
    if (drift_classify_against(&session->plan, &baseline->desired, commit, &session->live, diag) ==
        0)
        return 0;
    diag_help(diag, "what --baseline names does not fit the account any more: name a later commit");
    return -1;
}

/* Reads both rosters before the first request. */
static int compare(struct session *session, struct session *baseline, const struct options *options,
                   struct diag *diag)
{
    if (session_load(session, options, diag) != 0 || session_target(session, options, diag) != 0 ||
        session_read_key(session, diag) != 0 ||
        (options->baseline != NULL && drift_baseline_load(baseline, options, diag) != 0) ||
        session_connect(session, options, diag) != 0)
        return -1;
    terminal_diagnostics(options, diag);
    if (session_plan(session, options, diag) != 0)
        return -1;
    return classify(session, baseline, options, diag);
}

/*
 * What tells the roster's metrics from those of others: absolute, for all rosters are called
 * roster.yaml. A location that may have a password in it, for it is malformed, is not shown.
 */
static const char *label(const char *location, struct arena *arena)
{
    struct remote_location parts;
    struct diag ignored;
    char *folder;
    bool good;

    if (source_is_remote(location)) {
        diag_init(&ignored);
        good = remote_location_parse(&parts, location, arena, &ignored) == 0;
        diag_release(&ignored);
        return good ? location : "(malformed)";
    }
    if (location[0] == '/' || strcmp(location, "-") == 0)
        return location;
    folder = getcwd(NULL, 0);
    if (folder != NULL)
        location = arena_printf(arena, "%s/%s", folder, location);
    free(folder);
    return location;
}

static int write_metrics(const struct session *session, bool compared, int64_t started_ms,
                         const struct options *options, struct diag *diag)
{
    struct arena scratch = {0};
    const struct drift_metrics metrics = {
        .roster = label(session_roster(options), &scratch),
        .version = ROSTER_VERSION,
        .plan = compared ? &session->plan : NULL,
        .now = clock_wall(&clock_system) / 1000,
        .duration_ms = clock_monotonic(&clock_system) - started_ms,
        .requests = session->client == NULL ? 0 : twilio_client_stats(session->client)->attempts,
    };
    struct buf text;
    int result;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    drift_metrics_write(&metrics, &text);
    result = file_write_atomic(options->metrics, buf_text(&text), text.size, 0644, diag);
    buf_release(&text);
    arena_release(&scratch);
    return result;
}

/* Metrics tell of runs that failed, too; only what could be compared is worth a notification. */
static enum exit_code drift(struct session *session, struct session *baseline,
                            const struct options *options, struct diag *diag)
{
    const int64_t started_ms = clock_monotonic(&clock_system);
    enum exit_code code = EXIT_ERROR;
    bool compared;

    if (options->metrics != NULL && file_check_writable(options->metrics, diag) != 0)
        return EXIT_ERROR;
    compared =
        drift_notify_check(options, diag) == 0 && compare(session, baseline, options, diag) == 0;
    if (compared && plan_output(session, options, options->format, diag) == 0)
        code = drift_by_hand(&session->plan) == 0 ? EXIT_OK : EXIT_CHANGES;
    if (options->metrics != NULL &&
        write_metrics(session, compared, started_ms, options, diag) != 0)
        code = EXIT_ERROR;
    if (compared && options->notify != NULL)
        drift_notify(session, options, diag);
    return code;
}

enum exit_code cmd_drift(const struct options *options, struct diag *diag)
{
    struct session session = {0}, baseline = {0};
    enum exit_code code = drift(&session, &baseline, options, diag);

    session_release(&baseline);
    session_release(&session);
    return code;
}
