/*
 * What a saved plan wants, as a roster of just what it touches.
 */
#include "plan/saved.h"

#include "base/digest.h"
#include "base/str.h"
#include "plan/plan_document.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* Each variable has to have the value that it had. */
static int check_variables(struct saved_reader *reader)
{
    struct plan_saved *saved = reader->saved;
    const json_t *variables = saved_object(reader, saved->document, "variables");
    const char *name;
    json_t *digest;
    int result = variables == NULL ? -1 : 0;

    json_object_foreach((json_t *)variables, name, digest)
    {
        const char *value = reader->desired->lookup(name);
        char hex[DIGEST_HEX_SIZE];
        if (!json_is_string(digest))
            return saved_reject(reader, "variables", "has a digest that is not a string");
        if (str_is_empty(value)) {
            diag_error(reader->diag, NULL, "the environment variable %s is not set", name);
            diag_help(reader->diag, "the plan needs it, with the value that it was made with");
            result = -1;
            continue;
        }
        plan_digest_variable(&saved->origin, saved->key, name, value, hex);
        if (digest_equal(hex, json_string_value(digest)))
            continue;
        diag_error(reader->diag, NULL,
                   "the environment variable %s has another value than when the plan was made",
                   name);
        diag_help(reader->diag, "plan again with the new value, and review that plan");
        result = -1;
    }
    return result;
}

/* Seconds since 1970; 0 for what is no time. */
static int64_t read_time(const char *text)
{
    struct tm parts = {0};
    const char *end = text == NULL ? NULL : strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);

    return end == NULL || *end != '\0' ? 0 : (int64_t)timegm(&parts);
}

static void read_origin(struct saved_reader *reader)
{
    struct plan_origin *origin = &reader->saved->origin;
    const json_t *document = reader->saved->document;
    const json_t *source = saved_object(reader, document, "source");

    origin->account_sid = saved_string(reader, document, "account_sid");
    origin->location = saved_string(reader, source, "location");
    origin->sha256 = saved_string(reader, source, "sha256");
    origin->created = read_time(saved_string(reader, document, "created"));
    origin->commit = json_string_value(json_object_get(source, "commit"));
    origin->author = json_string_value(json_object_get(source, "author"));
    origin->date = json_string_value(json_object_get(source, "date"));
    if (origin->account_sid != NULL && !str_is_sid(origin->account_sid, "AC"))
        saved_reject(reader, "account_sid", "is not the SID of an account");
}

static int64_t read_limit(struct saved_reader *reader, const json_t *guards, const char *key)
{
    return json_is_null(json_object_get(guards, key)) ? GUARD_UNLIMITED
                                                      : saved_integer(reader, guards, key, 1000000);
}

/* A text of the plan: plain, or from the environment. NULL when rejected. */
static const char *read_text(struct saved_reader *reader, const json_t *value, const char **shown,
                             const char *where)
{
    static const struct field any = {
        .yaml_key = "name", .type = &field_string, .min = 1, .max = 4000};
    static const struct resource resource = {.name = "text", .fields = &any, .field_count = 1};
    struct {
        struct field_set set;
        const char *text;
    } out = {{0, 0}, NULL};
    struct field_origin origin = {{0}, NULL};
    struct field field = any;
    struct resource one = resource;

    field.offset = (size_t)((const char *)&out.text - (const char *)&out);
    one.fields = &field;
    if (saved_member(reader, &one, 0, value, &out, &origin, where) != 0)
        return NULL;
    *shown = origin.written == NULL ? out.text : origin.written;
    return out.text;
}

static void read_guards(struct saved_reader *reader)
{
    const json_t *guards = saved_object(reader, reader->saved->document, "guards");
    const json_t *protect = saved_array(reader, guards, "protect");
    struct guard_limits *limits = &reader->saved->limits;
    struct guards *into = &reader->desired->guards;
    size_t i;

    limits->max_removals = read_limit(reader, guards, "max_removals");
    limits->max_deletes = read_limit(reader, guards, "max_deletes");
    limits->take_over = saved_boolean(reader, guards, "take_over");
    limits->allow_empty_service = saved_boolean(reader, guards, "allow_empty_service");
    limits->allow_empty_roster = saved_boolean(reader, guards, "allow_empty_roster");
    limits->allow_campaign_loss = saved_boolean(reader, guards, "allow_campaign_loss");
    into->protect =
        arena_array(&reader->desired->arena, json_array_size(protect), sizeof(*into->protect));
    for (i = 0; i < json_array_size(protect); i++) {
        struct desired_name *name = &into->protect[into->protect_count];
        name->name = read_text(reader, json_array_get(protect, i), &name->shown, "guards.protect");
        into->protect_count += name->name != NULL;
    }
}

