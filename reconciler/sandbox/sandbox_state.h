/*
 * The account as a file (JSON), so that a run begins with a known account and the next one goes on
 * where it ended.
 *
 *     {"version": 1,
 *      "account": {"sid", "auth_token", "friendly_name", "status", "type", "date_created",
 *                  "api_keys": [{"sid", "secret"}]},
 *      "incoming_phone_numbers": [{"phone_number", ...}],
 *      "short_codes": [{"short_code", ...}],
 *      "channel_senders": [{"sender", "sender_type", ...}],
 *      "services": [{"friendly_name", ...,
 *                    "phone_numbers": ["+15005550001", "PN...", {"sid", ...}],
 *                    "short_codes": ["85555", "SC...", {"sid", ...}],
 *                    "channel_senders": ["whatsapp:+15005550001", "XE...", {"sid", ...}],
 *                    "alpha_senders": ["ACME", {"sid", "alpha_sender", ...}],
 *                    "destination_alpha_senders": ["ACME", {"sid", "alpha_sender",
 *                                                  "iso_country_code", ...}]}],
 *      "messages": [{"to", ...}]}
 *
 * Members are those of the API's bodies; but for "version" and what identifies an entry (the names
 * shown above) all may be left out, and get the API's default or a SID of our making. What the API
 * derives (url, links, uri, account_sid and the like) is ignored. Our own are "country_code" of
 * numbers and short codes, "capabilities" of short codes, "sticky_senders" of services, "steps"
 * (each a status and its time), "reached" (the index of a step) and "status_callback" of messages
 * on their way, whose other members are as they end, and at the top "message_ms", the messages'
 * clock when that is moved by hand. Every other member is an error, and so is a sender in two
 * services.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_STATE_H
#define ROSTER_SANDBOX_SANDBOX_STATE_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sandbox/sandbox_store.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Initialises the store from the text of a state file; `name` is for messages. `now` is in seconds.
 * SIDs depend on `random` and on the text. Reports the first mistake with its JSON path and returns
 * -1; the store is then empty, as after sandbox_store_release().
 */
MUST_CHECK int sandbox_state_parse(struct sandbox_store *store, const char *text, size_t size,
                                   const char *name, const struct random_state *random, int64_t now,
                                   struct diag *diag);

/* The same from a file. */
MUST_CHECK int sandbox_state_load(struct sandbox_store *store, const char *path,
                                  const struct random_state *random, int64_t now,
                                  struct diag *diag);

/* Adds the account to `out` as a state file. */
void sandbox_state_write(const struct sandbox_store *store, struct buf *out);

/* Replaces the file atomically (mode 0600: it has the token) and resets `dirty`. */
MUST_CHECK int sandbox_state_save(struct sandbox_store *store, const char *path, struct diag *diag);

/*
 * Adds `services` services ("Service 1", ...) and `numbers` numbers (+15550000001, ...), spread
 * evenly over them; what is more than a service takes stays in none. At most SANDBOX_SERVICES_MAX
 * and SANDBOX_NUMBERS_MAX.
 */
enum { SANDBOX_NUMBERS_MAX = 9999999 };
void sandbox_state_generate(struct sandbox_store *store, size_t services, size_t numbers,
                            int64_t now);

#endif
