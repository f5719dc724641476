#include "base/wrap.h"
#include "cli/environment.h"
#include "cli/option_rows.h"
#include "cli/options.h"

#include <inttypes.h>
#include <string.h>

enum { WIDTH_USUAL = 80, WIDTH_MOST = 100, OPTION_INDENT = 30 };

size_t help_width(size_t terminal)
{
    if (terminal == 0)
        return WIDTH_USUAL;
    return terminal < WIDTH_MOST ? terminal : WIDTH_MOST;
}

/* A line, however long: what is on the left, and from column `indent` on what is on the right. */
static void add_row(struct buf *out, const char *left, size_t indent, const char *right)
{
    const size_t width = strlen(left) + 2;

    buf_printf(out, "  %s", left);
    if (width >= indent) {
        buf_add_char(out, '\n');
        buf_add_fill(out, ' ', indent);
    } else {
        buf_add_fill(out, ' ', indent - width);
    }
    buf_printf(out, "%s\n", right);
}

void help_row(struct buf *out, size_t indent, const char *name, const char *value, const char *help)
{
    struct buf left;

    buf_init(&left, 256);
    buf_printf(&left, "--%s%s%s", name, value == NULL ? "" : " ", value == NULL ? "" : value);
    add_row(out, buf_text(&left), indent, help);
    buf_release(&left);
}

/* Paragraphs, each of which becomes a line. */
static void add_paragraphs(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (text[0] == '\n' && text[1] == '\n') {
            buf_add_text(out, "\n\n");
            text++;
        } else {
            buf_add_char(out, *text == '\n' ? ' ' : *text);
        }
    }
}

void help_flush(struct buf *page, size_t width, struct buf *out)
{
    wrap_page(out, buf_text(page), width);
    buf_clear(page);
}

