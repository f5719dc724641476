#include "cli/commands.h"
#include "cli/terminal.h"

#include "model/schema.h"

enum exit_code cmd_schema(const struct options *options, struct diag *diag)
{
    enum exit_code code = EXIT_OK;
    struct buf out;

    (void)options;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    schema_write_roster(&out);
    if (terminal_write(&out, diag) != 0)
        code = EXIT_ERROR;
    buf_release(&out);
    return code;
}
