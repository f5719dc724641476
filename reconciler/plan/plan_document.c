#include "plan/plan_document.h"

#include "base/json_text.h"
#include "base/str.h"
#include "plan/bindings.h"
#include "plan/drift.h"

#include <string.h>
#include <time.h>

/* A document in the making. */
struct writer {
    const struct plan *plan;
    struct arena arena;
    struct touched *touched;
    size_t *index; /* by service of the plan: its index in the document */
    struct bindings bindings;
    json_t *variables; /* name to digest */
};

const char *plan_sender_kind_name(enum sender_kind kind)
{
    static const char *const names[SENDER_KIND_COUNT] = {
        [SENDER_PHONE_NUMBER] = "phone_number",
        [SENDER_SHORT_CODE] = "short_code",
        [SENDER_ALPHA_SENDER] = "alpha_sender",
        [SENDER_DESTINATION_ALPHA_SENDER] = "destination_alpha_sender",
        [SENDER_CHANNEL_SENDER] = "channel_sender",
    };
    return names[kind];
}

char *plan_origin_salt(const struct plan_origin *origin, struct arena *arena)
{
    return arena_printf(arena, "%s %s", origin->account_sid, origin->sha256);
}

void plan_digest_variable(const struct plan_origin *origin, const char *key, const char *name,
                          const char *value, char hex[DIGEST_HEX_SIZE])
{
    struct arena scratch = {0};
    const char *salt = arena_printf(&scratch, "%s %s", plan_origin_salt(origin, &scratch), name);
    const char *text = arena_printf(&scratch, "%s %s", salt, value);

    if (key != NULL)
        digest_hmac(key, text, strlen(text), hex);
    else
        digest_slow(salt, value, strlen(value), hex);
    arena_release(&scratch);
}

/* Notes each ${NAME} of a text. One that is not set any more can't have got here. */
static void add_variables(struct writer *writer, const char *written)
{
    const struct plan *plan = writer->plan;
    const char *name, *value;
    size_t size;

    while ((written = field_next_variable(written, &name, &size)) != NULL) {
        char hex[DIGEST_HEX_SIZE];
        name = arena_strndup(&writer->arena, name, size);
        value = plan->desired->lookup == NULL ? NULL : plan->desired->lookup(name);
        if (value == NULL || json_object_get(writer->variables, name) != NULL)
            continue;
        plan_digest_variable(&plan->origin, writer->bindings.key, name, value, hex);
        json_object_set_new(writer->variables, name, json_string(hex));
    }
}

/* What may be shown of a text, NULL when that is all of it. `written`: it is as the roster has it.
 */
static char *mask(struct arena *arena, const char *text, bool written)
{
    struct buf shown;
    char *masked = NULL;

    buf_init(&shown, BUF_LIMIT_DEFAULT);
    if (field_add_masked(&shown, text, written))
        masked = arena_strdup(arena, buf_text(&shown));
    buf_release(&shown);
    return masked;
}

static json_t *text_json(struct writer *writer, const char *value, const char *written)
{
    const char *masked;

    if (value == NULL && written == NULL)
        return json_null();
    masked = mask(&writer->arena, written == NULL ? value : written, written != NULL);
    if (masked != NULL)
        return json_pack("{ss}", "masked", masked);
    if (written == NULL)
        return json_string(value);
    add_variables(writer, written);
    return json_pack("{ss}", "from_env", written);
}

/* A setting's value: what is text may have to be hidden. */
static json_t *value_json(struct writer *writer, size_t row, const struct service *service,
                          const char *written)
{
    json_t *value = resource_json_value(&resource_service, row, service);

    if (json_is_string(value) || written != NULL) {
        json_t *text = text_json(writer, json_string_value(value), written);
        json_decref(value);
        return text;
    }
    return value;
}

