/*
 * What of the live state is written, and what can't be.
 */
#include "model/export.h"

#include "base/str.h"
#include "model/export_parts.h"

#include <stdlib.h>
#include <string.h>

static size_t row_of(size_t offset)
{
    return resource_row_at(&resource_service, offset);
}

/* Order */

static int compare_nocase(const char *a, const char *b)
{
    size_t i;

    for (i = 0; a[i] != '\0' || b[i] != '\0'; i++) {
        unsigned char left = (unsigned char)a[i], right = (unsigned char)b[i];
        left = left >= 'A' && left <= 'Z' ? (unsigned char)(left - 'A' + 'a') : left;
        right = right >= 'A' && right <= 'Z' ? (unsigned char)(right - 'A' + 'a') : right;
        if (left != right)
            return left < right ? -1 : 1;
    }
    return strcmp(a, b);
}

static int compare_services(const void *left, const void *right)
{
    const struct service *a = &((const struct export_service *)left)->live->service;
    const struct service *b = &((const struct export_service *)right)->live->service;
    int order = compare_nocase(a->friendly_name == NULL ? "" : a->friendly_name,
                               b->friendly_name == NULL ? "" : b->friendly_name);
    return order != 0 ? order : compare_nocase(a->sid, b->sid);
}

int export_compare(const struct sender *a, const struct sender *b)
{
    size_t a_size = strlen(a->identity), b_size = strlen(b->identity);
    int order;

    if (str_is_digits(a->identity, a_size) && str_is_digits(b->identity, b_size) &&
        a_size != b_size)
        return a_size < b_size ? -1 : 1;
    order = compare_nocase(a->identity, b->identity);
    return order != 0 ? order : sender_compare(a, b);
}

static int compare_senders(const void *left, const void *right)
{
    return export_compare(((const struct export_sender *)left)->live,
                          ((const struct export_sender *)right)->live);
}

/* Values */

/* What the reader of rosters says against a text, NULL when it gets the same value from it. */
static const char *read_back(struct export *export, const struct field *field, const char *text,
                             const void *member)
{
    const struct doc_node node = {
        .kind = field->type->yaml_kind, .text = text, .size = strlen(text)};
    struct diag diag;
    struct field_reader reader = {.arena = &export->arena, .diag = &diag};
    void *again = arena_alloc(&export->arena, field->type->size);
    const char *problem = NULL;

    diag_init(&diag);
    if (field->type->parse(field, &node, again, &reader) != 0)
        problem =
            diag.items[0].help == NULL
                ? arena_strdup(&export->arena, diag.items[0].message)
                : arena_printf(&export->arena, "%s: %s", diag.items[0].message, diag.items[0].help);
    else if (member != NULL && !field->type->equal(field, again, member))
        problem = "it can't be written so that it would be read as it is";
    diag_release(&diag);
    return problem;
}

/* The text of a value as the roster has it, were there no secret in it. */
static const char *text_of(struct export *export, const struct field *field, const void *member)
{
    struct buf text;
    const char *copy;

    buf_init(&text, DOC_MAX_SIZE);
    field->type->yaml(field, member, &text);
    copy = arena_strndup(&export->arena, buf_text(&text), text.size);
    buf_release(&text);
    return copy;
}

static bool is_default(const struct field *field, const void *member)
{
    struct buf text;
    bool equal;

    if (field->default_text == NULL)
        return false;
    buf_init(&text, DOC_MAX_SIZE);
    field->type->encode(field, member, &text);
    equal = strcmp(buf_text(&text), field->default_text) == 0;
    buf_release(&text);
    return equal;
}

/* A row of an object that can be written: sets its text, or why there can be none. */
static void survey_value(struct export *export, const struct field *field, size_t row,
                         const void *object, struct export_value *value)
{
    const void *member = field_member_const(field, object);

    value->kind = field->type->yaml_kind;
    if (field->yaml_key == NULL || !field_has_value(object, row))
        return;
    value->text = text_of(export, field, member);
    value->problem = read_back(export, field, value->text, member);
    value->how = value->problem == NULL ? EXPORT_WRITTEN : EXPORT_REFUSED;
    if (value->problem != NULL)
        value->text = NULL;
}

