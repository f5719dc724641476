#include "apply/journal_run.h"

#include "apply/journal.h"
#include "apply/journal_lines.h"
#include "base/str.h"

#include <string.h>

const char *journal_state_name(enum journal_state state)
{
    static const char *const names[JOURNAL_STATE_COUNT] = {
        [JOURNAL_NOT_ATTEMPTED] = "not_attempted",
        [JOURNAL_DONE] = "done",
        [JOURNAL_FAILED] = "failed",
        [JOURNAL_UNCLEAR] = "unclear",
    };
    return names[state];
}

static const char *text_of(struct journal_run *run, const json_t *record, const char *key)
{
    return journal_text_of(record, key, &run->arena);
}

static int read_head(void *context, const json_t *record)
{
    struct journal_run *run = context;
    const json_t *roster = json_object_get(record, "roster");

    run->id = text_of(run, record, "run");
    if (run->id == NULL || !journal_record_is(record, "run") ||
        journal_number_of(record, "version", 0) != JOURNAL_VERSION)
        return -1;
    run->begun = run->last_record = text_of(run, record, "time");
    run->account = text_of(run, record, "account");
    run->location = text_of(run, roster, "location");
    run->sha256 = text_of(run, roster, "sha256");
    run->commit = text_of(run, roster, "commit");
    run->author = text_of(run, roster, "author");
    run->date = text_of(run, roster, "date");
    run->process = journal_number_of(record, "process", 0);
    run->changes = journal_number_of(record, "changes", 0);
    return 0;
}

/* They are written in their order. */
static void read_planned(struct journal_run *run, const json_t *record)
{
    struct journal_entry *entry;

    if (journal_number_of(record, "change", -1) != (int64_t)run->count)
        return;
    run->entries =
        arena_grow(&run->arena, run->entries, run->count, &run->capacity, sizeof(*run->entries));
    entry = &run->entries[run->count++];
    *entry = (struct journal_entry){.because_of = -1};
    entry->kind = text_of(run, record, "kind");
    entry->service = text_of(run, record, "service");
    entry->sender_kind = text_of(run, record, "sender_kind");
    entry->sender = text_of(run, record, "sender");
    entry->sender_sid = text_of(run, record, "sender_sid");
    entry->country = text_of(run, record, "country");
    entry->from = text_of(run, record, "from");
    entry->replaces = journal_number_of(record, "replaces", -1);
    /* What is replaced stands before it. */
    if (entry->replaces < 0 || entry->replaces >= (int64_t)run->count - 1)
        entry->replaces = -1;
}

static void read_intent(struct journal_run *run, struct journal_entry *entry, const json_t *record)
{
    entry->step = text_of(run, record, "step");
    entry->sent_at = text_of(run, record, "time");
    entry->answered = false;
    entry->verdict = entry->request_id = NULL;
    entry->status = entry->code = entry->duration_ms = entry->tries = 0;
    /* After the first half, the sender is out until another outcome says otherwise. */
    if (str_equal(entry->step, "take_out"))
        entry->out_of_place = true;
}

static void read_outcome(struct journal_run *run, struct journal_entry *entry, const json_t *record)
{
    bool done;

    entry->step = text_of(run, record, "step");
    entry->answered = true;
    entry->verdict = text_of(run, record, "verdict");
    entry->request_id = text_of(run, record, "request_id");
    entry->status = journal_number_of(record, "status", 0);
    entry->code = journal_number_of(record, "code", 0);
    entry->duration_ms = journal_number_of(record, "duration_ms", 0);
    entry->tries = journal_number_of(record, "tries", 0);
    done = str_equal(entry->verdict, "done");
    if (str_equal(entry->step, "take_out"))
        entry->out_of_place = !str_equal(entry->verdict, "failed");
    else if (done)
        entry->out_of_place = false;
}

static void read_end_of_change(struct journal_run *run, struct journal_entry *entry,
                               const json_t *record)
{
    const char *state = json_string_value(json_object_get(record, "state"));
    size_t i;

    for (i = 0; i < JOURNAL_STATE_COUNT; i++) {
        if (!str_equal(state, journal_state_name((enum journal_state)i)))
            continue;
        entry->state = (enum journal_state)i;
        entry->concluded = true;
    }
    entry->problem = text_of(run, record, "problem");
    entry->because_of = journal_number_of(record, "because_of", -1);
    if (entry->because_of >= (int64_t)run->count)
        entry->because_of = -1;
    entry->out_of_place =
        str_equal(json_string_value(json_object_get(record, "put_back")), "failed");
}

static void read_of_change(struct journal_run *run, const json_t *record)
{
    int64_t index = journal_number_of(record, "change", -1);
    struct journal_entry *entry;

    if (index < 0 || index >= (int64_t)run->count)
        return;
    entry = &run->entries[index];
    if (journal_record_is(record, "intent"))
        read_intent(run, entry, record);
    else if (journal_record_is(record, "outcome"))
        read_outcome(run, entry, record);
    else if (journal_record_is(record, "change"))
        read_end_of_change(run, entry, record);
}

static int read_record(void *context, const json_t *record)
{
    struct journal_run *run = context;

    if (!str_equal(json_string_value(json_object_get(record, "run")), run->id))
        return 0;
    run->last_record = text_of(run, record, "time");
    if (journal_record_is(record, "planned")) {
        read_planned(run, record);
    } else if (journal_record_is(record, "end")) {
        run->ended = text_of(run, record, "time");
        run->stopped = text_of(run, record, "stopped");
        run->result = text_of(run, record, "result");
    } else {
        read_of_change(run, record);
    }
    return 0;
}

/* What the requests say of a change that has no end; what it replaces was concluded before. */
static void conclude(const struct journal_run *run, struct journal_entry *entry)
{
    const struct journal_entry *removal =
        entry->replaces < 0 ? NULL : &run->entries[entry->replaces];

    if (entry->concluded)
        return;
    if (entry->step == NULL) {
        entry->state = JOURNAL_NOT_ATTEMPTED;
    } else if (!entry->answered || str_equal(entry->verdict, "unclear")) {
        entry->state = JOURNAL_UNCLEAR;
    } else if (str_equal(entry->step, "do") || str_equal(entry->step, "put_in")) {
        entry->state = str_equal(entry->verdict, "done") ? JOURNAL_DONE : JOURNAL_FAILED;
    } else {
        /* A move that got no further than out, or back. */
        entry->state = entry->out_of_place ? JOURNAL_UNCLEAR : JOURNAL_FAILED;
    }
    if (removal != NULL && removal->state == JOURNAL_DONE && entry->state != JOURNAL_DONE)
        entry->out_of_place =
            !str_equal(entry->step, "put_back") || !str_equal(entry->verdict, "done");
}

int journal_run_read(struct journal_run *run, const char *text, size_t size)
{
    size_t next, i;

    if (journal_find_last(text, size, "run", read_head, run, &run->begins_at, &next) != 0)
        return -1;
    run->unreadable = journal_read_from(text, size, next, read_record, run);
    for (i = 0; i < run->count; i++) {
        conclude(run, &run->entries[i]);
        run->states[run->entries[i].state]++;
    }
    return 0;
}

void journal_run_release(struct journal_run *run)
{
    arena_release(&run->arena);
    memset(run, 0, sizeof(*run));
}
