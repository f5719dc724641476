#include "sandbox/sandbox_loader.h"

#include "base/str.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_rules.h"
#include "sandbox/sandbox_settings.h"

#include <string.h>

/* `account` is where the account has those that it owns. */
static const struct {
    const char *prefix, *pool, *address, *account;
} kinds[] = {
    [SANDBOX_PHONE_NUMBER] = {"PN", "phone_numbers", "phone_number", "incoming_phone_numbers"},
    [SANDBOX_SHORT_CODE] = {"SC", "short_codes", "short_code", "short_codes"},
    [SANDBOX_CHANNEL_SENDER] = {"XE", "channel_senders", "sender", "channel_senders"},
    [SANDBOX_ALPHA_SENDER] = {"AI", "alpha_senders", "alpha_sender", NULL},
    [SANDBOX_DESTINATION_ALPHA_SENDER] = {"AI", "destination_alpha_senders", "alpha_sender", NULL},
};

static int refuse(const struct loader *loader, const struct place *place, const char *text,
                  int code)
{
    if (code == 21709)
        return loader_fail(loader, place,
                           "\"%s\" is no alpha sender, or the second one of the service", text);
    if (code == 21715)
        return loader_fail(loader, place, "%s has neither SMS nor MMS capability", text);
    return loader_fail(loader, place, "%s: %s", text, sandbox_error_text(code));
}

/* What an entry of a sender list says of its sender; the API's other members are derived. */
struct entry {
    const char *sid, *address; /* one of them NULL, maybe */
    char destination[3];
    int64_t created, updated;
};

static int read_destination(const struct loader *loader, const struct place *place,
                            enum sandbox_kind kind, const json_t *value, struct entry *entry)
{
    const json_t *country = json_object_get(value, "iso_country_code");
    const char *text = json_string_value(country);

    if (country == NULL)
        return 0;
    if (kind != SANDBOX_DESTINATION_ALPHA_SENDER)
        return loader_fail_member(loader, place, "iso_country_code", "is not a known member");
    if (text == NULL || (*text != '\0' && !sandbox_phone_read_country(text, entry->destination)))
        return loader_fail_member(loader, place, "iso_country_code",
                                  "has to be two letters, or empty for every country");
    return 0;
}

static int read_entry(const struct loader *loader, const struct place *place,
                      enum sandbox_kind kind, const json_t *value, struct entry *entry)
{
    static const char *const known[] = {
        "sid",         "phone_number",          "short_code",   "alpha_sender", "iso_country_code",
        "sender",      "sender_type",           "date_created", "date_updated", "account_sid",
        "service_sid", "messaging_service_sid", "country_code", "capabilities", "url"};
    const char *prefix = kinds[kind].prefix;

    memset(entry, 0, sizeof(*entry));
    entry->created = entry->updated = loader->now;
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        if (kinds[kind].account != NULL && str_is_sid(text, prefix))
            entry->sid = text;
        else
            entry->address = text;
        return 0;
    }
    if (!json_is_object(value))
        return loader_fail(loader, place, "has to be a text or an object");
    if (loader_known(loader, place, value, known, COUNT_OF(known)) != 0 ||
        loader_sid(loader, place, value, prefix, &entry->sid) != 0 ||
        loader_dates(loader, place, value, &entry->created, &entry->updated) != 0 ||
        read_destination(loader, place, kind, value, entry) != 0)
        return -1;
    if (entry->sid == NULL || kinds[kind].account == NULL)
        return loader_need_text(loader, place, value, kinds[kind].address, &entry->address);
    return 0;
}

static int load_sender(const struct loader *loader, const struct place *place,
                       struct sandbox_service *service, enum sandbox_kind kind,
                       const struct entry *entry)
{
    struct sandbox_sender *sender = entry->sid != NULL
                                        ? sandbox_sender_find(loader->store, kind, entry->sid)
                                        : sandbox_sender_at(loader->store, kind, entry->address);
    const char *text = entry->sid != NULL ? entry->sid : entry->address;
    int code;

    if (sender == NULL)
        return loader_fail(loader, place, "%s is not in %s of the account", text,
                           kinds[kind].account);
    code = sandbox_rules_join(service, sender);
    if (code != 0)
        return refuse(loader, place, text, code);
    sandbox_member_add(loader->store, service, sender, entry->created)->updated = entry->updated;
    return 0;
}

