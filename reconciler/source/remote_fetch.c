#include "source/remote_fetch.h"

#include "base/digest.h"
#include "base/str.h"
#include "source/remote_refs.h"
#include "source/remote_session.h"

#include <git2.h>
#include <string.h>

enum { ID_SIZE = GIT_OID_HEXSZ, REFSPECS = 2 };

struct fetching {
    const struct fetch_request *request;
    struct arena *arena;
    struct fetch_answer *answer;
    struct remote_session session;
    git_repository *repository;
    git_remote *remote;
    struct remote_ref *refs;
    size_t count;
};

int remote_fetch_start_library(void)
{
    static const int levels[] = {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL,
                                 GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA};
    size_t i;

    if (git_libgit2_init() < 0)
        return -1;
    /* What the user or the machine set up for git (insteadOf, proxies, safe.directory) would make
     * the same command do different things. */
    for (i = 0; i < COUNT_OF(levels); i++)
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
    /* Repositories of others are read only, and nothing that is written in one is ever run. Ours
     * are in a folder whose owner is checked. */
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    return 0;
}

const char *remote_fetch_problem(struct arena *arena)
{
    const git_error *error = git_error_last();

    return arena_strdup(arena, error == NULL || error->message == NULL ? "it says not why"
                                                                       : error->message);
}

const char *remote_fetch_own_name(const char *name, struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];

    /* By digest: a branch "a" that became "a/b" must not be in the way. */
    digest_sha256(name, strlen(name), hex);
    return arena_printf(arena, "refs/roster/%s", hex);
}

