#include "model/resource.h"

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

static const struct field service_fields[] = {
    {
        .json_key = "sid",
        .type = &field_sid,
        .offset = FIELD_OFFSET(struct service, const char *, sid),
        .flags = FIELD_READ_ONLY,
        .choices = prefix_service,
        .choice_count = 1,
        .help = "The service's SID.",
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
        .help = "Name of the service, and its identity.",
    },
    {
        .yaml_key = "inbound_request_url",
        .json_key = "inbound_request_url",
        .form_key = "InboundRequestUrl",
        .type = &field_url,
        .offset = FIELD_OFFSET(struct service, const char *, inbound_request_url),
        .flags = FIELD_CLEARABLE,
        .help = "URL called when a message arrives at a sender of the service; null drops inbound "
                "messages unless use_inbound_webhook_on_number is true.",
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
        .help = "HTTP method for inbound_request_url.",
    },
    {
        .yaml_key = "fallback_url",
        .json_key = "fallback_url",
        .form_key = "FallbackUrl",
        .type = &field_url,
        .offset = FIELD_OFFSET(struct service, const char *, fallback_url),
        .flags = FIELD_CLEARABLE,
        .help = "URL called when fetching or executing inbound_request_url fails.",
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
        .help = "HTTP method for fallback_url.",
    },
    {
        .yaml_key = "status_callback",
        .json_key = "status_callback",
        .form_key = "StatusCallback",
        .type = &field_url,
        .offset = FIELD_OFFSET(struct service, const char *, status_callback),
        .flags = FIELD_CLEARABLE,
        .help = "URL that is sent the delivery status of each message, always by POST.",
    },
    {
        .yaml_key = "sticky_sender",
        .json_key = "sticky_sender",
        .form_key = "StickySender",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, sticky_sender),
        .default_text = "true",
        .help = "Send to a recipient from the same sender each time.",
    },
    {
        .yaml_key = "mms_converter",
        .json_key = "mms_converter",
        .form_key = "MmsConverter",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, mms_converter),
        .default_text = "true",
        .help = "Send MMS as SMS with a link where MMS is not supported.",
    },
    {
        .yaml_key = "smart_encoding",
        .json_key = "smart_encoding",
        .form_key = "SmartEncoding",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, smart_encoding),
        .default_text = "true",
        .help = "Replace Unicode look-alikes by GSM 03.38 characters to save segments.",
    },
    {
        .yaml_key = "scan_message_content",
        .json_key = "scan_message_content",
        .form_key = "ScanMessageContent",
        .type = &field_choice,
        .offset = FIELD_OFFSET(struct service, const char *, scan_message_content),
        .flags = FIELD_RESERVED,
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
        .flags = FIELD_OBSOLETE,
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
        .help = "Seconds that a message may wait in the queue.",
    },
    {
        .yaml_key = "synchronous_validation",
        .json_key = "synchronous_validation",
        .form_key = "SynchronousValidation",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, synchronous_validation),
        .flags = FIELD_RESERVED,
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
        .help = "What the service is used for.",
    },
    {
        .yaml_key = "use_inbound_webhook_on_number",
        .json_key = "use_inbound_webhook_on_number",
        .form_key = "UseInboundWebhookOnNumber",
        .type = &field_boolean,
        .offset = FIELD_OFFSET(struct service, bool, use_inbound_webhook_on_number),
        .default_text = "false",
        .help = "Call the URL of the number that a message arrived at, not the service's.",
    },
};

const struct resource resource_service = {
    .name = "service",
    .fields = service_fields,
    .field_count = COUNT_OF(service_fields),
    .size = sizeof(struct service),
};

static const struct field phone_number_fields[] = {
    {
        .yaml_key = "phone_number",
        .json_key = "phone_number",
        .type = &field_phone_number,
        .offset = FIELD_OFFSET(struct sender, const char *, identity),
        .help = "Phone number of the account, in E.164 form.",
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
        .help = "Alphanumeric sender ID.",
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

const struct sender_type sender_types[SENDER_KIND_COUNT] = {
    [SENDER_PHONE_NUMBER] =
        {
            .yaml_key = "phone_numbers",
            .label = "phone number",
            .resource = {"phone number", phone_number_fields, COUNT_OF(phone_number_fields),
                         sizeof(struct sender)},
            .identity = &phone_number_fields[0],
            .needs_owned_sid = true,
            .shares_pool_limit = true,
        },
    [SENDER_SHORT_CODE] =
        {
            .yaml_key = "short_codes",
            .label = "short code",
            .resource = {"short code", short_code_fields, COUNT_OF(short_code_fields),
                         sizeof(struct sender)},
            .identity = &short_code_fields[0],
            .needs_owned_sid = true,
            .shares_pool_limit = true,
        },
    [SENDER_ALPHA_SENDER] =
        {
            .yaml_key = "alpha_senders",
            .label = "alpha sender",
            .resource = {"alpha sender", alpha_sender_fields, COUNT_OF(alpha_sender_fields),
                         sizeof(struct sender)},
            .identity = &alpha_sender_fields[0],
            .most = 1,
        },
};
