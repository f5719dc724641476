#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "model/desired.h"
#include "model/field.h"
#include "model/resource.h"

#include <ctype.h>
#include <string.h>

static const char *const prefix_mg[] = {"MG"};
static const char *const colours[] = {"red", "green"};

/* One row of each type, for driving the types on their own. */
struct all {
    struct field_set set;
    bool boolean;
    int64_t integer;
    const char *string, *url, *choice, *sid, *phone_number, *short_code, *alpha_sender;
    unsigned capabilities;
};

#define TEXT_ROW(member, field_type_name, ...)                                                   \
    {                                                                                            \
        .yaml_key = #member, .json_key = #member, .form_key = #member, .type = &field_type_name, \
        .offset = FIELD_OFFSET(struct all, const char *, member), __VA_ARGS__                    \
    }

static const struct field all_fields[] = {
    {.yaml_key = "boolean",
     .json_key = "boolean",
     .form_key = "boolean",
     .type = &field_boolean,
     .offset = FIELD_OFFSET(struct all, bool, boolean)},
    {.yaml_key = "integer",
     .json_key = "integer",
     .form_key = "integer",
     .type = &field_integer,
     .offset = FIELD_OFFSET(struct all, int64_t, integer),
     .min = 1,
     .max = 36000},
    TEXT_ROW(string, field_string, .min = 1, .max = 4),
    TEXT_ROW(url, field_url, .flags = FIELD_CLEARABLE),
    TEXT_ROW(choice, field_choice, .choices = colours, .choice_count = 2),
    TEXT_ROW(sid, field_sid, .choices = prefix_mg, .choice_count = 1),
    TEXT_ROW(phone_number, field_phone_number, .flags = 0),
    TEXT_ROW(short_code, field_short_code, .flags = 0),
    TEXT_ROW(alpha_sender, field_alpha_sender, .flags = 0),
    {.yaml_key = "capabilities",
     .json_key = "capabilities",
     .form_key = "capabilities",
     .type = &field_capabilities,
     .offset = FIELD_OFFSET(struct all, unsigned, capabilities)},
};

static const struct resource resource_all = {
    .name = "thing",
    .fields = all_fields,
    .field_count = COUNT_OF(all_fields),
    .size = sizeof(struct all),
};

struct work {
    struct arena arena;
    struct diag diag;
    struct field_reader reader;
    struct doc doc;
};

static void work_init(struct work *work)
{
    memset(work, 0, sizeof(*work));
    diag_init(&work->diag);
    work->reader.arena = &work->arena;
    work->reader.diag = &work->diag;
}

static void work_release(struct work *work)
{
    doc_release(&work->doc);
    diag_release(&work->diag);
    arena_release(&work->arena);
}

static void test_every_type_fills_every_slot(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < field_type_count; i++) {
        assert_non_null(field_types[i]->name);
        assert_int_not_equal(field_types[i]->size, 0);
        assert_true(field_types[i]->parse != NULL);
        assert_true(field_types[i]->decode != NULL);
        assert_true(field_types[i]->encode != NULL);
        assert_true(field_types[i]->equal != NULL);
        assert_true(field_types[i]->print != NULL);
        assert_true(field_types[i]->yaml != NULL);
        assert_int_not_equal(field_types[i]->yaml_kind, DOC_NULL);
        assert_true(field_types[i]->secret != NULL);
        assert_true(field_types[i]->schema != NULL);
    }
}

static void check_table(const struct resource *resource)
{
    size_t i, j;
    assert_in_range(resource->field_count, 1, 64);
    for (i = 0; i < resource->field_count; i++) {
        const struct field *field = &resource->fields[i];
        assert_non_null(field->help);
        assert_true(field->offset >= sizeof(struct field_set));
        assert_true(field->offset + field->type->size <= resource->size);
        if ((field->flags & FIELD_READ_ONLY) != 0) {
            assert_null(field->yaml_key);
            assert_null(field->form_key);
        }
        for (j = i + 1; j < resource->field_count; j++) {
            const struct field *other = &resource->fields[j];
            assert_int_not_equal(field->offset, other->offset);
            if (field->json_key != NULL && other->json_key != NULL)
                assert_string_not_equal(field->json_key, other->json_key);
            if (field->form_key != NULL && other->form_key != NULL)
                assert_string_not_equal(field->form_key, other->form_key);
        }
    }
}

