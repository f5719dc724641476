/*
 * What is written for an item, and what may not be.
 */
#include "plan/adopt_parts.h"

#include "base/redact.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static const struct live_service *live_of(const struct adopt *adopt, const struct adopt_item *item)
{
    return adopt->plan->services[item->service].live;
}

static size_t sid_row(void)
{
    return resource_row_at(&resource_service, offsetof(struct service, sid));
}

static size_t name_row(void)
{
    return resource_row_at(&resource_service, offsetof(struct service, friendly_name));
}

/* Whether a text has the value of a variable of the roster in it, or a secret of ours. */
static bool is_hidden(struct adopt *adopt, const char *text)
{
    return text != NULL && redact_text(&adopt->desired->redactions, &adopt->arena, text) != text;
}

static void refuse(struct adopt_item *item, const char *problem, const char *help)
{
    if (item->problem != NULL)
        return;
    item->problem = problem;
    item->help = help;
}

/* A value is not written over ${NAME}, nor is a line with it taken away. */
static void refuse_variable(struct adopt *adopt, struct adopt_item *item, const char *written,
                            const struct diag_span *span)
{
    struct buf shown;

    if (written == NULL)
        return;
    buf_init(&shown, DOC_MAX_SIZE);
    str_add_visible(&shown, written, strlen(written));
    refuse(item,
           arena_printf(&adopt->arena, "the roster takes it from the environment: %s",
                        buf_text(&shown)),
           arena_printf(&adopt->arena, "change the variable, or edit %s:%u by hand",
                        span->source->name, (unsigned)span->line));
    buf_release(&shown);
}

static const char *const hidden_problem =
    "the account's value is, or has in it, that of a variable "
    "of the roster or a secret of roster's own";
static const char *const hidden_help = "it is never written; edit the file by hand";

/* Values */

static void word_setting(struct adopt *adopt, struct adopt_item *item, struct export *export,
                         struct diag *diag)
{
    export_setting(export, live_of(adopt, item), item->row, &item->value, diag);
    if (item->value.how == EXPORT_REFUSED)
        refuse(item, item->value.problem, NULL);
    else if (item->value.kind == DOC_STRING && is_hidden(adopt, item->value.text))
        refuse(item, hidden_problem, hidden_help);
}

/* Whether the change brings its sender into a list. */
static bool comes_in(const struct adopt *adopt, const struct change *change)
{
    return change->kind == CHANGE_REMOVE_SENDER ||
           (change->kind == CHANGE_MOVE_SENDER && adopt_home(adopt, change) != NULL);
}

static void word_senders(struct adopt *adopt, struct adopt_item *item)
{
    size_t i;

    item->senders = arena_array(&adopt->arena, item->count, sizeof(*item->senders));
    for (i = 0; i < item->count; i++) {
        const struct change *change = &adopt->plan->changes[item->first + i];
        if (!change_is_of_sender(change->kind) || !comes_in(adopt, change))
            continue;
        export_sender(&adopt->export, change->sender_kind, &change->sender, &item->senders[i]);
        if (item->senders[i].how == EXPORT_REFUSED)
            refuse(item, item->senders[i].problem, NULL);
        else if (is_hidden(adopt, change->sender.identity))
            refuse(item, hidden_problem, hidden_help);
    }
}

/* Whole services */

static uint64_t default_rows(const struct adopt *adopt)
{
    uint64_t rows = 0;
    size_t i, row;

    for (i = 0; i < adopt->file_count; i++) {
        const struct doc_node *defaults = doc_get(adopt->files[i].doc->root, "defaults");
        for (row = 0; row < resource_service.field_count && defaults != NULL; row++) {
            const char *key = resource_service.fields[row].yaml_key;
            if (key != NULL && doc_get(defaults, key) != NULL)
                rows |= UINT64_C(1) << row;
        }
    }
    return rows;
}

/* The live state as an export looks at it: all names, and nothing but the chosen services. */
static void view_services(struct adopt *adopt, bool all, struct live_state *view)
{
    struct live_service *others = arena_array(&adopt->arena, adopt->live->count, sizeof(*others));
    size_t i, j;

    view->services = arena_array(&adopt->arena, adopt->live->count, sizeof(*view->services));
    view->count = adopt->live->count;
    for (i = 0; i < adopt->live->count; i++) {
        others[i].service = adopt->live->services[i]->service;
        view->services[i] = &others[i];
    }
    for (j = 0; j < adopt->count; j++) {
        const struct adopt_item *item = &adopt->items[j];
        if (adopt_change(adopt, item)->kind != CHANGE_DELETE_SERVICE || !(all || item->chosen))
            continue;
        for (i = 0; i < adopt->live->count; i++)
            if (adopt->live->services[i] == live_of(adopt, item))
                view->services[i] = adopt->live->services[i];
    }
}

static const struct export_service *find_entry(const struct export *export,
                                               const struct live_service *live)
{
    size_t i;
    for (i = 0; i < export->service_count; i++)
        if (export->services[i].live == live)
            return &export->services[i];
    return NULL;
}

static void word_entry(struct adopt *adopt, struct adopt_item *item, const struct export *entries)
{
    const struct export_service *service = find_entry(entries, live_of(adopt, item));
    struct buf block;

    if (service == NULL || service->how == EXPORT_REFUSED) {
        refuse(item, service == NULL ? "it was not looked at" : service->problem, NULL);
        return;
    }
    buf_init(&block, DOC_MAX_SIZE);
    export_item(service, &block);
    item->block = arena_strndup(&adopt->arena, buf_text(&block), block.size);
    buf_release(&block);
    if (is_hidden(adopt, item->block))
        refuse(item, hidden_problem, hidden_help);
}

