#include "cli/session_source.h"

#include "cli/state_folder.h"

#include "base/str.h"
#include "document/doc.h"

#include <stdlib.h>
#include <string.h>

static void show_notes(const struct source *source, struct logger *log)
{
    struct buf note;
    size_t i;

    buf_init(&note, 64 * 1024);
    for (i = 0; i < source->note_count; i++) {
        buf_clear(&note);
        str_add_visible(&note, source->notes[i], strlen(source->notes[i]));
        logger_text(log, LOG_NOTE, &note);
    }
    buf_release(&note);
}

static void say_source(const struct source *source, const char *location, struct logger *log)
{
    json_t *fields = logger_fields(log, LOG_INFO);
    size_t bytes = 0, i;
    struct buf line;

    for (i = 0; i < source->count; i++)
        bytes += source->items[i].text.size;
    buf_init(&line, 64 * 1024);
    buf_add_text(&line, "read the roster ");
    str_add_visible(&line, location, strlen(location));
    buf_printf(&line, ": %zu file%s, %zu bytes", source->count, source->count == 1 ? "" : "s",
               bytes);
    if (source->commit.id != NULL)
        buf_printf(&line, ", commit %s of %s by %s", source->commit.id, source->commit.date,
                   source->commit.author);
    logger_set_text(fields, "roster", location);
    logger_set_text(fields, "commit", source->commit.id);
    logger_record(log, LOG_INFO, fields, "%s", buf_text(&line));
    buf_release(&line);
}

int session_source_load(struct source *source, const char *location, const char *commit,
                        const struct options *options, struct arena *arena, struct diag *diag)
{
    struct source_options how = {
        .limit = DOC_MAX_SIZE,
        .lookup = getenv,
        .ca_file = options->git_ca_file != NULL ? options->git_ca_file : options->ca_file,
        .timeout_ms = options->git_timeout * 1000,
        .offline = options->offline,
        .require_signed = options->require_signed,
        .allowed_signers = options->allowed_signers,
        .commit = commit,
        .log = options->log,
    };
    int result;

    if (options->timeout != 0 && options->timeout < options->git_timeout)
        how.timeout_ms = options->timeout * 1000;
    if (source_is_remote(location)) {
        how.cache_folder = cache_folder(getenv, arena, diag);
        if (how.cache_folder == NULL || cache_folder_make(how.cache_folder, diag) != 0)
            return -1;
    }
    result = source_load(source, location, &how, diag);
    show_notes(source, options->log);
    if (result == 0)
        say_source(source, location, options->log);
    return result;
}

void session_source_origin(const struct source *source, const char *location,
                           struct plan_origin *origin, struct arena *arena)
{
    origin->location = location;
    origin->sha256 = source_digest(source, arena);
    origin->commit = source->commit.id;
    origin->author = source->commit.author;
    origin->date = source->commit.date;
}
