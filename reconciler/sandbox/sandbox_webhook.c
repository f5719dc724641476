#include "sandbox/sandbox_webhook.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/form.h"
#include "base/memory.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sandbox_webhook_add(struct sandbox_webhook_draft *draft, const char *name, const char *value)
{
    assert(draft->count < SANDBOX_WEBHOOK_PARAMETERS);
    draft->parameters[draft->count++] = (struct webhook_parameter){name, value};
}

static void make_token(struct random_state *random, char out[SANDBOX_IDEMPOTENCY_SIZE])
{
    char hex[33];

    random_hex(random, hex, 32);
    snprintf(out, SANDBOX_IDEMPOTENCY_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
             hex + 16, hex + 20);
}

/* The size of what stands between "://" and "@"; 0 when there is nothing. */
static size_t user_size(const char *authority)
{
    const char *at = memchr(authority, '@', strcspn(authority, "/?#"));
    return at == NULL ? 0 : (size_t)(at - authority);
}

/* A part of a URL decoded; there, unlike in forms, a plus is a plus. */
static char *decode(const char *text, size_t size)
{
    struct arena arena = {0};
    struct buf escaped;
    const char *decoded;
    char *copy;
    size_t i;

    buf_init(&escaped, BUF_LIMIT_DEFAULT);
    for (i = 0; i < size; i++)
        buf_printf(&escaped, text[i] == '+' ? "%%2B" : "%c", text[i]);
    decoded = form_decode(&arena, buf_text(&escaped), escaped.size, true, NULL);
    copy = memory_strdup(decoded == NULL ? "" : decoded);
    arena_release(&arena);
    buf_release(&escaped);
    return copy;
}

static void take_user(struct sandbox_webhook *webhook, const char *text, size_t size)
{
    const char *colon = memchr(text, ':', size);
    size_t name = colon == NULL ? size : (size_t)(colon - text);

    webhook->user = decode(text, name);
    webhook->password = colon == NULL ? memory_strdup("") : decode(colon + 1, size - name - 1);
}

/* The URL without its fragment, user and password and, for GET, with the parameters. */
static void take_url(struct sandbox_webhook *webhook, const struct sandbox_webhook_draft *draft,
                     const char *form)
{
    const char *mark = strstr(draft->url, "://"),
               *authority = mark == NULL ? draft->url : mark + strlen("://");
    size_t size = strcspn(draft->url, "#"), user = user_size(authority);
    struct buf url;

    buf_init(&url, BUF_LIMIT_DEFAULT);
    buf_add(&url, draft->url, (size_t)(authority - draft->url));
    if (user > 0) {
        take_user(webhook, authority, user);
        authority += user + 1;
    }
    buf_add(&url, authority, size - (size_t)(authority - draft->url));
    if (draft->method == HTTP_GET)
        buf_printf(&url, "%c%s", memchr(draft->url, '?', size) == NULL ? '?' : '&', form);
    webhook->url = memory_strdup(buf_text(&url));
    buf_release(&url);
}

static void sign(const struct sandbox_webhook_draft *draft, const char *auth_token,
                 struct sandbox_webhook *webhook)
{
    char wrong[64];

    if (draft->bad_signature) {
        snprintf(wrong, sizeof(wrong), "not-%.32s", auth_token);
        auth_token = wrong;
    }
    if (draft->method == HTTP_GET)
        webhook_signature_make(auth_token, webhook->url, NULL, 0, webhook->signature);
    else
        webhook_signature_make(auth_token, webhook->url, draft->parameters, draft->count,
                               webhook->signature);
}

struct sandbox_webhook *sandbox_webhook_new(const struct sandbox_webhook_draft *draft,
                                            const char *auth_token, struct random_state *random)
{
    struct sandbox_webhook *webhook = memory_zeroed(sizeof(*webhook));
    struct buf form;
    size_t i;

    buf_init(&form, BUF_LIMIT_DEFAULT);
    for (i = 0; i < draft->count; i++)
        form_add(&form, draft->parameters[i].name, draft->parameters[i].value);
    webhook->owners = 1;
    webhook->method = draft->method;
    take_url(webhook, draft, buf_text(&form));
    webhook->form = memory_strdup(draft->method == HTTP_GET ? "" : buf_text(&form));
    webhook->event = memory_strdup(draft->event);
    snprintf(webhook->sid, sizeof(webhook->sid), "%s", draft->sid);
    make_token(random, webhook->token);
    sign(draft, auth_token, webhook);
    buf_release(&form);
    return webhook;
}

struct sandbox_webhook *sandbox_webhook_keep(struct sandbox_webhook *webhook)
{
    webhook->owners++;
    return webhook;
}

void sandbox_webhook_free(struct sandbox_webhook *webhook)
{
    if (webhook == NULL || --webhook->owners > 0)
        return;
    free(webhook->url);
    free(webhook->user);
    memory_wipe(webhook->password);
    free(webhook->form);
    free(webhook->event);
    free(webhook);
}
