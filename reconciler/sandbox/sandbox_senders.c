#include "sandbox/sandbox_request.h"

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_page.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_rules.h"

static const struct {
    const char *key, *prefix, *parameter;
} kinds[] = {
    [SANDBOX_PHONE_NUMBER] = {"phone_numbers", "PN", "PhoneNumberSid"},
    [SANDBOX_SHORT_CODE] = {"short_codes", "SC", "ShortCodeSid"},
    [SANDBOX_CHANNEL_SENDER] = {"senders", "XE", "Sid"},
    [SANDBOX_ALPHA_SENDER] = {"alpha_senders", "AI", "AlphaSender"},
    [SANDBOX_DESTINATION_ALPHA_SENDER] = {"alpha_senders", "AI", "AlphaSender"},
};

static const char destination_parameter[] = "IsoCountryCode";

/* Whether the request is for destination alpha senders and the alpha sender is one of them. */
static bool shows_alpha(const struct sandbox_request *request)
{
    return request->kind == SANDBOX_DESTINATION_ALPHA_SENDER && request->alpha_in_destinations;
}

/* The rows of both lists by ascending order, as every list has them. */
static void merge(struct arena *arena, const struct sandbox_list *a, const struct sandbox_list *b,
                  struct sandbox_list *out)
{
    size_t i = 0, j = 0;

    out->count = out->capacity = a->count + b->count;
    out->rows = arena_array(arena, out->count, sizeof(*out->rows));
    while (i + j < out->count) {
        bool from_a = j == b->count || (i < a->count && a->rows[i]->order < b->rows[j]->order);
        out->rows[i + j] = from_a ? a->rows[i] : b->rows[j];
        *(from_a ? &i : &j) += 1;
    }
}

/* `context` is the wanted country. */
static bool has_destination(const struct sandbox_request *request, const struct sandbox_row *row,
                            const void *context)
{
    (void)request;
    return str_equal_nocase(((const struct sandbox_member *)row)->destination, context);
}

/* What lists of destination alpha senders have beyond those of other senders. */
static void narrow(const struct sandbox_request *request, struct sandbox_listing *listing)
{
    static const char *const filters[] = {destination_parameter};
    const char *country = sandbox_form_get(&request->query, destination_parameter);

    listing->filters = filters;
    listing->filter_count = COUNT_OF(filters);
    if (str_is_empty(country))
        return;
    listing->matches = has_destination;
    listing->context = country;
}

void sandbox_senders_list(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_service *service = sandbox_services_need(request, reply);
    struct sandbox_listing listing = {
        .key = kinds[request->kind].key,
        .prefixes = kinds[request->kind].prefix,
        .body = sandbox_json_member,
    };
    struct sandbox_list both;

    if (service == NULL)
        return;
    listing.list = &service->pools[request->kind];
    if (request->kind == SANDBOX_DESTINATION_ALPHA_SENDER)
        narrow(request, &listing);
    if (shows_alpha(request)) {
        merge(request->arena, listing.list, &service->pools[SANDBOX_ALPHA_SENDER], &both);
        listing.list = &both;
    }
    sandbox_page_reply(&listing, request, reply);
}

/* A sender of the account, named by its SID. */
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

/* Replies with the code that the rules give for an alpha sender; false when it is 0. */
static bool refuse_alpha(struct sandbox_reply *reply, int code, const char *text)
{
    if (code != 0)
        sandbox_error(reply, code, code == 21709 ? text : NULL, NULL);
    return code != 0;
}

static struct sandbox_member *add_alpha(const struct sandbox_request *request,
                                        struct sandbox_service *service, const char *text,
                                        struct sandbox_reply *reply)
{
    int code = sandbox_rules_join_alpha(service, text, request->alpha_in_destinations);
    if (refuse_alpha(reply, code, text))
        return NULL;
    return sandbox_member_add_alpha(request->store, service, NULL, text, request->now);
}

static struct sandbox_member *add_destination(const struct sandbox_request *request,
                                              struct sandbox_service *service, const char *text,
                                              struct sandbox_reply *reply)
{
    const char *given = sandbox_form_get(&request->form, destination_parameter);
    char country[3] = "";
    int code;

    /* What the real one answers here is not documented, nor what it does with small letters. */
    if (!str_is_empty(given) && !sandbox_phone_read_country(given, country)) {
        sandbox_error(reply, 20422, destination_parameter, NULL);
        return NULL;
    }
    code = sandbox_rules_join_destination(service, text, country, request->alpha_in_destinations);
    if (refuse_alpha(reply, code, text))
        return NULL;
    return sandbox_member_add_destination(request->store, service, NULL, text, country,
                                          request->now);
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
    else if (request->kind == SANDBOX_DESTINATION_ALPHA_SENDER)
        member = add_destination(request, service, value, reply);
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
    if (member == NULL && shows_alpha(request))
        member =
            sandbox_member_find(request->store, service, SANDBOX_ALPHA_SENDER, request->ids[1]);
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
