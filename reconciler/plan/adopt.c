#include "plan/adopt_parts.h"

#include "base/str.h"

#include <string.h>

/* Items */

static struct adopt_item *add_item(struct adopt *adopt, size_t service, size_t first, size_t count)
{
    struct adopt_item *item = &adopt->items[adopt->count++];

    *item = (struct adopt_item){
        .service = service, .first = first, .count = count, .row = ADOPT_NO_ROW};
    return item;
}

static void add_settings(struct adopt *adopt, size_t index)
{
    const struct change *change = &adopt->plan->changes[index];
    size_t row;

    for (row = 0; row < resource_service.field_count; row++)
        if ((change->rows >> row & 1) != 0)
            add_item(adopt, change->service, index, 1)->row = row;
}

/* A sender that makes place for another one stands right before it. */
static size_t count_replaced(const struct plan *plan, size_t index, size_t end)
{
    const enum sender_kind kind = plan->changes[index].sender_kind;
    size_t count = 0;
    bool replaced = false;

    while (index + count < end && change_is_of_sender(plan->changes[index + count].kind) &&
           plan->changes[index + count].sender_kind == kind) {
        replaced = replaced || plan->changes[index + count].replaces != CHANGE_NONE;
        count++;
    }
    return replaced ? count : 1;
}

static void list_service(struct adopt *adopt, size_t service)
{
    const struct plan *plan = adopt->plan;
    size_t at = plan->services[service].first_change;
    const size_t end = at + plan->services[service].change_count;

    while (at < end) {
        const enum change_kind kind = plan->changes[at].kind;
        size_t count = 1;
        if (kind == CHANGE_UPDATE_SERVICE) {
            add_settings(adopt, at);
        } else {
            if (kind == CHANGE_CREATE_SERVICE)
                count = end - at;
            else if (change_is_of_sender(kind))
                count = count_replaced(plan, at, end);
            add_item(adopt, service, at, count);
        }
        at += count;
    }
}

static void list_items(struct adopt *adopt)
{
    const struct plan *plan = adopt->plan;
    size_t count = plan->change_count, i;

    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].kind == CHANGE_UPDATE_SERVICE)
            count += resource_service.field_count;
    adopt->items = arena_array(&adopt->arena, count, sizeof(*adopt->items));
    for (i = 0; i < plan->service_count; i++)
        list_service(adopt, i);
}

const struct change *adopt_change(const struct adopt *adopt, const struct adopt_item *item)
{
    return &adopt->plan->changes[item->first];
}

const struct desired_service *adopt_desired(const struct adopt *adopt, size_t service)
{
    return adopt->plan->services[service].desired;
}

const struct desired_service *adopt_home(const struct adopt *adopt, const struct change *change)
{
    const struct desired_service *home = adopt_desired(adopt, change->from);
    return home != NULL && home->senders[change->sender_kind].managed ? home : NULL;
}

static bool is_at(const struct diag_span *a, const struct diag_span *b)
{
    return a->source == b->source && a->line == b->line && a->column == b->column;
}

/* An alias may repeat a place: then the sender itself tells which one is meant. */
size_t adopt_sender_index(const struct desired_senders *list, const struct change *change)
{
    size_t found = list->count, i;

    for (i = list->count; i-- > 0;) {
        const struct desired_sender *item = &list->items[i];
        if (!is_at(&item->origin.span, &change->span))
            continue;
        if (sender_compare(&item->sender, &change->sender) == 0)
            return i;
        found = i;
    }
    return found;
}

/* Places */

static struct layout_entry *find_merged(const struct layout_node *mapping, const char *key)
{
    struct layout_entry *merge = layout_find(mapping, "<<"), *found;
    struct layout_node *from;
    size_t i;

