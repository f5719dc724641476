/*
 * A sandbox in process, with a clock that is moved by hand, and one call to make a request of it.
 */
#ifndef ROSTER_TESTS_SANDBOX_FIXTURE_H
#define ROSTER_TESTS_SANDBOX_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diag.h"
#include "sandbox/sandbox_server.h"
#include "sandbox/sandbox_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZEROS "0000000000000000000000000000000" /* 31 */
#define ACCOUNT "AC" ZEROS "1"
#define API "/2010-04-01/Accounts/" ACCOUNT
#define ORDERS "MG" ZEROS "1"
#define EMPTY "MG" ZEROS "2"

/* Basic of the account's SID and "token", and of the key's SID and "secret". */
#define BY_TOKEN "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg=="
#define BY_KEY "Basic U0swMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTpzZWNyZXQ="

static const char fixture_state[] =
    "{\"version\": 1,"
    " \"account\": {\"sid\": \"" ACCOUNT "\", \"auth_token\": \"token\","
    "  \"api_keys\": [{\"sid\": \"SK" ZEROS "1\", \"secret\": \"secret\"}]},"
    " \"incoming_phone_numbers\": ["
    "  {\"sid\": \"PN" ZEROS "1\", \"phone_number\": \"+14155550001\"},"
    "  {\"sid\": \"PN" ZEROS "2\", \"phone_number\": \"+14155550002\"},"
    "  {\"sid\": \"PN" ZEROS "3\", \"phone_number\": \"+442071838750\"},"
    "  {\"sid\": \"PN" ZEROS "4\", \"phone_number\": \"+14155550004\","
    "   \"capabilities\": {\"voice\": true}},"
    "  {\"sid\": \"PN" ZEROS "5\", \"phone_number\": \"+14155550005\", \"beta\": true,"
    "   \"origin\": \"hosted\", \"friendly_name\": \"Five\"}],"
    " \"short_codes\": [{\"sid\": \"SC" ZEROS "1\", \"short_code\": \"85555\"},"
    "                   {\"sid\": \"SC" ZEROS "2\", \"short_code\": \"85556\"}],"
    " \"channel_senders\": ["
    "  {\"sid\": \"XE" ZEROS "1\", \"sender\": \"whatsapp:+15005550001\"},"
    "  {\"sid\": \"XE" ZEROS "2\", \"sender\": \"rcs:agent\", \"sender_type\": \"Rcs\"}],"
    " \"services\": ["
    "  {\"sid\": \"" ORDERS "\", \"friendly_name\": \"Orders\", \"alpha_senders\": [\"ACME\"],"
    "   \"phone_numbers\": [\"+14155550001\", \"PN" ZEROS "3\"]},"
    "  {\"sid\": \"" EMPTY "\", \"friendly_name\": \"Empty\"}]}";

enum { FIXTURE_DELAY_MS = 1000 };

/* 2026-01-02T03:04:05Z. */
#define FIXTURE_NOW_MS INT64_C(1767323045000)

struct fixture {
    struct sandbox_store store;
    struct sandbox_server *server;
    struct sandbox_config config;
    struct clock clock;
    int64_t now_ms;
    const char *authorization, *content_type; /* of the next requests; NULL: none */
    json_t *body;                             /* of the last answer; NULL: none */
    struct http_server_answer answer;
};

static inline int64_t fixture_time(void *context)
{
    return ((struct fixture *)context)->now_ms;
}

static inline void fixture_start(struct fixture *fixture, const char *state,
                                 const struct sandbox_config *config)
{
    struct random_state random;
    struct diag diag;

    memset(fixture, 0, sizeof(*fixture));
    diag_init(&diag);
    random_seed(&random, 1);
    assert_int_equal(sandbox_state_parse(&fixture->store, state, strlen(state), "state", &random,
                                         FIXTURE_NOW_MS / 1000, &diag),
                     0);
    diag_release(&diag);
    fixture->now_ms = FIXTURE_NOW_MS;
    fixture->clock = (struct clock){fixture_time, fixture_time, fixture};
    if (config != NULL)
        fixture->config = *config;
    fixture->config.store = &fixture->store;
    fixture->config.clock = &fixture->clock;
    fixture->config.random = random;
    fixture->config.message_delay_ms = FIXTURE_DELAY_MS;
    fixture->server = sandbox_server_new(&fixture->config);
    fixture->authorization = BY_TOKEN;
    fixture->content_type = "application/x-www-form-urlencoded";
    buf_init(&fixture->answer.body, BUF_LIMIT_DEFAULT);
}

