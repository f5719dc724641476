/*
 * The roster's text: block and flow style, indentation, quotes, comments, empty lines, anchors,
 * aliases and merge keys as they come, ends of line of all kinds.
 */
#include "drifting_writer.h"

#include "random_world.h"

#include "model/field.h"

#include <stdio.h>
#include <string.h>

/* Entries of a service */

enum entry_kind { ENTRY_MERGE, ENTRY_SID, ENTRY_NAME, ENTRY_ROW, ENTRY_LIST };

struct entry {
    enum entry_kind kind;
    int index; /* row or kind of sender */
};

static const struct drifting_service *self_of(struct drifting_writer *writer, int service)
{
    return &writer->drifting->services[service];
}

static bool any_default(const struct drifting *drifting)
{
    int row;
    for (row = 0; row < DRIFTING_ROWS; row++)
        if (drifting->defaults[row] >= 0)
            return true;
    return false;
}

static int list_entries(struct drifting_writer *writer, int service, struct entry *entries)
{
    const struct drifting_service *self = self_of(writer, service);
    int count = 0, first, i;

    if (self->merges >= 0 || (self->merges_defaults && any_default(writer->drifting)))
        entries[count++] = (struct entry){ENTRY_MERGE, 0};
    first = count;
    if (self->pinned)
        entries[count++] = (struct entry){ENTRY_SID, 0};
    entries[count++] = (struct entry){ENTRY_NAME, 0};
    for (i = 0; i < DRIFTING_ROWS; i++)
        if (self->written[i] != WRITTEN_NOT && self->written[i] != WRITTEN_DEFAULT)
            entries[count++] = (struct entry){ENTRY_ROW, i};
    for (i = 0; i < DRIFTING_KINDS; i++)
        if (self->lists[i].managed)
            entries[count++] = (struct entry){ENTRY_LIST, i};
    if (writer_chance(writer, 40))
        for (i = count - 1; i > first; i--) {
            int j = first + random_int(writer->random, i - first + 1);
            struct entry other = entries[i];
            entries[i] = entries[j];
            entries[j] = other;
        }
    return count;
}

/* A string as a block scalar, with its lines; whether it was written so. */
static bool block_scalar(struct drifting_writer *writer, int service, int row, int indent)
{
    const struct drifting_service *self = self_of(writer, service);
    const char *json = drifting_rows[row].values[self->values[row]];
    json_t *parsed = json_loads(json, JSON_DECODE_ANY, NULL);
    const bool fits = json_is_string(parsed) && self->written[row] == WRITTEN_OWN &&
                      !self->has_anchor[row] && writer_chance(writer, 12);
    struct buf escaped;

    buf_init(&escaped, 4096);
    if (fits) {
        field_add_literal(&escaped, json_string_value(parsed), json_string_length(parsed));
        writer_tag(writer, service, OF_ROW + row);
        writer_put(writer, writer_chance(writer, 50) ? "|-" : ">-");
        writer_finish(writer);
        writer_tag(writer, service, OF_ROW + row);
        writer_blanks(writer, indent + 2);
        writer_put(writer, buf_text(&escaped));
        writer_end(writer);
    }
    buf_release(&escaped);
    json_decref(parsed);
    return fits;
}

static void setting(struct drifting_writer *writer, int service, int row, bool flow)
{
    const struct drifting_service *self = self_of(writer, service);
    const char *json = drifting_rows[row].values[self->values[row]];

    writer_tag(writer, service, OF_ROW + row);
    if (self->written[row] == WRITTEN_ALIAS) {
        writer_tag(writer, self->alias[row], OF_ROW + row);
        buf_printf(&writer->file->text, "*a%d_%d", self->alias[row], row);
        return;
    }
    if (self->written[row] == WRITTEN_VARIABLE) {
        writer_quoted(writer, "${DRIFTING_HOOKS}/x", flow);
        return;
    }
    if (self->has_anchor[row])
        buf_printf(&writer->file->text, "&a%d_%d ", service, row);
    writer_value(writer, json, flow || self->has_anchor[row]);
}

static void item(struct drifting_writer *writer, int index)
{
    const struct drifting_item *self = &writer->drifting->items[index];

    tags_set(&writer->tags, TAG_ITEMS + index);
    if (self->country[0] == '\0') {
        writer_quoted(writer, self->by_sid ? self->sid : self->text, true);
        return;
    }
    writer_put(writer, "{alpha_sender: ");
    writer_quoted(writer, self->text, true);
    writer_put(writer, ", iso_country_code: ");
    writer_quoted(writer, self->country, true);
    writer_put(writer, "}");
}

