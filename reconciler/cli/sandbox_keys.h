/*
 * Mappings of the file of roster-sandbox --faults, read by a table: a row for each key, with what
 * it takes. All mistakes are reported with their places.
 */
#ifndef ROSTER_CLI_SANDBOX_KEYS_H
#define ROSTER_CLI_SANDBOX_KEYS_H

#include "base/attributes.h"
#include "base/diag.h"
#include "document/doc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SANDBOX_KEYS_MAX = 32, SANDBOX_KEY_COUNT_MAX = 1000000000 };

/* All zero: not there. */
struct sandbox_key_value {
    bool given; /* be it right or wrong; of a flag: and not false */
    const struct doc_node *key;
    int64_t number;
    double fraction;
    const char *text;
};

struct sandbox_key_row;

/* Reports and returns -1 when the node is not a value of the key. */
typedef int sandbox_key_reader(const struct sandbox_key_row *row, const struct doc_node *node,
                               struct sandbox_key_value *value, struct diag *diag);

struct sandbox_key_row {
    const char *name;
    sandbox_key_reader *read;
    int64_t least, most; /* of numbers; of durations in milliseconds */
    bool fault;          /* one of these there must be */
};

/* Indexes of rows. */
struct sandbox_key_pair {
    size_t key, other;
};

struct sandbox_key_table {
    const char *what;           /* "a fault" */
    const char *goal, *example; /* what one must have, and a help that names some */
    const struct sandbox_key_row *rows;
    size_t count; /* at most SANDBOX_KEYS_MAX */
    const struct sandbox_key_pair *needs, *conflicts;
    size_t need_count, conflict_count;
};

/*
 * A whole number; one or "all", which is -1; from 0 to 1, into `fraction`; a duration; any text;
 * one that can stand in a header; true or false.
 */
sandbox_key_reader sandbox_key_whole, sandbox_key_count, sandbox_key_chance, sandbox_key_duration,
    sandbox_key_text, sandbox_key_token, sandbox_key_flag;

/* One of the choices; `number` is its place among them. */
MUST_CHECK int sandbox_key_choice(const struct sandbox_key_row *row, const struct doc_node *node,
                                  const char *const *choices, size_t count,
                                  struct sandbox_key_value *value, struct diag *diag);

/* Fills one value for each row, zeroed by the caller. */
MUST_CHECK int sandbox_keys_read(const struct sandbox_key_table *table, const struct doc_node *node,
                                 struct sandbox_key_value *values, struct diag *diag);

#endif
