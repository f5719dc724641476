#include "http/http_server.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/str.h"
#include "http/http_clients.h"
#include "http/http_listener.h"
#include "http/timers.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * libmicrohttpd runs without a thread of its own: its epoll descriptor and the wake descriptor are
 * in an epoll of ours, which is polled here, or by whoever asks for it, up to the time of the next
 * delayed answer.
 */

enum {
    DEFAULT_CONNECTIONS = 1000,
    DEFAULT_MAX_BODY = 1024 * 1024,
    DEFAULT_IDLE_S = 60,
    HEAD_MEMORY = 32 * 1024, /* a connection: request line, headers and its write buffer */
    PART_MEMORY = 16 * 1024, /* of a spoilt body at a time */
    /* A body up to this many times the cap is read and dropped so that its sender, who may not read
     * before all is written, gets to see the 413. */
    DRAIN_FACTOR = 8,
};

struct http_server_headers {
    struct MHD_Connection *connection;
};

struct http_server {
    struct MHD_Daemon *daemon;
    http_server_handler *handler;
    void *context;
    size_t max_body;
    unsigned max_connections;
    struct timers delayed; /* exchanges whose connection is suspended */
    struct http_clients clients;
    http_server_loss_handler *lost;
    int64_t request_timeout_ms; /* 0: none */
    bool draining;
    int epoll; /* of the daemon's own, and of `wake` */
    int wake;
    uint16_t port;
};

/* One request and its answer. It belongs to the connection until request_completed(). */
struct exchange {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct http_client *client;
    char *target; /* the raw request target; cut in two at its "?" */
    const char *query;
    struct buf body;
    size_t dropped; /* bytes of the body past the cap */
    bool begun;     /* the headers have been seen */
    bool handled;   /* the handler has run */
    bool too_large;
    struct MHD_Response *response; /* NULL until the handler has run */
    unsigned status;
    struct http_server_spoil spoil;
    struct buf outgoing;   /* the answer's body when it is spoilt */
    size_t outgoing_limit; /* bytes of it that are sent */
    int64_t next_drip_ms;  /* monotonic */
};

const char *http_server_header(const struct http_server_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->headers->connection, MHD_HEADER_KIND, name);
}

struct header_count {
    const char *name;
    size_t count;
};

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    struct header_count *counted = context;

    (void)kind;
    (void)value;
    counted->count += str_equal_nocase(name, counted->name);
    return MHD_YES;
}

size_t http_server_header_count(const struct http_server_request *request, const char *name)
{
    struct header_count counted = {.name = name};

    (void)MHD_get_connection_values(request->headers->connection, MHD_HEADER_KIND, count_header,
                                    &counted);
    return counted.count;
}

void http_server_answer_header(struct http_server_answer *answer, const char *name,
                               const char *value)
{
    bool fits = answer->header_count < HTTP_SERVER_MAX_HEADERS &&
                strlen(name) < sizeof(answer->headers[0].name) &&
                strlen(value) < sizeof(answer->headers[0].value);

    assert(fits);
    if (!fits)
        return;
    memcpy(answer->headers[answer->header_count].name, name, strlen(name) + 1);
    memcpy(answer->headers[answer->header_count].value, value, strlen(value) + 1);
    answer->header_count++;
}

static void connection_changed(void *context, struct MHD_Connection *connection, void **slot,
                               enum MHD_ConnectionNotificationCode what)
{
    struct http_server *server = context;
    struct http_client *client = *slot;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *slot = http_clients_add(&server->clients, connection, clock_monotonic(&clock_system));
        return;
    }
    /* One that never got as far as a request line. */
    if (client->too_slow && !client->served && server->lost != NULL)
        server->lost(server->context, HTTP_SERVER_TOO_SLOW);
    http_clients_remove(&server->clients, client);
    *slot = NULL;
}

static struct http_client *client_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* libmicrohttpd calls this with the target as it was sent, before it decodes it. */
static void *request_started(void *context, const char *target, struct MHD_Connection *connection)
{
    struct http_server *server = context;
    struct exchange *exchange = memory_zeroed(sizeof(*exchange));
    char *mark;

    exchange->server = server;
    exchange->connection = connection;
    exchange->client = client_of(connection);
    http_clients_begin(&server->clients, exchange->client);
    exchange->target = memory_strdup(target == NULL ? "" : target);
    exchange->query = "";
    mark = strchr(exchange->target, '?');
    if (mark != NULL) {
        *mark = '\0';
        exchange->query = mark + 1;
    }
    buf_init(&exchange->body, server->max_body);
    return exchange;
}

