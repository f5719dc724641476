#include "cli/watch_http.h"

#include "cli/watch_metrics.h"
#include "cli/watch_page.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/str.h"
#include "http/repository_hook.h"

#include <string.h>
#include <strings.h>

enum { CREDENTIALS_MAX = 4096 };

#define TEXT_TYPE "text/plain; charset=utf-8"

static void answer_text(struct http_server_answer *answer, int status, const char *text)
{
    answer->status = status;
    answer->content_type = TEXT_TYPE;
    buf_clear(&answer->body);
    buf_printf(&answer->body, "%s\n", text);
}

static void answer_health(struct watch_http *http, struct http_server_answer *answer)
{
    (void)http;
    answer_text(answer, 200, "ok");
}

static void answer_ready(struct watch_http *http, struct http_server_answer *answer)
{
    const char *why;

    if (watch_status_ready(http->status, clock_wall(http->clock), &why))
        answer_text(answer, 200, "ok");
    else
        answer_text(answer, 503, why);
}

static void answer_metrics(struct watch_http *http, struct http_server_answer *answer)
{
    answer->content_type = WATCH_METRICS_TYPE;
    watch_metrics_add(http->status, &answer->body);
}

static void answer_status(struct watch_http *http, struct http_server_answer *answer)
{
    answer->content_type = "application/json";
    watch_status_add_json(http->status, &answer->body);
}

static void answer_plan(struct watch_http *http, struct http_server_answer *answer)
{
    const struct watch_report *planned = &http->status->planned;

    if (planned->plan == NULL) {
        answer_text(answer, 404, "there is no plan yet");
        return;
    }
    answer->content_type = "application/json";
    buf_add(&answer->body, planned->plan, planned->plan_size);
}

static void answer_page(struct watch_http *http, struct http_server_answer *answer)
{
    char policy[WATCH_PAGE_POLICY_SIZE];

    answer->content_type = "text/html; charset=utf-8";
    watch_page_policy(policy);
    http_server_answer_header(answer, "Content-Security-Policy", policy);
    watch_page_add(http->status, clock_wall(http->clock), &answer->body);
}

static const struct {
    const char *path;
    void (*answer)(struct watch_http *http, struct http_server_answer *answer);
    bool open; /* nobody is asked for the password */
} pages[] = {
    {"/", answer_page, false},          {"/status.json", answer_status, false},
    {"/plan.json", answer_plan, false}, {"/metrics", answer_metrics, false},
    {"/readyz", answer_ready, false},   {"/healthz", answer_health, true},
};

/* "user:password" as the header has it. Both halves are always compared. */
static bool is_known(const struct watch_http *http, const char *authorization)
{
    static const char scheme[] = "Basic ";
    bool user = false, password = false;
    struct buf pair;
    char *colon;

    if (authorization == NULL || strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0 ||
        strlen(authorization) > CREDENTIALS_MAX)
        return false;
    authorization += sizeof(scheme) - 1;
    buf_init(&pair, CREDENTIALS_MAX);
    if (base64_decode(&pair, authorization, strlen(authorization)) == 0 && pair.size > 0) {
        colon = strchr(pair.data, ':');
        if (colon != NULL && strlen(pair.data) == pair.size) {
            *colon = '\0';
            user = digest_secret_equal(pair.data, http->user);
            password = digest_secret_equal(colon + 1, http->password);
        }
    }
    buf_release(&pair);
    return user && password;
}

/* "localhost:8080", "127.0.0.1", "[::1]:8080". */
static bool is_this_machine(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    size_t i;

    for (i = 0; host != NULL && i < COUNT_OF(names); i++) {
        const size_t size = strlen(names[i]);
        if (strncasecmp(host, names[i], size) == 0 && (host[size] == '\0' || host[size] == ':'))
            return true;
    }
    return host != NULL && str_starts_with(host, "127.") &&
           host[strspn(host, "0123456789.:")] == '\0';
}

static void take_hook(struct watch_http *http, const struct http_server_request *request,
                      struct http_server_answer *answer)
{
    const struct repository_hook hook = {
        .github_signature = http_server_header(request, "X-Hub-Signature-256"),
        .github_event = http_server_header(request, "X-GitHub-Event"),
        .gitlab_token = http_server_header(request, "X-Gitlab-Token"),
        .body = request->body,
        .body_size = request->body_size,
    };

    if (strcmp(request->method, "POST") != 0) {
        answer_text(answer, 405, "webhooks are sent by POST");
        http_server_answer_header(answer, "Allow", "POST");
        return;
    }
    switch (repository_hook_check(http->hook_secret, &hook)) {
    case REPOSITORY_HOOK_GENUINE:
        http->status->hooks++;
        http->hooked = true;
        answer_text(answer, 202, "a run follows");
        break;
    case REPOSITORY_HOOK_PING:
        http->status->pings++;
        answer_text(answer, 200, "pong");
        break;
    case REPOSITORY_HOOK_UNSIGNED:
        http->status->forged_hooks++;
        answer_text(answer, 401, "no X-Hub-Signature-256 or X-Gitlab-Token, or not of that form");
        break;
    case REPOSITORY_HOOK_FORGED:
        http->status->forged_hooks++;
        answer_text(answer, 403, "signed with another secret, or altered");
        break;
    }
}

static void harden(struct http_server_answer *answer)
{
    http_server_answer_header(answer, "Cache-Control", "no-store");
    http_server_answer_header(answer, "X-Content-Type-Options", "nosniff");
    http_server_answer_header(answer, "X-Frame-Options", "DENY");
    http_server_answer_header(answer, "Referrer-Policy", "no-referrer");
}

static void take_page(struct watch_http *http, const struct http_server_request *request,
                      struct http_server_answer *answer)
{
    size_t i;

    for (i = 0; i < COUNT_OF(pages) && strcmp(pages[i].path, request->path) != 0; i++)
        ;
    if (http->password != NULL && (i == COUNT_OF(pages) || !pages[i].open) &&
        !is_known(http, http_server_header(request, "Authorization"))) {
        answer_text(answer, 401, "user and password, please");
        http_server_answer_header(answer, "WWW-Authenticate",
                                  "Basic realm=\"roster watch\", charset=\"UTF-8\"");
    } else if (http->password == NULL && (i == COUNT_OF(pages) || !pages[i].open) &&
               !is_this_machine(http_server_header(request, "Host"))) {
        answer_text(answer, 421,
                    "without a password, only localhost is answered: set "
                    "ROSTER_WATCH_USER and ROSTER_WATCH_PASSWORD for other names");
    } else if (i == COUNT_OF(pages)) {
        answer_text(answer, 404, "there is nothing here; / is the status page");
    } else if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0) {
        answer_text(answer, 405, "this is only to be read");
        http_server_answer_header(answer, "Allow", "GET, HEAD");
    } else {
        pages[i].answer(http, answer);
    }
}

void watch_http_handle(void *context, const struct http_server_request *request,
                       struct http_server_answer *answer)
{
    struct watch_http *http = context;

    harden(answer);
    if (http->hook_secret != NULL && strcmp(request->path, "/hook") == 0)
        take_hook(http, request, answer);
    else
        take_page(http, request, answer);
}
