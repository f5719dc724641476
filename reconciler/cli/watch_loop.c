#include "cli/watch_loop.h"

#include "cli/terminal.h"
#include "cli/watch_schedule.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_TURN_MS = 60 * 1000, DRAIN_MS = 2000, SHORT_ID = 7 };

static int64_t now(void)
{
    return clock_monotonic(&clock_system);
}

static bool is_running(const struct watch_loop *loop)
{
    return loop->worker.pid != 0;
}

static int take_signals(struct watch_loop *loop)
{
    static const int taken[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
    sigset_t mask;
    size_t i;

    sigemptyset(&mask);
    for (i = 0; i < COUNT_OF(taken); i++)
        sigaddset(&mask, taken[i]);
    sigprocmask(SIG_BLOCK, &mask, &loop->mask_before);
    loop->signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->signals >= 0)
        return 0;
    diag_error(loop->diag, NULL, "cannot take signals: %s", strerror(errno));
    return -1;
}

/* "2026-01-31T12:00:00.000Z in sync at 1a2b3c4 (0.8 s)" */
static void add_line(const struct watch_loop *loop, struct buf *out)
{
    const struct watch_past_run *run = watch_history_at(&loop->status.history, 0);
    char time[CLOCK_ISO_SIZE];

    buf_printf(out, "%s ", clock_iso(clock_wall(&clock_system), time));
    str_add_visible(out, run->line, strlen(run->line));
    if (run->commit[0] != '\0')
        buf_printf(out, "; commit %.*s", SHORT_ID, run->commit);
    buf_printf(out, " (%lld.%lld s)\n", (long long)(run->lasted_ms / 1000),
               (long long)(run->lasted_ms % 1000 / 100));
}

/* All that a failed run said, but not again and again. */
static void add_details(struct watch_loop *loop, struct buf *out)
{
    const struct watch_report *latest = &loop->status.latest;
    char digest[DIGEST_HEX_SIZE];
    const char *at = latest->log;

    if (watch_state_is_success(latest->state) || at == NULL) {
        loop->log_digest[0] = '\0';
        return;
    }
    digest_sha256(at, strlen(at), digest);
    if (strcmp(digest, loop->log_digest) == 0)
        return;
    memcpy(loop->log_digest, digest, sizeof(digest));
    while (at[0] != '\0') {
        size_t size = strcspn(at, "\n");
        buf_add_text(out, "  ");
        str_add_visible(out, at, size);
        buf_add_char(out, '\n');
        at += size + (at[size] != '\0');
    }
}

/* On standard error; as JSON what the run said is a field. */
static void log_run(struct watch_loop *loop, struct buf *text)
{
    struct logger *log = loop->options->log;
    const struct watch_past_run *run = watch_history_at(&loop->status.history, 0);
    const enum watch_state state = loop->status.latest.state;
    const enum log_level level = watch_state_is_success(state) ? LOG_NOTE : LOG_ERROR;
    json_t *fields = logger_fields(log, level);
    struct buf details;

    buf_init(&details, BUF_LIMIT_DEFAULT);
    add_line(loop, text);
    add_details(loop, &details);
    if (log == NULL || !log->json) {
        buf_add(text, buf_text(&details), details.size);
    } else if (details.size != 0) {
        logger_set_text(fields, "log", buf_text(&details));
    }
    logger_set_text(fields, "state", watch_state_name(state));
    if (run->commit[0] != '\0')
        logger_set_text(fields, "commit", run->commit);
    logger_set(fields, "duration_ms", json_integer(run->lasted_ms));
    logger_record(log, level, fields, "%s", buf_text(text));
    buf_release(&details);
}

static void show_run(struct watch_loop *loop)
{
    json_t *run = NULL;
    struct buf text;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    log_run(loop, &text);
    if (strcmp(loop->options->format, "json") == 0) {
        buf_clear(&text);
        run = watch_status_last_run(&loop->status);
        (void)json_text_add(&text, run, JSON_COMPACT);
        buf_add_char(&text, '\n');
        loop->broken = terminal_write(&text, loop->diag) != 0;
    }
    json_decref(run);
    buf_release(&text);
}

