/*
 * The field table: one row a setting, and everything that is done with settings walks the rows.
 *
 * A resource (a service, a phone number of a pool) is a plain struct that begins with a
 * `struct field_set` and a table of rows that describe its members. Reading YAML, decoding JSON,
 * encoding forms, comparing and printing are done by the row's type; no engine names a field.
 * Adding a setting is one row, one member, one test.
 *
 * Presence, null and value are three things: a member counts only when its row's bit is set in
 * `present`, and is cleared (explicitly unset) when the bit is set in `null` as well.
 *
 *     struct service {
 *         struct field_set set;
 *         bool sticky_sender;
 *     };
 *     { .yaml_key = "sticky_sender", .json_key = "sticky_sender", .form_key = "StickySender",
 *       .type = &field_boolean, .offset = FIELD_OFFSET(struct service, bool, sticky_sender) }
 */
#ifndef ROSTER_MODEL_FIELD_H
#define ROSTER_MODEL_FIELD_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/redact.h"
#include "document/doc.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field;

/* How ${NAME} is looked up; NULL when there is none. */
typedef char *field_lookup(const char *name);

/* One bit a row of the resource's table, so a table has at most 64 rows. */
struct field_set {
    uint64_t present; /* the key is there: it is managed (YAML) or reported (JSON) */
    uint64_t null;    /* and it says "no value" */
};

bool field_is_present(const struct field_set *set, size_t row);
/* Present with a value. */
bool field_has_value(const struct field_set *set, size_t row);
bool field_is_null(const struct field_set *set, size_t row);
void field_mark_value(struct field_set *set, size_t row);
void field_mark_null(struct field_set *set, size_t row);

/*
 * What reading needs: where strings live, where mistakes go, and what ${NAME} stands for. Decoding
 * JSON uses only the first two.
 */
struct field_reader {
    struct arena *arena;
    struct diag *diag;
    field_lookup *lookup;          /* getenv, or a test's own */
    struct redactions *redactions; /* gets each value that came from ${NAME} */
    /*
     * Set by parse() to the text as it is written when its value came from ${NAME}, else to NULL.
     * Such a value is never shown.
     */
    const char *written;
};

/*
 * A type of member. Every slot is filled in every type (a unit test holds that). Members of pointer
 * type point into the reader's arena, or to what the caller keeps at least as long (YAML scalars).
 */
struct field_type {
    const char *name; /* as in "must be a boolean": with its article, "a boolean" */
    size_t size;      /* of the member */
    /* YAML in. The node is not null. Reports and returns -1 when the value is not acceptable. */
    int (*parse)(const struct field *field, const struct doc_node *node, void *member,
                 struct field_reader *reader);
    /*
     * JSON in. The value is not null. Returns 0 with the member set, 1 when the value stands for
     * "unset" (an empty string where no empty string can be), -1 when it has the wrong type.
     */
    int (*decode)(const struct field *field, const json_t *value, void *member,
                  struct field_reader *reader);
    /* Form value out, not yet percent-encoded. */
    void (*encode)(const struct field *field, const void *member, struct buf *out);
    /* Whether both members mean the same to the API. */
    bool (*equal)(const struct field *field, const void *a, const void *b);
    /* For people; safe on a terminal. */
    void (*print)(const struct field *field, const void *member, struct buf *out);
    /* JSON out: what decode() would read; a new reference. */
    json_t *(*json)(const struct field *field, const void *member);
    /* YAML out: the kind of scalar, and the text that parse() would read, $${ for a literal ${. */
    enum doc_kind yaml_kind;
    void (*yaml)(const struct field *field, const void *member, struct buf *out);
    /*
     * The part of encode()'s text that no file may show, and its size in bytes; NULL when there is
     * none.
     */
    const char *(*secret)(const struct field *field, const char *text, size_t *size);
    /* Adds what JSON Schema says of a value that is not null to `out`, an object. */
    void (*schema)(const struct field *field, json_t *out);
};

/*
 * The next ${NAME} of a text, $${ passed over: returns what follows it, with the name in `*name`
 * and `*size`, or NULL when there is none.
 */
const char *field_next_variable(const char *text, const char **name, size_t *size);

/* Adds a text as a roster has it: $${ for a literal ${. */
void field_add_literal(struct buf *out, const char *text, size_t size);

/*
 * Adds a text as it may be shown: with *** for each password of a URL, which does not even tell how
 * long it is. `written`: the text is as the roster has it, and a password that is ${NAME} and no
 * more gives nothing away. Returns whether something was masked.
 */
bool field_add_masked(struct buf *out, const char *text, bool written);

enum field_flags {
    FIELD_REQUIRED = 1 << 0,  /* the YAML mapping must have it */
    FIELD_CLEARABLE = 1 << 1, /* null is allowed and sent as an empty value */
    FIELD_READ_ONLY = 1 << 2, /* reported by the API, never set: no YAML key, no form key */
    FIELD_OBSOLETE = 1 << 3,  /* the API documents it as without effect */
    FIELD_RESERVED = 1 << 4,  /* the API documents it as reserved for later */
    FIELD_SETTING = 1 << 5,   /* a setting that `defaults` may give */
};

struct field {
    const char *yaml_key; /* NULL: not part of the roster */
    const char *json_key; /* NULL: not part of the API's answers */
    const char *form_key; /* NULL: never sent */
    const struct field_type *type;
    size_t offset;    /* see FIELD_OFFSET */
    unsigned flags;   /* enum field_flags */
    int64_t min, max; /* integers: range; strings: length in characters. 0, 0: the type's own */
    const char *const *choices; /* NULL: free */
    size_t choice_count;
    const char *default_text; /* what the API does when it was never set; NULL: none or not known */
    const char *remark;       /* what is good to know of a service when a flag is set; NULL: none */
    const char *help;         /* one sentence */
    const char *example;      /* as written in YAML; NULL: none */
};

