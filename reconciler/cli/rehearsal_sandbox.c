#include "cli/rehearsal_sandbox.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/str.h"
#include "sandbox/sandbox_server.h"
#include "sandbox/sandbox_state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What both processes see. */
struct shared {
    atomic_size_t of[REQUEST_KIND_COUNT];
    atomic_size_t faults;
    atomic_bool calm;
};

struct rehearsal_sandbox {
    pid_t child;
    int alive; /* our end of the pipe that the child watches */
    struct shared *shared;
    char *account_sid, *token;
    char url[64];
};

/* Kinds of requests */

static const char *const kind_names[REQUEST_KIND_COUNT] = {
    [REQUEST_LIST_SERVICES] = "list_services",   [REQUEST_READ_SERVICE] = "read_service",
    [REQUEST_LIST_SENDERS] = "list_senders",     [REQUEST_LIST_OWNED] = "list_owned",
    [REQUEST_OTHER_READ] = "other_read",         [REQUEST_CREATE_SERVICE] = "create_service",
    [REQUEST_UPDATE_SERVICE] = "update_service", [REQUEST_DELETE_SERVICE] = "delete_service",
    [REQUEST_ADD_SENDER] = "add_sender",         [REQUEST_REMOVE_SENDER] = "remove_sender",
    [REQUEST_OTHER_WRITE] = "other_write",
};

const char *request_kind_name(enum request_kind kind)
{
    return kind_names[kind];
}

enum request_kind request_kind_of(const char *method, const char *path)
{
    static const char services[] = "/v1/Services";
    const bool gets = strcmp(method, "GET") == 0, posts = strcmp(method, "POST") == 0;
    const enum request_kind other = gets ? REQUEST_OTHER_READ : REQUEST_OTHER_WRITE;
    size_t depth = 0;

    if (str_starts_with(path, "/2010-04-01/"))
        return gets ? REQUEST_LIST_OWNED : REQUEST_OTHER_WRITE;
    if (!str_starts_with(path, services))
        return other;
    for (path += strlen(services); *path != '\0'; path++)
        depth += *path == '/';
    switch (depth) {
    case 0:
        return gets ? REQUEST_LIST_SERVICES : posts ? REQUEST_CREATE_SERVICE : other;
    case 1:
        return gets    ? REQUEST_READ_SERVICE
               : posts ? REQUEST_UPDATE_SERVICE
                       : REQUEST_DELETE_SERVICE;
    case 2:
        return gets ? REQUEST_LIST_SENDERS : posts ? REQUEST_ADD_SENDER : other;
    default:
        return gets || posts ? other : REQUEST_REMOVE_SENDER;
    }
}

size_t request_counts_reads(const struct request_counts *counts)
{
    size_t sum = 0, kind;

    for (kind = 0; kind < REQUEST_FIRST_WRITE; kind++)
        sum += counts->of[kind];
    return sum;
}

size_t request_counts_writes(const struct request_counts *counts)
{
    size_t sum = 0, kind;

    for (kind = REQUEST_FIRST_WRITE; kind < REQUEST_KIND_COUNT; kind++)
        sum += counts->of[kind];
    return sum;
}

/* The child */

struct served {
    struct sandbox_server *server;
    struct sandbox_faults *faults;
    struct shared *shared;
};

static void handle(void *context, const struct http_server_request *request,
                   struct http_server_answer *answer)
{
    struct served *served = context;
    size_t taken = 0, i;

    /* What controls a sandbox asks for no token. */
    if (str_starts_with(request->path, "/-/")) {
        answer->status = 404;
        return;
    }
    if (atomic_load(&served->shared->calm))
        served->faults->count = 0;
    atomic_fetch_add(&served->shared->of[request_kind_of(request->method, request->path)], 1);
    sandbox_server_handle(served->server, request, answer);
    for (i = 0; i < served->faults->count; i++)
        taken += (size_t)served->faults->rules[i].taken;
    if (served->faults->count != 0)
        atomic_store(&served->shared->faults, taken);
}

/* Serves until the other end of `alive` is closed. */
static void serve(struct http_server *listener, int alive)
{
    struct pollfd polled[] = {{.fd = http_server_fd(listener), .events = POLLIN},
                              {.fd = alive, .events = POLLIN}};

    while (polled[1].revents == 0) {
        if (poll(polled, COUNT_OF(polled), http_server_wait_ms(listener, -1)) < 0 && errno != EINTR)
            return;
        if (http_server_turn(listener, 0) != 0)
            return;
    }
}

/* `port` gets the number of the port. Nobody but the sandbox's clients can reach what is served. */
static NO_RETURN void run_child(struct sandbox_store *store, struct served *served, int alive,
                                int port)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};
    struct sandbox_config config = {.store = store, .clock = &clock_system};
    struct http_server_config http = {.handler = handle, .context = served};
    struct http_server *listener;
    struct diag diag;
    uint16_t number;
    int null = open("/dev/null", O_RDWR);

    /* The terminal sends it to both; the parent decides. */
    sigaction(SIGINT, &ignore, NULL);
    sigaction(SIGTERM, &usual, NULL);
    /* Whoever reads our output must not wait for the child's end. */
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
        _exit(EXIT_FAILURE);
    diag_init(&diag);
    random_seed(&config.random, 1);
    config.faults = served->faults;
    served->server = sandbox_server_new(&config);
    listener = http_server_new(&http, &diag);
    if (listener == NULL)
        _exit(EXIT_FAILURE);
    number = http_server_port(listener);
    if (write(port, &number, sizeof(number)) != (ssize_t)sizeof(number))
        _exit(EXIT_FAILURE);
    close(port);
    serve(listener, alive);
    _exit(EXIT_SUCCESS);
}

