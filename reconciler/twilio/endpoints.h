/*
 * Paths, list keys and filters of the resources, by kind of sender.
 *
 * From Twilio's OpenAPI description of messaging/v1 and api/2010-04-01.
 */
#ifndef ROSTER_TWILIO_ENDPOINTS_H
#define ROSTER_TWILIO_ENDPOINTS_H

#include "base/arena.h"
#include "model/resource.h"

struct endpoint {
    const char *segment;      /* below a service: "PhoneNumbers" */
    const char *list_key;     /* of that list's body */
    const char *owned_path;   /* below the account, NULL when nothing is owned before the add */
    const char *owned_key;    /* of that list's body */
    const char *owned_filter; /* query parameter that asks for one identity */
};

extern const struct endpoint endpoints[SENDER_KIND_COUNT];

#define ENDPOINT_SERVICES "/v1/Services"
#define ENDPOINT_SERVICES_KEY "services"

/* /v1/Services/MG… */
char *endpoint_service(struct arena *arena, const char *service_sid);
/* /v1/Services/MG…/PhoneNumbers */
char *endpoint_senders(struct arena *arena, const char *service_sid, enum sender_kind kind);
/* /v1/Services/MG…/PhoneNumbers/PN… */
char *endpoint_sender(struct arena *arena, const char *service_sid, enum sender_kind kind,
                      const char *sender_sid);
/* /2010-04-01/Accounts/AC…/IncomingPhoneNumbers.json */
char *endpoint_owned(struct arena *arena, const char *account_sid, enum sender_kind kind);

#endif
