#include "sandbox/sandbox_choose.h"

#include "base/str.h"
#include "sandbox/sandbox_alpha.h"
#include "sandbox/sandbox_phone.h"

#include <string.h>

/* What is to be sent, as far as it matters here. */
struct wish {
    const struct sandbox_store *store;
    const struct sandbox_service *service;
    const char *to, *country;
    bool media; /* it has to go out as such */
};

typedef bool fits(const struct wish *wish, const struct sandbox_member *member);

bool sandbox_choose_can_send(const struct sandbox_sender *sender, bool media)
{
    unsigned wanted = media ? SANDBOX_MMS : SANDBOX_SMS | SANDBOX_MMS;
    return (sender->capabilities & wanted) != 0;
}

bool sandbox_choose_setting(const struct sandbox_service *service, const char *name)
{
    return json_is_true(json_object_get(service->settings, name));
}

const char *sandbox_choose_address(const struct sandbox_member *member)
{
    return member->sender != NULL ? member->sender->address : member->alpha_sender;
}

static struct sandbox_member *least_used(const struct wish *wish, enum sandbox_kind kind,
                                         fits *suits)
{
    const struct sandbox_list *pool = &wish->service->pools[kind];
    struct sandbox_member *best = NULL;
    size_t i;

    for (i = 0; i < pool->count; i++) {
        struct sandbox_member *member = (struct sandbox_member *)pool->rows[i];
        if ((best == NULL || member->used < best->used) && suits(wish, member))
            best = member;
    }
    return best;
}

static bool is_of_channel(const struct wish *wish, const struct sandbox_member *member)
{
    return str_equal(sandbox_phone_channel(member->sender->address),
                     sandbox_phone_channel(wish->to));
}

static bool is_rcs(const struct wish *wish, const struct sandbox_member *member)
{
    (void)wish;
    return str_starts_with(member->sender->address, "rcs:");
}

static bool is_able(const struct wish *wish, const struct sandbox_member *member)
{
    return sandbox_choose_can_send(member->sender, wish->media);
}

static bool is_of_country(const struct wish *wish, const struct sandbox_member *member)
{
    return is_able(wish, member) && strcmp(member->sender->country, wish->country) == 0;
}

static bool is_of_area(const struct wish *wish, const struct sandbox_member *member)
{
    return is_of_country(wish, member) &&
           sandbox_phone_same_area(member->sender->address, wish->to);
}

static bool is_toll_free(const struct wish *wish, const struct sandbox_member *member)
{
    return is_able(wish, member) && sandbox_phone_is_toll_free(member->sender->address);
}

static bool is_for_country(const struct wish *wish, const struct sandbox_member *member)
{
    return strcmp(member->destination, wish->country) == 0;
}

static bool is_for_all(const struct wish *wish, const struct sandbox_member *member)
{
    (void)wish;
    return member->destination[0] == '\0';
}

static struct sandbox_member *choose_alpha(const struct wish *wish)
{
    enum sandbox_alpha support = sandbox_alpha_in(wish->country);
    struct sandbox_member *member = NULL;

    if (support == SANDBOX_ALPHA_REFUSED || wish->media || strcmp(wish->store->type, "Trial") == 0)
        return NULL;
    if (wish->country[0] != '\0')
        member = least_used(wish, SANDBOX_DESTINATION_ALPHA_SENDER, is_for_country);
    if (member != NULL || support == SANDBOX_ALPHA_REGISTERED)
        return member;
    member = least_used(wish, SANDBOX_ALPHA_SENDER, is_for_all);
    return member != NULL ? member : least_used(wish, SANDBOX_DESTINATION_ALPHA_SENDER, is_for_all);
}

/* The number that the recipient had before, if it is still there. */
static struct sandbox_member *find_sticky(const struct wish *wish)
{
    const char *address = json_string_value(json_object_get(wish->service->sticky, wish->to));
    const struct sandbox_sender *sender;

    if (address == NULL || !sandbox_choose_setting(wish->service, "sticky_sender"))
        return NULL;
    sender = sandbox_sender_at(wish->store, SANDBOX_PHONE_NUMBER, address);
    if (sender == NULL || sender->member == NULL || sender->member->service != wish->service)
        return NULL;
    return is_able(wish, sender->member) ? sender->member : NULL;
}

static struct sandbox_member *choose_number(const struct wish *wish)
{
    bool geomatch = sandbox_choose_setting(wish->service, "area_code_geomatch");
    struct sandbox_member *member = find_sticky(wish);

    if (member == NULL && strcmp(wish->country, "CA") == 0)
        member = least_used(wish, SANDBOX_PHONE_NUMBER, is_toll_free);
    if (member == NULL && geomatch)
        member = least_used(wish, SANDBOX_PHONE_NUMBER, is_of_area);
    if (member == NULL)
        member = least_used(wish, SANDBOX_PHONE_NUMBER, is_of_country);
    return member != NULL ? member : least_used(wish, SANDBOX_PHONE_NUMBER, is_able);
}

static bool is_empty(const struct sandbox_service *service)
{
    size_t kind;
    for (kind = 0; kind < SANDBOX_KINDS; kind++)
        if (service->pools[kind].count != 0)
            return false;
    return true;
}

static struct sandbox_member *choose(const struct wish *wish)
{
    struct sandbox_member *member;

    if (sandbox_phone_channel(wish->to) != NULL)
        return least_used(wish, SANDBOX_CHANNEL_SENDER, is_of_channel);
    member = least_used(wish, SANDBOX_CHANNEL_SENDER, is_rcs);
    if (member == NULL)
        member = least_used(wish, SANDBOX_SHORT_CODE, is_of_country);
    if (member == NULL)
        member = choose_alpha(wish);
    return member != NULL ? member : choose_number(wish);
}

struct sandbox_member *sandbox_choose(const struct sandbox_store *store,
                                      const struct sandbox_service *service, const char *to,
                                      bool media, int *code)
{
    const struct wish wish = {
        .store = store,
        .service = service,
        .to = to,
        .country = sandbox_phone_country(to),
        /* Where it can't arrive as media, the converter makes a text with a link of it. */
        .media = media && !sandbox_choose_setting(service, "mms_converter"),
    };
    struct sandbox_member *member = choose(&wish);

    *code = member != NULL ? 0 : is_empty(service) ? 21704 : 21703;
    return member;
}

void sandbox_choose_use(struct sandbox_member *member, const char *to)
{
    struct sandbox_service *service = member->service;

    member->used++;
    if (member->kind != SANDBOX_PHONE_NUMBER || !sandbox_choose_setting(service, "sticky_sender"))
        return;
    if (service->sticky == NULL)
        service->sticky = json_object();
    json_object_set_new(service->sticky, to, json_string(member->sender->address));
}
