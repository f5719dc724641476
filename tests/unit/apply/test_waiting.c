/*
 * Every order in which the requests of small plans can end, and every set of them that can fail.
 *
 * The counters of waiting.h are driven by hand as the executor drives them, and compared in every
 * state that can be reached with what struct change says of its flags.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "apply/waiting.h"
#include "parties.h"
#include "support/live_text.h"
#include "support/roster_text.h"

enum {
    SERVICES = 4,
    CHANGES = 8,
    STAGES = 5,
    STATES = 390625 /* STAGES to the power of CHANGES */
};

/*
 * `plan` is the changes in their order: + addition, > move, - removal, * creation, ! deletion; the
 * service, the sender; ~ for after_adds, = for after_moves and ^ for after_removals.
 */
static const struct waiting_case {
    const char *name;
    struct party parties[PARTIES_MAX];
    const char *plan;
} cases[] = {
    {"room for all: what comes goes before what leaves",
     {{"A", 0, "ab", "cD"}},
     "+Ac +AD -Aa~ -Ab~ "},
    {"no addition to wait for", {{"A", 0, "abC", "a"}}, "-Ab -AC "},
    {"full: as many leave first as places lack",
     {{"A", 397, "abc", "de"}},
     "+Ad^ +Ae^ -Aa -Ab -Ac~ "},
    {"full, with short codes", {{"A", 398, "aB", "Cd"}}, "+Ad^ +AC^ -Aa -AB "},
    {"nearly full", {{"A", 398, "a", "bc"}}, "+Ab^ +Ac^ -Aa "},
    {"just room enough", {{"A", 397, "a", "bc"}}, "+Ab +Ac -Aa~ "},
    {"a move waits for additions to its source",
     {{"A", 0, "a", "bc"}, {"B", 0, "", "a"}},
     "+Ab +Ac >Ba~ "},
    {"a move to a service that is created",
     {{"A", 0, "a", "b"}, {"B", 0, NULL, "ac"}},
     "+Ab *B >Ba~ +Bc "},
    {"moves wait for additions, and for moves where only those come",
     {{"A", 0, "a", "cd"}, {"B", 0, "d", "a"}},
     "+Ac >Ad= >Ba~ "},
    {"channel senders have nothing to do with the pool",
     {{"A", 398, "ab1", "xy"}, {"B", 0, "", "ab1"}},
     "+Ax^ +Ay^ >Ba >Bb >B1 "},
    {"a swap", {{"A", 0, "a", "b"}, {"B", 0, "b", "a"}}, ">Ab >Ba= "},
    {"a row of services: each has what comes before it gives its own",
     {{"A", 0, "a", ""}, {"B", 0, "b", "a"}, {"C", 0, "c", "b"}, {"D", 0, "", "c"}},
     ">Ba >Cb= >Dc= "},
    {"a circle of three",
     {{"A", 0, "a", "c"}, {"B", 0, "b", "a"}, {"C", 0, "c", "b"}},
     ">Ac= >Ba= >Cb "},
    {"a circle, and a row that begins at it",
     {{"A", 0, "ad", "b"}, {"B", 0, "b", "a"}, {"C", 0, "c", "d"}, {"D", 0, "", "c"}},
     ">Ab >Ba= >Cd= >Dc= "},
    {"two moves come before one goes",
     {{"A", 0, "a", "bc"}, {"B", 0, "bc", ""}, {"C", 0, "", "a"}},
     ">Ab >Ac >Ca= "},
    {"a row through a full service",
     {{"A", 0, "a", ""}, {"B", 399, "b", "a"}, {"C", 0, "c", "b"}, {"D", 0, "", "c"}},
     ">Ba^ >Cb >Dc= "},
    {"a swap of two full services", {{"A", 399, "a", "b"}, {"B", 399, "b", "a"}}, ">Ab^ >Ba^ "},
    {"a swap of two full services, and a channel sender that moves too",
     {{"A", 399, "a1", "b"}, {"B", 399, "b", "a1"}},
     ">Ab^ >Ba^ >B1 "},
    {"a swap of two each",
     {{"A", 398, "ab", "cd"}, {"B", 398, "cd", "ab"}},
     ">Ac^ >Ad^ >Ba^ >Bb^ "},
    {"a swap of a full service and one that is not",
     {{"A", 399, "a", "b"}, {"B", 0, "b", "ac"}},
     ">Ab^~ >Ba +Bc "},
    {"a swap with removals and additions",
     {{"A", 398, "ab", "cd"}, {"B", 399, "c", "a"}},
     ">Ac^ +Ad^ -Ab >Ba^ "},
    {"a circle of three full services",
     {{"A", 399, "a", "c"}, {"B", 399, "b", "a"}, {"C", 399, "c", "b"}},
     ">Ac^ >Ba^ >Cb^ "},
    {"a chain of full services",
     {{"A", 399, "a", ""}, {"B", 399, "b", "a"}, {"C", 399, "c", "b"}},
     ">Ba^ >Cb^ -Cc "},
    {"a chain of full services that all get something new",
     {{"A", 399, "a", "x"}, {"B", 399, "b", "a"}, {"C", 398, "cd", "by"}},
     "+Ax^ >Ba^ >Cb^ +Cy^ -Cc -Cd "},
    {"the chain the other way round in the roster",
     {{"C", 399, "c", "b"}, {"B", 399, "b", "a"}, {"A", 399, "a", "x"}},
     ">Cb^ -Cc >Ba^ +Ax^ "},
    {"full, with removals and moves in",
     {{"A", 397, "pqr", "bc"}, {"B", 0, "bcd", "d"}},
     ">Ab^ >Ac^ -Ap -Aq -Ar~ "},
    {"full, with moves in and out, and removals",
     {{"A", 396, "apqr", "bxy"}, {"B", 0, "b", "a"}},
     ">Ab^= +Ax^ +Ay^ -Ap -Aq -Ar~ >Ba "},
    {"moves out make room enough",
     {{"A", 397, "abp", "xy"}, {"B", 0, "", "ab"}},
     "+Ax^ +Ay^ -Ap~ >Ba >Bb "},
    {"out of services that are deleted",
     {{"A", 398, "p", "bC"}, {"B", 0, "b", NULL}, {"C", 0, "Cd", NULL}},
     ">Ab^ >AC^ -Ap !B !C "},
    {"deletions alone", {{"A", 0, "a", NULL}, {"B", 400, "", NULL}}, "!A !B "},
};

