/*
 * Requests that are to fail, for tests. To be included after cmocka.h.
 */
#ifndef ROSTER_TESTS_ENGINE_FAULTS_H
#define ROSTER_TESTS_ENGINE_FAULTS_H

#include "engine_result.h"

#define SECRET_PATH "/path?token=secret"

/* Attempts for what deserves a second one, nearly without a wait. */
static const struct retry_policy twice = {
    .max_attempts = 2, .base_delay_ms = 1, .max_delay_ms = 1, .max_elapsed_ms = 60000};

/* Runs one request, with a password, to the port. */
static inline void run_one(struct http_engine *engine, enum http_method method, const char *scheme,
                           unsigned port, struct result *result)
{
    char url[128];
    struct http_request request = {
        .method = method, .url = url, .user = "AC1", .password = "secret", .form = "A=secret"};

    snprintf(url, sizeof(url), "%s://127.0.0.1:%u" SECRET_PATH, scheme, port);
    memset(result, 0, sizeof(*result));
    http_engine_submit(engine, &request, result_keep, result);
    http_engine_run(engine);
    assert_int_equal(result->calls, 1);
    assert_null(strstr(result->error, "secret"));
    assert_null(strstr(result->error, "AC1"));
}

static inline void assert_fault(const struct result *result, enum http_fault fault,
                                unsigned attempts, const char *error)
{
    if (result->response.fault != fault || result->response.attempts != attempts)
        fail_msg("fault %d after %u attempts: %s", (int)result->response.fault,
                 result->response.attempts, result->error);
    assert_int_equal(result->response.status, 0);
    assert_string_equal(result->body, "");
    if (strstr(result->error, error) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", error, result->error);
}

#endif
