#include "source/repo_fetch.h"

#include "base/file.h"
#include "base/json_text.h"
#include "base/str.h"
#include "base/subprocess.h"
#include "source/known_hosts.h"

#include <errno.h>
#include <git2.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { ANSWER_MAX = 1024 * 1024, KNOWN_HOSTS_MAX = 16 * 1024 * 1024 };

/* Names of refs may be any bytes. */
static json_t *text_json(const char *text)
{
    struct buf visible;
    json_t *out;

    if (text == NULL)
        return json_null();
    buf_init(&visible, ANSWER_MAX / 8);
    str_add_visible(&visible, text, strlen(text));
    out = json_string(buf_text(&visible));
    buf_release(&visible);
    return out;
}

static void select_hosts(const struct fetch_request *request, struct buf *out)
{
    size_t i;

    for (i = 0; i < request->login->host_file_count; i++) {
        struct diag quiet;
        struct buf text;
        diag_init(&quiet);
        buf_init(&text, KNOWN_HOSTS_MAX);
        if (file_read(request->login->host_files[i], &text, &quiet) == 0)
            known_hosts_select(buf_text(&text), text.size, request->location->host,
                               request->location->port, out);
        buf_release(&text);
        diag_release(&quiet);
    }
}

/*
 * libgit2 asks a server for keys of the types that ~/.ssh/known_hosts has of it, and stumbles over
 * lines that libssh2 can't read. So the child gets a home of its own, with what our files know of
 * that server; whether its key is a good one is still for us to say. libgit2 reads HOME at its
 * start only. Without such a home, the server just chooses the type.
 */
static void move_home(const struct fetch_request *request, struct arena *arena)
{
    const char *home = arena_printf(arena, "%s/roster-home", request->repository);
    const char *folder = arena_printf(arena, "%s/.ssh", home);
    struct diag quiet;
    struct buf hosts;

    while (git_libgit2_shutdown() > 0)
        ;
    diag_init(&quiet);
    buf_init(&hosts, KNOWN_HOSTS_MAX);
    select_hosts(request, &hosts);
    if ((mkdir(home, 0700) == 0 || errno == EEXIST) &&
        (mkdir(folder, 0700) == 0 || errno == EEXIST) &&
        file_write_atomic(arena_printf(arena, "%s/known_hosts", folder), buf_text(&hosts),
                          hosts.size, 0600, &quiet) == 0)
        (void)setenv("HOME", home, 1);
    buf_release(&hosts);
    diag_release(&quiet);
}

/* In the child. */
static int run(void *context, int out)
{
    const struct fetch_request *request = context;
    struct arena arena = {0};
    struct fetch_answer answer;
    json_t *document = json_object();
    struct buf text;
    int result;

    if (request->location->scheme == REMOTE_SSH)
        move_home(request, &arena);
    remote_fetch(request, &arena, &answer);
    json_object_set_new(document, "outcome", json_integer(answer.outcome));
    json_object_set_new(document, "commit", text_json(answer.commit));
    json_object_set_new(document, "name", text_json(answer.name));
    json_object_set_new(document, "message", text_json(answer.message));
    json_object_set_new(document, "help", text_json(answer.help));
    json_object_set_new(document, "note", text_json(answer.note));
    buf_init(&text, ANSWER_MAX);
    result = json_text_add(&text, document, JSON_COMPACT) == 0 && !text.full &&
                     file_write_all(out, buf_text(&text), text.size) == 0
                 ? 0
                 : 1;
    buf_release(&text);
    json_decref(document);
    arena_release(&arena);
    return result;
}

static const char *text_of(const json_t *document, const char *key, struct arena *arena)
{
    return arena_strdup(arena, json_string_value(json_object_get(document, key)));
}

