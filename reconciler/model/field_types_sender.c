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
    const char *text;

    if (field_take_string(field, node, &text, reader->diag) != 0)
        return -1;
    if (!str_is_sid(text, field->choices[0])) {
        diag_error(reader->diag, &node->span, "\"%s\" must be a SID: %s and 32 hexadecimal digits",
                   field->yaml_key, field->choices[0]);
        return -1;
    }
    field_text_set(member, text);
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

const struct field_type field_sid = {
    .name = "a SID",
    .size = sizeof(const char *),
    .parse = sid_parse,
    .decode = sid_decode,
    .encode = field_text_encode,
    .equal = sid_equal,
    .print = field_text_print_bare,
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
    const char *text;

    if (field_take_string(field, node, &text, reader->diag) != 0)
        return -1;
    if (!is_e164(text)) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a phone number in E.164 form", text);
        diag_help(reader->diag, "write +, the country code and the number, 7 to 15 digits without "
                                "separators, in quotes: \"+15005550001\"");
        return -1;
    }
    field_text_set(member, text);
    return 0;
}

const struct field_type field_phone_number = {
    .name = "a phone number in quotes",
    .size = sizeof(const char *),
    .parse = phone_number_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
};

/* short code: 5 or 6 digits */

static int short_code_parse(const struct field *field, const struct doc_node *node, void *member,
                            struct field_reader *reader)
{
    const char *text;

    if (field_take_string(field, node, &text, reader->diag) != 0)
        return -1;
    if (!str_is_digits(text, strlen(text)) || strlen(text) < 5 || strlen(text) > 6) {
        diag_error(reader->diag, &node->span, "\"%s\" is not a short code", text);
        diag_help(reader->diag, "a short code is 5 or 6 digits in quotes: \"85555\"");
        return -1;
    }
    field_text_set(member, text);
    return 0;
}

const struct field_type field_short_code = {
    .name = "a short code in quotes",
    .size = sizeof(const char *),
    .parse = short_code_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
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
    const char *text, *problem;

    if (field_take_string(field, node, &text, reader->diag) != 0)
        return -1;
    problem = alpha_problem(text);
    if (problem != NULL) {
        diag_error(reader->diag, &node->span, "\"%s\" is not an alpha sender", text);
        diag_help(reader->diag, "%s", problem);
        return -1;
    }
    field_text_set(member, text);
    return 0;
}

const struct field_type field_alpha_sender = {
    .name = "an alpha sender",
    .size = sizeof(const char *),
    .parse = alpha_sender_parse,
    .decode = field_text_decode,
    .encode = field_text_encode,
    .equal = field_text_equal,
    .print = field_text_print_bare,
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

static bool capabilities_equal(const struct field *field, const void *a, const void *b)
{
    (void)field;
    return *(const unsigned *)a == *(const unsigned *)b;
}

const struct field_type field_capabilities = {
    .name = "a set of capabilities",
    .size = sizeof(unsigned),
    .parse = capabilities_parse,
    .decode = capabilities_decode,
    .encode = capabilities_print,
    .equal = capabilities_equal,
    .print = capabilities_print,
};
