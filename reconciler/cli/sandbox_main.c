/*
 * roster-sandbox: serves a made-up Twilio account on a loopback port, and can run a command that is
 * pointed at it.
 */
#include "base/attributes.h"
#include "base/clock.h"
#include "base/diag.h"
#include "cli/completion.h"
#include "cli/exit_code.h"
#include "cli/sandbox_faults_file.h"
#include "cli/sandbox_options.h"
#include "http/http_server.h"
#include "sandbox/sandbox_poster.h"
#include "sandbox/sandbox_server.h"
#include "sandbox/sandbox_state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    STATUS_CANNOT_RUN = 126, /* as shells have it */
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL = 128,
};

struct sandbox {
    const struct sandbox_options *options;
    struct sandbox_store store;
    struct sandbox_server *handler;
    struct http_server *listener;
    struct sandbox_poster *poster;
    struct sandbox_faults_file faults;
    FILE *log;
    int64_t next_save; /* monotonic, milliseconds */
    bool broken;       /* the state can't be saved, or the loop is done for */
    char url[64];
};

/* What has a place in a file is shown as roster shows it. */
static void print_diagnostics(struct diag *diag)
{
    struct buf text;
    size_t i;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    if (diag->count > 0 && diag->items[0].place.file != NULL)
        diag_render_text(diag, &text, false);
    else
        for (i = 0; i < diag->count; i++)
            sandbox_complain("%s", diag->items[i].message);
    fputs(buf_text(&text), stderr);
    buf_release(&text);
    diag_release(diag);
}

/*
 * What signal handlers can reach; they have no other way. A signal that the terminal sends goes to
 * the command as well, so only others are passed on.
 */
static struct {
    struct http_server *volatile listener;
    volatile sig_atomic_t stop; /* number of the signal; 0: none */
    volatile sig_atomic_t by_terminal, child_changed;
} signals;

static void on_signal(int number, siginfo_t *info, void *context)
{
    int saved = errno;

    (void)context;
    if (number == SIGCHLD) {
        signals.child_changed = 1;
    } else {
        signals.by_terminal = info->si_code > 0;
        signals.stop = number;
    }
    http_server_wake(signals.listener);
    errno = saved;
}

static void catch_signals(struct http_server *listener)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGCHLD};
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    size_t i;

    signals.listener = listener;
    sigemptyset(&action.sa_mask);
    for (i = 0; i < COUNT_OF(numbers); i++)
        sigaction(numbers[i], &action, NULL);
}

/* Back to the default before the listener goes. */
static void release_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGCHLD};
    struct sigaction action = {.sa_handler = SIG_DFL};
    size_t i;

    sigemptyset(&action.sa_mask);
    for (i = 0; i < COUNT_OF(numbers); i++)
        sigaction(numbers[i], &action, NULL);
}

static void save(struct sandbox *sandbox)
{
    struct diag diag;

    diag_init(&diag);
    if (sandbox_state_save(&sandbox->store, sandbox->options->state, &diag) != 0)
        sandbox->broken = true;
    print_diagnostics(&diag);
}

static bool wants_saving(const struct sandbox *sandbox)
{
    return sandbox->options->state != NULL && sandbox->store.dirty && !sandbox->broken;
}

/* How long the loop may sleep, for all that it knows; -1: without end. */
static int sleep_ms(const struct sandbox *sandbox)
{
    int64_t wait = sandbox_server_wait_ms(sandbox->handler), save_ms;

    if (wants_saving(sandbox)) {
        save_ms = sandbox->next_save - clock_monotonic(&clock_system);
        save_ms = save_ms > 0 ? save_ms : 0;
        wait = wait < 0 || save_ms < wait ? save_ms : wait;
    }
    return wait > INT_MAX ? INT_MAX : (int)wait;
}

/* One turn of listener, messages and callbacks. Returns -1 when the listener is done for. */
static int turn(struct sandbox *sandbox)
{
    int timeout = http_server_wait_ms(sandbox->listener, sleep_ms(sandbox));

    (void)http_engine_turn(sandbox_poster_engine(sandbox->poster),
                           http_server_fd(sandbox->listener), timeout);
    if (http_server_turn(sandbox->listener, 0) != 0)
        return sandbox_complain("the listener has failed");
    sandbox_server_advance(sandbox->handler);
    return 0;
}

