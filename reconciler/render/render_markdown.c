#include "render/render.h"

#include "base/str.h"
#include "render/markdown_escape.h"
#include "render/words.h"

#include <assert.h>
#include <string.h>

/*
 * How the characters are shared out. The head is what a reviewer must not miss, so its lists have
 * caps of their own; its other parts are bounded by MARKDOWN_VALUE_MAX. The services get the rest.
 */
enum {
    REFUSALS_MAX = 10000,
    WARNINGS_MAX = 15000,
    HINTS_MAX = 10000,
    TAIL_MAX = 300,     /* the last line, which says what was cut */
    FRAME_MAX = 64,     /* of a service: its details and the end of its fence */
    CUT_LINE_MAX = 100, /* in its fence, when it does not fit */
    FENCE_MIN = 3,
};

struct page {
    const struct plan *plan;
    struct words_lost lost;
    struct buf *out;
    size_t left; /* characters that may still be added */
};

static size_t length_of(const struct buf *text)
{
    return str_utf8_length(buf_text(text), text->size);
}

/* Adds the part and empties it. */
static void put(struct page *page, struct buf *part)
{
    size_t length = length_of(part);

    assert(length <= page->left);
    page->left -= length;
    buf_add(page->out, buf_text(part), part->size);
    buf_clear(part);
}

/* 1204 as "1,204" */
static void add_count(struct buf *out, size_t count)
{
    if (count < 1000) {
        buf_printf(out, "%zu", count);
        return;
    }
    add_count(out, count / 1000);
    buf_printf(out, ",%03zu", count % 1000);
}

static void add_counted(struct buf *out, size_t count, const char *noun)
{
    add_count(out, count);
    buf_printf(out, " %s%s", noun, count == 1 ? "" : "s");
}

static void add_origin_part(struct buf *out, const char *label, const char *value)
{
    if (value == NULL)
        return;
    buf_printf(out, "%s%s ", out->size == 0 ? "" : ", ", label);
    markdown_add_code(out, value);
}

static void render_head(struct page *page)
{
    const struct plan_origin *origin = &page->plan->origin;
    struct buf part, words;

    buf_init(&part, page->out->limit);
    buf_init(&words, page->out->limit);
    buf_printf(&part, "### roster %s: ", page->plan->drift.reported ? "drift" : "plan");
    words_title(page->plan, &part);
    buf_add_text(&part, "\n\n");
    put(page, &part);
    add_origin_part(&part, "Account", origin->account_sid);
    add_origin_part(&part, "roster", origin->location);
    add_origin_part(&part, "commit", origin->commit);
    add_origin_part(&part, "by", origin->author);
    add_origin_part(&part, "of", origin->date);
    add_origin_part(&part, "SHA-256", origin->sha256);
    add_origin_part(&part, "applied commit", page->plan->drift.baseline);
    if (part.size != 0)
        buf_add_text(&part, "\n\n");
    words_narrowed(page->plan, &words);
    if (words.size != 0) {
        words.data[0] = 'N';
        markdown_add_sentence(&part, words.data);
        buf_add_text(&part, ".\n\n");
    }
    put(page, &part);
    buf_release(&part);
    buf_release(&words);
}

/* A list that takes the items that fit and counts the others. */
struct list {
    struct page *page;
    size_t left, hidden;
};

static bool list_is_full(const struct list *list)
{
    return list->hidden != 0;
}

static void list_add(struct list *list, struct buf *item)
{
    size_t length = length_of(item);

    if (list_is_full(list) || length > list->left) {
        list->hidden++;
        return;
    }
    list->left -= length;
    put(list->page, item);
}

static void list_end(struct list *list, const char *noun)
{
    struct buf part;

    buf_init(&part, list->page->out->limit);
    if (list->hidden != 0) {
        buf_add_text(&part, "- … and ");
        add_count(&part, list->hidden);
        buf_printf(&part, " more %s%s; see `roster plan`\n", noun, list->hidden == 1 ? "" : "s");
    }
    buf_add_char(&part, '\n');
    put(list->page, &part);
    buf_release(&part);
}

