#include "cli/option_habits.h"

#include "base/attributes.h"
#include "base/str.h"

#include <string.h>

struct habit {
    const char *habit, *ours;
};

static const struct habit command_habits[] = {
    {"diff", "plan"},
    {"preview", "plan"},
    {"show", "plan"},
    {"status", "drift"},
    {"deploy", "apply"},
    {"push", "apply"},
    {"sync", "apply"},
    {"up", "apply"},
    {"update", "apply"},
    {"converge", "apply"},
    {"dump", "export"},
    {"import", "export"},
    {"pull", "export"},
    {"init", "export"},
    {"new", "export"},
    {"list", "export"},
    {"get", "export"},
    {"lint", "validate"},
    {"check", "validate"},
    {"verify", "validate"},
    {"serve", "watch"},
    {"daemon", "watch"},
    {"loop", "watch"},
    {"run", "apply"},
    {"format", "fmt"},
    {"log", "journal"},
    {"logs", "journal"},
    {"history", "journal"},
    {"send", "test"},
    {"webhook", "listen"},
    {"webhooks", "listen"},
    {"receive", "listen"},
    {"man", "help"},
    {"undo", "apply --undo-out FILE"},
    {"rollback", "apply --undo-out FILE"},
};

static const struct habit option_habits[] = {
    {"-o", "--out FILE"},
    {"--output", "--out FILE or --format"},
    {"-y", "--auto-approve"},
    {"--yes", "--auto-approve"},
    {"--force", "--auto-approve"},
    {"-f", "--format"},
    {"-t", "--target NAME"},
    {"--dry-run", "\"roster plan\", which changes nothing"},
    {"-n", "\"roster plan\", which changes nothing"},
};

static const char *find(const struct habit *habits, size_t count, const char *word)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (strcmp(habits[i].habit, word) == 0)
            return habits[i].ours;
    return NULL;
}

const char *habit_command(const char *name)
{
    return find(command_habits, COUNT_OF(command_habits), name);
}

const char *habit_option(const char *token)
{
    return find(option_habits, COUNT_OF(option_habits), token);
}

const char *habit_word(const char *word, const char *const *words, size_t count)
{
    const char *nearest = str_closest(word, words, count), *begun = NULL;
    size_t i;

    if (nearest != NULL || word[0] == '\0')
        return nearest;
    for (i = 0; i < count; i++) {
        if (!str_starts_with(words[i], word))
            continue;
        if (begun != NULL)
            return NULL;
        begun = words[i];
    }
    return begun;
}
