#include "model/desired.h"

#include "model/desired_read.h"
#include "model/lint.h"
#include "model/validate.h"

#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

_Static_assert(COUNT_OF(((struct desired *)0)->head_origins) >= ROSTER_ROWS, "origins of the head");

/* A section that only one document of a roster may have. */
struct single {
    const char *yaml_key;
    const struct doc_node *key, *value; /* NULL: in none yet */
};

const struct field_origin *desired_account_origin(const struct desired *desired)
{
    return &desired->head_origins[ROSTER_ROW_ACCOUNT_SID];
}

const struct field_origin *desired_prune_origin(const struct desired *desired)
{
    return &desired->head_origins[ROSTER_ROW_PRUNE];
}

void desired_place_prune(struct desired *desired, const struct diag_span *span)
{
    desired->head_origins[ROSTER_ROW_PRUNE].span = *span;
}

static const struct doc_pair *find_pair(const struct doc_node *mapping, const char *key)
{
    size_t i;
    for (i = 0; i < mapping->count; i++)
        if (strcmp(mapping->pairs[i].key->text, key) == 0)
            return &mapping->pairs[i];
    return NULL;
}

static int take_single(struct single *single, const struct doc_node *root, struct diag *diag)
{
    const struct doc_pair *pair = find_pair(root, single->yaml_key);

    if (pair == NULL)
        return 0;
    if (single->key != NULL) {
        diag_error(diag, &pair->key->span, "\"%s\" is in two files of the roster",
                   single->yaml_key);
        diag_note(diag, &single->key->span, "it is here already");
        return -1;
    }
    single->key = pair->key;
    single->value = pair->value;
    return 0;
}

/* Settings at the top: each in one document only, but the version, which is in all. */
static int merge_head(struct desired *desired, const struct roster_head *head,
                      const struct field_origin *origins, struct diag *diag)
{
    int result = 0;
    size_t row;

    for (row = 0; row < ROSTER_ROWS; row++) {
        if (!field_is_present(&head->set, row))
            continue;
        if (row != ROSTER_ROW_VERSION && field_is_present(&desired->head.set, row)) {
            diag_error(diag, &origins[row].span, "\"%s\" is in two files of the roster",
                       resource_roster.fields[row].yaml_key);
            diag_note(diag, &desired->head_origins[row].span, "it is here already");
            result = -1;
            continue;
        }
        resource_copy_row(&resource_roster, row, &desired->head, head);
        desired->head_origins[row] = origins[row];
    }
    return result;
}

static int read_head(struct desired *desired, const struct doc *doc, bool part,
                     struct field_reader *reader)
{
    struct field_origin origins[ROSTER_ROWS];
    struct roster_head head;
    int result;

    memset(origins, 0, sizeof(origins));
    memset(&head, 0, sizeof(head));
    result = part ? resource_parse_part(&resource_roster, doc->root, &head, origins, reader)
                  : resource_parse(&resource_roster, doc->root, &head, origins, reader);
    if (merge_head(desired, &head, origins, reader->diag) != 0)
        result = -1;
    return result;
}

typedef int section_reader(struct desired *desired, const struct doc_node *node,
                           struct field_reader *reader);

static int read_section(struct desired *desired, const struct doc_node *root, const char *yaml_key,
                        section_reader *read, struct field_reader *reader)
{
    const struct doc_node *node = doc_get(root, yaml_key);
    return node == NULL ? 0 : read(desired, node, reader);
}

static int read_document(struct desired *desired, const struct doc *doc, bool part,
                         struct field_reader *reader)
{
    int result = 0;

    if (doc->root != NULL && doc->root->reported)
        return -1;
    if (doc->root == NULL || doc->root->kind == DOC_NULL) {
        struct diag_span start = {&doc->source, 1, 1, 0};
        diag_error(reader->diag, &start, "the roster is empty");
        diag_help(reader->diag, "it needs at least \"version: 1\" and \"services: []\"");
        return -1;
    }
    if (read_head(desired, doc, part, reader) != 0)
        result = -1;
    if (doc->root->kind != DOC_MAPPING)
        return -1;
    if (read_section(desired, doc->root, SECTION_KEY_SERVICES, desired_read_services, reader) != 0)
        result = -1;
    if (!part && (doc_get(doc->root, SECTION_KEY_SERVICES) == NULL ||
                  doc_get(doc->root, SECTION_KEY_SERVICES)->kind != DOC_SEQUENCE))
        desired->services_misread = true;
    if (read_section(desired, doc->root, SECTION_KEY_NUMBERS, desired_read_numbers, reader) != 0)
        result = -1;
    if (read_section(desired, doc->root, SECTION_KEY_TEST_SENDS, desired_read_test_sends, reader) !=
        0)
        result = -1;
    return result;
}

/* Sections that the whole roster has once, in whichever document. */
static int read_singles(struct desired *desired, const struct doc *const *docs, size_t count,
                        struct field_reader *reader)
{
    struct single defaults = {.yaml_key = SECTION_KEY_DEFAULTS};
    struct single guards = {.yaml_key = SECTION_KEY_GUARDS};
    int result = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        if (docs[i]->root == NULL || docs[i]->root->kind != DOC_MAPPING)
            continue;
        if (take_single(&defaults, docs[i]->root, reader->diag) != 0 ||
            take_single(&guards, docs[i]->root, reader->diag) != 0)
            result = -1;
    }
    if (defaults.value != NULL && desired_apply_defaults(desired, defaults.value, reader) != 0)
        result = -1;
    if (guards.value != NULL && desired_read_guards(desired, guards.value, reader) != 0)
        result = -1;
    return result;
}

