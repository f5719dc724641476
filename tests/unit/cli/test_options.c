#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "cli/option_rows.h"
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS_MAX = 10 };

static const struct {
    const char *arguments[ARGUMENTS_MAX]; /* behind "roster" */
    const char *environment[3];           /* name, value */
    const char *command;                  /* what is run; NULL: none */
    const char *message, *help;           /* of the first error; NULL message: fine */
    const char *api_url;
    const char *first; /* first argument left over */
    int64_t parallelism, rate, interval_ms;
    bool detailed, approve, asks_help, offline;
} cases[] = {
    {.arguments = {"plan", "--offline"}, .command = "plan", .parallelism = 32, .offline = true},
    {.arguments = {"plan"},
     .environment = {"ROSTER_OFFLINE", "1"},
     .command = "plan",
     .parallelism = 32,
     .offline = true},
    {.arguments = {"plan"},
     .environment = {"ROSTER_OFFLINE", "true"},
     .command = "plan",
     .parallelism = 32,
     .offline = true},
    {.arguments = {"plan"},
     .environment = {"ROSTER_OFFLINE", "0"},
     .command = "plan",
     .parallelism = 32},
    {.arguments = {"plan"},
     .environment = {"ROSTER_REQUIRE_SIGNED", "yes"},
     .message = "ROSTER_REQUIRE_SIGNED must be 1 or 0, true or false, not \"yes\""},
    {.arguments = {"plan"}, .command = "plan", .parallelism = 32},
    {.arguments = {"plan", "x.yaml"}, .command = "plan", .first = "x.yaml", .parallelism = 32},
    {.arguments = {"plan", "x.yaml", "--detailed-exitcode"},
     .command = "plan",
     .first = "x.yaml",
     .detailed = true,
     .parallelism = 32},
    {.arguments = {"--parallelism", "4", "plan"}, .command = "plan", .parallelism = 4},
    {.arguments = {"plan", "--parallelism=4"}, .command = "plan", .parallelism = 4},
    {.arguments = {"--api-url=http://localhost", "apply", "--auto-approve"},
     .command = "apply",
     .api_url = "http://localhost",
     .approve = true,
     .parallelism = 32},
    {.arguments = {"plan", "--", "--detailed-exitcode"},
     .command = "plan",
     .first = "--detailed-exitcode",
     .parallelism = 32},
    {.arguments = {"plan"},
     .environment = {"ROSTER_PARALLELISM", "7"},
     .command = "plan",
     .parallelism = 7},
    {.arguments = {"plan", "--parallelism", "9"},
     .environment = {"ROSTER_PARALLELISM", "7"},
     .command = "plan",
     .parallelism = 9},
    {.arguments = {"plan", "--rate", "100"}, .command = "plan", .parallelism = 32, .rate = 100},
    {.arguments = {"--rate=0", "plan"},
     .environment = {"ROSTER_RATE", "5"},
     .command = "plan",
     .parallelism = 32},
    {.arguments = {"plan"},
     .environment = {"ROSTER_RATE", "5"},
     .command = "plan",
     .parallelism = 32,
     .rate = 5},
    {.arguments = {"plan", "--rate", "-1"},
     .message = "--rate must be a whole number from 0 to 10000, not \"-1\""},
    {.arguments = {"plan"},
     .environment = {"ROSTER_API_URL", "http://127.0.0.1:1"},
     .command = "plan",
     .api_url = "http://127.0.0.1:1",
     .parallelism = 32},
    {.arguments = {"plan", "-out=p.json"},
     .message = "unknown option -out",
     .help = "did you mean --out?"},
    {.arguments = {"apply", "--yes"},
     .message = "unknown option --yes",
     .help = "did you mean --auto-approve?"},
    {.arguments = {"apply", "--format", "json"},
     .message = "unknown option --format",
     .help = "it belongs to \"roster validate\", \"roster plan\", \"roster drift\", \"roster "
             "journal\", "
             "\"roster rehearse\", \"roster doctor\", \"roster adopt\", \"roster export\", "
             "\"roster test\" and "
             "\"roster watch\" and stands "
             "after it"},
    {.arguments = {"watch", "--interval", "50ms"},
     .command = "watch",
     .parallelism = 32,
     .interval_ms = 50},
    {.arguments = {"watch", "--interval", "90"},
     .command = "watch",
     .parallelism = 32,
     .interval_ms = 90000},
    {.arguments = {"watch", "--interval=24h"},
     .command = "watch",
     .parallelism = 32,
     .interval_ms = 86400000},
    {.arguments = {"watch", "--interval", "49ms"},
     .message = "--interval must be a time like 30s, 5m or 1h, not \"49ms\"",
     .help = "at least 50ms, at most 24h"},
    {.arguments = {"watch", "--interval", "25h"},
     .message = "--interval must be a time like 30s, 5m or 1h, not \"25h\"",
     .help = "at least 50ms, at most 24h"},
    {.arguments = {"watch", "--interval", "0"},
     .message = "--interval must be a time like 30s, 5m or 1h, not \"0\"",
     .help = "at least 50ms, at most 24h"},
    {.arguments = {"watch", "--interval", "9999999999s"},
     .message = "--interval must be a time like 30s, 5m or 1h, not \"9999999999s\"",
     .help = "at least 50ms, at most 24h"},
    {.arguments = {"watch", "--interval", "m"},
     .message = "--interval must be a time like 30s, 5m or 1h, not \"m\"",
     .help = "at least 50ms, at most 24h"},
    {.arguments = {"roster.yaml", "plan"},
     .message = "unknown command \"roster.yaml\"",
     .help = "the command comes first: roster plan roster.yaml"},
    {.arguments = {"--version"}, .command = "version", .parallelism = 32},
    {.arguments = {"--help"}, .asks_help = true, .parallelism = 32},
    {.arguments = {"plan", "-h"}, .command = "plan", .asks_help = true, .parallelism = 32},
    {.arguments = {NULL},
     .message = "no command given",
     .help = "\"roster help\" lists the commands"},
    {.arguments = {"plna"},
     .message = "unknown command \"plna\"",
     .help = "did you mean \"roster plan\"?"},
    {.arguments = {"deploy"},
     .message = "unknown command \"deploy\"",
     .help = "did you mean \"roster apply\"?"},
    {.arguments = {"frobnicate"},
     .message = "unknown command \"frobnicate\"",
     .help = "\"roster help\" lists the commands"},
    {.arguments = {"plan", "--detailed-exit-code"},
     .message = "unknown option --detailed-exit-code",
     .help = "did you mean --detailed-exitcode?"},
    {.arguments = {"plan", "--detailed-exitcode=1"},
     .message = "option --detailed-exitcode takes no value"},
    {.arguments = {"plan", "-xh"}, .message = "unknown option -xh"},
    {.arguments = {"plan", "--detailed-exitcode", "-hh"},
     .command = "plan",
     .detailed = true,
     .asks_help = true,
     .parallelism = 32},
    {.arguments = {"validate", "--format", "josn"},
     .message = "--format can't be \"josn\"",
     .help = "did you mean \"json\"? It is one of: text, json, github"},
    {.arguments = {"drift", "--notify-format", "irc"},
     .message = "--notify-format can't be \"irc\"",
     .help = "it is one of: generic, slack, teams"},
    {.arguments = {"plan", "--notify", "https://example.com/"},
     .message = "unknown option --notify",
     .help = "it belongs to \"roster drift\" and stands after it"},
    {.arguments = {"plan", "--detailed"}, /* an abbreviation that getopt_long() would take */
     .message = "unknown option --detailed",
     .help = "did you mean --detailed-exitcode?"},
    {.arguments = {"plan", "--par=3"},
     .message = "unknown option --par",
     .help = "did you mean --parallelism?"},
    {.arguments = {"plan", "--auto-approve"},
     .message = "unknown option --auto-approve",
     .help = "it belongs to \"roster apply\", \"roster test\" and \"roster adopt\" and stands "
             "after it"},
    {.arguments = {"--replan", "apply"},
     .message = "unknown option --replan",
     .help = "it belongs to \"roster apply\" and \"roster rehearse\" and stands after it"},
    {.arguments = {"plan", "-x"}, .message = "unknown option -x"},
    {.arguments = {"plan", "--api-url"}, .message = "option --api-url needs a value"},
    {.arguments = {"plan", "--api-url="}, .message = "--api-url needs a value"},
    {.arguments = {"plan", "--parallelism", "many"},
     .message = "--parallelism must be a whole number from 1 to 100, not \"many\""},
    {.arguments = {"plan", "--parallelism", "0"},
     .message = "--parallelism must be a whole number from 1 to 100, not \"0\""},
    {.arguments = {"plan"},
     .environment = {"ROSTER_PARALLELISM", "1000"},
     .message = "ROSTER_PARALLELISM must be a whole number from 1 to 100, not \"1000\""},
    {.arguments = {"plan", "--color", "alwyas"},
     .message = "--color can't be \"alwyas\"",
     .help = "did you mean \"always\"? It is one of: auto, always, never"},
    {.arguments = {"plan", "a", "b"},
     .message = "\"b\" is one argument too many for \"roster plan\""},
    {.arguments = {"version", "a"},
     .message = "\"a\" is one argument too many for \"roster version\""},
};

