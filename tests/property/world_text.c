#include "world_text.h"

#include "base/attributes.h"
#include "sandbox/sandbox_request.h"
#include "sandbox/sandbox_settings.h"

#include <assert.h>
#include <string.h>

static const char hooks[] = "https://hooks.example.com";

char *world_lookup(const char *name)
{
    static char value[] = "https://hooks.example.com";
    return strcmp(name, "HOOKS") == 0 ? value : NULL;
}

static void add_value(const struct world *world, int row, int value, struct buf *out)
{
    const char *text = world_rows[row].values[value];

    if (world->variables && strncmp(text + 1, hooks, sizeof(hooks) - 1) == 0)
        buf_printf(out, "%s: \"${HOOKS}%s", world_rows[row].key, text + sizeof(hooks));
    else
        buf_printf(out, "%s: %s", world_rows[row].key, text);
}

static void add_defaults(const struct world *world, struct buf *out)
{
    bool any = false;
    int row;

    for (row = 0; row < WORLD_ROWS; row++) {
        if (world->defaults[row] == WORLD_NONE)
            continue;
        buf_add_text(out, any ? "  " : "defaults:\n  ");
        add_value(world, row, world->defaults[row], out);
        buf_add_char(out, '\n');
        any = true;
    }
}

/* All phone numbers that some service is to have. */
static void add_numbers(const struct world *world, struct buf *out)
{
    int i;

    if (!world->lists_numbers)
        return;
    buf_add_text(out, "numbers: [");
    for (i = 0; i < world->sender_count; i++)
        if (world->senders[i].kind == SANDBOX_PHONE_NUMBER &&
            world->senders[i].wanted != WORLD_NONE)
            buf_printf(out, "{phone_number: \"%s\"}, ", world->senders[i].address);
    buf_add_text(out, "]\n");
}

static void add_senders(const struct world *world, int entry, enum sandbox_kind kind,
                        struct buf *out)
{
    int i;

    for (i = 0; i < world->sender_count; i++) {
        const struct world_sender *sender = &world->senders[i];
        if (sender->kind != kind)
            continue;
        if (sender->wanted == entry)
            buf_printf(out, "\"%s\", ", sender->by_sid ? sender->sid : sender->address);
        if (sender->wanted_again == entry)
            buf_printf(out, "\"%s\", ", sender->by_sid ? sender->address : sender->sid);
    }
}

static void add_alphas(const struct world_entry *entry, enum sandbox_kind kind, struct buf *out)
{
    int i;

    if (kind == SANDBOX_ALPHA_SENDER && entry->alpha != WORLD_NONE)
        buf_printf(out, "\"%s\"", world_alphas[entry->alpha]);
    for (i = 0; i < WORLD_DESTINATIONS && kind == SANDBOX_DESTINATION_ALPHA_SENDER; i++)
        if ((entry->destinations >> i & 1) != 0)
            buf_printf(out, "{alpha_sender: \"%s\", iso_country_code: %s}, ",
                       world_destinations[i].alpha_sender, world_destinations[i].country);
}

