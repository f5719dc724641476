#include "cli/completion.h"

#include "base/str.h"

#include <string.h>

/* How far the words before the one that is completed have come. */
struct state {
    const struct command *command;   /* NULL: none yet */
    const struct option_row *option; /* the last word was this one, and its value is missing */
    bool ended;                      /* "--" was there */
    size_t arguments;
    const char *roster; /* the first argument; NULL: none */
    bool given[OPTION_ROWS_MAX];
};

void completion_add(struct completion *completion, const char *text, const char *help)
{
    completion->items = arena_grow(&completion->arena, completion->items, completion->count,
                                   &completion->capacity, sizeof(*completion->items));
    completion->items[completion->count++] = (struct completion_item){text, help};
}

void completion_files(struct completion *completion, const char *extensions)
{
    completion->kind = COMPLETION_FILES;
    completion->extensions = extensions;
}

void completion_release(struct completion *completion)
{
    arena_release(&completion->arena);
}

/* The row of an option in the part of the line that it stands in; `name` is without dashes. */
static const struct option_row *find_option(struct state *state, const char *name, size_t size)
{
    size_t i;

    for (i = 0; i < option_row_count(); i++) {
        const struct option_row *row = option_row(i);
        if (strlen(row->name) != size || memcmp(row->name, name, size) != 0 ||
            !option_taken_by(row, state->command))
            continue;
        if (i < OPTION_ROWS_MAX)
            state->given[i] = true;
        return row;
    }
    return NULL;
}

static void take_option(struct state *state, const char *word)
{
    const char *name = word + 2;
    const size_t size = strcspn(name, "=");
    const struct option_row *row;

    if (!str_starts_with(word, "--"))
        return;
    row = find_option(state, name, size);
    if (row != NULL && row->type != OPTION_FLAG && name[size] == '\0')
        state->option = row;
}

static void take_word(struct state *state, const char *word)
{
    if (state->option != NULL)
        state->option = NULL;
    else if (!state->ended && strcmp(word, "--") == 0)
        state->ended = true;
    else if (!state->ended && word[0] == '-' && word[1] != '\0')
        take_option(state, word);
    else if (state->command == NULL)
        state->command = command_find(word);
    else if (state->arguments++ == 0)
        state->roster = word;
}

/* The roster may be named behind the word that is completed, too. */
static const char *find_roster(const struct state *before, const struct completion_line *line,
                               bool value)
{
    struct state state = *before;
    size_t i;

    if (value)
        state.option = NULL;
    for (i = line->current + 1; i < line->count; i++)
        take_word(&state, line->words[i]);
    if (state.roster == NULL || state.command == NULL ||
        strstr(state.command->arguments, "ROSTER") == NULL)
        return "roster.yaml";
    return state.roster;
}

static void complete_value(struct completion *completion, const struct option_row *row,
                           const char *roster)
{
    size_t i;

    for (i = 0; i < row->choice_count; i++)
        completion_add(completion, row->choices[i], NULL);
    if (row->names != OPTION_NAMES_NONE)
        completion_add_names(completion, row->names, roster);
    else if (str_equal(row->value, "FILE"))
        completion_files(completion, "");
    else if (str_equal(row->value, "DIR"))
        completion->kind = COMPLETION_FOLDERS;
}

static void complete_options(struct completion *completion, const struct state *state)
{
    size_t i;

    for (i = 0; i < option_row_count(); i++) {
        const struct option_row *row = option_row(i);
        if (!option_taken_by(row, state->command) ||
            (i < OPTION_ROWS_MAX && state->given[i] && row->type != OPTION_LIST))
            continue;
        completion_add(completion, arena_printf(&completion->arena, "--%s", row->name), row->help);
    }
}

static void add_commands(struct completion *completion)
{
    size_t i;

    for (i = 0; i < command_count; i++)
        completion_add(completion, commands[i].name, commands[i].summary);
}

/*
 * What the usage line names: "[ROSTER|PLAN]" is files, "[roster|plan]" words. What nobody knows
 * is nothing.
 */
static void complete_argument(struct completion *completion, const char *usage)
{
    const char *at = usage + strspn(usage, "[");
    size_t i;

    while (*at != '\0' && *at != ']') {
        const size_t size = strcspn(at, "|]");
        char *word = arena_strndup(&completion->arena, at, size);
        if (strcmp(word, "ROSTER") == 0) {
            completion_files(completion, "yaml yml");
        } else if (strcmp(word, "PLAN") == 0) {
            completion_files(completion,
                             completion->kind == COMPLETION_FILES ? "yaml yml json" : "json");
        } else if (strcmp(word, "FILE") == 0) {
            completion_files(completion, "");
        } else if (strcmp(word, "DIR") == 0) {
            completion->kind = COMPLETION_FOLDERS;
        } else if (strcmp(word, "COMMAND") == 0) {
            add_commands(completion);
        } else if (strcmp(word, "TOPIC") == 0) {
            for (i = 0; i < help_topic_count; i++)
                completion_add(completion, help_topics[i].name, help_topics[i].summary);
        } else if (word[0] >= 'a' && word[0] <= 'z') {
            completion_add(completion, word, NULL);
        }
        at += size + (at[size] == '|');
    }
}

/* "--target=Ord": the value is behind the equals sign. */
static void complete_joined(struct completion *completion, struct state *state,
                            const struct completion_line *line)
{
    const char *word = line->words[line->current], *equals = strchr(word, '=');
    const struct option_row *row = find_option(state, word + 2, (size_t)(equals - word - 2));

    completion->rest = equals + 1;
    completion->prefix = arena_strndup(&completion->arena, word, (size_t)(completion->rest - word));
    if (row != NULL && row->type != OPTION_FLAG)
        complete_value(completion, row, find_roster(state, line, true));
}

void completion_of_roster(struct completion *completion, const struct completion_line *line)
{
    const char *word = line->words[line->current];
    struct state state = {0};
    size_t i;

    completion->extensions = "";
    completion->prefix = "";
    completion->rest = word;
    for (i = 1; i < line->current; i++)
        take_word(&state, line->words[i]);
    if (state.option != NULL)
        complete_value(completion, state.option, find_roster(&state, line, true));
    else if (!state.ended && str_starts_with(word, "--") && strchr(word, '=') != NULL)
        complete_joined(completion, &state, line);
    else if (!state.ended && word[0] == '-')
        complete_options(completion, &state);
    else if (state.command == NULL)
        add_commands(completion);
    else if (state.arguments < state.command->max_arguments)
        complete_argument(completion, state.command->arguments);
    else if (!state.ended)
        complete_options(completion, &state);
}
