#include "base/unified_diff.h"

#include "base/arena.h"
#include "base/str.h"

#include <string.h>

/* Whole lines that differ: [from, to) in bytes of both texts. */
struct block {
    size_t old_from, old_to;
    size_t new_from, new_to;
};

struct differ {
    const struct diff_text *old, *new_text;
    struct arena arena;
    struct block *blocks;
    size_t count;
    struct buf *out;
    size_t old_line, old_at; /* lines before an offset of the old text that was counted to */
    size_t new_line, new_at;
};

static size_t line_start(const struct diff_text *text, size_t at)
{
    while (at > 0 && text->bytes[at - 1] != '\n')
        at--;
    return at;
}

static size_t next_line(const struct diff_text *text, size_t at)
{
    const char *feed = memchr(text->bytes + at, '\n', text->size - at);
    return feed == NULL ? text->size : (size_t)(feed - text->bytes) + 1;
}

static bool is_line_start(const struct diff_text *text, size_t at)
{
    return at == 0 || text->bytes[at - 1] == '\n';
}

/* Around a span both texts are the same, so that they are widened alike. */
static struct block block_of(const struct differ *differ, const struct diff_span *span)
{
    struct block block = {span->old_at, span->old_at + span->old_size, span->new_at,
                          span->new_at + span->new_size};
    size_t more = block.old_from - line_start(differ->old, block.old_from);

    block.old_from -= more;
    block.new_from -= more;
    if (is_line_start(differ->old, block.old_to) && is_line_start(differ->new_text, block.new_to))
        return block;
    more = next_line(differ->old, block.old_to) - block.old_to;
    block.old_to += more;
    block.new_to += more;
    return block;
}

static bool same_line(const struct differ *differ, size_t old_from, size_t old_to, size_t new_from,
                      size_t new_to)
{
    return old_to - old_from == new_to - new_from &&
           memcmp(differ->old->bytes + old_from, differ->new_text->bytes + new_from,
                  old_to - old_from) == 0;
}

/* Leaves out lines at both ends that are the same. */
static void trim(const struct differ *differ, struct block *block)
{
    while (block->old_from < block->old_to && block->new_from < block->new_to) {
        const size_t old_to = next_line(differ->old, block->old_from);
        const size_t new_to = next_line(differ->new_text, block->new_from);
        if (!same_line(differ, block->old_from, old_to, block->new_from, new_to))
            break;
        block->old_from = old_to;
        block->new_from = new_to;
    }
    while (block->old_from < block->old_to && block->new_from < block->new_to) {
        const size_t old_from = line_start(differ->old, block->old_to - 1);
        const size_t new_from = line_start(differ->new_text, block->new_to - 1);
        if (!same_line(differ, old_from, block->old_to, new_from, block->new_to))
            break;
        block->old_to = old_from;
        block->new_to = new_from;
    }
}

static void find_blocks(struct differ *differ, const struct diff_span *spans, size_t count)
{
    size_t kept = 0, i;

    differ->blocks = arena_array(&differ->arena, count, sizeof(*differ->blocks));
    for (i = 0; i < count; i++) {
        const struct block block = block_of(differ, &spans[i]);
        struct block *last = kept == 0 ? NULL : &differ->blocks[kept - 1];
        if (last != NULL && (block.old_from < last->old_to || block.new_from < last->new_to ||
                             block.old_from == last->old_to)) {
            last->old_to = block.old_to > last->old_to ? block.old_to : last->old_to;
            last->new_to = block.new_to > last->new_to ? block.new_to : last->new_to;
        } else {
            differ->blocks[kept++] = block;
        }
    }
    for (i = 0; i < kept; i++) {
        struct block block = differ->blocks[i];
        trim(differ, &block);
        if (block.old_from != block.old_to || block.new_from != block.new_to)
            differ->blocks[differ->count++] = block;
    }
}

static size_t count_lines(const struct diff_text *text, size_t from, size_t to)
{
    size_t count = 0;

    for (; from < to; from = next_line(text, from))
        count++;
    return count;
}

static void add_lines(struct differ *differ, char sign, const struct diff_text *text, size_t from,
                      size_t to)
{
    while (from < to) {
        const size_t next = next_line(text, from);
        buf_add_char(differ->out, sign);
        buf_add(differ->out, text->bytes + from, next - from);
        if (text->bytes[next - 1] != '\n')
            buf_add_text(differ->out, "\n\\ No newline at end of file\n");
        from = next;
    }
}