static void test_tables_are_sound(void **state)
{
    size_t kind;
    (void)state;
    check_table(&resource_service);
    check_table(&resource_roster);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        check_table(sender_types[kind].section->resource);
}

/* All form parameters of create and update in Twilio's OpenAPI description of messaging/v1. */
static void test_service_has_all_form_parameters(void **state)
{
    static const char *const wanted[] = {
        "FriendlyName",
        "InboundRequestUrl",
        "InboundMethod",
        "FallbackUrl",
        "FallbackMethod",
        "StatusCallback",
        "StickySender",
        "MmsConverter",
        "SmartEncoding",
        "ScanMessageContent",
        "FallbackToLongCode",
        "AreaCodeGeomatch",
        "ValidityPeriod",
        "SynchronousValidation",
        "Usecase",
        "UseInboundWebhookOnNumber",
    };
    size_t found = 0, i, j;
    (void)state;
    for (i = 0; i < resource_service.field_count; i++) {
        const char *key = resource_service.fields[i].form_key;
        for (j = 0; key != NULL && j < COUNT_OF(wanted); j++)
            found += strcmp(key, wanted[j]) == 0;
    }
    assert_int_equal(found, COUNT_OF(wanted));
}

/* As Twilio names all of them: what a form calls MmsConverter is mms_converter in JSON. */
static void test_form_keys_are_the_json_keys(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < resource_service.field_count; i++) {
        const struct field *field = &resource_service.fields[i];
        const char *at = field->json_key, *form = field->form_key;
        bool begins = true;
        if (form == NULL)
            continue;
        assert_non_null(at);
        for (; *at != '\0'; at++) {
            if (*at != '_')
                assert_int_equal(*form++, begins ? toupper((unsigned char)*at) : *at);
            begins = *at == '_';
        }
        assert_int_equal(*form, '\0');
    }
}

static void test_obsolete_and_reserved_are_marked(void **state)
{
    size_t i, obsolete = 0, reserved = 0;
    (void)state;
    for (i = 0; i < resource_service.field_count; i++) {
        const struct field *field = &resource_service.fields[i];
        if ((field->flags & FIELD_OBSOLETE) != 0) {
            assert_string_equal(field->yaml_key, "fallback_to_long_code");
            obsolete++;
        }
        reserved += (field->flags & FIELD_RESERVED) != 0;
    }
    assert_int_equal(obsolete, 1);
    assert_int_equal(reserved, 2);
}

struct yaml_case {
    const char *yaml;
    const char *message; /* of the first error; NULL: fine */
    const char *help;    /* NULL: none, or not looked at */
    const char *form;    /* what is sent, when fine */
};