    if (merge == NULL)
        return NULL;
    from = layout_resolve(merge->value);
    if (from->form == LAYOUT_MAPPING) {
        found = layout_find(from, key);
        return found != NULL ? found : find_merged(from, key);
    }
    for (i = 0; i < from->count && from->form == LAYOUT_SEQUENCE; i++) {
        struct layout_node *one = layout_resolve(from->entries[i].value);
        found = layout_find(one, key);
        if (found == NULL)
            found = find_merged(one, key);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static size_t place_services(struct adopt *adopt, struct adopt_file *file, size_t next)
{
    struct layout_node *root = file->layout.root, *list;
    struct layout_entry *entry = layout_find(root, "services");
    const bool own = entry != NULL && entry->value->form == LAYOUT_SEQUENCE;
    size_t i;

    if (entry == NULL)
        entry = find_merged(root, "services");
    if (entry == NULL)
        return next;
    list = layout_resolve(entry->value);
    for (i = 0; i < list->count && next < adopt->desired->service_count; i++, next++)
        adopt->places[next] = (struct adopt_place){
            .file = file,
            .list = entry,
            .index = i,
            .node = layout_resolve(list->entries[i].value),
            .own = own && list->entries[i].value->form == LAYOUT_MAPPING,
        };
    return next;
}

/* Services are read in the order of files and lists. */
static void find_places(struct adopt *adopt)
{
    size_t next = 0, i;

    adopt->places =
        arena_array(&adopt->arena, adopt->desired->service_count, sizeof(*adopt->places));
    for (i = 0; i < adopt->file_count; i++)
        next = place_services(adopt, &adopt->files[i], next);
}

int adopt_begin(struct adopt *adopt, const struct plan *plan, const struct live_state *live,
                struct adopt_file *files, size_t count, struct diag *diag)
{
    int result = 0;
    size_t i;

    adopt->plan = plan;
    adopt->desired = plan->desired;
    adopt->live = live;
    adopt->files = files;
    adopt->file_count = count;
    for (i = 0; i < count; i++) {
        buf_init(&files[i].result, DOC_MAX_SIZE);
        if (layout_read(&files[i].layout, files[i].doc, diag) != 0)
            result = -1;
    }
    if (result != 0)
        return -1;
    find_places(adopt);
    list_items(adopt);
    adopt_judge(adopt);
    return 0;
}

void adopt_release(struct adopt *adopt)
{
    size_t i;

    for (i = 0; i < adopt->file_count; i++) {
        layout_release(&adopt->files[i].layout);
        buf_release(&adopt->files[i].result);
    }
    export_release(&adopt->export);
    export_release(&adopt->entries);
    arena_release(&adopt->arena);
    memset(adopt, 0, sizeof(*adopt));
}

/* Solving */

struct search {
    struct adopt *adopt;
    size_t *candidates;
    bool *accepted; /* by item: proved together */
    bool *set;      /* the one that is tried */
    bool progress;
};

static const char *attempt(struct search *search, const size_t *items, size_t count)
{
    struct adopt *adopt = search->adopt;
    size_t i;

    memcpy(search->set, search->accepted, adopt->count * sizeof(*search->set));
    for (i = 0; i < count; i++)
        search->set[items[i]] = true;
    if (adopt_make(adopt, search->set) != 0)
        return "the edits get in each other's way";
    return adopt_prove(adopt, search->set);
}

/* All of them if that can be proved, else each half for itself. */
static void solve(struct search *search, const size_t *items, size_t count)
{
    const char *problem;

    if (count == 0)
        return;
    problem = attempt(search, items, count);
    if (problem == NULL) {
        memcpy(search->accepted, search->set, search->adopt->count * sizeof(*search->set));
        search->progress = true;
    } else if (count == 1) {
        search->adopt->items[items[0]].problem = problem;
    } else {
        solve(search, items, count / 2);
        solve(search, items + count / 2, count - count / 2);
    }
}

/* What failed may stand the proof once others are accepted. */
static void solve_rest(struct search *search)
{
    struct adopt *adopt = search->adopt;
    size_t count = 0, i;

    for (i = 0; i < adopt->count; i++) {
        struct adopt_item *item = &adopt->items[i];
        if (!item->chosen || search->accepted[i] || (item->problem != NULL && !search->progress))
            continue;
        search->candidates[count++] = i;
    }
    search->progress = false;
    solve(search, search->candidates, count);
}

/* Secrets of what was not adopted in the end need no variable. */
static void forget_secrets(const struct adopt *adopt, struct export *export)
{
    struct arena scratch = {0};
    size_t i, j;

    for (i = 0; i < export->secret_count; i++) {
        const char *reference = arena_printf(&scratch, "${%s}", export->secrets[i].variable);
        bool used = false;
        for (j = 0; j < adopt->file_count; j++)
            used = used || (adopt->files[j].changed &&
                            strstr(buf_text(&adopt->files[j].result), reference) != NULL);
        if (!used)
            export->secrets[i].uses = 0;
    }
    arena_release(&scratch);
}

/* What was proved is not so the second time: nothing of it is trusted. */
static void abandon(struct adopt *adopt)
{
    size_t i;

    for (i = 0; i < adopt->file_count; i++)
        adopt->files[i].changed = false;
    for (i = 0; i < adopt->count; i++) {
        if (!adopt->items[i].adopted)
            continue;
        adopt->items[i].adopted = false;
        adopt->items[i].problem = "the edit could not be made twice; please report it";
    }
}

void adopt_edit(struct adopt *adopt)
{
    struct search search = {
        .adopt = adopt,
        .candidates = arena_array(&adopt->arena, adopt->count, sizeof(size_t)),
        .accepted = arena_array(&adopt->arena, adopt->count, sizeof(bool)),
        .set = arena_array(&adopt->arena, adopt->count, sizeof(bool)),
    };
    bool *judged = arena_array(&adopt->arena, adopt->count, sizeof(*judged));
    size_t i;

    for (i = 0; i < adopt->count; i++) {
        judged[i] = adopt->items[i].chosen && adopt->items[i].problem != NULL;
        if (judged[i])
            adopt->items[i].chosen = false;
    }
    do
        solve_rest(&search);
    while (search.progress);
    for (i = 0; i < adopt->count; i++) {
        struct adopt_item *item = &adopt->items[i];
        item->adopted = search.accepted[i];
        item->chosen = item->chosen || judged[i];
        if (item->adopted)
            item->problem = NULL;
    }
    if (attempt(&search, NULL, 0) != NULL)
        abandon(adopt);
    forget_secrets(adopt, &adopt->export);
    forget_secrets(adopt, &adopt->entries);
}
