#include "cli/commands.h"
#include "cli/journal_tests.h"
#include "cli/state_folder.h"
#include "cli/terminal.h"

#include "apply/journal_run.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/str.h"
#include "render/words.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Which is newer; the name decides between those of one time, so that the answer is always one. */
static bool is_newer(const struct stat *a, const char *a_name, const struct stat *b,
                     const char *b_name)
{
    if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
        return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
    if (a->st_mtim.tv_nsec != b->st_mtim.tv_nsec)
        return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
    return strcmp(a_name, b_name) > 0;
}

/* The journal in the folder that was written last; NULL when there is none. */
static const char *find_newest(const char *folder, struct arena *arena)
{
    DIR *entries = opendir(folder);
    struct dirent *entry;
    struct stat newest = {0}, info;
    const char *found = NULL;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        if (!str_ends_with(path, ".jsonl") || stat(path, &info) != 0 || !S_ISREG(info.st_mode))
            continue;
        if (found != NULL && !is_newer(&info, path, &newest, found))
            continue;
        newest = info;
        found = path;
    }
    if (entries != NULL)
        closedir(entries);
    return found;
}

/* The file that the command is about; reports and returns NULL when there is none. */
static const char *find_journal(const struct options *options, struct arena *arena,
                                struct diag *diag)
{
    const char *account = getenv("TWILIO_ACCOUNT_SID"), *folder, *path, *tests;
    struct stat info, tests_info;

    if (options->argument_count != 0)
        return options->arguments[0];
    folder = state_folder(getenv, arena, diag);
    if (folder == NULL)
        return NULL;
    if (account != NULL && str_is_sid(account, "AC")) {
        path = state_file(folder, account, "jsonl", arena);
        tests = state_file(folder, account, "tests.jsonl", arena);
        if (stat(tests, &tests_info) == 0 &&
            (stat(path, &info) != 0 || is_newer(&tests_info, tests, &info, path)))
            return tests;
        if (stat(path, &info) == 0)
            return path;
        diag_error(diag, NULL, "there is no journal of account %s in %s", account, folder);
    } else {
        path = find_newest(folder, arena);
        if (path != NULL)
            return path;
        diag_error(diag, NULL, "there is no journal in %s", folder);
    }
    diag_help(diag, "apply keeps one there; one kept by apply --journal FILE is to be named");
    return NULL;
}

static void add_visible(struct buf *out, const char *text)
{
    if (text != NULL)
        str_add_visible(out, text, strlen(text));
    else
        buf_add_char(out, '?');
}

/* "Order notifications: move phone number +1... from Marketing" */
static void add_entry(const struct journal_entry *entry, struct buf *out)
{
    const char *verb = entry->kind;
    size_t kind;

    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        if (str_equal(entry->kind, change_kind_name((enum change_kind)kind)))
            verb = words_verb((enum change_kind)kind);
    add_visible(out, entry->service);
    buf_add_text(out, ": ");
    add_visible(out, verb);
    if (entry->sender != NULL) {
        buf_add_char(out, ' ');
        add_visible(out, entry->sender_kind);
        buf_add_char(out, ' ');
        add_visible(out, entry->sender);
    }
    if (!str_is_empty(entry->country)) {
        buf_add_text(out, " (");
        add_visible(out, entry->country);
        buf_add_char(out, ')');
    }
    if (entry->from != NULL) {
        buf_add_text(out, " from ");
        add_visible(out, entry->from);
    }
}

