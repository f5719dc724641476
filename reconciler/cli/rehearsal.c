#include "cli/rehearsal.h"

#include "cli/rehearsal_faults.h"
#include "cli/rehearsal_parts.h"
#include "cli/session_wait.h"

#include "apply/rounds.h"
#include "http/rate_limit.h"

#include <string.h>

/* How fast the account answers */

static void measure(struct rehearsal_pace *pace, const struct session *session,
                    const struct options *options)
{
    const struct http_engine_stats *stats = twilio_client_stats(session->client);
    struct http_engine_pulse pulse;

    twilio_client_pulse(session->client, &pulse);
    pace->fetch_requests = stats->attempts - pace->plan_requests;
    pace->throttled = stats->throttled;
    pace->latency_us = stats->answers == 0 ? 0 : stats->answers_us / (int64_t)stats->answers;
    pace->parallelism = (size_t)options->parallelism;
    pace->rate_given = options->rate != 0;
    pace->rate = (options->rate != 0 ? options->rate : (int64_t)pulse.learned) * RATE_LIMIT_UNIT;
}

static int64_t at_rate_ms(const struct rehearsal_pace *pace, size_t requests)
{
    return pace->rate == 0 ? 0 : (int64_t)requests * 1000 * RATE_LIMIT_UNIT / pace->rate;
}

size_t rehearsal_requests(const struct rehearsal_duration *duration)
{
    return duration->plan_reads + duration->writes + duration->verify_reads;
}

void rehearsal_estimate(const struct rehearsal_pace *pace, struct rehearsal_duration *duration)
{
    const size_t requests = rehearsal_requests(duration);
    const int64_t rate_ms = at_rate_ms(pace, requests);

    duration->least_ms = (int64_t)duration->rounds * pace->latency_us / 1000;
    duration->most_ms = (int64_t)requests * pace->latency_us / 1000;
    if (duration->least_ms < rate_ms)
        duration->least_ms = rate_ms;
    if (duration->most_ms < rate_ms)
        duration->most_ms = rate_ms;
}

/* Round trips of reads that don't wait for each other. */
static size_t read_rounds(size_t reads, size_t parallelism)
{
    return (reads + parallelism - 1) / parallelism;
}

static void estimate(struct rehearsal *rehearsal, const struct plan *plan)
{
    struct rehearsal_duration *duration = &rehearsal->duration;
    const size_t parallelism = rehearsal->pace.parallelism;

    duration->plan_reads = rehearsal->pace.plan_requests;
    duration->writes = request_counts_writes(&rehearsal->apply.requests);
    duration->verify_reads = request_counts_reads(&rehearsal->apply.requests);
    /* A plan begins with the list of services, which tells what else is to be read. */
    duration->rounds = 1 + read_rounds(duration->plan_reads - 1, parallelism) +
                       plan_rounds(plan, parallelism) +
                       read_rounds(duration->verify_reads, parallelism);
    rehearsal_estimate(&rehearsal->pace, duration);
}

/* Rehearsing */

static void count_since(const struct rehearsal_sandbox *sandbox,
                        const struct request_counts *before, struct request_counts *since)
{
    size_t kind;

    rehearsal_sandbox_counts(sandbox, since);
    for (kind = 0; kind < REQUEST_KIND_COUNT; kind++)
        since->of[kind] -= before->of[kind];
    since->faults -= before->faults;
}

static bool is_same(const struct plan *a, const struct plan *b)
{
    return a->change_count == b->change_count &&
           memcmp(a->counts, b->counts, sizeof(a->counts)) == 0;
}

/* What a plan made now says. */
static void look_again(struct rehearsed_apply *apply, struct session *scene,
                       const struct rehearsal_sandbox *sandbox, struct arena *arena)
{
    apply->unplannable = rehearsal_plan(scene, sandbox, arena);
    apply->left = apply->unplannable == NULL ? scene->plan.change_count : 0;
}

static bool is_settled(const struct rehearsed_apply *apply)
{
    return apply->unplannable == NULL && apply->left == 0;
}

/* The plan itself, without faults. */
static void rehearse_plan(struct rehearsal *rehearsal, const struct session *session,
                          const struct rehearsal_sandbox *sandbox, struct twilio_client *client,
                          const struct options *options)
{
    struct session before = rehearsal_scene(session, client),
                   after = rehearsal_scene(session, client);
    struct rehearsed_apply *apply = &rehearsal->apply;
    struct request_counts counts;

    rehearsal->same_plan = rehearsal_plan(&before, sandbox, &rehearsal->arena) == NULL &&
                           is_same(&before.plan, &session->plan);
    rehearsal_sandbox_counts(sandbox, &counts);
    rehearsal_apply(apply, &session->plan, client, sandbox, options, &rehearsal->arena);
    count_since(sandbox, &counts, &apply->requests);
    look_again(apply, &after, sandbox, &rehearsal->arena);
    rehearsal_scene_release(&after);
    rehearsal_scene_release(&before);
}

/* A whole apply of its own, as after "roster-sandbox --faults FILE --": it plans for itself. */
static void apply_anew(struct rehearsed_apply *apply, const struct session *session,
                       const struct rehearsal_sandbox *sandbox, struct twilio_client *client,
                       const struct options *options, struct arena *arena)
{
    struct session scene = rehearsal_scene(session, client);
    struct request_counts before;

    rehearsal_sandbox_counts(sandbox, &before);
    apply->unplanned = rehearsal_plan(&scene, sandbox, arena);
    apply->code = EXIT_ERROR;
    if (apply->unplanned == NULL)
        rehearsal_apply(apply, &scene.plan, client, sandbox, options, arena);
    count_since(sandbox, &before, &apply->requests);
    rehearsal_scene_release(&scene);
}

