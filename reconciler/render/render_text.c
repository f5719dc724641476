#include "render/render.h"

#include "base/str.h"

#include <string.h>

static const char bold[] = "\033[1m", dim[] = "\033[2m", plain[] = "\033[0m";

/* How each kind of change looks. */
static const struct {
    const char *sign;
    const char *color;
    const char *verb; /* before the sender's kind, or the whole text of a change of a service */
} looks[CHANGE_KIND_COUNT] = {
    [CHANGE_CREATE_SERVICE] = {"+", "\033[32m", "create service"},
    [CHANGE_UPDATE_SERVICE] = {"~", "\033[33m", "update settings"},
    [CHANGE_ADD_SENDER] = {"+", "\033[32m", "add"},
    [CHANGE_REMOVE_SENDER] = {"-", "\033[31m", "remove"},
};

static const char *const reasons[] = {
    [REASON_ONLY_ROSTER] = "only in the roster",
    [REASON_ONLY_LIVE] = "only live",
    [REASON_DIFFERS] = "differs",
};

static void paint(const struct render_options *options, struct buf *out, const char *code)
{
    if (options->color)
        buf_add_text(out, code);
}

void render_text_change(const struct change *change, struct buf *out)
{
    const char *shown;

    buf_add_text(out, looks[change->kind].verb);
    if (change->kind != CHANGE_ADD_SENDER && change->kind != CHANGE_REMOVE_SENDER)
        return;
    shown = change->written == NULL ? change->sender.identity : change->written;
    buf_printf(out, " %s ", sender_types[change->sender_kind].label);
    str_add_visible(out, shown, strlen(shown));
    if (change->sender.country != NULL) {
        shown = change->country_written == NULL ? change->sender.country : change->country_written;
        buf_add_text(out, " (");
        str_add_visible(out, shown, strlen(shown));
        buf_add_char(out, ')');
    }
}

static void render_origin(const struct change *change, const struct render_options *options,
                          struct buf *out)
{
    paint(options, out, dim);
    buf_printf(out, "  # %s", reasons[change->reason]);
    if (change->span.source != NULL) {
        buf_add_text(out, ", ");
        str_add_visible(out, change->span.source->name, strlen(change->span.source->name));
        buf_printf(out, ":%u", (unsigned)change->span.line);
    }
    paint(options, out, plain);
    buf_add_char(out, '\n');
}

/* Longest key among the rows, for aligning values. */
static size_t widest_key(uint64_t rows)
{
    size_t widest = 0, row;
    for (row = 0; row < resource_service.field_count; row++) {
        const char *key = resource_service.fields[row].yaml_key;
        if ((rows >> row & 1) != 0 && key != NULL && strlen(key) > widest)
            widest = strlen(key);
    }
    return widest;
}

/* A text as the roster has it, but for the passwords of URLs. */
static void add_written(struct buf *out, const char *written)
{
    struct buf shown;

    buf_init(&shown, out->limit);
    buf_add_text(&shown, written);
    if (shown.size != 0)
        str_mask_passwords(shown.data, shown.size);
    str_add_quoted(out, buf_text(&shown));
    buf_release(&shown);
}

/*
 * One setting: the new value, on an update behind the old one. What came from ${NAME} is shown as
 * it is written, and the live value of such a setting is not shown at all.
 */
static void render_setting(const struct plan_service *service, const struct change *change,
                           size_t row, struct buf *out)
{
    const char *written = service->desired->origins[row].written;
    struct buf old, new;

    buf_init(&old, out->limit);
    buf_init(&new, out->limit);
    if (written != NULL)
        add_written(&new, written);
    else
        resource_print_value(&resource_service, row, &service->desired->service, &new);
    if (change->kind == CHANGE_UPDATE_SERVICE) {
        if (written != NULL)
            buf_add_text(&old, "(not shown)");
        else
            resource_print_value(&resource_service, row, &service->live->service, &old);
        buf_printf(out, "%s -> ", buf_text(&old));
    }
    buf_add_text(out, buf_text(&new));
    if (old.size != 0 && strcmp(buf_text(&old), buf_text(&new)) == 0)
        buf_add_text(out, " (the password differs)");
    buf_add_char(out, '\n');
    buf_release(&old);
    buf_release(&new);
}

static void render_settings(const struct plan *plan, const struct change *change, struct buf *out)
{
    size_t widest = widest_key(change->rows), row;

    for (row = 0; row < resource_service.field_count; row++) {
        const char *key = resource_service.fields[row].yaml_key;
        if ((change->rows >> row & 1) == 0 || key == NULL)
            continue;
        buf_printf(out, "      %s:", key);
        buf_add_fill(out, ' ', widest - strlen(key) + 1);
        render_setting(&plan->services[change->service], change, row, out);
    }
}

/* A SID that the roster takes from ${NAME} is shown as it is written there. */
static const char *shown_sid(const struct plan_service *service)
{
    size_t row = resource_row_at(&resource_service, offsetof(struct service, sid));
    const char *written = service->desired->origins[row].written;
    return written == NULL ? service->live->service.sid : written;
}

static void render_service(const struct plan *plan, const struct plan_service *service,
                           const struct render_options *options, struct buf *out)
{
    size_t i;

    paint(options, out, bold);
    str_add_visible(out, service->name, strlen(service->name));
    paint(options, out, plain);
    if (service->live == NULL)
        buf_add_text(out, " (new)\n");
    else
        buf_printf(out, " (%s)\n", shown_sid(service));
    for (i = 0; i < service->change_count; i++) {
        const struct change *change = &plan->changes[service->first_change + i];
        buf_add_text(out, "  ");
        paint(options, out, looks[change->kind].color);
        buf_printf(out, "%s ", looks[change->kind].sign);
        render_text_change(change, out);
        paint(options, out, plain);
        render_origin(change, options, out);
        render_settings(plan, change, out);
    }
}

void render_text_summary(const struct plan *plan, struct buf *out)
{
    if (plan->change_count == 0) {
        buf_add_text(out, "No changes. The account is as the roster says.\n");
        return;
    }
    buf_printf(out, "Plan: %zu to create, %zu to update, %zu to add, %zu to remove.\n",
               plan->counts[CHANGE_CREATE_SERVICE], plan->counts[CHANGE_UPDATE_SERVICE],
               plan->counts[CHANGE_ADD_SENDER], plan->counts[CHANGE_REMOVE_SENDER]);
}

void render_text_changes(const struct plan *plan, const struct render_options *options,
                         struct buf *out)
{
    size_t i;
    for (i = 0; i < plan->service_count; i++) {
        if (plan->services[i].change_count == 0)
            continue;
        render_service(plan, &plan->services[i], options, out);
        buf_add_char(out, '\n');
    }
}

void render_text(const struct plan *plan, const struct render_options *options, struct buf *out)
{
    render_text_changes(plan, options, out);
    render_text_summary(plan, out);
}
