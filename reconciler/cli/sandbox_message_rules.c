#include "cli/sandbox_message_rules.h"

#include "base/attributes.h"
#include "base/str.h"
#include "cli/sandbox_keys.h"
#include "sandbox/sandbox_faults.h"

#include <string.h>

enum { LATE_MAX_MS = 24 * 60 * 60 * 1000 };

enum callback_key {
    CALLBACK_STATUS,
    CALLBACK_TO,
    CALLBACK_SKIP,
    CALLBACK_COUNT,
    CALLBACK_PROBABILITY,
    CALLBACK_LOST,
    CALLBACK_DELAY,
    CALLBACK_DUPLICATE,
    CALLBACK_OUT_OF_ORDER,
    CALLBACK_BAD_SIGNATURE,
    CALLBACK_KEYS,
};

/* In the order of what they mean below. */
static const char *const called_back[] = {"queued", "sent", "delivered", "undelivered", "failed"};

static int read_called_back(const struct sandbox_key_row *row, const struct doc_node *node,
                            struct sandbox_key_value *value, struct diag *diag)
{
    return sandbox_key_choice(row, node, called_back, COUNT_OF(called_back), value, diag);
}

static const struct sandbox_key_row callback_rows[CALLBACK_KEYS] = {
    [CALLBACK_STATUS] = {"status", read_called_back, 0, 0, false},
    [CALLBACK_TO] = {"to", sandbox_key_text, 0, 0, false},
    [CALLBACK_SKIP] = {"skip", sandbox_key_whole, 0, SANDBOX_KEY_COUNT_MAX, false},
    [CALLBACK_COUNT] = {"count", sandbox_key_count, 1, SANDBOX_KEY_COUNT_MAX, false},
    [CALLBACK_PROBABILITY] = {"probability", sandbox_key_chance, 0, 1, false},
    [CALLBACK_LOST] = {"lost", sandbox_key_flag, 0, 0, true},
    [CALLBACK_DELAY] = {"delay", sandbox_key_duration, 1, LATE_MAX_MS, true},
    [CALLBACK_DUPLICATE] = {"duplicate", sandbox_key_flag, 0, 0, true},
    [CALLBACK_OUT_OF_ORDER] = {"out_of_order", sandbox_key_flag, 0, 0, true},
    [CALLBACK_BAD_SIGNATURE] = {"bad_signature", sandbox_key_flag, 0, 0, true},
};

static const struct sandbox_key_pair callback_conflicts[] = {
    {CALLBACK_DELAY, CALLBACK_LOST},         {CALLBACK_DUPLICATE, CALLBACK_LOST},
    {CALLBACK_OUT_OF_ORDER, CALLBACK_LOST},  {CALLBACK_BAD_SIGNATURE, CALLBACK_LOST},
    {CALLBACK_OUT_OF_ORDER, CALLBACK_DELAY}, {CALLBACK_OUT_OF_ORDER, CALLBACK_DUPLICATE},
};

static const struct sandbox_key_table callback_table = {
    .what = "a rule of callbacks",
    .goal = "something that goes wrong",
    .example = "for instance \"lost: true\" or \"delay: 2s\"",
    .rows = callback_rows,
    .count = CALLBACK_KEYS,
    .conflicts = callback_conflicts,
    .conflict_count = COUNT_OF(callback_conflicts),
};

static void fill_callback(const struct sandbox_key_value values[CALLBACK_KEYS],
                          struct sandbox_callback_rule *rule)
{
    const struct sandbox_key_value *count = &values[CALLBACK_COUNT];
    bool by_chance = values[CALLBACK_PROBABILITY].given;

    rule->status = values[CALLBACK_STATUS].text;
    rule->to = values[CALLBACK_TO].text;
    rule->skip = (uint64_t)values[CALLBACK_SKIP].number;
    rule->count = by_chance ? SANDBOX_FAULT_ALL : 1;
    if (count->given)
        rule->count = count->number < 0 ? SANDBOX_FAULT_ALL : (uint64_t)count->number;
    rule->probability = by_chance ? values[CALLBACK_PROBABILITY].fraction : 1;
    rule->fault = (struct sandbox_callback_fault){
        .lost = values[CALLBACK_LOST].given,
        .duplicate = values[CALLBACK_DUPLICATE].given,
        .out_of_order = values[CALLBACK_OUT_OF_ORDER].given,
        .bad_signature = values[CALLBACK_BAD_SIGNATURE].given,
        .late_ms = values[CALLBACK_DELAY].number,
    };
}

