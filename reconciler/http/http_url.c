#include "http/http_url.h"

#include "base/memory.h"
#include "base/str.h"
#include "http/http_engine.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* libcurl's own parser is used throughout, so that what is checked is what is connected to. */
static CURLU *parse(const char *url)
{
    CURLU *parsed = curl_url();

    if (parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK)
        return parsed;
    curl_url_cleanup(parsed);
    return NULL;
}

/* A part as a string to be freed with curl_free(); NULL when the URL does not have it. */
static char *part(CURLU *parsed, CURLUPart which, unsigned flags)
{
    char *text = NULL;

    if (curl_url_get(parsed, which, &text, flags) != CURLUE_OK)
        return NULL;
    return text;
}

static bool part_equal(CURLU *a, CURLU *b, CURLUPart which)
{
    char *text_a = part(a, which, CURLU_DEFAULT_PORT), *text_b = part(b, which, CURLU_DEFAULT_PORT);
    bool equal = text_a != NULL && text_b != NULL && str_equal_nocase(text_a, text_b);

    curl_free(text_a);
    curl_free(text_b);
    return equal;
}

/* libcurl never looks "localhost" up: it is 127.0.0.1 and ::1 whatever a resolver says. */
static bool is_loopback(CURLU *parsed)
{
    char *host = part(parsed, CURLUPART_HOST, 0);
    struct in_addr address;
    struct in6_addr address6;
    bool loopback = false;
    size_t size;

    if (host == NULL)
        return false;
    size = strlen(host);
    if (inet_pton(AF_INET, host, &address) == 1) {
        loopback = ntohl(address.s_addr) >> 24 == 127;
    } else if (size > 2 && host[0] == '[' && host[size - 1] == ']') {
        host[size - 1] = '\0';
        loopback = inet_pton(AF_INET6, host + 1, &address6) == 1 && IN6_IS_ADDR_LOOPBACK(&address6);
    } else {
        loopback = str_equal_nocase(host, "localhost");
    }
    curl_free(host);
    return loopback;
}

bool http_url_is_loopback(const char *url)
{
    CURLU *parsed = parse(url);
    bool loopback = parsed != NULL && is_loopback(parsed);

    curl_url_cleanup(parsed);
    return loopback;
}

/* An empty user ("https://@host/") is one too, though libcurl reports none. */
static bool has_user(const char *url)
{
    const char *authority = strstr(url, "://") + 3;
    return memchr(authority, '@', strcspn(authority, "/?#")) != NULL;
}

bool http_url_allowed(const char *url, const char **why)
{
    CURLU *parsed = strstr(url, "://") == NULL ? NULL : parse(url);
    char *scheme = parsed == NULL ? NULL : part(parsed, CURLUPART_SCHEME, 0);

    *why = NULL;
    if (scheme == NULL)
        *why = "it is not an absolute URL";
    else if (has_user(url))
        *why = "it holds a user name or password";
    else if (str_equal(scheme, "http") && !is_loopback(parsed))
        *why = "plain http goes to loopback addresses only, use https";
    else if (!str_equal(scheme, "http") && !str_equal(scheme, "https"))
        *why = "its scheme is not https";
    curl_free(scheme);
    curl_url_cleanup(parsed);
    return *why == NULL;
}

bool http_same_origin(const char *a, const char *b)
{
    CURLU *parsed_a = parse(a), *parsed_b = parse(b);
    bool same = parsed_a != NULL && parsed_b != NULL &&
                part_equal(parsed_a, parsed_b, CURLUPART_SCHEME) &&
                part_equal(parsed_a, parsed_b, CURLUPART_HOST) &&
                part_equal(parsed_a, parsed_b, CURLUPART_PORT);

    curl_url_cleanup(parsed_a);
    curl_url_cleanup(parsed_b);
    return same;
}
