/*
 * Where webhooks are received, and as what Twilio calls it: --listen and --public-url.
 */
#ifndef ROSTER_CLI_WEBHOOK_ADDRESS_H
#define ROSTER_CLI_WEBHOOK_ADDRESS_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/listen_address.h"
#include "cli/options.h"
#include "twilio/webhook_receiver.h"

#include <stdint.h>

/* Reads both; --listen is `otherwise` when it is not given. Reports all that is wrong. */
MUST_CHECK int webhook_address_read(struct listen_address *address, const struct options *options,
                                    const char *otherwise, struct diag *diag);

/*
 * Tells the receiver what the URLs begin with that Twilio calls: --public-url, or the address with
 * the port that it became, and on this machine its name, too.
 */
void webhook_address_add_bases(const struct listen_address *address, const struct options *options,
                               uint16_t port, struct webhook_receiver *receiver);

/* Adds a URL as it may be shown: without its password, and not longer than a line or two. */
void webhook_address_add_shown(struct buf *out, const char *url);

#endif
