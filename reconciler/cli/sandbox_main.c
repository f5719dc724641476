/*
 * roster-sandbox: serves a made-up Twilio account on a loopback port, and can run a command that is
 * pointed at it.
 */
#include "base/attributes.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/str.h"
#include "cli/exit_code.h"
#include "http/http_server.h"
#include "sandbox/sandbox_server.h"
#include "sandbox/sandbox_state.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    PORT_DEFAULT = 8080,
    MESSAGE_DELAY_DEFAULT_MS = 1000,
    DELAY_MAX_MS = 10 * 60 * 1000,
    STATUS_CANNOT_RUN = 126, /* as shells have it */
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL = 128,
};

static const char help[] =
    "Usage: roster-sandbox [options] [-- COMMAND [ARGUMENT...]]\n"
    "\n"
    "Serves a made-up Twilio account that behaves like the real API, on 127.0.0.1.\n"
    "With a COMMAND: listens on a free port, runs the command with TWILIO_ACCOUNT_SID,\n"
    "TWILIO_AUTH_TOKEN and ROSTER_API_URL set for it, and exits with its status.\n"
    "Without: serves until it is interrupted.\n"
    "\n"
    "Options:\n"
    "  --state FILE          load the account from FILE (JSON) and save it there after changes;\n"
    "                        a FILE that does not exist is created\n"
    "  --generate services=N,numbers=M\n"
    "                        begin with N services and M phone numbers spread over them\n"
    "  --seed N              make the same SIDs in every run\n"
    "  --latency MS          answer every request that late (default 0)\n"
    "  --message-delay MS    time from a message's acceptance to its delivery (default 1000)\n"
    "  --alpha-in-destinations\n"
    "                        list a service's alpha sender among its destination alpha\n"
    "                        senders, too, as the default one\n"
    "  --log FILE            write one JSON line for each request; FILE is emptied first\n"
    "  --log-bodies          put the answers into the log, too\n"
    "  --port N              port to listen on; 0: a free one (default 8080; with a COMMAND 0)\n"
    "  --help                show this help\n"
    "  --version             show the version\n";

struct options {
    const char *state, *log;
    bool log_bodies, generate, has_seed, has_port, alpha_in_destinations;
    int64_t services, numbers, seed, latency_ms, message_delay_ms, port;
    char **command; /* NULL: none */
};

static int complain(const char *format, ...) PRINTF_LIKE(1, 2);

static int complain(const char *format, ...)
{
    va_list arguments;

    fputs("roster-sandbox: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return -1;
}

static int read_number(const char *option, const char *text, int64_t most, int64_t *out)
{
    if (str_to_int64(text, out) == 0 && *out >= 0 && *out <= most)
        return 0;
    return complain("--%s takes a number from 0 to %" PRId64 ", not \"%s\"", option, most, text);
}

/* One "services=N" or "numbers=M". */
static int read_generate_part(char *part, struct options *options)
{
    char *value = strchr(part, '=');

    if (value != NULL) {
        *value++ = '\0';
        if (strcmp(part, "services") == 0)
            return read_number("generate services", value, SANDBOX_SERVICES_MAX,
                               &options->services);
        if (strcmp(part, "numbers") == 0)
            return read_number("generate numbers", value, SANDBOX_NUMBERS_MAX, &options->numbers);
    }
    return complain("--generate takes services=N,numbers=M, not \"%s\"", part);
}

static int read_generate(char *text, struct options *options)
{
    options->generate = true;
    while (text != NULL) {
        char *comma = strchr(text, ',');
        if (comma != NULL)
            *comma++ = '\0';
        if (read_generate_part(text, options) != 0)
            return -1;
        text = comma;
    }
    return 0;
}

enum option_id {
    OPTION_STATE = 256,
    OPTION_GENERATE,
    OPTION_SEED,
    OPTION_LATENCY,
    OPTION_MESSAGE_DELAY,
    OPTION_ALPHA_IN_DESTINATIONS,
    OPTION_LOG,
    OPTION_LOG_BODIES,
    OPTION_PORT,
    OPTION_HELP,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"state", required_argument, NULL, OPTION_STATE},
    {"generate", required_argument, NULL, OPTION_GENERATE},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"latency", required_argument, NULL, OPTION_LATENCY},
    {"message-delay", required_argument, NULL, OPTION_MESSAGE_DELAY},
    {"alpha-in-destinations", no_argument, NULL, OPTION_ALPHA_IN_DESTINATIONS},
    {"log", required_argument, NULL, OPTION_LOG},
    {"log-bodies", no_argument, NULL, OPTION_LOG_BODIES},
    {"port", required_argument, NULL, OPTION_PORT},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static int read_option(int id, struct options *options)
{
    switch (id) {
    case OPTION_STATE:
        options->state = optarg;
        return 0;
    case OPTION_GENERATE:
        return read_generate(optarg, options);
    case OPTION_SEED:
        options->has_seed = true;
        return read_number("seed", optarg, INT64_MAX, &options->seed);
    case OPTION_LATENCY:
        return read_number("latency", optarg, DELAY_MAX_MS, &options->latency_ms);
    case OPTION_MESSAGE_DELAY:
        return read_number("message-delay", optarg, DELAY_MAX_MS, &options->message_delay_ms);
    case OPTION_ALPHA_IN_DESTINATIONS:
        options->alpha_in_destinations = true;
        return 0;
    case OPTION_LOG:
        options->log = optarg;
        return 0;
    case OPTION_LOG_BODIES:
        options->log_bodies = true;
        return 0;
    case OPTION_PORT:
        options->has_port = true;
        return read_number("port", optarg, UINT16_MAX, &options->port);
    default: /* getopt_long() has said what is wrong */
        return -1;
    }
}

