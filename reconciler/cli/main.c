/*
 * roster: declarative reconciler for Twilio Messaging Services.
 */
#include "base/diag.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/terminal.h"

#include <locale.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

static enum exit_code run(int argc, char **argv, struct options *options, struct logger *logger,
                          struct diag *diag)
{
    const struct command *command;
    const int parsed = options_parse(options, &command, argc, argv, diag);

    terminal_logger(options, logger);
    options->log = logger;
    if (parsed != 0)
        return EXIT_ERROR;
    if (options->help) {
        struct options about = *options;
        about.arguments = command == NULL ? NULL : &command->name;
        about.argument_count = command == NULL ? 0 : 1;
        return cmd_help(&about, diag);
    }
    return command->run(options, diag);
}

int main(int argc, char **argv)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct options options;
    struct logger logger;
    struct diag diag;
    enum exit_code code;

    memory_setup();
    /* Character widths; a locale that is missing only costs alignment. */
    setlocale(LC_CTYPE, "C.UTF-8");
    /* A reader that goes away must not kill an apply half way; writing then fails and is reported.
     */
    sigaction(SIGPIPE, &ignore, NULL);
    /* Nor must a limit on the size of files; writing the journal then fails. */
    sigaction(SIGXFSZ, &ignore, NULL);
    /* Before the options, for a wrong one in the environment must not keep shells from completing.
     */
    if (argc > 1 && strcmp(argv[1], "__complete") == 0)
        return completion_main(completion_of_roster, argc - 2, argv + 2);
    diag_init(&diag);
    code = run(argc, argv, &options, &logger, &diag);
    terminal_diagnostics(&options, &diag);
    return (int)code;
}
