#include "sandbox/sandbox_log.h"

#include "base/buf.h"
#include "sandbox/sandbox_time.h"

#include <string.h>

static json_t *pairs_of(const struct sandbox_form *form)
{
    json_t *pairs = json_array();
    size_t i;
    for (i = 0; i < form->count; i++)
        json_array_append_new(pairs,
                              json_pack("[s, s]", form->pairs[i].name, form->pairs[i].value));
    return pairs;
}

static json_t *text_or_null(const char *text)
{
    json_t *value = text == NULL ? NULL : json_string(text);
    return value == NULL ? json_null() : value;
}

/* The account's body has its token in clear; a log is read by more people than that. */
static json_t *without_secrets(json_t *response)
{
    json_t *copy;
    if (json_object_get(response, "auth_token") == NULL)
        return response == NULL ? json_null() : json_incref(response);
    copy = json_copy(response);
    json_object_set_new(copy, "auth_token", json_string("(not logged)"));
    return copy;
}

/* Writes and releases the line. */
static int write_line(FILE *file, json_t *line)
{
    int result = json_dumpf(line, file, JSON_COMPACT);

    json_decref(line);
    if (fputc('\n', file) == EOF || fflush(file) != 0)
        result = -1;
    return result;
}

int sandbox_log_write(FILE *file, const struct sandbox_log_entry *entry, bool bodies)
{
    char time[SANDBOX_TIME_SIZE];
    json_t *line = json_object();

    json_object_set_new(line, "n", json_integer((json_int_t)entry->number));
    json_object_set_new(line, "time", json_string(sandbox_time_iso_ms(entry->time_ms, time)));
    json_object_set_new(line, "method", text_or_null(entry->method));
    json_object_set_new(line, "path", text_or_null(entry->path));
    json_object_set_new(line, "query", pairs_of(entry->query));
    json_object_set_new(line, "form", pairs_of(entry->form));
    json_object_set_new(line, "user", text_or_null(entry->user));
    json_object_set_new(line, "user_agent", text_or_null(entry->user_agent));
    json_object_set_new(line, "status",
                        entry->status == 0 ? json_null() : json_integer(entry->status));
    json_object_set_new(line, "duration_ms", json_real((double)entry->duration_ms));
    json_object_set_new(line, "request_id", json_string(entry->request_id));
    if (entry->fault != NULL)
        json_object_set_new(line, "fault", json_string(entry->fault));
    if (bodies)
        json_object_set_new(line, "response", without_secrets(entry->response));
    return write_line(file, line);
}

/* Scheme, host and path; what comes behind or in front of them may be a secret. */
static json_t *public_url(const char *url)
{
    size_t size = strcspn(url, "?#"), scheme = strcspn(url, ":") + 3, host;
    struct buf text;
    json_t *value;

    if (scheme > size)
        scheme = size;
    host = scheme + strcspn(url + scheme, "/");
    while (host > scheme && url[host - 1] != '@')
        host--;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_add(&text, url, scheme);
    buf_add(&text, url + host, size - host);
    value = text_or_null(buf_text(&text));
    buf_release(&text);
    return value;
}

int sandbox_log_write_webhook(FILE *file, const struct sandbox_log_webhook *entry)
{
    char time[SANDBOX_TIME_SIZE];
    json_t *line = json_object();

    json_object_set_new(line, "webhook", text_or_null(entry->event));
    json_object_set_new(line, "time", json_string(sandbox_time_iso_ms(entry->time_ms, time)));
    json_object_set_new(line, "message", text_or_null(entry->sid));
    json_object_set_new(line, "method", text_or_null(entry->method));
    json_object_set_new(line, "url", public_url(entry->url));
    json_object_set_new(line, "status",
                        entry->status == 0 ? json_null() : json_integer(entry->status));
    if (entry->fault != NULL)
        json_object_set_new(line, "fault", json_string(entry->fault));
    if (entry->error != NULL)
        json_object_set_new(line, "error", text_or_null(entry->error));
    return write_line(file, line);
}
