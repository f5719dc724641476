#include "source/repo_tree.h"

#include "base/clock.h"
#include "base/str.h"
#include "source/remote_fetch.h"
#include "source/source_parts.h"

#include <string.h>

enum { SHORT_ID = 7, LISTED = 10, PERSON_MAX = 4096, LIST_MAX = 64 * 1024 };

struct reading {
    struct source *source;
    git_repository *repository;
    git_odb *odb;
    const struct remote_location *location;
    const char *short_id;
    size_t limit;
    const char **problem;
    struct diag *diag;
};

const char *repo_tree_short_id(struct source *source, const char *id)
{
    return arena_strndup(&source->arena, id, SHORT_ID);
}

static enum repo_tree_outcome broken(const struct reading *reading)
{
    *reading->problem = remote_fetch_problem(&reading->source->arena);
    return REPO_TREE_BROKEN;
}

/* Where it is, for messages. */
static const char *place(const struct reading *reading)
{
    return arena_printf(&reading->source->arena, "commit %s of %s", reading->short_id,
                        reading->location->display);
}

/* What is not in the tree: what is there, and what may have been meant. */
static enum repo_tree_outcome report_missing(const struct reading *reading, const git_tree *tree,
                                             const char *folder, const char *name)
{
    const size_t count = git_tree_entrycount(tree);
    const char **names = arena_array(&reading->source->arena, count, sizeof(*names));
    const char *slash = folder[0] == '\0' ? "" : "/", *near;
    struct buf list;
    size_t i;

    buf_init(&list, LIST_MAX);
    for (i = 0; i < count; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        names[i] = git_tree_entry_name(entry);
        if (i < LISTED)
            buf_printf(&list, "%s%s%s", i == 0 ? "" : ", ", names[i],
                       git_tree_entry_type(entry) == GIT_OBJECT_TREE ? "/" : "");
    }
    if (count > LISTED)
        buf_printf(&list, " and %zu more", count - LISTED);
    diag_error(reading->diag, NULL, "there is no %s%s%s in %s", folder, slash, name,
               place(reading));
    near = str_closest(name, names, count);
    if (near != NULL)
        diag_help(reading->diag, "did you mean %s%s%s?", folder, slash, near);
    diag_note(reading->diag, NULL, "%s%s%s has %s", folder[0] == '\0' ? "its top folder" : "",
              folder, slash, list.size == 0 ? "nothing" : buf_text(&list));
    buf_release(&list);
    return REPO_TREE_REFUSED;
}

/* Whether the entry is one that is followed: a file or a folder. */
static bool check_kind(const struct reading *reading, const git_tree_entry *entry, const char *path)
{
    switch (git_tree_entry_filemode(entry)) {
    case GIT_FILEMODE_LINK:
        diag_error(reading->diag, NULL, "%s is a symbolic link in %s", path, place(reading));
        diag_help(reading->diag, "links in a repository are not followed; name what it points to");
        return false;
    case GIT_FILEMODE_COMMIT:
        diag_error(reading->diag, NULL, "%s is a submodule in %s", path, place(reading));
        diag_help(reading->diag, "submodules are not fetched; name the submodule's own repository");
        return false;
    default:
        return true;
    }
}

static bool is_pointer(const char *text, size_t size)
{
    static const char lfs[] = "version https://git-lfs.github.com/spec/";

    return size >= sizeof(lfs) - 1 && memcmp(text, lfs, sizeof(lfs) - 1) == 0;
}

/* As diagnostics name it. A tree's names may have any bytes but a slash. */
static const char *shown_name(const struct reading *reading, const char *path)
{
    struct buf text;
    const char *out;

    buf_init(&text, LIST_MAX);
    str_add_visible(&text, path, strlen(path));
    buf_printf(&text, "@%s", reading->short_id);
    out = arena_strdup(&reading->source->arena, buf_text(&text));
    buf_release(&text);
    return out;
}

static enum repo_tree_outcome read_file(const struct reading *reading, const git_tree_entry *entry,
                                        const char *path)
{
    const char *slash = strrchr(path, '/');
    git_blob *blob = NULL;
    git_object_t type;
    struct buf text;
    size_t size;

    if (git_odb_read_header(&size, &type, reading->odb, git_tree_entry_id(entry)) != 0)
        return broken(reading);
    if (size > reading->limit) {
        diag_error(reading->diag, NULL, "%s in %s is larger than the limit of %zu bytes", path,
                   place(reading), reading->limit);
        return REPO_TREE_REFUSED;
    }
    if (git_blob_lookup(&blob, reading->repository, git_tree_entry_id(entry)) != 0)
        return broken(reading);
    buf_init(&text, reading->limit);
    buf_add(&text, git_blob_rawcontent(blob), size);
    git_blob_free(blob);
    if (is_pointer(buf_text(&text), text.size)) {
        diag_error(reading->diag, NULL, "%s in %s is kept in Git LFS, and not in the repository",
                   path, place(reading));
        diag_help(reading->diag, "take it out of LFS: git lfs untrack, then add it again");
        buf_release(&text);
        return REPO_TREE_REFUSED;
    }
    source_add(reading->source, shown_name(reading, path), slash == NULL ? path : slash + 1, &text);
    return REPO_TREE_READ;
}

