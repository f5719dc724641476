#include "sandbox/sandbox_state.h"

#include "base/file.h"
#include "base/str.h"
#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_loader.h"
#include "sandbox/sandbox_phone.h"

#include <string.h>

static int load_capabilities(const struct loader *loader, const struct place *place,
                             const json_t *value, unsigned *out)
{
    static const struct {
        const char *key;
        unsigned capability;
    } rows[] = {
        {"voice", SANDBOX_VOICE},
        {"sms", SANDBOX_SMS},
        {"mms", SANDBOX_MMS},
        {"fax", SANDBOX_FAX},
    };
    const struct place here = {place, "capabilities", 0};
    const char *key;
    json_t *flag;
    size_t i;

    if (!json_is_object(value))
        return loader_fail(loader, &here, "has to be an object of voice, sms, mms and fax");
    *out = 0;
    json_object_foreach((json_t *)value, key, flag)
    {
        for (i = 0; i < COUNT_OF(rows) && !str_equal_nocase(rows[i].key, key); i++)
            continue;
        if (i == COUNT_OF(rows))
            return loader_fail_member(loader, &here, key, "is not a known member");
        if (!json_is_boolean(flag))
            return loader_fail_member(loader, &here, key, "has to be true or false");
        if (json_is_true(flag))
            *out |= rows[i].capability;
    }
    return 0;
}

static int load_country(const struct loader *loader, const struct place *place, const json_t *value,
                        char country[3])
{
    const char *text = json_string_value(value);
    if (text == NULL || !sandbox_phone_read_country(text, country))
        return loader_fail_member(loader, place, "country_code", "has to be two letters");
    return 0;
}

static bool is_channel_sender(const char *text)
{
    return sandbox_phone_channel(text) != NULL;
}

static const struct {
    const char *prefix, *address_key, *wanted;
    bool (*is_one)(const char *text);
} sender_kinds[] = {
    [SANDBOX_PHONE_NUMBER] = {"PN", "phone_number", "phone number in E.164", sandbox_phone_is_e164},
    [SANDBOX_SHORT_CODE] = {"SC", "short_code", "short code", sandbox_phone_is_short_code},
    [SANDBOX_CHANNEL_SENDER] = {"XE", "sender", "channel sender", is_channel_sender},
};

/* What the API's body has and is not read by itself. */
static int load_member(const struct loader *loader, const struct place *place,
                       struct sandbox_sender *sender, const char *key, json_t *value)
{
    static const char *const others[] = {"sid", "account_sid", "date_created", "date_updated",
                                         "url"};
    static const char *const others_of_2010[] = {"friendly_name", "uri", "api_version"};
    bool is_of_2010 = sender->kind != SANDBOX_CHANNEL_SENDER, fits;

    if (loader_is_one_of(key, others, COUNT_OF(others)) ||
        (is_of_2010 && loader_is_one_of(key, others_of_2010, COUNT_OF(others_of_2010))) ||
        strcmp(key, sender_kinds[sender->kind].address_key) == 0)
        return 0;
    if (is_of_2010 && strcmp(key, "capabilities") == 0)
        return load_capabilities(loader, place, value, &sender->capabilities);
    if (strcmp(key, "country_code") == 0)
        return load_country(loader, place, value, sender->country);
    if (!sandbox_json_sender_has(sender->kind, key, value, &fits))
        return loader_fail_member(loader, place, key, "is not a known member");
    if (!fits)
        return loader_fail_member(loader, place, key, "is of the wrong type");
    if (sender->members == NULL)
        sender->members = json_object();
    json_object_set(sender->members, key, value);
    return 0;
}

static int load_sender(const struct loader *loader, const struct place *place, json_t *object,
                       enum sandbox_kind kind)
{
    const char *address_key = sender_kinds[kind].address_key;
    const char *sid, *address, *name = NULL, *key;
    struct sandbox_store *store = loader->store;
    struct sandbox_sender *sender;
    int64_t created, updated;
    json_t *value;

