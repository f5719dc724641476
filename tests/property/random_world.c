#include "random_world.h"

#include <stdio.h>
#include <string.h>

enum shape { SHAPE_SMALL, SHAPE_USUAL, SHAPE_FULL };

int random_int(struct random_state *random, int limit)
{
    return (int)random_below(random, (uint64_t)limit);
}

bool random_chance(struct random_state *random, int percent)
{
    return random_int(random, 100) < percent;
}

static int random_value(struct random_state *random, int row)
{
    return random_int(random, world_rows[row].values[2] == NULL ? 2 : 3);
}

/* Whether small worlds have more than the default there. */
static bool has_row(const struct world *world, int row)
{
    return !world->small || row == WORLD_ROW_STATUS_CALLBACK || row == WORLD_ROW_STICKY_SENDER;
}

static int random_row(const struct world *world, struct random_state *random, int row)
{
    if (!has_row(world, row))
        return 0;
    return world->small ? random_int(random, 2) : random_value(random, row);
}

static int random_alpha(const struct world *world, struct random_state *random)
{
    return random_int(random, world->small ? 2 : WORLD_ALPHAS);
}

static unsigned random_destinations(struct random_state *random)
{
    unsigned bits = 0;
    int i;
    for (i = 0; i < WORLD_DESTINATIONS; i++)
        bits |= (unsigned)random_chance(random, 25) << i;
    return bits;
}

static bool is_name_of_live(const struct world *world, int name)
{
    int i;
    for (i = 0; i < world->live_count; i++)
        if (world->live[i].name == name)
            return true;
    return false;
}

static void random_live(struct world *world, struct random_state *random)
{
    struct world_live *live = &world->live[world->live_count];
    int row, name = random_int(random, WORLD_NAMES);

    while (random_chance(random, 90) && is_name_of_live(world, name))
        name = random_int(random, WORLD_NAMES);
    snprintf(live->sid, sizeof(live->sid), "MG");
    random_hex(random, live->sid + 2, 32);
    live->name = name;
    for (row = 0; row < WORLD_ROWS; row++)
        live->values[row] = random_chance(random, 60) ? 0 : random_row(world, random, row);
    live->alpha = random_chance(random, 45) ? random_alpha(world, random) : WORLD_NONE;
    if (!world->small && random_chance(random, 40))
        live->destinations = random_destinations(random);
    /* Where both lists are one, this would stand in the way of an alpha sender of that text. */
    live->anywhere = !world->small && !world->alpha_in_destinations && random_chance(random, 5);
    live->registered = random_chance(random, 5);
    world->live_count++;
}

static bool is_name_of_entry(const struct world *world, int name)
{
    int i;
    for (i = 0; i < world->entry_count; i++)
        if (world->entries[i].name == name)
            return true;
    return false;
}

static int fresh_name(const struct world *world, struct random_state *random)
{
    int name = random_int(random, WORLD_NAMES);
    while (is_name_of_entry(world, name))
        name = random_int(random, WORLD_NAMES);
    return name;
}

/* How an entry says which live service it is. */
static void identify(const struct world *world, struct world_entry *entry, int live,
                     struct random_state *random)
{
    int how = random_int(random, 100), name = world->live[live].name;

    entry->name = fresh_name(world, random);
    if (how < 70 && !is_name_of_entry(world, name)) {
        entry->name = name;
        if (how < 12)
            entry->pinned = live;
        else if (how < 20)
            entry->renamed_from = random_int(random, WORLD_NAMES);
    } else if (how < 85) {
        entry->pinned = live;
    } else {
        entry->renamed_from = name;
    }
}

static void random_wishes(const struct world *world, struct world_entry *entry, int live,
                          struct random_state *random)
{
    const struct world_live *like = live == WORLD_NONE ? NULL : &world->live[live];
    int row;

    for (row = 0; row < WORLD_ROWS; row++) {
        entry->values[row] = WORLD_NONE;
        if (!has_row(world, row) || random_chance(random, world->small ? 40 : 65))
            continue;
        entry->values[row] = like != NULL && random_chance(random, 50)
                                 ? like->values[row]
                                 : random_row(world, random, row);
    }
    entry->managed = (unsigned)random_int(random, 1 << SANDBOX_KINDS) |
                     (unsigned)random_chance(random, 40) << SANDBOX_PHONE_NUMBER;
    if (world->small)
        entry->managed &= ~(1U << SANDBOX_CHANNEL_SENDER | 1U << SANDBOX_DESTINATION_ALPHA_SENDER);
    entry->alpha = random_chance(random, 60) ? random_alpha(world, random) : WORLD_NONE;
    if (!world->small)
        entry->destinations = random_destinations(random);
    if (like == NULL || random_chance(random, 60))
        return;
    entry->alpha = like->alpha;
    entry->destinations = like->destinations;
}

static void random_entry(struct world *world, int live, struct random_state *random)
{
    struct world_entry *entry = &world->entries[world->entry_count];

    entry->pinned = entry->renamed_from = WORLD_NONE;
    if (live == WORLD_NONE)
        entry->name = fresh_name(world, random);
    else
        identify(world, entry, live, random);
    random_wishes(world, entry, live, random);
    world->entry_count++;
}

