/*
 * Proof of edited texts: they are read again and planned against the same live state.
 */
#include "plan/adopt_parts.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the texts are to mean, and what they do. */
struct proof {
    struct adopt *adopt;
    const bool *set;
    struct arena arena;
    struct doc *docs; /* of files that were changed */
    struct desired fresh;
    struct plan plan;
    size_t *index; /* by service of the roster: its index in the fresh one */
    struct diag found;
};

static size_t row_of(size_t offset)
{
    return resource_row_at(&resource_service, offset);
}

static const struct service *live_of(const struct adopt *adopt, size_t service)
{
    return &adopt->plan->services[service].live->service;
}

bool adopt_drops_renamed_from(const struct adopt *adopt, const struct adopt_item *item)
{
    const struct desired_service *service = adopt_desired(adopt, item->service);

    return item->row == row_of(offsetof(struct service, friendly_name)) &&
           str_equal(service->service.renamed_from, live_of(adopt, item->service)->friendly_name);
}

/* The name that an accepted item gives to what had the old one; itself when none does. */
static const char *new_name(const struct adopt *adopt, const bool *set, const char *name)
{
    const char *fresh = name;
    size_t named = 0, i;

    for (i = 0; i < adopt->desired->service_count; i++)
        named += str_equal(adopt->desired->services[i].service.friendly_name, name);
    for (i = 0; i < adopt->count && named == 1; i++) {
        const struct adopt_item *item = &adopt->items[i];
        if (set[i] && item->row == row_of(offsetof(struct service, friendly_name)) &&
            str_equal(adopt_desired(adopt, item->service)->service.friendly_name, name))
            fresh = live_of(adopt, item->service)->friendly_name;
    }
    return fresh;
}

/* Reading */

static int read_texts(struct proof *proof)
{
    struct adopt *adopt = proof->adopt;
    const struct doc **list = arena_array(&proof->arena, adopt->file_count, sizeof(*list));
    size_t i;

    proof->docs = arena_array(&proof->arena, adopt->file_count, sizeof(*proof->docs));
    for (i = 0; i < adopt->file_count; i++) {
        const struct adopt_file *file = &adopt->files[i];
        list[i] = file->changed ? &proof->docs[i] : file->doc;
        if (file->changed && doc_parse(&proof->docs[i], file->name, buf_text(&file->result),
                                       file->result.size, &proof->found) != 0)
            return -1;
    }
    return desired_parse(&proof->fresh, list, adopt->file_count, adopt->desired->lookup,
                         &proof->found);
}

static size_t count_entered(const struct adopt *adopt, const bool *set)
{
    size_t count = 0, i;
    for (i = 0; i < adopt->count; i++)
        count += set[i] && adopt_change(adopt, &adopt->items[i])->kind == CHANGE_DELETE_SERVICE;
    return count;
}

#define NOWHERE ((size_t)-1)

/* What is kept has its order; what is new comes last. */
static bool match_services(struct proof *proof)
{
    const struct adopt *adopt = proof->adopt;
    bool *removed = arena_array(&proof->arena, adopt->plan->service_count, sizeof(*removed));
    size_t kept = 0, i;

    for (i = 0; i < adopt->count; i++)
        if (proof->set[i] && adopt_change(adopt, &adopt->items[i])->kind == CHANGE_CREATE_SERVICE)
            removed[adopt->items[i].service] = true;
    proof->index = arena_array(&proof->arena, adopt->desired->service_count, sizeof(size_t));
    for (i = 0; i < adopt->desired->service_count; i++)
        proof->index[i] = removed[i] ? NOWHERE : kept++;
    return proof->fresh.service_count == kept + count_entered(adopt, proof->set);
}

/* Comparing */

static bool same_row(const struct resource *resource, size_t row, const void *a, const void *b)
{
    const struct field *field = &resource->fields[row];

    if (field_is_present(a, row) != field_is_present(b, row) ||
        field_is_null(a, row) != field_is_null(b, row))
        return false;
    return !field_has_value(a, row) ||
           field->type->equal(field, field_member_const(field, a), field_member_const(field, b));
}

static bool same_rows(const struct resource *resource, const void *a, const void *b)
{
    size_t row;
    for (row = 0; row < resource->field_count; row++)
        if (!same_row(resource, row, a, b))
            return false;
    return true;
}

