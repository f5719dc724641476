/*
 * For unit tests of pools: services given by letters, as a roster and as a live state.
 */
#ifndef ROSTER_TESTS_PARTIES_H
#define ROSTER_TESTS_PARTIES_H

#include "base/buf.h"
#include "model/resource.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { PARTIES_MAX = 4 };

/*
 * A service, with `filler` numbers that stay where they are. Small letters are phone numbers, big
 * ones short codes, digits channel senders. `has` NULL: it does not exist yet; `wants` NULL: the
 * roster, which prunes, does not name it.
 */
struct party {
    const char *name; /* a letter; NULL ends an array of fewer than PARTIES_MAX */
    size_t filler;
    const char *has, *wants;
};

/* How the kinds of senders that letters can be are written. */
static const struct party_kind {
    enum sender_kind kind;
    const char *letters, *yaml_key;
    const char *sid, *identity; /* what stands before the letter's code */
    const char *identity_key;
} party_kinds[] = {
    {SENDER_PHONE_NUMBER, "abcdefghijklmnopqrstuvwxyz", "phone_numbers", "PN", "+15005550",
     "phone_number"},
    {SENDER_SHORT_CODE, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "short_codes", "SC", "55", "short_code"},
    {SENDER_CHANNEL_SENDER, "0123456789", "channel_senders", "XE", "whatsapp:+15005550", "sender"},
};

enum { PARTY_KINDS = sizeof(party_kinds) / sizeof(party_kinds[0]) };

/* The letter of a sender that one stands for: identities and SIDs end in its code. */
static inline char party_letter(const struct sender *sender)
{
    return (char)strtol(sender->identity + strlen(sender->identity) - 3, NULL, 10);
}

static inline void party_filler(struct buf *out, const struct party *party, size_t index)
{
    buf_printf(out, "\"+1600%d%06zu\"", 100 + party->name[0], index);
}

/* A list of the roster, with all that the party wants of a kind. */
static inline void party_wanted(struct buf *yaml, const struct party *party,
                                const struct party_kind *kind)
{
    const char *letter;
    size_t i;

    buf_printf(yaml, "    %s: [", kind->yaml_key);
    for (i = 0; i < party->filler && kind->kind == SENDER_PHONE_NUMBER; i++) {
        party_filler(yaml, party, i);
        buf_add_text(yaml, ", ");
    }
    for (letter = party->wants; *letter != '\0'; letter++) {
        if (strchr(kind->letters, *letter) == NULL)
            continue;
        buf_printf(yaml, "\"%s%03d\", ", kind->identity, *letter);
    }
    buf_add_text(yaml, "]\n");
}

static inline void parties_yaml(struct buf *yaml, const struct party *parties)
{
    size_t i, k;

    buf_add_text(yaml, "version: 1\nprune: true\nservices:\n");
    for (i = 0; i < PARTIES_MAX && parties[i].name != NULL; i++) {
        if (parties[i].wants == NULL)
            continue;
        buf_printf(yaml, "  - friendly_name: %s\n", parties[i].name);
        for (k = 0; k < PARTY_KINDS; k++)
            party_wanted(yaml, &parties[i], &party_kinds[k]);
    }
    if (strstr(buf_text(yaml), "friendly_name") == NULL)
        buf_add_text(yaml, "  []\n");
}

/* Senders of a kind, as the API lists them. */
static inline void party_senders(struct buf *live, const struct party_kind *kind,
                                 const char *letters, bool first)
{
    for (; *letters != '\0'; letters++) {
        if (strchr(kind->letters, *letters) == NULL)
            continue;
        buf_printf(live,
                   "%s{\"sid\": \"%s%032x\", \"%s\": \"%s%03d\", \"capabilities\": [\"SMS\"]}",
                   first ? "" : ", ", kind->sid, (unsigned)*letters, kind->identity_key,
                   kind->identity, *letters);
        first = false;
    }
}

static inline void party_live(struct buf *live, const struct party *party)
{
    size_t i, k;

    buf_printf(live, "{\"sid\": \"MG%032x\", \"friendly_name\": \"%s\"", (unsigned)party->name[0],
               party->name);
    for (k = 0; k < PARTY_KINDS; k++) {
        size_t filler = party_kinds[k].kind == SENDER_PHONE_NUMBER ? party->filler : 0;
        buf_printf(live, ", \"%s\": [", party_kinds[k].yaml_key);
        for (i = 0; i < filler; i++) {
            buf_printf(live,
                       "%s{\"sid\": \"PN%016x%016zx\", \"phone_number\": ", i == 0 ? "" : ", ",
                       (unsigned)party->name[0], i);
            party_filler(live, party, i);
            buf_add_text(live, "}");
        }
        party_senders(live, &party_kinds[k], party->has, filler == 0);
        buf_add_text(live, "]");
    }
    buf_add_text(live, "}");
}

/* The account owns a sender for each letter. */
static inline void parties_live(struct buf *live, const struct party *parties)
{
    bool first = true;
    size_t i, k;

    buf_add_text(live, "{\"services\": [");
    for (i = 0; i < PARTIES_MAX && parties[i].name != NULL; i++) {
        if (parties[i].has == NULL)
            continue;
        buf_add_text(live, first ? "" : ", ");
        party_live(live, &parties[i]);
        first = false;
    }
    buf_add_text(live, "], \"owned\": {");
    for (k = 0; k < PARTY_KINDS; k++) {
        buf_printf(live, "%s\"%s\": [", k == 0 ? "" : ", ", party_kinds[k].yaml_key);
        party_senders(live, &party_kinds[k], party_kinds[k].letters, true);
        buf_add_text(live, "]");
    }
    buf_add_text(live, "}}");
}

#endif
