/*
 * Property test of adopting: a roster as people write it, an account that it was true of and that
 * was changed by hand. What is adopted is no change of a plan any more; every line that has nothing
 * to do with what was changed is there, byte for byte and in its order; and the result can be
 * formatted like any other.
 *
 *     test_adopt [--pairs N] [--base N] [--seed N]
 *
 * Arguments as for test_property; the environment is ROSTER_ADOPT_SEED and ROSTER_ADOPT_PAIRS.
 */
#include "drifting.h"
#include "random_world.h"
#include "setup.h"
#include "stage.h"
#include "world_text.h"

#include "base/str.h"
#include "cli/export_secrets.h"
#include "cli/session.h"
#include "model/roster_layout.h"
#include "plan/adopt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILURES_MAX = 5 };

struct totals {
    size_t differences, adopted, refused, files, lines, kept, formatted;
};

struct trial {
    struct stage *stage;
    struct totals *totals;
    struct drifting drifting;
    struct session session; /* of the roster as it was */
    struct adopt_file files[DRIFTING_FILES];
    struct adopt adopt;
    struct buf texts[DRIFTING_FILES]; /* of the result */
    size_t left;                      /* items that were not adopted */
    struct diag diag;
    struct buf *wrong;
};

static void complain(struct trial *trial, const char *what)
{
    buf_printf(trial->wrong, "%s\n", what);
    diag_render_text(&trial->diag, trial->wrong, false);
    diag_release(&trial->diag);
    diag_init(&trial->diag);
}

static const char *file_name(int index)
{
    static const char *const names[] = {"a.yaml", "b.yaml", "c.yaml"};
    return names[index];
}

/* Reads texts as a roster and compares it with the account. */
static int compare(struct trial *trial, struct session *session, const struct buf *const *texts)
{
    const size_t count = (size_t)trial->drifting.file_count;
    const struct doc **list = arena_array(&session->arena, count, sizeof(*list));
    const struct options options = {.log = NULL};
    size_t i;

    session->client = trial->stage->client;
    session->docs = arena_array(&session->arena, count, sizeof(*session->docs));
    session->doc_count = count;
    for (i = 0; i < count; i++) {
        list[i] = &session->docs[i];
        if (doc_parse(&session->docs[i], file_name((int)i), buf_text(texts[i]), texts[i]->size,
                      &trial->diag) != 0)
            return -1;
    }
    if (desired_parse(&session->desired, list, count, getenv, &trial->diag) != 0)
        return -1;
    return session_compare(session, &options, &trial->diag);
}

static void release(struct session *session)
{
    session->client = NULL; /* the stage's */
    session_release(session);
    memset(session, 0, sizeof(*session));
}

static int begin(struct trial *trial, struct session *session, struct adopt *adopt,
                 struct adopt_file *files, const struct buf *const *texts)
{
    int i;

    if (compare(trial, session, texts) != 0)
        return -1;
    for (i = 0; i < trial->drifting.file_count; i++)
        files[i] = (struct adopt_file){
            .name = file_name(i),
            .doc = &session->docs[i],
            .text = buf_text(texts[i]),
            .size = texts[i]->size,
        };
    return adopt_begin(adopt, &session->plan, &session->live, files,
                       (size_t)trial->drifting.file_count, &trial->diag);
}

static void list_texts(struct trial *trial, bool result, const struct buf **texts)
{
    int i;
    for (i = 0; i < trial->drifting.file_count; i++)
        texts[i] = result ? &trial->texts[i] : &trial->drifting.files[i].text;
}

/* Refusals */

/* Whether others need what is written in the service, or something goes on naming it. */
static bool is_used(const struct drifting *drifting, int service)
{
    int i, row;

    if (drifting->services[service].anchored || drifting->services[service].tested)
        return true;
    for (row = 0; row < DRIFTING_ROWS; row++)
        if (drifting->services[service].has_anchor[row])
            return true;
    for (i = 0; i < drifting->service_count; i++)
        if (drifting->services[i].merges == service)
            return true;
    return false;
}

/* What may be refused: what comes from a variable, and what others use by an anchor. */
static bool may_refuse(const struct trial *trial, const struct adopt_item *item)
{
    const struct drifting *drifting = &trial->drifting;

    if (strstr(item->problem, "environment") != NULL || strstr(item->problem, "variable") != NULL)
        return true;
    if ((int)item->service >= drifting->service_count)
        return false;
    if (trial->session.plan.changes[item->first].kind == CHANGE_CREATE_SERVICE)
        return is_used(drifting, (int)item->service);
    return drifting->services[item->service].anchored;
}

/* Lines */

