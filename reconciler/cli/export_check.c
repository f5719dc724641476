#include "cli/export_check.h"

#include "cli/export_secrets.h"

#include "base/clock.h"
#include "base/random.h"
#include "model/desired.h"
#include "plan/plan.h"
#include "sandbox/sandbox_state.h"

#include <stdlib.h>
#include <string.h>

/* What went wrong is ours: no account may bring it about. */
static int report(const char *what, const struct diag *found, struct diag *diag)
{
    size_t i = 0;

    while (i < found->count && found->items[i].level != DIAG_ERROR)
        i++;
    diag_error(diag, NULL, "nothing was written: %s%s%s", what, i < found->count ? ": " : "",
               i < found->count ? found->items[i].message : "");
    diag_help(diag, "this is a mistake of roster's own: please report it");
    return -1;
}

/* Reads the documents as a roster; `docs` has an element for each. */
static int read_roster(const struct export_documents *documents, struct doc *docs,
                       struct desired *desired, struct diag *found)
{
    struct arena scratch = {0};
    const struct doc **list = arena_array(&scratch, documents->count, sizeof(*list));
    int result = 0;
    size_t i;

    for (i = 0; i < documents->count; i++) {
        const struct buf *text = &documents->items[i].text;
        list[i] = &docs[i];
        if (doc_parse(&docs[i], documents->items[i].name, buf_text(text), text->size, found) != 0)
            result = -1;
    }
    if (result == 0)
        result = desired_parse(desired, list, documents->count, getenv, found);
    arena_release(&scratch);
    return result;
}

int export_check_roster(const struct export *export, const struct export_documents *documents,
                        const struct live_state *live, struct diag *diag)
{
    struct arena scratch = {0};
    struct doc *docs = arena_array(&scratch, documents->count, sizeof(*docs));
    struct desired desired = {0};
    struct plan plan = {0};
    struct diag found;
    int result = -1;
    size_t i;

    diag_init(&found);
    if (export_secrets_set(export, diag) == 0) {
        if (read_roster(documents, docs, &desired, &found) != 0)
            result = report("it would be no valid roster", &found, diag);
        else if (plan_build(&plan, &desired, live, &found) != 0 ||
                 plan_check_numbers(&desired, live, &found) != 0)
            result = report("it would not fit the account", &found, diag);
        else if (plan.change_count != 0)
            result = report("a plan of it would have changes", &found, diag);
        else
            result = 0;
    }
    plan_release(&plan);
    desired_release(&desired);
    for (i = 0; i < documents->count; i++)
        doc_release(&docs[i]);
    diag_release(&found);
    arena_release(&scratch);
    return result;
}

int export_check_state(const struct export_documents *documents, struct diag *diag)
{
    const struct buf *text = &documents->items[0].text;
    struct sandbox_store store = {0};
    struct random_state random;
    struct diag found;
    int result = 0;

    diag_init(&found);
    random_seed(&random, 1);
    if (sandbox_state_parse(&store, buf_text(text), text->size, "the export", &random,
                            clock_wall(&clock_system) / 1000, &found) != 0)
        result = report("the sandbox would not take it", &found, diag);
    sandbox_store_release(&store);
    diag_release(&found);
    return result;
}
