#include "twilio/credentials.h"

#include "base/str.h"
#include "http/http_engine.h"

#include <string.h>

/* The value of a variable, NULL when it is unset or empty. */
static const char *value_of(twilio_lookup *lookup, const char *name)
{
    const char *value = lookup(name);
    return str_is_empty(value) ? NULL : value;
}

static int report_missing(struct diag *diag, const char *name, const char *why)
{
    diag_error(diag, NULL, "%s is not set", name);
    diag_help(diag, "%s", why);
    return -1;
}

static int read_sid(twilio_lookup *lookup, const char *name, const char *prefix, const char **out,
                    struct arena *arena, struct diag *diag)
{
    const char *value = value_of(lookup, name);
    if (!str_is_sid(value, prefix)) {
        diag_error(diag, NULL, "%s is malformed", name);
        diag_help(diag, "it must be %s followed by 32 hexadecimal digits, without blanks", prefix);
        return -1;
    }
    *out = arena_strdup(arena, value);
    return 0;
}

/* A secret's length is not documented, but a blank in it is always a slip of copying. */
static int read_secret(twilio_lookup *lookup, const char *name, const char **out,
                       struct arena *arena, struct diag *diag)
{
    const char *value = value_of(lookup, name), *at;

    for (at = value; *at != '\0'; at++) {
        if (*at <= ' ' || *at >= 0x7f) {
            diag_error(diag, NULL, "%s is malformed", name);
            diag_help(diag, "it has a blank or another character that no secret of Twilio has; "
                            "copy it again");
            return -1;
        }
    }
    *out = arena_strdup(arena, value);
    return 0;
}

static int read_key(struct twilio_credentials *credentials, twilio_lookup *lookup,
                    struct arena *arena, struct diag *diag)
{
    int result = 0;

    if (value_of(lookup, "TWILIO_API_KEY") == NULL)
        result = report_missing(diag, "TWILIO_API_KEY", "TWILIO_API_SECRET is set and needs it");
    else if (read_sid(lookup, "TWILIO_API_KEY", "SK", &credentials->user, arena, diag) != 0)
        result = -1;
    if (value_of(lookup, "TWILIO_API_SECRET") == NULL)
        result = report_missing(diag, "TWILIO_API_SECRET", "TWILIO_API_KEY is set and needs it");
    else if (read_secret(lookup, "TWILIO_API_SECRET", &credentials->password, arena, diag) != 0)
        result = -1;
    return result;
}

static int read_token(struct twilio_credentials *credentials, twilio_lookup *lookup,
                      struct arena *arena, struct diag *diag)
{
    credentials->user = credentials->account_sid;
    if (value_of(lookup, "TWILIO_AUTH_TOKEN") == NULL)
        return report_missing(diag, "TWILIO_AUTH_TOKEN",
                              "set it to the account's auth token, or set TWILIO_API_KEY and "
                              "TWILIO_API_SECRET");
    return read_secret(lookup, "TWILIO_AUTH_TOKEN", &credentials->password, arena, diag);
}

int twilio_credentials_read(struct twilio_credentials *credentials, twilio_lookup *lookup,
                            struct arena *arena, struct diag *diag)
{
    struct twilio_credentials read = {0};
    int result = 0;

    if (value_of(lookup, "TWILIO_ACCOUNT_SID") == NULL)
        result = report_missing(diag, "TWILIO_ACCOUNT_SID",
                                "set it to the SID of the account (AC…); the Twilio Console "
                                "shows it");
    else if (read_sid(lookup, "TWILIO_ACCOUNT_SID", "AC", &read.account_sid, arena, diag) != 0)
        result = -1;
    if (value_of(lookup, "TWILIO_API_KEY") != NULL ||
        value_of(lookup, "TWILIO_API_SECRET") != NULL) {
        if (read_key(&read, lookup, arena, diag) != 0)
            result = -1;
    } else if (read_token(&read, lookup, arena, diag) != 0) {
        result = -1;
    }
    if (result == 0)
        *credentials = read;
    return result;
}

int twilio_auth_token_read(const char **token, twilio_lookup *lookup, struct arena *arena,
                           struct diag *diag)
{
    static const char why[] = "set it to the account's primary auth token, by which webhooks are "
                              "signed";
    static const char key[] = "webhooks are signed with the account's primary auth token, whatever "
                              "TWILIO_API_KEY is: set it as well";

    if (value_of(lookup, "TWILIO_AUTH_TOKEN") == NULL)
        return report_missing(diag, "TWILIO_AUTH_TOKEN",
                              value_of(lookup, "TWILIO_API_KEY") == NULL ? why : key);
    return read_secret(lookup, "TWILIO_AUTH_TOKEN", token, arena, diag);
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

static int read_label(twilio_lookup *lookup, const char *name, const char **out, struct diag *diag)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *value = value_of(lookup, name);

    *out = value;
    if (value == NULL || strspn(value, allowed) == strlen(value))
        return 0;
    diag_error(diag, NULL, "%s is malformed", name);
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

int twilio_hosts_read(struct twilio_hosts *hosts, const char *api_url, twilio_lookup *lookup,
                      struct arena *arena, struct diag *diag)
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
    result = read_label(lookup, "TWILIO_REGION", &region, diag);
    if (read_label(lookup, "TWILIO_EDGE", &edge, diag) != 0)
        result = -1;
    if (result != 0)
        return result;
    hosts->messaging = twilio_base_url("messaging", region, edge, arena);
    hosts->api = twilio_base_url("api", region, edge, arena);
    return 0;
}
