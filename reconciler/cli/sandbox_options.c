#include "cli/sandbox_options.h"

#include "base/str.h"
#include "sandbox/sandbox_limits.h"
#include "sandbox/sandbox_state.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    PORT_DEFAULT = 8080,
    MESSAGE_DELAY_DEFAULT_MS = 1000,
    DELAY_MAX_MS = 10 * 60 * 1000,
    CONCURRENCY_MAX = 100000,
};

int sandbox_complain(const char *format, ...)
{
    va_list arguments;

    fputs("roster-sandbox: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return -1;
}

static int read_range(const char *option, const char *text, int64_t least, int64_t most,
                      int64_t *out)
{
    if (str_to_int64(text, out) == 0 && *out >= least && *out <= most)
        return 0;
    return sandbox_complain("--%s takes a number from %" PRId64 " to %" PRId64 ", not \"%s\"",
                            option, least, most, text);
}

static int read_number(const char *option, const char *text, int64_t most, int64_t *out)
{
    return read_range(option, text, 0, most, out);
}

/* One "services=N" or "numbers=M". */
static int read_generate_part(char *part, struct sandbox_options *options)
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
    return sandbox_complain("--generate takes services=N,numbers=M, not \"%s\"", part);
}

static int read_generate(char *text, struct sandbox_options *options)
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

static int read_clock(const char *text, struct sandbox_options *options)
{
    options->manual_clock = strcmp(text, "manual") == 0;
    if (options->manual_clock || strcmp(text, "wall") == 0)
        return 0;
    return sandbox_complain("--clock takes manual or wall, not \"%s\"", text);
}

enum option_id {
    OPTION_STATE = 256,
    OPTION_GENERATE,
    OPTION_SEED,
    OPTION_LATENCY,
    OPTION_FAULTS,
    OPTION_RATE,
    OPTION_MAX_CONCURRENCY,
    OPTION_MESSAGE_DELAY,
    OPTION_CLOCK,
    OPTION_SYNCHRONOUS_POOL_ERRORS,
    OPTION_CALL_OUT,
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
    {"faults", required_argument, NULL, OPTION_FAULTS},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"max-concurrency", required_argument, NULL, OPTION_MAX_CONCURRENCY},
    {"message-delay", required_argument, NULL, OPTION_MESSAGE_DELAY},
    {"clock", required_argument, NULL, OPTION_CLOCK},
    {"synchronous-pool-errors", no_argument, NULL, OPTION_SYNCHRONOUS_POOL_ERRORS},
    {"call-out", no_argument, NULL, OPTION_CALL_OUT},
    {"alpha-in-destinations", no_argument, NULL, OPTION_ALPHA_IN_DESTINATIONS},
    {"log", required_argument, NULL, OPTION_LOG},
    {"log-bodies", no_argument, NULL, OPTION_LOG_BODIES},
    {"port", required_argument, NULL, OPTION_PORT},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static int read_option(int id, struct sandbox_options *options)
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
    case OPTION_FAULTS:
        options->faults = optarg;
        return 0;
    case OPTION_RATE:
        return read_range("rate", optarg, 1, SANDBOX_RATE_MAX, &options->rate);
    case OPTION_MAX_CONCURRENCY:
        return read_range("max-concurrency", optarg, 1, CONCURRENCY_MAX, &options->max_concurrency);
    case OPTION_MESSAGE_DELAY:
        return read_number("message-delay", optarg, DELAY_MAX_MS, &options->message_delay_ms);
    case OPTION_CLOCK:
        return read_clock(optarg, options);
    case OPTION_SYNCHRONOUS_POOL_ERRORS:
        options->synchronous_pool_errors = true;
        return 0;
    case OPTION_CALL_OUT:
        options->call_out = true;
        return 0;
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

static int check_options(int argc, char **argv, struct sandbox_options *options)
{
    if (optind < argc && (optind == 0 || strcmp(argv[optind - 1], "--") != 0))
        return sandbox_complain("unexpected argument \"%s\"; a command goes behind --",
                                argv[optind]);
    if (optind == argc && strcmp(argv[argc - 1], "--") == 0)
        return sandbox_complain("a command is missing behind --");
    if (options->log_bodies && options->log == NULL)
        return sandbox_complain("--log-bodies needs --log");
    if (options->generate && options->state != NULL && access(options->state, F_OK) == 0)
        return sandbox_complain("--generate makes a new account, but %s exists", options->state);
    options->command = optind < argc ? argv + optind : NULL;
    if (!options->has_port)
        options->port = options->command != NULL ? 0 : PORT_DEFAULT;
    return 0;
}

int sandbox_options_read(int argc, char **argv, struct sandbox_options *options)
{
    int id;

    options->message_delay_ms = MESSAGE_DELAY_DEFAULT_MS;
    while ((id = getopt_long(argc, argv, "+", long_options, NULL)) != -1) {
        if (id == OPTION_HELP || id == OPTION_VERSION) {
            if (id == OPTION_HELP)
                sandbox_help(stdout);
            else
                puts("roster-sandbox " ROSTER_VERSION);
            return 1;
        }
        if (read_option(id, options) != 0)
            return -1;
    }
    return check_options(argc, argv, options);
}
