/*
 * A random roster, written as people might, the account that it is true of, and what somebody
 * changes there by hand. Of every line it is known which of these changes may touch it.
 */
#ifndef ROSTER_TESTS_PROPERTY_DRIFTING_H
#define ROSTER_TESTS_PROPERTY_DRIFTING_H

#include "base/buf.h"
#include "base/random.h"
#include "sandbox/sandbox_store.h"

#include <stdbool.h>
#include <stdint.h>

/* In the value of every variable, and nowhere else in the roster. */
#define DRIFTING_HOST "hooks.example.net"

enum {
    DRIFTING_FILES = 3,
    DRIFTING_SERVICES = 5,
    DRIFTING_ROWS = 8,
    DRIFTING_KINDS = 5, /* by enum sandbox_kind */
    DRIFTING_ITEMS = 40,
    DRIFTING_LIST_MAX = 8,
};

/* What a change by hand is of; a line names all that may touch it. */
enum {
    OF_ROW = 0,                             /* + row */
    OF_LIST = OF_ROW + DRIFTING_ROWS,       /* + kind: the list is another */
    OF_GROWN = OF_LIST + DRIFTING_KINDS,    /* + kind: it has got something */
    OF_EMPTIED = OF_GROWN + DRIFTING_KINDS, /* + kind: it has lost all */
    OF_NAME = OF_EMPTIED + DRIFTING_KINDS,
    OF_ENTRY,
    OF_SERVICE_MAX = 32,
};
enum {
    TAG_WORDS = 4,
    TAG_ITEMS = DRIFTING_SERVICES * OF_SERVICE_MAX,
    TAG_NEW = TAG_ITEMS + DRIFTING_ITEMS
};

struct tags {
    uint64_t bits[TAG_WORDS];
};

void tags_set(struct tags *tags, int tag);
bool tags_has(const struct tags *tags, int tag);
bool tags_meet(const struct tags *a, const struct tags *b);
int tag_of(int service, int what);

/* One sender; of alpha senders one in one service. */
struct drifting_item {
    int kind;
    char text[40]; /* identity */
    char country[3];
    char sid[SANDBOX_SID_SIZE];
    bool by_sid; /* how the roster names it */
};

struct drifting_list {
    bool managed;
    int items[DRIFTING_LIST_MAX]; /* of the roster */
    int count;
};

/* How a setting of a service is written. */
enum written { WRITTEN_NOT, WRITTEN_OWN, WRITTEN_VARIABLE, WRITTEN_ALIAS, WRITTEN_DEFAULT };

struct drifting_service {
    int name, file;
    char sid[SANDBOX_SID_SIZE];
    bool pinned, anchored, merges_defaults;
    int merges; /* another service, whose keys it takes; -1: none */
    enum written written[DRIFTING_ROWS];
    int values[DRIFTING_ROWS]; /* index of the value, where it is written */
    int alias[DRIFTING_ROWS];  /* the service with the anchor */
    bool has_anchor[DRIFTING_ROWS];
    struct drifting_list lists[DRIFTING_KINDS];
    bool tested; /* a test send is of it */
    bool gone;
};

struct line {
    struct tags tags;
    size_t from, size; /* with its end */
};

struct drifting_file {
    struct buf text;
    const char *eol;
    struct line *lines;
    size_t count, capacity;
};

struct drifting {
    struct random_state random;
    struct drifting_service services[DRIFTING_SERVICES];
    int service_count, file_count;
    int defaults[DRIFTING_ROWS]; /* -1: none */
    struct drifting_item items[DRIFTING_ITEMS];
    int item_count;
    bool prune;
    struct drifting_file files[DRIFTING_FILES];
    /* What was changed, with texts that a line which is new may have in it. */
    struct tags touched;
    struct buf mentions; /* each ends with NUL */
    bool new_service;
    size_t changes;
};

/* Makes the roster and the account; the same seed always gives the same ones. */
void drifting_make(struct drifting *drifting, struct sandbox_store *store, uint64_t seed);
/* Changes the account by hand. */
void drifting_change(struct drifting *drifting, struct sandbox_store *store);
void drifting_release(struct drifting *drifting);

/* Writes the files; drifting_text.c. */
void drifting_write(struct drifting *drifting);

struct drifting_row {
    const char *key;
    const char *values[3]; /* as JSON, the API's default first; "null": unset */
};
extern const struct drifting_row drifting_rows[DRIFTING_ROWS];
extern const char *const drifting_names[];
extern const char *const drifting_lists[DRIFTING_KINDS];

#endif
