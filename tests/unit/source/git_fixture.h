/*
 * A git repository made by libgit2, and a cache folder, for tests of sources.
 */
#ifndef ROSTER_TESTS_GIT_FIXTURE_H
#define ROSTER_TESTS_GIT_FIXTURE_H

#include "source/remote_fetch.h"
#include "source/source.h"
#include "support/scratch_folder.h"

#include <git2.h>
#include <string.h>
#include <sys/stat.h>

struct git_fixture {
    struct scratch_folder scratch;
    char repository_path[128], cache_path[128];
    git_repository *repository;
    struct source source;
    struct source_options options;
    struct diag diag;
};

/* A file of the tree of a commit. */
struct git_file {
    const char *path;
    git_filemode_t mode; /* 0: an ordinary file */
    const char *text;    /* of a submodule: nothing */
};

static inline void need(int result)
{
    if (result < 0)
        fail_msg("libgit2: %s", git_error_last() == NULL ? "?" : git_error_last()->message);
}

static inline void git_fixture_setup(struct git_fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    need(remote_fetch_start_library());
    scratch_folder_make(&fixture->scratch);
    snprintf(fixture->repository_path, sizeof(fixture->repository_path), "%s/c.git",
             fixture->scratch.path);
    snprintf(fixture->cache_path, sizeof(fixture->cache_path), "%s/cache", fixture->scratch.path);
    assert_int_equal(mkdir(fixture->cache_path, 0700), 0);
    need(git_repository_init(&fixture->repository, fixture->repository_path, 1));
    diag_init(&fixture->diag);
    fixture->options = (struct source_options){
        .limit = 10000,
        .lookup = getenv,
        .cache_folder = fixture->cache_path,
        .timeout_ms = 60000,
    };
}

static inline void git_fixture_teardown(struct git_fixture *fixture)
{
    source_release(&fixture->source);
    diag_release(&fixture->diag);
    git_repository_free(fixture->repository);
    scratch_folder_remove(&fixture->scratch);
    git_libgit2_shutdown();
}

/* An index without a checkout makes the trees. */
static inline git_oid git_fixture_tree(struct git_fixture *fixture, const struct git_file *files,
                                       size_t count)
{
    git_index *index;
    git_oid tree;
    size_t i;

    need(git_index_new(&index));
    for (i = 0; i < count; i++) {
        git_index_entry entry = {.mode = files[i].mode == 0 ? GIT_FILEMODE_BLOB : files[i].mode,
                                 .path = files[i].path};
        if (files[i].mode == GIT_FILEMODE_COMMIT)
            need(git_oid_fromstr(&entry.id, "0123456789012345678901234567890123456789"));
        else
            need(git_blob_create_from_buffer(&entry.id, fixture->repository, files[i].text,
                                             strlen(files[i].text)));
        need(git_index_add(index, &entry));
    }
    need(git_index_write_tree_to(&tree, index, fixture->repository));
    git_index_free(index);
    return tree;
}

/* Makes `ref` point to a commit of the files; without `parent` it is a first one. */
static inline git_oid git_fixture_commit(struct git_fixture *fixture, const char *ref,
                                         const struct git_file *files, size_t count,
                                         const git_oid *parent)
{
    git_oid tree_id = git_fixture_tree(fixture, files, count), id;
    const git_commit *parents[1];
    git_commit *before = NULL;
    git_signature *who;
    git_reference *reference;
    git_tree *tree;

    need(git_tree_lookup(&tree, fixture->repository, &tree_id));
    need(git_signature_new(&who, "Ada Lovelace", "ada@example.com", 1769860800, 60));
    if (parent != NULL)
        need(git_commit_lookup(&before, fixture->repository, parent));
    parents[0] = before;
    need(git_commit_create(&id, fixture->repository, NULL, who, who, NULL, "a commit", tree,
                           parent == NULL ? 0 : 1, parents));
    need(git_reference_create(&reference, fixture->repository, ref, &id, 1, NULL));
    git_reference_free(reference);
    git_commit_free(before);
    git_signature_free(who);
    git_tree_free(tree);
    return id;
}

/* Loads git+file://…/c.git and what is behind it, into an empty source. */
static inline int git_fixture_load(struct git_fixture *fixture, const char *rest)
{
    char location[512];

    source_release(&fixture->source);
    diag_release(&fixture->diag);
    snprintf(location, sizeof(location), "git+file://%s%s", fixture->repository_path, rest);
    return source_load(&fixture->source, location, &fixture->options, &fixture->diag);
}

/* All that was reported, as text; valid until the next call. */
static inline const char *git_fixture_report(const struct git_fixture *fixture)
{
    static struct buf text;

    buf_release(&text);
    buf_init(&text, 100000);
    diag_render_text(&fixture->diag, &text, false);
    return buf_text(&text);
}

#endif
