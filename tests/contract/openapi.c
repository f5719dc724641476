#include "openapi.h"

#include "base/str.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

static const char *const methods[] = {"get", "put", "post", "delete", "patch", "head", "options"};

static char *upper_case(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    return copy;
}

static void add_operation(struct openapi *api, json_t *root, const char *path, const char *method,
                          json_t *node)
{
    struct openapi_operation *operation;

    api->operations = arena_grow(&api->arena, api->operations, api->count, &api->capacity,
                                 sizeof(*api->operations));
    operation = &api->operations[api->count++];
    operation->method = upper_case(&api->arena, method);
    operation->path = path;
    operation->root = root;
    operation->node = node;
}

int openapi_add_file(struct openapi *api, const char *path, struct diag *diag)
{
    json_error_t error;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error), *paths, *item;
    const char *template;

    if (root == NULL) {
        diag_error(diag, NULL, "%s: %s (line %d)", path, error.text, error.line);
        return -1;
    }
    assert(api->root_count < OPENAPI_MAX_FILES);
    api->roots[api->root_count++] = root;
    paths = json_object_get(root, "paths");
    if (!json_is_object(paths) || json_object_size(paths) == 0) {
        diag_error(diag, NULL, "%s: not an OpenAPI description: it has no paths", path);
        return -1;
    }
    json_object_foreach(paths, template, item)
    {
        for (size_t i = 0; i < COUNT_OF(methods); i++) {
            json_t *node = json_object_get(item, methods[i]);
            if (node != NULL)
                add_operation(api, root, template, methods[i], node);
        }
    }
    return 0;
}

void openapi_release(struct openapi *api)
{
    for (size_t i = 0; i < api->root_count; i++)
        json_decref(api->roots[i]);
    arena_release(&api->arena);
    memset(api, 0, sizeof(*api));
}

/* A part of a path between two slashes. */
struct segment {
    const char *text;
    size_t size;
};

/* Takes the next segment off the path; false at its end. */
static bool next_segment(const char **path, struct segment *segment)
{
    if (**path != '/')
        return false;
    segment->text = *path + 1;
    segment->size = strcspn(segment->text, "/");
    *path = segment->text + segment->size;
    return true;
}

/*
 * Splits "{Sid}.json" into name "Sid" and what stands before and behind the braces. False: the
 * segment has no variable.
 */
static bool split_variable(struct segment part, struct segment *name, struct segment *suffix,
                           size_t *prefix)
{
    const char *open = memchr(part.text, '{', part.size), *close;

    if (open == NULL)
        return false;
    *prefix = (size_t)(open - part.text);
    close = memchr(open, '}', part.size - *prefix);
    if (close == NULL)
        return false;
    name->text = open + 1;
    name->size = (size_t)(close - open) - 1;
    suffix->text = close + 1;
    suffix->size = part.size - *prefix - name->size - 2;
    return true;
}

/* Whether a concrete segment fits one of a template; `*value` is set when that has a variable. */
static bool segment_fits(struct segment part, struct segment concrete, struct segment *value)
{
    struct segment name, suffix;
    size_t prefix;

    value->text = NULL;
    value->size = 0;
    if (!split_variable(part, &name, &suffix, &prefix))
        return part.size == concrete.size && memcmp(part.text, concrete.text, part.size) == 0;
    if (concrete.size <= prefix + suffix.size || memcmp(part.text, concrete.text, prefix) != 0 ||
        memcmp(suffix.text, concrete.text + concrete.size - suffix.size, suffix.size) != 0)
        return false;
    value->text = concrete.text + prefix;
    value->size = concrete.size - prefix - suffix.size;
    return true;
}

/* The number of variables of a template that the path fits; SIZE_MAX when it doesn't. */
static size_t template_fits(const char *template, const char *path)
{
    struct segment part, concrete, value;
    size_t variables = 0;

    while (next_segment(&template, &part)) {
        if (!next_segment(&path, &concrete) || !segment_fits(part, concrete, &value))
            return SIZE_MAX;
        if (value.text != NULL)
            variables++;
    }
    return *path == '\0' ? variables : SIZE_MAX;
}

enum openapi_match openapi_find(struct openapi *api, const char *method, const char *path,
                                struct openapi_operation **found)
{
    const char *best = NULL;
    size_t best_variables = SIZE_MAX;
    struct openapi_operation *operation;

    for (size_t i = 0; i < api->count; i++) {
        size_t variables = template_fits(api->operations[i].path, path);
        if (variables < best_variables) {
            best_variables = variables;
            best = api->operations[i].path;
        }
    }
    if (best == NULL)
        return OPENAPI_NO_PATH;
    operation = openapi_operation(api, method, best);
    if (operation == NULL)
        return OPENAPI_NO_METHOD;
    *found = operation;
    return OPENAPI_FOUND;
}

struct openapi_operation *openapi_operation(struct openapi *api, const char *method,
                                            const char *template)
{
    for (size_t i = 0; i < api->count; i++) {
        struct openapi_operation *operation = &api->operations[i];
        if (str_equal(operation->method, method) && str_equal(operation->path, template))
            return operation;
    }
    return NULL;
}

const char *openapi_path_value(struct arena *arena, const char *template, const char *path,
                               const char *name)
{
    struct segment part, concrete, value, variable, suffix;
    size_t prefix;

    while (next_segment(&template, &part) && next_segment(&path, &concrete)) {
        if (!split_variable(part, &variable, &suffix, &prefix) || variable.size != strlen(name) ||
            memcmp(variable.text, name, variable.size) != 0)
            continue;
        if (segment_fits(part, concrete, &value))
            return arena_strndup(arena, value.text, value.size);
    }
    return NULL;
}

/* What "#/components/schemas/x" leads to. */
static json_t *follow(json_t *root, const char *reference)
{
    const char *at = reference + 1;
    struct segment part;

    if (reference[0] != '#')
        return NULL;
    while (root != NULL && next_segment(&at, &part))
        root = json_object_getn(root, part.text, part.size);
    return root;
}

json_t *openapi_resolve(json_t *root, json_t *node)
{
    /* More steps than that are a circle. */
    for (int step = 0; step < 16 && node != NULL; step++) {
        const char *reference = json_string_value(json_object_get(node, "$ref"));
        if (reference == NULL)
            return node;
        node = follow(root, reference);
    }
    return NULL;
}
