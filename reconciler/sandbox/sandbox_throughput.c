#include "sandbox/sandbox_throughput.h"

#include "base/str.h"
#include "sandbox/sandbox_phone.h"

#include <stdbool.h>

enum {
    MPS_LONG_CODE = 1,
    MPS_TOLL_FREE = 3,
    MPS_INTERNATIONAL = 10,
    MPS_ALPHA_SENDER = 10,
    MPS_SHORT_CODE = 100,
    MPS_CHANNEL = 80,
};

static int64_t per_second(const char *from, const char *to)
{
    if (sandbox_phone_channel(from) != NULL)
        return MPS_CHANNEL;
    if (sandbox_phone_is_short_code(from))
        return MPS_SHORT_CODE;
    if (!sandbox_phone_is_e164(from))
        return MPS_ALPHA_SENDER;
    if (!str_starts_with(from, "+1") || !str_starts_with(to, "+1"))
        return MPS_INTERNATIONAL;
    return sandbox_phone_is_toll_free(from) ? MPS_TOLL_FREE : MPS_LONG_CODE;
}

int64_t sandbox_throughput_ms(const char *from, const char *to, unsigned segments)
{
    int64_t rate = per_second(from, to);

    return ((int64_t)segments * 1000 + rate - 1) / rate;
}