static void render_refusals(struct page *page)
{
    struct list list = {.page = page, .left = REFUSALS_MAX};
    struct buf item;
    size_t i;

    if (page->plan->refusal_count == 0)
        return;
    buf_init(&item, page->out->limit);
    buf_add_text(&item, "**Refused**: nothing of this may be applied, because\n\n");
    put(page, &item);
    for (i = 0; i < page->plan->refusal_count; i++) {
        const struct refusal *refusal = &page->plan->refusals[i];
        if (list_is_full(&list)) {
            list.hidden++;
            continue;
        }
        buf_clear(&item);
        buf_printf(&item, "- `%s`: ", refusal->guard);
        markdown_add_sentence(&item, refusal->message);
        buf_add_text(&item, ". What would allow it: ");
        markdown_add_sentence(&item, refusal->allow);
        buf_add_char(&item, '\n');
        list_add(&list, &item);
    }
    list_end(&list, "reason");
    buf_release(&item);
}

static void render_hints(struct page *page)
{
    struct list list = {.page = page, .left = HINTS_MAX};
    struct buf item, words;
    size_t i;

    if (page->plan->hint_count == 0)
        return;
    buf_init(&item, page->out->limit);
    buf_init(&words, page->out->limit);
    buf_add_text(&item, "**Hints**\n\n");
    put(page, &item);
    for (i = 0; i < page->plan->hint_count; i++) {
        if (list_is_full(&list)) {
            list.hidden++;
            continue;
        }
        buf_clear(&words);
        words_hint(&page->plan->hints[i], &words);
        buf_add_text(&item, "- ");
        markdown_add_sentence(&item, buf_text(&words));
        buf_add_char(&item, '\n');
        list_add(&list, &item);
        buf_clear(&item);
    }
    list_end(&list, "hint");
    buf_release(&words);
    buf_release(&item);
}

/* A change that deletes a service is to be seen even when nothing else is lost. */
static bool is_warned_of(const struct change *change)
{
    return change->note_count != 0 || change->kind == CHANGE_DELETE_SERVICE;
}

static void add_warning(const struct plan *plan, const struct change *change, struct buf *item)
{
    struct buf words;
    size_t i;

    buf_init(&words, item->limit);
    buf_add_text(item, "- ");
    markdown_add_code(item, plan->services[change->service].name);
    buf_add_text(item, ", ");
    render_text_change(plan, change, &words);
    markdown_add_code(item, buf_text(&words));
    for (i = 0; i < change->note_count; i++) {
        buf_add_text(item, i == 0 ? ": " : "; ");
        markdown_add_sentence(item, change->notes[i]);
    }
    buf_add_char(item, '\n');
    buf_release(&words);
}

static size_t count_warnings(const struct plan *plan)
{
    size_t count = 0, i;

    for (i = 0; i < plan->change_count; i++)
        count += is_warned_of(&plan->changes[i]);
    return count;
}

static void render_warnings(struct page *page)
{
    struct list list = {.page = page, .left = WARNINGS_MAX};
    const struct plan *plan = page->plan;
    struct buf item;
    size_t i;

    if (count_warnings(plan) == 0)
        return;
    buf_init(&item, page->out->limit);
    buf_add_text(&item, "**Look twice**:\n\n");
    put(page, &item);
    for (i = 0; i < plan->change_count; i++) {
        if (!is_warned_of(&plan->changes[i]))
            continue;
        if (list_is_full(&list)) {
            list.hidden++;
            continue;
        }
        buf_clear(&item);
        add_warning(plan, &plan->changes[i], &item);
        list_add(&list, &item);
    }
    list_end(&list, "such change");
    buf_release(&item);
}

/* The columns of the table: what comes, what becomes different, what goes. */
static size_t column_of(enum change_kind kind)
{
    static const size_t columns[CHANGE_KIND_COUNT] = {
        [CHANGE_CREATE_SERVICE] = 0, [CHANGE_ADD_SENDER] = 0,     [CHANGE_UPDATE_SERVICE] = 1,
        [CHANGE_MOVE_SENDER] = 1,    [CHANGE_DELETE_SERVICE] = 2, [CHANGE_REMOVE_SENDER] = 2,
    };
    return columns[kind];
}

enum { ROW_SERVICES = SENDER_KIND_COUNT, ROW_COUNT, COLUMN_COUNT = 3 };

static void add_row(struct buf *out, size_t row, const size_t counts[COLUMN_COUNT])
{
    size_t i;

    buf_printf(out, "| %ss |", row == ROW_SERVICES ? "service" : sender_types[row].label);
    for (i = 0; i < COLUMN_COUNT; i++) {
        buf_add_char(out, ' ');
        if (counts[i] != 0)
            add_count(out, counts[i]);
        buf_add_text(out, counts[i] == 0 ? "|" : " |");
    }
    buf_add_char(out, '\n');
}

