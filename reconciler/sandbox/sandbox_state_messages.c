#include "sandbox/sandbox_loader.h"

#include "base/attributes.h"
#include "sandbox/sandbox_life.h"

#include <string.h>

/* Members of a message's body that the store keeps as they are, with what they are by default. */
static const struct {
    const char *key;
    const char *text; /* NULL: null */
} message_members[] = {
    {"to", NULL},
    {"from", NULL},
    {"body", ""},
    {"messaging_service_sid", NULL},
    {"direction", "outbound-api"},
    {"status", "delivered"},
    {"num_media", "0"},
    {"num_segments", "1"},
    {"price", NULL},
    {"price_unit", NULL},
    {"error_code", NULL},
    {"error_message", NULL},
};

static json_t *message_body(void)
{
    json_t *body = json_object();
    size_t i;
    for (i = 0; i < COUNT_OF(message_members); i++)
        json_object_set_new(body, message_members[i].key,
                            message_members[i].text == NULL ? json_null()
                                                            : json_string(message_members[i].text));
    return body;
}

static int load_message_member(const struct loader *loader, const struct place *place,
                               struct sandbox_message *message, const char *key, json_t *value)
{
    static const char *const others[] = {
        "sid", "account_sid",      "api_version", "date_created", "date_sent",      "date_updated",
        "uri", "subresource_uris", "steps",       "reached",      "status_callback"};
    bool fits;

    if (loader_is_one_of(key, others, COUNT_OF(others)))
        return 0;
    if (json_object_get(message->body, key) == NULL)
        return loader_fail_member(loader, place, key, "is not a known member");
    fits = strcmp(key, "error_code") == 0 ? json_is_integer(value) : json_is_string(value);
    if (!fits && !json_is_null(value))
        return loader_fail_member(loader, place, key, "is of the wrong type");
    json_object_set(message->body, key, value);
    return 0;
}

static int load_step(const struct loader *loader, const struct place *place, const json_t *pair,
                     struct sandbox_message *message)
{
    const char *name = json_string_value(json_array_get(pair, 0));
    const json_t *at = json_array_get(pair, 1);
    size_t before = message->step_count;
    struct sandbox_step step;

    if (name == NULL || !json_is_integer(at) || json_array_size(pair) != 2 ||
        !sandbox_status_read(name, &step.status))
        return loader_fail(loader, place, "has to be a status and milliseconds since 1970");
    step.at_ms = json_integer_value(at);
    if (before > 0 && (step.status <= message->steps[before - 1].status ||
                       step.at_ms < message->steps[before - 1].at_ms))
        return loader_fail(loader, place, "can't come after the step before it");
    message->steps[message->step_count++] = step;
    return 0;
}

/* What is left of its life: "steps", and the one of them that it has "reached". */
static int load_life(const struct loader *loader, const struct place *place, const json_t *object,
                     struct sandbox_message *message)
{
    const json_t *steps = json_object_get(object, "steps");
    const json_t *reached = json_object_get(object, "reached");
    const struct place array = {place, "steps", 0};
    size_t i;

    if (steps == NULL)
        return reached == NULL
                   ? 0
                   : loader_fail_member(loader, place, "reached", "has no steps to be one of");
    if (json_array_size(steps) == 0 || json_array_size(steps) > SANDBOX_STEPS)
        return loader_fail(loader, &array, "has to be an array of 1 to %d steps", SANDBOX_STEPS);
    for (i = 0; i < json_array_size(steps); i++) {
        const struct place element = {&array, NULL, i};
        if (load_step(loader, &element, json_array_get(steps, i), message) != 0)
            return -1;
    }
    if (reached != NULL && (!json_is_integer(reached) || json_integer_value(reached) < 0 ||
                            json_integer_value(reached) >= (json_int_t)message->step_count))
        return loader_fail_member(loader, place, "reached", "has to be the index of a step");
    message->reached = (size_t)json_integer_value(reached);
    return 0;
}

int loader_message(const struct loader *loader, const struct place *place, json_t *object)
{
    struct sandbox_message *message;
    int64_t created, updated;
    const char *sid, *to, *key, *callback = NULL;
    json_t *value;

    if (loader_need_text(loader, place, object, "to", &to) != 0 ||
        loader_sid(loader, place, object, "SMMM", &sid) != 0 ||
        loader_text(loader, place, object, "status_callback", &callback) != 0 ||
        loader_dates(loader, place, object, &created, &updated) != 0)
        return -1;
    message = sandbox_message_add(loader->store, sid, message_body(), created);
    if (message == NULL)
        return loader_fail_member(loader, place, "sid", "%s is taken", sid);
    message->updated = updated;
    message->status_callback = arena_strdup(&loader->store->arena, callback);
    if (load_life(loader, place, object, message) != 0)
        return -1;
    if (!json_is_null(json_object_get(object, "date_sent"))) {
        message->sent = updated;
        if (loader_date(loader, place, object, "date_sent", &message->sent) != 0)
            return -1;
    }
    json_object_foreach(object, key, value)
    {
        if (load_message_member(loader, place, message, key, value) != 0)
            return -1;
    }
    return 0;
}
