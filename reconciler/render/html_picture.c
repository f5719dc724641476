#include "render/html_picture.h"

#include "render/html_escape.h"
#include "render/picture.h"

#include <string.h>

/* Lengths in the drawing's own units, which are pixels at its natural size. */
enum {
    CARD_WIDTH = 502,
    GAP = 164, /* between before and after, where moves are drawn */
    WIDTH = 2 * CARD_WIDTH + GAP,
    TOP = 32,       /* of the first row; "Before" and "After" stand above */
    ROW_SPACE = 18, /* between rows */
    HEAD = 58,      /* name and count of a card */
    CHIP_HEIGHT = 28,
    CHIP_STEP = 32,
    LINE = 22, /* of text below the chips */
    PAD = 12,
    IDENTITY_LEFT = 30, /* in a chip; before it is the sign */
    CHIP_WIDTH = CARD_WIDTH - 2 * PAD,
    CHIP_TEXT = CHIP_WIDTH - IDENTITY_LEFT - 24, /* what the texts of a chip share */
    /* How much text there is room for, in columns. */
    NAME_COLUMNS = 48,
    IDENTITY_COLUMNS = 34, /* a SID */
};

/* What fits into a chip beside an identity: a column takes 8 there, and about 6.5 here. */
static size_t about_columns(size_t identity_columns)
{
    return (CHIP_TEXT - 8 * identity_columns) * 2 / 13;
}

struct drawing {
    const struct plan *plan;
    struct picture picture;
    size_t tops[PICTURE_ROWS_MAX];
    size_t height;
    struct buf *out;
};

void html_add_service_id(struct buf *out, size_t service)
{
    buf_printf(out, "service-%zu", service + 1);
}

static size_t count_stay(const struct picture_row *row)
{
    size_t total = 0, kind;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        total += row->stay[kind];
    return total;
}

static size_t side_height(const struct picture_row *row, const struct picture_side *side)
{
    /* Lines of text are below the chips. */
    size_t lines = (side->more != 0 ? 1u : 0u) + (side->there && count_stay(row) != 0 ? 1u : 0u);
    return HEAD + side->chip_count * CHIP_STEP + lines * LINE + PAD - 4;
}

static size_t row_height(const struct picture_row *row)
{
    size_t before = side_height(row, &row->before), after = side_height(row, &row->after);
    return before > after ? before : after;
}

static void lay_out(struct drawing *drawing)
{
    size_t y = TOP, i;

    for (i = 0; i < drawing->picture.row_count; i++) {
        drawing->tops[i] = y;
        y += row_height(&drawing->picture.rows[i]) + ROW_SPACE;
    }
    drawing->height = y - ROW_SPACE + 2;
}

/* Class, sign and word of a state. */
struct look {
    const char *class, *sign, *word;
};

static const struct look looks[CHIP_STATE_COUNT] = {
    [CHIP_STAYS] = {"stays", "", "stays"},
    [CHIP_ADDED] = {"added", "+", "added"},
    [CHIP_REMOVED] = {"removed", "−", "removed"},
    [CHIP_MOVED] = {"moved", "→", "moved"},
};

/* "phone number, from Marketing" */
static void add_about(const struct plan *plan, const struct chip *chip, bool before,
                      struct buf *out)
{
    buf_add_text(out, sender_types[chip->kind].label);
    if (chip->country != NULL)
        buf_printf(out, " %s", chip->country);
    if (chip->state == CHIP_MOVED)
        buf_printf(out, ", %s %s", before ? "to" : "from", plan->services[chip->other].name);
    else if (chip->state != CHIP_STAYS)
        buf_printf(out, ", %s", looks[chip->state].word);
}

