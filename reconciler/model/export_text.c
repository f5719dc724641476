/*
 * The export as YAML.
 */
#include "model/export.h"

#include "base/str.h"
#include "document/doc_emit.h"
#include "model/desired_read.h"

#include <string.h>

#define MODELINE "# yaml-language-server: $schema=roster.schema.json\n"
#define MARK "# Exported by roster from account "

/* Comments */

static void comment(struct doc_emit *emit, const char *format, ...) PRINTF_LIKE(2, 3);
static void comment(struct doc_emit *emit, const char *format, ...)
{
    struct buf text;
    va_list arguments;

    buf_init(&text, DOC_MAX_SIZE);
    va_start(arguments, format);
    buf_vprintf(&text, format, arguments);
    va_end(arguments);
    doc_emit_comment(emit, buf_text(&text));
    buf_release(&text);
}

/* A value as people may see it; what has line feeds in it stays on its line. */
static void comment_value(struct doc_emit *emit, const struct resource *resource, size_t row,
                          const void *object, const char *why)
{
    struct buf shown, line;

    buf_init(&shown, DOC_MAX_SIZE);
    buf_init(&line, DOC_MAX_SIZE);
    resource_print_value(resource, row, object, &shown);
    str_add_visible(&line, buf_text(&shown), shown.size);
    comment(emit, "%s: %s  (%s)", resource->fields[row].yaml_key, buf_text(&line), why);
    buf_release(&shown);
    buf_release(&line);
}

static const char *idle_word(const struct field *field)
{
    return (field->flags & FIELD_OBSOLETE) != 0 ? "obsolete" : "reserved by Twilio";
}

/* Senders */

/* What the API tells of a sender and the roster can't say. */
static void add_remarks(const struct sender_type *type, const struct export_sender *sender,
                        struct buf *out)
{
    const struct resource *resource = type->section->resource;
    size_t row;

    for (row = 0; row < resource->field_count; row++) {
        const struct field *field = &resource->fields[row];
        if (field->yaml_key == NULL && field->type != &field_sid &&
            field_has_value(&sender->live->set, row))
            field->type->print(field, field_member_const(field, sender->live), out);
    }
    if (type->origin == SENDER_LISTED)
        buf_add_text(out, sender->by_sid ? sender_shown(sender->live) : sender->live->sid);
}

static void note_remarks(struct doc_emit *emit, const struct sender_type *type,
                         const struct export_sender *sender)
{
    struct buf remarks;

    buf_init(&remarks, DOC_MAX_SIZE);
    add_remarks(type, sender, &remarks);
    if (remarks.size != 0)
        doc_emit_note(emit, buf_text(&remarks));
    buf_release(&remarks);
}

static void write_sender(struct doc_emit *emit, const struct sender_type *type,
                         const struct export_sender *sender)
{
    const struct resource *resource = type->section->resource;
    size_t row;

    if (type->section->shape == SECTION_SCALARS) {
        doc_emit_scalar(emit, sender->values[0].kind, sender->values[0].text);
    } else {
        doc_emit_begin_flow(emit);
        for (row = 0; row < resource->field_count; row++) {
            if (sender->values[row].how != EXPORT_WRITTEN)
                continue;
            doc_emit_key(emit, resource->fields[row].yaml_key);
            doc_emit_scalar(emit, sender->values[row].kind, sender->values[row].text);
        }
        doc_emit_end(emit);
    }
    note_remarks(emit, type, sender);
}

static void comment_sender(struct doc_emit *emit, const char *indent,
                           const struct sender_type *type, const struct sender *sender,
                           const char *remarks)
{
    comment(emit, "%s%s \"%s\"%s%s (%s)%s%s", indent, type->label, sender_shown(sender),
            sender->country == NULL ? "" : " ", sender->country == NULL ? "" : sender->country,
            sender->sid, remarks[0] == '\0' ? "" : ": ", remarks);
}

static void comment_list(struct doc_emit *emit, const struct sender_type *type,
                         const struct export_list *list)
{
    size_t i;

    comment(emit, "%s is left alone, for it can't be written: %s", type->section->yaml_key,
            list->problem);
    for (i = 0; i < list->count; i++)
        comment_sender(emit, "  ", type, list->senders[i].live, "");
}

static void comment_elsewhere(struct doc_emit *emit, const struct export_service *service,
                              enum sender_kind kind)
{
    const struct export_list *list = &service->elsewhere[kind];
    size_t i;

