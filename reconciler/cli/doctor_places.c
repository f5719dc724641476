/*
 * Checks of what roster keeps on this machine: state folder, journal, lock, git cache; and of the
 * roster itself.
 */
#include "cli/doctor.h"

#include "cli/session_lock.h"
#include "cli/state_folder.h"

#include "apply/journal_run.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <git2.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { JOURNAL_MAX = 256 * 1024 * 1024, HOLDER_MAX = 64 * 1024 };

/* Below that, an apply may run out of it. */
static const uint64_t room_bytes = 64 * 1024 * 1024;

/* The nearest folder above that is there. */
static const char *existing_part(struct arena *arena, const char *path)
{
    char *part = arena_strdup(arena, path), *slash;

    while (access(part, F_OK) != 0 && (slash = strrchr(part, '/')) != NULL && slash != part)
        *slash = '\0';
    return part;
}

static void check_room(struct doctor *doctor, const char *folder)
{
    struct statvfs space;
    uint64_t bytes;

    if (statvfs(folder, &space) != 0)
        return;
    bytes = (uint64_t)space.f_bavail * space.f_frsize;
    if (bytes < room_bytes || (space.f_files != 0 && space.f_favail == 0))
        doctor_add(doctor, DOCTOR_WARNING, "make room: an apply that can't keep its journal stops",
                   "there are only %" PRIu64 " KiB and %" PRIu64 " files left in %s", bytes / 1024,
                   (uint64_t)space.f_favail, folder);
}

void doctor_state_folder(struct doctor *doctor)
{
    const char *folder, *part;
    struct diag diag;
    struct stat info;

    diag_init(&diag);
    folder = state_folder(doctor->lookup, &doctor->arena, &diag);
    if (folder == NULL) {
        (void)doctor_take(doctor, &diag);
        return;
    }
    part = existing_part(&doctor->arena, folder);
    if (stat(part, &info) != 0 || !S_ISDIR(info.st_mode))
        doctor_add(doctor, DOCTOR_PROBLEM, "move it away, or set XDG_STATE_HOME to another folder",
                   "%s is no folder, and journals and locks belong into %s", part, folder);
    else if (access(part, W_OK | X_OK) != 0)
        doctor_add(doctor, DOCTOR_PROBLEM,
                   "set XDG_STATE_HOME to a folder that roster may write to",
                   "%s may not be written to: %s", part, strerror(errno));
    else if (part != folder && strcmp(part, folder) != 0)
        doctor_add(doctor, DOCTOR_OK, NULL, "%s is not there yet, and can be made", folder);
    else if ((info.st_mode & 077) != 0 || info.st_uid != geteuid())
        doctor_add(doctor, DOCTOR_WARNING,
                   arena_printf(&doctor->arena, "make it yours alone: chmod 700 %s", folder),
                   "%s %s", folder,
                   info.st_uid != geteuid() ? "belongs to another user"
                                            : "can be read or written by other users");
    else
        doctor_add(doctor, DOCTOR_OK, NULL, "%s can be written", folder);
    check_room(doctor, part);
    diag_release(&diag);
}

/* The account's file there; NULL when there is none, which is a finding. */
static const char *account_file(struct doctor *doctor, const char *extension, const char *none)
{
    const char *account =
        doctor->has_login ? doctor->credentials.account_sid : doctor->lookup("TWILIO_ACCOUNT_SID");
    const char *folder, *path;
    struct diag diag;

    diag_init(&diag);
    folder = state_folder(doctor->lookup, &doctor->arena, &diag);
    diag_release(&diag);
    if (folder == NULL || account == NULL || !str_is_sid(account, "AC")) {
        doctor_add(doctor, DOCTOR_SKIPPED, NULL, "not looked at: there is no account or no folder");
        return NULL;
    }
    path = state_file(folder, account, extension, &doctor->arena);
    if (access(path, F_OK) == 0)
        return path;
    doctor_add(doctor, DOCTOR_OK, NULL, "%s", none);
    return NULL;
}

/* The journal */

static bool is_running(int64_t process)
{
    return process > 0 && (kill((pid_t)process, 0) == 0 || errno == EPERM);
}

static size_t out_of_place(const struct journal_run *run)
{
    size_t count = 0, i;

    for (i = 0; i < run->count; i++)
        count += run->entries[i].out_of_place;
    return count;
}

