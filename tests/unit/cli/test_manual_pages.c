/*
 * The manual pages of section 1 are the ones that the tables make. With ROSTER_UPDATE_GOLDEN set in
 * the environment they are written instead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "cli/environment.h"
#include "cli/manual_pages.h"
#include "cli/option_rows.h"
#include "cli/sandbox_option_rows.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER TEST_SOURCE_DIR "/reconciler/man/"

static void check_page(const char *name, const struct buf *made)
{
    struct buf committed;
    struct diag diag;
    char path[1024];

    snprintf(path, sizeof(path), FOLDER "%s.1", name);
    diag_init(&diag);
    buf_init(&committed, BUF_LIMIT_DEFAULT);
    if (getenv("ROSTER_UPDATE_GOLDEN") != NULL)
        assert_int_equal(file_write_atomic(path, buf_text(made), made->size, 0644, &diag), 0);
    if (file_read(path, &committed, &diag) != 0 ||
        strcmp(buf_text(made), buf_text(&committed)) != 0)
        fail_msg("%s is not what the tables make; ROSTER_UPDATE_GOLDEN=1 "
                 "build/release/tests/test_manual_pages writes it",
                 path);
    buf_release(&committed);
    diag_release(&diag);
}

static void command_page(char *name, size_t size, const struct command *command)
{
    snprintf(name, size, "roster-%s", command->name);
}

static void test_pages_are_fresh(void **state)
{
    char name[64];
    struct buf out;
    size_t i;
    (void)state;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    manual_write_program(&out);
    check_page("roster", &out);
    buf_clear(&out);
    manual_write_sandbox(&out);
    check_page("roster-sandbox", &out);
    for (i = 0; i < command_count; i++) {
        buf_clear(&out);
        manual_write_command(&out, &commands[i]);
        command_page(name, sizeof(name), &commands[i]);
        check_page(name, &out);
    }
    buf_release(&out);
}

/* A command that is gone must not leave its page. */
static void test_no_other_pages(void **state)
{
    DIR *folder = opendir(FOLDER);
    const struct dirent *entry;
    size_t found = 0;
    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        found += str_ends_with(entry->d_name, ".1");
    closedir(folder);
    assert_int_equal(found, command_count + 2);
}

static void check_has(const struct buf *page, const char *format, const char *name)
{
    struct buf line;
    const char *at;

    buf_init(&line, 1024);
    buf_printf(&line, "\n.It %s", format);
    for (at = name; *at != '\0'; at++)
        buf_add_text(&line, *at == '-' ? "\\-" : (char[]){*at, '\0'});
    if (strstr(buf_text(page), buf_text(&line)) == NULL)
        fail_msg("no \"%s\" in\n%s", buf_text(&line) + 1, buf_text(page));
    buf_release(&line);
}

/* Each option and variable of a command has its text there. */
static void test_pages_have_everything(void **state)
{
    struct buf program, page;
    size_t i, j;
    (void)state;
    buf_init(&program, BUF_LIMIT_DEFAULT);
    buf_init(&page, BUF_LIMIT_DEFAULT);
    manual_write_program(&program);
    for (i = 0; i < command_count; i++) {
        assert_true(strlen(commands[i].summary) > 0 && strlen(commands[i].details) > 0);
        check_has(&program, "Cm ", commands[i].name);
        buf_clear(&page);
        manual_write_command(&page, &commands[i]);
        assert_non_null(strstr(buf_text(&page), "\n.Sh EXAMPLES\n"));
        for (j = 0; j < option_row_count(); j++) {
            const struct option_row *row = option_row(j);
            assert_true(strlen(row->help) > 0);
            if (row->commands != NULL && option_taken_by(row, &commands[i])) {
                check_has(&page, "Fl \\-", row->name);
                if (row->environment != NULL)
                    check_has(&page, "Ev ", row->environment);
            }
        }
    }
    for (j = 0; j < option_row_count(); j++)
        if (option_row(j)->commands == NULL && option_row(j)->letter == 0)
            check_has(&program, "Fl \\-", option_row(j)->name);
    buf_clear(&page);
    manual_write_sandbox(&page);
    for (j = 0; j < sandbox_option_row_count; j++)
        check_has(&page, "Fl \\-", sandbox_option_rows[j].name);
    buf_release(&page);
    buf_release(&program);
}

/* Every text is of a page that there is, and sends the reader to pages that there are. */
static void test_texts_have_pages(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < manual_text_count; i++) {
        const char *at = manual_texts[i].see_also;
        assert_true(command_find(manual_texts[i].page) != NULL ||
                    strcmp(manual_texts[i].page, "roster") == 0 ||
                    strcmp(manual_texts[i].page, "sandbox") == 0);
        while (at != NULL && *at != '\0') {
            char name[64];
            const size_t size = strcspn(at, " ");
            assert_in_range(size, 1, sizeof(name) - 1);
            memcpy(name, at, size);
            name[size] = '\0';
            assert_non_null(command_find(name));
            at += size + strspn(at + size, " ");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_are_fresh),
        cmocka_unit_test(test_no_other_pages),
        cmocka_unit_test(test_pages_have_everything),
        cmocka_unit_test(test_texts_have_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