static void choose_setting(const struct export *export, const struct field *field, size_t row,
                           const struct service *service, struct export_value *value)
{
    const bool full = export->options.full || (export->options.always >> row & 1) != 0;
    const bool idle = (field->flags & (FIELD_OBSOLETE | FIELD_RESERVED)) != 0;
    bool usual;

    if ((field->flags & FIELD_SETTING) == 0 || !field_is_present(&service->set, row) ||
        value->how == EXPORT_REFUSED)
        return;
    if (field_is_null(&service->set, row)) {
        value->kind = DOC_NULL;
        if (full && (field->flags & FIELD_CLEARABLE) != 0) {
            value->how = EXPORT_WRITTEN;
            value->text = "null";
        }
        return;
    }
    usual = is_default(field, field_member_const(field, service));
    if (full)
        return;
    if (usual || (idle && field->default_text == NULL))
        value->how = EXPORT_ABSENT;
    else if (idle)
        value->how = EXPORT_REMARK;
}

static const char *name_of(const struct live_service *live)
{
    return live->shown_name != NULL              ? live->shown_name
           : live->service.friendly_name != NULL ? live->service.friendly_name
                                                 : "a service";
}

static void warn(const struct export_service *service, const char *what, const char *problem,
                 struct diag *diag)
{
    diag_warning(diag, NULL, "%s (%s): %s is left out", service->name, service->live->service.sid,
                 what);
    diag_help(diag, "%s", problem);
}

static void survey_settings(struct export *export, struct export_service *service,
                            struct diag *diag)
{
    const struct service *live = &service->live->service;
    const size_t name = row_of(offsetof(struct service, friendly_name));
    size_t row;

    service->values =
        arena_array(&export->arena, resource_service.field_count, sizeof(*service->values));
    for (row = 0; row < resource_service.field_count; row++) {
        const struct field *field = &resource_service.fields[row];
        struct export_value *value = &service->values[row];
        survey_value(export, field, row, live, value);
        choose_setting(export, field, row, live, value);
        if (value->how == EXPORT_REFUSED && row != name)
            warn(service, field->yaml_key, value->problem, diag);
        if (value->how == EXPORT_WRITTEN)
            export_hide_secret(export, service, field, live, value, diag);
    }
    if (service->values[name].how == EXPORT_WRITTEN)
        return;
    service->how = EXPORT_REFUSED;
    service->problem =
        service->values[name].problem == NULL ? "it has no name" : service->values[name].problem;
    warn(service, "the service", service->problem, diag);
}

/* Senders */

static void survey_sender(struct export *export, const struct sender_type *type,
                          struct export_sender *sender)
{
    const struct resource *resource = type->section->resource;
    size_t row;

    sender->values = arena_array(&export->arena, resource->field_count, sizeof(*sender->values));
    sender->how = EXPORT_WRITTEN;
    for (row = 0; row < resource->field_count && sender->problem == NULL; row++) {
        survey_value(export, &resource->fields[row], row, sender->live, &sender->values[row]);
        sender->problem = sender->values[row].problem;
    }
    if (sender->problem == NULL)
        return;
    if (type->origin == SENDER_LISTED &&
        read_back(export, &resource->fields[0], sender->live->sid, NULL) == NULL) {
        sender->values[0].how = EXPORT_WRITTEN;
        sender->values[0].text = sender->live->sid;
        sender->by_sid = true;
        sender->problem = NULL;
        return;
    }
    sender->how = EXPORT_REFUSED;
}

void export_setting(struct export *export, const struct live_service *live, size_t row,
                    struct export_value *out, struct diag *diag)
{
    const struct field *field = &resource_service.fields[row];
    const struct export_service service = {.live = live, .name = name_of(live)};

    *out = (struct export_value){0};
    survey_value(export, field, row, &live->service, out);
    if (out->how == EXPORT_WRITTEN) {
        export_hide_secret(export, &service, field, &live->service, out, diag);
    } else if (out->how == EXPORT_ABSENT && (field->flags & FIELD_CLEARABLE) != 0) {
        *out = (struct export_value){.how = EXPORT_WRITTEN, .kind = DOC_NULL, .text = "null"};
    } else if (out->how == EXPORT_ABSENT) {
        out->how = EXPORT_REFUSED;
        out->problem = "the account has no value for it, and a roster can't say that";
    }
}

