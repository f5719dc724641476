/*
 * Unified diffs of texts of which it is known where they differ.
 */
#ifndef ROSTER_BASE_UNIFIED_DIFF_H
#define ROSTER_BASE_UNIFIED_DIFF_H

#include "base/buf.h"

#include <stddef.h>

enum { UNIFIED_DIFF_CONTEXT = 3 }; /* lines around what differs */

struct diff_text {
    const char *name; /* of the file */
    const char *bytes;
    size_t size;
};

/* Bytes of the old text that others of the new one stand for. */
struct diff_span {
    size_t old_at, old_size;
    size_t new_at, new_size;
};

/*
 * Adds the difference, as diff -u has it and patch(1) and "git apply" take it: "--- a/NAME",
 * "+++ b/NAME", hunks. Spans are in order, do not overlap, and what is between them is the same.
 * Nothing is added when the texts are the same.
 */
void unified_diff(const struct diff_text *old, const struct diff_text *new_text,
                  const struct diff_span *spans, size_t count, struct buf *out);

#endif
