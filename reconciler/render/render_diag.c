#include "render/render_diag.h"

#include "base/json_text.h"
#include "base/str.h"

#include <jansson.h>
#include <string.h>

static void add_place(json_t *out, const struct diag_place *place)
{
    if (place->file == NULL)
        return;
    json_object_set_new(out, "file", json_text_string(place->file));
    json_object_set_new(out, "line", json_integer(place->line));
    json_object_set_new(out, "column", json_integer(place->column));
    json_object_set_new(out, "length", json_integer(place->length == 0 ? 1 : place->length));
}

static const char *level_name(enum diag_level level)
{
    return level == DIAG_ERROR ? "error" : "warning";
}

static json_t *item_json(const struct diag_item *item)
{
    json_t *out = json_object(), *notes = json_array();
    size_t i;

    json_object_set_new(out, "level", json_string(level_name(item->level)));
    add_place(out, &item->place);
    json_object_set_new(out, "message", json_text_string(item->message));
    if (item->help != NULL)
        json_object_set_new(out, "help", json_text_string(item->help));
    for (i = 0; i < item->note_count; i++) {
        json_t *note = json_object();
        add_place(note, &item->notes[i].place);
        json_object_set_new(note, "message", json_text_string(item->notes[i].message));
        json_array_append_new(notes, note);
    }
    json_object_set_new(out, "notes", notes);
    return out;
}

json_t *render_diag_item(const struct diag_item *item)
{
    json_t *out = item_json(item);

    json_object_del(out, "level");
    json_object_del(out, "message");
    if (item->note_count == 0)
        json_object_del(out, "notes");
    return out;
}

void render_diag_json(const struct diag *diag, struct buf *out)
{
    json_t *root = json_object(), *items = json_array();
    size_t i;

    json_object_set_new(root, "valid", json_boolean(diag->errors == 0));
    json_object_set_new(root, "errors", json_integer((json_int_t)diag->errors));
    json_object_set_new(root, "warnings", json_integer((json_int_t)diag->warnings));
    json_object_set_new(root, "dropped", json_integer((json_int_t)diag->dropped));
    for (i = 0; i < diag->count; i++)
        json_array_append_new(items, item_json(&diag->items[i]));
    json_object_set_new(root, "diagnostics", items);
    json_text_add_document(out, root);
    json_decref(root);
}

/* GitHub's escapes: % and line ends everywhere, colon and comma in properties as well. */
static void add_escaped(struct buf *out, const char *text, bool property)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '%' || c < 0x20 || (property && (c == ':' || c == ',')))
            buf_printf(out, "%%%02X", c);
        else
            buf_add_char(out, *text);
    }
}

static void add_line(struct buf *out, const char *label, const struct diag_place *place,
                     const char *text)
{
    buf_printf(out, "%%0A%s: ", label);
    if (place != NULL && place->file != NULL) {
        add_escaped(out, place->file, false);
        buf_printf(out, ":%u:%u: ", (unsigned)place->line, (unsigned)place->column);
    }
    add_escaped(out, text, false);
}

static void render_item(const struct diag_item *item, struct buf *out)
{
    const struct diag_place *place = &item->place;
    size_t i;

    buf_printf(out, "::%s", level_name(item->level));
    if (place->file != NULL) {
        buf_add_text(out, " file=");
        add_escaped(out, place->file, true);
        buf_printf(out, ",line=%u,col=%u,endColumn=%u", (unsigned)place->line,
                   (unsigned)place->column,
                   (unsigned)(place->column + (place->length == 0 ? 1 : place->length)));
    }
    buf_add_text(out, "::");
    add_escaped(out, item->message, false);
    if (item->help != NULL)
        add_line(out, "help", NULL, item->help);
    for (i = 0; i < item->note_count; i++)
        add_line(out, "note", &item->notes[i].place, item->notes[i].message);
    buf_add_char(out, '\n');
}

void render_diag_github(const struct diag *diag, struct buf *out)
{
    size_t i;
    for (i = 0; i < diag->count; i++)
        render_item(&diag->items[i], out);
    if (diag->dropped != 0)
        buf_printf(out, "::notice::%zu more not shown\n", diag->dropped);
}
