/*
 * Who we are and where Twilio is, from the environment, or from a credentials command
 * (credentials_command.h).
 *
 * Credentials never come from arguments and are never printed. Variables (as in Twilio's own CLI):
 * TWILIO_ACCOUNT_SID always; TWILIO_API_KEY with TWILIO_API_SECRET, preferred when set, or
 * TWILIO_AUTH_TOKEN; TWILIO_REGION and TWILIO_EDGE for hosts outside us1.
 *
 * What the command gave goes before the environment, each for itself: the account, the login (auth
 * token, or key with secret, none of which then comes from the environment), the region, the edge.
 */
#ifndef ROSTER_TWILIO_CREDENTIALS_H
#define ROSTER_TWILIO_CREDENTIALS_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"

/* How variables are looked up: getenv(), or a test's own table. NULL when unset. */
typedef char *twilio_lookup(const char *name);

/* What a credentials command gave; NULL: not this. */
struct twilio_given {
    const char *account_sid, *auth_token, *api_key, *api_secret, *region, *edge;
};

/* Where credentials are looked for. */
struct twilio_variables {
    twilio_lookup *lookup;            /* the environment */
    const struct twilio_given *given; /* NULL: there is no command */
};

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
                                       const struct twilio_variables *variables,
                                       struct arena *arena, struct diag *diag);

/*
 * Reads the primary auth token alone, with which Twilio signs webhooks whatever credentials make
 * requests. Reports and returns -1 when it is missing, also when there is an API key instead. One
 * that the command does not give may come from the environment.
 */
MUST_CHECK int twilio_auth_token_read(const char **token, const struct twilio_variables *variables,
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
                                 const struct twilio_variables *variables, struct arena *arena,
                                 struct diag *diag);

#endif
