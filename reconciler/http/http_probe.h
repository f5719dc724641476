/*
 * One request, to learn how far it gets: name, connection, TLS, answer. It is made as the engine
 * makes its own (proxies, certificates and timeouts included), once, and waits for its end.
 */
#ifndef ROSTER_HTTP_HTTP_PROBE_H
#define ROSTER_HTTP_HTTP_PROBE_H

#include "base/arena.h"
#include "http/http_engine.h"

#include <stdbool.h>
#include <stdint.h>

/* How far it got. */
enum http_probe_end {
    HTTP_PROBE_NONE,       /* none was made */
    HTTP_PROBE_PROXY_NAME, /* the proxy's name is not known */
    HTTP_PROBE_NAME,       /* the host's name is not known */
    HTTP_PROBE_CONNECTION, /* nobody answers there, or the connection is cut off */
    HTTP_PROBE_TLS,        /* the handshake failed, or the certificate is not trusted */
    HTTP_PROBE_TIMEOUT,    /* connected, and then nothing in time */
    HTTP_PROBE_ODD,        /* an answer that is no HTTP, or a URL that is not allowed */
    HTTP_PROBE_ANSWERED,   /* a whole answer, whatever its status */
};

struct http_probe {
    enum http_probe_end end;
    const char *error;   /* unless it was answered: what went wrong */
    const char *address; /* of the other side, "" when there was no connection */
    int status;          /* answered: the HTTP status */
    int64_t date_ms;     /* answered: its Date header, since 1970; -1: none */
    int64_t local_ms;    /* our own clock's time then */
    int64_t duration_ms;
};

/*
 * Asks for `url` with GET, without credentials. Strings are in the arena. Reports and returns -1
 * only when no request could be made at all, as http_engine_new() does.
 */
MUST_CHECK int http_probe(struct http_probe *probe, const struct http_engine_config *config,
                          const char *url, struct arena *arena, struct diag *diag);

#endif
