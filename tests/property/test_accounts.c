/*
 * Property test of the export: whatever the account has, the exported roster is valid, a plan of it
 * has no changes, it manages all that it shows, no password is in it; and the exported state file
 * is an account that the same roster has no changes against.
 *
 *     test_accounts [--pairs N] [--base N] [--seed N]
 *
 * Arguments as for test_property; the environment is ROSTER_EXPORT_SEED and ROSTER_EXPORT_PAIRS.
 */
#include "random_account.h"
#include "setup.h"
#include "stage.h"
#include "world_text.h"

#include "base/str.h"
#include "cli/export_check.h"
#include "cli/export_output.h"
#include "cli/session.h"
#include "model/roster_layout.h"
#include "sandbox/sandbox_state.h"
#include "twilio/live_fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILURES_MAX = 5 };

struct totals {
    size_t services, senders, refused, secrets, pinned, by_sid, changed, same_text;
};

struct trial {
    struct stage *stage;
    struct totals *totals;
    struct options options;
    struct live_state live;
    struct export export;
    struct export_documents roster, state;
    struct diag diag;
    struct buf *wrong;
};

static void complain(struct trial *trial, const char *what)
{
    buf_printf(trial->wrong, "%s\n", what);
    diag_render_text(&trial->diag, trial->wrong, false);
    diag_release(&trial->diag);
    diag_init(&trial->diag);
}

/* Looks at the account and writes it, in the way that the options say. */
static int make(struct trial *trial, struct export_documents *documents)
{
    const struct export_options how = {
        .account_sid = WORLD_ACCOUNT_SID,
        .full = trial->options.full,
        .pin = trial->options.pin,
        .numbers = trial->options.numbers,
    };

    export_documents_release(documents);
    export_release(&trial->export);
    live_state_release(&trial->live);
    if (live_fetch_all(trial->stage->client, NULL, NULL, &trial->live, &trial->diag) != 0)
        return -1;
    export_survey(&trial->export, &trial->live, &how, &trial->diag);
    return export_output_make(&trial->export, &trial->options, documents, &trial->diag);
}

/* A plan as `roster plan` makes it, from the documents alone; how many changes it has, or -1. */
static long plan(struct trial *trial, bool *warned)
{
    struct session session = {.client = trial->stage->client};
    const struct export_documents *roster = &trial->roster;
    const struct doc **list = arena_array(&session.arena, roster->count, sizeof(*list));
    long changes = -1;
    size_t i;

    session.docs = arena_array(&session.arena, roster->count, sizeof(*session.docs));
    session.doc_count = roster->count;
    for (i = 0; i < roster->count; i++) {
        list[i] = &session.docs[i];
        if (doc_parse(&session.docs[i], roster->items[i].name, buf_text(&roster->items[i].text),
                      roster->items[i].text.size, &trial->diag) != 0)
            goto out;
    }
    if (desired_parse(&session.desired, list, roster->count, getenv, &trial->diag) == 0) {
        *warned = trial->diag.warnings != 0;
        if (live_fetch(session.client, &session.desired, &session.live, &trial->diag) == 0 &&
            session_build(&session, &trial->diag) == BUILD_GOOD)
            changes = (long)session.plan.change_count;
    }
out:
    session.client = NULL; /* the stage's */
    session_release(&session);
    return changes;
}

static bool shows_password(const struct export_documents *documents)
{
    size_t i;
    for (i = 0; i < documents->count; i++)
        if (strstr(buf_text(&documents->items[i].text), ACCOUNT_PASSWORD) != NULL)
            return true;
    return false;
}