static const struct yaml_case yaml_cases[] = {
    {"boolean: true", NULL, NULL, "boolean=true"},
    {"boolean: false", NULL, NULL, "boolean=false"},
    {"boolean: yes", "\"boolean\" must be a boolean, not a string", "write true", NULL},
    {"boolean: Off", "\"boolean\" must be a boolean, not a string", "write false", NULL},
    {"boolean: 'true'", "\"boolean\" must be a boolean, not a string", "write it without quotes",
     NULL},
    {"boolean: 1", "\"boolean\" must be a boolean, not an integer", "write true", NULL},
    {"boolean: [true]", "\"boolean\" must be a boolean, not a list", NULL, NULL},
    {"boolean: null", "\"boolean\" can't be null", "write a boolean, or remove the key", NULL},
    {"integer: 1", NULL, NULL, "integer=1"},
    {"integer: 36000", NULL, NULL, "integer=36000"},
    {"integer: 0", "\"integer\" must be between 1 and 36000, not 0", NULL, NULL},
    {"integer: 36001", "\"integer\" must be between 1 and 36000, not 36001", NULL, NULL},
    {"integer: -5", "\"integer\" must be between 1 and 36000, not -5", NULL, NULL},
    {"integer: 99999999999999999999",
     "\"integer\" must be between 1 and 36000, not "
     "99999999999999999999",
     NULL, NULL},
    {"integer: 1.5", "\"integer\" must be an integer, not a number", NULL, NULL},
    {"integer: '60'", "\"integer\" must be an integer, not a string", "write it without quotes: 60",
     NULL},
    {"string: abcd", NULL, NULL, "string=abcd"},
    {"string: \u00e4\u00f6\u00fc\u00df", NULL, NULL, "string=%C3%A4%C3%B6%C3%BC%C3%9F"},
    {"string: abcde", "\"string\" has 5 characters; at most 4 are allowed", NULL, NULL},
    {"string: ''", "\"string\" can't be empty", NULL, NULL},
    {"string: 12", "\"string\" must be a string, not an integer", "put it in quotes: \"12\"", NULL},
    {"string: true", "\"string\" must be a string, not a boolean", "put it in quotes: \"true\"",
     NULL},
    {"string: \"a\\0b\"", "\"string\" has a NUL character in it", NULL, NULL},
    {"url: https://a.example/x?y=z", NULL, NULL, "url=https%3A%2F%2Fa.example%2Fx%3Fy%3Dz"},
    {"url: http://a.example", NULL, NULL, "url=http%3A%2F%2Fa.example"},
    {"url: null", NULL, NULL, "url="},
    {"url: ''", "\"url\" can't be an empty string", "write null to clear the setting", NULL},
    {"url: ftp://a.example", "\"url\" is not a URL that Twilio can call",
     "it must begin with https:// or http://", NULL},
    {"url: 'https://a.example/a b'", "\"url\" is not a URL that Twilio can call",
     "it has a space or a control character in it; percent-encode it", NULL},
    {"url: https:///path", "\"url\" is not a URL that Twilio can call", "it has no host", NULL},
    {"url: https://:80/", "\"url\" is not a URL that Twilio can call", "it has no host", NULL},
    {"url: https://a_b.example/", "\"url\" is not a URL that Twilio can call",
     "Twilio refuses an underscore in a host name", NULL},
    {"choice: red", NULL, NULL, "choice=red"},
    {"choice: gren", "\"choice\" can't be \"gren\"", "did you mean \"green\"?", NULL},
    {"choice: blue", "\"choice\" can't be \"blue\"", "it is one of: red, green", NULL},
    {"sid: MG0123456789abcdefABCDEF0123456789", NULL, NULL,
     "sid=MG0123456789abcdefABCDEF0123456789"},
    {"sid: PN0123456789abcdefABCDEF0123456789",
     "\"sid\" must be a SID: MG and 32 hexadecimal digits", NULL, NULL},
    {"sid: MG012345", "\"sid\" must be a SID: MG and 32 hexadecimal digits", NULL, NULL},
    {"phone_number: \"+15005550001\"", NULL, NULL, "phone_number=%2B15005550001"},
    {"phone_number: +15005550001",
     "\"phone_number\" must be a phone number in quotes, not an "
     "integer",
     "put it in quotes: \"+15005550001\"", NULL},
    {"phone_number: '15005550001'", "\"15005550001\" is not a phone number in E.164 form", NULL,
     NULL},
    {"phone_number: '+05005550001'", "\"+05005550001\" is not a phone number in E.164 form", NULL,
     NULL},
    {"phone_number: '+1 500 555 0001'", "\"+1 500 555 0001\" is not a phone number in E.164 form",
     NULL, NULL},
    {"phone_number: '+123456'", "\"+123456\" is not a phone number in E.164 form", NULL, NULL},
    {"phone_number: '+1234567890123456'",
     "\"+1234567890123456\" is not a phone number in E.164 form", NULL, NULL},
    {"short_code: '85555'", NULL, NULL, "short_code=85555"},
    {"short_code: '855555'", NULL, NULL, "short_code=855555"},
    {"short_code: 85555", "\"short_code\" must be a short code in quotes, not an integer",
     "put it in quotes: \"85555\"", NULL},
    {"short_code: '8555'", "\"8555\" is not a short code", NULL, NULL},
    {"short_code: '8555555'", "\"8555555\" is not a short code", NULL, NULL},
    {"short_code: '8555a'", "\"8555a\" is not a short code", NULL, NULL},
    {"alpha_sender: ACME & Co", NULL, NULL, "alpha_sender=ACME%20%26%20Co"},
    {"alpha_sender: Twelve chars", "\"Twelve chars\" is not an alpha sender",
     "it has more than 11 characters", NULL},
    {"alpha_sender: '123'", "\"123\" is not an alpha sender", "it can't consist of digits only",
     NULL},
    {"alpha_sender: A.B", "\"A.B\" is not an alpha sender",
     "only A-Z, a-z, 0-9, space, - + _ and & are allowed", NULL},
    {"alpha_sender: ''", "\"\" is not an alpha sender", "it can't be empty", NULL},
    {"capabilities: [SMS]", "\"capabilities\" is reported by Twilio and can't be set", NULL, NULL},
    {"colour: red", "unknown key \"colour\" in a thing", NULL, NULL},
    {"boolaen: true", "unknown key \"boolaen\" in a thing", "did you mean \"boolean\"?", NULL},
    {"[1]", "a thing must be a mapping, not a list", NULL, NULL},
};

