/*
 * For unit tests of apply/: a roster and a live state, the plan between them, and its execution
 * against a fake server. To be included after cmocka.h.
 */
#ifndef ROSTER_TESTS_APPLY_FIXTURE_H
#define ROSTER_TESTS_APPLY_FIXTURE_H

#include "apply/executor.h"
#include "support/fake_server.h"
#include "support/live_text.h"
#include "support/roster_text.h"

#define HEAD "version: 1\nservices:\n"

struct fixture {
    struct fake_server fake;
    struct roster_text roster;
    struct live_state live;
    struct plan plan;
    struct execution execution;
    struct buf progress; /* "CHANGE:STATE " for each change that ended */
};

static inline void fixture_note(void *context, const struct plan *plan,
                                const struct execution *execution, size_t change)
{
    struct buf *out = context;
    (void)plan;
    buf_printf(out, "%zu:%d ", change, (int)execution->outcomes[change].state);
}

/* Reads both sides and makes the plan, narrowed to the targets. */
static inline void fixture_plan_targets(struct fixture *fixture, const char *yaml, const char *live,
                                        const char *const *targets, size_t target_count)
{
    struct diag diag;

    memset(fixture, 0, sizeof(*fixture));
    buf_init(&fixture->progress, 64 * 1024);
    diag_init(&diag);
    roster_text_read(&fixture->roster, yaml);
    if (fixture->roster.result != 0)
        fail_msg("%s", buf_text(&fixture->roster.report));
    if (target_count != 0)
        assert_int_equal(desired_select(&fixture->roster.desired, targets, target_count, &diag), 0);
    live_text_read(&fixture->live, live);
    assert_int_equal(plan_build(&fixture->plan, &fixture->roster.desired, &fixture->live, &diag),
                     0);
    assert_int_equal(plan_resolve(&fixture->plan, &fixture->live, &diag), 0);
    diag_release(&diag);
}

static inline void fixture_plan(struct fixture *fixture, const char *yaml, const char *live)
{
    fixture_plan_targets(fixture, yaml, live, NULL, 0);
}

/* Carries the plan out; the server is still there afterwards. */
static inline void fixture_execute_with(struct fixture *fixture, const struct fake_route *routes,
                                        size_t count, const struct http_engine_config *http,
                                        const struct execution_config *config)
{
    fake_server_start_with(&fixture->fake, routes, count, http);
    execution_run(&fixture->execution, &fixture->plan, fixture->fake.client, config);
}

static inline void fixture_execute(struct fixture *fixture, const struct fake_route *routes,
                                   size_t count, const struct http_engine_config *http)
{
    fixture_execute_with(fixture, routes, count, http,
                         &(struct execution_config){.progress = fixture_note,
                                                    .context = &fixture->progress,
                                                    .retry = fake_server_no_retry()});
}

static inline void fixture_run(struct fixture *fixture, const char *yaml, const char *live,
                               const struct fake_route *routes, size_t count)
{
    fixture_plan(fixture, yaml, live);
    fixture_execute(fixture, routes, count, &(struct http_engine_config){0});
}

/* After fake_server_stop(). */
static inline void fixture_release(struct fixture *fixture)
{
    execution_release(&fixture->execution);
    plan_release(&fixture->plan);
    live_state_release(&fixture->live);
    roster_text_release(&fixture->roster);
    fake_server_release(&fixture->fake);
    buf_release(&fixture->progress);
}

#endif