static void judge_run(struct doctor *doctor, const struct journal_run *run)
{
    const char *begun = run->begun == NULL ? "at an unknown time" : run->begun;
    const size_t lost = out_of_place(run);

    if (lost != 0)
        doctor_add(
            doctor, DOCTOR_PROBLEM, "\"roster journal\" tells which; plan and apply at once",
            "the last apply (%s) took %zu sender%s out of a service, and did not put %s back",
            begun, lost, lost == 1 ? "" : "s", lost == 1 ? "it" : "them");
    else if (run->ended == NULL && is_running(run->process))
        doctor_add(doctor, DOCTOR_WARNING, "wait for it",
                   "an apply (%s, process %" PRId64 ") is going on", begun, run->process);
    else if (run->ended == NULL)
        doctor_add(
            doctor, DOCTOR_WARNING,
            "\"roster journal\" tells what is unclear; plan and apply again does the rest",
            "the last apply (%s) was cut off: %zu changes done, %zu unclear, %zu failed, %zu "
            "not attempted",
            begun, run->states[JOURNAL_DONE], run->states[JOURNAL_UNCLEAR],
            run->states[JOURNAL_FAILED], run->states[JOURNAL_NOT_ATTEMPTED]);
    else if (!str_equal(run->result, "as_roster"))
        doctor_add(
            doctor, DOCTOR_WARNING, "\"roster journal\" tells why; plan and apply again",
            "the last apply (%s) did not end as its plan says: %zu failed, %zu not attempted",
            begun, run->states[JOURNAL_FAILED], run->states[JOURNAL_NOT_ATTEMPTED]);
    else
        doctor_add(doctor, DOCTOR_OK, NULL, "the last apply (%s) ended as its plan says", begun);
}

void doctor_journal(struct doctor *doctor)
{
    const char *path = account_file(doctor, "jsonl", "nothing was applied from here so far");
    struct journal_run run = {0};
    struct diag diag;
    struct buf text;

    if (path == NULL)
        return;
    diag_init(&diag);
    buf_init(&text, JOURNAL_MAX);
    if (file_read(path, &text, &diag) == 0) {
        if (journal_run_read(&run, buf_text(&text), text.size) == 0)
            judge_run(doctor, &run);
        else
            doctor_add(doctor, text.size == 0 ? DOCTOR_OK : DOCTOR_WARNING,
                       text.size == 0 ? NULL : "move it away: no apply can be explained from it",
                       "%s has no apply in it", path);
    }
    (void)doctor_take(doctor, &diag);
    journal_run_release(&run);
    buf_release(&text);
}

/* The lock: nobody takes it here, lest an apply that comes now finds it held. */
void doctor_lock(struct doctor *doctor)
{
    const char *path = account_file(doctor, "lock", "free");
    struct session_holder holder = {0};
    struct diag diag;
    struct buf text, who;

    if (path == NULL)
        return;
    diag_init(&diag);
    buf_init(&text, HOLDER_MAX);
    buf_init(&who, HOLDER_MAX);
    if (file_read(path, &text, &diag) != 0) {
        (void)doctor_take(doctor, &diag);
    } else if (text.size == 0) {
        doctor_add(doctor, DOCTOR_OK, NULL, "free");
    } else {
        session_lock_holder(&text, &holder, &who);
        if (!holder.here)
            doctor_add(doctor, DOCTOR_WARNING,
                       "wait for it to end; \"apply --lock-timeout 10m\" does",
                       "held, or left behind, on another machine: %s", buf_text(&who));
        else if (is_running(holder.process))
            doctor_add(doctor, DOCTOR_WARNING,
                       "wait for it to end; \"apply --lock-timeout 10m\" does", "held by %s",
                       buf_text(&who));
        else
            doctor_add(doctor, DOCTOR_OK, NULL, "free; %s was killed while it held it",
                       buf_text(&who));
    }
    diag_release(&diag);
    buf_release(&who);
    buf_release(&text);
}

/* The git cache */

struct cached {
    size_t repositories, damaged;
    uint64_t bytes;
};

/* Of all that is below; of folders in folders only so deep. */
static uint64_t size_below(struct arena *arena, const char *path, unsigned depth)
{
    DIR *entries = depth == 0 ? NULL : opendir(path);
    struct dirent *entry;
    struct stat info;
    uint64_t bytes = 0;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const char *below = arena_printf(arena, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            lstat(below, &info) != 0)
            continue;
        bytes += (uint64_t)info.st_blocks * 512;
        if (S_ISDIR(info.st_mode))
            bytes += size_below(arena, below, depth - 1);
    }
    if (entries != NULL)
        closedir(entries);
    return bytes;
}