/* A live value. It may be that of a variable, of this setting or of another. */
static json_t *before_json(struct writer *writer, size_t row, const struct plan_service *service)
{
    json_t *value = resource_json_value(&resource_service, row, &service->live->service);
    const char *text = json_string_value(value);
    const bool hidden = service->desired->origins[row].written != NULL ||
                        (text != NULL && redact_text(&writer->plan->desired->redactions,
                                                     &writer->arena, text) != text);

    json_decref(value);
    return hidden ? json_pack("{sb}", "hidden", 1)
                  : value_json(writer, row, &service->live->service, NULL);
}

static json_t *setting_json(struct writer *writer, const struct change *change, size_t row)
{
    const struct plan_service *service = &writer->plan->services[change->service];
    const char *written = service->desired->origins[row].written;
    json_t *out = json_object();

    json_object_set_new(out, "key", json_string(resource_service.fields[row].yaml_key));
    if (change->kind == CHANGE_UPDATE_SERVICE)
        json_object_set_new(out, "before", before_json(writer, row, service));
    json_object_set_new(out, "after", value_json(writer, row, &service->desired->service, written));
    if (change->kind == CHANGE_UPDATE_SERVICE && change->drift != DRIFT_NONE)
        json_object_set_new(out, "class",
                            json_string(drift_class_name(drift_setting_class(change, row))));
    return out;
}

static json_t *settings_json(struct writer *writer, const struct change *change)
{
    json_t *out = json_array();
    size_t row;

    for (row = 0; row < resource_service.field_count; row++)
        if ((change->rows >> row & 1) != 0)
            json_array_append_new(out, setting_json(writer, change, row));
    return out;
}

static json_t *sender_json(struct writer *writer, enum sender_kind kind,
                           const struct sender *sender, const char *written,
                           const char *country_written)
{
    json_t *out = json_object();

    json_object_set_new(out, "kind", json_string(plan_sender_kind_name(kind)));
    json_object_set_new(
        out, "identity",
        text_json(writer, sender->identity, written == NULL ? sender->shown : written));
    if (sender->country != NULL)
        json_object_set_new(out, "country", text_json(writer, sender->country, country_written));
    json_object_set_new(out, "sid", sender->sid == NULL ? json_null() : json_string(sender->sid));
    return out;
}

/* The senders of a service that is deleted, those that move away included. */
static json_t *senders_json(struct writer *writer, const struct plan_service *service)
{
    json_t *out = json_array();
    size_t kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct live_senders *list = &service->live->senders[kind];
        for (i = 0; i < list->count; i++)
            json_array_append_new(
                out, sender_json(writer, (enum sender_kind)kind, &list->items[i], NULL, NULL));
    }
    return out;
}

static json_t *place_json(const struct diag_span *span)
{
    if (span->source == NULL)
        return json_null();
    return json_pack("{sosIsI}", "file", json_text_string(span->source->name), "line",
                     (json_int_t)span->line, "column", (json_int_t)span->column);
}

static json_t *change_json(struct writer *writer, const struct change *change)
{
    json_t *out = json_object(), *notes = json_array();
    size_t i;

    json_object_set_new(out, "kind", json_string(change_kind_name(change->kind)));
    json_object_set_new(out, "reason", json_string(change_reason_name(change->reason)));
    if (change->drift != DRIFT_NONE)
        json_object_set_new(out, "class", json_string(drift_class_name(change->drift)));
    json_object_set_new(out, "service", json_integer((json_int_t)writer->index[change->service]));
    if (change->rows != 0)
        json_object_set_new(out, "settings", settings_json(writer, change));
    if (change_is_of_sender(change->kind))
        json_object_set_new(out, "sender",
                            sender_json(writer, change->sender_kind, &change->sender,
                                        change->written, change->country_written));
    if (change->kind == CHANGE_DELETE_SERVICE)
        json_object_set_new(out, "senders",
                            senders_json(writer, &writer->plan->services[change->service]));
    if (change->kind == CHANGE_MOVE_SENDER) {
        json_object_set_new(out, "from", json_integer((json_int_t)writer->index[change->from]));
        json_object_set_new(out, "take_over", json_boolean(change->take_over));
    }
    json_object_set_new(out, "place", place_json(&change->span));
    for (i = 0; i < change->note_count; i++)
        json_array_append_new(notes, json_string(change->notes[i]));
    json_object_set_new(out, "notes", notes);
    return out;
}

