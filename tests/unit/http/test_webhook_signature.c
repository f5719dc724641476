/*
 * Signatures, against the vectors of Twilio's own libraries, and what must not pass for one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "http/webhook_signature.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>

#define TOKEN "12345"
#define BASE "https://mycompany.com/myapp.php?foo=1&bar=2"
#define CALL                                                                           \
    "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&" \
    "To=%2B18005551212"
#define JSON_HASH "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
#define JSON_BODY "{\"property\": \"value\", \"boolean\": true}"
#define EMPTY_HASH "bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define STATUS(status)                                                              \
    "AccountSid=AC" A32 "&ApiVersion=2010-04-01&From=%2B15017250604&MessageSid="    \
    "SM1342fe1b2c904d1ab04f0fc7a58abca9&SmsSid=SM1342fe1b2c904d1ab04f0fc7a58abca9&" \
    "MessageStatus=" status "&SmsStatus=" status "&MessagingServiceSid=MG" A32      \
    "&To=%2B15558675310"
#define FORM "application/x-www-form-urlencoded"

struct vector {
    const char *name, *method, *url, *content_type, *body, *signature;
};

static const struct vector vectors[] = {
    {"1 form", "POST", BASE, FORM, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    {"2 repeated values", "POST", BASE, FORM,
     "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
     "IK+Dwps556ElfBT0I3Rgjkr1wJU="},
    {"3 JSON", "POST", BASE "&" JSON_HASH, "application/json", JSON_BODY,
     "a9nBmqA0ju/hNViExpshrM61xv4="},
    {"4 JSON, only the hash", "POST", "https://mycompany.com/myapp.php?" JSON_HASH,
     "application/json; charset=utf-8", JSON_BODY, "y77kIzt2vzLz71DgmJGsen2scGs="},
    {"5 default port", "POST", "https://mycompany.com:443/myapp.php?foo=1&bar=2", FORM, CALL,
     "kvajT1Ptam85bY51eRf/AJRuM3w="},
    {"5 default port added", "POST", BASE, FORM, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="},
    {"1 default port removed", "POST", "https://mycompany.com:443/myapp.php?foo=1&bar=2", FORM,
     CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    {"6 default port of http", "POST", "http://mycompany.com:80/myapp.php?foo=1&bar=2", FORM, CALL,
     "0ZXoZLH/DfblKGATFgpif+LLRf4="},
    {"6 default port of http added", "POST", "http://mycompany.com/myapp.php?foo=1&bar=2", FORM,
     CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="},
    {"7 other port", "POST", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", FORM, CALL,
     "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="},
    {"1 other port removed", "POST", "https://mycompany.com:8443/myapp.php?foo=1&bar=2", FORM, CALL,
     "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    {"8 user and password", "POST", "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", FORM,
     CALL, "CukzLTc1tT5dXEDIHm/tKBanW10="},
    {"1 user and password left out", "POST",
     "https://user:p@ss@mycompany.com/myapp.php?foo=1&bar=2", FORM, CALL,
     "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    {"9 user", "POST", "https://user@mycompany.com/myapp.php?foo=1&bar=2", FORM, CALL,
     "2YRLlVAflCqxaNicjMpJcSTgzSs="},
    {"10 a name that begins as another", "POST", BASE, FORM,
     CALL "&ReasonConferenceEnded=test&Reason=Participant", "vOEb5UThFn24KEfnOFLQY2AE5FY="},
    {"11 two values of one name", "POST", BASE, FORM,
     "MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx",
     "83O6e2vORAoJHUNzJjDWN1jz+BA="},
    {"12 two names", "POST", BASE, FORM, "property=value&boolean=true",
     "NBdBDr/T/lgjI+tlgpXjKZQZs/k="},
    {"13 with the port", "POST", "https://mycompany.com:443/myapp.php?foo=1&bar=2&" EMPTY_HASH,
     "application/json", "{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc="},
    {"13 with the port added", "POST", BASE "&" EMPTY_HASH, "application/json", "{}",
     "Ldidvp12m26NI7eqEvxnEpkd9Hc="},
    {"14 encoded apostrophe", "POST", BASE "&Body=It%27s+amazing", FORM, CALL,
     "TfZzewPq8wqrGlMfyAud8+/IvJ0="},
    {"14 bare apostrophe", "POST", BASE "&Body=It's+amazing", FORM, CALL,
     "TfZzewPq8wqrGlMfyAud8+/IvJ0="},
    {"15 sent", "POST", "https://example.com/status", FORM, STATUS("sent"),
     "ijsYrQgLcgjuqiev+Lu9ZSqAmiA="},
    {"15 without a content type", "POST", "https://example.com/status", NULL, STATUS("sent"),
     "ijsYrQgLcgjuqiev+Lu9ZSqAmiA="},
    {"15 with a fragment", "POST", "https://example.com/status#rc=2", FORM, STATUS("sent"),
     "ijsYrQgLcgjuqiev+Lu9ZSqAmiA="},
    {"16 undelivered", "POST", "https://example.com/status",
     "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
     STATUS("undelivered") "&ErrorCode=30003&RawDlrDoneDate=2401151230",
     "v1I4/muFQrFuuUQSsE64Pl6Cvxk="},
};

static enum webhook_verdict check(const struct webhook_request *request, const char *token,
                                  const char *why_part)
{
    struct webhook_content content;
    struct arena arena = {0};
    enum webhook_verdict verdict;
    const char *why = NULL;

    verdict = webhook_signature_check(token, request, &arena, &content, &why);
    if (verdict == WEBHOOK_GENUINE)
        assert_null(why);
    else if (why == NULL || strstr(why, why_part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", why == NULL ? "nothing" : why, why_part);
    arena_release(&arena);
    return verdict;
}

static struct webhook_request request_of(const struct vector *vector)
{
    return (struct webhook_request){.method = vector->method,
                                    .url = vector->url,
                                    .content_type = vector->content_type,
                                    .body = vector->body,
                                    .body_size = strlen(vector->body),
                                    .signature = vector->signature,
                                    .signature_count = 1};
}

static void test_vectors_are_genuine(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        struct webhook_request request = request_of(&vectors[i]);
        if (check(&request, TOKEN, "") != WEBHOOK_GENUINE)
            fail_msg("%s", vectors[i].name);
    }
}

/* Each vector with one thing changed. */
static void test_altered_vectors_are_forged(void **state)
{
    struct buf changed;
    size_t i;

    (void)state;
    buf_init(&changed, 4096);
    for (i = 0; i < COUNT_OF(vectors); i++) {
        struct webhook_request request = request_of(&vectors[i]);
        buf_clear(&changed);
        buf_add_text(&changed, vectors[i].signature);
        changed.data[7] = changed.data[7] == 'A' ? 'B' : 'A';
        request.signature = buf_text(&changed);
        assert_int_equal(check(&request, TOKEN, "does not match"), WEBHOOK_FORGED);
        request.signature = vectors[i].signature;
        assert_int_equal(check(&request, "12346", "does not match"), WEBHOOK_FORGED);
        assert_int_equal(check(&request, "", "does not match"), WEBHOOK_FORGED);
        buf_clear(&changed);
        buf_add_text(&changed, vectors[i].body);
        changed.data[changed.size - 1] ^= 1;
        request.body = buf_text(&changed);
        assert_int_equal(check(&request, TOKEN, "t"), WEBHOOK_FORGED);
        request.body = vectors[i].body;
        buf_clear(&changed);
        buf_add(&changed, vectors[i].url, strcspn(vectors[i].url, "?#"));
        buf_add_text(&changed, "/");
        buf_add_text(&changed, vectors[i].url + strcspn(vectors[i].url, "?#"));
        request.url = buf_text(&changed);
        assert_int_equal(check(&request, TOKEN, "does not match"), WEBHOOK_FORGED);
    }
    buf_release(&changed);
}

