/*
 * Whether a saved plan is still what leads from the live state to the roster.
 */
#include "plan/saved.h"

#include "base/str.h"
#include "plan/plan_document.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Live services by SID. */
struct live_index {
    struct live_service **sorted;
    size_t count;
};

static int compare_services(const void *left, const void *right)
{
    const struct live_service *const *a = left, *const *b = right;
    return strcasecmp((*a)->service.sid, (*b)->service.sid);
}

static struct live_index index_live(struct arena *arena, const struct live_state *live)
{
    struct live_index index = {arena_array(arena, live->count, sizeof(*index.sorted)), live->count};

    if (live->count != 0)
        memcpy(index.sorted, live->services, live->count * sizeof(*index.sorted));
    qsort(index.sorted, index.count, sizeof(*index.sorted), compare_services);
    return index;
}

static const struct live_service *find_live(const struct live_index *index, const char *sid)
{
    const struct live_service key = {.service = {.sid = sid}}, *at = &key;
    struct live_service *const *found =
        bsearch(&at, index->sorted, index->count, sizeof(*index->sorted), compare_services);
    return found == NULL ? NULL : *found;
}

/* The kind of a saved change's sender; SENDER_KIND_COUNT when it is none of a sender. */
static size_t sender_kind_of(const json_t *change)
{
    const char *kind =
        json_string_value(json_object_get(json_object_get(change, "sender"), "kind"));
    size_t i;

    for (i = 0; i < SENDER_KIND_COUNT; i++)
        if (str_equal(plan_sender_kind_name((enum sender_kind)i), kind))
            break;
    return i;
}

/* A saved text as it may be shown. */
static const char *shown_text(const json_t *text)
{
    return json_string_value(json_is_object(text) ? json_object_get(text, "from_env") : text);
}

/* "it matters to: add phone number +15005550001 (roster.yaml:9)" */
static void note_change(const json_t *change, struct diag *diag)
{
    const json_t *place = json_object_get(change, "place");
    const char *file = json_string_value(json_object_get(place, "file"));
    const char *kind = json_string_value(json_object_get(change, "kind"));
    const char *identity =
        shown_text(json_object_get(json_object_get(change, "sender"), "identity"));
    const size_t sender = sender_kind_of(change);
    struct buf words;

    buf_init(&words, 64 * 1024);
    buf_add(&words, kind, strcspn(kind, "_"));
    if (sender < SENDER_KIND_COUNT && identity != NULL)
        buf_printf(&words, " %s %s", sender_types[sender].label, identity);
    else
        buf_add_text(&words, " service");
    if (file != NULL)
        buf_printf(&words, " (%s:%" JSON_INTEGER_FORMAT ")", file,
                   json_integer_value(json_object_get(place, "line")));
    diag_note(diag, NULL, "it matters to: %s", buf_text(&words));
    buf_release(&words);
}

/* Whether a change of the service depends on that object of it. */
static bool depends_on(const json_t *change, const char *object)
{
    const size_t sender = sender_kind_of(change);

    if (strcmp(object, "settings") == 0)
        return sender == SENDER_KIND_COUNT;
    if (sender == SENDER_KIND_COUNT)
        return str_equal(json_string_value(json_object_get(change, "kind")),
                         change_kind_name(CHANGE_DELETE_SERVICE));
    return strcmp(sender_types[sender].section->yaml_key, object) == 0;
}

void saved_note_changes(const struct plan_saved *saved, size_t service, const char *object,
                        struct diag *diag)
{
    enum { MOST = 3 };
    const json_t *changes = json_object_get(saved->document, "changes");
    size_t count = 0, i;

    for (i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        const json_t *from = json_object_get(change, "from");
        const bool of_service =
            (size_t)json_integer_value(json_object_get(change, "service")) == service ||
            (from != NULL && (size_t)json_integer_value(from) == service);
        if (!of_service || (object != NULL && !depends_on(change, object)))
            continue;
        if (++count <= MOST)
            note_change(change, diag);
    }
    if (count > MOST)
        diag_note(diag, NULL, "and to %zu more", count - MOST);
}