struct fixture {
    struct roster_text roster;
    struct live_state live;
    struct plan plan;
    struct arena arena;
};

static void fixture_init(struct fixture *fixture, const struct waiting_case *from)
{
    struct diag diag;
    struct buf yaml, live;

    memset(fixture, 0, sizeof(*fixture));
    diag_init(&diag);
    buf_init(&yaml, 1024 * 1024);
    buf_init(&live, 1024 * 1024);
    parties_yaml(&yaml, from->parties);
    parties_live(&live, from->parties);
    roster_text_read(&fixture->roster, buf_text(&yaml));
    if (fixture->roster.result != 0)
        fail_msg("%s", buf_text(&fixture->roster.report));
    live_text_read(&fixture->live, buf_text(&live));
    assert_int_equal(plan_build(&fixture->plan, &fixture->roster.desired, &fixture->live, &diag),
                     0);
    assert_int_equal(plan_check_pools(&fixture->plan, &diag), 0);
    buf_release(&yaml);
    buf_release(&live);
    diag_release(&diag);
}

static void fixture_release(struct fixture *fixture)
{
    plan_release(&fixture->plan);
    live_state_release(&fixture->live);
    roster_text_release(&fixture->roster);
    arena_release(&fixture->arena);
}

static void assert_plan(const struct plan *plan, const char *expected)
{
    static const char signs[] = {[CHANGE_CREATE_SERVICE] = '*',
                                 [CHANGE_ADD_SENDER] = '+',
                                 [CHANGE_MOVE_SENDER] = '>',
                                 [CHANGE_REMOVE_SENDER] = '-',
                                 [CHANGE_DELETE_SERVICE] = '!'};
    struct buf out;
    size_t i;

    buf_init(&out, 1024);
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        buf_printf(&out, "%c%s", signs[change->kind], plan->services[change->service].name);
        if (change_is_of_sender(change->kind))
            buf_add_char(&out, party_letter(&change->sender));
        buf_printf(&out, "%s%s%s ", change->after_removals ? "^" : "",
                   change->after_adds ? "~" : "", change->after_moves ? "=" : "");
    }
    assert_string_equal(buf_text(&out), expected);
    buf_release(&out);
}

/* Of a change. A first half is out until it has ended; then its move is paused, or goes on. */
enum stage { WAITS, OUT, PAUSED, IN, ENDED };

/* One way that the changes of a plan may end. */
struct run {
    const struct plan *plan;
    unsigned failing;       /* bit set of changes */
    bool fails_in_first;    /* moves fail in their first half, not in their second */
    unsigned char *visited; /* by state */
};

struct world {
    const struct run *run;
    struct waiting waiting;
    struct waiting_pool pools[PARTIES_MAX];
    enum stage stages[CHANGES];
    bool worked[CHANGES];
    bool first_look;         /* the executor looks at everything once */
    bool woken[PARTIES_MAX]; /* by the event */
    bool reached[CHANGES];   /* by the event, as what needs a change that ended */
    size_t held[PARTIES_MAX];
};

static bool is_pooled(const struct change *change)
{
    return change_is_of_sender(change->kind) && change->sender_kind <= SENDER_SHORT_CODE;
}

