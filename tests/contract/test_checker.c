/*
 * The contract check's own test, on a small description: a line that is right is let pass, and each
 * way of being wrong is found and named.
 */
#include "contract.h"
#include "exceptions.h"
#include "formats.h"

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ENTRY(method, path, query, form, agent, status, response)                                 \
    "{\"n\":1,\"method\":\"" method "\",\"path\":\"" path "\",\"query\":" query ",\"form\":" form \
    ",\"user_agent\":\"" agent "\",\"status\":" status ",\"response\":" response "}"
#define ZOO_OF(sid, kind, animals, more)                                                  \
    "{\"sid\":" sid ",\"name\":null,\"kind\":" kind ",\"open\":true,\"animals\":" animals \
    ",\"opened\":\"2015-07-30T20:12:31Z\",\"links\":{\"a\":\"http://127.0.0.1:1/a\"}" more "}"
#define ZOO ZOO_OF("\"ZO0001\"", "\"city\"", "3", "")
/* An answer to somebody else's GET of one zoo; a request by roster. */
#define FETCH(status, response) \
    ENTRY("GET", "/v1/Zoos/ZO0001", "[]", "[]", "curl", status, response)
#define CREATE(form) ENTRY("POST", "/v1/Zoos", "[]", form, "roster/1", "201", ZOO)
#define LIST(query)                                          \
    ENTRY("GET", "/v1/Zoos", query, "[]", "roster/1", "200", \
          "{\"zoos\":[" ZOO "],\"next_page_url\":null}")
#define SINCE "[\"Since\",\"2015-07-30T20:12:31Z\"]"
#define REFUSAL(code, status)                                                     \
    "{\"code\":" code                                                             \
    ",\"message\":\"no\",\"more_info\":\"https://www.twilio.com/docs/errors/1\"," \
    "\"status\":" status "}"

