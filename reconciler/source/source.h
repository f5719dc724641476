/*
 * Where a roster's text comes from: a file, a folder of files, standard input, or a git repository
 * (remote_location.h).
 */
#ifndef ROSTER_SOURCE_SOURCE_H
#define ROSTER_SOURCE_SOURCE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/logger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One file of a roster. */
struct source_text {
    const char *name; /* as messages show it: "roster.yaml", "rosters/orders.yaml@1a2b3c4" */
    const char *file; /* its name in the folder: "orders.yaml" */
    struct buf text;
};

/* What a roster from git was read from. All NULL: it is not from git. */
struct source_commit {
    const char *id;     /* 40 hexadecimal digits */
    const char *author; /* "Ada Lovelace <ada@example.com>", fit to be shown */
    const char *date;   /* of the author: "2026-01-31T12:00:00Z" */
};

/* How a roster may be got. */
struct source_options {
    size_t limit;                      /* bytes of one file */
    char *(*lookup)(const char *name); /* getenv(), for credentials */
    /* All below is for git. */
    const char *cache_folder; /* repositories are kept in it; it is ours alone */
    const char *ca_file;      /* NULL: the system's authorities */
    int64_t timeout_ms;       /* for the whole fetch; as long again for other runs to end theirs */
    bool offline;             /* only what the cache has */
    bool require_signed;
    const char *allowed_signers; /* who may have signed; see commit_signature.h */
    const char *commit;          /* this commit, whatever the location's ref is by now; or NULL */
    bool (*stopped)(void);       /* asked whether to give up waiting; may be NULL */
    struct logger *log;          /* for what is done, and waits; may be NULL */
};

/* All files of a roster, in the order of their names. */
struct source {
    struct arena arena;
    struct source_text *items;
    size_t count, capacity;
    bool folder;
    bool missing; /* after a failure: the commit or ref that was asked for is not there any more */
    struct source_commit commit;
    const char **notes; /* what people should hear of it, whole sentences */
    size_t note_count, note_capacity;
};

/* Whether the location is one in a git repository, or an attempt at one. */
bool source_is_remote(const char *location);

/*
 * Reads the roster that `location` names into `source`, zeroed by the caller and released by it:
 * "-" is standard input; of a folder, the files *.yaml and *.yml right in it, but for those that
 * begin with a dot; git+… a file or folder in a repository; else it is a file. Reports and returns
 * -1 when there is none or it can't be read.
 */
MUST_CHECK int source_load(struct source *source, const char *location,
                           const struct source_options *options, struct diag *diag);

/*
 * Reads, in the same way, the file or folder `location` as it is in the commit `name` (a commit,
 * branch, tag, or what else "git rev-parse" understands) of the git work tree that it is in. The
 * index and changed files don't matter, and nothing is fetched.
 */
MUST_CHECK int source_load_revision(struct source *source, const char *location, const char *name,
                                    size_t limit, struct diag *diag);

/*
 * SHA-256 of the roster in hexadecimal, in the arena: of one file, or standard input, that of its
 * bytes; of a folder, that of each file's name, size and bytes in order. It does not matter where
 * they come from.
 */
const char *source_digest(const struct source *source, struct arena *arena);

/* Whether a file of that name, or path, in a folder is a part of its roster. */
bool source_is_roster_name(const char *path);

/* Accepts a source that is all zero. */
void source_release(struct source *source);

#endif