    if (loader_need_text(loader, place, object, address_key, &address) != 0 ||
        loader_sid(loader, place, object, sender_kinds[kind].prefix, &sid) != 0 ||
        loader_text(loader, place, object, "friendly_name", &name) != 0 ||
        loader_dates(loader, place, object, &created, &updated) != 0)
        return -1;
    if (!sender_kinds[kind].is_one(address))
        return loader_fail_member(loader, place, address_key, "\"%s\" is not a %s", address,
                                  sender_kinds[kind].wanted);
    sender = sandbox_sender_add(store, kind, sid, address, created);
    if (sender == NULL && sandbox_sender_at(store, kind, address) != NULL)
        return loader_fail_member(loader, place, address_key, "%s is there twice", address);
    if (sender == NULL)
        return loader_fail_member(loader, place, "sid", "%s is taken", sid);
    sender->updated = updated;
    if (name != NULL)
        sender->friendly_name = arena_strdup(&store->arena, name);
    json_object_foreach(object, key, value)
    {
        if (load_member(loader, place, sender, key, value) != 0)
            return -1;
    }
    return 0;
}

int loader_number(const struct loader *loader, const struct place *place, json_t *object)
{
    return load_sender(loader, place, object, SANDBOX_PHONE_NUMBER);
}

int loader_short_code(const struct loader *loader, const struct place *place, json_t *object)
{
    return load_sender(loader, place, object, SANDBOX_SHORT_CODE);
}

int loader_channel_sender(const struct loader *loader, const struct place *place, json_t *object)
{
    return load_sender(loader, place, object, SANDBOX_CHANNEL_SENDER);
}

static int load_key(const struct loader *loader, const struct place *place, const json_t *object)
{
    struct sandbox_store *store = loader->store;
    const char *sid, *secret;
    struct sandbox_key *key;

    if (!json_is_object(object))
        return loader_fail(loader, place, "has to be an object");
    if (loader_sid(loader, place, object, "SK", &sid) != 0 ||
        loader_need_text(loader, place, object, "secret", &secret) != 0)
        return -1;
    if (sid == NULL)
        return loader_fail_member(loader, place, "sid", "is missing");
    store->keys = arena_grow(&store->arena, store->keys, store->key_count, &store->key_capacity,
                             sizeof(*store->keys));
    key = &store->keys[store->key_count++];
    memcpy(key->sid, sid, sizeof(key->sid));
    key->secret = arena_strdup(&store->arena, secret);
    return 0;
}

static int load_keys(const struct loader *loader, const struct place *place, const json_t *list)
{
    const struct place array = {place, "api_keys", 0};
    size_t i;

    if (list != NULL && !json_is_array(list))
        return loader_fail(loader, &array, "has to be an array");
    for (i = 0; i < json_array_size(list); i++) {
        const struct place element = {&array, NULL, i};
        if (load_key(loader, &element, json_array_get(list, i)) != 0)
            return -1;
    }
    return 0;
}

static int load_choice(const struct loader *loader, const struct place *place, const json_t *object,
                       const char *key, const char *const *choices, size_t count, const char **out)
{
    const char *text = NULL;
    size_t i;

    if (loader_text(loader, place, object, key, &text) != 0)
        return -1;
    if (text == NULL)
        return 0;
    for (i = 0; i < count; i++) {
        if (strcmp(text, choices[i]) == 0) {
            *out = choices[i];
            return 0;
        }
    }
    return loader_fail_member(loader, place, key, "\"%s\" is not a value that the API has", text);
}

