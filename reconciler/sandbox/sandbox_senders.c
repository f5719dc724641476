#include "sandbox/sandbox_request.h"

#include "base/str.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_page.h"
#include "sandbox/sandbox_rules.h"

static const struct {
    const char *key, *prefix, *parameter;
} kinds[] = {
    [SANDBOX_PHONE_NUMBER] = {"phone_numbers", "PN", "PhoneNumberSid"},
    [SANDBOX_SHORT_CODE] = {"short_codes", "SC", "ShortCodeSid"},
    [SANDBOX_ALPHA_SENDER] = {"alpha_senders", "AI", "AlphaSender"},
};

void sandbox_senders_list(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_service *service = sandbox_services_need(request, reply);
    struct sandbox_listing listing = {
        .key = kinds[request->kind].key,
        .prefixes = kinds[request->kind].prefix,
        .body = sandbox_json_member,
    };

    if (service == NULL)
        return;
    listing.list = &service->pools[request->kind];
    sandbox_page_reply(&listing, request, reply);
}

/* A number or short code of the account, named by its SID. */
static struct sandbox_member *add_sender(const struct sandbox_request *request,
                                         struct sandbox_service *service, const char *sid,
                                         struct sandbox_reply *reply)
{
    struct sandbox_sender *sender;
    int code;

    if (!str_is_sid(sid, kinds[request->kind].prefix)) {
        sandbox_error(reply, 21421, sid, NULL);
        return NULL;
    }
    sender = sandbox_sender_find(request->store, request->kind, sid);
    if (sender == NULL) {
        sandbox_error_not_found(request, reply, sid);
        return NULL;
    }
    code = sandbox_rules_join(service, sender);
    if (code != 0) {
        sandbox_error(reply, code, code == 21715 ? sender->address : NULL, NULL);
        return NULL;
    }
    return sandbox_member_add(request->store, service, sender, request->now);
}

static struct sandbox_member *add_alpha(const struct sandbox_request *request,
                                        struct sandbox_service *service, const char *text,
                                        struct sandbox_reply *reply)
{
    int code = sandbox_rules_join_alpha(service, text);
    if (code != 0) {
        sandbox_error(reply, code, code == 21709 ? text : NULL, NULL);
        return NULL;
    }
    return sandbox_member_add_alpha(request->store, service, NULL, text, request->now);
}

void sandbox_senders_create(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct sandbox_service *service = sandbox_services_need(request, reply);
    const struct sandbox_member *member;
    const char *value;

    if (service == NULL)
        return;
    value = sandbox_error_need(request, reply, kinds[request->kind].parameter);
    if (value == NULL)
        return;
    if (request->kind == SANDBOX_ALPHA_SENDER)
        member = add_alpha(request, service, value, reply);
    else
        member = add_sender(request, service, value, reply);
    if (member == NULL)
        return;
    reply->status = 201;
    reply->body = sandbox_json_member(request, &member->row);
}

/* The member that the path names; replies 404 and returns NULL when it is not in that service. */
static struct sandbox_member *need_member(const struct sandbox_request *request,
                                          struct sandbox_reply *reply)
{
    struct sandbox_service *service = sandbox_services_need(request, reply);
    struct sandbox_member *member;

    if (service == NULL)
        return NULL;
    member = sandbox_member_find(request->store, service, request->kind, request->ids[1]);
    if (member == NULL)
        sandbox_error_not_found(request, reply, NULL);
    return member;
}

void sandbox_senders_fetch(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_member *member = need_member(request, reply);
    if (member != NULL)
        reply->body = sandbox_json_member(request, &member->row);
}

void sandbox_senders_delete(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct sandbox_member *member = need_member(request, reply);
    if (member == NULL)
        return;
    sandbox_member_remove(request->store, member);
    reply->status = 204;
}