static bool is_mentioned(const struct trial *trial, const char *line, size_t size)
{
    const struct buf *mentions = &trial->drifting.mentions;
    const char *text = arena_strndup(&((struct trial *)trial)->session.arena, line, size);
    const char *at = mentions->data, *end = at + mentions->size;

    for (; at < end; at += strlen(at) + 1)
        if (strstr(text, at) != NULL)
            return true;
    return false;
}

static size_t line_size(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size && text[at] != '\n' && text[at] != '\r')
        at++;
    if (at < size && text[at] == '\r' && at + 1 < size && text[at + 1] == '\n')
        at++;
    return at < size ? at + 1 : at;
}

/* The next line of the old text that nothing may touch, from `i` on. */
static size_t next_fixed(const struct trial *trial, const struct drifting_file *file, size_t i)
{
    while (i < file->count && tags_meet(&file->lines[i].tags, &trial->drifting.touched))
        i++;
    return i;
}

/* The last line has no end when the file has none; wherever it stands now. */
static bool same_line(const char *a, size_t a_size, const char *b, size_t b_size)
{
    while (a_size > 0 && strchr("\r\n", a[a_size - 1]) != NULL)
        a_size--;
    while (b_size > 0 && strchr("\r\n", b[b_size - 1]) != NULL)
        b_size--;
    return a_size == b_size && memcmp(a, b, a_size) == 0;
}

/* Whether it is a line of the old text, be it one that might be another now. */
static bool is_old(const struct drifting_file *file, const char *line, size_t size, bool last)
{
    size_t i;

    for (i = 0; i < file->count; i++) {
        const char *old = buf_text(&file->text) + file->lines[i].from;
        if ((file->lines[i].size == size && memcmp(old, line, size) == 0) ||
            (last && same_line(old, file->lines[i].size, line, size)))
            return true;
    }
    return false;
}

static bool ends_line(const struct buf *text)
{
    return text->size > 0 && strchr("\r\n", text->data[text->size - 1]) != NULL;
}

/* Returns whether an empty line came last, which without an end of line is none. */
static bool check_lines(struct trial *trial, int index)
{
    const struct drifting_file *file = &trial->drifting.files[index];
    const struct buf *text = &trial->texts[index];
    const char *at = buf_text(text), *end = at + text->size;
    size_t next = next_fixed(trial, file, 0);

    if (strncmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < end) {
        const size_t size = line_size(at, (size_t)(end - at));
        const struct line *line = &file->lines[next];
        const char *old = buf_text(&file->text) + (next < file->count ? line->from : 0);
        const bool last = next + 1 == file->count || at + size == end;
        if (next < file->count && ((line->size == size && memcmp(old, at, size) == 0) ||
                                   (last && same_line(old, line->size, at, size)))) {
            next = next_fixed(trial, file, next + 1);
            trial->totals->kept++;
        } else if (!is_old(file, at, size, last) && !is_mentioned(trial, at, size) &&
                   !trial->drifting.new_service) {
            complain(trial, arena_printf(&trial->session.arena,
                                         "a line that nothing asks for: %.*s", (int)size, at));
        }
        at += size;
    }
    trial->totals->lines += file->count;
    if (next < file->count && !ends_line(&file->text) &&
        same_line("", 0, buf_text(&file->text) + file->lines[next].from, file->lines[next].size) &&
        next_fixed(trial, file, next + 1) == file->count)
        return true;
    if (next < file->count)
        complain(trial, arena_printf(&trial->session.arena, "lost or changed: %.*s",
                                     (int)file->lines[next].size,
                                     buf_text(&file->text) + file->lines[next].from));
    return false;
}

/* Every line ends as those of the file do. */
static bool same_breaks(const struct drifting_file *file, const struct buf *text)
{
    const char *at = buf_text(text), *end = at + text->size;

    while ((at += strcspn(at, "\r\n")) < end) {
        if (strncmp(at, file->eol, strlen(file->eol)) != 0 ||
            (at[0] == '\r' && at[1] == '\n') != (strlen(file->eol) == 2))
            return false;
        at += strlen(file->eol);
    }
    return true;
}

static void check_files(struct trial *trial)
{
    int i;

    for (i = 0; i < trial->drifting.file_count; i++) {
        const struct buf *old = &trial->drifting.files[i].text, *text = &trial->texts[i];
        trial->totals->files += trial->files[i].changed;
        if (str_starts_with(buf_text(old), "\xef\xbb\xbf") !=
            str_starts_with(buf_text(text), "\xef\xbb\xbf"))
            complain(trial, "the byte order mark");
        if (!same_breaks(&trial->drifting.files[i], text))
            complain(trial, "ends of lines");
        if (!check_lines(trial, i) && ends_line(old) != ends_line(text))
            complain(trial, "the end of the file");
        if (!trial->files[i].changed &&
            (old->size != text->size || memcmp(old->data, text->data, old->size) != 0))
            complain(trial, "a file that is not changed is");
    }
}