/* Tells of a request that the handler never saw. */
static void report_loss(const struct exchange *exchange, enum MHD_RequestTerminationCode how)
{
    const struct http_server *server = exchange->server;
    enum http_server_loss why = HTTP_SERVER_ABORTED;

    if (exchange->handled || server->lost == NULL)
        return;
    if (exchange->too_large || exchange->response != NULL)
        why = HTTP_SERVER_BODY_TOO_LARGE;
    else if (exchange->client->too_slow || how == MHD_REQUEST_TERMINATED_TIMEOUT_REACHED)
        why = HTTP_SERVER_TOO_SLOW;
    else if (!exchange->begun)
        why = HTTP_SERVER_BAD_HEAD;
    exchange->client->served = true;
    server->lost(server->context, why);
}

static void request_completed(void *context, struct MHD_Connection *connection, void **slot,
                              enum MHD_RequestTerminationCode how)
{
    struct exchange *exchange = *slot;

    (void)context;
    (void)connection;
    if (exchange == NULL)
        return;
    report_loss(exchange, how);
    http_clients_end(&exchange->server->clients, exchange->client, clock_monotonic(&clock_system));
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    buf_release(&exchange->body);
    buf_release(&exchange->outgoing);
    free(exchange->target);
    free(exchange);
    *slot = NULL;
}

/* A name or value with a line break is refused by libmicrohttpd: no header can be smuggled in. */
static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

/* The connection is left alone by libmicrohttpd until then. */
static void suspend_until(struct exchange *exchange, int64_t due_ms)
{
    MHD_suspend_connection(exchange->connection);
    timers_add(&exchange->server->delayed, due_ms, exchange);
}