/* The request that a change was left with. */
static void add_last_request(const struct journal_entry *entry, struct buf *out)
{
    static const char *const words[][2] = {
        {"do", "the request"},
        {"take_out", "taking it out"},
        {"put_in", "putting it in"},
        {"put_back", "putting it back"},
    };
    const char *what = entry->step;
    size_t i;

    for (i = 0; i < COUNT_OF(words); i++)
        if (str_equal(entry->step, words[i][0]))
            what = words[i][1];
    buf_add_text(out, "      ");
    add_visible(out, what);
    if (!entry->answered) {
        buf_add_text(out, " was sent at ");
        add_visible(out, entry->sent_at);
        buf_add_text(out, "; no answer is recorded\n");
        return;
    }
    buf_add_text(out, " was answered: ");
    add_visible(out, entry->verdict);
    buf_printf(out, ", HTTP %" PRId64, entry->status);
    if (entry->request_id != NULL && entry->request_id[0] != '\0') {
        buf_add_text(out, " (request ");
        add_visible(out, entry->request_id);
        buf_add_char(out, ')');
    }
    buf_add_char(out, '\n');
}

static void add_out_of_place(const struct journal_run *run, const struct journal_entry *entry,
                             struct buf *out)
{
    const struct journal_entry *lost = entry->replaces < 0 ? entry : &run->entries[entry->replaces];
    const bool maybe = str_equal(entry->step, "take_out") && !entry->answered;

    buf_add_text(out, "      ");
    add_visible(out, lost->sender);
    /* The API lists some senders in services only, so that the roster may need it. */
    if (lost->sender_sid != NULL) {
        buf_add_text(out, " (");
        add_visible(out, lost->sender_sid);
        buf_add_char(out, ')');
    }
    buf_add_text(out, maybe ? " may have been taken out of " : " was taken out of ");
    add_visible(out, entry->from == NULL ? lost->service : entry->from);
    buf_add_text(out, " and may be in no service now: plan again at once\n");
}

static void report_entry(const struct journal_run *run, const struct journal_entry *entry,
                         struct buf *out)
{
    buf_add_text(out, "  ");
    add_entry(entry, out);
    buf_add_char(out, '\n');
    if (entry->problem != NULL) {
        buf_add_text(out, "      ");
        add_visible(out, entry->problem);
        buf_add_char(out, '\n');
    } else if (entry->step != NULL && entry->state != JOURNAL_DONE) {
        add_last_request(entry, out);
    }
    if (entry->out_of_place)
        add_out_of_place(run, entry, out);
    if (entry->because_of >= 0) {
        buf_add_text(out, "      because this failed: ");
        add_entry(&run->entries[entry->because_of], out);
        buf_add_char(out, '\n');
    }
}

static void report_state(const struct journal_run *run, enum journal_state state, struct buf *out)
{
    static const char *const headings[JOURNAL_STATE_COUNT] = {
        [JOURNAL_DONE] = "Done",
        [JOURNAL_FAILED] = "Failed",
        [JOURNAL_UNCLEAR] = "Unclear (it may have happened; the next plan tells)",
        [JOURNAL_NOT_ATTEMPTED] = "Not attempted",
    };
    size_t i;

    if (run->states[state] == 0)
        return;
    buf_printf(out, "\n%s:\n", headings[state]);
    for (i = 0; i < run->count; i++)
        if (run->entries[i].state == state)
            report_entry(run, &run->entries[i], out);
}

static bool may_still_run(const struct journal_run *run)
{
    return run->ended == NULL && run->process > 0 && run->process <= INT_MAX &&
           (kill((pid_t)run->process, 0) == 0 || errno == EPERM);
}

static void report_end(const struct journal_run *run, struct buf *out)
{
    if (run->ended == NULL && may_still_run(run)) {
        buf_printf(out, "no end yet: there is a process %" PRId64 ", so it may still run",
                   run->process);
    } else if (run->ended == NULL) {
        buf_add_text(out, "no end: it was killed; the last record is of ");
        add_visible(out, run->last_record);
    } else {
        buf_add_text(out, "ended ");
        add_visible(out, run->ended);
        if (str_equal(run->stopped, "interrupted"))
            buf_add_text(out, ": interrupted by a signal");
        else if (str_equal(run->stopped, "out_of_time"))
            buf_add_text(out, ": stopped, because the time for the run was over (--timeout)");
        else if (run->stopped != NULL)
            buf_add_text(out, ": stopped, because the journal could not be written");
        else
            buf_add_text(out, ": finished");
        if (str_equal(run->result, "as_roster"))
            buf_add_text(out, "; the account was as the roster says");
        else if (str_equal(run->result, "differs"))
            buf_add_text(out, "; the account still differed from the roster");
        else
            buf_add_text(out, "; the result was not verified");
    }
    buf_add_char(out, '\n');
}