static void add_chip(const struct drawing *drawing, const struct chip *chip, bool before, size_t y)
{
    const struct look *look = &looks[chip->state];
    struct buf about, *out = drawing->out;
    size_t columns;

    buf_init(&about, out->limit);
    add_about(drawing->plan, chip, before, &about);
    buf_printf(out, "<g class=\"chip %s\" transform=\"translate(%d,%zu)\"><title>", look->class,
               PAD, y);
    html_add_text(out, chip->identity);
    buf_add_text(out, ": ");
    html_add_text(out, buf_text(&about));
    buf_printf(out, "</title><rect width=\"%d\" height=\"%d\" rx=\"6\"/>", CHIP_WIDTH, CHIP_HEIGHT);
    if (look->sign[0] != '\0')
        buf_printf(out, "<text class=\"sign\" x=\"15\" y=\"19\">%s</text>", look->sign);
    buf_printf(out, "<text class=\"identity\" x=\"%d\" y=\"19\">", IDENTITY_LEFT);
    columns = html_add_cut(out, chip->identity, IDENTITY_COLUMNS);
    buf_printf(out, "</text><text class=\"about\" x=\"%d\" y=\"18\">", CHIP_WIDTH - 10);
    html_add_cut(out, buf_text(&about), about_columns(columns));
    buf_add_text(out, "</text></g>\n");
    buf_release(&about);
}

static void add_line(struct buf *out, size_t y, const char *text)
{
    buf_printf(out, "<text class=\"line\" x=\"%d\" y=\"%zu\">%s</text>\n", PAD + 4, y, text);
}

/* "8 phone numbers, 1 short code stay" */
static void add_stay(const struct picture_row *row, size_t y, struct buf *out)
{
    struct buf text;
    size_t total = 0, kind;

    buf_init(&text, out->limit);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        if (row->stay[kind] == 0)
            continue;
        buf_printf(&text, "%s%zu %s%s", total == 0 ? "" : ", ", row->stay[kind],
                   sender_types[kind].label, row->stay[kind] == 1 ? "" : "s");
        total += row->stay[kind];
    }
    buf_add_text(&text, " stay");
    add_line(out, y, buf_text(&text));
    buf_release(&text);
}

static void add_lines(const struct picture_row *row, const struct picture_side *side, bool before,
                      struct buf *out)
{
    size_t y = HEAD + side->chip_count * CHIP_STEP + 14;

    if (side->more != 0) {
        struct buf text;
        buf_init(&text, out->limit);
        buf_printf(&text, "and %zu more that %s", side->more,
                   before ? (side->more == 1 ? "leaves" : "leave")
                          : (side->more == 1 ? "comes" : "come"));
        add_line(out, y, buf_text(&text));
        buf_release(&text);
        y += LINE;
    }
    if (side->there && count_stay(row) != 0)
        add_stay(row, y, out);
}

static void add_head(const struct picture_row *row, const struct plan *plan, bool before,
                     struct buf *out)
{
    const struct plan_service *service = &plan->services[row->service];
    const struct picture_side *side = before ? &row->before : &row->after;
    const char *name = before ? row->name_before : row->name_after;
    size_t count = before ? plan_senders_before(service) : plan_senders_after(service);

    if (name == NULL)
        name = service->name;
    buf_add_text(out, "<g><title>");
    html_add_text(out, name);
    buf_printf(out, "</title><text class=\"name\" x=\"%d\" y=\"27\">", PAD + 4);
    html_add_cut(out, name, NAME_COLUMNS);
    buf_printf(out, "</text></g><text class=\"line\" x=\"%d\" y=\"46\">", PAD + 4);
    if (!side->there)
        buf_add_text(out, before ? "not there yet" : "deleted");
    else
        buf_printf(out, "%zu sender%s", count, count == 1 ? "" : "s");
    buf_add_text(out, "</text>\n");
}

