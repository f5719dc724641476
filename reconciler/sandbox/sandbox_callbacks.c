#include "sandbox/sandbox_callbacks.h"

#include "base/memory.h"
#include "base/str.h"
#include "sandbox/sandbox_faults.h"
#include "sandbox/sandbox_life.h"
#include "sandbox/sandbox_outcome.h"
#include "sandbox/sandbox_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct sandbox_callback_fault no_fault;

static const struct sandbox_callback_fault *choose_fault(struct sandbox_callback_faults *faults,
                                                         const char *status, const char *to)
{
    size_t i;

    for (i = 0; faults != NULL && i < faults->count; i++) {
        struct sandbox_callback_rule *rule = &faults->rules[i];
        const struct sandbox_fault_quota quota = {rule->skip, rule->count, rule->probability,
                                                  &rule->seen, &rule->taken};
        if ((rule->status == NULL || sandbox_faults_matches(rule->status, status)) &&
            (rule->to == NULL || sandbox_faults_matches(rule->to, to)) &&
            sandbox_faults_take(&quota, &faults->random))
            return &rule->fault;
    }
    return &no_fault;
}

static const char *text_of(const struct sandbox_message *message, const char *key)
{
    return json_string_value(json_object_get(message->body, key));
}

static const char *url_of(const struct sandbox_store *store, const struct sandbox_message *message)
{
    const char *sid = text_of(message, "messaging_service_sid");
    const struct sandbox_service *service;

    if (message->status_callback != NULL)
        return message->status_callback;
    service = sid == NULL ? NULL : sandbox_service_find(store, sid);
    return service == NULL
               ? NULL
               : json_string_value(json_object_get(service->settings, "status_callback"));
}

static bool is_called_back(const struct sandbox_message *message)
{
    return message->reached > 0 && message->steps[message->reached].status != SANDBOX_SENDING;
}

static bool has_receipt(const struct sandbox_message *message, enum sandbox_status status,
                        int error_code)
{
    struct sandbox_outcome outcome = {.receipt = status == SANDBOX_DELIVERED};
    const char *from = text_of(message, "from");

    if (status == SANDBOX_UNDELIVERED)
        (void)sandbox_outcome_of_code(error_code, &outcome);
    /* It is a thing of SMS. */
    return outcome.receipt && from != NULL && strchr(from, ':') == NULL;
}

/* Numbers that stand in a callback, as text. */
struct numbers {
    char code[16], done[SANDBOX_TIME_SIZE];
};

static void fill(const struct sandbox_callbacks *callbacks, const struct sandbox_message *message,
                 struct sandbox_webhook_draft *draft, struct numbers *numbers)
{
    enum sandbox_status status = message->steps[message->reached].status;
    int code = (int)json_integer_value(json_object_get(message->body, "error_code"));
    const char *service = text_of(message, "messaging_service_sid"),
               *from = text_of(message, "from");
    const char *name = sandbox_status_name(status);

    if (status >= SANDBOX_UNDELIVERED) {
        snprintf(numbers->code, sizeof(numbers->code), "%d", code);
        sandbox_webhook_add(draft, "ErrorCode", numbers->code);
    }
    if (has_receipt(message, status, code)) {
        sandbox_time_minute(message->updated, numbers->done);
        sandbox_webhook_add(draft, "RawDlrDoneDate", numbers->done);
    }
    sandbox_webhook_add(draft, "SmsSid", message->row.sid);
    sandbox_webhook_add(draft, "SmsStatus", name);
    sandbox_webhook_add(draft, "MessageStatus", name);
    sandbox_webhook_add(draft, "To", text_of(message, "to"));
    if (service != NULL)
        sandbox_webhook_add(draft, "MessagingServiceSid", service);
    sandbox_webhook_add(draft, "MessageSid", message->row.sid);
    sandbox_webhook_add(draft, "AccountSid", callbacks->store->account_sid);
    if (from != NULL)
        sandbox_webhook_add(draft, "From", from);
    sandbox_webhook_add(draft, "ApiVersion", "2010-04-01");
}

/* The one that is held back of a message, taken out; NULL: none. */
static struct sandbox_webhook *take_held(struct sandbox_callbacks *callbacks, const char *sid)
{
    struct sandbox_webhook *webhook;
    size_t i = 0;

    while (i < callbacks->held_count && strcmp(callbacks->held[i]->sid, sid) != 0)
        i++;
    if (i == callbacks->held_count)
        return NULL;
    webhook = callbacks->held[i];
    callbacks->held[i] = callbacks->held[--callbacks->held_count];
    return webhook;
}

