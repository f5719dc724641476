/*
 * A YAML document as a tree of nodes that know their place.
 *
 * One file, one document. Scalars are resolved by YAML 1.2's core schema (yaml.org/spec/1.2.2,
 * section 10.3.2), not by YAML 1.1's: `yes`, `on` and `1:30` are strings, `true` is a boolean and
 * `0o17` an integer. Quoted scalars and block scalars are strings. The tags !!str, !!int, !!float,
 * !!bool, !!null, !!seq and !!map are understood; any other is an error.
 *
 * Aliases share the node they refer to, so the tree is a directed graph without cycles; a node's
 * place is where it is written, not where an alias repeats it. Merge keys (`<<`, plain) are
 * resolved: the pairs of a mapping are its own ones in file order, then the merged ones that no own
 * key and no earlier merged mapping sets, marked `merged`.
 *
 * Errors, as many as can be told apart in one run: bad UTF-8, a syntax error (only the first),
 * duplicate keys (with a note at the first), keys that are not scalars, unknown aliases and tags,
 * an alias inside of what it refers to, a merge of what is no mapping, more than one document,
 * too deep, too large, too many nodes once aliases are expanded. Characters that YAML does not
 * allow are errors, U+0085, U+2028 and U+2029 among them, which libyaml would take for line ends.
 *
 * What was found wrong is left out of the tree: a pair with such a key or value, such an item. Both
 * pairs of a duplicate key stay; doc_get() gives the first. A node of an unknown tag is as without
 * it.
 */
#ifndef ROSTER_DOCUMENT_DOC_H
#define ROSTER_DOCUMENT_DOC_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hard limits; past them a document is refused. */
enum {
    DOC_MAX_DEPTH = 100,             /* nested collections, those behind aliases too */
    DOC_MAX_SIZE = 64 * 1024 * 1024, /* bytes of text */
    DOC_MAX_NODES = 8 * 1024 * 1024, /* nodes as written */
    DOC_MAX_ALIASED = 256 * 1024,    /* nodes that aliases and merges add to those written */
};

enum doc_kind {
    DOC_NULL,
    DOC_BOOLEAN,
    DOC_INTEGER, /* any size; `text` has it as written */
    DOC_FLOAT,
    DOC_STRING,
    DOC_SEQUENCE,
    DOC_MAPPING,
};

struct doc_pair;

struct doc_node {
    enum doc_kind kind;
    bool reported;           /* a mistake of it was reported: its reader need not report another */
    bool plain;              /* a scalar written without quotes and not as a block */
    struct diag_span span;   /* a collection's span covers its first character only */
    const char *text;        /* scalars: the value (escapes resolved), NUL-terminated; never NULL */
    size_t size;             /* scalars: bytes of text, which may hold NUL from "\0" */
    struct doc_node **items; /* sequence */
    struct doc_pair *pairs;  /* mapping */
    size_t count;            /* items or pairs */
};

struct doc_pair {
    struct doc_node *key; /* a scalar */
    struct doc_node *value;
    bool merged; /* came through a merge key */
};

/*
 * The text of a source and its tree. Nodes live in `arena`; spans point to `source`, so a doc must
 * stay at its address as long as nodes are in use. `root` is NULL for a document without content.
 */
struct doc {
    struct arena arena;
    struct diag_source source;
    struct doc_node *root;
};

/*
 * Parses `text` (copied into the arena; `name` too). Returns 0, or -1 when anything was reported;
 * `doc` is released by the caller with doc_release() in both cases. After -1 `root` holds what
 * could be understood, NULL after a syntax error: callers may go on looking for more mistakes in
 * it.
 */
MUST_CHECK int doc_parse(struct doc *doc, const char *name, const char *text, size_t size,
                         struct diag *diag);

/* Accepts a doc that is all zero. */
void doc_release(struct doc *doc);

/* The value of a key of a mapping, NULL when it has none. */
struct doc_node *doc_get(const struct doc_node *mapping, const char *key);

/* "a string", "a list", …: for messages. An unquoted +15005550001 is "an integer". */
const char *doc_kind_name(enum doc_kind kind);

/* The value of a DOC_BOOLEAN node. */
bool doc_boolean(const struct doc_node *node);

/* The value of a DOC_INTEGER node; -1 when it does not fit. */
MUST_CHECK int doc_integer(const struct doc_node *node, int64_t *out);

#endif
