#include "world_check.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static const char *name_of(const struct sandbox_service *service)
{
    return json_string_value(json_object_get(service->settings, "friendly_name"));
}

static bool is_of_world(const struct world *world, const char *sid)
{
    int i;
    for (i = 0; i < world->live_count; i++)
        if (strcmp(world->live[i].sid, sid) == 0)
            return true;
    return false;
}

/* The service of a slot; one that was created has a SID that the world has not. */
static const struct sandbox_service *find(const struct world *world, int slot,
                                          const struct sandbox_store *store)
{
    const struct sandbox_service *found = NULL;
    size_t i;

    if (slot < WORLD_LIVE_MAX)
        return slot < world->live_count ? sandbox_service_find(store, world->live[slot].sid) : NULL;
    if (slot - WORLD_LIVE_MAX >= world->entry_count)
        return NULL;
    for (i = 0; i < store->services.count; i++) {
        const struct sandbox_service *service =
            (const struct sandbox_service *)store->services.rows[i];
        if (!is_of_world(world, service->row.sid) &&
            str_equal(name_of(service), world_names[world->entries[slot - WORLD_LIVE_MAX].name]))
            found = service;
    }
    return found;
}

static void check_settings(const struct world *world, int slot,
                           const struct sandbox_service *service, struct buf *out)
{
    const char *name = world_names[world_name(world, slot)];
    int row;

    if (!str_equal(name_of(service), name))
        buf_printf(out, "%s is called \"%s\", not \"%s\"\n", service->row.sid, name_of(service),
                   name);
    for (row = 0; row < WORLD_ROWS; row++) {
        const char *wanted = world_rows[row].values[world_value(world, slot, row)];
        json_t *value = json_loads(wanted, JSON_DECODE_ANY, NULL);
        const json_t *has = json_object_get(service->settings, world_rows[row].key);
        if (!json_equal(has, value)) {
            char *text = json_dumps(has, JSON_ENCODE_ANY);
            buf_printf(out, "\"%s\": %s is %s, not %s\n", name, world_rows[row].key, text, wanted);
            free(text);
        }
        json_decref(value);
    }
    if (slot < WORLD_LIVE_MAX &&
        service->us_app_to_person_registered != world->live[slot].registered)
        buf_printf(out, "\"%s\": the campaign has changed\n", name);
}

static bool has_alpha(const struct sandbox_service *service, enum sandbox_kind kind,
                      const char *text, const char *country)
{
    size_t i;

    for (i = 0; i < service->pools[kind].count; i++) {
        const struct sandbox_member *member =
            (const struct sandbox_member *)service->pools[kind].rows[i];
        if (strcmp(member->alpha_sender, text) == 0 && strcmp(member->destination, country) == 0)
            return true;
    }
    return false;
}

static void check_alpha(const struct sandbox_service *service, enum sandbox_kind kind,
                        const char *text, const char *country, bool wanted, struct buf *out)
{
    if (has_alpha(service, kind, text, country) != wanted)
        buf_printf(out, "\"%s\": alpha sender %s %s %s\n", name_of(service), text, country,
                   wanted ? "is missing" : "is there");
}

static void check_alphas(const struct world *world, int slot, const struct sandbox_service *service,
                         struct buf *out)
{
    int alpha = world_alpha(world, slot), i;
    unsigned bits = world_destinations_of(world, slot);
    bool anywhere = slot < WORLD_LIVE_MAX && world->live[slot].anywhere;
    size_t count = anywhere;

    for (i = 0; i < WORLD_ALPHAS; i++)
        check_alpha(service, SANDBOX_ALPHA_SENDER, world_alphas[i], "", i == alpha, out);
    for (i = 0; i < WORLD_DESTINATIONS; i++) {
        bool wanted = (bits >> i & 1) != 0;
        check_alpha(service, SANDBOX_DESTINATION_ALPHA_SENDER, world_destinations[i].alpha_sender,
                    world_destinations[i].country, wanted, out);
        count += wanted;
    }
    check_alpha(service, SANDBOX_DESTINATION_ALPHA_SENDER, world_alphas[0], "", anywhere, out);
    if (service->pools[SANDBOX_ALPHA_SENDER].count != (alpha != WORLD_NONE) ||
        service->pools[SANDBOX_DESTINATION_ALPHA_SENDER].count != count)
        buf_printf(out, "\"%s\": the number of alpha senders is wrong\n", name_of(service));
}

static void check_service(const struct world *world, int slot, const struct sandbox_store *store,
                          struct buf *out)
{
    const struct sandbox_service *service = find(world, slot, store);

    if (!world_remains(world, slot)) {
        if (service != NULL)
            buf_printf(out, "\"%s\" (%s) is there\n", name_of(service), service->row.sid);
        return;
    }
    if (service == NULL) {
        buf_printf(out, "\"%s\" is missing\n", world_names[world_name(world, slot)]);
        return;
    }
    check_settings(world, slot, service, out);
    check_alphas(world, slot, service, out);
}

/* A sender's own word on where it is, which the services' lists have to agree with in number. */
static void check_senders(const struct world *world, const struct sandbox_store *store,
                          struct buf *out)
{
    size_t owned[SANDBOX_ALPHA_SENDER] = {0}, placed = 0, listed = 0, i;
    int kind;

    for (i = 0; i < (size_t)world->sender_count; i++) {
        const struct world_sender *wanted = &world->senders[i];
        const struct sandbox_sender *sender = sandbox_sender_find(store, wanted->kind, wanted->sid);
        int place = world_place(world, wanted);
        const struct sandbox_service *service =
            place == WORLD_NONE ? NULL : find(world, place, store);
        owned[wanted->kind] += wanted->owned;
        if ((sender != NULL) != wanted->owned)
            buf_printf(out, "%s %s\n", wanted->address, sender == NULL ? "is lost" : "is new");
        if (sender == NULL)
            continue;
        placed += sender->member != NULL;
        if ((sender->member == NULL ? NULL : sender->member->service) != service)
            buf_printf(out, "%s is in %s, not in %s\n", wanted->address,
                       sender->member == NULL ? "none" : name_of(sender->member->service),
                       service == NULL ? "none" : name_of(service));
    }
    for (kind = 0; kind < SANDBOX_ALPHA_SENDER; kind++) {
        if (store->senders[kind].count != owned[kind])
            buf_printf(out, "the account has %zu senders of kind %d, not %zu\n",
                       store->senders[kind].count, kind, owned[kind]);
        for (i = 0; i < store->services.count; i++)
            listed += ((const struct sandbox_service *)store->services.rows[i])->pools[kind].count;
    }
    if (listed != placed)
        buf_printf(out, "services have %zu senders, of which %zu know it\n", listed, placed);
}

void world_check(const struct world *world, const struct sandbox_store *store, struct buf *out)
{
    size_t count = 0;
    int slot;

    for (slot = 0; slot < WORLD_SLOTS; slot++) {
        check_service(world, slot, store, out);
        count += world_remains(world, slot);
    }
    if (store->services.count != count)
        buf_printf(out, "the account has %zu services, not %zu\n", store->services.count, count);
    check_senders(world, store, out);
}