static void shuffle_entries(struct world *world, struct random_state *random)
{
    int i;

    for (i = world->entry_count; i-- > 1;) {
        int j = random_int(random, i + 1);
        struct world_entry entry = world->entries[i];
        world->entries[i] = world->entries[j];
        world->entries[j] = entry;
    }
}

/* A roster is refused offline when it names one service twice. */
static void mend_renames(struct world *world)
{
    int i, j;

    for (i = 0; i < world->entry_count; i++) {
        struct world_entry *entry = &world->entries[i];
        if (is_name_of_entry(world, entry->renamed_from))
            entry->renamed_from = WORLD_NONE;
        for (j = 0; j < i; j++)
            if (world->entries[j].renamed_from == entry->renamed_from)
                entry->renamed_from = WORLD_NONE;
    }
}

/* Pins what is ambiguous, most of the time. */
static void mend_matches(struct world *world, struct random_state *random)
{
    int entry, live;

    if (!world->small && random_chance(random, 15))
        return;
    while (world_match(world, &entry) != NULL) {
        struct world_entry *ambiguous = &world->entries[entry];
        for (live = 0; live < world->live_count && ambiguous->pinned == WORLD_NONE; live++) {
            bool taken = false;
            int i;
            for (i = 0; i < world->entry_count; i++)
                taken = taken || world->entries[i].pinned == live;
            if (!taken && (world->live[live].name == ambiguous->name ||
                           world->live[live].name == ambiguous->renamed_from))
                ambiguous->pinned = live;
        }
    }
}

/* Drops new services of a small world until there are three with what is created. */
static void keep_small(struct world *world)
{
    for (;;) {
        int entry, slots = world->live_count, added = WORLD_NONE, i;
        (void)world_match(world, &entry);
        for (i = 0; i < world->entry_count; i++) {
            if (world->entries[i].live != WORLD_NONE)
                continue;
            added = i;
            slots++;
        }
        if (slots <= 3)
            return;
        world->entries[added] = world->entries[--world->entry_count];
    }
}

static void random_target(struct world *world, struct random_state *random)
{
    int name =
        world->entry_count == 0 ? 0 : world->entries[random_int(random, world->entry_count)].name;

    if ((world->entry_count == 0 && !world->prune) || !random_chance(random, 12))
        return;
    if (random_chance(random, 50))
        snprintf(world->target, sizeof(world->target), "%s", world_names[name]);
    else
        snprintf(world->target, sizeof(world->target), "%.1s*", world_names[name]);
}

static void random_services(struct world *world, enum shape shape, struct random_state *random)
{
    static const struct {
        int live_least, live_more, added_more, named_percent;
    } shapes[] = {
        [SHAPE_SMALL] = {0, 4, 2, 75},
        [SHAPE_USUAL] = {0, 7, 3, 75},
        [SHAPE_FULL] = {2, 2, 2, 90},
    };
    int count = shapes[shape].live_least + random_int(random, shapes[shape].live_more);
    int added = random_int(random, shapes[shape].added_more), i;

    for (i = 0; i < count; i++)
        random_live(world, random);
    for (i = 0; i < count; i++)
        if (random_chance(random, shapes[shape].named_percent))
            random_entry(world, i, random);
    for (i = 0; i < added; i++)
        random_entry(world, WORLD_NONE, random);
    shuffle_entries(world, random);
    mend_renames(world);
    mend_matches(world, random);
}

static void random_defaults(struct world *world, struct random_state *random)
{
    bool any = !world->small && random_chance(random, 20);
    int row;

    for (row = 0; row < WORLD_ROWS; row++)
        world->defaults[row] =
            any && random_chance(random, 15) ? random_value(random, row) : WORLD_NONE;
}

void random_world(struct world *world, uint64_t seed)
{
    struct random_state random;
    enum shape shape;
    int kind;

    memset(world, 0, sizeof(*world));
    world->seed = seed;
    random_seed(&random, seed);
    kind = random_int(&random, 100);
    shape = kind == 0 ? SHAPE_FULL : kind <= 40 ? SHAPE_SMALL : SHAPE_USUAL;
    world->small = shape == SHAPE_SMALL;
    world->prune = random_chance(&random, 25);
    world->lists_numbers = random_chance(&random, 10);
    world->variables = random_chance(&random, 30);
    world->alpha_in_destinations = random_chance(&random, 50);
    world->slow = random_chance(&random, 15);
    world->default_limits = random_chance(&random, 25);
    random_services(world, shape, &random);
    if (shape == SHAPE_SMALL)
        keep_small(world);
    random_defaults(world, &random);
    if (shape == SHAPE_USUAL && world->entry_count != 0 && random_chance(&random, 1)) {
        world->entries[0].pinned = WORLD_NONE;
        world->entries[0].pins_nothing = true;
    }
    random_target(world, &random);
    if (shape == SHAPE_FULL)
        random_full_pools(world, &random);
    else
        random_senders(world, &random);
}