/* How many objects of each kind change; nothing when they are all of one kind. */
static void render_table(struct page *page)
{
    size_t counts[ROW_COUNT][COLUMN_COUNT] = {{0}}, rows = 0, i;
    bool used[ROW_COUNT] = {false};
    struct buf part;

    for (i = 0; i < page->plan->change_count; i++) {
        const struct change *change = &page->plan->changes[i];
        size_t row = change_is_of_sender(change->kind) ? change->sender_kind : ROW_SERVICES;
        counts[row][column_of(change->kind)]++;
        rows += !used[row];
        used[row] = true;
    }
    if (rows < 2)
        return;
    buf_init(&part, page->out->limit);
    buf_add_text(&part, "| | create, add | update, move | delete, remove |\n|---|--:|--:|--:|\n");
    if (used[ROW_SERVICES])
        add_row(&part, ROW_SERVICES, counts[ROW_SERVICES]);
    for (i = 0; i < SENDER_KIND_COUNT; i++)
        if (used[i])
            add_row(&part, i, counts[i]);
    buf_add_char(&part, '\n');
    put(page, &part);
    buf_release(&part);
}

/*
 * The lines of a service's fence, which takes whole lines while they fit. Each begins with its sign
 * or a blank, so that none is a fence, a heading or a command.
 */
struct block {
    struct buf lines, line;
    size_t room, length; /* characters, with the fences */
    size_t run;          /* longest run of backticks so far */
    bool full;
};

static size_t fence_size(size_t run)
{
    return run < FENCE_MIN ? FENCE_MIN : run + 1;
}

static void block_add(struct block *block, char sign, size_t indent, const char *text)
{
    size_t run, length;

    if (block->full)
        return;
    buf_clear(&block->line);
    buf_add_char(&block->line, sign);
    buf_add_fill(&block->line, ' ', indent);
    markdown_add_line(&block->line, text);
    buf_add_char(&block->line, '\n');
    run = markdown_longest_run(buf_text(&block->line));
    if (run < block->run)
        run = block->run;
    length = block->length + length_of(&block->line);
    if (length + 2 * fence_size(run) > block->room) {
        block->full = true;
        return;
    }
    block->run = run;
    block->length = length;
    buf_add(&block->lines, buf_text(&block->line), block->line.size);
}

/* GitHub colours lines that begin with +, - and !. */
static char line_sign(enum change_kind kind)
{
    char sign = words_sign(kind);

    return sign == '+' || sign == '-' ? sign : '!';
}

enum { INDENT_CHANGE = 1, INDENT_PART = 5 };

static void block_add_setting(struct block *block, const struct plan *plan,
                              const struct change *change, size_t row)
{
    struct words_setting setting;
    struct buf text;

    words_setting_init(&setting, plan, change, row);
    buf_init(&text, block->lines.limit);
    if (setting.before.size != 0) {
        buf_printf(&text, "%s: %s", setting.key, buf_text(&setting.before));
        block_add(block, '-', INDENT_PART, buf_text(&text));
        buf_clear(&text);
    }
    buf_printf(&text, "%s: %s%s", setting.key, buf_text(&setting.after), setting.remark);
    block_add(block, '+', INDENT_PART, buf_text(&text));
    buf_release(&text);
    words_setting_release(&setting);
}

/* The senders that a service has which is deleted. */
static void block_add_lost(struct block *block, const struct page *page, size_t service)
{
    const struct live_service *live = page->plan->services[service].live;
    struct buf text;
    size_t kind, i;

    buf_init(&text, block->lines.limit);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        for (i = 0; i < live->senders[kind].count && !block->full; i++) {
            const struct sender *sender = &live->senders[kind].items[i];
            if (!words_is_lost(&page->lost, service, (enum sender_kind)kind, sender))
                continue;
            buf_clear(&text);
            render_text_sender((enum sender_kind)kind, sender_shown(sender), sender->country,
                               &text);
            block_add(block, '-', INDENT_PART, buf_text(&text));
        }
    }
    buf_release(&text);
}

static void block_add_change(struct block *block, const struct page *page,
                             const struct change *change)
{
    const struct plan *plan = page->plan;
    struct buf text;
    size_t i;

    buf_init(&text, block->lines.limit);
    render_text_change(plan, change, &text);
    buf_add_text(&text, "  # ");
    words_add_origin(change, &text);
    block_add(block, line_sign(change->kind), INDENT_CHANGE, buf_text(&text));
    buf_release(&text);
    for (i = 0; i < resource_service.field_count; i++)
        if (words_sends(change, i))
            block_add_setting(block, plan, change, i);
    if (change->kind == CHANGE_DELETE_SERVICE)
        block_add_lost(block, page, change->service);
    for (i = 0; i < change->note_count; i++)
        block_add(block, '!', INDENT_PART, change->notes[i]);
}

