/*
 * Property test: for random desired and live states, applying the plan gives a live state equal to
 * the roster, planning again gives no change, and the plan has no change that is not needed.
 *
 *     test_property [--pairs N] [--base N] [--seed N]
 *
 * --base N, or ROSTER_PROPERTY_SEED: the first pair's seed; the next ones count up. --pairs N, or
 * ROSTER_PROPERTY_PAIRS: how many. --seed N: that one pair alone, shown whether it fails or not.
 */
#include "pair.h"
#include "random_world.h"
#include "setup.h"
#include "world_text.h"

#include "base/clock.h"
#include "base/str.h"
#include "sandbox/sandbox_state.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAILURES_MAX = 5 };

/* The pair under way, for the handler of a failed assertion, which can be handed nothing. */
static char current_pair[64];

static void on_abort(int number)
{
    size_t written = 0;

    (void)number;
    while (written < strlen(current_pair)) {
        ssize_t more = write(STDERR_FILENO, current_pair + written, strlen(current_pair + written));
        if (more <= 0)
            break;
        written += (size_t)more;
    }
}

static void name_pair(int64_t seed)
{
    snprintf(current_pair, sizeof(current_pair), "aborted in --seed %" PRId64 "\n", seed);
}

/* The roster and the account as they were at first. */
static void show_world(const struct world *world)
{
    struct sandbox_store store;
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_printf(&text, "seed %" PRIu64 "%s%s%s\nroster:\n", world->seed,
               *world->target == '\0' ? "" : ", target ", world->target,
               world->alpha_in_destinations ? ", alpha senders among the destinations" : "");
    world_roster(world, &text);
    buf_add_text(&text, "account:\n");
    world_account(world, &store);
    sandbox_state_write(&store, &text);
    sandbox_store_release(&store);
    printf("%s\n", buf_text(&text));
    buf_release(&text);
}

/* True when all held. */
static bool run_pair(struct stage *stage, struct world *world, int64_t seed, bool show,
                     struct pair_totals *totals)
{
    struct buf wrong;
    bool held;

    name_pair(seed);
    buf_init(&wrong, 256 * 1024);
    random_world(world, (uint64_t)seed);
    pair_run(stage, world, totals, &wrong);
    held = wrong.size == 0;
    if (!held || show) {
        printf("--seed %" PRId64 " %s\n%s", seed, held ? "passed" : "FAILED", buf_text(&wrong));
        show_world(world);
    }
    buf_release(&wrong);
    return held;
}

static void show_totals(const struct pair_totals *totals, int64_t duration_ms)
{
    size_t kind;

    printf("%zu compared with the least number of changes, %zu without any, %zu refused by "
           "preflight, %zu by guards\n",
           totals->minimal, totals->unchanged, totals->refused, totals->guarded);
    printf("%zu pools without room for what comes, %zu that may never be empty\n", totals->tight,
           totals->never_empty);
    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        printf("%zu %s, ", totals->changes[kind], change_kind_name((enum change_kind)kind));
    printf("%zu requests, %.1f s\n", totals->requests, (double)duration_ms / 1000);
}

static int run_all(const struct setup *setup)
{
    struct pair_totals totals = {0};
    struct world *world = malloc(sizeof(*world));
    struct stage stage;
    int64_t start = clock_monotonic(&clock_system), passed = 0, failed = 0, i;

    if (world == NULL)
        abort();
    printf("seeds %" PRId64 " to %" PRId64 "\n", setup->first, setup->first + setup->pairs - 1);
    fflush(stdout);
    stage_start(&stage);
    for (i = 0; i < setup->pairs && failed < FAILURES_MAX; i++) {
        bool held = run_pair(&stage, world, setup->first + i, setup->alone, &totals);
        passed += held;
        failed += !held;
    }
    stage_stop(&stage);
    show_totals(&totals, clock_monotonic(&clock_system) - start);
    printf("%" PRId64 " passed, %" PRId64 " failed\n", passed, failed);
    free(world);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct setup setup = {.first = 1, .pairs = PROPERTY_PAIRS};
    struct sigaction action = {.sa_handler = on_abort};

    if (setup_read(&setup, "ROSTER_PROPERTY", argc, argv) != 0) {
        fprintf(stderr, "usage: test_property [--pairs N] [--base N] [--seed N]\n");
        return EXIT_FAILURE;
    }
    sigaction(SIGABRT, &action, NULL);
    return run_all(&setup);
}
