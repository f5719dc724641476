#include "cli/watch_worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { READ, WRITE, LOG_MAX = 256 * 1024, CHUNK = 64 * 1024, LOWEST_FREE = 3, NOT_STARTED = 127 };

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void close_pair(int pair[2])
{
    close_end(&pair[READ]);
    close_end(&pair[WRITE]);
}

void watch_worker_init(struct watch_worker *worker)
{
    memset(worker, 0, sizeof(*worker));
    worker->answer = worker->log = worker->kept = -1;
    buf_init(&worker->answer_text, BUF_LIMIT_DEFAULT);
    buf_init(&worker->log_text, LOG_MAX);
}

static int make_pipe(int pair[2])
{
    return pipe(pair) == 0 && fcntl(pair[READ], F_SETFD, FD_CLOEXEC) == 0 &&
                   fcntl(pair[WRITE], F_SETFD, FD_CLOEXEC) == 0 &&
                   fcntl(pair[READ], F_SETFL, O_NONBLOCK) == 0
               ? 0
               : -1;
}

/* What is open in watch (connections above all) must not stay open for the run's sake. */
static void close_others(int keep, int kept)
{
    enum { WITHOUT_PROC = 1024 };
    DIR *list = opendir("/proc/self/fd");
    struct dirent *entry;
    long fd;

    for (fd = LOWEST_FREE; list == NULL && fd < WITHOUT_PROC; fd++)
        if (fd != keep && fd != kept)
            close((int)fd);
    while (list != NULL && (entry = readdir(list)) != NULL) {
        fd = strtol(entry->d_name, NULL, 10);
        if (fd >= LOWEST_FREE && fd != keep && fd != kept && fd != dirfd(list))
            close((int)fd);
    }
    if (list != NULL)
        closedir(list);
}

static void set_signals(void)
{
    static const int left_to_watch[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};
    sigset_t none;
    size_t i;

    for (i = 0; i < COUNT_OF(left_to_watch); i++)
        sigaction(left_to_watch[i], &ignore, NULL);
    sigaction(SIGUSR1, &usual, NULL);
    sigaction(SIGCHLD, &usual, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child. */
static NO_RETURN void become(int (*run)(void *context, int out), void *context, int answer, int log,
                             int kept, pid_t parent)
{
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC), out;

    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
#endif
    set_signals();
    if (getppid() != parent)
        _exit(NOT_STARTED);
    out = fcntl(answer, F_DUPFD_CLOEXEC, LOWEST_FREE + 1);
    if (out < 0 || input < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
        dup2(log, STDERR_FILENO) < 0)
        _exit(NOT_STARTED);
    close_others(out, kept);
    exit(run(context, out));
}

int watch_worker_start(struct watch_worker *worker, int (*run)(void *context, int out),
                       void *context, struct diag *diag)
{
    int answer[2] = {-1, -1}, log[2] = {-1, -1};
    const pid_t self = getpid();

    if (make_pipe(answer) != 0 || make_pipe(log) != 0)
        goto failed;
    worker->pid = fork();
    if (worker->pid == 0)
        become(run, context, answer[WRITE], log[WRITE], worker->kept, self);
    if (worker->pid < 0)
        goto failed;
    setpgid(worker->pid, worker->pid);
    close_end(&answer[WRITE]);
    close_end(&log[WRITE]);
    worker->answer = answer[READ];
    worker->log = log[READ];
    return 0;
failed:
    diag_error(diag, NULL, "cannot start a process for the run: %s", strerror(errno));
    worker->pid = 0;
    close_pair(answer);
    close_pair(log);
    return -1;
}

/* What does not fit is read and dropped, so that nobody waits for us. */
static void collect(int *end, struct buf *into)
{
    char chunk[CHUNK];
    ssize_t got;

    if (*end < 0)
        return;
    do {
        got = read(*end, chunk, sizeof(chunk));
        if (got > 0)
            buf_add(into, chunk, (size_t)got);
    } while (got > 0);
    if (got == 0 || (errno != EAGAIN && errno != EINTR))
        close_end(end);
}

void watch_worker_pump(struct watch_worker *worker)
{
    collect(&worker->answer, &worker->answer_text);
    collect(&worker->log, &worker->log_text);
}

bool watch_worker_ended(struct watch_worker *worker)
{
    pid_t found;

    if (worker->pid == 0)
        return false;
    do
        found = waitpid(worker->pid, &worker->wait_status, WNOHANG);
    while (found < 0 && errno == EINTR);
    if (found == 0)
        return false;
    watch_worker_pump(worker);
    close_end(&worker->answer);
    close_end(&worker->log);
    worker->pid = 0;
    return true;
}

void watch_worker_stop(const struct watch_worker *worker)
{
    if (worker->pid > 0)
        kill(worker->pid, SIGUSR1);
}

void watch_worker_clear(struct watch_worker *worker)
{
    buf_release(&worker->answer_text);
    buf_release(&worker->log_text);
    worker->answer_text.full = worker->log_text.full = false;
}

void watch_worker_release(struct watch_worker *worker)
{
    if (worker->pid > 0) {
        kill(-worker->pid, SIGKILL);
        while (waitpid(worker->pid, &worker->wait_status, 0) < 0 && errno == EINTR)
            ;
    }
    close_end(&worker->answer);
    close_end(&worker->log);
    watch_worker_clear(worker);
    worker->pid = 0;
}
