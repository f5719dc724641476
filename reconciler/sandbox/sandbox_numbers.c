#include "sandbox/sandbox_request.h"

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_page.h"
#include "sandbox/sandbox_phone.h"

#include <string.h>

void sandbox_account_fetch(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    /*
     * Standard keys may not read accounts; with which number they are refused is not documented.
     * 70051 is what a key without the permission gets elsewhere.
     */
    if (request->by_api_key)
        sandbox_error(reply, 70051, NULL, NULL);
    else
        reply->body = sandbox_json_account(request);
}

struct filter {
    const char *friendly_name, *address, *origin; /* NULL: any */
    bool without_beta;
};

/* A member's own text; NULL when it stands at its default. */
static const char *own_text(const struct sandbox_sender *sender, const char *key)
{
    return json_string_value(json_object_get(sender->members, key));
}

static bool matches(const struct sandbox_request *request, const struct sandbox_row *row,
                    const void *context)
{
    const struct sandbox_sender *sender = (const struct sandbox_sender *)row;
    const struct filter *filter = context;
    const char *origin;

    (void)request;
    if (filter->friendly_name != NULL && strcmp(sender->friendly_name, filter->friendly_name) != 0)
        return false;
    if (filter->address != NULL && !sandbox_phone_matches(sender->address, filter->address))
        return false;
    if (filter->origin != NULL) {
        origin = own_text(sender, "origin");
        if (strcmp(origin == NULL ? "twilio" : origin, filter->origin) != 0)
            return false;
    }
    return !filter->without_beta || !json_is_true(json_object_get(sender->members, "beta"));
}

/* A filter that is given and not empty; NULL otherwise. */
static const char *given(const struct sandbox_request *request, const char *name)
{
    const char *value = sandbox_form_get(&request->query, name);
    return str_is_empty(value) ? NULL : value;
}

static int read_filter(const struct sandbox_request *request, const char *address_name,
                       struct filter *filter, struct sandbox_reply *reply)
{
    const char *beta;

    filter->friendly_name = given(request, "FriendlyName");
    filter->address = given(request, address_name);
    if (request->kind == SANDBOX_SHORT_CODE)
        return 0;
    filter->origin = given(request, "Origin");
    beta = given(request, "Beta");
    /* "true", the default, shows them among the others. */
    filter->without_beta = beta != NULL && str_equal_nocase(beta, "false");
    if (beta == NULL || filter->without_beta || str_equal_nocase(beta, "true"))
        return 0;
    sandbox_error(reply, 20422, "Beta", NULL);
    return -1;
}

static void list_senders(const struct sandbox_request *request, struct sandbox_listing *listing,
                         struct sandbox_reply *reply)
{
    struct sandbox_row *one[1];
    struct sandbox_list only = {one, 1, 1};
    struct filter filter = {0};
    struct sandbox_sender *exact = NULL;

    if (read_filter(request, listing->filters[1], &filter, reply) != 0)
        return;
    listing->list = &request->store->senders[request->kind];
    listing->matches = matches;
    listing->context = &filter;
    /* Clients look numbers up one by one: that must not search a hundred thousand of them. */
    if (filter.address != NULL)
        exact = sandbox_sender_at(request->store, request->kind, filter.address);
    if (exact != NULL) {
        one[0] = &exact->row;
        listing->list = &only;
    }
    sandbox_page_reply(listing, request, reply);
}

void sandbox_numbers_list(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    static const char *const filters[] = {"FriendlyName", "PhoneNumber", "Origin", "Beta"};
    struct sandbox_listing listing = {
        .key = "incoming_phone_numbers",
        .prefixes = "PN",
        .body = sandbox_json_number,
        .filters = filters,
        .filter_count = COUNT_OF(filters),
    };
    list_senders(request, &listing, reply);
}

void sandbox_short_codes_list(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    static const char *const filters[] = {"FriendlyName", "ShortCode"};
    struct sandbox_listing listing = {
        .key = "short_codes",
        .prefixes = "SC",
        .body = sandbox_json_short_code,
        .filters = filters,
        .filter_count = COUNT_OF(filters),
    };
    list_senders(request, &listing, reply);
}

void sandbox_numbers_fetch(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_sender *sender =
        sandbox_sender_find(request->store, request->kind, request->ids[0]);

    if (sender == NULL)
        sandbox_error_not_found(request, reply, NULL);
    else if (request->kind == SANDBOX_PHONE_NUMBER)
        reply->body = sandbox_json_number(request, &sender->row);
    else
        reply->body = sandbox_json_short_code(request, &sender->row);
}

void sandbox_numbers_release(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct sandbox_sender *sender =
        sandbox_sender_find(request->store, request->kind, request->ids[0]);

    if (sender == NULL) {
        sandbox_error_not_found(request, reply, NULL);
        return;
    }
    sandbox_sender_remove(request->store, sender);
    reply->status = 204;
}
