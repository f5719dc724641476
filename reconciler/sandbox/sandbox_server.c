#include "sandbox/sandbox_server.h"

#include "base/json_text.h"
#include "base/memory.h"
#include "base/str.h"
#include "sandbox/sandbox_auth.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_limits.h"
#include "sandbox/sandbox_log.h"
#include "sandbox/sandbox_request.h"
#include "sandbox/sandbox_route.h"
#include "sandbox/sandbox_simulator.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct sandbox_server {
    struct arena arena;
    struct sandbox_config config;
    struct sandbox_limits limits;
    struct sandbox_simulator simulator;
    int64_t start_ms; /* monotonic */
    uint64_t requests;
    bool log_failed;
};

struct sandbox_server *sandbox_server_new(const struct sandbox_config *config)
{
    struct arena arena = {0};
    struct sandbox_server *server = arena_alloc(&arena, sizeof(*server));
    const struct sandbox_simulator_config simulator = {
        .clock = config->clock,
        .manual_clock = config->manual_clock,
        .message_delay_ms = config->message_delay_ms,
        .synchronous_pool_errors = config->synchronous_pool_errors,
        .recipients = config->recipients,
        .callback_faults = config->callback_faults,
        .post = config->post,
        .post_context = config->post_context,
        .pending = config->pending,
    };
    struct random_state random;

    server->arena = arena;
    server->config = *config;
    server->start_ms = clock_monotonic(config->clock);
    sandbox_limits_init(&server->limits, config->rate, config->max_concurrency, server->start_ms);
    /* Of its own: request SIDs don't depend on how many callbacks there were. */
    random_seed(&random, ~server->config.random.state);
    sandbox_simulator_init(&server->simulator, &simulator, config->store, &random);
    return server;
}

void sandbox_server_free(struct sandbox_server *server)
{
    struct arena arena;
    if (server == NULL)
        return;
    sandbox_limits_release(&server->limits);
    sandbox_simulator_release(&server->simulator);
    arena = server->arena;
    arena_release(&arena);
}

bool sandbox_server_log_failed(const struct sandbox_server *server)
{
    return server->log_failed;
}

void sandbox_server_advance(struct sandbox_server *server)
{
    sandbox_simulator_advance(&server->simulator);
}

