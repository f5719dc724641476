#include "cli/commands.h"
#include "cli/option_habits.h"
#include "cli/terminal.h"

#include <unistd.h>

#include <string.h>

static const struct help_topic *topic_find(const char *name)
{
    size_t i;

    for (i = 0; i < help_topic_count; i++)
        if (strcmp(help_topics[i].name, name) == 0)
            return &help_topics[i];
    return NULL;
}

static void report_unknown(const char *name, struct diag *diag)
{
    const char *nearest = command_nearest(name), *topics[8];
    size_t i;

    for (i = 0; i < help_topic_count && i < COUNT_OF(topics); i++)
        topics[i] = help_topics[i].name;
    if (nearest == NULL)
        nearest = habit_word(name, topics, i);
    diag_error(diag, NULL, "there is no command or topic \"%s\"", name);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"roster help %.*s\"?", (int)strcspn(nearest, " "), nearest);
    else
        diag_help(diag, "\"roster help\" lists the commands");
}

enum exit_code cmd_help(const struct options *options, struct diag *diag)
{
    const char *name = options->argument_count == 0 ? NULL : options->arguments[0];
    const struct command *about = name == NULL ? NULL : command_find(name);
    const struct help_topic *topic = name == NULL ? NULL : topic_find(name);
    const size_t width = help_width(terminal_width(STDOUT_FILENO));
    enum exit_code code = EXIT_OK;
    struct buf page, out;

    if (name != NULL && about == NULL && topic == NULL) {
        report_unknown(name, diag);
        return EXIT_ERROR;
    }
    buf_init(&out, BUF_LIMIT_DEFAULT);
    buf_init(&page, BUF_LIMIT_DEFAULT);
    if (topic == NULL) {
        options_help(about, width, &out);
    } else {
        topic->write(&page);
        help_flush(&page, width, &out);
    }
    buf_release(&page);
    if (terminal_write(&out, diag) != 0)
        code = EXIT_ERROR;
    buf_release(&out);
    return code;
}
