/*
 * Reading a roster out of a commit, straight from the object database: no checkout, no filters, no
 * submodules, no symbolic links.
 */
#ifndef ROSTER_SOURCE_REPO_TREE_H
#define ROSTER_SOURCE_REPO_TREE_H

#include "base/attributes.h"
#include "base/diag.h"
#include "source/remote_location.h"
#include "source/source.h"

#include <git2.h>

enum repo_tree_outcome {
    REPO_TREE_READ,
    REPO_TREE_REFUSED, /* there is none, or it is not to be read; reported */
    REPO_TREE_BROKEN,  /* the object database is damaged; `*problem` says how */
};

/* Reads commit->id, author and date, and the files that location->path names, none of them larger
 * than `limit`. On failure nothing is left in `source` but garbage in its arena. */
MUST_CHECK enum repo_tree_outcome repo_tree_read(struct source *source, git_commit *commit,
                                                 const struct remote_location *location,
                                                 size_t limit, const char **problem,
                                                 struct diag *diag);

/* The commit's id, short enough to be read, in the source's arena. */
const char *repo_tree_short_id(struct source *source, const char *id);

#endif
