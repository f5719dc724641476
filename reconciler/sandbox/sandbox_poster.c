#include "sandbox/sandbox_poster.h"

#include "base/memory.h"
#include "http/http_url.h"
#include "sandbox/sandbox_log.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_MS = 5000,
    TOTAL_MS = 15000,
    ATTEMPTS = 2,
    BODY_MAX = 1024 * 1024,
    UNAUTHORISED = 401
};

static const struct http_response kept_in = {
    .fault = HTTP_FAULT_OVER,
    .error = "not sent: the sandbox only calls this machine (--call-out)"};

struct item {
    struct sandbox_webhook *webhook;
    struct item *next;
};

/* The webhooks of one message, the first of which is under way. */
struct chain {
    struct sandbox_poster *poster;
    char sid[SANDBOX_SID_SIZE];
    struct item *first, *last;
    unsigned attempts; /* of the first */
    bool asked;        /* its receiver wants user and password */
};

struct sandbox_poster {
    struct http_engine *engine;
    const struct clock *clock;
    bool calls_out;
    FILE *log;
    bool log_failed;
    void *chains; /* tsearch() tree, by SID */
    size_t pending;
};

/* All is decided here, where it is known what has failed. */
static const struct retry_policy never_again = {.max_attempts = 1};

struct sandbox_poster *sandbox_poster_new(const struct clock *clock, bool calls_out, FILE *log,
                                          struct diag *diag)
{
    const struct http_engine_config config = {
        .connect_timeout_ms = CONNECT_MS,
        .total_timeout_ms = TOTAL_MS,
        .max_body = BODY_MAX,
        .retry = &never_again,
        .user_agent = "TwilioProxy/1.1",
        .clock = clock,
    };
    struct http_engine *engine = http_engine_new(&config, diag);
    struct sandbox_poster *poster;

    if (engine == NULL)
        return NULL;
    poster = memory_zeroed(sizeof(*poster));
    poster->engine = engine;
    poster->clock = clock;
    poster->calls_out = calls_out;
    poster->log = log;
    return poster;
}

static int compare_chains(const void *a, const void *b)
{
    return strcmp(((const struct chain *)a)->sid, ((const struct chain *)b)->sid);
}

static struct sandbox_webhook *take_first(struct chain *chain)
{
    struct item *item = chain->first;
    struct sandbox_webhook *webhook = item->webhook;

    chain->first = item->next;
    chain->attempts = 0;
    chain->asked = false;
    chain->poster->pending--;
    free(item);
    return webhook;
}

static void free_chain(struct sandbox_poster *poster, struct chain *chain)
{
    tdelete(chain, &poster->chains, compare_chains);
    while (chain->first != NULL)
        sandbox_webhook_free(take_first(chain));
    free(chain);
}

void sandbox_poster_free(struct sandbox_poster *poster)
{
    if (poster == NULL)
        return;
    http_engine_free(poster->engine);
    while (poster->chains != NULL)
        free_chain(poster, *(struct chain **)poster->chains);
    free(poster);
}

static void log_webhook(struct sandbox_poster *poster, const struct sandbox_webhook *webhook,
                        const struct http_response *response)
{
    const struct sandbox_log_webhook entry = {
        .time_ms = clock_wall(poster->clock),
        .event = webhook->event,
        .sid = webhook->sid,
        .method = http_method_name(webhook->method),
        .url = webhook->url,
        .fault = webhook->fault,
        .status = response == NULL ? 0 : response->status,
        .error = response == NULL || response->fault == HTTP_FAULT_NONE ? NULL : response->error,
    };
    if (poster->log != NULL && sandbox_log_write_webhook(poster->log, &entry) != 0)
        poster->log_failed = true;
}

static void start(struct chain *chain);

static void on_answer(void *context, const struct http_response *response)
{
    struct chain *chain = context;
    struct sandbox_poster *poster = chain->poster;
    struct sandbox_webhook *webhook;

    webhook = chain->first->webhook;
    if (response->fault == HTTP_FAULT_CONNECT && chain->attempts < ATTEMPTS) {
        start(chain);
        return;
    }
    if (response->status == UNAUTHORISED && webhook->user != NULL && !chain->asked) {
        chain->asked = true;
        start(chain);
        return;
    }
    webhook = take_first(chain);
    log_webhook(poster, webhook, response);
    sandbox_webhook_free(webhook);
    if (chain->first == NULL)
        free_chain(poster, chain);
    else
        start(chain);
}

static void start(struct chain *chain)
{
    const struct sandbox_webhook *webhook = chain->first->webhook;
    const struct http_request request = {
        .method = webhook->method,
        .url = webhook->url,
        .form = webhook->form,
        .user = chain->asked ? webhook->user : NULL,
        .password = chain->asked ? webhook->password : NULL,
        .accept = "*/*",
        .extra = {{"X-Twilio-Signature", webhook->signature},
                  {"I-Twilio-Idempotency-Token", webhook->token}},
    };

    chain->attempts++;
    http_engine_submit(chain->poster->engine, &request, on_answer, chain);
}

static struct chain *find_chain(struct sandbox_poster *poster, const char *sid)
{
    struct chain key, **found;

    snprintf(key.sid, sizeof(key.sid), "%s", sid);
    found = tfind(&key, &poster->chains, compare_chains);
    return found == NULL ? NULL : *found;
}

static struct chain *new_chain(struct sandbox_poster *poster, const char *sid)
{
    struct chain *chain = memory_zeroed(sizeof(*chain));

    chain->poster = poster;
    snprintf(chain->sid, sizeof(chain->sid), "%s", sid);
    if (tsearch(chain, &poster->chains, compare_chains) == NULL)
        memory_exhausted();
    return chain;
}

void sandbox_poster_post(void *context, struct sandbox_webhook *webhook)
{
    struct sandbox_poster *poster = context;
    struct chain *chain;
    struct item *item;

    if (webhook->lost) {
        log_webhook(poster, webhook, NULL);
        return;
    }
    if (!poster->calls_out && !http_url_is_loopback(webhook->url)) {
        log_webhook(poster, webhook, &kept_in);
        return;
    }
    item = memory_zeroed(sizeof(*item));
    item->webhook = sandbox_webhook_keep(webhook);
    poster->pending++;
    chain = find_chain(poster, webhook->sid);
    if (chain != NULL) {
        chain->last->next = item;
        chain->last = item;
        return;
    }
    chain = new_chain(poster, webhook->sid);
    chain->first = chain->last = item;
    start(chain);
}

size_t sandbox_poster_pending(void *context)
{
    return ((const struct sandbox_poster *)context)->pending;
}

struct http_engine *sandbox_poster_engine(const struct sandbox_poster *poster)
{
    return poster->engine;
}

bool sandbox_poster_log_failed(const struct sandbox_poster *poster)
{
    return poster->log_failed;
}
