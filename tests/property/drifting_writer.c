#include "drifting_writer.h"

#include "random_world.h"

#include "document/doc_emit.h"
#include "model/field.h"

#include <stdlib.h>
#include <string.h>

bool writer_chance(struct drifting_writer *writer, int percent)
{
    return random_chance(writer->random, percent);
}

void writer_put(struct drifting_writer *writer, const char *text)
{
    buf_add_text(&writer->file->text, text);
}

void writer_blanks(struct drifting_writer *writer, int count)
{
    buf_add_fill(&writer->file->text, ' ', (size_t)count);
}

void writer_tag(struct drifting_writer *writer, int service, int what)
{
    tags_set(&writer->tags, tag_of(service, what));
}

void writer_end(struct drifting_writer *writer)
{
    struct drifting_file *file = writer->file;

    writer_put(writer, writer->eol);
    if (file->count == file->capacity) {
        file->capacity = file->capacity == 0 ? 64 : file->capacity * 2;
        file->lines = realloc(file->lines, file->capacity * sizeof(*file->lines));
        if (file->lines == NULL)
            abort();
    }
    file->lines[file->count++] =
        (struct line){writer->tags, writer->start, file->text.size - writer->start};
    writer->start = file->text.size;
    memset(&writer->tags, 0, sizeof(writer->tags));
}

static void comment(struct drifting_writer *writer)
{
    static const char *const texts[] = {
        "# note",         "#",       "# key: [value, 'x'] # \"y\" &a *b",
        "# \xc3\xb6 - {", "#- item", "# services:"};
    writer_put(writer, texts[random_int(writer->random, 6)]);
}

void writer_finish(struct drifting_writer *writer)
{
    if (writer_chance(writer, writer->chatty ? 40 : 10)) {
        writer_blanks(writer, 1 + random_int(writer->random, 3));
        comment(writer);
    } else if (writer_chance(writer, 5)) {
        writer_blanks(writer, 2);
    }
    writer_end(writer);
}

void writer_between(struct drifting_writer *writer, int indent, int service, int before)
{
    while (writer_chance(writer, writer->chatty ? 30 : 6)) {
        if (service >= 0)
            writer_tag(writer, service, OF_ENTRY);
        if (before >= 0)
            writer_tag(writer, before, OF_ENTRY);
        if (writer_chance(writer, 40)) {
            writer_blanks(writer, writer_chance(writer, 20) ? 2 : 0);
        } else {
            writer_blanks(writer, indent);
            comment(writer);
        }
        writer_end(writer);
    }
}

void writer_quoted(struct drifting_writer *writer, const char *text, bool flow)
{
    struct buf plain;
    const int style = random_int(writer->random, 3);

    buf_init(&plain, 4096);
    doc_emit_string(&plain, text, strlen(text), flow);
    if (style == 0) {
        writer_put(writer, buf_text(&plain));
    } else if (style == 1) {
        doc_emit_quoted(&writer->file->text, text, strlen(text));
    } else {
        writer_put(writer, "'");
        for (; *text != '\0'; text++) {
            if (*text == '\'')
                writer_put(writer, "'");
            buf_add_char(&writer->file->text, *text);
        }
        writer_put(writer, "'");
    }
    buf_release(&plain);
}

void writer_literal(struct drifting_writer *writer, const char *text, bool flow)
{
    struct buf escaped;

    buf_init(&escaped, 4096);
    field_add_literal(&escaped, text, strlen(text));
    writer_quoted(writer, buf_text(&escaped), flow);
    buf_release(&escaped);
}

void writer_value(struct drifting_writer *writer, const char *json, bool flow)
{
    static const char *const yes[] = {"true", "True", "TRUE"},
                             *const no[] = {"false", "False", "FALSE"},
                             *const none[] = {"null", "~", "Null"};
    json_t *parsed = json_loads(json, JSON_DECODE_ANY, NULL);

    if (json_is_string(parsed))
        writer_literal(writer, json_string_value(parsed), flow);
    else if (json_is_true(parsed))
        writer_put(writer, yes[random_int(writer->random, 3)]);
    else if (json_is_false(parsed))
        writer_put(writer, no[random_int(writer->random, 3)]);
    else if (json_is_null(parsed) && !flow && writer_chance(writer, 20))
        writer_put(writer, "");
    else
        writer_put(writer, json_is_null(parsed) ? none[random_int(writer->random, 3)] : json);
    json_decref(parsed);
}

void writer_key(struct drifting_writer *writer, const char *name)
{
    if (writer_chance(writer, 8))
        buf_printf(&writer->file->text, "\"%s\":", name);
    else
        buf_printf(&writer->file->text, "%s:", name);
    writer_blanks(writer, writer_chance(writer, 85) ? 1 : 3);
}
