#include "cli/commands.h"
#include "cli/session.h"
#include "cli/terminal.h"

#include "render/render.h"

#include <unistd.h>

enum exit_code cmd_plan(const struct options *options, struct diag *diag)
{
    const struct render_options look = {.color = terminal_color(options, STDOUT_FILENO)};
    struct session session = {0};
    enum exit_code code = EXIT_ERROR;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (session_start(&session, options, diag) == 0) {
        render_text(&session.plan, &look, &out);
        if (terminal_write(&out, diag) == 0)
            code = options->detailed_exitcode && session.plan.change_count != 0 ? EXIT_CHANGES
                                                                                : EXIT_OK;
    }
    buf_release(&out);
    session_release(&session);
    return code;
}