/* The settings that the service is to have; `*touched` gets the rows that are others than before.
 */
static struct service expected_settings(const struct proof *proof, size_t service,
                                        uint64_t *touched)
{
    const struct adopt *adopt = proof->adopt;
    struct service expected = adopt->desired->services[service].service;
    const size_t renamed = row_of(offsetof(struct service, renamed_from));
    size_t i;

    *touched = 0;
    for (i = 0; i < adopt->count; i++) {
        const struct adopt_item *item = &adopt->items[i];
        if (!proof->set[i] || item->service != service || item->row == ADOPT_NO_ROW)
            continue;
        *touched |= UINT64_C(1) << item->row;
        resource_copy_row(&resource_service, item->row, &expected, live_of(adopt, service));
        if (!field_has_value(&live_of(adopt, service)->set, item->row))
            field_mark_null(&expected.set, item->row);
        if (adopt_drops_renamed_from(adopt, item))
            expected.set.present &= ~(UINT64_C(1) << renamed);
    }
    return expected;
}

static bool same_settings(const struct proof *proof, size_t service,
                          const struct desired_service *fresh)
{
    const struct desired_service *old = &proof->adopt->desired->services[service];
    uint64_t touched;
    const struct service expected = expected_settings(proof, service, &touched);
    size_t row;

    for (row = 0; row < resource_service.field_count; row++) {
        if (resource_service.fields[row].yaml_key == NULL)
            continue;
        if (!same_row(&resource_service, row, &expected, &fresh->service))
            return false;
        if ((touched >> row & 1) == 0 && field_is_present(&expected.set, row) &&
            !str_equal(old->origins[row].written, fresh->origins[row].written))
            return false;
    }
    return true;
}

static int compare_senders(const void *left, const void *right)
{
    const struct desired_sender *const *a = left, *const *b = right;
    return sender_compare(&(*a)->sender, &(*b)->sender);
}

/* A list that grows: the senders that a service is to have of one kind. */
struct wanted {
    const struct desired_sender **items;
    size_t count;
};

static struct desired_sender *sender_of(struct proof *proof, const struct adopt_item *item,
                                        size_t i)
{
    struct desired_sender *sender = arena_alloc(&proof->arena, sizeof(*sender));

    sender->sender = proof->adopt->plan->changes[item->first + i].sender;
    if (item->senders[i].by_sid)
        sender->sender.identity = sender->sender.sid;
    return sender;
}

/* Which changes of accepted items bring senders into the list, or take them out. */
static void apply_item(struct proof *proof, const struct adopt_item *item, size_t service,
                       enum sender_kind kind, bool *removed, struct wanted *wanted)
{
    const struct adopt *adopt = proof->adopt;
    const struct desired_service *self = &adopt->desired->services[service];
    size_t i;

    for (i = 0; i < item->count; i++) {
        const struct change *change = &adopt->plan->changes[item->first + i];
        if (!change_is_of_sender(change->kind) || change->sender_kind != kind)
            continue;
        if ((change->kind == CHANGE_REMOVE_SENDER && change->service == service) ||
            (change->kind == CHANGE_MOVE_SENDER && adopt_home(adopt, change) == self))
            wanted->items[wanted->count++] = sender_of(proof, item, i);
        else if (change->service == service)
            removed[adopt_sender_index(&self->senders[kind], change)] = true;
    }
}

static bool same_list(struct proof *proof, size_t service, enum sender_kind kind,
                      const struct desired_senders *fresh, const size_t *items, size_t count)
{
    const struct desired_senders *old = &proof->adopt->desired->services[service].senders[kind];
    struct wanted wanted = {0}, have = {0};
    size_t room = old->count, i;
    bool *removed = arena_array(&proof->arena, old->count + 1, sizeof(*removed));

    for (i = 0; i < count; i++)
        room += proof->adopt->items[items[i]].count;
    wanted.items = arena_array(&proof->arena, room, sizeof(struct desired_sender *));
    have.items = arena_array(&proof->arena, fresh->count, sizeof(struct desired_sender *));
    for (i = 0; i < count; i++)
        apply_item(proof, &proof->adopt->items[items[i]], service, kind, removed, &wanted);
    for (i = 0; i < old->count; i++)
        if (!removed[i])
            wanted.items[wanted.count++] = &old->items[i];
    for (i = 0; i < fresh->count; i++)
        have.items[have.count++] = &fresh->items[i];
    if (old->managed != fresh->managed || wanted.count != have.count)
        return false;
    qsort((void *)wanted.items, wanted.count, sizeof(*wanted.items), compare_senders);
    qsort((void *)have.items, have.count, sizeof(*have.items), compare_senders);
    for (i = 0; i < have.count; i++)
        if (compare_senders(&wanted.items[i], &have.items[i]) != 0 ||
            !str_equal(wanted.items[i]->origin.written, have.items[i]->origin.written) ||
            !str_equal(wanted.items[i]->country_written, have.items[i]->country_written))
            return false;
    return true;
}

