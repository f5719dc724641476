#include "render/render.h"

#include "base/str.h"
#include "base/wrap.h"
#include "render/words.h"

#include <string.h>

static const char bold[] = "\033[1m", dim[] = "\033[2m", red[] = "\033[31m", green[] = "\033[32m",
                  yellow[] = "\033[33m", cyan[] = "\033[36m", plain[] = "\033[0m";

static const char *color_of(enum change_kind kind)
{
    static const char *const colors[CHANGE_KIND_COUNT] = {
        [CHANGE_CREATE_SERVICE] = green, [CHANGE_UPDATE_SERVICE] = yellow,
        [CHANGE_ADD_SENDER] = green,     [CHANGE_MOVE_SENDER] = cyan,
        [CHANGE_REMOVE_SENDER] = red,    [CHANGE_DELETE_SERVICE] = red,
    };
    return colors[kind];
}

static void paint(const struct render_options *options, struct buf *out, const char *code)
{
    if (options->color)
        buf_add_text(out, code);
}

static void add_visible(struct buf *out, const char *text)
{
    str_add_visible(out, text, strlen(text));
}

void render_text_sender(enum sender_kind kind, const char *identity, const char *country,
                        struct buf *out)
{
    buf_printf(out, "%s ", sender_types[kind].label);
    add_visible(out, identity);
    if (country == NULL)
        return;
    buf_add_text(out, " (");
    add_visible(out, country);
    buf_add_char(out, ')');
}

void render_text_change(const struct plan *plan, const struct change *change, struct buf *out)
{
    const struct words_change words = words_change(plan, change);

    buf_add_text(out, words.verb);
    if (words.what == NULL)
        return;
    buf_add_char(out, ' ');
    render_text_sender(change->sender_kind, words.what, words.country, out);
    if (words.from != NULL) {
        buf_add_text(out, " from ");
        add_visible(out, words.from);
    }
}

/* Terminal columns of a text without control characters. */
static size_t columns(const struct buf *text)
{
    return wrap_columns(buf_text(text), text->size);
}

static bool fits(const struct render_options *options, size_t count)
{
    return options->width == 0 || count <= options->width;
}

static void add_origin(const struct change *change, struct buf *out)
{
    struct buf origin;

    buf_init(&origin, out->limit);
    words_add_origin(change, &origin);
    buf_add_text(out, "# ");
    add_visible(out, buf_text(&origin));
    buf_release(&origin);
}

/* The change and where it comes from, which has a line of its own when there is no room. */
static void render_head(const struct plan *plan, const struct change *change,
                        const struct render_options *options, struct buf *out)
{
    struct buf words, origin;

    buf_init(&words, out->limit);
    buf_init(&origin, out->limit);
    render_text_change(plan, change, &words);
    add_origin(change, &origin);
    buf_add_text(out, "  ");
    paint(options, out, color_of(change->kind));
    buf_printf(out, "%c %s", words_sign(change->kind), buf_text(&words));
    paint(options, out, plain);
    paint(options, out, dim);
    if (fits(options, 4 + columns(&words) + 2 + columns(&origin)))
        buf_printf(out, "  %s", buf_text(&origin));
    else
        buf_printf(out, "\n      %s", buf_text(&origin));
    paint(options, out, plain);
    buf_add_char(out, '\n');
    buf_release(&words);
    buf_release(&origin);
}

static void render_notes(const struct change *change, const struct render_options *options,
                         struct buf *out)
{
    size_t i;

    for (i = 0; i < change->note_count; i++) {
        struct buf note;
        buf_init(&note, out->limit);
        add_visible(&note, change->notes[i]);
        paint(options, out, yellow);
        buf_add_text(out, "      ! ");
        wrap_add(out, buf_text(&note), 8, 8, options->width);
        paint(options, out, plain);
        buf_add_char(out, '\n');
        buf_release(&note);
    }
}

/* Longest key among the rows, for aligning values. */
static size_t widest_key(const struct change *change)
{
    size_t widest = 0, row;
    for (row = 0; row < resource_service.field_count; row++)
        if (words_sends(change, row) && strlen(resource_service.fields[row].yaml_key) > widest)
            widest = strlen(resource_service.fields[row].yaml_key);
    return widest;
}

/* One setting: the new value, on an update behind the old one. */
static void render_setting(const struct words_setting *setting, size_t widest,
                           const struct render_options *options, struct buf *out)
{
    const char *differs = setting->remark;
    const size_t arrow = setting->before.size == 0 ? 0 : 4;
    size_t size = 6 + widest + 2 + columns(&setting->before) + arrow + columns(&setting->after) +
                  strlen(differs);

    buf_printf(out, "      %s:", setting->key);
    if (fits(options, size)) {
        buf_add_fill(out, ' ', widest - strlen(setting->key) + 1);
        if (arrow != 0)
            buf_printf(out, "%s -> ", buf_text(&setting->before));
        buf_printf(out, "%s%s\n", buf_text(&setting->after), differs);
        return;
    }
    if (arrow != 0)
        buf_printf(out, "\n        - %s", buf_text(&setting->before));
    buf_printf(out, "\n        + %s%s\n", buf_text(&setting->after), differs);
}

static void render_settings(const struct plan *plan, const struct change *change,
                            const struct render_options *options, struct buf *out)
{
    size_t widest = widest_key(change), row;

    for (row = 0; row < resource_service.field_count; row++) {
        struct words_setting setting;
        if (!words_sends(change, row))
            continue;
        words_setting_init(&setting, plan, change, row);
        render_setting(&setting, widest, options, out);
        words_setting_release(&setting);
    }
}

