/*
 * The picture of a plan (picture.h) as a section of its HTML page: an SVG drawing, services as
 * rows, before on the left and after on the right, and the same in numbers as a table for who can't
 * see it. Classes and colours are plan.css's; nothing but elements and presentation attributes is
 * used, so that the page's Content-Security-Policy can forbid inline styles.
 */
#ifndef ROSTER_RENDER_HTML_PICTURE_H
#define ROSTER_RENDER_HTML_PICTURE_H

#include "base/buf.h"
#include "plan/plan.h"

/* Adds the section; nothing for a plan without changes. */
void html_add_picture(struct buf *out, const struct plan *plan);

/* The `id` of the section about a service in the list of changes, of which links make use. */
void html_add_service_id(struct buf *out, size_t service);

#endif
