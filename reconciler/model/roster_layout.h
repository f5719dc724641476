/*
 * The order of a roster's keys, as its tables have them.
 */
#ifndef ROSTER_MODEL_ROSTER_LAYOUT_H
#define ROSTER_MODEL_ROSTER_LAYOUT_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "document/doc.h"

/*
 * Adds the roster in its canonical form (document/layout.h): with its keys in the order of the
 * tables, unknown ones behind them. A mapping with an anchor in it keeps its order, for what refers
 * to that has to come later.
 *
 * The result is read again, and has to mean the same and to have the same comments; else that is
 * reported, as are directives, and -1 returned. `doc` is one that doc_parse() found nothing wrong
 * with.
 */
MUST_CHECK int roster_layout_format(const struct doc *doc, struct buf *out, struct diag *diag);

#endif