static void tell_manager(struct watch_loop *loop, const char *before)
{
    const struct watch_history *history = &loop->status.history;
    struct buf lines;

    buf_init(&lines, 4096);
    buf_printf(&lines, "%sSTATUS=", before);
    if (watch_history_size(history) > 0)
        buf_printf(&lines, "run %lld: %s", (long long)history->count,
                   watch_history_at(history, 0)->line);
    else
        buf_add_text(&lines, "the first run goes on");
    notify_send(&loop->notify, buf_text(&lines));
    buf_release(&lines);
}

static void schedule(struct watch_loop *loop)
{
    const int64_t wall_ms = clock_wall(&clock_system);
    int64_t wait_ms = watch_schedule_wait_ms(
        loop->status.interval_ms, loop->status.history.failures, random_next(&loop->random));

    loop->trigger = watch_schedule_window(&wait_ms, loop->status.latest.opens_ms, wall_ms)
                        ? WATCH_TRIGGER_WINDOW
                        : WATCH_TRIGGER_INTERVAL;
    loop->next_ms = now() + wait_ms;
    loop->status.next_ms = wall_ms + wait_ms;
}

static void begin_run(struct watch_loop *loop)
{
    if (loop->asked)
        loop->trigger = loop->asked_by;
    loop->asked = false;
    loop->began_ms = now();
    loop->began_wall_ms = clock_wall(&clock_system);
    loop->status.running_since_ms = loop->began_wall_ms;
    loop->status.next_ms = 0;
    loop->status.sequence++;
    loop->run = (struct watch_run_config){
        .options = loop->options, .windows = &loop->windows, .details = loop->worker.kept};
    if (watch_worker_start(&loop->worker, watch_run, &loop->run, loop->diag) == 0)
        return;
    /* Too little memory, or too many processes: that may pass. */
    terminal_diagnostics(loop->options, loop->diag);
    loop->status.running_since_ms = 0;
    schedule(loop);
}

/* What a run that left no report has come to. */
static void report_lost(const struct watch_worker *worker, struct watch_report *report)
{
    report->state = WATCH_ERROR;
    if (WIFSIGNALED(worker->wait_status))
        report->problem = arena_printf(&report->arena,
                                       "the process of the run was ended by signal "
                                       "%d",
                                       WTERMSIG(worker->wait_status));
    else
        report->problem =
            arena_printf(&report->arena, "the process of the run ended with status %d",
                         WEXITSTATUS(worker->wait_status));
}

static void read_report(struct watch_worker *worker, struct watch_report *report)
{
    const char *text = buf_text(&worker->answer_text), *line = strchr(text, '{');

    if (line == NULL || worker->answer_text.full ||
        watch_report_read(report, line, worker->answer_text.size - (size_t)(line - text)) != 0) {
        watch_report_release(report);
        report_lost(worker, report);
    }
    report->log = arena_strndup(&report->arena, buf_text(&worker->log_text), worker->log_text.size);
}

static void conclude_run(struct watch_loop *loop)
{
    const bool given_up = loop->stops > 0 && loop->worker.answer_text.size == 0;
    struct watch_report report = {0};

    loop->status.running_since_ms = 0;
    loop->status.applying = false;
    if (!given_up) {
        read_report(&loop->worker, &report);
        watch_status_conclude(&loop->status, &report, loop->trigger, loop->began_wall_ms,
                              now() - loop->began_ms);
        show_run(loop);
        tell_manager(loop, "");
    }
    watch_worker_clear(&loop->worker);
    schedule(loop);
}

static void follow_run(struct watch_loop *loop)
{
    if (!is_running(loop))
        return;
    watch_worker_pump(&loop->worker);
    if (!loop->status.applying &&
        str_starts_with(buf_text(&loop->worker.answer_text), "applying")) {
        loop->status.applying = true;
        loop->status.sequence++;
    }
    if (watch_worker_ended(&loop->worker))
        conclude_run(loop);
}

static void ask_for_run(struct watch_loop *loop, enum watch_trigger trigger)
{
    loop->asked = true;
    loop->asked_by = trigger;
}

