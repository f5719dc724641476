#include "source/known_hosts.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/str.h"

#include <stdint.h>
#include <string.h>

enum { KEY_MAX = 16 * 1024, USUAL_PORT = 22 };

const char *known_host_name(const char *host, int port, struct arena *arena)
{
    return port == USUAL_PORT ? arena_strdup(arena, host)
                              : arena_printf(arena, "[%s]:%d", host, port);
}

const char *known_host_key_type(const void *bytes, size_t size, struct arena *arena)
{
    const unsigned char *at = bytes;
    uint32_t length;

    if (size < 4)
        return "";
    length = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return length > size - 4 || length > 64 ? ""
                                            : arena_strndup(arena, (const char *)at + 4, length);
}

const char *known_host_fingerprint(const void *bytes, size_t size, struct arena *arena)
{
    struct buf text;
    const char *out;

    buf_init(&text, 256);
    buf_add_text(&text, "SHA256:");
    digest_add_base64(bytes, size, &text);
    out = arena_strndup(arena, buf_text(&text), strcspn(buf_text(&text), "="));
    buf_release(&text);
    return out;
}

/* "*" is any characters, "?" any one; names are in small letters. */
static bool matches(const char *pattern, size_t size, const char *name)
{
    const char *end = pattern + size, *star = NULL, *again = NULL;

    while (*name != '\0') {
        char wanted = pattern < end ? *pattern : '\0';
        if (wanted >= 'A' && wanted <= 'Z')
            wanted = (char)(wanted - 'A' + 'a');
        if (wanted == '*') {
            star = ++pattern;
            again = name;
        } else if (wanted != '\0' && (wanted == '?' || wanted == *name)) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star;
            name = ++again;
        } else {
            return false;
        }
    }
    while (pattern < end && *pattern == '*')
        pattern++;
    return pattern == end;
}

/* |1|salt|HMAC-SHA-1 of the name| */
static bool matches_hash(const char *hash, size_t size, const char *name)
{
    const char *salt = hash + 3, *bar = memchr(salt, '|', size - 3);
    char mac[DIGEST_SHA1_BASE64_SIZE];
    bool same = false;
    struct buf key;

    if (bar == NULL)
        return false;
    buf_init(&key, 256);
    if (base64_decode(&key, salt, (size_t)(bar - salt)) == 0) {
        digest_hmac_sha1(buf_text(&key), key.size, name, strlen(name), mac);
        same = (size_t)(hash + size - bar) - 1 == strlen(mac) &&
               memcmp(bar + 1, mac, strlen(mac)) == 0;
    }
    buf_release(&key);
    return same;
}

/* A list of patterns; one that begins with "!" takes out what it matches. */
static bool names_host(const char *list, size_t size, const char *name)
{
    bool found = false;

    if (size > 3 && memcmp(list, "|1|", 3) == 0)
        return matches_hash(list, size, name);
    while (size > 0) {
        const char *comma = memchr(list, ',', size);
        const size_t length = comma == NULL ? size : (size_t)(comma - list);
        if (length > 0 && list[0] == '!' && matches(list + 1, length - 1, name))
            return false;
        if (length > 0 && list[0] != '!' && matches(list, length, name))
            found = true;
        list += length + (comma != NULL);
        size -= length + (comma != NULL);
    }
    return found;
}

struct word {
    const char *text;
    size_t size;
};

static struct word next_word(const char **at, const char *end)
{
    struct word word;

    while (*at < end && (**at == ' ' || **at == '\t'))
        ++*at;
    word.text = *at;
    while (*at < end && **at != ' ' && **at != '\t' && **at != '\r')
        ++*at;
    word.size = (size_t)(*at - word.text);
    return word;
}

static bool word_is(const struct word *word, const char *text)
{
    return word->size == strlen(text) && memcmp(word->text, text, word->size) == 0;
}

struct line {
    struct word marker, type, key; /* no marker, or all empty: not a line of the host */
};

/* What a line says of the host of that name. */
static struct line read_line(const char *text, const char *end, const char *name)
{
    struct word hosts = next_word(&text, end);
    struct line line = {0};

    if (hosts.size == 0 || hosts.text[0] == '#')
        return line;
    if (hosts.text[0] == '@') {
        line.marker = hosts;
        hosts = next_word(&text, end);
    }
    line.type = next_word(&text, end);
    line.key = next_word(&text, end);
    return line.key.size != 0 && names_host(hosts.text, hosts.size, name) ? line : (struct line){0};
}

static enum known_host_verdict judge_line(const struct line *line, const struct shown_key *key)
{
    struct buf bytes;
    bool same;

    if (line->key.size == 0 || (line->marker.size != 0 && !word_is(&line->marker, "@revoked")))
        return KNOWN_HOST_UNKNOWN;
    buf_init(&bytes, KEY_MAX);
    if (base64_decode(&bytes, line->key.text, line->key.size) != 0) {
        buf_release(&bytes);
        return KNOWN_HOST_UNKNOWN;
    }
    same = bytes.size == key->size && memcmp(bytes.data, key->bytes, key->size) == 0;
    buf_release(&bytes);
    if (line->marker.size != 0)
        return same ? KNOWN_HOST_REVOKED : KNOWN_HOST_UNKNOWN;
    if (same)
        return KNOWN_HOST_GOOD;
    return word_is(&line->type, key->type) ? KNOWN_HOST_CHANGED : KNOWN_HOST_OTHER_TYPE;
}

/* Which of two verdicts says more. */
static unsigned weight(enum known_host_verdict verdict)
{
    static const unsigned weights[] = {
        [KNOWN_HOST_UNKNOWN] = 0, [KNOWN_HOST_OTHER_TYPE] = 1, [KNOWN_HOST_CHANGED] = 2,
        [KNOWN_HOST_GOOD] = 3,    [KNOWN_HOST_REVOKED] = 4,
    };
    return weights[verdict];
}

enum known_host_verdict known_hosts_check(const char *file, const char *text, size_t size,
                                          const struct shown_key *key, struct arena *arena,
                                          struct known_host_place *place)
{
    const char *name = known_host_name(key->host, key->port, arena), *end = text + size;
    enum known_host_verdict verdict = KNOWN_HOST_UNKNOWN;
    size_t number = 0;

    memset(place, 0, sizeof(*place));
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline == NULL ? end : newline;
        const struct line line = read_line(text, stop, name);
        const enum known_host_verdict found = judge_line(&line, key);
        number++;
        if (weight(found) > weight(verdict)) {
            verdict = found;
            place->file = arena_strdup(arena, file);
            place->line = number;
            place->type = arena_strndup(arena, line.type.text, line.type.size);
        }
        text = stop + 1;
    }
    return verdict;
}

void known_hosts_select(const char *text, size_t size, const char *host, int port, struct buf *out)
{
    const char *end = text + size;
    struct arena arena = {0};
    const char *name = known_host_name(host, port, &arena);

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline == NULL ? end : newline;
        const struct line line = read_line(text, stop, name);
        if (line.key.size != 0 && line.marker.size == 0)
            buf_printf(out, "%s %.*s %.*s\n", name, (int)line.type.size, line.type.text,
                       (int)line.key.size, line.key.text);
        text = stop + 1;
    }
    arena_release(&arena);
}
