#include "apply/test_journal.h"

#include "apply/journal_record.h"

static json_t *new_record(const struct journal *journal, const char *kind, size_t message)
{
    json_t *record = journal_record_new(journal, kind);

    json_object_set_new(record, "send", json_integer((json_int_t)message));
    return record;
}

static void add_message(struct journal *journal, const struct test_run *run, size_t index)
{
    const struct test_message *message = &run->messages[index];
    json_t *record = new_record(journal, "send", index);

    journal_record_text(journal, record, "name", message->name);
    journal_record_text(journal, record, "service", message->service);
    journal_record_text(journal, record, "service_sid", message->service_sid);
    journal_record_text(journal, record, "to", message->to);
    journal_record_text(journal, record, "token", message->token);
    journal_record_add(journal, record);
}

int test_journal_begin(struct journal *journal, const struct test_run *run,
                       const struct plan_origin *origin, struct diag *diag)
{
    json_t *record = journal_record_new(journal, "tests");
    size_t i;

    journal_record_origin(journal, record, origin);
    json_object_set_new(record, "sends", json_integer((json_int_t)run->count));
    journal_record_add(journal, record);
    for (i = 0; i < run->count; i++)
        add_message(journal, run, i);
    if (journal_sync(journal) == 0)
        return 0;
    diag_error(diag, NULL, "%s", journal_problem(journal));
    return -1;
}

void test_journal_intent(struct journal *journal, const struct test_run *run, size_t message)
{
    (void)run;
    journal_record_add(journal, new_record(journal, "send_intent", message));
}

void test_journal_outcome(struct journal *journal, const struct test_run *run, size_t message,
                          const struct twilio_answer *answer, enum test_sending sending)
{
    static const char *const verdicts[] = {
        [TEST_SENT] = "sent",
        [TEST_REFUSED] = "refused",
        [TEST_LOST] = "unclear",
        [TEST_UNSENT] = "not_sent",
    };
    json_t *record = new_record(journal, "send_outcome", message);

    journal_record_text(journal, record, "verdict", verdicts[sending]);
    journal_record_text(journal, record, "message_sid", run->messages[message].facts.message.sid);
    journal_record_answer(journal, record, answer);
    journal_record_add(journal, record);
    journal_record_flush(journal);
}

void test_journal_found(struct journal *journal, const struct test_run *run, size_t message)
{
    json_t *record = new_record(journal, "send_found", message);

    journal_record_text(journal, record, "message_sid", run->messages[message].facts.message.sid);
    journal_record_add(journal, record);
    journal_record_flush(journal);
}

void test_journal_ended(struct journal *journal, const struct test_run *run, size_t message)
{
    const struct test_message *ended = &run->messages[message];
    json_t *record = new_record(journal, "send_end", message);

    journal_record_text(journal, record, "outcome", test_outcome_name(ended->outcome));
    journal_record_text(journal, record, "message_sid", ended->facts.message.sid);
    journal_record_text(journal, record, "status", ended->facts.message.status);
    journal_record_text(journal, record, "from", ended->facts.message.from);
    if (ended->facts.message.error_code != 0)
        json_object_set_new(record, "error_code",
                            json_integer((json_int_t)ended->facts.message.error_code));
    journal_record_text(journal, record, "problem", ended->problem);
    journal_record_add(journal, record);
    journal_record_flush(journal);
}

void test_journal_end(struct journal *journal, const struct test_run *run)
{
    static const char *const stops[] = {
        [TEST_WHOLE] = NULL,
        [TEST_INTERRUPTED] = "interrupted",
        [TEST_OUT_OF_TIME] = "out_of_time",
        [TEST_UNRECORDED] = "journal",
    };
    json_t *record = journal_record_new(journal, "tests_end");
    int outcome;

    for (outcome = 0; outcome < TEST_OUTCOME_COUNT; outcome++)
        json_object_set_new(record, test_outcome_name((enum test_outcome)outcome),
                            json_integer((json_int_t)run->outcomes[outcome]));
    journal_record_text(journal, record, "stopped", stops[run->stopped]);
    journal_record_add(journal, record);
    if (journal_sync(journal) != 0)
        return; /* journal_problem() tells */
}