/* What is deleted is listed with its senders. */
static void render_lost(const struct plan *plan, size_t index, const struct words_lost *lost,
                        struct buf *out)
{
    const struct plan_service *service = &plan->services[index];
    size_t kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct live_senders *list = &service->live->senders[kind];
        for (i = 0; i < list->count; i++) {
            const struct sender *sender = &list->items[i];
            if (!words_is_lost(lost, index, (enum sender_kind)kind, sender))
                continue;
            buf_add_fill(out, ' ', 6);
            render_text_sender((enum sender_kind)kind, sender_shown(sender), sender->country, out);
            buf_add_char(out, '\n');
        }
    }
}

static void render_service_head(const struct plan_service *service,
                                const struct render_options *options, struct buf *out)
{
    const char *sid = words_sid(service);

    paint(options, out, bold);
    add_visible(out, service->name);
    paint(options, out, plain);
    buf_add_text(out, " (");
    add_visible(out, sid == NULL ? "new" : sid);
    buf_add_text(out, ")\n");
}

static void render_service(const struct plan *plan, size_t index, const struct words_lost *lost,
                           const struct render_options *options, struct buf *out)
{
    const struct plan_service *service = &plan->services[index];
    size_t i;

    render_service_head(service, options, out);
    for (i = 0; i < service->change_count; i++) {
        const struct change *change = &plan->changes[service->first_change + i];
        render_head(plan, change, options, out);
        render_settings(plan, change, options, out);
        if (change->kind == CHANGE_DELETE_SERVICE)
            render_lost(plan, index, lost, out);
        render_notes(change, options, out);
    }
}

/* A sentence of its own, from words that begin small. */
static void render_narrowed(const struct plan *plan, const struct render_options *options,
                            struct buf *out)
{
    struct buf words, visible;

    buf_init(&words, out->limit);
    buf_init(&visible, out->limit);
    words_narrowed(plan, &words);
    if (words.size != 0) {
        add_visible(&visible, buf_text(&words));
        visible.data[0] = 'N';
        wrap_add(out, buf_text(&visible), 0, 0, options->width);
        buf_add_text(out, ".\n");
    }
    buf_release(&words);
    buf_release(&visible);
}

static void render_hints(const struct plan *plan, const struct render_options *options,
                         struct buf *out)
{
    struct buf words, text;
    size_t i;

    buf_init(&words, out->limit);
    buf_init(&text, out->limit);
    for (i = 0; i < plan->hint_count; i++) {
        buf_clear(&words);
        buf_clear(&text);
        words_hint(&plan->hints[i], &words);
        add_visible(&text, buf_text(&words));
        buf_add_text(out, "Hint:");
        wrap_add(out, buf_text(&text), strlen("Hint:"), 2, options->width);
        buf_add_char(out, '\n');
    }
    buf_release(&text);
    buf_release(&words);
}

static void render_refusals(const struct plan *plan, const struct render_options *options,
                            struct buf *out)
{
    size_t count = words_guards(plan), i;

    if (count == 0)
        return;
    paint(options, out, red);
    buf_printf(out, "\nRefused by %zu guard%s:\n", count, count == 1 ? "" : "s");
    paint(options, out, plain);
    for (i = 0; i < plan->refusal_count; i++) {
        const struct refusal *refusal = &plan->refusals[i];
        struct buf text;
        buf_init(&text, out->limit);
        add_visible(&text, refusal->message);
        buf_printf(out, "  %s:", refusal->guard);
        wrap_add(out, buf_text(&text), strlen(refusal->guard) + 3, 4, options->width);
        buf_add_text(out, "\n    ");
        buf_clear(&text);
        buf_printf(&text, "what would allow it: %s", refusal->allow);
        wrap_add(out, buf_text(&text), 4, 4, options->width);
        buf_add_char(out, '\n');
        buf_release(&text);
    }
}

void render_text_changes(const struct plan *plan, const struct render_options *options,
                         struct buf *out)
{
    struct words_lost lost;
    size_t i;

    words_lost_init(&lost, plan);
    for (i = 0; i < plan->service_count; i++) {
        if (plan->services[i].change_count == 0)
            continue;
        render_service(plan, i, &lost, options, out);
        buf_add_char(out, '\n');
    }
    words_lost_release(&lost);
}

/* Of a roster from git, what it was read from. */
static void render_commit(const struct plan *plan, const struct render_options *options,
                          struct buf *out)
{
    const struct plan_origin *origin = &plan->origin;
    struct buf text;

    if (origin->commit == NULL)
        return;
    buf_init(&text, out->limit);
    buf_add_text(&text, "commit ");
    add_visible(&text, origin->commit);
    if (origin->author != NULL && origin->date != NULL) {
        buf_add_text(&text, " by ");
        add_visible(&text, origin->author);
        buf_add_text(&text, ", ");
        add_visible(&text, origin->date);
    }
    buf_add_text(out, "Roster:");
    wrap_add(out, buf_text(&text), strlen("Roster:"), 2, options->width);
    buf_add_text(out, ".\n");
    buf_release(&text);
}

void render_text(const struct plan *plan, const struct render_options *options, struct buf *out)
{
    render_text_changes(plan, options, out);
    words_verdict(plan, out);
    buf_add_char(out, '\n');
    render_commit(plan, options, out);
    if (plan->drift.baseline != NULL)
        buf_printf(out, "Applied: commit %s.\n", plan->drift.baseline);
    render_narrowed(plan, options, out);
    render_hints(plan, options, out);
    render_refusals(plan, options, out);
}
