#include "cli/sandbox_options.h"

#include "base/str.h"
#include "cli/option_habits.h"
#include "cli/options.h"
#include "cli/sandbox_option_rows.h"
#include "cli/terminal.h"
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

static int read_option(int id, struct sandbox_options *options)
{
    switch (id) {
    case SANDBOX_OPTION_STATE:
        options->state = optarg;
        return 0;
    case SANDBOX_OPTION_GENERATE:
        return read_generate(optarg, options);
    case SANDBOX_OPTION_SEED:
        options->has_seed = true;
        return read_number("seed", optarg, INT64_MAX, &options->seed);
    case SANDBOX_OPTION_LATENCY:
        return read_number("latency", optarg, DELAY_MAX_MS, &options->latency_ms);
    case SANDBOX_OPTION_FAULTS:
        options->faults = optarg;
        return 0;
    case SANDBOX_OPTION_RATE:
        return read_range("rate", optarg, 1, SANDBOX_RATE_MAX, &options->rate);
    case SANDBOX_OPTION_MAX_CONCURRENCY:
        return read_range("max-concurrency", optarg, 1, CONCURRENCY_MAX, &options->max_concurrency);
    case SANDBOX_OPTION_MESSAGE_DELAY:
        return read_number("message-delay", optarg, DELAY_MAX_MS, &options->message_delay_ms);
    case SANDBOX_OPTION_CLOCK:
        return read_clock(optarg, options);
    case SANDBOX_OPTION_SYNCHRONOUS_POOL_ERRORS:
        options->synchronous_pool_errors = true;
        return 0;
    case SANDBOX_OPTION_CALL_OUT:
        options->call_out = true;
        return 0;
    case SANDBOX_OPTION_ALPHA_IN_DESTINATIONS:
        options->alpha_in_destinations = true;
        return 0;
    case SANDBOX_OPTION_LOG:
        options->log = optarg;
        return 0;
    case SANDBOX_OPTION_LOG_BODIES:
        options->log_bodies = true;
        return 0;
    case SANDBOX_OPTION_PORT:
        options->has_port = true;
        return read_number("port", optarg, UINT16_MAX, &options->port);
    default:
        return -1;
    }
}

/* What getopt_long() wants. */
static void make_table(struct option *table)
{
    size_t i;

    for (i = 0; i < sandbox_option_row_count; i++)
        table[i] = (struct option){
            .name = sandbox_option_rows[i].name,
            .has_arg = sandbox_option_rows[i].value == NULL ? no_argument : required_argument,
            .val = (int)sandbox_option_rows[i].id,
        };
    table[i] = (struct option){NULL, 0, NULL, 0};
}

static const struct sandbox_option_row *row_of(int id)
{
    size_t i;

    for (i = 0; i < sandbox_option_row_count; i++)
        if ((int)sandbox_option_rows[i].id == id)
            return &sandbox_option_rows[i];
    return NULL;
}

/* What getopt_long() could not take: optopt says why. */
static int refuse(int found, const char *token)
{
    const char *names[SANDBOX_OPTION_ROWS_MAX], *nearest;
    const struct sandbox_option_row *row = row_of(optopt);
    const size_t dashes = strspn(token, "-"), size = strcspn(token, "=");
    char name[64] = "";
    size_t i;

    if (row != NULL)
        return sandbox_complain("option --%s %s", row->name,
                                found == ':' ? "needs a value" : "takes no value");
    for (i = 0; i < sandbox_option_row_count; i++)
        names[i] = sandbox_option_rows[i].name;
    if (size < sizeof(name))
        memcpy(name, token + dashes, size - dashes);
    nearest = habit_word(name, names, sandbox_option_row_count);
    if (nearest != NULL)
        return sandbox_complain("unknown option %.*s; did you mean --%s?", (int)size, token,
                                nearest);
    return sandbox_complain("unknown option %.*s; \"roster-sandbox --help\" lists them", (int)size,
                            token);
}

static void print_help(void)
{
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    sandbox_help(&out, help_width(terminal_width(STDOUT_FILENO)));
    fputs(buf_text(&out), stdout);
    buf_release(&out);
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
    struct option table[SANDBOX_OPTION_ROWS_MAX + 1];
    int id;

    options->message_delay_ms = MESSAGE_DELAY_DEFAULT_MS;
    make_table(table);
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    while ((id = getopt_long(argc, argv, "+:", table, NULL)) != -1) {
        if (id == SANDBOX_OPTION_HELP || id == SANDBOX_OPTION_VERSION) {
            if (id == SANDBOX_OPTION_HELP)
                print_help();
            else
                puts("roster-sandbox " ROSTER_VERSION);
            return 1;
        }
        if (id == ':' || id == '?')
            return refuse(id, optopt > 0 && optopt < SANDBOX_OPTION_STATE
                                  ? (char[]){'-', (char)optopt, '\0'}
                                  : argv[optind - 1]);
        if (read_option(id, options) != 0)
            return -1;
    }
    return check_options(argc, argv, options);
}