static void check_case(size_t i)
{
    char *arguments[ARGUMENTS_MAX + 1] = {(char *)(uintptr_t) "roster"};
    const struct command *command;
    struct options options;
    struct diag diag;
    int count = 1, result;

    while (count < ARGUMENTS_MAX && cases[i].arguments[count - 1] != NULL) {
        arguments[count] = (char *)(uintptr_t)cases[i].arguments[count - 1];
        count++;
    }
    if (cases[i].environment[0] != NULL)
        setenv(cases[i].environment[0], cases[i].environment[1], 1);
    diag_init(&diag);
    result = options_parse(&options, &command, count, arguments, &diag);
    if (cases[i].message != NULL) {
        assert_int_equal(result, -1);
        assert_int_equal(diag.errors, 1);
        assert_string_equal(diag.items[0].message, cases[i].message);
        assert_true(str_equal(diag.items[0].help, cases[i].help));
    } else {
        assert_int_equal(result, 0);
        assert_true(str_equal(command == NULL ? NULL : command->name, cases[i].command));
        assert_true(str_equal(options.api_url, cases[i].api_url));
        assert_int_equal(options.parallelism, cases[i].parallelism);
        assert_int_equal(options.rate, cases[i].rate);
        assert_int_equal(options.interval_ms, cases[i].interval_ms);
        assert_int_equal(options.detailed_exitcode, cases[i].detailed);
        assert_int_equal(options.auto_approve, cases[i].approve);
        assert_int_equal(options.help, cases[i].asks_help);
        assert_int_equal(options.offline, cases[i].offline);
        assert_string_equal(options.color, "auto");
        assert_true(
            str_equal(options.argument_count == 0 ? NULL : options.arguments[0], cases[i].first));
    }
    diag_release(&diag);
    if (cases[i].environment[0] != NULL)
        unsetenv(cases[i].environment[0]);
}

