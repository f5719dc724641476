/*
 * From items to edits of the text.
 */
#include "plan/adopt_making.h"

#include <string.h>

struct layout_edits *making_edits(struct making *making, const struct adopt_file *file)
{
    return &making->edits[file - making->adopt->files];
}

struct adopt_place *making_place(struct making *making, const struct desired_service *service)
{
    return &making->adopt->places[service - making->adopt->desired->services];
}

/* Services */

static void make_entry(struct making *making, const struct adopt_item *item)
{
    const struct desired_service *service = adopt_desired(making->adopt, item->service);
    const struct adopt_place *place;

    if (adopt_change(making->adopt, item)->kind == CHANGE_DELETE_SERVICE) {
        making->blocks[making->block_count++] = item->block;
        return;
    }
    place = making_place(making, service);
    making->gone[place->file - making->adopt->files][place->index] = true;
}

/* The last file with a list of services of its own takes the new ones. */
static size_t file_for_blocks(const struct adopt *adopt)
{
    size_t i = adopt->file_count;

    while (i-- > 0) {
        const struct layout_entry *entry = layout_find(adopt->files[i].layout.root, "services");
        if (entry != NULL && entry->value->form == LAYOUT_SEQUENCE)
            return i;
    }
    return adopt->file_count;
}

static void make_services(struct making *making)
{
    struct adopt *adopt = making->adopt;
    const size_t last = file_for_blocks(adopt);
    size_t i, j;

    if (making->block_count != 0 && last == adopt->file_count)
        making->failed = true;
    for (i = 0; i < adopt->file_count; i++) {
        const struct layout_entry *entry = layout_find(adopt->files[i].layout.root, "services");
        const size_t blocks = i == last ? making->block_count : 0;
        bool any = blocks != 0;
        if (entry == NULL || entry->value->form != LAYOUT_SEQUENCE)
            continue;
        for (j = 0; j < entry->value->count; j++)
            any = any || making->gone[i][j];
        if (any && layout_edit_blocks(&making->edits[i], entry, adopt->files[i].layout.root->braces,
                                      making->gone[i], making->blocks, blocks) != 0)
            making->failed = true;
    }
}

/* The whole */

static void begin(struct making *making)
{
    struct adopt *adopt = making->adopt;
    size_t i;

    making->edits = arena_array(&making->arena, adopt->file_count, sizeof(*making->edits));
    making->gone = arena_array(&making->arena, adopt->file_count, sizeof(*making->gone));
    making->blocks = arena_array(&making->arena, adopt->count, sizeof(*making->blocks));
    for (i = 0; i < adopt->file_count; i++) {
        const struct layout_entry *entry = layout_find(adopt->files[i].layout.root, "services");
        making->edits[i] =
            (struct layout_edits){.arena = &making->arena, .doc = adopt->files[i].doc};
        making->gone[i] =
            arena_array(&making->arena, entry == NULL ? 0 : entry->value->count, sizeof(bool));
    }
}

static void keep_spans(struct adopt *adopt, struct adopt_file *file,
                       const struct layout_edits *edits)
{
    const size_t size = edits->count * sizeof(*edits->spans);

    file->span_count = edits->count;
    file->spans = memcpy(arena_alloc(&adopt->arena, size), edits->spans, size);
}

static int apply(struct making *making)
{
    struct adopt *adopt = making->adopt;
    size_t i;

    for (i = 0; i < adopt->file_count; i++) {
        struct adopt_file *file = &adopt->files[i];
        buf_clear(&file->result);
        file->changed = making->edits[i].count != 0;
        if (!file->changed)
            continue;
        if (layout_edits_apply(&making->edits[i], file->text, file->size, &file->result) != 0 ||
            file->result.full)
            return -1;
        keep_spans(adopt, file, &making->edits[i]);
    }
    return 0;
}

int adopt_make(struct adopt *adopt, const bool *set)
{
    struct making making = {.adopt = adopt};
    int result;
    size_t i;

    begin(&making);
    for (i = 0; i < adopt->count; i++) {
        const struct adopt_item *item = &adopt->items[i];
        const enum change_kind kind = adopt_change(adopt, item)->kind;
        if (!set[i])
            continue;
        if (item->row != ADOPT_NO_ROW)
            making_setting(&making, item);
        else if (kind == CHANGE_CREATE_SERVICE || kind == CHANGE_DELETE_SERVICE)
            make_entry(&making, item);
        if (item->row == ADOPT_NO_ROW && kind != CHANGE_DELETE_SERVICE)
            making_senders(&making, item);
    }
    for (i = 0; i < making.list_count; i++)
        making_add_list(&making, &making.lists[i]);
    make_services(&making);
    for (i = 0; i < making.wish_count; i++)
        making_add_wish(&making, &making.wishes[i]);
    result = apply(&making) != 0 || making.failed ? -1 : 0;
    arena_release(&making.arena);
    return result;
}
