/*
 * Which of a repository's refs a name means.
 */
#ifndef ROSTER_SOURCE_REMOTE_REFS_H
#define ROSTER_SOURCE_REMOTE_REFS_H

#include "base/arena.h"
#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* What the repository says that it has. */
struct remote_ref {
    const char *name; /* "HEAD", "refs/heads/main", "refs/tags/v1", "refs/tags/v1^{}" */
    const char *id;   /* 40 hexadecimal digits */
};

enum remote_choice {
    REMOTE_CHOICE_REF,       /* `name` is its full name */
    REMOTE_CHOICE_COMMIT,    /* no ref of that name: it can only be a commit, which is in `name` */
    REMOTE_CHOICE_NONE,      /* there is no such ref, and it is no commit */
    REMOTE_CHOICE_AMBIGUOUS, /* a branch and a tag */
    REMOTE_CHOICE_EMPTY,     /* the repository has no commit */
};

/*
 * What `wanted` means: a full name (refs/…), a branch, a tag, or a commit of at least 4 hexadecimal
 * digits, in that order; NULL is HEAD. A commit that a branch or tag points to is chosen by that
 * ref's name. `*name` is in the arena.
 */
enum remote_choice remote_refs_choose(const struct remote_ref *refs, size_t count,
                                      const char *wanted, struct arena *arena, const char **name);

/* "branches main, next; tags v1, v2", the first few of each, in the arena. */
const char *remote_refs_describe(const struct remote_ref *refs, size_t count, struct arena *arena);

/* The branch or tag nearest to a name that is none; NULL when none is near. In the arena. */
const char *remote_refs_nearest(const struct remote_ref *refs, size_t count, const char *wanted,
                                struct arena *arena);

#endif
