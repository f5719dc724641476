/*
 * The types that identify senders: SIDs, phone numbers, short codes, alpha senders, capabilities.
 */
#include "model/field_text.h"

#include "base/str.h"

#include <string.h>

/* SID: hexadecimal digits of either case are one (the API's patterns take both) */

static int sid_parse(const struct field *field, const struct doc_node *node, void *member,
                     struct field_reader *reader)
{
    struct field_string string;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    if (!str_is_sid(string.text, field->choices[0])) {
        diag_error(reader->diag, &node->span, "\"%s\" must be a SID: %s and 32 hexadecimal digits",
                   field->yaml_key, field->choices[0]);
        return -1;
    }
    field_text_set(member, string.text);
    return 0;
}

static int sid_decode(const struct field *field, const json_t *value, void *member,
                      struct field_reader *reader)
{
    /* SIDs become parts of request paths, so nothing but a SID is let in. */
    if (!json_is_string(value) || !str_is_sid(json_string_value(value), field->choices[0]))
        return -1;
    return field_text_decode(field, value, member, reader);
}

static bool sid_equal(const struct field *field, const void *a, const void *b)
{
    (void)field;
    return str_equal_nocase(field_text_of(a), field_text_of(b));
}

static void sid_schema(const struct field *field, json_t *out)
{
    struct buf pattern;

    buf_init(&pattern, 256);
    buf_printf(&pattern, "%s[0-9a-fA-F]{32}", field->choices[0]);
    field_text_schema(out, buf_text(&pattern));
    buf_release(&pattern);
}

const struct field_type field_sid = {
    .name = "a SID",
    .size = sizeof(const char *),
    .parse = sid_parse,
    .decode = sid_decode,
    .encode = field_text_encode,
    .equal = sid_equal,
    .print = field_text_print_bare,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = sid_schema,
};

/* phone number: E.164, "+", a first digit 1-9, 7 to 15 digits in all (ITU-T E.164) */

static bool is_e164(const char *text)
{
    size_t digits = strlen(text);
    if (text[0] != '+')
        return false;
    digits--;
    return digits >= 7 && digits <= 15 && str_is_digits(text + 1, digits) && text[1] != '0';
}

static int phone_number_parse(const struct field *field, const struct doc_node *node, void *member,
                              struct field_reader *reader)
{
    struct field_string string;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    if (!is_e164(string.text)) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a phone number in E.164 form",
                   string.shown);
        diag_help(reader->diag, "write +, the country code and the number, 7 to 15 digits without "
                                "separators, in quotes: \"+15005550001\"");
        return -1;
    }
    field_text_set(member, string.text);
    return 0;
}

static void phone_number_schema(const struct field *field, json_t *out)
{
    (void)field;
    field_text_schema(out, "\\+[1-9][0-9]{6,14}");
}

const struct field_type field_phone_number = {
    .name = "a phone number in quotes",
    .size = sizeof(const char *),
    .parse = phone_number_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = phone_number_schema,
};

/* short code: 5 or 6 digits */

static int short_code_parse(const struct field *field, const struct doc_node *node, void *member,
                            struct field_reader *reader)
{
    struct field_string string;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    if (!str_is_digits(string.text, string.size) || string.size < 5 || string.size > 6) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a short code", string.shown);
        diag_help(reader->diag, "a short code is 5 or 6 digits in quotes: \"85555\"");
        return -1;
    }
    field_text_set(member, string.text);
    return 0;
}

static void short_code_schema(const struct field *field, json_t *out)
{
    (void)field;
    field_text_schema(out, "[0-9]{5,6}");
}

const struct field_type field_short_code = {
    .name = "a short code in quotes",
    .size = sizeof(const char *),
    .parse = short_code_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = short_code_schema,
};

/* alpha sender: Twilio's AlphaSender parameter, letters of both cases being different senders */

static const char *alpha_problem(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789 -+_&";
    size_t size = strlen(text);

    if (size == 0)
        return "it can't be empty";
    if (size > 11)
        return "it has more than 11 characters";
    if (strspn(text, allowed) != size)
        return "only A-Z, a-z, 0-9, space, - + _ and & are allowed";
    if (str_is_digits(text, size))
        return "it can't consist of digits only";
    return NULL;
}

static int alpha_sender_parse(const struct field *field, const struct doc_node *node, void *member,
                              struct field_reader *reader)
{
    struct field_string string;
    const char *problem;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    problem = alpha_problem(string.text);
    if (problem != NULL) {
        diag_error(reader->diag, &node->span, "\"%s\" is not an alpha sender", string.shown);
        diag_help(reader->diag, "%s", problem);
        return -1;
    }
    field_text_set(member, string.text);
    return 0;
}

static void alpha_sender_schema(const struct field *field, json_t *out)
{
    (void)field;
    field_text_schema(out, "(?![0-9]+(?![\\s\\S]))[A-Za-z0-9 +_&-]{1,11}");
}

const struct field_type field_alpha_sender = {
    .name = "an alpha sender",
    .size = sizeof(const char *),
    .parse = alpha_sender_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = alpha_sender_schema,
};

/* country */

static int country_parse(const struct field *field, const struct doc_node *node, void *member,
                         struct field_reader *reader)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct field_string string;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    if (string.size != 2 || strspn(string.text, capitals) != 2) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a country code", string.shown);
        diag_help(reader->diag, "write the two capitals of ISO 3166-1, for instance GB");
        return -1;
    }
    field_text_set(member, string.text);
    return 0;
}

