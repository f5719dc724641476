#include "sandbox/sandbox_send.h"

#include "base/attributes.h"
#include "base/segments.h"
#include "base/str.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_settings.h"

#include <string.h>

enum { BODY_MAX_CHARACTERS = 1600, MEDIA_MAX = 10 };

/* What a request to send comes to. */
struct draft {
    char to[SANDBOX_PHONE_SIZE];
    const char *from;                /* NULL: a sender of the service */
    struct sandbox_service *service; /* NULL: none */
    const char *body;
    size_t media;
    int error_code; /* how it fails after it was accepted; 0: it is delivered */
};

/* Twilio's test numbers, each with the error that it stands for. */
static const struct {
    const char *to;
    int code;
} magic_numbers[] = {
    {"+15005550001", 21211}, {"+15005550002", 21612}, {"+15005550003", 21408},
    {"+15005550004", 21610}, {"+15005550009", 21614},
};

static int refuse(struct sandbox_reply *reply, int code, const char *first, const char *second)
{
    sandbox_error(reply, code, first, second);
    return -1;
}

static int read_recipient(const struct sandbox_request *request, struct draft *draft,
                          struct sandbox_reply *reply)
{
    const char *to = sandbox_form_get(&request->form, "To");

    if (str_is_empty(to))
        return refuse(reply, 21604, NULL, NULL);
    if (sandbox_phone_is_short_code(to))
        return refuse(reply, 21265, to, NULL);
    if (!sandbox_phone_normalise(to, draft->to))
        return refuse(reply, 21211, to, NULL);
    return 0;
}

static int check_magic(const struct sandbox_request *request, const struct draft *draft,
                       struct sandbox_reply *reply)
{
    const char *from = sandbox_form_get(&request->form, "From");
    size_t i;

    if (from == NULL)
        from = "";
    for (i = 0; i < COUNT_OF(magic_numbers); i++)
        if (strcmp(draft->to, magic_numbers[i].to) == 0)
            return refuse(reply, magic_numbers[i].code, draft->to, from);
    return 0;
}

static int read_service(const struct sandbox_request *request, struct draft *draft,
                        struct sandbox_reply *reply)
{
    const char *sid = sandbox_form_get(&request->form, "MessagingServiceSid");

    if (str_is_empty(sid))
        return 0;
    if (!str_is_sid(sid, "MG"))
        return refuse(reply, 21705, sid, NULL);
    draft->service = sandbox_service_find(request->store, sid);
    return draft->service != NULL ? 0 : refuse(reply, 21701, sid, NULL);
}

static bool can_text(const struct sandbox_sender *sender)
{
    return (sender->capabilities & (SANDBOX_SMS | SANDBOX_MMS)) != 0;
}

static int read_number(const struct sandbox_request *request, struct draft *draft,
                       enum sandbox_kind kind, const char *address, struct sandbox_reply *reply)
{
    const struct sandbox_sender *sender = sandbox_sender_at(request->store, kind, address);

    if (strcmp(address, draft->to) == 0)
        return refuse(reply, 21266, address, NULL);
    if (sender == NULL || !can_text(sender))
        return refuse(reply, 21606, address, NULL);
    if (draft->service != NULL &&
        (sender->member == NULL || sender->member->service != draft->service))
        return refuse(reply, 21711, address, NULL);
    draft->from = sender->address;
    return 0;
}

static bool has_alpha(const struct sandbox_service *service, const char *text)
{
    const struct sandbox_list *pool = &service->pools[SANDBOX_ALPHA_SENDER];
    size_t i;
    for (i = 0; i < pool->count; i++)
        if (strcmp(((const struct sandbox_member *)pool->rows[i])->alpha_sender, text) == 0)
            return true;
    return false;
}

static int read_alpha(const struct sandbox_request *request, struct draft *draft, const char *text,
                      struct sandbox_reply *reply)
{
    if (strcmp(request->store->type, "Trial") == 0)
        return refuse(reply, 21267, text, NULL);
    if (draft->service != NULL && !has_alpha(draft->service, text))
        return refuse(reply, 21711, text, NULL);
    if (!sandbox_phone_takes_alpha(draft->to))
        return refuse(reply, 21612, draft->to, text);
    draft->from = text;
    return 0;
}

static int read_sender(const struct sandbox_request *request, struct draft *draft,
                       struct sandbox_reply *reply)
{
    const char *from = sandbox_form_get(&request->form, "From");
    char number[SANDBOX_PHONE_SIZE];

    if (str_is_empty(from))
        return draft->service != NULL ? 0 : refuse(reply, 21603, NULL, NULL);
    if (sandbox_phone_is_short_code(from))
        return read_number(request, draft, SANDBOX_SHORT_CODE, from, reply);
    if (sandbox_phone_normalise(from, number))
        return read_number(request, draft, SANDBOX_PHONE_NUMBER, number, reply);
    if (sandbox_phone_is_alpha_sender(from))
        return read_alpha(request, draft, from, reply);
    return refuse(reply, 21212, from, NULL);
}

static int read_content(const struct sandbox_request *request, struct draft *draft,
                        struct sandbox_reply *reply)
{
    const char *callback = sandbox_form_get(&request->form, "StatusCallback");
    const char *validity = sandbox_form_get(&request->form, "ValidityPeriod");
    int64_t seconds;