static void hold(struct sandbox_callbacks *callbacks, struct sandbox_webhook *webhook)
{
    callbacks->held =
        memory_resize(callbacks->held, callbacks->held_count + 1, sizeof(*callbacks->held));
    callbacks->held[callbacks->held_count++] = sandbox_webhook_keep(webhook);
}

static bool is_held(const struct sandbox_callbacks *callbacks, const char *sid)
{
    size_t i;

    for (i = 0; i < callbacks->held_count; i++)
        if (strcmp(callbacks->held[i]->sid, sid) == 0)
            return true;
    return false;
}

static void send_out(struct sandbox_callbacks *callbacks, struct sandbox_webhook *webhook)
{
    struct sandbox_webhook *held = take_held(callbacks, webhook->sid);

    callbacks->post(callbacks->context, webhook);
    if (held == NULL)
        return;
    callbacks->post(callbacks->context, held);
    sandbox_webhook_free(held);
}

static const char *name_fault(const struct sandbox_callback_fault *fault)
{
    if (fault->lost)
        return "lost";
    if (fault->bad_signature)
        return "bad_signature";
    if (fault->duplicate)
        return "duplicate";
    if (fault->out_of_order)
        return "out_of_order";
    return fault->late_ms > 0 ? "late" : NULL;
}

/* Sends it as the fault says. */
static void dispatch(struct sandbox_callbacks *callbacks, struct sandbox_webhook *webhook,
                     const struct sandbox_callback_fault *fault, bool last, int64_t now_ms)
{
    bool out_of_order = fault->out_of_order && !last && !is_held(callbacks, webhook->sid);
    unsigned times = fault->duplicate ? 2 : 1;

    webhook->fault = name_fault(fault);
    webhook->lost = fault->lost;
    for (; times > 0; times--) {
        if (fault->late_ms > 0)
            timers_add(&callbacks->late, now_ms + fault->late_ms, sandbox_webhook_keep(webhook));
        else if (out_of_order)
            hold(callbacks, webhook);
        else
            send_out(callbacks, webhook);
    }
}

void sandbox_callbacks_reached(struct sandbox_callbacks *callbacks,
                               const struct sandbox_message *message)
{
    struct sandbox_webhook_draft draft = {.method = HTTP_POST, .sid = message->row.sid};
    const struct sandbox_callback_fault *fault;
    struct sandbox_webhook *webhook;
    struct numbers numbers;

    draft.url = url_of(callbacks->store, message);
    if (callbacks->post == NULL || str_is_empty(draft.url) || !is_called_back(message))
        return;
    draft.event = sandbox_life_status(message);
    fault = choose_fault(callbacks->faults, draft.event, text_of(message, "to"));
    draft.bad_signature = fault->bad_signature;
    fill(callbacks, message, &draft, &numbers);
    webhook = sandbox_webhook_new(&draft, callbacks->store->auth_token, &callbacks->random);
    dispatch(callbacks, webhook, fault, message->reached + 1 == message->step_count,
             message->steps[message->reached].at_ms);
    sandbox_webhook_free(webhook);
}

void sandbox_callbacks_post(struct sandbox_callbacks *callbacks,
                            const struct sandbox_webhook_draft *draft)
{
    struct sandbox_webhook *webhook;

    if (callbacks->post == NULL)
        return;
    webhook = sandbox_webhook_new(draft, callbacks->store->auth_token, &callbacks->random);
    callbacks->post(callbacks->context, webhook);
    sandbox_webhook_free(webhook);
}

void sandbox_callbacks_advance(struct sandbox_callbacks *callbacks, int64_t now_ms)
{
    struct sandbox_webhook *webhook;

    while ((webhook = timers_take_due(&callbacks->late, now_ms)) != NULL) {
        send_out(callbacks, webhook);
        sandbox_webhook_free(webhook);
    }
}

int64_t sandbox_callbacks_wait_ms(const struct sandbox_callbacks *callbacks, int64_t now_ms)
{
    return timers_wait_ms(&callbacks->late, now_ms);
}

void sandbox_callbacks_release(struct sandbox_callbacks *callbacks)
{
    struct sandbox_webhook *webhook;
    size_t i;

    while ((webhook = timers_take_due(&callbacks->late, INT64_MAX)) != NULL)
        sandbox_webhook_free(webhook);
    timers_release(&callbacks->late);
    for (i = 0; i < callbacks->held_count; i++)
        sandbox_webhook_free(callbacks->held[i]);
    free(callbacks->held);
}