static void country_schema(const struct field *field, json_t *out)
{
    (void)field;
    field_text_schema(out, "[A-Z]{2}");
}

const struct field_type field_country = {
    .name = "a country code",
    .size = sizeof(const char *),
    .parse = country_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = country_schema,
};

/* channel sender: by its SID, or by the address that the API lists */

static bool is_channel_address(const char *text)
{
    static const char *const channels[] = {"messenger:", "rcs:"};
    size_t i;

    if (str_starts_with(text, "whatsapp:"))
        return is_e164(text + strlen("whatsapp:"));
    for (i = 0; i < COUNT_OF(channels); i++)
        if (str_starts_with(text, channels[i]))
            return strlen(text) > strlen(channels[i]) && strpbrk(text, " \t\r\n") == NULL;
    return false;
}

static int channel_parse(const struct field *field, const struct doc_node *node, void *member,
                         struct field_reader *reader)
{
    struct field_string string;

    if (field_take_string(field, node, &string, reader) != 0)
        return -1;
    if (!str_is_sid(string.text, "XE") && !is_channel_address(string.text)) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a channel sender", string.shown);
        diag_help(reader->diag, "write its SID (XE and 32 hexadecimal digits), or its address: "
                                "\"whatsapp:+15005550001\", \"messenger:…\", \"rcs:…\"");
        return -1;
    }
    /* Hexadecimal digits of either case are one SID. */
    field_text_set(member, str_is_sid(string.text, "XE")
                               ? arena_lower(reader->arena, string.text, 2)
                               : string.text);
    return 0;
}

static void channel_schema(const struct field *field, json_t *out)
{
    (void)field;
    field_text_schema(out, "XE[0-9a-fA-F]{32}|whatsapp:\\+[1-9][0-9]{6,14}|"
                           "(?:messenger|rcs):[^ \\t\\r\\n\\u0000]+");
}

const struct field_type field_channel = {
    .name = "a channel sender",
    .size = sizeof(const char *),
    .parse = channel_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
    .json = field_text_json,
    .yaml_kind = DOC_STRING,
    .yaml = field_text_yaml,
    .secret = field_no_secret,
    .schema = channel_schema,
};

/*
 * capabilities: a list of names on a service's senders, an object of booleans on an owned number,
 * in capitals or not (facts of the API differ by resource), so names are read without case
 */

static const struct {
    const char *name;
    unsigned bit;
} capability_names[] = {
    {"SMS", CAPABILITY_SMS},
    {"MMS", CAPABILITY_MMS},
    {"Voice", CAPABILITY_VOICE},
    {"Fax", CAPABILITY_FAX},
};

static unsigned capability_of(const char *name)
{
    size_t i;
    for (i = 0; i < COUNT_OF(capability_names); i++)
        if (str_equal_nocase(capability_names[i].name, name))
            return capability_names[i].bit;
    return 0;
}

static int capabilities_parse(const struct field *field, const struct doc_node *node, void *member,
                              struct field_reader *reader)
{
    (void)member;
    diag_error(reader->diag, &node->span, "\"%s\" is reported by Twilio and can't be set",
               field->yaml_key);
    return -1;
}

static int capabilities_decode(const struct field *field, const json_t *value, void *member,
                               struct field_reader *reader)
{
    unsigned found = 0;
    size_t i;

    (void)field;
    (void)reader;
    if (json_is_array(value)) {
        for (i = 0; i < json_array_size(value); i++) {
            const char *name = json_string_value(json_array_get(value, i));
            if (name == NULL)
                return -1;
            found |= capability_of(name);
        }
    } else if (json_is_object(value)) {
        const char *name;
        json_t *has;
        json_object_foreach((json_t *)value, name, has) if (json_is_true(has)) found |=
            capability_of(name);
    } else {
        return -1;
    }
    *(unsigned *)member = found;
    return 0;
}

static void capabilities_print(const struct field *field, const void *member, struct buf *out)
{
    unsigned held = *(const unsigned *)member;
    bool any = false;
    size_t i;

    (void)field;
    for (i = 0; i < COUNT_OF(capability_names); i++) {
        if ((held & capability_names[i].bit) == 0)
            continue;
        buf_printf(out, "%s%s", any ? ", " : "", capability_names[i].name);
        any = true;
    }
    if (!any)
        buf_add_text(out, "none");
}

static json_t *capabilities_json(const struct field *field, const void *member)
{
    const unsigned bits = *(const unsigned *)member;
    json_t *names = json_array();
    size_t i;

    (void)field;
    for (i = 0; i < COUNT_OF(capability_names); i++)
        if ((bits & capability_names[i].bit) != 0)
            json_array_append_new(names, json_string(capability_names[i].name));
    return names;
}

static bool capabilities_equal(const struct field *field, const void *a, const void *b)
{
    (void)field;
    return *(const unsigned *)a == *(const unsigned *)b;
}

static void capabilities_schema(const struct field *field, json_t *out)
{
    (void)field;
    json_object_set_new(out, "type", json_string("array"));
}

const struct field_type field_capabilities = {
    .name = "a set of capabilities",
    .size = sizeof(unsigned),
    .parse = capabilities_parse,
    .decode = capabilities_decode,
    .encode = capabilities_print,
    .equal = capabilities_equal,
    .print = capabilities_print,
    .json = capabilities_json,
    .yaml_kind = DOC_STRING,
    .yaml = capabilities_print,
    .secret = field_no_secret,
    .schema = capabilities_schema,
};