static const char *written_of(const struct plan_service *service, size_t offset)
{
    return service->desired == NULL
               ? NULL
               : service->desired->origins[resource_row_at(&resource_service, offset)].written;
}

/* Counts of the lists that are known. */
static json_t *tallies_json(const struct plan_service *service)
{
    json_t *out = json_object();
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct sender_tally *tally = &service->senders[kind];
        if (tally->known)
            json_object_set_new(out, sender_types[kind].section->yaml_key,
                                json_pack("{sIsI}", "before", (json_int_t)tally->before, "after",
                                          (json_int_t)tally->after));
    }
    return out;
}

static const char *state_of(const struct plan_service *service)
{
    if (service->live == NULL)
        return "new";
    return service->deleted ? "deleted" : "kept";
}

/*
 * Live services that have a name by which a new one would be found, and are others of the roster:
 * those are pinned by their SIDs.
 */
static json_t *namesakes_json(struct writer *writer, const struct service *wanted)
{
    const struct desired *desired = writer->plan->desired;
    json_t *out = json_array();
    size_t i;

    for (i = 0; i < desired->sid_count; i++) {
        const struct plan_service *other =
            &writer->plan->services[desired->by_sid[i] - desired->services];
        const char *name = other->live == NULL ? NULL : other->live->service.friendly_name;
        if (name != NULL &&
            (str_equal(name, wanted->friendly_name) || str_equal(name, wanted->renamed_from)))
            json_array_append_new(out, text_json(writer, other->live->service.sid,
                                                 written_of(other, offsetof(struct service, sid))));
    }
    return out;
}

static json_t *service_json(struct writer *writer, size_t index)
{
    const struct plan_service *service = &writer->plan->services[index];
    const struct service *desired = service->desired == NULL ? NULL : &service->desired->service;
    json_t *out = json_object(), *namesakes = NULL;

    json_object_set_new(
        out, "name",
        service->desired == NULL
            ? json_string(service->name)
            : text_json(writer, service->name,
                        written_of(service, offsetof(struct service, friendly_name))));
    json_object_set_new(out, "sid",
                        service->live == NULL
                            ? json_null()
                            : text_json(writer, service->live->service.sid,
                                        written_of(service, offsetof(struct service, sid))));
    json_object_set_new(out, "state", json_string(state_of(service)));
    json_object_set_new(out, "in_roster", json_boolean(service->desired != NULL));
    if (service->live == NULL && desired->renamed_from != NULL)
        json_object_set_new(out, "renamed_from",
                            text_json(writer, desired->renamed_from,
                                      written_of(service, offsetof(struct service, renamed_from))));
    if (service->live == NULL)
        namesakes = namesakes_json(writer, desired);
    if (json_array_size(namesakes) != 0)
        json_object_set(out, "namesakes", namesakes);
    json_decref(namesakes);
    json_object_set_new(out, "senders", tallies_json(service));
    json_object_set_new(
        out, "bindings",
        service->live == NULL
            ? json_object()
            : bindings_json(&writer->bindings, service->live, &writer->touched[index],
                            written_of(service, offsetof(struct service, friendly_name)) != NULL));
    return out;
}

static json_t *services_json(struct writer *writer)
{
    json_t *out = json_array();
    size_t i;

    for (i = 0; i < writer->plan->service_count; i++) {
        if (!writer->touched[i].any)
            continue;
        writer->index[i] = json_array_size(out);
        json_array_append_new(out, service_json(writer, i));
    }
    return out;
}

