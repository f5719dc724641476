#include "random_world.h"

#include <stdio.h>
#include <string.h>

/* How the senders of a world are to go about. */
enum flow {
    FLOW_ANYWHERE,
    FLOW_AROUND, /* from each entry's service to the next one's: swaps and cycles */
    FLOW_STAY,
    FLOWS,
};

static const char *const prefixes[] = {"PN", "SC", "XE"};

/* Addresses have the sender's number in them, so that they differ. */
static struct world_sender *add_sender(struct world *world, enum sandbox_kind kind,
                                       struct random_state *random)
{
    static const char *const formats[] = {"+1500555%04d", "8%04d", "whatsapp:+1500666%04d"};
    struct world_sender *sender = &world->senders[world->sender_count++];

    sender->kind = kind;
    sender->owned = true;
    sender->held = sender->wanted = sender->wanted_again = WORLD_NONE;
    snprintf(sender->sid, sizeof(sender->sid), "%s", prefixes[kind]);
    random_hex(random, sender->sid + 2, 32);
    if (kind == SANDBOX_CHANNEL_SENDER && random_chance(random, 20))
        snprintf(sender->address, sizeof(sender->address), "messenger:page%d", world->sender_count);
    else
        snprintf(sender->address, sizeof(sender->address),
                 kind == SANDBOX_PHONE_NUMBER && random_chance(random, 10) ? "+4420718%04d"
                                                                           : formats[kind],
                 world->sender_count);
    return sender;
}

static bool manages(const struct world *world, int entry, enum sandbox_kind kind)
{
    return entry != WORLD_NONE && (world->entries[entry].managed >> kind & 1) != 0;
}

static int entry_of(const struct world *world, int live)
{
    int i;
    for (i = 0; i < world->entry_count && live != WORLD_NONE; i++)
        if (world->entries[i].live == live)
            return i;
    return WORLD_NONE;
}

static int any_entry(const struct world *world, struct random_state *random)
{
    return world->entry_count == 0 ? WORLD_NONE : random_int(random, world->entry_count);
}

static int goes_to(const struct world *world, const struct world_sender *sender, enum flow flow,
                   struct random_state *random)
{
    int here = entry_of(world, sender->held);

    switch (flow) {
    case FLOW_AROUND:
        if (here != WORLD_NONE)
            return random_chance(random, 90) ? (here + 1) % world->entry_count : WORLD_NONE;
        return random_chance(random, 20) ? any_entry(world, random) : WORLD_NONE;
    case FLOW_STAY:
        return random_chance(random, 95) ? here : any_entry(world, random);
    case FLOW_ANYWHERE:
    case FLOWS:
        break;
    }
    if (random_chance(random, 40))
        return here;
    return random_chance(random, 65) ? any_entry(world, random) : WORLD_NONE;
}

/* What makes a roster one that can't be planned, now and then. */
static void spoil(struct world *world, struct world_sender *sender, struct random_state *random)
{
    if (sender->kind == SANDBOX_CHANNEL_SENDER) {
        int again = any_entry(world, random);
        if (random_chance(random, 50) && world->target[0] == '\0' &&
            manages(world, again, sender->kind))
            sender->wanted_again = again;
        else
            sender->by_sid = false;
        return;
    }
    if (sender->held == WORLD_NONE && random_chance(random, 50))
        sender->owned = false;
    else if (sender->held == WORLD_NONE && sender->kind == SANDBOX_PHONE_NUMBER)
        sender->mute = true;
}

static void random_sender(struct world *world, enum sandbox_kind kind, enum flow flow,
                          struct random_state *random)
{
    struct world_sender *sender = add_sender(world, kind, random);

    if (world->live_count != 0 && random_chance(random, 75))
        sender->held = random_int(random, world->live_count);
    sender->wanted = goes_to(world, sender, flow, random);
    if (!manages(world, sender->wanted, kind))
        sender->wanted = WORLD_NONE;
    if (sender->wanted == WORLD_NONE)
        return;
    sender->by_sid =
        kind == SANDBOX_CHANNEL_SENDER && (sender->held == WORLD_NONE || random_chance(random, 50));
    if (!world->small && random_chance(random, kind == SANDBOX_CHANNEL_SENDER ? 15 : 2))
        spoil(world, sender, random);
}

