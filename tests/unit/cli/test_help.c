/*
 * Help: every command says what it does, with examples that can be run as they stand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "cli/environment.h"
#include "cli/option_habits.h"
#include "cli/option_rows.h"
#include "cli/sandbox_option_rows.h"
#include "cli/sandbox_options.h"
#include "cli/shell_words.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 32, WIDTH = 80 };

static void check_roster(char **words, int count)
{
    const struct command *command;
    struct options options;
    struct diag diag;

    diag_init(&diag);
    if (options_parse(&options, &command, count, words, &diag) != 0)
        fail_msg("%s", diag.items[0].message);
    assert_non_null(command);
    diag_release(&diag);
}

static void check_sandbox(char **words, int count)
{
    struct sandbox_options options = {0};
    int argc = 0;

    assert_int_equal(sandbox_options_read(count, words, &options), 0);
    assert_non_null(options.command);
    while (options.command + argc < words + count)
        argc++;
    assert_string_equal(options.command[0], "roster");
    check_roster(options.command, argc);
}

/* One command of a line: returns whether it is one of ours. */
static bool check_command(char **words, int count)
{
    while (count > 0 && strchr(words[0], '=') != NULL) { /* NAME=value before it */
        words++;
        count--;
    }
    if (count > 0 && strcmp(words[0], "roster") == 0)
        check_roster(words, count);
    else if (count > 0 && strcmp(words[0], "roster-sandbox") == 0)
        check_sandbox(words, count);
    else
        return false;
    return true;
}

static int check_line(const char *line)
{
    struct shell_words words = {0};
    char *command[WORDS_MAX + 1] = {NULL};
    struct arena arena = {0};
    bool target = false; /* of a redirection */
    int count = 0, found = 0;
    size_t i;

    print_message("  %s\n", line);
    shell_words_read(&words, line, strlen(line), &arena);
    assert_int_equal(words.quote, 0);
    assert_in_range(words.count, 2, WORDS_MAX);
    for (i = 0; i < words.count; i++) {
        const char *text = words.items[i].text;
        if (words.items[i].is_operator) {
            target = strcmp(text, ">") == 0 || strcmp(text, "<") == 0;
            if (target)
                continue;
            found += check_command(command, count);
            count = 0;
        } else if (!target) {
            command[count++] = (char *)(uintptr_t)text;
            command[count] = NULL;
        }
    }
    found += check_command(command, count);
    arena_release(&arena);
    return found;
}

static void test_examples(void **state)
{
    size_t i, j;
    (void)state;
    for (i = 0; i < command_count; i++) {
        const struct command_example *examples = commands[i].examples;
        bool itself = false; /* an example of a command shows it */
        char usage[64];
        assert_non_null(examples[0].line);
        snprintf(usage, sizeof(usage), "roster %s", commands[i].name);
        for (j = 0; j < COUNT_OF(commands[i].examples) && examples[j].line != NULL; j++) {
            assert_int_not_equal(check_line(examples[j].line), 0);
            itself = itself || strstr(examples[j].line, usage) != NULL;
            assert_true(examples[j].what == NULL || !str_ends_with(examples[j].what, "."));
            assert_true(j == 0 || examples[j].what != NULL);
        }
        assert_true(itself);
    }
}