    draft->body = sandbox_form_get(&request->form, "Body");
    draft->media = sandbox_form_count(&request->form, "MediaUrl");
    if (draft->body == NULL)
        draft->body = "";
    if (draft->body[0] == '\0' && draft->media == 0 &&
        str_is_empty(sandbox_form_get(&request->form, "ContentSid")))
        return refuse(reply, 21602, NULL, NULL);
    if (str_utf8_length(draft->body, strlen(draft->body)) > BODY_MAX_CHARACTERS)
        return refuse(reply, 21617, NULL, NULL);
    if (draft->media > MEDIA_MAX)
        return refuse(reply, 21623, NULL, NULL);
    if (!str_is_empty(callback) && !sandbox_settings_is_url(callback))
        return refuse(reply, 21609, callback, NULL);
    if (!str_is_empty(validity) && !sandbox_settings_is_validity_period(validity, &seconds))
        return refuse(reply, 21624, validity, NULL);
    return 0;
}

/* The first sender of the pool that can text, of that country if given (NULL: any). */
static const char *first_sender(const struct sandbox_list *pool, const char *country)
{
    size_t i;
    for (i = 0; i < pool->count; i++) {
        const struct sandbox_sender *sender =
            ((const struct sandbox_member *)pool->rows[i])->sender;
        if (can_text(sender) && (country == NULL || strcmp(sender->country, country) == 0))
            return sender->address;
    }
    return NULL;
}

/*
 * Twilio's order: short code, alpha sender, long code. A short code only works in its own country;
 * among numbers those of the recipient's country come first.
 */
static const char *choose_sender(const struct sandbox_service *service, const char *to)
{
    const struct sandbox_list *numbers = &service->pools[SANDBOX_PHONE_NUMBER];
    const struct sandbox_list *alphas = &service->pools[SANDBOX_ALPHA_SENDER];
    const char *country = sandbox_phone_country(to);
    const char *from = first_sender(&service->pools[SANDBOX_SHORT_CODE], country);

    if (from == NULL && alphas->count > 0 && sandbox_phone_takes_alpha(to))
        from = ((const struct sandbox_member *)alphas->rows[0])->alpha_sender;
    if (from == NULL)
        from = first_sender(numbers, country);
    return from != NULL ? from : first_sender(numbers, NULL);
}

static bool is_empty(const struct sandbox_service *service)
{
    size_t kind;
    for (kind = 0; kind < SANDBOX_KINDS; kind++)
        if (service->pools[kind].count != 0)
            return false;
    return true;
}

/* Trouble with the pool shows only later: the message is accepted, and then fails. */
static void settle(struct draft *draft)
{
    if (draft->from != NULL)
        return;
    draft->from = choose_sender(draft->service, draft->to);
    if (draft->from == NULL)
        draft->error_code = is_empty(draft->service) ? 21704 : 21703;
}

static json_t *message_body(const struct draft *draft)
{
    json_t *body = json_object();
    bool failed = draft->error_code != 0;
    unsigned segments = draft->media != 0 ? 1 : segments_of(draft->body);

    json_object_set_new(body, "to", json_string(draft->to));
    json_object_set_new(body, "from", draft->from == NULL ? json_null() : json_string(draft->from));
    json_object_set_new(body, "body", json_string(draft->body));
    json_object_set_new(body, "messaging_service_sid",
                        draft->service == NULL ? json_null()
                                               : json_string(draft->service->row.sid));
    json_object_set_new(body, "direction", json_string("outbound-api"));
    json_object_set_new(body, "status", json_string(failed ? "failed" : "delivered"));
    json_object_set_new(body, "num_media", json_sprintf("%zu", draft->media));
    json_object_set_new(body, "num_segments",
                        failed ? json_string("0") : json_sprintf("%u", segments));
    json_object_set_new(body, "price",
                        failed ? json_null() : json_sprintf("-%.5f", 0.0075 * segments));
    json_object_set_new(body, "price_unit", json_string("USD"));
    json_object_set_new(body, "error_code", failed ? json_integer(draft->error_code) : json_null());
    json_object_set_new(body, "error_message",
                        failed ? json_string(sandbox_error_text(draft->error_code)) : json_null());
    return body;
}

struct sandbox_message *sandbox_send(const struct sandbox_request *request,
                                     struct sandbox_reply *reply)
{
    struct draft draft = {0};
    struct sandbox_message *message;
    char sid[SANDBOX_SID_SIZE];

    if (read_recipient(request, &draft, reply) != 0 || read_service(request, &draft, reply) != 0 ||
        check_magic(request, &draft, reply) != 0 || read_sender(request, &draft, reply) != 0 ||
        read_content(request, &draft, reply) != 0)
        return NULL;
    settle(&draft);
    sandbox_store_mint(request->store, draft.media != 0 ? "MM" : "SM", sid);
    message = sandbox_message_add(request->store, sid, message_body(&draft), request->now);
    message->settles_ms = request->now_ms + request->message_delay_ms;
    message->updated = message->settles_ms / 1000;
    message->sent = draft.error_code == 0 ? message->updated : 0;
    return message;
}