/* Some lines back, or on, from the start of a line. */
static size_t lines_back(const struct diff_text *text, size_t at, size_t count, size_t least)
{
    while (count-- > 0 && at > least)
        at = line_start(text, at - 1);
    return at;
}

static size_t lines_on(const struct diff_text *text, size_t at, size_t count)
{
    while (count-- > 0 && at < text->size)
        at = next_line(text, at);
    return at;
}

/* "12,3" as a hunk has it: of no lines, the number of the one before. */
static void add_range(struct differ *differ, char sign, size_t line, size_t count)
{
    buf_printf(differ->out, "%c%zu", sign, count == 0 ? line : line + 1);
    if (count != 1)
        buf_printf(differ->out, ",%zu", count);
}

/* The blocks from `first` to before `end`, with what is between and around them. */
static void add_hunk(struct differ *differ, size_t first, size_t end)
{
    const struct block *head = &differ->blocks[first], *tail = &differ->blocks[end - 1];
    const size_t old_from = lines_back(differ->old, head->old_from, UNIFIED_DIFF_CONTEXT, 0);
    const size_t new_from = head->new_from - (head->old_from - old_from);
    const size_t old_to = lines_on(differ->old, tail->old_to, UNIFIED_DIFF_CONTEXT);
    const size_t new_to = tail->new_to + (old_to - tail->old_to);
    size_t at = old_from, i;

    differ->old_line += count_lines(differ->old, differ->old_at, old_from);
    differ->new_line += count_lines(differ->new_text, differ->new_at, new_from);
    differ->old_at = old_from;
    differ->new_at = new_from;
    buf_add_text(differ->out, "@@ ");
    add_range(differ, '-', differ->old_line, count_lines(differ->old, old_from, old_to));
    buf_add_char(differ->out, ' ');
    add_range(differ, '+', differ->new_line, count_lines(differ->new_text, new_from, new_to));
    buf_add_text(differ->out, " @@\n");
    for (i = first; i < end; i++) {
        const struct block *block = &differ->blocks[i];
        add_lines(differ, ' ', differ->old, at, block->old_from);
        add_lines(differ, '-', differ->old, block->old_from, block->old_to);
        add_lines(differ, '+', differ->new_text, block->new_from, block->new_to);
        at = block->old_to;
    }
    add_lines(differ, ' ', differ->old, at, old_to);
}

static void add_name(struct buf *out, const char *sign, const char *side, const char *name)
{
    size_t i;
    bool odd = false;

    while (str_starts_with(name, "./"))
        name += 2;
    for (i = 0; name[i] != '\0'; i++)
        odd = odd || (unsigned char)name[i] < ' ' || name[i] == '"' || name[i] == '\\';
    buf_printf(out, "%s ", sign);
    if (odd) {
        struct buf whole;
        buf_init(&whole, out->limit);
        buf_printf(&whole, "%s%s", name[0] == '/' ? "" : side, name);
        str_add_quoted(out, buf_text(&whole));
        buf_release(&whole);
    } else {
        /* With a blank in it, only a tab tells where a name ends. */
        buf_printf(out, "%s%s%s", name[0] == '/' ? "" : side, name,
                   strchr(name, ' ') == NULL ? "" : "\t");
    }
    buf_add_char(out, '\n');
}

void unified_diff(const struct diff_text *old, const struct diff_text *new_text,
                  const struct diff_span *spans, size_t count, struct buf *out)
{
    struct differ differ = {.old = old, .new_text = new_text, .out = out};
    size_t i, end;

    find_blocks(&differ, spans, count);
    if (differ.count != 0) {
        add_name(out, "---", "a/", old->name);
        add_name(out, "+++", "b/", new_text->name);
    }
    for (i = 0; i < differ.count; i = end) {
        for (end = i + 1; end < differ.count; end++)
            if (lines_on(old, differ.blocks[end - 1].old_to, 2 * (size_t)UNIFIED_DIFF_CONTEXT) <
                differ.blocks[end].old_from)
                break;
        add_hunk(&differ, i, end);
    }
    arena_release(&differ.arena);
}
