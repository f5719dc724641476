#include "sandbox/sandbox_send.h"

#include "base/attributes.h"
#include "base/segments.h"
#include "base/str.h"
#include "sandbox/sandbox_alpha.h"
#include "sandbox/sandbox_choose.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_settings.h"
#include "sandbox/sandbox_simulator.h"

#include <string.h>

enum { BODY_MAX_CHARACTERS = 1600, MEDIA_MAX = 10 };

/* What a request to send comes to. */
struct draft {
    const char *to;                  /* E.164, or with a channel's prefix */
    const char *from;                /* NULL: a sender of the service */
    struct sandbox_member *member;   /* that it is in the service; NULL: none */
    struct sandbox_service *service; /* NULL: none */
    const char *body;
    size_t media;
    struct sandbox_outcome outcome;
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
    char number[SANDBOX_PHONE_SIZE];

    if (str_is_empty(to))
        return refuse(reply, 21604, NULL, NULL);
    if (sandbox_phone_is_short_code(to))
        return refuse(reply, 21265, to, NULL);
    draft->to = to;
    if (sandbox_phone_channel(to) != NULL)
        return 0;
    if (!sandbox_phone_normalise(to, number))
        return refuse(reply, 21211, to, NULL);
    draft->to = arena_strdup(request->arena, number);
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

static int take_sender(struct draft *draft, const struct sandbox_sender *sender,
                       struct sandbox_reply *reply)
{
    if (draft->service != NULL &&
        (sender->member == NULL || sender->member->service != draft->service))
        return refuse(reply, 21711, sender->address, NULL);
    draft->from = sender->address;
    draft->member = draft->service == NULL ? NULL : sender->member;
    return 0;
}

static int read_number(const struct sandbox_request *request, struct draft *draft,
                       enum sandbox_kind kind, const char *address, struct sandbox_reply *reply)
{
    const struct sandbox_sender *sender = sandbox_sender_at(request->store, kind, address);

    if (strcmp(address, draft->to) == 0)
        return refuse(reply, 21266, address, NULL);
    if (sender == NULL || !sandbox_choose_can_send(sender, false))
        return refuse(reply, 21606, address, NULL);
    return take_sender(draft, sender, reply);
}

static int read_channel(const struct sandbox_request *request, struct draft *draft,
                        const char *address, struct sandbox_reply *reply)
{
    const struct sandbox_sender *sender =
        sandbox_sender_at(request->store, SANDBOX_CHANNEL_SENDER, address);

    if (sender == NULL)
        return refuse(reply, 63007, address, NULL);
    return take_sender(draft, sender, reply);
}

/* The service's alpha sender of that text for that country; NULL: it has none. */
static struct sandbox_member *find_alpha(const struct sandbox_service *service, const char *text,
                                         const char *country)
{
    enum sandbox_kind kind;
    size_t i;

    for (kind = SANDBOX_ALPHA_SENDER; kind < SANDBOX_KINDS; kind++) {
        const struct sandbox_list *pool = &service->pools[kind];
        for (i = 0; i < pool->count; i++) {
            struct sandbox_member *member = (struct sandbox_member *)pool->rows[i];
            if (strcmp(member->alpha_sender, text) == 0 &&
                (member->destination[0] == '\0' || strcmp(member->destination, country) == 0))
                return member;
        }
    }
    return NULL;
}

/* Whether a service of the account has it for that country, which is all that is known of that. */
static bool is_registered(const struct sandbox_store *store, const char *text, const char *country)
{
    size_t i;

    for (i = 0; i < store->services.count; i++) {
        const struct sandbox_member *member =
            find_alpha((const struct sandbox_service *)store->services.rows[i], text, country);
        if (member != NULL && member->destination[0] != '\0')
            return true;
    }
    return false;
}

static int read_alpha(const struct sandbox_request *request, struct draft *draft, const char *text,
                      struct sandbox_reply *reply)
{
    const char *country = sandbox_phone_country(draft->to);
    enum sandbox_alpha support = sandbox_alpha_in(country);