static inline void fixture_stop(struct fixture *fixture)
{
    json_decref(fixture->body);
    buf_release(&fixture->answer.body);
    sandbox_server_free(fixture->server);
    sandbox_store_release(&fixture->store);
}

static inline void fixture_reset_answer(struct fixture *fixture)
{
    buf_release(&fixture->answer.body);
    memset(&fixture->answer, 0, sizeof(fixture->answer));
    fixture->answer.status = 200;
    buf_init(&fixture->answer.body, BUF_LIMIT_DEFAULT);
    json_decref(fixture->body);
    fixture->body = NULL;
}

/*
 * Makes a request, "GET /path?query", with that form (NULL: none) and returns the answer's status.
 */
static inline int fixture_call(struct fixture *fixture, const char *form, const char *format, ...)
    PRINTF_LIKE(3, 4);

static inline int fixture_call(struct fixture *fixture, const char *form, const char *format, ...)
{
    struct sandbox_input input = {.body = form == NULL ? "" : form, .host = "sandbox:1"};
    char line[4096], *path, *query;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    path = strchr(line, ' ');
    assert_non_null(path);
    *path++ = '\0';
    query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    input.method = line;
    input.path = path;
    input.query = query == NULL ? "" : query;
    input.body_size = strlen(input.body);
    input.authorization = fixture->authorization;
    input.content_type = fixture->content_type;
    input.user_agent = "test/1";
    fixture_reset_answer(fixture);
    sandbox_server_answer(fixture->server, &input, &fixture->answer);
    if (fixture->answer.body.size != 0) {
        fixture->body = json_loadb(fixture->answer.body.data, fixture->answer.body.size, 0, NULL);
        assert_non_null(fixture->body);
    }
    return fixture->answer.status;
}

/* A member of the last answer, "a.b.0" for one that lies deeper; NULL when it is not there. */
static inline json_t *fixture_at(const struct fixture *fixture, const char *path)
{
    json_t *value = fixture->body;
    char part[64];

    while (value != NULL && *path != '\0') {
        size_t size = strcspn(path, ".");
        assert_true(size < sizeof(part));
        memcpy(part, path, size);
        part[size] = '\0';
        value = json_is_array(value) ? json_array_get(value, strtoul(part, NULL, 10))
                                     : json_object_get(value, part);
        path += size + (path[size] == '.');
    }
    return value;
}

/* The same as text: strings as they are, the rest as JSON. "(none)" when it is not there. */
static inline const char *fixture_text(const struct fixture *fixture, const char *path,
                                       char out[1024])
{
    json_t *value = fixture_at(fixture, path);
    char *dump;

    if (value == NULL) {
        snprintf(out, 1024, "(none)");
    } else if (json_is_string(value)) {
        snprintf(out, 1024, "%s", json_string_value(value));
    } else {
        dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        snprintf(out, 1024, "%s", dump);
        free(dump);
    }
    return out;
}

static inline void fixture_expect(const struct fixture *fixture, const char *path,
                                  const char *wanted)
{
    char text[1024];
    assert_string_equal(fixture_text(fixture, path, text), wanted);
}

/* The members that the object has, in alphabetical order, joined with blanks. */
static inline void fixture_expect_members(const json_t *object, const char *wanted)
{
    char *dump, *in, *out;
    json_t *names = json_object();
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        json_object_set_new(names, key, json_true());
    }
    dump = json_dumps(names, JSON_SORT_KEYS | JSON_COMPACT);
    /* {"a":true,"b":true} becomes "a b". */
    for (in = out = dump; *in != '\0'; in++) {
        if (strncmp(in, "\":true", 6) == 0) {
            *out++ = ' ';
            in += 6;
        } else if (*in != '{' && *in != '"' && *in != ',') {
            *out++ = *in;
        }
    }
    out[-1] = '\0';
    assert_string_equal(dump, wanted);
    free(dump);
    json_decref(names);
}

static inline const char *fixture_header(const struct fixture *fixture, const char *name)
{
    size_t i;
    for (i = 0; i < fixture->answer.header_count; i++)
        if (strcmp(fixture->answer.headers[i].name, name) == 0)
            return fixture->answer.headers[i].value;
    return NULL;
}

#endif