void export_sender(struct export *export, enum sender_kind kind, const struct sender *live,
                   struct export_sender *out)
{
    *out = (struct export_sender){.live = live};
    survey_sender(export, &sender_types[kind], out);
}

/* Sorted, and what a page that shifted while it was read has shown twice only once. */
static void survey_list(struct export *export, const struct sender_type *type,
                        const struct live_senders *live, struct export_list *list)
{
    size_t i, count = 0;

    list->how = EXPORT_WRITTEN;
    list->senders = arena_array(&export->arena, live->count, sizeof(*list->senders));
    for (i = 0; i < live->count; i++)
        list->senders[i].live = &live->items[i];
    if (live->count != 0)
        qsort(list->senders, live->count, sizeof(*list->senders), compare_senders);
    for (i = 0; i < live->count; i++) {
        if (count != 0 && sender_compare(list->senders[count - 1].live, list->senders[i].live) == 0)
            continue;
        list->senders[count++] = list->senders[i];
    }
    list->count = count;
    for (i = 0; i < count; i++)
        survey_sender(export, type, &list->senders[i]);
}

/* Whether what is for every country is the service's alpha sender, shown once more. */
static bool is_shown_again(const struct live_service *service, const struct sender *sender)
{
    size_t kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct live_senders *list = &service->senders[kind];
        for (i = 0; i < list->count; i++)
            if (str_equal_nocase(list->items[i].sid, sender->sid))
                return true;
    }
    return false;
}

static void survey_elsewhere(struct export *export, const struct sender_type *type,
                             const struct live_service *service, const struct live_senders *live,
                             struct export_list *list)
{
    struct live_senders others = {
        .items = arena_array(&export->arena, live->elsewhere_count, sizeof(*others.items)),
    };
    size_t i;

    for (i = 0; i < live->elsewhere_count; i++)
        if (!is_shown_again(service, &live->elsewhere[i]))
            others.items[others.count++] = live->elsewhere[i];
    survey_list(export, type, &others, list);
}

static void refuse_list(struct export_list *list, const char *problem)
{
    if (list->how == EXPORT_REFUSED)
        return;
    list->how = EXPORT_REFUSED;
    list->problem = problem;
}

static void survey_lists(struct export *export, struct export_service *service)
{
    struct export_list *lists = service->lists;
    size_t pool = 0, kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct sender_type *type = &sender_types[kind];
        const struct live_senders *live = &service->live->senders[kind];
        survey_list(export, type, live, &lists[kind]);
        survey_elsewhere(export, type, service->live, live, &service->elsewhere[kind]);
        for (i = 0; i < lists[kind].count; i++)
            if (lists[kind].senders[i].how == EXPORT_REFUSED)
                refuse_list(&lists[kind], lists[kind].senders[i].problem);
        if (type->shares_pool_limit)
            pool += lists[kind].count;
        else if (type->section->most != 0 && lists[kind].count > type->section->most)
            refuse_list(&lists[kind],
                        arena_printf(&export->arena, "there are %zu, and a roster takes %zu",
                                     lists[kind].count, type->section->most));
    }
    for (kind = 0; kind < SENDER_KIND_COUNT && pool > SENDER_POOL_MAX; kind++)
        if (sender_types[kind].shares_pool_limit)
            refuse_list(&lists[kind],
                        arena_printf(&export->arena,
                                     "there are %zu phone numbers and short codes, and a roster "
                                     "takes %d",
                                     pool, SENDER_POOL_MAX));
}

/* A sender and the list that it is in. */
struct mention {
    const struct sender *sender;
    struct export_list *list;
    size_t index; /* of the list: the order of services */
};

