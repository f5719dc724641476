#include "base/subprocess.h"

#include "base/arena.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { IN, OUT, ERR, PIPES, SLICE_MS = 50, CHUNK = 16 * 1024, NOT_FOUND = 127, SIGNALLED = 128 };

struct child {
    pid_t pid;
    int ours[PIPES];   /* our ends of its standard streams; -1: closed */
    int theirs[PIPES]; /* its own */
    size_t written;    /* of the input */
    bool reaped;
    int wait_status;
};

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void close_all(struct child *child)
{
    int i;

    for (i = 0; i < PIPES; i++) {
        close_end(&child->ours[i]);
        close_end(&child->theirs[i]);
    }
}

static int make_pipes(struct child *child, bool errors)
{
    int i, ends[2];

    for (i = 0; i < PIPES; i++)
        child->ours[i] = child->theirs[i] = -1;
    for (i = 0; i < PIPES; i++) {
        if (i == ERR && !errors) {
            child->theirs[i] = open("/dev/null", O_WRONLY | O_CLOEXEC);
            if (child->theirs[i] < 0)
                return -1;
            continue;
        }
        /* Only what is sent to a socket can be kept from raising SIGPIPE. */
        if ((i == IN ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends)) != 0)
            return -1;
        child->ours[i] = ends[i == IN];
        child->theirs[i] = ends[i != IN];
        if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0 ||
            fcntl(child->ours[i], F_SETFL, O_NONBLOCK) != 0)
            return -1;
    }
    return 0;
}

static void execute(const struct subprocess *process)
{
    const char *const *pair = process->environment;
    struct arena arena = {0};
    size_t count = 0, i;
    char **argv;

    for (; pair != NULL && pair[0] != NULL; pair += 2)
        if ((pair[1] == NULL ? unsetenv(pair[0]) : setenv(pair[0], pair[1], 1)) != 0)
            return;
    while (process->argv[count] != NULL)
        count++;
    argv = arena_array(&arena, count + 1, sizeof(*argv));
    for (i = 0; i < count; i++)
        argv[i] = arena_strdup(&arena, process->argv[i]);
    execvp(argv[0], argv);
}

/* In the child. */
static NO_RETURN void become(const struct subprocess *process, struct child *child, pid_t parent)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    int status = NOT_FOUND, answer;

    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)
        _exit(NOT_FOUND);
    sigaction(SIGINT, &usual, NULL);
    sigaction(SIGTERM, &usual, NULL);
    answer = fcntl(child->theirs[OUT], F_DUPFD_CLOEXEC, 3);
    if (answer < 0 || dup2(child->theirs[IN], STDIN_FILENO) < 0 ||
        /* What a library may print is no part of a function's answer. */
        dup2(child->theirs[process->argv == NULL ? ERR : OUT], STDOUT_FILENO) < 0 ||
        dup2(child->theirs[ERR], STDERR_FILENO) < 0)
        _exit(NOT_FOUND);
    close_all(child);
    if (process->argv == NULL) {
        status = process->run(process->context, answer);
    } else {
        sigaction(SIGPIPE, &usual, NULL);
        sigaction(SIGXFSZ, &usual, NULL);
        execute(process);
    }
    _exit(status);
}