void sandbox_message_rules_callbacks(const struct doc_node *list, struct arena *arena,
                                     struct sandbox_callback_faults *faults, struct diag *diag)
{
    faults->rules = arena_array(arena, list->count, sizeof(*faults->rules));
    for (; faults->count < list->count; faults->count++) {
        struct sandbox_key_value values[CALLBACK_KEYS] = {{0}};
        if (sandbox_keys_read(&callback_table, list->items[faults->count], values, diag) == 0)
            fill_callback(values, &faults->rules[faults->count]);
    }
}

enum recipient_key { RECIPIENT_TO, RECIPIENT_STATUS, RECIPIENT_CODE, RECIPIENT_KEYS };

static const char *const endings[] = {"sent", "delivered", "undelivered", "failed"};

static int read_ending(const struct sandbox_key_row *row, const struct doc_node *node,
                       struct sandbox_key_value *value, struct diag *diag)
{
    return sandbox_key_choice(row, node, endings, COUNT_OF(endings), value, diag);
}

static const struct sandbox_key_row recipient_rows[RECIPIENT_KEYS] = {
    [RECIPIENT_TO] = {"to", sandbox_key_text, 0, 0, false},
    [RECIPIENT_STATUS] = {"status", read_ending, 0, 0, true},
    [RECIPIENT_CODE] = {"code", sandbox_key_whole, 10000, 99999, true},
};

static const struct sandbox_key_pair recipient_needs[] = {
    {RECIPIENT_STATUS, RECIPIENT_TO},
    {RECIPIENT_CODE, RECIPIENT_TO},
};

static const struct sandbox_key_table recipient_table = {
    .what = "a rule of recipients",
    .goal = "an end",
    .example = "for instance \"status: delivered\" or \"code: 30003\"",
    .rows = recipient_rows,
    .count = RECIPIENT_KEYS,
    .needs = recipient_needs,
    .need_count = COUNT_OF(recipient_needs),
};

/* What status and code say together. */
static int fill_outcome(const struct sandbox_key_value values[RECIPIENT_KEYS],
                        struct sandbox_outcome *outcome, struct diag *diag)
{
    static const enum sandbox_status statuses[] = {SANDBOX_SENT, SANDBOX_DELIVERED,
                                                   SANDBOX_UNDELIVERED, SANDBOX_FAILED};
    const struct sandbox_key_value *status = &values[RECIPIENT_STATUS];
    const struct sandbox_key_value *code = &values[RECIPIENT_CODE];
    bool known = code->given && sandbox_outcome_of_code((int)code->number, outcome);

    if (!status->given && !known) {
        diag_error(diag, &code->key->span, "the code %d is not a known one, and needs \"status\"",
                   (int)code->number);
        return -1;
    }
    if (!status->given)
        return 0;
    outcome->status = statuses[status->number];
    outcome->error_code = (int)code->number;
    outcome->receipt = outcome->status == SANDBOX_DELIVERED || outcome->receipt;
    if ((outcome->status >= SANDBOX_UNDELIVERED) == code->given)
        return 0;
    diag_error(diag, &status->key->span, "the status \"%s\" %s \"code\"", status->text,
               code->given ? "does not go with a" : "needs a");
    return -1;
}

void sandbox_message_rules_recipients(const struct doc_node *list, struct arena *arena,
                                      struct sandbox_recipients *recipients, struct diag *diag)
{
    struct sandbox_recipient *rules = arena_array(arena, list->count, sizeof(*rules));
    size_t i;

    for (i = 0; i < list->count; i++) {
        struct sandbox_key_value values[RECIPIENT_KEYS] = {{0}};
        if (sandbox_keys_read(&recipient_table, list->items[i], values, diag) != 0 ||
            fill_outcome(values, &rules[i].outcome, diag) != 0)
            continue;
        rules[i].to = values[RECIPIENT_TO].text;
    }
    *recipients = (struct sandbox_recipients){rules, list->count};
}
