/*
 * What a journal tells of its last run. Reads any bytes: what is no record, such as the torn last
 * line of a power loss, is passed over and counted.
 */
#ifndef ROSTER_APPLY_JOURNAL_RUN_H
#define ROSTER_APPLY_JOURNAL_RUN_H

#include "base/arena.h"
#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum journal_state {
    JOURNAL_NOT_ATTEMPTED,
    JOURNAL_DONE,
    JOURNAL_FAILED,
    JOURNAL_UNCLEAR, /* sent, and no answer is recorded that would tell */
    JOURNAL_STATE_COUNT,
};

/* "done", "failed", "unclear", "not_attempted". */
const char *journal_state_name(enum journal_state state);

/* One change. Texts are as the journal has them, NULL when it has not; they are not escaped. */
struct journal_entry {
    const char *kind; /* "add_sender", ... */
    const char *service;
    const char *sender_kind, *sender, *country; /* "phone number", ... */
    const char *sender_sid;                     /* NULL: none that lasts */
    const char *from;                           /* of a move */
    int64_t replaces, because_of;               /* indexes of entries, or -1 */
    enum journal_state state;
    /* Something was taken out for this change, and is not known to be back, or in its new place. */
    bool out_of_place;
    const char *problem;
    /* The last request that was recorded, and its answer; step NULL: there was none. */
    const char *step, *sent_at;
    bool answered;
    const char *verdict, *request_id;
    int64_t status, code, duration_ms, tries;
    bool
        concluded; /* the journal says how it ended; else the state is a conclusion from the rest */
};

struct journal_run {
    struct arena arena;
    const char *id, *begun, *account;
    const char *location, *sha256;      /* of the roster */
    const char *commit, *author, *date; /* of a roster from git, else NULL */
    int64_t process, changes;
    struct journal_entry *entries; /* fewer than `changes` when it ended within its first records */
    size_t count, capacity;
    size_t states[JOURNAL_STATE_COUNT]; /* how many entries are in each */
    const char *ended;                  /* NULL: the run has no end */
    const char *stopped;                /* "interrupted", "out_of_time", "journal" */
    const char *result;                 /* "unverified", "as_roster", "differs" */
    const char *last_record;            /* the time of it */
    size_t unreadable;                  /* lines */
    size_t begins_at;                   /* in the text */
};

/*
 * Finds the last run and what became of its changes; everything is copied into the run's arena.
 * `run` is zeroed by the caller and released by it. Returns -1 when there is no run in the text.
 */
MUST_CHECK int journal_run_read(struct journal_run *run, const char *text, size_t size);

/* Accepts a run that is all zero. */
void journal_run_release(struct journal_run *run);

#endif
