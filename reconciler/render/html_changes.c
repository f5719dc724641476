#include "render/html_changes.h"

#include "base/str.h"
#include "plan/drift.h"
#include "render/html_escape.h"
#include "render/html_picture.h"
#include "render/words.h"

/* Changes from which on plan.css spares the browser what is out of view. */
enum { LARGE = 500 };

const char *html_kind_words(enum change_kind kind, size_t count)
{
    static const char *const words[CHANGE_KIND_COUNT][2] = {
        [CHANGE_CREATE_SERVICE] = {"service to create", "services to create"},
        [CHANGE_UPDATE_SERVICE] = {"service to update", "services to update"},
        [CHANGE_ADD_SENDER] = {"sender to add", "senders to add"},
        [CHANGE_MOVE_SENDER] = {"sender to move", "senders to move"},
        [CHANGE_REMOVE_SENDER] = {"sender to remove", "senders to remove"},
        [CHANGE_DELETE_SERVICE] = {"service to delete", "services to delete"},
    };
    return words[kind][count != 1];
}

/* words_sign() with the signs that HTML can have. */
static void add_sign(const struct change *change, struct buf *out)
{
    char sign = words_sign(change->kind);

    buf_add_text(out, "<span class=\"sign\" aria-hidden=\"true\">");
    if (sign == '-')
        buf_add_text(out, "−");
    else if (sign == '>')
        buf_add_text(out, "→");
    else
        buf_add_char(out, sign);
    buf_add_text(out, "</span>");
}

/* A name that is set apart, in its look and from the direction of the text around it. */
static void add_name(const char *class, const char *name, struct buf *out)
{
    buf_printf(out, "<bdi class=\"%s\">", class);
    html_add_text(out, name);
    buf_add_text(out, "</bdi>");
}

static void add_country(const char *country, struct buf *out)
{
    if (country == NULL)
        return;
    buf_add_text(out, " (");
    html_add_text(out, country);
    buf_add_char(out, ')');
}

static void add_words(const struct plan *plan, const struct change *change, struct buf *out)
{
    const struct words_change words = words_change(plan, change);

    buf_printf(out, "<span class=\"words\">%s", words.verb);
    if (words.what != NULL) {
        buf_printf(out, " %s ", words.label);
        add_name("sender", words.what, out);
        add_country(words.country, out);
    }
    if (words.from != NULL) {
        buf_add_text(out, " from ");
        add_name("name", words.from, out);
    }
    buf_add_text(out, "</span>");
}

/* Why the change is there, and where the roster asks for it. */
static void add_origin(const struct change *change, struct buf *out)
{
    buf_add_text(out, " <span class=\"origin\">");
    if (change->drift != DRIFT_NONE)
        buf_printf(out, "%s: ", words_drift(change->drift));
    buf_add_text(out, words_reason(change));
    if (change->span.source != NULL) {
        buf_add_text(out, ", ");
        html_add_text(out, change->span.source->name);
        buf_printf(out, ":%u", (unsigned)change->span.line);
    }
    buf_add_text(out, "</span>");
}

/* A setting's key, which may be broken behind each "_" where there is little room. */
static void add_key(const char *key, struct buf *out)
{
    for (; *key != '\0'; key++) {
        buf_add_char(out, *key);
        if (*key == '_')
            buf_add_text(out, "<wbr>");
    }
}

static void add_setting(const struct words_setting *setting, bool update, struct buf *out)
{
    buf_add_text(out, "<tr><th scope=\"row\">");
    add_key(setting->key, out);
    buf_add_text(out, "</th>");
    if (update) {
        buf_add_text(out, "<td class=\"before\">");
        html_add_text(out, buf_text(&setting->before));
        buf_add_text(out, "</td>");
    }
    buf_add_text(out, "<td class=\"after\">");
    html_add_text(out, buf_text(&setting->after));
    buf_printf(out, "%s</td></tr>\n", setting->remark);
}

static void add_settings(const struct plan *plan, const struct change *change, struct buf *out)
{
    const bool update = change->kind == CHANGE_UPDATE_SERVICE;
    bool any = false;
    size_t row;

    for (row = 0; row < resource_service.field_count; row++) {
        struct words_setting setting;
        if (!words_sends(change, row))
            continue;
        if (!any)
            buf_printf(out,
                       "<table class=\"settings\"><thead><tr><th scope=\"col\">Setting</th>%s"
                       "</tr></thead><tbody>\n",
                       update ? "<th scope=\"col\">Before</th><th scope=\"col\">After</th>"
                              : "<th scope=\"col\">Value</th>");
        any = true;
        words_setting_init(&setting, plan, change, row);
        add_setting(&setting, update, out);
        words_setting_release(&setting);
    }
    if (any)
        buf_add_text(out, "</tbody></table>\n");
}

/* The moves out of a service; their count. */
static size_t find_moves(const struct plan *plan, size_t service, struct arena *arena,
                         const struct change ***moves)
{
    const struct plan_service *from = &plan->services[service];
    size_t most = 0, count = 0, kind, i;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        most += from->senders[kind].moved_out;
    *moves = arena_array(arena, most, sizeof(**moves));
    for (i = 0; i < plan->change_count && count < most; i++)
        if (plan->changes[i].kind == CHANGE_MOVE_SENDER && plan->changes[i].from == service)
            (*moves)[count++] = &plan->changes[i];
    return count;
}

/* The one that takes the sender; NULL when it stays until the deletion. */
static const struct change *move_of(const struct change **moves, size_t count,
                                    const struct sender *sender)
{
    size_t i;
    for (i = 0; i < count; i++)
        if (str_equal(moves[i]->sender.sid, sender->sid))
            return moves[i];
    return NULL;
}

