#include "pair.h"

#include "minimum.h"
#include "world_check.h"
#include "world_text.h"

#include "apply/executor.h"
#include "apply/verify.h"
#include "base/str.h"
#include "cli/session.h"
#include "cli/session_saved.h"
#include "plan/guard.h"
#include "plan/plan_document.h"
#include "plan/plan_file.h"
#include "twilio/live_fetch.h"

#include <string.h>

struct pair {
    struct stage *stage;
    struct world *world;
    struct pair_totals *totals;
    struct buf *out;
    struct session session;
    struct doc doc;
    const char *target;
    struct diag diag;
};

static void add_diagnostics(const struct pair *pair)
{
    diag_render_text(&pair->diag, pair->out, false);
}

/* Reads the roster and narrows it to the world's target; it has to be a valid one. */
static int load(struct pair *pair)
{
    const struct doc *doc = &pair->doc;
    struct buf text;
    int result = -1;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    world_roster(pair->world, &text);
    pair->target = pair->world->target;
    pair->session.docs = &pair->doc;
    pair->session.doc_count = 1;
    pair->session.client = pair->stage->client;
    if (doc_parse(&pair->doc, "roster.yaml", buf_text(&text), text.size, &pair->diag) == 0 &&
        desired_parse(&pair->session.desired, &doc, 1, world_lookup, &pair->diag) == 0)
        result = desired_select(&pair->session.desired, &pair->target, *pair->target != '\0',
                                &pair->diag);
    buf_release(&text);
    if (result != 0) {
        buf_add_text(pair->out, "the roster is refused:\n");
        add_diagnostics(pair);
    }
    return result;
}

static int make_plan(struct pair *pair)
{
    struct session *session = &pair->session;

    plan_release(&session->plan);
    live_state_release(&session->live);
    if (live_fetch(session->client, &session->desired, &session->live, &pair->diag) != 0)
        return -1;
    return session_build(session, &pair->diag) == BUILD_GOOD ? 0 : -1;
}

static void check_guards(struct pair *pair)
{
    static const struct guard_limits all_allowed = {
        .max_removals = GUARD_UNLIMITED,
        .max_deletes = GUARD_UNLIMITED,
        .take_over = true,
        .allow_empty_service = true,
        .allow_empty_roster = true,
        .allow_campaign_loss = true,
    };
    struct plan *plan = &pair->session.plan;
    struct buf wanted, refused;
    size_t i;

    buf_init(&wanted, 1024);
    buf_init(&refused, 1024);
    if (pair->world->default_limits) {
        world_guards(pair->world, &wanted);
        guard_check(plan, &guard_limits_default);
        for (i = 0; i < plan->refusal_count; i++)
            buf_printf(&refused, "%s ", plan->refusals[i].guard);
        if (strcmp(buf_text(&wanted), buf_text(&refused)) != 0)
            buf_printf(pair->out, "guards refuse \"%s\", not \"%s\"\n", buf_text(&refused),
                       buf_text(&wanted));
        pair->totals->guarded += refused.size != 0;
    }
    guard_check(plan, &all_allowed);
    for (i = 0; i < plan->refusal_count; i++)
        buf_printf(pair->out, "%s refuses what is allowed\n", plan->refusals[i].guard);
    buf_release(&wanted);
    buf_release(&refused);
}

static void check_minimum(struct pair *pair)
{
    int least;

    if (!pair->world->small)
        return;
    least = minimum_changes(pair->world);
    pair->totals->minimal++;
    if (least == WORLD_NONE || (size_t)least != pair->session.plan.change_count)
        buf_printf(pair->out, "the plan has %zu changes where %d do\n",
                   pair->session.plan.change_count, least);
}

static void verify(struct pair *pair, const struct session *session,
                   const struct execution *execution)
{
    struct desired touched = {0};
    struct live_state live = {0};
    struct plan rest = {0};

    if (verify_execution(execution, &session->plan, session->client, &touched, &live, &rest,
                         &pair->diag) != 0) {
        buf_add_text(pair->out, "the result can't be verified:\n");
        add_diagnostics(pair);
    } else if (rest.change_count != 0) {
        buf_printf(pair->out, "verification finds %zu changes left\n", rest.change_count);
    }
    plan_release(&rest);
    live_state_release(&live);
    desired_release(&touched);
}

static void apply(struct pair *pair, const struct session *session)
{
    const struct plan *plan = &session->plan;
    struct execution execution = {0};
    size_t before = stage_writes(pair->stage), writes, i;

    execution_run(&execution, plan, session->client, &(struct execution_config){0});
    for (i = 0; i < plan->change_count; i++)
        if (execution.outcomes[i].state != CHANGE_DONE)
            buf_printf(pair->out, "change %zu (%s %s) has state %d: %s\n", i,
                       change_kind_name(plan->changes[i].kind),
                       change_is_of_sender(plan->changes[i].kind) ? plan->changes[i].sender.identity
                                                                  : "",
                       (int)execution.outcomes[i].state,
                       execution.outcomes[i].problem == NULL ? "" : execution.outcomes[i].problem);
    if (execution.done != plan->change_count || execution.failed + execution.not_attempted != 0)
        buf_printf(pair->out, "%zu done, %zu failed, %zu not attempted of %zu\n", execution.done,
                   execution.failed, execution.not_attempted, plan->change_count);
    writes = stage_writes(pair->stage) - before;
    if (writes != plan->change_count + plan->counts[CHANGE_MOVE_SENDER])
        buf_printf(pair->out, "%zu changes, %zu of them moves, took %zu writes\n",
                   plan->change_count, plan->counts[CHANGE_MOVE_SENDER], writes);
    verify(pair, session, &execution);
    execution_release(&execution);
}

