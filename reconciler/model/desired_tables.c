/*
 * The tables of the roster's own keys; those of services and senders are in resource.c.
 */
#include "model/desired_read.h"

static const char *const prefix_account[] = {"AC"};
static const char *const statuses[] = {"delivered", "undelivered", "sent", "failed",  "accepted",
                                       "queued",    "sending",     "read", "canceled"};

static const struct field number_fields[] = {
    {
        .yaml_key = "phone_number",
        .type = &field_phone_number,
        .offset = FIELD_OFFSET(struct sender, const char *, identity),
        .flags = FIELD_REQUIRED,
        .help = "Phone number that the account has to own, in E.164 form.",
        .example = "\"+15005550001\"",
    },
};

const struct resource resource_number = {
    .name = "number",
    .fields = number_fields,
    .field_count = COUNT_OF(number_fields),
    .size = sizeof(struct sender),
};

static const struct field protect_fields[] = {
    {
        .yaml_key = "protect",
        .type = &field_string,
        .offset = FIELD_OFFSET(struct protected_name, const char *, name),
        .min = 1,
        .max = 64,
        .help = "friendly_name of a service.",
        .example = "Order notifications",
    },
};

const struct resource resource_protect = {
    .name = "protected service",
    .fields = protect_fields,
    .field_count = COUNT_OF(protect_fields),
    .size = sizeof(struct protected_name),
};

static const struct field guards_fields[] = {
    {
        .yaml_key = "max_removals",
        .type = &field_integer,
        .offset = FIELD_OFFSET(struct guards, int64_t, max_removals),
        .min = 0,
        .max = 1000000,
        .help =
            "How many senders a plan may take out of services, moves and those of deleted services "
            "included; absent: any number.",
        .example = "10",
    },
    {
        .yaml_key = "max_deletes",
        .type = &field_integer,
        .offset = FIELD_OFFSET(struct guards, int64_t, max_deletes),
        .min = 0,
        .max = 1000000,
        .help = "How many services a plan may delete; absent: any number.",
        .example = "0",
    },
};

static const struct section guards_sections[] = {
    {
        .yaml_key = "protect",
        .shape = SECTION_SCALARS,
        .resource = &resource_protect,
        .unique = true,
        .help = "Services that are never deleted or emptied, by friendly_name. They stand here so "
                "that the protection outlives the entry.",
        .example = "[Order notifications]",
    },
};

const struct resource resource_guards = {
    .name = "guards mapping",
    .fields = guards_fields,
    .field_count = COUNT_OF(guards_fields),
    .size = sizeof(struct guards),
    .sections = guards_sections,
    .section_count = COUNT_OF(guards_sections),
    .help = "Limits to what one plan may do.",
};

static const struct field expectation_fields[] = {
    {
        .yaml_key = "status",
        .type = &field_choice,
        .offset = FIELD_OFFSET(struct expectation, const char *, status),
        .choices = statuses,
        .choice_count = COUNT_OF(statuses),
        .help = "Status that the message has to reach.",
        .example = "delivered",
    },
    {
        .yaml_key = "from",
        .type = &field_string,
        .offset = FIELD_OFFSET(struct expectation, const char *, from),
        .min = 1,
        .max = 64,
        .help = "Sender that the message has to come from, or its kind: alpha_sender, "
                "phone_number, short_code.",
        .example = "ACMEUK",
    },
    {
        .yaml_key = "country",
        .type = &field_country,
        .offset = FIELD_OFFSET(struct expectation, const char *, country),
        .help = "Country of the phone number or short code that it has to come from.",
        .example = "GB",
    },
    {
        .yaml_key = "error_code",
        .type = &field_integer,
        .offset = FIELD_OFFSET(struct expectation, int64_t, error_code),
        .min = 10000,
        .max = 99999,
        .help = "Twilio's error code that it has to end with.",
        .example = "30006",
    },
    {
        .yaml_key = "segments",
        .type = &field_integer,
        .offset = FIELD_OFFSET(struct expectation, int64_t, segments),
        .min = 1,
        .max = 20,
        .help = "How many segments the message has to be split into.",
        .example = "1",
    },
};

const struct resource resource_expectation = {
    .name = "expectation",
    .fields = expectation_fields,
    .field_count = COUNT_OF(expectation_fields),
    .size = sizeof(struct expectation),
    .help = "What has to become of a test send.",
};

