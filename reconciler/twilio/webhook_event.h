/*
 * What a webhook of Twilio says: the status of a message that was sent, or a message that came in.
 */
#ifndef ROSTER_TWILIO_WEBHOOK_EVENT_H
#define ROSTER_TWILIO_WEBHOOK_EVENT_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "http/webhook_signature.h"
#include "twilio/message_status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum webhook_kind { WEBHOOK_STATUS, WEBHOOK_INBOUND, WEBHOOK_KIND_COUNT };

/* "status", "inbound". */
const char *webhook_kind_name(enum webhook_kind kind);

/* Texts are NULL when they were not given. They live in the arena, or are the request's. */
struct webhook_event {
    enum webhook_kind kind;
    int64_t received_ms; /* wall clock */
    const char *path, *query;
    const char *message_sid;
    const char *status; /* as it came; new ones may be made up any time */
    const char *to, *from, *messaging_service_sid, *account_sid;
    const char *body;              /* inbound only */
    int64_t error_code;            /* 0: none */
    const char *idempotency_token; /* a header, which the signature does not cover */
    const char *signature;         /* the same for the same URL and content */
    json_t *parameters;            /* all others: text, or JSON; an array of what is repeated */
    /* What the receiver knows: see webhook_messages.h. */
    bool duplicate, late;
    enum message_status current;
};

/*
 * Reads the parameters of a request that is genuine, from its JSON body (`json` true), its form, or
 * with GET its query. Returns -1 with `*why` when it is no webhook of a message: there is no JSON
 * object, no SID, or no status. Release it in either case.
 */
MUST_CHECK int webhook_event_read(struct webhook_event *event,
                                  const struct webhook_request *request,
                                  const struct webhook_content *content, struct arena *arena,
                                  const char **why);
void webhook_event_release(struct webhook_event *event);

/*
 * Adds one line of JSON: received_at, kind, message_sid, status, current_status, duplicate, late,
 * to, from, messaging_service_sid, account_sid, error_code, body (inbound only),
 * idempotency_token, path, query, parameters. What was not given is null. Plain ASCII, so that no
 * text from outside means anything to a terminal.
 */
void webhook_event_add_line(const struct webhook_event *event, struct buf *out);

#endif
