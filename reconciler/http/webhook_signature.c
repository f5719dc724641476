#include "http/webhook_signature.h"

#include "base/buf.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/str.h"
#include "http/webhook_url.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)WEBHOOK_SIGNATURE_SIZE == (int)DIGEST_SHA1_BASE64_SIZE,
               "a signature is a SHA-1 digest in Base64");

static int compare_parameters(const void *a, const void *b)
{
    const struct webhook_parameter *first = a, *second = b;
    int names = strcmp(first->name, second->name);
    return names != 0 ? names : strcmp(first->value, second->value);
}

/* What of the parameters is signed. */
static void add_parameters(struct buf *out, const struct webhook_parameter *parameters,
                           size_t count)
{
    struct webhook_parameter *sorted;
    size_t i;

    if (count == 0)
        return;
    sorted = memory_resize(NULL, count, sizeof(*sorted));
    memcpy(sorted, parameters, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), compare_parameters);
    for (i = 0; i < count; i++) {
        if (i > 0 && compare_parameters(&sorted[i - 1], &sorted[i]) == 0)
            continue;
        buf_add_text(out, sorted[i].name);
        buf_add_text(out, sorted[i].value);
    }
    free(sorted);
}

void webhook_signature_make(const char *token, const char *url,
                            const struct webhook_parameter *parameters, size_t count,
                            char out[WEBHOOK_SIGNATURE_SIZE])
{
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_add(&text, url, strcspn(url, "#"));
    add_parameters(&text, parameters, count);
    digest_hmac_sha1(token, strlen(token), buf_text(&text), text.size, out);
    buf_release(&text);
}

/* Parameters of the type ("; charset=utf-8") don't count. */
static bool is_type(const char *content_type, const char *type)
{
    size_t size = strcspn(content_type, "; \t");
    char given[64] = "";

    if (size >= sizeof(given))
        return false;
    memcpy(given, content_type, size);
    return str_equal_nocase(given, type);
}

bool webhook_is_form(const char *content_type)
{
    return str_is_empty(content_type) || is_type(content_type, "application/x-www-form-urlencoded");
}

bool webhook_is_json(const char *content_type)
{
    return !str_is_empty(content_type) && is_type(content_type, "application/json");
}

/* Whether any way of writing the URL, followed by `tail`, has that signature. */
static bool matches(const char *token, const struct webhook_urls *urls, const struct buf *tail,
                    const char *signature)
{
    char made[WEBHOOK_SIGNATURE_SIZE];
    bool found = false;
    struct buf text;
    size_t i;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    for (i = 0; i < urls->count && !found; i++) {
        buf_clear(&text);
        buf_add_text(&text, urls->texts[i]);
        buf_add(&text, buf_text(tail), tail->size);
        digest_hmac_sha1(token, strlen(token), buf_text(&text), text.size, made);
        found = digest_equal(made, signature);
    }
    buf_release(&text);
    return found;
}

/* Whether it looks like 20 bytes in Base64. */
static bool is_signature(const char *text)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789+/";
    return strspn(text, base64) == WEBHOOK_SIGNATURE_SIZE - 2 &&
           strcmp(text + WEBHOOK_SIGNATURE_SIZE - 2, "=") == 0;
}

static bool body_has_digest(const struct webhook_request *request, const struct form *query)
{
    const char *wanted = form_get(query, "bodySHA256");
    char hex[DIGEST_HEX_SIZE];

    if (wanted == NULL)
        return false;
    digest_sha256(request->body, request->body_size, hex);
    return digest_equal(hex, wanted);
}

static const char *find_query(const char *url, size_t *size)
{
    const char *query = url + strcspn(url, "?#");

    if (*query == '?')
        query++;
    *size = strcspn(query, "#");
    return query;
}

static int read_content(const struct webhook_request *request, struct arena *arena,
                        struct webhook_content *content, const char **why)
{
    const char *what = NULL, *query;
    size_t size;

    memset(content, 0, sizeof(*content));
    query = find_query(request->url, &size);
    if (form_parse(&content->query, arena, query, size, &what) != 0) {
        *why = arena_printf(arena, "the query of the URL has %s", what);
        return -1;
    }
    if (strcmp(request->method, "GET") == 0 || !webhook_is_form(request->content_type))
        return 0;
    if (form_parse(&content->form, arena, request->body, request->body_size, &what) != 0) {
        *why = arena_printf(arena, "the form has %s", what);
        return -1;
    }
    return 0;
}

/* The form's parameters, as they are signed. */
static void add_form(struct buf *out, const struct form *form)
{
    struct webhook_parameter *parameters;
    size_t i;

    if (form->count == 0)
        return;
    parameters = memory_resize(NULL, form->count, sizeof(*parameters));
    for (i = 0; i < form->count; i++)
        parameters[i] = (struct webhook_parameter){form->pairs[i].name, form->pairs[i].value};
    add_parameters(out, parameters, form->count);
    free(parameters);
}

/* NULL when the signature is right. */
static const char *check_signature(const char *token, const struct webhook_request *request,
                                   const struct webhook_content *content, struct arena *arena)
{
    bool get = strcmp(request->method, "GET") == 0;
    bool form = !get && webhook_is_form(request->content_type);
    bool same = false;
    struct webhook_urls urls;
    struct buf tail;

    webhook_url_variants(&urls, request->url, &content->query, arena);
    buf_init(&tail, BUF_LIMIT_DEFAULT);
    if (form)
        add_form(&tail, &content->form);
    if (form || get)
        same = matches(token, &urls, &tail, request->signature);
    buf_release(&tail);
    if (same)
        return NULL;
    if (get || (form && form_get(&content->query, "bodySHA256") == NULL))
        return "the signature does not match";
    if (form_get(&content->query, "bodySHA256") == NULL)
        return "the body is not signed: the URL has no bodySHA256";
    if (!matches(token, &urls, &tail, request->signature))
        return "the signature does not match";
    return body_has_digest(request, &content->query) ? NULL : "the body is not that of bodySHA256";
}

enum webhook_verdict webhook_signature_check(const char *token,
                                             const struct webhook_request *request,
                                             struct arena *arena, struct webhook_content *content,
                                             const char **why)
{
    *why = NULL;
    if (read_content(request, arena, content, why) != 0)
        return WEBHOOK_MALFORMED;
    if (request->signature == NULL || request->signature_count == 0)
        *why = "there is no X-Twilio-Signature";
    else if (request->signature_count > 1)
        *why = "there is more than one X-Twilio-Signature";
    else if (!is_signature(request->signature))
        *why = "X-Twilio-Signature is not 28 characters of Base64";
    if (*why != NULL)
        return WEBHOOK_UNSIGNED;
    *why = check_signature(token, request, content, arena);
    return *why == NULL ? WEBHOOK_GENUINE : WEBHOOK_FORGED;
}
