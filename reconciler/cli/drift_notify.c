#include "cli/drift_notify.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/redact.h"
#include "base/str.h"
#include "cli/drift_payload.h"
#include "cli/state_folder.h"
#include "http/http_engine.h"
#include "http/http_trace.h"
#include "plan/drift.h"
#include "source/source.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Long enough for a service that is restarted, and no reason for cron to pile up. */
static const struct retry_policy patience = {
    .max_attempts = 4, .base_delay_ms = 500, .max_delay_ms = 5000, .max_elapsed_ms = 30 * 1000};

enum { ATTEMPT_MS = 10 * 1000, STATE_MAX = 4096, KEY_SHOWN = 16, ANSWER_MAX = 64 * 1024 };

/* A drift as it is known to whom it was told. */
struct notice {
    struct arena arena;
    const char *path; /* of the state file */
    char key[DIGEST_HEX_SIZE], digest[DIGEST_HEX_SIZE];
};

int drift_notify_check(const struct options *options, struct diag *diag)
{
    const char *why = "";

    if (options->notify == NULL) {
        if (!options->notify_always)
            return 0;
        diag_error(diag, NULL, "--notify-always does nothing without --notify");
        diag_help(diag, "set ROSTER_NOTIFY_URL, or leave it out");
        return -1;
    }
    if (http_url_allowed(options->notify, &why))
        return 0;
    diag_error(diag, NULL, "the URL of --notify can't be used: %s", why);
    diag_help(diag, "give https://…, or http:// with a loopback address");
    return -1;
}

/* The roster, wherever roster is run from. */
static const char *absolute(const char *location, struct arena *arena)
{
    char *found = source_is_remote(location) ? NULL : realpath(location, NULL);
    const char *out = arena_strdup(arena, found == NULL ? location : found);

    free(found);
    return out;
}

/* Both digests are slow: neither the URL nor a value can be guessed from them. */
static int notice_init(struct notice *notice, const struct session *session,
                       const struct options *options, struct diag *diag)
{
    const struct plan *plan = &session->plan;
    const char *folder = state_folder(getenv, &notice->arena, diag);
    struct buf salt;
    size_t i;

    if (folder == NULL || state_folder_make(folder, diag) != 0)
        return -1;
    buf_init(&salt, BUF_LIMIT_DEFAULT);
    buf_printf(&salt, "%s %s", plan->origin.account_sid,
               absolute(plan->origin.location, &notice->arena));
    for (i = 0; i < options->targets.count; i++)
        buf_printf(&salt, " %s", options->targets.items[i]);
    digest_slow(buf_text(&salt), options->notify, strlen(options->notify), notice->key);
    buf_release(&salt);
    if (drift_by_hand(plan) == 0)
        notice->digest[0] = '\0';
    else
        drift_digest(plan, notice->key, notice->digest);
    notice->path = state_file(
        folder, plan->origin.account_sid,
        arena_printf(&notice->arena, "drift-%.*s.json", KEY_SHOWN, notice->key), &notice->arena);
    return 0;
}

/* Whether it is what was told last. Who was never told anything thinks that all is well. */
static bool is_known(const struct notice *notice)
{
    const char *told = "";
    struct diag ignored;
    json_t *state = NULL;
    struct buf text;
    bool known;

    diag_init(&ignored);
    buf_init(&text, STATE_MAX);
    if (access(notice->path, F_OK) == 0 && file_read(notice->path, &text, &ignored) == 0)
        state = json_loadb(buf_text(&text), text.size, 0, NULL);
    if (json_is_string(json_object_get(state, "drift")))
        told = json_string_value(json_object_get(state, "drift"));
    known = strcmp(told, notice->digest) == 0;
    json_decref(state);
    buf_release(&text);
    diag_release(&ignored);
    return known;
}

static int remember(const struct notice *notice, struct diag *diag)
{
    json_t *state = json_pack("{siss}", "version", 1, "drift", notice->digest);
    struct buf text;
    int result;

    buf_init(&text, STATE_MAX);
    json_text_add_document(&text, state);
    result = file_write_atomic(notice->path, buf_text(&text), text.size, 0600, diag);
    buf_release(&text);
    json_decref(state);
    return result;
}

struct delivery {
    const char *url;
    char why[512]; /* "" when it arrived */
};

