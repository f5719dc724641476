#include "world.h"

#include "base/attributes.h"

#include <string.h>

const char *const world_names[WORLD_NAMES] = {
    "Orders", "Order codes",    "Order: #1", "Alerts",       "alerts",  "Billing", "Support",
    "A",      "B & C <d> 100%", "Größe 5 €", "'quoted' - x", "Reports", "Signup",  "null",
};

const struct world_row world_rows[WORLD_ROWS] = {
    {"inbound_request_url",
     {"null", "\"https://hooks.example.com/in\"", "\"https://x.example.com/a?b=c&d=%20#e\""}},
    {"inbound_method", {"\"POST\"", "\"GET\"", NULL}},
    {"fallback_url", {"null", "\"https://hooks.example.com/fallback\"", NULL}},
    {"fallback_method", {"\"POST\"", "\"GET\"", NULL}},
    [WORLD_ROW_STATUS_CALLBACK] = {"status_callback",
                                   {"null", "\"https://hooks.example.com/status\"",
                                    "\"https://hooks.example.com/Status\""}},
    [WORLD_ROW_STICKY_SENDER] = {"sticky_sender", {"true", "false", NULL}},
    {"mms_converter", {"true", "false", NULL}},
    {"smart_encoding", {"true", "false", NULL}},
    {"scan_message_content", {"\"inherit\"", "\"enable\"", "\"disable\""}},
    {"fallback_to_long_code", {"true", "false", NULL}},
    {"area_code_geomatch", {"true", "false", NULL}},
    {"validity_period", {"36000", "1", "14400"}},
    {"synchronous_validation", {"true", "false", NULL}},
    {"usecase", {"\"undeclared\"", "\"marketing\"", "\"poll\""}},
    {"use_inbound_webhook_on_number", {"false", "true", NULL}},
};

const char *const world_alphas[WORLD_ALPHAS] = {"ACME", "Acme", "A-1 & co+_"};

const struct world_destination world_destinations[WORLD_DESTINATIONS] = {
    {"ACME", "GB"}, {"ACME", "DE"}, {"Acme", "GB"}, {"ACME UK", "GB"}, {"ACME", "FR"},
};

bool world_is_target(const struct world *world, int name)
{
    size_t size = strlen(world->target);

    if (size == 0)
        return true;
    if (world->target[size - 1] == '*')
        return strncmp(world->target, world_names[name], size - 1) == 0;
    return strcmp(world->target, world_names[name]) == 0;
}

static bool is_pinned(const struct world *world, int live)
{
    int i;
    for (i = 0; i < world->entry_count; i++)
        if (world->entries[i].pinned == live)
            return true;
    return false;
}

/* Live services of that name that no entry pins; the first one in `*first`. */
static int count_called(const struct world *world, int name, int *first)
{
    int count = 0, i;

    for (i = world->live_count; i-- > 0;) {
        if (world->live[i].name != name || is_pinned(world, i))
            continue;
        *first = i;
        count++;
    }
    return count;
}

static const char *match_entry(const struct world *world, struct world_entry *entry)
{
    int count;

    entry->live = entry->pinned;
    if (entry->pins_nothing)
        return "a pinned service is not there";
    if (entry->pinned != WORLD_NONE)
        return NULL;
    count = count_called(world, entry->name, &entry->live);
    if (count == 0 && entry->renamed_from != WORLD_NONE)
        count = count_called(world, entry->renamed_from, &entry->live);
    return count > 1 ? "several services have the name" : NULL;
}

const char *world_match(struct world *world, int *entry)
{
    const char *problem = NULL;
    int i;

    for (i = 0; i < world->entry_count; i++) {
        const char *found = match_entry(world, &world->entries[i]);
        world->entries[i].left_out = !world_is_target(world, world->entries[i].name);
        /* Of what is not looked at, nothing has to be clear. */
        if (found != NULL && world->entries[i].left_out)
            world->entries[i].live = WORLD_NONE;
        if (found == NULL || problem != NULL || world->entries[i].left_out)
            continue;
        problem = found;
        *entry = i;
    }
    return problem;
}

int world_slot_of(const struct world *world, int entry)
{
    int live = world->entries[entry].live;
    return live == WORLD_NONE ? WORLD_LIVE_MAX + entry : live;
}

const struct world_entry *world_owner(const struct world *world, int slot)
{
    int i;
    for (i = 0; i < world->entry_count; i++)
        if (world_slot_of(world, i) == slot && !world->entries[i].left_out)
            return &world->entries[i];
    return NULL;
}

