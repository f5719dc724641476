#include "http/webhook_url.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>

enum { URL_LIMIT = 256 * 1024 };

/* The parts of a URL, one behind the other; any may be empty. */
struct parts {
    const char *scheme; /* with "://" */
    const char *user;   /* with "@" */
    const char *host;
    const char *port;  /* with ":" */
    const char *path;  /* up to the query */
    const char *query; /* with "?" */
    const char *end;
};

static void split(const char *url, struct parts *parts)
{
    const char *mark = strstr(url, "://"), *authority = url, *colon;

    parts->end = url + strcspn(url, "#");
    if (mark != NULL && mark < parts->end)
        authority = mark + 3;
    parts->scheme = url;
    parts->user = authority;
    parts->path = authority + strcspn(authority, "/?#");
    parts->query = parts->path + strcspn(parts->path, "?#");
    /* The last "@" ends the user, whatever stands in a password. */
    for (parts->host = parts->path; parts->host > authority && parts->host[-1] != '@';)
        parts->host--;
    parts->port = parts->path;
    for (colon = parts->path; colon > parts->host; colon--)
        if (colon[-1] < '0' || colon[-1] > '9')
            break;
    if (colon > parts->host && colon[-1] == ':')
        parts->port = colon - 1;
}

bool webhook_url_is_base(const char *url, const char **why)
{
    struct parts parts;
    const char *at;

    *why = NULL;
    split(url, &parts);
    if (!str_starts_with(url, "https://") && !str_starts_with(url, "http://"))
        *why = "it does not begin with https:// or http://";
    else if (parts.host == parts.port)
        *why = "it has no host";
    else if (parts.query != parts.end || *parts.end != '\0')
        *why = "it has a query or a fragment";
    for (at = url; *at != '\0'; at++)
        if (*at <= ' ' || *at >= 0x7f)
            *why = "it has a blank or another character that no URL has";
    return *why == NULL;
}

static void add_part(struct buf *out, const char *from, const char *to)
{
    buf_add(out, from, (size_t)(to - from));
}

/* Without a port, the scheme's default one; else none. */
static void add_other_port(struct buf *out, const struct parts *parts)
{
    if (parts->port != parts->path)
        return;
    if (str_starts_with(parts->scheme, "https://"))
        buf_add_text(out, ":443");
    else if (str_starts_with(parts->scheme, "http://"))
        buf_add_text(out, ":80");
}

/* Encodes what URL parsers (WHATWG) encode in the query of an http URL. */
static void add_parsed_query(struct buf *out, const struct parts *parts)
{
    const char *at;

    for (at = parts->query; at < parts->end; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte <= ' ' || byte >= 0x7f || strchr("\"'<>", *at) != NULL)
            buf_printf(out, "%%%02X", byte);
        else
            buf_add_char(out, *at);
    }
}

static void add_legacy_text(struct buf *out, const char *text)
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-._~!'()*";

    for (; *text != '\0'; text++) {
        if (strchr(kept, *text) != NULL)
            buf_add_char(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned char)*text);
    }
}

/* As an older form of signing does it: one name's values stand together, where the first one is. */
static void add_legacy_query(struct buf *out, const struct form *query)
{
    char mark = '?';
    size_t i, j;

    for (i = 0; i < query->count; i++) {
        for (j = 0; j < i && strcmp(query->pairs[j].name, query->pairs[i].name) != 0;)
            j++;
        if (j < i)
            continue;
        for (; j < query->count; j++) {
            if (strcmp(query->pairs[j].name, query->pairs[i].name) != 0)
                continue;
            buf_add_char(out, mark);
            add_legacy_text(out, query->pairs[j].name);
            buf_add_char(out, '=');
            add_legacy_text(out, query->pairs[j].value);
            mark = '&';
        }
    }
}

enum query_form { QUERY_AS_IS, QUERY_PARSED, QUERY_LEGACY };

static void add_variant(struct webhook_urls *urls, const struct buf *text, struct arena *arena)
{
    size_t i;

    for (i = 0; i < urls->count; i++)
        if (strcmp(urls->texts[i], buf_text(text)) == 0)
            return;
    urls->texts[urls->count++] = arena_strdup(arena, buf_text(text));
}

void webhook_url_variants(struct webhook_urls *urls, const char *url, const struct form *query,
                          struct arena *arena)
{
    struct parts parts;
    struct buf text;
    unsigned variant;

    memset(urls, 0, sizeof(*urls));
    split(url, &parts);
    buf_init(&text, URL_LIMIT);
    for (variant = 0; variant < WEBHOOK_URL_MAX; variant++) {
        enum query_form form = (enum query_form)(variant / 4);
        buf_clear(&text);
        add_part(&text, parts.scheme, parts.user);
        if ((variant & 2) == 0)
            add_part(&text, parts.user, parts.host);
        add_part(&text, parts.host, parts.port);
        if ((variant & 1) == 0)
            add_part(&text, parts.port, parts.path);
        else
            add_other_port(&text, &parts);
        add_part(&text, parts.path, parts.query);
        if (form == QUERY_AS_IS)
            add_part(&text, parts.query, parts.end);
        else if (form == QUERY_PARSED)
            add_parsed_query(&text, &parts);
        else
            add_legacy_query(&text, query);
        if (!text.full)
            add_variant(urls, &text, arena);
    }
    buf_release(&text);
}
