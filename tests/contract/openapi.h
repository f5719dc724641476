/*
 * OpenAPI 3.0 descriptions: the operations they hold, found by method and concrete path.
 *
 *     struct openapi api = {0};
 *     if (openapi_add_file(&api, "messaging_v1.openapi.json", diag) != 0) ...
 *     match = openapi_find(&api, "GET", "/v1/Services/MG…", &operation);
 *     openapi_release(&api);
 *
 * Not thread-safe.
 */
#ifndef ROSTER_TESTS_CONTRACT_OPENAPI_H
#define ROSTER_TESTS_CONTRACT_OPENAPI_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"

#include <jansson.h>
#include <stddef.h>

struct openapi_operation {
    const char *method; /* "GET", … */
    const char *path;   /* the template: "/v1/Services/{Sid}" */
    json_t *root;       /* borrowed: the description that it comes from, for $ref */
    json_t *node;       /* borrowed: the operation itself */
    size_t answers;     /* checked successful answers, counted by the contract check */
    size_t requests;    /* checked requests by roster */
};

enum { OPENAPI_MAX_FILES = 8 };

/* All zero is a valid, empty set. Operations and their texts live until openapi_release(). */
struct openapi {
    struct arena arena;
    json_t *roots[OPENAPI_MAX_FILES]; /* owned */
    size_t root_count;
    struct openapi_operation *operations;
    size_t count, capacity;
};

/* Adds the operations of a description. Reports and returns -1 when it can't be read. */
MUST_CHECK int openapi_add_file(struct openapi *api, const char *path, struct diag *diag);
void openapi_release(struct openapi *api);

enum openapi_match { OPENAPI_FOUND, OPENAPI_NO_METHOD, OPENAPI_NO_PATH };

/*
 * The operation for a path as a client sends it (no query). Where several templates fit, the one
 * with the fewest variables is meant, as OpenAPI has it. Sets `*found` with OPENAPI_FOUND only.
 */
enum openapi_match openapi_find(struct openapi *api, const char *method, const char *path,
                                struct openapi_operation **found);

/* The operation of exactly that method and template, or NULL. */
struct openapi_operation *openapi_operation(struct openapi *api, const char *method,
                                            const char *template);

/*
 * The value of variable `name` of the template in a path that fits it, copied into the arena; NULL
 * when the template has no such variable.
 */
const char *openapi_path_value(struct arena *arena, const char *template, const char *path,
                               const char *name);

/* `node`, or what its $ref leads to inside `root`; NULL for a reference that leads nowhere. */
json_t *openapi_resolve(json_t *root, json_t *node);

#endif