/* Takes something out of a list that the roster shows; whether there was something. */
static bool change_account(struct trial *trial)
{
    struct sandbox_store *store = &trial->stage->store;
    bool changed = false;
    size_t i;

    pthread_mutex_lock(&trial->stage->lock);
    for (i = 0; i < trial->export.service_count && !changed; i++) {
        const struct export_service *service = &trial->export.services[i];
        struct sandbox_service *account = sandbox_service_find(store, service->live->service.sid);
        const struct sandbox_list *pool;
        if (service->how != EXPORT_WRITTEN)
            continue;
        pool = &account->pools[SANDBOX_SHORT_CODE];
        if (service->lists[SENDER_SHORT_CODE].how == EXPORT_WRITTEN && pool->count != 0) {
            sandbox_member_remove(store, (struct sandbox_member *)pool->rows[0]);
            changed = true;
        } else if (service->lists[SENDER_ALPHA_SENDER].how == EXPORT_WRITTEN &&
                   service->lists[SENDER_ALPHA_SENDER].count == 0) {
            changed = sandbox_member_add_alpha(store, account, NULL, "New", 1) != NULL;
        }
    }
    pthread_mutex_unlock(&trial->stage->lock);
    return changed;
}

static void use_account(struct trial *trial, struct sandbox_store *store)
{
    pthread_mutex_lock(&trial->stage->lock);
    sandbox_store_release(&trial->stage->store);
    trial->stage->store = *store;
    trial->stage->store.auth_token = WORLD_TOKEN;
    pthread_mutex_unlock(&trial->stage->lock);
    memset(store, 0, sizeof(*store));
}

static void count(const struct export *export, struct totals *totals)
{
    size_t i, kind, j;

    totals->services += export->service_count;
    totals->refused += export->service_count - export->written_count;
    totals->secrets += export->secret_count;
    for (i = 0; i < export->service_count; i++) {
        totals->pinned += export->services[i].values[0].how == EXPORT_WRITTEN;
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
            const struct export_list *list = &export->services[i].lists[kind];
            totals->senders += list->count;
            totals->refused += list->how == EXPORT_REFUSED;
            for (j = 0; j < list->count; j++)
                totals->by_sid += list->senders[j].by_sid;
        }
    }
}

/* What an export writes is as `roster fmt` would write it. */
static void check_form(struct trial *trial)
{
    size_t i;

    for (i = 0; i < trial->roster.count; i++) {
        const struct buf *text = &trial->roster.items[i].text;
        struct buf formatted;
        struct doc doc;
        buf_init(&formatted, BUF_LIMIT_DEFAULT);
        if (doc_parse(&doc, "roster.yaml", buf_text(text), text->size, &trial->diag) != 0 ||
            roster_layout_format(&doc, &formatted, &trial->diag) != 0 ||
            !str_equal(buf_text(&formatted), buf_text(text)))
            complain(trial, "the roster is not in canonical form");
        doc_release(&doc);
        buf_release(&formatted);
    }
}

/* The roster: it has to be as the account is, and to notice when that changes. */
static bool try_roster(struct trial *trial)
{
    bool warned = false;
    long changes;

    if (make(trial, &trial->roster) != 0 ||
        export_check_roster(&trial->export, &trial->roster, &trial->live, &trial->diag) != 0) {
        complain(trial, "no roster comes of it");
        return false;
    }
    count(&trial->export, trial->totals);
    diag_release(&trial->diag); /* the warnings */
    diag_init(&trial->diag);
    changes = plan(trial, &warned);
    if (changes != 0)
        complain(trial, changes < 0 ? "the roster is refused" : "the plan has changes");
    else if (warned && !trial->options.full)
        complain(trial, "the roster gives warnings");
    check_form(trial);
    if (shows_password(&trial->roster))
        complain(trial, "the roster shows a password");
    return changes == 0;
}

/* The state file, in the sandbox: the roster has to be as that account is, too. */
static void try_state(struct trial *trial)
{
    struct sandbox_store store = {0};
    struct random_state random;
    const struct buf *text;
    bool warned;
    const char *split = trial->options.split;
    size_t i;

    trial->options.format = "state";
    trial->options.split = NULL;
    if (make(trial, &trial->state) != 0 || shows_password(&trial->state))
        complain(trial, "no state file comes of it, or one with a password");
    trial->options.format = "roster";
    trial->options.split = split;
    random_seed(&random, 1);
    text = &trial->state.items[0].text;
    if (sandbox_state_parse(&store, buf_text(text), text->size, "state", &random, 1,
                            &trial->diag) != 0) {
        complain(trial, "the state file is refused");
        buf_add(trial->wrong, text->data, text->size);
        return;
    }
    for (i = 0; i < trial->export.secret_count; i++)
        setenv(trial->export.secrets[i].variable, trial->export.secrets[i].variable, 1);
    use_account(trial, &store);
    diag_release(&trial->diag);
    diag_init(&trial->diag);
    if (plan(trial, &warned) != 0)
        complain(trial, "the roster has changes against the state file");
}

