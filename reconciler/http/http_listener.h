/*
 * The socket that a listener listens on.
 */
#ifndef ROSTER_HTTP_HTTP_LISTENER_H
#define ROSTER_HTTP_HTTP_LISTENER_H

#include "base/attributes.h"
#include "base/diag.h"

#include <stdint.h>

/*
 * Listens, without blocking, on a numeric address (NULL: 127.0.0.1) and a port (0: a free one).
 * Returns the descriptor; reports and returns -1 when it can't be bound.
 */
MUST_CHECK int http_listener_open(const char *address, uint16_t port, struct diag *diag);

/* The port that it is bound to. */
uint16_t http_listener_port(int descriptor);

#endif
