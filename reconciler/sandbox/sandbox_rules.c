#include "sandbox/sandbox_rules.h"

#include "sandbox/sandbox_phone.h"

#include <string.h>

int sandbox_rules_join(const struct sandbox_service *service, const struct sandbox_sender *sender)
{
    if (sender->member != NULL)
        return sender->member->service == service ? 21710 : 21712;
    if ((sender->capabilities & (SANDBOX_SMS | SANDBOX_MMS)) == 0)
        return 21715;
    if (service->pools[SANDBOX_PHONE_NUMBER].count + service->pools[SANDBOX_SHORT_CODE].count >=
        SANDBOX_POOL_MAX)
        return 21714;
    return 0;
}

int sandbox_rules_join_alpha(const struct sandbox_service *service, const char *alpha_sender)
{
    const struct sandbox_list *pool = &service->pools[SANDBOX_ALPHA_SENDER];
    size_t i;

    if (!sandbox_phone_is_alpha_sender(alpha_sender))
        return 21709;
    for (i = 0; i < pool->count; i++) {
        const struct sandbox_member *member = (const struct sandbox_member *)pool->rows[i];
        if (strcmp(member->alpha_sender, alpha_sender) == 0)
            return 21710;
    }
    /* One is documented as the limit, but not with which number a second one is refused. */
    return pool->count == 0 ? 0 : 21709;
}
