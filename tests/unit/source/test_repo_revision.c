#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "git_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A work tree beside the fixture's repository, which is its, too. */
struct work_tree {
    struct git_fixture git;
    char folder[128];
    char first[GIT_OID_HEXSZ + 1];
};

static void write_file(struct work_tree *tree, const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", tree->folder, name);
    assert_int_equal(file_write_atomic(path, text, strlen(text), 0644, &tree->git.diag), 0);
}

static int setup(void **state)
{
    static const struct git_file then[] = {{"roster.yaml", 0, "applied\n"},
                                           {"a/b.yaml", 0, "b\n"},
                                           {"link.yaml", GIT_FILEMODE_LINK, "roster.yaml"}};
    static const struct git_file now[] = {{"roster.yaml", 0, "newer\n"}};
    static struct work_tree tree;
    char path[256];
    git_oid first;

    memset(&tree, 0, sizeof(tree));
    git_fixture_setup(&tree.git);
    git_repository_free(tree.git.repository);
    snprintf(tree.folder, sizeof(tree.folder), "%s/work", tree.git.scratch.path);
    need(git_repository_init(&tree.git.repository, tree.folder, 0));
    first = git_fixture_commit(&tree.git, "refs/heads/applied", then, COUNT_OF(then), NULL);
    git_oid_tostr(tree.first, sizeof(tree.first), &first);
    git_fixture_commit(&tree.git, "refs/heads/newer", now, COUNT_OF(now), &first);
    snprintf(path, sizeof(path), "%s/a", tree.folder);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file(&tree, "roster.yaml", "not committed\n");
    write_file(&tree, "new.yaml", "not committed\n");
    write_file(&tree, "a/b.yaml", "not committed\n");
    write_file(&tree, "link.yaml", "not committed\n");
    *state = &tree;
    return 0;
}

static int teardown(void **state)
{
    struct work_tree *tree = *state;

    git_fixture_teardown(&tree->git);
    return 0;
}

static int load(struct work_tree *tree, const char *name, const char *revision)
{
    char path[256];

    source_release(&tree->git.source);
    diag_release(&tree->git.diag);
    snprintf(path, sizeof(path), "%s/%s", tree->folder, name);
    return source_load_revision(&tree->git.source, path, revision, 10000, &tree->git.diag);
}

/* A file as it was, by branch, id, the beginning of one, and in git's own ways. */
static void test_file(void **state)
{
    struct work_tree *tree = *state;
    char part[9];
    const char *names[] = {"applied", "newer~1", "refs/heads/applied", tree->first, part};
    size_t i;

    snprintf(part, sizeof(part), "%.8s", tree->first);
    for (i = 0; i < COUNT_OF(names); i++) {
        if (load(tree, "roster.yaml", names[i]) != 0)
            fail_msg("%s", git_fixture_report(&tree->git));
        assert_int_equal(tree->git.source.count, 1);
        assert_string_equal(buf_text(&tree->git.source.items[0].text), "applied\n");
        assert_string_equal(tree->git.source.commit.id, tree->first);
    }
    assert_int_equal(load(tree, "roster.yaml", "newer"), 0);
    assert_string_equal(buf_text(&tree->git.source.items[0].text), "newer\n");
}

static void test_folders(void **state)
{
    struct work_tree *tree = *state;

    assert_int_equal(load(tree, "a/", "applied"), 0);
    assert_true(tree->git.source.folder);
    assert_string_equal(buf_text(&tree->git.source.items[0].text), "b\n");
    assert_int_equal(load(tree, "a/b.yaml", "applied"), 0);
    assert_string_equal(buf_text(&tree->git.source.items[0].text), "b\n");
    /* The work tree itself. */
    assert_int_equal(load(tree, ".", "newer"), 0);
    assert_int_equal(tree->git.source.count, 1);
}

static void test_refused(void **state)
{
    static const struct {
        const char *path, *revision, *error;
    } refused[] = {
        {"roster.yaml", "no-such", "no-such of "},
        {"roster.yaml", "applied:roster.yaml", " is no commit that is here: "},
        {"roster.yaml", "-x", "-x of "},
        {"new.yaml", "newer", "there is no new.yaml in commit "},
        {"a", "newer", "there is no a in commit "},
        {"link.yaml", "applied", "link.yaml is a symbolic link in commit "},
        {"gone.yaml", "applied", "cannot read "},
    };
    struct work_tree *tree = *state;
    size_t i;

    for (i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(load(tree, refused[i].path, refused[i].revision), -1);
        assert_int_equal(tree->git.diag.errors, 1);
        if (strstr(git_fixture_report(&tree->git), refused[i].error) == NULL)
            fail_msg("%s", git_fixture_report(&tree->git));
    }
}

static void test_no_repository(void **state)
{
    struct work_tree *tree = *state;
    char path[256];

    snprintf(path, sizeof(path), "%s/alone.yaml", tree->git.scratch.path);
    assert_int_equal(file_write_atomic(path, "x", 1, 0644, &tree->git.diag), 0);
    assert_int_equal(load(tree, "../alone.yaml", "applied"), -1);
    assert_non_null(strstr(git_fixture_report(&tree->git), "is in no git repository"));
    diag_release(&tree->git.diag);
    assert_int_equal(
        source_load_revision(&tree->git.source, "-", "applied", 10000, &tree->git.diag), -1);
    assert_non_null(strstr(git_fixture_report(&tree->git), "can't be of standard input"));
}

/* What is wrong with it is said, and nothing that it asks for is run. */
static void test_broken_repository(void **state)
{
    struct work_tree *tree = *state;

    write_file(tree, ".git/config", "[core\n");
    assert_int_equal(load(tree, "roster.yaml", "applied"), -1);
    if (strstr(git_fixture_report(&tree->git), "cannot open the git repository of ") == NULL)
        fail_msg("%s", git_fixture_report(&tree->git));
    write_file(tree, ".git/config",
               "[core]\n\tfsmonitor = touch hostile\n\tpager = touch hostile\n"
               "\tsshCommand = touch hostile\n[filter \"x\"]\n\tsmudge = touch hostile\n");
    write_file(tree, ".git/hooks/post-checkout", "#!/bin/sh\ntouch hostile\n");
    assert_int_equal(load(tree, "roster.yaml", "applied"), 0);
    assert_int_not_equal(access("hostile", F_OK), 0);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(test_file),          TREE_TEST(test_folders),           TREE_TEST(test_refused),
        TREE_TEST(test_no_repository), TREE_TEST(test_broken_repository),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