static void read_targets(struct saved_reader *reader)
{
    const json_t *targets = saved_array(reader, reader->saved->document, "targets");
    const json_t *summary = saved_object(reader, reader->saved->document, "summary");
    struct desired *desired = reader->desired;
    const char **items;
    size_t i;

    items = arena_array(&desired->arena, json_array_size(targets), sizeof(*items));
    for (i = 0; i < json_array_size(targets); i++) {
        items[i] = json_string_value(json_array_get(targets, i));
        if (items[i] == NULL)
            saved_reject(reader, "targets", "has an entry that is not a string");
    }
    desired->targets = items;
    desired->target_count = reader->failed ? 0 : json_array_size(targets);
    desired->declared_count = (size_t)saved_integer(reader, summary, "services_declared", 1 << 30);
    desired->left_out_count = (size_t)saved_integer(reader, summary, "services_left_out", 1 << 30);
}

static void read_bindings(struct saved_reader *reader, struct saved_service *service)
{
    const json_t *bindings = saved_object(reader, service->json, "bindings");
    size_t kind;

    service->touched.any = true;
    service->touched.settings = json_object_get(bindings, "settings") != NULL;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        service->touched.senders[kind] =
            json_object_get(bindings, sender_types[kind].section->yaml_key) != NULL;
}

/* Whether the plan manages anything of the service: else senders are only moved out of it. */
static bool is_managed(const struct saved_service *service)
{
    size_t kind;

    if (service->sid == NULL || service->touched.settings)
        return true;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (service->touched.senders[kind])
            return true;
    return false;
}

static size_t row_of(size_t offset)
{
    return resource_row_at(&resource_service, offset);
}

#define ROW(member) row_of(offsetof(struct service, member))

/* Gives the service an entry in the desired state. */
static void want_service(struct saved_reader *reader, struct saved_service *service)
{
    struct desired *desired = reader->desired;
    struct desired_service *wanted = &desired->services[desired->service_count];
    const size_t name = ROW(friendly_name), sid = ROW(sid), renamed = ROW(renamed_from);
    const json_t *old = json_object_get(service->json, "renamed_from");
    size_t kind;

    service->desired = desired->service_count++;
    wanted->origins =
        arena_array(&desired->arena, resource_service.field_count, sizeof(*wanted->origins));
    if (saved_member(reader, &resource_service, name, json_object_get(service->json, "name"),
                     &wanted->service, &wanted->origins[name], "name") != 0)
        return;
    /* The name only says which service it is, unless a change sets it. */
    wanted->service.set.present = 0;
    if (service->sid != NULL &&
        saved_member(reader, &resource_service, sid, json_object_get(service->json, "sid"),
                     &wanted->service, &wanted->origins[sid], "sid") != 0)
        return;
    if (old != NULL && saved_member(reader, &resource_service, renamed, old, &wanted->service,
                                    &wanted->origins[renamed], "renamed_from") != 0)
        return;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        wanted->senders[kind].managed = service->touched.senders[kind];
}

static int read_service(struct saved_reader *reader, const json_t *json,
                        struct saved_service *service)
{
    const char *state = saved_string(reader, json, "state"), *sid_shown;
    const json_t *sid = json_object_get(json, "sid"), *name = json_object_get(json, "name");

    service->json = json;
    service->desired = SAVED_UNMANAGED;
    service->name =
        json_string_value(json_is_object(name) ? json_object_get(name, "from_env") : name);
    if (service->name == NULL)
        return saved_reject(reader, "name", "is not a string");
    if (state == NULL)
        return -1;
    service->deleted = strcmp(state, "deleted") == 0;
    if (strcmp(state, "new") == 0 ? !json_is_null(sid)
                                  : strcmp(state, "kept") != 0 && !service->deleted)
        return saved_reject(reader, "state", "does not fit the service");
    if (strcmp(state, "new") != 0) {
        service->sid = read_text(reader, sid, &sid_shown, "sid");
        if (service->sid == NULL)
            return -1;
        if (!str_is_sid(service->sid, "MG"))
            return saved_reject(reader, "sid", "is not the SID of a service");
    }
    read_bindings(reader, service);
    if (service->deleted)
        reader->saved->prune_sids[reader->desired->prune_sid_count++] = service->sid;
    else if (is_managed(service))
        want_service(reader, service);
    return reader->failed ? -1 : 0;
}

static int compare_sids(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcasecmp(*a, *b);
}

/* The SIDs of services that have an entry of their own, sorted. */
struct entered {
    const char **sids;
    size_t count;
};