static const struct {
    const char *line;
    const char *finding; /* part of the one finding; NULL: none */
} cases[] = {
    /* What is right */
    {FETCH("200", ZOO), NULL},
    {FETCH("404", REFUSAL("20404", "404")), NULL},
    {ENTRY("DELETE", "/v1/Zoos/ZO0001", "[]", "[]", "curl", "204", "null"), NULL},
    {ENTRY("GET", "/v1/Zoos/Kinds", "[]", "[]", "curl", "200", "{\"kinds\":[1,{}]}"), NULL},
    {ENTRY("GET", "/v1/Zoos/Kinds", "[]", "[]", "curl", "200", "{\"kinds\":null}"), NULL},
    {ENTRY("PATCH", "/v1/Cars", "[]", "[]", "curl", "404", REFUSAL("20404", "404")), NULL},
    {LIST("[" SINCE ",[\"PageSize\",\"1000\"],[\"Open\",\"true\"]]"), NULL},
    {CREATE("[[\"Name\",\"x\"],[\"Kind\",\"city\"],[\"Area\",\"1.5\"],[\"Keeper\",\"KE0001\"],"
            "[\"Keeper\",\"KE0002\"]]"),
     NULL},
    {ENTRY("POST", "/v1/Zoos", "[]", "[[\"Bad\",\"x\"]]", "curl", "201", ZOO), NULL},

    /* What a fault has made of the answer is nobody's contract; the request still is */
    {"{\"n\":1,\"method\":\"GET\",\"path\":\"/v1/Zoos/ZO0001\",\"query\":[],\"form\":[],"
     "\"user_agent\":\"curl\",\"status\":null,\"fault\":\"reset_after\",\"response\":\"x\"}",
     NULL},
    {"{\"n\":1,\"method\":\"GET\",\"path\":\"/v1/Zoos/Nowhere/Else\",\"query\":[],\"form\":[],"
     "\"user_agent\":\"roster/1\",\"status\":200,\"fault\":\"garbage\",\"response\":{}}",
     "request: the description has no such path"},

    /* Answers */
    {FETCH("200", "{\"sid\":\"ZO0001\",\"name\":null,\"kind\":\"city\",\"open\":true,\"animals\":3,"
                  "\"opened\":\"2015-07-30T20:12:31Z\"}"),
     "GET /v1/Zoos/{Sid}, answer 200: links is missing"},
    {FETCH("200", ZOO_OF("\"ZO0001\"", "\"city\"", "3", ",\"cafe\":1")),
     "answer 200: cafe is not in the description"},
    {FETCH("200", ZOO_OF("\"ZO0001\"", "\"city\"", "\"3\"", "")),
     "answer 200: animals is of type string, not integer"},
    {FETCH("200", ZOO_OF("\"ZO0001\"", "\"city\"", "3.0", "")),
     "answer 200: animals is of type number, not integer"},
    {FETCH("200", ZOO_OF("null", "\"city\"", "3", "")),
     "answer 200: sid is of type null, not string"},
    {FETCH("200", ZOO_OF("\"ZO0001\"", "null", "3", "")),
     "answer 200: kind is of type null, not string"},
    {FETCH("200", ZOO_OF("\"ZO0001\"", "\"farm\"", "3", "")),
     "answer 200: kind \"farm\" is not one of the choices"},
    {FETCH("200", ZOO_OF("\"XX0001\"", "\"city\"", "3", "")),
     "answer 200: sid \"XX0001\" does not match ^ZO[0-9a-f]{4}$"},
    {FETCH("200", ZOO_OF("\"ZO0001\"", "\"city\"", "-1", "")), "answer 200: animals -1 is out of"},
    {FETCH("200", "{\"sid\":\"ZO0001\",\"name\":null,\"kind\":\"city\",\"open\":true,\"animals\":3,"
                  "\"opened\":\"yesterday\",\"links\":null}"),
     "answer 200: opened \"yesterday\" is not of format date-time"},
    {FETCH("200", "{\"sid\":\"ZO0001\",\"name\":null,\"kind\":\"city\",\"open\":true,\"animals\":3,"
                  "\"opened\":\"2015-07-30T20:12:31Z\",\"links\":{\"a\":\"/a\"}}"),
     "answer 200: links.a \"/a\" is not of format uri"},
    {FETCH("200", "{\"sid\":\"ZO0001\",\"name\":null,\"kind\":\"city\",\"open\":true,\"animals\":3,"
                  "\"opened\":\"2015-07-30T20:12:31Z\",\"links\":{\"a\":1}}"),
     "answer 200: links.a is of type integer, not a URI"},
    {FETCH("200", "[]"), "answer 200: is of type array, not object"},
    {FETCH("200", "null"), "answer 200: the body is missing"},
    {FETCH("201", ZOO), "answer 201: the status is not documented"},
    {FETCH("302", "null"), "answer 302: the status is not documented"},
    {ENTRY("GET", "/v1/Zoos", "[]", "[]", "curl", "200",
           "{\"zoos\":[" ZOO
           "," ZOO_OF("\"ZO0001\"", "\"city\"", "null", "") "],"
                                                            "\"next_page_url\":null}"),
     "GET /v1/Zoos, answer 200: zoos[].animals is of type null, not integer"},
    {ENTRY("DELETE", "/v1/Zoos/ZO0001", "[]", "[]", "curl", "204", "{}"),
     "DELETE /v1/Zoos/{Sid}, answer 204: a body, where none is documented"},
    {ENTRY("POST", "/v1/Zoos/ZO0001", "[]", "[]", "curl", "200", ZOO),
     "POST /v1/Zoos/ZO0001, answer 200: the description has no such method for this path"},
    {ENTRY("GET", "/v1/Cars", "[]", "[]", "curl", "200", "{}"),
     "GET /v1/Cars, answer 200: the description has no such path"},
    {ENTRY("GET", "/v1/Zoos/ZO0001/More", "[]", "[]", "curl", "200", "{}"),
     "answer 200: the description has no such path"},

    /* Errors */
    {FETCH("404", REFUSAL("20404", "400")), "answer 404: the body's status is another"},
    {FETCH("404", REFUSAL("\"20404\"", "404")), "answer 404: code is of type string, not integer"},
    {FETCH("404", "{\"code\":1,\"message\":\"\",\"more_info\":\"https://x.y/\",\"status\":404}"),
     "answer 404: message \"\" is too short"},
    {FETCH("404", "{\"code\":1,\"message\":\"no\",\"more_info\":\"docs\",\"status\":404}"),
     "answer 404: more_info \"docs\" is not of format uri"},
    {FETCH("404", "{\"code\":1,\"message\":\"no\",\"status\":404}"),
     "answer 404: more_info is missing"},
    {FETCH("404", "{\"code\":1,\"message\":\"no\",\"more_info\":\"https://x.y/\",\"status\":404,"
                  "\"detail\":\"d\",\"details\":{},\"why\":1}"),
     "answer 404: why is not in the description"},
    {FETCH("500", "null"), "answer 500: is of type null, not object"},

    /* Requests by roster */
    {LIST("[" SINCE ",[\"Pagesize\",\"1000\"]]"),
     "GET /v1/Zoos, request: Pagesize is not in the description"},
    {LIST("[" SINCE ",[\"PageSize\",\"1001\"]]"), "request: PageSize 1001 is out of range"},
    {LIST("[" SINCE ",[\"PageSize\",\"many\"]]"), "request: PageSize \"many\" is not an integer"},
    {LIST("[" SINCE ",[\"Open\",\"True\"]]"), "request: Open \"True\" is not a boolean"},
    {LIST("[" SINCE "," SINCE "]"), "request: Since is repeated and is no list"},
    {LIST("[]"), "request: Since is required and missing"},
    {CREATE("[[\"Kind\",\"city\"]]"), "POST /v1/Zoos, request: Name is required and missing"},
    {CREATE("[[\"Name\",\"x\"],[\"Colour\",\"red\"]]"),
     "request: Colour is not in the description"},
    {CREATE("[[\"Name\",\"much too long\"]]"), "request: Name \"much too long\" is too short or"},
    {CREATE("[[\"Name\",\"x\"],[\"Kind\",\"farm\"]]"),
     "request: Kind \"farm\" is not one of the choices"},
    {CREATE("[[\"Name\",\"x\"],[\"Area\",\"1x\"]]"), "request: Area \"1x\" is not a number"},
    {CREATE("[[\"Name\",\"x\"],[\"Home\",\"\"]]"), "request: Home \"\" is not of format uri"},
    {CREATE("[[\"Name\",\"x\"],[\"Keeper\",\"KE1\"]]"), "request: Keeper \"KE1\" does not match"},
    {ENTRY("POST", "/v1/Zoos", "[[\"Name\",\"x\"]]", "[[\"Name\",\"x\"]]", "roster/1", "201", ZOO),
     "request: Name is not in the description"},
    {ENTRY("GET", "/v1/Zoos/one", "[]", "[]", "roster/1", "200", ZOO),
     "GET /v1/Zoos/{Sid}, request: Sid \"one\" does not match"},
    {ENTRY("GET", "/v1/Cars", "[]", "[]", "roster/1", "404", REFUSAL("20404", "404")),
     "GET /v1/Cars, request: the description has no such path"},
    {ENTRY("PUT", "/v1/Zoos", "[]", "[]", "roster/1", "405", REFUSAL("20004", "405")),
     "PUT /v1/Zoos, request: the description has no such method for this path"},

    /* The log itself */
    {"{\"n\":1,", "a log line is no JSON object"},
    {"[]", "a log line is no JSON object"},
    {"{\"method\":\"GET\",\"path\":\"/v1/Zoos\",\"query\":[],\"form\":[]}", "a log line lacks"},
    {"{\"method\":\"GET\",\"path\":\"/v1/Zoos\",\"query\":[1],\"form\":[],\"status\":200}",
     "a log line lacks"},
    {"{\"method\":\"GET\",\"path\":\"/v1/Zoos\",\"query\":[],\"form\":[],\"status\":200}",
     "the log was written without --log-bodies"},
};

