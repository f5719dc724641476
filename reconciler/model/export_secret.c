/*
 * Secrets in URLs.
 */
#include "model/export_parts.h"

#include "base/str.h"

#include <string.h>

static struct export_secret *secret_of(struct export *export, const char *value, size_t size)
{
    struct export_secret *secret;
    size_t i;

    for (i = 0; i < export->secret_count; i++)
        if (strlen(export->secrets[i].value) == size &&
            memcmp(export->secrets[i].value, value, size) == 0)
            return &export->secrets[i];
    export->secrets = arena_grow(&export->arena, export->secrets, export->secret_count,
                                 &export->secret_capacity, sizeof(*export->secrets));
    secret = &export->secrets[export->secret_count++];
    secret->variable = arena_printf(&export->arena, EXPORT_SECRET_FORMAT,
                                    export->options.secret_count + export->secret_count);
    secret->value = arena_strndup(&export->arena, value, size);
    secret->where = NULL;
    secret->uses = 0;
    return secret;
}

/* Whether a parameter of a query is called like something that is kept secret. */
static bool is_secret_name(const char *name, size_t size)
{
    static const char *const parts[] = {"token",   "secret", "passw",     "apikey",    "api_key",
                                        "api-key", "auth",   "signature", "access_key"};
    static const char *const whole[] = {"key", "code", "pwd", "sig", "pass"};
    char lower[64];
    size_t i;

    if (size == 0 || size >= sizeof(lower))
        return false;
    for (i = 0; i < size; i++)
        lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    lower[size] = '\0';
    for (i = 0; i < COUNT_OF(parts); i++)
        if (strstr(lower, parts[i]) != NULL)
            return true;
    for (i = 0; i < COUNT_OF(whole); i++)
        if (strcmp(lower, whole[i]) == 0)
            return true;
    return false;
}

/* The name of the first such parameter, with its size; NULL when there is none. */
static const char *secret_parameter(const char *url, size_t *size)
{
    const char *at = strchr(url, '?');

    while (at != NULL && *at != '\0' && *at != '#') {
        at++;
        *size = strcspn(at, "=&#");
        if (at[*size] == '=' && is_secret_name(at, *size))
            return at;
        at += strcspn(at, "&#");
    }
    return NULL;
}

static void warn_of_url(const struct export_service *service, const struct field *field,
                        const char *url, bool hidden, struct diag *diag)
{
    const char *authority = strstr(url, "://"), *parameter;
    size_t size;

    parameter = secret_parameter(url, &size);
    if (parameter != NULL) {
        diag_warning(diag, NULL, "%s (%s): %s is written with its parameter \"%.*s\"",
                     service->name, service->live->service.sid, field->yaml_key, (int)size,
                     parameter);
        diag_help(diag, "if that is a secret, put ${NAME} in its place before the file is shared");
    }
    if (hidden || authority == NULL)
        return;
    size = strcspn(authority + 3, "/?#");
    if (memchr(authority + 3, '@', size) == NULL)
        return;
    diag_warning(diag, NULL, "%s (%s): %s is written with its user name", service->name,
                 service->live->service.sid, field->yaml_key);
    diag_help(diag, "if that is a secret, put ${NAME} in its place before the file is shared");
}

void export_hide_secret(struct export *export, const struct export_service *service,
                        const struct field *field, const struct service *live,
                        struct export_value *value, struct diag *diag)
{
    const char *secret, *text;
    struct export_secret *hidden;
    struct buf whole, shown;
    size_t size = 0;

    if (value->kind != DOC_STRING)
        return;
    buf_init(&whole, DOC_MAX_SIZE);
    buf_init(&shown, DOC_MAX_SIZE);
    field->type->encode(field, field_member_const(field, live), &whole);
    text = buf_text(&whole);
    secret = field->type->secret(field, text, &size);
    if (field->type == &field_url)
        warn_of_url(service, field, text, secret != NULL, diag);
    if (secret != NULL) {
        hidden = secret_of(export, secret, size);
        if (hidden->where == NULL)
            hidden->where = arena_printf(&export->arena, "the password in %s of \"%s\"",
                                         field->yaml_key, service->name);
        field_add_literal(&shown, text, (size_t)(secret - text));
        buf_printf(&shown, "${%s}", hidden->variable);
        field_add_literal(&shown, secret + size, strlen(secret + size));
        value->text = arena_strdup(&export->arena, buf_text(&shown));
        value->variable = hidden->variable;
        hidden->uses++;
    }
    buf_release(&whole);
    buf_release(&shown);
}
