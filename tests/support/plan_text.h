/*
 * For unit tests: a plan from the texts of a roster and of a live state (see roster_text.h and
 * live_text.h).
 */
#ifndef ROSTER_TESTS_PLAN_TEXT_H
#define ROSTER_TESTS_PLAN_TEXT_H

#include "plan/plan.h"
#include "support/live_text.h"
#include "support/roster_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plan_text {
    struct roster_text roster;
    struct live_state live;
    struct plan plan;
    struct diag diag;
};

/* Both have to fit together, and all senders have to be owned. */
static inline void plan_text_make(struct plan_text *text, const char *yaml, const char *live)
{
    memset(text, 0, sizeof(*text));
    roster_text_read(&text->roster, yaml);
    live_text_read(&text->live, live);
    diag_init(&text->diag);
    if (text->roster.result == 0 &&
        plan_build(&text->plan, &text->roster.desired, &text->live, &text->diag) == 0 &&
        plan_resolve(&text->plan, &text->live, &text->diag) == 0)
        return;
    fprintf(stderr, "%s\n",
            text->diag.count == 0 ? buf_text(&text->roster.report) : text->diag.items[0].message);
    abort();
}

static inline void plan_text_release(struct plan_text *text)
{
    plan_release(&text->plan);
    live_state_release(&text->live);
    diag_release(&text->diag);
    roster_text_release(&text->roster);
}

/* Parts of live states. The digit is a hexadecimal one. */
#define LIVE_SID(prefix, digit) prefix "0000000000000000000000000000000" digit
#define LIVE_SERVICE(digit, name) \
    "{\"sid\": \"" LIVE_SID("MG", digit) "\", \"friendly_name\": \"" name "\""
#define LIVE_NUMBER(digit)                                                           \
    "{\"sid\": \"" LIVE_SID("PN", digit) "\", \"phone_number\": \"+1500555000" digit \
                                         "\", \"capabilities\": [\"SMS\"]}"
#define LIVE_ALPHA(digit, name) \
    "{\"sid\": \"" LIVE_SID("AI", digit) "\", \"alpha_sender\": \"" name "\"}"

#endif