/* What plan.h says of the flags, from the stages alone. */
static bool waits_for(const struct world *world, const struct change *change, bool second_half,
                      size_t other)
{
    const struct change *before = &world->run->plan->changes[other];
    const enum stage stage = world->stages[other];

    if (change->kind == CHANGE_DELETE_SERVICE)
        return before->kind != CHANGE_DELETE_SERVICE && stage != ENDED;
    if (stage == ENDED || !is_pooled(change) || !is_pooled(before))
        return false;
    if (before->kind == CHANGE_REMOVE_SENDER)
        return change->kind != CHANGE_REMOVE_SENDER && change->after_removals &&
               !before->after_adds && before->service == change->service;
    if (change->kind == CHANGE_REMOVE_SENDER)
        return change->after_adds && before->service == change->service;
    if (before->kind == CHANGE_ADD_SENDER)
        return change->kind == CHANGE_MOVE_SENDER && change->after_adds && !second_half &&
               before->service == change->from;
    if (change->kind == CHANGE_MOVE_SENDER && change->after_moves && !second_half &&
        before->service == change->from)
        return true;
    return change->after_removals && before->from == change->service &&
           (change->kind == CHANGE_ADD_SENDER || (second_half && stage <= OUT));
}

static bool has_to_wait(const struct world *world, size_t index, bool second_half)
{
    size_t i;
    for (i = 0; i < world->run->plan->change_count; i++)
        if (i != index && waits_for(world, &world->run->plan->changes[index], second_half, i))
            return true;
    return false;
}

/* Whether all that a change with one of the flags waits for has ended, and nothing of it worked. */
static bool waits_in_vain(const struct world *world, size_t index)
{
    const struct change *change = &world->run->plan->changes[index];
    const bool removes = change->kind == CHANGE_REMOVE_SENDER;
    const bool for_moves = removes || change->after_moves;
    size_t i, failed = 0;

    for (i = 0; i < world->run->plan->change_count; i++) {
        const struct change *other = &world->run->plan->changes[i];
        bool awaited =
            is_pooled(other) && other->service == (removes ? change->service : change->from) &&
            (other->kind == CHANGE_ADD_SENDER || (for_moves && other->kind == CHANGE_MOVE_SENDER));
        if (awaited && (world->stages[i] != ENDED || world->worked[i]))
            return false;
        failed += awaited;
    }
    return (change->after_adds || change->after_moves) && failed != 0;
}

static bool needs_are_met(const struct world *world, size_t index)
{
    const struct change *change = &world->run->plan->changes[index];
    return change->create == CHANGE_NONE ||
           (world->stages[change->create] == ENDED && world->worked[change->create]);
}

/* The executor looks again only at what an event may have been waited for with. */
static void assert_looked_at(const struct world *world, size_t index)
{
    const struct change *change = &world->run->plan->changes[index];
    bool flagged = change->after_adds || change->after_removals;

    if (world->first_look || world->reached[index] || (world->woken[change->service] && flagged) ||
        (change->kind == CHANGE_MOVE_SENDER && world->woken[change->from]) ||
        change->kind == CHANGE_DELETE_SERVICE)
        return;
    fail_msg("nothing starts change %zu", index);
}

static void end_change(struct world *world, size_t index, bool worked);

static void skip_dependents(struct world *world, size_t index, bool worked)
{
    size_t i;

    for (i = 0; i < world->run->plan->change_count; i++) {
        if (world->run->plan->changes[i].create != (long)index)
            continue;
        world->reached[i] = true;
        if (!worked && world->stages[i] == WAITS)
            end_change(world, i, false);
    }
}

static void depart(struct world *world, const struct change *change)
{
    if (waiting_departed(&world->waiting, change))
        world->woken[change->from] = true;
}

/* In the order of the executor. */
static void end_change(struct world *world, size_t index, bool worked)
{
    const struct change *change = &world->run->plan->changes[index];
    const enum stage before = world->stages[index];

    world->stages[index] = ENDED;
    world->worked[index] = worked;
    skip_dependents(world, index, worked);
    if (change->kind == CHANGE_MOVE_SENDER && before == WAITS)
        depart(world, change);
    if (change->kind == CHANGE_MOVE_SENDER && waiting_left(&world->waiting, change))
        world->woken[change->from] = true;
    if (waiting_ended(&world->waiting, index, worked))
        world->woken[change->service] = true;
    if (change->kind != CHANGE_DELETE_SERVICE)
        world->waiting.before_deletes--;
}