static void open_zoo(struct contract *contract)
{
    contract_init(contract);
    assert_int_equal(
        openapi_add_file(&contract->api, TEST_DATA_DIR "/zoo.openapi.json", &contract->diag), 0);
}

static void test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct contract contract;
        const char *finding;
        open_zoo(&contract);
        contract_line(&contract, "log", i + 1, cases[i].line, strlen(cases[i].line));
        finding = contract.diag.count > 0 ? contract.diag.items[0].message : NULL;
        if (contract.diag.errors != (cases[i].finding == NULL ? 0 : 1) ||
            (cases[i].finding != NULL && strstr(finding, cases[i].finding) == NULL))
            fail_msg("case %zu, %s:\nexpected %s\n%zu finding(s), first: %s", i, cases[i].line,
                     cases[i].finding == NULL ? "none" : cases[i].finding, contract.diag.errors,
                     finding == NULL ? "none" : finding);
        contract_release(&contract);
    }
}

/* Words of a schema that the check can't hold are findings, never silently true. */
static void test_schema_limits(void **state)
{
    static const char line[] = ENTRY("GET", "/v1/Odd", "[]", "[]", "curl", "200",
                                     "{\"one\":\"x\",\"lost\":\"x\",\"strange\":\"x\"}");
    struct contract contract;

    (void)state;
    open_zoo(&contract);
    contract_line(&contract, "log", 1, line, strlen(line));
    assert_int_equal(contract.diag.errors, 3);
    assert_non_null(strstr(contract.diag.items[0].message, "one the schema says \"oneOf\""));
    assert_non_null(strstr(contract.diag.items[1].message, "lost the schema's $ref leads nowhere"));
    assert_non_null(
        strstr(contract.diag.items[2].message, "strange the schema's format \"colour\""));
    contract_release(&contract);
}

