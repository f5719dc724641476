#include "cli/options.h"

#include "base/str.h"
#include "cli/option_habits.h"
#include "cli/option_rows.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void *member_of(struct options *options, const struct option_row *row)
{
    return (char *)options + row->offset;
}

static void help_choices(const struct option_row *row, const char *value, struct diag *diag)
{
    const char *nearest = habit_word(value, row->choices, row->choice_count);
    struct buf list;
    size_t i;

    buf_init(&list, 1024);
    for (i = 0; i < row->choice_count; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : ", ", row->choices[i]);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"? It is one of: %s", nearest, buf_text(&list));
    else
        diag_help(diag, "it is one of: %s", buf_text(&list));
    buf_release(&list);
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
        diag_error(diag, NULL, "%s can't be \"%s\"", given, value);
        help_choices(row, value, diag);
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

/* A whole number of seconds, or with s, m or h behind it. */
static int set_duration(struct options *options, const struct option_row *row, const char *value,
                        const char *given, struct diag *diag)
{
    size_t digits = strspn(value, "0123456789");
    const char *unit = value + digits;
    int64_t number = -1, factor = 1;
    char text[8] = "";

    if (strcmp(unit, "m") == 0)
        factor = 60;
    else if (strcmp(unit, "h") == 0)
        factor = 60 * 60;
    if (digits < sizeof(text) && (strcmp(unit, "s") == 0 || unit[0] == '\0' || factor != 1)) {
        memcpy(text, value, digits);
        if (str_to_int64(text, &number) != 0)
            number = -1;
    }
    if (number < 0 || number * factor > row->max) {
        diag_error(diag, NULL, "%s must be seconds, or a time like 30s, 5m or 1h, not \"%s\"",
                   given, value);
        diag_help(diag, "at most 24h");
        return -1;
    }
    *(int64_t *)member_of(options, row) = number * factor;
    return 0;
}

/* As a duration, but with milliseconds, and not none. */
static int set_interval(struct options *options, const struct option_row *row, const char *value,
                        const char *given, struct diag *diag)
{
    size_t digits = strspn(value, "0123456789");
    int64_t number = -1, factor = 0;
    char text[10] = "";
    size_t i;
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"", 1000}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};

    for (i = 0; i < COUNT_OF(units); i++)
        if (strcmp(value + digits, units[i].unit) == 0)
            factor = units[i].ms;
    if (digits < sizeof(text)) {
        memcpy(text, value, digits);
        if (str_to_int64(text, &number) != 0)
            number = -1;
    }
    if (factor == 0 || number * factor < row->min || number * factor > row->max) {
        diag_error(diag, NULL, "%s must be a time like 30s, 5m or 1h, not \"%s\"", given, value);
        diag_help(diag, "at least %" PRId64 "ms, at most 24h", row->min);
        return -1;
    }
    *(int64_t *)member_of(options, row) = number * factor;
    return 0;
}

/* In the environment a flag has a value, and "0" must not mean yes. */
static int set_flag(struct options *options, const struct option_row *row, const char *value,
                    const char *given, struct diag *diag)
{
    const bool yes = value == NULL || strcmp(value, "1") == 0 || strcmp(value, "true") == 0;

    if (!yes && strcmp(value, "0") != 0 && strcmp(value, "false") != 0) {
        diag_error(diag, NULL, "%s must be 1 or 0, true or false, not \"%s\"", given, value);
        return -1;
    }
    *(bool *)member_of(options, row) = yes;
    return 0;
}

static int set_option(struct options *options, const struct option_row *row, const char *value,
                      const char *given, struct diag *diag)
{
    switch (row->type) {
    case OPTION_FLAG:
        return set_flag(options, row, value, given, diag);
    case OPTION_TEXT:
        return set_text(options, row, value, given, diag);
    case OPTION_LIST:
        return add_to_list(options, row, value, given, diag);
    case OPTION_INTEGER:
        return set_integer(options, row, value, given, diag);
    case OPTION_DURATION:
        return set_duration(options, row, value, given, diag);
    case OPTION_INTERVAL:
        return set_interval(options, row, value, given, diag);
    }
    return -1;
}

