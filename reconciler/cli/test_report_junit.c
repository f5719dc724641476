#include "cli/test_report.h"

#include "base/arena.h"
#include "base/str.h"
#include "render/html_escape.h"

#include <inttypes.h>
#include <string.h>

/* What is said of a suite, or of all. */
struct tally {
    size_t tests, failures, errors, skipped;
    int64_t took_ms;
};

/* What says nothing of the configuration: the API was not reached, or its answer was lost. */
static bool is_error(const struct test_message *message)
{
    return message->outcome == TEST_UNCLEAR ||
           (message->outcome == TEST_NOT_SENT && message->problem != NULL);
}

static void count(struct tally *tally, const struct test_message *message)
{
    tally->tests++;
    tally->failures += message->outcome == TEST_FAILED || message->outcome == TEST_UNCONFIRMED;
    tally->errors += is_error(message);
    tally->skipped += message->outcome == TEST_NOT_SENT && !is_error(message);
    tally->took_ms += message->took_ms;
}

/* Escaped as in HTML, which has the same rules and more. */
static void add_shown(struct buf *out, const struct redactions *redactions, const char *text)
{
    struct arena scratch = {0};

    html_add_text(out, redact_text(redactions, &scratch, text));
    arena_release(&scratch);
}

static void add_tally(struct buf *out, const struct tally *tally)
{
    buf_printf(
        out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%" PRId64 ".%03" PRId64 "\"",
        tally->tests, tally->failures, tally->errors, tally->took_ms / 1000, tally->took_ms % 1000);
}

/* One line on what is wrong. */
static void add_message(struct buf *out, const struct test_message *message,
                        const struct redactions *redactions)
{
    struct buf error;
    size_t i;

    buf_init(&error, 64 * 1024);
    if (test_report_add_error(&error, &message->facts.message)) {
        add_shown(out, redactions, buf_text(&error));
        buf_add_text(out, message->mismatch_count == 0 ? "" : "; ");
    }
    for (i = 0; i < message->mismatch_count; i++) {
        buf_printf(out, "%sexpected %s ", i == 0 ? "" : "; ", message->mismatches[i].key);
        add_shown(out, redactions, message->mismatches[i].expected);
        buf_add_text(out, ", got ");
        add_shown(out, redactions, message->mismatches[i].actual);
    }
    buf_release(&error);
}

static void add_trouble(struct buf *out, const struct test_message *message,
                        const struct redactions *redactions)
{
    const char *element = is_error(message) ? "error" : "failure";

    if (message->outcome == TEST_PASSED)
        return;
    if (message->outcome == TEST_NOT_SENT && !is_error(message)) {
        buf_add_text(out, "      <skipped message=\"it was not sent\"/>\n");
        return;
    }
    buf_printf(out, "      <%s type=\"%s\" message=\"", element,
               test_outcome_name(message->outcome));
    if (message->outcome == TEST_UNCLEAR)
        buf_add_text(out, "it may have been sent, and was not found");
    else if (message->outcome == TEST_NOT_SENT)
        buf_add_text(out, "it was not sent");
    else
        add_message(out, message, redactions);
    buf_add_text(out, "\">");
    if (message->problem != NULL)
        add_shown(out, redactions, message->problem);
    if (message->problem != NULL && message->hint != NULL)
        buf_add_char(out, '\n');
    if (message->hint != NULL)
        add_shown(out, redactions, message->hint);
    buf_printf(out, "</%s>\n", element);
}

static void add_case(struct buf *out, const struct test_message *message,
                     const struct redactions *redactions)
{
    struct buf history;

    buf_add_text(out, "    <testcase classname=\"");
    add_shown(out, redactions, message->service);
    buf_add_text(out, "\" name=\"");
    add_shown(out, redactions, message->name);
    buf_printf(out, "\" time=\"%" PRId64 ".%03" PRId64 "\">\n", message->took_ms / 1000,
               message->took_ms % 1000);
    add_trouble(out, message, redactions);
    buf_init(&history, 64 * 1024);
    test_report_add_history(&history, message);
    buf_add_text(out, "      <system-out>");
    buf_add_text(out, "to ");
    add_shown(out, redactions, message->to);
    if (message->facts.message.from != NULL) {
        buf_add_text(out, " from ");
        add_shown(out, redactions, message->facts.message.from);
    }
    if (history.size != 0) {
        buf_printf(out, ", %s: ", message->facts.message.sid);
        html_add_text(out, buf_text(&history));
    }
    buf_add_text(out, "</system-out>\n    </testcase>\n");
    buf_release(&history);
}

/* Whether a message before this one goes through the same service. */
static bool is_repeated(const struct test_run *run, size_t index)
{
    size_t i;

    for (i = 0; i < index; i++)
        if (strcmp(run->messages[i].service, run->messages[index].service) == 0)
            return true;
    return false;
}

static void add_suite(struct buf *out, const struct test_run *run, size_t first,
                      const struct redactions *redactions)
{
    const char *service = run->messages[first].service;
    struct tally tally = {0};
    size_t i;

    for (i = first; i < run->count; i++)
        if (strcmp(run->messages[i].service, service) == 0)
            count(&tally, &run->messages[i]);
    buf_add_text(out, "  <testsuite name=\"");
    add_shown(out, redactions, service);
    buf_add_char(out, '"');
    add_tally(out, &tally);
    buf_printf(out, " skipped=\"%zu\">\n", tally.skipped);
    for (i = first; i < run->count; i++)
        if (strcmp(run->messages[i].service, service) == 0)
            add_case(out, &run->messages[i], redactions);
    buf_add_text(out, "  </testsuite>\n");
}

void test_report_junit(const struct test_run *run, const struct redactions *redactions,
                       struct buf *out)
{
    struct tally tally = {0};
    size_t i;

    for (i = 0; i < run->count; i++)
        count(&tally, &run->messages[i]);
    buf_add_text(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"roster test\"");
    add_tally(out, &tally);
    buf_add_text(out, ">\n");
    for (i = 0; i < run->count; i++)
        if (!is_repeated(run, i))
            add_suite(out, run, i, redactions);
    buf_add_text(out, "</testsuites>\n");
}
