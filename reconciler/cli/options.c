#include "cli/options.h"

#include "base/str.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_LIST, OPTION_INTEGER };

struct option_row {
    const char *name; /* long form, without the dashes */
    char letter;      /* short form; 0: none */
    enum option_type type;
    size_t offset; /* in struct options: bool, const char *, struct option_list, int64_t by type */
    const char *value;       /* what stands for its value in the help */
    const char *environment; /* NULL: none */
    const char *const *choices;
    size_t choice_count;
    int64_t min, max, fallback;
    const char *commands; /* those that take it, with blanks between; NULL: every one */
    const char *help;
};

static const char *const color_choices[] = {"auto", "always", "never"};

static const char *const validate_formats[] = {"text", "json", "github"};
static const char *const plan_formats[] = {"text", "json", "markdown", "html"};
static const char *const fail_choices[] = {"error", "warning"};

static const struct option_row rows[] = {
    {
        .name = "help",
        .letter = 'h',
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, help),
        .help = "show this help",
    },
    {
        .name = "api-url",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, api_url),
        .value = "URL",
        .environment = "ROSTER_API_URL",
        .help = "send every request to this scheme, host and port (the sandbox)",
    },
    {
        .name = "ca-file",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, ca_file),
        .value = "FILE",
        .environment = "ROSTER_CA_FILE",
        .help = "trust the certificates in this PEM file instead of the system's",
    },
    {
        .name = "color",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, color),
        .value = "WHEN",
        .environment = "ROSTER_COLOR",
        .choices = color_choices,
        .choice_count = COUNT_OF(color_choices),
        .help = "auto (on a terminal, NO_COLOR obeyed), always, never",
    },
    {
        .name = "parallelism",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, parallelism),
        .value = "N",
        .environment = "ROSTER_PARALLELISM",
        .min = 1,
        .max = 100,
        .fallback = 16,
        .help = "requests in flight at once",
    },
    {
        .name = "connect-timeout",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, connect_timeout),
        .value = "SECONDS",
        .environment = "ROSTER_CONNECT_TIMEOUT",
        .min = 1,
        .max = 600,
        .fallback = 10,
        .help = "give up connecting after this",
    },
    {
        .name = "request-timeout",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, request_timeout),
        .value = "SECONDS",
        .environment = "ROSTER_REQUEST_TIMEOUT",
        .min = 1,
        .max = 600,
        .fallback = 30,
        .help = "give up one attempt of a request after this",
    },
    {
        .name = "detailed-exitcode",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, detailed_exitcode),
        .commands = "plan",
        .help = "exit with 2 when there are changes",
    },
    {
        .name = "format",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, format),
        .value = "FORMAT",
        .choices = validate_formats,
        .choice_count = COUNT_OF(validate_formats),
        .commands = "validate",
        .help = "text (default), json, or github (annotations)",
    },
    {
        .name = "format",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, format),
        .value = "FORMAT",
        .choices = plan_formats,
        .choice_count = COUNT_OF(plan_formats),
        .commands = "plan",
        .help = "text (default), json, markdown (for pull requests), or html",
    },
    {
        .name = "out",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, out),
        .value = "FILE",
        .commands = "plan",
        .help = "save the plan for \"roster apply FILE\", unless a guard refuses it",
    },
    {
        .name = "target",
        .type = OPTION_LIST,
        .offset = offsetof(struct options, targets),
        .value = "NAME",
        .commands = "plan apply",
        .help = "only services of that name or pattern (A*); may be given again",
    },
    {
        .name = "take-over",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.take_over),
        .commands = "plan apply",
        .help = "allow moves out of services or lists that the roster does not manage",
    },
    {
        .name = "max-removals",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, limits.max_removals),
        .value = "N",
        .min = 0,
        .max = 1000000,
        .fallback = GUARD_UNLIMITED,
        .commands = "plan apply",
        .help = "how many senders may leave services, whatever the roster says",
    },
    {
        .name = "max-deletes",
        .type = OPTION_INTEGER,
        .offset = offsetof(struct options, limits.max_deletes),
        .value = "N",
        .min = 0,
        .max = 1000000,
        .fallback = GUARD_UNLIMITED,
        .commands = "plan apply",
        .help = "how many services may be deleted, whatever the roster says",
    },
    {
        .name = "allow-empty-service",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.allow_empty_service),
        .commands = "plan apply",
        .help = "allow taking the last sender out of a service",
    },
    {
        .name = "allow-empty-roster",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.allow_empty_roster),
        .commands = "plan apply",
        .help = "allow \"prune\" with a roster that has no services",
    },
    {
        .name = "allow-campaign-loss",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, limits.allow_campaign_loss),
        .commands = "plan apply",
        .help = "allow deleting services with a registered A2P campaign",
    },
    {
        .name = "fail-on",
        .type = OPTION_TEXT,
        .offset = offsetof(struct options, fail_on),
        .value = "LEVEL",
        .choices = fail_choices,
        .choice_count = COUNT_OF(fail_choices),
        .commands = "validate",
        .help = "error (default), or warning: fail on warnings too",
    },
    {
        .name = "auto-approve",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, auto_approve),
        .commands = "apply",
        .help = "apply without asking; needed where there is no terminal to ask on",
    },
    {
        .name = "replan",
        .type = OPTION_FLAG,
        .offset = offsetof(struct options, replan),
        .commands = "apply",
        .help = "when the saved plan is stale, plan anew from its roster instead of refusing",
    },
};

