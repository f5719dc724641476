/*
 * Blast radius: what a change breaks, said on the change that does it.
 */
#include "plan/diff.h"

#include "base/str.h"

#include <string.h>

static void add_note(struct plan *plan, struct change *change, const char *note)
{
    change->notes = arena_grow(&plan->arena, change->notes, change->note_count,
                               &change->note_capacity, sizeof(*change->notes));
    change->notes[change->note_count++] = note;
}

static bool sends_row(const struct change *change, size_t offset)
{
    return (change->rows >> resource_row_at(&resource_service, offset) & 1) != 0;
}

/* A service's setting as it is after the change. */
static const struct service *after(const struct plan_service *service, const struct change *change,
                                   size_t offset)
{
    return sends_row(change, offset) ? &service->desired->service : &service->live->service;
}

/* Whether messages that arrive are handed to anybody. */
static bool takes_inbound(const struct service *url, const struct service *on_number)
{
    return !str_is_empty(url->inbound_request_url) || on_number->use_inbound_webhook_on_number;
}

static void note_update(struct plan *plan, const struct plan_service *service,
                        struct change *change)
{
    const struct service *live = &service->live->service;
    const size_t url = offsetof(struct service, inbound_request_url);
    const size_t on_number = offsetof(struct service, use_inbound_webhook_on_number);

    if (takes_inbound(live, live) &&
        !takes_inbound(after(service, change, url), after(service, change, on_number)))
        add_note(plan, change, "inbound messages will be dropped");
    if (!str_is_empty(live->status_callback) &&
        str_is_empty(
            after(service, change, offsetof(struct service, status_callback))->status_callback))
        add_note(plan, change, "delivery statuses will be reported to nobody");
}

/* A new name for a service that is not there under its old one makes a second service, if misspelt.
 */
static void note_create(struct plan *plan, const struct plan_service *service,
                        struct change *change)
{
    const size_t row = resource_row_at(&resource_service, offsetof(struct service, renamed_from));
    const char *old = service->desired->service.renamed_from;

    if (service->desired->origins[row].written != NULL)
        old = service->desired->origins[row].written;
    if (old != NULL)
        add_note(plan, change,
                 arena_printf(&plan->arena,
                              "the account has no service \"%s\" to rename: a new one "
                              "is made",
                              old));
}

static void note_move(struct plan *plan, struct change *change)
{
    const struct plan_service *from = &plan->services[change->from];

    if (change->take_over)
        add_note(plan, change,
                 arena_printf(&plan->arena,
                              "taken over from \"%s\", whose %ss this plan does not "
                              "manage",
                              from->name, sender_types[change->sender_kind].label));
}

/* "2 phone numbers" */
static char *count_text(struct plan *plan, size_t count, const char *label)
{
    return arena_printf(&plan->arena, "%zu %s%s", count, label, count == 1 ? "" : "s");
}

static void note_delete(struct plan *plan, const struct plan_service *service,
                        struct change *change)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct sender_tally *tally = &service->senders[kind];
        const bool minted = sender_types[kind].origin == SENDER_MINTED;
        size_t count = tally->before - tally->moved_out;
        if (tally->known && count != 0)
            add_note(plan, change,
                     arena_printf(&plan->arena, "%s %s",
                                  count_text(plan, count, sender_types[kind].label),
                                  minted ? "will be lost" : "will be in no service"));
    }
    if (service->live->service.us_app_to_person_registered)
        add_note(plan, change, "deletes a registered A2P campaign: US sending stops at once");
}

/* Which service the change takes a sender out of; service_count when it takes none. */
static size_t loser_of(const struct plan *plan, const struct change *change)
{
    if (change->kind == CHANGE_REMOVE_SENDER)
        return change->service;
    return change->kind == CHANGE_MOVE_SENDER ? change->from : plan->service_count;
}

/* The last change that takes a sender out of a service which then has none says so. */
static void note_emptied(struct plan *plan)
{
    bool *noted = arena_array(&plan->arena, plan->service_count, sizeof(*noted));
    size_t i;

    for (i = plan->change_count; i-- > 0;) {
        size_t loser = loser_of(plan, &plan->changes[i]);
        const struct plan_service *service = &plan->services[loser];
        if (loser == plan->service_count || noted[loser] || service->deleted ||
            plan_senders_after(service) != 0)
            continue;
        noted[loser] = true;
        add_note(plan, &plan->changes[i],
                 arena_printf(&plan->arena, "last sender of \"%s\": it can send nothing any more",
                              service->name));
    }
}

/* A name that differs in capitals from a live one is probably misspelt. */
static void note_near_name(struct plan *plan, const struct plan_service *service,
                           struct change *change, const struct live_state *live)
{
    const size_t row = resource_row_at(&resource_service, offsetof(struct service, friendly_name));
    const char *name = service->desired->service.friendly_name;
    size_t i;

    if (service->desired->origins[row].written != NULL)
        return; /* not even nearly */
    for (i = 0; i < live->count; i++) {
        const char *other = live->services[i]->service.friendly_name;
        if (other == NULL || !str_equal_nocase(name, other) || strcmp(name, other) == 0)
            continue;
        add_note(plan, change,
                 arena_printf(&plan->arena,
                              "the account has \"%s\", whose name differs in capitals only",
                              other));
        return;
    }
}

void plan_note(struct plan *plan, const struct live_state *live)
{
    size_t i;

    note_emptied(plan);
    for (i = 0; i < plan->change_count; i++) {
        struct change *change = &plan->changes[i];
        const struct plan_service *service = &plan->services[change->service];
        if (change->kind == CHANGE_CREATE_SERVICE) {
            note_create(plan, service, change);
            note_near_name(plan, service, change, live);
        } else if (change->kind == CHANGE_UPDATE_SERVICE) {
            note_update(plan, service, change);
        } else if (change->kind == CHANGE_MOVE_SENDER) {
            note_move(plan, change);
        } else if (change->kind == CHANGE_DELETE_SERVICE) {
            note_delete(plan, service, change);
        } else if (change->kind == CHANGE_ADD_SENDER && change->replaces != CHANGE_NONE) {
            add_note(plan, &plan->changes[change->replaces],
                     arena_printf(&plan->arena, "the service has no %s until the new one is added",
                                  sender_types[change->sender_kind].label));
        }
    }
}