static json_t *changes_json(struct writer *writer)
{
    json_t *out = json_array();
    size_t i;

    for (i = 0; i < writer->plan->change_count; i++)
        json_array_append_new(out, change_json(writer, &writer->plan->changes[i]));
    return out;
}

static json_t *summary_json(const struct plan *plan)
{
    json_t *out = json_object();
    size_t kind;

    json_object_set_new(out, "changes", json_integer((json_int_t)plan->change_count));
    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++)
        json_object_set_new(out, change_kind_name((enum change_kind)kind),
                            json_integer((json_int_t)plan->counts[kind]));
    json_object_set_new(out, "senders_taken_out", json_integer((json_int_t)plan_removals(plan)));
    json_object_set_new(out, "services_declared",
                        json_integer((json_int_t)plan->desired->declared_count));
    json_object_set_new(out, "services_left_out",
                        json_integer((json_int_t)plan->desired->left_out_count));
    return out;
}

static json_t *drift_json(const struct plan *plan)
{
    json_t *out =
        json_pack("{sbss?}", "in_sync", drift_by_hand(plan) == 0, "baseline", plan->drift.baseline);
    size_t class;

    for (class = DRIFT_NONE + 1; class < DRIFT_CLASS_COUNT; class ++)
        json_object_set_new(out, drift_class_name((enum drift_class) class),
                            json_integer((json_int_t)drift_count(plan, (enum drift_class) class)));
    return out;
}

static json_t *limit_json(int64_t limit)
{
    return limit == GUARD_UNLIMITED ? json_null() : json_integer(limit);
}

static json_t *guards_json(struct writer *writer)
{
    const struct guard_limits *limits = &writer->plan->limits;
    const struct guards *guards = &writer->plan->desired->guards;
    json_t *out = json_object(), *protect = json_array();
    size_t i;

    json_object_set_new(out, "max_removals", limit_json(limits->max_removals));
    json_object_set_new(out, "max_deletes", limit_json(limits->max_deletes));
    for (i = 0; i < guards->protect_count; i++) {
        const struct desired_name *name = &guards->protect[i];
        json_array_append_new(
            protect, text_json(writer, name->name, name->shown == name->name ? NULL : name->shown));
    }
    json_object_set_new(out, "protect", protect);
    json_object_set_new(out, "take_over", json_boolean(limits->take_over));
    json_object_set_new(out, "allow_empty_service", json_boolean(limits->allow_empty_service));
    json_object_set_new(out, "allow_empty_roster", json_boolean(limits->allow_empty_roster));
    json_object_set_new(out, "allow_campaign_loss", json_boolean(limits->allow_campaign_loss));
    return out;
}

static json_t *refusals_json(const struct plan *plan)
{
    json_t *out = json_array();
    size_t i;

    for (i = 0; i < plan->refusal_count; i++)
        json_array_append_new(out, json_pack("{ssssss}", "guard", plan->refusals[i].guard,
                                             "message", plan->refusals[i].message, "allow",
                                             plan->refusals[i].allow));
    return out;
}

static json_t *hints_json(const struct plan *plan)
{
    json_t *out = json_array();
    size_t i;

    for (i = 0; i < plan->hint_count; i++)
        json_array_append_new(out, json_pack("{ssso}", "message", plan->hints[i].message, "place",
                                             place_json(&plan->hints[i].span)));
    return out;
}

static json_t *created_json(int64_t created)
{
    time_t seconds = (time_t)created;
    struct tm parts;
    char text[32];

    if (gmtime_r(&seconds, &parts) == NULL)
        return json_null();
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return json_string(text);
}

static json_t *source_json(const struct plan_origin *origin)
{
    return json_pack("{sossss?soss?}", "location", json_text_string(origin->location), "sha256",
                     origin->sha256, "commit", origin->commit, "author",
                     origin->author == NULL ? json_null() : json_text_string(origin->author),
                     "date", origin->date);
}

