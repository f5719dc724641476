#include "cli/options.h"

#include "cli/terminal.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { ARGUMENTS_MAX = 6, VARIABLES_MAX = 4 };

static const char *const variables[] = {"ROSTER_QUIET", "ROSTER_VERBOSE", "ROSTER_TRACE",
                                        "ROSTER_LOG_FORMAT"};

/* How much is said, and how, by arguments and environment. */
static const struct {
    const char *arguments[ARGUMENTS_MAX];   /* behind "roster" */
    const char *environment[VARIABLES_MAX]; /* by `variables` */
    const char *message;                    /* of the only error; NULL: fine */
    enum log_level level;
    bool json;
} cases[] = {
    {.arguments = {"plan"}, .level = LOG_NOTE},
    {.arguments = {"plan", "-q"}, .level = LOG_ERROR},
    {.arguments = {"-q", "plan"}, .level = LOG_ERROR},
    {.arguments = {"plan", "-v"}, .level = LOG_INFO},
    {.arguments = {"--verbose", "plan"}, .level = LOG_INFO},
    {.arguments = {"plan", "--trace"}, .level = LOG_TRACE},
    {.arguments = {"plan", "--trace", "-v"}, .level = LOG_TRACE},
    {.arguments = {"plan", "-v", "-q"}, .message = "--quiet and --verbose contradict each other"},
    {.arguments = {"-q", "plan", "--trace"},
     .message = "--quiet and --trace contradict each other"},
    {.arguments = {"plan"}, .environment = {"1"}, .level = LOG_ERROR},
    {.arguments = {"plan"}, .environment = {NULL, "1"}, .level = LOG_INFO},
    {.arguments = {"plan"}, .environment = {NULL, NULL, "true"}, .level = LOG_TRACE},
    {.arguments = {"plan"}, .environment = {"0", "0", "0"}, .level = LOG_NOTE},
    {.arguments = {"plan"},
     .environment = {"1", "1"},
     .message = "ROSTER_QUIET and ROSTER_VERBOSE contradict each other"},
    /* What is typed goes before what is set. */
    {.arguments = {"plan", "-v"}, .environment = {"1"}, .level = LOG_INFO},
    {.arguments = {"plan", "-q"}, .environment = {NULL, "1", "1"}, .level = LOG_ERROR},
    {.arguments = {"plan", "-v"}, .environment = {NULL, NULL, "1"}, .level = LOG_INFO},
    {.arguments = {"plan", "-qv"}, .message = "unknown option -qv"},
    {.arguments = {"plan", "--log-format", "json"}, .level = LOG_NOTE, .json = true},
    {.arguments = {"--log-format=json", "plan", "-q"}, .level = LOG_ERROR, .json = true},
    {.arguments = {"plan"},
     .environment = {NULL, NULL, NULL, "json"},
     .level = LOG_NOTE,
     .json = true},
    {.arguments = {"plan", "--log-format", "text"},
     .environment = {NULL, NULL, NULL, "json"},
     .level = LOG_NOTE},
    /* Mistakes are told in the format that was asked for, on either side of them. */
    {.arguments = {"--log-format", "json", "--nosuch"},
     .message = "unknown option --nosuch",
     .json = true},
    {.arguments = {"--nosuch", "plan", "--log-format=json"},
     .message = "unknown option --nosuch",
     .json = true},
    {.arguments = {"pln", "--log-format", "json"},
     .message = "unknown command \"pln\"",
     .json = true},
    {.arguments = {"plan", "a", "b", "--log-format", "json"},
     .message = "\"b\" is one argument too many for \"roster plan\"",
     .json = true},
    {.arguments = {"pln", "--", "--log-format=json"}, .message = "unknown command \"pln\""},
    {.arguments = {"plan"},
     .environment = {"maybe", NULL, NULL, "json"},
     .message = "ROSTER_QUIET must be 1 or 0, true or false, not \"maybe\"",
     .json = true},
    {.arguments = {"plan", "--log-format", "xml"}, .message = "--log-format can't be \"xml\""},
};

static void set_environment(size_t index)
{
    size_t i;

    for (i = 0; i < VARIABLES_MAX; i++) {
        if (cases[index].environment[i] == NULL)
            unsetenv(variables[i]);
        else
            setenv(variables[i], cases[index].environment[i], 1);
    }
}

static void test_cases(void **state)
{
    size_t i, j;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++) {
        char program[] = "roster", copies[ARGUMENTS_MAX][64];
        char *argv[ARGUMENTS_MAX + 2] = {program};
        const struct command *command;
        struct options options;
        struct logger logger;
        struct diag diag;
        int argc = 1;

        for (j = 0; j < ARGUMENTS_MAX && cases[i].arguments[j] != NULL; j++) {
            memcpy(copies[j], cases[i].arguments[j], strlen(cases[i].arguments[j]) + 1);
            argv[argc++] = copies[j];
        }
        set_environment(i);
        diag_init(&diag);
        assert_int_equal(options_parse(&options, &command, argc, argv, &diag),
                         cases[i].message == NULL ? 0 : -1);
        terminal_logger(&options, &logger);
        assert_int_equal(logger.json, cases[i].json);
        if (cases[i].message == NULL) {
            assert_int_equal(logger.level, cases[i].level);
        } else {
            assert_int_equal(diag.count, 1);
            assert_string_equal(diag.items[0].message, cases[i].message);
        }
        diag_release(&diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
