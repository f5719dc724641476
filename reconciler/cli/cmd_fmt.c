#include "cli/commands.h"
#include "cli/session.h"
#include "cli/terminal.h"

#include "base/file.h"
#include "base/str.h"
#include "model/roster_layout.h"
#include "source/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file of the roster in its canonical form. */
struct formatted {
    const struct source_text *source;
    struct buf text;
    bool changed;
};

static int format(struct formatted *file, struct diag *diag)
{
    const struct buf *text = &file->source->text;
    struct doc doc;
    int result = -1;

    buf_init(&file->text, DOC_MAX_SIZE);
    if (doc_parse(&doc, file->source->name, buf_text(text), text->size, diag) == 0)
        result = roster_layout_format(&doc, &file->text, diag);
    doc_release(&doc);
    if (result == 0 && file->text.full) {
        diag_error(diag, NULL, "%s would be larger than %zu bytes", file->source->name,
                   file->text.limit);
        result = -1;
    }
    file->changed = file->text.size != text->size ||
                    memcmp(buf_text(&file->text), buf_text(text), text->size) != 0;
    return result;
}

static void say(const struct formatted *file, const char *what, const struct options *options)
{
    struct buf note;

    buf_init(&note, 64 * 1024);
    str_add_visible(&note, file->source->name, strlen(file->source->name));
    buf_printf(&note, ": %s\n", what);
    logger_text(options->log, LOG_NOTE, &note);
    buf_release(&note);
}

static int put_back(const struct formatted *file, const struct options *options, struct diag *diag)
{
    struct stat info;

    if (!file->changed)
        return 0;
    if (lstat(file->source->name, &info) != 0)
        info.st_mode = 0644;
    if (file_write_atomic(file->source->name, buf_text(&file->text), file->text.size,
                          info.st_mode & 07777, diag) != 0)
        return -1;
    say(file, "formatted", options);
    return 0;
}

/* All files, or none when there is a mistake in one. */
static enum exit_code finish(const struct formatted *files, size_t count, bool stdin_only,
                             const struct options *options, struct diag *diag)
{
    enum exit_code code = EXIT_OK;
    size_t i;

    for (i = 0; i < count; i++) {
        if (options->check && files[i].changed) {
            say(&files[i], "is not formatted", options);
            code = EXIT_CHANGES;
        } else if (!options->check && stdin_only) {
            return terminal_write(&files[i].text, diag) == 0 ? EXIT_OK : EXIT_ERROR;
        } else if (!options->check && put_back(&files[i], options, diag) != 0) {
            return EXIT_ERROR;
        }
    }
    return code;
}

static enum exit_code format_all(const struct source *source, const char *location,
                                 const struct options *options, struct diag *diag)
{
    struct arena scratch = {0};
    struct formatted *files = arena_array(&scratch, source->count, sizeof(*files));
    enum exit_code code = EXIT_OK;
    size_t i;

    for (i = 0; i < source->count; i++) {
        files[i].source = &source->items[i];
        if (format(&files[i], diag) != 0)
            code = EXIT_ERROR;
    }
    if (code == EXIT_OK)
        code = finish(files, source->count, strcmp(location, "-") == 0, options, diag);
    for (i = 0; i < source->count; i++)
        buf_release(&files[i].text);
    arena_release(&scratch);
    return code;
}

enum exit_code cmd_fmt(const struct options *options, struct diag *diag)
{
    const char *location = session_roster(options);
    const struct source_options how = {.limit = DOC_MAX_SIZE, .lookup = getenv};
    struct source source = {0};
    enum exit_code code = EXIT_ERROR;

    if (source_is_remote(location)) {
        diag_error(diag, NULL, "a roster in a git repository can't be formatted in place");
        diag_help(diag, "format the files of a checkout, and commit them");
        return EXIT_ERROR;
    }
    if (source_load(&source, location, &how, diag) == 0 && session_refuse_plan(&source, diag) == 0)
        code = format_all(&source, location, options, diag);
    source_release(&source);
    return code;
}
