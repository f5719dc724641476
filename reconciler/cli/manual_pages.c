#include "cli/manual_pages.h"

#include "base/mdoc.h"
#include "base/str.h"
#include "cli/environment.h"
#include "cli/option_rows.h"
#include "cli/sandbox_option_rows.h"

#include <inttypes.h>
#include <string.h>

static const char source[] = "the tables in reconciler/cli";

static const struct manual_text *text_of(const char *page)
{
    static const struct manual_text none = {"", "", NULL};
    size_t i;

    for (i = 0; i < manual_text_count; i++)
        if (strcmp(manual_texts[i].page, page) == 0)
            return &manual_texts[i];
    return &none;
}

static void add_capitals(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++)
        buf_add_char(out, *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text);
}

/* A line of help as a sentence, or more of them: "text (default), or json" as "One of text …". */
static void add_help(struct buf *out, const struct option_row *row)
{
    struct buf text;
    size_t i;

    buf_init(&text, 4096);
    for (i = 0; i < row->choice_count; i++)
        if (str_starts_with(row->help, row->choices[i]))
            break;
    if (i < row->choice_count) {
        buf_printf(&text, "One of %s", row->help);
    } else {
        buf_add_text(&text, row->help);
        if (text.data[0] >= 'a' && text.data[0] <= 'z')
            text.data[0] = (char)(text.data[0] - 'a' + 'A');
    }
    buf_add_char(&text, '.');
    if (row->type == OPTION_INTEGER)
        buf_printf(&text, " A number from %" PRId64 " to %" PRId64, row->min, row->max);
    if (row->type == OPTION_INTEGER && row->fallback >= row->min)
        buf_printf(&text, "; %" PRId64 " without it", row->fallback);
    if (row->type == OPTION_INTEGER)
        buf_add_char(&text, '.');
    if (row->environment != NULL)
        buf_printf(&text, " In the environment: %s.", row->environment);
    mdoc_add_sentences(out, buf_text(&text));
    buf_release(&text);
}

/* The long form with its value, which ends a line of mdoc. */
static void add_flag(struct buf *out, const struct option_row *row)
{
    buf_add_text(out, "Fl ");
    mdoc_add_text(out, "-");
    mdoc_add_text(out, row->name);
    if (row->value != NULL) {
        buf_add_text(out, " Ar ");
        mdoc_add_text(out, row->value);
    }
    buf_add_char(out, '\n');
}

static void add_option(struct buf *out, const struct option_row *row)
{
    buf_add_text(out, ".It ");
    if (row->letter != 0)
        buf_printf(out, "Fl %c , ", row->letter);
    add_flag(out, row);
    add_help(out, row);
}

static void add_options(struct buf *out, const struct command *command)
{
    bool any = false;
    size_t i;

    for (i = 0; i < option_row_count(); i++) {
        const struct option_row *row = option_row(i);
        if ((row->commands == NULL) != (command == NULL) || !option_taken_by(row, command))
            continue;
        if (!any)
            buf_printf(out, ".Sh %sOPTIONS\n.Bl -tag -width Ds\n",
                       command == NULL ? "GLOBAL " : "");
        any = true;
        add_option(out, row);
    }
    if (any)
        buf_add_text(out, ".El\n");
    if (command == NULL)
        return;
    if (any)
        buf_add_text(out, ".Pp\n");
    else
        buf_add_text(out, ".Sh OPTIONS\n");
    mdoc_add_sentences(out, "The global options are described in roster(1).");
}

/* "[ROSTER|PLAN]" as mdoc has it; of words in small letters: ".Op Cm roster | plan". */
static void add_arguments(struct buf *out, const char *usage)
{
    const char *at = usage + strspn(usage, "[");

    if (usage[0] == '\0')
        return;
    buf_add_text(out, usage[0] == '[' ? ".Op" : ".");
    while (*at != '\0' && *at != ']') {
        const size_t size = strcspn(at, "|]");
        buf_printf(out, " %s %.*s", at[0] >= 'a' && at[0] <= 'z' ? "Cm" : "Ar", (int)size, at);
        at += size;
        if (*at == '|')
            buf_add_text(out, " |");
        at += *at == '|';
    }
    buf_add_char(out, '\n');
}

static void add_synopsis(struct buf *out, const struct command *command)
{
    size_t i;

    buf_printf(out, ".Sh SYNOPSIS\n.Nm roster\n.Op Ar global options\n.Cm %s\n", command->name);
    for (i = 0; i < option_row_count(); i++) {
        const struct option_row *row = option_row(i);
        if (row->commands == NULL || !option_taken_by(row, command))
            continue;
        buf_add_text(out, ".Op ");
        add_flag(out, row);
    }
    add_arguments(out, command->arguments);
}

static bool is_of(const char *list, const struct command *command)
{
    return command == NULL || (list != NULL && command_is_listed(list, command->name));
}

