#include "sandbox/sandbox_state.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/str.h"
#include "sandbox/sandbox_life.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_time.h"

#include <stdlib.h>
#include <string.h>

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static void set_iso(json_t *object, const char *key, int64_t seconds)
{
    char text[SANDBOX_TIME_SIZE];
    set_text(object, key, sandbox_time_iso(seconds, text));
}

static void set_rfc2822(json_t *object, const char *key, int64_t seconds)
{
    char text[SANDBOX_TIME_SIZE];
    set_text(object, key, sandbox_time_rfc2822(seconds, text));
}

static json_t *account_of(const struct sandbox_store *store)
{
    json_t *account = json_object(), *keys = json_array();
    size_t i;

    set_text(account, "sid", store->account_sid);
    set_text(account, "auth_token", store->auth_token);
    set_text(account, "friendly_name", store->friendly_name);
    set_text(account, "status", store->status);
    set_text(account, "type", store->type);
    set_rfc2822(account, "date_created", store->created);
    for (i = 0; i < store->key_count; i++)
        json_array_append_new(keys, json_pack("{s:s, s:s}", "sid", store->keys[i].sid, "secret",
                                              store->keys[i].secret));
    json_object_set_new(account, "api_keys", keys);
    return account;
}

/* Keys of a service's list, and of the address in its entries. */
static const struct {
    const char *pool, *address;
} kinds[] = {
    [SANDBOX_PHONE_NUMBER] = {"phone_numbers", "phone_number"},
    [SANDBOX_SHORT_CODE] = {"short_codes", "short_code"},
    [SANDBOX_CHANNEL_SENDER] = {"channel_senders", "sender"},
    [SANDBOX_ALPHA_SENDER] = {"alpha_senders", "alpha_sender"},
    [SANDBOX_DESTINATION_ALPHA_SENDER] = {"destination_alpha_senders", "alpha_sender"},
};

/* What stands at its default is left out: accounts may be large. */
static json_t *sender_of(const struct sandbox_sender *sender)
{
    const char *country = sandbox_sender_country(sender->kind, sender->address);
    unsigned has = sender->capabilities;
    json_t *object = json_object();

    set_text(object, "sid", sender->row.sid);
    set_text(object, kinds[sender->kind].address, sender->address);
    if (sender->kind != SANDBOX_CHANNEL_SENDER)
        set_text(object, "friendly_name", sender->friendly_name);
    set_rfc2822(object, "date_created", sender->created);
    if (sender->updated != sender->created)
        set_rfc2822(object, "date_updated", sender->updated);
    if (strcmp(sender->country, country) != 0)
        set_text(object, "country_code", sender->country);
    if (has != sandbox_sender_capabilities(sender->kind))
        json_object_set_new(object, "capabilities",
                            json_pack("{s:b, s:b, s:b, s:b}", "voice", (has & SANDBOX_VOICE) != 0,
                                      "sms", (has & SANDBOX_SMS) != 0, "mms",
                                      (has & SANDBOX_MMS) != 0, "fax", (has & SANDBOX_FAX) != 0));
    if (sender->members != NULL)
        json_object_update(object, sender->members);
    return object;
}

static json_t *member_of(const struct sandbox_member *member)
{
    json_t *object = json_object();

    set_text(object, "sid", member->row.sid);
    set_text(object, kinds[member->kind].address,
             member->sender == NULL ? member->alpha_sender : member->sender->address);
    if (member->kind == SANDBOX_DESTINATION_ALPHA_SENDER)
        set_text(object, "iso_country_code", member->destination);
    set_iso(object, "date_created", member->created);
    if (member->updated != member->created)
        set_iso(object, "date_updated", member->updated);
    return object;
}