/* A card is a drawing of its own, so that nothing in it can be drawn outside of it. */
static void add_card(const struct drawing *drawing, size_t index, bool before)
{
    const struct picture_row *row = &drawing->picture.rows[index];
    const struct picture_side *side = before ? &row->before : &row->after;
    const size_t height = row_height(row);
    struct buf *out = drawing->out;
    size_t i;

    buf_printf(out, "<svg class=\"card%s\" x=\"%d\" y=\"%zu\" width=\"%d\" height=\"%zu\">",
               side->there ? "" : " absent", before ? 0 : CARD_WIDTH + GAP, drawing->tops[index],
               CARD_WIDTH, height);
    buf_printf(out, "<rect x=\"1\" y=\"1\" width=\"%d\" height=\"%zu\" rx=\"10\"/>\n",
               CARD_WIDTH - 2, height - 2);
    add_head(row, drawing->plan, before, out);
    for (i = 0; i < side->chip_count; i++)
        add_chip(drawing, &side->chips[i], before, HEAD + i * CHIP_STEP);
    add_lines(row, side, before, out);
    buf_add_text(out, "</svg>\n");
}

/* Where the chip of a moved sender is on the side that it leaves; 0 when it is not drawn. */
static size_t find_start(const struct drawing *drawing, const struct chip *chip)
{
    const struct picture_row *row = picture_find(&drawing->picture, chip->other);
    size_t i;

    for (i = 0; row != NULL && i < row->before.chip_count; i++)
        if (row->before.chips[i].state == CHIP_MOVED && row->before.chips[i].change == chip->change)
            return drawing->tops[row - drawing->picture.rows] + HEAD + i * CHIP_STEP +
                   CHIP_HEIGHT / 2;
    return 0;
}

/* The lines of moves that come to a row. */
static void add_moves(const struct drawing *drawing, size_t index)
{
    const struct picture_side *side = &drawing->picture.rows[index].after;
    const int from = CARD_WIDTH - PAD, to = CARD_WIDTH + GAP + PAD - 3;
    const int bend = CARD_WIDTH + GAP / 2;
    size_t i;

    for (i = 0; i < side->chip_count; i++) {
        size_t end = drawing->tops[index] + HEAD + i * CHIP_STEP + CHIP_HEIGHT / 2;
        size_t start =
            side->chips[i].state == CHIP_MOVED ? find_start(drawing, &side->chips[i]) : 0;
        if (start != 0)
            buf_printf(drawing->out,
                       "<path class=\"move\" marker-end=\"url(#arrow)\" "
                       "d=\"M%d %zuC%d %zu %d %zu %d %zu\"/>\n",
                       from, start, bend, start, bend, end, to, end);
    }
}

static void add_svg(const struct drawing *drawing)
{
    struct buf *out = drawing->out;
    size_t i;

    buf_printf(out,
               "<svg class=\"picture\" role=\"img\" aria-labelledby=\"picture-title\" "
               "aria-describedby=\"picture-description\" width=\"%d\" height=\"%zu\" "
               "viewBox=\"0 0 %d %zu\">\n",
               WIDTH, drawing->height, WIDTH, drawing->height);
    buf_printf(out,
               "<title id=\"picture-title\">Senders of %zu service%s before and after</title>\n"
               "<desc id=\"picture-description\">A row for each service: on the left the senders "
               "that it has, on the right those that it gets; lines lead from where a sender is "
               "taken out to where it is put in. The table below and the list of changes say the "
               "same in words.</desc>\n",
               drawing->picture.row_count, drawing->picture.row_count == 1 ? "" : "s");
    buf_add_text(out, "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
                      "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                      "<path class=\"arrow\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n");
    buf_printf(out,
               "<text class=\"column\" x=\"4\" y=\"18\">Before</text>"
               "<text class=\"column\" x=\"%d\" y=\"18\">After</text>\n",
               CARD_WIDTH + GAP + 4);
    for (i = 0; i < drawing->picture.row_count; i++) {
        add_card(drawing, i, true);
        add_card(drawing, i, false);
    }
    for (i = 0; i < drawing->picture.row_count; i++)
        add_moves(drawing, i);
    buf_add_text(out, "</svg>\n");
}