/* Whether an item has to do with the senders of a service. */
static bool concerns(const struct adopt *adopt, const struct adopt_item *item, size_t service)
{
    size_t i;

    if (item->row != ADOPT_NO_ROW)
        return false;
    for (i = 0; i < item->count; i++) {
        const struct change *change = &adopt->plan->changes[item->first + i];
        if (change->service == service ||
            (change->kind == CHANGE_MOVE_SENDER && change->from == service))
            return true;
    }
    return false;
}

/* The first service that is not what it should be; NULL when all are. */
static const struct plan_service *other_service(struct proof *proof)
{
    const struct adopt *adopt = proof->adopt;
    size_t *items = arena_array(&proof->arena, adopt->count, sizeof(*items));
    size_t i, j, kind;

    for (i = 0; i < adopt->desired->service_count; i++) {
        const struct desired_service *fresh;
        size_t count = 0;
        if (proof->index[i] == NOWHERE)
            continue;
        fresh = &proof->fresh.services[proof->index[i]];
        for (j = 0; j < adopt->count; j++)
            if (proof->set[j] && concerns(adopt, &adopt->items[j], i))
                items[count++] = j;
        if (!same_settings(proof, i, fresh))
            return &adopt->plan->services[i];
        for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
            if (!same_list(proof, i, (enum sender_kind)kind, &fresh->senders[kind], items, count))
                return &adopt->plan->services[i];
    }
    return NULL;
}

static bool same_guards(const struct proof *proof)
{
    const struct guards *old = &proof->adopt->desired->guards, *fresh = &proof->fresh.guards;
    size_t i;

    if (old->set.present != fresh->set.present || old->max_removals != fresh->max_removals ||
        old->max_deletes != fresh->max_deletes || old->protect_count != fresh->protect_count)
        return false;
    for (i = 0; i < old->protect_count; i++)
        if (strcmp(new_name(proof->adopt, proof->set, old->protect[i].name),
                   fresh->protect[i].name) != 0)
            return false;
    return true;
}

static bool same_rest(const struct proof *proof)
{
    const struct desired *old = proof->adopt->desired, *fresh = &proof->fresh;
    size_t i;

    if (!same_rows(&resource_roster, &old->head, &fresh->head) || !same_guards(proof) ||
        old->number_count != fresh->number_count || old->test_send_count != fresh->test_send_count)
        return false;
    for (i = 0; i < old->number_count; i++)
        if (sender_compare(&old->numbers[i].sender, &fresh->numbers[i].sender) != 0)
            return false;
    for (i = 0; i < old->test_send_count; i++) {
        struct test_send expected = old->test_sends[i];
        const struct test_send *send = &fresh->test_sends[i];
        expected.service = new_name(proof->adopt, proof->set, expected.service);
        if (!same_rows(&resource_test_send, &expected, send) ||
            expected.expect.set.present != send->expect.set.present)
            return false;
    }
    return true;
}

/* Planning */

/* The targets are those of before, whatever the services are called now. */
static void narrow(struct proof *proof)
{
    const struct desired *old = proof->adopt->desired;
    size_t i;

    proof->fresh.targets = old->targets;
    proof->fresh.target_count = old->target_count;
    proof->fresh.left_out_count = old->left_out_count;
    for (i = 0; i < old->service_count; i++)
        if (proof->index[i] != NOWHERE)
            proof->fresh.services[proof->index[i]].left_out = old->services[i].left_out;
}