/* The first time asks the run to stop; the second time nothing is waited for. */
static void stop(struct watch_loop *loop, int number)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};

    loop->stops++;
    if (loop->stops > 1) {
        watch_worker_release(&loop->worker);
        sigaction(number, &usual, NULL);
        sigprocmask(SIG_SETMASK, &loop->mask_before, NULL);
        raise(number);
    }
    loop->status.stopping = true;
    loop->status.sequence++;
    tell_manager(loop, "STOPPING=1\n");
    watch_worker_stop(&loop->worker);
}

static void read_signals(struct watch_loop *loop)
{
    struct signalfd_siginfo info;

    while (read(loop->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGHUP)
            ask_for_run(loop, WATCH_TRIGGER_HANGUP);
        else if (info.ssi_signo != SIGCHLD)
            stop(loop, (int)info.ssi_signo);
    }
}

static void keep_watchdog(struct watch_loop *loop)
{
    if (loop->notify.watchdog_ms == 0 || now() < loop->watchdog_ms)
        return;
    loop->watchdog_ms = now() + loop->notify.watchdog_ms;
    notify_send(&loop->notify, "WATCHDOG=1");
}

static int wait_ms(const struct watch_loop *loop, int64_t longest_ms)
{
    int64_t least = longest_ms;

    if (!is_running(loop) && loop->stops == 0 && loop->next_ms - now() < least)
        least = loop->next_ms - now();
    if (!is_running(loop) && loop->stops == 0 && loop->asked)
        least = 0;
    if (loop->notify.watchdog_ms != 0 && loop->watchdog_ms - now() < least)
        least = loop->watchdog_ms - now();
    return http_server_wait_ms(loop->server, least < 0 ? 0 : (int)least);
}

static int turn(struct watch_loop *loop, int64_t longest_ms)
{
    struct pollfd polled[] = {
        {.fd = http_server_fd(loop->server), .events = POLLIN},
        {.fd = loop->signals, .events = POLLIN},
        {.fd = loop->worker.answer, .events = POLLIN},
        {.fd = loop->worker.log, .events = POLLIN},
    };

    if (poll(polled, COUNT_OF(polled), wait_ms(loop, longest_ms)) < 0 && errno != EINTR) {
        diag_error(loop->diag, NULL, "cannot wait for anything any more: %s", strerror(errno));
        return -1;
    }
    if (http_server_turn(loop->server, 0) != 0) {
        diag_error(loop->diag, NULL, "the HTTP listener has failed");
        return -1;
    }
    read_signals(loop);
    follow_run(loop);
    keep_watchdog(loop);
    if (loop->http.hooked)
        ask_for_run(loop, WATCH_TRIGGER_HOOK);
    loop->http.hooked = false;
    return loop->broken ? -1 : 0;
}

/* What was asked for while a run went on comes right after it. */
static void start_due(struct watch_loop *loop)
{
    if (is_running(loop) || loop->stops > 0 || (!loop->asked && now() < loop->next_ms))
        return;
    begin_run(loop);
}

/* Requests that have begun are answered. */
static int drain(struct watch_loop *loop)
{
    const int64_t end_ms = now() + DRAIN_MS;

    http_server_stop_accepting(loop->server);
    while (http_server_requests(loop->server) > 0 && now() < end_ms)
        if (turn(loop, DRAIN_MS / 20) != 0)
            return -1;
    return 0;
}

int watch_loop(struct watch_loop *loop)
{
    int result = -1;

    watch_worker_init(&loop->worker);
    if (logger_shows(loop->options->log, LOG_INFO))
        loop->worker.kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (take_signals(loop) != 0)
        return -1;
    random_init(&loop->random);
    loop->trigger = WATCH_TRIGGER_START;
    loop->next_ms = now();
    loop->status.started_ms = clock_wall(&clock_system);
    tell_manager(loop, "READY=1\n");
    do {
        start_due(loop);
        result = turn(loop, LONGEST_TURN_MS);
    } while (result == 0 && (loop->stops == 0 || is_running(loop)));
    if (result == 0)
        result = drain(loop);
    watch_worker_release(&loop->worker);
    close(loop->signals);
    if (loop->worker.kept >= 0)
        close(loop->worker.kept);
    sigprocmask(SIG_SETMASK, &loop->mask_before, NULL);
    return result;
}