static void add_table_row(const struct drawing *drawing, const struct picture_row *row)
{
    const struct plan_service *service = &drawing->plan->services[row->service];
    struct sender_tally sum = {0};
    struct buf *out = drawing->out;
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        sum.added += service->senders[kind].added;
        sum.moved_in += service->senders[kind].moved_in;
        sum.moved_out += service->senders[kind].moved_out;
        sum.removed += service->deleted
                           ? service->senders[kind].before - service->senders[kind].moved_out
                           : service->senders[kind].removed;
    }
    buf_add_text(out, "<tr><th scope=\"row\">");
    if (service->change_count != 0) {
        buf_add_text(out, "<a href=\"#");
        html_add_service_id(out, row->service);
        buf_add_text(out, "\">");
    }
    buf_add_text(out, "<bdi>");
    html_add_text(out, service->name);
    buf_printf(out, "</bdi>%s%s</th>", service->change_count != 0 ? "</a>" : "",
               !row->before.there  ? " (new)"
               : !row->after.there ? " (deleted)"
                                   : "");
    buf_printf(out,
               "<td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td></tr>\n",
               plan_senders_before(service), sum.added, sum.moved_in, sum.removed, sum.moved_out,
               plan_senders_after(service));
}

static void add_table(const struct drawing *drawing)
{
    size_t i;

    buf_add_text(drawing->out,
                 "<details class=\"numbers\"><summary>The picture in numbers</summary>\n"
                 "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                 "aria-label=\"Senders of services in numbers\"><table>\n<thead><tr>"
                 "<th scope=\"col\">Service</th><th scope=\"col\">Before</th>"
                 "<th scope=\"col\">Added</th><th scope=\"col\">Moved in</th>"
                 "<th scope=\"col\">Removed</th><th scope=\"col\">Moved out</th>"
                 "<th scope=\"col\">After</th></tr></thead>\n<tbody>\n");
    for (i = 0; i < drawing->picture.row_count; i++)
        add_table_row(drawing, &drawing->picture.rows[i]);
    buf_add_text(drawing->out, "</tbody></table></div></details>\n");
}

static void add_legend(struct buf *out)
{
    size_t state;

    buf_add_text(out, "<ul class=\"legend\" aria-label=\"Signs in the picture\">");
    for (state = CHIP_ADDED; state < CHIP_STATE_COUNT; state++)
        buf_printf(out,
                   "<li class=\"%s\"><span class=\"sign\" aria-hidden=\"true\">%s</span>%s</li>",
                   looks[state].class, looks[state].sign, looks[state].word);
    buf_add_text(out, "<li class=\"stays\">no sign: stays</li></ul>\n");
}

/* What is missing in the picture. */
static void add_left_out(const struct picture *picture, struct buf *out)
{
    if (picture->beyond != 0)
        buf_printf(out,
                   "<p class=\"left-out\">Not in the picture: %zu more service%s whose senders "
                   "change. The list of changes has them.</p>\n",
                   picture->beyond, picture->beyond == 1 ? "" : "s");
    if (picture->settings_only != 0)
        buf_printf(out,
                   "<p class=\"left-out\">Not in the picture: %zu service%s that only change%s "
                   "settings.</p>\n",
                   picture->settings_only, picture->settings_only == 1 ? "" : "s",
                   picture->settings_only == 1 ? "s" : "");
    if (picture->lists_unknown)
        buf_add_text(out, "<p class=\"left-out\">Senders in lists that the plan did not have to "
                          "read are neither drawn nor counted.</p>\n");
}

void html_add_picture(struct buf *out, const struct plan *plan)
{
    struct drawing drawing = {.plan = plan, .out = out};

    if (plan->change_count == 0)
        return;
    picture_init(&drawing.picture, plan);
    buf_add_text(out, "<section id=\"picture\" aria-labelledby=\"picture-heading\">\n"
                      "<h2 id=\"picture-heading\">Senders before and after</h2>\n");
    if (drawing.picture.row_count == 0) {
        buf_add_text(out, "<p>No service gets or loses a sender.</p>\n");
    } else {
        lay_out(&drawing);
        add_legend(out);
        buf_add_text(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                          "aria-label=\"Picture of senders before and after\">\n");
        add_svg(&drawing);
        buf_add_text(out, "</div>\n");
        add_left_out(&drawing.picture, out);
        add_table(&drawing);
    }
    buf_add_text(out, "</section>\n");
    picture_release(&drawing.picture);
}