/* Gives libmicrohttpd the next part of a spoilt body. */
static ssize_t give_part(void *context, uint64_t position, char *out, size_t room)
{
    struct exchange *exchange = context;
    size_t size = exchange->outgoing_limit - (size_t)position;
    int64_t now_ms;

    if (size == 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (exchange->spoil.drip > 0) {
        now_ms = clock_monotonic(&clock_system);
        if (now_ms < exchange->next_drip_ms) {
            suspend_until(exchange, exchange->next_drip_ms);
            return 0;
        }
        exchange->next_drip_ms = now_ms + exchange->spoil.drip_gap_ms;
        size = size < exchange->spoil.drip ? size : exchange->spoil.drip;
    }
    size = size < room ? size : room;
    memcpy(out, exchange->outgoing.data + position, size);
    return (ssize_t)size;
}

/* A response for the answer, from which the body's memory is taken; NULL when out of memory. */
static struct MHD_Response *make_response(struct exchange *exchange,
                                          struct http_server_answer *answer)
{
    const struct http_server_spoil *spoil = &answer->spoil;
    size_t size = answer->body.size;
    struct MHD_Response *response;

    exchange->spoil = *spoil;
    if (size > 0 && (spoil->truncate || spoil->drip > 0)) {
        exchange->outgoing = answer->body;
        exchange->outgoing_limit =
            spoil->truncate && spoil->truncate_at < size ? spoil->truncate_at : size;
        return MHD_create_response_from_callback(size, PART_MEMORY, give_part, exchange, NULL);
    }
    response = MHD_create_response_from_buffer(size, answer->body.data, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        buf_release(&answer->body);
    return response;
}

/* Turns the answer into a response. */
static void take_answer(struct exchange *exchange, struct http_server_answer *answer)
{
    size_t i;

    if (answer->body.full) {
        buf_release(&answer->body);
        answer->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
    exchange->status = (unsigned)answer->status;
    exchange->response = make_response(exchange, answer);
    if (exchange->response == NULL)
        return;
    if (answer->content_type != NULL)
        add_header(exchange->response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
    for (i = 0; i < answer->header_count; i++)
        add_header(exchange->response, answer->headers[i].name, answer->headers[i].value);
    if (exchange->server->draining)
        add_header(exchange->response, MHD_HTTP_HEADER_CONNECTION, "close");
}

static void answer_too_large(struct exchange *exchange)
{
    struct http_server_answer answer = {.status = MHD_HTTP_CONTENT_TOO_LARGE,
                                        .content_type = "text/plain"};

    buf_init(&answer.body, BUF_LIMIT_DEFAULT);
    buf_printf(&answer.body, "The request's body is larger than %zu bytes.\n",
               exchange->server->max_body);
    http_server_answer_header(&answer, MHD_HTTP_HEADER_CONNECTION, "close");
    take_answer(exchange, &answer);
}

/* Calls the handler; returns the delay that it asks for. */
static int64_t answer_request(struct exchange *exchange, const char *method)
{
    struct http_server *server = exchange->server;
    struct http_server_headers headers = {.connection = exchange->connection};
    struct http_server_request request = {.method = method,
                                          .path = exchange->target,
                                          .query = exchange->query,
                                          .body = buf_text(&exchange->body),
                                          .body_size = exchange->body.size,
                                          .headers = &headers};
    struct http_server_answer answer = {.status = MHD_HTTP_OK};

    exchange->handled = true;
    http_clients_answer(&server->clients, exchange->client);
    buf_init(&answer.body, BUF_LIMIT_DEFAULT);
    server->handler(server->context, &request, &answer);
    take_answer(exchange, &answer);
    return answer.delay_ms;
}

/*
 * libmicrohttpd ends a connection politely, by shutdown() and close(), after which the client can't
 * tell a reset from an early end. Connecting the socket to nothing resets it there and then
 * (Linux).
 */
static void reset_connection(struct MHD_Connection *connection)
{
    static const struct sockaddr nothing = {.sa_family = AF_UNSPEC};
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    int descriptor =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

    (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    (void)connect(descriptor, &nothing, sizeof(nothing));
}

static enum MHD_Result send_response(struct exchange *exchange)
{
    if (exchange->response == NULL)
        return MHD_NO;
    if (exchange->spoil.reset) {
        reset_connection(exchange->connection);
        return MHD_NO;
    }
    return MHD_queue_response(exchange->connection, exchange->status, exchange->response);
}

/* The headers are there, the body is not. */
static enum MHD_Result begin_request(struct exchange *exchange)
{
    const char *expect =
        MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_EXPECT);
    const char *length = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_CONTENT_LENGTH);
    size_t max_body = exchange->server->max_body;

    exchange->begun = true;
    /* Who waits for "100 Continue" is told at once, and the body never sent. */
    if (expect == NULL || length == NULL || strtoull(length, NULL, 10) <= max_body)
        return MHD_YES;
    answer_too_large(exchange);
    return send_response(exchange);
}

static enum MHD_Result receive_body(struct exchange *exchange, const char *bytes, size_t size)
{
    if (!exchange->too_large)
        buf_add(&exchange->body, bytes, size);
    if (exchange->body.full)
        exchange->too_large = true;
    if (!exchange->too_large)
        return MHD_YES;
    exchange->dropped += size;
    return exchange->dropped / DRAIN_FACTOR <= exchange->server->max_body ? MHD_YES : MHD_NO;
}

/*
 * Called when the headers are there, for each part of the body, when the request is complete, and
 * again after a suspended connection was resumed.
 */
static enum MHD_Result serve(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_size, void **slot)
{
    struct exchange *exchange = *slot;
    int64_t delay_ms = 0;
    size_t size = *upload_size;

    (void)context;
    (void)connection;
    (void)url;
    (void)version;
    if (!exchange->begun)
        return begin_request(exchange);
    if (size > 0) {
        *upload_size = 0;
        return receive_body(exchange, upload, size);
    }
    if (exchange->response != NULL)
        return send_response(exchange);
    if (exchange->too_large)
        answer_too_large(exchange);
    else
        delay_ms = answer_request(exchange, method);
    if (delay_ms <= 0 || exchange->response == NULL)
        return send_response(exchange);
    /* One more, because the clock's milliseconds are rounded down. */
    suspend_until(exchange, clock_monotonic(&clock_system) + delay_ms + 1);
    return MHD_YES;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int listener, unsigned idle_s)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, server->port, NULL, NULL, serve, server,
        MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_URI_LOG_CALLBACK, request_started, server,
        MHD_OPTION_NOTIFY_COMPLETED, request_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
        connection_changed, server, MHD_OPTION_CONNECTION_LIMIT, server->max_connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
        idle_s, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

/* Puts what is to be waited for into one descriptor. */
static int watch_all(struct http_server *server)
{
    const int watched[] = {MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
                           server->wake};
    size_t i;

    for (i = 0; i < COUNT_OF(watched); i++) {
        struct epoll_event event = {.events = EPOLLIN, .data = {.fd = watched[i]}};
        if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, watched[i], &event) != 0)
            return -1;
    }
    return 0;
}

struct http_server *http_server_new(const struct http_server_config *config, struct diag *diag)
{
    unsigned idle_s = config->idle_timeout_s == 0 ? DEFAULT_IDLE_S : config->idle_timeout_s;
    struct http_server *server;
    int listener = http_listener_open(config->address, config->port, diag);

    if (listener < 0)
        return NULL;
    server = memory_zeroed(sizeof(*server));
    server->handler = config->handler;
    server->lost = config->lost;
    server->request_timeout_ms = (int64_t)config->request_timeout_s * 1000;
    server->context = config->context;
    server->max_body = config->max_body == 0 ? DEFAULT_MAX_BODY : config->max_body;
    server->max_connections =
        config->max_connections == 0 ? DEFAULT_CONNECTIONS : config->max_connections;
    server->port = http_listener_port(listener);
    server->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server->wake >= 0 && server->epoll >= 0)
        server->daemon = start_daemon(server, listener, idle_s);
    if (server->daemon == NULL || watch_all(server) != 0) {
        diag_error(diag, NULL, "cannot start the HTTP listener: %s", strerror(errno));
        if (server->daemon == NULL)
            close(listener);
        http_server_free(server);
        return NULL;
    }
    return server;
}