static bool any_entry(const struct adopt *adopt)
{
    size_t i;
    for (i = 0; i < adopt->plan->change_count; i++)
        if (adopt->plan->changes[i].kind == CHANGE_DELETE_SERVICE)
            return true;
    return false;
}

static void survey_entries(struct adopt *adopt, bool all, struct export *entries, size_t secrets,
                           struct diag *diag)
{
    const struct export_options options = {
        .account_sid = "", .always = default_rows(adopt), .secret_count = secrets};
    struct live_state view = {0};

    view_services(adopt, all, &view);
    export_survey(entries, &view, &options, diag);
}

/* Judging */

static void judge_sender(struct adopt *adopt, struct adopt_item *item, const struct change *change)
{
    if (change->kind == CHANGE_REMOVE_SENDER)
        return;
    refuse_variable(adopt, item, change->written, &change->span);
    refuse_variable(adopt, item, change->country_written, &change->span);
}

static void judge_setting(struct adopt *adopt, struct adopt_item *item)
{
    const struct field_origin *origin = &adopt_desired(adopt, item->service)->origins[item->row];
    struct export scratch = {0};
    struct diag found;

    diag_init(&found);
    refuse_variable(adopt, item, origin->written, &origin->span);
    word_setting(adopt, item, &scratch, &found);
    item->problem = arena_strdup(&adopt->arena, item->problem);
    item->value = (struct export_value){0};
    export_release(&scratch);
    diag_release(&found);
}

static void judge(struct adopt *adopt, struct adopt_item *item, const struct export *entries)
{
    const struct change *change = adopt_change(adopt, item);
    const struct field_origin *origins;
    size_t i;

    if (item->row != ADOPT_NO_ROW) {
        judge_setting(adopt, item);
    } else if (change->kind == CHANGE_DELETE_SERVICE) {
        word_entry(adopt, item, entries);
        item->problem = arena_strdup(&adopt->arena, item->problem);
    } else if (change->kind == CHANGE_CREATE_SERVICE) {
        origins = adopt_desired(adopt, item->service)->origins;
        refuse_variable(adopt, item, origins[sid_row()].written, &origins[sid_row()].span);
        refuse_variable(adopt, item, origins[name_row()].written, &origins[name_row()].span);
        word_senders(adopt, item);
    } else {
        for (i = 0; i < item->count; i++)
            judge_sender(adopt, item, &change[i]);
        word_senders(adopt, item);
    }
    if (adopt_desired(adopt, item->service) != NULL && !adopt->places[item->service].own)
        refuse(item, "the service is written in another place, by an alias or a merge key", NULL);
}

void adopt_judge(struct adopt *adopt)
{
    struct export entries = {0};
    struct diag found;
    size_t i;

    diag_init(&found);
    if (any_entry(adopt))
        survey_entries(adopt, true, &entries, 0, &found);
    for (i = 0; i < adopt->count; i++)
        judge(adopt, &adopt->items[i], &entries);
    export_release(&entries);
    diag_release(&found);
}

static const char *secret_variable(struct adopt *adopt, size_t number)
{
    return arena_printf(&adopt->arena, EXPORT_SECRET_FORMAT, number);
}

/* The highest number of a variable for secrets that the files or the environment have. */
static size_t used_secrets(struct adopt *adopt)
{
    const size_t size = strcspn(EXPORT_SECRET_FORMAT, "%");
    const char *prefix = arena_strndup(&adopt->arena, EXPORT_SECRET_FORMAT, size);
    size_t used = 0, i;

    for (i = 0; i < adopt->file_count; i++) {
        const char *at = adopt->files[i].doc->source.text;
        while ((at = strstr(at, prefix)) != NULL) {
            unsigned long number = strtoul(at += size, NULL, 10);
            if (number > used && number < 1000000)
                used = number;
        }
    }
    while (adopt->desired->lookup != NULL &&
           adopt->desired->lookup(secret_variable(adopt, used + 1)) != NULL)
        used++;
    return used;
}

/* What the environment has of them already stands for the same secrets here. */
static void know_secrets(struct adopt *adopt, struct export *export, size_t used)
{
    size_t i;

    for (i = 1; i <= used; i++) {
        const char *variable = secret_variable(adopt, i);
        const char *value =
            adopt->desired->lookup == NULL ? NULL : adopt->desired->lookup(variable);
        if (str_is_empty(value))
            continue;
        export->secrets = arena_grow(&export->arena, export->secrets, export->secret_count,
                                     &export->secret_capacity, sizeof(*export->secrets));
        export->secrets[export->secret_count++] = (struct export_secret){
            .variable = variable, .value = arena_strdup(&export->arena, value)};
    }
    export->options.secret_count = used - export->secret_count;
}

void adopt_prepare(struct adopt *adopt, struct diag *diag)
{
    const size_t used = used_secrets(adopt);
    size_t i;

    know_secrets(adopt, &adopt->export, used);
    for (i = 0; i < adopt->count; i++)
        if (adopt->items[i].chosen && adopt->items[i].problem == NULL &&
            adopt->items[i].row != ADOPT_NO_ROW)
            word_setting(adopt, &adopt->items[i], &adopt->export, diag);
    if (!any_entry(adopt))
        return;
    know_secrets(adopt, &adopt->entries, used);
    survey_entries(adopt, false, &adopt->entries,
                   adopt->export.options.secret_count + adopt->export.secret_count -
                       adopt->entries.secret_count,
                   diag);
    for (i = 0; i < adopt->count; i++)
        if (adopt->items[i].chosen && adopt->items[i].problem == NULL &&
            adopt_change(adopt, &adopt->items[i])->kind == CHANGE_DELETE_SERVICE)
            word_entry(adopt, &adopt->items[i], &adopt->entries);
}