/* Plans */

/* A plan of the result, which has what was not adopted and no more. */
static void check_plan(struct trial *trial)
{
    const struct buf *texts[DRIFTING_FILES];
    struct adopt_file files[DRIFTING_FILES];
    struct session session = {0};
    struct adopt again = {0};

    list_texts(trial, true, texts);
    if (begin(trial, &session, &again, files, texts) != 0)
        complain(trial, "the result is no roster for the account");
    else if (trial->left == 0 && session.plan.change_count != 0)
        complain(trial, "a plan still has changes");
    else if (again.count > trial->left)
        complain(trial, "a plan has more changes than were left");
    adopt_release(&again);
    release(&session);
}

/* Formatting keeps the meaning, and is done with once. */
static void check_format(struct trial *trial)
{
    struct buf formatted[DRIFTING_FILES];
    const struct buf *texts[DRIFTING_FILES];
    struct session session = {0};
    bool done = true;
    int i;

    for (i = 0; i < trial->drifting.file_count; i++) {
        const struct buf *text = &trial->texts[i];
        struct doc doc;
        buf_init(&formatted[i], BUF_LIMIT_DEFAULT);
        texts[i] = &formatted[i];
        if (doc_parse(&doc, file_name(i), buf_text(text), text->size, &trial->diag) != 0 ||
            roster_layout_format(&doc, &formatted[i], &trial->diag) != 0)
            done = false;
        doc_release(&doc);
    }
    if (!done) {
        complain(trial, "the result can't be formatted");
    } else if (compare(trial, &session, texts) != 0 ||
               (trial->left == 0 && session.plan.change_count != 0)) {
        complain(trial, "formatted, the result is another");
    }
    for (i = 0; i < trial->drifting.file_count && done; i++) {
        struct buf again;
        struct doc doc;
        buf_init(&again, BUF_LIMIT_DEFAULT);
        if (doc_parse(&doc, file_name(i), buf_text(texts[i]), texts[i]->size, &trial->diag) != 0 ||
            roster_layout_format(&doc, &again, &trial->diag) != 0 ||
            !str_equal(buf_text(&again), buf_text(texts[i])))
            complain(trial, "formatted twice, it is another");
        doc_release(&doc);
        buf_release(&again);
    }
    trial->totals->formatted++;
    for (i = 0; i < trial->drifting.file_count; i++)
        buf_release(&formatted[i]);
    release(&session);
}

/* Adopting */

static void choose(struct trial *trial, bool all)
{
    size_t i;
    for (i = 0; i < trial->adopt.count; i++)
        trial->adopt.items[i].chosen = all || random_chance(&trial->drifting.random, 50);
}

static void judge(struct trial *trial)
{
    size_t i;

    for (i = 0; i < trial->adopt.count; i++) {
        const struct adopt_item *item = &trial->adopt.items[i];
        trial->totals->differences++;
        trial->totals->adopted += item->adopted;
        if (item->adopted)
            continue;
        trial->left++;
        if (!item->chosen)
            continue;
        trial->totals->refused++;
        if (item->problem == NULL)
            complain(trial, "not adopted without a reason");
    }
}

/*
 * All of it: what is refused has to be something that may be, or what can't be as long as that is
 * as it was.
 */
static void check_refusals(struct trial *trial)
{
    bool others = false;
    size_t i;

    for (i = 0; i < trial->adopt.count; i++) {
        const struct adopt_item *item = &trial->adopt.items[i];
        others = others || (!item->adopted && may_refuse(trial, item));
    }
    for (i = 0; i < trial->adopt.count; i++) {
        const struct adopt_item *item = &trial->adopt.items[i];
        if (others && !item->adopted && strstr(item->problem, "in two services") != NULL)
            continue;
        if (item->chosen && !item->adopted && !may_refuse(trial, item))
            complain(
                trial,
                arena_printf(&trial->session.arena, "refused: %s (%s, %s)", item->problem,
                             trial->session.plan.services[item->service].name,
                             item->row == ADOPT_NO_ROW
                                 ? change_kind_name(trial->session.plan.changes[item->first].kind)
                                 : resource_service.fields[item->row].yaml_key));
    }
}