static json_t *service_of(const struct sandbox_service *service)
{
    json_t *object = json_object();
    size_t kind, i;

    set_text(object, "sid", service->row.sid);
    set_iso(object, "date_created", service->created);
    set_iso(object, "date_updated", service->updated);
    json_object_update(object, service->settings);
    json_object_set_new(object, "us_app_to_person_registered",
                        json_boolean(service->us_app_to_person_registered));
    for (kind = 0; kind < COUNT_OF(kinds); kind++) {
        const struct sandbox_list *pool = &service->pools[kind];
        json_t *list = json_array();
        for (i = 0; i < pool->count; i++)
            json_array_append_new(list, member_of((const struct sandbox_member *)pool->rows[i]));
        json_object_set_new(object, kinds[kind].pool, list);
    }
    if (json_object_size(service->sticky) > 0)
        json_object_set(object, "sticky_senders", service->sticky);
    return object;
}

static json_t *steps_of(const struct sandbox_message *message)
{
    json_t *steps = json_array();
    size_t i;

    for (i = 0; i < message->step_count; i++)
        json_array_append_new(steps,
                              json_pack("[s, I]", sandbox_status_name(message->steps[i].status),
                                        (json_int_t)message->steps[i].at_ms));
    return steps;
}

static json_t *message_of(const struct sandbox_message *message)
{
    json_t *object = json_copy(message->body);

    set_text(object, "sid", message->row.sid);
    set_rfc2822(object, "date_created", message->created);
    set_rfc2822(object, "date_updated", message->updated);
    if (message->sent != 0)
        set_rfc2822(object, "date_sent", message->sent);
    else
        json_object_set_new(object, "date_sent", json_null());
    if (message->reached + 1 < message->step_count) {
        json_object_set_new(object, "steps", steps_of(message));
        json_object_set_new(object, "reached", json_integer((json_int_t)message->reached));
        if (message->status_callback != NULL)
            set_text(object, "status_callback", message->status_callback);
    }
    return object;
}

static json_t *senders_of(const struct sandbox_store *store, enum sandbox_kind kind)
{
    const struct sandbox_list *list = &store->senders[kind];
    json_t *array = json_array();
    size_t i;

    for (i = 0; i < list->count; i++)
        json_array_append_new(array, sender_of((const struct sandbox_sender *)list->rows[i]));
    return array;
}

void sandbox_state_write(const struct sandbox_store *store, struct buf *out)
{
    json_t *root = json_object(), *services = json_array(), *messages = json_array();
    const struct sandbox_list *list = &store->services;
    char *text;
    size_t i;

    for (i = 0; i < list->count; i++)
        json_array_append_new(services, service_of((const struct sandbox_service *)list->rows[i]));
    list = &store->messages;
    for (i = 0; i < list->count; i++)
        json_array_append_new(messages, message_of((const struct sandbox_message *)list->rows[i]));
    json_object_set_new(root, "version", json_integer(1));
    json_object_set_new(root, "account", account_of(store));
    json_object_set_new(root, "incoming_phone_numbers", senders_of(store, SANDBOX_PHONE_NUMBER));
    json_object_set_new(root, "short_codes", senders_of(store, SANDBOX_SHORT_CODE));
    json_object_set_new(root, "channel_senders", senders_of(store, SANDBOX_CHANNEL_SENDER));
    json_object_set_new(root, "services", services);
    json_object_set_new(root, "messages", messages);
    if (store->message_ms != 0)
        json_object_set_new(root, "message_ms", json_integer((json_int_t)store->message_ms));
    text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    if (text == NULL)
        memory_exhausted();
    buf_add_text(out, text);
    buf_add_char(out, '\n');
    free(text);
}

int sandbox_state_save(struct sandbox_store *store, const char *path, struct diag *diag)
{
    struct buf text;
    int result = -1;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    sandbox_state_write(store, &text);
    if (text.full)
        diag_error(diag, NULL, "the account is too large for %s", path);
    else
        result = file_write_atomic(path, buf_text(&text), text.size, 0600, diag);
    if (result == 0)
        store->dirty = false;
    buf_release(&text);
    return result;
}
