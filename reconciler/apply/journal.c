#include "apply/journal.h"

#include "apply/journal_record.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROTATE_AT = 32 * 1024 * 1024, RUN_ID_LENGTH = 16 };

/* How every record, and so every journal, begins. */
static const char beginning[] = "{\"record\":\"";

struct journal {
    struct journal_config config;
    struct arena arena;
    const struct plan *plan;
    int descriptor;
    char run[RUN_ID_LENGTH + 1];
    struct buf pending; /* records that are not in the file yet */
    bool unsynced;      /* some in the file are not known to be on the disk */
    bool torn;          /* the file may end within a line */
    const char *problem;
};

const char *journal_step_name(enum step step)
{
    static const char *const names[] = {
        [STEP_DO] = "do",     [STEP_TAKE_OUT] = "take_out", [STEP_PUT_IN] = "put_in",
        [STEP_LOOK] = "look", [STEP_PUT_BACK] = "put_back",
    };
    return names[step];
}

static void note_problem(struct journal *journal, const char *what)
{
    if (journal->problem == NULL)
        journal->problem = arena_printf(&journal->arena, "cannot %s the journal %s: %s", what,
                                        journal->config.path, strerror(errno));
}

/* What failed is forgotten, but not what comes after it: it may still help. */
void journal_record_flush(struct journal *journal)
{
    if (journal->pending.size == 0)
        return;
    if (journal->pending.full) {
        errno = EFBIG;
        note_problem(journal, "write");
    } else if ((journal->torn && file_write_all(journal->descriptor, "\n", 1) != 0) ||
               file_write_all(journal->descriptor, journal->pending.data, journal->pending.size) !=
                   0) {
        note_problem(journal, "write");
        journal->torn = true;
    } else {
        journal->torn = false;
    }
    journal->unsynced = true;
    buf_clear(&journal->pending);
}

int journal_sync(struct journal *journal)
{
    journal_record_flush(journal);
    if (journal->unsynced && fdatasync(journal->descriptor) != 0)
        note_problem(journal, "sync");
    journal->unsynced = false;
    return journal->problem == NULL ? 0 : -1;
}

const char *journal_problem(const struct journal *journal)
{
    return journal->problem;
}

/* Adds the record, which it takes, as a line. */
void journal_record_add(struct journal *journal, json_t *record)
{
    if (json_text_add(&journal->pending, record, JSON_COMPACT) != 0) {
        errno = EINVAL;
        note_problem(journal, "write");
    }
    buf_add_char(&journal->pending, '\n');
    json_decref(record);
}

/* A text without what must not be shown, and as JSON can hold it; NULL adds nothing. */
void journal_record_text(const struct journal *journal, json_t *record, const char *key,
                         const char *text)
{
    struct arena scratch = {0};
    char *shown;

    if (text == NULL)
        return;
    shown = arena_strdup(&scratch, redact_text(journal->config.redactions, &scratch, text));
    shown[str_mask_passwords(shown, strlen(shown))] = '\0';
    json_object_set_new(record, key, json_text_string(shown));
    arena_release(&scratch);
}

json_t *journal_record_new(const struct journal *journal, const char *kind)
{
    char time[CLOCK_ISO_SIZE];

    return json_pack("{ssssss}", "record", kind, "run", journal->run, "time",
                     clock_iso(clock_wall(journal->config.clock), time));
}

static json_t *new_change_record(const struct journal *journal, const char *kind, size_t change)
{
    json_t *record = journal_record_new(journal, kind);

    json_object_set_new(record, "change", json_integer((json_int_t)change));
    return record;
}

void journal_record_origin(const struct journal *journal, json_t *record,
                           const struct plan_origin *origin)
{
    json_t *roster = json_object();

    json_object_set_new(record, "version", json_integer(JOURNAL_VERSION));
    journal_record_text(journal, record, "account", origin->account_sid);
    journal_record_text(journal, roster, "location", origin->location);
    journal_record_text(journal, roster, "sha256", origin->sha256);
    journal_record_text(journal, roster, "commit", origin->commit);
    journal_record_text(journal, roster, "author", origin->author);
    journal_record_text(journal, roster, "date", origin->date);
    json_object_set_new(record, "roster", roster);
    json_object_set_new(record, "process", json_integer((json_int_t)getpid()));
}

