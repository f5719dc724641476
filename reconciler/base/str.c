#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

bool str_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Not strcasecmp(): that one asks the locale, and in a Turkish one "i" is not "I". */
bool str_equal_nocase(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool str_is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

bool str_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends_with(const char *text, const char *suffix)
{
    size_t size = strlen(text), tail = strlen(suffix);
    return size >= tail && strcmp(text + size - tail, suffix) == 0;
}

bool str_is_digits(const char *text, size_t size)
{
    size_t i;
    for (i = 0; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return size != 0;
}

bool str_is_hex(const char *text, size_t size)
{
    size_t i;
    for (i = 0; i < size; i++) {
        char c = text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            return false;
    }
    return size != 0;
}

int str_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int str_to_int64(const char *text, int64_t *out)
{
    const char *digits = text[0] == '-' || text[0] == '+' ? text + 1 : text;
    long long value;

    if (!str_is_digits(digits, strlen(digits)))
        return -1;
    errno = 0;
    value = strtoll(text, NULL, 10);
    if (errno != 0)
        return -1;
    *out = value;
    return 0;
}

bool str_is_sid(const char *text, const char *prefix)
{
    return strlen(text) == 34 && str_starts_with(text, prefix) && str_is_hex(text + 2, 32);
}

/* Length of the well-formed character at `text`, or 0. */
static size_t utf8_step(const unsigned char *text, size_t size, uint32_t *codepoint)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = text[0];
    size_t length, i;
    uint32_t value;

    if (lead < 0x80) {
        *codepoint = lead;
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
        value = lead & 0x1fu;
    } else if ((lead & 0xf0) == 0xe0) {
        length = 3;
        value = lead & 0x0fu;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        value = lead & 0x07u;
    } else {
        return 0;
    }
    if (size < length)
        return 0;
    for (i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3fu);
    }
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *codepoint = value;
    return length;
}

size_t str_utf8_valid(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t codepoint;
        size_t step = utf8_step((const unsigned char *)text + at, size - at, &codepoint);
        if (step == 0)
            return at;
        at += step;
    }
    return size;
}

size_t str_utf8_length(const char *text, size_t size)
{
    size_t count = 0, i;
    for (i = 0; i < size; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            count++;
    return count;
}

size_t str_utf8_decode(const char *text, size_t size, uint32_t *codepoint)
{
    size_t step;

    assert(size > 0);
    step = utf8_step((const unsigned char *)text, size, codepoint);
    if (step == 0) {
        *codepoint = 0xfffd;
        return 1;
    }
    return step;
}

unsigned str_columns(uint32_t codepoint)
{
    int width;
    if (codepoint < 0x7f)
        return 1;
    width = wcwidth((wchar_t)codepoint);
    return width < 0 ? 1 : (unsigned)width;
}

/* How many bytes of the text take at most so many columns. */
static size_t fitting(const char *text, size_t size, size_t columns)
{
    size_t at = 0, used = 0;

    while (at < size) {
        uint32_t codepoint;
        size_t step = str_utf8_decode(text + at, size - at, &codepoint);
        used += str_columns(codepoint);
        if (used > columns)
            break;
        at += step;
    }
    return at;
}

void str_add_fitted(struct buf *out, const char *text, size_t columns)
{
    const size_t size = strlen(text);

    if (columns == 0)
        return;
    if (fitting(text, size, columns) == size) {
        buf_add(out, text, size);
        return;
    }
    buf_add(out, text, fitting(text, size, columns - 1));
    buf_add_text(out, "…");
}

enum { CLOSEST_MAX = 64 };

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Optimal string alignment distance; both words are shorter than CLOSEST_MAX. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][CLOSEST_MAX + 1];
    size_t *before = rows[0], *previous = rows[1], *current = rows[2];
    size_t i, j;

    for (j = 0; j <= b_size; j++)
        previous[j] = j;
    for (i = 1; i <= a_size; i++) {
        size_t *swap;
        current[0] = i;
        for (j = 1; j <= b_size; j++) {
            size_t cost = lower(a[i - 1]) != lower(b[j - 1]);
            current[j] = min3(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]) && before[j - 2] + 1 < current[j])
                current[j] = before[j - 2] + 1;
        }
        swap = before;
        before = previous;
        previous = current;
        current = swap;
    }
    return previous[b_size];
}

const char *str_closest(const char *word, const char *const *candidates, size_t count)
{
    size_t size = strlen(word), best_distance = SIZE_MAX, i;
    const char *best = NULL;

    if (size == 0 || size >= CLOSEST_MAX)
        return NULL;
    for (i = 0; i < count; i++) {
        size_t other = strlen(candidates[i]), longer = size > other ? size : other;
        size_t allowed = longer / 3 > 1 ? longer / 3 : 1, edits;
        if (other >= CLOSEST_MAX)
            continue;
        edits = distance(word, size, candidates[i], other);
        if (edits <= allowed && edits < best_distance && edits < longer) {
            best = candidates[i];
            best_distance = edits;
        }
    }
    return best;
}