static json_t *head_json(const struct plan *plan)
{
    json_t *out = json_object(), *targets = json_array();
    size_t i;

    json_object_set_new(out, "format", json_string(PLAN_FORMAT));
    json_object_set_new(out, "version", json_integer(PLAN_VERSION));
    json_object_set_new(out, "created", created_json(plan->origin.created));
    json_object_set_new(out, "account_sid", json_string(plan->origin.account_sid));
    json_object_set_new(out, "source", source_json(&plan->origin));
    for (i = 0; i < plan->desired->target_count; i++)
        json_array_append_new(targets, json_text_string(plan->desired->targets[i]));
    json_object_set_new(out, "targets", targets);
    json_object_set_new(out, "summary", summary_json(plan));
    if (plan->drift.reported)
        json_object_set_new(out, "drift", drift_json(plan));
    return out;
}

json_t *plan_document(const struct plan *plan, const char *key)
{
    struct writer writer = {.plan = plan, .variables = json_object()};
    json_t *out = head_json(plan), *services, *changes;

    writer.touched = bindings_touched(plan, &writer.arena);
    writer.index = arena_array(&writer.arena, plan->service_count, sizeof(*writer.index));
    writer.bindings = (struct bindings){
        .key = key,
        .salt = plan_origin_salt(&plan->origin, &writer.arena),
        .arena = &writer.arena,
    };
    services = services_json(&writer);
    changes = changes_json(&writer);
    json_object_set_new(out, "guards", guards_json(&writer));
    json_object_set_new(out, "refusals", refusals_json(plan));
    if (plan->hint_count != 0)
        json_object_set_new(out, "hints", hints_json(plan));
    json_object_set_new(out, "services", services);
    json_object_set_new(out, "changes", changes);
    json_object_set_new(out, "variables", writer.variables);
    json_object_set_new(out, "integrity", plan_integrity(out, key));
    arena_release(&writer.arena);
    return out;
}

void plan_document_write(const json_t *document, struct buf *out)
{
    json_text_add_document(out, document);
}

json_t *plan_integrity(const json_t *document, const char *key)
{
    json_t *signed_part = json_copy((json_t *)document);
    char hex[DIGEST_HEX_SIZE];
    struct buf text;

    json_object_del(signed_part, "integrity");
    if (key == NULL)
        json_object_del(signed_part, "created");
    buf_init(&text, BUF_LIMIT_DEFAULT);
    (void)json_text_add(&text, signed_part, JSON_COMPACT | JSON_SORT_KEYS);
    if (key == NULL)
        digest_sha256(buf_text(&text), text.size, hex);
    else
        digest_hmac(key, buf_text(&text), text.size, hex);
    buf_release(&text);
    json_decref(signed_part);
    return json_pack("{ssss}", "algorithm", key == NULL ? "sha256" : "hmac-sha256", "value", hex);
}

static int check_change(const struct plan *plan, const struct change *change, struct diag *diag)
{
    const struct desired_service *desired = plan->services[change->service].desired;
    struct arena scratch = {0};
    int result = 0;
    size_t row;

    for (row = 0; row < resource_service.field_count; row++) {
        const struct field *field = &resource_service.fields[row];
        const char *text, *written;
        if ((change->rows >> row & 1) == 0 || field->type != &field_url ||
            !field_has_value(&desired->service.set, row))
            continue;
        written = desired->origins[row].written;
        text = *(const char *const *)field_member_const(field, &desired->service);
        if (mask(&scratch, written == NULL ? text : written, written != NULL) == NULL)
            continue;
        diag_error(diag, &desired->origins[row].span,
                   "the password in \"%s\" can't be put into a plan file", field->yaml_key);
        diag_help(diag, "take the URL, or its password, from the environment with ${NAME}");
        result = -1;
    }
    arena_release(&scratch);
    return result;
}

int plan_document_check(const struct plan *plan, struct diag *diag)
{
    int result = 0;
    size_t i;

    for (i = 0; i < plan->change_count; i++)
        if (check_change(plan, &plan->changes[i], diag) != 0)
            result = -1;
    return result;
}
