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
    "  --seed N              make the same SIDs, and draw the same faults, in every run\n"
    "  --latency MS          answer every request that late (default 0)\n"
    "  --faults FILE         let requests go wrong as FILE says (YAML; see below)\n"
    "  --rate N              answer 429 with Retry-After past N requests a second; N/10, at\n"
    "                        least 1, may come at once\n"
    "  --max-concurrency N   answer 429 past N requests in progress; those that --latency or a\n"
    "                        fault holds back count\n"
    "  --message-delay MS    time from a message's acceptance to its delivery (default 1000)\n"
    "  --alpha-in-destinations\n"
    "                        list a service's alpha sender among its destination alpha\n"
    "                        senders, too, as the default one\n"
    "  --log FILE            write one JSON line for each request; FILE is emptied first\n"
    "  --log-bodies          put the answers into the log, too\n"
    "  --port N              port to listen on; 0: a free one (default 8080; with a COMMAND 0)\n"
    "  --help                show this help\n"
    "  --version             show the version\n"
    "\n"
    "The file of --faults is a list \"faults\" of rules; a request gets what the first rule\n"
    "says that takes it. Which requests a rule takes:\n"
    "  request: N            the Nth one since the start; or:\n"
    "  method: GET           those of that method, and\n"
    "  path: \"/v1/Services*\" those of that path (* is any characters); left out: all\n"
    "  skip: N               but not the first N of them\n"
    "  count: N              and no more than N, or \"all\" (default 1; all with the next two)\n"
    "  probability: 0.2      and only by chance, drawn from --seed\n"
    "  until: 2s             and only that long since the start (ms, s, m)\n"
    "What goes wrong with them, one or several together:\n"
    "  status: 503           that status instead of the effect; with it, if wanted:\n"
    "    code: 20503         Twilio's error body for that code (default 20000 + status)\n"
    "    body: text          that body instead\n"
    "    retry_after: 1      a Retry-After header, in seconds\n"
    "    effect: true        the request takes effect all the same\n"
    "  content_type: text    that Content-Type\n"
    "  delay: 300ms          the answer is that late (ms, s, m)\n"
    "  reset: before         the connection is reset, without an effect; or \"after\", with it\n"
    "  truncate: 20          the body ends after 20 bytes, Content-Length says more\n"
    "  garbage: true         the body is as many random bytes\n"
    "  drip: 50              the body comes 50 bytes each 100 ms\n"
    "  duplicate: true       the request takes effect twice, the second answer is sent\n";

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

enum option_id {
    OPTION_STATE = 256,
    OPTION_GENERATE,
    OPTION_SEED,
    OPTION_LATENCY,
    OPTION_FAULTS,
    OPTION_RATE,
    OPTION_MAX_CONCURRENCY,
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
    {"faults", required_argument, NULL, OPTION_FAULTS},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"max-concurrency", required_argument, NULL, OPTION_MAX_CONCURRENCY},
    {"message-delay", required_argument, NULL, OPTION_MESSAGE_DELAY},
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
            fputs(id == OPTION_HELP ? help : "roster-sandbox " ROSTER_VERSION "\n", stdout);
            return 1;
        }
        if (read_option(id, options) != 0)
            return -1;
    }
    return check_options(argc, argv, options);
}
