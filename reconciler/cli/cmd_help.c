#include "cli/commands.h"
#include "cli/terminal.h"

#include "base/wrap.h"

#include <unistd.h>

enum exit_code cmd_help(const struct options *options, struct diag *diag)
{
    const struct command *about = NULL;
    enum exit_code code = EXIT_OK;
    struct buf page, out;

    if (options->argument_count > 0) {
        about = command_find(options->arguments[0]);
        if (about == NULL) {
            diag_error(diag, NULL, "there is no command \"%s\"", options->arguments[0]);
            diag_help(diag, "\"roster help\" lists the commands");
            return EXIT_ERROR;
        }
    }
    buf_init(&out, BUF_LIMIT_DEFAULT);
    buf_init(&page, BUF_LIMIT_DEFAULT);
    options_help(about, &page);
    wrap_page(&out, buf_text(&page), terminal_width(STDOUT_FILENO));
    buf_release(&page);
    if (terminal_write(&out, diag) != 0)
        code = EXIT_ERROR;
    buf_release(&out);
    return code;
}
