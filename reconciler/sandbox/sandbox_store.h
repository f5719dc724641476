/*
 * The account that the sandbox plays: its services, numbers, short codes, channel senders and
 * messages, and which sender is in which service.
 *
 * The store holds what is so, not how it looks in an answer (sandbox_json.h) nor what a request may
 * do (the handlers), but for one rule that it keeps itself: a sender is in one service at most.
 * Everything is found by SID, and senders by address too, in logarithmic time; lists keep the order
 * of creation. Structs and texts live as long as the store, even after a removal; only then they
 * are found no more.
 *
 * Not thread-safe.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_STORE_H
#define ROSTER_SANDBOX_SANDBOX_STORE_H

#include "base/arena.h"
#include "base/random.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SANDBOX_SID_SIZE = 35, /* two letters, 32 digits, NUL */
    SANDBOX_TOKEN_SIZE = 33,
    SANDBOX_SERVICES_MAX = 10000, /* services an account */
    SANDBOX_POOL_MAX = 400,       /* phone numbers and short codes a service, together */
};

/* What a service sends from. Those before SANDBOX_ALPHA_SENDER exist in the account as well. */
enum sandbox_kind {
    SANDBOX_PHONE_NUMBER,
    SANDBOX_SHORT_CODE,
    SANDBOX_CHANNEL_SENDER,
    SANDBOX_ALPHA_SENDER,
    SANDBOX_DESTINATION_ALPHA_SENDER,
    SANDBOX_KINDS,
};

enum sandbox_capability {
    SANDBOX_VOICE = 1,
    SANDBOX_SMS = 2,
    SANDBOX_MMS = 4,
    SANDBOX_FAX = 8,
};

/* Whatever can be listed begins with one. `order` grows from row to row and is never used again. */
struct sandbox_row {
    char sid[SANDBOX_SID_SIZE];
    uint64_t order;
};

/* Rows by ascending order. */
struct sandbox_list {
    struct sandbox_row **rows;
    size_t count, capacity;
};

struct sandbox_service {
    struct sandbox_row row;
    int64_t created, updated; /* seconds */
    json_t *settings;         /* all of them, see sandbox_settings.h */
    bool us_app_to_person_registered;
    struct sandbox_list pools[SANDBOX_KINDS]; /* of struct sandbox_member */
    json_t *sticky; /* recipient: the address of the number that it is served by; NULL: none */
};

/* A phone number, short code or channel sender of the account. */
struct sandbox_sender {
    struct sandbox_row row;
    enum sandbox_kind kind;
    const char *address; /* E.164, the digits of a short code, or "whatsapp:+15005550001" */
    const char *friendly_name;
    char country[3];       /* ISO 3166; "" unknown */
    unsigned capabilities; /* bits of enum sandbox_capability */
    int64_t created, updated;
    json_t *members; /* members of the API's body that differ from the default; NULL: none do */
    struct sandbox_member *member; /* where it is; NULL: in no service */
};

/* A sender in a service. Its SID is that of the sender; alpha senders have their own. */
struct sandbox_member {
    struct sandbox_row row;
    enum sandbox_kind kind;
    struct sandbox_service *service;
    struct sandbox_sender *sender; /* NULL: an alpha sender, with or without a destination */
    const char *alpha_sender;
    char destination[3]; /* ISO 3166; "" every country, as for all that are not of that kind */
    int64_t created, updated;
    uint64_t used; /* messages, counted from what the least used one of the pool had at first */
};

enum sandbox_status {
    SANDBOX_ACCEPTED,
    SANDBOX_QUEUED,
    SANDBOX_SENDING,
    SANDBOX_SENT,
    SANDBOX_DELIVERED,
    SANDBOX_UNDELIVERED,
    SANDBOX_FAILED,
    SANDBOX_STATUSES,
};

enum { SANDBOX_STEPS = 5 };

struct sandbox_step {
    enum sandbox_status status;
    int64_t at_ms; /* of the messages' clock */
};

/*
 * A message as it ends. What has not ended yet has a life of several steps, which says how much of
 * that is to be shown by now (sandbox_json_message(), sandbox_life.h).
 */
