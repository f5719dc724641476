/*
 * The export as a state file of the sandbox (sandbox/sandbox_state.h describes its format, which is
 * made of the API's own members).
 */
#include "model/export.h"

#include "base/json_text.h"
#include "base/str.h"

#include <string.h>

/* Anybody may know it: it opens nothing but the sandbox. */
#define STATE_TOKEN "00000000000000000000000000000001"

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static const char *sid_key(const struct resource *resource)
{
    size_t row;
    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].type == &field_sid)
            return resource->fields[row].json_key;
    return "sid";
}

/* Settings */

/* The value with the name of the variable where the secret is. */
static json_t *without_secret(const struct export_value *value, const struct field *field,
                              const struct service *live)
{
    struct buf whole, out;
    const char *secret, *text;
    size_t size = 0;
    json_t *json;

    buf_init(&whole, DOC_MAX_SIZE);
    buf_init(&out, DOC_MAX_SIZE);
    field->type->encode(field, field_member_const(field, live), &whole);
    text = buf_text(&whole);
    secret = field->type->secret(field, text, &size);
    buf_add(&out, text, (size_t)(secret - text));
    buf_add_text(&out, value->variable);
    buf_add_text(&out, secret + size);
    json = json_string(buf_text(&out));
    buf_release(&whole);
    buf_release(&out);
    return json;
}

static void add_settings(const struct export_service *service, json_t *object)
{
    const struct service *live = &service->live->service;
    size_t row;

    for (row = 0; row < resource_service.field_count; row++) {
        const struct field *field = &resource_service.fields[row];
        const struct export_value *value = &service->values[row];
        if (field->json_key == NULL || !field_has_value(&live->set, row) ||
            value->how == EXPORT_REFUSED ||
            ((field->flags & FIELD_READ_ONLY) != 0 && field->remark == NULL))
            continue;
        json_object_set_new(object, field->json_key,
                            value->variable != NULL
                                ? without_secret(value, field, live)
                                : resource_json_value(&resource_service, row, live));
    }
}

/* Senders */

/* An address that the sandbox takes, for one that is written by its SID. */
static json_t *stand_in(const struct export_sender *sender)
{
    return json_sprintf("messenger:%s", sender->live->sid);
}

/* An entry of a service's list. */
static json_t *member_of(const struct export_sender *sender, const struct sender_type *type)
{
    const struct resource *resource = type->section->resource;
    json_t *object = json_object();
    size_t row;

    set_text(object, sid_key(resource), sender->live->sid);
    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].yaml_key != NULL && !sender->by_sid &&
            field_has_value(&sender->live->set, row))
            json_object_set_new(object, resource->fields[row].json_key,
                                resource_json_value(resource, row, sender->live));
    if (sender->by_sid)
        json_object_set_new(object, resource->fields[0].json_key, stand_in(sender));
    return object;
}

/*
 * A list that the roster leaves out is there as far as the sandbox takes it: only what can be
 * written, and no more than fits.
 */
static void add_list(const struct export_service *service, enum sender_kind kind, size_t *pool,
                     json_t *object)
{
    const struct sender_type *type = &sender_types[kind];
    const struct export_list *list = &service->lists[kind];
    json_t *array = json_array();
    size_t most = type->section->most, i;

    for (i = 0; i < list->count; i++) {
        size_t *held = pool;
        size_t here = json_array_size(array);
        if (!type->shares_pool_limit)
            held = &here;
        if (list->senders[i].how == EXPORT_REFUSED || (most != 0 && *held >= most))
            continue;
        json_array_append_new(array, member_of(&list->senders[i], type));
        ++*held;
    }
    for (i = 0; i < service->elsewhere[kind].count; i++)
        if (service->elsewhere[kind].senders[i].how == EXPORT_WRITTEN)
            json_array_append_new(array, member_of(&service->elsewhere[kind].senders[i], type));
    json_object_set_new(object, type->section->yaml_key, array);
}

static json_t *service_of(const struct export_service *service)
{
    json_t *object = json_object();
    size_t kind, pool = 0;

    add_settings(service, object);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        add_list(service, (enum sender_kind)kind, &pool, object);
    return object;
}

/* What the account has */

