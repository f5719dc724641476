/*
 * The changes of a plan by service, as a section of its HTML page, with the form that filters them.
 * plan.js makes the form work and shows it; without it every change stays in view.
 *
 * plan.js looks for: #filter, #filter-text and checkboxes named "kind" whose value is the
 * design's name of a kind; .service sections with .change items with `data-kind`; #shown, the live
 * region that says how many are in view.
 */
#ifndef ROSTER_RENDER_HTML_CHANGES_H
#define ROSTER_RENDER_HTML_CHANGES_H

#include "base/buf.h"
#include "plan/plan.h"

void html_add_changes(struct buf *out, const struct plan *plan);

/* What so many changes of a kind do, for headings and labels: "services to create". */
const char *html_kind_words(enum change_kind kind, size_t count);

#endif
