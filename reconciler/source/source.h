/*
 * Where a roster's text comes from: a file, a folder of files, or standard input.
 */
#ifndef ROSTER_SOURCE_SOURCE_H
#define ROSTER_SOURCE_SOURCE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

/* One file of a roster. */
struct source_text {
    const char *name; /* as messages show it */
    struct buf text;
};

/* All files of a roster, in the order of their names. */
struct source {
    struct arena arena;
    struct source_text *items;
    size_t count, capacity;
    bool folder;
};

/*
 * Reads the roster that `location` names into `source`, zeroed by the caller and released by it:
 * "-" is standard input; of a folder, the files *.yaml and *.yml right in it, but for those that
 * begin with a dot; else it is a file. No file may be larger than `limit` bytes. Reports and
 * returns -1 when there is none or it can't be read.
 */
MUST_CHECK int source_load(struct source *source, const char *location, size_t limit,
                           struct diag *diag);

/*
 * SHA-256 of the roster in hexadecimal, in the arena: of one file, or standard input, that of its
 * bytes; of a folder, that of each file's name, size and bytes in order.
 */
const char *source_digest(const struct source *source, struct arena *arena);

/* Whether a file of that name, or path, in a folder is a part of its roster. */
bool source_is_roster_name(const char *path);

/* Accepts a source that is all zero. */
void source_release(struct source *source);

#endif
