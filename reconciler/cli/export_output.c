#include "cli/export_output.h"

#include "cli/terminal.h"

#include "base/file.h"
#include "base/str.h"
#include "source/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_state(const struct options *options)
{
    return strcmp(options->format, "state") == 0;
}

/* Making */

static struct buf *add_document(struct export_documents *documents, const char *name)
{
    struct export_document *document = &documents->items[documents->count++];

    document->name = arena_strdup(&documents->arena, name);
    buf_init(&document->text, DOC_MAX_SIZE);
    return &document->text;
}

static void make_folder(const struct export *export, struct export_documents *documents)
{
    size_t i;

    export_head(export, add_document(documents, EXPORT_HEAD_FILE));
    for (i = 0; i < export->service_count; i++)
        if (export->services[i].how == EXPORT_WRITTEN)
            export_part(export, &export->services[i],
                        add_document(documents, export->services[i].file));
}

int export_output_make(const struct export *export, const struct options *options,
                       struct export_documents *documents, struct diag *diag)
{
    const char *name = options->out == NULL ? "the export" : options->out;
    size_t i;

    documents->items =
        arena_array(&documents->arena, export->service_count + 1, sizeof(*documents->items));
    if (options->split != NULL)
        make_folder(export, documents);
    else if (is_state(options))
        export_state(export, add_document(documents, name), diag);
    else
        export_roster(export, add_document(documents, name));
    for (i = 0; i < documents->count; i++) {
        if (!documents->items[i].text.full)
            continue;
        diag_error(diag, NULL, "%s is larger than %zu bytes", documents->items[i].name,
                   documents->items[i].text.limit);
        diag_help(diag, "--split makes a file of each service, --service takes a part of them");
        return -1;
    }
    return 0;
}

void export_documents_release(struct export_documents *documents)
{
    size_t i;

    for (i = 0; i < documents->count; i++)
        buf_release(&documents->items[i].text);
    arena_release(&documents->arena);
    memset(documents, 0, sizeof(*documents));
}

/* A file */

static int check_file(const struct options *options, struct diag *diag)
{
    struct stat info;

    if (strcmp(options->out, "-") == 0) {
        diag_error(diag, NULL, "--out takes a file");
        diag_help(diag, "without --out the export goes to standard output");
        return -1;
    }
    if (lstat(options->out, &info) == 0 && S_ISREG(info.st_mode) && !options->force) {
        diag_error(diag, NULL, "%s is there already", options->out);
        diag_help(diag, "--force replaces it");
        return -1;
    }
    return file_check_writable(options->out, diag);
}

/* That of the file which is there, else as the user's other files; a state file is only the user's.
 */
