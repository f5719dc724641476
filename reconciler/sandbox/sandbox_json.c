#include "sandbox/sandbox_json.h"

#include "base/attributes.h"
#include "sandbox/sandbox_life.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_time.h"

#include <string.h>

static json_t *iso(int64_t seconds)
{
    char text[SANDBOX_TIME_SIZE];
    return json_string(sandbox_time_iso(seconds, text));
}

static json_t *rfc2822(int64_t seconds)
{
    char text[SANDBOX_TIME_SIZE];
    return json_string(sandbox_time_rfc2822(seconds, text));
}

static const struct {
    const char *key, *path;
} service_links[] = {
    {"phone_numbers", "PhoneNumbers"},
    {"short_codes", "ShortCodes"},
    {"alpha_senders", "AlphaSenders"},
    {"messages", "Messages"},
    {"us_app_to_person", "Compliance/Usa2p"},
    {"us_app_to_person_usecases", "Compliance/Usa2p/Usecases"},
    {"channel_senders", "ChannelSenders"},
    {"destination_alpha_senders", "DestinationAlphaSenders"},
};

json_t *sandbox_json_service(const struct sandbox_request *request, const struct sandbox_row *row)
{
    const struct sandbox_service *service = (const struct sandbox_service *)row;
    json_t *body = json_object(), *links = json_object();
    size_t i;

    json_object_set_new(body, "sid", json_string(row->sid));
    json_object_set_new(body, "account_sid", json_string(request->store->account_sid));
    json_object_set_new(body, "date_created", iso(service->created));
    json_object_set_new(body, "date_updated", iso(service->updated));
    json_object_update(body, service->settings);
    json_object_set_new(body, "us_app_to_person_registered",
                        json_boolean(service->us_app_to_person_registered));
    json_object_set_new(body, "url",
                        json_sprintf("%s/v1/Services/%s", request->base_url, row->sid));
    for (i = 0; i < COUNT_OF(service_links); i++)
        json_object_set_new(links, service_links[i].key,
                            json_sprintf("%s/v1/Services/%s/%s", request->base_url, row->sid,
                                         service_links[i].path));
    json_object_set_new(body, "links", links);
    return body;
}

/* In alphabetical order, as the API's own examples have them. */
static const struct {
    unsigned capability;
    const char *shown, *key; /* in a service's list; in an IncomingPhoneNumber */
} capabilities[] = {
    {SANDBOX_FAX, "Fax", "fax"},
    {SANDBOX_MMS, "MMS", "mms"},
    {SANDBOX_SMS, "SMS", "sms"},
    {SANDBOX_VOICE, "Voice", "voice"},
};

static json_t *capability_list(unsigned has)
{
    json_t *list = json_array();
    size_t i;
    for (i = 0; i < COUNT_OF(capabilities); i++)
        if (has & capabilities[i].capability)
            json_array_append_new(list, json_string(capabilities[i].shown));
    return list;
}

static json_t *capability_object(unsigned has)
{
    json_t *object = json_object();
    size_t i;
    for (i = 0; i < COUNT_OF(capabilities); i++)
        json_object_set_new(object, capabilities[i].key,
                            json_boolean(has & capabilities[i].capability));
    return object;
}

static const struct {
    const char *path, *address, *service; /* the latter two: keys of members */
} member_kinds[] = {
    [SANDBOX_PHONE_NUMBER] = {"PhoneNumbers", "phone_number", "service_sid"},
    [SANDBOX_SHORT_CODE] = {"ShortCodes", "short_code", "service_sid"},
    [SANDBOX_CHANNEL_SENDER] = {"ChannelSenders", "sender", "messaging_service_sid"},
    [SANDBOX_ALPHA_SENDER] = {"AlphaSenders", "alpha_sender", "service_sid"},
    [SANDBOX_DESTINATION_ALPHA_SENDER] = {"DestinationAlphaSenders", "alpha_sender", "service_sid"},
};

/* What the body of a sender of the account has beside the members of all kinds. */
static void add_sender_members(json_t *body, const struct sandbox_sender *sender)
{
    json_t *type = json_object_get(sender->members, "sender_type");

    json_object_set_new(body, "country_code",
                        sender->country[0] == '\0' ? json_null() : json_string(sender->country));
    if (sender->kind != SANDBOX_CHANNEL_SENDER)
        json_object_set_new(body, "capabilities", capability_list(sender->capabilities));
    else
        json_object_set_new(body, "sender_type",
                            type != NULL ? json_incref(type)
                                         : json_string(sandbox_phone_channel(sender->address)));
}

