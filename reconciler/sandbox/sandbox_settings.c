#include "sandbox/sandbox_settings.h"

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_error.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    NAME_MAX_CHARACTERS = 64,
    URL_MAX_CHARACTERS = 4000,
    VALIDITY_MAX = 36000,
};

/* Each gives the value as the API shows it, or NULL when `text` is none. */
typedef json_t *reader(const char *text, const char *const *choices);

static json_t *read_name(const char *text, const char *const *choices)
{
    size_t length = str_utf8_length(text, strlen(text));
    (void)choices;
    return length >= 1 && length <= NAME_MAX_CHARACTERS ? json_string(text) : NULL;
}

bool sandbox_settings_is_url(const char *text)
{
    const char *host, *at;

    if (strncasecmp(text, "http://", 7) == 0)
        host = text + 7;
    else if (strncasecmp(text, "https://", 8) == 0)
        host = text + 8;
    else
        return false;
    for (at = host; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7f)
            return false;
    /* A user and a password go before the host; there may be an "@" in the password. */
    for (at = host + strcspn(host, "/?#"); at > host; at--)
        if (at[-1] == '@')
            break;
    return strcspn(at, ":/?#") != 0 && str_utf8_length(text, strlen(text)) <= URL_MAX_CHARACTERS;
}

/* An empty value clears. */
static json_t *read_url(const char *text, const char *const *choices)
{
    (void)choices;
    if (text[0] == '\0')
        return json_null();
    return sandbox_settings_is_url(text) ? json_string(text) : NULL;
}

/* Any case: Python's SDK once wrote True and False. */
static json_t *read_flag(const char *text, const char *const *choices)
{
    (void)choices;
    if (str_equal_nocase(text, "true"))
        return json_true();
    return str_equal_nocase(text, "false") ? json_false() : NULL;
}

bool sandbox_settings_is_validity_period(const char *text, int64_t *out)
{
    return str_to_int64(text, out) == 0 && *out >= 1 && *out <= VALIDITY_MAX;
}

static json_t *read_seconds(const char *text, const char *const *choices)
{
    int64_t seconds;
    (void)choices;
    return sandbox_settings_is_validity_period(text, &seconds) ? json_integer(seconds) : NULL;
}

static json_t *read_choice(const char *text, const char *const *choices)
{
    for (; *choices != NULL; choices++)
        if (strcmp(text, *choices) == 0)
            return json_string(text);
    return NULL;
}

static const char *const methods[] = {"GET", "POST", NULL};
static const char *const scans[] = {"inherit", "enable", "disable", NULL};
static const char *const usecases[] = {
    "notifications", "marketing", "verification", "discussion", "poll", "undeclared", NULL};

/*
 * Twilio documents the default of validity_period; those of the others are what accounts were seen
 * to have, or what its examples show.
 */
static const struct {
    const char *form, *key;
    reader *read;
    const char *const *choices;
    int error;                /* code of a bad value */
    const char *default_text; /* as a form would have it */
} rows[] = {
    {"FriendlyName", "friendly_name", read_name, NULL, 20002, NULL},
    {"InboundRequestUrl", "inbound_request_url", read_url, NULL, 20422, ""},
    {"InboundMethod", "inbound_method", read_choice, methods, 20422, "POST"},
    {"FallbackUrl", "fallback_url", read_url, NULL, 20422, ""},
    {"FallbackMethod", "fallback_method", read_choice, methods, 20422, "POST"},
    {"StatusCallback", "status_callback", read_url, NULL, 21609, ""},
    {"StickySender", "sticky_sender", read_flag, NULL, 20422, "true"},
    {"MmsConverter", "mms_converter", read_flag, NULL, 20422, "true"},
    {"SmartEncoding", "smart_encoding", read_flag, NULL, 20422, "true"},
    {"ScanMessageContent", "scan_message_content", read_choice, scans, 20422, "inherit"},
    {"FallbackToLongCode", "fallback_to_long_code", read_flag, NULL, 20422, "true"},
    {"AreaCodeGeomatch", "area_code_geomatch", read_flag, NULL, 20422, "true"},
    {"ValidityPeriod", "validity_period", read_seconds, NULL, 21624, "36000"},
    {"SynchronousValidation", "synchronous_validation", read_flag, NULL, 20422, "true"},
    {"Usecase", "usecase", read_choice, usecases, 21713, "undeclared"},
    {"UseInboundWebhookOnNumber", "use_inbound_webhook_on_number", read_flag, NULL, 20422, "false"},
};

json_t *sandbox_settings_default(void)
{
    json_t *settings = json_object();
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
        json_object_set_new(settings, rows[i].key,
                            rows[i].default_text == NULL
                                ? json_null()
                                : rows[i].read(rows[i].default_text, rows[i].choices));
    return settings;
}

/* Codes whose text names the value; the others name the parameter or nothing. */
static const char *culprit(int error, const char *name, const char *value)
{
    return error == 20422 ? name : value;
}

json_t *sandbox_settings_read(const json_t *base, const struct sandbox_request *request,
                              struct sandbox_reply *reply)
{
    json_t *settings;
    size_t i;

    if (base == NULL && sandbox_form_get(&request->form, "FriendlyName") == NULL) {
        sandbox_error(reply, 20001, "FriendlyName", NULL);
        return NULL;
    }
    settings = base == NULL ? sandbox_settings_default() : json_copy((json_t *)base);
    for (i = 0; i < COUNT_OF(rows); i++) {
        const char *text = sandbox_form_get(&request->form, rows[i].form);
        json_t *value;
        if (text == NULL)
            continue;
        value = rows[i].read(text, rows[i].choices);
        if (value == NULL) {
            sandbox_error(reply, rows[i].error, culprit(rows[i].error, rows[i].form, text), NULL);
            json_decref(settings);
            return NULL;
        }
        json_object_set_new(settings, rows[i].key, value);
    }
    return settings;
}

/* The text that a form would have for a JSON value of that reader; NULL when it is of another type.
 */
static const char *form_text(reader *read, const json_t *value, char digits[24])
{
    if (read == read_flag)
        return json_is_true(value) ? "true" : json_is_false(value) ? "false" : NULL;
    if (read == read_seconds) {
        if (!json_is_integer(value))
            return NULL;
        snprintf(digits, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return digits;
    }
    if (read == read_url && json_is_null(value))
        return "";
    return json_string_value(value);
}

enum sandbox_setting_result sandbox_settings_set(json_t *settings, const char *key,
                                                 const json_t *value)
{
    char digits[24];
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++) {
        const char *text;
        json_t *shown;
        if (strcmp(rows[i].key, key) != 0)
            continue;
        text = form_text(rows[i].read, value, digits);
        shown = text == NULL ? NULL : rows[i].read(text, rows[i].choices);
        if (shown == NULL)
            return SANDBOX_SETTING_BAD;
        json_object_set_new(settings, key, shown);
        return SANDBOX_SETTING_SET;
    }
    return SANDBOX_SETTING_UNKNOWN;
}
