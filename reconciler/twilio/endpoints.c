#include "twilio/endpoints.h"

const struct endpoint endpoints[SENDER_KIND_COUNT] = {
    [SENDER_PHONE_NUMBER] =
        {
            .segment = "PhoneNumbers",
            .list_key = "phone_numbers",
            .owned_path = "IncomingPhoneNumbers.json",
            .owned_key = "incoming_phone_numbers",
            .owned_filter = "PhoneNumber",
        },
    [SENDER_SHORT_CODE] =
        {
            .segment = "ShortCodes",
            .list_key = "short_codes",
            .owned_path = "SMS/ShortCodes.json",
            .owned_key = "short_codes",
            .owned_filter = "ShortCode",
        },
    [SENDER_ALPHA_SENDER] =
        {
            .segment = "AlphaSenders",
            .list_key = "alpha_senders",
        },
    [SENDER_DESTINATION_ALPHA_SENDER] =
        {
            .segment = "DestinationAlphaSenders",
            .list_key = "alpha_senders", /* the same word as for alpha senders */
        },
    [SENDER_CHANNEL_SENDER] =
        {
            .segment = "ChannelSenders",
            .list_key = "senders",
        },
};

char *endpoint_service(struct arena *arena, const char *service_sid)
{
    return arena_printf(arena, ENDPOINT_SERVICES "/%s", service_sid);
}

char *endpoint_senders(struct arena *arena, const char *service_sid, enum sender_kind kind)
{
    return arena_printf(arena, ENDPOINT_SERVICES "/%s/%s", service_sid, endpoints[kind].segment);
}

char *endpoint_sender(struct arena *arena, const char *service_sid, enum sender_kind kind,
                      const char *sender_sid)
{
    return arena_printf(arena, ENDPOINT_SERVICES "/%s/%s/%s", service_sid, endpoints[kind].segment,
                        sender_sid);
}

char *endpoint_owned(struct arena *arena, const char *account_sid, enum sender_kind kind)
{
    return arena_printf(arena, "/2010-04-01/Accounts/%s/%s", account_sid,
                        endpoints[kind].owned_path);
}