/* The request of a change that is under way ends. */
static void end_request(struct world *world, size_t index)
{
    const struct change *change = &world->run->plan->changes[index];
    const bool first = change->kind == CHANGE_MOVE_SENDER && world->stages[index] == OUT;
    const bool fails = (world->run->failing >> index & 1) != 0 &&
                       (change->kind != CHANGE_MOVE_SENDER || first == world->run->fails_in_first);
    const bool counts = is_pooled(change) && !fails;

    world->first_look = false;
    memset(world->woken, 0, sizeof(world->woken));
    memset(world->reached, 0, sizeof(world->reached));
    if (first) {
        depart(world, change);
        world->held[change->from] -= counts;
        world->stages[index] = PAUSED;
        world->reached[index] = true;
        if (fails)
            end_change(world, index, false);
        return;
    }
    if (change->kind == CHANGE_REMOVE_SENDER)
        world->held[change->service] -= counts;
    else
        world->held[change->service] += counts;
    end_change(world, index, !fails);
}

/* Compares one change with the flags; true when it was skipped, so that others may be, too. */
static bool settle_one(struct world *world, size_t index)
{
    const struct change *change = &world->run->plan->changes[index];
    const enum stage stage = world->stages[index];
    long vain;

    if (stage == PAUSED) {
        bool waits = change->after_removals && waiting_departures(&world->waiting, change->service);
        assert_int_equal(waits, has_to_wait(world, index, true));
        if (!waits) {
            assert_looked_at(world, index);
            world->stages[index] = IN;
        }
    }
    if (stage != WAITS)
        return false;
    vain = waiting_in_vain(&world->waiting, change);
    assert_int_equal(vain != CHANGE_NONE, waits_in_vain(world, index));
    assert_int_equal(waiting_blocks(&world->waiting, change), has_to_wait(world, index, false));
    if (vain != CHANGE_NONE) {
        assert_true(world->stages[vain] == ENDED && !world->worked[vain]);
        assert_looked_at(world, index);
        end_change(world, index, false);
        return true;
    }
    if (needs_are_met(world, index) && !waiting_blocks(&world->waiting, change)) {
        assert_looked_at(world, index);
        world->stages[index] = OUT;
    }
    return false;
}

/* Starts, or skips, all that can be. */
static void settle(struct world *world)
{
    size_t i = 0;
    while (i < world->run->plan->change_count)
        i = settle_one(world, i) ? 0 : i + 1;
}

/* What the API would refuse does not happen when nothing fails. */
static void assert_pools_hold(const struct world *world)
{
    size_t i;
    for (i = 0; i < world->run->plan->service_count && world->run->failing == 0; i++)
        assert_true(world->held[i] <= SENDER_POOL_MAX);
}

static size_t state_of(const struct world *world)
{
    size_t state = 0, i;
    for (i = 0; i < world->run->plan->change_count; i++)
        state = state * STAGES + world->stages[i];
    return state;
}

/* Goes through all orders from here on; a state that was seen is not gone through again. */
static void explore(const struct world *before)
{
    struct world world = *before;
    size_t i, under_way = 0, ended = 0;

    world.waiting.pools = world.pools;
    settle(&world);
    assert_pools_hold(&world);
    if (world.run->visited[state_of(&world)]++ != 0) {
        world.run->visited[state_of(&world)] = 1;
        return;
    }
    for (i = 0; i < world.run->plan->change_count; i++) {
        ended += world.stages[i] == ENDED;
        if (world.stages[i] == OUT || world.stages[i] == IN) {
            struct world next = world;
            next.waiting.pools = next.pools;
            under_way++;
            end_request(&next, i);
            explore(&next);
        }
    }
    if (under_way == 0 && ended != world.run->plan->change_count)
        fail_msg("%zu changes wait in a circle", world.run->plan->change_count - ended);
}

static void explore_run(struct fixture *fixture, const struct run *run)
{
    struct world world = {.run = run, .first_look = true};
    size_t i, kind;

    waiting_init(&world.waiting, run->plan, &fixture->arena);
    memcpy(world.pools, world.waiting.pools, run->plan->service_count * sizeof(*world.pools));
    for (i = 0; i < run->plan->service_count; i++)
        for (kind = 0; kind <= SENDER_SHORT_CODE && run->plan->services[i].live != NULL; kind++)
            world.held[i] += run->plan->services[i].live->senders[kind].count;
    memset(run->visited, 0, STATES);
    explore(&world);
}

static void test_every_order(void **state)
{
    static unsigned char visited[STATES];
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        unsigned failing;
        print_message("  %s\n", cases[i].name);
        fixture_init(&fixture, &cases[i]);
        assert_plan(&fixture.plan, cases[i].plan);
        assert_true(fixture.plan.change_count <= CHANGES);
        for (failing = 0; failing < 1U << fixture.plan.change_count; failing++) {
            struct run run = {.plan = &fixture.plan, .failing = failing, .visited = visited};
            explore_run(&fixture, &run);
            run.fails_in_first = true;
            explore_run(&fixture, &run);
        }
        fixture_release(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