/* Services that the plan creates and that are there more than once. */
static size_t count_duplicates(const struct plan *plan, const struct live_state *live)
{
    size_t count = 0, i, j;

    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        const struct desired_service *wanted = plan->services[change->service].desired;
        size_t found = 0;
        if (change->kind != CHANGE_CREATE_SERVICE)
            continue;
        for (j = 0; j < live->count; j++)
            if (live->services[j]->service.friendly_name != NULL &&
                strcmp(live->services[j]->service.friendly_name, wanted->service.friendly_name) ==
                    0)
                found++;
        count += found > 1 ? found - 1 : 0;
    }
    return count;
}

static void rehearse_under(struct rehearsed_trouble *trouble, const struct session *session,
                           struct rehearsal_sandbox *sandbox, struct twilio_client *client,
                           const struct options *options, struct arena *arena)
{
    struct session after = rehearsal_scene(session, client), end = rehearsal_scene(session, client);

    apply_anew(&trouble->first, session, sandbox, client, options, arena);
    rehearsal_sandbox_calm(sandbox);
    look_again(&trouble->first, &after, sandbox, arena);
    trouble->repeated = !is_settled(&trouble->first);
    if (trouble->repeated) {
        apply_anew(&trouble->again, session, sandbox, client, options, arena);
        look_again(&trouble->again, &end, sandbox, arena);
    }
    trouble->duplicates =
        count_duplicates(&session->plan, trouble->repeated ? &end.live : &after.live);
    trouble->recovers = is_settled(trouble->repeated ? &trouble->again : &trouble->first) &&
                        trouble->duplicates == 0;
    rehearsal_scene_release(&after);
    rehearsal_scene_release(&end);
}

/* One sandbox, one performance. `trouble` NULL: that of the plan. */
static int perform(struct rehearsal *rehearsal, struct rehearsed_trouble *trouble,
                   const struct sandbox_faults *faults, const struct buf *state,
                   const struct session *session, const struct options *options, struct diag *diag)
{
    const char *what = trouble == NULL
                           ? "Rehearsing"
                           : arena_printf(&rehearsal->arena, "Rehearsing under %s", trouble->name);
    struct rehearsal_sandbox *sandbox = rehearsal_sandbox_start(state, faults, diag);
    struct twilio_client *client =
        sandbox == NULL ? NULL : rehearsal_client(sandbox, session, options, diag);
    struct session_wait wait;
    int result = -1;

    if (client != NULL) {
        session_wait_begin(&wait, client, options, what, NULL);
        if (trouble == NULL)
            rehearse_plan(rehearsal, session, sandbox, client, options);
        else
            rehearse_under(trouble, session, sandbox, client, options, &rehearsal->arena);
        session_wait_end(&wait);
        result = 0;
    }
    twilio_client_free(client);
    rehearsal_sandbox_stop(sandbox);
    return result;
}

static int perform_under(struct rehearsal *rehearsal, const char *name, const struct buf *state,
                         const struct session *session, const struct options *options,
                         struct diag *diag)
{
    struct rehearsed_trouble *trouble = &rehearsal->troubles[rehearsal->trouble_count];
    struct sandbox_faults_file file = {0};
    int result = -1;

    trouble->name = name;
    if (rehearsal_faults_read(name, &file, diag) == 0 &&
        perform(rehearsal, trouble, &file.faults, state, session, options, diag) == 0) {
        rehearsal->trouble_count++;
        rehearsal->converges &= trouble->recovers;
        result = 0;
    }
    sandbox_faults_file_release(&file);
    return result;
}

static int perform_all(struct rehearsal *rehearsal, const struct buf *state,
                       const struct session *session, const struct options *options,
                       struct diag *diag)
{
    size_t i;

    if (perform(rehearsal, NULL, NULL, state, session, options, diag) != 0)
        return -1;
    estimate(rehearsal, &session->plan);
    rehearsal->converges = rehearsal->apply.as_roster && is_settled(&rehearsal->apply);
    rehearsal->troubles =
        arena_array(&rehearsal->arena, options->faults.count, sizeof(*rehearsal->troubles));
    for (i = 0; i < options->faults.count; i++)
        if (perform_under(rehearsal, options->faults.items[i], state, session, options, diag) != 0)
            return -1;
    return 0;
}

int rehearsal_run(struct rehearsal *rehearsal, struct session *session,
                  const struct options *options, struct diag *diag)
{
    struct buf state;
    int result = -1;

    rehearsal->pace.plan_requests = twilio_client_stats(session->client)->attempts;
    buf_init(&state, BUF_LIMIT_DEFAULT);
    if (rehearsal_copy(rehearsal, session, options, &state, diag) == 0) {
        measure(&rehearsal->pace, session, options);
        twilio_client_free(session->client);
        session->client = NULL;
        result = perform_all(rehearsal, &state, session, options, diag);
    }
    buf_release(&state);
    return result;
}

void rehearsal_release(struct rehearsal *rehearsal)
{
    arena_release(&rehearsal->arena);
    memset(rehearsal, 0, sizeof(*rehearsal));
}