/* Where nothing was left out, the account of the state file gives the same roster, byte for byte.
 */
static void try_again(struct trial *trial)
{
    struct export_documents first = trial->roster;
    size_t i;

    memset(&trial->roster, 0, sizeof(trial->roster));
    if (make(trial, &trial->roster) != 0)
        complain(trial, "no roster comes of the state file's account");
    else if (trial->roster.count != first.count)
        complain(trial, "the state file's account gives other files");
    for (i = 0; i < first.count && i < trial->roster.count; i++)
        if (!str_equal(buf_text(&trial->roster.items[i].text), buf_text(&first.items[i].text)))
            complain(trial, "the state file's account gives another roster");
    trial->totals->same_text++;
    export_documents_release(&first);
}

static void choose_options(struct trial *trial, uint64_t seed)
{
    trial->options.format = "roster";
    trial->options.full = seed / 3 % 4 == 0;
    trial->options.pin = seed / 3 % 5 == 0;
    trial->options.numbers = seed / 3 % 2 == 0;
    trial->options.split = seed / 3 % 7 < 2 ? "folder" : NULL;
}

static void run(struct stage *stage, uint64_t seed, struct totals *totals, struct buf *wrong)
{
    const struct world world = {.seed = seed, .alpha_in_destinations = seed % 4 == 1};
    struct trial trial = {.stage = stage, .totals = totals, .wrong = wrong};
    bool warned;

    diag_init(&trial.diag);
    choose_options(&trial, seed);
    stage_set(stage, &world);
    pthread_mutex_lock(&stage->lock);
    random_account(&stage->store, seed);
    pthread_mutex_unlock(&stage->lock);
    if (try_roster(&trial)) {
        try_state(&trial);
        if (seed % 3 == 0)
            try_again(&trial);
        if (change_account(&trial)) {
            totals->changed++;
            if (plan(&trial, &warned) == 0)
                complain(&trial, "the plan does not see that the account was changed");
        }
    }
    if (wrong->size != 0 && trial.roster.count != 0)
        buf_add(wrong, trial.roster.items[0].text.data, trial.roster.items[0].text.size);
    export_documents_release(&trial.roster);
    export_documents_release(&trial.state);
    export_release(&trial.export);
    live_state_release(&trial.live);
    diag_release(&trial.diag);
}

int main(int argc, char **argv)
{
    struct setup setup = {.first = 1, .pairs = EXPORT_PAIRS};
    struct totals totals = {0};
    struct stage stage;
    int64_t failed = 0, i;

    if (setup_read(&setup, "ROSTER_EXPORT", argc, argv) != 0) {
        fprintf(stderr, "usage: test_accounts [--pairs N] [--base N] [--seed N]\n");
        return EXIT_FAILURE;
    }
    printf("seeds %" PRId64 " to %" PRId64 "\n", setup.first, setup.first + setup.pairs - 1);
    fflush(stdout);
    stage_start(&stage);
    for (i = 0; i < setup.pairs && failed < FAILURES_MAX; i++) {
        struct buf wrong;
        buf_init(&wrong, BUF_LIMIT_DEFAULT);
        run(&stage, (uint64_t)(setup.first + i), &totals, &wrong);
        if (wrong.size != 0)
            printf("--seed %" PRId64 " FAILED\n%s\n", setup.first + i, buf_text(&wrong));
        failed += wrong.size != 0;
        buf_release(&wrong);
    }
    stage_stop(&stage);
    printf("%zu services, %zu senders, %zu left out, %zu pinned, %zu by SID, %zu passwords, %zu "
           "accounts changed, %zu exported twice\n%" PRId64 " failed\n",
           totals.services, totals.senders, totals.refused, totals.pinned, totals.by_sid,
           totals.secrets, totals.changed, totals.same_text, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