void journal_record_answer(const struct journal *journal, json_t *record,
                           const struct twilio_answer *answer)
{
    json_object_set_new(record, "status", json_integer(answer->status));
    if (answer->code != 0)
        json_object_set_new(record, "code", json_integer(answer->code));
    journal_record_text(journal, record, "request_id", answer->request_id);
    json_object_set_new(record, "duration_ms", json_integer(answer->duration_ms));
    json_object_set_new(record, "tries", json_integer(answer->attempts));
}

static void add_head(struct journal *journal, const struct plan *plan)
{
    json_t *record = journal_record_new(journal, "run");

    journal_record_origin(journal, record, &plan->origin);
    json_object_set_new(record, "changes", json_integer((json_int_t)plan->change_count));
    journal_record_add(journal, record);
}

/* The service, and the sender as it is written in the roster. */
static void set_object(const struct journal *journal, json_t *record, const struct change *change)
{
    journal_record_text(journal, record, "service", journal->plan->services[change->service].name);
    if (change_is_of_sender(change->kind))
        journal_record_text(journal, record, "sender",
                            change->written == NULL ? change->sender.identity : change->written);
}

static void add_planned(struct journal *journal, const struct plan *plan, size_t index)
{
    const struct change *change = &plan->changes[index];
    json_t *record = new_change_record(journal, "planned", index);

    journal_record_text(journal, record, "kind", change_kind_name(change->kind));
    set_object(journal, record, change);
    if (change_is_of_sender(change->kind)) {
        journal_record_text(journal, record, "sender_kind",
                            sender_types[change->sender_kind].label);
        /* What an addition makes a SID for gets another one when it is added again. */
        if (sender_types[change->sender_kind].origin != SENDER_MINTED)
            journal_record_text(journal, record, "sender_sid", change->sender.sid);
        journal_record_text(journal, record, "country",
                            change->country_written == NULL ? change->sender.country
                                                            : change->country_written);
    }
    if (change->kind == CHANGE_MOVE_SENDER)
        journal_record_text(journal, record, "from", plan->services[change->from].name);
    if (change->replaces != CHANGE_NONE)
        json_object_set_new(record, "replaces", json_integer((json_int_t)change->replaces));
    journal_record_add(journal, record);
}

int journal_begin(struct journal *journal, const struct plan *plan, struct diag *diag)
{
    size_t i;

    journal->plan = plan;
    add_head(journal, plan);
    for (i = 0; i < plan->change_count; i++)
        add_planned(journal, plan, i);
    if (journal_sync(journal) == 0)
        return 0;
    diag_error(diag, NULL, "%s", journal->problem);
    return -1;
}

void journal_intent(struct journal *journal, size_t change, enum step step, enum http_method method,
                    const char *path)
{
    json_t *record = new_change_record(journal, "intent", change);

    journal_record_text(journal, record, "step", journal_step_name(step));
    journal_record_text(journal, record, "method", http_method_name(method));
    journal_record_text(journal, record, "path", path);
    set_object(journal, record, &journal->plan->changes[change]);
    journal_record_add(journal, record);
}

void journal_outcome(struct journal *journal, size_t change, enum step step,
                     const struct twilio_answer *answer, enum verdict verdict)
{
    static const char *const verdicts[] = {
        [VERDICT_DONE] = "done",
        [VERDICT_FAILED] = "failed",
        [VERDICT_UNCLEAR] = "unclear",
    };
    json_t *record = new_change_record(journal, "outcome", change);

    journal_record_text(journal, record, "step", journal_step_name(step));
    journal_record_text(journal, record, "verdict", verdicts[verdict]);
    journal_record_answer(journal, record, answer);
    journal_record_add(journal, record);
    journal_record_flush(journal);
}

void journal_change(struct journal *journal, size_t change, const struct change_outcome *outcome)
{
    static const char *const states[] = {
        [CHANGE_WAITING] = "waiting",
        [CHANGE_RUNNING] = "running",
        [CHANGE_DONE] = "done",
        [CHANGE_FAILED] = "failed",
        [CHANGE_NOT_ATTEMPTED] = "not_attempted",
    };
    static const char *const put_back[] = {
        [PUT_BACK_NONE] = NULL,
        [PUT_BACK_DONE] = "done",
        [PUT_BACK_FAILED] = "failed",
    };
    json_t *record = new_change_record(journal, "change", change);

    journal_record_text(journal, record, "state",
                        outcome->unclear ? "unclear" : states[outcome->state]);
    journal_record_text(journal, record, "put_back", put_back[outcome->put_back]);
    journal_record_text(journal, record, "problem", outcome->problem);
    if (outcome->because_of != CHANGE_NONE)
        json_object_set_new(record, "because_of", json_integer((json_int_t)outcome->because_of));
    journal_record_add(journal, record);
    journal_record_flush(journal);
}

