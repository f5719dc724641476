/*
 * Text that came from outside, for HTML and SVG: what a browser would obey is escaped, and what
 * would hide from a reader (control characters, bidirectional overrides) is shown as
 * str_add_visible() shows it. Good for the content of elements and for attribute values between
 * double or single quotes; never for the inside of <script> and <style>.
 */
#ifndef ROSTER_RENDER_HTML_ESCAPE_H
#define ROSTER_RENDER_HTML_ESCAPE_H

#include "base/buf.h"

#include <stddef.h>

void html_add_text(struct buf *out, const char *text);

/* The same of several lines, whose ends stay: for <pre>. */
void html_add_lines(struct buf *out, const char *text);

/*
 * The same for a place that has room for so many columns: what does not fit is replaced by "…".
 * Returns the columns that it takes. A text of characters without a width is cut, too, after
 * HTML_CUT_PER_COLUMN of them a column.
 */
size_t html_add_cut(struct buf *out, const char *text, size_t columns);

enum { HTML_CUT_PER_COLUMN = 4 };

#endif