static bool same_service(const struct plan_service *a, const struct plan_service *b)
{
    if (a->live != NULL || b->live != NULL)
        return a->live == b->live;
    return str_equal(a->desired->service.friendly_name, b->desired->service.friendly_name);
}

static bool same_sender(const struct change *a, const struct change *b)
{
    return a->sender_kind == b->sender_kind && (sender_compare(&a->sender, &b->sender) == 0 ||
                                                (a->sender.sid != NULL && b->sender.sid != NULL &&
                                                 str_equal_nocase(a->sender.sid, b->sender.sid)));
}

/* Whether a change of the fresh plan is one of an item that was not accepted. */
static bool is_left(const struct proof *proof, const struct change *fresh,
                    const struct adopt_item *item)
{
    const struct plan *old = proof->adopt->plan;
    const struct plan_service *service = &proof->plan.services[fresh->service];
    size_t i;

    if (item->row != ADOPT_NO_ROW)
        return false;
    for (i = 0; i < item->count; i++) {
        const struct change *change = &old->changes[item->first + i];
        if (change_is_of_sender(fresh->kind) != change_is_of_sender(change->kind))
            continue;
        if (!change_is_of_sender(fresh->kind)) {
            if (fresh->kind == change->kind &&
                same_service(service, &old->services[change->service]))
                return true;
        } else if (same_sender(fresh, change) &&
                   (sender_types[fresh->sender_kind].exclusive ||
                    same_service(service, &old->services[change->service]))) {
            return true;
        }
    }
    return false;
}

static bool row_is_left(const struct proof *proof, const struct change *fresh, size_t row)
{
    const struct adopt *adopt = proof->adopt;
    size_t i;

    for (i = 0; i < adopt->count; i++)
        if (!proof->set[i] && adopt->items[i].row == row &&
            same_service(&proof->plan.services[fresh->service],
                         &adopt->plan->services[adopt->items[i].service]))
            return true;
    return false;
}

static bool is_accounted(const struct proof *proof, const struct change *fresh)
{
    size_t i;

    if (fresh->kind == CHANGE_UPDATE_SERVICE) {
        for (i = 0; i < resource_service.field_count; i++)
            if ((fresh->rows >> i & 1) != 0 && !row_is_left(proof, fresh, i))
                return false;
        return true;
    }
    for (i = 0; i < proof->adopt->count; i++)
        if (!proof->set[i] && is_left(proof, fresh, &proof->adopt->items[i]))
            return true;
    return false;
}

static const char *first_error(const struct proof *proof, const char *what)
{
    size_t i;

    for (i = 0; i < proof->found.count; i++)
        if (proof->found.items[i].level == DIAG_ERROR)
            return arena_printf(&proof->adopt->arena, "%s: %s", what,
                                proof->found.items[i].message);
    return what;
}

static const char *prove(struct proof *proof)
{
    const struct plan_service *other;
    size_t i;

    if (read_texts(proof) != 0)
        return first_error(proof, "the roster would not be right any more");
    if (!match_services(proof) || !same_rest(proof))
        return "the edit would change more of the roster than that";
    other = other_service(proof);
    if (other != NULL)
        return arena_printf(
            &proof->adopt->arena,
            "the edit would change \"%s\", too: an alias or a merge key leads there", other->name);
    narrow(proof);
    if (plan_build(&proof->plan, &proof->fresh, proof->adopt->live, &proof->found) != 0 &&
        proof->found.errors != plan_missing_pins(&proof->plan))
        return first_error(proof, "the roster would not fit the account");
    for (i = 0; i < proof->plan.change_count; i++)
        if (!is_accounted(proof, &proof->plan.changes[i]))
            return "a plan would still have something to change there";
    return NULL;
}

const char *adopt_prove(struct adopt *adopt, const bool *set)
{
    struct proof proof = {.adopt = adopt, .set = set};
    const char *problem;
    size_t i;

    diag_init(&proof.found);
    problem = prove(&proof);
    plan_release(&proof.plan);
    desired_release(&proof.fresh);
    for (i = 0; i < adopt->file_count && proof.docs != NULL; i++)
        doc_release(&proof.docs[i]);
    diag_release(&proof.found);
    arena_release(&proof.arena);
    return problem;
}