static void feed(const struct subprocess *process, struct child *child)
{
    const char *rest = (const char *)process->input + child->written;
    ssize_t wrote = 0;

    if (child->written < process->input_size)
        wrote = send(child->ours[IN], rest, process->input_size - child->written, MSG_NOSIGNAL);
    if (wrote > 0)
        child->written += (size_t)wrote;
    /* One that does not want to read it all may have its reasons. */
    if (child->written == process->input_size || (wrote < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&child->ours[IN]);
}

/* Reads what is there. */
static void collect(int *end, struct buf *into)
{
    char chunk[CHUNK];
    ssize_t got;

    do {
        got = read(*end, chunk, sizeof(chunk));
        if (got > 0)
            buf_add(into, chunk, (size_t)got);
    } while (got > 0 && !into->full);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_end(end);
}

static void serve(const struct subprocess *process, struct child *child, struct buf *out,
                  struct buf *errors, int wait_ms)
{
    struct pollfd ends[PIPES] = {
        {.fd = child->ours[IN], .events = POLLOUT},
        {.fd = child->ours[OUT], .events = POLLIN},
        {.fd = child->ours[ERR], .events = POLLIN},
    };

    if (poll(ends, PIPES, wait_ms) < 0)
        return;
    if (ends[IN].revents != 0)
        feed(process, child);
    if (ends[OUT].revents != 0)
        collect(&child->ours[OUT], out);
    if (ends[ERR].revents != 0)
        collect(&child->ours[ERR], errors);
}

static void reap(struct child *child, int flags)
{
    pid_t found;

    do
        found = waitpid(child->pid, &child->wait_status, flags);
    while (found < 0 && errno == EINTR);
    child->reaped = found == child->pid || found < 0;
}

/* Until it has ended: what outlives it may hold its pipes open, and is not waited for. */
static enum subprocess_outcome attend(const struct subprocess *process, struct child *child,
                                      struct buf *out, struct buf *errors)
{
    const int64_t end = clock_monotonic(&clock_system) + process->timeout_ms;
    const struct timespec nap = {.tv_nsec = 2 * 1000 * 1000L};

    while (!child->reaped) {
        const int64_t left = end - clock_monotonic(&clock_system);
        const bool silent = child->ours[OUT] < 0 && child->ours[ERR] < 0;
        if (left <= 0)
            return SUBPROCESS_TIMEOUT;
        if (process->stopped != NULL && process->stopped())
            return SUBPROCESS_STOPPED;
        if (silent)
            nanosleep(&nap, NULL);
        else
            serve(process, child, out, errors, left < SLICE_MS ? (int)left : SLICE_MS);
        if (out->full || (errors != NULL && errors->full))
            return SUBPROCESS_TOO_LONG;
        if (process->tick != NULL)
            process->tick(process->tick_context);
        reap(child, WNOHANG);
    }
    /* What it wrote last. */
    serve(process, child, out, errors, 0);
    return out->full || (errors != NULL && errors->full) ? SUBPROCESS_TOO_LONG : SUBPROCESS_ENDED;
}

enum subprocess_outcome subprocess_run(const struct subprocess *process, struct buf *out,
                                       struct buf *errors, int *status)
{
    enum subprocess_outcome outcome = SUBPROCESS_FAILED;
    const pid_t self = getpid();
    struct child child = {.pid = -1};

    *status = -1;
    if (process->argv != NULL && !subprocess_exists(process->argv[0]))
        return SUBPROCESS_MISSING;
    if (make_pipes(&child, errors != NULL) != 0)
        goto out;
    child.pid = fork();
    if (child.pid == 0)
        become(process, &child, self);
    if (child.pid < 0)
        goto out;
    setpgid(child.pid, child.pid);
    close_end(&child.theirs[IN]);
    close_end(&child.theirs[OUT]);
    close_end(&child.theirs[ERR]);
    outcome = attend(process, &child, out, errors);
    if (!child.reaped) {
        kill(-child.pid, SIGKILL);
        reap(&child, 0);
    }
    if (outcome == SUBPROCESS_ENDED)
        *status = WIFEXITED(child.wait_status) ? WEXITSTATUS(child.wait_status)
                                               : SIGNALLED + WTERMSIG(child.wait_status);
out:
    close_all(&child);
    return outcome;
}

bool subprocess_exists(const char *program)
{
    const char *at = getenv("PATH");
    struct arena arena = {0};
    struct stat info;
    bool found = false;

    if (strchr(program, '/') != NULL)
        return access(program, X_OK) == 0;
    while (at != NULL && !found) {
        size_t size = strcspn(at, ":");
        const char *path = arena_printf(&arena, "%.*s/%s", (int)size, at, program);
        found =
            size != 0 && stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
        at = at[size] == ':' ? at + size + 1 : NULL;
    }
    arena_release(&arena);
    return found;
}