static void *member_of(struct options *options, const struct option_row *row)
{
    return (char *)options + row->offset;
}

/* `given` is how the user wrote it: "--color" or "ROSTER_COLOR". */
static int set_text(struct options *options, const struct option_row *row, const char *value,
                    const char *given, struct diag *diag)
{
    size_t i;

    if (value[0] == '\0') {
        diag_error(diag, NULL, "%s needs a value", given);
        return -1;
    }
    for (i = 0; i < row->choice_count; i++)
        if (strcmp(row->choices[i], value) == 0)
            break;
    if (row->choice_count != 0 && i == row->choice_count) {
        const char *nearest = str_closest(value, row->choices, row->choice_count);
        diag_error(diag, NULL, "%s can't be \"%s\"", given, value);
        diag_help(diag, "did you mean \"%s\"?", nearest == NULL ? row->choices[0] : nearest);
        return -1;
    }
    *(const char **)member_of(options, row) = value;
    return 0;
}

static int add_to_list(struct options *options, const struct option_row *row, const char *value,
                       const char *given, struct diag *diag)
{
    struct option_list *list = member_of(options, row);

    if (value[0] == '\0') {
        diag_error(diag, NULL, "%s needs a value", given);
        return -1;
    }
    if (list->count == COUNT_OF(list->items)) {
        diag_error(diag, NULL, "%s can be given %zu times only", given, list->count);
        return -1;
    }
    list->items[list->count++] = value;
    return 0;
}

static int set_integer(struct options *options, const struct option_row *row, const char *value,
                       const char *given, struct diag *diag)
{
    int64_t number;

    if (str_to_int64(value, &number) != 0 || number < row->min || number > row->max) {
        diag_error(diag, NULL,
                   "%s must be a whole number from %" PRId64 " to %" PRId64 ", not \"%s\"", given,
                   row->min, row->max, value);
        return -1;
    }
    *(int64_t *)member_of(options, row) = number;
    return 0;
}

static int set_option(struct options *options, const struct option_row *row, const char *value,
                      const char *given, struct diag *diag)
{
    switch (row->type) {
    case OPTION_FLAG:
        *(bool *)member_of(options, row) = true;
        return 0;
    case OPTION_TEXT:
        return set_text(options, row, value, given, diag);
    case OPTION_LIST:
        return add_to_list(options, row, value, given, diag);
    case OPTION_INTEGER:
        return set_integer(options, row, value, given, diag);
    }
    return -1;
}

static int read_environment(struct options *options, struct diag *diag)
{
    int result = 0;
    size_t i;

    options->color = color_choices[0];
    options->format = plan_formats[0];
    options->fail_on = fail_choices[0];
    for (i = 0; i < COUNT_OF(rows); i++) {
        const char *value = rows[i].environment == NULL ? NULL : getenv(rows[i].environment);
        if (rows[i].type == OPTION_INTEGER)
            *(int64_t *)member_of(options, &rows[i]) = rows[i].fallback;
        if (!str_is_empty(value) &&
            set_option(options, &rows[i], value, rows[i].environment, diag) != 0)
            result = -1;
    }
    return result;
}

