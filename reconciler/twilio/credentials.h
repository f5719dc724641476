/*
 * Who we are and where Twilio is, from the environment.
 *
 * Credentials never come from arguments and are never printed. Variables (as in Twilio's own CLI):
 * TWILIO_ACCOUNT_SID always; TWILIO_API_KEY with TWILIO_API_SECRET, preferred when set, or
 * TWILIO_AUTH_TOKEN; TWILIO_REGION and TWILIO_EDGE for hosts outside us1.
 */
#ifndef ROSTER_TWILIO_CREDENTIALS_H
#define ROSTER_TWILIO_CREDENTIALS_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"

/* How variables are looked up: getenv(), or a test's own table. NULL when unset. */
typedef char *twilio_lookup(const char *name);

struct twilio_credentials {
    const char *account_sid; /* AC… */
    const char *user;        /* account SID or API key SID */
    const char *password;    /* secret */
};

/*
 * Reads and checks the variables. Reports every one that is missing or malformed, by name and never
 * by value, and returns -1. Strings are copied into the arena.
 */
MUST_CHECK int twilio_credentials_read(struct twilio_credentials *credentials,
                                       twilio_lookup *lookup, struct arena *arena,
                                       struct diag *diag);

/*
 * Reads the primary auth token alone, with which Twilio signs webhooks whatever credentials make
 * requests. Reports and returns -1 when it is missing, also when there is an API key instead.
 */
MUST_CHECK int twilio_auth_token_read(const char **token, twilio_lookup *lookup,
                                      struct arena *arena, struct diag *diag);

/*
 * Base URL, without a slash at its end, of a Twilio product ("messaging", "api"):
 * https://{product}.{edge}.{region}.twilio.com, where an edge without a region means us1, and
 * neither means https://{product}.twilio.com.
 */
char *twilio_base_url(const char *product, const char *region, const char *edge,
                      struct arena *arena);

/* Where requests go. */
struct twilio_hosts {
    const char *messaging; /* serves /v1/… */
    const char *api;       /* serves /2010-04-01/… */
};

/*
 * `api_url`, when not NULL, is the base of every request (for the sandbox): scheme, host and port
 * only; https, or http to a loopback address. Otherwise TWILIO_REGION and TWILIO_EDGE decide.
 */
MUST_CHECK int twilio_hosts_read(struct twilio_hosts *hosts, const char *api_url,
                                 twilio_lookup *lookup, struct arena *arena, struct diag *diag);

#endif