/* On one line; every change of it may touch that. */
static void flow_list(struct drifting_writer *writer, int service, int kind)
{
    const struct drifting_list *list = &self_of(writer, service)->lists[kind];
    const bool wide = writer_chance(writer, 20);
    int i;

    writer_tag(writer, service, OF_LIST + kind);
    writer_put(writer, wide ? "[ " : "[");
    for (i = 0; i < list->count; i++) {
        writer_put(writer, i == 0 ? "" : writer_chance(writer, 85) ? ", " : " , ");
        item(writer, list->items[i]);
    }
    writer_put(writer, list->count != 0 && writer_chance(writer, 10) ? "," : "");
    writer_put(writer, wide ? " ]" : "]");
}

/* Empty lines in a list that becomes [] go. */
static void between_items(struct drifting_writer *writer, int service, int kind, int indent)
{
    const size_t first = writer->file->count;
    size_t i;

    writer_between(writer, indent, -1, -1);
    for (i = first; i < writer->file->count; i++) {
        struct line *line = &writer->file->lines[i];
        if (memchr(buf_text(&writer->file->text) + line->from, '#', line->size) == NULL)
            tags_set(&line->tags, tag_of(service, OF_EMPTIED + kind));
    }
}

static void long_flow_list(struct drifting_writer *writer, int service, int kind, int indent)
{
    const struct drifting_list *list = &self_of(writer, service)->lists[kind];
    const bool trailing = writer_chance(writer, 40);
    int i;

    writer_put(writer, "[");
    writer_tag(writer, service, OF_EMPTIED + kind);
    writer_finish(writer);
    for (i = 0; i < list->count; i++) {
        between_items(writer, service, kind, indent + 2);
        writer_blanks(writer, indent + 2);
        item(writer, list->items[i]);
        writer_put(writer, i + 1 < list->count || trailing ? "," : "");
        writer_tag(writer, service, OF_GROWN + kind);
        if (writer_chance(writer, 20) && i + 1 < list->count && i + 2 == list->count) {
            writer_put(writer, " ");
            item(writer, list->items[++i]);
            writer_put(writer, trailing ? "," : "");
            writer_tag(writer, service, OF_LIST + kind);
        }
        writer_finish(writer);
    }
    writer_blanks(writer, indent + 1);
    writer_tag(writer, service, OF_EMPTIED + kind);
    writer_put(writer, "]");
}

static void block_item(struct drifting_writer *writer, int index, int indent)
{
    const struct drifting_item *self = &writer->drifting->items[index];
    const int gap = 1 + random_int(writer->random, 2);

    writer_blanks(writer, indent);
    writer_put(writer, "-");
    writer_blanks(writer, gap);
    if (self->country[0] == '\0' || writer_chance(writer, 50)) {
        item(writer, index);
        writer_finish(writer);
        return;
    }
    writer_key(writer, "alpha_sender");
    writer_quoted(writer, self->text, false);
    tags_set(&writer->tags, TAG_ITEMS + index);
    writer_finish(writer);
    writer_blanks(writer, indent + 1 + gap);
    writer_key(writer, "iso_country_code");
    writer_quoted(writer, self->country, false);
    tags_set(&writer->tags, TAG_ITEMS + index);
    writer_finish(writer);
}

/* Behind its key; ends the line. */
static void list(struct drifting_writer *writer, int service, int kind, int indent)
{
    const struct drifting_list *self = &self_of(writer, service)->lists[kind];
    const int style = random_int(writer->random, 10);
    const int inner = indent + (writer_chance(writer, 30) ? 0 : writer->step);
    int i;

    if (self->count == 0 || style < 4) {
        flow_list(writer, service, kind);
        writer_finish(writer);
        return;
    }
    if (style < 6) {
        long_flow_list(writer, service, kind, indent);
        writer_finish(writer);
        return;
    }
    writer_tag(writer, service, OF_EMPTIED + kind);
    writer_finish(writer);
    for (i = 0; i < self->count; i++) {
        writer_between(writer, inner, -1, -1);
        block_item(writer, self->items[i], inner);
    }
}

static void merge(struct drifting_writer *writer, int service)
{
    const struct drifting_service *self = self_of(writer, service);

    if (self->merges >= 0)
        buf_printf(&writer->file->text, "*s%d", self->merges);
    else
        writer_put(writer, "*d");
}

static void flow_key(struct drifting_writer *writer, const char *name)
{
    buf_printf(&writer->file->text, writer_chance(writer, 15) ? "\"%s\": " : "%s: ", name);
}