static void test_repeats_and_counts(void **state)
{
    static const char good[] = FETCH("200", ZOO);
    static const char bad[] = FETCH("200", ZOO_OF("\"ZO0001\"", "\"city\"", "\"3\"", ""));
    static const char by_roster[] = LIST("[" SINCE "]");
    struct contract contract;

    (void)state;
    open_zoo(&contract);
    contract_line(&contract, "a.jsonl", 1, good, strlen(good));
    contract_line(&contract, "a.jsonl", 2, bad, strlen(bad));
    contract_line(&contract, "b.jsonl", 1, bad, strlen(bad));
    contract_line(&contract, "b.jsonl", 2, by_roster, strlen(by_roster));
    assert_int_equal(contract.diag.errors, 1);
    assert_string_equal(contract.diag.items[0].notes[0].message,
                        "first in a.jsonl, line 2 (/v1/Zoos/ZO0001)");
    assert_int_equal(contract.lines, 4);
    assert_int_equal(contract.answers, 4);
    assert_int_equal(contract.requests, 1);
    assert_int_equal(openapi_operation(&contract.api, "GET", "/v1/Zoos/{Sid}")->answers, 3);
    assert_int_equal(openapi_operation(&contract.api, "GET", "/v1/Zoos/{Sid}")->requests, 0);
    assert_int_equal(openapi_operation(&contract.api, "GET", "/v1/Zoos")->requests, 1);
    contract_release(&contract);
}

static void test_unreadable_descriptions(void **state)
{
    struct contract contract;

    (void)state;
    contract_init(&contract);
    assert_int_equal(openapi_add_file(&contract.api, TEST_DATA_DIR "/none.json", &contract.diag),
                     -1);
    assert_int_equal(openapi_add_file(&contract.api, TEST_DATA_DIR "/empty.json", &contract.diag),
                     -1);
    assert_int_equal(contract.diag.errors, 2);
    assert_non_null(strstr(contract.diag.items[1].message, "it has no paths"));
    contract_release(&contract);
}