static void add_entry(const struct world *world, int index, struct buf *out)
{
    static const char *const lists[] = {
        [SANDBOX_PHONE_NUMBER] = "phone_numbers",
        [SANDBOX_SHORT_CODE] = "short_codes",
        [SANDBOX_CHANNEL_SENDER] = "channel_senders",
        [SANDBOX_ALPHA_SENDER] = "alpha_senders",
        [SANDBOX_DESTINATION_ALPHA_SENDER] = "destination_alpha_senders",
    };
    const struct world_entry *entry = &world->entries[index];
    int row, kind;

    buf_printf(out, "  - friendly_name: \"%s\"\n", world_names[entry->name]);
    if (entry->pinned != WORLD_NONE)
        buf_printf(out, "    sid: %s\n", world->live[entry->pinned].sid);
    if (entry->pins_nothing)
        buf_add_text(out, "    sid: MG00000000000000000000000000000000\n");
    if (entry->renamed_from != WORLD_NONE)
        buf_printf(out, "    renamed_from: \"%s\"\n", world_names[entry->renamed_from]);
    for (row = 0; row < WORLD_ROWS; row++) {
        if (entry->values[row] == WORLD_NONE)
            continue;
        buf_add_text(out, "    ");
        add_value(world, row, entry->values[row], out);
        buf_add_char(out, '\n');
    }
    for (kind = 0; kind < SANDBOX_KINDS; kind++) {
        if ((entry->managed >> kind & 1) == 0)
            continue;
        buf_printf(out, "    %s: [", lists[kind]);
        if (kind < SANDBOX_ALPHA_SENDER)
            add_senders(world, index, (enum sandbox_kind)kind, out);
        else
            add_alphas(entry, (enum sandbox_kind)kind, out);
        buf_add_text(out, "]\n");
    }
}

void world_roster(const struct world *world, struct buf *out)
{
    int i;

    buf_add_text(out, "version: 1\n");
    if (world->prune)
        buf_add_text(out, "prune: true\n");
    add_defaults(world, out);
    add_numbers(world, out);
    buf_add_text(out, world->entry_count == 0 ? "services: []\n" : "services:\n");
    for (i = 0; i < world->entry_count; i++)
        add_entry(world, i, out);
}

/* The account's times mean nothing here. */
enum { LONG_AGO = 1700000000 };

static json_t *settings_of(const struct world_live *live)
{
    json_t *settings = sandbox_settings_default();
    int row;

    json_object_set_new(settings, "friendly_name", json_string(world_names[live->name]));
    for (row = 0; row < WORLD_ROWS; row++) {
        json_t *value =
            json_loads(world_rows[row].values[live->values[row]], JSON_DECODE_ANY, NULL);
        enum sandbox_setting_result result =
            sandbox_settings_set(settings, world_rows[row].key, value);
        assert(result == SANDBOX_SETTING_SET);
        (void)result;
        json_decref(value);
    }
    return settings;
}

static void add_service(const struct world_live *live, struct sandbox_store *store)
{
    struct sandbox_service *service =
        sandbox_service_add(store, live->sid, settings_of(live), LONG_AGO);
    int i;

    assert(service != NULL);
    service->us_app_to_person_registered = live->registered;
    if (live->alpha != WORLD_NONE)
        sandbox_member_add_alpha(store, service, NULL, world_alphas[live->alpha], LONG_AGO);
    for (i = 0; i < WORLD_DESTINATIONS; i++)
        if ((live->destinations >> i & 1) != 0)
            sandbox_member_add_destination(store, service, NULL, world_destinations[i].alpha_sender,
                                           world_destinations[i].country, LONG_AGO);
    if (live->anywhere)
        sandbox_member_add_destination(store, service, NULL, world_alphas[0], "", LONG_AGO);
}

void world_account(const struct world *world, struct sandbox_store *store)
{
    struct random_state random;
    int i;

    random_seed(&random, ~world->seed);
    sandbox_store_init(store, &random, LONG_AGO);
    memcpy(store->account_sid, WORLD_ACCOUNT_SID, sizeof(WORLD_ACCOUNT_SID));
    store->auth_token = WORLD_TOKEN;
    for (i = 0; i < world->live_count; i++)
        add_service(&world->live[i], store);
    for (i = 0; i < world->sender_count; i++) {
        const struct world_sender *sender = &world->senders[i];
        struct sandbox_sender *added;
        if (!sender->owned)
            continue;
        added = sandbox_sender_add(store, sender->kind, sender->sid, sender->address, LONG_AGO);
        assert(added != NULL);
        if (sender->mute)
            added->capabilities = SANDBOX_VOICE;
        if (sender->held != WORLD_NONE)
            sandbox_member_add(store, sandbox_service_find(store, world->live[sender->held].sid),
                               added, LONG_AGO);
    }
}
