#include "twilio/answer.h"

#include "base/str.h"

#include <string.h>

enum { MESSAGE_MAX = 300 }; /* bytes of Twilio's own message that we repeat */

/* What to do about errors that have one answer. By Twilio's code first, then by status. */
static const struct {
    int code, status;
    const char *hint;
} hints[] = {
    {20003, 0,
     "check that TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and "
     "TWILIO_API_SECRET, belong together and to the region in use"},
    {20008, 0, "these are test credentials; messaging services need the live ones"},
    {70051, 0, "the API key has no permission for this; give it messaging services and numbers"},
    {20403, 0, "the API key has no permission for this, or the account is suspended or closed"},
    {20005, 0, "the account is not active"},
    {20429, 0, "too many requests at once; lower --parallelism or set --rate, or try again later"},
    {21712, 0, "it belongs to another messaging service; remove it there first"},
    {21714, 0, "the service is full; spread the numbers over several services"},
    {21715, 0, "the number can send neither SMS nor MMS"},
    {21709, 0, "the alpha sender is not valid, or alpha senders are not enabled for the account"},
    {21710, 0, "it is in the service already"},
    {30995, 0, "the account has as many services as it may have"},
    {0, 401,
     "check that TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and "
     "TWILIO_API_SECRET, belong together and to the region in use"},
    {0, 403, "the credentials are not allowed to do this"},
    {0, 429, "too many requests at once; lower --parallelism or set --rate, or try again later"},
    {0, 503, "Twilio is not available; try again later (status.twilio.com)"},
};

static const char *hint_for(int code, int status)
{
    size_t i;
    for (i = 0; i < COUNT_OF(hints); i++)
        if (code != 0 && hints[i].code == code)
            return hints[i].hint;
    for (i = 0; i < COUNT_OF(hints); i++)
        if (hints[i].code == 0 && hints[i].status == status)
            return hints[i].hint;
    if (status >= 500)
        return "Twilio failed; try again later (status.twilio.com)";
    return NULL;
}

static const char *hint_for_fault(enum http_fault fault)
{
    switch (fault) {
    case HTTP_FAULT_CONNECT:
        return "check the network, the proxy settings and --api-url";
    case HTTP_FAULT_TLS:
        return "the server's certificate is not trusted; a proxy that opens TLS needs --ca-file";
    case HTTP_FAULT_TIMEOUT:
        return "the server took too long; try again, or raise --request-timeout";
    case HTTP_FAULT_OVER:
        return "give it more time with --timeout";
    case HTTP_FAULT_NONE:
    case HTTP_FAULT_CONNECTION:
    case HTTP_FAULT_TOO_LARGE:
    case HTTP_FAULT_PROTOCOL:
        break;
    }
    return NULL;
}

/* ", after 6 attempts" where there was more than one. */
static const char *after_attempts(unsigned attempts, struct arena *arena)
{
    return attempts > 1 ? arena_printf(arena, ", after %u attempts", attempts) : "";
}

static const char *in_request(const char *request_id, struct arena *arena)
{
    return request_id[0] == '\0' ? "" : arena_printf(arena, " (request %s)", request_id);
}

/* What others wrote, without what must not be shown. */
static const char *harmless(const char *text, const struct redactions *redactions,
                            struct arena *arena)
{
    char *copy = arena_strdup(arena, redact_text(redactions, arena, text));

    if (copy != NULL)
        str_mask_passwords(copy, strlen(copy));
    return copy;
}

static void read_error(struct twilio_answer *answer, const json_t *json, const char *what,
                       const struct http_response *response, const struct redactions *redactions,
                       struct arena *arena)
{
    const json_t *code = json_object_get(json, "code");
    const char *message =
        harmless(json_string_value(json_object_get(json, "message")), redactions, arena);
    const char *attempts = after_attempts(response->attempts, arena);

    if (json_is_integer(code) && json_integer_value(code) > 0 && json_integer_value(code) < 1000000)
        answer->code = (int)json_integer_value(code);
    if (answer->code != 0)
        answer->problem = arena_printf(arena, "%s: HTTP %d, Twilio error %d%s%.*s%s%s", what,
                                       response->status, answer->code, message == NULL ? "" : ": ",
                                       MESSAGE_MAX, message == NULL ? "" : message, attempts,
                                       in_request(response->request_id, arena));
    else
        answer->problem = arena_printf(arena, "%s: HTTP %d%s%s", what, response->status, attempts,
                                       in_request(response->request_id, arena));
    answer->hint = hint_for(answer->code, response->status);
}

/* A write that is not known to have failed before it reached the server may have happened. */
static bool may_have_happened(enum http_method method, const struct http_response *response)
{
    if (method == HTTP_GET)
        return false;
    if (response->fault == HTTP_FAULT_NONE)
        return response->status >= 500 || response->status < 300;
    /* Of what may be sent again blindly, only a removal may have happened before. */
    if (response->fault == HTTP_FAULT_OVER)
        return method == HTTP_DELETE && response->attempts > 0;
    return response->fault != HTTP_FAULT_CONNECT && response->fault != HTTP_FAULT_TLS;
}

void answer_read(struct twilio_answer *answer, json_t **json, enum http_method method,
                 const char *url, const struct http_response *response,
                 const struct redactions *redactions, struct arena *arena)
{
    const char *what =
        harmless(arena_printf(arena, "%s %s", http_method_name(method), url), redactions, arena);
    int status = response->status;

    memset(answer, 0, sizeof(*answer));
    *json = NULL;
    answer->status = status;
    answer->request_id = response->request_id;
    answer->attempts = response->attempts;
    answer->duration_ms = response->duration_ms;
    if (response->fault != HTTP_FAULT_NONE) {
        answer->problem = arena_printf(arena, "%s: %s%s", what, response->error,
                                       after_attempts(response->attempts, arena));
        answer->hint = hint_for_fault(response->fault);
    } else {
        *json = json_loadb(response->body, response->body_size, 0, NULL);
        answer->json = *json;
        if (status < 200 || status > 299)
            read_error(answer, *json, what, response, redactions, arena);
        else if (status != 204 && !json_is_object(*json))
            answer->problem = arena_printf(arena, "%s: HTTP %d with a body that is %s%s", what,
                                           status, *json == NULL ? "not JSON" : "no JSON object",
                                           in_request(response->request_id, arena));
    }
    if (answer->problem != NULL)
        answer->unclear = may_have_happened(method, response);
    answer->unsent = response->fault == HTTP_FAULT_OVER && response->attempts == 0;
    answer->late = answer->unclear && response->fault == HTTP_FAULT_TIMEOUT;
}
