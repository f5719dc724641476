#include "model/resource.h"

#include <string.h>

/*
 * Sources of the rows: Twilio's OpenAPI description of messaging/v1 (names, types, ranges), its
 * documentation (limits) and live observations (defaults over REST).
 */

static const char *const methods[] = {"GET", "POST"};
static const char *const scan_choices[] = {"inherit", "enable", "disable"};
static const char *const usecases[] = {"notifications", "marketing", "verification",
                                       "discussion",    "poll",      "undeclared"};
static const char *const prefix_account[] = {"AC"};
static const char *const prefix_service[] = {"MG"};
static const char *const prefix_phone_number[] = {"PN"};
static const char *const prefix_short_code[] = {"SC"};
static const char *const prefix_alpha_sender[] = {"AI"};
static const char *const prefix_channel_sender[] = {"XE"};

static const struct field service_fields[] = {
    {
        .yaml_key = "sid",
        .json_key = "sid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct service, const char *, sid),
        .choices = prefix_service,
        .choice_count = 1,
        .help = "SID of the service. Pins the identity, so that friendly_name may change.",
        .example = "MG0123456789abcdef0123456789abcdef",
    },
    {
        .json_key = "account_sid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct service, const char *, account_sid),
        .flags = FIELD_READ_ONLY,
        .choices = prefix_account,
        .choice_count = 1,
        .help = "The account that the service belongs to.",
    },
    {
        .yaml_key = "friendly_name",
        .json_key = "friendly_name",
        .form_key = "FriendlyName",
        .type = &field_string,
        .offset = FIELD_OFFSET(struct service, const char *, friendly_name),
        .flags = FIELD_REQUIRED,
        .min = 1,
        .max = 64,
        .help = "Name of the service, and its identity unless sid pins it.",
        .example = "Order notifications",
    },
    {
        .yaml_key = "renamed_from",
        .type = &field_string,
        .offset = FIELD_OFFSET(struct service, const char *, renamed_from),
        .min = 1,
        .max = 64,
        .help =
            "Adopts the live service of that name, when none has friendly_name, and renames it.",
        .example = "Orders",
    },
    {
        .yaml_key = "inbound_request_url",
        .json_key = "inbound_request_url",
        .form_key = "InboundRequestUrl",
        .type = &field_url,
        .offset = FIELD_OFFSET(struct service, const char *, inbound_request_url),
        .flags = FIELD_SETTING | FIELD_CLEARABLE,
        .help = "URL called when a message arrives at a sender of the service; null drops inbound "
                "messages unless use_inbound_webhook_on_number is true.",
        .example = "https://hooks.example.com/inbound",
    },
    {
        .yaml_key = "inbound_method",
        .json_key = "inbound_method",
        .form_key = "InboundMethod",
        .type = &field_choice,
        .offset = FIELD_OFFSET(struct service, const char *, inbound_method),
        .choices = methods,
        .choice_count = COUNT_OF(methods),
        .default_text = "POST",
        .flags = FIELD_SETTING,
        .help = "HTTP method for inbound_request_url.",
        .example = "POST",
    },
    {
        .yaml_key = "fallback_url",
        .json_key = "fallback_url",
        .form_key = "FallbackUrl",
        .type = &field_url,
        .offset = FIELD_OFFSET(struct service, const char *, fallback_url),
        .flags = FIELD_SETTING | FIELD_CLEARABLE,
        .help = "URL called when fetching or executing inbound_request_url fails.",
        .example = "https://hooks.example.com/fallback",
    },
    {
        .yaml_key = "fallback_method",
        .json_key = "fallback_method",
        .form_key = "FallbackMethod",
        .type = &field_choice,
        .offset = FIELD_OFFSET(struct service, const char *, fallback_method),
        .choices = methods,
        .choice_count = COUNT_OF(methods),
        .default_text = "POST",
        .flags = FIELD_SETTING,
        .help = "HTTP method for fallback_url.",
        .example = "POST",
    },
    {
        .yaml_key = "status_callback",
        .json_key = "status_callback",
        .form_key = "StatusCallback",
        .type = &field_url,
        .offset = FIELD_OFFSET(struct service, const char *, status_callback),
        .flags = FIELD_SETTING | FIELD_CLEARABLE,
        .help = "URL that is sent the delivery status of each message, always by POST.",
        .example = "https://hooks.example.com/status",
    },
    {
        .yaml_key = "sticky_sender",
        .json_key = "sticky_sender",
        .form_key = "StickySender",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, sticky_sender),
        .default_text = "true",
        .flags = FIELD_SETTING,
        .help = "Send to a recipient from the same sender each time.",
    },
    {
        .yaml_key = "mms_converter",
        .json_key = "mms_converter",
        .form_key = "MmsConverter",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, mms_converter),
        .default_text = "true",
        .flags = FIELD_SETTING,
        .help = "Send MMS as SMS with a link where MMS is not supported.",
    },
    {
        .yaml_key = "smart_encoding",
        .json_key = "smart_encoding",
        .form_key = "SmartEncoding",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, smart_encoding),
        .default_text = "true",
        .flags = FIELD_SETTING,
        .help = "Replace Unicode look-alikes by GSM 03.38 characters to save segments.",
    },
    {
        .yaml_key = "scan_message_content",
        .json_key = "scan_message_content",
        .form_key = "ScanMessageContent",
        .type = &field_choice,
        .offset = FIELD_OFFSET(struct service, const char *, scan_message_content),
        .flags = FIELD_SETTING | FIELD_RESERVED,
        .choices = scan_choices,
        .choice_count = COUNT_OF(scan_choices),
        .default_text = "inherit",
        .help = "Reserved by Twilio.",
    },
    {
        .yaml_key = "fallback_to_long_code",
        .json_key = "fallback_to_long_code",
        .form_key = "FallbackToLongCode",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, fallback_to_long_code),
        .flags = FIELD_SETTING | FIELD_OBSOLETE,
        .default_text = "true",
        .help = "Obsolete since 2023: Twilio ignores it.",
    },
    {
        .yaml_key = "area_code_geomatch",
        .json_key = "area_code_geomatch",
        .form_key = "AreaCodeGeomatch",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, area_code_geomatch),
        .default_text = "true",
        .flags = FIELD_SETTING,
        .help = "Prefer a sender of the recipient's area code.",
    },
    {
        .yaml_key = "validity_period",
        .json_key = "validity_period",
        .form_key = "ValidityPeriod",
        .type = &field_integer,
        .offset = FIELD_OFFSET(struct service, int64_t, validity_period),
        .min = 1,
        .max = 36000,
        .default_text = "36000",
        .flags = FIELD_SETTING,
        .help = "Seconds that a message may wait in the queue.",
        .example = "3600",
    },
    {
        .yaml_key = "synchronous_validation",
        .json_key = "synchronous_validation",
        .form_key = "SynchronousValidation",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, synchronous_validation),
        .flags = FIELD_SETTING | FIELD_RESERVED,
        .help = "Reserved by Twilio.",
    },
    {
        .yaml_key = "usecase",
        .json_key = "usecase",
        .form_key = "Usecase",
        .type = &field_choice,
        .offset = FIELD_OFFSET(struct service, const char *, usecase),
        .choices = usecases,
        .choice_count = COUNT_OF(usecases),
        .default_text = "undeclared",
        .flags = FIELD_SETTING,
        .help = "What the service is used for.",
        .example = "notifications",
    },
    {
        .yaml_key = "use_inbound_webhook_on_number",
        .json_key = "use_inbound_webhook_on_number",
        .form_key = "UseInboundWebhookOnNumber",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, use_inbound_webhook_on_number),
        .default_text = "false",
        .flags = FIELD_SETTING,
        .help = "Call the URL of the number that a message arrived at, not the service's.",
    },
    {
        .yaml_key = "expected_rate",
        .type = &field_integer,
        .offset = FIELD_OFFSET(struct service, int64_t, expected_rate),
        .min = 1,
        .max = 100000,
        .help = "How many messages a second the service is expected to send. It is never sent to "
                "Twilio: a plan says when it is more than the senders can carry by Twilio's "
                "documented figures, as far as all sender lists are known.",
        .example = "20",
    },
    {
        .json_key = "us_app_to_person_registered",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, us_app_to_person_registered),
        .flags = FIELD_READ_ONLY,
        .default_text = "false",
        .remark = "It has a registered A2P campaign, which is none of the roster's business.",
        .help = "Whether the service has a registered A2P campaign for US sending.",
    },
};