static void test_other_schemes_and_hosts_are_forged(void **state)
{
    static const char *const urls[] = {
        "http://mycompany.com/myapp.php?foo=1&bar=2",
        "https://mycompany.com.evil.example/myapp.php?foo=1&bar=2",
        "https://evil.example/@mycompany.com/myapp.php?foo=1&bar=2",
        "https://mycompany.com/myapp.php?foo=1",
        "https://mycompany.com/myapp.php?bar=2&foo=1",
        "https://mycompany.com/myapp.php?foo=1&bar=2&foo=",
        "mycompany.com/myapp.php?foo=1&bar=2",
        "",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(urls); i++) {
        struct webhook_request request = request_of(&vectors[0]);
        request.url = urls[i];
        if (check(&request, TOKEN, "does not match") != WEBHOOK_FORGED)
            fail_msg("%s", urls[i]);
    }
}

static void test_signatures_that_are_none(void **state)
{
    static const struct {
        const char *signature;
        size_t count;
        const char *why;
    } cases[] = {
        {NULL, 0, "no X-Twilio-Signature"},
        {"RSOYDt4T1cUTdK1PDd93/VVr8B8=", 2, "more than one"},
        {"", 1, "28 characters"},
        {"RSOYDt4T1cUTdK1PDd93/VVr8B8", 1, "28 characters"},
        {"RSOYDt4T1cUTdK1PDd93/VVr8B8==", 1, "28 characters"},
        {"RSOYDt4T1cUTdK1PDd93/VVr8B==", 1, "28 characters"},
        {" RSOYDt4T1cUTdK1PDd93/VVr8B8=", 1, "28 characters"},
        {"RSOYDt4T1cUTdK1PDd93_VVr8B8=", 1, "28 characters"},
        {"RSOYDt4T1cUTdK1PDd93\xc3VVr8B8=", 1, "28 characters"},
        {"RSOYDt4T1cUTdK1PDd93/VVr8B8=, RSOYDt4T1cUTdK1PDd93/VVr8B8=", 1, "28 characters"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct webhook_request request = request_of(&vectors[0]);
        request.signature = cases[i].signature;
        request.signature_count = cases[i].count;
        assert_int_equal(check(&request, TOKEN, cases[i].why), WEBHOOK_UNSIGNED);
    }
}

/* Signed by whomever: there is no telling what was meant. */
static void test_broken_parameters_are_malformed(void **state)
{
    static const struct {
        const char *url, *body, *why;
    } cases[] = {
        {BASE, "a=%00", "the form has a NUL"},
        {BASE, "%00a=1", "the form has a NUL"},
        {BASE, "a=%4", "the form has a broken percent encoding"},
        {BASE, "a=%zz", "the form has a broken percent encoding"},
        {BASE, "a%=1", "the form has a broken percent encoding"},
        {BASE, "a=%ff", "the form has text that is not UTF-8"},
        {BASE "&c=%0", "a=1", "the query of the URL has a broken"},
        {BASE "&c=%00", "a=1", "the query of the URL has a NUL"},
    };
    struct webhook_request request = request_of(&vectors[0]);
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        request.url = cases[i].url;
        request.body = cases[i].body;
        request.body_size = strlen(cases[i].body);
        assert_int_equal(check(&request, TOKEN, cases[i].why), WEBHOOK_MALFORMED);
    }
    request.body = "a=1\0b";
    request.body_size = 5;
    assert_int_equal(check(&request, TOKEN, "a NUL"), WEBHOOK_MALFORMED);
}

