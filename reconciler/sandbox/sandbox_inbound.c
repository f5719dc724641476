#include "sandbox/sandbox_request.h"

#include "base/segments.h"
#include "base/str.h"
#include "sandbox/sandbox_choose.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_simulator.h"

#include <stdio.h>
#include <string.h>

/* A message that comes in. */
struct arrival {
    const char *from, *to, *body;
    const struct sandbox_sender *sender; /* that it comes to */
    const char *sid;
    char segments[16];
};

/* The sender that the text names, whatever it is. */
static const struct sandbox_sender *find_sender(const struct sandbox_store *store, const char *text)
{
    char number[SANDBOX_PHONE_SIZE];

    if (sandbox_phone_channel(text) != NULL)
        return sandbox_sender_at(store, SANDBOX_CHANNEL_SENDER, text);
    if (sandbox_phone_is_short_code(text))
        return sandbox_sender_at(store, SANDBOX_SHORT_CODE, text);
    if (sandbox_phone_normalise(text, number))
        return sandbox_sender_at(store, SANDBOX_PHONE_NUMBER, number);
    return NULL;
}

static int read_arrival(const struct sandbox_request *request, struct arrival *arrival,
                        struct sandbox_reply *reply)
{
    const char *to;
    char number[SANDBOX_PHONE_SIZE];

    arrival->from = sandbox_error_need(request, reply, "From");
    if (arrival->from == NULL)
        return -1;
    to = sandbox_error_need(request, reply, "To");
    if (to == NULL)
        return -1;
    arrival->body = sandbox_form_get(&request->form, "Body");
    if (arrival->body == NULL)
        arrival->body = "";
    if (sandbox_phone_normalise(arrival->from, number)) {
        arrival->from = arena_strdup(request->arena, number);
    } else if (sandbox_phone_channel(arrival->from) == NULL) {
        sandbox_error(reply, 21212, arrival->from, NULL);
        return -1;
    }
    arrival->sender = find_sender(request->store, to);
    if (arrival->sender == NULL) {
        sandbox_error(reply, 21606, to, NULL);
        return -1;
    }
    arrival->to = arrival->sender->address;
    snprintf(arrival->segments, sizeof(arrival->segments), "%u", segments_of(arrival->body));
    return 0;
}

/* Where it is to be posted, and how; NULL: nowhere. */
static const char *webhook_of(const struct sandbox_sender *sender, enum http_method *method)
{
    const json_t *settings = sender->members;
    const char *url = "sms_url", *how = "sms_method";

    if (sender->member != NULL &&
        !sandbox_choose_setting(sender->member->service, "use_inbound_webhook_on_number")) {
        settings = sender->member->service->settings;
        url = "inbound_request_url";
        how = "inbound_method";
    }
    *method =
        str_equal(json_string_value(json_object_get(settings, how)), "GET") ? HTTP_GET : HTTP_POST;
    return json_string_value(json_object_get(settings, url));
}

static json_t *message_body(const struct arrival *arrival)
{
    const struct sandbox_member *member = arrival->sender->member;
    json_t *body = json_object();

    json_object_set_new(body, "to", json_string(arrival->to));
    json_object_set_new(body, "from", json_string(arrival->from));
    json_object_set_new(body, "body", json_string(arrival->body));
    json_object_set_new(body, "messaging_service_sid",
                        member == NULL ? json_null() : json_string(member->service->row.sid));
    json_object_set_new(body, "direction", json_string("inbound"));
    json_object_set_new(body, "status", json_string("received"));
    json_object_set_new(body, "num_media", json_string("0"));
    json_object_set_new(body, "num_segments", json_string(arrival->segments));
    json_object_set_new(body, "price", json_null());
    json_object_set_new(body, "price_unit", json_string("USD"));
    json_object_set_new(body, "error_code", json_null());
    json_object_set_new(body, "error_message", json_null());
    return body;
}

/* In the order in which the real ones have been seen. */
static void fill(const struct sandbox_request *request, const struct arrival *arrival,
                 struct sandbox_webhook_draft *draft)
{
    const struct sandbox_member *member = arrival->sender->member;

    sandbox_webhook_add(draft, "ToCountry", arrival->sender->country);
    sandbox_webhook_add(draft, "ToState", "");
    sandbox_webhook_add(draft, "SmsMessageSid", arrival->sid);
    sandbox_webhook_add(draft, "NumMedia", "0");
    sandbox_webhook_add(draft, "ToCity", "");
    sandbox_webhook_add(draft, "FromZip", "");
    sandbox_webhook_add(draft, "SmsSid", arrival->sid);
    sandbox_webhook_add(draft, "FromState", "");
    sandbox_webhook_add(draft, "SmsStatus", "received");
    sandbox_webhook_add(draft, "FromCity", "");
    sandbox_webhook_add(draft, "Body", arrival->body);
    sandbox_webhook_add(draft, "FromCountry", sandbox_phone_country(arrival->from));
    sandbox_webhook_add(draft, "To", arrival->to);
    if (member != NULL)
        sandbox_webhook_add(draft, "MessagingServiceSid", member->service->row.sid);
    sandbox_webhook_add(draft, "ToZip", "");
    sandbox_webhook_add(draft, "NumSegments", arrival->segments);
    sandbox_webhook_add(draft, "MessageSid", arrival->sid);
    sandbox_webhook_add(draft, "AccountSid", request->store->account_sid);
    sandbox_webhook_add(draft, "From", arrival->from);
    sandbox_webhook_add(draft, "ApiVersion", "2010-04-01");
}

void sandbox_inbound_receive(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct sandbox_webhook_draft draft = {.event = "received"};
    struct sandbox_message *message;
    struct arrival arrival = {0};
    char sid[SANDBOX_SID_SIZE];

    if (read_arrival(request, &arrival, reply) != 0)
        return;
    sandbox_store_mint(request->store, "SM", sid);
    message = sandbox_message_add(request->store, sid, message_body(&arrival),
                                  request->message_ms / 1000);
    message->sent = message->created;
    arrival.sid = draft.sid = message->row.sid;
    draft.url = webhook_of(arrival.sender, &draft.method);
    if (!str_is_empty(draft.url)) {
        fill(request, &arrival, &draft);
        sandbox_callbacks_post(&request->simulator->callbacks, &draft);
    }
    reply->status = 201;
    reply->body = sandbox_json_message(request, &message->row);
}