/* Whether an entry names the live service in any way, be it for another one in the end. */
static bool is_named(const struct world *world, int live)
{
    int i;

    for (i = 0; i < world->entry_count; i++) {
        const struct world_entry *entry = &world->entries[i];
        if (entry->pinned == live)
            return true;
        if (entry->pinned == WORLD_NONE && !entry->pins_nothing &&
            (entry->name == world->live[live].name ||
             entry->renamed_from == world->live[live].name))
            return true;
    }
    return false;
}

bool world_is_pruned(const struct world *world, int live)
{
    return world->prune && !is_named(world, live) && world_is_target(world, world->live[live].name);
}

bool world_remains(const struct world *world, int slot)
{
    if (slot < WORLD_LIVE_MAX)
        return slot < world->live_count && !world_is_pruned(world, slot);
    return world_owner(world, slot) != NULL;
}

int world_wish(const struct world *world, const struct world_entry *entry, int row)
{
    return entry->values[row] == WORLD_NONE ? world->defaults[row] : entry->values[row];
}

int world_name(const struct world *world, int slot)
{
    const struct world_entry *owner = world_owner(world, slot);
    return owner == NULL ? world->live[slot].name : owner->name;
}

int world_value(const struct world *world, int slot, int row)
{
    const struct world_entry *owner = world_owner(world, slot);
    int wish = owner == NULL ? WORLD_NONE : world_wish(world, owner, row);

    if (wish != WORLD_NONE)
        return wish;
    return slot < WORLD_LIVE_MAX ? world->live[slot].values[row] : 0;
}

static bool is_managed(const struct world_entry *owner, enum sandbox_kind kind)
{
    return owner != NULL && (owner->managed >> kind & 1) != 0;
}

int world_alpha(const struct world *world, int slot)
{
    const struct world_entry *owner = world_owner(world, slot);

    if (is_managed(owner, SANDBOX_ALPHA_SENDER))
        return owner->alpha;
    return slot < WORLD_LIVE_MAX ? world->live[slot].alpha : WORLD_NONE;
}

unsigned world_destinations_of(const struct world *world, int slot)
{
    const struct world_entry *owner = world_owner(world, slot);

    if (is_managed(owner, SANDBOX_DESTINATION_ALPHA_SENDER))
        return owner->destinations;
    return slot < WORLD_LIVE_MAX ? world->live[slot].destinations : 0;
}

int world_place(const struct world *world, const struct world_sender *sender)
{
    if (sender->wanted != WORLD_NONE && !world->entries[sender->wanted].left_out)
        return world_slot_of(world, sender->wanted);
    if (sender->held == WORLD_NONE || world_is_pruned(world, sender->held) ||
        is_managed(world_owner(world, sender->held), sender->kind))
        return WORLD_NONE;
    return sender->held;
}

bool world_is_pooled(const struct world_sender *sender)
{
    return sender->kind == SANDBOX_PHONE_NUMBER || sender->kind == SANDBOX_SHORT_CODE;
}

static const char *refuse_sender(const struct world *world, const struct world_sender *sender)
{
    bool looked_at = sender->wanted != WORLD_NONE && !world->entries[sender->wanted].left_out;

    if (sender->wanted_again != WORLD_NONE &&
        (sender->wanted_again != sender->wanted || sender->held == WORLD_NONE ||
         sender->held != world->entries[sender->wanted].live))
        return "a channel sender is wanted twice";
    if (world->lists_numbers && sender->kind == SANDBOX_PHONE_NUMBER && !sender->owned &&
        sender->wanted != WORLD_NONE)
        return "the account does not own a number that \"numbers\" has";
    if (!looked_at)
        return NULL;
    if (!sender->owned)
        return "the account does not own a sender";
    if (sender->mute)
        return "a number can't send";
    if (sender->kind == SANDBOX_CHANNEL_SENDER && !sender->by_sid && sender->held == WORLD_NONE)
        return "the SID of a channel sender is not known";
    return NULL;
}

/* How many numbers and short codes each slot has in the end. */
static void count_pools(const struct world *world, int counts[WORLD_SLOTS])
{
    int i;

    memset(counts, 0, WORLD_SLOTS * sizeof(*counts));
    for (i = 0; i < world->sender_count; i++) {
        int place = world_place(world, &world->senders[i]);
        if (place != WORLD_NONE && world_is_pooled(&world->senders[i]))
            counts[place]++;
    }
}

const char *world_refusal(struct world *world)
{
    int counts[WORLD_SLOTS], entry, i;
    const char *problem = world_match(world, &entry);

    for (i = 0; i < world->sender_count && problem == NULL; i++)
        problem = refuse_sender(world, &world->senders[i]);
    if (problem != NULL)
        return problem;
    count_pools(world, counts);
    for (i = 0; i < WORLD_SLOTS; i++)
        if (counts[i] > SANDBOX_POOL_MAX)
            return "a service would have too many senders";
    return NULL;
}