/* A signature made of the URL alone says nothing of a body without its hash. */
static void test_unbound_bodies_are_forged(void **state)
{
    char signature[WEBHOOK_SIGNATURE_SIZE];
    struct webhook_request request = {.method = "POST",
                                      .url = BASE,
                                      .content_type = "application/json",
                                      .body = "{}",
                                      .body_size = 2,
                                      .signature = signature,
                                      .signature_count = 1};

    (void)state;
    webhook_signature_make(TOKEN, BASE, NULL, 0, signature);
    assert_int_equal(check(&request, TOKEN, "has no bodySHA256"), WEBHOOK_FORGED);
    request.content_type = FORM;
    request.body = "a=1";
    request.body_size = 3;
    assert_int_equal(check(&request, TOKEN, "does not match"), WEBHOOK_FORGED);
    request.method = "GET";
    assert_int_equal(check(&request, TOKEN, ""), WEBHOOK_GENUINE);
    request.method = "POST";
    request.url = BASE "&" EMPTY_HASH;
    webhook_signature_make(TOKEN, request.url, NULL, 0, signature);
    assert_int_equal(check(&request, TOKEN, "not that of bodySHA256"), WEBHOOK_FORGED);
}

/* A form may come with its hash, its parameters signed or not. */
static void test_form_with_its_hash(void **state)
{
    static const char url[] = "https://a.example/?bodySHA256="
                              "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    static const struct webhook_parameter parameter = {"a", ""};
    char signature[WEBHOOK_SIGNATURE_SIZE];
    struct webhook_request request = {.method = "POST",
                                      .url = url,
                                      .content_type = FORM,
                                      .body = "a",
                                      .body_size = 1,
                                      .signature = signature,
                                      .signature_count = 1};

    (void)state;
    webhook_signature_make(TOKEN, url, NULL, 0, signature);
    assert_int_equal(check(&request, TOKEN, ""), WEBHOOK_GENUINE);
    request.body = "b";
    assert_int_equal(check(&request, TOKEN, "not that of bodySHA256"), WEBHOOK_FORGED);
    request.body = "a";
    webhook_signature_make(TOKEN, url, &parameter, 1, signature);
    assert_int_equal(check(&request, TOKEN, ""), WEBHOOK_GENUINE);
}