static const struct field phone_number_fields[] = {
    {
        .yaml_key = "phone_number",
        .json_key = "phone_number",
        .type = &field_phone_number,
        .offset = FIELD_OFFSET(struct sender, const char *, identity),
        .help = "Phone number of the account, in E.164 form.",
        .example = "\"+15005550001\"",
    },
    {
        .json_key = "sid",
        .form_key = "PhoneNumberSid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct sender, const char *, sid),
        .choices = prefix_phone_number,
        .choice_count = 1,
        .help = "SID of the phone number, the same in a service and in the account.",
    },
    {
        .json_key = "capabilities",
        .type = &field_capabilities,
        .offset = FIELD_OFFSET(struct sender, unsigned, capabilities),
        .flags = FIELD_READ_ONLY,
        .help = "What the phone number can do.",
    },
};

static const struct field short_code_fields[] = {
    {
        .yaml_key = "short_code",
        .json_key = "short_code",
        .type = &field_short_code,
        .offset = FIELD_OFFSET(struct sender, const char *, identity),
        .help = "Short code of the account.",
        .example = "\"85555\"",
    },
    {
        .json_key = "sid",
        .form_key = "ShortCodeSid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct sender, const char *, sid),
        .choices = prefix_short_code,
        .choice_count = 1,
        .help = "SID of the short code, the same in a service and in the account.",
    },
};