int64_t sandbox_server_wait_ms(const struct sandbox_server *server)
{
    return sandbox_simulator_wait_ms(&server->simulator);
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

/* One request on its way through the server. */
struct exchange {
    struct sandbox_server *server;
    const struct sandbox_input *input;
    struct arena arena;
    struct sandbox_request request;
    struct sandbox_reply reply;
    const char *user; /* the SID that it authenticated with; NULL: none */
    enum sandbox_auth_result who;
    bool parsed;
    int64_t start_ms; /* monotonic */
    char request_id[SANDBOX_SID_SIZE];
    const struct sandbox_fault *fault; /* NULL: none */
    enum sandbox_limit limit;
};

static void read_request(struct exchange *exchange)
{
    const struct sandbox_input *input = exchange->input;
    const struct sandbox_config *config = &exchange->server->config;
    struct sandbox_request *request = &exchange->request;

    request->store = config->store;
    request->arena = &exchange->arena;
    request->now_ms = clock_wall(config->clock);
    request->now = request->now_ms / 1000;
    request->simulator = &exchange->server->simulator;
    request->message_ms = sandbox_simulator_now_ms(request->simulator);
    request->alpha_in_destinations = config->alpha_in_destinations;
    request->api =
        str_starts_with(input->path, "/2010-04-01") ? SANDBOX_API_2010 : SANDBOX_API_MESSAGING;
    request->base_url = base_url(&exchange->arena, input->host);
    request->path = clean_path(&exchange->arena, input->path);
    exchange->parsed = parse_parameters(input, request) == 0;
    exchange->who = sandbox_auth_check(config->store, input->authorization, &exchange->user);
    request->by_api_key = exchange->who == SANDBOX_AUTH_KEY;
}

static void take_effect(struct exchange *exchange)
{
    struct sandbox_request *request = &exchange->request;
    struct sandbox_reply *reply = &exchange->reply;
    sandbox_handler *handler = NULL;

    json_decref(reply->body);
    *reply = (struct sandbox_reply){.status = 200, .body = NULL};
    if (exchange->who == SANDBOX_AUTH_MISSING || exchange->who == SANDBOX_AUTH_WRONG) {
        sandbox_error_unauthorised(reply, request->api, exchange->who == SANDBOX_AUTH_MISSING);
        return;
    }
    switch (sandbox_route_find(request, exchange->input->method, &handler)) {
    case SANDBOX_ROUTE_NO_PATH:
        sandbox_error_not_found(request, reply, NULL);
        break;
    case SANDBOX_ROUTE_NO_METHOD:
        sandbox_error(reply, 20004, NULL, NULL);
        break;
    case SANDBOX_ROUTE_FOUND:
        if (!exchange->parsed)
            sandbox_error(reply, 20422, "encoding: the parameters are not UTF-8", NULL);
        else
            handler(request, reply);
        break;
    }
}

/* Chooses the fault and lets the request have its effects, or refuses it. */
static void respond(struct exchange *exchange)
{
    struct sandbox_server *server = exchange->server;
    unsigned effects;

    /* What controls the sandbox is not a part of what it plays. */
    if (str_starts_with(exchange->input->path, "/-/")) {
        take_effect(exchange);
        return;
    }
    if (server->config.faults != NULL)
        exchange->fault =
            sandbox_faults_choose(server->config.faults, server->requests, exchange->input->method,
                                  exchange->input->path, exchange->start_ms - server->start_ms);
    effects = sandbox_fault_effects(exchange->fault);
    if (effects > 0)
        exchange->limit = sandbox_limits_enter(&server->limits, exchange->start_ms);
    if (exchange->limit != SANDBOX_LIMIT_NONE)
        sandbox_error(&exchange->reply, 20429, NULL, NULL);
    else
        for (; effects > 0; effects--)
            take_effect(exchange);
    if (exchange->fault != NULL && exchange->fault->status != 0)
        sandbox_fault_reply(exchange->fault, &exchange->reply);
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

static void write_body(struct http_server_answer *answer, const struct sandbox_reply *reply)
{
    answer->status = reply->status;
    if (reply->body == NULL)
        return;
    answer->content_type = "application/json";
    if (json_text_add(&answer->body, reply->body, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        memory_exhausted();
}

/* What has gone wrong with the request, for the log; NULL when nothing has. */
static const char *name_trouble(struct exchange *exchange)
{
    static const char *const limits[] = {
        [SANDBOX_LIMIT_RATE] = "rate", [SANDBOX_LIMIT_CONCURRENCY] = "max_concurrency"};
    const char *name;
    struct buf text;

    if (exchange->fault == NULL && exchange->limit == SANDBOX_LIMIT_NONE)
        return NULL;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    if (exchange->limit != SANDBOX_LIMIT_NONE)
        buf_add_text(&text, limits[exchange->limit]);
    if (exchange->fault != NULL)
        sandbox_fault_name(exchange->fault, &text);
    name = arena_strdup(&exchange->arena, buf_text(&text));
    buf_release(&text);
    return name;
}

static void log_request(struct exchange *exchange, const struct http_server_answer *answer,
                        int64_t duration_ms)
{
    struct sandbox_server *server = exchange->server;
    const struct sandbox_log_entry entry = {
        .number = server->requests,
        .time_ms = exchange->request.now_ms,
        .method = exchange->input->method,
        .path = exchange->request.path,
        .query = &exchange->request.query,
        .form = &exchange->request.form,
        .user = exchange->user,
        .user_agent = exchange->input->user_agent,
        .fault = name_trouble(exchange),
        .status = answer->spoil.reset ? 0 : answer->status,
        .duration_ms = duration_ms,
        .request_id = exchange->request_id,
        .response = exchange->reply.body,
    };
    if (server->config.log != NULL &&
        sandbox_log_write(server->config.log, &entry, server->config.log_bodies) != 0)
        server->log_failed = true;
}

/* The answer to a reply: its body, Twilio's headers, its delay, and what a fault does to them. */
static void finish_answer(struct exchange *exchange, struct http_server_answer *answer)
{
    struct sandbox_server *server = exchange->server;
    const struct sandbox_fault *fault = exchange->fault;
    int64_t duration = clock_monotonic(server->config.clock) - exchange->start_ms;
    size_t concurrent;

    write_body(answer, &exchange->reply);
    answer->delay_ms = server->config.latency_ms;
    if (exchange->limit == SANDBOX_LIMIT_RATE && (fault == NULL || fault->status == 0))
        http_server_answer_header(answer, "Retry-After", "1");
    if (fault != NULL)
        sandbox_fault_spoil(fault, &server->config.faults->random, answer);
    duration += server->config.latency_ms;
    if (fault != NULL)
        duration += sandbox_fault_duration_ms(fault, answer);
    if (exchange->limit == SANDBOX_LIMIT_NONE)
        concurrent = sandbox_limits_under_way(&server->limits, exchange->start_ms,
                                              exchange->start_ms + duration);
    else
        concurrent = server->limits.under_way.count + 1;
    add_headers(answer, exchange->request.api, exchange->request_id, concurrent, duration);
    log_request(exchange, answer, duration);
}

void sandbox_server_answer(struct sandbox_server *server, const struct sandbox_input *input,
                           struct http_server_answer *answer)
{
    struct exchange exchange = {
        .server = server,
        .input = input,
        .reply = {.status = 200, .body = NULL},
        .start_ms = clock_monotonic(server->config.clock),
        .request_id = "RQ",
    };

    server->requests++;
    sandbox_server_advance(server);
    random_hex(&server->config.random, exchange.request_id + 2, 32);
    read_request(&exchange);
    respond(&exchange);
    finish_answer(&exchange, answer);
    json_decref(exchange.reply.body);
    arena_release(&exchange.arena);
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
