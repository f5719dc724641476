/*
 * Our copies of repositories: one bare repository for each address, in a folder that is ours alone.
 *
 *     FOLDER/<SHA-256 of the address>/        the repository, mode 0700
 *                       …/roster.json         which ref was what commit, and when that was fetched
 *     FOLDER/<SHA-256 of the address>.aside/  what was there, while it is fetched anew
 *     FOLDER/<SHA-256 of the address>.lock    held while one of us uses it
 *
 * Nothing of a remote's configuration gets into it, and it has no hooks that anybody would run. All
 * of it can be deleted at any time: it is fetched again.
 */
#ifndef ROSTER_SOURCE_REPO_CACHE_H
#define ROSTER_SOURCE_REPO_CACHE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "base/logger.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct repo_cache {
    struct arena arena;
    const char *path; /* of the repository */
    const char *url;
    int lock;
    bool locked;
    bool fresh; /* it was made just now, and is empty */
    json_t *record;
};

/* What was fetched last for a ref. Strings are the record's: valid until the next change. */
struct cached_ref {
    const char *commit; /* NULL: it was never fetched */
    const char *name;   /* its full name, NULL when it is a commit */
    int64_t fetched_ms; /* since 1970 */
};

/*
 * Locks and opens the copy of the repository at `url` in `folder`, which has to be there, and makes
 * an empty one when there is none. Another process that has it is waited for, `timeout_ms` at most;
 * `log`, which may be NULL, shows it. `cache` is zeroed by the caller and closed by it in any case.
 * Reports and returns -1 on failure.
 */
MUST_CHECK int repo_cache_open(struct repo_cache *cache, const char *folder, const char *url,
                               int64_t timeout_ms, bool (*stopped)(void), struct logger *log,
                               struct diag *diag);

/*
 * Puts the copy aside and makes an empty one. It may not have been at fault, so repo_cache_settle()
 * has to follow: it throws the old one away when the new one is good, else brings it back. A
 * process that ends in between leaves that to the next one, which brings it back.
 */
MUST_CHECK int repo_cache_renew(struct repo_cache *cache, struct diag *diag);
void repo_cache_settle(struct repo_cache *cache, bool good, struct diag *diag);

/* `wanted` is a ref as the location has it, NULL for HEAD. */
struct cached_ref repo_cache_find(const struct repo_cache *cache, const char *wanted);

/* Records what was fetched. A record that can't be written is only a warning. */
void repo_cache_note(struct repo_cache *cache, const char *wanted, const char *commit,
                     const char *name, int64_t now_ms, struct diag *diag);

void repo_cache_close(struct repo_cache *cache);

#endif