static void check_yaml_case(const struct yaml_case *test)
{
    struct work work;
    struct all all;
    struct buf form;
    int result;

    work_init(&work);
    buf_init(&form, 4096);
    memset(&all, 0, sizeof(all));
    assert_int_equal(doc_parse(&work.doc, "t", test->yaml, strlen(test->yaml), &work.diag), 0);
    result = resource_parse(&resource_all, work.doc.root, &all, NULL, &work.reader);
    if (test->message == NULL) {
        assert_int_equal(result, 0);
        resource_encode(&resource_all, &all, resource_all_rows(&resource_all), &form);
        assert_string_equal(buf_text(&form), test->form);
    } else {
        assert_int_equal(result, -1);
        assert_int_equal(work.diag.errors, 1);
        assert_string_equal(work.diag.items[0].message, test->message);
        assert_int_equal(work.diag.items[0].place.line, 1);
        if (test->help != NULL)
            assert_string_equal(work.diag.items[0].help, test->help);
    }
    buf_release(&form);
    work_release(&work);
}

static void test_yaml_values(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(yaml_cases); i++) {
        print_message("  %s\n", yaml_cases[i].yaml);
        check_yaml_case(&yaml_cases[i]);
    }
}

static void decode(struct work *work, const char *text, struct all *all, int expected)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    memset(all, 0, sizeof(*all));
    assert_int_equal(resource_decode(&resource_all, json, all, "thing X", &work->reader), expected);
    json_decref(json);
}

enum { ROW_BOOLEAN, ROW_INTEGER, ROW_STRING, ROW_URL };

static void test_absent_null_and_value_are_three_things(void **state)
{
    struct work work;
    struct all all;
    (void)state;
    work_init(&work);
    decode(&work, "{\"boolean\": false, \"url\": null, \"string\": \"\", \"new_member\": 1}", &all,
           0);
    assert_true(field_has_value(&all.set, ROW_BOOLEAN));
    assert_false(all.boolean);
    assert_true(field_is_null(&all.set, ROW_URL));
    assert_true(field_is_null(&all.set, ROW_STRING)); /* "" is unset */
    assert_false(field_is_present(&all.set, ROW_INTEGER));
    assert_int_equal(work.diag.count, 0);
    work_release(&work);
}