/* A moved one may be named by ${NAME} where it goes, and is then shown so here, too. */
static void add_lost_sender(const struct plan *plan, enum sender_kind kind,
                            const struct sender *sender, const struct change *move, struct buf *out)
{
    buf_printf(out, "<li>%s ", sender_types[kind].label);
    add_name("sender", move == NULL ? sender_shown(sender) : words_identity(move), out);
    add_country(move == NULL ? sender->country : words_country(move), out);
    if (move != NULL) {
        buf_add_text(out, ", moved to ");
        add_name("name", plan->services[move->service].name, out);
    }
    buf_add_text(out, "</li>\n");
}

/* What is deleted is listed with its senders. */
static void add_lost(const struct plan *plan, size_t index, struct buf *out)
{
    const struct plan_service *service = &plan->services[index];
    struct arena scratch = {0};
    const struct change **moves;
    size_t move_count = find_moves(plan, index, &scratch, &moves), kind, i;

    if (plan_senders_before(service) != 0)
        buf_add_text(out, "<ul class=\"lost\" aria-label=\"Its senders\">\n");
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct live_senders *list = &service->live->senders[kind];
        for (i = 0; i < list->count; i++)
            add_lost_sender(plan, (enum sender_kind)kind, &list->items[i],
                            move_of(moves, move_count, &list->items[i]), out);
    }
    if (plan_senders_before(service) != 0)
        buf_add_text(out, "</ul>\n");
    arena_release(&scratch);
}

static void add_notes(const struct change *change, struct buf *out)
{
    size_t i;

    for (i = 0; i < change->note_count; i++) {
        buf_add_text(out, "<p class=\"note\"><span class=\"sign\" aria-hidden=\"true\">!</span>");
        html_add_text(out, change->notes[i]);
        buf_add_text(out, "</p>\n");
    }
}

static void add_change(const struct plan *plan, const struct change *change, struct buf *out)
{
    buf_printf(out, "<li class=\"change\" data-kind=\"%s\"", change_kind_name(change->kind));
    if (change->drift != DRIFT_NONE)
        buf_printf(out, " data-class=\"%s\"", drift_class_name(change->drift));
    buf_add_text(out, "><p class=\"head\">");
    add_sign(change, out);
    add_words(plan, change, out);
    add_origin(change, out);
    buf_add_text(out, "</p>\n");
    add_settings(plan, change, out);
    if (change->kind == CHANGE_DELETE_SERVICE)
        add_lost(plan, change->service, out);
    add_notes(change, out);
    buf_add_text(out, "</li>\n");
}

static void add_service(const struct plan *plan, size_t index, struct buf *out)
{
    const struct plan_service *service = &plan->services[index];
    const char *sid = words_sid(service);
    size_t i;

    buf_add_text(out, "<section class=\"service\" id=\"");
    html_add_service_id(out, index);
    buf_add_text(out, "\">\n<h3><bdi>");
    html_add_text(out, service->name);
    buf_add_text(out, "</bdi> <span class=\"sid\">");
    html_add_text(out, sid == NULL ? "new" : sid);
    buf_add_text(out, "</span></h3>\n<ul class=\"changes\">\n");
    for (i = 0; i < service->change_count; i++)
        add_change(plan, &plan->changes[service->first_change + i], out);
    buf_add_text(out, "</ul>\n</section>\n");
}

static void add_toggles(const struct plan *plan, struct buf *out)
{
    size_t kind;

    buf_add_text(out, "<fieldset><legend>Kinds of changes</legend>\n");
    for (kind = 0; kind < CHANGE_KIND_COUNT; kind++) {
        const char *name = change_kind_name((enum change_kind)kind);
        if (plan->counts[kind] != 0)
            buf_printf(out,
                       "<label class=\"toggle\" data-kind=\"%s\"><input type=\"checkbox\" "
                       "name=\"kind\" value=\"%s\" checked>%s</label>\n",
                       name, name, html_kind_words((enum change_kind)kind, 0));
    }
    buf_add_text(out, "</fieldset>\n");
}

/* Hidden until the script has made it work. */
static void add_filter(const struct plan *plan, struct buf *out)
{
    buf_add_text(out, "<form id=\"filter\" role=\"search\" hidden>\n"
                      "<p class=\"search\"><label for=\"filter-text\">Filter</label>\n"
                      "<input id=\"filter-text\" type=\"search\" autocomplete=\"off\" "
                      "spellcheck=\"false\" placeholder=\"service, sender or setting\" "
                      "aria-describedby=\"filter-keys\">\n"
                      "<span id=\"filter-keys\"><kbd>/</kbd> comes here, <kbd>Esc</kbd> "
                      "clears</span></p>\n");
    add_toggles(plan, out);
    buf_add_text(out, "</form>\n");
}

void html_add_changes(struct buf *out, const struct plan *plan)
{
    size_t i;

    if (plan->change_count == 0)
        return;
    buf_printf(out,
               "<section id=\"changes\"%s tabindex=\"-1\" aria-labelledby=\"changes-heading\">\n"
               "<h2 id=\"changes-heading\">Changes by service</h2>\n",
               plan->change_count >= LARGE ? " class=\"large\"" : "");
    add_filter(plan, out);
    buf_printf(out, "<p id=\"shown\" role=\"status\">%zu change%s</p>\n", plan->change_count,
               plan->change_count == 1 ? "" : "s");
    for (i = 0; i < plan->service_count; i++)
        if (plan->services[i].change_count != 0)
            add_service(plan, i, out);
    buf_add_text(out, "</section>\n");
}
