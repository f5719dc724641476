#include "apply/test_journal_run.h"

#include "apply/journal.h"
#include "apply/journal_lines.h"
#include "base/str.h"

#include <string.h>

static const char *text_of(struct journal_tests *tests, const json_t *record, const char *key)
{
    return journal_text_of(record, key, &tests->arena);
}

static int read_head(void *context, const json_t *record)
{
    struct journal_tests *tests = context;

    tests->id = text_of(tests, record, "run");
    if (tests->id == NULL || journal_number_of(record, "version", 0) != JOURNAL_VERSION)
        return -1;
    tests->begun = tests->last_record = text_of(tests, record, "time");
    tests->account = text_of(tests, record, "account");
    tests->location = text_of(tests, json_object_get(record, "roster"), "location");
    tests->process = journal_number_of(record, "process", 0);
    tests->announced = journal_number_of(record, "sends", 0);
    return 0;
}

/* They are written in their order. */
static void read_send(struct journal_tests *tests, const json_t *record)
{
    struct journal_send *send;

    if (journal_number_of(record, "send", -1) != (int64_t)tests->count)
        return;
    tests->sends = arena_grow(&tests->arena, tests->sends, tests->count, &tests->capacity,
                              sizeof(*tests->sends));
    send = &tests->sends[tests->count++];
    *send = (struct journal_send){
        .name = text_of(tests, record, "name"),
        .service = text_of(tests, record, "service"),
        .to = text_of(tests, record, "to"),
        .token = text_of(tests, record, "token"),
    };
}

static void read_of_send(struct journal_tests *tests, struct journal_send *send,
                         const json_t *record)
{
    const char *sid = text_of(tests, record, "message_sid");

    if (sid != NULL)
        send->message_sid = sid;
    if (journal_record_is(record, "send_intent")) {
        send->sent_at = text_of(tests, record, "time");
    } else if (journal_record_is(record, "send_outcome")) {
        send->verdict = text_of(tests, record, "verdict");
    } else if (journal_record_is(record, "send_found")) {
        send->verdict = "sent";
    } else if (journal_record_is(record, "send_end")) {
        send->outcome = text_of(tests, record, "outcome");
        send->status = text_of(tests, record, "status");
        send->from = text_of(tests, record, "from");
        send->problem = text_of(tests, record, "problem");
        send->error_code = journal_number_of(record, "error_code", 0);
    }
}

static int read_record(void *context, const json_t *record)
{
    struct journal_tests *tests = context;
    int64_t index = journal_number_of(record, "send", -1);

    if (!str_equal(json_string_value(json_object_get(record, "run")), tests->id))
        return 0;
    tests->last_record = text_of(tests, record, "time");
    if (journal_record_is(record, "send")) {
        read_send(tests, record);
    } else if (journal_record_is(record, "tests_end")) {
        tests->ended = text_of(tests, record, "time");
        tests->stopped = text_of(tests, record, "stopped");
    } else if (index >= 0 && index < (int64_t)tests->count) {
        read_of_send(tests, &tests->sends[index], record);
    }
    return 0;
}

static void conclude(struct journal_send *send)
{
    if (send->outcome != NULL)
        return;
    if (send->sent_at == NULL || str_equal(send->verdict, "not_sent"))
        send->outcome = "not_sent";
    else if (str_equal(send->verdict, "sent"))
        send->outcome = "unconfirmed";
    else
        send->outcome = str_equal(send->verdict, "refused") ? "failed" : "unclear";
}

int journal_tests_read(struct journal_tests *tests, const char *text, size_t size)
{
    size_t next, i;

    if (journal_find_last(text, size, "tests", read_head, tests, &tests->begins_at, &next) != 0)
        return -1;
    (void)journal_read_from(text, size, next, read_record, tests);
    for (i = 0; i < tests->count; i++)
        conclude(&tests->sends[i]);
    return 0;
}

void journal_tests_release(struct journal_tests *tests)
{
    arena_release(&tests->arena);
    memset(tests, 0, sizeof(*tests));
}
