/*
 * A roster from git: which commit, from the copy or over the network; then what is in it.
 */
#include "source/source_parts.h"

#include "base/clock.h"
#include "base/str.h"
#include "source/commit_signature.h"
#include "source/remote_location.h"
#include "source/remote_login.h"
#include "source/repo_cache.h"
#include "source/repo_fetch.h"
#include "source/repo_tree.h"

#include <git2.h>
#include <string.h>

struct git_load {
    struct source *source;
    const struct source_options *options;
    struct remote_location location;
    struct remote_login login;
    struct repo_cache cache;
    git_repository *repository;
    git_commit *commit;
    const char *problem; /* of the copy, when it is broken */
    bool renewed;
    struct diag *diag;
};

enum load_outcome { LOAD_GOOD, LOAD_FAILED, LOAD_BROKEN };

static const char *wanted_of(const struct git_load *load)
{
    return load->options->commit != NULL ? load->options->commit : load->location.ref;
}

static int check_options(const struct source_options *options, struct diag *diag)
{
    if (options->require_signed && options->allowed_signers == NULL) {
        diag_error(diag, NULL, "--require-signed needs --allowed-signers");
        diag_help(diag, "--allowed-signers FILE says whose signatures are good");
        return -1;
    }
    if (!options->require_signed && options->allowed_signers != NULL) {
        diag_error(diag, NULL, "--allowed-signers does nothing without --require-signed");
        diag_help(diag, "give both, or neither");
        return -1;
    }
    return 0;
}

static enum load_outcome broken(struct git_load *load)
{
    load->problem = remote_fetch_problem(&load->source->arena);
    return LOAD_BROKEN;
}

static enum load_outcome open_repository(struct git_load *load)
{
    git_repository_free(load->repository);
    load->repository = NULL;
    return git_repository_open_bare(&load->repository, load->cache.path) == 0 ? LOAD_GOOD
                                                                              : broken(load);
}

static int find_commit(struct git_load *load, const char *text)
{
    const size_t size = strlen(text);
    git_oid id;

    git_commit_free(load->commit);
    load->commit = NULL;
    if (size > GIT_OID_HEXSZ || !str_is_hex(text, size) || git_oid_fromstrn(&id, text, size) != 0)
        return GIT_ENOTFOUND;
    return git_commit_lookup_prefix(&load->commit, load->repository, &id, size);
}

/* "3 h", roughly. */
static const char *age(struct git_load *load, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}};
    size_t i;

    for (i = 0; i + 1 < COUNT_OF(units) && ms < 2 * units[i].ms; i++)
        ;
    return arena_printf(&load->source->arena, "%lld %s", (long long)(ms < 0 ? 0 : ms / units[i].ms),
                        units[i].unit);
}

static enum load_outcome use_copy(struct git_load *load)
{
    const char *wanted = wanted_of(load);
    const struct cached_ref known = repo_cache_find(&load->cache, wanted);
    const char *id = known.commit != NULL ? known.commit : wanted;
    enum load_outcome outcome = load->cache.fresh ? LOAD_FAILED : open_repository(load);

    if (outcome == LOAD_GOOD && id != NULL && find_commit(load, id) == 0) {
        if (known.commit != NULL)
            source_note(load->source, "Offline: %s as it was fetched %s ago.",
                        load->location.display,
                        age(load, clock_wall(&clock_system) - known.fetched_ms));
        else
            source_note(load->source, "Offline: %s from the copy that is here.",
                        load->location.display);
        return LOAD_GOOD;
    }
    if (outcome == LOAD_BROKEN || known.commit != NULL)
        return outcome == LOAD_BROKEN ? outcome : broken(load);
    diag_error(load->diag, NULL, "%s of %s was never fetched, and --offline forbids it now",
               wanted == NULL ? "HEAD" : wanted, load->location.display);
    diag_help(load->diag, "run it once without --offline");
    return LOAD_FAILED;
}