void journal_end(struct journal *journal, const struct execution *execution,
                 enum journal_result result)
{
    static const char *const stops[] = {
        [EXECUTION_WHOLE] = NULL,
        [EXECUTION_INTERRUPTED] = "interrupted",
        [EXECUTION_OUT_OF_TIME] = "out_of_time",
        [EXECUTION_UNRECORDED] = "journal",
    };
    static const char *const results[] = {
        [JOURNAL_UNVERIFIED] = "unverified",
        [JOURNAL_AS_ROSTER] = "as_roster",
        [JOURNAL_DIFFERS] = "differs",
    };
    json_t *record = journal_record_new(journal, "end");

    json_object_set_new(record, "done", json_integer((json_int_t)execution->done));
    json_object_set_new(record, "failed", json_integer((json_int_t)execution->failed));
    json_object_set_new(record, "not_attempted",
                        json_integer((json_int_t)execution->not_attempted));
    journal_record_text(journal, record, "stopped", stops[execution->stopped]);
    journal_record_text(journal, record, "result", results[result]);
    journal_record_add(journal, record);
    if (journal_sync(journal) != 0)
        return; /* journal_problem() tells */
}

/* A slip of the hand must not append to something else. After a power loss there may be zeros. */
static bool begins_as_journal(int descriptor, off_t size)
{
    char head[sizeof(beginning) - 1];
    size_t wanted = size < (off_t)sizeof(head) ? (size_t)size : sizeof(head);

    if (pread(descriptor, head, wanted, 0) != (ssize_t)wanted)
        return false;
    return wanted == 0 || head[0] == '\0' || memcmp(head, beginning, wanted) == 0;
}

static int open_file(const char *path, struct stat *info, struct diag *diag)
{
    int descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);

    if (descriptor < 0 || fstat(descriptor, info) != 0) {
        diag_error(diag, NULL, "cannot open the journal %s: %s", path, strerror(errno));
    } else if (!S_ISREG(info->st_mode)) {
        diag_error(diag, NULL, "%s is not a regular file, so it can't be a journal", path);
    } else if (!begins_as_journal(descriptor, info->st_size)) {
        diag_error(diag, NULL, "%s is not a journal", path);
        diag_help(diag, "name another file, or move that one away");
    } else {
        return descriptor;
    }
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

/* Opens the file, or when it is too large already, a new one in its place. */
static int open_or_rotate(const struct journal_config *config, struct stat *info, struct diag *diag)
{
    const size_t most = config->rotate_at == 0 ? ROTATE_AT : config->rotate_at;
    struct arena scratch = {0};
    int descriptor = open_file(config->path, info, diag), renamed;

    if (descriptor < 0 || info->st_size < (off_t)most)
        return descriptor;
    close(descriptor);
    renamed = rename(config->path, arena_printf(&scratch, "%s.1", config->path));
    arena_release(&scratch);
    if (renamed != 0) {
        diag_error(diag, NULL, "cannot rename the journal %s: %s", config->path, strerror(errno));
        return -1;
    }
    return open_file(config->path, info, diag);
}

struct journal *journal_open(const struct journal_config *config, struct diag *diag)
{
    struct journal *journal;
    struct random_state random;
    struct stat info;
    char last = '\n';
    int descriptor = open_or_rotate(config, &info, diag);

    if (descriptor < 0)
        return NULL;
    if ((info.st_size != 0 && pread(descriptor, &last, 1, info.st_size - 1) != 1) ||
        file_sync_folder(config->path) != 0) {
        diag_error(diag, NULL, "cannot read the journal %s: %s", config->path, strerror(errno));
        close(descriptor);
        return NULL;
    }
    journal = memory_zeroed(sizeof(*journal));
    journal->config = *config;
    journal->config.path = arena_strdup(&journal->arena, config->path);
    if (config->clock == NULL)
        journal->config.clock = &clock_system;
    journal->descriptor = descriptor;
    journal->torn = last != '\n';
    buf_init(&journal->pending, BUF_LIMIT_DEFAULT);
    random_init(&random);
    random_hex(&random, journal->run, RUN_ID_LENGTH);
    journal->run[RUN_ID_LENGTH] = '\0';
    return journal;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    close(journal->descriptor);
    buf_release(&journal->pending);
    arena_release(&journal->arena);
    free(journal);
}
