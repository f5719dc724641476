#include "sandbox/sandbox_draft.h"

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_alpha.h"
#include "sandbox/sandbox_choose.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_settings.h"

#include <string.h>

enum { BODY_MAX_CHARACTERS = 1600, MEDIA_MAX = 10 };

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

static int read_recipient(const struct sandbox_request *request, struct sandbox_draft *draft,
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

static int check_magic(const struct sandbox_request *request, const struct sandbox_draft *draft,
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

static int read_service(const struct sandbox_request *request, struct sandbox_draft *draft,
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

static int take_sender(struct sandbox_draft *draft, const struct sandbox_sender *sender,
                       struct sandbox_reply *reply)
{
    if (draft->service != NULL &&
        (sender->member == NULL || sender->member->service != draft->service))
        return refuse(reply, 21711, sender->address, NULL);
    draft->from = sender->address;
    draft->member = draft->service == NULL ? NULL : sender->member;
    return 0;
}

static int read_number(const struct sandbox_request *request, struct sandbox_draft *draft,
                       enum sandbox_kind kind, const char *address, struct sandbox_reply *reply)
{
    const struct sandbox_sender *sender = sandbox_sender_at(request->store, kind, address);

    if (strcmp(address, draft->to) == 0)
        return refuse(reply, 21266, address, NULL);
    if (sender == NULL || !sandbox_choose_can_send(sender, false))
        return refuse(reply, 21606, address, NULL);
    return take_sender(draft, sender, reply);
}

static int read_channel(const struct sandbox_request *request, struct sandbox_draft *draft,
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

static int read_alpha(const struct sandbox_request *request, struct sandbox_draft *draft,
                      const char *text, struct sandbox_reply *reply)
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

static int read_sender(const struct sandbox_request *request, struct sandbox_draft *draft,
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

static int read_content(const struct sandbox_request *request, struct sandbox_draft *draft,
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

int sandbox_draft_read(const struct sandbox_request *request, struct sandbox_draft *draft,
                       struct sandbox_reply *reply)
{
    if (read_recipient(request, draft, reply) != 0 || read_service(request, draft, reply) != 0 ||
        check_magic(request, draft, reply) != 0 || read_sender(request, draft, reply) != 0)
        return -1;
    return read_content(request, draft, reply);
}
