#include "http/retry.h"

#include "base/str.h"

#include <curl/curl.h>
#include <string.h>

const struct retry_policy retry_policy_default = {
    .max_attempts = 6,
    .base_delay_ms = 200,
    .max_delay_ms = 20 * 1000,
    .max_elapsed_ms = 2 * 60 * 1000,
};

const char *http_method_name(enum http_method method)
{
    static const char *const names[] = {
        [HTTP_GET] = "GET", [HTTP_POST] = "POST", [HTTP_DELETE] = "DELETE"};
    return names[method];
}

/* Whether sending it twice has the effect of sending it once, and may mend anything. */
static bool may_repeat(const struct retry_input *input)
{
    const bool idempotent = input->method != HTTP_POST || input->repeatable;

    switch (input->fault) {
    case HTTP_FAULT_NONE:
        return input->status == 429 || (idempotent && input->status >= 500 && input->status <= 599);
    case HTTP_FAULT_CONNECT:
        return true;
    case HTTP_FAULT_CONNECTION:
    case HTTP_FAULT_TIMEOUT:
        return idempotent;
    case HTTP_FAULT_TLS:
    case HTTP_FAULT_TOO_LARGE:
    case HTTP_FAULT_PROTOCOL:
    case HTTP_FAULT_OVER:
        break;
    }
    return false;
}

/* The upper bound of the jitter: doubles with each attempt, up to the cap. */
static int64_t backoff_ms(const struct retry_policy *policy, unsigned attempt)
{
    int64_t bound = policy->base_delay_ms;

    while (--attempt > 0 && bound < policy->max_delay_ms)
        bound = bound > policy->max_delay_ms / 2 ? policy->max_delay_ms : bound * 2;
    return bound < policy->max_delay_ms ? bound : policy->max_delay_ms;
}

struct retry_decision retry_decide(const struct retry_policy *policy,
                                   const struct retry_input *input)
{
    const struct retry_decision never = {.again = false, .delay_ms = 0};
    struct retry_decision decision = {.again = true, .delay_ms = 0};
    int64_t left_ms = policy->max_elapsed_ms - input->elapsed_ms;
    int64_t least_ms = input->retry_after_ms > 0 ? input->retry_after_ms : 0;
    int64_t jitter_ms;

    if (!may_repeat(input) || input->attempt >= policy->max_attempts || least_ms > left_ms)
        return never;
    jitter_ms = (int64_t)(input->random * (double)backoff_ms(policy, input->attempt));
    /* Our own share of the wait gives way to the deadline, what the server asks for does not. */
    if (jitter_ms > left_ms - least_ms)
        jitter_ms = left_ms - least_ms;
    decision.delay_ms = least_ms + jitter_ms;
    return decision;
}

/* Seconds as milliseconds; what does not fit is as long as it gets. */
static int64_t parse_seconds(const char *digits, size_t size)
{
    int64_t seconds = 0;
    size_t i;

    for (i = 0; i < size; i++) {
        if (seconds > INT64_MAX / 1000 / 10 - 1)
            return INT64_MAX;
        seconds = seconds * 10 + (digits[i] - '0');
    }
    return seconds * 1000;
}

int64_t retry_parse_after(const char *value, int64_t now_wall_ms)
{
    size_t size;
    time_t when;

    value += strspn(value, " \t");
    size = strlen(value);
    while (size > 0 && strchr(" \t", value[size - 1]) != NULL)
        size--;
    if (str_is_digits(value, size))
        return parse_seconds(value, size);
    /*
     * The three date forms of RFC 9110 all begin with the day's name and hold a time of day;
     * curl_getdate(), which does not depend on the locale, takes much that is none of them.
     */
    if (strchr("MTWFS", value[0]) == NULL || strchr(value, ':') == NULL)
        return -1;
    when = curl_getdate(value, NULL);
    if (when < 0)
        return -1;
    return (int64_t)when * 1000 > now_wall_ms ? (int64_t)when * 1000 - now_wall_ms : 0;
}