json_t *sandbox_json_member(const struct sandbox_request *request, const struct sandbox_row *row)
{
    const struct sandbox_member *member = (const struct sandbox_member *)row;
    const struct sandbox_sender *sender = member->sender;
    const enum sandbox_kind kind = request->kind;
    const char *service = member->service->row.sid;
    json_t *body = json_object();

    json_object_set_new(body, "sid", json_string(row->sid));
    json_object_set_new(body, "account_sid", json_string(request->store->account_sid));
    json_object_set_new(body, member_kinds[kind].service, json_string(service));
    json_object_set_new(body, "date_created", iso(member->created));
    json_object_set_new(body, "date_updated", iso(member->updated));
    json_object_set_new(body, member_kinds[kind].address,
                        json_string(sender == NULL ? member->alpha_sender : sender->address));
    if (sender == NULL)
        json_object_set_new(body, "capabilities", capability_list(SANDBOX_SMS));
    else
        add_sender_members(body, sender);
    if (kind == SANDBOX_DESTINATION_ALPHA_SENDER)
        json_object_set_new(body, "iso_country_code", json_string(member->destination));
    json_object_set_new(body, "url",
                        json_sprintf("%s/v1/Services/%s/%s/%s", request->base_url, service,
                                     member_kinds[kind].path, row->sid));
    return body;
}

enum default_type { TEXT, FLAG };

struct default_member {
    const char *key;
    enum default_type type;
    const char *text; /* NULL: null; for a flag NULL is false */
};

/* Twilio shows what is not set as "" in some members and as null in others, and so do we. */
static const struct default_member number_defaults[] = {
    {"address_sid", TEXT, NULL},
    {"address_requirements", TEXT, "none"},
    {"beta", FLAG, NULL},
    {"identity_sid", TEXT, NULL},
    {"origin", TEXT, "twilio"},
    {"sms_application_sid", TEXT, ""},
    {"sms_fallback_method", TEXT, "POST"},
    {"sms_fallback_url", TEXT, ""},
    {"sms_method", TEXT, "POST"},
    {"sms_url", TEXT, ""},
    {"status_callback", TEXT, ""},
    {"status_callback_method", TEXT, "POST"},
    {"trunk_sid", TEXT, NULL},
    {"voice_receive_mode", TEXT, "voice"},
    {"voice_application_sid", TEXT, ""},
    {"voice_caller_id_lookup", FLAG, NULL},
    {"voice_fallback_method", TEXT, "POST"},
    {"voice_fallback_url", TEXT, NULL},
    {"voice_method", TEXT, "POST"},
    {"voice_url", TEXT, NULL},
    {"emergency_status", TEXT, "Active"},
    {"emergency_address_sid", TEXT, NULL},
    {"emergency_address_status", TEXT, "unregistered"},
    {"bundle_sid", TEXT, NULL},
    {"status", TEXT, "in-use"},
    {"type", TEXT, "local"},
};

static const struct default_member short_code_defaults[] = {
    {"sms_fallback_method", TEXT, "POST"},
    {"sms_fallback_url", TEXT, NULL},
    {"sms_method", TEXT, "POST"},
    {"sms_url", TEXT, NULL},
};

/* Its default follows from the address. */
static const struct default_member channel_sender_defaults[] = {
    {"sender_type", TEXT, NULL},
};

static const struct {
    const struct default_member *rows;
    size_t count;
} sender_defaults[] = {
    [SANDBOX_PHONE_NUMBER] = {number_defaults, COUNT_OF(number_defaults)},
    [SANDBOX_SHORT_CODE] = {short_code_defaults, COUNT_OF(short_code_defaults)},
    [SANDBOX_CHANNEL_SENDER] = {channel_sender_defaults, COUNT_OF(channel_sender_defaults)},
};

bool sandbox_json_sender_has(enum sandbox_kind kind, const char *key, const json_t *value,
                             bool *fits)
{
    size_t i;
    for (i = 0; i < sender_defaults[kind].count; i++) {
        const struct default_member *row = &sender_defaults[kind].rows[i];
        if (strcmp(row->key, key) != 0)
            continue;
        *fits = row->type == FLAG ? json_is_boolean(value)
                                  : json_is_string(value) || json_is_null(value);
        return true;
    }
    return false;
}

static json_t *default_of(const struct default_member *row)
{
    if (row->type == FLAG)
        return json_boolean(row->text != NULL);
    return row->text == NULL ? json_null() : json_string(row->text);
}

/* What numbers and short codes have in common as resources of the account. */
static json_t *sender_body(const struct sandbox_request *request,
                           const struct sandbox_sender *sender, const char *key, const char *folder)
{
    const char *account = request->store->account_sid;
    json_t *body = json_object();
    size_t i;

    json_object_set_new(body, "sid", json_string(sender->row.sid));
    json_object_set_new(body, "account_sid", json_string(account));
    json_object_set_new(body, "api_version", json_string("2010-04-01"));
    json_object_set_new(body, "friendly_name", json_string(sender->friendly_name));
    json_object_set_new(body, key, json_string(sender->address));
    json_object_set_new(body, "date_created", rfc2822(sender->created));
    json_object_set_new(body, "date_updated", rfc2822(sender->updated));
    for (i = 0; i < sender_defaults[sender->kind].count; i++) {
        const struct default_member *row = &sender_defaults[sender->kind].rows[i];
        json_t *own = json_object_get(sender->members, row->key);
        json_object_set_new(body, row->key, own != NULL ? json_incref(own) : default_of(row));
    }
    json_object_set_new(
        body, "uri",
        json_sprintf("/2010-04-01/Accounts/%s/%s/%s.json", account, folder, sender->row.sid));
    return body;
}

