#include "cli/test_report.h"

#include "base/arena.h"
#include "base/json_text.h"
#include "twilio/message_error.h"

#include <string.h>

enum { VERSION = 1 };

/* A text as JSON, without what must not be shown; null for NULL. */
static json_t *shown(const struct redactions *redactions, const char *text)
{
    struct arena scratch = {0};
    json_t *value;

    if (text == NULL)
        return json_null();
    value = json_string(redact_text(redactions, &scratch, text));
    arena_release(&scratch);
    return value == NULL ? json_string("?") : value; /* not UTF-8 */
}

static json_t *milliseconds(int64_t ms)
{
    return ms < 0 ? json_null() : json_integer((json_int_t)ms);
}

static json_t *number(int64_t value)
{
    return value == 0 ? json_null() : json_integer((json_int_t)value);
}

static json_t *history_of(const struct test_message *message)
{
    static const char *const keys[] = {
        [TEST_BY_ANSWER] = "answer_ms",
        [TEST_BY_POLL] = "poll_ms",
        [TEST_BY_CALLBACK] = "callback_ms",
    };
    json_t *history = json_array();
    size_t i;
    int source;

    for (i = 0; i < message->history_count; i++) {
        const struct test_status *status = &message->history[i];
        json_t *entry = json_object();
        json_object_set_new(entry, "status", shown(NULL, status->status));
        for (source = 0; source < TEST_SOURCE_COUNT; source++)
            json_object_set_new(entry, keys[source], milliseconds(status->after_ms[source]));
        json_object_set_new(entry, "first",
                            json_string(test_source_name(test_status_first(status))));
        json_array_append_new(history, entry);
    }
    return history;
}

static json_t *mismatches_of(const struct test_message *message,
                             const struct redactions *redactions)
{
    json_t *mismatches = json_array();
    size_t i;

    for (i = 0; i < message->mismatch_count && message->outcome != TEST_PASSED; i++) {
        const struct test_mismatch *mismatch = &message->mismatches[i];
        json_array_append_new(mismatches, json_pack("{ss so so}", "key", mismatch->key, "expected",
                                                    shown(redactions, mismatch->expected), "actual",
                                                    shown(redactions, mismatch->actual)));
    }
    return mismatches;
}

static json_t *send_of(const struct test_message *message, const struct redactions *redactions)
{
    const struct message *known = &message->facts.message;
    const struct message_error *error = message_error_find(known->error_code);
    json_t *send = json_object();

    json_object_set_new(send, "name", shown(redactions, message->name));
    json_object_set_new(send, "service", shown(redactions, message->service));
    json_object_set_new(send, "service_sid", shown(redactions, message->service_sid));
    json_object_set_new(send, "to", shown(redactions, message->to));
    json_object_set_new(send, "outcome", json_string(test_outcome_name(message->outcome)));
    json_object_set_new(send, "message_sid", shown(redactions, known->sid));
    json_object_set_new(send, "status", shown(redactions, known->status));
    json_object_set_new(send, "from", shown(redactions, known->from));
    json_object_set_new(send, "country", shown(redactions, message->facts.country));
    json_object_set_new(send, "segments", number(known->segments));
    json_object_set_new(send, "price", shown(redactions, known->price));
    json_object_set_new(send, "price_unit", shown(redactions, known->price_unit));
    json_object_set_new(send, "error_code", number(known->error_code));
    json_object_set_new(send, "error_meaning",
                        shown(redactions, error == NULL ? known->error_message : error->meaning));
    json_object_set_new(send, "problem", shown(redactions, message->problem));
    json_object_set_new(send, "help",
                        shown(redactions, message->outcome == TEST_PASSED ? NULL : message->hint));
    json_object_set_new(send, "duration_ms", milliseconds(message->took_ms));
    json_object_set_new(send, "mismatches", mismatches_of(message, redactions));
    json_object_set_new(send, "history", history_of(message));
    return send;
}

void test_report_json(const struct test_run *run, const char *account_sid,
                      const struct redactions *redactions, struct buf *out)
{
    json_t *document = json_object(), *sends = json_array(), *summary = json_object();
    size_t i;
    int outcome;

    for (i = 0; i < run->count; i++)
        json_array_append_new(sends, send_of(&run->messages[i], redactions));
    for (outcome = 0; outcome < TEST_OUTCOME_COUNT; outcome++)
        json_object_set_new(summary, test_outcome_name((enum test_outcome)outcome),
                            json_integer((json_int_t)run->outcomes[outcome]));
    json_object_set_new(document, "version", json_integer(VERSION));
    json_object_set_new(document, "account_sid", json_string(account_sid));
    json_object_set_new(document, "sends", sends);
    json_object_set_new(document, "summary", summary);
    json_text_add_document(out, document);
    json_decref(document);
}
