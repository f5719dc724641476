#include "cli/session_lock.h"

#include "cli/state_folder.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "base/lock_file.h"
#include "base/str.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HOLDER_MAX = 64 * 1024, HOST_MAX = 256, POLL_MS = 100 };

static void set_text(json_t *object, const char *key, const char *text)
{
    struct arena scratch = {0};
    char *shown = arena_strdup(&scratch, text);
    struct buf visible;

    buf_init(&visible, HOLDER_MAX);
    str_add_visible(&visible, shown, str_mask_passwords(shown, strlen(shown)));
    json_object_set_new(object, key, json_string(buf_text(&visible)));
    buf_release(&visible);
    arena_release(&scratch);
}

/* Who we are, for those who find the lock held. */
static int describe(const struct session *session)
{
    json_t *holder = json_object();
    char host[HOST_MAX + 1] = "", time[CLOCK_ISO_SIZE];
    struct buf text;
    int result;

    if (gethostname(host, HOST_MAX) != 0)
        host[0] = '\0';
    json_object_set_new(holder, "process", json_integer((json_int_t)getpid()));
    set_text(holder, "host", host);
    set_text(holder, "since", clock_iso(clock_wall(&clock_system), time));
    set_text(holder, "roster", session->origin.location);
    buf_init(&text, HOLDER_MAX);
    (void)json_text_add(&text, holder, JSON_COMPACT);
    buf_add_char(&text, '\n');
    result = lock_file_describe(session->lock, &text);
    buf_release(&text);
    json_decref(holder);
    return result;
}

/* "process 123 on HOST, since ..., with roster.yaml", as far as it is known. */
static void add_holder(const struct buf *text, struct buf *out)
{
    static const char *const words[][2] = {
        {"host", " on "}, {"since", ", since "}, {"roster", ", with "}};
    json_t *holder = json_loadb(buf_text(text), text->size, 0, NULL);
    const json_t *process = json_object_get(holder, "process");
    size_t i;

    if (!json_is_integer(process)) {
        buf_add_text(out, "a process that has not said which");
        json_decref(holder);
        return;
    }
    buf_printf(out, "process %" JSON_INTEGER_FORMAT, json_integer_value(process));
    for (i = 0; i < COUNT_OF(words); i++) {
        const char *value = json_string_value(json_object_get(holder, words[i][0]));
        if (str_is_empty(value))
            continue;
        buf_add_text(out, words[i][1]);
        str_add_visible(out, value, strlen(value));
    }
    json_decref(holder);
}

static void report_held(const struct options *options, const struct buf *holder, struct diag *diag)
{
    struct buf who;

    buf_init(&who, HOLDER_MAX);
    add_holder(holder, &who);
    diag_error(diag, NULL, "another roster is applying to this account%s: %s",
               options->lock_timeout == 0 ? "" : " still", buf_text(&who));
    diag_help(diag, "try again when it has ended, or wait for it: --lock-timeout 10m");
    buf_release(&who);
}

/* A line at once where it stays; on a terminal, one with how long it has been. */
static void show_waiting(const struct options *options, const struct buf *holder, bool first,
                         int64_t begun_ms)
{
    const int64_t waited_ms = clock_monotonic(&clock_system) - begun_ms;
    const bool redraw = options->log != NULL && options->log->redraw;
    struct buf who;

    if (!logger_wait_is_due(options->log) && !first)
        return;
    buf_init(&who, HOLDER_MAX);
    add_holder(holder, &who);
    if (first && !redraw)
        logger_say(options->log, LOG_NOTE, "Waiting for another apply to this account: %s",
                   buf_text(&who));
    logger_wait(options->log, "Waiting for another apply to this account, %lld of %lld s: %s",
                (long long)waited_ms / 1000, (long long)options->lock_timeout, buf_text(&who));
    buf_release(&who);
}

/* Tries until the time is over. */
static enum lock_outcome wait_for(struct session *session, const char *path,
                                  const struct options *options, struct buf *holder,
                                  struct diag *diag)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000 * 1000L};
    const int64_t begun_ms = clock_monotonic(&clock_system);
    const int64_t end = begun_ms + options->lock_timeout * 1000;
    enum lock_outcome outcome;
    bool first = true;

    logger_wait_begin(options->log);
    while ((outcome = lock_file_try(path, &session->lock, holder, diag)) == LOCK_HELD &&
           clock_monotonic(&clock_system) < end) {
        show_waiting(options, holder, first, begun_ms);
        first = false;
        nanosleep(&pause, NULL);
    }
    logger_wait_end(options->log);
    if (outcome == LOCK_TAKEN)
        logger_say(options->log, LOG_INFO, "locked the account with %s after %lld ms", path,
                   (long long)(clock_monotonic(&clock_system) - begun_ms));
    return outcome;
}

int session_lock(struct session *session, const struct options *options, struct diag *diag)
{
    const char *folder = state_folder(getenv, &session->arena, diag), *path;
    enum lock_outcome outcome;
    struct buf holder;

    if (folder == NULL || state_folder_make(folder, diag) != 0)
        return -1;
    path = state_file(folder, session->origin.account_sid, "lock", &session->arena);
    buf_init(&holder, HOLDER_MAX);
    outcome = wait_for(session, path, options, &holder, diag);
    session->locked = outcome == LOCK_TAKEN;
    if (outcome == LOCK_HELD)
        report_held(options, &holder, diag);
    else if (session->locked && describe(session) != 0)
        diag_warning(diag, NULL, "cannot write %s: %s", path, strerror(errno));
    buf_release(&holder);
    return session->locked ? 0 : -1;
}

void session_unlock(struct session *session)
{
    if (session->locked)
        lock_file_release(session->lock);
    session->locked = false;
}