static int load_account(const struct loader *loader, const json_t *root)
{
    static const char *const known[] = {"sid",
                                        "auth_token",
                                        "friendly_name",
                                        "status",
                                        "type",
                                        "date_created",
                                        "api_keys",
                                        "date_updated",
                                        "owner_account_sid",
                                        "uri",
                                        "subresource_uris"};
    static const char *const statuses[] = {"active", "suspended", "closed"};
    static const char *const types[] = {"Full", "Trial"};
    const struct place place = {NULL, "account", 0};
    struct sandbox_store *store = loader->store;
    const json_t *account = json_object_get(root, "account");
    const char *sid;

    if (account == NULL)
        return 0;
    if (!json_is_object(account))
        return loader_fail(loader, &place, "has to be an object");
    if (loader_known(loader, &place, account, known, COUNT_OF(known)) != 0 ||
        loader_sid(loader, &place, account, "AC", &sid) != 0 ||
        loader_text(loader, &place, account, "auth_token", &store->auth_token) != 0 ||
        loader_text(loader, &place, account, "friendly_name", &store->friendly_name) != 0 ||
        load_choice(loader, &place, account, "status", statuses, COUNT_OF(statuses),
                    &store->status) != 0 ||
        load_choice(loader, &place, account, "type", types, COUNT_OF(types), &store->type) != 0 ||
        loader_date(loader, &place, account, "date_created", &store->created) != 0 ||
        load_keys(loader, &place, json_object_get(account, "api_keys")) != 0)
        return -1;
    if (sid != NULL)
        memcpy(store->account_sid, sid, sizeof(store->account_sid));
    /* The JSON does not live as long as the store. */
    store->auth_token = arena_strdup(&store->arena, store->auth_token);
    store->friendly_name = arena_strdup(&store->arena, store->friendly_name);
    return 0;
}

static int load_root(const struct loader *loader, const json_t *root)
{
    static const char *const known[] = {"version",     "account",         "incoming_phone_numbers",
                                        "short_codes", "channel_senders", "services",
                                        "messages",    "message_ms"};
    const json_t *clock = json_object_get(root, "message_ms");
    const json_t *version = json_object_get(root, "version");

    if (!json_is_object(root))
        return loader_fail(loader, NULL, "has to be an object");
    if (json_integer_value(version) != 1)
        return loader_fail_member(loader, NULL, "version", "has to be there, and to be 1");
    if (clock != NULL && (!json_is_integer(clock) || json_integer_value(clock) <= 0))
        return loader_fail_member(loader, NULL, "message_ms", "has to be milliseconds since 1970");
    loader->store->message_ms = json_integer_value(clock);
    if (loader_known(loader, NULL, root, known, COUNT_OF(known)) != 0 ||
        load_account(loader, root) != 0 ||
        loader_each(loader, root, "incoming_phone_numbers", loader_number) != 0 ||
        loader_each(loader, root, "short_codes", loader_short_code) != 0 ||
        loader_each(loader, root, "channel_senders", loader_channel_sender) != 0 ||
        loader_each(loader, root, "services", loader_service) != 0 ||
        loader_each(loader, root, "messages", loader_message) != 0)
        return -1;
    return 0;
}

/* FNV-1a. */
static uint64_t hash_of(const char *text, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t i;
    for (i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

int sandbox_state_parse(struct sandbox_store *store, const char *text, size_t size,
                        const char *name, const struct random_state *random, int64_t now,
                        struct diag *diag)
{
    const struct loader loader = {store, name, now, diag};
    struct random_state mixed;
    json_error_t error;
    json_t *root;
    int result;

    memset(store, 0, sizeof(*store));
    root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        diag_error(diag, NULL, "%s:%d:%d: %s", name, error.line, error.column, error.text);
        return -1;
    }
    /* The same seed alone would make the SIDs again that the last run has put into the file. */
    random_seed(&mixed, random->state ^ hash_of(text, size));
    sandbox_store_init(store, &mixed, now);
    result = load_root(&loader, root);
    json_decref(root);
    if (result != 0)
        sandbox_store_release(store);
    store->dirty = false;
    return result;
}

int sandbox_state_load(struct sandbox_store *store, const char *path,
                       const struct random_state *random, int64_t now, struct diag *diag)
{
    struct buf text;
    int result;

    memset(store, 0, sizeof(*store));
    buf_init(&text, BUF_LIMIT_DEFAULT);
    result = file_read(path, &text, diag);
    if (result == 0)
        result = sandbox_state_parse(store, buf_text(&text), text.size, path, random, now, diag);
    buf_release(&text);
    return result;
}
