#include "cli/adopt_output.h"

#include "base/json_text.h"
#include "base/str.h"
#include "base/unified_diff.h"
#include "render/render.h"
#include "render/words.h"

#include <string.h>

static const char bold[] = "\033[1m", dim[] = "\033[2m", red[] = "\033[31m", green[] = "\033[32m",
                  yellow[] = "\033[33m", cyan[] = "\033[36m", plain[] = "\033[0m";

static void paint(bool color, struct buf *out, const char *code)
{
    if (color)
        buf_add_text(out, code);
}

static void add_visible(struct buf *out, const char *text)
{
    str_add_visible(out, text, strlen(text));
}

void adopt_add_service(const struct adopt *adopt, const struct adopt_item *item, bool color,
                       struct buf *out)
{
    const struct plan_service *service = &adopt->plan->services[item->service];
    const char *sid = words_sid(service);

    paint(color, out, bold);
    add_visible(out, service->name);
    paint(color, out, plain);
    buf_add_text(out, " (");
    add_visible(out, sid == NULL ? "not in the account" : sid);
    buf_add_text(out, ")\n");
}

const struct diag_span *adopt_span(const struct adopt *adopt, const struct adopt_item *item)
{
    const struct plan_service *service = &adopt->plan->services[item->service];

    if (item->row != ADOPT_NO_ROW)
        return &service->desired->origins[item->row].span;
    return &adopt->plan->changes[item->first].span;
}

/* Words */

struct look {
    char sign;
    const char *color;
};

static struct look look_of(const struct adopt *adopt, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_UPDATE_SERVICE:
        return (struct look){'~', yellow};
    case CHANGE_REMOVE_SENDER:
    case CHANGE_DELETE_SERVICE:
        return (struct look){'+', green};
    case CHANGE_MOVE_SENDER:
        if (adopt->plan->services[change->from].desired != NULL &&
            adopt->plan->services[change->from].desired->senders[change->sender_kind].managed)
            return (struct look){'>', cyan};
        return (struct look){'-', red};
    default:
        return (struct look){'-', red};
    }
}

static void add_setting(const struct adopt *adopt, const struct adopt_item *item, struct buf *out)
{
    struct words_setting setting;

    words_setting_init(&setting, adopt->plan, &adopt->plan->changes[item->first], item->row);
    buf_printf(out, "%s: %s -> %s%s", setting.key, buf_text(&setting.after),
               buf_text(&setting.before), setting.remark);
    words_setting_release(&setting);
}

static void add_change(const struct adopt *adopt, const struct adopt_item *item, size_t i,
                       struct buf *out)
{
    const struct change *change = &adopt->plan->changes[item->first + i];
    const char sign = look_of(adopt, change).sign;

    if (item->row != ADOPT_NO_ROW) {
        add_setting(adopt, item, out);
    } else if (!change_is_of_sender(change->kind)) {
        buf_add_text(out, "the service");
    } else {
        render_text_sender(change->sender_kind, words_identity(change), words_country(change), out);
        if (change->kind != CHANGE_MOVE_SENDER)
            return;
        buf_add_text(out, sign == '>' ? " to " : ", which is in ");
        add_visible(out, adopt->plan->services[change->from].name);
    }
}

/* What goes with a service need not be said. */
static bool is_said(const struct adopt *adopt, const struct adopt_item *item, size_t i)
{
    const struct change *change = &adopt->plan->changes[item->first + i];
    return adopt->plan->changes[item->first].kind != CHANGE_CREATE_SERVICE || i == 0 ||
           look_of(adopt, change).sign == '>';
}

void adopt_add_item(const struct adopt *adopt, const struct adopt_item *item, bool color,
                    struct buf *out)
{
    const struct diag_span *span = adopt_span(adopt, item);
    size_t i;

    for (i = 0; i < item->count; i++) {
        const struct look look = look_of(adopt, &adopt->plan->changes[item->first + i]);
        if (!is_said(adopt, item, i))
            continue;
        paint(color, out, look.color);
        buf_printf(out, "  %c ", look.sign);
        add_change(adopt, item, i, out);
        paint(color, out, plain);
        if (i == 0 && span->source != NULL) {
            paint(color, out, dim);
            buf_printf(out, "  # %s:%u", span->source->name, (unsigned)span->line);
            paint(color, out, plain);
        }
        buf_add_char(out, '\n');
    }
}

