/*
 * What words of a command line can be completed to; the shells themselves are in tests/completion/.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/str.h"
#include "cli/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/roster-completion-XXXXXX";

enum { WORDS_MAX = 12 };

static const struct {
    const char *words[WORDS_MAX]; /* behind the program; the last one is completed */
    bool sandbox;
    enum completion_kind kind;
    const char *extensions;
    const char *has, *lacks; /* items; NULL: not looked at */
    size_t count;            /* of all items; 0: not looked at */
    bool empty;
} cases[] = {
    {.words = {""}, .has = "plan", .lacks = "__complete"},
    {.words = {"x"}, .has = "plan"}, /* the shell compares */
    {.words = {"-"}, .has = "--api-url", .lacks = "--target"},
    {.words = {"plan", "-"}, .has = "--target", .lacks = "--auto-approve"},
    {.words = {"plan", "--rate", "5", "-"}, .has = "--target", .lacks = "--rate"},
    {.words = {"plan", "--target", "x", "-"}, .has = "--target"}, /* may be given again */
    {.words = {"apply", "-"}, .has = "--auto-approve", .lacks = "--out"},
    {.words = {"--rate", ""}, .empty = true},
    {.words = {"--rate=5", ""}, .has = "plan"},
    {.words = {"--color", ""}, .has = "never", .count = 3},
    {.words = {"--color", "plan", ""}, .has = "plan"}, /* a value, if a wrong one */
    {.words = {"--ca-file", ""}, .kind = COMPLETION_FILES, .extensions = ""},
    {.words = {"export", "--split", ""}, .kind = COMPLETION_FOLDERS},
    {.words = {"plan", ""}, .kind = COMPLETION_FILES, .extensions = "yaml yml json"},
    {.words = {"validate", ""}, .kind = COMPLETION_FILES, .extensions = "yaml yml"},
    {.words = {"journal", ""}, .kind = COMPLETION_FILES, .extensions = ""},
    {.words = {"plan", "--", ""}, .kind = COMPLETION_FILES, .extensions = "yaml yml json"},
    {.words = {"plan", "--", "-"}, .kind = COMPLETION_FILES, .extensions = "yaml yml json"},
    {.words = {"plan", "a.yaml", ""}, .has = "--target"},
    {.words = {"plan", "--", "a.yaml", ""}, .empty = true},
    {.words = {"version", ""}, .has = "--color"},
    {.words = {"help", ""}, .has = "exit-codes"},
    {.words = {"schema", ""}, .has = "roster", .count = 2},
    {.words = {"nonsense", ""}, .has = "plan"},
    {.words = {"plan", "--nonsense=x"}, .empty = true},
    {.words = {"plan", "--replan="}, .empty = true},
    {.words = {"plan", "--target", ""}, .has = "One", .lacks = "hidden", .count = 2},
    {.words = {"plan", "--target="}, .has = "Two: \"x\"", .count = 2},
    {.words = {"plan", "bad.yaml", "--target", ""}, .has = "Three", .count = 1},
    {.words = {"plan", "torn.yaml", "--target", ""}, .empty = true},
    {.words = {"plan", "none.yaml", "--target", ""}, .empty = true},
    {.words = {"plan", "-", "--target", ""}, .empty = true},
    {.words = {"plan", "/dev/zero", "--target", ""}, .empty = true},
    {.words = {"plan", "git+https://git.example.com/x.git//a", "--target", ""}, .empty = true},
    {.words = {"plan", "set", "--target", ""}, .has = "Five", .count = 2},
    {.words = {"test", "--only", ""}, .has = "a test", .count = 1},
    {.words = {"export", "--service", ""}, .has = "One", .count = 2},
    {.words = {""}, .sandbox = true, .has = "--"},
    {.words = {"--clock", ""}, .sandbox = true, .has = "wall", .count = 2},
    {.words = {"--clock=m"}, .sandbox = true, .has = "manual", .count = 2},
    {.words = {"--rate", ""}, .sandbox = true, .empty = true},
    {.words = {"--state", ""}, .sandbox = true, .kind = COMPLETION_FILES, .extensions = "json"},
    {.words = {"--log", ""}, .sandbox = true, .kind = COMPLETION_FILES, .extensions = ""},
    {.words = {"--", ""}, .sandbox = true, .kind = COMPLETION_COMMANDS},
    {.words = {"--", "roster", ""}, .sandbox = true, .has = "plan"},
    {.words = {"--", "a/roster", "plan", "--target", ""}, .sandbox = true, .has = "One"},
    {.words = {"--", "make", ""}, .sandbox = true, .kind = COMPLETION_FILES, .extensions = ""},
};

static bool has(const struct completion *completion, const char *text)
{
    size_t i;

    for (i = 0; i < completion->count; i++)
        if (strcmp(completion->items[i].text, text) == 0)
            return true;
    return false;
}

static void check_case(size_t i)
{
    struct completion completion = {0};
    struct completion_line line = {0};
    const char *words[WORDS_MAX + 1] = {cases[i].sandbox ? "roster-sandbox" : "roster"};

    for (line.count = 1; line.count <= WORDS_MAX && cases[i].words[line.count - 1] != NULL;
         line.count++)
        words[line.count] = cases[i].words[line.count - 1];
    line.words = words;
    line.current = line.count - 1;
    (cases[i].sandbox ? completion_of_sandbox : completion_of_roster)(&completion, &line);
    print_message("  %zu: %s %s\n", i, words[1], words[line.current]);
    assert_int_equal(completion.kind, cases[i].kind);
    if (cases[i].extensions != NULL)
        assert_string_equal(completion.extensions, cases[i].extensions);
    if (cases[i].has != NULL)
        assert_true(has(&completion, cases[i].has));
    if (cases[i].lacks != NULL)
        assert_false(has(&completion, cases[i].lacks));
    if (cases[i].count != 0 || cases[i].empty)
        assert_int_equal(completion.count, cases[i].count);
    completion_release(&completion);
}

