#include "source/repo_cache.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/json_text.h"
#include "base/lock_file.h"
#include "source/remote_fetch.h"

#include <dirent.h>
#include <errno.h>
#include <git2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { POLL_MS = 50, HOLDER_MAX = 64 * 1024, RECORD_MAX = 16 * 1024 * 1024 };

static int check_folder(const char *folder, struct diag *diag)
{
    if (folder_check_private(folder) == 0)
        return 0;
    if (errno == EPERM) {
        diag_error(diag, NULL, "the folder %s belongs to somebody else, or others may write to it",
                   folder);
        diag_help(diag, "make it yours alone (chmod 700), or set XDG_CACHE_HOME to another folder");
    } else {
        diag_error(diag, NULL, "cannot use the folder %s: %s", folder, strerror(errno));
    }
    return -1;
}

static int take_lock(struct repo_cache *cache, const char *path, int64_t timeout_ms,
                     bool (*stopped)(void), struct logger *log, struct diag *diag)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000 * 1000L};
    const int64_t end = clock_monotonic(&clock_system) + timeout_ms;
    enum lock_outcome outcome;
    struct buf holder;

    buf_init(&holder, HOLDER_MAX);
    logger_wait_begin(log);
    while ((outcome = lock_file_try(path, &cache->lock, &holder, diag)) == LOCK_HELD &&
           clock_monotonic(&clock_system) < end && (stopped == NULL || !stopped())) {
        logger_wait(log, "Waiting for another roster that uses the copy of %s", cache->url);
        nanosleep(&pause, NULL);
    }
    logger_wait_end(log);
    buf_release(&holder);
    cache->locked = outcome == LOCK_TAKEN;
    if (outcome == LOCK_HELD) {
        diag_error(diag, NULL, "another roster is still fetching %s", cache->url);
        diag_help(diag, "wait for it to end, or give it longer with --git-timeout");
    }
    return cache->locked ? 0 : -1;
}

static int make_repository(struct repo_cache *cache, struct diag *diag)
{
    git_repository_init_options options;
    git_repository *repository = NULL;

    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_NO_REINIT;
    options.mode = 0700;
    if (mkdir(cache->path, 0700) != 0) {
        diag_error(diag, NULL, "cannot make the folder %s: %s", cache->path, strerror(errno));
        return -1;
    }
    if (git_repository_init_ext(&repository, cache->path, &options) != 0) {
        diag_error(diag, NULL, "cannot make a repository in %s: %s", cache->path,
                   remote_fetch_problem(&cache->arena));
        return -1;
    }
    git_repository_free(repository);
    cache->fresh = true;
    return 0;
}

static const char *aside(struct repo_cache *cache)
{
    return arena_printf(&cache->arena, "%s.aside", cache->path);
}

static const char *record_path(struct repo_cache *cache)
{
    return arena_printf(&cache->arena, "%s/roster.json", cache->path);
}

/* A record that is not one only means that nothing is known. */
static void read_record(struct repo_cache *cache)
{
    struct diag quiet;
    struct buf text;

    diag_init(&quiet);
    buf_init(&text, RECORD_MAX);
    if (access(record_path(cache), F_OK) == 0 && file_read(record_path(cache), &text, &quiet) == 0)
        cache->record = json_loadb(buf_text(&text), text.size, 0, NULL);
    if (!json_is_object(cache->record)) {
        json_decref(cache->record);
        cache->record = json_object();
    }
    buf_release(&text);
    diag_release(&quiet);
}

/* What a fetch that was killed left behind; nobody is writing there, for we have the lock. */
static void remove_leftovers(struct repo_cache *cache)
{
    const char *folder = arena_printf(&cache->arena, "%s/objects/pack", cache->path);
    DIR *entries = opendir(folder);
    struct dirent *entry;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const char *name = entry->d_name;
        const size_t size = strlen(name);
        const bool whole = size > 5 && (strcmp(name + size - 4, ".idx") == 0 ||
                                        strcmp(name + size - 5, ".pack") == 0);
        if (name[0] != '.' && !whole)
            (void)unlink(arena_printf(&cache->arena, "%s/%s", folder, name));
    }
    if (entries != NULL)
        closedir(entries);
}

