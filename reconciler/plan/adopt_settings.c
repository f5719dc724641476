/*
 * Settings, and values that are shared by anchors.
 */
#include "plan/adopt_making.h"

#include "base/str.h"

#include <string.h>

static size_t name_row(void)
{
    return resource_row_at(&resource_service, offsetof(struct service, friendly_name));
}

static void wish(struct making *making, struct adopt_file *file, const struct layout_node *parent,
                 const struct layout_node *key, const struct layout_node *node,
                 const struct layout_piece *piece)
{
    making->wishes = arena_grow(&making->arena, making->wishes, making->wish_count,
                                &making->wish_capacity, sizeof(*making->wishes));
    making->wishes[making->wish_count++] = (struct making_wish){
        .file = file, .node = node, .key = key, .flow = parent->braces, .piece = *piece};
}

/* Fields come in the order of their table, lists behind them; 0: what is no key of a service. */
static size_t rank_of(const char *key)
{
    size_t i;

    for (i = 0; i < resource_service.field_count; i++)
        if (str_equal(resource_service.fields[i].yaml_key, key))
            return 1 + i;
    for (i = 0; i < resource_service.section_count; i++)
        if (str_equal(resource_service.sections[i].yaml_key, key))
            return 1 + resource_service.field_count + i;
    return 0;
}

static bool in_order(const struct layout_node *mapping)
{
    size_t last = 0, i;

    for (i = 0; i < mapping->count; i++) {
        const size_t rank = rank_of(mapping->entries[i].key->text);
        if (rank < last)
            return false;
        last = rank;
    }
    return true;
}

/*
 * The entry that a new key goes behind: in a mapping that has the table's order the one that comes
 * before it there, else the last setting.
 */
static size_t entry_before(const struct layout_node *mapping, const char *key)
{
    const size_t own = rank_of(key);
    const size_t end = in_order(mapping) || own > resource_service.field_count
                           ? own
                           : 1 + resource_service.field_count;
    size_t best = 0, i;

    for (i = 0; i < mapping->count; i++)
        if (rank_of(mapping->entries[i].key->text) < end)
            best = i;
    return best;
}

void making_set_key(struct making *making, struct adopt_place *place, const char *key,
                    const struct layout_piece *piece)
{
    const struct layout_node *mapping = place->node;
    const struct layout_entry *entry = layout_find(mapping, key);

    if (entry != NULL)
        wish(making, place->file, mapping, entry->key, entry->value, piece);
    else if (mapping->count == 0)
        making->failed = true;
    else
        layout_add_key(making_edits(making, place->file), mapping, entry_before(mapping, key), key,
                       piece);
}

/* Names of services that stand elsewhere in the roster. */
static void wish_name(struct making *making, struct adopt_file *file,
                      const struct layout_node *parent, const struct layout_node *key,
                      struct layout_node *node, const char *name, const struct layout_piece *piece)
{
    const struct layout_node *scalar = layout_resolve(node);

    if (scalar->form == LAYOUT_STRING && strcmp(scalar->text, name) == 0)
        wish(making, file, parent, key, node, piece);
}

static void rename_in_file(struct making *making, struct adopt_file *file, const char *name,
                           const struct layout_piece *piece)
{
    const struct layout_entry *sends = layout_find(file->layout.root, "test_sends");
    const struct layout_entry *guards = layout_find(file->layout.root, "guards");
    const struct layout_entry *protect =
        guards == NULL ? NULL : layout_find(layout_resolve(guards->value), "protect");
    const struct layout_node *list;
    size_t i;

    list = sends == NULL ? NULL : layout_resolve(sends->value);
    for (i = 0; list != NULL && i < list->count; i++) {
        const struct layout_node *send = layout_resolve(list->entries[i].value);
        const struct layout_entry *entry = layout_find(send, "service");
        if (entry != NULL)
            wish_name(making, file, send, entry->key, entry->value, name, piece);
    }
    list = protect == NULL ? NULL : layout_resolve(protect->value);
    for (i = 0; list != NULL && i < list->count; i++)
        wish_name(making, file, list, NULL, list->entries[i].value, name, piece);
}

static size_t count_named(const struct desired *desired, const char *name)
{
    size_t count = 0, i;
    for (i = 0; i < desired->service_count; i++)
        count += str_equal(desired->services[i].service.friendly_name, name);
    return count;
}