/* Whether the command is one of the row's. */
static bool takes(const struct command *command, const struct option_row *row)
{
    const char *at = row->commands;
    size_t size;

    if (at == NULL || command == NULL)
        return at == NULL;
    size = strlen(command->name);
    while ((at = strstr(at, command->name)) != NULL) {
        if ((at == row->commands || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return true;
        at += size;
    }
    return false;
}

static void report_unknown(const struct command *command, const char *token, struct diag *diag)
{
    const char *known[COUNT_OF(rows)];
    const char *nearest;
    char name[64] = "";
    size_t count = 0, i, size = strcspn(token, "=");

    for (i = 0; i < COUNT_OF(rows); i++) {
        if (takes(command, &rows[i]))
            known[count++] = rows[i].name;
    }
    diag_error(diag, NULL, "unknown option %.*s", (int)size, token);
    if (!str_starts_with(token, "--") || size >= sizeof(name))
        return;
    memcpy(name, token + 2, size - 2);
    nearest = str_closest(name, known, count);
    for (i = 0; i < count && nearest == NULL && name[0] != '\0'; i++)
        if (str_starts_with(known[i], name))
            nearest = known[i];
    for (i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].commands != NULL && strcmp(rows[i].name, name) == 0) {
            diag_help(diag, "it belongs to \"roster %.*s\" and stands after it",
                      (int)strcspn(rows[i].commands, " "), rows[i].commands);
            return;
        }
    }
    if (nearest != NULL)
        diag_help(diag, "did you mean --%s?", nearest);
}

/* The tables that getopt_long() wants; its return value is the row's index + 1000. */
enum { ROW_BASE = 1000 };

struct getopt_tables {
    struct option longs[COUNT_OF(rows) + 1];
    char letters[3 + 2 * COUNT_OF(rows)];
};

static void make_tables(const struct command *command, struct getopt_tables *tables)
{
    size_t count = 0, letters = 0, i;

    memset(tables, 0, sizeof(*tables));
    tables->letters[letters++] = command == NULL ? '+' : ':';
    if (command == NULL)
        tables->letters[letters++] = ':';
    for (i = 0; i < COUNT_OF(rows); i++) {
        if (!takes(command, &rows[i]))
            continue;
        tables->longs[count].name = rows[i].name;
        tables->longs[count].has_arg =
            rows[i].type == OPTION_FLAG ? no_argument : required_argument;
        tables->longs[count].val = ROW_BASE + (int)i;
        count++;
        if (rows[i].letter != 0)
            tables->letters[letters++] = rows[i].letter;
    }
}

static const struct option_row *row_of(int found)
{
    size_t i;

    if (found >= ROW_BASE)
        return &rows[found - ROW_BASE];
    for (i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].letter == found)
            return &rows[i];
    return NULL;
}

/* What getopt_long() could not take: optopt says why. */
static int report_refused(const struct command *command, int found, const char *token,
                          struct diag *diag)
{
    if (optopt >= ROW_BASE)
        diag_error(diag, NULL, "option --%s %s", rows[optopt - ROW_BASE].name,
                   found == ':' ? "needs a value" : "takes no value");
    else if (optopt != 0)
        diag_error(diag, NULL, "unknown option -%c", optopt);
    else
        report_unknown(command, token, diag);
    return -1;
}

static int take_option(struct options *options, const struct command *command, int found,
                       char **argv, struct diag *diag)
{
    const struct option_row *row = row_of(found);
    const char *token = argv[optind - 1];
    char given[64] = "--";

    if (row == NULL)
        return report_refused(command, found, token, diag);
    if (row->type != OPTION_FLAG && optarg == token)
        token = argv[optind - 2];
    /* getopt_long() takes abbreviations; scripts that use one would break with a new option. */
    if (found >= ROW_BASE && strcspn(token + 2, "=") != strlen(row->name)) {
        report_unknown(command, token, diag);
        return -1;
    }
    memcpy(given + 2, row->name, strlen(row->name) + 1);
    return set_option(options, row, optarg, given, diag);
}

/* Options before the command (command NULL: stops at the first word) or behind it. */
static int parse_part(struct options *options, const struct command *command, int argc, char **argv,
                      struct diag *diag)
{
    struct getopt_tables tables;
    int result = 0, found;

    make_tables(command, &tables);
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    while ((found = getopt_long(argc, argv, tables.letters, tables.longs, NULL)) != -1)
        if (take_option(options, command, found, argv, diag) != 0)
            result = -1;
    return result;
}