static int check_options(int argc, char **argv, struct options *options)
{
    if (optind < argc && (optind == 0 || strcmp(argv[optind - 1], "--") != 0))
        return complain("unexpected argument \"%s\"; a command goes behind --", argv[optind]);
    if (optind == argc && strcmp(argv[argc - 1], "--") == 0)
        return complain("a command is missing behind --");
    if (options->log_bodies && options->log == NULL)
        return complain("--log-bodies needs --log");
    if (options->generate && options->state != NULL && access(options->state, F_OK) == 0)
        return complain("--generate makes a new account, but %s exists", options->state);
    options->command = optind < argc ? argv + optind : NULL;
    if (!options->has_port)
        options->port = options->command != NULL ? 0 : PORT_DEFAULT;
    return 0;
}

/* Returns 0, -1 for bad usage, or 1 when all that was wanted has been printed. */
static int read_options(int argc, char **argv, struct options *options)
{
    int id;

    options->message_delay_ms = MESSAGE_DELAY_DEFAULT_MS;
    while ((id = getopt_long(argc, argv, "+", long_options, NULL)) != -1) {
        if (id == OPTION_HELP || id == OPTION_VERSION) {
            fputs(id == OPTION_HELP ? help : "roster-sandbox " ROSTER_VERSION "\n", stdout);
            return 1;
        }
        if (read_option(id, options) != 0)
            return -1;
    }
    return check_options(argc, argv, options);
}

struct sandbox {
    const struct options *options;
    struct sandbox_store store;
    struct sandbox_server *handler;
    struct http_server *listener;
    FILE *log;
    int64_t next_save; /* monotonic, milliseconds */
    bool broken;       /* the state can't be saved, or the loop is done for */
    char url[64];
};

static void print_diagnostics(struct diag *diag)
{
    size_t i;
    for (i = 0; i < diag->count; i++)
        complain("%s", diag->items[i].message);
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
    if (sandbox_state_save(&sandbox->store, sandbox->options->state, clock_wall(&clock_system),
                           &diag) != 0)
        sandbox->broken = true;
    print_diagnostics(&diag);
}

static bool wants_saving(const struct sandbox *sandbox)
{
    return sandbox->options->state != NULL && sandbox->store.dirty && !sandbox->broken;
}

/*
 * One turn of the loop. Changes are saved at its end; but since a large account takes its time to
 * write, saving rests for ten times as long as it has taken.
 */
static void take_turn(struct sandbox *sandbox)
{
    int64_t now = clock_monotonic(&clock_system), wait;
    int timeout = -1;

    if (wants_saving(sandbox)) {
        wait = sandbox->next_save - now;
        timeout = wait > 0 ? (int)wait : 0;
    }
    if (http_server_turn(sandbox->listener, timeout) != 0) {
        complain("the listener has failed");
        sandbox->broken = true;
        signals.stop = SIGTERM;
        return;
    }
    now = clock_monotonic(&clock_system);
    if (wants_saving(sandbox) && now >= sandbox->next_save) {
        save(sandbox);
        wait = clock_monotonic(&clock_system) - now;
        sandbox->next_save = now + 11 * wait;
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
        return complain("cannot set the environment: %s", strerror(errno));
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
        complain("cannot run %s: %s", command[0], strerror(error));
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

static void seed_random(const struct options *options, struct random_state *random)
{
    if (options->has_seed)
        random_seed(random, (uint64_t)options->seed);
    else
        random_init(random);
}

static int open_account(struct sandbox *sandbox, const struct random_state *random,
                        struct diag *diag)
{
    const struct options *options = sandbox->options;
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

static int open_sandbox(struct sandbox *sandbox, struct diag *diag)
{
    const struct options *options = sandbox->options;
    struct sandbox_config config = {
        .store = &sandbox->store,
        .clock = &clock_system,
        .latency_ms = options->latency_ms,
        .message_delay_ms = options->message_delay_ms,
        .alpha_in_destinations = options->alpha_in_destinations,
        .log_bodies = options->log_bodies,
    };
    struct http_server_config http = {.port = (uint16_t)options->port,
                                      .handler = sandbox_server_handle};
    struct random_state random;

    seed_random(options, &random);
    if (open_account(sandbox, &random, diag) != 0 || open_log(sandbox, diag) != 0)
        return -1;
    config.log = sandbox->log;
    /* Of its own, lest SIDs depend on how many requests there were. */
    random_seed(&config.random, ~random.state);
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
    if (sandbox->log != NULL)
        fclose(sandbox->log);
    sandbox_store_release(&sandbox->store);
}

static int run(const struct options *options)
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
        if (sandbox_server_log_failed(sandbox.handler)) {
            complain("cannot write all of %s", options->log);
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
    struct options options = {0};
    int result = read_options(argc, argv, &options);

    if (result != 0)
        return result > 0 ? EXIT_OK : EXIT_ERROR;
    return run(&options);
}
