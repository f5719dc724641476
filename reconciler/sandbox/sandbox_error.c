#include "sandbox/sandbox_error.h"

#include "base/attributes.h"
#include "base/buf.h"
#include "base/str.h"

#include <assert.h>
#include <string.h>

/*
 * Texts that third parties have recorded stand as recorded; the others are ours, after the meaning
 * in Twilio's error dictionary. So are most of the statuses: 400 where nobody has seen the real
 * one.
 */
static const struct {
    int code, status;
    const char *text;
} errors[] = {
    {20001, 400, "Missing required parameter {} in the post body"},
    {20002, 400, "Invalid FriendlyName: it must have 1 to 64 characters"},
    {20004, 405, "Method not allowed"},
    {20007, 400, "Page size too large: it can be 1000 at most"},
    {20404, 404, "The requested resource {} was not found"},
    {20409, 409, "Conflict: {}"},
    {20422, 400, "Invalid parameter {}"},
    {20429, 429, "Too Many Requests"},
    {20500, 500, "Internal Server Error"},
    {20503, 503, "Service is unavailable, please try again"},
    {21211, 400, "The 'To' number {} is not a valid phone number."},
    {21212, 400,
     "The 'From' number {} is not a valid phone number, shortcode, or alphanumeric sender ID."},
    {21265, 400, "The 'To' number {} cannot be a short code."},
    {21266, 400, "The 'To' and 'From' numbers cannot be the same: {}"},
    {21267, 400, "Alphanumeric sender IDs cannot be used by trial accounts: {}"},
    {21408, 400,
     "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: "
     "{}."},
    {21421, 400, "{} is not a valid number"},
    {21481, 400, "Invalid PageToken"},
    {21602, 400, "Message body is required."},
    {21603, 400, "A 'From' phone number is required."},
    {21604, 400, "A 'To' phone number is required."},
    {21606, 400,
     "The From phone number {} is not a valid, SMS-capable inbound phone number or short code for "
     "your account."},
    {21609, 400, "The StatusCallback URL {} is not a valid URL."},
    {21610, 400, "Attempt to send to unsubscribed recipient"},
    {21611, 400, "SMS queue is full."},
    {21612, 400,
     "The 'To' phone number: {}, is not currently reachable using the 'From' phone number: {} via "
     "SMS."},
    {21614, 400, "To number: {}, is not a mobile number"},
    {21617, 400, "The message body exceeds the 1600 character limit."},
    {21623, 400, "The number of media URLs exceeds the limit of 10."},
    {21624, 400, "Invalid ValidityPeriod {}: it must be between 1 and 36000 seconds"},
    {21657, 400, "The Alphanumeric Sender ID {} is not registered in the country of {}."},
    {21701, 404, "The Messaging Service {} does not exist."},
    {21703, 400, "The Messaging Service has no sender that can reach this recipient."},
    {21704, 400, "The Messaging Service contains no phone numbers."},
    {21705, 400, "The Messaging Service Sid {} is invalid."},
    {21709, 400, "The Alpha Sender {} is invalid, or the Messaging Service can take no more."},
    {21710, 409, "Phone Number or Short Code is already in the Messaging Service."},
    {21711, 400, "The 'From' number {} does not belong to the Messaging Service."},
    {21712, 409, "Phone Number or Short Code is associated with another Messaging Service."},
    {21713, 400, "Invalid Usecase {}"},
    {21714, 412, "Number Pool size limit reached"},
    {21715, 400, "Phone Number or Short Code {} has neither SMS nor MMS capability."},
    {21910, 400, "Invalid From and To pair. From and To should be of the same channel: {}, {}"},
    {30001, 400, "Queue overflow"},
    {30002, 400, "Account suspended"},
    {30003, 400, "Unreachable destination handset"},
    {30004, 400, "Message blocked"},
    {30005, 400, "Unknown destination handset"},
    {30006, 400, "Landline or unreachable carrier"},
    {30007, 400, "Message filtered"},
    {30008, 400, "Unknown error"},
    {30010, 400, "Message price exceeds max price"},
    {30032, 400, "Toll-free number has not been verified"},
    {30034, 400, "Message from an unregistered number"},
    {30450, 400, "Message delivery blocked"},
    {30995, 400, "The account has reached its limit of Messaging Services."},
    {63007, 400, "Twilio could not find a Channel with the specified From address {}"},
    {70051, 401, "Authorization Error - the API key may not access this resource"},
};

