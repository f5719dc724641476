/*
 * Reading the live state, with as few requests as the API allows and as many of them at once as it
 * takes: pages of 1,000; of only the services that the roster names; only the sender lists that it
 * manages. The lists of a service are asked for as soon as the page that names it has arrived.
 */
#ifndef ROSTER_TWILIO_LIVE_FETCH_H
#define ROSTER_TWILIO_LIVE_FETCH_H

#include "base/attributes.h"
#include "base/diag.h"
#include "model/desired.h"
#include "model/live_state.h"
#include "twilio/client.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Fills `live` with the account's services and the lists that matter: the managed ones of services
 * that the roster may mean (see desired_claim()) and that are not left out, and all of services
 * that desired_prunes(). 1 request for each page of services, and one for each page of each list.
 * Reports the first failure and returns -1; `live` is then incomplete and not to be used.
 *
 * A service of another account than the credentials' ends it too: an API key of another account
 * would be accepted by the messaging API without a word.
 */
MUST_CHECK int live_fetch(struct twilio_client *client, const struct desired *desired,
                          struct live_state *live, struct diag *diag);

/* Whether the lists of a service are wanted. */
typedef bool live_filter(void *context, const struct service *service);

/*
 * Fills `live` with all that the account has: every service, all lists of those that the filter
 * wants (NULL: every one), and what it owns of the kinds that can be owned.
 */
MUST_CHECK int live_fetch_all(struct twilio_client *client, live_filter *wanted, void *context,
                              struct live_state *live, struct diag *diag);

/*
 * Looks for senders, by identity or SID, in the services whose list of that kind was not read yet.
 * The API has no way to ask for the service of a sender, so list after list is read, several at a
 * time, until all were found or no list is left. `*found` is how many were.
 */
MUST_CHECK int live_search(struct twilio_client *client, enum sender_kind kind,
                           const char *const *identities, size_t count, struct live_state *live,
                           size_t *found, struct diag *diag);

/* Reads one kind of list of services that are in `live` already, which did not have it read. */
MUST_CHECK int live_fetch_lists(struct twilio_client *client, struct live_service *const *services,
                                size_t count, enum sender_kind kind, struct live_state *live,
                                struct diag *diag);

/*
 * Fills live->owned[kind] with what the account owns: the one of `identity`, by a filter, or all of
 * it when `identity` is NULL.
 */
MUST_CHECK int live_fetch_owned(struct twilio_client *client, enum sender_kind kind,
                                const char *identity, struct live_state *live, struct diag *diag);

/* A service to be read again, by SID, with the lists that its roster entry manages. */
struct live_wanted {
    const char *sid;
    const struct desired_service *desired;
};

/*
 * Appends those of the account's services that have the friendly_name of one of the roster, without
 * their lists: there are such when a name is there more than once. Not those whose SIDs are known
 * already; a SID may be NULL.
 */
MUST_CHECK int live_fetch_namesakes(struct twilio_client *client, const struct desired *desired,
                                    const char *const *known, size_t known_count,
                                    struct live_state *live, struct diag *diag);

/* Appends the services to `live`. A service that is gone is left out, not an error. */
MUST_CHECK int live_fetch_services(struct twilio_client *client, const struct live_wanted *wanted,
                                   size_t count, struct live_state *live, struct diag *diag);

#endif
