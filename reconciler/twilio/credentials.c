#include "twilio/credentials.h"

#include "base/str.h"
#include "http/http_engine.h"

#include <stddef.h>
#include <string.h>

/* What a command may give instead of a variable. */
static const struct {
    const char *name;
    const char *shown; /* for messages */
    size_t offset;
    bool login;
} members[] = {
    {"TWILIO_ACCOUNT_SID", "\"account_sid\" of the credentials command",
     offsetof(struct twilio_given, account_sid), false},
    {"TWILIO_AUTH_TOKEN", "\"auth_token\" of the credentials command",
     offsetof(struct twilio_given, auth_token), true},
    {"TWILIO_API_KEY", "\"api_key\" of the credentials command",
     offsetof(struct twilio_given, api_key), true},
    {"TWILIO_API_SECRET", "\"api_secret\" of the credentials command",
     offsetof(struct twilio_given, api_secret), true},
    {"TWILIO_REGION", "\"region\" of the credentials command",
     offsetof(struct twilio_given, region), false},
    {"TWILIO_EDGE", "\"edge\" of the credentials command", offsetof(struct twilio_given, edge),
     false},
};

static size_t member_of(const char *name)
{
    size_t i;

    for (i = 0; i + 1 < COUNT_OF(members) && strcmp(members[i].name, name) != 0; i++)
        ;
    return i;
}

/* What the command gave for a variable; NULL: nothing. */
static const char *given_value(const struct twilio_variables *variables, size_t member)
{
    return variables->given == NULL
               ? NULL
               : *(const char *const *)((const char *)variables->given + members[member].offset);
}

static bool has_login(const struct twilio_given *given)
{
    return given != NULL &&
           (given->auth_token != NULL || given->api_key != NULL || given->api_secret != NULL);
}

/* The value of a variable, NULL when it is unset or empty. */
static const char *value_of(const struct twilio_variables *variables, const char *name)
{
    const size_t member = member_of(name);
    const char *value = given_value(variables, member);

    if (value != NULL || (members[member].login && has_login(variables->given)))
        return value;
    value = variables->lookup(name);
    return str_is_empty(value) ? NULL : value;
}

static const char *name_of(const struct twilio_variables *variables, const char *name)
{
    const size_t member = member_of(name);

    return given_value(variables, member) != NULL ? members[member].shown : name;
}

static int report_missing(struct diag *diag, const char *name, const char *why)
{
    diag_error(diag, NULL, "%s is not set", name);
    diag_help(diag, "%s", why);
    return -1;
}

static int read_sid(const struct twilio_variables *variables, const char *name, const char *prefix,
                    const char **out, struct arena *arena, struct diag *diag)
{
    const char *value = value_of(variables, name);
    if (!str_is_sid(value, prefix)) {
        diag_error(diag, NULL, "%s is malformed", name_of(variables, name));
        diag_help(diag, "it must be %s followed by 32 hexadecimal digits, without blanks", prefix);
        return -1;
    }
    *out = arena_strdup(arena, value);
    return 0;
}

/* A secret's length is not documented, but a blank in it is always a slip of copying. */
static int read_secret(const struct twilio_variables *variables, const char *name, const char **out,
                       struct arena *arena, struct diag *diag)
{
    const char *value = value_of(variables, name), *at;

    for (at = value; *at != '\0'; at++) {
        if (*at <= ' ' || *at >= 0x7f) {
            diag_error(diag, NULL, "%s is malformed", name_of(variables, name));
            diag_help(diag, "it has a blank or another character that no secret of Twilio has; "
                            "copy it again");
            return -1;
        }
    }
    *out = arena_strdup(arena, value);
    return 0;
}

static int read_key(struct twilio_credentials *credentials,
                    const struct twilio_variables *variables, struct arena *arena,
                    struct diag *diag)
{
    int result = 0;

    if (value_of(variables, "TWILIO_API_KEY") == NULL)
        result = report_missing(diag, "TWILIO_API_KEY", "TWILIO_API_SECRET is set and needs it");
    else if (read_sid(variables, "TWILIO_API_KEY", "SK", &credentials->user, arena, diag) != 0)
        result = -1;
    if (value_of(variables, "TWILIO_API_SECRET") == NULL)
        result = report_missing(diag, "TWILIO_API_SECRET", "TWILIO_API_KEY is set and needs it");
    else if (read_secret(variables, "TWILIO_API_SECRET", &credentials->password, arena, diag) != 0)
        result = -1;
    return result;
}