/*
 * One turn of the loop. Changes are saved at its end; but since a large account takes its time to
 * write, saving rests for ten times as long as it has taken.
 */
static void take_turn(struct sandbox *sandbox)
{
    int64_t now;

    if (turn(sandbox) != 0) {
        sandbox->broken = true;
        signals.stop = SIGTERM;
        return;
    }
    now = clock_monotonic(&clock_system);
    if (wants_saving(sandbox) && now >= sandbox->next_save) {
        save(sandbox);
        sandbox->next_save = now + 11 * (clock_monotonic(&clock_system) - now);
    }
}

static int set_environment(const struct sandbox *sandbox)
{
    static const char *const unwanted[] = {"TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_REGION",
                                           "TWILIO_EDGE"};
    size_t i;

    for (i = 0; i < COUNT_OF(unwanted); i++)
        unsetenv(unwanted[i]);
    if (setenv("TWILIO_ACCOUNT_SID", sandbox->store.account_sid, 1) != 0 ||
        setenv("TWILIO_AUTH_TOKEN", sandbox->store.auth_token, 1) != 0 ||
        setenv("ROSTER_API_URL", sandbox->url, 1) != 0)
        return sandbox_complain("cannot set the environment: %s", strerror(errno));
    return 0;
}

/* Whether the child has ended; then `*status` is what we exit with. */
static bool child_has_ended(pid_t child, int *status)
{
    int result;

    if (!signals.child_changed)
        return false;
    signals.child_changed = 0;
    if (waitpid(child, &result, WNOHANG) != child)
        return false;
    *status = WIFEXITED(result) ? WEXITSTATUS(result) : STATUS_SIGNAL + WTERMSIG(result);
    return true;
}

static int run_command(struct sandbox *sandbox)
{
    char **command = sandbox->options->command;
    int status = EXIT_ERROR, error;
    pid_t child;

    if (set_environment(sandbox) != 0)
        return EXIT_ERROR;
    error = posix_spawnp(&child, command[0], NULL, NULL, command, environ);
    if (error != 0) {
        sandbox_complain("cannot run %s: %s", command[0], strerror(error));
        return error == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
    }
    while (!child_has_ended(child, &status)) {
        int stop = signals.stop;
        if (stop != 0) {
            signals.stop = 0;
            if (!signals.by_terminal)
                kill(child, stop);
        }
        take_turn(sandbox);
    }
    return status;
}

static int serve(struct sandbox *sandbox)
{
    fprintf(stderr,
            "roster-sandbox: serving %s until interrupted; for other programs:\n"
            "export TWILIO_ACCOUNT_SID=%s\n"
            "export TWILIO_AUTH_TOKEN=%s\n"
            "export ROSTER_API_URL=%s\n",
            sandbox->url, sandbox->store.account_sid, sandbox->store.auth_token, sandbox->url);
    while (signals.stop == 0)
        take_turn(sandbox);
    return EXIT_OK;
}

static void seed_random(const struct sandbox_options *options, struct random_state *random)
{
    if (options->has_seed)
        random_seed(random, (uint64_t)options->seed);
    else
        random_init(random);
}

static int open_account(struct sandbox *sandbox, const struct random_state *random,
                        struct diag *diag)
{
    const struct sandbox_options *options = sandbox->options;
    int64_t now = clock_wall(&clock_system) / 1000;

    if (options->state != NULL && access(options->state, F_OK) == 0)
        return sandbox_state_load(&sandbox->store, options->state, random, now, diag);
    sandbox_store_init(&sandbox->store, random, now);
    sandbox_state_generate(&sandbox->store, (size_t)options->services, (size_t)options->numbers,
                           now);
    /* So that the file is there from the start. */
    sandbox->store.dirty = true;
    return 0;
}

static int open_faults(struct sandbox *sandbox, const struct random_state *random,
                       struct diag *diag)
{
    const char *path = sandbox->options->faults;
    struct random_state chance = *random;

    if (path == NULL)
        return 0;
    if (sandbox_faults_file_read(&sandbox->faults, path, diag) != 0)
        return -1;
    /* Of its own as well: the SIDs are the same with and without faults. */
    random_seed(&sandbox->faults.faults.random, random_next(&chance));
    random_seed(&sandbox->faults.callbacks.random, random_next(&chance));
    return 0;
}

