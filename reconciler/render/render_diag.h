/*
 * Diagnostics for machines; diag_render_text() of base/diag.h is for people.
 */
#ifndef ROSTER_RENDER_RENDER_DIAG_H
#define ROSTER_RENDER_RENDER_DIAG_H

#include "base/buf.h"
#include "base/diag.h"

#include <jansson.h>

/*
 * One item for a logger, whose level and message it has by itself: file, line, column and length,
 * help, and notes, as far as there are any. A new reference.
 */
json_t *render_diag_item(const struct diag_item *item);

/*
 * One JSON object with a line end:
 *
 *     {"valid": false, "errors": 1, "warnings": 0, "dropped": 0, "diagnostics": [
 *       {"level": "error", "file": "roster.yaml", "line": 3, "column": 5, "length": 12,
 *        "message": "…", "help": "…", "notes": [{"file": …, "message": "…"}]}]}
 *
 * Columns and lengths are in characters, 1-based; what has no place has no file, line, column and
 * length, what has no help no help. "valid" is whether there are no errors.
 */
void render_diag_json(const struct diag *diag, struct buf *out);

/*
 * Workflow commands of GitHub Actions, a line each, that it shows at the lines of a pull request:
 *
 *     ::error file=roster.yaml,line=3,col=5,endColumn=17::unknown key…%0Ahelp: …
 */
void render_diag_github(const struct diag *diag, struct buf *out);

#endif