/* In front of a list: its key and what it has on one line. */
static void flow_entry(struct drifting_writer *writer, int service, const struct entry *entry)
{
    switch (entry->kind) {
    case ENTRY_MERGE:
        writer_put(writer, "<<: ");
        merge(writer, service);
        break;
    case ENTRY_SID:
        buf_printf(&writer->file->text, "sid: %s", self_of(writer, service)->sid);
        break;
    case ENTRY_NAME:
        writer_tag(writer, service, OF_NAME);
        writer_put(writer, "friendly_name: ");
        writer_literal(writer, drifting_names[self_of(writer, service)->name], true);
        break;
    case ENTRY_ROW:
        flow_key(writer, drifting_rows[entry->index].key);
        setting(writer, service, entry->index, true);
        break;
    case ENTRY_LIST:
        flow_key(writer, drifting_lists[entry->index]);
        flow_list(writer, service, entry->index);
        break;
    }
}

static void flow_service(struct drifting_writer *writer, int service, int indent, bool one_line)
{
    struct entry entries[3 + DRIFTING_ROWS + DRIFTING_KINDS];
    const int count = list_entries(writer, service, entries);
    int i, row;

    writer_put(writer, "{");
    for (i = 0; i < count; i++) {
        flow_entry(writer, service, &entries[i]);
        writer_put(writer, i + 1 < count ? "," : "");
        /* A new key goes behind some other one. */
        for (row = 0; row < DRIFTING_ROWS; row++)
            writer_tag(writer, service, OF_ROW + row);
        writer_tag(writer, service, OF_ENTRY);
        if (i + 1 == count)
            break;
        if (one_line) {
            writer_put(writer, " ");
        } else {
            writer_finish(writer);
            writer_blanks(writer, indent + 2);
        }
    }
    writer_put(writer, "}");
    writer_finish(writer);
}

static void block_service(struct drifting_writer *writer, int service, int indent, int gap)
{
    struct entry entries[3 + DRIFTING_ROWS + DRIFTING_KINDS];
    const int count = list_entries(writer, service, entries);
    int i;

    for (i = 0; i < count; i++) {
        const size_t first = writer->file->count;
        size_t j;
        if (i != 0) {
            writer_between(writer, indent, -1, -1);
            writer_blanks(writer, indent);
        } else if (gap > 0) {
            writer_blanks(writer, gap);
        } else {
            writer_blanks(writer, indent);
        }
        if (entries[i].kind == ENTRY_ROW || entries[i].kind == ENTRY_LIST)
            writer_key(writer, entries[i].kind == ENTRY_ROW ? drifting_rows[entries[i].index].key
                                                            : drifting_lists[entries[i].index]);
        if (entries[i].kind == ENTRY_LIST) {
            list(writer, service, entries[i].index, indent);
        } else if (entries[i].kind != ENTRY_ROW) {
            flow_entry(writer, service, &entries[i]);
            writer_finish(writer);
        } else if (!block_scalar(writer, service, entries[i].index, indent)) {
            setting(writer, service, entries[i].index, false);
            writer_finish(writer);
        }
        for (j = first; j < writer->file->count; j++)
            tags_set(&writer->file->lines[j].tags, tag_of(service, OF_ENTRY));
    }
}

static void service(struct drifting_writer *writer, int index, int indent, int before)
{
    const struct drifting_service *self = self_of(writer, index);
    const size_t first = writer->file->count;
    const int gap = 1 + random_int(writer->random, 2), style = random_int(writer->random, 10);
    size_t i;

    writer_between(writer, indent, index, before);
    writer_blanks(writer, indent);
    writer_put(writer, "-");
    if (self->anchored)
        buf_printf(&writer->file->text, " &s%d", index);
    if (style < 2) {
        writer_blanks(writer, gap);
        flow_service(writer, index, indent, style == 0);
    } else if (self->anchored) {
        writer_tag(writer, index, OF_ENTRY);
        writer_finish(writer);
        block_service(writer, index, indent + 1 + gap, 0);
    } else {
        block_service(writer, index, indent + 1 + gap, gap);
    }
    for (i = first; i < writer->file->count; i++)
        tags_set(&writer->file->lines[i].tags, tag_of(index, OF_ENTRY));
}

/* Sections */

