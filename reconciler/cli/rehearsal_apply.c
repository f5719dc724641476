#include "cli/progress.h"
#include "cli/rehearsal_parts.h"

#include "apply/executor.h"
#include "apply/verify.h"
#include "base/str.h"
#include "twilio/live_fetch.h"

#include <string.h>

/* As often as against the account, with a hundredth of the waits. */
static const struct retry_policy quick = {
    .max_attempts = 6,
    .base_delay_ms = 2,
    .max_delay_ms = 200,
    .max_elapsed_ms = 120 * 1000,
};

struct twilio_client *rehearsal_client(const struct rehearsal_sandbox *sandbox,
                                       const struct session *session, const struct options *options,
                                       struct diag *diag)
{
    struct twilio_client_config config = {
        .http =
            {
                .parallelism = (unsigned)options->parallelism,
                .connect_timeout_ms = options->connect_timeout * 1000,
                .total_timeout_ms = options->request_timeout * 1000,
                .retry = &quick,
                .user_agent = "roster-rehearsal/" ROSTER_VERSION,
            },
        .redactions = &session->desired.redactions,
    };
    struct twilio_client *client;

    rehearsal_sandbox_login(sandbox, &config);
    client = twilio_client_new(&config, diag);
    if (client != NULL)
        twilio_client_end_at(client, session->end_ms);
    return client;
}

struct session rehearsal_scene(const struct session *session, struct twilio_client *client)
{
    return (struct session){
        .desired = session->desired, .origin = session->origin, .client = client};
}

void rehearsal_scene_release(struct session *scene)
{
    plan_release(&scene->plan);
    live_state_release(&scene->live);
    arena_release(&scene->arena);
}

/* The text without the sandbox's address, which means nothing to anybody. */
static const char *without_address(const char *text, const struct rehearsal_sandbox *sandbox,
                                   struct arena *arena)
{
    struct twilio_client_config config;
    struct buf out;
    const char *found;

    rehearsal_sandbox_login(sandbox, &config);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    while ((found = strstr(text, config.hosts.api)) != NULL) {
        buf_add(&out, text, (size_t)(found - text));
        text = found + strlen(config.hosts.api);
    }
    buf_add_text(&out, text);
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

static const char *first_error(const struct diag *diag, const struct rehearsal_sandbox *sandbox,
                               struct arena *arena)
{
    size_t i;

    for (i = 0; i < diag->count; i++)
        if (diag->items[i].level == DIAG_ERROR)
            return without_address(diag->items[i].message, sandbox, arena);
    return "it is not known why";
}

const char *rehearsal_plan(struct session *scene, const struct rehearsal_sandbox *sandbox,
                           struct arena *arena)
{
    const char *problem = NULL;
    struct diag diag;

    diag_init(&diag);
    if (live_fetch(scene->client, &scene->desired, &scene->live, &diag) != 0 ||
        session_build(scene, &diag) != BUILD_GOOD)
        problem = first_error(&diag, sandbox, arena);
    diag_release(&diag);
    return problem;
}

static const char *first_problem(const struct execution *execution, const struct plan *plan,
                                 const struct rehearsal_sandbox *sandbox, struct arena *arena)
{
    const char *problem = NULL;
    struct buf text;
    size_t i;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    for (i = 0; i < plan->change_count && text.size == 0; i++) {
        const struct change_outcome *outcome = &execution->outcomes[i];
        if (outcome->state != CHANGE_FAILED || outcome->problem == NULL)
            continue;
        progress_add_change(plan, i, &text);
        buf_add_text(&text, ": ");
        buf_add_text(&text, outcome->problem);
    }
    if (text.size != 0)
        problem = without_address(buf_text(&text), sandbox, arena);
    buf_release(&text);
    return problem;
}

static void verify(struct rehearsed_apply *apply, const struct execution *execution,
                   const struct plan *plan, struct twilio_client *client,
                   const struct rehearsal_sandbox *sandbox, struct arena *arena)
{
    struct desired touched = {0};
    struct live_state live = {0};
    struct plan rest = {0};
    struct diag diag;

    diag_init(&diag);
    if (verify_execution(execution, plan, client, &touched, &live, &rest, &diag) != 0)
        apply->unverified = first_error(&diag, sandbox, arena);
    else
        apply->as_roster =
            rest.change_count == 0 && execution->failed + execution->not_attempted == 0;
    plan_release(&rest);
    live_state_release(&live);
    desired_release(&touched);
    diag_release(&diag);
}

void rehearsal_apply(struct rehearsed_apply *apply, const struct plan *plan,
                     struct twilio_client *client, const struct rehearsal_sandbox *sandbox,
                     const struct options *options, struct arena *arena)
{
    const struct execution_config config = {.window = (size_t)options->parallelism,
                                            .retry = &quick};
    struct execution execution = {0};

    execution_run(&execution, plan, client, &config);
    apply->done = execution.done;
    apply->failed = execution.failed;
    apply->not_attempted = execution.not_attempted;
    apply->problem = first_problem(&execution, plan, sandbox, arena);
    verify(apply, &execution, plan, client, sandbox, arena);
    apply->code = apply->as_roster ? EXIT_OK : EXIT_INCOMPLETE;
    execution_release(&execution);
}
