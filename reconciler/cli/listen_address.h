/*
 * Where `roster listen` listens, from --listen ADDRESS:PORT.
 */
#ifndef ROSTER_CLI_LISTEN_ADDRESS_H
#define ROSTER_CLI_LISTEN_ADDRESS_H

#include "base/attributes.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stdint.h>

#define LISTEN_ADDRESS_DEFAULT "127.0.0.1:8080"

struct listen_address {
    char host[64];      /* numeric, without brackets */
    uint16_t port;      /* 0: a free one */
    bool any, loopback; /* all interfaces; this machine only */
    bool v6;
};

/* Reads "127.0.0.1:8080" or "[::1]:8080". Reports and returns -1 when it is malformed. */
MUST_CHECK int listen_address_read(struct listen_address *address, const char *text,
                                   struct diag *diag);

/* "http://127.0.0.1:8080" with the port that it became. */
enum { LISTEN_URL_SIZE = 96 };
void listen_address_url(const struct listen_address *address, uint16_t port,
                        char out[LISTEN_URL_SIZE]);

#endif
