#include "source/source.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Takes the buffer over. */
static void add_text(struct source *source, const char *name, const struct buf *text)
{
    struct source_text *item;

    source->items = arena_grow(&source->arena, source->items, source->count, &source->capacity,
                               sizeof(*source->items));
    item = &source->items[source->count++];
    item->name = arena_strdup(&source->arena, name);
    item->text = *text;
}

static int load_file(struct source *source, const char *path, size_t limit, struct diag *diag)
{
    struct buf text;
    int result;

    buf_init(&text, limit);
    result = file_read(path, &text, diag);
    if (result == 0) {
        add_text(source, path, &text);
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
        add_text(source, "-", &text);
    else
        buf_release(&text);
    return result;
}

bool source_is_roster_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    return name[0] != '.' && (str_ends_with(name, ".yaml") || str_ends_with(name, ".yml"));
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
    /* By bytes, so that no locale changes the order of a roster. */
    qsort(names, name_count, sizeof(*names), str_compare);
    for (i = 0; (size_t)i < name_count; i++)
        if (load_file(source, names[i], limit, diag) != 0)
            result = -1;
    if (name_count == 0) {
        diag_error(diag, NULL, "the folder %s has no *.yaml or *.yml file", path);
        result = -1;
    }
    return result;
}

int source_load(struct source *source, const char *location, size_t limit, struct diag *diag)
{
    struct stat info;

    if (strcmp(location, "-") == 0)
        return load_standard_input(source, limit, diag);
    source->folder = stat(location, &info) == 0 && S_ISDIR(info.st_mode);
    if (source->folder)
        return load_folder(source, location, limit, diag);
    return load_file(source, location, limit, diag);
}

const char *source_digest(const struct source *source, struct arena *arena)
{
    char hex[DIGEST_HEX_SIZE];
    struct buf all;
    size_t i;

    if (!source->folder) {
        digest_sha256(buf_text(&source->items[0].text), source->items[0].text.size, hex);
        return arena_strdup(arena, hex);
    }
    buf_init(&all, SIZE_MAX / 2);
    for (i = 0; i < source->count; i++) {
        const struct source_text *item = &source->items[i];
        const char *slash = strrchr(item->name, '/');
        buf_printf(&all, "%s\n%zu\n", slash == NULL ? item->name : slash + 1, item->text.size);
        buf_add(&all, buf_text(&item->text), item->text.size);
    }
    digest_sha256(buf_text(&all), all.size, hex);
    buf_release(&all);
    return arena_strdup(arena, hex);
}

void source_release(struct source *source)
{
    size_t i;

    for (i = 0; i < source->count; i++)
        buf_release(&source->items[i].text);
    arena_release(&source->arena);
    memset(source, 0, sizeof(*source));
}
