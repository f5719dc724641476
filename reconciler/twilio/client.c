#include "twilio/client.h"

#include "base/memory.h"
#include "twilio/answer.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_SIZE = 1000, PAGES_MAX = 10000 };

struct twilio_client {
    struct twilio_client_config config;
    struct http_engine *engine;
};

struct twilio_client *twilio_client_new(const struct twilio_client_config *config,
                                        struct diag *diag)
{
    struct twilio_client *client = memory_zeroed(sizeof(*client));

    client->config = *config;
    client->engine = http_engine_new(&config->http, diag);
    if (client->engine == NULL) {
        free(client);
        return NULL;
    }
    return client;
}

void twilio_client_free(struct twilio_client *client)
{
    if (client == NULL)
        return;
    http_engine_free(client->engine);
    free(client);
}

const struct redactions *twilio_client_redactions(const struct twilio_client *client)
{
    return client->config.redactions;
}

const char *twilio_client_account(const struct twilio_client *client)
{
    return client->config.credentials.account_sid;
}

void twilio_client_run(struct twilio_client *client)
{
    http_engine_run(client->engine);
}

void twilio_client_run_with(struct twilio_client *client, http_turn *turn, void *context)
{
    http_engine_run_with(client->engine, turn, context);
}

int twilio_client_turn(struct twilio_client *client, int extra_fd, int timeout_ms)
{
    return http_engine_turn(client->engine, extra_fd, timeout_ms);
}

void twilio_client_end_at(struct twilio_client *client, int64_t end_ms)
{
    http_engine_end_at(client->engine, end_ms);
}

bool twilio_client_is_over(const struct twilio_client *client)
{
    return http_engine_is_over(client->engine);
}

const struct http_engine_stats *twilio_client_stats(const struct twilio_client *client)
{
    return http_engine_stats(client->engine);
}

void twilio_client_pulse(const struct twilio_client *client, struct http_engine_pulse *pulse)
{
    http_engine_pulse(client->engine, pulse);
}

void twilio_client_watch(struct twilio_client *client, http_watcher *watcher, void *context)
{
    http_engine_watch(client->engine, watcher, context);
}

static const char *base_of(const struct twilio_client *client, enum twilio_host host)
{
    return host == TWILIO_MESSAGING ? client->config.hosts.messaging : client->config.hosts.api;
}

static const struct twilio_when in_turn = {0};

static void submit(struct twilio_client *client, enum http_method method, const char *url,
                   const char *form, const struct twilio_when *when, http_callback *callback,
                   void *context)
{
    struct http_request request = {
        .method = method,
        .url = url,
        .user = client->config.credentials.user,
        .password = client->config.credentials.password,
        .form = form,
        .urgent = when->urgent,
        .delay_ms = when->delay_ms,
    };
    http_engine_submit(client->engine, &request, callback, context);
}

/* A single request under way. */
struct call {
    struct arena arena; /* holds the call's own strings; the call itself is from malloc */
    struct twilio_client *client;
    enum http_method method;
    const char *url;
    twilio_callback *callback;
    void *context;
};

static void call_done(void *context, const struct http_response *response)
{
    struct call *call = context;
    struct twilio_answer answer;
    json_t *json = NULL;

    answer_read(&answer, &json, call->method, call->url, response, call->client->config.redactions,
                &call->arena);
    call->callback(call->context, &answer);
    json_decref(json);
    arena_release(&call->arena);
    free(call);
}

void twilio_request_at(struct twilio_client *client, enum http_method method, enum twilio_host host,
                       const char *path, const char *form, const struct twilio_when *when,
                       twilio_callback *callback, void *context)
{
    struct call *call = memory_zeroed(sizeof(*call));

    call->client = client;
    call->method = method;
    call->url = arena_printf(&call->arena, "%s%s", base_of(client, host), path);
    call->callback = callback;
    call->context = context;
    submit(client, method, call->url, form, when, call_done, call);
}

void twilio_request(struct twilio_client *client, enum http_method method, enum twilio_host host,
                    const char *path, const char *form, twilio_callback *callback, void *context)
{
    twilio_request_at(client, method, host, path, form, &in_turn, callback, context);
}

