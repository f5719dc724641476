#include "source/source.h"

#include "base/digest.h"
#include "base/str.h"
#include "source/remote_location.h"
#include "source/source_parts.h"

#include <stdlib.h>
#include <string.h>

void source_add(struct source *source, const char *name, const char *file, const struct buf *text)
{
    struct source_text *item;

    source->items = arena_grow(&source->arena, source->items, source->count, &source->capacity,
                               sizeof(*source->items));
    item = &source->items[source->count++];
    item->name = arena_strdup(&source->arena, name);
    item->file = arena_strdup(&source->arena, file);
    item->text = *text;
}

void source_note(struct source *source, const char *format, ...)
{
    va_list arguments;

    source->notes = arena_grow(&source->arena, source->notes, source->note_count,
                               &source->note_capacity, sizeof(*source->notes));
    va_start(arguments, format);
    source->notes[source->note_count++] = arena_vprintf(&source->arena, format, arguments);
    va_end(arguments);
}

void source_sort_names(const char **names, size_t count)
{
    qsort(names, count, sizeof(*names), str_compare);
}

void source_report_empty(const char *folder, struct diag *diag)
{
    diag_error(diag, NULL, "the folder %s has no *.yaml or *.yml file", folder);
}

bool source_is_remote(const char *location)
{
    return remote_location_is(location);
}

bool source_is_roster_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    return name[0] != '.' && (str_ends_with(name, ".yaml") || str_ends_with(name, ".yml"));
}

int source_load(struct source *source, const char *location, const struct source_options *options,
                struct diag *diag)
{
    if (source_is_remote(location))
        return git_source_load(source, location, options, diag);
    if (options->require_signed) {
        diag_error(diag, NULL, "--require-signed needs a roster from git: only commits are signed");
        diag_help(diag, "name it as in git+https://host/team/config.git//roster.yaml?ref=main");
        return -1;
    }
    return file_source_load(source, location, options->limit, diag);
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
        buf_printf(&all, "%s\n%zu\n", item->file, item->text.size);
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
