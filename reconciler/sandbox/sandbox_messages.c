#include "sandbox/sandbox_request.h"

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_json.h"
#include "sandbox/sandbox_life.h"
#include "sandbox/sandbox_page.h"
#include "sandbox/sandbox_phone.h"
#include "sandbox/sandbox_send.h"
#include "sandbox/sandbox_time.h"

#include <string.h>

enum { SECONDS_PER_DAY = 24 * 60 * 60 };

struct filter {
    const char *to, *from; /* NULL: any */
    int64_t since, before; /* of date_sent: since <= it < before */
    bool by_date;
};

static bool matches(const struct sandbox_request *request, const struct sandbox_row *row,
                    const void *context)
{
    const struct sandbox_message *message = (const struct sandbox_message *)row;
    const struct filter *filter = context;
    const char *to = json_string_value(json_object_get(message->body, "to"));
    const char *from = json_string_value(json_object_get(message->body, "from"));

    (void)request;
    if (filter->to != NULL && !str_equal(to, filter->to))
        return false;
    if (filter->from != NULL &&
        (!sandbox_life_has_reached(message, SANDBOX_QUEUED) || !str_equal(from, filter->from)))
        return false;
    if (!filter->by_date)
        return true;
    return sandbox_life_has_reached(message, SANDBOX_SENT) && message->sent != 0 &&
           message->sent >= filter->since && message->sent < filter->before;
}

/* Phone numbers are compared as they are stored; what is none (an alpha sender) as it is. */
static const char *address_filter(const struct sandbox_request *request, const char *name)
{
    const char *value = sandbox_form_get(&request->query, name);
    char number[SANDBOX_PHONE_SIZE];

    if (str_is_empty(value))
        return NULL;
    return sandbox_phone_normalise(value, number) ? arena_strdup(request->arena, number) : value;
}

/* One of the three date parameters; each narrows what is there. Returns -1 after replying. */
static int narrow(const struct sandbox_request *request, const char *name, struct filter *filter,
                  struct sandbox_reply *reply)
{
    const char *text = sandbox_form_get(&request->query, name);
    int64_t at, after;
    bool day;

    if (str_is_empty(text))
        return 0;
    if (sandbox_time_parse_filter(text, &at, &day) != 0) {
        sandbox_error(reply, 20422, name, NULL);
        return -1;
    }
    filter->by_date = true;
    after = at + (day ? SECONDS_PER_DAY : 1);
    /* SDKs send the plain one as a date and time, too; it is still a day that is meant. */
    if (str_equal(name, "DateSent") && !day) {
        at -= at % SECONDS_PER_DAY;
        after = at + SECONDS_PER_DAY;
    }
    if (!str_ends_with(name, "<") && at > filter->since)
        filter->since = at;
    if (!str_ends_with(name, ">") && after < filter->before)
        filter->before = after;
    return 0;
}

void sandbox_messages_list(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    static const char *const filters[] = {"To", "From", "DateSent", "DateSent<", "DateSent>"};
    struct filter filter = {.since = INT64_MIN, .before = INT64_MAX};
    const struct sandbox_listing listing = {
        .list = &request->store->messages,
        .key = "messages",
        .prefixes = "SMMM",
        .body = sandbox_json_message,
        .filters = filters,
        .filter_count = COUNT_OF(filters),
        .matches = matches,
        .context = &filter,
    };
    size_t i;

    filter.to = address_filter(request, "To");
    filter.from = address_filter(request, "From");
    for (i = 2; i < COUNT_OF(filters); i++)
        if (narrow(request, filters[i], &filter, reply) != 0)
            return;
    sandbox_page_reply(&listing, request, reply);
}

void sandbox_messages_fetch(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_message *message = sandbox_message_find(request->store, request->ids[0]);
    if (message == NULL)
        sandbox_error_not_found(request, reply, NULL);
    else
        reply->body = sandbox_json_message(request, &message->row);
}

void sandbox_messages_create(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_message *message = sandbox_send(request, reply);
    if (message == NULL)
        return;
    reply->status = 201;
    reply->body = sandbox_json_message(request, &message->row);
}