static int read_environment(struct options *options, struct diag *diag)
{
    int result = 0;
    size_t i;

    options->color = "auto";
    options->log_format = "text";
    options->format = "text";
    options->fail_on = "error";
    options->notify_format = "generic";
    for (i = 0; i < option_row_count(); i++) {
        const char *value =
            option_row(i)->environment == NULL ? NULL : getenv(option_row(i)->environment);
        if (option_row(i)->type == OPTION_INTEGER)
            *(int64_t *)member_of(options, option_row(i)) = option_row(i)->fallback;
        if (!str_is_empty(value) &&
            set_option(options, option_row(i), value, option_row(i)->environment, diag) != 0)
            result = -1;
    }
    return result;
}

/* All commands that have an option of that name: "plan", "apply" and "validate". */
static bool help_other_commands(const char *name, struct diag *diag)
{
    const char *last = NULL; /* the command that is not in the list yet */
    size_t last_size = 0, count = 0, i;
    struct buf list;

    buf_init(&list, 1024);
    for (i = 0; i < option_row_count(); i++) {
        const char *at = option_row(i)->commands;
        if (at == NULL || strcmp(option_row(i)->name, name) != 0)
            continue;
        for (; *at != '\0'; at += last_size + strspn(at + last_size, " ")) {
            if (count++ > 0)
                buf_printf(&list, "%s\"roster %.*s\"", count > 2 ? ", " : "", (int)last_size, last);
            last = at;
            last_size = strcspn(at, " ");
        }
    }
    if (last != NULL)
        buf_printf(&list, "%s\"roster %.*s\"", count > 1 ? " and " : "", (int)last_size, last);
    if (last != NULL)
        diag_help(diag, "it belongs to %s and stands after it", buf_text(&list));
    buf_release(&list);
    return last != NULL;
}

static void report_unknown(const struct command *command, const char *token, struct diag *diag)
{
    const char *known[OPTION_ROWS_MAX];
    const char *nearest, *habit;
    char name[64] = "";
    size_t count = 0, i, size = strcspn(token, "="), dashes = strspn(token, "-");

    for (i = 0; i < option_row_count(); i++) {
        if (option_taken_by(option_row(i), command))
            known[count++] = option_row(i)->name;
    }
    diag_error(diag, NULL, "unknown option %.*s", (int)size, token);
    if (size >= sizeof(name))
        return;
    memcpy(name, token, size);
    habit = habit_option(name);
    memmove(name, name + dashes, size - dashes + 1);
    if (habit != NULL) {
        diag_help(diag, "did you mean %s?", habit);
        return;
    }
    nearest = habit_word(name, known, count);
    if ((nearest == NULL || strcmp(nearest, name) != 0) && help_other_commands(name, diag))
        return;
    if (nearest != NULL)
        diag_help(diag, "did you mean --%s?", nearest);
}

/* The tables that getopt_long() wants; its return value is the row's index + 1000. */
enum { ROW_BASE = 1000 };

struct getopt_tables {
    struct option longs[OPTION_ROWS_MAX + 1];
    char letters[3 + 2 * OPTION_ROWS_MAX];
};

static void make_tables(const struct command *command, struct getopt_tables *tables)
{
    size_t count = 0, letters = 0, i;

    memset(tables, 0, sizeof(*tables));
    tables->letters[letters++] = command == NULL ? '+' : ':';
    if (command == NULL)
        tables->letters[letters++] = ':';
    for (i = 0; i < option_row_count(); i++) {
        if (!option_taken_by(option_row(i), command))
            continue;
        tables->longs[count].name = option_row(i)->name;
        tables->longs[count].has_arg =
            option_row(i)->type == OPTION_FLAG ? no_argument : required_argument;
        tables->longs[count].val = ROW_BASE + (int)i;
        count++;
        if (option_row(i)->letter != 0)
            tables->letters[letters++] = option_row(i)->letter;
    }
}

static const struct option_row *row_of(int found)
{
    size_t i;

    if (found >= ROW_BASE)
        return option_row((size_t)(found - ROW_BASE));
    for (i = 0; i < option_row_count(); i++)
        if (option_row(i)->letter == found)
            return option_row(i);
    return NULL;
}

/* What getopt_long() could not take: optopt says why. */
static int report_refused(const struct command *command, int found, const char *token,
                          struct diag *diag)
{
    if (optopt >= ROW_BASE)
        diag_error(diag, NULL, "option --%s %s", option_row((size_t)(optopt - ROW_BASE))->name,
                   found == ':' ? "needs a value" : "takes no value");
    else
        report_unknown(command, token, diag);
    return -1;
}