int repo_cache_open(struct repo_cache *cache, const char *folder, const char *url,
                    int64_t timeout_ms, bool (*stopped)(void), struct logger *log,
                    struct diag *diag)
{
    char hex[DIGEST_HEX_SIZE];
    struct stat info;

    if (check_folder(folder, diag) != 0)
        return -1;
    digest_sha256(url, strlen(url), hex);
    cache->url = arena_strdup(&cache->arena, url);
    cache->path = arena_printf(&cache->arena, "%s/%s", folder, hex);
    if (take_lock(cache, arena_printf(&cache->arena, "%s.lock", cache->path), timeout_ms, stopped,
                  log, diag) != 0)
        return -1;
    if (lstat(aside(cache), &info) == 0)
        repo_cache_settle(cache, false, diag);
    if (lstat(cache->path, &info) != 0) {
        if (make_repository(cache, diag) != 0)
            return -1;
    } else if (check_folder(cache->path, diag) != 0) {
        return -1;
    }
    remove_leftovers(cache);
    read_record(cache);
    return 0;
}

int repo_cache_renew(struct repo_cache *cache, struct diag *diag)
{
    if (folder_remove(aside(cache)) != 0 || rename(cache->path, aside(cache)) != 0) {
        diag_error(diag, NULL, "cannot put the broken copy %s aside: %s", cache->path,
                   strerror(errno));
        return -1;
    }
    json_object_clear(cache->record);
    return make_repository(cache, diag);
}

void repo_cache_settle(struct repo_cache *cache, bool good, struct diag *diag)
{
    int result = folder_remove(good ? aside(cache) : cache->path);

    if (!good && result == 0)
        result = rename(aside(cache), cache->path);
    if (result != 0)
        diag_warning(diag, NULL, "cannot remove %s: %s", good ? aside(cache) : cache->path,
                     strerror(errno));
}

/* "refs/heads/HEAD" would be another one. */
static const char *key_of(const char *wanted)
{
    return wanted == NULL ? "HEAD" : wanted;
}

struct cached_ref repo_cache_find(const struct repo_cache *cache, const char *wanted)
{
    const json_t *refs = json_object_get(cache->record, "refs");
    const json_t *ref = json_object_get(refs, key_of(wanted));
    const char *commit = json_string_value(json_object_get(ref, "commit"));
    const char *name = json_string_value(json_object_get(ref, "name"));

    return (struct cached_ref){
        .commit = commit != NULL && strlen(commit) == GIT_OID_HEXSZ ? commit : NULL,
        .name = name == NULL || name[0] == '\0' ? NULL : name,
        .fetched_ms = (int64_t)json_integer_value(json_object_get(ref, "fetched_ms")),
    };
}

void repo_cache_note(struct repo_cache *cache, const char *wanted, const char *commit,
                     const char *name, int64_t now_ms, struct diag *diag)
{
    json_t *refs = json_object_get(cache->record, "refs");
    struct diag problems;
    struct buf text;

    if (!json_is_object(refs)) {
        json_object_set_new(cache->record, "refs", json_object());
        refs = json_object_get(cache->record, "refs");
    }
    json_object_set_new(cache->record, "url", json_string(cache->url));
    json_object_set_new(refs, key_of(wanted),
                        json_pack("{sssssI}", "commit", commit, "name", name == NULL ? "" : name,
                                  "fetched_ms", (json_int_t)now_ms));
    diag_init(&problems);
    buf_init(&text, RECORD_MAX);
    json_text_add_document(&text, cache->record);
    if (file_write_atomic(record_path(cache), buf_text(&text), text.size, 0600, &problems) != 0)
        diag_warning(diag, NULL, "%s", problems.items[0].message);
    buf_release(&text);
    diag_release(&problems);
}

void repo_cache_close(struct repo_cache *cache)
{
    json_decref(cache->record);
    if (cache->locked)
        lock_file_release(cache->lock);
    arena_release(&cache->arena);
    memset(cache, 0, sizeof(*cache));
}
