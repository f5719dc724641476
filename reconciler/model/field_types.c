/*
 * The types of plain settings, and the list of all types; see field.h for what each slot owes.
 */
#include "model/field_text.h"

#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* boolean */

static int boolean_parse(const struct field *field, const struct doc_node *node, void *member,
                         struct field_reader *reader)
{
    static const char *const yes[] = {"yes", "on", "y", "1"};
    static const char *const no[] = {"no", "off", "n", "0"};
    size_t i;

    if (node->kind == DOC_BOOLEAN) {
        *(bool *)member = doc_boolean(node);
        return 0;
    }
    field_report_kind(field, node, reader->diag);
    if (node->kind == DOC_SEQUENCE || node->kind == DOC_MAPPING)
        return -1;
    for (i = 0; i < COUNT_OF(yes); i++) {
        if (str_equal_nocase(node->text, yes[i]))
            diag_help(reader->diag, "write true");
        if (str_equal_nocase(node->text, no[i]))
            diag_help(reader->diag, "write false");
    }
    if (str_equal_nocase(node->text, "true") || str_equal_nocase(node->text, "false"))
        diag_help(reader->diag, "write it without quotes");
    return -1;
}

static int boolean_decode(const struct field *field, const json_t *value, void *member,
                          struct field_reader *reader)
{
    (void)field;
    (void)reader;
    if (!json_is_boolean(value))
        return -1;
    *(bool *)member = json_is_true(value);
    return 0;
}

static void boolean_schema(const struct field *field, json_t *out)
{
    (void)field;
    json_object_set_new(out, "type", json_string("boolean"));
}

static json_t *boolean_json(const struct field *field, const void *member)
{
    (void)field;
    return json_boolean(*(const bool *)member);
}

static void boolean_print(const struct field *field, const void *member, struct buf *out)
{
    (void)field;
    buf_add_text(out, *(const bool *)member ? "true" : "false");
}

static bool boolean_equal(const struct field *field, const void *a, const void *b)
{
    (void)field;
    return *(const bool *)a == *(const bool *)b;
}

const struct field_type field_boolean = {
    .name = "a boolean",
    .size = sizeof(bool),
    .parse = boolean_parse,
    .decode = boolean_decode,
    .encode = boolean_print,
    .equal = boolean_equal,
    .print = boolean_print,
    .json = boolean_json,
    .yaml_kind = DOC_BOOLEAN,
    .yaml = boolean_print,
    .secret = field_no_secret,
    .schema = boolean_schema,
};

/* integer */

static int integer_parse(const struct field *field, const struct doc_node *node, void *member,
                         struct field_reader *reader)
{
    int64_t value;

    if (node->kind != DOC_INTEGER) {
        field_report_kind(field, node, reader->diag);
        if (node->kind == DOC_STRING && !node->plain && str_to_int64(node->text, &value) == 0)
            diag_help(reader->diag, "write it without quotes: %s", node->text);
        return -1;
    }
    if (doc_integer(node, &value) != 0 || value < field->min || value > field->max) {
        if (field->min == field->max) {
            diag_error(reader->diag, &node->span, "\"%s\" must be %" PRId64 ", not %s",
                       field->yaml_key, field->min, node->text);
            return -1;
        }
        diag_error(reader->diag, &node->span,
                   "\"%s\" must be between %" PRId64 " and %" PRId64 ", not %s", field->yaml_key,
                   field->min, field->max, node->text);
        return -1;
    }
    *(int64_t *)member = value;
    return 0;
}

static int integer_decode(const struct field *field, const json_t *value, void *member,
                          struct field_reader *reader)
{
    (void)field;
    (void)reader;
    if (!json_is_integer(value))
        return -1;
    *(int64_t *)member = json_integer_value(value);
    return 0;
}

static void integer_schema(const struct field *field, json_t *out)
{
    json_object_set_new(out, "type", json_string("integer"));
    json_object_set_new(out, "minimum", json_integer(field->min));
    json_object_set_new(out, "maximum", json_integer(field->max));
}

static json_t *integer_json(const struct field *field, const void *member)
{
    (void)field;
    return json_integer(*(const int64_t *)member);
}

static void integer_print(const struct field *field, const void *member, struct buf *out)
{
    (void)field;
    buf_printf(out, "%" PRId64, *(const int64_t *)member);
}

static bool integer_equal(const struct field *field, const void *a, const void *b)
{
    (void)field;
    return *(const int64_t *)a == *(const int64_t *)b;
}

const struct field_type field_integer = {
    .name = "an integer",
    .size = sizeof(int64_t),
    .parse = integer_parse,
    .decode = integer_decode,
    .encode = integer_print,
    .equal = integer_equal,
    .print = integer_print,
    .json = integer_json,
    .yaml_kind = DOC_INTEGER,
    .yaml = integer_print,
    .secret = field_no_secret,
    .schema = integer_schema,
};

/* string */