void random_senders(struct world *world, struct random_state *random)
{
    int most[] = {9, 4, 3}, kind, i;
    enum flow flow = (enum flow)random_int(random, FLOWS);

    for (kind = 0; kind <= SANDBOX_CHANNEL_SENDER; kind++) {
        int count = random_int(random, most[kind]);
        for (i = 0; i < count && !world->small; i++)
            random_sender(world, (enum sandbox_kind)kind, flow, random);
    }
    if (!world->small)
        return;
    most[0] = random_int(random, 4);
    for (i = 0; i < most[0]; i++)
        random_sender(world, random_chance(random, 75) ? SANDBOX_PHONE_NUMBER : SANDBOX_SHORT_CODE,
                      flow, random);
}

/* How senders of full pools go about. */
struct exchange {
    int percent_around; /* that go to the next entry */
    int percent_away, percent_anywhere;
};

static int exchanged(const struct world *world, const struct world_sender *sender,
                     const struct exchange *exchange, struct random_state *random)
{
    int here = entry_of(world, sender->held);

    if (here != WORLD_NONE && random_chance(random, exchange->percent_around))
        return (here + 1) % world->entry_count;
    if (random_chance(random, exchange->percent_away))
        return WORLD_NONE;
    return random_chance(random, exchange->percent_anywhere) || sender->held == WORLD_NONE
               ? any_entry(world, random)
               : here;
}

/*
 * Lets each entry have as many as it may. Who stays comes first; what finds no room is let go of,
 * or stays as well.
 */
static void settle(struct world *world)
{
    int counts[WORLD_ENTRY_MAX] = {0}, pass, i;

    for (pass = 0; pass < 2; pass++) {
        for (i = 0; i < world->sender_count; i++) {
            struct world_sender *sender = &world->senders[i];
            int here = entry_of(world, sender->held);
            if (!manages(world, sender->wanted, sender->kind))
                sender->wanted = WORLD_NONE;
            if (sender->wanted == WORLD_NONE || (sender->wanted == here) != (pass == 0))
                continue;
            if (counts[sender->wanted] == SANDBOX_POOL_MAX)
                sender->wanted = WORLD_NONE;
            else
                counts[sender->wanted]++;
        }
    }
}

/* Mostly both kinds of every pool, or the few short codes of it alone. */
static void manage_full_pools(struct world *world, struct random_state *random)
{
    const unsigned numbers = 1U << SANDBOX_PHONE_NUMBER, codes = 1U << SANDBOX_SHORT_CODE;
    int how = random_int(random, 100), i;

    for (i = 0; i < world->entry_count; i++) {
        struct world_entry *entry = &world->entries[i];
        if (how < 55)
            entry->managed |= numbers | codes;
        else if (how < 85)
            entry->managed = (entry->managed & ~numbers) | codes;
    }
}

void random_full_pools(struct world *world, struct random_state *random)
{
    static const struct exchange exchanges[] = {
        {2, 0, 0}, {2, 2, 2}, {100, 0, 0}, {0, 5, 0}, {10, 5, 5}, {50, 50, 0},
    };
    const struct exchange *exchange =
        &exchanges[random_int(random, (int)(sizeof(exchanges) / sizeof(exchanges[0])))];
    int live;

    manage_full_pools(world, random);
    for (live = WORLD_NONE; live < world->live_count; live++) {
        bool full = live == 0 || live == 1;
        int count = full ? SANDBOX_POOL_MAX - random_int(random, 6) : random_int(random, 20), i;
        for (i = 0; i < count; i++) {
            enum sandbox_kind kind =
                random_chance(random, 90) ? SANDBOX_PHONE_NUMBER : SANDBOX_SHORT_CODE;
            struct world_sender *sender = add_sender(world, kind, random);
            sender->held = live;
            sender->wanted = exchanged(world, sender, exchange, random);
        }
    }
    settle(world);
}