/* A live value as it may be shown. */
static void print_live(const struct live_service *live, size_t row, const struct desired *desired,
                       struct buf *out)
{
    struct arena scratch = {0};
    struct buf printed;

    buf_init(&printed, out->limit);
    resource_print_value(&resource_service, row, &live->service, &printed);
    buf_add_text(out, redact_text(&desired->redactions, &scratch, buf_text(&printed)));
    buf_release(&printed);
    arena_release(&scratch);
}

/* "sticky_sender was true, and is false now", when the plan says what it was. */
static void note_setting(const json_t *setting, const struct live_service *now,
                         const struct desired *desired, struct diag *diag)
{
    const json_t *before = json_object_get(setting, "before");
    const char *key = json_string_value(json_object_get(setting, "key"));
    struct buf value;
    json_t *live;
    char *text;
    size_t row;

    for (row = 0; row < resource_service.field_count; row++)
        if (str_equal(resource_service.fields[row].yaml_key, key))
            break;
    if (row == resource_service.field_count || before == NULL || json_is_object(before))
        return;
    live = resource_json_value(&resource_service, row, &now->service);
    if (!json_equal(before, live)) {
        buf_init(&value, 64 * 1024);
        print_live(now, row, desired, &value);
        text = json_dumps(before, JSON_ENCODE_ANY);
        diag_note(diag, NULL, "%s was %s, and is %s now", key, text, buf_text(&value));
        free(text);
        buf_release(&value);
    }
    json_decref(live);
}

static void note_settings(const struct plan_saved *saved, size_t service,
                          const struct live_service *now, const struct desired *desired,
                          struct diag *diag)
{
    const json_t *changes = json_object_get(saved->document, "changes");
    size_t i, j;

    for (i = 0; i < json_array_size(changes); i++) {
        const json_t *change = json_array_get(changes, i);
        const json_t *settings = json_object_get(change, "settings");
        if ((size_t)json_integer_value(json_object_get(change, "service")) != service)
            continue;
        for (j = 0; j < json_array_size(settings); j++)
            note_setting(json_array_get(settings, j), now, desired, diag);
    }
}

/* "there were 3, and there are 4 now" */
static void note_count(const struct saved_service *service, enum sender_kind kind,
                       const struct live_service *now, struct diag *diag)
{
    const json_t *tally = json_object_get(json_object_get(service->json, "senders"),
                                          sender_types[kind].section->yaml_key);
    const json_int_t before = json_integer_value(json_object_get(tally, "before"));
    const size_t count = now->senders[kind].count;

    if (before == (json_int_t)count)
        diag_note(diag, NULL, "there are as many as before, but not the same");
    else
        diag_note(diag, NULL, "there were %" JSON_INTEGER_FORMAT ", and there are %zu now", before,
                  count);
}

static size_t list_of(const char *object)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (strcmp(sender_types[kind].section->yaml_key, object) == 0)
            break;
    return kind;
}

/* Reports a stale object; `object` is the name of its binding. */
static void report(const struct plan_saved *saved, size_t service, const char *object,
                   const struct live_service *now, const struct desired *desired, struct diag *diag)
{
    const struct saved_service *of = &saved->services[service];
    const size_t kind = list_of(object);
    const bool of_name = strcmp(object, "name") == 0;
    const bool shown = diag->count < DIAG_MAX; /* what follows is not cheap */

    diag_error(diag, NULL, "the %s%s of \"%s\" (%s) %s changed since the plan was made",
               kind < SENDER_KIND_COUNT ? sender_types[kind].label : object,
               kind < SENDER_KIND_COUNT ? "s" : "", of->name, of->sid, of_name ? "has" : "have");
    if (!shown)
        return;
    if (kind < SENDER_KIND_COUNT)
        note_count(of, (enum sender_kind)kind, now, diag);
    else if (!of_name)
        note_settings(saved, service, now, desired, diag);
    saved_note_changes(saved, service, of_name ? NULL : object, diag);
}

