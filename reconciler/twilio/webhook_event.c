#include "twilio/webhook_event.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "base/str.h"

#include <string.h>

const char *webhook_kind_name(enum webhook_kind kind)
{
    return kind == WEBHOOK_STATUS ? "status" : "inbound";
}

static json_t *read_form(const struct form *form)
{
    json_t *parameters = json_object(), *known;
    size_t i;

    for (i = 0; i < form->count; i++) {
        json_t *value = json_string(form->pairs[i].value);
        known = json_object_get(parameters, form->pairs[i].name);
        if (known == NULL)
            (void)json_object_set_new(parameters, form->pairs[i].name, value);
        else if (json_is_array(known))
            (void)json_array_append_new(known, value);
        else
            (void)json_object_set_new(parameters, form->pairs[i].name,
                                      json_pack("[O, o]", known, value));
    }
    return parameters;
}

static json_t *read_json(const struct webhook_request *request, struct arena *arena,
                         const char **why)
{
    json_error_t error;
    json_t *value = json_loadb(request->body, request->body_size, JSON_REJECT_DUPLICATES, &error);

    if (json_is_object(value))
        return value;
    *why = value != NULL ? "the body is no JSON object"
                         : arena_printf(arena, "the body is no JSON: %s", error.text);
    json_decref(value);
    return NULL;
}

/*
 * The first of the names that is there, as text, or NULL; those of the same value are taken out of
 * the parameters, for the API says some things twice. What is neither text nor a whole number is
 * left where it is.
 */
static const char *take(struct webhook_event *event, struct arena *arena, const char *const *names)
{
    const char *taken = NULL;

    for (; *names != NULL; names++) {
        const json_t *value = json_object_get(event->parameters, *names);
        const char *text = json_string_value(value);
        if (json_is_integer(value))
            text = arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        if (text == NULL || (taken != NULL && strcmp(taken, text) != 0))
            continue;
        if (taken == NULL)
            taken = arena_strdup(arena, text);
        (void)json_object_del(event->parameters, *names);
    }
    return taken;
}

static void take_error_code(struct webhook_event *event, struct arena *arena)
{
    const char *text = take(event, arena, (const char *[]){"ErrorCode", NULL});

    if (text != NULL && str_to_int64(text, &event->error_code) != 0)
        (void)json_object_set_new(event->parameters, "ErrorCode", json_string(text));
}

static int check(const struct webhook_event *event, const char **why)
{
    if (event->message_sid == NULL)
        *why = "there is no MessageSid: it is no webhook of a message";
    else if (!str_is_sid(event->message_sid, "SM") && !str_is_sid(event->message_sid, "MM"))
        *why = "MessageSid is not SM or MM and 32 hexadecimal digits";
    else if (str_is_empty(event->status))
        *why = "there is neither a MessageStatus nor a Body";
    return *why == NULL ? 0 : -1;
}

static void take_all(struct webhook_event *event, struct arena *arena)
{
    enum message_status status;

    event->message_sid =
        take(event, arena, (const char *[]){"MessageSid", "SmsSid", "SmsMessageSid", NULL});
    event->status = take(event, arena, (const char *[]){"MessageStatus", "SmsStatus", NULL});
    event->to = take(event, arena, (const char *[]){"To", NULL});
    event->from = take(event, arena, (const char *[]){"From", NULL});
    event->messaging_service_sid =
        take(event, arena, (const char *[]){"MessagingServiceSid", NULL});
    event->account_sid = take(event, arena, (const char *[]){"AccountSid", NULL});
    take_error_code(event, arena);
    if (event->status == NULL && json_object_get(event->parameters, "Body") != NULL)
        event->status = message_status_name(MESSAGE_RECEIVED);
    status = message_status_of(event->status);
    event->kind = status == MESSAGE_RECEIVED || status == MESSAGE_RECEIVING ? WEBHOOK_INBOUND
                                                                            : WEBHOOK_STATUS;
    if (event->kind == WEBHOOK_INBOUND)
        event->body = take(event, arena, (const char *[]){"Body", NULL});
}

int webhook_event_read(struct webhook_event *event, const struct webhook_request *request,
                       const struct webhook_content *content, struct arena *arena, const char **why)
{
    *why = NULL;
    memset(event, 0, sizeof(*event));
    if (strcmp(request->method, "GET") == 0)
        event->parameters = read_form(&content->query);
    else if (webhook_is_form(request->content_type))
        event->parameters = read_form(&content->form);
    else
        event->parameters = read_json(request, arena, why);
    if (event->parameters == NULL)
        return -1;
    event->signature = request->signature;
    take_all(event, arena);
    return check(event, why);
}

void webhook_event_release(struct webhook_event *event)
{
    json_decref(event->parameters);
    event->parameters = NULL;
}

static void set_text(json_t *line, const char *name, const char *text)
{
    json_t *value = text == NULL ? NULL : json_string(text);

    /* A header may be no UTF-8. */
    (void)json_object_set_new(line, name, value == NULL ? json_null() : value);
}

/* jansson escapes all that is no printable ASCII but DEL, which terminals obey, too. */
static void add_ascii(struct buf *out, const json_t *value)
{
    struct buf text;
    size_t i;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    (void)json_text_add(&text, value, JSON_COMPACT | JSON_ENSURE_ASCII);
    for (i = 0; i < text.size; i++) {
        if (text.data[i] == 0x7f)
            buf_add_text(out, "\\u007F");
        else
            buf_add_char(out, text.data[i]);
    }
    buf_release(&text);
}

void webhook_event_add_line(const struct webhook_event *event, struct buf *out)
{
    char received[CLOCK_ISO_SIZE];
    json_t *line = json_object();

    set_text(line, "received_at", clock_iso(event->received_ms, received));
    set_text(line, "kind", webhook_kind_name(event->kind));
    set_text(line, "message_sid", event->message_sid);
    set_text(line, "status", event->status);
    set_text(line, "current_status", message_status_name(event->current));
    (void)json_object_set_new(line, "duplicate", json_boolean(event->duplicate));
    (void)json_object_set_new(line, "late", json_boolean(event->late));
    set_text(line, "to", event->to);
    set_text(line, "from", event->from);
    set_text(line, "messaging_service_sid", event->messaging_service_sid);
    set_text(line, "account_sid", event->account_sid);
    (void)json_object_set_new(
        line, "error_code", event->error_code == 0 ? json_null() : json_integer(event->error_code));
    if (event->kind == WEBHOOK_INBOUND)
        set_text(line, "body", event->body);
    set_text(line, "idempotency_token", event->idempotency_token);
    set_text(line, "path", event->path);
    set_text(line, "query", str_is_empty(event->query) ? NULL : event->query);
    (void)json_object_set(line, "parameters", event->parameters);
    add_ascii(out, line);
    buf_add_char(out, '\n');
    json_decref(line);
}
