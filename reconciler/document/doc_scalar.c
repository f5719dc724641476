#include "document/doc_scalar.h"

#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_one_of(const char *text, size_t size, const char *const *words, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0)
            return true;
    return false;
}

static bool is_null(const char *text, size_t size)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    return is_one_of(text, size, words, COUNT_OF(words));
}

static bool is_boolean(const char *text, size_t size)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE"};
    return is_one_of(text, size, words, COUNT_OF(words));
}

static size_t sign_size(const char *text, size_t size)
{
    return size > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
}

static size_t digits_size(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && text[at] >= '0' && text[at] <= '9')
        at++;
    return at;
}

static bool is_octal(const char *text, size_t size)
{
    size_t i;
    for (i = 0; i < size; i++)
        if (text[i] < '0' || text[i] > '7')
            return false;
    return size != 0;
}

/* [-+]?[0-9]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+ */
static bool is_integer(const char *text, size_t size)
{
    size_t sign = sign_size(text, size);
    if (size > 2 && text[0] == '0' && text[1] == 'o')
        return is_octal(text + 2, size - 2);
    if (size > 2 && text[0] == '0' && text[1] == 'x')
        return str_is_hex(text + 2, size - 2);
    return str_is_digits(text + sign, size - sign);
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?, infinities and not-a-number */
static bool is_float(const char *text, size_t size)
{
    static const char *const infinities[] = {".inf", ".Inf", ".INF"};
    static const char *const nans[] = {".nan", ".NaN", ".NAN"};
    size_t at = sign_size(text, size), whole, fraction = 0;

    if (is_one_of(text, size, nans, COUNT_OF(nans)) ||
        is_one_of(text + at, size - at, infinities, COUNT_OF(infinities)))
        return true;
    whole = digits_size(text + at, size - at);
    at += whole;
    if (at < size && text[at] == '.') {
        at++;
        fraction = digits_size(text + at, size - at);
        at += fraction;
    }
    if (whole == 0 && fraction == 0)
        return false;
    if (at < size && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        at += sign_size(text + at, size - at);
        return str_is_digits(text + at, size - at);
    }
    return at == size;
}

/* The first character tells that most scalars can only be strings. */
static bool may_be_other_than_string(const char *text, size_t size)
{
    static const char first[] = "~nNtTfF+-.0123456789";
    return size == 0 || memchr(first, text[0], sizeof(first) - 1) != NULL;
}

enum doc_kind doc_scalar_kind(const char *text, size_t size)
{
    if (!may_be_other_than_string(text, size))
        return DOC_STRING;
    if (is_null(text, size))
        return DOC_NULL;
    if (is_boolean(text, size))
        return DOC_BOOLEAN;
    if (is_integer(text, size))
        return DOC_INTEGER;
    return is_float(text, size) ? DOC_FLOAT : DOC_STRING;
}

int doc_tag_kind(const char *tag, enum doc_kind *kind)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    static const char *const names[] = {
        [DOC_NULL] = "null",  [DOC_BOOLEAN] = "bool", [DOC_INTEGER] = "int", [DOC_FLOAT] = "float",
        [DOC_STRING] = "str", [DOC_SEQUENCE] = "seq", [DOC_MAPPING] = "map",
    };
    size_t i;

    if (!str_starts_with(tag, prefix))
        return -1;
    for (i = 0; i < COUNT_OF(names); i++) {
        if (str_equal(tag + sizeof(prefix) - 1, names[i])) {
            *kind = (enum doc_kind)i;
            return 0;
        }
    }
    return -1;
}

bool doc_tag_fits(enum doc_kind wanted, const char *text, size_t size)
{
    enum doc_kind kind = doc_scalar_kind(text, size);
    return wanted == DOC_STRING || wanted == kind || (wanted == DOC_FLOAT && kind == DOC_INTEGER);
}

const char *doc_kind_name(enum doc_kind kind)
{
    static const char *const names[] = {
        [DOC_NULL] = "null",         [DOC_BOOLEAN] = "a boolean", [DOC_INTEGER] = "an integer",
        [DOC_FLOAT] = "a number",    [DOC_STRING] = "a string",   [DOC_SEQUENCE] = "a list",
        [DOC_MAPPING] = "a mapping",
    };
    return names[kind];
}

bool doc_boolean(const struct doc_node *node)
{
    return node->text[0] == 't' || node->text[0] == 'T';
}

int doc_integer(const struct doc_node *node, int64_t *out)
{
    const char *text = node->text;
    bool octal = text[0] == '0' && text[1] == 'o', hexadecimal = text[0] == '0' && text[1] == 'x';
    long long value;

    if (!octal && !hexadecimal)
        return str_to_int64(text, out);
    errno = 0;
    value = strtoll(text + 2, NULL, octal ? 8 : 16);
    if (errno != 0)
        return -1;
    *out = value;
    return 0;
}