static enum repo_tree_outcome read_entry(const struct reading *reading, const git_tree *tree,
                                         const char *path)
{
    const char *slash = strrchr(path, '/');
    const git_tree_entry *entry = git_tree_entry_byname(tree, slash == NULL ? path : slash + 1);

    if (!check_kind(reading, entry, path))
        return REPO_TREE_REFUSED;
    if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
        return read_file(reading, entry, path);
    diag_error(reading->diag, NULL, "%s is a folder, not a file", path);
    return REPO_TREE_REFUSED;
}

/* All files of it, so that one run reports every mistake. */
static enum repo_tree_outcome read_folder(const struct reading *reading, const git_tree *tree,
                                          const char *path)
{
    const size_t entries = git_tree_entrycount(tree);
    const char **names = arena_array(&reading->source->arena, entries, sizeof(*names));
    enum repo_tree_outcome outcome = REPO_TREE_READ;
    size_t count = 0, i;

    reading->source->folder = true;
    for (i = 0; i < entries; i++) {
        const char *name = git_tree_entry_name(git_tree_entry_byindex(tree, i));
        if (source_is_roster_name(name))
            names[count++] = arena_printf(&reading->source->arena, "%s%s%s", path,
                                          path[0] == '\0' ? "" : "/", name);
    }
    source_sort_names(names, count);
    for (i = 0; i < count && outcome != REPO_TREE_BROKEN; i++) {
        enum repo_tree_outcome one = read_entry(reading, tree, names[i]);
        if (one != REPO_TREE_READ)
            outcome = one;
    }
    if (count == 0) {
        source_report_empty(arena_printf(&reading->source->arena, "%s in %s",
                                         path[0] == '\0' ? "at the top" : path, place(reading)),
                            reading->diag);
        outcome = REPO_TREE_REFUSED;
    }
    return outcome;
}

/* Goes down the path, part by part; `tree` is given up. */
static enum repo_tree_outcome follow(const struct reading *reading, git_tree *tree)
{
    struct arena *arena = &reading->source->arena;
    const char *path = reading->location->path, *at = path;
    enum repo_tree_outcome outcome = REPO_TREE_READ;

    while (*at != '\0') {
        const size_t size = strcspn(at, "/");
        const char *name = arena_strndup(arena, at, size);
        const char *folder = arena_strndup(arena, path, at == path ? 0 : (size_t)(at - path) - 1);
        const char *whole = arena_strndup(arena, path, (size_t)(at - path) + size);
        const git_tree_entry *entry = git_tree_entry_byname(tree, name);
        git_tree *below = NULL;
        at += size + (at[size] == '/');
        if (entry == NULL)
            outcome = report_missing(reading, tree, folder, name);
        else if (!check_kind(reading, entry, whole))
            outcome = REPO_TREE_REFUSED;
        else if (git_tree_entry_type(entry) != GIT_OBJECT_TREE && *at == '\0')
            outcome = read_file(reading, entry, whole);
        else if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
            diag_error(reading->diag, NULL, "%s in %s is a file, not a folder", whole,
                       place(reading));
            outcome = REPO_TREE_REFUSED;
        } else if (git_tree_lookup(&below, reading->repository, git_tree_entry_id(entry)) != 0)
            outcome = broken(reading);
        if (below == NULL) {
            git_tree_free(tree);
            return outcome;
        }
        git_tree_free(tree);
        tree = below;
    }
    outcome = read_folder(reading, tree, path);
    git_tree_free(tree);
    return outcome;
}

/* "Ada Lovelace <ada@example.com>", whatever bytes somebody put there. */
static const char *person(struct source *source, const git_signature *who)
{
    struct buf text;
    const char *out;

    buf_init(&text, PERSON_MAX);
    str_add_visible(&text, who->name, strlen(who->name));
    buf_add_text(&text, " <");
    str_add_visible(&text, who->email, strlen(who->email));
    buf_add_text(&text, ">");
    out = arena_strdup(&source->arena, buf_text(&text));
    buf_release(&text);
    return out;
}

static const char *date(struct source *source, int64_t seconds)
{
    /* What a calendar holds; more than anybody means. */
    const int64_t last = 253402300799;
    char text[CLOCK_ISO_SIZE];

    clock_iso((seconds < 0 ? 0 : seconds > last ? last : seconds) * 1000, text);
    return arena_printf(&source->arena, "%.*sZ", (int)strcspn(text, "."), text);
}

enum repo_tree_outcome repo_tree_read(struct source *source, git_commit *commit,
                                      const struct remote_location *location, size_t limit,
                                      const char **problem, struct diag *diag)
{
    struct reading reading = {
        .source = source,
        .repository = git_commit_owner(commit),
        .location = location,
        .limit = limit,
        .problem = problem,
        .diag = diag,
    };
    char id[GIT_OID_HEXSZ + 1];
    enum repo_tree_outcome outcome;
    git_tree *tree = NULL;

    source->commit = (struct source_commit){
        .id = arena_strdup(&source->arena, git_oid_tostr(id, sizeof(id), git_commit_id(commit))),
        .author = person(source, git_commit_author(commit)),
        .date = date(source, git_commit_author(commit)->when.time),
    };
    reading.short_id = repo_tree_short_id(source, source->commit.id);
    if (git_repository_odb(&reading.odb, reading.repository) != 0 ||
        git_commit_tree(&tree, commit) != 0)
        outcome = broken(&reading);
    else
        outcome = follow(&reading, tree);
    git_odb_free(reading.odb);
    return outcome;
}
