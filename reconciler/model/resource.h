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
    const char *sid; /* MG… */
    const char *account_sid;
    const char *friendly_name;
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
};

extern const struct resource resource_service;

/* One sender, of a service's pool or owned by the account. */
struct sender {
    struct field_set set;
    const char *sid;       /* PN…, SC…, AI… */
    const char *identity;  /* what the roster calls it: +15005550001, 85555, ACME */
    unsigned capabilities; /* enum capability */
};

enum sender_kind {
    SENDER_PHONE_NUMBER,
    SENDER_SHORT_CODE,
    SENDER_ALPHA_SENDER,
    SENDER_KIND_COUNT,
};

/* What sets one kind of sender apart from another, as data. */
struct sender_type {
    const char *yaml_key;         /* the list in the roster: "phone_numbers" */
    const char *label;            /* "phone number" */
    struct resource resource;     /* in a service's pool, and as what the account owns */
    const struct field *identity; /* the row that holds the identity */
    bool needs_owned_sid;         /* added by the SID of what the account owns; else by identity */
    bool shares_pool_limit;       /* counts towards SENDER_POOL_MAX */
    size_t most;                  /* how many a service can have; 0: no limit of its own */
};

extern const struct sender_type sender_types[SENDER_KIND_COUNT];

/* Phone numbers and short codes of one service together (Twilio error 21714). */
enum { SENDER_POOL_MAX = 400 };

#endif