/* The parent */

static int make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return -1;
    if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0)
        return 0;
    close(ends[0]);
    close(ends[1]);
    return -1;
}

/* The child's copy of the rules counts what they have taken. */
static void copy_faults(const struct sandbox_faults *from, struct sandbox_faults *to)
{
    *to = (struct sandbox_faults){0};
    if (from == NULL || from->count == 0)
        return;
    to->count = from->count;
    to->rules = memory_zeroed(from->count * sizeof(*to->rules));
    memcpy(to->rules, from->rules, from->count * sizeof(*to->rules));
    random_seed(&to->random, 1);
}

/* Forks; -1 when that failed, or the child can't serve. */
static int start_child(struct rehearsal_sandbox *sandbox, struct sandbox_store *store,
                       struct served *served)
{
    int alive[2], port[2];
    uint16_t number = 0;
    ssize_t size;

    if (make_pipe(alive) != 0)
        return -1;
    sandbox->alive = alive[1];
    if (make_pipe(port) != 0) {
        close(alive[0]);
        return -1;
    }
    sandbox->child = fork();
    if (sandbox->child == 0) {
        close(alive[1]);
        close(port[0]);
        run_child(store, served, alive[0], port[1]);
    }
    close(alive[0]);
    close(port[1]);
    do
        size = read(port[0], &number, sizeof(number));
    while (size < 0 && errno == EINTR);
    close(port[0]);
    snprintf(sandbox->url, sizeof(sandbox->url), "http://127.0.0.1:%u", (unsigned)number);
    return sandbox->child > 0 && size == (ssize_t)sizeof(number) ? 0 : -1;
}

/*
 * Other users of the machine can connect to the port, and the copy is not for them: the token that
 * state files have is known to anybody.
 */
static int make_token(struct sandbox_store *store)
{
    unsigned char bytes[16];
    char token[2 * sizeof(bytes) + 1];
    size_t i;

    if (getentropy(bytes, sizeof(bytes)) != 0)
        return -1;
    for (i = 0; i < sizeof(bytes); i++)
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    store->auth_token = arena_strdup(&store->arena, token);
    return 0;
}

static int start(struct rehearsal_sandbox *sandbox, struct sandbox_store *store,
                 const struct sandbox_faults *faults)
{
    struct sandbox_faults copy;
    struct served served = {.faults = &copy};
    int result;

    sandbox->shared = mmap(NULL, sizeof(*sandbox->shared), PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (sandbox->shared == MAP_FAILED) {
        sandbox->shared = NULL;
        return -1;
    }
    sandbox->account_sid = memory_strdup(store->account_sid);
    sandbox->token = memory_strdup(store->auth_token);
    served.shared = sandbox->shared;
    copy_faults(faults, &copy);
    result = start_child(sandbox, store, &served);
    free(copy.rules);
    return result;
}

struct rehearsal_sandbox *rehearsal_sandbox_start(const struct buf *state,
                                                  const struct sandbox_faults *faults,
                                                  struct diag *diag)
{
    struct rehearsal_sandbox *sandbox;
    struct sandbox_store store = {0};
    struct random_state random;

    random_seed(&random, 1);
    if (sandbox_state_parse(&store, buf_text(state), state->size, "the copy of the account",
                            &random, clock_wall(&clock_system) / 1000, diag) != 0)
        return NULL;
    sandbox = memory_zeroed(sizeof(*sandbox));
    sandbox->alive = -1;
    if (make_token(&store) != 0 || start(sandbox, &store, faults) != 0) {
        diag_error(diag, NULL, "cannot start a sandbox: %s", strerror(errno));
        rehearsal_sandbox_stop(sandbox);
        sandbox = NULL;
    }
    sandbox_store_release(&store);
    return sandbox;
}

void rehearsal_sandbox_stop(struct rehearsal_sandbox *sandbox)
{
    if (sandbox == NULL)
        return;
    if (sandbox->alive >= 0)
        close(sandbox->alive);
    /* A sandbox that was started later has the other end, too. */
    if (sandbox->child > 0)
        kill(sandbox->child, SIGTERM);
    while (sandbox->child > 0 && waitpid(sandbox->child, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (sandbox->shared != NULL)
        munmap(sandbox->shared, sizeof(*sandbox->shared));
    free(sandbox->account_sid);
    free(sandbox->token);
    free(sandbox);
}

void rehearsal_sandbox_calm(struct rehearsal_sandbox *sandbox)
{
    atomic_store(&sandbox->shared->calm, true);
}

void rehearsal_sandbox_counts(const struct rehearsal_sandbox *sandbox,
                              struct request_counts *counts)
{
    size_t kind;

    for (kind = 0; kind < REQUEST_KIND_COUNT; kind++)
        counts->of[kind] = atomic_load(&sandbox->shared->of[kind]);
    counts->faults = atomic_load(&sandbox->shared->faults);
}

void rehearsal_sandbox_login(const struct rehearsal_sandbox *sandbox,
                             struct twilio_client_config *config)
{
    config->credentials = (struct twilio_credentials){.account_sid = sandbox->account_sid,
                                                      .user = sandbox->account_sid,
                                                      .password = sandbox->token};
    config->hosts = (struct twilio_hosts){.messaging = sandbox->url, .api = sandbox->url};
}