static bool check_service(const struct plan_saved *saved, size_t index,
                          const struct live_index *live, const struct desired *desired,
                          struct bindings *bindings, struct diag *diag)
{
    const struct saved_service *service = &saved->services[index];
    const struct live_service *now = find_live(live, service->sid);
    const json_t *before = json_object_get(service->json, "bindings");
    json_t *after, *digest;
    bool stale = false;
    const char *object;

    if (now == NULL) {
        diag_error(diag, NULL, "the service \"%s\" (%s) is not there any more", service->name,
                   service->sid);
        saved_note_changes(saved, index, NULL, diag);
        return true;
    }
    after = bindings_json(bindings, now, &service->touched,
                          json_is_object(json_object_get(service->json, "name")));
    json_object_foreach(after, object, digest)
    {
        if (json_equal(digest, json_object_get(before, object)))
            continue;
        report(saved, index, object, now, desired, diag);
        stale = true;
    }
    json_decref(after);
    return stale;
}

/* A service that is to be created, and that somebody has made. */
static bool check_created(const struct plan_saved *saved, const struct desired *desired,
                          const struct live_state *live, struct diag *diag)
{
    bool stale = false;
    size_t i, j;

    for (i = 0; i < live->count; i++) {
        enum desired_claim how;
        const struct desired_service *claimant =
            desired_claim(desired, &live->services[i]->service, &how);
        for (j = 0; j < saved->service_count && claimant != NULL; j++) {
            const struct saved_service *service = &saved->services[j];
            if (service->sid != NULL || service->desired == SAVED_UNMANAGED ||
                claimant != &desired->services[service->desired])
                continue;
            diag_error(diag, NULL, "a service \"%s\" was made since the plan was: %s",
                       service->name, live->services[i]->service.sid);
            saved_note_changes(saved, j, NULL, diag);
            stale = true;
        }
    }
    return stale;
}

bool plan_file_stale(const struct plan_saved *saved, const struct desired *desired,
                     const struct live_state *live, struct diag *diag)
{
    struct arena scratch = {0};
    struct live_index index = index_live(&scratch, live);
    struct bindings bindings = {
        .key = saved->key,
        .salt = plan_origin_salt(&saved->origin, &scratch),
        .arena = &scratch,
    };
    bool stale = check_created(saved, desired, live, diag);
    size_t i;

    for (i = 0; i < saved->service_count; i++)
        if (saved->services[i].sid != NULL &&
            check_service(saved, i, &index, desired, &bindings, diag))
            stale = true;
    arena_release(&scratch);
    return stale;
}

static bool is_removed(const struct saved_list *list, const char *sid)
{
    size_t i;

    for (i = 0; i < list->removed_count; i++)
        if (str_equal_nocase(list->removed[i], sid))
            return true;
    return false;
}

static void settle_list(struct desired *desired, struct desired_senders *wanted,
                        const struct saved_list *list, const struct live_senders *have)
{
    size_t i;

    wanted->items =
        arena_array(&desired->arena, (have == NULL ? 0 : have->count) + list->added_count,
                    sizeof(*wanted->items));
    for (i = 0; have != NULL && i < have->count; i++)
        if (!is_removed(list, have->items[i].sid))
            wanted->items[wanted->count++].sender = have->items[i];
    for (i = 0; i < list->added_count; i++)
        wanted->items[wanted->count++] = list->added[i];
}

void plan_file_settle(const struct plan_saved *saved, struct desired *desired,
                      const struct live_state *live)
{
    struct arena scratch = {0};
    struct live_index index = index_live(&scratch, live);
    size_t i, kind;

    for (i = 0; i < saved->service_count; i++) {
        const struct saved_service *service = &saved->services[i];
        const struct live_service *now =
            service->sid == NULL ? NULL : find_live(&index, service->sid);
        struct desired_service *wanted;
        if (service->desired == SAVED_UNMANAGED)
            continue;
        wanted = &desired->services[service->desired];
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            if (wanted->senders[kind].managed)
                settle_list(desired, &wanted->senders[kind], &service->lists[kind],
                            now == NULL ? NULL : &now->senders[kind]);
    }
    arena_release(&scratch);
}