static void test_json_of_the_wrong_type(void **state)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"{\"boolean\": \"true\"}", "thing X: \"boolean\" is not a boolean"},
        {"{\"integer\": 1.5}", "thing X: \"integer\" is not an integer"},
        {"{\"string\": 1}", "thing X: \"string\" is not a string"},
        {"{\"sid\": \"MG../../x\"}", "thing X: \"sid\" is not a SID"},
        {"{\"capabilities\": 1}", "thing X: \"capabilities\" is not a set of capabilities"},
        {"{\"capabilities\": [1]}", "thing X: \"capabilities\" is not a set of capabilities"},
        {"[]", "thing X: not a JSON object"},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct work work;
        struct all all;
        work_init(&work);
        decode(&work, cases[i].json, &all, -1);
        assert_string_equal(work.diag.items[0].message, cases[i].message);
        work_release(&work);
    }
}

static void test_capabilities_in_all_their_spellings(void **state)
{
    static const struct {
        const char *json;
        unsigned expected;
    } cases[] = {
        {"{\"capabilities\": [\"SMS\", \"MMS\", \"Voice\"]}",
         CAPABILITY_SMS | CAPABILITY_MMS | CAPABILITY_VOICE},
        {"{\"capabilities\": [\"sms\"]}", CAPABILITY_SMS},
        {"{\"capabilities\": [\"newfangled\"]}", 0},
        {"{\"capabilities\": []}", 0},
        {"{\"capabilities\": {\"voice\": true, \"sms\": true, \"mms\": false, \"fax\": false}}",
         CAPABILITY_SMS | CAPABILITY_VOICE},
        {"{\"capabilities\": {\"voice\": false, \"SMS\": true, \"MMS\": true}}",
         CAPABILITY_SMS | CAPABILITY_MMS},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct work work;
        struct all all;
        work_init(&work);
        decode(&work, cases[i].json, &all, 0);
        assert_int_equal(all.capabilities, cases[i].expected);
        work_release(&work);
    }
}

static void test_diff_looks_only_at_what_is_wanted(void **state)
{
    static const struct {
        const char *wanted, *live;
        uint64_t expected; /* rows */
    } cases[] = {
        {"{}", "{\"boolean\": true, \"url\": \"https://a\"}", 0},
        {"{\"boolean\": true}", "{\"boolean\": true}", 0},
        {"{\"boolean\": true}", "{\"boolean\": false}", 1u << ROW_BOOLEAN},
        {"{\"boolean\": false}", "{}", 1u << ROW_BOOLEAN},
        {"{\"url\": null}", "{\"url\": \"https://a\"}", 1u << ROW_URL},
        {"{\"url\": null}", "{\"url\": \"\"}", 0},
        {"{\"url\": null}", "{\"url\": null}", 0},
        {"{\"url\": null}", "{}", 0},
        {"{\"url\": \"https://a\"}", "{\"url\": null}", 1u << ROW_URL},
        {"{\"url\": \"https://a\"}", "{\"url\": \"https://a/\"}", 0},
        {"{\"url\": \"https://a/\"}", "{\"url\": \"https://a\"}", 0},
        {"{\"url\": \"https://a/b\"}", "{\"url\": \"https://a/b/\"}", 1u << ROW_URL},
        {"{\"url\": \"https://a\"}", "{\"url\": \"http://a\"}", 1u << ROW_URL},
        {"{\"url\": \"https://a?x\"}", "{\"url\": \"https://a/?x\"}", 0},
        {"{\"integer\": 5, \"string\": \"x\"}", "{\"integer\": 6, \"string\": \"X\"}",
         1u << ROW_INTEGER | 1u << ROW_STRING},
    };
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct work work;
        struct all wanted, live;
        work_init(&work);
        print_message("  %s against %s\n", cases[i].wanted, cases[i].live);
        decode(&work, cases[i].wanted, &wanted, 0);
        decode(&work, cases[i].live, &live, 0);
        assert_int_equal(resource_diff(&resource_all, &wanted, &live), cases[i].expected);
        work_release(&work);
    }
}