static int open_log(struct sandbox *sandbox, struct diag *diag)
{
    const char *path = sandbox->options->log;
    int descriptor;

    if (path == NULL)
        return 0;
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor >= 0)
        sandbox->log = fdopen(descriptor, "a");
    if (sandbox->log != NULL)
        return 0;
    diag_error(diag, NULL, "cannot open %s: %s", path, strerror(errno));
    return -1;
}

static void fill_config(struct sandbox *sandbox, const struct random_state *random,
                        struct sandbox_config *config)
{
    const struct sandbox_options *options = sandbox->options;

    *config = (struct sandbox_config){
        .store = &sandbox->store,
        .clock = &clock_system,
        .latency_ms = options->latency_ms,
        .message_delay_ms = options->message_delay_ms,
        .manual_clock = options->manual_clock,
        .synchronous_pool_errors = options->synchronous_pool_errors,
        .post = sandbox_poster_post,
        .post_context = sandbox->poster,
        .pending = sandbox_poster_pending,
        .alpha_in_destinations = options->alpha_in_destinations,
        .rate = options->rate,
        .max_concurrency = (size_t)options->max_concurrency,
        .log = sandbox->log,
        .log_bodies = options->log_bodies,
    };
    if (options->faults != NULL) {
        config->faults = &sandbox->faults.faults;
        config->callback_faults = &sandbox->faults.callbacks;
        config->recipients = &sandbox->faults.recipients;
    }
    /* Of its own, lest SIDs depend on how many requests there were. */
    random_seed(&config->random, ~random->state);
}

static int open_sandbox(struct sandbox *sandbox, struct diag *diag)
{
    const struct sandbox_options *options = sandbox->options;
    struct http_server_config http = {.port = (uint16_t)options->port,
                                      .handler = sandbox_server_handle};
    struct sandbox_config config;
    struct random_state random;

    seed_random(options, &random);
    if (open_faults(sandbox, &random, diag) != 0 || open_account(sandbox, &random, diag) != 0 ||
        open_log(sandbox, diag) != 0)
        return -1;
    sandbox->poster = sandbox_poster_new(&clock_system, options->call_out, sandbox->log, diag);
    if (sandbox->poster == NULL)
        return -1;
    fill_config(sandbox, &random, &config);
    sandbox->handler = sandbox_server_new(&config);
    http.context = sandbox->handler;
    sandbox->listener = http_server_new(&http, diag);
    if (sandbox->listener == NULL)
        return -1;
    snprintf(sandbox->url, sizeof(sandbox->url), "http://127.0.0.1:%u",
             (unsigned)http_server_port(sandbox->listener));
    return 0;
}

static void close_sandbox(struct sandbox *sandbox)
{
    http_server_free(sandbox->listener);
    sandbox_server_free(sandbox->handler);
    sandbox_poster_free(sandbox->poster);
    if (sandbox->log != NULL)
        fclose(sandbox->log);
    sandbox_faults_file_release(&sandbox->faults);
    sandbox_store_release(&sandbox->store);
}

static int run(const struct sandbox_options *options)
{
    struct sandbox sandbox = {.options = options};
    struct diag diag;
    int status = EXIT_ERROR;

    diag_init(&diag);
    if (open_sandbox(&sandbox, &diag) == 0) {
        catch_signals(sandbox.listener);
        if (wants_saving(&sandbox))
            save(&sandbox);
        if (!sandbox.broken)
            status = options->command != NULL ? run_command(&sandbox) : serve(&sandbox);
        release_signals();
        if (wants_saving(&sandbox))
            save(&sandbox);
        if (sandbox_server_log_failed(sandbox.handler) ||
            sandbox_poster_log_failed(sandbox.poster)) {
            sandbox_complain("cannot write all of %s", options->log);
            sandbox.broken = true;
        }
        if (sandbox.broken && status == EXIT_OK)
            status = EXIT_ERROR;
    }
    print_diagnostics(&diag);
    close_sandbox(&sandbox);
    return status;
}

int main(int argc, char **argv)
{
    struct sandbox_options options = {0};
    int result;

    if (argc > 1 && strcmp(argv[1], "__complete") == 0)
        return completion_main(completion_of_sandbox, argc - 2, argv + 2);
    result = sandbox_options_read(argc, argv, &options);
    if (result != 0)
        return result > 0 ? EXIT_OK : EXIT_ERROR;
    return run(&options);
}