/*
 * Offset of a member, checked: a member of another type than the stated one is a compiler warning
 * (comparison of distinct pointer types).
 */
#define FIELD_OFFSET(structure, member_type, member) \
    (offsetof(structure, member) + 0 * sizeof((member_type *)0 == &((structure *)0)->member))

struct resource;

enum section_shape {
    SECTION_MAPPING,  /* one mapping */
    SECTION_MAPPINGS, /* a list of mappings */
    SECTION_SCALARS,  /* a list of scalars, each the first row of the resource */
};

/* A part of a mapping that is no single value. */
struct section {
    const char *yaml_key;
    enum section_shape shape;
    const struct resource *resource; /* of each mapping or scalar */
    bool required;
    bool unique;        /* lists: an entry may stand in it only once */
    size_t most;        /* lists: entries at the most; 0: no limit of its own */
    bool settings_only; /* only rows with FIELD_SETTING, none of them required (`defaults`) */
    const char *help;
    const char *example; /* as written in YAML; NULL: none */
};

/* A table and the struct that it describes, which begins with a struct field_set. */
struct resource {
    const char *name; /* "service" */
    const struct field *fields;
    size_t field_count;
    size_t size; /* of the struct */
    const struct section *sections;
    size_t section_count;
    const char *help; /* a sentence or two; NULL: none */
};

/* The address of a row's member in an object of the row's resource. */
void *field_member(const struct field *field, void *object);
const void *field_member_const(const struct field *field, const void *object);

/* Where a value of a roster stands, and how, when it came from ${NAME}. */
struct field_origin {
    struct diag_span span;
    const char *written; /* NULL: the value is what is written */
};

/*
 * Reads a YAML mapping into `object` (zeroed by the caller); the keys of the resource's sections
 * are left to the caller. `origins`, when not NULL, has field_count elements and gets the origin of
 * each value. Reports all mistakes: unknown keys with the nearest known one, wrong types, nulls,
 * missing required keys; returns -1 when there was any, with what could be read set.
 */
MUST_CHECK int resource_parse(const struct resource *resource, const struct doc_node *mapping,
                              void *object, struct field_origin *origins,
                              struct field_reader *reader);

/* The same for a mapping that is one of several which are joined: no section is required in it. */
MUST_CHECK int resource_parse_part(const struct resource *resource, const struct doc_node *mapping,
                                   void *object, struct field_origin *origins,
                                   struct field_reader *reader);

/* The same for rows with FIELD_SETTING only, none of them required. */
MUST_CHECK int resource_parse_settings(const struct resource *resource,
                                       const struct doc_node *mapping, void *object,
                                       struct field_origin *origins, struct field_reader *reader);

/* Copies a row's value and presence from one object of the resource to another. */
void resource_copy_row(const struct resource *resource, size_t row, void *to, const void *from);

/* The row of the member at that offset; field_count when there is none. */
size_t resource_row_at(const struct resource *resource, size_t offset);

/*
 * Decodes a JSON object into `object` (zeroed by the caller). Members that no row names are passed
 * over: the API adds some over time. `what` names the object in messages ("service MG…"). Returns
 * -1 and reports when it is no object or a member has the wrong type.
 */
MUST_CHECK int resource_decode(const struct resource *resource, const json_t *json, void *object,
                               const char *what, struct field_reader *reader);

/*
 * Adds to `form` every row of `mask` (bits by row) that has a form key and is present: its value,
 * or an empty value for null. Percent-encoded, joined by "&".
 */
void resource_encode(const struct resource *resource, const void *object, uint64_t mask,
                     struct buf *form);

/*
 * Rows that are present in `wanted`, have a form key and a YAML key, and differ from `live`. A null
 * equals a member that is absent, null or empty on the live side.
 */
uint64_t resource_diff(const struct resource *resource, const void *wanted, const void *live);

/* Prints a row's value: what print() says, or "null" when there is none. */
void resource_print_value(const struct resource *resource, size_t row, const void *object,
                          struct buf *out);

/* A row's value as JSON, null when there is none; a new reference. */
json_t *resource_json_value(const struct resource *resource, size_t row, const void *object);

/* All bits that the table's rows take. */
uint64_t resource_all_rows(const struct resource *resource);

/* The types. */
extern const struct field_type field_boolean; /* bool */
extern const struct field_type field_integer; /* int64_t, row's min..max */
extern const struct field_type field_string;  /* const char *, row's min..max characters */
extern const struct field_type field_url;     /* const char *, http(s); "x.com" equals "x.com/" */
extern const struct field_type field_choice;  /* const char *, one of the row's choices */
extern const struct field_type field_sid;     /* const char *, row's choices[0] is the prefix */
extern const struct field_type field_phone_number; /* const char *, E.164 */
extern const struct field_type field_short_code;   /* const char *, 5 or 6 digits */
extern const struct field_type field_alpha_sender; /* const char *, up to 11 characters */
extern const struct field_type field_capabilities; /* unsigned, enum capability */
extern const struct field_type field_country;      /* const char *, ISO 3166-1 alpha-2 */
extern const struct field_type field_channel;      /* const char *, XE… or whatsapp:+1… */
extern const struct field_type field_duration;     /* int64_t, milliseconds, from 90s, 5m, 1h */

/* Every type, for tests and generators. */
extern const struct field_type *const field_types[];
extern const size_t field_type_count;

/* What a number can do; the API writes it as a list of names or an object of booleans. */
enum capability {
    CAPABILITY_SMS = 1 << 0,
    CAPABILITY_MMS = 1 << 1,
    CAPABILITY_VOICE = 1 << 2,
    CAPABILITY_FAX = 1 << 3,
};

#endif