/* The row of a code; COUNT_OF(errors) when it has none. */
static size_t look_up(int code)
{
    size_t i = 0;
    while (i < COUNT_OF(errors) && errors[i].code != code)
        i++;
    return i;
}

static size_t find_error(int code)
{
    size_t i = look_up(code);
    assert(i < COUNT_OF(errors));
    return i;
}

const char *sandbox_error_text(int code)
{
    return errors[find_error(code)].text;
}

const char *sandbox_error_known(int code)
{
    size_t row = look_up(code);
    return row < COUNT_OF(errors) ? errors[row].text : NULL;
}

static json_t *error_body(int code, int status, const char *message)
{
    json_t *body = json_object();
    json_object_set_new(body, "code", json_integer(code));
    json_object_set_new(body, "message", json_string(message));
    json_object_set_new(body, "more_info",
                        json_sprintf("https://www.twilio.com/docs/errors/%d", code));
    json_object_set_new(body, "status", json_integer(status));
    return body;
}

static void set_body(struct sandbox_reply *reply, int status, json_t *body)
{
    json_decref(reply->body);
    reply->status = status;
    reply->body = body;
}

/* Replies with the text, its "{}" filled in. */
static void reply_with(struct sandbox_reply *reply, int code, int status, const char *text,
                       const char *const values[2])
{
    const char *hole;
    struct buf message;
    size_t used = 0;

    buf_init(&message, BUF_LIMIT_DEFAULT);
    while ((hole = strstr(text, "{}")) != NULL) {
        assert(used < 2 && values[used] != NULL);
        buf_add(&message, text, (size_t)(hole - text));
        buf_add_text(&message, values[used++]);
        text = hole + 2;
    }
    buf_add_text(&message, text);
    set_body(reply, status, error_body(code, status, buf_text(&message)));
    buf_release(&message);
}

void sandbox_error(struct sandbox_reply *reply, int code, const char *first, const char *second)
{
    const char *const values[] = {first, second};
    size_t row = find_error(code);

    reply_with(reply, code, errors[row].status, errors[row].text, values);
}

void sandbox_error_injected(struct sandbox_reply *reply, int code, int status)
{
    static const char *const values[] = {"(injected)", "(injected)"};
    size_t row = look_up(code);

    reply_with(reply, code, status, row < COUNT_OF(errors) ? errors[row].text : "An injected error",
               values);
}

void sandbox_error_unauthorised(struct sandbox_reply *reply, enum sandbox_api api, bool missing)
{
    const char *message = "Authentication Error - invalid username", *detail = "";

    if (api == SANDBOX_API_MESSAGING) {
        detail = missing ? "Your request did not include any credentials."
                         : "The credentials of your request are not valid.";
        if (missing)
            message = "Authentication Error - No credentials provided";
    } else if (missing) {
        message = "Authenticate";
    }
    set_body(reply, 401, error_body(20003, 401, message));
    json_object_set_new(reply->body, "detail", json_string(detail));
}

void sandbox_error_not_found(const struct sandbox_request *request, struct sandbox_reply *reply,
                             const char *child)
{
    const char *path = request->path;

    /* The messaging host names its paths without the version, the other one with it. */
    if (request->api == SANDBOX_API_MESSAGING && str_starts_with(path, "/v1/"))
        path += 3;
    if (child != NULL)
        path = arena_printf(request->arena, "%s/%s", path, child);
    sandbox_error(reply, 20404, path, NULL);
}

const char *sandbox_error_need(const struct sandbox_request *request, struct sandbox_reply *reply,
                               const char *name)
{
    const char *value = sandbox_form_get(&request->form, name);
    if (str_is_empty(value)) {
        sandbox_error(reply, 20001, name, NULL);
        return NULL;
    }
    return value;
}
