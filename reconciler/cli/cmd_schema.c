#include "cli/commands.h"
#include "cli/terminal.h"

#include "base/str.h"
#include "model/schema.h"
#include "plan/plan_schema.h"

#include <string.h>

static const struct {
    const char *name;
    void (*write)(struct buf *out);
} schemas[] = {
    {"roster", schema_write_roster},
    {"plan", plan_schema_write},
};

enum exit_code cmd_schema(const struct options *options, struct diag *diag)
{
    const char *name = options->argument_count == 0 ? schemas[0].name : options->arguments[0];
    const char *names[COUNT_OF(schemas)];
    enum exit_code code = EXIT_OK;
    const char *nearest;
    struct buf out;
    size_t i;

    for (i = 0; i < COUNT_OF(schemas); i++) {
        names[i] = schemas[i].name;
        if (strcmp(schemas[i].name, name) != 0)
            continue;
        buf_init(&out, BUF_LIMIT_DEFAULT);
        schemas[i].write(&out);
        if (terminal_write(&out, diag) != 0)
            code = EXIT_ERROR;
        buf_release(&out);
        return code;
    }
    diag_error(diag, NULL, "there is no schema \"%s\"", name);
    nearest = str_closest(name, names, COUNT_OF(names));
    diag_help(diag, "did you mean \"roster schema %s\"?", nearest == NULL ? "roster" : nearest);
    return EXIT_ERROR;
}