static int string_parse(const struct field *field, const struct doc_node *node, void *member,
                        struct field_reader *reader)
{
    struct field_string string;
    size_t length;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    length = str_utf8_length(string.text, string.size);
    if (length < (size_t)field->min) {
        diag_error(reader->diag, &node->span, "\"%s\" can't be empty", field->yaml_key);
        return -1;
    }
    if (field->max != 0 && length > (size_t)field->max) {
        diag_error(reader->diag, &node->span,
                   "\"%s\" has %zu characters; at most %" PRId64 " are allowed", field->yaml_key,
                   length, field->max);
        return -1;
    }
    field_text_set(member, string.text);
    return 0;
}

/* A string with ${NAME} may be longer or shorter than what it stands for. */
static void string_schema(const struct field *field, json_t *out)
{
    struct buf pattern;

    buf_init(&pattern, 256);
    buf_printf(&pattern, "[^\\u0000]{%" PRId64 ",%" PRId64 "}", field->min, field->max);
    field_text_schema(out, field->max == 0 ? NULL : buf_text(&pattern));
    buf_release(&pattern);
}

const struct field_type field_string = {
    .name = "a string",
    .size = sizeof(const char *),
    .parse = string_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_quoted,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = string_schema,
};

/* URL */

enum { URL_MAX = 4000 }; /* Twilio error 21609; its dictionary states it for StatusCallback */

/* The authority of an http or https URL, or NULL; `*size` gets its length. */
static const char *url_authority(const char *url, size_t *size)
{
    const char *start = NULL;

    if (strncasecmp(url, "https://", 8) == 0)
        start = url + 8;
    else if (strncasecmp(url, "http://", 7) == 0)
        start = url + 7;
    if (start == NULL)
        return NULL;
    *size = strcspn(start, "/?#");
    return start;
}

/* The last "@" of an authority, NULL when it has no user; a password may have one in it. */
static const char *user_end(const char *authority, size_t size)
{
    while (size > 0)
        if (authority[--size] == '@')
            return authority + size;
    return NULL;
}

static const char *url_problem(const char *url, size_t size)
{
    size_t authority_size = 0, i;
    const char *authority = url_authority(url, &authority_size), *host, *at;

    if (authority == NULL)
        return "it must begin with https:// or http://";
    for (i = 0; i < size; i++)
        if ((unsigned char)url[i] <= ' ' || url[i] == 0x7f)
            return "it has a space or a control character in it; percent-encode it";
    at = user_end(authority, authority_size);
    host = at == NULL ? authority : at + 1;
    if (host == authority + authority_size || *host == ':')
        return "it has no host";
    if (memchr(host, '_', authority_size - (size_t)(host - authority)) != NULL)
        return "Twilio refuses an underscore in a host name";
    if (str_utf8_length(url, size) > URL_MAX)
        return "it is longer than 4,000 characters";
    return NULL;
}

static int url_parse(const struct field *field, const struct doc_node *node, void *member,
                     struct field_reader *reader)
{
    struct field_string string;
    const char *problem;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    if (string.text[0] == '\0') {
        diag_error(reader->diag, &node->span, "\"%s\" can't be an empty string", field->yaml_key);
        diag_help(reader->diag, "write null to clear the setting");
        return -1;
    }
    problem = url_problem(string.text, string.size);
    if (problem != NULL) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a URL that Twilio can call",
                   field->yaml_key);
        diag_help(reader->diag, "%s", problem);
        return -1;
    }
    field_text_set(member, string.text);
    return 0;
}

/*
 * As url_problem() has it: scheme, an authority with a host after any user and password, no
 * underscore in the host, no white space or control character anywhere.
 */
static void url_schema(const struct field *field, json_t *out)
{
    (void)field;
    field_text_schema(
        out,
        "(?=[^\\u0000-\\u0020\\u007f]{1,4000}(?![\\s\\S]))[Hh][Tt][Tt][Pp][Ss]?://(?:[^/?#]*@)?"
        "[^/?#@:_][^/?#@_]*(?:[/?#][\\s\\S]*)?");
}

/*
 * Twilio's samples store "https://www.example.com" and show it with a slash; whether it really
 * normalises is not known, so an empty path and "/" are one.
 */
static bool url_equal(const struct field *field, const void *a, const void *b)
{
    const char *left = field_text_of(a), *right = field_text_of(b), *authority;
    size_t size = 0, prefix;

    (void)field;
    if (strcmp(left, right) == 0)
        return true;
    authority = url_authority(left, &size);
    if (authority == NULL)
        return false;
    prefix = (size_t)(authority - left) + size;
    if (strncmp(left, right, prefix) != 0)
        return false;
    left += prefix;
    right += prefix;
    return strcmp(*left == '/' ? left + 1 : left, *right == '/' ? right + 1 : right) == 0 &&
           strcspn(*left == '/' ? left + 1 : left, "?#") == 0;
}

