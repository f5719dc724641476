/*
 * One fetch from a repository into a bare one of ours: what the child process does that
 * repo_fetch.h starts. Only one ref comes over; with libgit2 before 1.7 all of its history does,
 * for that can't fetch shallowly.
 */
#ifndef ROSTER_SOURCE_REMOTE_FETCH_H
#define ROSTER_SOURCE_REMOTE_FETCH_H

#include "base/arena.h"
#include "source/remote_location.h"
#include "source/remote_login.h"

/* How far a fetch is; in memory that the process that fetches shares with the one that waits. */
struct fetch_progress {
    _Atomic size_t received, total; /* objects; no total: not known yet */
    _Atomic size_t bytes;
};

struct fetch_request {
    const struct remote_location *location;
    const struct remote_login *login;
    const char *repository;          /* the path of ours */
    const char *wanted;              /* a branch, a tag, or a commit; NULL: HEAD */
    const char *likely;              /* where a commit is looked for first; NULL: HEAD */
    const char *ca_file;             /* NULL: the system's */
    size_t max_bytes;                /* of what comes over; 0: as many as remote_session.h says */
    struct fetch_progress *progress; /* kept up to date; NULL: nobody looks */
};

enum fetch_outcome {
    FETCH_DONE,
    FETCH_MISSING,    /* there is no such ref or commit */
    FETCH_NEEDS_USER, /* the server asks for credentials, and there are none */
    FETCH_OURS,       /* our own repository is broken */
    FETCH_FAILED,     /* all else: the network, the server, credentials that it refused */
    FETCH_OUTCOME_COUNT,
};

/* Strings are in the arena that was given. */
struct fetch_answer {
    enum fetch_outcome outcome;
    const char *commit;  /* what the ref points to: 40 hexadecimal digits */
    const char *name;    /* the ref's full name; NULL: it was found as a commit */
    const char *message; /* what went wrong, as a whole message */
    const char *help;    /* NULL: none */
    const char *note;    /* NULL: none */
};

void remote_fetch(const struct fetch_request *request, struct arena *arena,
                  struct fetch_answer *answer);

/* Starts libgit2 so that no configuration but a repository's own is read; returns -1 on failure.
 * Each start needs a git_libgit2_shutdown(). */
int remote_fetch_start_library(void);

/* What libgit2 said last, in the arena. */
const char *remote_fetch_problem(struct arena *arena);

/* The name under which our repository keeps a ref of the remote one. */
const char *remote_fetch_own_name(const char *name, struct arena *arena);

#endif