/* Each exception covers what its reason says and nothing beside it. */
static void test_exceptions(void **state)
{
#define NUMBERS "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json"
#define MESSAGES "/2010-04-01/Accounts/{AccountSid}/Messages.json"
    static const struct {
        enum contract_side side;
        const char *path, *place;
        enum finding finding;
        const char *value;
        bool excused;
    } rows[] = {
        {CONTRACT_ANSWER, NUMBERS, "sms_url", FINDING_FORMAT, "", true},
        {CONTRACT_ANSWER, NUMBERS, "sms_application_sid", FINDING_PATTERN, "", true},
        {CONTRACT_ANSWER, NUMBERS, "sms_url", FINDING_FORMAT, "x", false},
        {CONTRACT_ANSWER, NUMBERS, "type", FINDING_CHOICE, "", false},
        {CONTRACT_ANSWER, "/v1/Services", "status_callback", FINDING_FORMAT, "", false},
        {CONTRACT_ANSWER, NUMBERS, "next_page_uri", FINDING_FORMAT, "/2010-04-01/x", true},
        {CONTRACT_ANSWER, NUMBERS, "next_page_uri", FINDING_FORMAT, "/v1/x", false},
        {CONTRACT_ANSWER, "/v1/Services", "meta.url", FINDING_FORMAT, "/2010-04-01/x", false},
        {CONTRACT_ANSWER, MESSAGES, "messages[].from", FINDING_FORMAT, "ACME", true},
        {CONTRACT_ANSWER, MESSAGES, "from", FINDING_FORMAT, "85555", true},
        {CONTRACT_ANSWER, MESSAGES, "from", FINDING_FORMAT, "twelve chars", false},
        {CONTRACT_ANSWER, MESSAGES, "valid_from", FINDING_FORMAT, "ACME", false},
        {CONTRACT_ANSWER, MESSAGES, "to", FINDING_FORMAT, "ACME", false},
        {CONTRACT_ANSWER, NUMBERS, "from", FINDING_FORMAT, "ACME", false},
        {CONTRACT_REQUEST, NUMBERS, "PhoneNumber", FINDING_FORMAT, "+44*", true},
        {CONTRACT_REQUEST, NUMBERS, "PhoneNumber", FINDING_FORMAT, "abc", false},
        {CONTRACT_ANSWER, NUMBERS, "PhoneNumber", FINDING_FORMAT, "+44*", false},
        {CONTRACT_REQUEST, "/v1/Services", "StatusCallback", FINDING_FORMAT, "", true},
        {CONTRACT_REQUEST, "/v1/Services", "StatusCallback", FINDING_FORMAT, "x", false},
        {CONTRACT_REQUEST, "/v1/Services", "InboundMethod", FINDING_CHOICE, "", false},
        {CONTRACT_REQUEST, "/v1/Services", "FriendlyName", FINDING_MISSING, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct contract contract;
        contract_init(&contract);
        contract.side = rows[i].side;
        contract.path = rows[i].path;
        buf_add_text(&contract.place, rows[i].place);
        contract_report(&contract, rows[i].finding, rows[i].value, "wrong");
        if ((contract.diag.errors == 0) != rows[i].excused)
            fail_msg("%s, %s \"%s\"", rows[i].path, rows[i].place, rows[i].value);
        contract_release(&contract);
    }
}

static void test_formats(void **state)
{
    static const struct {
        const char *format, *text;
        enum format_result result;
    } rows[] = {
        {"date-time", "2015-07-30T20:12:31Z", FORMAT_HOLDS},
        {"date-time", "2016-02-29T00:00:00Z", FORMAT_HOLDS},
        {"date-time", "2015-02-29T00:00:00Z", FORMAT_BROKEN},
        {"date-time", "2015-13-01T00:00:00Z", FORMAT_BROKEN},
        {"date-time", "2015-07-30T24:00:00Z", FORMAT_BROKEN},
        {"date-time", "2015-07-30T20:12:31.5Z", FORMAT_BROKEN},
        {"date-time", "2015-07-30 20:12:31Z", FORMAT_BROKEN},
        {"date-time", "Thu, 30 Jul 2015 23:19:04 +0000", FORMAT_BROKEN},
        {"date-time-rfc-2822", "Thu, 30 Jul 2015 23:19:04 +0000", FORMAT_HOLDS},
        {"date-time-rfc-2822", "Sat, 01 Jan 2000 00:00:00 +0000", FORMAT_HOLDS},
        {"date-time-rfc-2822", "Wed, 30 Jul 2015 23:19:04 +0000", FORMAT_BROKEN},
        {"date-time-rfc-2822", "Thu, 30 Jux 2015 23:19:04 +0000", FORMAT_BROKEN},
        {"date-time-rfc-2822", "Thu, 30 Jul 2015 23:19:04 GMT", FORMAT_BROKEN},
        {"date-time-rfc-2822", "2015-07-30T20:12:31Z", FORMAT_BROKEN},
        {"uri", "https://api.example.com/a?b=c#d", FORMAT_HOLDS},
        {"uri", "http://127.0.0.1:8080/", FORMAT_HOLDS},
        {"uri", "/v1/Services", FORMAT_BROKEN},
        {"uri", "ftp://example.com", FORMAT_BROKEN},
        {"uri", "https://", FORMAT_BROKEN},
        {"uri", "https:///x", FORMAT_BROKEN},
        {"uri", "https://example.com/a b", FORMAT_BROKEN},
        {"uri", "", FORMAT_BROKEN},
        {"phone-number", "+15005550006", FORMAT_HOLDS},
        {"phone-number", "15005550006", FORMAT_BROKEN},
        {"phone-number", "+05005550006", FORMAT_BROKEN},
        {"phone-number", "+1500555000600000", FORMAT_BROKEN},
        {"phone-number", "+1500a550006", FORMAT_BROKEN},
        {"phone-number", "", FORMAT_BROKEN},
        {"iso-country-code", "GB", FORMAT_HOLDS},
        {"iso-country-code", "gb", FORMAT_BROKEN},
        {"currency", "USD", FORMAT_HOLDS},
        {"currency", "US", FORMAT_BROKEN},
        {"http-method", "GET", FORMAT_HOLDS},
        {"colour", "red", FORMAT_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (format_check(rows[i].format, rows[i].text) != rows[i].result)
            fail_msg("%s \"%s\"", rows[i].format, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_schema_limits),
        cmocka_unit_test(test_repeats_and_counts),
        cmocka_unit_test(test_unreadable_descriptions),
        cmocka_unit_test(test_exceptions),
        cmocka_unit_test(test_formats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