/* The sandbox puts no number without SMS and MMS into a service; this one is in one. */
static json_t *capabilities_of(const struct export *export, enum sender_kind kind,
                               const struct sender *sender, size_t *made_up)
{
    static const struct {
        const char *key;
        unsigned bit;
    } names[] = {{"sms", CAPABILITY_SMS},
                 {"mms", CAPABILITY_MMS},
                 {"voice", CAPABILITY_VOICE},
                 {"fax", CAPABILITY_FAX}};
    bool lends = !sender_can_send(sender, kind) && export_is_in_service(export, kind, sender);
    unsigned bits = lends ? sender->capabilities | CAPABILITY_SMS : sender->capabilities;
    json_t *object = json_object();
    size_t i;

    for (i = 0; i < COUNT_OF(names); i++)
        json_object_set_new(object, names[i].key, json_boolean((bits & names[i].bit) != 0));
    *made_up += lends;
    return object;
}

/* An entry of the account's list. */
static json_t *owned_of(const struct export *export, enum sender_kind kind,
                        const struct export_sender *sender, size_t *made_up)
{
    const struct resource *resource = sender_types[kind].section->resource;
    json_t *object = member_of(sender, &sender_types[kind]);
    size_t row;

    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].type == &field_capabilities &&
            field_has_value(&sender->live->set, row))
            json_object_set_new(object, resource->fields[row].json_key,
                                capabilities_of(export, kind, sender->live, made_up));
    return object;
}

static void add_once(json_t *array, json_t *seen, const struct export *export,
                     enum sender_kind kind, const struct export_sender *sender, size_t *made_up)
{
    if (sender->how == EXPORT_REFUSED || json_object_get(seen, sender->live->sid) != NULL ||
        json_object_get(seen, sender->live->identity) != NULL)
        return;
    json_object_set_new(seen, sender->live->sid, json_true());
    json_object_set_new(seen, sender->live->identity, json_true());
    json_array_append_new(array, owned_of(export, kind, sender, made_up));
}

/* What it owns, and what is in services and was not among that. */
static json_t *account_list(const struct export *export, enum sender_kind kind, size_t *made_up)
{
    json_t *array = json_array(), *seen = json_object();
    size_t i, j;

    for (i = 0; i < export->service_count; i++) {
        const struct export_list *list = &export->services[i].lists[kind];
        for (j = 0; j < list->count; j++)
            add_once(array, seen, export, kind, &list->senders[j], made_up);
    }
    for (i = 0; i < export->owned[kind].count; i++)
        add_once(array, seen, export, kind, &export->owned[kind].senders[i], made_up);
    json_decref(seen);
    return array;
}

static json_t *account_of(const struct export *export)
{
    json_t *account = json_object();

    set_text(account, "sid", export->options.account_sid);
    set_text(account, "auth_token", STATE_TOKEN);
    return account;
}

static void warn(const struct export *export, size_t made_up, struct diag *diag)
{
    size_t by_sid = 0, i, kind, j;

    for (i = 0; i < export->service_count; i++)
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            for (j = 0; j < export->services[i].lists[kind].count; j++)
                by_sid += export->services[i].lists[kind].senders[j].by_sid;
    if (made_up != 0) {
        diag_warning(diag, NULL, "%zu phone number%s without SMS and MMS: written as if with SMS",
                     made_up, made_up == 1 ? "" : "s");
        diag_help(diag, "the sandbox takes no such number into a service");
    }
    if (by_sid != 0) {
        diag_warning(diag, NULL, "%zu channel sender%s written with a made-up address", by_sid,
                     by_sid == 1 ? "" : "s");
        diag_help(diag, "the sandbox knows WhatsApp, Messenger and RCS only");
    }
}

void export_state(const struct export *export, struct buf *out, struct diag *diag)
{
    static const char *const keys[SENDER_KIND_COUNT] = {
        [SENDER_PHONE_NUMBER] = "incoming_phone_numbers",
        [SENDER_SHORT_CODE] = "short_codes",
        [SENDER_CHANNEL_SENDER] = "channel_senders",
    };
    json_t *root = json_object(), *services = json_array();
    size_t kind, made_up = 0, i;

    json_object_set_new(root, "version", json_integer(1));
    json_object_set_new(root, "account", account_of(export));
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (keys[kind] != NULL)
            json_object_set_new(root, keys[kind],
                                account_list(export, (enum sender_kind)kind, &made_up));
    for (i = 0; i < export->service_count; i++)
        if (export->services[i].how == EXPORT_WRITTEN)
            json_array_append_new(services, service_of(&export->services[i]));
    json_object_set_new(root, "services", services);
    json_text_add_document(out, root);
    json_decref(root);
    warn(export, made_up, diag);
}