static void resume_due(struct http_server *server, int64_t now_ms)
{
    struct exchange *exchange;

    while ((exchange = timers_take_due(&server->delayed, now_ms)) != NULL)
        MHD_resume_connection(exchange->connection);
}

void http_server_free(struct http_server *server)
{
    if (server == NULL)
        return;
    if (server->daemon != NULL) {
        /* A daemon must not be stopped while it has suspended connections. */
        resume_due(server, INT64_MAX);
        MHD_stop_daemon(server->daemon);
    }
    timers_release(&server->delayed);
    if (server->wake >= 0)
        close(server->wake);
    if (server->epoll >= 0)
        close(server->epoll);
    free(server);
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

int http_server_fd(const struct http_server *server)
{
    return server->epoll;
}

/* Ends connections that take too long over a request; the daemon then finds them closed. */
static void drop_late(struct http_server *server, int64_t now_ms)
{
    struct http_client *client;

    if (server->request_timeout_ms == 0)
        return;
    while ((client = http_clients_take_late(&server->clients,
                                            now_ms - server->request_timeout_ms)) != NULL)
        (void)shutdown(
            MHD_get_connection_info(client->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
                ->connect_fd,
            SHUT_RDWR);
}

/* Milliseconds until a connection may have to be dropped; -1: none. */
static int64_t late_wait_ms(const struct http_server *server, int64_t now_ms)
{
    int64_t wait;

    if (server->request_timeout_ms == 0 || server->clients.first == NULL)
        return -1;
    wait = server->clients.first->since_ms + server->request_timeout_ms - now_ms;
    return wait < 0 ? 0 : wait;
}

int http_server_wait_ms(const struct http_server *server, int timeout_ms)
{
    MHD_UNSIGNED_LONG_LONG idle_ms;
    int64_t wait = timeout_ms < 0 ? INT_MAX : timeout_ms;
    int64_t now_ms = clock_monotonic(&clock_system);
    int64_t delayed_ms = timers_wait_ms(&server->delayed, now_ms);
    int64_t late_ms = late_wait_ms(server, now_ms);

    if (late_ms >= 0 && late_ms < wait)
        wait = late_ms;
    if (delayed_ms >= 0 && delayed_ms < wait)
        wait = delayed_ms;
    if (MHD_get_timeout(server->daemon, &idle_ms) == MHD_YES &&
        idle_ms < (MHD_UNSIGNED_LONG_LONG)wait)
        wait = (int64_t)idle_ms;
    return timeout_ms < 0 && wait == INT_MAX ? -1 : (int)wait;
}

static unsigned open_connections(const struct http_server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)
        ->num_connections;
}

/*
 * With all connections taken the daemon does not poll its listener, and it only takes that up again
 * at the start of a run: one more run is needed when a connection was closed at the end of this
 * one.
 */
static int run_daemon(struct http_server *server)
{
    bool full = open_connections(server) >= server->max_connections;

    if (MHD_run(server->daemon) != MHD_YES)
        return -1;
    if (full && open_connections(server) < server->max_connections)
        return MHD_run(server->daemon) == MHD_YES ? 0 : -1;
    return 0;
}

int http_server_turn(struct http_server *server, int timeout_ms)
{
    struct pollfd polled = {.fd = server->epoll, .events = POLLIN};
    uint64_t wakes;

    if (poll(&polled, 1, http_server_wait_ms(server, timeout_ms)) < 0 && errno != EINTR)
        return -1;
    if (read(server->wake, &wakes, sizeof(wakes)) < 0 && errno != EAGAIN)
        return -1;
    resume_due(server, clock_monotonic(&clock_system));
    drop_late(server, clock_monotonic(&clock_system));
    return run_daemon(server);
}

void http_server_stop_accepting(struct http_server *server)
{
    MHD_socket listener;

    if (server->draining)
        return;
    server->draining = true;
    listener = MHD_quiesce_daemon(server->daemon);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
}

size_t http_server_requests(const struct http_server *server)
{
    return server->clients.requests;
}

void http_server_wake(struct http_server *server)
{
    uint64_t one = 1;
    int saved = errno;

    /* It only fails when a wake is pending already. */
    if (write(server->wake, &one, sizeof(one)) < 0)
        errno = saved;
}
