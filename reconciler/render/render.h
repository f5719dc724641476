/*
 * Plans as documents, one file a format. Renderers only read the plan and only write the buffer;
 * whatever came from the roster or the API is escaped for the format.
 *
 * All show the same: the changes by service, with their reasons, places in the roster and notes,
 * how many there are of each kind, how the plan was narrowed, and which guards refuse it.
 */
#ifndef ROSTER_RENDER_RENDER_H
#define ROSTER_RENDER_RENDER_H

#include "base/buf.h"
#include "plan/plan.h"

#include <stdbool.h>

struct render_options {
    bool color;           /* text: ANSI colours */
    unsigned width;       /* text: columns of the terminal; 0: lines as long as they are */
    const char *plan_key; /* json: signs the document; NULL: it is not signed */
};

typedef void render_plan(const struct plan *plan, const struct render_options *options,
                         struct buf *out);

/*
 * For people:
 *
 *     Order notifications (MG…)
 *       ~ update settings  # differs, roster.yaml:4
 *           sticky_sender: true -> false
 *       + add phone number +15005550001  # only in the roster, roster.yaml:9
 *       > move phone number +15005550002 from Marketing  # in another service, roster.yaml:10
 *       - remove short code 85555  # only live, roster.yaml:10
 *           ! last sender of "Order notifications": it can send nothing any more
 *
 *     Plan: 1 to update, 1 to add, 1 to move, 1 to remove.
 *
 * or one line that says that there is nothing to change. Services without changes are left out.
 */
render_plan render_text;

/* The plan file's document (plan/plan_document.h). */
render_plan render_json;

/*
 * For comments on pull requests: the summary first, details folded, a diff block a service. At most
 * RENDER_MARKDOWN_MAX characters however large the plan; it says what was cut.
 */
render_plan render_markdown;

enum { RENDER_MARKDOWN_MAX = 65000 };

/*
 * One file for the browser, which loads nothing else: summary, a picture of the services and their
 * senders before and after, every change, a filter; light and dark.
 */
render_plan render_html;

/*
 * What render_html() has between its header and its end: refusals, hints, figures, picture and
 * changes, for a page that has html_style and html_script as well.
 */
void render_html_sections(const struct plan *plan, struct buf *out);

/* The text without the summary at its end. */
void render_text_changes(const struct plan *plan, const struct render_options *options,
                         struct buf *out);

/* One change in words, without colour: "add phone number +15005550001". */
void render_text_change(const struct plan *plan, const struct change *change, struct buf *out);

/* A sender in words: "destination alpha sender ACMEUK (GB)"; `country` may be NULL. */
void render_text_sender(enum sender_kind kind, const char *identity, const char *country,
                        struct buf *out);

/* The renderer of a format: "text", "json", "markdown", "html"; NULL for any other. */
render_plan *render_find(const char *format);

#endif