/* In a folder, services may be missing from a file, but not from all. */
static int check_some_services(const struct doc *const *docs, size_t count, struct diag *diag)
{
    struct diag_span start = {&docs[0]->source, 1, 1, 0};
    size_t i;

    for (i = 0; i < count; i++)
        if (docs[i]->root == NULL || docs[i]->root->kind != DOC_MAPPING ||
            doc_get(docs[i]->root, SECTION_KEY_SERVICES) != NULL)
            return 0;
    diag_error(diag, &start, "no file of the roster has \"services\"");
    diag_help(diag, "write \"services: []\" for none");
    return -1;
}

int desired_parse(struct desired *desired, const struct doc *const *docs, size_t count,
                  field_lookup *lookup, struct diag *diag)
{
    struct field_reader reader = {
        .arena = &desired->arena,
        .diag = diag,
        .lookup = lookup,
        .redactions = &desired->redactions,
    };
    int result = 0;
    size_t i;

    assert(count > 0);
    desired->lookup = lookup;
    for (i = 0; i < count; i++)
        if (read_document(desired, docs[i], count > 1 || desired->incomplete, &reader) != 0)
            result = -1;
    if (count > 1 && !desired->incomplete && check_some_services(docs, count, diag) != 0)
        result = -1;
    if (read_singles(desired, docs, count, &reader) != 0)
        result = -1;
    desired->declared_count = desired->service_count;
    desired_index(desired);
    if (validate_desired(desired, diag) != 0)
        result = -1;
    lint_desired(desired, diag);
    return result;
}

static int compare_sids(const void *left, const void *right)
{
    const struct desired_service *const *a = left, *const *b = right;
    return strcasecmp((*a)->service.sid, (*b)->service.sid);
}

static int compare_names(const void *left, const void *right)
{
    const struct desired_service *const *a = left, *const *b = right;
    return strcmp((*a)->service.friendly_name, (*b)->service.friendly_name);
}

static int compare_renamed(const void *left, const void *right)
{
    const struct desired_service *const *a = left, *const *b = right;
    return strcmp((*a)->service.renamed_from, (*b)->service.renamed_from);
}

void desired_index(struct desired *desired)
{
    size_t size = sizeof(*desired->by_sid), count = desired->service_count, i;

    desired->by_sid = arena_array(&desired->arena, count, size);
    desired->by_name = arena_array(&desired->arena, count, size);
    desired->by_renamed = arena_array(&desired->arena, count, size);
    desired->sid_count = desired->name_count = desired->renamed_count = 0;
    for (i = 0; i < count; i++) {
        const struct desired_service *service = &desired->services[i];
        if (service->service.sid != NULL)
            desired->by_sid[desired->sid_count++] = service;
        if (service->service.friendly_name != NULL)
            desired->by_name[desired->name_count++] = service;
        if (service->service.renamed_from != NULL && service->service.sid == NULL)
            desired->by_renamed[desired->renamed_count++] = service;
    }
    qsort(desired->by_sid, desired->sid_count, size, compare_sids);
    qsort(desired->by_name, desired->name_count, size, compare_names);
    qsort(desired->by_renamed, desired->renamed_count, size, compare_renamed);
}

static const struct desired_service *find(const struct desired_service *key,
                                          const struct desired_service **sorted, size_t count,
                                          int (*compare)(const void *, const void *))
{
    const struct desired_service **found = bsearch(&key, sorted, count, sizeof(*sorted), compare);
    return found == NULL ? NULL : *found;
}

bool desired_knows_names(const struct desired *desired)
{
    return !desired->incomplete && !desired->services_misread &&
           desired->name_count == desired->service_count;
}

const struct desired_service *desired_find_service(const struct desired *desired,
                                                   const char *friendly_name)
{
    const struct desired_service key = {.service = {.friendly_name = friendly_name}};
    return find(&key, desired->by_name, desired->name_count, compare_names);
}

const struct desired_service *desired_claim(const struct desired *desired,
                                            const struct service *live, enum desired_claim *how)
{
    const struct desired_service key = {
        .service = {.sid = live->sid, .renamed_from = live->friendly_name},
    };
    const struct desired_service *found = NULL;

    *how = CLAIM_SID;
    if (live->sid != NULL)
        found = find(&key, desired->by_sid, desired->sid_count, compare_sids);
    if (found != NULL || live->friendly_name == NULL) {
        *how = found == NULL ? CLAIM_NONE : CLAIM_SID;
        return found;
    }
    *how = CLAIM_NAME;
    found = desired_find_service(desired, live->friendly_name);
    if (found != NULL && found->service.sid == NULL)
        return found;
    *how = CLAIM_RENAMED;
    found = find(&key, desired->by_renamed, desired->renamed_count, compare_renamed);
    if (found == NULL)
        *how = CLAIM_NONE;
    return found;
}

void desired_release(struct desired *desired)
{
    arena_release(&desired->arena);
    memset(desired, 0, sizeof(*desired));
}