/* Faults of these kinds have nothing to do with the network. */
static bool is_ours(int kind)
{
    static const int kinds[] = {GIT_ERROR_REFERENCE, GIT_ERROR_ZLIB,    GIT_ERROR_REPOSITORY,
                                GIT_ERROR_CONFIG,    GIT_ERROR_ODB,     GIT_ERROR_OBJECT,
                                GIT_ERROR_TAG,       GIT_ERROR_TREE,    GIT_ERROR_INDEXER,
                                GIT_ERROR_SHA,       GIT_ERROR_INTERNAL};
    size_t i;

    for (i = 0; i < COUNT_OF(kinds); i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

static const char *help_for(const struct remote_location *location, const char *problem)
{
    if (strstr(problem, "status code: 404") != NULL || strstr(problem, "status code: 403") != NULL)
        return "is the address right, and may the token read the repository?";
    if (strstr(problem, "redirect") != NULL)
        return "the repository has moved; roster follows nobody elsewhere with its credentials: "
               "write its new address";
    if (location->scheme == REMOTE_SSH && strstr(problem, "private key") != NULL)
        return "is the key's passphrase in ROSTER_GIT_SSH_PASSPHRASE?";
    if (strstr(problem, "exchange encryption keys") != NULL)
        return "the server may have a key, but none of the types that are known of it in "
               "known_hosts: add one with ssh-keyscan";
    if (strstr(problem, "connecting with agent") != NULL)
        return "SSH_AUTH_SOCK names an ssh agent that does not answer: start it, or unset it";
    if (location->scheme == REMOTE_FILE &&
        (strstr(problem, "resolve path") != NULL || strstr(problem, "find repository") != NULL))
        return "name the folder of a git repository";
    return NULL;
}

/* What libgit2 could not do, unless one of our own answers was the reason. */
static void report(struct fetching *fetching, enum fetch_outcome otherwise)
{
    const struct remote_location *location = fetching->request->location;
    const git_error *error = git_error_last();
    const char *problem = remote_fetch_problem(fetching->arena);

    if (fetching->session.problem.message != NULL) {
        *fetching->answer = fetching->session.problem;
        return;
    }
    fetching->answer->outcome = error != NULL && is_ours(error->klass) ? FETCH_OURS : otherwise;
    fetching->answer->message =
        arena_printf(fetching->arena, "cannot fetch %s: %s", location->display, problem);
    fetching->answer->help = help_for(location, problem);
}

static int open_both(struct fetching *fetching)
{
    const struct fetch_request *request = fetching->request;
    git_remote_create_options options;

    if (git_repository_open_bare(&fetching->repository, request->repository) != 0) {
        report(fetching, FETCH_OURS);
        fetching->answer->outcome = FETCH_OURS;
        return -1;
    }
    git_remote_create_options_init(&options, GIT_REMOTE_CREATE_OPTIONS_VERSION);
    options.repository = fetching->repository;
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    if (git_remote_create_with_opts(&fetching->remote, request->location->url, &options) == 0)
        return 0;
    report(fetching, FETCH_FAILED);
    return -1;
}

static int read_refs(struct fetching *fetching)
{
    const git_remote_head **heads;
    char id[ID_SIZE + 1];
    size_t i;

    if (git_remote_ls(&heads, &fetching->count, fetching->remote) != 0) {
        report(fetching, FETCH_FAILED);
        return -1;
    }
    fetching->refs = arena_array(fetching->arena, fetching->count, sizeof(*fetching->refs));
    for (i = 0; i < fetching->count; i++) {
        fetching->refs[i].name = arena_strdup(fetching->arena, heads[i]->name);
        fetching->refs[i].id =
            arena_strdup(fetching->arena, git_oid_tostr(id, sizeof(id), &heads[i]->oid));
    }
    return 0;
}

static int connect_to(struct fetching *fetching)
{
    git_remote_connect_options options;

    git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
    remote_session_callbacks(&options.callbacks, &fetching->session);
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.proxy_opts.type = GIT_PROXY_AUTO;
    if (git_remote_connect_ext(fetching->remote, GIT_DIRECTION_FETCH, &options) == 0)
        return read_refs(fetching);
    report(fetching, FETCH_FAILED);
    return -1;
}

/* The last problem is left for report(). */
static int fetch(struct fetching *fetching, const char *const *refspecs, size_t count)
{
    git_fetch_options options;
    char *copies[REFSPECS] = {NULL};
    git_strarray list = {copies, count};
    size_t i;

    for (i = 0; i < count; i++)
        copies[i] = arena_strdup(fetching->arena, refspecs[i]);
    /* A connection of its own may ask anew. */
    fetching->session =
        (struct remote_session){.request = fetching->request, .arena = fetching->arena};
    git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    remote_session_callbacks(&options.callbacks, &fetching->session);
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.proxy_opts.type = GIT_PROXY_AUTO;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.prune = GIT_FETCH_NO_PRUNE;
    options.update_fetchhead = 0;
    return git_remote_fetch(fetching->remote, &list, &options, NULL);
}

static void missing(struct fetching *fetching, const char *message, bool near)
{
    const char *wanted = fetching->request->wanted;
    const char *nearest =
        near && wanted != NULL
            ? remote_refs_nearest(fetching->refs, fetching->count, wanted, fetching->arena)
            : NULL;

    fetching->answer->outcome = FETCH_MISSING;
    fetching->answer->message = message;
    fetching->answer->note =
        arena_printf(fetching->arena, "it has %s",
                     remote_refs_describe(fetching->refs, fetching->count, fetching->arena));
    if (nearest != NULL)
        fetching->answer->help = arena_printf(fetching->arena, "did you mean ref=%s?", nearest);
}

/* The commit that an object is, or that a tag leads to. */
static int take_commit(struct fetching *fetching, git_object *object)
{
    git_object *commit = NULL;
    char id[ID_SIZE + 1];

    if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) != 0) {
        missing(fetching,
                arena_printf(fetching->arena, "\"%s\" of %s is not a commit",
                             fetching->request->wanted, fetching->request->location->display),
                false);
        return -1;
    }
    fetching->answer->commit =
        arena_strdup(fetching->arena, git_oid_tostr(id, sizeof(id), git_object_id(commit)));
    fetching->answer->outcome = FETCH_DONE;
    git_object_free(commit);
    return 0;
}

static void fetch_ref(struct fetching *fetching, const char *name)
{
    const char *own = remote_fetch_own_name(name, fetching->arena);
    const char *refspec = arena_printf(fetching->arena, "+%s:%s", name, own);
    git_object *object = NULL;

    if (fetch(fetching, &refspec, 1) != 0) {
        report(fetching, FETCH_FAILED);
        return;
    }
    if (git_revparse_single(&object, fetching->repository, own) != 0) {
        report(fetching, FETCH_OURS);
        return;
    }
    if (take_commit(fetching, object) == 0)
        fetching->answer->name = name;
    git_object_free(object);
}