/* The plan as a file: written, and read again by somebody who has nothing but that. */
static json_t *save(struct pair *pair, const char *key)
{
    enum plan_file_verdict verdict;
    struct plan *plan = &pair->session.plan;
    json_t *document, *again;
    struct buf text;

    plan->origin = (struct plan_origin){
        .account_sid = twilio_client_account(pair->session.client),
        .location = "roster.yaml",
        .sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    };
    buf_init(&text, BUF_LIMIT_DEFAULT);
    document = plan_document(plan, key);
    plan_document_write(document, &text);
    json_decref(document);
    again = plan_file_parse("plan.json", buf_text(&text), text.size, key, &verdict, &pair->diag);
    buf_release(&text);
    return again;
}

/* Applies the plan by way of its file: it has to be found neither stale nor another one. */
static void apply_saved(struct pair *pair, const char *key)
{
    struct session session = {.client = pair->session.client, .plan_key = key};
    struct plan_saved saved = {0};
    json_t *document = save(pair, key);

    if (document == NULL ||
        plan_file_load(&saved, &session.desired, "plan.json", document, key, world_lookup,
                       &pair->diag) != 0 ||
        (session.origin = saved.origin,
         session_plan_saved(&session, &saved, &guard_limits_default, &pair->diag) != SAVED_GOOD)) {
        buf_add_text(pair->out, "the saved plan is refused:\n");
        add_diagnostics(pair);
    } else if (session.plan.refusal_count != 0) {
        buf_printf(pair->out, "%s refuses the saved plan\n", session.plan.refusals[0].guard);
    } else {
        apply(pair, &session);
    }
    session.client = NULL; /* the stage's */
    session_release(&session);
    plan_saved_release(&saved);
    json_decref(document);
}

static void plan_again(struct pair *pair)
{
    if (make_plan(pair) != 0) {
        buf_add_text(pair->out, "the second plan is refused:\n");
        add_diagnostics(pair);
    } else if (pair->session.plan.change_count != 0) {
        buf_printf(pair->out, "the second plan has %zu changes, the first of them %s\n",
                   pair->session.plan.change_count,
                   change_kind_name(pair->session.plan.changes[0].kind));
    }
}

static void look_at_account(struct pair *pair, size_t deleted)
{
    struct stage *stage = pair->stage;

    pthread_mutex_lock(&stage->lock);
    if (stage->gone != deleted)
        buf_printf(pair->out, "%zu lookups found nothing, with %zu services deleted\n", stage->gone,
                   deleted);
    world_check(pair->world, &stage->store, pair->out);
    buf_add(pair->out, stage->wrong.data, stage->wrong.size);
    pair->totals->requests += stage->requests;
    pthread_mutex_unlock(&stage->lock);
}

static void count_pair(const struct world *world, const struct plan *plan,
                       struct pair_totals *totals)
{
    size_t kind;
    int i;

    for (i = 0; i < world->live_count; i++) {
        totals->tight += world_is_tight(world, i);
        totals->never_empty += world_is_never_empty(world, i);
    }
    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        totals->changes[kind] += plan->counts[kind];
    totals->unchanged += plan->change_count == 0;
}

/* Plan and all that follows, or the refusal that there has to be. */
static void run(struct pair *pair)
{
    const char *refusal = world_refusal(pair->world);
    int made = make_plan(pair);
    size_t deleted;

    if (refusal != NULL) {
        if (made == 0)
            buf_printf(pair->out, "a plan was made, but: %s\n", refusal);
        if (stage_writes(pair->stage) != 0)
            buf_add_text(pair->out, "making a plan wrote to the account\n");
        pair->totals->refused++;
        return;
    }
    if (made != 0) {
        buf_add_text(pair->out, "the plan is refused:\n");
        add_diagnostics(pair);
        return;
    }
    check_guards(pair);
    check_minimum(pair);
    count_pair(pair->world, &pair->session.plan, pair->totals);
    deleted = pair->session.plan.counts[CHANGE_DELETE_SERVICE];
    if (pair->world->seed % 3 == 0)
        apply_saved(pair, pair->world->seed % 2 == 0 ? NULL : "0123456789abcdef0123456789abcdef");
    else
        apply(pair, &pair->session);
    plan_again(pair);
    look_at_account(pair, deleted);
}

void pair_run(struct stage *stage, struct world *world, struct pair_totals *totals, struct buf *out)
{
    struct pair pair = {.stage = stage, .world = world, .totals = totals, .out = out};

    diag_init(&pair.diag);
    (void)world_refusal(world); /* finds who is who */
    stage_set(stage, world);
    if (load(&pair) == 0)
        run(&pair);
    pair.session.client = NULL; /* the stage's */
    session_release(&pair.session);
    diag_release(&pair.diag);
}