/* Says when a ref was moved to a commit that does not follow from the one that it was. */
static void note_forced(struct git_load *load, const char *before,
                        const struct fetch_answer *answer)
{
    git_oid old, now;
    const char *name = answer->name == NULL ? "" : answer->name;

    if (before == NULL || answer->name == NULL || strcmp(before, answer->commit) == 0 ||
        git_oid_fromstr(&old, before) != 0 || git_oid_fromstr(&now, answer->commit) != 0 ||
        git_graph_descendant_of(load->repository, &now, &old) == 1)
        return;
    source_note(load->source,
                "%s of %s was forced from commit %s to %s, which does not contain it.", name,
                load->location.display, repo_tree_short_id(load->source, before),
                repo_tree_short_id(load->source, answer->commit));
}

static void ask(struct git_load *load, struct fetch_answer *answer)
{
    const struct source_options *options = load->options;
    const int64_t end = clock_monotonic(&clock_system) + options->timeout_ms;
    const struct fetch_request request = {
        .location = &load->location,
        .login = &load->login,
        .repository = load->cache.path,
        .wanted = wanted_of(load),
        .likely = options->commit != NULL ? load->location.ref : NULL,
        .ca_file = options->ca_file,
    };

    repo_fetch(&request, options->timeout_ms, options->stopped, options->log, &load->source->arena,
               answer);
    if (answer->outcome != FETCH_NEEDS_USER ||
        !remote_login_ask_helper(&load->login, &load->location,
                                 end - clock_monotonic(&clock_system), options->stopped,
                                 &load->source->arena))
        return;
    logger_say(options->log, LOG_INFO, "git's credential helper has a login for %s",
               load->location.display);
    repo_fetch(&request, end - clock_monotonic(&clock_system), options->stopped, options->log,
               &load->source->arena, answer);
}

static enum load_outcome fetch(struct git_load *load)
{
    const char *wanted = wanted_of(load);
    const char *before =
        arena_strdup(&load->source->arena, repo_cache_find(&load->cache, wanted).commit);
    const int64_t begun_ms = clock_monotonic(&clock_system);
    struct fetch_answer answer;

    ask(load, &answer);
    if (answer.outcome == FETCH_OURS && !load->cache.fresh) {
        load->problem = answer.message;
        return LOAD_BROKEN;
    }
    if (answer.outcome != FETCH_DONE) {
        repo_fetch_report(&answer, load->diag);
        load->source->missing = answer.outcome == FETCH_MISSING;
        if (answer.outcome == FETCH_FAILED && before != NULL)
            diag_note(load->diag, NULL, "--offline would take it as it was fetched %s ago",
                      age(load, clock_wall(&clock_system) -
                                    repo_cache_find(&load->cache, wanted).fetched_ms));
        return LOAD_FAILED;
    }
    if (open_repository(load) != LOAD_GOOD || find_commit(load, answer.commit) != 0)
        return broken(load);
    note_forced(load, before, &answer);
    logger_say(load->options->log, LOG_INFO, "fetched %s in %lld ms; the copy is in %s",
               load->location.display, (long long)(clock_monotonic(&clock_system) - begun_ms),
               load->cache.path);
    repo_cache_note(&load->cache, wanted, answer.commit, answer.name, clock_wall(&clock_system),
                    load->diag);
    return LOAD_GOOD;
}

/* A commit never changes: one that is here need not be fetched again. */
static enum load_outcome choose_commit(struct git_load *load)
{
    const char *wanted = wanted_of(load);

    if (load->options->offline)
        return use_copy(load);
    if (wanted != NULL && strlen(wanted) == GIT_OID_HEXSZ && !load->cache.fresh &&
        open_repository(load) == LOAD_GOOD && find_commit(load, wanted) == 0) {
        logger_say(load->options->log, LOG_INFO,
                   "commit %s of %s is in the copy, and was not fetched again: %s",
                   repo_tree_short_id(load->source, wanted), load->location.display,
                   load->cache.path);
        return LOAD_GOOD;
    }
    return fetch(load);
}