static int compare_mentions(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    int order = sender_compare(a->sender, b->sender);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* While a sender is moved by somebody else it may show in both services. */
static void refuse_shared(struct export *export, enum sender_kind kind)
{
    struct arena scratch = {0};
    struct mention *mentions;
    size_t count = 0, i, j;

    for (i = 0; i < export->service_count; i++)
        count += export->services[i].lists[kind].count;
    mentions = arena_array(&scratch, count, sizeof(*mentions));
    for (i = 0, count = 0; i < export->service_count; i++) {
        struct export_list *list = &export->services[i].lists[kind];
        for (j = 0; j < list->count && export->services[i].how == EXPORT_WRITTEN; j++)
            mentions[count++] = (struct mention){list->senders[j].live, list, i};
    }
    if (count != 0)
        qsort(mentions, count, sizeof(*mentions), compare_mentions);
    for (i = 1; i < count; i++)
        if (sender_compare(mentions[i].sender, mentions[i - 1].sender) == 0)
            refuse_list(mentions[i].list,
                        arena_printf(&export->arena, "%s was in two services at once",
                                     sender_shown(mentions[i].sender)));
    arena_release(&scratch);
}

static void warn_of_lists(const struct export_service *service, struct diag *diag)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT && service->how == EXPORT_WRITTEN; kind++)
        if (service->lists[kind].how == EXPORT_REFUSED)
            warn(service, sender_types[kind].section->yaml_key, service->lists[kind].problem, diag);
}

/* The whole */

static bool was_looked_at(const struct live_service *service)
{
    size_t kind;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (!service->senders[kind].fetched)
            return false;
    return true;
}

static void pick_services(struct export *export, const struct live_state *live)
{
    size_t i;

    export->services = arena_array(&export->arena, live->count, sizeof(*export->services));
    for (i = 0; i < live->count; i++) {
        const struct live_service *service = live->services[i];
        struct export_service *picked = &export->services[export->service_count];
        if (!was_looked_at(service)) {
            export->partial = true;
            continue;
        }
        picked->live = service;
        picked->how = EXPORT_WRITTEN;
        picked->name = name_of(service);
        export->service_count++;
    }
    if (export->service_count != 0)
        qsort(export->services, export->service_count, sizeof(*export->services), compare_services);
}

static void pin_services(struct export *export, const struct live_state *live)
{
    const size_t sid = row_of(offsetof(struct service, sid));
    const char **names = arena_array(&export->arena, live->count, sizeof(*names));
    size_t i, j, count = 0;

    for (i = 0; i < live->count; i++)
        if (live->services[i]->service.friendly_name != NULL)
            names[count++] = live->services[i]->service.friendly_name;
    qsort(names, count, sizeof(*names), str_compare);
    for (i = 0; i < export->service_count; i++) {
        struct export_service *service = &export->services[i];
        const char *name = service->live->service.friendly_name;
        const char **found =
            name == NULL ? NULL : bsearch(&name, names, count, sizeof(*names), str_compare);
        j = found == NULL ? 0 : (size_t)(found - names);
        if (found == NULL || !(export->options.pin || (j > 0 && strcmp(names[j - 1], name) == 0) ||
                               (j + 1 < count && strcmp(names[j + 1], name) == 0)))
            service->values[sid].how = EXPORT_ABSENT;
    }
}

static void survey_owned(struct export *export, const struct live_state *live)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].origin == SENDER_OWNED && live->owned[kind].fetched)
            survey_list(export, &sender_types[kind], &live->owned[kind], &export->owned[kind]);
}

void export_survey(struct export *export, const struct live_state *live,
                   const struct export_options *options, struct diag *diag)
{
    size_t i, kind;

    export->options = *options;
    pick_services(export, live);
    for (i = 0; i < export->service_count; i++) {
        survey_settings(export, &export->services[i], diag);
        survey_lists(export, &export->services[i]);
        export->written_count += export->services[i].how == EXPORT_WRITTEN;
    }
    pin_services(export, live);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].exclusive)
            refuse_shared(export, (enum sender_kind)kind);
    for (i = 0; i < export->service_count; i++)
        warn_of_lists(&export->services[i], diag);
    survey_owned(export, live);
    export_name_files(export);
}

void export_release(struct export *export)
{
    arena_release(&export->arena);
    memset(export, 0, sizeof(*export));
}

bool export_is_in_service(const struct export *export, enum sender_kind kind,
                          const struct sender *sender)
{
    const struct export_sender key = {.live = sender};
    size_t i;

    for (i = 0; i < export->service_count; i++) {
        const struct export_list *list = &export->services[i].lists[kind];
        if (list->count != 0 &&
            bsearch(&key, list->senders, list->count, sizeof(key), compare_senders) != NULL)
            return true;
    }
    return false;
}