static int read_answer(const struct buf *text, struct arena *arena, struct fetch_answer *answer)
{
    json_t *document = json_loadb(buf_text(text), text->size, 0, NULL);
    json_int_t outcome = json_integer_value(json_object_get(document, "outcome"));
    const struct fetch_answer read = {
        .outcome = outcome >= 0 && outcome < FETCH_OUTCOME_COUNT ? (enum fetch_outcome)outcome
                                                                 : FETCH_FAILED,
        .commit = text_of(document, "commit", arena),
        .name = text_of(document, "name", arena),
        .message = text_of(document, "message", arena),
        .help = text_of(document, "help", arena),
        .note = text_of(document, "note", arena),
    };
    const bool whole =
        document != NULL && (read.outcome == FETCH_DONE ? read.commit : read.message) != NULL;

    json_decref(document);
    if (whole)
        *answer = read;
    return whole ? 0 : -1;
}

static void no_answer(enum subprocess_outcome outcome, int status, int64_t timeout_ms,
                      const char *display, struct arena *arena, struct fetch_answer *answer)
{
    answer->outcome = FETCH_FAILED;
    answer->help = NULL;
    if (outcome == SUBPROCESS_TIMEOUT) {
        answer->message = arena_printf(arena, "%s was not fetched within %lld s", display,
                                       (long long)((timeout_ms + 999) / 1000));
        answer->help = "is it reachable? --git-timeout gives it longer";
    } else if (outcome == SUBPROCESS_STOPPED) {
        answer->message = arena_printf(arena, "the fetch of %s was interrupted", display);
    } else if (outcome == SUBPROCESS_FAILED) {
        answer->message =
            arena_printf(arena, "cannot start a process for the fetch: %s", strerror(errno));
    } else {
        answer->message = arena_printf(arena, "the fetch of %s ended without an answer (status %d)",
                                       display, status);
    }
}

struct waiting {
    struct logger *log;
    const struct fetch_request *request;
};

static void show_wait(void *context)
{
    const struct waiting *waiting = context;
    const struct fetch_progress *progress = waiting->request->progress;
    const char *display = waiting->request->location->display;

    if (progress == NULL || progress->total == 0)
        logger_wait(waiting->log, "Fetching %s: waiting for the server", display);
    else
        logger_wait(waiting->log, "Fetching %s: %zu of %zu objects, %zu KiB", display,
                    progress->received, progress->total, progress->bytes / 1024);
}

/* NULL, when there is no memory to share, costs the numbers only. */
static struct fetch_progress *share_progress(void)
{
    void *shared = mmap(NULL, sizeof(struct fetch_progress), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return shared == MAP_FAILED ? NULL : shared;
}

void repo_fetch(const struct fetch_request *request, int64_t timeout_ms, bool (*stopped)(void),
                struct logger *log, struct arena *arena, struct fetch_answer *answer)
{
    struct fetch_request copy = *request;
    struct waiting waiting = {.log = log, .request = &copy};
    const struct subprocess process = {
        .run = run,
        .context = &copy,
        .timeout_ms = timeout_ms,
        .stopped = stopped,
        .tick = show_wait,
        .tick_context = &waiting,
    };
    enum subprocess_outcome outcome;
    struct buf text;
    int status;

    memset(answer, 0, sizeof(*answer));
    buf_init(&text, ANSWER_MAX);
    copy.progress = share_progress();
    logger_wait_begin(log);
    outcome = subprocess_run(&process, &text, NULL, &status);
    logger_wait_end(log);
    if (copy.progress != NULL)
        munmap(copy.progress, sizeof(*copy.progress));
    if (outcome != SUBPROCESS_ENDED || status != 0 || read_answer(&text, arena, answer) != 0)
        no_answer(outcome, status, timeout_ms, request->location->display, arena, answer);
    buf_release(&text);
}

void repo_fetch_report(const struct fetch_answer *answer, struct diag *diag)
{
    diag_error(diag, NULL, "%s", answer->message);
    if (answer->help != NULL)
        diag_help(diag, "%s", answer->help);
    if (answer->note != NULL)
        diag_note(diag, NULL, "%s", answer->note);
}