static int adopt(struct trial *trial, bool all)
{
    const struct buf *texts[DRIFTING_FILES];
    int i;

    list_texts(trial, false, texts);
    if (begin(trial, &trial->session, &trial->adopt, trial->files, texts) != 0)
        return -1;
    choose(trial, all);
    adopt_prepare(&trial->adopt, &trial->diag);
    if (export_secrets_set(&trial->adopt.export, &trial->diag) != 0 ||
        export_secrets_set(&trial->adopt.entries, &trial->diag) != 0)
        return -1;
    adopt_edit(&trial->adopt);
    for (i = 0; i < trial->drifting.file_count; i++) {
        const struct buf *text =
            trial->files[i].changed ? &trial->files[i].result : &trial->drifting.files[i].text;
        buf_init(&trial->texts[i], BUF_LIMIT_DEFAULT);
        buf_add(&trial->texts[i], text->data, text->size);
    }
    return 0;
}

static void show(struct trial *trial)
{
    int i;

    for (i = 0; i < trial->drifting.file_count; i++) {
        buf_printf(trial->wrong, "=== %s\n%s\n=== adopted\n%s\n", file_name(i),
                   buf_text(&trial->drifting.files[i].text), buf_text(&trial->texts[i]));
    }
}

/* As long as nothing was changed there is nothing to adopt. */
static bool check_start(struct trial *trial)
{
    const struct buf *texts[DRIFTING_FILES];
    struct session session = {0};
    bool good;

    list_texts(trial, false, texts);
    good = compare(trial, &session, texts) == 0 && session.plan.change_count == 0;
    if (!good)
        complain(trial, "the roster is not what the account is at first");
    release(&session);
    return good;
}

static void run(struct stage *stage, uint64_t seed, struct totals *totals, struct buf *wrong)
{
    const struct world world = {.seed = seed};
    const bool all = seed % 3 != 0;
    struct trial trial = {.stage = stage, .totals = totals, .wrong = wrong};
    int i;

    diag_init(&trial.diag);
    for (i = 0; i < DRIFTING_FILES; i++)
        buf_init(&trial.texts[i], BUF_LIMIT_DEFAULT);
    stage_set(stage, &world);
    pthread_mutex_lock(&stage->lock);
    drifting_make(&trial.drifting, &stage->store, seed);
    pthread_mutex_unlock(&stage->lock);
    if (check_start(&trial)) {
        pthread_mutex_lock(&stage->lock);
        drifting_change(&trial.drifting, &stage->store);
        pthread_mutex_unlock(&stage->lock);
        if (adopt(&trial, all) != 0) {
            complain(&trial, "nothing can be adopted");
        } else {
            judge(&trial);
            if (all)
                check_refusals(&trial);
            check_plan(&trial);
            check_files(&trial);
            if (seed % 2 == 0)
                check_format(&trial);
        }
    }
    if (stage_writes(stage) != 0)
        complain(&trial, "the account was written to");
    if (wrong->size != 0)
        show(&trial);
    for (i = 0; i < DRIFTING_FILES; i++)
        buf_release(&trial.texts[i]);
    adopt_release(&trial.adopt);
    release(&trial.session);
    drifting_release(&trial.drifting);
    diag_release(&trial.diag);
}

int main(int argc, char **argv)
{
    struct setup setup = {.first = 1, .pairs = ADOPT_PAIRS};
    struct totals totals = {0};
    struct stage stage;
    int64_t failed = 0, i;

    if (setup_read(&setup, "ROSTER_ADOPT", argc, argv) != 0) {
        fprintf(stderr, "usage: test_adopt [--pairs N] [--base N] [--seed N]\n");
        return EXIT_FAILURE;
    }
    printf("seeds %" PRId64 " to %" PRId64 "\n", setup.first, setup.first + setup.pairs - 1);
    fflush(stdout);
    setenv("DRIFTING_HOOKS", "https://" DRIFTING_HOST, 1);
    stage_start(&stage);
    for (i = 0; i < setup.pairs && failed < FAILURES_MAX; i++) {
        struct buf wrong;
        buf_init(&wrong, BUF_LIMIT_DEFAULT);
        run(&stage, (uint64_t)(setup.first + i), &totals, &wrong);
        if (wrong.size != 0)
            printf("--seed %" PRId64 " FAILED\n%s\n", setup.first + i, buf_text(&wrong));
        failed += wrong.size != 0;
        buf_release(&wrong);
    }
    stage_stop(&stage);
    printf("%zu differences, %zu adopted, %zu refused, %zu files edited, %zu lines, %zu of them "
           "had to stay, %zu formatted\n%" PRId64 " failed\n",
           totals.differences, totals.adopted, totals.refused, totals.files, totals.lines,
           totals.kept, totals.formatted, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
