/*
 * Small HTTP/1.1 listener on libmicrohttpd, shared by the sandbox and everything else that listens.
 *
 * One thread, an event loop: the handler is called once a whole request has arrived, fills in an
 * answer and returns at once; an answer's delay, and that between the parts of a body that drips,
 * is kept by the loop (the connection is suspended), so that one slow answer never holds up another
 * client. Connections, header and body sizes and idle times are capped.
 *
 *     struct http_server *server = http_server_new(&config, diag);
 *     printf("%u\n", http_server_port(server));
 *     while (!stop)
 *         http_server_turn(server, 1000);
 *     http_server_free(server);
 *
 * Not thread-safe, except http_server_wake().
 */
#ifndef ROSTER_HTTP_HTTP_SERVER_H
#define ROSTER_HTTP_HTTP_SERVER_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;
struct http_server_headers;

struct http_server_request {
    const char *method; /* "GET", … */
    const char *path;   /* as sent, not percent-decoded, without the query */
    const char *query;  /* as sent, without "?"; "" when none */
    const char *body;   /* NUL-terminated; "" when none */
    size_t body_size;
    const struct http_server_headers *headers; /* see http_server_header() */
};

/* A header's value, its name compared without case; NULL when the request has none. */
const char *http_server_header(const struct http_server_request *request, const char *name);

/* How many headers of that name the request has. */
size_t http_server_header_count(const struct http_server_request *request, const char *name);

enum { HTTP_SERVER_MAX_HEADERS = 32 };

/*
 * How an answer is spoilt on its way, for servers that play a bad network. All zero: not at all.
 * What becomes of the body needs one: it does nothing to HEAD, 204 or an empty body.
 */
struct http_server_spoil {
    bool reset;          /* instead of the answer, the connection is reset (TCP RST) */
    bool truncate;       /* the connection is closed after `truncate_at` bytes of the body, ... */
    size_t truncate_at;  /* ... although Content-Length says the body's full size */
    size_t drip;         /* the body goes out so many bytes at a time, ...; 0: at once */
    int64_t drip_gap_ms; /* ... with so long between them */
};

/* Starts as status 200, no body, no delay, not spoilt. */
struct http_server_answer {
    int status;
    struct buf body;
    const char *content_type; /* NULL: none is sent; has to outlive the handler's call only */
    int64_t delay_ms;         /* the answer goes out this long after the request was read */
    struct http_server_spoil spoil;
    struct {
        char name[64];
        char value[256];
    } headers[HTTP_SERVER_MAX_HEADERS];
    size_t header_count;
};

/* Adds a header to the answer; one that is too long or past the maximum trips an assertion. */
void http_server_answer_header(struct http_server_answer *answer, const char *name,
                               const char *value);

typedef void http_server_handler(void *context, const struct http_server_request *request,
                                 struct http_server_answer *answer);

/* Why a request never came to the handler. */
enum http_server_loss {
    HTTP_SERVER_BODY_TOO_LARGE, /* answered 413 */
    HTTP_SERVER_BAD_HEAD,       /* its headers are too large, no HTTP or cut off; answered 4xx */
    HTTP_SERVER_TOO_SLOW,       /* it was not whole in time */
    HTTP_SERVER_ABORTED,        /* the client has gone before it was whole */
};

typedef void http_server_loss_handler(void *context, enum http_server_loss why);

struct http_server_config {
    const char *address;      /* numeric; NULL: 127.0.0.1 */
    uint16_t port;            /* 0: a free one */
    unsigned max_connections; /* 0: 1,000 */
    size_t max_body;          /* bytes of a request's body; more is answered 413; 0: 1 MiB */
    unsigned idle_timeout_s;  /* 0: 60 */
    /*
     * How long a whole request may take to arrive, from the connection or the end of the request
     * before, however steadily its bytes drip; past it the connection is closed. 0: any time.
     */
    unsigned request_timeout_s;
    http_server_handler *handler;
    /* Told of each request that never came to the handler; NULL: nobody is. */
    http_server_loss_handler *lost;
    void *context;
};

/* Listens. Reports and returns NULL when the address can't be bound. */
struct http_server *http_server_new(const struct http_server_config *config, struct diag *diag);

/* Closes all connections; answers still delayed are dropped. Accepts NULL. */
void http_server_free(struct http_server *server);

uint16_t http_server_port(const struct http_server *server);

/*
 * One turn of the loop: waits at most `timeout_ms` (-1: without end) for something to do, and does
 * it. Returns 0, or -1 when the loop is broken for good.
 */
MUST_CHECK int http_server_turn(struct http_server *server, int timeout_ms);

/*
 * For a loop that waits for other things, too: the descriptor that becomes readable when the next
 * turn has something to do (or was woken), and how long to wait for it at the most: `timeout_ms`
 * (-1: without end) or less. Then comes http_server_turn() with 0.
 *
 *     timeout = http_server_wait_ms(server, timeout);
 *     http_engine_turn(engine, http_server_fd(server), timeout);
 *     http_server_turn(server, 0);
 */
int http_server_fd(const struct http_server *server);
int http_server_wait_ms(const struct http_server *server, int timeout_ms);

/*
 * Takes no more connections, and says "Connection: close" with every answer. Requests that have
 * begun go on; there are http_server_requests() of them, which turns of the loop bring to 0.
 */
void http_server_stop_accepting(struct http_server *server);
size_t http_server_requests(const struct http_server *server);

/* Makes a waiting http_server_turn() return. Safe in a signal handler and from another thread. */
void http_server_wake(struct http_server *server);

#endif
