#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "unit/source/git_fixture.h"

static const struct git_file files[] = {
    {"README.md", 0, "no roster"},
    {"broken/folder.yaml/x", 0, "x"},
    {"broken/link.yaml", GIT_FILEMODE_LINK, "../roster.yaml"},
    {"broken/module.yaml", GIT_FILEMODE_COMMIT, NULL},
    {"empty/notes.txt", 0, "x"},
    {"folder-link", GIT_FILEMODE_LINK, "rosters"},
    {"large.yaml", 0, "more than a few bytes, so that it is over the limit that one case has"},
    {"lfs.yaml", 0, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"},
    {"link.yaml", GIT_FILEMODE_LINK, "roster.yaml"},
    {"module", GIT_FILEMODE_COMMIT, NULL},
    {"roster.yaml", 0, "version: 1\n"},
    {"rosters/.hidden.yaml", 0, "hidden"},
    {"rosters/B.yaml", 0, "B"},
    {"rosters/a.yaml", GIT_FILEMODE_BLOB_EXECUTABLE, "a"},
    {"rosters/b.yml", 0, "b"},
    {"rosters/notes.txt", 0, "notes"},
};

static int setup(void **state)
{
    static struct git_fixture fixture;

    git_fixture_setup(&fixture);
    git_fixture_commit(&fixture, "refs/heads/master", files, COUNT_OF(files), NULL);
    need(git_repository_set_head(fixture.repository, "refs/heads/master"));
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    git_fixture_teardown(*state);
    return 0;
}

static void test_file(void **state)
{
    struct git_fixture *fixture = *state;
    char name[64];

    if (git_fixture_load(fixture, "//roster.yaml") != 0)
        fail_msg("%s", git_fixture_report(fixture));
    assert_int_equal(fixture->source.count, 1);
    assert_false(fixture->source.folder);
    snprintf(name, sizeof(name), "roster.yaml@%.7s", fixture->source.commit.id);
    assert_string_equal(fixture->source.items[0].name, name);
    assert_string_equal(fixture->source.items[0].file, "roster.yaml");
    assert_string_equal(buf_text(&fixture->source.items[0].text), "version: 1\n");
    assert_string_equal(fixture->source.commit.author, "Ada Lovelace <ada@example.com>");
    assert_string_equal(fixture->source.commit.date, "2026-01-31T12:00:00Z");
    assert_int_equal(fixture->source.note_count, 0);
}

/* The same files as of a folder, in the same order, and so the same digest. */
static void test_folder(void **state)
{
    static const char *const expected[] = {"B.yaml", "a.yaml", "b.yml"};
    static const char *const texts[] = {"B", "a", "b"};
    struct git_fixture *fixture = *state;
    struct source plain = {0};
    struct arena arena = {0};
    char path[256];
    size_t i;

    snprintf(path, sizeof(path), "%s/plain", fixture->scratch.path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(git_fixture_load(fixture, "//rosters/"), 0);
    assert_int_equal(fixture->source.count, 3);
    assert_true(fixture->source.folder);
    for (i = 0; i < COUNT_OF(expected); i++) {
        FILE *file;
        assert_string_equal(fixture->source.items[i].file, expected[i]);
        assert_string_equal(buf_text(&fixture->source.items[i].text), texts[i]);
        snprintf(path, sizeof(path), "%s/plain/%s", fixture->scratch.path, expected[i]);
        file = fopen(path, "w");
        assert_non_null(file);
        fputs(texts[i], file);
        fclose(file);
    }
    snprintf(path, sizeof(path), "%s/plain", fixture->scratch.path);
    assert_int_equal(source_load(&plain, path, &fixture->options, &fixture->diag), 0);
    assert_string_equal(source_digest(&plain, &arena), source_digest(&fixture->source, &arena));
    source_release(&plain);
    arena_release(&arena);
}

static const struct {
    const char *rest, *part;
    size_t limit, errors;
} refused[] = {
    {"//rooster.yaml", "error: there is no rooster.yaml in commit", 0, 1},
    {"//rooster.yaml", "help: did you mean roster.yaml?", 0, 1},
    {"//rosters/c.yaml", "note: rosters/ has .hidden.yaml, B.yaml, a.yaml, b.yml, notes.txt", 0, 1},
    {"//nowhere/c.yaml", "there is no nowhere in commit", 0, 1},
    {"//link.yaml", "link.yaml is a symbolic link in commit", 0, 1},
    {"//folder-link/a.yaml", "folder-link is a symbolic link", 0, 1},
    {"//folder-link", "folder-link is a symbolic link", 0, 1},
    {"//module", "module is a submodule", 0, 1},
    {"//module/roster.yaml", "module is a submodule", 0, 1},
    {"//roster.yaml/x", "roster.yaml in commit", 0, 1},
    {"//roster.yaml/x", "is a file, not a folder", 0, 1},
    {"//large.yaml", "is larger than the limit of 16 bytes", 16, 1},
    {"//lfs.yaml", "is kept in Git LFS", 0, 1},
    {"//empty", "the folder empty in commit", 0, 1},
    {"//broken", "broken/link.yaml is a symbolic link", 0, 3},
    {"//broken", "broken/module.yaml is a submodule", 0, 3},
    {"//broken", "broken/folder.yaml is a folder, not a file", 0, 3},
    {"//roster.yaml?ref=mastre", "has no branch, tag or commit \"mastre\"", 0, 1},
    {"//roster.yaml?ref=mastre", "did you mean ref=master?", 0, 1},
    {"//roster.yaml?ref=0123456789", "has no branch, tag or commit \"0123456789\"", 0, 1},
};

static void test_refused(void **state)
{
    struct git_fixture *fixture = *state;
    size_t i;

    for (i = 0; i < COUNT_OF(refused); i++) {
        fixture->options.limit = refused[i].limit == 0 ? 10000 : refused[i].limit;
        assert_int_equal(git_fixture_load(fixture, refused[i].rest), -1);
        if (strstr(git_fixture_report(fixture), refused[i].part) == NULL ||
            fixture->diag.errors != refused[i].errors)
            fail_msg("%s: %s", refused[i].rest, git_fixture_report(fixture));
        assert_int_equal(fixture->source.missing, strstr(refused[i].rest, "ref=") != NULL);
    }
    fixture->options.limit = 10000;
}

/* What each kind of ref leads to. */
static void test_refs(void **state)
{
    static const struct git_file second[] = {{"roster.yaml", 0, "second"}};
    static const struct git_file third[] = {{"roster.yaml", 0, "third"}};
    struct git_fixture *fixture = *state;
    git_oid first, next, tag, tagged;
    git_signature *who;
    git_object *target;
    char text[128], id[GIT_OID_HEXSZ + 1];
    size_t i;
    struct {
        const char *rest, *text;
    } cases[] = {
        {"//roster.yaml?ref=next", "third"}, {"//roster.yaml?ref=refs/heads/next", "third"},
        {"//roster.yaml?ref=v1", "second"},  {"//roster.yaml?ref=other/branch", "second"},
        {"//roster.yaml", "version: 1\n"},
    };

    need(git_reference_name_to_id(&first, fixture->repository, "HEAD"));
    tagged = git_fixture_commit(fixture, "refs/heads/next", second, 1, &first);
    git_fixture_commit(fixture, "refs/heads/other/branch", second, 1, NULL);
    need(git_signature_new(&who, "Ada", "ada@example.com", 1, 0));
    need(git_object_lookup(&target, fixture->repository, &tagged, GIT_OBJECT_COMMIT));
    need(git_tag_create(&tag, fixture->repository, "v1", target, who, "a tag", 0));
    git_object_free(target);
    git_signature_free(who);
    next = git_fixture_commit(fixture, "refs/heads/next", third, 1, &tagged);
    for (i = 0; i < COUNT_OF(cases); i++) {
        if (git_fixture_load(fixture, cases[i].rest) != 0)
            fail_msg("%s: %s", cases[i].rest, git_fixture_report(fixture));
        assert_string_equal(buf_text(&fixture->source.items[0].text), cases[i].text);
    }
    /* In a new cache: whole and short ids, of a tip, of what is behind a tag and of the tag. */
    for (i = 0; i < 5; i++) {
        const git_oid *ids[] = {&next, &next, &tagged, &tagged, &tag};
        const int lengths[] = {40, 8, 40, 8, 40};
        snprintf(fixture->cache_path, sizeof(fixture->cache_path), "%s/cache%zu",
                 fixture->scratch.path, i);
        assert_int_equal(mkdir(fixture->cache_path, 0700), 0);
        snprintf(text, sizeof(text), "//roster.yaml?ref=%.*s", lengths[i],
                 git_oid_tostr(id, sizeof(id), ids[i]));
        if (git_fixture_load(fixture, text) != 0)
            fail_msg("%s: %s", text, git_fixture_report(fixture));
        assert_string_equal(buf_text(&fixture->source.items[0].text), i < 2 ? "third" : "second");
    }
}

static void load_says(struct git_fixture *fixture, const char *rest, const char *text,
                      const char *note)
{
    if (git_fixture_load(fixture, rest) != 0)
        fail_msg("%s", git_fixture_report(fixture));
    assert_string_equal(buf_text(&fixture->source.items[0].text), text);
    if (note == NULL && fixture->source.note_count != 0)
        fail_msg("%s", fixture->source.notes[0]);
    if (note != NULL) {
        assert_int_equal(fixture->source.note_count, 1);
        assert_non_null(strstr(fixture->source.notes[0], note));
    }
}

/* A push is seen; a forced one is named, once. A commit that is gone is still in the copy. */
static void test_moves(void **state)
{
    static const struct git_file second[] = {{"roster.yaml", 0, "second"}};
    static const struct git_file third[] = {{"roster.yaml", 0, "third"}};
    struct git_fixture *fixture = *state;
    char second_id[GIT_OID_HEXSZ + 1];
    git_oid first, moved;

    need(git_reference_name_to_id(&first, fixture->repository, "HEAD"));
    load_says(fixture, "//roster.yaml", "version: 1\n", NULL);
    moved = git_fixture_commit(fixture, "refs/heads/master", second, 1, &first);
    load_says(fixture, "//roster.yaml", "second", NULL);
    git_oid_tostr(second_id, sizeof(second_id), &moved);
    git_fixture_commit(fixture, "refs/heads/master", third, 1, &first);
    load_says(fixture, "//roster.yaml", "third", "HEAD of file://");
    load_says(fixture, "//roster.yaml", "third", NULL);
    fixture->options.commit = second_id;
    load_says(fixture, "//roster.yaml?ref=master", "second", NULL);
    fixture->options.commit = "0123456789012345678901234567890123456789";
    assert_int_equal(git_fixture_load(fixture, "//roster.yaml"), -1);
    assert_true(fixture->source.missing);
    fixture->options.commit = NULL;
}

static void test_offline(void **state)
{
    static const struct git_file second[] = {{"roster.yaml", 0, "second"}};
    struct git_fixture *fixture = *state;
    char id[GIT_OID_HEXSZ + 1], rest[128];
    git_oid first, moved;

    need(git_reference_name_to_id(&first, fixture->repository, "HEAD"));
    fixture->options.offline = true;
    assert_int_equal(git_fixture_load(fixture, "//roster.yaml"), -1);
    assert_non_null(strstr(git_fixture_report(fixture), "HEAD of file://"));
    assert_non_null(strstr(git_fixture_report(fixture), "was never fetched, and --offline"));
    fixture->options.offline = false;
    load_says(fixture, "//roster.yaml", "version: 1\n", NULL);
    moved = git_fixture_commit(fixture, "refs/heads/master", second, 1, &first);
    fixture->options.offline = true;
    load_says(fixture, "//roster.yaml", "version: 1\n", "as it was fetched 0 s ago.");
    assert_int_equal(git_fixture_load(fixture, "//roster.yaml?ref=next"), -1);
    snprintf(rest, sizeof(rest), "//roster.yaml?ref=%s", git_oid_tostr(id, sizeof(id), &first));
    load_says(fixture, rest, "version: 1\n", "from the copy");
    snprintf(rest, sizeof(rest), "//roster.yaml?ref=%s", git_oid_tostr(id, sizeof(id), &moved));
    assert_int_equal(git_fixture_load(fixture, rest), -1);
}

/* A repository that would fill the disk. */
static void test_limit(void **state)
{
    struct git_fixture *fixture = *state;
    const struct remote_login login = {0};
    char url[256], copy[256];
    const struct remote_location location = {
        .scheme = REMOTE_FILE, .url = url, .display = url, .host = "", .path = ""};
    struct fetch_request request = {
        .location = &location, .login = &login, .repository = copy, .max_bytes = 100};
    struct arena arena = {0};
    struct fetch_answer answer;
    git_repository *bare;

    snprintf(url, sizeof(url), "file://%s", fixture->repository_path);
    snprintf(copy, sizeof(copy), "%s/copy", fixture->scratch.path);
    need(git_repository_init(&bare, copy, 1));
    remote_fetch(&request, &arena, &answer);
    assert_int_equal(answer.outcome, FETCH_FAILED);
    assert_non_null(strstr(answer.message, "sends more than 100 bytes"));
    request.max_bytes = 0;
    remote_fetch(&request, &arena, &answer);
    assert_int_equal(answer.outcome, FETCH_DONE);
    git_repository_free(bare);
    arena_release(&arena);
}

/* Bytes that somebody put into names and people. */
static void test_hostile_names(void **state)
{
    struct git_fixture *fixture = *state;
    const struct git_file hostile[] = {{"a\x1b[31m\n.yaml", 0, "a"}, {"b\xff.yaml", 0, "b"}};

    git_fixture_commit(fixture, "refs/heads/hostile", hostile, COUNT_OF(hostile), NULL);
    if (git_fixture_load(fixture, "?ref=hostile") != 0)
        fail_msg("%s", git_fixture_report(fixture));
    assert_int_equal(fixture->source.count, 2);
    assert_memory_equal(fixture->source.items[0].name, "a\\x1b[31m\\n.yaml@", 17);
    assert_memory_equal(fixture->source.items[1].name, "b\\xff.yaml@", 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_moves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_offline, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hostile_names, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