static int find_commit(struct fetching *fetching, const char *prefix)
{
    git_object *object = NULL;
    git_oid id;
    int found = git_oid_fromstrn(&id, prefix, strlen(prefix));

    if (found == 0)
        found = git_object_lookup_prefix(&object, fetching->repository, &id, strlen(prefix),
                                         GIT_OBJECT_ANY);
    if (found == 0)
        (void)take_commit(fetching, object);
    else if (found == GIT_EAMBIGUOUS)
        missing(fetching,
                arena_printf(fetching->arena, "\"%s\" could be several commits of %s", prefix,
                             fetching->request->location->display),
                false);
    git_object_free(object);
    return found;
}

static int fetch_likely(struct fetching *fetching)
{
    const char *name, *refspec;

    if (remote_refs_choose(fetching->refs, fetching->count, fetching->request->likely,
                           fetching->arena, &name) != REMOTE_CHOICE_REF)
        return 0;
    refspec =
        arena_printf(fetching->arena, "+%s:%s", name, remote_fetch_own_name(name, fetching->arena));
    return fetch(fetching, &refspec, 1);
}

/*
 * Servers give away commits by their id only when they are told to. So it is looked for where it
 * should be, then in all that there is.
 */
static void fetch_commit(struct fetching *fetching, const char *prefix)
{
    static const char *const all[REFSPECS] = {"+refs/heads/*:refs/roster-all/heads/*",
                                              "+refs/tags/*:refs/roster-all/tags/*"};

    if (fetch_likely(fetching) != 0) {
        report(fetching, FETCH_FAILED);
        return;
    }
    if (find_commit(fetching, prefix) != GIT_ENOTFOUND)
        return;
    if (fetch(fetching, all, REFSPECS) != 0) {
        report(fetching, FETCH_FAILED);
        return;
    }
    if (find_commit(fetching, prefix) != GIT_ENOTFOUND)
        return;
    missing(fetching,
            arena_printf(fetching->arena, "%s has no branch, tag or commit \"%s\"",
                         fetching->request->location->display, fetching->request->wanted),
            true);
}

static void fetch_chosen(struct fetching *fetching)
{
    const char *wanted = fetching->request->wanted, *name;
    const char *display = fetching->request->location->display;

    switch (remote_refs_choose(fetching->refs, fetching->count, wanted, fetching->arena, &name)) {
    case REMOTE_CHOICE_REF:
        fetch_ref(fetching, name);
        break;
    case REMOTE_CHOICE_COMMIT:
        fetch_commit(fetching, name);
        break;
    case REMOTE_CHOICE_EMPTY:
        missing(fetching, arena_printf(fetching->arena, "%s has no commit yet", display), false);
        fetching->answer->note = NULL;
        fetching->answer->help = "push the roster to it first";
        break;
    case REMOTE_CHOICE_AMBIGUOUS:
        missing(fetching,
                arena_printf(fetching->arena, "\"%s\" is both a branch and a tag of %s", wanted,
                             display),
                false);
        fetching->answer->help = arena_printf(
            fetching->arena, "write ref=refs/heads/%s or ref=refs/tags/%s", wanted, wanted);
        break;
    case REMOTE_CHOICE_NONE:
        missing(fetching,
                wanted == NULL
                    ? arena_printf(fetching->arena, "the HEAD of %s leads nowhere", display)
                    : arena_printf(fetching->arena, "%s has no branch, tag or commit \"%s\"",
                                   display, wanted),
                true);
        if (wanted == NULL)
            fetching->answer->help = "name a branch: ?ref=NAME";
        break;
    }
}

void remote_fetch(const struct fetch_request *request, struct arena *arena,
                  struct fetch_answer *answer)
{
    struct fetching fetching = {
        .request = request,
        .arena = arena,
        .answer = answer,
        .session = {.request = request, .arena = arena},
    };

    memset(answer, 0, sizeof(*answer));
    answer->outcome = FETCH_FAILED;
    if (remote_fetch_start_library() != 0) {
        answer->message = "libgit2 could not be started";
        return;
    }
    if (request->ca_file != NULL && request->location->scheme == REMOTE_HTTPS &&
        git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, request->ca_file, NULL) != 0) {
        answer->message = arena_printf(arena, "cannot read the certificates in %s: %s",
                                       request->ca_file, remote_fetch_problem(arena));
        answer->help = "--ca-file needs a PEM file";
    } else if (open_both(&fetching) == 0 && connect_to(&fetching) == 0) {
        fetch_chosen(&fetching);
    }
    git_remote_free(fetching.remote);
    git_repository_free(fetching.repository);
    git_libgit2_shutdown();
}