static void test_lines(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        check_case(i);
}

/* A roster that is named behind the cursor counts. */
static void test_behind(void **state)
{
    static const char *const words[] = {"roster", "plan", "--target", "", "--out", "x", "bad.yaml"};
    const struct completion_line line = {words, COUNT_OF(words), 3};
    struct completion completion = {0};
    (void)state;
    completion_of_roster(&completion, &line);
    assert_int_equal(completion.count, 1);
    assert_string_equal(completion.items[0].text, "Three");
    completion_release(&completion);
}

#define BREAKS " \t\n\"'><=;|&(:"

static const struct {
    const char *head, *tail, *answer;
} bash_cases[] = {
    {"roster pl", "", "words\npl\nplan\n"},
    {"roster pl", "x --rate 5", "words\npl\nplan\n"},
    {"roster --color=al", "", "words\nal\nalways\n"},
    {"roster plan --target Tw", "", "words\nTw\nTwo:\\ \\\"x\\\"\n"},
    {"roster plan --target \"Tw", "", "words\nTw\nTwo: \\\"x\\\"\n"},
    {"roster plan --target=Two:", "", "words\n\n\\ \\\"x\\\"\n"},
    {"roster plan --target=\"Two:", "", "words\nTwo:\nTwo: \\\"x\\\"\n"},
    {"roster plan --target \"a\\\"b", "", "words\na\"b\n"},
    {"roster plan a b; roster pl", "", "words\npl\nplan\n"},
    {"roster plan --target ", " bad.yaml; roster plan", "words\n\nThree\n"},
    {"roster schema > ou", "", "files\nou\n"},
    {"roster schema >", "", "files\n\n"},
    {"roster plan < in.yaml my\\ di", "", "files yaml yml json\nmy di\n"},
    {"ros", "", "words\nros\n"},
    {"", "", "words\n\n"},
};

/* What the program prints, through the descriptor that is standard output. */
static void run(char *answer, size_t size, int argc, char **argv)
{
    FILE *file = tmpfile();
    int saved = dup(STDOUT_FILENO);
    size_t got;

    assert_non_null(file);
    fflush(stdout);
    dup2(fileno(file), STDOUT_FILENO);
    assert_int_equal(completion_main(completion_of_roster, argc, argv), 0);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    rewind(file);
    got = fread(answer, 1, size - 1, file);
    answer[got] = '\0';
    fclose(file);
}

static void test_bash(void **state)
{
    char answer[8192];
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(bash_cases); i++) {
        char *arguments[] = {(char *)(uintptr_t) "bash", (char *)(uintptr_t)bash_cases[i].head,
                             (char *)(uintptr_t)bash_cases[i].tail, (char *)(uintptr_t)BREAKS};
        run(answer, sizeof(answer), 4, arguments);
        assert_string_equal(answer, bash_cases[i].answer);
    }
}

/* Calls that no script makes have no answer, and no crash. */
static void test_odd_calls(void **state)
{
    static const char *const calls[][6] = {
        {NULL},
        {"bash", "a"},
        {"zsh", "1"},
        {"zsh", "x", "roster", "plan"},
        {"zsh", "-1", "roster", "plan"},
        {"zsh", "0", "roster", "plan"},
        {"fish", "2", "roster", "plan"},
    };
    char answer[1024], *arguments[6];
    size_t i;
    int count;
    (void)state;
    for (i = 0; i < COUNT_OF(calls); i++) {
        for (count = 0; count < 6 && calls[i][count] != NULL; count++)
            arguments[count] = (char *)(uintptr_t)calls[i][count];
        run(answer, sizeof(answer), count, arguments);
        assert_string_equal(answer, "");
    }
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int make_files(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("set", 0700) != 0)
        return -1;
    setenv("SOME_NAME", "hidden", 1);
    unsetenv("NOT_SET_AT_ALL");
    write_file("roster.yaml", "version: 1\n"
                              "services:\n"
                              "  - friendly_name: One\n"
                              "  - friendly_name: 'Two: \"x\"'\n"
                              "  - friendly_name: ${SOME_NAME}\n"
                              "test_sends:\n"
                              "  - {name: a test, service: One, to: \"+447700900123\", body: x}\n");
    write_file("bad.yaml", "version: 7\nservices:\n  - friendly_name: Three\n"
                           "    status_callback: ${NOT_SET_AT_ALL}\n    nonsense: [1]\n"
                           "  - friendly_name: \"a\\tb\\nc\"\n");
    write_file("torn.yaml", "version: 1\nservices: [{friendly_name: Four\n");
    write_file("set/a.yaml", "version: 1\nservices:\n  - friendly_name: Five\n");
    write_file("set/b.yml", "version: 1\nservices:\n  - friendly_name: Six\n");
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    return unlink("roster.yaml") + unlink("bad.yaml") + unlink("torn.yaml") + unlink("set/a.yaml") +
           unlink("set/b.yml") + rmdir("set") + chdir("/") + rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_behind),
        cmocka_unit_test(test_bash),
        cmocka_unit_test(test_odd_calls),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
