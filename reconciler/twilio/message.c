#include "twilio/message.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

const char *message_sender_kind(const char *from)
{
    if (from[0] == '+')
        return "phone_number";
    if (strchr(from, ':') != NULL)
        return "channel_sender";
    return str_is_digits(from, strlen(from)) ? "short_code" : "alpha_sender";
}

static const char *text_of(const json_t *body, const char *key, struct arena *arena)
{
    const char *text = json_string_value(json_object_get(body, key));

    return str_is_empty(text) ? NULL : arena_strdup(arena, text);
}

/* Counts are strings, and might as well be numbers. */
static int64_t count_of(const json_t *body, const char *key)
{
    const json_t *value = json_object_get(body, key);
    int64_t count = 0;

    if (json_is_integer(value))
        return json_integer_value(value);
    if (json_is_string(value) && str_to_int64(json_string_value(value), &count) != 0)
        return 0;
    return count;
}

int message_read(struct message *message, const json_t *body, struct arena *arena)
{
    const char *price = text_of(body, "price", arena);

    *message = (struct message){
        .sid = text_of(body, "sid", arena),
        .status = text_of(body, "status", arena),
        .from = text_of(body, "from", arena),
        .body = text_of(body, "body", arena),
        .segments = count_of(body, "num_segments"),
        .error_code = count_of(body, "error_code"),
        .error_message = text_of(body, "error_message", arena),
        .price = price != NULL && price[0] == '-' ? price + 1 : price,
        .price_unit = text_of(body, "price_unit", arena),
    };
    return message->sid != NULL && message->status != NULL ? 0 : -1;
}

char *message_list_path(struct arena *arena, const char *account_sid)
{
    return arena_printf(arena, "/2010-04-01/Accounts/%s/Messages.json", account_sid);
}

char *message_path(struct arena *arena, const char *account_sid, const char *message_sid)
{
    return arena_printf(arena, "/2010-04-01/Accounts/%s/Messages/%s.json", account_sid,
                        message_sid);
}