static const struct field alpha_sender_fields[] = {
    {
        .yaml_key = "alpha_sender",
        .json_key = "alpha_sender",
        .form_key = "AlphaSender",
        .type = &field_alpha_sender,
        .offset = FIELD_OFFSET(struct sender, const char *, identity),
        .help = "Alphanumeric sender ID: up to 11 letters, digits, spaces, - + _ and &, not digits "
                "only.",
        .example = "ACME",
    },
    {
        .json_key = "sid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct sender, const char *, sid),
        .flags = FIELD_READ_ONLY,
        .choices = prefix_alpha_sender,
        .choice_count = 1,
        .help = "SID that the alpha sender got when it was added.",
    },
};

static const struct field destination_alpha_sender_fields[] = {
    {
        .yaml_key = "alpha_sender",
        .json_key = "alpha_sender",
        .form_key = "AlphaSender",
        .type = &field_alpha_sender,
        .offset = FIELD_OFFSET(struct sender, const char *, identity),
        .flags = FIELD_REQUIRED,
        .help = "Alphanumeric sender ID for the country.",
        .example = "ACMEUK",
    },
    {
        .yaml_key = "iso_country_code",
        .json_key = "iso_country_code",
        .form_key = "IsoCountryCode",
        .type = &field_country,
        .offset = FIELD_OFFSET(struct sender, const char *, country),
        .flags = FIELD_REQUIRED,
        .help = "Country that it is for: two capitals of ISO 3166-1.",
        .example = "GB",
    },
    {
        .json_key = "sid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct sender, const char *, sid),
        .flags = FIELD_READ_ONLY,
        .choices = prefix_alpha_sender,
        .choice_count = 1,
        .help = "SID that the alpha sender got when it was added.",
    },
};

static const struct field channel_sender_fields[] = {
    {
        .yaml_key = "sender",
        .json_key = "sender",
        .type = &field_channel,
        .offset = FIELD_OFFSET(struct sender, const char *, identity),
        .help = "Channel sender, by its SID (XE) or by its address. The API lists channel senders "
                "only in services, so one that is in none needs its SID.",
        .example = "\"whatsapp:+15005550003\"",
    },
    {
        .json_key = "sid",
        .form_key = "Sid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct sender, const char *, sid),
        .choices = prefix_channel_sender,
        .choice_count = 1,
        .help = "SID of the channel sender.",
    },
};

#define SENDER_RESOURCE(label, table)                                   \
    {                                                                   \
        .name = label, .fields = table, .field_count = COUNT_OF(table), \
        .size = sizeof(struct sender)                                   \
    }

static const struct resource sender_resources[SENDER_KIND_COUNT] = {
    [SENDER_PHONE_NUMBER] = SENDER_RESOURCE("phone number", phone_number_fields),
    [SENDER_SHORT_CODE] = SENDER_RESOURCE("short code", short_code_fields),
    [SENDER_ALPHA_SENDER] = SENDER_RESOURCE("alpha sender", alpha_sender_fields),
    [SENDER_DESTINATION_ALPHA_SENDER] =
        SENDER_RESOURCE("destination alpha sender", destination_alpha_sender_fields),
    [SENDER_CHANNEL_SENDER] = SENDER_RESOURCE("channel sender", channel_sender_fields),
};