/* The password of user:password@. */
static const char *url_secret(const struct field *field, const char *text, size_t *size)
{
    const char *authority, *at, *colon;
    size_t authority_size = 0;

    (void)field;
    authority = url_authority(text, &authority_size);
    at = authority == NULL ? NULL : user_end(authority, authority_size);
    colon = at == NULL ? NULL : memchr(authority, ':', (size_t)(at - authority));
    if (colon == NULL || colon + 1 == at)
        return NULL;
    *size = (size_t)(at - colon) - 1;
    return colon + 1;
}

/* A password is never shown, nor how long it is. */
static void url_print(const struct field *field, const void *member, struct buf *out)
{
    const char *url = field_text_of(member), *secret;
    struct buf shown;
    size_t size;

    secret = url_secret(field, url, &size);
    if (secret == NULL) {
        str_add_quoted(out, url);
        return;
    }
    buf_init(&shown, out->limit);
    buf_add(&shown, url, (size_t)(secret - url));
    buf_add_text(&shown, "***");
    buf_add_text(&shown, secret + size);
    str_add_quoted(out, buf_text(&shown));
    buf_release(&shown);
}

const struct field_type field_url = {
    .name = "a URL",
    .size = sizeof(const char *),
    .parse = url_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = url_equal,
    .print = url_print,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = url_secret,
    .schema = url_schema,
};

/* choice: live values outside the list are kept, for the API may know more than we do */

static void help_choices(const struct field *field, struct diag *diag)
{
    struct buf list;
    size_t i;

    buf_init(&list, 4096);
    for (i = 0; i < field->choice_count; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : ", ", field->choices[i]);
    diag_help(diag, "it is one of: %s", buf_text(&list));
    buf_release(&list);
}

static int choice_parse(const struct field *field, const struct doc_node *node, void *member,
                        struct field_reader *reader)
{
    struct field_string string;
    const char *nearest;
    size_t i;

    if (field_take_string(field, node, &string, reader) != 0) {
        if (node->kind != DOC_STRING)
            help_choices(field, reader->diag);
        return -1;
    }
    for (i = 0; i < field->choice_count; i++) {
        if (strcmp(string.text, field->choices[i]) == 0) {
            field_text_set(member, string.text);
            return 0;
        }
    }
    diag_error(reader->diag, &node->span, "\"%s\" can't be \"%s\"", field->yaml_key, string.shown);
    nearest = str_closest(string.shown, field->choices, field->choice_count);
    if (nearest != NULL)
        diag_help(reader->diag, "did you mean \"%s\"?", nearest);
    else
        help_choices(field, reader->diag);
    return -1;
}

static void choice_schema(const struct field *field, json_t *out)
{
    json_t *choices = json_array(), *any = json_array();
    size_t i;

    for (i = 0; i < field->choice_count; i++)
        json_array_append_new(choices, json_string(field->choices[i]));
    json_array_append_new(any, json_pack("{so}", "enum", choices));
    json_array_append_new(any, json_pack("{ssss}", "type", "string", "pattern", "\\$\\{"));
    json_object_set_new(out, "anyOf", any);
}

const struct field_type field_choice = {
    .name = "one of its words",
    .size = sizeof(const char *),
    .parse = choice_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_quoted,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = choice_schema,
};

/* duration: a whole number and s, m or h; milliseconds within */

static int duration_parse(const struct field *field, const struct doc_node *node, void *member,
                          struct field_reader *reader)
{
    struct field_string string;
    size_t digits;
    int64_t unit, value;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    digits = strspn(string.text, "0123456789");
    unit = string.text[digits] == 's' ? 1000 : string.text[digits] == 'm' ? 60000 : 3600000;
    if (digits == 0 || digits > 6 || string.text[0] == '0' ||
        strchr("smh", string.text[digits]) == NULL || string.size != digits + 1) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a duration", string.shown);
        diag_help(reader->diag, "write a whole number and s, m or h, for instance 90s or 5m");
        return -1;
    }
    value = strtoll(string.text, NULL, 10);
    *(int64_t *)member = value * unit;
    return 0;
}

static void duration_print(const struct field *field, const void *member, struct buf *out)
{
    (void)field;
    buf_printf(out, "%" PRId64 "s", *(const int64_t *)member / 1000);
}

static void duration_schema(const struct field *field, json_t *out)
{
    (void)field;
    field_text_schema(out, "[1-9][0-9]{0,5}[smh]");
}

const struct field_type field_duration = {
    .name = "a duration",
    .size = sizeof(int64_t),
    .parse = duration_parse,
    .decode = integer_decode,
    .encode = integer_print,
    .equal = integer_equal,
    .print = duration_print,
    .json = integer_json,
    .yaml_kind = DOC_STRING,
    .yaml = duration_print,
    .secret = field_no_secret,
    .schema = duration_schema,
};

const struct field_type *const field_types[] = {
    &field_boolean,      &field_integer,      &field_string,       &field_url,
    &field_choice,       &field_sid,          &field_phone_number, &field_short_code,
    &field_alpha_sender, &field_capabilities, &field_country,      &field_channel,
    &field_duration,
};
const size_t field_type_count = COUNT_OF(field_types);
