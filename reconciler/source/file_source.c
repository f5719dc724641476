#include "source/source_parts.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int load_file(struct source *source, const char *path, size_t limit, struct diag *diag)
{
    const char *slash = strrchr(path, '/');
    struct buf text;
    int result;

    buf_init(&text, limit);
    result = file_read(path, &text, diag);
    if (result == 0) {
        source_add(source, path, slash == NULL ? path : slash + 1, &text);
        return 0;
    }
    if (access(path, F_OK) != 0)
        diag_help(diag, "name the roster's file or folder, or run roster where roster.yaml is");
    buf_release(&text);
    return -1;
}

static int load_standard_input(struct source *source, size_t limit, struct diag *diag)
{
    struct buf text;
    int result;

    buf_init(&text, limit);
    result = file_read_descriptor(STDIN_FILENO, "standard input", &text, diag);
    if (result == 0)
        source_add(source, "-", "-", &text);
    else
        buf_release(&text);
    return result;
}

static int load_folder(struct source *source, const char *path, size_t limit, struct diag *diag)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, NULL), result = 0, i;
    size_t length = strlen(path), name_count = 0;
    const char **names;

    if (count < 0) {
        diag_error(diag, NULL, "cannot read %s: %s", path, strerror(errno));
        return -1;
    }
    names = arena_array(&source->arena, (size_t)count, sizeof(*names));
    for (i = 0; i < count; i++) {
        if (source_is_roster_name(entries[i]->d_name))
            names[name_count++] =
                arena_printf(&source->arena, "%s%s%s", path,
                             length > 0 && path[length - 1] == '/' ? "" : "/", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    source_sort_names(names, name_count);
    for (i = 0; (size_t)i < name_count; i++)
        if (load_file(source, names[i], limit, diag) != 0)
            result = -1;
    if (name_count == 0) {
        source_report_empty(path, diag);
        result = -1;
    }
    return result;
}

int file_source_load(struct source *source, const char *location, size_t limit, struct diag *diag)
{
    struct stat info;

    if (strcmp(location, "-") == 0)
        return load_standard_input(source, limit, diag);
    source->folder = stat(location, &info) == 0 && S_ISDIR(info.st_mode);
    if (source->folder)
        return load_folder(source, location, limit, diag);
    return load_file(source, location, limit, diag);
}
