/*
 * Telling the service manager how we are, by the protocol of sd_notify(3): datagrams to the socket
 * that NOTIFY_SOCKET names, a path or, after "@", an abstract name.
 */
#ifndef ROSTER_BASE_NOTIFY_H
#define ROSTER_BASE_NOTIFY_H

#include "base/attributes.h"
#include "base/diag.h"

#include <stdint.h>

/* Gives the value of an environment variable, NULL when it is not set: getenv(). */
typedef char *notify_lookup(const char *name);

struct notify {
    int socket;          /* -1: nobody is to be told */
    int64_t watchdog_ms; /* how often WATCHDOG=1 is wanted, at half of its limit; 0: never */
};

/*
 * Connects to the socket of NOTIFY_SOCKET and reads WATCHDOG_USEC, as far as it is meant for this
 * process (WATCHDOG_PID). Without the variable nobody is told. Reports and returns -1 when the
 * variable is there and its socket is not.
 */
MUST_CHECK int notify_open(struct notify *notify, notify_lookup *lookup, struct diag *diag);

/* Sends lines like "READY=1\nSTATUS=waiting"; who doesn't listen just misses them. */
void notify_send(const struct notify *notify, const char *lines);

void notify_close(struct notify *notify);

#endif
