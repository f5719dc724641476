#include "sandbox/sandbox_server.h"

#include "base/memory.h"
#include "base/str.h"
#include "sandbox/sandbox_auth.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_log.h"
#include "sandbox/sandbox_request.h"
#include "sandbox/sandbox_route.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct sandbox_server {
    struct arena arena;
    struct sandbox_config config;
    uint64_t requests;
    bool log_failed;
    /* When the answers that are still held back go out (monotonic), the first one first. */
    int64_t *pending;
    size_t pending_first, pending_end, pending_capacity;
};

struct sandbox_server *sandbox_server_new(const struct sandbox_config *config)
{
    struct arena arena = {0};
    struct sandbox_server *server = arena_alloc(&arena, sizeof(*server));
    server->arena = arena;
    server->config = *config;
    return server;
}

void sandbox_server_free(struct sandbox_server *server)
{
    struct arena arena;
    if (server == NULL)
        return;
    arena = server->arena;
    arena_release(&arena);
}

bool sandbox_server_log_failed(const struct sandbox_server *server)
{
    return server->log_failed;
}

/* How many requests are under way with the one that came now. */
static size_t count_concurrent(struct sandbox_server *server, int64_t now, int64_t end)
{
    while (server->pending_first < server->pending_end &&
           server->pending[server->pending_first] <= now)
        server->pending_first++;
    if (server->pending_first > server->pending_end / 2) {
        server->pending_end -= server->pending_first;
        memmove(server->pending, server->pending + server->pending_first,
                server->pending_end * sizeof(*server->pending));
        server->pending_first = 0;
    }
    server->pending = arena_grow(&server->arena, server->pending, server->pending_end,
                                 &server->pending_capacity, sizeof(*server->pending));
    server->pending[server->pending_end++] = end;
    return server->pending_end - server->pending_first;
}

/* The Host header if it is one that can stand in a URL. */
static const char *base_url(struct arena *arena, const char *host)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789.:-_[]";
    if (str_is_empty(host) || strlen(host) > 255 || strspn(host, allowed) != strlen(host))
        host = "127.0.0.1";
    return arena_printf(arena, "http://%s", host);
}

/* Paths go into answers and the log, which are UTF-8. */
static const char *clean_path(struct arena *arena, const char *path)
{
    const char *clean = path;
    struct buf visible;

    if (str_utf8_valid(path, strlen(path)) == strlen(path))
        return path;
    buf_init(&visible, BUF_LIMIT_DEFAULT);
    str_add_visible(&visible, path, strlen(path));
    clean = arena_strdup(arena, buf_text(&visible));
    buf_release(&visible);
    return clean;
}

/* Parameters are taken from forms alone; a body of another type has none. */
static bool is_form(const struct sandbox_input *input)
{
    static const char type[] = "application/x-www-form-urlencoded";
    return strcmp(input->method, "POST") == 0 &&
           (input->content_type == NULL ||
            strncasecmp(input->content_type, type, strlen(type)) == 0);
}

static int parse_parameters(const struct sandbox_input *input, struct sandbox_request *request)
{
    if (sandbox_form_parse(input->query, request->arena, &request->query) != 0)
        return -1;
    if (!is_form(input))
        return 0;
    if (strlen(input->body) != input->body_size)
        return -1;
    return sandbox_form_parse(input->body, request->arena, &request->form);
}

static void respond(const struct sandbox_server *server, const struct sandbox_input *input,
                    struct sandbox_request *request, struct sandbox_reply *reply, const char **user)
{
    sandbox_handler *handler = NULL;
    int parsed = parse_parameters(input, request);
    enum sandbox_auth_result who =
        sandbox_auth_check(server->config.store, input->authorization, user);

    if (who == SANDBOX_AUTH_MISSING || who == SANDBOX_AUTH_WRONG) {
        sandbox_error_unauthorised(reply, request->api, who == SANDBOX_AUTH_MISSING);
        return;
    }
    request->by_api_key = who == SANDBOX_AUTH_KEY;
    switch (sandbox_route_find(request, input->method, &handler)) {
    case SANDBOX_ROUTE_NO_PATH:
        sandbox_error_not_found(request, reply, NULL);
        break;
    case SANDBOX_ROUTE_NO_METHOD:
        sandbox_error(reply, 20004, NULL, NULL);
        break;
    case SANDBOX_ROUTE_FOUND:
        if (parsed != 0)
            sandbox_error(reply, 20422, "encoding: the parameters are not UTF-8", NULL);
        else
            handler(request, reply);
        break;
    }
}

