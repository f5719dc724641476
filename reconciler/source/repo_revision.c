/*
 * A roster as it was in another commit of the git repository that its file is in.
 */
#include "source/source_parts.h"

#include "base/str.h"
#include "source/remote_fetch.h"
#include "source/repo_tree.h"

#include <errno.h>
#include <git2.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct revision {
    struct source *source;
    const char *roster; /* as it was named */
    const char *path;   /* the same, absolute and without links */
    const char *folder; /* of the work tree, likewise, without a slash at its end */
    const char *name;
    git_repository *repository;
    git_commit *commit;
    struct diag *diag;
};

static int report_no_repository(const struct revision *revision)
{
    diag_error(revision->diag, NULL, "%s is in no git repository, so there is no commit %s",
               revision->roster, revision->name);
    diag_help(revision->diag, "--baseline needs a roster in a git work tree, or one from git "
                              "(git+https://…)");
    return -1;
}

static const char *real_path(struct source *source, const char *path)
{
    char *found = realpath(path, NULL);
    const char *copy = arena_strdup(&source->arena, found);

    free(found);
    return copy;
}

/* The repository around the roster, whoever owns it: nothing in it is run. */
static int open_around(struct revision *revision)
{
    const char *folder;
    int code;

    revision->path = real_path(revision->source, revision->roster);
    if (revision->path == NULL) {
        diag_error(revision->diag, NULL, "cannot read %s: %s", revision->roster, strerror(errno));
        return -1;
    }
    code = git_repository_open_ext(&revision->repository, revision->path, 0, NULL);
    if (code == GIT_ENOTFOUND)
        return report_no_repository(revision);
    if (code != 0) {
        diag_error(revision->diag, NULL, "cannot open the git repository of %s: %s",
                   revision->roster, remote_fetch_problem(&revision->source->arena));
        diag_help(revision->diag, "\"git status\" there tells more");
        return -1;
    }
    folder = git_repository_workdir(revision->repository);
    revision->folder = folder == NULL ? NULL : real_path(revision->source, folder);
    return revision->folder == NULL ? report_no_repository(revision) : 0;
}

static int find_commit(struct revision *revision)
{
    git_object *object = NULL;
    int code = git_revparse_single(&object, revision->repository, revision->name);

    if (code == 0)
        code = git_object_peel((git_object **)&revision->commit, object, GIT_OBJECT_COMMIT);
    git_object_free(object);
    if (code == 0)
        return 0;
    diag_error(revision->diag, NULL, "%s of %s is no commit that is here: %s", revision->name,
               revision->folder, remote_fetch_problem(&revision->source->arena));
    diag_help(revision->diag, "name a commit, branch or tag; a shallow clone lacks older commits "
                              "(git fetch --unshallow)");
    return -1;
}

/* Its path in the repository. The work tree's own folder may be "/". */
static const char *path_in(const struct revision *revision)
{
    const size_t size = strlen(revision->folder);
    const char *rest = revision->path + size;

    if (!str_starts_with(revision->path, revision->folder))
        return NULL;
    if (size != 0 && revision->folder[size - 1] == '/')
        return rest;
    return rest[0] == '/' ? rest + 1 : rest[0] == '\0' ? rest : NULL;
}

static int read_tree(const struct revision *revision, size_t limit)
{
    const struct remote_location location = {
        .scheme = REMOTE_FILE,
        .path = path_in(revision),
        .display = revision->folder,
    };
    const char *problem = NULL;

    if (location.path == NULL)
        return report_no_repository(revision);
    switch (repo_tree_read(revision->source, revision->commit, &location, limit, &problem,
                           revision->diag)) {
    case REPO_TREE_READ:
        return 0;
    case REPO_TREE_BROKEN:
        diag_error(revision->diag, NULL, "the git repository %s is broken: %s", revision->folder,
                   problem);
        diag_help(revision->diag, "\"git fsck\" tells more");
        break;
    case REPO_TREE_REFUSED:
        break;
    }
    return -1;
}

int source_load_revision(struct source *source, const char *location, const char *name,
                         size_t limit, struct diag *diag)
{
    struct revision revision = {.source = source, .roster = location, .name = name, .diag = diag};
    int result = -1;

    if (strcmp(location, "-") == 0) {
        diag_error(diag, NULL, "--baseline can't be of standard input");
        diag_help(diag, "name the roster's file, in a git work tree");
        return -1;
    }
    if (remote_fetch_start_library() != 0) {
        diag_error(diag, NULL, "libgit2 could not be started");
        return -1;
    }
    if (open_around(&revision) == 0 && find_commit(&revision) == 0)
        result = read_tree(&revision, limit);
    git_commit_free(revision.commit);
    git_repository_free(revision.repository);
    git_libgit2_shutdown();
    return result;
}
