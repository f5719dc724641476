/*
 * What may be in a service: the rules that requests and state files both have to keep.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_RULES_H
#define ROSTER_SANDBOX_SANDBOX_RULES_H

#include "sandbox/sandbox_store.h"

#include <stdbool.h>

/* The code of the error with which the service refuses the sender; 0 when it takes it. */
int sandbox_rules_join(const struct sandbox_service *service, const struct sandbox_sender *sender);

/*
 * The same for alpha senders. With `one_list` the service's alpha sender counts as a destination
 * alpha sender for every country, too.
 */
int sandbox_rules_join_alpha(const struct sandbox_service *service, const char *alpha_sender,
                             bool one_list);
int sandbox_rules_join_destination(const struct sandbox_service *service, const char *alpha_sender,
                                   const char *destination, bool one_list);

#endif