static void report_head(const char *path, const struct journal_run *run, struct buf *out)
{
    buf_add_text(out, "The last apply in ");
    add_visible(out, path);
    buf_add_text(out, "\n  roster   ");
    add_visible(out, run->location);
    if (run->commit != NULL) {
        buf_add_text(out, "\n  commit   ");
        add_visible(out, run->commit);
    }
    if (run->author != NULL && run->date != NULL) {
        buf_add_text(out, "\n  author   ");
        add_visible(out, run->author);
        buf_add_text(out, ", ");
        add_visible(out, run->date);
    }
    buf_add_text(out, "\n  sha256   ");
    add_visible(out, run->sha256);
    buf_add_text(out, "\n  account  ");
    add_visible(out, run->account);
    buf_add_text(out, "\n  began    ");
    add_visible(out, run->begun);
    buf_add_text(out, "\n  end      ");
    report_end(run, out);
}

static void report_changes(const char *path, const struct journal_run *run, struct buf *out)
{
    report_head(path, run, out);
    report_state(run, JOURNAL_DONE, out);
    report_state(run, JOURNAL_FAILED, out);
    report_state(run, JOURNAL_UNCLEAR, out);
    report_state(run, JOURNAL_NOT_ATTEMPTED, out);
    if ((int64_t)run->count < run->changes)
        buf_printf(out, "\nOf %" PRId64 " changes only %zu are recorded: nothing was sent yet.\n",
                   run->changes, run->count);
    buf_printf(out, "\nJournal: %zu done, %zu failed, %zu unclear, %zu not attempted.\n",
               run->states[JOURNAL_DONE], run->states[JOURNAL_FAILED], run->states[JOURNAL_UNCLEAR],
               run->states[JOURNAL_NOT_ATTEMPTED]);
    if (run->unreadable != 0)
        buf_printf(out, "%zu line%s of the journal can't be read.\n", run->unreadable,
                   run->unreadable == 1 ? "" : "s");
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *number_or_null(int64_t number)
{
    return number < 0 ? json_null() : json_integer(number);
}

static json_t *entry_json(const struct journal_entry *entry)
{
    json_t *out = json_object();

    json_object_set_new(out, "kind", text_or_null(entry->kind));
    json_object_set_new(out, "service", text_or_null(entry->service));
    json_object_set_new(out, "sender_kind", text_or_null(entry->sender_kind));
    json_object_set_new(out, "sender", text_or_null(entry->sender));
    json_object_set_new(out, "sender_sid", text_or_null(entry->sender_sid));
    json_object_set_new(out, "country", text_or_null(entry->country));
    json_object_set_new(out, "from", text_or_null(entry->from));
    json_object_set_new(out, "state", json_string(journal_state_name(entry->state)));
    json_object_set_new(out, "out_of_place", json_boolean(entry->out_of_place));
    json_object_set_new(out, "problem", text_or_null(entry->problem));
    json_object_set_new(out, "because_of", number_or_null(entry->because_of));
    json_object_set_new(out, "last_step", text_or_null(entry->step));
    json_object_set_new(out, "answered", json_boolean(entry->answered));
    json_object_set_new(out, "status", json_integer(entry->status));
    json_object_set_new(out, "code", json_integer(entry->code));
    json_object_set_new(out, "request_id", text_or_null(entry->request_id));
    json_object_set_new(out, "duration_ms", json_integer(entry->duration_ms));
    json_object_set_new(out, "tries", json_integer(entry->tries));
    return out;
}

/* Either may be without an id: there is none of its kind. */
static void report_text(const char *path, const struct journal_run *run,
                        const struct journal_tests *tests, struct buf *out)
{
    if (run->id != NULL)
        report_changes(path, run, out);
    if (tests->id != NULL)
        journal_tests_report(run->id == NULL ? path : NULL, tests, out);
}

static void report_json(const char *path, const struct journal_run *run,
                        const struct journal_tests *tests, struct buf *out)
{
    json_t *document = json_object(), *summary = json_object(), *changes = json_array();
    size_t i;

    for (i = 0; i < JOURNAL_STATE_COUNT; i++)
        json_object_set_new(summary, journal_state_name((enum journal_state)i),
                            json_integer((json_int_t)run->states[i]));
    for (i = 0; i < run->count; i++)
        json_array_append_new(changes, entry_json(&run->entries[i]));
    json_object_set_new(document, "journal", text_or_null(path));
    json_object_set_new(document, "run", text_or_null(run->id));
    json_object_set_new(document, "account_sid", text_or_null(run->account));
    json_object_set_new(document, "source",
                        json_pack("{sososososo}", "location", text_or_null(run->location), "sha256",
                                  text_or_null(run->sha256), "commit", text_or_null(run->commit),
                                  "author", text_or_null(run->author), "date",
                                  text_or_null(run->date)));
    json_object_set_new(document, "began", text_or_null(run->begun));
    json_object_set_new(document, "ended", text_or_null(run->ended));
    json_object_set_new(document, "last_record", text_or_null(run->last_record));
    json_object_set_new(document, "stopped", text_or_null(run->stopped));
    json_object_set_new(document, "result", text_or_null(run->result));
    json_object_set_new(document, "may_still_run", json_boolean(may_still_run(run)));
    json_object_set_new(document, "summary", summary);
    json_object_set_new(document, "changes", changes);
    json_object_set_new(document, "tests",
                        tests->id == NULL ? json_null() : journal_tests_json(tests));
    json_object_set_new(document, "unreadable_lines", json_integer((json_int_t)run->unreadable));
    json_text_add_document(out, document);
    json_decref(document);
}

/*
 * Reads the last apply, the test sends that belong to it, or those that came later. Returns -1 when
 * there is neither.
 */
static int read_last(const struct buf *text, struct journal_run *run, struct journal_tests *tests)
{
    const bool ran = journal_run_read(run, buf_text(text), text->size) == 0;

    if (journal_tests_read(tests, buf_text(text), text->size) != 0) {
        journal_tests_release(tests);
        return ran ? 0 : -1;
    }
    if (ran && tests->begins_at < run->begins_at)
        journal_tests_release(tests);
    else if (!ran || !str_equal(run->id, tests->id))
        journal_run_release(run);
    return 0;
}

/* Reads the file and writes what it tells. */
static enum exit_code explain(const char *path, const struct options *options, struct diag *diag)
{
    struct journal_run run = {0};
    struct journal_tests tests = {0};
    enum exit_code code = EXIT_ERROR;
    struct buf text, out;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (file_read(path, &text, diag) == 0) {
        if (read_last(&text, &run, &tests) != 0) {
            diag_error(diag, NULL, "%s is no journal, or has no run in it", path);
        } else {
            if (strcmp(options->format, "json") == 0)
                report_json(path, &run, &tests, &out);
            else
                report_text(path, &run, &tests, &out);
            code = terminal_write(&out, diag) == 0 ? EXIT_OK : EXIT_ERROR;
        }
    }
    journal_tests_release(&tests);
    journal_run_release(&run);
    buf_release(&out);
    buf_release(&text);
    return code;
}

enum exit_code cmd_journal(const struct options *options, struct diag *diag)
{
    struct arena arena = {0};
    const char *path = find_journal(options, &arena, diag);
    enum exit_code code = path == NULL ? EXIT_ERROR : explain(path, options, diag);

    arena_release(&arena);
    return code;
}
