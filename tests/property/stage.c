#include "stage.h"

#include "world_text.h"

#include "base/attributes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t pool_size(const struct sandbox_service *service)
{
    return service->pools[SANDBOX_PHONE_NUMBER].count + service->pools[SANDBOX_SHORT_CODE].count;
}

/*
 * A service takes a new alpha sender only when the old one is gone, so the request for it must not
 * be under way before the answer to the removal, which a late one shows.
 */
static void observe_alpha(struct stage *stage, const struct http_server_request *request,
                          const struct http_server_answer *answer)
{
    static const char prefix[] = "/v1/Services/";
    int64_t now = clock_monotonic(&clock_system);
    int i;

    if (strstr(request->path, "/AlphaSenders") == NULL)
        return;
    for (i = 0; i < stage->world->live_count; i++) {
        if (strncmp(request->path + sizeof(prefix) - 1, stage->world->live[i].sid,
                    SANDBOX_SID_SIZE - 1) != 0)
            continue;
        if (now < stage->busy_until[i])
            buf_printf(&stage->wrong, "%s %s did not wait for the removal\n", request->method,
                       request->path);
        stage->busy_until[i] = now + answer->delay_ms;
    }
}

/* Late answers end changes in another order than the one in which they were begun. */
static void observe(struct stage *stage, const struct http_server_request *request,
                    struct http_server_answer *answer)
{
    size_t i;

    stage->requests++;
    if (answer->status == 404 && strcmp(request->method, "GET") == 0)
        stage->gone++;
    else if (answer->status >= 400)
        buf_printf(&stage->wrong, "%s %s %s: %s\n", request->method, request->path, request->body,
                   buf_text(&answer->body));
    if (strcmp(request->method, "GET") == 0)
        return;
    stage->writes++;
    if (stage->world->slow)
        answer->delay_ms = (int64_t)random_below(&stage->delays, 4);
    observe_alpha(stage, request, answer);
    for (i = 0; i < COUNT_OF(stage->never_empty); i++)
        if (stage->never_empty[i] != NULL && pool_size(stage->never_empty[i]) == 0)
            buf_printf(&stage->wrong, "%s %s left %s without senders\n", request->method,
                       request->path, stage->never_empty[i]->row.sid);
}

static void handle(void *context, const struct http_server_request *request,
                   struct http_server_answer *answer)
{
    struct stage *stage = context;

    pthread_mutex_lock(&stage->lock);
    sandbox_server_handle(stage->sandboxes[stage->world->alpha_in_destinations], request, answer);
    observe(stage, request, answer);
    pthread_mutex_unlock(&stage->lock);
}

static void *serve(void *context)
{
    struct stage *stage = context;
    while (!atomic_load(&stage->stop))
        if (http_server_turn(stage->server, 1000) != 0)
            abort();
    return NULL;
}

static void start_server(struct stage *stage, struct diag *diag)
{
    const struct http_server_config http = {.handler = handle, .context = stage};
    int i;

    for (i = 0; i < 2; i++) {
        struct sandbox_config config = {
            .store = &stage->store,
            .clock = &clock_system,
            .alpha_in_destinations = i == 1,
        };
        random_seed(&config.random, 1);
        stage->sandboxes[i] = sandbox_server_new(&config);
    }
    stage->server = http_server_new(&http, diag);
    if (stage->server == NULL)
        abort();
    snprintf(stage->origin, sizeof(stage->origin), "http://127.0.0.1:%u",
             (unsigned)http_server_port(stage->server));
    if (pthread_create(&stage->thread, NULL, serve, stage) != 0)
        abort();
}

void stage_start(struct stage *stage)
{
    /* Nothing of a world is tried twice: every request has to be right the first time. */
    static const struct retry_policy once = {.max_attempts = 1};
    static const struct redactions none;
    struct diag diag;

    memset(stage, 0, sizeof(*stage));
    pthread_mutex_init(&stage->lock, NULL);
    buf_init(&stage->wrong, 64 * 1024);
    diag_init(&diag);
    start_server(stage, &diag);
    stage->client = twilio_client_new(
        &(struct twilio_client_config){
            .credentials = {WORLD_ACCOUNT_SID, WORLD_ACCOUNT_SID, WORLD_TOKEN},
            .hosts = {.messaging = stage->origin, .api = stage->origin},
            .http = {.retry = &once},
            .redactions = &none,
        },
        &diag);
    if (stage->client == NULL)
        abort();
    diag_release(&diag);
}

void stage_stop(struct stage *stage)
{
    twilio_client_free(stage->client);
    atomic_store(&stage->stop, true);
    http_server_wake(stage->server);
    pthread_join(stage->thread, NULL);
    http_server_free(stage->server);
    sandbox_server_free(stage->sandboxes[0]);
    sandbox_server_free(stage->sandboxes[1]);
    sandbox_store_release(&stage->store);
    buf_release(&stage->wrong);
    pthread_mutex_destroy(&stage->lock);
}

void stage_set(struct stage *stage, const struct world *world)
{
    int i;

    pthread_mutex_lock(&stage->lock);
    sandbox_store_release(&stage->store);
    world_account(world, &stage->store);
    stage->world = world;
    random_seed(&stage->delays, world->seed);
    memset(stage->never_empty, 0, sizeof(stage->never_empty));
    for (i = 0; i < world->live_count; i++)
        if (world_is_never_empty(world, i))
            stage->never_empty[i] = sandbox_service_find(&stage->store, world->live[i].sid);
    memset(stage->busy_until, 0, sizeof(stage->busy_until));
    stage->requests = stage->writes = stage->gone = 0;
    buf_clear(&stage->wrong);
    pthread_mutex_unlock(&stage->lock);
}

size_t stage_writes(struct stage *stage)
{
    size_t writes;
    pthread_mutex_lock(&stage->lock);
    writes = stage->writes;
    pthread_mutex_unlock(&stage->lock);
    return writes;
}
