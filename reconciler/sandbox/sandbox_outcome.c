#include "sandbox/sandbox_outcome.h"

#include "base/attributes.h"
#include "base/str.h"
#include "sandbox/sandbox_faults.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CODE = 30000 };

static const char own_numbers[] = "+1500553";

/* What the carrier itself says no to comes with its receipt; what Twilio stops before has none. */
static const struct sandbox_outcome codes[] = {
    {SANDBOX_FAILED, 30001, false},      {SANDBOX_FAILED, 30002, false},
    {SANDBOX_UNDELIVERED, 30003, true},  {SANDBOX_UNDELIVERED, 30004, true},
    {SANDBOX_UNDELIVERED, 30005, true},  {SANDBOX_UNDELIVERED, 30006, true},
    {SANDBOX_UNDELIVERED, 30007, false}, {SANDBOX_UNDELIVERED, 30008, true},
    {SANDBOX_FAILED, 30010, false},      {SANDBOX_UNDELIVERED, 30032, false},
    {SANDBOX_UNDELIVERED, 30034, false}, {SANDBOX_FAILED, 30450, false},
    {SANDBOX_FAILED, 21703, false},      {SANDBOX_FAILED, 21704, false},
};

bool sandbox_outcome_of_code(int code, struct sandbox_outcome *out)
{
    size_t i;

    for (i = 0; i < COUNT_OF(codes); i++) {
        if (codes[i].error_code == code) {
            *out = codes[i];
            return true;
        }
    }
    return false;
}

struct sandbox_outcome sandbox_outcome_of(const struct sandbox_recipients *recipients,
                                          const char *to)
{
    struct sandbox_outcome outcome = {SANDBOX_DELIVERED, 0, true};
    size_t i;
    int code;

    for (i = 0; recipients != NULL && i < recipients->count; i++)
        if (sandbox_faults_matches(recipients->rules[i].to, to))
            return recipients->rules[i].outcome;
    if (!str_starts_with(to, own_numbers) || strlen(to) != strlen(own_numbers) + 4)
        return outcome;
    code = FIRST_CODE + (int)strtol(to + strlen(own_numbers), NULL, 10);
    if (code == FIRST_CODE)
        outcome = (struct sandbox_outcome){SANDBOX_SENT, 0, false};
    else
        (void)sandbox_outcome_of_code(code, &outcome);
    return outcome;
}
