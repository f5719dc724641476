#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "twilio/webhook_event.h"

#include "base/attributes.h"

#include <string.h>

#define SM "SM0123456789abcdef0123456789abcdef"
#define MM "MM0123456789abcdef0123456789abcdef"
#define LINE_HEAD "{\"received_at\":\"1970-01-01T00:00:01.500Z\","
#define NO_PARTIES "\"to\":null,\"from\":null,\"messaging_service_sid\":null,\"account_sid\":null,"
#define NO_FLAGS "\"current_status\":null,\"duplicate\":false,\"late\":false,"
#define LINE_TAIL "\"idempotency_token\":null,\"path\":\"/x\",\"query\":null,\"parameters\":"

static const struct {
    const char *name, *method, *content_type, *text;
    const char *line; /* NULL: refused, and `why` says: */
    const char *why;
} cases[] = {
    {"status", "POST", NULL,
     "MessageSid=" SM "&SmsSid=" SM "&MessageStatus=undelivered&SmsStatus=undelivered&"
     "To=%2B15558675310&From=%2B15017250604&MessagingServiceSid=MG1&AccountSid=AC1&"
     "ErrorCode=30003&ApiVersion=2010-04-01",
     LINE_HEAD "\"kind\":\"status\",\"message_sid\":\"" SM "\",\"status\":\"undelivered\"," NO_FLAGS
               "\"to\":\"+15558675310\",\"from\":\"+15017250604\","
               "\"messaging_service_sid\":\"MG1\",\"account_sid\":\"AC1\","
               "\"error_code\":30003," LINE_TAIL "{\"ApiVersion\":\"2010-04-01\"}}\n",
     NULL},
    {"inbound", "POST", NULL,
     "MessageSid=" MM "&SmsStatus=received&Body=%C3%A4%1B%5B31m%7F&NumMedia=1&MediaUrl0=u",
     LINE_HEAD "\"kind\":\"inbound\",\"message_sid\":\"" MM
               "\",\"status\":\"received\"," NO_FLAGS NO_PARTIES
               "\"error_code\":null,\"body\":\"\\u00E4\\u001B[31m\\u007F\"," LINE_TAIL
               "{\"NumMedia\":\"1\",\"MediaUrl0\":\"u\"}}\n",
     NULL},
    {"inbound without a status, by GET", "GET", NULL, "SmsSid=" SM "&Body=",
     LINE_HEAD "\"kind\":\"inbound\",\"message_sid\":\"" SM
               "\",\"status\":\"received\"," NO_FLAGS NO_PARTIES
               "\"error_code\":null,\"body\":\"\"," LINE_TAIL "{}}\n",
     NULL},
    {"a status that is new, names twice, a code that is none", "POST", NULL,
     "MessageSid=" SM "&SmsSid=" MM "&MessageStatus=teleported&a=1&a=2&a=3&ErrorCode=x",
     LINE_HEAD "\"kind\":\"status\",\"message_sid\":\"" SM
               "\",\"status\":\"teleported\"," NO_FLAGS NO_PARTIES "\"error_code\":null," LINE_TAIL
               "{\"SmsSid\":\"" MM "\",\"a\":[\"1\",\"2\",\"3\"],\"ErrorCode\":\"x\"}}\n",
     NULL},
    {"JSON", "POST", "application/json",
     "{\"MessageSid\": \"" SM "\", \"MessageStatus\": \"failed\", \"ErrorCode\": 21703, "
     "\"More\": {\"x\": [1, null]}}",
     LINE_HEAD "\"kind\":\"status\",\"message_sid\":\"" SM
               "\",\"status\":\"failed\"," NO_FLAGS NO_PARTIES "\"error_code\":21703," LINE_TAIL
               "{\"More\":{\"x\":[1,null]}}}\n",
     NULL},
    {"nothing", "POST", NULL, "", NULL, "there is no MessageSid"},
    {"a call", "POST", NULL, "CallSid=CA1&CallStatus=ringing", NULL, "there is no MessageSid"},
    {"no status", "POST", NULL, "MessageSid=" SM, NULL, "neither a MessageStatus nor a Body"},
    {"empty status", "POST", NULL, "MessageSid=" SM "&MessageStatus=", NULL, "neither"},
    {"bad SID", "POST", NULL, "MessageSid=SM1&MessageStatus=sent", NULL, "not SM or MM and 32"},
    {"SID of a service", "POST", NULL,
     "MessageSid=MG0123456789abcdef0123456789abcdef&MessageStatus=sent", NULL, "not SM or MM"},
    {"two SIDs", "POST", NULL, "MessageSid=" SM "&MessageSid=" MM "&MessageStatus=sent", NULL,
     "there is no MessageSid"},
    {"no JSON", "POST", "application/json", "{\"MessageSid\"", NULL, "the body is no JSON: "},
    {"empty JSON body", "POST", "application/json", "", NULL, "the body is no JSON: "},
    {"JSON list", "POST", "application/json", "[]", NULL, "no JSON object"},
    {"JSON key twice", "POST", "application/json", "{\"a\": 1, \"a\": 2}", NULL,
     "the body is no JSON: "},
    {"JSON SID of another type", "POST", "application/json",
     "{\"MessageSid\": {}, \"MessageStatus\": \"sent\"}", NULL, "there is no MessageSid"},
    {"JSON NUL", "POST", "application/json", "{\"a\": \"\\u0000\"}", NULL, "the body is no JSON: "},
};

static void test_requests_become_lines(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct webhook_request request = {.method = cases[i].method,
                                          .content_type = cases[i].content_type,
                                          .body = cases[i].text,
                                          .body_size = strlen(cases[i].text)};
        struct webhook_content content = {0};
        struct webhook_event event;
        struct arena arena = {0};
        const char *why = NULL;
        struct buf line;
        int result;

        buf_init(&line, 4096);
        if (cases[i].content_type == NULL)
            assert_int_equal(form_parse(request.method[0] == 'G' ? &content.query : &content.form,
                                        &arena, request.body, request.body_size, &why),
                             0);
        result = webhook_event_read(&event, &request, &content, &arena, &why);
        event.received_ms = 1500;
        event.path = "/x";
        event.query = "";
        if (result != (cases[i].line == NULL ? -1 : 0))
            fail_msg("%s: %s", cases[i].name, why == NULL ? "taken" : why);
        if (result == 0) {
            webhook_event_add_line(&event, &line);
            assert_string_equal(buf_text(&line), cases[i].line);
        } else if (strstr(why, cases[i].why) == NULL) {
            fail_msg("%s: \"%s\"", cases[i].name, why);
        }
        webhook_event_release(&event);
        buf_release(&line);
        arena_release(&arena);
    }
}

/* A header can hold any bytes; it must not take the line with it. */
static void test_a_token_that_is_no_text(void **state)
{
    struct webhook_event event = {.message_sid = SM,
                                  .status = "sent",
                                  .idempotency_token = "\xff",
                                  .query = "a=1",
                                  .current = MESSAGE_DELIVERED,
                                  .late = true,
                                  .duplicate = true,
                                  .parameters = json_object()};
    struct buf line;

    (void)state;
    buf_init(&line, 4096);
    webhook_event_add_line(&event, &line);
    assert_non_null(strstr(buf_text(&line), "\"idempotency_token\":null"));
    assert_non_null(strstr(buf_text(&line), "\"query\":\"a=1\""));
    assert_non_null(strstr(buf_text(&line),
                           "\"current_status\":\"delivered\",\"duplicate\":true,\"late\":true"));
    webhook_event_release(&event);
    buf_release(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_become_lines),
        cmocka_unit_test(test_a_token_that_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