static const struct field test_send_fields[] = {
    {
        .yaml_key = "name",
        .type = &field_string,
        .offset = FIELD_OFFSET(struct test_send, const char *, name),
        .flags = FIELD_REQUIRED,
        .min = 1,
        .max = 64,
        .help = "Name of the test send.",
        .example = "orders reach the UK",
    },
    {
        .yaml_key = "service",
        .type = &field_string,
        .offset = FIELD_OFFSET(struct test_send, const char *, service),
        .flags = FIELD_REQUIRED,
        .min = 1,
        .max = 64,
        .help = "friendly_name of the service that sends it.",
        .example = "Order notifications",
    },
    {
        .yaml_key = "to",
        .type = &field_phone_number,
        .offset = FIELD_OFFSET(struct test_send, const char *, to),
        .flags = FIELD_REQUIRED,
        .help = "Recipient, in E.164 form.",
        .example = "\"+447700900123\"",
    },
    {
        .yaml_key = "body",
        .type = &field_string,
        .offset = FIELD_OFFSET(struct test_send, const char *, body),
        .flags = FIELD_REQUIRED,
        .min = 1,
        .max = 1600,
        .help = "Text of the message; a space and a token of 9 characters, by which it is found "
                "again, are added.",
        .example = "roster test",
    },
    {
        .yaml_key = "timeout",
        .type = &field_duration,
        .offset = FIELD_OFFSET(struct test_send, int64_t, timeout_ms),
        .default_text = "60s",
        .help = "How long to wait for the outcome.",
        .example = "90s",
    },
};

static const struct section test_send_sections[] = {
    {
        .yaml_key = "expect",
        .shape = SECTION_MAPPING,
        .resource = &resource_expectation,
        .help = "What has to become of it.",
        .example = "{status: delivered, from: ACMEUK}",
    },
};

const struct resource resource_test_send = {
    .name = "test send",
    .fields = test_send_fields,
    .field_count = COUNT_OF(test_send_fields),
    .size = sizeof(struct test_send),
    .sections = test_send_sections,
    .section_count = COUNT_OF(test_send_sections),
    .help = "A message that proves that a service works.",
};

static const struct field roster_fields[ROSTER_ROWS] = {
    [ROSTER_ROW_VERSION] =
        {
            .yaml_key = "version",
            .type = &field_integer,
            .offset = FIELD_OFFSET(struct roster_head, int64_t, version),
            .flags = FIELD_REQUIRED,
            .min = 1,
            .max = 1,
            .help = "Version of the roster format.",
            .example = "1",
        },
    [ROSTER_ROW_ACCOUNT_SID] =
        {
            .yaml_key = "account_sid",
            .type = &field_sid,
            .offset = FIELD_OFFSET(struct roster_head, const char *, account_sid),
            .choices = prefix_account,
            .choice_count = 1,
            .help = "The account that the roster is for; any other is refused before the first "
                    "write.",
            .example = "AC0123456789abcdef0123456789abcdef",
        },
    [ROSTER_ROW_PRUNE] =
        {
            .yaml_key = "prune",
            .type = &field_boolean,
            .offset = FIELD_OFFSET(struct roster_head, bool, prune),
            .default_text = "false",
            .help = "Delete services that the roster does not name; each is shown with its "
                    "senders first.",
        },
};

static const struct section roster_sections[] = {
    {
        .yaml_key = SECTION_KEY_DEFAULTS,
        .shape = SECTION_MAPPING,
        .resource = &resource_service,
        .settings_only = true,
        .help = "Settings for every service that does not set the key itself.",
        .example = "{smart_encoding: true}",
    },
    {
        .yaml_key = SECTION_KEY_SERVICES,
        .shape = SECTION_MAPPINGS,
        .resource = &resource_service,
        .required = true,
        .help = "The messaging services that the account should have.",
    },
    {
        .yaml_key = SECTION_KEY_NUMBERS,
        .shape = SECTION_MAPPINGS,
        .resource = &resource_number,
        .unique = true,
        .help = "Phone numbers that the account should own.",
        .example = "[{phone_number: \"+15005550001\"}]",
    },
    {
        .yaml_key = SECTION_KEY_GUARDS,
        .shape = SECTION_MAPPING,
        .resource = &resource_guards,
        .help = "Limits to what one plan may do.",
    },
    {
        .yaml_key = SECTION_KEY_TEST_SENDS,
        .shape = SECTION_MAPPINGS,
        .resource = &resource_test_send,
        .help = "Messages that prove that the services work.",
    },
};

const struct resource resource_roster = {
    .name = "roster",
    .fields = roster_fields,
    .field_count = COUNT_OF(roster_fields),
    .size = sizeof(struct roster_head),
    .sections = roster_sections,
    .section_count = COUNT_OF(roster_sections),
    .help = "The messaging services that a Twilio account should have.",
};
