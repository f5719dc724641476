/*
 * What a handler gets and gives: a routed, authenticated request with its parameters decoded, and
 * the reply it fills in. One handler serves one row of the routes (sandbox_server.c).
 */
#ifndef ROSTER_SANDBOX_SANDBOX_REQUEST_H
#define ROSTER_SANDBOX_SANDBOX_REQUEST_H

#include "base/arena.h"
#include "sandbox/sandbox_form.h"
#include "sandbox/sandbox_store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The two hosts of the real one, told apart by the path's first part. */
enum sandbox_api { SANDBOX_API_MESSAGING, SANDBOX_API_2010 };

enum { SANDBOX_CAPTURES = 2 };

struct sandbox_simulator;

struct sandbox_request {
    struct sandbox_store *store;
    struct arena *arena; /* lives as long as the request */
    enum sandbox_api api;
    const char *base_url;              /* "http://127.0.0.1:8080", from the Host header */
    const char *path;                  /* as sent */
    const char *ids[SANDBOX_CAPTURES]; /* of the path, the account's SID left out; "" none */
    enum sandbox_kind kind;            /* of the route, when it is one of senders */
    struct sandbox_form query, form;
    bool by_api_key;     /* authenticated by one, not by the account's token */
    int64_t now, now_ms; /* wall time, in seconds and in milliseconds */
    int64_t message_ms;  /* the messages' clock, see sandbox_simulator.h */
    struct sandbox_simulator *simulator;
    bool alpha_in_destinations; /* see struct sandbox_config */
};

struct sandbox_reply {
    int status;   /* 200 to begin with */
    json_t *body; /* NULL: none; whoever made the reply releases it */
};

typedef void sandbox_handler(const struct sandbox_request *request, struct sandbox_reply *reply);

/* sandbox_services.c */
sandbox_handler sandbox_services_list, sandbox_services_create, sandbox_services_fetch,
    sandbox_services_update, sandbox_services_delete, sandbox_services_usecases;
/* The service that the path names; replies 404 and returns NULL when there is none. */
struct sandbox_service *sandbox_services_need(const struct sandbox_request *request,
                                              struct sandbox_reply *reply);

/*
 * sandbox_senders.c: a service's PhoneNumbers, ShortCodes, ChannelSenders, AlphaSenders and
 * DestinationAlphaSenders.
 */
sandbox_handler sandbox_senders_list, sandbox_senders_create, sandbox_senders_fetch,
    sandbox_senders_delete;

/* sandbox_numbers.c: the account, its IncomingPhoneNumbers and SMS/ShortCodes */
sandbox_handler sandbox_account_fetch, sandbox_numbers_list, sandbox_numbers_fetch,
    sandbox_numbers_release, sandbox_short_codes_list;

/* sandbox_messages.c */
sandbox_handler sandbox_messages_list, sandbox_messages_create, sandbox_messages_fetch;

/* sandbox_control.c: what the real one does not have, under /-/ */
sandbox_handler sandbox_control_show_clock, sandbox_control_move_clock;

/* sandbox_inbound.c: a message comes in, under /-/ as well */
sandbox_handler sandbox_inbound_receive;

#endif
