#include "apply/journal_run.h"

#include "apply/journal.h"
#include "base/str.h"

#include <string.h>

static const char head_beginning[] = "{\"record\":\"run\"";

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
    return arena_strdup(&run->arena, json_string_value(json_object_get(record, key)));
}

static int64_t number_of(const json_t *record, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(record, key);

    return json_is_integer(value) ? (int64_t)json_integer_value(value) : otherwise;
}

static bool record_is(const json_t *record, const char *kind)
{
    return str_equal(json_string_value(json_object_get(record, "record")), kind);
}

static int read_head(struct journal_run *run, const json_t *record)
{
    const json_t *roster = json_object_get(record, "roster");

    run->id = text_of(run, record, "run");
    if (run->id == NULL || !record_is(record, "run") ||
        number_of(record, "version", 0) != JOURNAL_VERSION)
        return -1;
    run->begun = run->last_record = text_of(run, record, "time");
    run->account = text_of(run, record, "account");
    run->location = text_of(run, roster, "location");
    run->sha256 = text_of(run, roster, "sha256");
    run->commit = text_of(run, roster, "commit");
    run->author = text_of(run, roster, "author");
    run->date = text_of(run, roster, "date");
    run->process = number_of(record, "process", 0);
    run->changes = number_of(record, "changes", 0);
    return 0;
}

/* They are written in their order. */
static void read_planned(struct journal_run *run, const json_t *record)
{
    struct journal_entry *entry;

    if (number_of(record, "change", -1) != (int64_t)run->count)
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
    entry->replaces = number_of(record, "replaces", -1);
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
    entry->status = number_of(record, "status", 0);
    entry->code = number_of(record, "code", 0);
    entry->duration_ms = number_of(record, "duration_ms", 0);
    entry->tries = number_of(record, "tries", 0);
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
    entry->because_of = number_of(record, "because_of", -1);
    if (entry->because_of >= (int64_t)run->count)
        entry->because_of = -1;
    entry->out_of_place =
        str_equal(json_string_value(json_object_get(record, "put_back")), "failed");
}

static void read_of_change(struct journal_run *run, const json_t *record)
{
    int64_t index = number_of(record, "change", -1);
    struct journal_entry *entry;

    if (index < 0 || index >= (int64_t)run->count)
        return;
    entry = &run->entries[index];
    if (record_is(record, "intent"))
        read_intent(run, entry, record);
    else if (record_is(record, "outcome"))
        read_outcome(run, entry, record);
    else if (record_is(record, "change"))
        read_end_of_change(run, entry, record);
}

static void read_record(struct journal_run *run, const json_t *record)
{
    if (!str_equal(json_string_value(json_object_get(record, "run")), run->id))
        return;
    run->last_record = text_of(run, record, "time");
    if (record_is(record, "planned")) {
        read_planned(run, record);
    } else if (record_is(record, "end")) {
        run->ended = text_of(run, record, "time");
        run->stopped = text_of(run, record, "stopped");
        run->result = text_of(run, record, "result");
    } else {
        read_of_change(run, record);
    }
}

/* Where the line that ends at `end` begins. */
static size_t line_start(const char *text, size_t end)
{
    while (end > 0 && text[end - 1] != '\n')
        end--;
    return end;
}

/* The last line that begins a run: where it starts, and in `*next` where the one after it does. */
static int find_head(struct journal_run *run, const char *text, size_t size, size_t *next)
{
    size_t start, end = size, length;

    for (;;) {
        start = line_start(text, end);
        length = end - start;
        if (length >= sizeof(head_beginning) - 1 &&
            memcmp(text + start, head_beginning, sizeof(head_beginning) - 1) == 0) {
            json_t *record = json_loadb(text + start, length, JSON_REJECT_DUPLICATES, NULL);
            int result = json_is_object(record) ? read_head(run, record) : -1;
            json_decref(record);
            *next = end;
            if (result == 0)
                return 0;
        }
        if (start == 0)
            return -1;
        end = start - 1;
    }
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

static void read_lines(struct journal_run *run, const char *text, size_t size, size_t at)
{
    while (at < size) {
        const char *line = text + at, *end = memchr(line, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - line);
        json_t *record =
            length == 0 ? NULL : json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);

        if (json_is_object(record))
            read_record(run, record);
        else if (length != 0)
            run->unreadable++;
        json_decref(record);
        at += length + 1;
    }
}

int journal_run_read(struct journal_run *run, const char *text, size_t size)
{
    size_t next, i;

    if (find_head(run, text, size, &next) != 0)
        return -1;
    read_lines(run, text, size, next);
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