/* A list under way. */
struct listing {
    struct arena arena;
    struct twilio_client *client;
    enum twilio_host host;
    const char *key;
    const char *url; /* of the page that is asked for */
    unsigned pages;
    twilio_row *row;
    twilio_callback *end;
    void *context;
};

static void listing_end(struct listing *listing, const struct twilio_answer *answer)
{
    listing->end(listing->context, answer);
    arena_release(&listing->arena);
    free(listing);
}

static void page_done(void *context, const struct http_response *response);

static void ask_page(struct listing *listing, const struct twilio_when *when)
{
    listing->pages++;
    submit(listing->client, HTTP_GET, listing->url, NULL, when, page_done, listing);
}

/* Hands over the rows; -1 when the handler refused one. */
static int hand_over(struct listing *listing, const json_t *rows)
{
    size_t count = json_array_size(rows), i;
    for (i = 0; i < count; i++)
        if (listing->row(listing->context, json_array_get(rows, i)) != 0)
            return -1;
    return 0;
}

/*
 * The link to the next page from either API's style: an absolute URL in `meta`, or a path at the
 * top. Sets `*problem` when there is one that must not be followed.
 */
static const char *next_link(struct listing *listing, const json_t *body, const char **problem)
{
    const char *link, *origin = base_of(listing->client, listing->host);

    if (listing->host == TWILIO_MESSAGING)
        link = json_string_value(json_object_get(json_object_get(body, "meta"), "next_page_url"));
    else
        link = json_string_value(json_object_get(body, "next_page_uri"));
    if (link == NULL || link[0] == '\0')
        return NULL;
    if (link[0] == '/' && link[1] != '/')
        link = arena_printf(&listing->arena, "%s%s", origin, link);
    if (!http_same_origin(origin, link)) {
        *problem =
            arena_printf(&listing->arena, "the next page of %s is said to be on another host: %s",
                         listing->url, link);
        return NULL;
    }
    if (strcmp(link, listing->url) == 0 || listing->pages >= PAGES_MAX) {
        *problem = arena_printf(&listing->arena, "the pages of %s do not end", listing->url);
        return NULL;
    }
    return arena_strdup(&listing->arena, link);
}

static void page_done(void *context, const struct http_response *response)
{
    struct listing *listing = context;
    struct twilio_answer answer;
    const char *problem = NULL, *next = NULL;
    const json_t *rows;
    json_t *json = NULL;

    answer_read(&answer, &json, HTTP_GET, listing->url, response,
                listing->client->config.redactions, &listing->arena);
    if (answer.problem == NULL) {
        rows = json_object_get(json, listing->key);
        if (!json_is_array(rows))
            problem = arena_printf(&listing->arena, "GET %s: the answer has no list \"%s\"",
                                   listing->url, listing->key);
        else if (hand_over(listing, rows) != 0)
            problem = arena_printf(&listing->arena, "GET %s: an entry of \"%s\" is not as expected",
                                   listing->url, listing->key);
        else
            next = next_link(listing, json, &problem);
        answer.problem = problem;
    }
    if (next != NULL) {
        listing->url = next;
        ask_page(listing, &in_turn);
    } else {
        listing_end(listing, &answer);
    }
    json_decref(json);
}

void twilio_list_at(struct twilio_client *client, enum twilio_host host, const char *path,
                    const char *query, const char *key, const struct twilio_when *when,
                    twilio_row *row, twilio_callback *end, void *context)
{
    struct listing *listing = memory_zeroed(sizeof(*listing));

    listing->client = client;
    listing->host = host;
    listing->key = key;
    listing->url =
        arena_printf(&listing->arena, "%s%s?PageSize=%d%s%s", base_of(client, host), path,
                     PAGE_SIZE, query == NULL ? "" : "&", query == NULL ? "" : query);
    listing->row = row;
    listing->end = end;
    listing->context = context;
    ask_page(listing, when);
}

void twilio_list(struct twilio_client *client, enum twilio_host host, const char *path,
                 const char *query, const char *key, twilio_row *row, twilio_callback *end,
                 void *context)
{
    twilio_list_at(client, host, path, query, key, &in_turn, row, end, context);
}
