/*
 * A session whose plan was saved: what was planned is worked out anew, and must come out the same.
 */
#include "cli/session_saved.h"

#include "cli/session_source.h"
#include "cli/session_wait.h"
#include "cli/terminal.h"

#include "base/file.h"
#include "base/str.h"
#include "plan/guard.h"
#include "twilio/live_fetch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool session_is_saved(const struct options *options, struct buf *text, struct diag *diag)
{
    const char *path = session_roster(options);
    struct stat info;

    if (options->argument_count == 0 || strcmp(path, "-") == 0 || source_is_remote(path))
        return false;
    /* What is called so is a plan, whatever it is; of anything else, a pipe can be read only once.
     */
    if (!str_ends_with(path, ".json") && (stat(path, &info) != 0 || !S_ISREG(info.st_mode)))
        return false;
    if (file_read(path, text, diag) != 0) {
        if (str_ends_with(path, ".json"))
            diag_help(diag, "\"roster plan --out %s\" makes it", path);
        return false;
    }
    return plan_file_is_plan(path, buf_text(text), text->size);
}

/* Whether there is a roster to hold the plan against. */
static enum saved_outcome find_roster(const struct plan_origin *origin,
                                      const struct options *options, bool *found, struct diag *diag)
{
    *found = strcmp(origin->location, "-") != 0;
    if (!*found || source_is_remote(origin->location) || access(origin->location, F_OK) == 0)
        return SAVED_GOOD;
    *found = false;
    if (options->replan) {
        diag_error(diag, NULL, "%s, which --replan would need, is not here", origin->location);
        diag_help(diag, "apply where the plan was made, or without --replan");
        return SAVED_BAD;
    }
    diag_warning(diag, NULL, "%s is not here, so the plan can't be held against it",
                 origin->location);
    return SAVED_GOOD;
}

/* The file of a plan may have been edited; what asks for signed commits must not be got round. */
static int check_signable(const struct plan_origin *origin, const struct options *options,
                          struct diag *diag)
{
    if (!options->require_signed || source_is_remote(origin->location))
        return 0;
    diag_error(diag, NULL, "--require-signed needs a plan of a roster from git, not of %s",
               origin->location);
    diag_help(diag, "plan again from the git repository");
    return -1;
}

/*
 * The roster that the plan was made from, when it is there, has to be what it was. Of one from git,
 * it is that of the very commit.
 */
static enum saved_outcome check_roster(struct session *session, const struct options *options,
                                       struct diag *diag)
{
    struct plan_origin *origin = &session->origin;
    struct source source = {0};
    struct arena scratch = {0};
    bool found;
    enum saved_outcome outcome = find_roster(origin, options, &found, diag);

    if (outcome == SAVED_GOOD && check_signable(origin, options, diag) != 0)
        outcome = SAVED_ERROR;
    if (outcome != SAVED_GOOD || !found)
        return outcome;
    if (session_source_load(&source, origin->location, origin->commit, options, &scratch, diag) !=
        0) {
        outcome = source.missing ? SAVED_BAD : SAVED_ERROR;
        if (source.missing)
            diag_help(diag, "the commit that the plan was made from is gone: plan again");
    } else if (strcmp(source_digest(&source, &scratch), origin->sha256) != 0) {
        diag_error(diag, NULL, "%s is not the roster that the plan was made from",
                   origin->location);
        diag_help(diag, "it was changed since, or this is another folder: plan again");
        outcome = SAVED_BAD;
    } else {
        /* The file of the plan may say otherwise. */
        origin->author = arena_strdup(&session->arena, source.commit.author);
        origin->date = arena_strdup(&session->arena, source.commit.date);
    }
    source_release(&source);
    arena_release(&scratch);
    return outcome;
}

static enum saved_outcome load(struct session *session, struct saved_plan *plan,
                               const struct options *options, struct diag *diag)
{
    enum plan_file_verdict verdict;
    const char *path = session_roster(options);

    if (options->targets.count != 0) {
        diag_error(diag, NULL, "--target can't narrow a saved plan");
        diag_help(diag, "narrow it when it is made: roster plan --target NAME --out FILE");
        return SAVED_ERROR;
    }
    if (options->out != NULL) {
        diag_error(diag, NULL, "%s is a saved plan already", path);
        diag_help(diag, "without --out, it is shown as it would be applied");
        return SAVED_ERROR;
    }
    if (session_read_key(session, diag) != 0)
        return SAVED_ERROR;
    plan->document = plan_file_parse(path, buf_text(&plan->text), plan->text.size,
                                     session->plan_key, &verdict, diag);
    if (plan->document == NULL)
        return verdict == PLAN_FILE_UNREADABLE ? SAVED_ERROR : SAVED_BAD;
    if (plan_file_load(&plan->saved, &session->desired, path, plan->document, session->plan_key,
                       getenv, diag) != 0)
        return SAVED_BAD;
    session->origin = plan->saved.origin;
    return SAVED_GOOD;
}