static int read_token(struct twilio_credentials *credentials,
                      const struct twilio_variables *variables, struct arena *arena,
                      struct diag *diag)
{
    credentials->user = credentials->account_sid;
    if (value_of(variables, "TWILIO_AUTH_TOKEN") == NULL)
        return report_missing(diag, "TWILIO_AUTH_TOKEN",
                              "set it to the account's auth token, or set TWILIO_API_KEY and "
                              "TWILIO_API_SECRET");
    return read_secret(variables, "TWILIO_AUTH_TOKEN", &credentials->password, arena, diag);
}

int twilio_credentials_read(struct twilio_credentials *credentials,
                            const struct twilio_variables *variables, struct arena *arena,
                            struct diag *diag)
{
    struct twilio_credentials read = {0};
    int result = 0;

    if (value_of(variables, "TWILIO_ACCOUNT_SID") == NULL)
        result = report_missing(diag, "TWILIO_ACCOUNT_SID",
                                "set it to the SID of the account (AC…); the Twilio Console "
                                "shows it");
    else if (read_sid(variables, "TWILIO_ACCOUNT_SID", "AC", &read.account_sid, arena, diag) != 0)
        result = -1;
    if (value_of(variables, "TWILIO_API_KEY") != NULL ||
        value_of(variables, "TWILIO_API_SECRET") != NULL) {
        if (read_key(&read, variables, arena, diag) != 0)
            result = -1;
    } else if (read_token(&read, variables, arena, diag) != 0) {
        result = -1;
    }
    if (result == 0)
        *credentials = read;
    return result;
}

int twilio_auth_token_read(const char **token, const struct twilio_variables *variables,
                           struct arena *arena, struct diag *diag)
{
    static const char why[] = "set it to the account's primary auth token, by which webhooks are "
                              "signed";
    static const char key[] = "webhooks are signed with the account's primary auth token, whatever "
                              "TWILIO_API_KEY is: set it as well";
    static const char command[] = "webhooks are signed with the account's primary auth token: let "
                                  "the credentials command give \"auth_token\", too, or set it";

    const struct twilio_variables others = {.lookup = variables->lookup};
    const bool given = has_login(variables->given);

    if (given && variables->given->auth_token == NULL)
        variables = &others;
    if (value_of(variables, "TWILIO_AUTH_TOKEN") == NULL)
        return report_missing(diag, "TWILIO_AUTH_TOKEN",
                              given                                           ? command
                              : value_of(variables, "TWILIO_API_KEY") == NULL ? why
                                                                              : key);
    return read_secret(variables, "TWILIO_AUTH_TOKEN", token, arena, diag);
}

char *twilio_base_url(const char *product, const char *region, const char *edge,
                      struct arena *arena)
{
    if (region == NULL && edge == NULL)
        return arena_printf(arena, "https://%s.twilio.com", product);
    if (edge == NULL)
        return arena_printf(arena, "https://%s.%s.twilio.com", product, region);
    return arena_printf(arena, "https://%s.%s.%s.twilio.com", product, edge,
                        region == NULL ? "us1" : region);
}

static int read_label(const struct twilio_variables *variables, const char *name, const char **out,
                      struct diag *diag)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *value = value_of(variables, name);

    *out = value;
    if (value == NULL || strspn(value, allowed) == strlen(value))
        return 0;
    diag_error(diag, NULL, "%s is malformed", name_of(variables, name));
    diag_help(diag, "it becomes part of a host name: small letters, digits and hyphens only");
    return -1;
}

static int check_api_url(const char *url, struct diag *diag)
{
    const char *why = "", *authority = strstr(url, "://");

    if (!http_url_allowed(url, &why)) {
        diag_error(diag, NULL, "the API URL can't be used: %s", why);
        diag_help(diag, "give https://host[:port], or http:// with a loopback address");
        return -1;
    }
    if (strpbrk(authority + 3, "/?#") != NULL) {
        diag_error(diag, NULL, "the API URL must be scheme, host and port only");
        diag_help(diag, "leave out what comes after the host and port");
        return -1;
    }
    return 0;
}

int twilio_hosts_read(struct twilio_hosts *hosts, const char *api_url,
                      const struct twilio_variables *variables, struct arena *arena,
                      struct diag *diag)
{
    const char *region = NULL, *edge = NULL;
    int result;

    if (!str_is_empty(api_url)) {
        size_t size = strlen(api_url);
        char *base = arena_strndup(arena, api_url, size - (api_url[size - 1] == '/' ? 1 : 0));
        if (check_api_url(base, diag) != 0)
            return -1;
        hosts->messaging = base;
        hosts->api = base;
        return 0;
    }
    result = read_label(variables, "TWILIO_REGION", &region, diag);
    if (read_label(variables, "TWILIO_EDGE", &edge, diag) != 0)
        result = -1;
    if (result != 0)
        return result;
    hosts->messaging = twilio_base_url("messaging", region, edge, arena);
    hosts->api = twilio_base_url("api", region, edge, arena);
    return 0;
}
