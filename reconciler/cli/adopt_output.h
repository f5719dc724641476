/*
 * What adopt says: items in words, the edit as a diff, and the documents on standard output.
 */
#ifndef ROSTER_CLI_ADOPT_OUTPUT_H
#define ROSTER_CLI_ADOPT_OUTPUT_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cli/options.h"
#include "plan/adopt.h"

#include <stdbool.h>

/* "Order notifications (MG…)", with an end of line. */
void adopt_add_service(const struct adopt *adopt, const struct adopt_item *item, bool color,
                       struct buf *out);

/* What the item does to the roster, a line for each change: "  + phone number +15005550001". */
void adopt_add_item(const struct adopt *adopt, const struct adopt_item *item, bool color,
                    struct buf *out);

/* The place in the roster that an item is about; of no file for one that is not in it. */
const struct diag_span *adopt_span(const struct adopt *adopt, const struct adopt_item *item);

/*
 * The edits of all files. Passwords of URLs that stand in the files are masked; returns whether
 * there were any, for such a diff is no patch. For a terminal nothing in it is obeyed.
 */
bool adopt_add_diff(const struct adopt *adopt, bool color, bool terminal, struct buf *out);

/* Warns of each item that was chosen and not adopted; returns how many there are. */
size_t adopt_warn(const struct adopt *adopt, struct diag *diag);

/* The documents of --format text and json. */
void adopt_text(const struct adopt *adopt, bool color, struct buf *out);
void adopt_json(const struct adopt *adopt, bool written, struct buf *out);

#endif
