#include "source/remote_refs.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>

enum { SHORTEST_ID = 4, LONGEST_ID = 40, SHOWN = 10 };

static const char heads[] = "refs/heads/", tags[] = "refs/tags/";

static const struct remote_ref *find(const struct remote_ref *refs, size_t count, const char *name)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (strcmp(refs[i].name, name) == 0)
            return &refs[i];
    return NULL;
}

static bool is_id(const char *text)
{
    const size_t size = strlen(text);

    return size >= SHORTEST_ID && size <= LONGEST_ID && str_is_hex(text, size);
}

/*
 * The ref that points to a commit, itself or through an annotated tag; NULL when there is none, or
 * when what is left of the id could be several.
 */
static const char *find_by_id(const struct remote_ref *refs, size_t count, const char *id,
                              struct arena *arena)
{
    const char *lower = arena_lower(arena, id, 0);
    const struct remote_ref *found = NULL;
    size_t i;

    for (i = 0; i < count; i++) {
        if (strcmp(refs[i].name, "HEAD") == 0 || !str_starts_with(refs[i].id, lower))
            continue;
        if (found != NULL && strcmp(found->id, refs[i].id) != 0)
            return NULL;
        if (found == NULL)
            found = &refs[i];
    }
    return found == NULL ? NULL : arena_strndup(arena, found->name, strcspn(found->name, "^"));
}

enum remote_choice remote_refs_choose(const struct remote_ref *refs, size_t count,
                                      const char *wanted, struct arena *arena, const char **name)
{
    const char *head, *tag;
    bool has_head, has_tag;

    *name = NULL;
    if (count == 0)
        return REMOTE_CHOICE_EMPTY;
    if (wanted == NULL || strcmp(wanted, "HEAD") == 0 || str_starts_with(wanted, "refs/")) {
        *name = wanted == NULL ? "HEAD" : arena_strdup(arena, wanted);
        return find(refs, count, *name) != NULL ? REMOTE_CHOICE_REF : REMOTE_CHOICE_NONE;
    }
    head = arena_printf(arena, "%s%s", heads, wanted);
    tag = arena_printf(arena, "%s%s", tags, wanted);
    has_head = find(refs, count, head) != NULL;
    has_tag = find(refs, count, tag) != NULL;
    if (has_head && has_tag)
        return REMOTE_CHOICE_AMBIGUOUS;
    if (has_head || has_tag) {
        *name = has_head ? head : tag;
        return REMOTE_CHOICE_REF;
    }
    if (!is_id(wanted))
        return REMOTE_CHOICE_NONE;
    *name = find_by_id(refs, count, wanted, arena);
    if (*name != NULL)
        return REMOTE_CHOICE_REF;
    *name = arena_lower(arena, wanted, 0);
    return REMOTE_CHOICE_COMMIT;
}

/* The short name of a branch or tag; NULL when it is neither. */
static const char *short_name(const struct remote_ref *ref, const char *prefix)
{
    return str_starts_with(ref->name, prefix) && !str_ends_with(ref->name, "^{}")
               ? ref->name + strlen(prefix)
               : NULL;
}

static void add_names(const struct remote_ref *refs, size_t count, const char *prefix,
                      const char *label, struct buf *out)
{
    size_t shown = 0, more = 0, i;

    for (i = 0; i < count; i++) {
        const char *name = short_name(&refs[i], prefix);
        if (name == NULL)
            continue;
        if (shown == SHOWN) {
            more++;
            continue;
        }
        if (shown++ == 0)
            buf_printf(out, "%s%s ", out->size == 0 ? "" : "; ", label);
        else
            buf_add_text(out, ", ");
        buf_add_text(out, name);
    }
    if (more != 0)
        buf_printf(out, " and %zu more", more);
}

const char *remote_refs_describe(const struct remote_ref *refs, size_t count, struct arena *arena)
{
    const char *text;
    struct buf out;

    buf_init(&out, 64 * 1024);
    add_names(refs, count, heads, "branches", &out);
    add_names(refs, count, tags, "tags", &out);
    text = arena_strdup(arena, out.size == 0 ? "nothing" : buf_text(&out));
    buf_release(&out);
    return text;
}

const char *remote_refs_nearest(const struct remote_ref *refs, size_t count, const char *wanted,
                                struct arena *arena)
{
    const char **names = arena_array(arena, count, sizeof(*names));
    size_t used = 0, i;

    for (i = 0; i < count; i++) {
        const char *name = short_name(&refs[i], heads);
        if (name == NULL)
            name = short_name(&refs[i], tags);
        if (name != NULL)
            names[used++] = name;
    }
    return str_closest(wanted, names, used);
}