static void help_option(const struct option_row *row, struct buf *out)
{
    struct buf left, right;

    buf_init(&left, 256);
    buf_init(&right, 1024);
    if (row->letter != 0)
        buf_printf(&left, "-%c, ", row->letter);
    buf_printf(&left, "--%s", row->name);
    if (row->value != NULL)
        buf_printf(&left, " %s", row->value);
    buf_add_text(&right, row->help);
    if (row->type == OPTION_INTEGER && row->fallback >= row->min)
        buf_printf(&right, " (default %" PRId64 ")", row->fallback);
    add_row(out, buf_text(&left), OPTION_INDENT, buf_text(&right));
    if (row->environment != NULL)
        buf_printf(out, "%*s[%s]\n", OPTION_INDENT, "", row->environment);
    buf_release(&right);
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

/* "plan apply" as "plan, apply: ". */
static void add_commands(struct buf *out, const char *list)
{
    for (; list != NULL && *list != '\0'; list++)
        buf_add_text(out, *list == ' ' ? ", " : (char[]){*list, '\0'});
    buf_add_text(out, ": ");
}

/* With `name` the codes that this command has a meaning of its own for. */
static void help_exit_codes(const char *name, struct buf *out)
{
    bool any = false;
    size_t i;

    for (i = 0; i < exit_meaning_count; i++) {
        const struct exit_meaning *row = &exit_meanings[i];
        struct buf text;
        if (name != NULL && (row->commands == NULL || !command_is_listed(row->commands, name)))
            continue;
        if (!any && name != NULL)
            buf_add_text(out, "\nExit codes, besides 0 and 1:\n");
        any = true;
        buf_init(&text, 1024);
        if (name == NULL && row->commands != NULL)
            add_commands(&text, row->commands);
        buf_add_text(&text, row->meaning);
        buf_printf(out, "  %d  %s\n", (int)row->code, buf_text(&text));
        buf_release(&text);
    }
}

static void help_command(const struct command *command, struct buf *out)
{
    bool any = false;
    size_t i;

    buf_printf(out, "Usage: roster %s [options]%s%s\n\n", command->name,
               command->arguments[0] == '\0' ? "" : " ", command->arguments);
    add_paragraphs(out, command->details);
    buf_add_char(out, '\n');
    for (i = 0; i < option_row_count(); i++) {
        if (option_row(i)->commands == NULL || !option_taken_by(option_row(i), command))
            continue;
        if (!any)
            buf_add_text(out, "\nOptions:\n");
        any = true;
        help_option(option_row(i), out);
    }
}

static void help_rest(const struct command *command, struct buf *out)
{
    help_exit_codes(command->name, out);
    buf_printf(out, "\nGlobal options: see \"roster help\". All of it: man roster-%s\n",
               command->name);
}

static void topic_exit_codes(struct buf *out)
{
    buf_add_text(out, "How roster exits. The numbers never change their meaning; they are the same "
                      "in every format, and the document is complete before roster exits.\n\n");
    help_exit_codes(NULL, out);
}

static void topic_environment(struct buf *out)
{
    size_t i;

    buf_add_text(out, "Each of these options has a form in the environment; what stands on the "
                      "command line goes before it, and an empty value is none:\n\n");
    for (i = 0; i < option_row_count(); i++) {
        const struct option_row *row = option_row(i);
        struct buf left;
        if (row->environment == NULL)
            continue;
        buf_init(&left, 256);
        buf_printf(&left, "--%s", row->name);
        if (row->type == OPTION_FLAG)
            buf_add_text(&left, " (1 or 0, true or false)");
        add_row(out, row->environment, OPTION_INDENT, buf_text(&left));
        buf_release(&left);
    }
    buf_add_text(out, "\nOther variables:\n\n");
    for (i = 0; i < environment_row_count; i++) {
        struct buf text;
        buf_init(&text, 1024);
        if (environment_rows[i].commands != NULL)
            add_commands(&text, environment_rows[i].commands);
        buf_add_text(&text, environment_rows[i].help);
        add_row(out, environment_rows[i].name, OPTION_INDENT, buf_text(&text));
        buf_release(&text);
    }
    buf_add_text(out, "\n${NAME} in a roster stands for any variable of that name, see man 5 "
                      "roster.yaml.\n");
}

const struct help_topic help_topics[] = {
    {"environment", "the environment variables that roster reads", topic_environment},
    {"exit-codes", "how roster exits, and what that means", topic_exit_codes},
};
const size_t help_topic_count = COUNT_OF(help_topics);

static void help_overview(struct buf *out)
{
    size_t widest = 0, i;

    add_paragraphs(
        out,
        "Usage: roster [global options] COMMAND [options] [ROSTER]\n\n"
        "Keeps the messaging services of a Twilio account as a YAML file says. ROSTER is a file, a "
        "folder of them, - for standard input, or in a git repository "
        "git+https://HOST/REPOSITORY//PATH?ref=REF (git+ssh, git+file); without it, it is "
        "roster.yaml.\n\n");
    buf_add_text(out, "Commands:\n");
    for (i = 0; i < command_count; i++)
        if (strlen(commands[i].name) > widest)
            widest = strlen(commands[i].name);
    for (i = 0; i < command_count; i++)
        add_row(out, commands[i].name, 2 + widest + 2, commands[i].summary);
    help_global_options(out);
    buf_add_char(out, '\n');
    add_paragraphs(
        out,
        "Credentials come from the environment: TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or "
        "with TWILIO_API_KEY and TWILIO_API_SECRET; TWILIO_REGION and TWILIO_EDGE choose the "
        "hosts. "
        "Or --credentials-command prints them: {\"account_sid\": …, \"auth_token\": …}, or api_key "
        "and api_secret; region, edge.\n\n");
    buf_add_text(out, "Exit codes:\n");
    help_exit_codes(NULL, out);
    buf_add_text(out, "\n\"roster help COMMAND\" says more about one, and so does \"man "
                      "roster-COMMAND\".\n");
    for (i = 0; i < help_topic_count; i++)
        buf_printf(out, "\"roster help %s\": %s.\n", help_topics[i].name, help_topics[i].summary);
}

void options_help(const struct command *command, size_t width, struct buf *out)
{
    struct buf page;

    buf_init(&page, BUF_LIMIT_DEFAULT);
    if (command == NULL) {
        help_overview(&page);
    } else {
        help_command(command, &page);
        help_flush(&page, width, out);
        help_examples(command, out); /* to be copied: they are never broken */
        help_rest(command, &page);
    }
    help_flush(&page, width, out);
    buf_release(&page);
}
