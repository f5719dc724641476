#include "cli/option_rows.h"
#include "cli/options.h"

#include <inttypes.h>

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
    for (i = 0; i < option_row_count(); i++)
        if (option_row(i)->commands == NULL)
            help_option(option_row(i), out);
}

static void help_examples(const struct command *command, struct buf *out)
{
    size_t i;

    buf_printf(out, "\nExample%s:\n", command->examples[1].line == NULL ? "" : "s");
    for (i = 0; i < COUNT_OF(command->examples) && command->examples[i].line != NULL; i++) {
        if (command->examples[i].what != NULL)
            buf_printf(out, "%s  # %s\n", i == 0 ? "" : "\n", command->examples[i].what);
        buf_printf(out, "  %s\n", command->examples[i].line);
    }
}

static void help_command(const struct command *command, struct buf *out)
{
    bool any = false;
    size_t i;

    buf_printf(out, "Usage: roster %s [options]%s%s\n\n%s\n", command->name,
               command->arguments[0] == '\0' ? "" : " ", command->arguments, command->details);
    for (i = 0; i < option_row_count(); i++) {
        if (option_row(i)->commands == NULL || !option_taken_by(option_row(i), command))
            continue;
        if (!any)
            buf_add_text(out, "\nOptions:\n");
        any = true;
        help_option(option_row(i), out);
    }
    help_examples(command, out);
    buf_add_text(out, "\nGlobal options: see \"roster help\".\n");
}

void options_help(const struct command *command, struct buf *out)
{
    size_t i;

    if (command != NULL) {
        help_command(command, out);
        return;
    }
    buf_add_text(
        out, "Usage: roster [global options] COMMAND [options] [ROSTER]\n\n"
             "Keeps the messaging services of a Twilio account as a YAML file says.\n"
             "ROSTER is a file, a folder of them, - for standard input, or in a git repository\n"
             "git+https://HOST/REPOSITORY//PATH?ref=REF (git+ssh, git+file); without it, it is\n"
             "roster.yaml.\n\nCommands:\n");
    for (i = 0; i < command_count; i++)
        buf_printf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    help_global_options(out);
    buf_add_text(
        out,
        "\nCredentials come from the environment: TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or\n"
        "with TWILIO_API_KEY and TWILIO_API_SECRET; TWILIO_REGION and TWILIO_EDGE choose the\n"
        "hosts. Or --credentials-command prints them: {\"account_sid\": …, \"auth_token\": …}, or\n"
        "api_key and api_secret; region, edge.\n\n"
        "Exit codes: 0 done or nothing to change; 1 error; 2 there are changes (plan\n"
        "--detailed-exitcode, drift); 3 apply ended with failed or unattempted changes; 4 a guard\n"
        "refused the plan; 5 the saved plan is stale or altered.\n\n"
        "ROSTER_PLAN_KEY signs saved plans, and asks for signed ones. SOURCE_DATE_EPOCH stands\n"
        "for the time of a plan's making.\n\n"
        "For rosters from git: ROSTER_GIT_TOKEN with ROSTER_GIT_USERNAME, or git's credential\n"
        "helpers; ROSTER_GIT_SSH_KEY with ROSTER_GIT_SSH_PASSPHRASE, or the ssh agent and the\n"
        "keys in ~/.ssh; ROSTER_GIT_KNOWN_HOSTS instead of ~/.ssh/known_hosts.\n\n"
        "\"roster help COMMAND\" says more about one.\n");
}
