#include "plan/bindings.h"

#include "base/buf.h"
#include "base/digest.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A digest that took long to make, kept because many services have the same URLs. */
struct slow_digest {
    const char *text;
    const char *hex;
};

static void touch_list(struct touched *touched, const struct change *change, size_t service)
{
    touched[service].any = true;
    touched[service].senders[change->sender_kind] = true;
}

static void touch_all(struct touched *touched)
{
    size_t kind;

    touched->any = touched->settings = true;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        touched->senders[kind] = true;
}

static void touch(struct touched *touched, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_MOVE_SENDER:
        touched[change->from].any = true;
        /* Of a list that the plan does not manage, only that the sender is in it. */
        if (!change->take_over)
            touch_list(touched, change, change->from);
        touch_list(touched, change, change->service);
        break;
    case CHANGE_ADD_SENDER:
    case CHANGE_REMOVE_SENDER:
        touch_list(touched, change, change->service);
        break;
    case CHANGE_UPDATE_SERVICE:
        touched[change->service].any = touched[change->service].settings = true;
        break;
    case CHANGE_DELETE_SERVICE:
        touch_all(&touched[change->service]);
        break;
    case CHANGE_CREATE_SERVICE:
    case CHANGE_KIND_COUNT:
        touched[change->service].any = true;
        break;
    }
}

struct touched *bindings_touched(const struct plan *plan, struct arena *arena)
{
    struct touched *touched = arena_array(arena, plan->service_count, sizeof(*touched));
    size_t i;

    for (i = 0; i < plan->change_count; i++)
        touch(touched, &plan->changes[i]);
    return touched;
}

static void digest(const struct bindings *bindings, const struct buf *text,
                   char hex[DIGEST_HEX_SIZE])
{
    if (bindings->key != NULL)
        digest_hmac(bindings->key, buf_text(text), text->size, hex);
    else
        digest_sha256(buf_text(text), text->size, hex);
}

static const char *slow_digest(struct bindings *bindings, const char *text)
{
    char hex[DIGEST_HEX_SIZE];
    size_t i;

    for (i = 0; i < bindings->slow_count; i++)
        if (strcmp(bindings->slow[i].text, text) == 0)
            return bindings->slow[i].hex;
    digest_slow(bindings->salt, text, strlen(text), hex);
    bindings->slow = arena_grow(bindings->arena, bindings->slow, bindings->slow_count,
                                &bindings->slow_capacity, sizeof(*bindings->slow));
    bindings->slow[bindings->slow_count++] = (struct slow_digest){
        arena_strdup(bindings->arena, text), arena_strdup(bindings->arena, hex)};
    return bindings->slow[i].hex;
}

/*
 * One setting, with its key and length, so that no two states have one text. What is unset, or not
 * reported, leaves no trace: a plan stays fresh when a newer roster knows another setting.
 */
static void add_row(const struct live_service *live, size_t row, struct buf *out)
{
    const struct field *field = &resource_service.fields[row];
    struct buf value;

    if (!field_has_value(&live->service.set, row))
        return;
    buf_init(&value, BUF_LIMIT_DEFAULT);
    field->type->encode(field, field_member_const(field, &live->service), &value);
    buf_printf(out, "%s %zu:%s\n", field->json_key, value.size, buf_text(&value));
    buf_release(&value);
}

static size_t name_row(void)
{
    return resource_row_at(&resource_service, offsetof(struct service, friendly_name));
}

/* URLs are where secrets are. */
static bool may_be_secret(size_t row, bool hidden_name)
{
    return resource_service.fields[row].type == &field_url || (hidden_name && row == name_row());
}

static bool counts(size_t row)
{
    const struct field *field = &resource_service.fields[row];
    return field->json_key != NULL &&
           (field->form_key != NULL ||
            field->offset == offsetof(struct service, us_app_to_person_registered));
}

/* The digest of plain text and of what may be secret, which without a key is made slow to guess. */
static json_t *digest_both(struct bindings *bindings, struct buf *text, const struct buf *secret)
{
    char hex[DIGEST_HEX_SIZE];

    if (secret->size != 0)
        buf_add_text(text, bindings->key != NULL ? buf_text(secret)
                                                 : slow_digest(bindings, buf_text(secret)));
    digest(bindings, text, hex);
    return json_string(hex);
}

/* The rows from `first` on up to `last` that count. */
static json_t *rows_json(struct bindings *bindings, const struct live_service *live, size_t first,
                         size_t last, bool hidden_name)
{
    struct buf text, secret;
    json_t *out;
    size_t row;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    buf_init(&secret, BUF_LIMIT_DEFAULT);
    for (row = first; row <= last; row++)
        if (counts(row))
            add_row(live, row, may_be_secret(row, hidden_name) ? &secret : &text);
    out = digest_both(bindings, &text, &secret);
    buf_release(&text);
    buf_release(&secret);
    return out;
}

static int compare_sids(const void *left, const void *right)
{
    const struct sender *const *a = left, *const *b = right;
    return strcasecmp((*a)->sid, (*b)->sid);
}

/* By SIDs, which say nothing: a sender of a SID never changes. */
static json_t *senders_json(const struct bindings *bindings, const struct live_senders *list)
{
    struct arena scratch = {0};
    const struct sender **sorted = arena_array(&scratch, list->count, sizeof(*sorted));
    struct buf text;
    char hex[DIGEST_HEX_SIZE];
    size_t i;

    buf_init(&text, BUF_LIMIT_DEFAULT);
    for (i = 0; i < list->count; i++)
        sorted[i] = &list->items[i];
    qsort(sorted, list->count, sizeof(*sorted), compare_sids);
    for (i = 0; i < list->count; i++)
        buf_printf(&text, "%s\n", sorted[i]->sid);
    digest(bindings, &text, hex);
    buf_release(&text);
    arena_release(&scratch);
    return json_string(hex);
}

json_t *bindings_json(struct bindings *bindings, const struct live_service *live,
                      const struct touched *touched, bool hidden_name)
{
    json_t *out = json_object();
    size_t kind;

    if (touched->settings)
        json_object_set_new(
            out, "settings",
            rows_json(bindings, live, 0, resource_service.field_count - 1, hidden_name));
    else
        json_object_set_new(out, "name",
                            rows_json(bindings, live, name_row(), name_row(), hidden_name));
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (touched->senders[kind])
            json_object_set_new(out, sender_types[kind].section->yaml_key,
                                senders_json(bindings, &live->senders[kind]));
    return out;
}