/* `help` is a line; of a whole program it says which commands it is about. */
static void add_row(struct buf *out, const char *list, const struct command *command,
                    const char *help)
{
    struct buf text;
    const char *at;

    buf_init(&text, 4096);
    if (command == NULL && list != NULL) {
        for (at = list; *at != '\0'; at++)
            buf_add_text(&text, *at == ' ' ? ", " : (char[]){*at, '\0'});
        buf_add_text(&text, ": ");
    }
    buf_add_text(&text, help);
    if (text.data[0] >= 'a' && text.data[0] <= 'z' && (command != NULL || list == NULL))
        text.data[0] = (char)(text.data[0] - 'a' + 'A');
    buf_add_char(&text, '.');
    mdoc_add_sentences(out, buf_text(&text));
    buf_release(&text);
}

/* "TWILIO_REGION, TWILIO_EDGE" */
static void add_variables(struct buf *out, const char *names)
{
    buf_add_text(out, ".It");
    while (*names != '\0') {
        const size_t size = strcspn(names, ",");
        buf_printf(out, " Ev %.*s%s", (int)size, names, names[size] == ',' ? " ," : "");
        names += size + strspn(names + size, ", ");
    }
    buf_add_char(out, '\n');
}

static void add_environment(struct buf *out, const struct command *command)
{
    struct buf rows;
    size_t i;

    buf_init(&rows, BUF_LIMIT_DEFAULT);
    for (i = 0; i < option_row_count(); i++) {
        const struct option_row *row = option_row(i);
        if (row->environment == NULL || (row->commands == NULL) != (command == NULL) ||
            !option_taken_by(row, command))
            continue;
        buf_printf(&rows, ".It Ev %s\nStands for\n.Fl ", row->environment);
        mdoc_add_text(&rows, "-");
        mdoc_add_text(&rows, row->name);
        buf_add_text(&rows, row->type == OPTION_FLAG ? " :\n1 or 0, true or false.\n" : " .\n");
    }
    for (i = 0; i < environment_row_count; i++) {
        const struct environment_row *row = &environment_rows[i];
        if (!is_of(row->commands, command))
            continue;
        add_variables(&rows, row->name);
        add_row(&rows, row->commands, command, row->help);
    }
    buf_add_text(out, ".Sh ENVIRONMENT\n");
    if (rows.size != 0)
        buf_printf(out, ".Bl -tag -width Ds\n%s.El\n%s", buf_text(&rows),
                   command == NULL ? "" : ".Pp\n");
    if (command != NULL)
        mdoc_add_sentences(
            out, "Credentials, and what is common to all commands, are described in roster(1).");
    buf_release(&rows);
}

static void add_files(struct buf *out, const struct command *command)
{
    bool any = false;
    size_t i;

    for (i = 0; i < manual_file_count; i++) {
        const struct manual_file *row = &manual_files[i];
        if (!is_of(row->commands, command) &&
            !(row->commands == NULL && strstr(command->arguments, "ROSTER") != NULL))
            continue;
        if (!any)
            buf_add_text(out, ".Sh FILES\n.Bl -tag -width Ds\n");
        any = true;
        buf_add_text(out, ".It Pa ");
        mdoc_add_text(out, row->path);
        buf_add_char(out, '\n');
        add_row(out, NULL, command, row->help);
    }
    if (any)
        buf_add_text(out, ".El\n");
}

