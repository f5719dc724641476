/*
 * Which sender of its service a message goes out from. The order is the documented one:
 *
 *   - a recipient with a prefix (whatsapp:, messenger:, rcs:) is served by a channel sender of that
 *     channel, and by nothing else;
 *   - then RCS, for any recipient (which are able to receive it can't be known here);
 *   - a short code of the recipient's country;
 *   - an alpha sender, where that country takes one (sandbox_alpha.h): the one that has the country
 *     as its destination, then the one for all countries. Where they have to be registered, only
 *     the first counts as that. Trial accounts have none;
 *   - a phone number: the one that the recipient had before (sticky_sender), in Canada a toll-free
 *     one, one of the same country and area code (area_code_geomatch), of the same country, any.
 *
 * Among those that are equally good, the one that the service has used least, the older first.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_CHOOSE_H
#define ROSTER_SANDBOX_SANDBOX_CHOOSE_H

#include "sandbox/sandbox_store.h"

#include <stdbool.h>

/*
 * The sender for a recipient (E.164, or with a channel's prefix). NULL when there is none; then
 * `*code` is 21703, or 21704 when the service has no senders at all. `media`: the message has some.
 */
struct sandbox_member *sandbox_choose(const struct sandbox_store *store,
                                      const struct sandbox_service *service, const char *to,
                                      bool media, int *code);

/* What a message shows as "from". */
const char *sandbox_choose_address(const struct sandbox_member *member);

/* Counts a message from the member, and remembers it for the recipient if it is a number. */
void sandbox_choose_use(struct sandbox_member *member, const char *to);

/* Whether the sender can send at all, and media. */
bool sandbox_choose_can_send(const struct sandbox_sender *sender, bool media);

/* Whether the service's setting of that name is true. */
bool sandbox_choose_setting(const struct sandbox_service *service, const char *name);

#endif