static const struct section service_sections[SENDER_KIND_COUNT] = {
    [SENDER_PHONE_NUMBER] =
        {
            .yaml_key = "phone_numbers",
            .shape = SECTION_SCALARS,
            .resource = &sender_resources[SENDER_PHONE_NUMBER],
            .unique = true,
            .most = SENDER_POOL_MAX,
            .help = "Phone numbers of the service, all of them; absent: left alone. At most 400 "
                    "together with the short codes.",
            .example = "[\"+15005550001\", \"+15005550002\"]",
        },
    [SENDER_SHORT_CODE] =
        {
            .yaml_key = "short_codes",
            .shape = SECTION_SCALARS,
            .resource = &sender_resources[SENDER_SHORT_CODE],
            .unique = true,
            .most = SENDER_POOL_MAX,
            .help = "Short codes of the service, all of them; absent: left alone.",
            .example = "[\"85555\"]",
        },
    [SENDER_ALPHA_SENDER] =
        {
            .yaml_key = "alpha_senders",
            .shape = SECTION_SCALARS,
            .resource = &sender_resources[SENDER_ALPHA_SENDER],
            .unique = true,
            .most = 1,
            .help = "The alpha sender of the service, at most one; absent: left alone. A changed "
                    "one is removed, then added.",
            .example = "[ACME]",
        },
    [SENDER_DESTINATION_ALPHA_SENDER] =
        {
            .yaml_key = "destination_alpha_senders",
            .shape = SECTION_MAPPINGS,
            .resource = &sender_resources[SENDER_DESTINATION_ALPHA_SENDER],
            .unique = true,
            .help = "Alpha senders by destination country, all of them; absent: left alone.",
            .example = "[{alpha_sender: ACMEUK, iso_country_code: GB}]",
        },
    [SENDER_CHANNEL_SENDER] =
        {
            .yaml_key = "channel_senders",
            .shape = SECTION_SCALARS,
            .resource = &sender_resources[SENDER_CHANNEL_SENDER],
            .unique = true,
            .help = "Channel senders (WhatsApp, Messenger, RCS) of the service, all of them; "
                    "absent: left alone.",
            .example = "[\"whatsapp:+15005550003\"]",
        },
};

const struct resource resource_service = {
    .name = "service",
    .fields = service_fields,
    .field_count = COUNT_OF(service_fields),
    .size = sizeof(struct service),
    .sections = service_sections,
    .section_count = COUNT_OF(service_sections),
    .help = "A messaging service: a key that is absent is left alone, null clears, a value is "
            "enforced.",
};

const struct sender_type sender_types[SENDER_KIND_COUNT] = {
    [SENDER_PHONE_NUMBER] =
        {
            .section = &service_sections[SENDER_PHONE_NUMBER],
            .label = "phone number",
            .origin = SENDER_OWNED,
            .exclusive = true,
            .shares_pool_limit = true,
        },
    [SENDER_SHORT_CODE] =
        {
            .section = &service_sections[SENDER_SHORT_CODE],
            .label = "short code",
            .origin = SENDER_OWNED,
            .exclusive = true,
            .shares_pool_limit = true,
        },
    [SENDER_ALPHA_SENDER] =
        {
            .section = &service_sections[SENDER_ALPHA_SENDER],
            .label = "alpha sender",
            .origin = SENDER_MINTED,
        },
    [SENDER_DESTINATION_ALPHA_SENDER] =
        {
            .section = &service_sections[SENDER_DESTINATION_ALPHA_SENDER],
            .label = "destination alpha sender",
            .origin = SENDER_MINTED,
            .needs_country = true,
        },
    [SENDER_CHANNEL_SENDER] =
        {
            .section = &service_sections[SENDER_CHANNEL_SENDER],
            .label = "channel sender",
            .origin = SENDER_LISTED,
            .exclusive = true,
        },
};

const char *sender_shown(const struct sender *sender)
{
    return sender->shown == NULL ? sender->identity : sender->shown;
}

bool sender_can_send(const struct sender *sender, enum sender_kind kind)
{
    const struct resource *resource = sender_types[kind].section->resource;
    size_t row;

    for (row = 0; row < resource->field_count; row++)
        if (resource->fields[row].type == &field_capabilities)
            return !field_has_value(&sender->set, row) ||
                   (sender->capabilities & (CAPABILITY_SMS | CAPABILITY_MMS)) != 0;
    return true;
}

int sender_compare(const struct sender *a, const struct sender *b)
{
    int order = strcmp(a->identity, b->identity);
    if (order != 0)
        return order;
    return strcmp(a->country == NULL ? "" : a->country, b->country == NULL ? "" : b->country);
}
