#include "cli/commands.h"

const struct command commands[] = {
    {
        .name = "validate",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "check a roster, offline",
        .details = "Reads the roster and reports every mistake with its line. Needs neither\n"
                   "credentials nor a network.",
        .example = "roster validate roster.yaml",
        .run = cmd_validate,
    },
    {
        .name = "plan",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "show what apply would change",
        .details = "Fetches the live state and shows the changes that lead to the roster. Changes\n"
                   "nothing.",
        .example = "roster plan --detailed-exitcode roster.yaml",
        .run = cmd_plan,
    },
    {
        .name = "apply",
        .arguments = "[ROSTER]",
        .max_arguments = 1,
        .summary = "change the account to what the roster says",
        .details = "Shows the plan, asks, carries it out, and reads the touched services again to\n"
                   "prove that they are as the roster says. Settings and lists that the roster\n"
                   "does not name are left alone.",
        .example = "roster apply --auto-approve roster.yaml",
        .run = cmd_apply,
    },
    {
        .name = "schema",
        .arguments = "",
        .summary = "print the JSON Schema of the roster, for editors",
        .details = "Prints the JSON Schema (draft 2020-12) of the roster file. Editors with\n"
                   "yaml-language-server complete and explain keys by it.",
        .example = "roster schema > roster.schema.json",
        .run = cmd_schema,
    },
    {
        .name = "version",
        .arguments = "",
        .summary = "show the version",
        .details = "Shows the version of roster and of the libraries that it runs with.",
        .example = "roster version",
        .run = cmd_version,
    },
    {
        .name = "help",
        .arguments = "[COMMAND]",
        .max_arguments = 1,
        .summary = "show help, also for one command",
        .details = "Shows the overview, or what one command does and which options it takes.",
        .example = "roster help plan",
        .run = cmd_help,
    },
};
const size_t command_count = COUNT_OF(commands);