static struct entered sort_entered(struct saved_reader *reader)
{
    const struct desired *desired = reader->desired;
    struct entered entered = {
        arena_array(&reader->saved->arena, desired->service_count, sizeof(*entered.sids)), 0};
    size_t i;

    for (i = 0; i < desired->service_count; i++)
        if (desired->services[i].service.sid != NULL)
            entered.sids[entered.count++] = desired->services[i].service.sid;
    qsort(entered.sids, entered.count, sizeof(*entered.sids), compare_sids);
    return entered;
}

static bool is_entered(const struct entered *entered, const char *sid)
{
    return bsearch(&sid, entered->sids, entered->count, sizeof(*entered->sids), compare_sids) !=
           NULL;
}

/*
 * The other services of a new one's name get entries of their own, so that none is taken for it.
 */
static int read_namesakes(struct saved_reader *reader, const struct saved_service *service,
                          const struct entered *entered)
{
    const json_t *namesakes = json_object_get(service->json, "namesakes");
    struct desired *desired = reader->desired;
    const size_t row = ROW(sid);
    size_t i;

    for (i = 0; i < json_array_size(namesakes); i++) {
        struct desired_service *other = &desired->services[desired->service_count];
        other->origins =
            arena_array(&desired->arena, resource_service.field_count, sizeof(*other->origins));
        if (saved_member(reader, &resource_service, row, json_array_get(namesakes, i),
                         &other->service, &other->origins[row], "namesakes") != 0)
            return -1;
        if (is_entered(entered, other->service.sid)) {
            memset(other, 0, sizeof(*other));
            continue;
        }
        other->left_out = true;
        desired->service_count++;
    }
    return 0;
}

/* Entries that the services may take, namesakes included. */
static size_t count_entries(const json_t *services)
{
    size_t count = json_array_size(services), total = count, i;

    for (i = 0; i < count; i++)
        total += json_array_size(json_object_get(json_array_get(services, i), "namesakes"));
    return total;
}

/* No service stands in a plan twice. */
static int check_once(struct saved_reader *reader)
{
    const struct plan_saved *saved = reader->saved;
    const char **sids = arena_array(&reader->saved->arena, saved->service_count, sizeof(*sids));
    size_t count = 0, i;

    for (i = 0; i < saved->service_count; i++)
        if (saved->services[i].sid != NULL)
            sids[count++] = saved->services[i].sid;
    qsort(sids, count, sizeof(*sids), compare_sids);
    for (i = 1; i < count; i++)
        if (compare_sids(&sids[i], &sids[i - 1]) == 0)
            return saved_reject(reader, "services", "has a service twice");
    return 0;
}

static int read_services(struct saved_reader *reader)
{
    struct plan_saved *saved = reader->saved;
    const json_t *services = saved_array(reader, saved->document, "services");
    size_t count = json_array_size(services), i;
    struct entered entered;

    saved->services = arena_array(&saved->arena, count, sizeof(*saved->services));
    saved->prune_sids = arena_array(&saved->arena, count, sizeof(*saved->prune_sids));
    reader->desired->services = arena_array(&reader->desired->arena, count_entries(services),
                                            sizeof(*reader->desired->services));
    for (i = 0; i < count; i++, saved->service_count++)
        if (read_service(reader, json_array_get(services, i), &saved->services[i]) != 0)
            return -1;
    entered = sort_entered(reader);
    for (i = 0; i < count; i++)
        if (read_namesakes(reader, &saved->services[i], &entered) != 0)
            return -1;
    /* Not NULL even when it is empty: nothing else is pruned. */
    reader->desired->prune_sids = saved->prune_sids;
    return check_once(reader);
}

int plan_file_load(struct plan_saved *saved, struct desired *desired, const char *path,
                   const json_t *document, const char *key, field_lookup *lookup, struct diag *diag)
{
    struct saved_reader reader = {.saved = saved, .desired = desired, .diag = diag};

    saved->path = path;
    saved->document = document;
    saved->key = key;
    desired->lookup = lookup;
    read_origin(&reader);
    if (reader.failed || check_variables(&reader) != 0)
        return -1;
    read_guards(&reader);
    read_targets(&reader);
    if (reader.failed || read_services(&reader) != 0 || saved_read_changes(&reader) != 0)
        return -1;
    desired_index(desired);
    return 0;
}

int plan_file_sources(const struct plan_saved *saved, plan_file_source *source, void *context)
{
    size_t i, kind;

    for (i = 0; i < saved->service_count; i++)
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            if (saved->services[i].source[kind] &&
                source(context, saved->services[i].sid, (enum sender_kind)kind) != 0)
                return -1;
    return 0;
}

void plan_saved_release(struct plan_saved *saved)
{
    arena_release(&saved->arena);
    memset(saved, 0, sizeof(*saved));
}
