#include "sandbox/sandbox_route.h"

#include "base/attributes.h"

#include <string.h>

#define ACCOUNT "/2010-04-01/Accounts/{}"
#define SERVICE "/v1/Services/{}"

/*
 * "{}" stands for one segment of a path, or for what precedes ".json" in it. The first pattern that
 * fits a path decides: another one that fits, too, does not add its methods.
 */
static const struct route {
    const char *method, *pattern;
    sandbox_handler *handler;
    enum sandbox_kind kind;
} routes[] = {
    {"GET", "/v1/Services", sandbox_services_list, 0},
    {"POST", "/v1/Services", sandbox_services_create, 0},
    {"GET", "/v1/Services/Usecases", sandbox_services_usecases, 0},
    {"GET", SERVICE, sandbox_services_fetch, 0},
    {"POST", SERVICE, sandbox_services_update, 0},
    {"DELETE", SERVICE, sandbox_services_delete, 0},
    {"GET", SERVICE "/PhoneNumbers", sandbox_senders_list, SANDBOX_PHONE_NUMBER},
    {"POST", SERVICE "/PhoneNumbers", sandbox_senders_create, SANDBOX_PHONE_NUMBER},
    {"GET", SERVICE "/PhoneNumbers/{}", sandbox_senders_fetch, SANDBOX_PHONE_NUMBER},
    {"DELETE", SERVICE "/PhoneNumbers/{}", sandbox_senders_delete, SANDBOX_PHONE_NUMBER},
    {"GET", SERVICE "/ShortCodes", sandbox_senders_list, SANDBOX_SHORT_CODE},
    {"POST", SERVICE "/ShortCodes", sandbox_senders_create, SANDBOX_SHORT_CODE},
    {"GET", SERVICE "/ShortCodes/{}", sandbox_senders_fetch, SANDBOX_SHORT_CODE},
    {"DELETE", SERVICE "/ShortCodes/{}", sandbox_senders_delete, SANDBOX_SHORT_CODE},
    {"GET", SERVICE "/AlphaSenders", sandbox_senders_list, SANDBOX_ALPHA_SENDER},
    {"POST", SERVICE "/AlphaSenders", sandbox_senders_create, SANDBOX_ALPHA_SENDER},
    {"GET", SERVICE "/AlphaSenders/{}", sandbox_senders_fetch, SANDBOX_ALPHA_SENDER},
    {"DELETE", SERVICE "/AlphaSenders/{}", sandbox_senders_delete, SANDBOX_ALPHA_SENDER},
    {"GET", SERVICE "/DestinationAlphaSenders", sandbox_senders_list,
     SANDBOX_DESTINATION_ALPHA_SENDER},
    {"POST", SERVICE "/DestinationAlphaSenders", sandbox_senders_create,
     SANDBOX_DESTINATION_ALPHA_SENDER},
    {"GET", SERVICE "/DestinationAlphaSenders/{}", sandbox_senders_fetch,
     SANDBOX_DESTINATION_ALPHA_SENDER},
    {"DELETE", SERVICE "/DestinationAlphaSenders/{}", sandbox_senders_delete,
     SANDBOX_DESTINATION_ALPHA_SENDER},
    {"GET", SERVICE "/ChannelSenders", sandbox_senders_list, SANDBOX_CHANNEL_SENDER},
    {"POST", SERVICE "/ChannelSenders", sandbox_senders_create, SANDBOX_CHANNEL_SENDER},
    {"GET", SERVICE "/ChannelSenders/{}", sandbox_senders_fetch, SANDBOX_CHANNEL_SENDER},
    {"DELETE", SERVICE "/ChannelSenders/{}", sandbox_senders_delete, SANDBOX_CHANNEL_SENDER},
    {"GET", ACCOUNT ".json", sandbox_account_fetch, 0},
    {"GET", ACCOUNT "/IncomingPhoneNumbers.json", sandbox_numbers_list, SANDBOX_PHONE_NUMBER},
    {"GET", ACCOUNT "/IncomingPhoneNumbers/{}.json", sandbox_numbers_fetch, SANDBOX_PHONE_NUMBER},
    {"DELETE", ACCOUNT "/IncomingPhoneNumbers/{}.json", sandbox_numbers_release,
     SANDBOX_PHONE_NUMBER},
    {"GET", ACCOUNT "/SMS/ShortCodes.json", sandbox_short_codes_list, SANDBOX_SHORT_CODE},
    {"GET", ACCOUNT "/SMS/ShortCodes/{}.json", sandbox_numbers_fetch, SANDBOX_SHORT_CODE},
    {"GET", ACCOUNT "/Messages.json", sandbox_messages_list, 0},
    {"POST", ACCOUNT "/Messages.json", sandbox_messages_create, 0},
    {"GET", ACCOUNT "/Messages/{}.json", sandbox_messages_fetch, 0},
    {"GET", "/-/clock", sandbox_control_show_clock, 0},
    {"POST", "/-/clock", sandbox_control_move_clock, 0},
    {"POST", "/-/inbound", sandbox_inbound_receive, 0},
};

enum { CAPTURES = SANDBOX_CAPTURES + 1 }; /* with the account's SID */

static bool fits(const char *pattern, const char *path, struct arena *arena,
                 const char *captures[CAPTURES])
{
    size_t used = 0;

    while (*pattern != '\0') {
        size_t size, suffix;
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        pattern += 2;
        size = strcspn(path, "/");
        suffix = strcspn(pattern, "/");
        if (size <= suffix || memcmp(path + size - suffix, pattern, suffix) != 0)
            return false;
        captures[used++] = arena_strndup(arena, path, size - suffix);
        path += size;
        pattern += suffix;
    }
    return *path == '\0';
}

/* The captures without the account's; false when that is another one. */
static bool take_captures(struct sandbox_request *request, const char *const captures[CAPTURES])
{
    size_t skip = request->api == SANDBOX_API_2010 ? 1 : 0, i;

    /* Whether the real one answers 401 or 404 here is not known; 404 gives away less. */
    if (skip != 0 && strcmp(captures[0], request->store->account_sid) != 0)
        return false;
    for (i = 0; i < SANDBOX_CAPTURES; i++)
        request->ids[i] = captures[i + skip];
    return true;
}

enum sandbox_route_result sandbox_route_find(struct sandbox_request *request, const char *method,
                                             sandbox_handler **handler)
{
    const char *captures[CAPTURES] = {"", "", ""};
    size_t i, first = 0;

    while (first < COUNT_OF(routes) &&
           !fits(routes[first].pattern, request->path, request->arena, captures))
        first++;
    if (first == COUNT_OF(routes) || !take_captures(request, captures))
        return SANDBOX_ROUTE_NO_PATH;
    for (i = first; i < COUNT_OF(routes); i++) {
        if (strcmp(routes[i].pattern, routes[first].pattern) == 0 &&
            strcmp(routes[i].method, method) == 0) {
            *handler = routes[i].handler;
            request->kind = routes[i].kind;
            return SANDBOX_ROUTE_FOUND;
        }
    }
    return SANDBOX_ROUTE_NO_METHOD;
}
