/*
 * Keeps what a callback of the engine is given, for tests.
 */
#ifndef ROSTER_TESTS_ENGINE_RESULT_H
#define ROSTER_TESTS_ENGINE_RESULT_H

#include "http/http_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct result {
    unsigned calls;
    struct http_response response; /* its strings are NULL here */
    char body[256];                /* as much as fits */
    char content_type[64], request_id[64], error[512];
};

static inline void result_keep(void *context, const struct http_response *response)
{
    struct result *result = context;

    result->calls++;
    result->response = *response;
    result->response.body = result->response.content_type = NULL;
    result->response.request_id = result->response.error = NULL;
    if (strlen(response->body) != response->body_size)
        abort();
    snprintf(result->body, sizeof(result->body), "%s", response->body);
    snprintf(result->content_type, sizeof(result->content_type), "%s", response->content_type);
    snprintf(result->request_id, sizeof(result->request_id), "%s", response->request_id);
    snprintf(result->error, sizeof(result->error), "%s", response->error);
}

/* An engine with defaults; aborts when there is none. */
static inline struct http_engine *engine_new(const struct http_engine_config *config)
{
    struct diag diag;
    struct http_engine *engine;

    diag_init(&diag);
    engine = http_engine_new(config, &diag);
    diag_release(&diag);
    if (engine == NULL)
        abort();
    return engine;
}

/* What the environment says of proxies must not reach the tests. */
static inline int forget_proxies(void **state)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY",  "no_proxy",    "NO_PROXY",    "HTTP_PROXY"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(names); i++)
        unsetenv(names[i]);
    return 0;
}

#endif