/*
 * A document, and what its services are compared by: the SID, or of a new one the name. Their
 * numbers may differ, and a SID may stand as ${NAME}.
 */
struct side {
    const json_t *document;
    const char **services;
    size_t service_count;
};

static struct side saved_side(const struct plan_saved *saved, struct arena *arena)
{
    struct side side = {saved->document,
                        arena_array(arena, saved->service_count, sizeof(*side.services)),
                        saved->service_count};
    size_t i;

    for (i = 0; i < saved->service_count; i++)
        side.services[i] =
            saved->services[i].sid == NULL ? saved->services[i].name : saved->services[i].sid;
    return side;
}

static struct side new_side(const json_t *document, const struct plan *plan, struct arena *arena)
{
    const struct touched *touched = bindings_touched(plan, arena);
    struct side side = {document, arena_array(arena, plan->service_count, sizeof(*side.services)),
                        0};
    size_t i;

    for (i = 0; i < plan->service_count; i++)
        if (touched[i].any)
            side.services[side.service_count++] = plan->services[i].live == NULL
                                                      ? plan->services[i].name
                                                      : plan->services[i].live->service.sid;
    return side;
}

static void set_service(json_t *change, const struct side *side, const char *key)
{
    const json_t *index = json_object_get(change, key);

    if (index != NULL)
        json_object_set_new(change, key,
                            json_string(side->services[(size_t)json_integer_value(index)]));
}

/*
 * A change without what may differ, as one line. The caller frees it. The values before it are
 * bound by digests, and which of them are hidden depends on more than the plan has.
 */
static char *comparable(const struct side *side, const json_t *change)
{
    json_t *copy = json_deep_copy(change), *settings = json_object_get(copy, "settings");
    char *text;
    size_t i;

    json_object_del(copy, "notes");
    json_object_del(copy, "senders"); /* bound, too, and the API may list them in another order */
    for (i = 0; i < json_array_size(settings); i++)
        json_object_del(json_array_get(settings, i), "before");
    set_service(copy, side, "service");
    set_service(copy, side, "from");
    text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(copy);
    return text;
}