static void test_print_is_safe_and_hides_passwords(void **state)
{
    struct work work;
    struct all all;
    struct buf out;
    (void)state;
    work_init(&work);
    buf_init(&out, 4096);
    decode(&work, "{\"url\": \"https://user:hunter2@a.example/p\", \"string\": \"a\\u001b[31m\"}",
           &all, 0);
    resource_print_value(&resource_all, ROW_URL, &all, &out);
    assert_string_equal(buf_text(&out), "\"https://user:***@a.example/p\"");
    buf_clear(&out);
    decode(&work, "{\"url\": \"HTTPS://user:a@b@a.example/p\", \"string\": \"a\\u001b[31m\"}", &all,
           0);
    resource_print_value(&resource_all, ROW_URL, &all, &out);
    assert_string_equal(buf_text(&out), "\"HTTPS://user:***@a.example/p\"");
    buf_clear(&out);
    resource_print_value(&resource_all, ROW_STRING, &all, &out);
    assert_string_equal(buf_text(&out), "\"a\\x1b[31m\"");
    buf_clear(&out);
    resource_print_value(&resource_all, ROW_BOOLEAN, &all, &out);
    assert_string_equal(buf_text(&out), "null");
    buf_release(&out);
    work_release(&work);
}

static void test_encode_sends_only_the_mask(void **state)
{
    struct work work;
    struct all all;
    struct buf form;
    (void)state;
    work_init(&work);
    buf_init(&form, 4096);
    decode(&work, "{\"boolean\": true, \"integer\": 7, \"url\": null}", &all, 0);
    resource_encode(&resource_all, &all, 1u << ROW_INTEGER | 1u << ROW_URL, &form);
    assert_string_equal(buf_text(&form), "integer=7&url=");
    buf_release(&form);
    work_release(&work);
}

static void test_passwords_are_masked(void **state)
{
    static const struct {
        const char *text;
        bool written;
        const char *expected;
        bool masked;
    } cases[] = {
        {"https://a.example/u:p@x", false, "https://a.example/u:p@x", false},
        {"https://u:secret@a.example/", false, "https://u:***@a.example/", true},
        {"https://u:p@a/ and https://v:q@b/****", false,
         "https://u:***@a/ and https://v:***@b/****", true},
        {"https://u:secret@a/${NAME}", true, "https://u:***@a/${NAME}", true},
        {"https://u:${NAME}@a/", true, "https://u:${NAME}@a/", false},
        {"https://u:${A}${B_2}@a/", true, "https://u:${A}${B_2}@a/", false},
        /* A value that looks like a variable is not one. */
        {"https://u:${NAME}@a/", false, "https://u:***@a/", true},
        {"https://u:$${NAME}@a/", true, "https://u:***@a/", true},
        {"https://u:x${NAME}@a/", true, "https://u:***@a/", true},
        {"https://u:${NAME}x@a/", true, "https://u:***@a/", true},
        {"https://u:${NAME@a/", true, "https://u:***@a/", true},
        {"", true, "", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct buf out;
        buf_init(&out, 1024);
        assert_int_equal(field_add_masked(&out, cases[i].text, cases[i].written), cases[i].masked);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_fills_every_slot),
        cmocka_unit_test(test_tables_are_sound),
        cmocka_unit_test(test_service_has_all_form_parameters),
        cmocka_unit_test(test_form_keys_are_the_json_keys),
        cmocka_unit_test(test_obsolete_and_reserved_are_marked),
        cmocka_unit_test(test_yaml_values),
        cmocka_unit_test(test_absent_null_and_value_are_three_things),
        cmocka_unit_test(test_json_of_the_wrong_type),
        cmocka_unit_test(test_capabilities_in_all_their_spellings),
        cmocka_unit_test(test_diff_looks_only_at_what_is_wanted),
        cmocka_unit_test(test_print_is_safe_and_hides_passwords),
        cmocka_unit_test(test_passwords_are_masked),
        cmocka_unit_test(test_encode_sends_only_the_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