/*
 * A single dash and more than a letter, "-out", which getopt would take for a row of letters. Words
 * that are an option's value are left alone.
 */
static int check_dashes(const struct command *command, int argc, char **argv, struct diag *diag)
{
    int i;

    for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const bool is_value = i > 1 && str_starts_with(argv[i - 1], "--");
        if (argv[i][0] != '-' && command == NULL)
            return 0;
        if (argv[i][0] != '-' || argv[i][1] == '-' || argv[i][1] == '\0' || is_value ||
            (argv[i][2] == '\0' && row_of(argv[i][1]) != NULL))
            continue;
        report_unknown(command, argv[i], diag);
        return -1;
    }
    return 0;
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

    if (check_dashes(command, argc, argv, diag) != 0)
        return -1;
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

const char *command_nearest(const char *name)
{
    const char *names[COMMANDS_MAX], *habit = habit_command(name);
    size_t i;

    for (i = 0; i < command_count && i < COUNT_OF(names); i++)
        names[i] = commands[i].name;
    return habit != NULL ? habit : habit_word(name, names, i);
}

static void report_unknown_command(const char *name, struct diag *diag)
{
    const char *nearest = command_nearest(name);

    diag_error(diag, NULL, "unknown command \"%s\"", name);
    if (str_ends_with(name, ".yaml") || str_ends_with(name, ".yml") ||
        str_ends_with(name, ".json")) {
        diag_help(diag, "the command comes first: roster plan %s", name);
        return;
    }
    if (nearest != NULL)
        diag_help(diag, "did you mean \"roster %s\"?", nearest);
    else
        diag_help(diag, "\"roster help\" lists the commands");
}

/* Mistakes are reported in the format that is asked for, wherever it is and they are. */
static void find_log_format(struct options *options, int argc, char **argv)
{
    static const char name[] = "--log-format";
    const char *value = NULL;
    int i;

    for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (str_starts_with(argv[i], name) && argv[i][sizeof(name) - 1] == '=')
            value = argv[i] + sizeof(name);
        else if (strcmp(argv[i], name) == 0 && i + 1 < argc)
            value = argv[i + 1];
    }
    if (value != NULL)
        options->log_format = strcmp(value, "json") == 0 ? "json" : "text";
}

/* Both how much is said and what the arguments say of it, who go before the environment. */
struct loudness {
    bool quiet, verbose, trace;
};

static struct loudness take_loudness(struct options *options)
{
    const struct loudness taken = {options->quiet, options->verbose, options->trace};

    options->quiet = options->verbose = options->trace = false;
    return taken;
}

static int settle_loudness(struct options *options, const struct loudness *environment,
                           struct diag *diag)
{
    const bool given = options->quiet || options->verbose || options->trace;

    if (!given) {
        options->quiet = environment->quiet;
        options->verbose = environment->verbose;
        options->trace = environment->trace;
    }
    if (!options->quiet || !(options->verbose || options->trace))
        return 0;
    diag_error(diag, NULL, "%s and %s contradict each other", given ? "--quiet" : "ROSTER_QUIET",
               given ? (options->trace ? "--trace" : "--verbose")
                     : (options->trace ? "ROSTER_TRACE" : "ROSTER_VERBOSE"));
    diag_help(diag, "leave one of them out");
    return -1;
}

static int parse_command(struct options *options, const struct command **command, int argc,
                         char **argv, struct diag *diag)
{
    int start;

    if (parse_part(options, NULL, argc, argv, diag) != 0)
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

int options_parse(struct options *options, const struct command **command, int argc, char **argv,
                  struct diag *diag)
{
    struct loudness environment;
    int result;

    memset(options, 0, sizeof(*options));
    *command = NULL;
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        argv[1] += 2; /* as everywhere else */
    result = read_environment(options, diag);
    find_log_format(options, argc, argv);
    if (result != 0)
        return -1;
    environment = take_loudness(options);
    if (parse_command(options, command, argc, argv, diag) != 0)
        result = -1;
    return settle_loudness(options, &environment, diag) != 0 ? -1 : result;
}
