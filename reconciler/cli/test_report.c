#include "cli/test_report.h"

#include "base/arena.h"
#include "base/str.h"
#include "twilio/message_error.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Appends a text for people, without what must not be shown. */
static void add_shown(struct buf *out, const struct redactions *redactions, const char *text)
{
    struct arena scratch = {0};
    const char *shown = redact_text(redactions, &scratch, text);

    str_add_visible(out, shown, strlen(shown));
    arena_release(&scratch);
}

static void add_seconds(struct buf *out, int64_t ms)
{
    buf_printf(out, "%" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
}

bool test_report_add_error(struct buf *out, const struct message *message)
{
    const struct message_error *error = message_error_find(message->error_code);

    if (message->error_code == 0)
        return false;
    buf_printf(out, "error %" PRId64, message->error_code);
    if (error != NULL)
        buf_printf(out, ": %s", error->meaning);
    else if (message->error_message != NULL) {
        buf_add_text(out, ": ");
        str_add_visible(out, message->error_message, strlen(message->error_message));
    }
    return true;
}

void test_report_add_history(struct buf *out, const struct test_message *message)
{
    size_t i;

    for (i = 0; i < message->history_count; i++) {
        const struct test_status *status = &message->history[i];
        enum test_source first = test_status_first(status);
        buf_add_text(out, i == 0 ? "" : ", ");
        str_add_visible(out, status->status, strlen(status->status));
        buf_add_char(out, ' ');
        add_seconds(out, status->after_ms[first]);
        if (first == TEST_BY_CALLBACK)
            buf_add_text(out, " (callback)");
    }
}

/* "+447700900123 through Order notifications, from ACMEUK: delivered, 1 segment, 0.0075 USD" */
static void add_line(struct buf *out, const struct test_message *message,
                     const struct redactions *redactions)
{
    const struct message *known = &message->facts.message;

    buf_add_text(out, "    to ");
    add_shown(out, redactions, message->to);
    buf_add_text(out, " through ");
    add_shown(out, redactions, message->service);
    if (known->from != NULL) {
        buf_add_text(out, ", from ");
        add_shown(out, redactions, known->from);
        if (message->facts.country != NULL)
            buf_printf(out, " (%s)", message->facts.country);
    }
    if (known->segments != 0)
        buf_printf(out, ", %" PRId64 " segment%s", known->segments,
                   known->segments == 1 ? "" : "s");
    if (known->price != NULL) {
        buf_add_text(out, ", ");
        str_add_visible(out, known->price, strlen(known->price));
        buf_printf(out, " %s", known->price_unit == NULL ? "" : known->price_unit);
    }
    buf_add_char(out, '\n');
    if (message->history_count != 0) {
        buf_add_text(out, "    ");
        test_report_add_history(out, message);
        buf_printf(out, ": %s\n", known->sid);
    }
}

static void add_mismatches(struct buf *out, const struct test_message *message,
                           const struct redactions *redactions)
{
    size_t i;

    for (i = 0; i < message->mismatch_count; i++) {
        const struct test_mismatch *mismatch = &message->mismatches[i];
        buf_printf(out, "    expected %s ", mismatch->key);
        add_shown(out, redactions, mismatch->expected);
        buf_add_text(out, ", got ");
        add_shown(out, redactions, mismatch->actual);
        buf_add_char(out, '\n');
    }
}

static void add_trouble(struct buf *out, const struct test_message *message,
                        const struct redactions *redactions)
{
    struct buf error;

    buf_init(&error, 64 * 1024);
    if (message->problem != NULL) {
        buf_add_text(out, "    ");
        add_shown(out, redactions, message->problem);
        buf_add_char(out, '\n');
    }
    if (test_report_add_error(&error, &message->facts.message))
        buf_printf(out, "    %s\n", buf_text(&error));
    if (message->outcome != TEST_PASSED && message->outcome != TEST_NOT_SENT)
        add_mismatches(out, message, redactions);
    if (message->outcome == TEST_UNCLEAR)
        buf_printf(out,
                   "    it may have been sent, and was not %s by its token %s; nothing was sent "
                   "again\n",
                   message->searched ? "found" : "searched for", message->token);
    if (message->outcome != TEST_PASSED && message->hint != NULL)
        buf_printf(out, "    help: %s\n", message->hint);
    buf_release(&error);
}

/* What all messages together were. */
static void add_summary(struct buf *out, const struct test_run *run)
{
    static const enum test_outcome order[] = {TEST_PASSED, TEST_FAILED, TEST_UNCONFIRMED,
                                              TEST_UNCLEAR, TEST_NOT_SENT};
    int64_t segments = 0;
    size_t i;

    buf_add_text(out, "\nTest sends: ");
    for (i = 0; i < COUNT_OF(order); i++)
        buf_printf(out, "%s%zu %s", i == 0 ? "" : ", ", run->outcomes[order[i]],
                   test_outcome_words(order[i]));
    for (i = 0; i < run->count; i++)
        segments += run->messages[i].facts.message.segments;
    buf_printf(out, "; %" PRId64 " segment%s.\n", segments, segments == 1 ? "" : "s");
}

/* Which came first, where callbacks were listened for. */
static void add_sources(struct buf *out, const struct test_run *run)
{
    size_t called = 0, first = 0, all = 0, i, j;

    for (i = 0; i < run->count; i++)
        for (j = 0; j < run->messages[i].history_count; j++) {
            const struct test_status *status = &run->messages[i].history[j];
            if (status->after_ms[TEST_BY_ANSWER] >= 0)
                continue;
            all++;
            called += status->after_ms[TEST_BY_CALLBACK] >= 0;
            first += test_status_first(status) == TEST_BY_CALLBACK;
        }
    if (called != 0)
        buf_printf(out,
                   "Callbacks: of %zu statuses after the first, %zu were called back, %zu of them "
                   "before they were seen.\n",
                   all, called, first);
}

void test_report_text(const struct test_run *run, const struct redactions *redactions,
                      struct buf *out)
{
    size_t i;

    for (i = 0; i < run->count; i++) {
        const struct test_message *message = &run->messages[i];
        buf_printf(out, "%s: ", test_outcome_words(message->outcome));
        add_shown(out, redactions, message->name);
        buf_add_char(out, '\n');
        add_line(out, message, redactions);
        add_trouble(out, message, redactions);
    }
    add_summary(out, run);
    add_sources(out, run);
}
