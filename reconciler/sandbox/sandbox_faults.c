#include "sandbox/sandbox_faults.h"

#include "sandbox/sandbox_error.h"

#include <string.h>

enum { CODE_OF_STATUS = 20000, FIRST_ERROR = 400 };

/* Goes back to the last "*" only: what is before it has matched as early as it could. */
bool sandbox_faults_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL;

    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

static bool is_meant(const struct sandbox_fault_rule *rule, uint64_t number, const char *method,
                     const char *path)
{
    if (rule->request != 0)
        return rule->request == number;
    return (rule->method == NULL || sandbox_faults_matches(rule->method, method)) &&
           (rule->path == NULL || sandbox_faults_matches(rule->path, path));
}

bool sandbox_faults_take(const struct sandbox_fault_quota *quota, struct random_state *random)
{
    if ((*quota->seen)++ < quota->skip || *quota->taken == quota->count)
        return false;
    /* Chance is only asked where it matters: other rules' draws stay the same. */
    if (quota->probability < 1 && random_unit(random) >= quota->probability)
        return false;
    ++*quota->taken;
    return true;
}

const struct sandbox_fault *sandbox_faults_choose(struct sandbox_faults *faults, uint64_t number,
                                                  const char *method, const char *path,
                                                  int64_t elapsed_ms)
{
    size_t i;

    for (i = 0; i < faults->count; i++) {
        struct sandbox_fault_rule *rule = &faults->rules[i];
        const struct sandbox_fault_quota quota = {rule->skip, rule->count, rule->probability,
                                                  &rule->seen, &rule->taken};
        if (is_meant(rule, number, method, path) &&
            (rule->until_ms == 0 || elapsed_ms < rule->until_ms) &&
            sandbox_faults_take(&quota, &faults->random))
            return &rule->fault;
    }
    return NULL;
}

unsigned sandbox_fault_effects(const struct sandbox_fault *fault)
{
    if (fault == NULL)
        return 1;
    if (fault->reset == SANDBOX_RESET_BEFORE || (fault->status != 0 && !fault->effect))
        return 0;
    return fault->duplicate ? 2 : 1;
}

void sandbox_fault_name(const struct sandbox_fault *fault, struct buf *out)
{
    const struct {
        bool is;
        const char *name;
    } parts[] = {
        {fault->delay_ms > 0, "delay"},
        {fault->duplicate, "duplicate"},
        {fault->status != 0, "status"},
        {fault->content_type != NULL && fault->status == 0, "content_type"},
        {fault->garbage, "garbage"},
        {fault->drip > 0, "drip"},
        {fault->truncate, "truncate"},
        {fault->reset == SANDBOX_RESET_BEFORE, "reset_before"},
        {fault->reset == SANDBOX_RESET_AFTER, "reset_after"},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].is)
            buf_printf(out, "%s%s", out->size == 0 ? "" : "+", parts[i].name);
}

void sandbox_fault_reply(const struct sandbox_fault *fault, struct sandbox_reply *reply)
{
    int code = fault->code != 0 ? fault->code : CODE_OF_STATUS + fault->status;

    if (fault->body == NULL && (fault->code != 0 || fault->status >= FIRST_ERROR)) {
        sandbox_error_injected(reply, code, fault->status);
        return;
    }
    json_decref(reply->body);
    reply->status = fault->status;
    reply->body = fault->body == NULL ? NULL : json_string(fault->body);
}

/*
 * Bytes from 0x80 on, the first of which no character of UTF-8 begins with. One draw, whatever the
 * size: that depends on the length of the sandbox's port, and chance must not.
 */
static void fill_with_garbage(struct buf *body, struct random_state *random)
{
    struct random_state own;
    size_t i;

    random_seed(&own, random_next(random));
    for (i = 0; i < body->size; i++)
        body->data[i] = (char)(0x80 + random_below(&own, 0x80));
    if (body->size > 0)
        body->data[0] = (char)0xff;
}

void sandbox_fault_spoil(const struct sandbox_fault *fault, struct random_state *random,
                         struct http_server_answer *answer)
{
    if (fault->status != 0 && fault->body != NULL) {
        buf_clear(&answer->body);
        buf_add_text(&answer->body, fault->body);
        answer->content_type = "text/plain; charset=utf-8";
    }
    if (fault->status != 0 && fault->retry_after != NULL)
        http_server_answer_header(answer, "Retry-After", fault->retry_after);
    if (fault->garbage)
        fill_with_garbage(&answer->body, random);
    if (fault->content_type != NULL)
        answer->content_type = fault->content_type;
    answer->delay_ms += fault->delay_ms;
    answer->spoil.reset = fault->reset != SANDBOX_RESET_NONE;
    answer->spoil.truncate = fault->truncate;
    answer->spoil.truncate_at = fault->truncate_at;
    answer->spoil.drip = fault->drip;
    answer->spoil.drip_gap_ms = SANDBOX_DRIP_GAP_MS;
}

int64_t sandbox_fault_duration_ms(const struct sandbox_fault *fault,
                                  const struct http_server_answer *answer)
{
    size_t size = answer->body.size;

    if (fault->truncate && fault->truncate_at < size)
        size = fault->truncate_at;
    if (fault->drip == 0 || fault->reset != SANDBOX_RESET_NONE || size == 0)
        return fault->delay_ms;
    return fault->delay_ms + (int64_t)((size - 1) / fault->drip) * SANDBOX_DRIP_GAP_MS;
}
