#include "source/remote_location.h"

#include "base/str.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 4096, HIGHEST_PORT = 65535 };

static const struct {
    const char *name, *prefix;
    int port;
} schemes[] = {
    [REMOTE_HTTPS] = {"https", "git+https://", 443},
    [REMOTE_SSH] = {"ssh", "git+ssh://", 22},
    [REMOTE_FILE] = {"file", "git+file://", 0},
};

static const char example[] = "git+https://host/team/config.git//rosters/orders.yaml?ref=main";

bool remote_location_is(const char *text)
{
    static const char *const others[] = {"git+", "git://", "ssh://", "https://", "http://"};
    size_t i;

    for (i = 0; i < COUNT_OF(others); i++)
        if (str_starts_with(text, others[i]))
            return true;
    /* user@host:path, as git takes it; a file of that name can be given as ./user@host:path. */
    return str_starts_with(text, "git@") && strchr(text, ':') != NULL;
}

static int refuse_scheme(const char *text, struct diag *diag)
{
    const bool insecure = str_starts_with(text, "git+http:") || str_starts_with(text, "http:") ||
                          str_starts_with(text, "git+git:") || str_starts_with(text, "git:");

    if (insecure)
        diag_error(diag, NULL,
                   "a roster is not fetched over http or git: nobody could tell who "
                   "sent it");
    else
        diag_error(diag, NULL, "the roster's location begins as no git source does");
    diag_help(diag, "write git+https://, git+ssh:// or git+file://, as in %s", example);
    return -1;
}

static int malformed(struct diag *diag, const char *what)
{
    diag_error(diag, NULL, "the roster's location %s", what);
    diag_help(diag, "write it as in %s", example);
    return -1;
}

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit == '\0' ? NULL : strchr(digits, tolower((unsigned char)digit));

    return at == NULL ? -1 : (int)(at - digits);
}

/* A copy with %XX replaced; NULL when there is a malformed one, or a control character. */
static char *decode(struct arena *arena, const char *text, size_t size)
{
    char *out = arena_alloc(arena, size + 1);
    size_t length = 0, i;

    for (i = 0; i < size; i++) {
        char byte = text[i];
        if (byte == '%') {
            if (i + 2 >= size || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
                return NULL;
            byte = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        if ((unsigned char)byte < ' ' || byte == 0x7f)
            return NULL;
        out[length++] = byte;
    }
    return str_utf8_valid(out, length) == length ? out : NULL;
}

static int read_query(struct remote_location *location, const char *query, struct arena *arena,
                      struct diag *diag)
{
    static const char key[] = "ref=";

    if (query == NULL)
        return 0;
    if (!str_starts_with(query, key) || strchr(query, '&') != NULL) {
        diag_error(diag, NULL,
                   "the roster's location has something else than ref= behind its \"?\"");
        diag_help(diag, "write ?ref=NAME, with a branch, a tag or a commit, or nothing");
        return -1;
    }
    query += sizeof(key) - 1;
    if (query[0] == '\0')
        return malformed(diag, "names nothing behind \"?ref=\"");
    location->ref = decode(arena, query, strlen(query));
    return location->ref == NULL ? malformed(diag, "has a malformed ref") : 0;
}

static int read_path(struct remote_location *location, const char *text, size_t size,
                     struct arena *arena, struct diag *diag)
{
    const char *at;
    char *path;

    while (size > 0 && text[size - 1] == '/')
        size--;
    path = decode(arena, text, size);
    if (path == NULL)
        return malformed(diag, "has a malformed path in the repository");
    for (at = path; *path != '\0'; at++) {
        size_t length = strcspn(at, "/");
        if (length == 0 || (length <= 2 && strspn(at, ".") == length))
            return malformed(diag, "has an empty part, \".\" or \"..\" in its path");
        at += length;
        if (*at == '\0')
            break;
    }
    location->path = path;
    return 0;
}

/* What stands before the "@"; `*authority` moves behind it. */
static int read_user(struct remote_location *location, const char **authority, size_t *size,
                     struct arena *arena, struct diag *diag)
{
    const char *at = NULL;
    size_t i, length;

    for (i = 0; i < *size; i++)
        if ((*authority)[i] == '@')
            at = *authority + i;
    if (at == NULL)
        return 0;
    length = (size_t)(at - *authority);
    if (location->scheme != REMOTE_SSH) {
        diag_error(diag, NULL, "the roster's location has a user or a password in it");
        diag_help(diag, "leave it out; credentials come from ROSTER_GIT_TOKEN and "
                        "ROSTER_GIT_USERNAME, or from git's credential helpers");
        return -1;
    }
    if (memchr(*authority, ':', length) != NULL) {
        diag_error(diag, NULL, "the roster's location has a password in it");
        diag_help(diag, "leave it out; credentials come from the ssh agent or ROSTER_GIT_SSH_KEY");
        return -1;
    }
    location->user = decode(arena, *authority, length);
    if (str_is_empty(location->user))
        return malformed(diag, "has a malformed user");
    *authority = at + 1;
    *size -= length + 1;
    return 0;
}

static bool is_host(const char *text, size_t size, bool address)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && strchr(address ? ":." : ".-_", text[i]) == NULL)
            return false;
    return size > 0 && text[0] != '-';
}