/* Diff */

static const char *color_of(const char *line)
{
    if (str_starts_with(line, "---") || str_starts_with(line, "+++"))
        return bold;
    return line[0] == '@' ? cyan : line[0] == '+' ? green : line[0] == '-' ? red : NULL;
}

/* A line of a diff for a terminal. */
static void add_line(const char *line, size_t size, bool color, struct buf *out)
{
    const char *code = color ? color_of(line) : NULL;

    if (code != NULL)
        buf_add_text(out, code);
    if (size > 0 && line[size - 1] == '\r')
        size--;
    str_add_visible(out, line, size);
    if (code != NULL)
        buf_add_text(out, plain);
    buf_add_char(out, '\n');
}

static void add_file_diff(const struct adopt_file *file, struct buf *out)
{
    const struct diff_text old = {file->name, file->text, file->size};
    const struct diff_text new_text = {file->name, buf_text(&file->result), file->result.size};

    if (file->changed)
        unified_diff(&old, &new_text, file->spans, file->span_count, out);
}

bool adopt_add_diff(const struct adopt *adopt, bool color, bool terminal, struct buf *out)
{
    struct buf whole, masked;
    bool hidden;
    size_t i;

    buf_init(&whole, BUF_LIMIT_DEFAULT);
    buf_init(&masked, BUF_LIMIT_DEFAULT);
    for (i = 0; i < adopt->file_count; i++)
        add_file_diff(&adopt->files[i], &whole);
    hidden = field_add_masked(&masked, buf_text(&whole), true);
    if (!terminal && !color) {
        buf_add(out, buf_text(&masked), masked.size);
    } else {
        const char *line = buf_text(&masked);
        while (*line != '\0') {
            const size_t size = strcspn(line, "\n");
            add_line(line, size, color, out);
            line += size + 1;
        }
    }
    buf_release(&masked);
    buf_release(&whole);
    return hidden;
}

/* What could not be */

size_t adopt_warn(const struct adopt *adopt, struct diag *diag)
{
    size_t count = 0, i, j;
    struct buf words;

    buf_init(&words, BUF_LIMIT_DEFAULT);
    for (i = 0; i < adopt->count; i++) {
        const struct adopt_item *item = &adopt->items[i];
        const struct diag_span *span = adopt_span(adopt, item);
        if (!item->chosen || item->adopted)
            continue;
        count++;
        buf_clear(&words);
        for (j = 0; j < item->count; j++) {
            if (!is_said(adopt, item, j))
                continue;
            buf_add_text(&words, j == 0 ? "" : ", ");
            add_change(adopt, item, j, &words);
        }
        diag_warning(diag, span->source == NULL ? NULL : span, "not adopted: %s: %s: %s",
                     adopt->plan->services[item->service].name, buf_text(&words), item->problem);
        if (item->help != NULL)
            diag_help(diag, "%s", item->help);
        else
            diag_help(diag, "edit the file by hand, or leave it to \"roster apply\"");
    }
    buf_release(&words);
    return count;
}

/* Documents */

static void add_names(const struct adopt *adopt, struct buf *out)
{
    size_t count = 0, i;

    for (i = 0; i < adopt->file_count; i++) {
        if (!adopt->files[i].changed)
            continue;
        buf_add_text(out, count++ == 0 ? "" : ", ");
        add_visible(out, adopt->files[i].name);
    }
}

void adopt_text(const struct adopt *adopt, bool color, struct buf *out)
{
    size_t adopted = 0, last = ADOPT_NO_ROW, i;

    for (i = 0; i < adopt->count; i++) {
        const struct adopt_item *item = &adopt->items[i];
        if (!item->adopted)
            continue;
        if (item->service != last) {
            buf_add_text(out, adopted == 0 ? "" : "\n");
            adopt_add_service(adopt, item, color, out);
        }
        adopt_add_item(adopt, item, color, out);
        last = item->service;
        adopted++;
    }
    if (adopt->count == 0) {
        buf_add_text(out, adopt->desired->target_count == 0
                              ? "Nothing to adopt. The account is as the roster says.\n"
                              : "Nothing to adopt. What was looked at is as the roster says.\n");
        return;
    }
    buf_printf(out, "%sAdopted %zu of %zu difference%s", adopted == 0 ? "" : "\n", adopted,
               adopt->count, adopt->count == 1 ? "" : "s");
    if (adopted != 0) {
        buf_add_text(out, " into ");
        add_names(adopt, out);
    }
    buf_add_text(out, ".\n");
}