bool str_matches(const char *pattern, const char *text)
{
    return strcmp(pattern, text) == 0 || fnmatch(pattern, text, 0) == 0;
}

bool str_is_harmless(uint32_t codepoint)
{
    if (codepoint < 0x20 || (codepoint >= 0x7f && codepoint <= 0x9f))
        return false;
    /*
     * Marks, embeddings, overrides and isolates that reorder what a reviewer reads, and what is not
     * seen at all, so that two names look alike. Joiners (U+200C, U+200D) are part of words and of
     * emoji.
     */
    static const struct {
        uint32_t first, last;
    } harmful[] = {
        {0x00ad, 0x00ad}, {0x061c, 0x061c}, {0x180e, 0x180e},   {0x200b, 0x200b},
        {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xfeff, 0xfeff},
        {0xfff9, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe007f},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(harmful); i++)
        if (codepoint >= harmful[i].first && codepoint <= harmful[i].last)
            return false;
    return true;
}

static void add_visible_char(struct buf *out, const char *text, size_t step, uint32_t codepoint)
{
    if (codepoint == 0xfffd && step == 1)
        buf_printf(out, "\\x%02x", (unsigned char)text[0]);
    else if (str_is_harmless(codepoint))
        buf_add(out, text, step);
    else if (codepoint == '\n')
        buf_add_text(out, "\\n");
    else if (codepoint == '\t')
        buf_add_text(out, "\\t");
    else if (codepoint == '\r')
        buf_add_text(out, "\\r");
    else if (codepoint < 0x80)
        buf_printf(out, "\\x%02x", (unsigned)codepoint);
    else
        buf_printf(out, "\\u{%x}", (unsigned)codepoint);
}

void str_add_visible(struct buf *out, const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t codepoint;
        size_t step = str_utf8_decode(text + at, size - at, &codepoint);
        add_visible_char(out, text + at, step, codepoint);
        at += step;
    }
}

void str_add_quoted(struct buf *out, const char *text)
{
    size_t size = strlen(text), at = 0;

    buf_add_char(out, '"');
    while (at < size) {
        uint32_t codepoint;
        size_t step = str_utf8_decode(text + at, size - at, &codepoint);
        if (codepoint == '"' || codepoint == '\\')
            buf_add_char(out, '\\');
        add_visible_char(out, text + at, step, codepoint);
        at += step;
    }
    buf_add_char(out, '"');
}

static const char authority_ends[] = "/?# \t\r\n\"'<>";

static size_t authority_size(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && memchr(authority_ends, text[at], sizeof(authority_ends) - 1) == NULL)
        at++;
    return at;
}

/* The password of an authority: its offset, and its size in `*length`; 0 when there is none. */
static size_t password_at(const char *authority, size_t size, size_t *length)
{
    const char *colon = memchr(authority, ':', size);
    size_t user = size, start;

    while (user > 0 && authority[user - 1] != '@')
        user--;
    if (user == 0 || colon == NULL || colon >= authority + user - 1)
        return 0;
    start = (size_t)(colon - authority) + 1;
    *length = user - 1 - start;
    return *length == 0 ? 0 : start;
}

/* Copies the authority without its password; returns the bytes written. */
static size_t mask_authority(char *out, const char *authority, size_t size)
{
    size_t length, start = password_at(authority, size, &length), written = start, i;

    if (start == 0) {
        memmove(out, authority, size);
        return size;
    }
    memmove(out, authority, start);
    for (i = start; i < start + length; i++)
        if (((unsigned char)authority[i] & 0xc0) != 0x80)
            out[written++] = '*';
    memmove(out + written, authority + start + length, size - start - length);
    return written + size - start - length;
}

size_t str_mask_passwords(char *text, size_t size)
{
    size_t in = 0, out = 0;

    while (in < size) {
        size_t authority;
        if (size - in < 3 || memcmp(text + in, "://", 3) != 0) {
            text[out++] = text[in++];
            continue;
        }
        memmove(text + out, "://", 3);
        in += 3;
        out += 3;
        authority = authority_size(text + in, size - in);
        out += mask_authority(text + out, text + in, authority);
        in += authority;
    }
    if (out < size)
        text[out] = '\0';
    return out;
}

const char *str_find_password(const char *text, size_t *size)
{
    while ((text = strstr(text, "://")) != NULL) {
        size_t length, start;
        text += 3;
        length = strcspn(text, authority_ends);
        start = password_at(text, length, size);
        if (start != 0)
            return text + start;
        text += length;
    }
    return NULL;
}
