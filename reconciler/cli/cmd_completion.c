#include "cli/commands.h"
#include "cli/completion_scripts.h"
#include "cli/option_habits.h"
#include "cli/terminal.h"

#include <string.h>

static const struct {
    const char *shell;
    const struct completion_script *script;
} scripts[] = {
    {"bash", &completion_bash},
    {"zsh", &completion_zsh},
    {"fish", &completion_fish},
};

static void report_unknown(const char *shell, struct diag *diag)
{
    const char *names[COUNT_OF(scripts)], *nearest;
    size_t i;

    for (i = 0; i < COUNT_OF(scripts); i++)
        names[i] = scripts[i].shell;
    diag_error(diag, NULL, "there is no completion for \"%s\"", shell);
    nearest = habit_word(shell, names, COUNT_OF(names));
    if (nearest != NULL)
        diag_help(diag, "did you mean \"roster completion %s\"?", nearest);
    else
        diag_help(diag, "there is for bash, zsh and fish");
}

enum exit_code cmd_completion(const struct options *options, struct diag *diag)
{
    enum exit_code code = EXIT_ERROR;
    struct buf out;
    size_t i;

    if (options->argument_count == 0) {
        diag_error(diag, NULL, "which shell?");
        diag_help(diag, "say \"roster completion bash\", zsh or fish; \"roster help completion\" "
                        "says where the script goes");
        return EXIT_ERROR;
    }
    for (i = 0; i < COUNT_OF(scripts); i++)
        if (strcmp(scripts[i].shell, options->arguments[0]) == 0)
            break;
    if (i == COUNT_OF(scripts)) {
        report_unknown(options->arguments[0], diag);
        return EXIT_ERROR;
    }
    buf_init(&out, BUF_LIMIT_DEFAULT);
    buf_add(&out, scripts[i].script->bytes, scripts[i].script->size);
    if (terminal_write(&out, diag) == 0)
        code = EXIT_OK;
    buf_release(&out);
    return code;
}