static json_t *visible_string(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *change_json(const struct adopt *adopt, const struct adopt_item *item, size_t i)
{
    const struct change *change = &adopt->plan->changes[item->first + i];
    json_t *out = json_object();

    if (item->row != ADOPT_NO_ROW) {
        struct words_setting setting;
        words_setting_init(&setting, adopt->plan, change, item->row);
        json_object_set_new(out, "edit", json_string("set"));
        json_object_set_new(out, "key", json_string(setting.key));
        json_object_set_new(out, "from", json_string(buf_text(&setting.after)));
        json_object_set_new(out, "to", json_string(buf_text(&setting.before)));
        words_setting_release(&setting);
        return out;
    }
    switch (look_of(adopt, change).sign) {
    case '+':
        json_object_set_new(out, "edit", json_string("put_in"));
        break;
    case '>':
        json_object_set_new(out, "edit", json_string("move"));
        json_object_set_new(out, "to", json_string(adopt->plan->services[change->from].name));
        break;
    default:
        json_object_set_new(out, "edit", json_string("take_out"));
        break;
    }
    if (!change_is_of_sender(change->kind)) {
        json_object_set_new(out, "key", json_string("services"));
        return out;
    }
    json_object_set_new(out, "key",
                        json_string(sender_types[change->sender_kind].section->yaml_key));
    json_object_set_new(out, "sender", visible_string(words_identity(change)));
    if (words_country(change) != NULL)
        json_object_set_new(out, "country", json_string(words_country(change)));
    return out;
}

static json_t *item_json(const struct adopt *adopt, const struct adopt_item *item)
{
    const struct plan_service *service = &adopt->plan->services[item->service];
    const struct diag_span *span = adopt_span(adopt, item);
    json_t *out = json_object(), *edits = json_array();
    size_t i;

    json_object_set_new(out, "service", json_string(service->name));
    json_object_set_new(out, "sid", visible_string(words_sid(service)));
    if (span->source != NULL)
        json_object_set_new(
            out, "place",
            json_pack("{sssI}", "file", span->source->name, "line", (json_int_t)span->line));
    for (i = 0; i < item->count; i++)
        if (is_said(adopt, item, i))
            json_array_append_new(edits, change_json(adopt, item, i));
    json_object_set_new(out, "edits", edits);
    if (!item->adopted && item->problem != NULL) {
        json_object_set_new(out, "problem", json_string(item->problem));
        json_object_set_new(out, "help", visible_string(item->help));
    }
    return out;
}

static json_t *file_json(const struct adopt_file *file)
{
    struct buf diff, masked;
    json_t *out;

    buf_init(&diff, BUF_LIMIT_DEFAULT);
    buf_init(&masked, BUF_LIMIT_DEFAULT);
    add_file_diff(file, &diff);
    field_add_masked(&masked, buf_text(&diff), true);
    out = json_pack("{ssss}", "file", file->name, "diff", buf_text(&masked));
    buf_release(&diff);
    buf_release(&masked);
    return out;
}

void adopt_json(const struct adopt *adopt, bool written, struct buf *out)
{
    json_t *document = json_object(), *adopted = json_array(), *left = json_array(),
           *files = json_array();
    size_t i;

    for (i = 0; i < adopt->count; i++) {
        const struct adopt_item *item = &adopt->items[i];
        if (item->adopted)
            json_array_append_new(adopted, item_json(adopt, item));
        else if (item->chosen)
            json_array_append_new(left, item_json(adopt, item));
    }
    for (i = 0; i < adopt->file_count; i++)
        if (adopt->files[i].changed)
            json_array_append_new(files, file_json(&adopt->files[i]));
    json_object_set_new(document, "account_sid", visible_string(adopt->plan->origin.account_sid));
    json_object_set_new(document, "differences", json_integer((json_int_t)adopt->count));
    json_object_set_new(document, "written", json_boolean(written));
    json_object_set_new(document, "adopted", adopted);
    json_object_set_new(document, "not_adopted", left);
    json_object_set_new(document, "files", files);
    json_text_add_document(out, document);
    json_decref(document);
}