/* Whether libgit2 opens it, and finds what was recorded. */
static bool is_damaged(struct arena *arena, const char *path)
{
    git_repository *repository = NULL;
    git_odb *objects = NULL;
    bool good = git_repository_open_bare(&repository, path) == 0 &&
                git_repository_odb(&objects, repository) == 0;
    const char *key;
    json_t *record, *ref;

    record = json_load_file(arena_printf(arena, "%s/roster.json", path), 0, NULL);
    json_object_foreach(json_object_get(record, "refs"), key, ref)
    {
        const char *commit = json_string_value(json_object_get(ref, "commit"));
        git_oid id;
        if (good && commit != NULL && git_oid_fromstr(&id, commit) == 0)
            good = git_odb_exists(objects, &id) == 1;
    }
    json_decref(record);
    git_odb_free(objects);
    git_repository_free(repository);
    return !good;
}

static void look_into(struct doctor *doctor, const char *folder, struct cached *cached)
{
    enum { DEEPEST = 8, NAME = 64 };
    DIR *entries = opendir(folder);
    struct dirent *entry;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const char *path = arena_printf(&doctor->arena, "%s/%s", folder, entry->d_name);
        if (strlen(entry->d_name) != NAME || !str_is_hex(entry->d_name, NAME))
            continue;
        cached->repositories++;
        cached->bytes += size_below(&doctor->arena, path, DEEPEST);
        if (!is_damaged(&doctor->arena, path))
            continue;
        cached->damaged++;
        doctor_add(doctor, DOCTOR_WARNING,
                   arena_printf(&doctor->arena, "remove it, it is fetched again: rm -rf %s", path),
                   "the copy in %s is damaged", path);
    }
    if (entries != NULL)
        closedir(entries);
}

void doctor_cache(struct doctor *doctor)
{
    struct cached cached = {0};
    const char *folder;
    struct diag diag;

    diag_init(&diag);
    folder = cache_folder(doctor->lookup, &doctor->arena, &diag);
    diag_release(&diag);
    if (folder == NULL || access(folder, F_OK) != 0) {
        doctor_add(doctor, DOCTOR_OK, NULL, "no roster was fetched from git so far");
        return;
    }
    if (folder_check_private(folder) != 0) {
        doctor_add(doctor, DOCTOR_PROBLEM,
                   "make it yours alone (chmod 700), or set XDG_CACHE_HOME to another folder",
                   "%s is not to be used: %s", folder,
                   errno == EPERM ? "others may write to it, or it belongs to somebody else"
                                  : strerror(errno));
        return;
    }
    git_libgit2_init();
    look_into(doctor, folder, &cached);
    git_libgit2_shutdown();
    if (cached.damaged == 0)
        doctor_add(doctor, DOCTOR_OK, NULL, "%zu cop%s with %" PRIu64 " KiB in %s",
                   cached.repositories, cached.repositories == 1 ? "y" : "ies", cached.bytes / 1024,
                   folder);
}

/* The roster */

static void check_account(struct doctor *doctor, const struct session *session)
{
    const char *wanted = session->desired.head.account_sid;

    if (wanted != NULL && doctor->has_login &&
        !str_equal_nocase(wanted, doctor->credentials.account_sid))
        doctor_add(doctor, DOCTOR_PROBLEM, "use the credentials of that account, or another roster",
                   "%s is for account %s, and the credentials are for another",
                   session->origin.location, wanted);
    else
        doctor_add(doctor, DOCTOR_OK, NULL, "%s has no mistakes", session->origin.location);
}

void doctor_roster(struct doctor *doctor)
{
    struct session session = {0};
    struct diag diag;

    if (doctor->options->argument_count == 0 && access("roster.yaml", F_OK) != 0) {
        doctor_add(doctor, DOCTOR_SKIPPED, NULL, "none is named, and there is no roster.yaml here");
        return;
    }
    diag_init(&diag);
    if (session_load(&session, doctor->options, &diag) == 0)
        check_account(doctor, &session);
    (void)doctor_take(doctor, &diag);
    session_release(&session);
}
