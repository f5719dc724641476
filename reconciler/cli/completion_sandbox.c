#include "base/str.h"
#include "cli/completion.h"
#include "cli/sandbox_option_rows.h"

#include <string.h>

static const struct sandbox_option_row *find_row(const char *word)
{
    const size_t size = strcspn(word, "=");
    size_t i;

    for (i = 0; str_starts_with(word, "--") && i < sandbox_option_row_count; i++)
        if (strlen(sandbox_option_rows[i].name) == size - 2 &&
            memcmp(sandbox_option_rows[i].name, word + 2, size - 2) == 0)
            return &sandbox_option_rows[i];
    return NULL;
}

static void complete_value(struct completion *completion, const struct sandbox_option_row *row)
{
    const char *at = row->value;

    if (at == NULL)
        return;
    if (strcmp(at, "FILE") == 0)
        completion_files(completion, row->id == SANDBOX_OPTION_FAULTS  ? "yaml yml"
                                     : row->id == SANDBOX_OPTION_STATE ? "json"
                                                                       : "");
    while (strchr(at, '|') != NULL || at != row->value) {
        const size_t size = strcspn(at, "|");
        completion_add(completion, arena_strndup(&completion->arena, at, size), NULL);
        if (at[size] == '\0')
            return;
        at += size + 1;
    }
}

/* What is run: roster is completed as ever, of other programs at least files. */
static void complete_command(struct completion *completion, const struct completion_line *line,
                             size_t start)
{
    const char *slash = strrchr(line->words[start], '/');

    if (line->current == start)
        completion->kind = COMPLETION_COMMANDS;
    else if (strcmp(slash == NULL ? line->words[start] : slash + 1, "roster") == 0)
        completion_of_roster(completion,
                             &(struct completion_line){line->words + start, line->count - start,
                                                       line->current - start});
    else
        completion_files(completion, "");
}

void completion_of_sandbox(struct completion *completion, const struct completion_line *line)
{
    const char *word = line->words[line->current], *equals = strchr(word, '=');
    const struct sandbox_option_row *row;
    size_t i;

    completion->extensions = "";
    completion->prefix = "";
    completion->rest = word;
    for (i = 1; i < line->current; i++) {
        if (strcmp(line->words[i], "--") == 0) {
            complete_command(completion, line, i + 1);
            return;
        }
        row = find_row(line->words[i]);
        if (row == NULL || row->value == NULL || strchr(line->words[i], '=') != NULL)
            continue;
        if (i + 1 == line->current) {
            complete_value(completion, row);
            return;
        }
        i++;
    }
    row = find_row(word);
    if (row != NULL && equals != NULL) {
        completion->rest = equals + 1;
        completion->prefix = arena_strndup(&completion->arena, word, (size_t)(equals + 1 - word));
        complete_value(completion, row);
        return;
    }
    for (i = 0; i < sandbox_option_row_count; i++)
        completion_add(completion,
                       arena_printf(&completion->arena, "--%s", sandbox_option_rows[i].name),
                       sandbox_option_rows[i].help);
    completion_add(completion, "--", "then a command that is run with it");
}