    for (i = 0; i < list->count; i++)
        comment_sender(emit, "", &sender_types[kind], list->senders[i].live,
                       "for every country, which a roster can't say: left alone");
}

static void write_list(struct doc_emit *emit, const struct export_service *service,
                       enum sender_kind kind)
{
    const struct sender_type *type = &sender_types[kind];
    const struct export_list *list = &service->lists[kind];
    size_t i;

    comment_elsewhere(emit, service, kind);
    if (list->how == EXPORT_REFUSED) {
        comment_list(emit, type, list);
        return;
    }
    doc_emit_key(emit, type->section->yaml_key);
    if (list->count == 0) {
        doc_emit_empty(emit, DOC_SEQUENCE);
        return;
    }
    doc_emit_begin(emit, DOC_SEQUENCE);
    for (i = 0; i < list->count; i++)
        write_sender(emit, type, &list->senders[i]);
    doc_emit_end(emit);
}

/* Services */

static void write_setting(struct doc_emit *emit, const struct export_service *service, size_t row)
{
    const struct field *field = &resource_service.fields[row];
    const struct export_value *value = &service->values[row];

    switch (value->how) {
    case EXPORT_ABSENT:
        break;
    case EXPORT_WRITTEN:
        doc_emit_key(emit, field->yaml_key);
        doc_emit_scalar(emit, value->kind, value->text);
        if ((field->flags & (FIELD_OBSOLETE | FIELD_RESERVED)) != 0)
            doc_emit_note(emit, idle_word(field));
        break;
    case EXPORT_REMARK:
        comment_value(emit, &resource_service, row, &service->live->service, idle_word(field));
        break;
    case EXPORT_REFUSED:
        comment_value(emit, &resource_service, row, &service->live->service, value->problem);
        break;
    }
}

/* In front of a service: which one it is, and what the roster can't say of it. */
static void comment_service(struct doc_emit *emit, const struct export_service *service)
{
    const struct service *live = &service->live->service;
    size_t row;

    if (service->how == EXPORT_REFUSED)
        comment(emit, "%s is left alone, for it can't be written: %s", live->sid, service->problem);
    else
        comment(emit, "%s", live->sid);
    for (row = 0; row < resource_service.field_count; row++) {
        const struct field *field = &resource_service.fields[row];
        if (field->remark != NULL && field->type == &field_boolean &&
            field_has_value(&live->set, row) && *(const bool *)field_member_const(field, live))
            comment(emit, "%s", field->remark);
    }
}

static void write_service(struct doc_emit *emit, const struct export_service *service)
{
    size_t row, kind;

    comment_service(emit, service);
    doc_emit_begin(emit, DOC_MAPPING);
    for (row = 0; row < resource_service.field_count; row++)
        write_setting(emit, service, row);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        write_list(emit, service, (enum sender_kind)kind);
    doc_emit_end(emit);
}

/* What the account owns */

static bool is_of_roster(const struct export *export, enum sender_kind kind,
                         const struct export_sender *sender)
{
    return sender->how == EXPORT_WRITTEN && sender_can_send(sender->live, kind) &&
           (!export->partial || export_is_in_service(export, kind, sender->live));
}

static void write_numbers(struct doc_emit *emit, const struct export *export)
{
    const enum sender_kind kind = SENDER_PHONE_NUMBER;
    const struct export_list *list = &export->owned[kind];
    bool open = false;
    size_t i;

    doc_emit_gap(emit);
    doc_emit_key(emit, SECTION_KEY_NUMBERS);
    for (i = 0; i < list->count; i++) {
        if (!is_of_roster(export, kind, &list->senders[i]))
            continue;
        if (!open)
            doc_emit_begin(emit, DOC_SEQUENCE);
        open = true;
        doc_emit_begin(emit, DOC_MAPPING);
        doc_emit_key(emit, resource_number.fields[0].yaml_key);
        doc_emit_scalar(emit, list->senders[i].values[0].kind, list->senders[i].values[0].text);
        doc_emit_end(emit);
        note_remarks(emit, &sender_types[kind], &list->senders[i]);
    }
    if (open)
        doc_emit_end(emit);
    else
        doc_emit_empty(emit, DOC_SEQUENCE);
}