/* The examples that are in the sandbox's help. */
static void test_sandbox_examples(void **state)
{
    struct buf out;
    char *line, *rest;
    int found = 0;
    (void)state;
    buf_init(&out, 64 * 1024);
    sandbox_help(&out, WIDTH);
    line = strstr(out.data, "\nExamples:");
    assert_non_null(line);
    for (line = strtok_r(line, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        if (strstr(line, " -- roster ") != NULL)
            found += check_line(line);
    assert_int_equal(found, 2);
    buf_release(&out);
}

static void test_sandbox_help_has_every_option(void **state)
{
    struct buf out, line;
    size_t i;
    (void)state;
    buf_init(&out, 64 * 1024);
    buf_init(&line, 1024);
    sandbox_help(&out, WIDTH);
    assert_in_range(sandbox_option_row_count, 1, SANDBOX_OPTION_ROWS_MAX);
    for (i = 0; i < sandbox_option_row_count; i++) {
        const struct sandbox_option_row *row = &sandbox_option_rows[i];
        buf_clear(&line);
        buf_printf(&line, "\n  --%s%s%s", row->name, row->value == NULL ? "" : " ",
                   row->value == NULL ? "" : row->value);
        assert_non_null(strstr(buf_text(&out), buf_text(&line)));
    }
    buf_release(&line);
    buf_release(&out);
}

/* Lines fit a terminal but for examples, which can be copied, and words that are longer. */
static void check_width(const char *text, size_t width)
{
    bool examples = false;

    while (*text != '\0') {
        const size_t size = strcspn(text, "\n");
        if (strncmp(text, "Example", 7) == 0)
            examples = true;
        else if (size > 0 && text[0] != ' ')
            examples = false;
        if (str_utf8_length(text, size) > width && !examples &&
            memchr(text + strspn(text, " "), ' ', size - strspn(text, " ")) != NULL)
            fail_msg("too long: %.*s", (int)size, text);
        text += size + (text[size] == '\n');
    }
}

/* The same words, whatever the width. */
static size_t count_words(const char *text)
{
    size_t count = 0;

    while (*text != '\0') {
        text += strspn(text, " \n");
        count += *text != '\0';
        text += strcspn(text, " \n");
    }
    return count;
}

static void test_width(void **state)
{
    static const size_t widths[] = {40, 60, 80, 100};
    size_t words = 0, i, j;
    (void)state;
    for (j = 0; j < COUNT_OF(widths); j++) {
        struct buf out, page;
        buf_init(&out, 1024 * 1024);
        buf_init(&page, 1024 * 1024);
        options_help(NULL, widths[j], &out);
        sandbox_help(&out, widths[j]);
        for (i = 0; i < command_count; i++)
            options_help(&commands[i], widths[j], &out);
        for (i = 0; i < help_topic_count; i++) {
            help_topics[i].write(&page);
            help_flush(&page, widths[j], &out);
        }
        check_width(buf_text(&out), widths[j]);
        assert_true(j == 0 || count_words(buf_text(&out)) == words);
        words = count_words(buf_text(&out));
        buf_release(&page);
        buf_release(&out);
    }
    assert_int_equal(help_width(0), 80);
    assert_int_equal(help_width(60), 60);
    assert_int_equal(help_width(300), 100);
}

/* One table: each code is in the overview and in its topic, and no code lacks a meaning. */
static void test_exit_codes(void **state)
{
    struct buf out;
    size_t i;
    int code = 0;
    (void)state;
    buf_init(&out, 64 * 1024);
    options_help(NULL, WIDTH, &out);
    for (i = 0; i < exit_meaning_count; i++) {
        char start[32];
        assert_in_range(exit_meanings[i].code, code, code + 1);
        code = (int)exit_meanings[i].code;
        snprintf(start, sizeof(start), "\n  %d  ", code);
        assert_non_null(strstr(buf_text(&out), start));
    }
    assert_int_equal(code, EXIT_TEST_FAILED);
    buf_release(&out);
}

static void test_environment(void **state)
{
    struct buf out;
    size_t i;
    (void)state;
    buf_init(&out, 64 * 1024);
    assert_string_equal(help_topics[0].name, "environment");
    help_topics[0].write(&out);
    for (i = 0; i < option_row_count(); i++)
        if (option_row(i)->environment != NULL)
            assert_non_null(strstr(buf_text(&out), option_row(i)->environment));
    for (i = 0; i < environment_row_count; i++)
        assert_non_null(strstr(buf_text(&out), environment_rows[i].name));
    buf_release(&out);
}

/* Every command that is listed in some table is there. */
static void check_commands(const char *list)
{
    char copy[256], *word, *rest;

    if (list == NULL)
        return;
    assert_in_range(strlen(list), 1, sizeof(copy) - 1);
    memcpy(copy, list, strlen(list) + 1);
    for (word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        assert_non_null(command_find(word));
}

static void test_tables_name_commands(void **state)
{
    size_t i;
    (void)state;
    assert_in_range(command_count, 1, COMMANDS_MAX);
    for (i = 0; i < exit_meaning_count; i++)
        check_commands(exit_meanings[i].commands);
    for (i = 0; i < environment_row_count; i++)
        check_commands(environment_rows[i].commands);
}

static const struct {
    const char *typed, *meant;
} meant[] = {
    {"diff", "plan"},
    {"deploy", "apply"},
    {"push", "apply"},
    {"sync", "apply"},
    {"dump", "export"},
    {"import", "export"},
    {"pull", "export"},
    {"lint", "validate"},
    {"check", "validate"},
    {"serve", "watch"},
    {"format", "fmt"},
    {"val", "validate"},
    {"expo", "export"},
    {"plna", "plan"},
    {"aply", "apply"},
    {"j", "journal"},
    {"completions", "completion"},
    {"frobnicate", NULL},
    {"", NULL},
    {"v", NULL}, /* validate or version */
};

static void test_commands_meant(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(meant); i++) {
        const char *found = command_nearest(meant[i].typed);
        print_message("  %s\n", meant[i].typed);
        assert_true(str_equal(found, meant[i].meant));
        /* What other tools call it is not the name of another command here. */
        assert_null(command_find(meant[i].typed));
        if (found != NULL)
            assert_non_null(command_find(found));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_sandbox_examples),
        cmocka_unit_test(test_sandbox_help_has_every_option),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_tables_name_commands),
        cmocka_unit_test(test_commands_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