json_t *sandbox_json_number(const struct sandbox_request *request, const struct sandbox_row *row)
{
    const struct sandbox_sender *sender = (const struct sandbox_sender *)row;
    json_t *body = sender_body(request, sender, "phone_number", "IncomingPhoneNumbers");
    json_object_set_new(body, "capabilities", capability_object(sender->capabilities));
    return body;
}

json_t *sandbox_json_short_code(const struct sandbox_request *request,
                                const struct sandbox_row *row)
{
    return sender_body(request, (const struct sandbox_sender *)row, "short_code", "SMS/ShortCodes");
}

static void hide(json_t *body, const char *const *keys, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        json_object_set_new(body, keys[i], json_null());
}

/* What a message shows differently as long as it has not come to its end. */
static void show_step(const struct sandbox_message *message, json_t *body)
{
    static const char *const of_sending[] = {"date_sent", "price", "price_unit"};
    static const char *const of_end[] = {"error_code", "error_message"};
    enum sandbox_status status = message->steps[message->reached].status;

    json_object_set_new(body, "status", json_string(sandbox_status_name(status)));
    if (status < SANDBOX_UNDELIVERED)
        hide(body, of_end, COUNT_OF(of_end));
    if (!sandbox_life_has_reached(message, SANDBOX_SENT))
        hide(body, of_sending, COUNT_OF(of_sending));
    if (status == SANDBOX_ACCEPTED) {
        json_object_set_new(body, "from", json_null());
        json_object_set_new(body, "num_segments", json_string("0"));
    }
}

json_t *sandbox_json_message(const struct sandbox_request *request, const struct sandbox_row *row)
{
    const struct sandbox_message *message = (const struct sandbox_message *)row;
    const char *account = request->store->account_sid, *sid = message->row.sid;
    json_t *body = json_copy(message->body), *uris = json_object();

    json_object_set_new(body, "sid", json_string(sid));
    json_object_set_new(body, "account_sid", json_string(account));
    json_object_set_new(body, "api_version", json_string("2010-04-01"));
    json_object_set_new(body, "date_created", rfc2822(message->created));
    json_object_set_new(body, "date_updated", rfc2822(message->updated));
    json_object_set_new(body, "date_sent",
                        message->sent == 0 ? json_null() : rfc2822(message->sent));
    if (message->step_count > 0)
        show_step(message, body);
    json_object_set_new(
        uris, "media",
        json_sprintf("/2010-04-01/Accounts/%s/Messages/%s/Media.json", account, sid));
    if (sandbox_life_has_reached(message, SANDBOX_SENT))
        json_object_set_new(
            uris, "feedback",
            json_sprintf("/2010-04-01/Accounts/%s/Messages/%s/Feedback.json", account, sid));
    json_object_set_new(body, "subresource_uris", uris);
    json_object_set_new(body, "uri",
                        json_sprintf("/2010-04-01/Accounts/%s/Messages/%s.json", account, sid));
    return body;
}

static const struct {
    const char *key, *path;
} account_links[] = {
    {"addresses", "Addresses"},
    {"applications", "Applications"},
    {"authorized_connect_apps", "AuthorizedConnectApps"},
    {"available_phone_numbers", "AvailablePhoneNumbers"},
    {"balance", "Balance"},
    {"calls", "Calls"},
    {"conferences", "Conferences"},
    {"connect_apps", "ConnectApps"},
    {"incoming_phone_numbers", "IncomingPhoneNumbers"},
    {"keys", "Keys"},
    {"messages", "Messages"},
    {"notifications", "Notifications"},
    {"outgoing_caller_ids", "OutgoingCallerIds"},
    {"queues", "Queues"},
    {"recordings", "Recordings"},
    {"short_codes", "SMS/ShortCodes"},
    {"signing_keys", "SigningKeys"},
    {"sip", "SIP"},
    {"transcriptions", "Transcriptions"},
    {"usage", "Usage"},
};

json_t *sandbox_json_account(const struct sandbox_request *request)
{
    const struct sandbox_store *store = request->store;
    json_t *body = json_object(), *uris = json_object();
    size_t i;

    json_object_set_new(body, "sid", json_string(store->account_sid));
    /* The real one shows it in clear, too. */
    json_object_set_new(body, "auth_token", json_string(store->auth_token));
    json_object_set_new(body, "friendly_name", json_string(store->friendly_name));
    json_object_set_new(body, "owner_account_sid", json_string(store->account_sid));
    json_object_set_new(body, "status", json_string(store->status));
    json_object_set_new(body, "type", json_string(store->type));
    json_object_set_new(body, "date_created", rfc2822(store->created));
    json_object_set_new(body, "date_updated", rfc2822(store->created));
    for (i = 0; i < COUNT_OF(account_links); i++)
        json_object_set_new(uris, account_links[i].key,
                            json_sprintf("/2010-04-01/Accounts/%s/%s.json", store->account_sid,
                                         account_links[i].path));
    json_object_set_new(body, "subresource_uris", uris);
    json_object_set_new(body, "uri",
                        json_sprintf("/2010-04-01/Accounts/%s.json", store->account_sid));
    return body;
}
