/*
 * A call that the sandbox makes: a status callback, or a message that came in. Signed with the
 * account's token, X-Twilio-Signature, and with an I-Twilio-Idempotency-Token of its own, which a
 * repeated one keeps.
 *
 * What an URL has from "#" on (Twilio's connection overrides) is neither signed nor sent; user and
 * password are not signed, and only sent to who asks for them.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_WEBHOOK_H
#define ROSTER_SANDBOX_SANDBOX_WEBHOOK_H

#include "base/random.h"
#include "http/retry.h"
#include "http/webhook_signature.h"
#include "sandbox/sandbox_store.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SANDBOX_IDEMPOTENCY_SIZE = 37, /* a UUID and a NUL */
    SANDBOX_WEBHOOK_PARAMETERS = 24,
};

/* Parameters in the order in which they are sent. Texts are borrowed. */
struct sandbox_webhook_draft {
    enum http_method method; /* HTTP_GET: the parameters go into the query, unsigned but for that */
    const char *url;
    const char *sid;   /* of the message */
    const char *event; /* for the log: a status, or "received" */
    struct webhook_parameter parameters[SANDBOX_WEBHOOK_PARAMETERS];
    size_t count;
    bool bad_signature; /* made with another token */
};

/* Ready to be sent, its texts its own. Counted: sandbox_webhook_free() drops one of the owners. */
struct sandbox_webhook {
    unsigned owners;
    enum http_method method;
    char *url;             /* with the query, without a fragment, user or password */
    char *user, *password; /* NULL: the URL had none */
    char *form;            /* the encoded body; "" with GET */
    char *event;
    char sid[SANDBOX_SID_SIZE];
    char signature[WEBHOOK_SIGNATURE_SIZE];
    char token[SANDBOX_IDEMPOTENCY_SIZE];
    const char *fault; /* what goes wrong with it, for the log; NULL: nothing */
    bool lost;         /* is not to be sent */
};

/* Who takes webhooks to send them. The webhook is borrowed; sandbox_webhook_keep() keeps it. */
typedef void sandbox_post(void *context, struct sandbox_webhook *webhook);

void sandbox_webhook_add(struct sandbox_webhook_draft *draft, const char *name, const char *value);

/* One owner: the caller. */
struct sandbox_webhook *sandbox_webhook_new(const struct sandbox_webhook_draft *draft,
                                            const char *auth_token, struct random_state *random);
struct sandbox_webhook *sandbox_webhook_keep(struct sandbox_webhook *webhook);
/* Accepts NULL. */
void sandbox_webhook_free(struct sandbox_webhook *webhook);

#endif