static void add_summary(const struct plan *plan, const struct plan_service *service,
                        struct buf *out)
{
    const char *sid = words_sid(service);

    buf_add_text(out, "<details>\n<summary><code>");
    markdown_add_html(out, service->name);
    buf_add_text(out, "</code> ");
    if (sid == NULL) {
        buf_add_text(out, "(new)");
    } else {
        buf_add_text(out, "(<code>");
        markdown_add_html(out, sid);
        buf_add_text(out, "</code>)");
    }
    buf_add_text(out, " — ");
    words_service_counts(plan, service, out);
    buf_add_text(out, "</summary>\n\n");
}

/* Whole changes that were added; fewer than the service has when there was no more room. */
static size_t fill_block(struct block *block, const struct page *page,
                         const struct plan_service *service)
{
    size_t i;

    for (i = 0; i < service->change_count; i++) {
        block_add_change(block, page, &page->plan->changes[service->first_change + i]);
        if (block->full)
            break;
    }
    return i;
}

/* Adds what fits of the service, or nothing; returns how many of its changes are shown whole. */
static size_t render_service(struct page *page, const struct plan_service *service)
{
    struct block block = {.room = 0};
    struct buf part;
    size_t shown = 0, reserve;

    buf_init(&part, page->out->limit);
    buf_init(&block.lines, page->out->limit);
    buf_init(&block.line, page->out->limit);
    add_summary(page->plan, service, &part);
    reserve = length_of(&part) + FRAME_MAX + CUT_LINE_MAX + TAIL_MAX;
    if (page->left > reserve) {
        block.room = page->left - reserve;
        shown = fill_block(&block, page, service);
    }
    if (block.lines.size != 0) {
        size_t fence = fence_size(block.run);
        buf_add_fill(&part, '`', fence);
        buf_printf(&part, "diff\n%s%s", buf_text(&block.lines),
                   block.full ? "  … the rest of this service is not shown\n" : "");
        buf_add_fill(&part, '`', fence);
        buf_add_text(&part, "\n\n</details>\n\n");
        put(page, &part);
    }
    buf_release(&block.line);
    buf_release(&block.lines);
    buf_release(&part);
    return shown;
}

/* What was cut: `changes` of the last service shown, and all services from `first` on. */
static void render_tail(struct page *page, size_t changes, bool begun, size_t first)
{
    size_t services = 0, others = 0, i;
    struct buf part;

    for (i = first; i < page->plan->service_count; i++) {
        services += page->plan->services[i].change_count != 0;
        others += page->plan->services[i].change_count;
    }
    if (changes == 0 && services == 0)
        return;
    buf_init(&part, page->out->limit);
    buf_add_text(&part, "**Cut to fit into a comment**: ");
    if (begun) {
        add_counted(&part, changes, "change");
        buf_add_text(&part, " of the last service");
        if (services != 0)
            buf_add_text(&part, " and ");
    }
    if (services != 0) {
        add_count(&part, services);
        buf_printf(&part, "%s service%s with ", begun ? " more" : "", services == 1 ? "" : "s");
        add_counted(&part, others, "change");
    }
    buf_printf(&part, " %s not shown; see `roster plan`.\n", changes + others == 1 ? "is" : "are");
    put(page, &part);
    buf_release(&part);
}

static void render_services(struct page *page)
{
    const struct plan *plan = page->plan;
    size_t i, before, shown;

    for (i = 0; i < plan->service_count; i++) {
        const struct plan_service *service = &plan->services[i];
        if (service->change_count == 0)
            continue;
        before = page->left;
        shown = render_service(page, service);
        if (shown == service->change_count)
            continue;
        if (page->left == before)
            render_tail(page, 0, false, i);
        else
            render_tail(page, service->change_count - shown, true, i + 1);
        return;
    }
}

void render_markdown(const struct plan *plan, const struct render_options *options, struct buf *out)
{
    struct page page = {.plan = plan, .out = out, .left = RENDER_MARKDOWN_MAX};

    (void)options;
    render_head(&page);
    if (plan->change_count == 0) {
        words_verdict(plan, out);
        buf_add_char(out, '\n');
        if (plan->hint_count != 0)
            buf_add_char(out, '\n');
        render_hints(&page);
        return;
    }
    words_lost_init(&page.lost, plan);
    render_refusals(&page);
    render_hints(&page);
    render_warnings(&page);
    render_table(&page);
    render_services(&page);
    words_lost_release(&page.lost);
}