/* The URL is a secret, and its host in errors of libcurl tells part of it. */
static void add_error(const char *error, const char *url, struct buf *out)
{
    const char *host = strstr(url, "://") + 3;
    struct redactions hidden = {0};
    struct arena scratch = {0};
    const char *shown;

    redactions_add(&hidden, &scratch, url, "the URL");
    redactions_add(&hidden, &scratch, arena_strndup(&scratch, host, strcspn(host, ":/?#")),
                   "its host");
    shown = redact_text(&hidden, &scratch, error);
    str_add_visible(out, shown, strlen(shown));
    arena_release(&scratch);
}

static void keep(void *context, const struct http_response *response)
{
    struct delivery *delivery = context;
    struct buf visible;

    delivery->why[0] = '\0';
    if (response->fault == HTTP_FAULT_NONE && response->status >= 200 && response->status < 300)
        return;
    buf_init(&visible, sizeof(delivery->why) - 1);
    if (response->fault == HTTP_FAULT_OVER)
        buf_add_text(&visible, "there was no time left");
    else if (response->fault != HTTP_FAULT_NONE)
        add_error(response->error, delivery->url, &visible);
    else
        buf_printf(&visible, "the answer was HTTP status %d%s", response->status,
                   response->status >= 300 && response->status < 400
                       ? ", and redirects are not followed"
                       : "");
    memcpy(delivery->why, buf_text(&visible), visible.size + 1);
    buf_release(&visible);
}

static void show_wait(void *context)
{
    logger_wait(context, "Waiting for the answer to the notification");
}

static int post(const struct session *session, const struct options *options, struct diag *diag)
{
    struct http_trace trace = {.logger = options->log, .secret_url = true};
    const struct http_observer observer = http_trace_observer(&trace);
    const struct http_engine_config config = {
        .connect_timeout_ms = options->connect_timeout * 1000,
        .total_timeout_ms = ATTEMPT_MS,
        .max_body = ANSWER_MAX,
        .retry = &patience,
        .ca_file = options->ca_file,
        .user_agent = "roster/" ROSTER_VERSION,
        .observer = &observer,
    };
    struct delivery delivery = {.url = options->notify, .why = "nothing came of it"};
    struct http_engine *engine = http_engine_new(&config, diag);
    struct buf payload;

    if (engine == NULL)
        return -1;
    buf_init(&payload, BUF_LIMIT_DEFAULT);
    drift_payload_write(options->notify_format, &session->plan, &payload);
    http_engine_end_at(engine, session->end_ms);
    http_engine_submit(engine,
                       &(struct http_request){
                           .method = HTTP_POST,
                           .url = options->notify,
                           .json = buf_text(&payload),
                           .accept = "*/*",
                           .repeatable = true,
                       },
                       keep, &delivery);
    logger_wait_begin(options->log);
    if (logger_shows_waits(options->log))
        http_engine_watch(engine, show_wait, options->log);
    http_engine_run(engine);
    logger_wait_end(options->log);
    http_engine_free(engine);
    buf_release(&payload);
    if (delivery.why[0] == '\0') {
        logger_say(options->log, LOG_INFO, "the notification was delivered");
        return 0;
    }
    diag_warning(diag, NULL, "the notification was not delivered: %s", delivery.why);
    diag_help(diag, "the next run tries again; the exit code is that of the comparison");
    return -1;
}

/* What went wrong here is no error of the comparison. */
static void soften(const struct diag *own, struct diag *diag)
{
    size_t i;

    for (i = 0; i < own->count; i++) {
        diag_warning(diag, NULL, "notifying: %s", own->items[i].message);
        if (own->items[i].help != NULL)
            diag_help(diag, "%s", own->items[i].help);
    }
}

void drift_notify(const struct session *session, const struct options *options, struct diag *diag)
{
    struct notice notice = {.path = NULL};
    struct diag own;

    diag_init(&own);
    if (notice_init(&notice, session, options, &own) == 0) {
        if (!options->notify_always && is_known(&notice))
            logger_say(options->log, LOG_INFO, "nobody is notified: they know it already");
        else if (post(session, options, diag) == 0)
            (void)!remember(&notice, &own);
    }
    soften(&own, diag);
    diag_release(&own);
    arena_release(&notice.arena);
}