static void test_command_lines(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        print_message("  %zu: %s\n", i, cases[i].arguments[0]);
        check_case(i);
    }
}

static void test_help_names_every_command(void **state)
{
    struct buf out;
    size_t i;
    (void)state;
    buf_init(&out, 64 * 1024);
    options_help(NULL, 1000, &out);
    for (i = 0; i < command_count; i++) {
        assert_non_null(strstr(buf_text(&out), commands[i].summary));
        assert_non_null(commands[i].run);
    }
    assert_non_null(strstr(buf_text(&out), "--api-url URL"));
    assert_null(strstr(buf_text(&out), "--auto-approve"));
    for (i = 0; i < command_count; i++) {
        buf_clear(&out);
        options_help(&commands[i], 1000, &out);
        assert_non_null(strstr(buf_text(&out), commands[i].examples[0].line));
    }
    buf_release(&out);
}

/* No option belongs to a command that is not there, and arrays of OPTION_ROWS_MAX hold them all. */
static void test_table(void **state)
{
    size_t i, j, taken;
    (void)state;
    assert_in_range(option_row_count(), 1, OPTION_ROWS_MAX);
    assert_null(option_row(option_row_count()));
    for (i = 0; i < option_row_count(); i++) {
        const struct option_row *row = option_row(i);
        size_t words = row->commands == NULL ? 0 : 1;
        for (j = 0; row->commands != NULL && row->commands[j] != '\0'; j++)
            words += row->commands[j] == ' ';
        for (j = 0, taken = 0; words > 0 && j < command_count; j++)
            taken += option_taken_by(row, &commands[j]);
        assert_int_equal(taken, words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_command_lines),
        cmocka_unit_test(test_help_names_every_command),
    };
    unsetenv("ROSTER_API_URL");
    unsetenv("ROSTER_PARALLELISM");
    unsetenv("ROSTER_RATE");
    unsetenv("ROSTER_COLOR");
    unsetenv("ROSTER_OFFLINE");
    unsetenv("ROSTER_REQUIRE_SIGNED");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