    if (strcmp(request->store->type, "Trial") == 0)
        return refuse(reply, 21267, text, NULL);
    if (draft->service != NULL) {
        draft->member = find_alpha(draft->service, text, country);
        if (draft->member == NULL)
            return refuse(reply, 21711, text, NULL);
    }
    if (support == SANDBOX_ALPHA_REFUSED)
        return refuse(reply, 21612, draft->to, text);
    if (support == SANDBOX_ALPHA_REGISTERED && !is_registered(request->store, text, country))
        return refuse(reply, 21657, text, draft->to);
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
    if (!str_equal(sandbox_phone_channel(from), sandbox_phone_channel(draft->to)))
        return refuse(reply, 21910, from, draft->to);
    if (sandbox_phone_channel(from) != NULL)
        return read_channel(request, draft, from, reply);
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

/* The sender, unless it is given, and how it ends; 0, or -1 when that shows at once. */
static int settle(const struct sandbox_request *request, struct draft *draft,
                  struct sandbox_reply *reply)
{
    const struct sandbox_simulator *simulator = request->simulator;
    int code = 0;

    if (draft->from == NULL) {
        draft->member =
            sandbox_choose(request->store, draft->service, draft->to, draft->media != 0, &code);
        if (draft->member != NULL)
            draft->from = sandbox_choose_address(draft->member);
        else if (simulator->config.synchronous_pool_errors)
            return refuse(reply, code, NULL, NULL);
    }
    draft->outcome = sandbox_outcome_of(simulator->config.recipients, draft->to);
    if (draft->from != NULL &&
        sandbox_life_is_full(&simulator->life, draft->from, request->message_ms)) {
        if (draft->service == NULL)
            return refuse(reply, 21611, NULL, NULL);
        code = 30001;
    }
    /* Trouble with the pool shows only later: the message is accepted, and then fails. */
    if (code != 0)
        draft->outcome = (struct sandbox_outcome){SANDBOX_FAILED, code, false};
    return 0;
}

/* As it is in the end; what of that shows by when is a matter of sandbox_json_message(). */
static json_t *message_body(const struct draft *draft, unsigned segments)
{
    json_t *body = json_object();
    int code = draft->outcome.error_code;
    const char *text = code == 0 ? NULL : sandbox_error_known(code);
    bool failed = draft->outcome.status == SANDBOX_FAILED;

    json_object_set_new(body, "to", json_string(draft->to));
    json_object_set_new(body, "from", draft->from == NULL ? json_null() : json_string(draft->from));
    json_object_set_new(body, "body", json_string(draft->body));
    json_object_set_new(body, "messaging_service_sid",
                        draft->service == NULL ? json_null()
                                               : json_string(draft->service->row.sid));
    json_object_set_new(body, "direction", json_string("outbound-api"));
    json_object_set_new(body, "status", json_string(sandbox_status_name(draft->outcome.status)));
    json_object_set_new(body, "num_media", json_sprintf("%zu", draft->media));
    json_object_set_new(body, "num_segments",
                        json_sprintf("%u", draft->from == NULL ? 0 : segments));
    json_object_set_new(body, "price",
                        failed ? json_null() : json_sprintf("-%.5f", 0.0075 * segments));
    json_object_set_new(body, "price_unit", json_string("USD"));
    json_object_set_new(body, "error_code", code == 0 ? json_null() : json_integer(code));
    json_object_set_new(body, "error_message", text == NULL ? json_null() : json_string(text));
    return body;
}

/* Puts it on its way. */
static struct sandbox_message *post(const struct sandbox_request *request, struct draft *draft)
{
    struct sandbox_store *store = request->store;
    unsigned segments = draft->media != 0 ? 1 : segments_of(draft->body);
    const char *callback = sandbox_form_get(&request->form, "StatusCallback");
    struct sandbox_message *message;
    char sid[SANDBOX_SID_SIZE];
    const struct sandbox_fate fate = {
        .from = draft->from,
        .to = draft->to,
        .by_service = draft->service != NULL,
        .segments = segments,
        .outcome = draft->outcome,
    };

    sandbox_store_mint(store, draft->media != 0 ? "MM" : "SM", sid);
    message =
        sandbox_message_add(store, sid, message_body(draft, segments), request->message_ms / 1000);
    if (!str_is_empty(callback))
        message->status_callback = arena_strdup(&store->arena, callback);
    if (draft->member != NULL)
        sandbox_choose_use(draft->member, draft->to);
    sandbox_life_begin(&request->simulator->life, message, &fate, request->message_ms);
    return message;
}

struct sandbox_message *sandbox_send(const struct sandbox_request *request,
                                     struct sandbox_reply *reply)
{
    struct draft draft = {0};

    if (read_recipient(request, &draft, reply) != 0 || read_service(request, &draft, reply) != 0 ||
        check_magic(request, &draft, reply) != 0 || read_sender(request, &draft, reply) != 0 ||
        read_content(request, &draft, reply) != 0 || settle(request, &draft, reply) != 0)
        return NULL;
    return post(request, &draft);
}
