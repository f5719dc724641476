#include "sandbox/sandbox_rules.h"

#include "sandbox/sandbox_phone.h"

#include <string.h>

int sandbox_rules_join(const struct sandbox_service *service, const struct sandbox_sender *sender)
{
    if (sender->member != NULL)
        return sender->member->service == service ? 21710 : 21712;
    if (sender->kind == SANDBOX_CHANNEL_SENDER)
        return 0;
    if ((sender->capabilities & (SANDBOX_SMS | SANDBOX_MMS)) == 0)
        return 21715;
    if (service->pools[SANDBOX_PHONE_NUMBER].count + service->pools[SANDBOX_SHORT_CODE].count >=
        SANDBOX_POOL_MAX)
        return 21714;
    return 0;
}

static bool has_alpha(const struct sandbox_service *service, enum sandbox_kind kind,
                      const char *alpha_sender, const char *destination)
{
    const struct sandbox_list *pool = &service->pools[kind];
    size_t i;

    for (i = 0; i < pool->count; i++) {
        const struct sandbox_member *member = (const struct sandbox_member *)pool->rows[i];
        if (strcmp(member->alpha_sender, alpha_sender) == 0 &&
            strcmp(member->destination, destination) == 0)
            return true;
    }
    return false;
}

int sandbox_rules_join_alpha(const struct sandbox_service *service, const char *alpha_sender,
                             bool one_list)
{
    const struct sandbox_list *pool = &service->pools[SANDBOX_ALPHA_SENDER];

    if (!sandbox_phone_is_alpha_sender(alpha_sender))
        return 21709;
    if (has_alpha(service, SANDBOX_ALPHA_SENDER, alpha_sender, "") ||
        (one_list && has_alpha(service, SANDBOX_DESTINATION_ALPHA_SENDER, alpha_sender, "")))
        return 21710;
    /* One is documented as the limit, but not with which number a second one is refused. */
    return pool->count == 0 ? 0 : 21709;
}

int sandbox_rules_join_destination(const struct sandbox_service *service, const char *alpha_sender,
                                   const char *destination, bool one_list)
{
    if (!sandbox_phone_is_alpha_sender(alpha_sender))
        return 21709;
    if (has_alpha(service, SANDBOX_DESTINATION_ALPHA_SENDER, alpha_sender, destination) ||
        (one_list && has_alpha(service, SANDBOX_ALPHA_SENDER, alpha_sender, destination)))
        return 21710;
    return 0;
}