/* Blanks as %20 and one name's values together, as an older library encodes a query anew. */
static void test_query_encoded_anew(void **state)
{
    char signature[WEBHOOK_SIGNATURE_SIZE];
    struct webhook_request request = {.method = "GET",
                                      .url = "https://a.example/x?a=it's+a+1&b=%C3%A4&a=2&c",
                                      .body = "",
                                      .signature = signature,
                                      .signature_count = 1};

    (void)state;
    webhook_signature_make(TOKEN, "https://a.example/x?a=it's%20a%201&a=2&b=%C3%A4&c=", NULL, 0,
                           signature);
    assert_int_equal(check(&request, TOKEN, ""), WEBHOOK_GENUINE);
}

static void test_making_sorts_and_leaves_out(void **state)
{
    static const struct webhook_parameter parameters[] = {
        {"To", "+18005551212"},           {"Digits", "1234"},
        {"Caller", "+14158675309"},       {"From", "+14158675309"},
        {"CallSid", "CA1234567890ABCDE"}, {"Caller", "+14158675309"},
    };
    char signature[WEBHOOK_SIGNATURE_SIZE];

    (void)state;
    webhook_signature_make(TOKEN, BASE "#rc=3", parameters, COUNT_OF(parameters), signature);
    assert_string_equal(signature, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
}

static void test_content_is_read(void **state)
{
    struct webhook_request request = request_of(&vectors[0]);
    struct webhook_content content;
    struct arena arena = {0};
    const char *why;

    (void)state;
    assert_int_equal(webhook_signature_check(TOKEN, &request, &arena, &content, &why),
                     WEBHOOK_GENUINE);
    assert_string_equal(form_get(&content.query, "bar"), "2");
    assert_string_equal(form_get(&content.form, "Caller"), "+14158675309");
    assert_null(form_get(&content.form, "caller"));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_are_genuine),
        cmocka_unit_test(test_altered_vectors_are_forged),
        cmocka_unit_test(test_other_schemes_and_hosts_are_forged),
        cmocka_unit_test(test_signatures_that_are_none),
        cmocka_unit_test(test_broken_parameters_are_malformed),
        cmocka_unit_test(test_unbound_bodies_are_forged),
        cmocka_unit_test(test_form_with_its_hash),
        cmocka_unit_test(test_query_encoded_anew),
        cmocka_unit_test(test_making_sorts_and_leaves_out),
        cmocka_unit_test(test_content_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