static const struct {
    enum sandbox_api api;
    const char *name, *value;
} fixed_headers[] = {
    {SANDBOX_API_2010, "X-Home-Region", "us1"},
    {SANDBOX_API_2010, "X-Api-Domain", "api.twilio.com"},
    {SANDBOX_API_2010, "X-Powered-By", "AT-5000"},
    {SANDBOX_API_2010, "X-Shenanigans", "none"},
    {SANDBOX_API_MESSAGING, "Access-Control-Allow-Origin", "*"},
    {SANDBOX_API_MESSAGING, "Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS"},
    {SANDBOX_API_MESSAGING, "Access-Control-Allow-Headers",
     "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
     "If-Unmodified-Since, Idempotency-Key"},
    {SANDBOX_API_MESSAGING, "Access-Control-Allow-Credentials", "true"},
    {SANDBOX_API_MESSAGING, "Access-Control-Expose-Headers", "ETag"},
};

static void add_headers(struct http_server_answer *answer, enum sandbox_api api,
                        const char *request_id, size_t concurrent, int64_t duration_ms)
{
    char text[32];
    size_t i;

    http_server_answer_header(answer, "Twilio-Request-Id", request_id);
    snprintf(text, sizeof(text), "%.3f", (double)duration_ms / 1000);
    http_server_answer_header(answer, "Twilio-Request-Duration", text);
    snprintf(text, sizeof(text), "%zu", concurrent);
    http_server_answer_header(answer, "Twilio-Concurrent-Requests", text);
    if (answer->status == 401)
        http_server_answer_header(answer, "WWW-Authenticate", "Basic realm=\"Twilio API\"");
    for (i = 0; i < COUNT_OF(fixed_headers); i++)
        if (fixed_headers[i].api == api)
            http_server_answer_header(answer, fixed_headers[i].name, fixed_headers[i].value);
}

static int add_bytes(const char *bytes, size_t size, void *body)
{
    buf_add(body, bytes, size);
    return 0;
}

static void write_body(struct http_server_answer *answer, const struct sandbox_reply *reply)
{
    answer->status = reply->status;
    if (reply->body == NULL)
        return;
    answer->content_type = "application/json";
    if (json_dump_callback(reply->body, add_bytes, &answer->body, JSON_COMPACT) != 0)
        memory_exhausted();
}

static void log_request(struct sandbox_server *server, const struct sandbox_input *input,
                        const struct sandbox_request *request, const struct sandbox_reply *reply,
                        const char *user, const char *request_id, int64_t duration_ms)
{
    const struct sandbox_log_entry entry = {
        .number = server->requests,
        .time_ms = request->now_ms,
        .method = input->method,
        .path = request->path,
        .query = &request->query,
        .form = &request->form,
        .user = user,
        .user_agent = input->user_agent,
        .status = reply->status,
        .duration_ms = duration_ms,
        .request_id = request_id,
        .response = reply->body,
    };
    if (server->config.log != NULL &&
        sandbox_log_write(server->config.log, &entry, server->config.log_bodies) != 0)
        server->log_failed = true;
}

void sandbox_server_answer(struct sandbox_server *server, const struct sandbox_input *input,
                           struct http_server_answer *answer)
{
    const struct sandbox_config *config = &server->config;
    int64_t start = clock_monotonic(config->clock), duration;
    struct arena arena = {0};
    struct sandbox_request request = {.store = config->store, .arena = &arena};
    struct sandbox_reply reply = {.status = 200, .body = NULL};
    char request_id[SANDBOX_SID_SIZE] = "RQ";
    const char *user = NULL;
    size_t concurrent;

    server->requests++;
    random_hex(&server->config.random, request_id + 2, 32);
    request.now_ms = clock_wall(config->clock);
    request.now = request.now_ms / 1000;
    request.message_delay_ms = config->message_delay_ms;
    request.alpha_in_destinations = config->alpha_in_destinations;
    request.api =
        str_starts_with(input->path, "/2010-04-01") ? SANDBOX_API_2010 : SANDBOX_API_MESSAGING;
    request.base_url = base_url(&arena, input->host);
    request.path = clean_path(&arena, input->path);
    respond(server, input, &request, &reply, &user);

    duration = clock_monotonic(config->clock) - start + config->latency_ms;
    concurrent = count_concurrent(server, start, start + duration);
    write_body(answer, &reply);
    answer->delay_ms = config->latency_ms;
    add_headers(answer, request.api, request_id, concurrent, duration);
    log_request(server, input, &request, &reply, user, request_id, duration);
    json_decref(reply.body);
    arena_release(&arena);
}

void sandbox_server_handle(void *context, const struct http_server_request *request,
                           struct http_server_answer *answer)
{
    const struct sandbox_input input = {
        .method = request->method,
        .path = request->path,
        .query = request->query,
        .body = request->body,
        .body_size = request->body_size,
        .authorization = http_server_header(request, "Authorization"),
        .host = http_server_header(request, "Host"),
        .user_agent = http_server_header(request, "User-Agent"),
        .content_type = http_server_header(request, "Content-Type"),
    };
    sandbox_server_answer(context, &input, answer);
}