static enum load_outcome check_signature(struct git_load *load)
{
    const char *who = NULL, *short_id = repo_tree_short_id(load->source, load->source->commit.id);
    const char *name =
        arena_printf(&load->source->arena, "commit %s of %s", short_id, load->location.display);

    if (!load->options->require_signed)
        return LOAD_GOOD;
    if (commit_signature_check(load->commit, name, load->options->allowed_signers,
                               load->options->timeout_ms, &load->source->arena, &who,
                               load->diag) != 0)
        return LOAD_FAILED;
    source_note(load->source, "Commit %s is signed by %s.", short_id, who);
    return LOAD_GOOD;
}

static enum load_outcome attempt(struct git_load *load)
{
    enum load_outcome outcome = choose_commit(load);

    if (outcome != LOAD_GOOD)
        return outcome;
    switch (repo_tree_read(load->source, load->commit, &load->location, load->options->limit,
                           &load->problem, load->diag)) {
    case REPO_TREE_READ:
        return check_signature(load);
    case REPO_TREE_BROKEN:
        return LOAD_BROKEN;
    case REPO_TREE_REFUSED:
        break;
    }
    return LOAD_FAILED;
}

static void forget(struct git_load *load)
{
    size_t i;

    for (i = 0; i < load->source->count; i++)
        buf_release(&load->source->items[i].text);
    load->source->count = load->source->note_count = 0;
    git_commit_free(load->commit);
    git_repository_free(load->repository);
    load->commit = NULL;
    load->repository = NULL;
}

static int report_broken(const struct git_load *load)
{
    diag_error(load->diag, NULL, "the copy of %s in %s is broken: %s", load->location.display,
               load->cache.path, load->problem);
    diag_help(load->diag, "%s",
              load->options->offline
                  ? "run it once without --offline: then it is fetched anew"
                  : "it was fetched anew, and is still broken: so is the repository itself");
    return -1;
}

static int load_anew(struct git_load *load)
{
    enum load_outcome outcome;

    forget(load);
    source_note(load->source, "The copy of %s is broken; it is fetched anew.",
                load->location.display);
    if (repo_cache_renew(&load->cache, load->diag) != 0)
        return -1;
    outcome = attempt(load);
    /* A roster that is refused was read all the same. */
    repo_cache_settle(&load->cache, load->commit != NULL && outcome != LOAD_BROKEN, load->diag);
    if (outcome == LOAD_BROKEN)
        return report_broken(load);
    return outcome == LOAD_GOOD ? 0 : -1;
}

/* What is broken is fetched anew, once. */
static int load_from_copy(struct git_load *load)
{
    enum load_outcome outcome = attempt(load);

    if (outcome != LOAD_BROKEN)
        return outcome == LOAD_GOOD ? 0 : -1;
    if (load->options->offline || load->cache.fresh)
        return report_broken(load);
    return load_anew(load);
}

int git_source_load(struct source *source, const char *location,
                    const struct source_options *options, struct diag *diag)
{
    struct git_load load = {.source = source, .options = options, .diag = diag};
    int result = -1;

    if (check_options(options, diag) != 0 ||
        remote_location_parse(&load.location, location, &source->arena, diag) != 0 ||
        remote_login_read(&load.login, &load.location, options->lookup, &source->arena, diag) != 0)
        return -1;
    if (remote_fetch_start_library() != 0) {
        diag_error(diag, NULL, "libgit2 could not be started");
        return -1;
    }
    if (repo_cache_open(&load.cache, options->cache_folder, load.location.url, options->timeout_ms,
                        options->stopped, options->log, diag) == 0)
        result = load_from_copy(&load);
    git_commit_free(load.commit);
    git_repository_free(load.repository);
    repo_cache_close(&load.cache);
    git_libgit2_shutdown();
    return result;
}