static void defaults(struct drifting_writer *writer)
{
    const struct drifting *drifting = writer->drifting;
    const bool flow = writer_chance(writer, 30);
    bool first = true;
    int row;

    if (!any_default(drifting))
        return;
    writer_put(writer, "defaults: &d");
    writer_put(writer, flow ? " {" : "");
    if (!flow)
        writer_finish(writer);
    for (row = 0; row < DRIFTING_ROWS; row++) {
        if (drifting->defaults[row] < 0)
            continue;
        if (!flow)
            writer_blanks(writer, writer->step);
        writer_put(writer, flow && !first ? ", " : "");
        buf_printf(&writer->file->text, "%s: ", drifting_rows[row].key);
        writer_value(writer, drifting_rows[row].values[drifting->defaults[row]], true);
        if (!flow)
            writer_finish(writer);
        first = false;
    }
    writer_put(writer, flow ? "}" : "");
    if (flow)
        writer_finish(writer);
}

static void sends(struct drifting_writer *writer)
{
    const struct drifting *drifting = writer->drifting;
    bool any = false;
    int i;

    for (i = 0; i < drifting->service_count; i++) {
        if (!drifting->services[i].tested)
            continue;
        if (!any) {
            writer_put(writer, "test_sends:");
            writer_finish(writer);
        }
        any = true;
        writer_tag(writer, i, OF_NAME);
        buf_printf(&writer->file->text, "  - {name: send %d, to: \"+15005550001\", service: ", i);
        writer_literal(writer, drifting_names[drifting->services[i].name], true);
        writer_put(writer, ", body: x}");
        writer_finish(writer);
    }
}

static void guards(struct drifting_writer *writer)
{
    const struct drifting *drifting = writer->drifting;
    int i;

    writer_put(writer, "guards:");
    writer_finish(writer);
    writer_put(writer, "  protect: [");
    for (i = 0; i < drifting->service_count; i++) {
        writer_tag(writer, i, OF_NAME);
        writer_put(writer, i == 0 ? "" : ", ");
        writer_literal(writer, drifting_names[drifting->services[i].name], true);
    }
    writer_put(writer, "]");
    writer_finish(writer);
}

static void services(struct drifting_writer *writer, int file)
{
    const struct drifting *drifting = writer->drifting;
    const int indent = writer_chance(writer, 25) ? 0 : writer->step;
    int i, before = -1;

    writer_put(writer, "services:");
    for (i = 0; i < drifting->service_count; i++)
        if (drifting->services[i].file == file)
            writer_tag(writer, i, OF_ENTRY);
    writer_finish(writer);
    for (i = 0; i < drifting->service_count; i++) {
        if (drifting->services[i].file != file)
            continue;
        service(writer, i, indent, before);
        before = i;
    }
    /* Empty lines and comments behind the last one may go with it. */
    writer_between(writer, 0, before, -1);
}

static void write_file(struct drifting *drifting, int index)
{
    static const char *const eols[] = {"\n", "\n", "\n", "\r\n", "\r"};
    struct drifting_writer writer = {
        .drifting = drifting,
        .random = &drifting->random,
        .file = &drifting->files[index],
        .eol = eols[random_int(&drifting->random, 5)],
        .step = 2 + random_int(&drifting->random, 3),
        .chatty = random_chance(&drifting->random, 50),
    };
    struct drifting_file *file = writer.file;

    buf_init(&file->text, BUF_LIMIT_DEFAULT);
    file->eol = writer.eol;
    if (writer_chance(&writer, 10))
        writer_put(&writer, "\xef\xbb\xbf");
    writer.start = file->text.size;
    writer_between(&writer, 0, -1, -1);
    if (writer_chance(&writer, 20)) {
        writer_put(&writer, "---");
        writer_end(&writer);
    }
    writer_put(&writer, "version: 1");
    writer_finish(&writer);
    if (index == 0) {
        buf_printf(&file->text, "prune: %s", drifting->prune ? "true" : "false");
        writer_finish(&writer);
        defaults(&writer);
        if (writer_chance(&writer, 50))
            sends(&writer);
        else
            guards(&writer);
    }
    services(&writer, index);
    if (index == 0 && writer_chance(&writer, 50))
        writer_put(&writer, "numbers: []"), writer_finish(&writer);
    if (writer_chance(&writer, 30)) {
        size_t size = strlen(writer.eol);
        file->text.size -= size;
        file->text.data[file->text.size] = '\0';
        file->lines[file->count - 1].size -= size;
        if (file->lines[file->count - 1].size == 0)
            file->count--;
    }
}

void drifting_write(struct drifting *drifting)
{
    int i;
    for (i = 0; i < drifting->file_count; i++)
        write_file(drifting, i);
}