/* Whether the live service loses the last of what a roster can name. */
static bool is_emptied(const struct world *world, int live)
{
    bool before = world->live[live].alpha != WORLD_NONE || world->live[live].destinations != 0;
    bool after = world_alpha(world, live) != WORLD_NONE || world_destinations_of(world, live) != 0;
    int i;

    for (i = 0; i < world->sender_count; i++) {
        before = before || world->senders[i].held == live;
        after = after || world_place(world, &world->senders[i]) == live;
    }
    return before && !after && world_remains(world, live);
}

/* Whether the sender leaves a list that the plan does not manage, for another service. */
static bool is_taken_over(const struct world *world, const struct world_sender *sender)
{
    int place = world_place(world, sender);
    return sender->held != WORLD_NONE && place != WORLD_NONE && place != sender->held &&
           !world_is_pruned(world, sender->held) &&
           !is_managed(world_owner(world, sender->held), sender->kind);
}

void world_guards(const struct world *world, struct buf *names)
{
    bool emptied = false, taken_over = false, campaign_lost = false, deleted = false;
    int i;

    for (i = 0; i < world->live_count; i++) {
        emptied = emptied || is_emptied(world, i);
        deleted = deleted || world_is_pruned(world, i);
        campaign_lost = campaign_lost || (world_is_pruned(world, i) && world->live[i].registered);
    }
    for (i = 0; i < world->sender_count; i++)
        taken_over = taken_over || is_taken_over(world, &world->senders[i]);
    buf_add_text(names, emptied ? "empty_service " : "");
    buf_add_text(names, taken_over ? "take_over " : "");
    buf_add_text(names, campaign_lost ? "campaign_loss " : "");
    buf_add_text(names, deleted && world->entry_count == 0 ? "empty_roster " : "");
}

/* Numbers and short codes of a live service. */
struct traffic {
    int before, stay, come, come_from_nowhere, leave_for_nowhere;
};

static struct traffic count_traffic(const struct world *world, int live)
{
    struct traffic traffic = {0};
    int i;

    for (i = 0; i < world->sender_count; i++) {
        const struct world_sender *sender = &world->senders[i];
        int place;
        if (!world_is_pooled(sender))
            continue;
        place = world_place(world, sender);
        traffic.before += sender->held == live;
        traffic.stay += sender->held == live && place == live;
        traffic.leave_for_nowhere += sender->held == live && place == WORLD_NONE;
        traffic.come += sender->held != live && place == live;
        traffic.come_from_nowhere += sender->held == WORLD_NONE && place == live;
    }
    return traffic;
}

bool world_is_tight(const struct world *world, int live)
{
    const struct traffic traffic = count_traffic(world, live);
    return traffic.come != 0 && traffic.before + traffic.come > SANDBOX_POOL_MAX;
}

/* Whether all that the service has moves away, and all that it gets moves in. */
static bool is_swept(const struct world *world, int live)
{
    const struct traffic traffic = count_traffic(world, live);
    return traffic.stay + traffic.leave_for_nowhere + traffic.come_from_nowhere == 0 &&
           traffic.come != 0 && !world_is_tight(world, live);
}

/* The swept services, as bits, whose senders move to one of `services`. */
static unsigned swept_sources(const struct world *world, unsigned services)
{
    unsigned sources = 0;
    int i;

    for (i = 0; i < world->sender_count; i++) {
        const struct world_sender *sender = &world->senders[i];
        int place = world_place(world, sender);
        if (world_is_pooled(sender) && sender->held != WORLD_NONE && sender->held != place &&
            place >= 0 && place < WORLD_LIVE_MAX && (services >> place & 1) != 0 &&
            is_swept(world, sender->held))
            sources |= 1U << sender->held;
    }
    return sources;
}

/* Whether its senders go round in a circle of such services. */
static bool is_in_circle(const struct world *world, int live)
{
    unsigned sources = swept_sources(world, 1U << live), before = 0;

    while (sources != before) {
        before = sources;
        sources |= swept_sources(world, sources);
    }
    return is_swept(world, live) && (sources >> live & 1) != 0;
}

bool world_is_never_empty(const struct world *world, int live)
{
    const struct traffic traffic = count_traffic(world, live);

    if (world_is_pruned(world, live) || traffic.before == 0 || traffic.stay + traffic.come == 0)
        return false;
    return traffic.stay != 0 || (!world_is_tight(world, live) && !is_in_circle(world, live));
}
