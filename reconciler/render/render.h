/*
 * Plans as documents, one file a format. Renderers only read the plan and only write the buffer;
 * whatever came from the roster or the API is escaped for the format.
 */
#ifndef ROSTER_RENDER_RENDER_H
#define ROSTER_RENDER_RENDER_H

#include "base/buf.h"
#include "plan/plan.h"

#include <stdbool.h>

struct render_options {
    bool color; /* text: ANSI colours */
};

/*
 * For people:
 *
 *     Order notifications (MG…)
 *       ~ update settings  # differs, roster.yaml:4
 *           sticky_sender: true -> false
 *       + add phone number +15005550001  # only in the roster, roster.yaml:9
 *       - remove short code 85555  # only live, roster.yaml:10
 *
 *     Plan: 0 to create, 1 to update, 1 to add, 1 to remove.
 *
 * or one line that says that there is nothing to change. Services without changes are left out.
 */
void render_text(const struct plan *plan, const struct render_options *options, struct buf *out);

/* The same without the summary at its end. */
void render_text_changes(const struct plan *plan, const struct render_options *options,
                         struct buf *out);

/* "Plan: 2 to create, 1 to update, 5 to add, 1 to remove." or "No changes. …", with a line end. */
void render_text_summary(const struct plan *plan, struct buf *out);

/* One change in words, without colour: "add phone number +15005550001". */
void render_text_change(const struct change *change, struct buf *out);

#endif