struct sandbox_message {
    struct sandbox_row row;
    int64_t created, updated;                 /* seconds; `updated` is that of the step reached */
    int64_t sent;                             /* seconds; 0: never */
    struct sandbox_step steps[SANDBOX_STEPS]; /* from the first status to the last */
    size_t step_count;                        /* 0: it has ended long ago */
    size_t reached;                           /* index of the step */
    const char *status_callback;              /* its own; NULL: none */
    json_t *body; /* what is not in this struct, by the API's member names */
};

struct sandbox_key {
    char sid[SANDBOX_SID_SIZE];
    const char *secret;
};

struct sandbox_store {
    struct arena arena;
    struct random_state random; /* where SIDs come from */
    uint64_t last_order;
    bool dirty; /* something changed; whoever saves resets it */

    char account_sid[SANDBOX_SID_SIZE];
    const char *auth_token;
    const char *friendly_name, *status, *type;
    int64_t created;    /* seconds */
    int64_t message_ms; /* of the messages' clock when that is moved by hand; 0: it is not */
    struct sandbox_key *keys;
    size_t key_count, key_capacity;

    struct sandbox_list services, senders[SANDBOX_ALPHA_SENDER], messages;
    void *by_sid, *by_address; /* tsearch() trees of rows, of senders */
};

/* An empty account with a SID and a token of its own. The random state is copied. */
void sandbox_store_init(struct sandbox_store *store, const struct random_state *random,
                        int64_t now);
/* A store of all zero bytes is fine, too. */
void sandbox_store_release(struct sandbox_store *store);

/* A SID that nothing has yet. */
void sandbox_store_mint(struct sandbox_store *store, const char *prefix,
                        char out[SANDBOX_SID_SIZE]);

/* NULL when there is none of that SID (or of that type). */
struct sandbox_service *sandbox_service_find(const struct sandbox_store *store, const char *sid);
struct sandbox_sender *sandbox_sender_find(const struct sandbox_store *store,
                                           enum sandbox_kind kind, const char *sid);
struct sandbox_sender *sandbox_sender_at(const struct sandbox_store *store, enum sandbox_kind kind,
                                         const char *address);
struct sandbox_message *sandbox_message_find(const struct sandbox_store *store, const char *sid);
struct sandbox_member *sandbox_member_find(const struct sandbox_store *store,
                                           const struct sandbox_service *service,
                                           enum sandbox_kind kind, const char *sid);

/*
 * What a sender is able to and the country that it is of ("" unknown) unless somebody says
 * otherwise. Channel senders have no capabilities.
 */
unsigned sandbox_sender_capabilities(enum sandbox_kind kind);
const char *sandbox_sender_country(enum sandbox_kind kind, const char *address);

/*
 * Additions. `sid` NULL mints one; a SID or an address that is taken gives NULL, and nothing is
 * added. JSON is given away in every case.
 */
struct sandbox_service *sandbox_service_add(struct sandbox_store *store, const char *sid,
                                            json_t *settings, int64_t now);
struct sandbox_sender *sandbox_sender_add(struct sandbox_store *store, enum sandbox_kind kind,
                                          const char *sid, const char *address, int64_t now);
struct sandbox_message *sandbox_message_add(struct sandbox_store *store, const char *sid,
                                            json_t *body, int64_t now);

/* Takes it out of its service, and out of the account. */
void sandbox_sender_remove(struct sandbox_store *store, struct sandbox_sender *sender);

/* Detaches its senders, which stay in the account; its alpha senders go with it. */
void sandbox_service_remove(struct sandbox_store *store, struct sandbox_service *service);

/* Puts a sender into a service; it must be in none. */
struct sandbox_member *sandbox_member_add(struct sandbox_store *store,
                                          struct sandbox_service *service,
                                          struct sandbox_sender *sender, int64_t now);
/* Puts an alpha sender into a service. NULL when the SID is taken. */
struct sandbox_member *sandbox_member_add_alpha(struct sandbox_store *store,
                                                struct sandbox_service *service, const char *sid,
                                                const char *alpha_sender, int64_t now);
/* The same for one with a destination: two capital letters, or "" for every country. */
struct sandbox_member *sandbox_member_add_destination(struct sandbox_store *store,
                                                      struct sandbox_service *service,
                                                      const char *sid, const char *alpha_sender,
                                                      const char *destination, int64_t now);
void sandbox_member_remove(struct sandbox_store *store, struct sandbox_member *member);

/* Index of the first row whose order is `order` or more; `count` when there is none. */
size_t sandbox_list_from(const struct sandbox_list *list, uint64_t order);

#endif