static mode_t mode_of(const char *path, const struct options *options)
{
    struct stat info;
    mode_t mask;

    if (lstat(path, &info) == 0)
        return info.st_mode & 07777;
    if (is_state(options))
        return 0600;
    mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int write_file(const char *path, const struct export_document *document,
                      const struct options *options, struct diag *diag)
{
    return file_write_atomic(path, buf_text(&document->text), document->text.size,
                             mode_of(path, options), diag);
}

/* A folder */

static const char *path_of(struct arena *arena, const char *folder, const char *name)
{
    return arena_printf(arena, "%s%s%s", folder, str_ends_with(folder, "/") ? "" : "/", name);
}

static bool was_exported(const char *path, struct diag *diag)
{
    struct buf text;
    bool exported;

    buf_init(&text, DOC_MAX_SIZE);
    exported = file_read(path, &text, diag) == 0 && export_wrote(buf_text(&text));
    buf_release(&text);
    return exported;
}

/* Whether a file of the roster that lies in the folder may go. */
static int check_entry(const struct options *options, const char *path, struct diag *diag)
{
    if (!options->force) {
        diag_error(diag, NULL, "%s has a roster in it already: %s", options->split, path);
        diag_help(diag, "name a new folder; or --force replaces what an export has written there");
        return -1;
    }
    if (was_exported(path, diag))
        return 0;
    diag_error(diag, NULL, "%s was not written by an export, or has lost its first lines", path);
    diag_help(diag, "it would be a part of the exported roster: move it away, or name another "
                    "folder");
    return -1;
}

/*
 * Calls `visit` for each file of a roster that is in the folder, in order of name, until one fails.
 * A folder that is
 * not there has none.
 */
static int each_entry(const struct options *options, void *context,
                      int (*visit)(void *context, const struct options *options, const char *name,
                                   const char *path, struct diag *diag),
                      struct diag *diag)
{
    struct arena scratch = {0};
    struct dirent **entries;
    int count = scandir(options->split, &entries, NULL, alphasort), result = 0, i;

    if (count < 0 && errno == ENOENT)
        return 0;
    if (count < 0 && errno == ENOTDIR) {
        diag_error(diag, NULL, "%s is a file, not a folder", options->split);
        diag_help(diag, "--out writes one file");
        return -1;
    }
    if (count < 0) {
        diag_error(diag, NULL, "cannot read %s: %s", options->split, strerror(errno));
        return -1;
    }
    for (i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (result == 0 && source_is_roster_name(name) &&
            visit(context, options, name, path_of(&scratch, options->split, name), diag) != 0)
            result = -1;
        free(entries[i]);
    }
    free(entries);
    arena_release(&scratch);
    return result;
}

static int visit_check(void *context, const struct options *options, const char *name,
                       const char *path, struct diag *diag)
{
    (void)context;
    (void)name;
    return check_entry(options, path, diag);
}

/* Files of services that are not there any more. */
static int visit_remove(void *context, const struct options *options, const char *name,
                        const char *path, struct diag *diag)
{
    const struct export_documents *documents = context;
    size_t i;

    (void)options;
    for (i = 0; i < documents->count; i++)
        if (strcmp(documents->items[i].name, name) == 0)
            return 0;
    if (unlink(path) == 0)
        return 0;
    diag_error(diag, NULL, "cannot remove %s: %s", path, strerror(errno));
    return -1;
}

static int write_folder(const struct export_documents *documents, const struct options *options,
                        struct diag *diag)
{
    struct arena scratch = {0};
    int result = 0;
    size_t i;

    if (mkdir(options->split, 0777) != 0 && errno != EEXIST) {
        diag_error(diag, NULL, "cannot make the folder %s: %s", options->split, strerror(errno));
        return -1;
    }
    /* It may have changed since it was looked at. */
    if (each_entry(options, NULL, visit_check, diag) != 0)
        return -1;
    for (i = 0; i < documents->count && result == 0; i++)
        result = write_file(path_of(&scratch, options->split, documents->items[i].name),
                            &documents->items[i], options, diag);
    if (result == 0)
        result = each_entry(options, (void *)documents, visit_remove, diag);
    arena_release(&scratch);
    return result;
}

/* All */

static int check_options(const struct options *options, struct diag *diag)
{
    if (options->split != NULL && options->out != NULL) {
        diag_error(diag, NULL, "--split and --out exclude each other");
        diag_help(diag, "--split makes a folder of files, --out one file");
        return -1;
    }
    if (is_state(options) &&
        (options->split != NULL || options->full || options->pin || options->numbers)) {
        diag_error(diag, NULL, "--split, --full, --pin and --numbers are for rosters");
        diag_help(diag, "a state file is one file, and has all settings and numbers");
        return -1;
    }
    if (options->force && options->split == NULL && options->out == NULL) {
        diag_error(diag, NULL, "--force is for --out and --split");
        return -1;
    }
    return 0;
}

int export_output_check(const struct options *options, struct diag *diag)
{
    if (check_options(options, diag) != 0)
        return -1;
    if (options->out != NULL)
        return check_file(options, diag);
    return options->split == NULL ? 0 : each_entry(options, NULL, visit_check, diag);
}

int export_output_write(const struct export_documents *documents, const struct options *options,
                        struct diag *diag)
{
    if (options->split != NULL)
        return write_folder(documents, options, diag);
    if (options->out == NULL)
        return terminal_write(&documents->items[0].text, diag);
    return check_file(options, diag) != 0
               ? -1
               : write_file(options->out, &documents->items[0], options, diag);
}