static int load_alpha(const struct loader *loader, const struct place *place,
                      struct sandbox_service *service, enum sandbox_kind kind,
                      const struct entry *entry)
{
    bool is_plain = kind == SANDBOX_ALPHA_SENDER;
    struct sandbox_member *member;
    int code = is_plain ? sandbox_rules_join_alpha(service, entry->address, false)
                        : sandbox_rules_join_destination(service, entry->address,
                                                         entry->destination, false);

    if (code != 0)
        return refuse(loader, place, entry->address, code);
    member = is_plain ? sandbox_member_add_alpha(loader->store, service, entry->sid, entry->address,
                                                 entry->created)
                      : sandbox_member_add_destination(loader->store, service, entry->sid,
                                                       entry->address, entry->destination,
                                                       entry->created);
    if (member == NULL)
        return loader_fail_member(loader, place, "sid", "%s is taken", entry->sid);
    member->updated = entry->updated;
    return 0;
}

static int load_pool(const struct loader *loader, const struct place *place, const json_t *object,
                     struct sandbox_service *service, enum sandbox_kind kind)
{
    const json_t *list = json_object_get(object, kinds[kind].pool);
    const struct place array = {place, kinds[kind].pool, 0};
    struct entry entry;
    size_t i;

    if (list == NULL)
        return 0;
    if (!json_is_array(list))
        return loader_fail(loader, &array, "has to be an array");
    for (i = 0; i < json_array_size(list); i++) {
        const struct place element = {&array, NULL, i};
        int result = read_entry(loader, &element, kind, json_array_get(list, i), &entry);
        if (result == 0)
            result = kinds[kind].account == NULL
                         ? load_alpha(loader, &element, service, kind, &entry)
                         : load_sender(loader, &element, service, kind, &entry);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* All that is neither a sender list nor derived has to be a setting. */
static int load_settings(const struct loader *loader, const struct place *place,
                         const json_t *object, json_t *settings)
{
    static const char *const others[] = {"sid",
                                         "date_created",
                                         "date_updated",
                                         "account_sid",
                                         "url",
                                         "links",
                                         "phone_numbers",
                                         "short_codes",
                                         "channel_senders",
                                         "alpha_senders",
                                         "destination_alpha_senders",
                                         "sticky_senders",
                                         "us_app_to_person_registered"};
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        if (loader_is_one_of(key, others, COUNT_OF(others)))
            continue;
        switch (sandbox_settings_set(settings, key, value)) {
        case SANDBOX_SETTING_SET:
            break;
        case SANDBOX_SETTING_UNKNOWN:
            return loader_fail_member(loader, place, key, "is not a known member");
        case SANDBOX_SETTING_BAD:
            return loader_fail_member(loader, place, key, "is not a value that the API takes");
        }
    }
    if (!json_is_string(json_object_get(settings, "friendly_name")))
        return loader_fail_member(loader, place, "friendly_name", "is missing");
    return 0;
}

/* Which recipients are served by which number. */
static int load_sticky(const struct loader *loader, const struct place *place, const json_t *object,
                       struct sandbox_service *service)
{
    json_t *sticky = json_object_get(object, "sticky_senders"), *number;
    const struct place here = {place, "sticky_senders", 0};
    const char *recipient;

    if (sticky == NULL)
        return 0;
    if (!json_is_object(sticky))
        return loader_fail(loader, &here, "has to be an object");
    json_object_foreach(sticky, recipient, number)
    {
        if (!json_is_string(number))
            return loader_fail_member(loader, &here, recipient, "has to be a phone number");
    }
    service->sticky = json_incref(sticky);
    return 0;
}

int loader_service(const struct loader *loader, const struct place *place, json_t *object)
{
    const json_t *registered = json_object_get(object, "us_app_to_person_registered");
    struct sandbox_service *service;
    int64_t created, updated;
    const char *sid;
    json_t *settings;
    enum sandbox_kind kind;

    if (loader_sid(loader, place, object, "MG", &sid) != 0 ||
        loader_dates(loader, place, object, &created, &updated) != 0)
        return -1;
    if (registered != NULL && !json_is_boolean(registered))
        return loader_fail_member(loader, place, "us_app_to_person_registered",
                                  "has to be true or false");
    settings = sandbox_settings_default();
    if (load_settings(loader, place, object, settings) != 0) {
        json_decref(settings);
        return -1;
    }
    service = sandbox_service_add(loader->store, sid, settings, created);
    if (service == NULL)
        return loader_fail_member(loader, place, "sid", "%s is taken", sid);
    service->updated = updated;
    service->us_app_to_person_registered = json_is_true(registered);
    for (kind = 0; kind < SANDBOX_KINDS; kind++)
        if (load_pool(loader, place, object, service, kind) != 0)
            return -1;
    return load_sticky(loader, place, object, service);
}