static void add_exit_status(struct buf *out, const struct command *command)
{
    size_t i;

    buf_add_text(out, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for (i = 0; i < exit_meaning_count; i++) {
        const struct exit_meaning *row = &exit_meanings[i];
        if (row->commands != NULL && !is_of(row->commands, command))
            continue;
        buf_printf(out, ".It %d\n", (int)row->code);
        add_row(out, row->commands, command, row->meaning);
    }
    buf_add_text(out, ".El\n");
}

static void add_examples(struct buf *out, const struct command *command)
{
    size_t i;

    buf_add_text(out, ".Sh EXAMPLES\n");
    for (i = 0; i < COUNT_OF(command->examples) && command->examples[i].line != NULL; i++) {
        struct buf text;
        buf_init(&text, 4096);
        if (command->examples[i].what != NULL) {
            buf_printf(&text, "%s:", command->examples[i].what);
            if (text.data[0] >= 'a' && text.data[0] <= 'z')
                text.data[0] = (char)(text.data[0] - 'a' + 'A');
            buf_add_text(out, i == 0 ? "" : ".Pp\n");
            mdoc_add_sentences(out, buf_text(&text));
        }
        mdoc_add_literal(out, command->examples[i].line);
        buf_release(&text);
    }
}

/* The pages of commands, in the order of their names as mdoc wants it. */
static void add_see_also(struct buf *out, const char *list)
{
    buf_add_text(out, ".Sh SEE ALSO\n.Xr roster 1");
    while (list != NULL && *list != '\0') {
        const size_t size = strcspn(list, " ");
        buf_printf(out, " ,\n.Xr roster-%.*s 1", (int)size, list);
        list += size + strspn(list + size, " ");
    }
    buf_add_text(out, " ,\n.Xr roster.yaml 5\n");
}

void manual_write_command(struct buf *out, const struct command *command)
{
    const struct manual_text *text = text_of(command->name);
    struct buf title;

    buf_init(&title, 256);
    add_capitals(&title, "roster-");
    add_capitals(&title, command->name);
    mdoc_begin(out, source, buf_text(&title), 1);
    buf_release(&title);
    buf_printf(out, ".Sh NAME\n.Nm roster-%s\n.Nd %s\n", command->name, command->summary);
    add_synopsis(out, command);
    buf_add_text(out, ".Sh DESCRIPTION\n");
    mdoc_add_prose(out, command->details);
    if (text->text[0] != '\0' && text->text[0] != '#')
        buf_add_text(out, ".Pp\n");
    mdoc_add_prose(out, text->text);
    add_options(out, command);
    add_environment(out, command);
    add_files(out, command);
    add_exit_status(out, command);
    add_examples(out, command);
    add_see_also(out, text->see_also);
}

static void add_commands(struct buf *out)
{
    size_t i;

    buf_add_text(out, ".Sh COMMANDS\n.Bl -tag -width Ds\n");
    for (i = 0; i < command_count; i++) {
        struct buf text;
        buf_init(&text, 1024);
        buf_printf(out, ".It Cm %s\n", commands[i].name);
        add_row(out, NULL, &commands[i], commands[i].summary);
        buf_printf(out, "See\n.Xr roster-%s 1 .\n", commands[i].name);
        buf_release(&text);
    }
    buf_add_text(out, ".El\n");
}

void manual_write_program(struct buf *out)
{
    mdoc_begin(out, source, "ROSTER", 1);
    buf_add_text(out, ".Sh NAME\n.Nm roster\n"
                      ".Nd keep the messaging services of a Twilio account as a file says\n"
                      ".Sh SYNOPSIS\n.Nm\n.Op Ar global options\n.Ar command\n.Op Ar options\n"
                      ".Op Ar ROSTER\n.Nm\n.Cm help\n.Op Ar command | Ar topic\n"
                      ".Sh DESCRIPTION\n");
    mdoc_add_prose(out, text_of("roster")->text);
    add_commands(out);
    add_options(out, NULL);
    add_environment(out, NULL);
    add_files(out, NULL);
    add_exit_status(out, NULL);
    buf_add_text(out, ".Sh EXAMPLES\nFrom an account to a roster that is kept:\n");
    mdoc_add_literal(out, "roster export --out roster.yaml\n"
                          "roster plan roster.yaml\n"
                          "$EDITOR roster.yaml\n"
                          "roster apply roster.yaml\n"
                          "roster drift roster.yaml\n");
    buf_add_text(out, ".Sh SEE ALSO\n.Xr roster-sandbox 1 ,\n.Xr roster.yaml 5\n.Pp\n"
                      ".Lk https://www.twilio.com/docs/messaging/services\n");
}

void manual_write_sandbox(struct buf *out)
{
    size_t i;

    mdoc_begin(out, source, "ROSTER-SANDBOX", 1);
    buf_add_text(out,
                 ".Sh NAME\n.Nm roster-sandbox\n"
                 ".Nd a made\\-up Twilio account that behaves like the real API\n"
                 ".Sh SYNOPSIS\n.Nm\n.Op Ar options\n.Op Fl \\- Ar COMMAND Op Ar ARGUMENT ...\n"
                 ".Sh DESCRIPTION\n");
    mdoc_add_prose(out, text_of("sandbox")->text);
    buf_add_text(out, ".Sh OPTIONS\n.Bl -tag -width Ds\n");
    for (i = 0; i < sandbox_option_row_count; i++) {
        const struct sandbox_option_row *row = &sandbox_option_rows[i];
        buf_add_text(out, ".It Fl ");
        mdoc_add_text(out, "-");
        mdoc_add_text(out, row->name);
        if (row->value != NULL)
            buf_printf(out, " Ar %s", row->value);
        buf_add_char(out, '\n');
        add_row(out, NULL, &commands[0], row->help);
    }
    buf_add_text(out, ".El\n.Sh FAULTS\n");
    mdoc_add_literal(out, sandbox_help_faults);
    buf_add_text(out, ".Sh CONTROL\n");
    mdoc_add_literal(out, sandbox_help_control);
    buf_add_text(out, ".Sh EXIT STATUS\n");
    mdoc_add_sentences(out,
                       "That of the command; 128 and the number of the signal that ended it; "
                       "126 when it can't be run, 127 when it is not found. 1 for bad usage, a "
                       "bad file, or a state that can't be saved; else 0.");
    buf_add_text(out, ".Sh EXAMPLES\n");
    mdoc_add_literal(out, sandbox_help_examples);
    add_see_also(out, NULL);
}
