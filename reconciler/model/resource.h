/*
 * The resources of a messaging account as structs, and their field tables.
 */
#ifndef ROSTER_MODEL_RESOURCE_H
#define ROSTER_MODEL_RESOURCE_H

#include "model/field.h"

#include <stdbool.h>
#include <stdint.h>

/* A Messaging Service: its settings, without its senders. */
struct service {
    struct field_set set;
    const char *sid; /* MG…; in a roster it pins the identity */
    const char *account_sid;
    const char *friendly_name;
    const char *renamed_from; /* roster only */
    const char *inbound_request_url;
    const char *inbound_method;
    const char *fallback_url;
    const char *fallback_method;
    const char *status_callback;
    bool sticky_sender;
    bool mms_converter;
    bool smart_encoding;
    const char *scan_message_content;
    bool fallback_to_long_code;
    bool area_code_geomatch;
    int64_t validity_period; /* seconds */
    bool synchronous_validation;
    const char *usecase;
    bool use_inbound_webhook_on_number;
    int64_t expected_rate;            /* roster only: messages a second */
    bool us_app_to_person_registered; /* read-only: it has an A2P campaign */
};

extern const struct resource resource_service;

/* One sender, of a service's pool or owned by the account. */
struct sender {
    struct field_set set;
    const char *sid;       /* PN…, SC…, AI…, XE… */
    const char *identity;  /* what the roster calls it: +15005550001, 85555, ACME */
    const char *country;   /* destination alpha senders: ISO 3166-1 alpha-2; else NULL */
    unsigned capabilities; /* enum capability */
    const char *shown;     /* live ones: the identity as it may be shown; NULL: as it is */
};

enum sender_kind {
    SENDER_PHONE_NUMBER,
    SENDER_SHORT_CODE,
    SENDER_ALPHA_SENDER,
    SENDER_DESTINATION_ALPHA_SENDER,
    SENDER_CHANNEL_SENDER,
    SENDER_KIND_COUNT,
};

/* Where the SID that an add needs comes from. */
enum sender_origin {
    SENDER_OWNED,  /* a list of the account */
    SENDER_MINTED, /* nowhere: the add makes the sender */
    SENDER_LISTED, /* the roster, or the list of a service that has the sender already */
};

/* What sets one kind of sender apart from another, as data. */
struct sender_type {
    const struct section *section; /* the list in the roster, and the sender's table */
    const char *label;             /* "phone number" */
    enum sender_origin origin;
    bool exclusive;         /* can be in one service only */
    bool shares_pool_limit; /* counts towards SENDER_POOL_MAX */
    bool needs_country;     /* a live one without a country is not the roster's business */
};

extern const struct sender_type sender_types[SENDER_KIND_COUNT];

/* The identity as it may be shown: a live sender may be the value of a variable of the roster. */
const char *sender_shown(const struct sender *sender);

/* Whether it can send messages, as far as is known: numbers for voice only can't; what says nothing
 * of its capabilities may be able to. */
bool sender_can_send(const struct sender *sender, enum sender_kind kind);

/* Order by identity and country: 0 when they are one sender of a service. */
int sender_compare(const struct sender *a, const struct sender *b);

/* Phone numbers and short codes of one service together (Twilio error 21714). */
enum { SENDER_POOL_MAX = 400 };

#endif