static int compare_texts(const void *left, const void *right)
{
    char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

static char **sort_changes(const struct side *side, struct arena *arena, size_t *count)
{
    const json_t *changes = json_object_get(side->document, "changes");
    char **sorted;
    size_t i;

    *count = json_array_size(changes);
    sorted = arena_array(arena, *count, sizeof(*sorted));
    for (i = 0; i < *count; i++) {
        char *text = comparable(side, json_array_get(changes, i));
        sorted[i] = arena_strdup(arena, text);
        free(text);
    }
    qsort(sorted, *count, sizeof(*sorted), compare_texts);
    return sorted;
}

/* The change that the new plan has for the sender of a saved one; NULL when it has none. */
static const struct change *find_sender(const struct plan *plan, const json_t *change)
{
    const json_t *sender = json_object_get(change, "sender");
    const char *sid = json_string_value(json_object_get(sender, "sid"));
    const size_t kind = sender_kind_of(change);
    size_t i;

    for (i = 0; i < plan->change_count && sid != NULL; i++)
        if (change_is_of_sender(plan->changes[i].kind) &&
            plan->changes[i].sender_kind == (enum sender_kind)kind &&
            plan->changes[i].sender.sid != NULL &&
            str_equal_nocase(plan->changes[i].sender.sid, sid))
            return &plan->changes[i];
    return NULL;
}

/* A saved change that the new plan has not. */
static void report_change(const struct plan_saved *saved, const struct plan *plan,
                          const json_t *change, struct diag *diag)
{
    const size_t service = (size_t)json_integer_value(json_object_get(change, "service"));
    const size_t kind = sender_kind_of(change);
    const char *shown = shown_text(json_object_get(json_object_get(change, "sender"), "identity"));
    const bool looked_up = kind != SENDER_KIND_COUNT && diag->count < DIAG_MAX; /* not cheap */
    const struct change *now = looked_up ? find_sender(plan, change) : NULL;

    if (now != NULL && now->kind == CHANGE_MOVE_SENDER)
        diag_error(diag, NULL, "%s %s is in \"%s\" now, where it was not when the plan was made",
                   sender_types[kind].label, shown, plan->services[now->from].name);
    else if (now != NULL && now->kind == CHANGE_ADD_SENDER)
        diag_error(diag, NULL, "%s %s is in no service now, and was in one when the plan was made",
                   sender_types[kind].label, shown);
    else if (shown != NULL)
        diag_error(diag, NULL, "%s %s is not the one that it was when the plan was made",
                   sender_types[kind].label, shown);
    else
        diag_error(diag, NULL, "a change of \"%s\" is not what is needed any more",
                   saved->services[service].name);
    note_change(change, diag);
}

static int compare_changes(const struct plan_saved *saved, const struct plan *plan,
                           const struct side *before, const struct side *now, struct diag *diag)
{
    struct arena scratch = {0};
    const json_t *changes = json_object_get(saved->document, "changes");
    const size_t errors = diag->errors;
    size_t count = json_array_size(changes), now_count, i;
    char **sorted = sort_changes(now, &scratch, &now_count);
    int result = 0;

    for (i = 0; i < count; i++) {
        const json_t *change = json_array_get(changes, i);
        char *text = comparable(before, change);
        if (now_count == 0 ||
            bsearch(&text, sorted, now_count, sizeof(*sorted), compare_texts) == NULL) {
            report_change(saved, plan, change, diag);
            result = -1;
        }
        free(text);
    }
    /* A forged plan may name a sender twice, which then is wanted twice. */
    for (i = 1; i < now_count && result == 0; i++)
        if (strcmp(sorted[i], sorted[i - 1]) == 0)
            result = -1;
    if (result == 0 && count == now_count) {
        arena_release(&scratch);
        return 0;
    }
    if (diag->errors == errors)
        diag_error(diag, NULL, "the plan does not have the %zu changes that are needed, each once",
                   now_count);
    arena_release(&scratch);
    return -1;
}

/* Whether each digest that is needed is there; that they are right, plan_file_stale() has seen. */
static bool has_all(const json_t *have, const json_t *wanted)
{
    const char *object;
    json_t *digest;

    json_object_foreach((json_t *)wanted, object,
                        digest) if (json_object_get(have, object) == NULL) return false;
    return true;
}

/* Bindings of a crafted plan may be fewer than its changes need. */
static int compare_bindings(const struct plan_saved *saved, const struct side *before,
                            const struct side *now, struct diag *diag)
{
    const json_t *services = json_object_get(now->document, "services");
    size_t i, tried, at = 0;

    for (i = 0; i < now->service_count; i++) {
        const json_t *wanted = json_object_get(json_array_get(services, i), "bindings");
        /* Both are in about the same order. */
        for (tried = 0; tried < before->service_count; tried++, at++) {
            if (at >= before->service_count)
                at = 0;
            if (str_equal(now->services[i], before->services[at]))
                break;
        }
        if (tried < before->service_count &&
            has_all(json_object_get(saved->services[at].json, "bindings"), wanted))
            continue;
        diag_error(diag, NULL, "%s does not have the digests that its changes need", saved->path);
        return -1;
    }
    return 0;
}

int plan_file_compare(const struct plan_saved *saved, const struct plan *plan, struct diag *diag)
{
    struct arena scratch = {0};
    /* Its digests are not compared, and with a key they are quick. */
    json_t *again = plan_document(plan, "compared with the saved one");
    struct side before = saved_side(saved, &scratch), now = new_side(again, plan, &scratch);
    int result = compare_changes(saved, plan, &before, &now, diag);

    if (result == 0)
        result = compare_bindings(saved, &before, &now, diag);
    json_decref(again);
    arena_release(&scratch);
    return result;
}