/* Those in no service, which only shows when all services were looked at. */
static void comment_idle(struct doc_emit *emit, const struct export *export)
{
    struct buf remarks;
    bool any = false;
    size_t kind, i;

    buf_init(&remarks, DOC_MAX_SIZE);
    for (kind = 0; kind < SENDER_KIND_COUNT && !export->partial; kind++) {
        for (i = 0; i < export->owned[kind].count; i++) {
            const struct export_sender *sender = &export->owned[kind].senders[i];
            if (export_is_in_service(export, (enum sender_kind)kind, sender->live))
                continue;
            if (!any) {
                doc_emit_gap(emit);
                comment(emit, "The account owns these, and they are in no service:");
            }
            any = true;
            buf_clear(&remarks);
            add_remarks(&sender_types[kind], sender, &remarks);
            comment_sender(emit, "  ", &sender_types[kind], sender->live, buf_text(&remarks));
        }
    }
    buf_release(&remarks);
}

/* Documents */

static void begin_document(struct doc_emit *emit, const struct export *export, bool whole)
{
    doc_emit_begin(emit, DOC_MAPPING);
    buf_add_text(emit->out, MODELINE);
    comment(emit, "Exported by roster from account %s.", export->options.account_sid);
    if (whole && !export->options.full)
        doc_emit_comment(emit, "Settings at Twilio's default, and obsolete and reserved ones, are "
                               "left out and so left\nalone; \"roster export --full\" has them.");
    if (whole && export->partial)
        doc_emit_comment(emit, "Not all services of the account are in it.");
    doc_emit_gap(emit);
    doc_emit_key(emit, resource_roster.fields[ROSTER_ROW_VERSION].yaml_key);
    doc_emit_scalar(emit, DOC_INTEGER, "1");
}

static void write_account(struct doc_emit *emit, const struct export *export)
{
    doc_emit_key(emit, resource_roster.fields[ROSTER_ROW_ACCOUNT_SID].yaml_key);
    doc_emit_scalar(emit, DOC_STRING, export->options.account_sid);
}

static void comment_refused(struct doc_emit *emit, const struct export *export)
{
    size_t i;

    for (i = 0; i < export->service_count; i++)
        if (export->services[i].how == EXPORT_REFUSED)
            comment_service(emit, &export->services[i]);
}

static void end_document(struct doc_emit *emit, const struct export *export)
{
    if (export->options.numbers)
        write_numbers(emit, export);
    comment_idle(emit, export);
    doc_emit_end(emit);
}

void export_roster(const struct export *export, struct buf *out)
{
    struct doc_emit emit;
    bool first = true;
    size_t i;

    doc_emit_init(&emit, out);
    begin_document(&emit, export, true);
    write_account(&emit, export);
    comment_refused(&emit, export);
    doc_emit_key(&emit, SECTION_KEY_SERVICES);
    if (export->written_count == 0) {
        doc_emit_empty(&emit, DOC_SEQUENCE);
    } else {
        doc_emit_begin(&emit, DOC_SEQUENCE);
        for (i = 0; i < export->service_count; i++) {
            if (export->services[i].how == EXPORT_REFUSED)
                continue;
            if (!first)
                doc_emit_gap(&emit);
            first = false;
            write_service(&emit, &export->services[i]);
        }
        doc_emit_end(&emit);
    }
    end_document(&emit, export);
}

void export_head(const struct export *export, struct buf *out)
{
    struct doc_emit emit;

    doc_emit_init(&emit, out);
    begin_document(&emit, export, true);
    write_account(&emit, export);
    comment_refused(&emit, export);
    if (export->written_count == 0) {
        doc_emit_key(&emit, SECTION_KEY_SERVICES);
        doc_emit_empty(&emit, DOC_SEQUENCE);
    }
    end_document(&emit, export);
}

void export_part(const struct export *export, const struct export_service *service, struct buf *out)
{
    struct doc_emit emit;

    doc_emit_init(&emit, out);
    begin_document(&emit, export, false);
    doc_emit_key(&emit, SECTION_KEY_SERVICES);
    doc_emit_begin(&emit, DOC_SEQUENCE);
    write_service(&emit, service);
    doc_emit_end(&emit);
    doc_emit_end(&emit);
}

void export_item(const struct export_service *service, struct buf *out)
{
    struct doc_emit emit;

    doc_emit_init(&emit, out);
    doc_emit_begin(&emit, DOC_SEQUENCE);
    write_service(&emit, service);
    doc_emit_end(&emit);
}

bool export_wrote(const char *text)
{
    return str_starts_with(text, MODELINE MARK);
}