static void rename_service(struct making *making, const struct adopt_item *item,
                           const struct layout_piece *piece)
{
    struct adopt *adopt = making->adopt;
    const struct desired_service *service = adopt_desired(adopt, item->service);
    const char *old = service->service.friendly_name;
    struct adopt_place *place = making_place(making, service);
    const struct layout_entry *renamed = layout_find(place->node, "renamed_from");
    struct buf written;
    size_t i;

    if (adopt_drops_renamed_from(adopt, item) && renamed != NULL)
        layout_remove_key(making_edits(making, place->file), place->node,
                          (size_t)(renamed - place->node->entries));
    if (count_named(adopt->desired, old) > 1)
        return;
    buf_init(&written, DOC_MAX_SIZE);
    field_add_literal(&written, old, strlen(old));
    for (i = 0; i < adopt->file_count; i++)
        rename_in_file(making, &adopt->files[i], buf_text(&written), piece);
    buf_release(&written);
}

void making_setting(struct making *making, const struct adopt_item *item)
{
    const struct desired_service *service = adopt_desired(making->adopt, item->service);
    const struct layout_piece piece = {.kind = item->value.kind, .text = item->value.text};

    making_set_key(making, making_place(making, service),
                   resource_service.fields[item->row].yaml_key, &piece);
    if (item->row == name_row())
        rename_service(making, item, &piece);
}

/* Wishes */

static bool same_piece(const struct layout_piece *a, const struct layout_piece *b)
{
    return a->kind == b->kind && strcmp(a->text, b->text) == 0;
}

static const struct making_wish *wish_of(const struct making *making,
                                         const struct layout_node *node)
{
    size_t i;
    for (i = 0; i < making->wish_count; i++)
        if (making->wishes[i].node == node)
            return &making->wishes[i];
    return NULL;
}

/* Whether all aliases of an anchored value are to be the same as it. */
static bool all_alike(const struct making *making, const struct making_wish *own)
{
    size_t alike = 0, i;

    for (i = 0; i < making->wish_count; i++)
        alike += making->wishes[i].node->form == LAYOUT_ALIAS &&
                 making->wishes[i].node->target == own->node &&
                 same_piece(&making->wishes[i].piece, &own->piece);
    return alike == own->node->uses;
}

/* Whether the item of a list of services leaves the roster. */
static bool is_gone(const struct making *making, const struct making_wish *wish,
                    const struct layout_node *list, size_t index)
{
    const struct layout_entry *services = layout_find(wish->file->layout.root, "services");

    return services != NULL && services->value == list &&
           making->gone[wish->file - making->adopt->files][index];
}

/* The first alias of the wish's node, in the order of the text, that keeps its value. */
static const struct layout_node *first_kept(const struct making *making,
                                            const struct making_wish *wish,
                                            const struct layout_node *node)
{
    const struct layout_node *found = NULL;
    size_t i;

    if (node->form == LAYOUT_ALIAS)
        return node->target == wish->node && wish_of(making, node) == NULL ? node : NULL;
    for (i = 0; i < node->count && found == NULL; i++)
        if (!is_gone(making, wish, node, i))
            found = first_kept(making, wish, node->entries[i].value);
    return found;
}

/* The value is exchanged here only: the anchor goes to the first that goes on to use it. */
static void move_anchor(struct making *making, const struct making_wish *wish)
{
    struct layout_edits *edits = making_edits(making, wish->file);
    const struct layout_node *node = wish->node;
    const struct layout_node *heir = first_kept(making, wish, wish->file->layout.root);
    const char *old = arena_strndup(&making->arena, wish->file->doc->source.text + node->begin,
                                    node->end - node->begin);
    struct layout_node bare = *node;

    bare.anchor = NULL;
    bare.content = bare.begin;
    layout_set_scalar(edits, &bare, wish->key, wish->flow, &wish->piece);
    if (heir != NULL)
        layout_edit_add(edits, heir->begin, heir->end - heir->begin, old);
}

void making_add_wish(struct making *making, const struct making_wish *wish)
{
    struct layout_edits *edits = making_edits(making, wish->file);
    const struct layout_node *node = wish->node;
    const struct making_wish *own =
        node->form == LAYOUT_ALIAS ? wish_of(making, node->target) : NULL;

    if (node->form == LAYOUT_ALIAS && own != NULL && all_alike(making, own))
        return;
    if (node->form != LAYOUT_ALIAS && node->uses != 0 && !all_alike(making, wish))
        move_anchor(making, wish);
    else
        layout_set_scalar(edits, node, wish->key, wish->flow, &wish->piece);
}