const struct command *command_find(const char *name)
{
    size_t i;
    for (i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static void report_unknown_command(const char *name, struct diag *diag)
{
    const char *names[32];
    const char *nearest;
    size_t i;

    for (i = 0; i < command_count && i < COUNT_OF(names); i++)
        names[i] = commands[i].name;
    diag_error(diag, NULL, "unknown command \"%s\"", name);
    nearest = str_closest(name, names, i);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"roster %s\"?", nearest);
    else
        diag_help(diag, "\"roster help\" lists the commands");
}

int options_parse(struct options *options, const struct command **command, int argc, char **argv,
                  struct diag *diag)
{
    int start;

    memset(options, 0, sizeof(*options));
    *command = NULL;
    if (read_environment(options, diag) != 0 || parse_part(options, NULL, argc, argv, diag) != 0)
        return -1;
    start = optind;
    if (start >= argc) {
        if (options->help)
            return 0;
        diag_error(diag, NULL, "no command given");
        diag_help(diag, "\"roster help\" lists the commands");
        return -1;
    }
    *command = command_find(argv[start]);
    if (*command == NULL) {
        report_unknown_command(argv[start], diag);
        return -1;
    }
    if (parse_part(options, *command, argc - start, argv + start, diag) != 0)
        return -1;
    options->arguments = (const char *const *)(argv + start + optind);
    options->argument_count = (size_t)(argc - start - optind);
    if (!options->help && options->argument_count > (*command)->max_arguments) {
        diag_error(diag, NULL, "\"%s\" is one argument too many for \"roster %s\"",
                   options->arguments[(*command)->max_arguments], (*command)->name);
        return -1;
    }
    return 0;
}

static void help_option(const struct option_row *row, struct buf *out)
{
    struct buf left;

    buf_init(&left, 256);
    if (row->letter != 0)
        buf_printf(&left, "-%c, ", row->letter);
    buf_printf(&left, "--%s", row->name);
    if (row->value != NULL)
        buf_printf(&left, " %s", row->value);
    buf_printf(out, "  %-27s %s", buf_text(&left), row->help);
    if (row->type == OPTION_INTEGER && row->fallback >= row->min)
        buf_printf(out, " (default %" PRId64 ")", row->fallback);
    buf_add_char(out, '\n');
    if (row->environment != NULL)
        buf_printf(out, "  %-27s [%s]\n", "", row->environment);
    buf_release(&left);
}

static void help_global_options(struct buf *out)
{
    size_t i;

    buf_add_text(out, "\nGlobal options, before or behind the command, or in the environment:\n");
    for (i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].commands == NULL)
            help_option(&rows[i], out);
}

static void help_command(const struct command *command, struct buf *out)
{
    bool any = false;
    size_t i;

    buf_printf(out, "Usage: roster %s [options]%s%s\n\n%s\n", command->name,
               command->arguments[0] == '\0' ? "" : " ", command->arguments, command->details);
    for (i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].commands == NULL || !takes(command, &rows[i]))
            continue;
        if (!any)
            buf_add_text(out, "\nOptions:\n");
        any = true;
        help_option(&rows[i], out);
    }
    buf_printf(out, "\nExample:\n  %s\n\nGlobal options: see \"roster help\".\n", command->example);
}

void options_help(const struct command *command, struct buf *out)
{
    size_t i;

    if (command != NULL) {
        help_command(command, out);
        return;
    }
    buf_add_text(out,
                 "Usage: roster [global options] COMMAND [options] [ROSTER]\n\n"
                 "Keeps the messaging services of a Twilio account as a YAML file says.\n"
                 "ROSTER is a file, a folder of them, or - for standard input; without it, it is\n"
                 "roster.yaml.\n\nCommands:\n");
    for (i = 0; i < command_count; i++)
        buf_printf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    help_global_options(out);
    buf_add_text(
        out, "\nCredentials come from the environment only: TWILIO_ACCOUNT_SID with\n"
             "TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and TWILIO_API_SECRET. TWILIO_REGION and\n"
             "TWILIO_EDGE choose the hosts.\n\n"
             "Exit codes: 0 done or nothing to change; 1 error; 2 there are changes (plan\n"
             "--detailed-exitcode); 3 apply ended with failed or unattempted changes; 4 a guard\n"
             "refused the plan; 5 the saved plan is stale or altered.\n\n"
             "\"roster help COMMAND\" says more about one.\n");
}
