#include "base/str.h"
#include "cli/completion.h"
#include "cli/exit_code.h"
#include "cli/shell_words.h"

#include <stdio.h>
#include <string.h>

static const char *kind_name(enum completion_kind kind)
{
    switch (kind) {
    case COMPLETION_WORDS:
        return "words";
    case COMPLETION_FILES:
        return "files";
    case COMPLETION_FOLDERS:
        return "folders";
    case COMPLETION_COMMANDS:
        return "commands";
    }
    return "";
}

static void write_kind(const struct completion *completion, struct buf *out)
{
    buf_add_text(out, kind_name(completion->kind));
    if (completion->kind == COMPLETION_FILES && completion->extensions[0] != '\0')
        buf_printf(out, " %s", completion->extensions);
    buf_add_char(out, '\n');
}

/* The words of the line before and behind the cursor. */
struct typed {
    const char *head, *tail, *breaks;
    struct shell_words before, behind;
    struct arena arena;
};

/* Where in the head the word that is completed begins; its end is the cursor. */
static size_t start_of_word(const struct typed *typed)
{
    const struct shell_words *before = &typed->before;

    return before->finished ? strlen(typed->head) : before->items[before->count - 1].start;
}

/*
 * How much of that word stays on the line: readline replaces what is behind an open quote, or
 * behind the last character outside of quotes that ends its words.
 */
static size_t size_kept(const struct typed *typed, const char *word)
{
    size_t kept = 0, open = 0, at;
    char quote = 0;

    for (at = 0; word[at] != '\0'; at++) {
        if (word[at] == '\\' && quote != '\'') {
            at += word[at + 1] != '\0';
        } else if (quote != 0) {
            quote = word[at] == quote ? 0 : quote;
        } else if (word[at] == '"' || word[at] == '\'') {
            quote = word[at];
            open = at + 1;
        } else if (strchr(typed->breaks, word[at]) != NULL) {
            kept = at + 1;
        }
    }
    return quote == 0 ? kept : open;
}

/* The size, without quotes, of what is kept. */
static size_t size_read(const char *word, size_t kept, struct arena *arena)
{
    struct shell_words words = {0};

    shell_words_read(&words, word, kept, arena);
    return words.count == 0 ? 0 : strlen(words.items[0].text);
}

/*
 * The words that count: of the last command of the line, without redirections. Returns false when
 * the cursor is at the file of a redirection.
 */
static bool gather(const struct typed *typed, const char **words, struct completion_line *line)
{
    const struct shell_words *before = &typed->before, *behind = &typed->behind;
    const bool joined = typed->tail[0] != '\0' && !strchr(" \t\n|&;()<>", typed->tail[0]);
    bool target = false; /* of a redirection */
    size_t i;

    line->words = words;
    for (i = 0; i < before->count; i++) {
        if (before->items[i].is_operator) {
            target = strpbrk(before->items[i].text, "<>") != NULL;
            line->count = target ? line->count : 0;
        } else if (target && (i + 1 < before->count || before->finished))
            target = false;
        else if (!target)
            words[line->count++] = before->items[i].text;
    }
    if (before->finished && !target)
        words[line->count++] = "";
    line->current = line->count == 0 ? 0 : line->count - 1;
    for (i = joined; i < behind->count && !behind->items[i].is_operator; i++)
        words[line->count++] = behind->items[i].text;
    return !target;
}

/* Items that the word begins, and of each what is to stand instead of its last part. */
static void write_for_bash(const struct typed *typed, const struct completion *completion,
                           const char *current, struct buf *out)
{
    const char *word = typed->head + start_of_word(typed);
    struct arena arena = {0};
    const size_t kept = size_kept(typed, word), skipped = size_read(word, kept, &arena);
    size_t i;

    /* The rest of a file's name begins where readline begins to replace. */
    buf_printf(out, "%s\n", current + (skipped < strlen(current) ? skipped : strlen(current)));
    for (i = 0; i < completion->count; i++) {
        char *whole = arena_printf(&arena, "%s%s", completion->prefix, completion->items[i].text);
        if (!str_starts_with(whole, current) || skipped > strlen(whole))
            continue;
        shell_quote(out, whole + skipped, typed->before.quote);
        buf_add_char(out, '\n');
    }
    arena_release(&arena);
}

static void complete_for_bash(completion_finder *find, struct typed *typed, struct buf *out)
{
    struct completion completion = {.extensions = "", .prefix = "", .rest = ""};
    struct completion_line line = {0};
    const char **words;

    shell_words_read(&typed->before, typed->head, strlen(typed->head), &typed->arena);
    shell_words_read(&typed->behind, typed->tail, strlen(typed->tail), &typed->arena);
    words =
        arena_array(&typed->arena, typed->before.count + typed->behind.count + 1, sizeof(*words));
    if (!gather(typed, words, &line)) {
        const struct shell_words *before = &typed->before;
        completion.kind = COMPLETION_FILES;
        line.words = words;
        words[0] = before->finished ? "" : before->items[before->count - 1].text;
        line.current = 0;
    } else if (line.current > 0) {
        find(&completion, &line);
    }
    write_kind(&completion, out);
    write_for_bash(typed, &completion, line.words[line.current], out);
    completion_release(&completion);
}

static void complete_words(completion_finder *find, const struct completion_line *line, bool fish,
                           struct buf *out)
{
    struct completion completion = {.extensions = "", .prefix = "", .rest = ""};
    size_t i;

    find(&completion, line);
    write_kind(&completion, out);
    if (fish)
        buf_printf(out, "%s\t%s\n", completion.prefix, completion.rest);
    for (i = 0; i < completion.count; i++)
        buf_printf(out, "%s%s\t%s\n", fish ? completion.prefix : "", completion.items[i].text,
                   completion.items[i].help == NULL ? "" : completion.items[i].help);
    completion_release(&completion);
}

int completion_main(completion_finder *find, int argc, char **argv)
{
    struct buf out;
    int64_t index;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (argc == 4 && strcmp(argv[0], "bash") == 0) {
        struct typed typed = {.head = argv[1], .tail = argv[2], .breaks = argv[3]};
        complete_for_bash(find, &typed, &out);
        arena_release(&typed.arena);
    } else if (argc >= 4 && str_to_int64(argv[1], &index) == 0 && index > 0 && index < argc - 2) {
        const struct completion_line line = {(const char *const *)argv + 2, (size_t)argc - 2,
                                             (size_t)index};
        complete_words(find, &line, strcmp(argv[0], "fish") == 0, &out);
    }
    fwrite(buf_text(&out), 1, out.size, stdout);
    fflush(stdout);
    buf_release(&out);
    return EXIT_OK;
}