/* The account of the credentials has to be the plan's. */
static int connect_to_account(struct session *session, const struct options *options,
                              struct diag *diag)
{
    const char *wanted = session->origin.account_sid;
    int64_t created = session->origin.created;

    if (session_connect(session, options, diag) != 0)
        return -1;
    if (!str_equal_nocase(session->origin.account_sid, wanted)) {
        diag_error(diag, NULL, "the plan is for account %s, and the credentials are for %s", wanted,
                   session->origin.account_sid);
        diag_help(diag, "use the credentials of that account, or plan again for this one");
        return -1;
    }
    session->origin.account_sid = wanted;
    session->origin.created = created;
    return 0;
}

/* The services whose list of one kind has to be read besides. */
struct source_fetch {
    struct session *session;
    enum sender_kind kind;
    struct live_service **services;
    size_t count;
};

static int add_source(void *context, const char *service_sid, enum sender_kind kind)
{
    struct source_fetch *fetch = context;
    struct live_service *service;

    if (kind != fetch->kind)
        return 0;
    service = live_state_find(&fetch->session->live, service_sid);
    if (service != NULL && !service->senders[kind].fetched)
        fetch->services[fetch->count++] = service;
    return 0;
}

/* All of a kind at once. */
static int fetch_sources(struct session *session, const struct plan_saved *saved, struct diag *diag)
{
    struct source_fetch fetch = {
        .session = session,
        .services = arena_array(&session->arena, saved->service_count, sizeof(*fetch.services)),
    };
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        fetch.kind = (enum sender_kind)kind;
        fetch.count = 0;
        if (plan_file_sources(saved, add_source, &fetch) != 0 ||
            live_fetch_lists(session->client, fetch.services, fetch.count, fetch.kind,
                             &session->live, diag) != 0)
            return -1;
    }
    return 0;
}

static struct guard_limits widen(struct guard_limits limits, const struct guard_limits *given)
{
    if (given->max_removals != GUARD_UNLIMITED)
        limits.max_removals = given->max_removals;
    if (given->max_deletes != GUARD_UNLIMITED)
        limits.max_deletes = given->max_deletes;
    limits.take_over |= given->take_over;
    limits.allow_empty_service |= given->allow_empty_service;
    limits.allow_empty_roster |= given->allow_empty_roster;
    limits.allow_campaign_loss |= given->allow_campaign_loss;
    return limits;
}

enum saved_outcome session_plan_saved(struct session *session, const struct plan_saved *saved,
                                      const struct guard_limits *given, struct diag *diag)
{
    const struct guard_limits limits = widen(saved->limits, given);

    if (live_fetch(session->client, &session->desired, &session->live, diag) != 0 ||
        fetch_sources(session, saved, diag) != 0)
        return SAVED_ERROR;
    if (plan_file_stale(saved, &session->desired, &session->live, diag))
        return SAVED_STALE;
    plan_file_settle(saved, &session->desired, &session->live);
    switch (session_build(session, diag)) {
    case BUILD_GOOD:
        break;
    case BUILD_UNFIT:
        return SAVED_STALE;
    case BUILD_ERROR:
        return SAVED_ERROR;
    }
    session->plan.origin = session->origin;
    guard_check(&session->plan, &limits);
    return plan_file_compare(saved, &session->plan, diag) == 0 ? SAVED_GOOD : SAVED_STALE;
}

enum saved_outcome session_start_saved(struct session *session, struct saved_plan *plan,
                                       const struct options *options, struct diag *diag)
{
    enum saved_outcome outcome = load(session, plan, options, diag);
    struct session_wait wait;

    if (outcome == SAVED_GOOD && connect_to_account(session, options, diag) != 0)
        outcome = SAVED_ERROR;
    if (outcome == SAVED_GOOD)
        outcome = check_roster(session, options, diag);
    if (outcome == SAVED_GOOD) {
        session_wait_begin(&wait, session->client, options, "Reading the account", &session->live);
        outcome = session_plan_saved(session, &plan->saved, &options->limits, diag);
        session_wait_end(&wait);
    }
    return outcome;
}

void saved_plan_release(struct saved_plan *plan)
{
    plan_saved_release(&plan->saved);
    json_decref(plan->document);
    buf_release(&plan->text);
    memset(plan, 0, sizeof(*plan));
}