static int read_host(struct remote_location *location, const char *text, size_t size,
                     struct arena *arena, struct diag *diag)
{
    const bool address = size > 0 && text[0] == '[';
    const char *end = address ? memchr(text, ']', size) : memchr(text, ':', size);
    const char *colon;
    int64_t port;

    if (address && end == NULL)
        return malformed(diag, "has a malformed host");
    colon = end == NULL ? text + size : end + address;
    end = end == NULL ? text + size : end;
    if (!is_host(text + address, (size_t)(end - text) - address, address))
        return malformed(diag, "has a malformed host");
    location->host =
        arena_lower(arena, arena_strndup(arena, text + address, (size_t)(end - text) - address), 0);
    location->port = schemes[location->scheme].port;
    if (colon == text + size)
        return 0;
    if (*colon != ':' ||
        str_to_int64(arena_strndup(arena, colon + 1, (size_t)(text + size - colon) - 1), &port) !=
            0 ||
        port < 1 || port > HIGHEST_PORT)
        return malformed(diag, "has a malformed port");
    location->port = (int)port;
    /* As libgit2 writes it, too. */
    location->named_port = location->port != schemes[location->scheme].port;
    return 0;
}

/* The repository's own path, and the URL of it. */
static int read_repository(struct remote_location *location, const char *path, size_t size,
                           struct arena *arena, struct diag *diag)
{
    const bool address = strchr(location->host, ':') != NULL;
    const char *scheme = schemes[location->scheme].name;
    const char *decoded = decode(arena, path, size);
    const char *port = location->named_port ? arena_printf(arena, ":%d", location->port) : "";

    if (decoded == NULL || size < 2)
        return malformed(diag, "names no repository");
    location->url = arena_printf(arena, "%s://%s%s%s%s%.*s", scheme, address ? "[" : "",
                                 location->host, address ? "]" : "", port, (int)size, path);
    location->display = location->url;
    return 0;
}

static int parse(struct remote_location *location, const char *rest, struct arena *arena,
                 struct diag *diag)
{
    const char *query = strchr(rest, '?');
    size_t size = query == NULL ? strlen(rest) : (size_t)(query - rest);
    size_t authority_size = strcspn(rest, "/?"), repository_size;
    const char *authority = rest, *slash = rest + authority_size, *inner;

    if (read_user(location, &authority, &authority_size, arena, diag) != 0)
        return -1;
    if (location->scheme == REMOTE_FILE && authority_size != 0)
        return malformed(diag, "needs three slashes before the path of the repository: "
                               "git+file:///srv/git/config.git");
    location->host = "";
    if (location->scheme != REMOTE_FILE &&
        read_host(location, authority, authority_size, arena, diag) != 0)
        return -1;
    inner = strstr(slash, "//");
    if (inner != NULL && (size_t)(inner - rest) >= size)
        inner = NULL;
    repository_size = inner == NULL ? size - (size_t)(slash - rest) : (size_t)(inner - slash);
    if (read_query(location, query == NULL ? NULL : query + 1, arena, diag) != 0 ||
        read_repository(location, slash, repository_size, arena, diag) != 0)
        return -1;
    if (inner == NULL) {
        location->path = "";
        return 0;
    }
    return read_path(location, inner + 2, size - (size_t)(inner + 2 - rest), arena, diag);
}

int remote_location_parse(struct remote_location *location, const char *text, struct arena *arena,
                          struct diag *diag)
{
    size_t i;

    memset(location, 0, sizeof(*location));
    if (strlen(text) > LONGEST)
        return malformed(diag, "is too long");
    for (i = 0; i < COUNT_OF(schemes); i++)
        if (str_starts_with(text, schemes[i].prefix))
            break;
    if (i == COUNT_OF(schemes))
        return refuse_scheme(text, diag);
    location->scheme = (enum remote_scheme)i;
    for (i = 0; text[i] != '\0'; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
            return malformed(diag, "has a blank or a control character in it; write %20 for a "
                                   "blank");
    if (strchr(text, '#') != NULL)
        return malformed(diag, "has a \"#\" in it; write %23");
    return parse(location, text + strlen(schemes[location->scheme].prefix), arena, diag);
}
